/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hot path as the explorer calls it: what the glue of a kernel does around
 * it, and no more.  This is the only code, beside the hot path itself, whose
 * accesses to memory are steps.
 *
 * All objects are in the engine's memory.
 */
#ifndef EXPLORE_HOT_H
#define EXPLORE_HOT_H

#include <damon/commit.h>
#include <damon/handler.h>
#include <damon/tick.h>

/* Reports of any context of a CPU; the handlers' arguments besides. */
enum damon_loss hot_push(struct damon_ring *ring,
			 const struct damon_report *report);
enum damon_loss hot_sample(struct damon_ring *ring,
			   struct damon_cpu_stats *stats,
			   const struct damon_events *set, u64 addr, u32 tid);

u32 hot_drain(struct damon_ring *ring, struct damon_report *out, u32 nr);
void hot_tick_begin(struct damon_tick *t, const struct damon_events *set);
u32 hot_tick(struct damon_tick *t, struct damon_ring *ring, u32 cpu);

int hot_ring_init(struct damon_ring *ring, u32 capacity);
size_t hot_ring_size(u32 capacity);
unsigned long hot_ring_accepted(const struct damon_ring *ring);
u32 hot_ring_pending(const struct damon_ring *ring);

int hot_commit(struct damon_events *set, struct damon_event **next, u32 *nr);
u32 hot_arm(struct damon_events *set);
void hot_disarm(struct damon_events *set);
u32 hot_revive(struct damon_events *set);
u32 hot_online(struct damon_events *set, u32 cpu);
void hot_offline(struct damon_events *set, u32 cpu);
/* A context without events that wants the rings for its page faults. */
int hot_claim(struct damon_owner *owner, struct damon_events *set);
void hot_release(struct damon_owner *owner, struct damon_events *set);

#endif
