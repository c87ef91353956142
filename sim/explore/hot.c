// SPDX-License-Identifier: GPL-2.0
/*
 * Calls into the hot path.  Compiled with the instrumentation that makes each
 * access a step (Makefile), and with nothing else in it.
 */
#include <linux/perf_event.h>

#include "explore/hot.h"

enum damon_loss hot_push(struct damon_ring *ring,
			 const struct damon_report *report)
{
	return damon_ring_push(ring, report);
}

enum damon_loss hot_sample(struct damon_ring *ring,
			   struct damon_cpu_stats *stats,
			   const struct damon_events *set, u64 addr, u32 tid)
{
	const struct perf_sample_data data = {
		.sample_flags = PERF_SAMPLE_ADDR,
		.addr = addr,
	};
	const struct damon_sampling how = {
		.epoch = READ_ONCE(set->epoch),
		.addr_end = 1ull << 47,
	};
	const struct damon_running who = { .tgid = 1, .tid = tid };

	return damon_handle_sample(ring, stats, &data, &how, &who);
}

u32 hot_drain(struct damon_ring *ring, struct damon_report *out, u32 nr)
{
	return damon_ring_drain(ring, out, nr);
}

void hot_tick_begin(struct damon_tick *t, const struct damon_events *set)
{
	damon_tick_begin(t);
	t->epoch = READ_ONCE(set->epoch);
}

u32 hot_tick(struct damon_tick *t, struct damon_ring *ring, u32 cpu)
{
	return damon_tick_drain(t, ring, cpu);
}

int hot_ring_init(struct damon_ring *ring, u32 capacity)
{
	return damon_ring_init(ring, capacity);
}

size_t hot_ring_size(u32 capacity)
{
	return damon_ring_size(capacity);
}

unsigned long hot_ring_accepted(const struct damon_ring *ring)
{
	return damon_ring_accepted(ring);
}

u32 hot_ring_pending(const struct damon_ring *ring)
{
	return damon_ring_pending(ring);
}

int hot_commit(struct damon_events *set, struct damon_event **next, u32 *nr)
{
	return damon_events_commit(set, next, nr);
}

u32 hot_arm(struct damon_events *set)
{
	return damon_events_arm(set);
}

void hot_disarm(struct damon_events *set)
{
	damon_events_disarm(set);
}

u32 hot_revive(struct damon_events *set)
{
	return damon_events_revive(set);
}

u32 hot_online(struct damon_events *set, u32 cpu)
{
	return damon_events_online(set, cpu);
}

void hot_offline(struct damon_events *set, u32 cpu)
{
	damon_events_offline(set, cpu);
}

int hot_claim(struct damon_owner *owner, struct damon_events *set)
{
#ifdef HOTPATH_FAULTS_UNOWNED
	return 0;
#else
	return damon_owner_claim(owner, set);
#endif
}

void hot_release(struct damon_owner *owner, struct damon_events *set)
{
#ifndef HOTPATH_FAULTS_UNOWNED
	damon_owner_release(owner, set);
#endif
}
