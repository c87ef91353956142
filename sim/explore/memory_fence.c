// SPDX-License-Identifier: GPL-2.0
/*
 * Fences.
 *
 * A full fence is more than an entry in the order of full fences: what its CPU
 * has seen has then reached all CPUs.  Who does something later in time cannot
 * miss it, even if nobody released anything on the way; and what is later in
 * time is known by what was read.  So stores carry what fences before them have
 * brought everywhere, whether or not they release.
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
	memory_join_view(m, &p->everywhere, &p->view);
	m->fences = true;
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

void memory_hear(struct memory *m, u32 cpu, enum memory_order order,
		 const struct memory_message *msg)
{
	struct memory_cpu *p = &m->cpu[cpu];
	bool acquires = order == MEMORY_ACQUIRE || order == MEMORY_FULL;

	if (!msg->fenced)
		return;
	memory_join_view(m, acquires ? &p->view : &p->acquired,
			 &msg->everywhere);
	memory_join_view(m, acquires ? &p->everywhere : &p->heard,
			 &msg->everywhere);
}

void memory_spread(struct memory *m, u32 cpu, enum memory_order order,
		   const struct memory_message *read,
		   struct memory_message *msg)
{
	struct memory_cpu *p = &m->cpu[cpu];

	if (!m->fences)
		return;
	msg->fenced = true;
	memcpy(msg->everywhere.rank, p->everywhere.rank,
	       m->nr_marked * sizeof(p->everywhere.rank[0]));
	if (order >= MEMORY_RELEASE)
		memory_join_view(m, &msg->everywhere, &p->heard);
	if (read && read->fenced)
		memory_join_view(m, &msg->everywhere, &read->everywhere);
}
