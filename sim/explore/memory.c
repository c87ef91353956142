// SPDX-License-Identifier: GPL-2.0
/*
 * What the three memories have in common: cells, what happened before what,
 * and which accesses race because nothing orders them.
 *
 * A CPU's clock counts its own releases; what it takes over from others it
 * joins in.  An access of CPU c at its count t is ordered before whatever CPU p
 * does if p's clock has c at t or later.
 *
 * Not here: values and which of them a load reads (memory_order.c).
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explore/memory.h"
#include "explore/memory_internal.h"

int memory_new(struct memory **out, enum memory_model model, u32 nr_cpus)
{
	struct memory *m;

	if (!nr_cpus || nr_cpus > MEMORY_CPUS_MAX || model > MEMORY_WEAK)
		return -EINVAL;
	m = calloc(1, sizeof(*m));
	if (!m)
		return -ENOMEM;
	m->base = aligned_alloc(4096, MEMORY_SZ);
	if (!m->base) {
		free(m);
		return -ENOMEM;
	}
	m->used = MEMORY_SZ;
	m->model = model;
	m->nr_cpus = nr_cpus;
	*out = m;
	return 0;
}

void memory_free(struct memory *m)
{
	if (!m)
		return;
	free(m->base);
	free(m);
}

static void clear_view(struct memory *m, struct memory_view *v)
{
	memset(v->rank, 0, m->nr_marked * sizeof(v->rank[0]));
}

void memory_begin(struct memory *m)
{
	struct memory_cpu *cpu;
	bool fences = m->fences;
	u32 i;

	memset(m->base, 0, m->used);
	m->used = MEMORY_SZ;
	m->gen++;
	m->nr_messages = 0;
	m->overlaid = false;
	m->fences = false;
	memset(&m->full_clock, 0, sizeof(m->full_clock));
	clear_view(m, &m->full_view);
	for (i = 0; i < m->nr_cpus; i++) {
		cpu = &m->cpu[i];
		memset(&cpu->clock, 0, sizeof(cpu->clock));
		cpu->clock.at[i] = 1;
		memset(&cpu->acquired_clock, 0, sizeof(cpu->clock));
		memset(&cpu->released_clock, 0, sizeof(cpu->clock));
		cpu->fenced = false;
		cpu->nr = 0;
		cpu->first = 0;
		if (m->model != MEMORY_WEAK)
			continue;
		clear_view(m, &cpu->view);
		clear_view(m, &cpu->acquired);
		clear_view(m, &cpu->released);
		clear_view(m, &cpu->own);
		if (!fences)
			continue;
		clear_view(m, &cpu->everywhere);
		clear_view(m, &cpu->heard);
	}
}

static u32 log2_of(u32 sz)
{
	return sz == 1 ? 0 : sz == 2 ? 1 : sz == 4 ? 2 : 3;
}

/* Two cells that share bytes have to know it. */
static int overlap(struct memory *m, u32 a, u32 b)
{
	struct memory_cell *x = &m->cell[a], *y = &m->cell[b];

	if (x->off >= y->off + y->sz || y->off >= x->off + x->sz)
		return 0;
	if (x->nr_over == MEMORY_OVERLAPS_MAX ||
	    y->nr_over == MEMORY_OVERLAPS_MAX)
		return -ENOSPC;
	x->over[x->nr_over++] = b;
	y->over[y->nr_over++] = a;
	return 0;
}

static int new_cell(struct memory *m, u32 off, u32 sz)
{
	struct memory_cell *c;
	u32 i;

	if (m->nr_cells == MEMORY_CELLS_MAX)
		goto full;
	c = &m->cell[m->nr_cells];
	memset(c, 0, sizeof(*c));
	c->off = off;
	c->sz = sz;
	c->marked = -1;
	for (i = 0; i < m->nr_cells; i++)
		if (overlap(m, m->nr_cells, i))
			goto full;
	m->at[off][log2_of(sz)] = ++m->nr_cells;
	return m->nr_cells - 1;
full:
	m->full = true;
	return -ENOSPC;
}

int memory_cell(struct memory *m, u32 off, u32 sz)
{
	u32 index = m->at[off][log2_of(sz)];

	return index ? index - 1 : new_cell(m, off, sz);
}

/* What a cell knows of an earlier execution is void. */
struct memory_cell *memory_fresh(struct memory *m, u32 cell)
{
	struct memory_cell *c = &m->cell[cell];

	if (c->gen != m->gen) {
		c->gen = m->gen;
		c->plain_at = 0;
		memset(c->stored, 0, sizeof(c->stored));
		memset(c->loaded, 0, sizeof(c->loaded));
		memset(c->peeked, 0, sizeof(c->peeked));
		c->dirty = false;
		c->nr = 0;
	}
	return c;
}

static bool ordered(const struct memory_clock *now, const u16 *at, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		if (at[i] > now->at[i])
			return false;
	return true;
}

/* Is what others did to these bytes ordered before this access? */
static bool ordered_with(struct memory *m, const struct memory_clock *now,
			 struct memory_cell *c, bool plain, bool store)
{
	if (c->gen != m->gen)
		return true;
	if (c->plain_at > now->at[c->plain_cpu])
		return false;
	if (plain && !ordered(now, c->stored, m->nr_cpus))
		return false;
	if (store && !ordered(now, c->loaded, m->nr_cpus))
		return false;
	return !(store && plain) || ordered(now, c->peeked, m->nr_cpus);
}

bool memory_ordered(struct memory *m, u32 cpu, u32 cell, bool plain, bool store)
{
	const struct memory_clock *now = &m->cpu[cpu].clock;
	struct memory_cell *c = memory_fresh(m, cell);
	u16 at = now->at[cpu];
	bool ok;
	u32 i;

	ok = ordered_with(m, now, c, plain, store);
	for (i = 0; i < c->nr_over && ok; i++)
		ok = ordered_with(m, now, &m->cell[c->over[i]], plain, store);
	if (plain && store) {
		c->plain_cpu = cpu;
		c->plain_at = at;
	} else if (plain) {
		c->loaded[cpu] = at;
	} else if (store) {
		c->stored[cpu] = at;
	} else {
		c->peeked[cpu] = at;
	}
	return ok;
}

static void soil(struct memory *m, u32 cell)
{
	struct memory_cell *c = memory_fresh(m, cell);
	u32 i;

	c->dirty = true;
	for (i = 0; i < c->nr_over; i++)
		memory_fresh(m, c->over[i])->dirty = true;
}

bool memory_plain(struct memory *m, u32 cpu, u32 cell, bool store)
{
	bool ok = memory_ordered(m, cpu, cell, true, store);

	if (m->model == MEMORY_TSO && m->cpu[cpu].nr)
		memory_overlay(m, cpu, cell, store);
	if (store)
		soil(m, cell);
	return ok;
}

void memory_join_clock(const struct memory *m, struct memory_clock *to,
		       const struct memory_clock *from)
{
	u32 i;

	for (i = 0; i < m->nr_cpus; i++)
		if (from->at[i] > to->at[i])
			to->at[i] = from->at[i];
}

void memory_join_view(const struct memory *m, struct memory_view *to,
		      const struct memory_view *from)
{
	u32 i;

	for (i = 0; i < m->nr_marked; i++)
		if (from->rank[i] > to->rank[i])
			to->rank[i] = from->rank[i];
}

void memory_leave(struct memory *m, u32 cpu, struct memory_known *k)
{
	struct memory_cpu *c = &m->cpu[cpu];

	memory_join_clock(m, &k->clock, &c->clock);
	if (m->model == MEMORY_WEAK)
		memory_join_view(m, &k->view, &c->view);
	c->clock.at[cpu]++;
}

void memory_take(struct memory *m, u32 cpu, const struct memory_known *k)
{
	struct memory_cpu *c = &m->cpu[cpu];

	memory_join_clock(m, &c->clock, &k->clock);
	if (m->model == MEMORY_WEAK)
		memory_join_view(m, &c->view, &k->view);
}

void memory_sync(struct memory *m, u32 from, u32 to)
{
	struct memory_cpu *a = &m->cpu[from], *b = &m->cpu[to];

	if (from == to)
		return;
	memory_join_clock(m, &b->clock, &a->clock);
	if (m->model == MEMORY_WEAK)
		memory_join_view(m, &b->view, &a->view);
	a->clock.at[from]++;
}
