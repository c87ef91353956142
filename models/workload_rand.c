// SPDX-License-Identifier: GPL-2.0
/* Accesses by luck, see workload_rand.h. */
#include <math.h>
#include <stdlib.h>

#include "workload_rand.h"

/* How long a look at where pages are holds, and how many are looked at. */
#define LOOK_PS 10000000000ULL
#define LOOKS 32u

#define IPC 4.0

/* Ops beside the access itself in a unit of work: assumption. */
#define OTHER_OPS 3.0

/* Until a cache answers, as measured on Zen 4. */
#define L2_CYCLES 11
#define L3_CYCLES 45

static const struct workload_rand *rand_of(const struct workload_thread *t)
{
	return t->w->data;
}

static u64 mix(u64 z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

struct workload_rand *workload_rand_new(struct workload *w, double miss_share,
					bool chained)
{
	const struct workload_params *p = &w->params;
	double loads = chained ? 1 : p->read_pct / 100.0;
	double stores = 1 - loads;
	/* Who waits for memory is found in the load that it waits for. */
	double wait = 0.8 * miss_share;
	double busy = (1 - wait) / (1 + OTHER_OPS);
	struct workload_rand *r = calloc(1, sizeof(*r));
	struct workload_class *k;
	bool reaches = p->sz <= p->tlb_bytes;
	u8 cache = p->sz <= p->l2_bytes ? OP_FROM_L2 : OP_FROM_L3;
	u32 hit_cycles = cache == OP_FROM_L2 ? L2_CYCLES : L3_CYCLES;
	/* A chain has nothing to do until its load is there. */
	double cycles = chained ? hit_cycles : (1 + OTHER_OPS) / IPC;

	if (!r)
		return NULL;
	r->pages = p->sz >> RAM_PAGE_SHIFT;
	w->data = r;
	k = workload_add_class(w, "load_miss", OP_LOAD, 8, OP_FROM_MEMORY,
			       loads * miss_share,
			       loads * miss_share * busy + loads * wait);
	k->op.tlb = reaches ? OP_TLB_L2 : OP_TLB_WALK;
	k = workload_add_class(w, "load_hit", OP_LOAD, 8, cache,
			       loads * (1 - miss_share),
			       loads * (1 - miss_share) * busy);
	k->op.tlb = reaches ? OP_TLB_L1 : OP_TLB_L2;
	k->op.miss_cycles = hit_cycles;
	if (k->op.tag_to_ret_cycles < hit_cycles)
		k->op.tag_to_ret_cycles = hit_cycles;
	if (stores > 0) {
		k = workload_add_class(w, "store_miss", OP_STORE, 8,
				       OP_FROM_MEMORY, stores * miss_share,
				       stores * miss_share * busy +
					       stores * wait);
		k->op.tlb = reaches ? OP_TLB_L2 : OP_TLB_WALK;
		workload_add_class(w, "store_hit", OP_STORE, 8, cache,
				   stores * (1 - miss_share),
				   stores * (1 - miss_share) * busy);
	}
	k = workload_add_class(w, "other", 0, 0, OP_FROM_L1, OTHER_OPS,
			       OTHER_OPS * busy);
	w->cost = (struct workload_cost){
		.core_ps = cycles * 1000000 / p->clock_mhz,
		.read_bytes = WORKLOAD_LINE * miss_share + 0.5,
		.write_bytes = WORKLOAD_LINE * miss_share * stores + 0.5,
		.mlp_x16 = chained ? 16 : WORKLOAD_MLP_X16 / 2,
	};
	w->unit_bytes = 8;
	return r;
}

void workload_rand_fini(struct workload *w)
{
	free(w->data);
}

/* What is kept of a thread: in which order, of state[]. */
enum { SPENT, STRETCH, UNIT, LUCK };

void workload_rand_begin(struct workload_thread *t)
{
	/* Threads of one program do not look at the same pages. */
	t->state[LUCK] = mix(t->index + 1);
	t->state[STRETCH] = ~0ULL;
}

/* How long a unit takes in the stretch of time that begins at @at_ps. */
static u64 unit_ps(const struct workload_thread *t, u64 at_ps)
{
	const struct workload_rand *r = rand_of(t);
	u64 luck = t->state[LUCK] ^ mix(at_ps), sum = 0, page;
	u32 i, nid;

	for (i = 0; i < LOOKS; i++) {
		luck = mix(luck + 0x9e3779b97f4a7c15ULL);
		page = r->page(r, at_ps, luck);
		nid = ram_map_nid(t->ram, t->map,
				  t->start + (page << RAM_PAGE_SHIFT));
		nid = nid < RAM_NODES_MAX ? nid : 0;
		sum += t->pace.read_ps[nid] + t->pace.write_ps[nid];
	}
	sum /= LOOKS;
	sum = sum > t->pace.core_ps ? sum : t->pace.core_ps;
	return sum ? sum : 1;
}

/* The pace of the stretch of time that the clock is in. */
static u64 pace_at(struct workload_thread *t, u64 stretch_ps)
{
	if (t->changed || t->state[STRETCH] != stretch_ps) {
		t->state[STRETCH] = stretch_ps;
		t->state[UNIT] = unit_ps(t, stretch_ps);
		t->changed = false;
	}
	return t->state[UNIT];
}

/*
 * Every stretch of LOOK_PS has its own pace, which is asked for when something
 * of it is left to be done; what was spent on a unit at its end goes along.
 */
void workload_rand_advance(struct workload_thread *t, u64 run_ps)
{
	u64 stretch_ps, end_ps, unit, ps, nr;

	while (t->run_ps < run_ps) {
		stretch_ps = t->run_ps / LOOK_PS * LOOK_PS;
		end_ps = stretch_ps + LOOK_PS;
		end_ps = end_ps < run_ps ? end_ps : run_ps;
		unit = pace_at(t, stretch_ps);
		ps = t->state[SPENT] + (end_ps - t->run_ps);
		nr = ps / unit;
		t->units += nr;
		t->state[SPENT] = ps - nr * unit;
		t->run_ps = end_ps;
	}
}

u64 workload_rand_when(const struct workload_thread *t, u64 units)
{
	struct workload_thread copy = *t;
	u64 stretch_ps, end_ps, unit, need_ps;

	while (copy.units < units) {
		stretch_ps = copy.run_ps / LOOK_PS * LOOK_PS;
		end_ps = stretch_ps + LOOK_PS;
		unit = pace_at(&copy, stretch_ps);
		/* What is spent may be enough, but is only asked for later. */
		need_ps = (units - copy.units) * unit;
		need_ps = need_ps > copy.state[SPENT] ?
				  need_ps - copy.state[SPENT] :
				  1;
		if (copy.run_ps + need_ps <= end_ps)
			return copy.run_ps + need_ps;
		workload_rand_advance(&copy, end_ps);
	}
	return copy.run_ps;
}

void workload_rand_draw(struct workload_thread *t, u32 nr, const u64 *run_ps,
			const u8 *class, const u64 *luck, u64 *vaddr)
{
	const struct workload_rand *r = rand_of(t);
	u64 page, lines = RAM_PAGE_BYTES / WORKLOAD_LINE;
	u32 i;

	(void)class;
	for (i = 0; i < nr; i++) {
		page = r->page(r, run_ps[i], luck[i]);
		vaddr[i] = t->start + (page << RAM_PAGE_SHIFT) +
			   (mix(luck[i]) & (lines - 1)) * WORKLOAD_LINE;
	}
	if (nr)
		workload_rand_advance(t, run_ps[nr - 1]);
}

/* More phases than that are as their mean. */
#define PHASES_MAX 1000

/*
 * How many accesses the page had since the mark, on average.  What is hot may
 * have moved since: each phase counts by its time, as the pace is even.
 */
static double accesses_since_mark(const struct workload_thread *t,
				  const struct workload_rand *r, u64 page)
{
	double nr = t->units - t->mark_units, sum = 0;
	u64 at, next, begin;

	if (!r->phase_ps || !t->units)
		return r->sum(r, t->run_ps, page, page + 1) * nr;
	begin = t->run_ps - t->run_ps * (nr / t->units);
	if (t->run_ps - begin > PHASES_MAX * r->phase_ps)
		begin = t->run_ps - PHASES_MAX * r->phase_ps;
	if (begin == t->run_ps)
		return r->sum(r, t->run_ps, page, page + 1) * nr;
	for (at = begin; at < t->run_ps; at = next) {
		next = (at / r->phase_ps + 1) * r->phase_ps;
		if (next > t->run_ps)
			next = t->run_ps;
		sum += r->sum(r, at, page, page + 1) * (next - at);
	}
	return sum * nr / (t->run_ps - begin);
}

bool workload_rand_touched(const struct workload_thread *t, u64 vaddr, u64 luck)
{
	const struct workload_rand *r = rand_of(t);
	u64 page = (vaddr - t->start) >> RAM_PAGE_SHIFT;

	if (page >= r->pages)
		return false;
	return luck / 18446744073709551616.0 <
	       -expm1(-accesses_since_mark(t, r, page));
}

double workload_rand_rate(const struct workload_thread *t, u64 vaddr, u64 sz)
{
	const struct workload_rand *r = rand_of(t);
	u64 end = t->start + (r->pages << RAM_PAGE_SHIFT), to = vaddr + sz;

	vaddr = vaddr > t->start ? vaddr : t->start;
	to = to < end ? to : end;
	if (to <= vaddr)
		return 0;
	return WORKLOAD_LINE *
	       r->sum(r, t->run_ps, (vaddr - t->start) >> RAM_PAGE_SHIFT,
		      (to - t->start + RAM_PAGE_BYTES - 1) >> RAM_PAGE_SHIFT);
}
