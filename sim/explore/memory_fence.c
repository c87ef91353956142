// SPDX-License-Identifier: GPL-2.0
/*
 * Fences.
 *
 * Not here: what acquire and release do, which belong to one access
 * (memory_order.c).
 */
#include "explore/memory.h"
#include "explore/memory_internal.h"

/* All full fences stand in one order, and each sees those before it. */
static void join_full(struct memory *m, u32 cpu)
{
	struct memory_cpu *p = &m->cpu[cpu];

	memory_join_clock(m, &p->clock, &m->full_clock);
	m->full_clock = p->clock;
	if (m->model != MEMORY_WEAK)
		return;
	memory_join_view(m, &p->view, &m->full_view);
	memory_join_view(m, &m->full_view, &p->view);
}

void memory_fence(struct memory *m, u32 cpu, enum memory_fence fence)
{
	struct memory_cpu *p = &m->cpu[cpu];
	bool weak = m->model == MEMORY_WEAK;

	if (fence != MEMORY_WMB) {
		memory_join_clock(m, &p->clock, &p->acquired_clock);
		if (weak)
			memory_join_view(m, &p->view, &p->acquired);
	}
	if (fence == MEMORY_MB)
		join_full(m, cpu);
	if (fence == MEMORY_RMB)
		return;
	p->released_clock = p->clock;
	if (weak)
		memory_join_view(m, &p->released,
				 fence == MEMORY_MB ? &p->view : &p->own);
	p->fenced = true;
	p->clock.at[cpu]++;
}

void memory_tell_seen(struct memory *m, u32 cpu)
{
	struct memory_cpu *p = &m->cpu[cpu];

	memory_join_clock(m, &p->clock, &p->acquired_clock);
	if (m->model == MEMORY_WEAK)
		memory_join_view(m, &p->view, &p->acquired);
}
