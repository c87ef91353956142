// SPDX-License-Identifier: GPL-2.0
/* Accessed bits, see accessed.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run/accessed.h"
#include "run/luck.h"
#include "run/machine.h"
#include "workload_kinds.h"

/* Moments that are kept: the latest half of them is exact. */
#define MOMENTS 512u

/* Accesses that are drawn to know how they are spread over folios. */
#define DRAWS 2048u
#define BATCH 64u

void accessed_init(struct accessed *a, const struct machine *m, u64 seed)
{
	*a = (struct accessed){ .m = m, .seed = seed };
}

void accessed_fini(struct accessed *a)
{
	u32 i;

	for (i = 0; i < a->nr_maps; i++)
		free(a->mark[i]);
	free(a->mark);
	free(a->when);
	free(a->units);
	free(a->stays);
	free(a->stays_at);
	*a = (struct accessed){ 0 };
}

static int reserve(struct accessed *a)
{
	u32 i;

	if (a->stays)
		return 0;
	if (!a->nr_threads)
		for (i = 0; i < a->m->nr_programs; i++)
			a->nr_threads += a->m->program[i].nr_threads;
	if (!a->when)
		a->when = calloc(MOMENTS, sizeof(*a->when));
	if (!a->units)
		a->units = calloc((size_t)MOMENTS * (a->nr_threads + 1),
				  sizeof(*a->units));
	if (!a->stays_at)
		a->stays_at =
			calloc(a->m->nr_programs + 1, sizeof(*a->stays_at));
	if (!a->when || !a->units || !a->stays_at)
		return -ENOMEM;
	a->stays = calloc(a->m->nr_programs + 1, sizeof(*a->stays));
	return a->stays ? 0 : -ENOMEM;
}

/* Of the older half every second moment goes. */
static void thin(struct accessed *a)
{
	size_t row = a->nr_threads * sizeof(*a->units);
	u32 from, to = 0;

	for (from = 0; from < a->nr; from++) {
		if (from < MOMENTS / 2 && !(from & 1))
			continue;
		a->when[to] = a->when[from];
		memmove(&a->units[(size_t)to * a->nr_threads],
			&a->units[(size_t)from * a->nr_threads], row);
		to++;
	}
	a->nr = to;
}

/* The moment that is now. */
static u32 moment(struct accessed *a)
{
	u64 *units;
	u32 i, j;

	if (a->latest && a->latest_ps == a->m->now_ps)
		return a->latest;
	if (a->nr == MOMENTS)
		thin(a);
	units = &a->units[(size_t)a->nr * a->nr_threads];
	for (i = 0; i < a->m->nr_programs; i++)
		for (j = 0; j < a->m->program[i].nr_threads; j++)
			*units++ = a->m->program[i].thread[j].t.units;
	a->when[a->nr++] = ++a->latest;
	a->latest_ps = a->m->now_ps;
	return a->latest;
}

/* What all threads had done at a moment, or the first one after it. */
static const u64 *units_at(const struct accessed *a, u32 when)
{
	u32 low = 0, high = a->nr;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (a->when[mid] < when)
			low = mid + 1;
		else
			high = mid;
	}
	return &a->units[(size_t)low * a->nr_threads];
}

/* The marks of a map's folios; NULL: there are none, and none can be. */
static u32 *marks(struct accessed *a, const struct ram_map *map, bool add)
{
	u32 nr = map->index + 1, **grown;

	if (nr > a->nr_maps && add) {
		grown = realloc(a->mark, nr * sizeof(*grown));
		if (!grown)
			return NULL;
		memset(grown + a->nr_maps, 0,
		       (nr - a->nr_maps) * sizeof(*grown));
		a->mark = grown;
		a->nr_maps = nr;
	}
	if (nr > a->nr_maps)
		return NULL;
	if (!a->mark[map->index] && add)
		a->mark[map->index] =
			calloc(map->sz / ram_folio_bytes(map), sizeof(u32));
	return a->mark[map->index];
}

static u64 folio_nr(const struct ram_map *map, u64 vaddr)
{
	return (vaddr - map->start) / ram_folio_bytes(map);
}

int accessed_clear(struct accessed *a, const struct ram_map *map, u64 vaddr)
{
	u32 *mark = reserve(a) ? NULL : marks(a, map, true);

	if (!mark) {
		a->nr_untold++;
		return -ENOMEM;
	}
	mark[folio_nr(map, vaddr)] = moment(a);
	return 0;
}

/* Does a pass of a pattern in order throw out of the TLB what it loads? */
static bool pass_evicts(const struct program *p, u64 folio_bytes)
{
	const struct workload_params *params = &p->w.params;
	u64 step = folio_bytes;

	if (p->w.kind->uses & WORKLOAD_USES_STRIDE && params->stride > step)
		step = params->stride;
	return params->sz / step > params->tlb_bytes / folio_bytes;
}

/* For how many units of work a folio stays that is accessed at random: T. */
static double stays_units(const struct program *p, const struct ram_map *map)
{
	u64 run_ps[BATCH], luck[BATCH], vaddr[BATCH], sz = ram_folio_bytes(map);
	struct workload_thread t = p->thread[0].t;
	double entries = (double)p->w.params.tlb_bytes / sz;
	double rate[DRAWS], low = 0, high = 100, mid, sum;
	u8 class[BATCH] = { 0 };
	u32 i, step;

	if (t.sz <= p->w.params.tlb_bytes)
		return INFINITY;
	for (i = 0; i < BATCH; i++)
		run_ps[i] = t.run_ps;
	for (i = 0; i < DRAWS; i++) {
		luck[i % BATCH] = luck_mix(i + 1);
		if (i % BATCH < BATCH - 1)
			continue;
		p->w.kind->draw(&t, BATCH, run_ps, class, luck, vaddr);
		for (step = 0; step < BATCH; step++)
			rate[i / BATCH * BATCH + step] =
				p->w.kind->rate(&t, vaddr[step] & ~(sz - 1),
						sz) /
				WORKLOAD_LINE;
	}
	/* A sum over folios is a mean over accesses, each by its rate. */
	for (step = 0; step < 60; step++) {
		mid = (low + high) / 2;
		sum = 0;
		for (i = 0; i < DRAWS; i++)
			sum += -expm1(-rate[i] * exp2(mid)) / rate[i];
		if (sum / DRAWS < entries)
			low = mid;
		else
			high = mid;
	}
	return low > 99 ? INFINITY : exp2(low);
}

static double stays(struct accessed *a, u32 program, const struct ram_map *map)
{
	const struct program *p = &a->m->program[program];
	u64 at = 1;

	/* How accesses are spread changes with this alone. */
	if (p->w.kind->uses & WORKLOAD_USES_TOUCH)
		at += p->thread[0].t.run_ps / 1000000000000ULL;
	if (a->stays_at[program] != at) {
		a->stays[program] = stays_units(p, map);
		a->stays_at[program] = at;
	}
	return a->stays[program];
}

/**
 * struct look - at a folio.
 * @p:		whose
 * @start:	of the folio, bytes
 * @sz:		likewise
 * @loads:	are loads of the translation looked for, or any access?
 * @stays:	T, if @loads
 */
struct look {
	const struct program *p;
	u64 start;
	u64 sz;
	bool loads;
	double stays;
};

static bool in_order_did(const struct look *l, const struct workload_thread *t)
{
	u64 page = l->start > t->start ? l->start : t->start;
	u64 end = l->start + l->sz;

	if (l->loads)
		return pass_evicts(l->p, l->sz) &&
		       l->p->w.kind->touched(t, page, 0);
	for (; page < end; page += RAM_PAGE_BYTES)
		if (l->p->w.kind->touched(t, page, 0))
			return true;
	return false;
}

/*
 * A load is an access after a gap of more than T: with what probability is
 * there none in @nr units?  Within T there is one at most, so their mean number
 * tells; from then on it is the decay of the longest lived, whose rate solves
 * s = r exp((s - r) T).
 */
static double no_load(double rate, double stays, double nr)
{
	double base, s = 0;
	u32 i;

	if (isinf(stays))
		return 1;
	base = rate * exp(-rate * stays);
	if (nr <= stays)
		return 1 - base * nr;
	if (rate * stays <= 1)
		s = rate;
	else
		for (i = 0; i < 20; i++)
			s = base * exp(s * stays);
	return (1 - base * stays) * exp(-s * (nr - stays));
}

static bool at_random_did(const struct look *l, const struct workload_thread *t,
			  u64 luck)
{
	double rate = l->p->w.kind->rate(t, l->start, l->sz) / WORKLOAD_LINE;
	double nr = t->units - t->mark_units;
	double none = l->loads ? no_load(rate, l->stays, nr) : exp(-rate * nr);

	return (luck >> 11) / 9007199254740992.0 < 1 - none;
}

static u32 find(struct accessed *a, const struct ram_map *map, u64 vaddr,
		bool loads)
{
	u32 *mark = marks(a, map, false), when = 0, program, i;
	u64 sz = ram_folio_bytes(map), seed;
	struct look l = { .start = vaddr & ~(sz - 1), .sz = sz };
	const u64 *units = NULL;

	l.p = machine_program(a->m, map->tgid);
	if (!l.p || reserve(a))
		return ~0u;
	program = l.p - a->m->program;
	when = mark ? mark[folio_nr(map, vaddr)] : 0;
	/* The first access of all loads it in any case. */
	l.loads = loads && when;
	if (l.loads && !l.p->w.kind->in_order)
		l.stays = stays(a, program, map);
	if (when)
		units = units_at(a, when);
	for (i = 0; units && i < program; i++)
		units += a->m->program[i].nr_threads;
	seed = luck_mix(a->seed ^ luck_mix(l.start + map->tgid)) + when;
	for (i = 0; i < l.p->nr_threads; i++) {
		struct workload_thread t = l.p->thread[i].t;

		if (l.start + sz <= t.start || l.start >= t.start + t.sz)
			continue;
		t.mark_units = units ? units[i] : 0;
		if (t.units == t.mark_units)
			continue;
		if (l.p->w.kind->in_order ?
			    in_order_did(&l, &t) :
			    at_random_did(&l, &t, luck_mix(seed + i * 977)))
			return i;
	}
	return ~0u;
}

bool accessed_young(struct accessed *a, const struct ram_map *map, u64 vaddr)
{
	return find(a, map, vaddr, true) != ~0u;
}

u32 accessed_by(struct accessed *a, const struct ram_map *map, u64 vaddr)
{
	return find(a, map, vaddr, false);
}
