// SPDX-License-Identifier: GPL-2.0
/* Memory that comes when it is touched, see touch.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "run/machine.h"
#include "run/ram_ops.h"
#include "run/ram_told.h"
#include "run/touch.h"
#include "workload_kinds.h"

int touch_init(struct touch *t, struct machine *m, struct ram_ops *memory,
	       u64 seed)
{
	u32 i;

	*t = (struct touch){
		.m = m,
		.memory = memory,
		.major_ps = 100000000,
	};
	luck_init(&t->luck, seed, ~2ULL);
	t->reached = calloc(m->nr_programs + 1, sizeof(*t->reached));
	if (!t->reached)
		return -ENOMEM;
	for (i = 0; i < m->nr_programs; i++) {
		t->reached[i] =
			calloc(m->program[i].nr_threads, sizeof(**t->reached));
		if (!t->reached[i])
			return -ENOMEM;
	}
	return 0;
}

void touch_fini(struct touch *t)
{
	u32 i;

	for (i = 0; t->reached && i < t->m->nr_programs; i++)
		free(t->reached[i]);
	free(t->reached);
	*t = (struct touch){ 0 };
}

/* Is it there now?  -ENOMEM of the machine's memory is not the run's. */
static bool touch_page(struct touch *t, struct program *p, u64 vaddr)
{
	if (!ram_ops_touch(t->memory, p->map, vaddr))
		return true;
	t->nr_no_frame++;
	return false;
}

/* Of a guest the host's fault is none of a program's: perf passes it over. */
static bool counted(const struct touch *t, const struct program *p)
{
	return t->m->substrate.nr_faulting && !p->w.params.guest;
}

/* From @from_ps on, when was the thread at this byte of its area? */
static u64 reached_ps(const struct program *p, const struct workload_thread *wt,
		      u64 from_ps, u64 to_ps, u64 byte)
{
	u64 mid;

	while (from_ps < to_ps) {
		mid = from_ps + (to_ps - from_ps) / 2;
		if (p->w.kind->reached(wt, mid) > byte)
			to_ps = mid;
		else
			from_ps = mid + 1;
	}
	return to_ps;
}

/* Until then the thread's area is touched for the first time. */
static int touch_first(struct touch *t, u32 program, u32 thread, u64 ps)
{
	struct program *p = &t->m->program[program];
	struct run_thread *rt = &p->thread[thread];
	struct workload_thread *wt = &rt->t;
	u64 *reached = &t->reached[program][thread];
	u64 to = p->w.kind->reached(wt, wt->run_ps + ps);
	struct page_fault fault = {
		.at_ps = wt->run_ps,
		.rt = rt,
		.kind = PERF_SW_MINOR,
	};
	bool was;
	int err;

	for (; *reached < to; *reached += RAM_PAGE_BYTES) {
		fault.vaddr = wt->start + *reached;
		was = ram_translate(p->map, fault.vaddr) != RAM_NOWHERE;
		wt->changed = true;
		if (!touch_page(t, p, fault.vaddr) || was || !counted(t, p))
			continue;
		fault.at_ps = reached_ps(p, wt, fault.at_ps, wt->run_ps + ps,
					 *reached);
		err = page_faults_add(&rt->ahead, &fault);
		if (err)
			return err;
	}
	return 0;
}

/* Does the thread, which is going to be what @next is, access the folio? */
static bool accesses(struct touch *t, const struct workload_thread *next,
		     u64 vaddr, u64 sz)
{
	const struct workload_kind *kind = next->w->kind;
	double often;
	u64 at;

	if (vaddr + sz <= next->start || vaddr >= next->start + next->sz ||
	    next->units == next->mark_units)
		return false;
	if (!kind->in_order) {
		often = kind->rate(next, vaddr, sz) / WORKLOAD_LINE *
			(next->units - next->mark_units);
		return (luck_next(&t->luck) >> 11) / 9007199254740992.0 <
		       -expm1(-often);
	}
	at = vaddr > next->start ? vaddr : next->start;
	for (; at < vaddr + sz; at += RAM_PAGE_BYTES)
		if (kind->touched(next, at, 0))
			return true;
	return false;
}

static int major_fault(struct touch *t, struct program *p, u32 thread,
		       u64 vaddr)
{
	struct run_cpu *c = &t->m->cpu[p->thread[thread].cpu];
	struct page_fault fault = {
		.vaddr = vaddr,
		.rt = &p->thread[thread],
		.kind = PERF_SW_MAJOR,
	};

	touch_page(t, p, vaddr);
	if (c->busy_ps < t->m->now_ps)
		c->busy_ps = t->m->now_ps;
	fault.at_ps = c->busy_ps;
	c->busy_ps += t->major_ps;
	p->thread[thread].t.changed = true;
	t->nr_major++;
	return counted(t, p) ? page_faults_add(&c->held, &fault) : 0;
}

static int touch_out_word(struct touch *t, struct program *p,
			  const struct workload_thread *next, u64 word)
{
	u64 bits = p->map->mark[RAM_OUT][word], sz = ram_folio_bytes(p->map);
	u64 vaddr;
	int err = 0;
	u32 i;

	for (; bits && !err; bits &= bits - 1) {
		vaddr = p->map->start +
			(word * 64 + __builtin_ctzll(bits)) * sz;
		for (i = 0; i < p->nr_threads; i++) {
			if (!accesses(t, &next[i], vaddr, sz))
				continue;
			err = major_fault(t, p, i, vaddr);
			break;
		}
	}
	return err;
}

/* What was paged out and is accessed until then. */
static int touch_out(struct touch *t, struct program *p, u64 ps)
{
	u64 folios = p->map->sz / ram_folio_bytes(p->map), word;
	struct workload_thread *next = malloc(p->nr_threads * sizeof(*next));
	int err = 0;
	u32 i;

	if (!next)
		return -ENOMEM;
	for (i = 0; i < p->nr_threads; i++) {
		next[i] = p->thread[i].t;
		workload_mark(&next[i]);
		p->w.kind->advance(&next[i], next[i].run_ps + ps);
	}
	for (word = 0; word < (folios + 63) / 64 && !err; word++)
		if (p->map->mark[RAM_OUT][word])
			err = touch_out_word(t, p, next, word);
	free(next);
	return err;
}

int touch_until(struct touch *t, u64 end_ps)
{
	bool out = t->memory->nr_paged_out > t->memory->nr_refaults;
	u64 ps = end_ps - t->m->now_ps;
	u32 i, j;
	int err = 0;

	for (i = 0; i < t->m->nr_programs && !err; i++) {
		struct program *p = &t->m->program[i];

		if (!p->running)
			continue;
		for (j = 0; p->w.kind->reached && j < p->nr_threads && !err;
		     j++)
			err = touch_first(t, i, j, ps);
		if (!err && out && p->map->mark[RAM_OUT])
			err = touch_out(t, p, ps);
	}
	return err;
}
