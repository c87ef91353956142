/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ring of the posted series, with our interface: a head, a tail, a busy
 * count against nesting, a pending flag. One slot stays empty; the newest is
 * dropped when it is full; a push that comes into another is dropped.
 *
 * Its barriers are those that it has: a write barrier between slot and head,
 * none between head and flag; a full one between flag and head on the other
 * side, and a read barrier behind the head.
 */
#ifndef _DAMON_RING_H
#define _DAMON_RING_H

#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/local.h>

#include "fences.h"
#include "report.h"
#include "stats.h"

#define DAMON_RING_CAPACITY_MAX (1u << 26)

struct damon_ring {
	local_t busy;
	unsigned long pending;
	unsigned long accepted;
	u32 mask;
	u32 drain_mask;
	u32 head ____cacheline_aligned_in_smp;
	u32 tail ____cacheline_aligned_in_smp;
	struct damon_report slot[] ____cacheline_aligned_in_smp;
};

static inline size_t damon_ring_size(u32 capacity)
{
	return sizeof(struct damon_ring) +
	       capacity * sizeof(struct damon_report);
}

static inline int damon_ring_init(struct damon_ring *ring, u32 capacity)
{
	if (!capacity || capacity & (capacity - 1) ||
	    capacity > DAMON_RING_CAPACITY_MAX)
		return -EINVAL;
	local_set(&ring->busy, 0);
	ring->pending = 0;
	ring->accepted = 0;
	ring->mask = capacity - 1;
	ring->drain_mask = capacity - 1;
	ring->head = 0;
	ring->tail = 0;
	return 0;
}

/* A process-context report that an interrupt comes into: the guard is its. */
static inline enum damon_loss __damon_ring_take(struct damon_ring *ring,
						u32 *index)
{
	(void)ring;
	*index = 0;
	return DAMON_LOST_RING_NESTED;
}

static inline enum damon_loss damon_ring_push(struct damon_ring *ring,
					      const struct damon_report *report)
{
	enum damon_loss loss = DAMON_LOST_RING_NESTED;
	u32 head, next;

	local_inc(&ring->busy);
	if (local_read(&ring->busy) != 1)
		goto out;
	head = ring->head;
	next = (head + 1) & ring->mask;
	loss = DAMON_LOST_RING_FULL;
	if (next == READ_ONCE(ring->tail))
		goto out;
	ring->slot[head] = *report;
	ring->slot[head].jiffies = hotpath_now.jiffies;
	smp_wmb();
	WRITE_ONCE(ring->head, next);
	WRITE_ONCE(ring->pending, 1);
	ring->accepted++;
	loss = DAMON_LOST_NOT;
out:
	local_dec(&ring->busy);
	return loss;
}

static inline u32 damon_ring_drain(struct damon_ring *ring,
				   struct damon_report *out, u32 nr)
{
	u32 head, tail, n;

	if (!READ_ONCE(ring->pending))
		return 0;
	WRITE_ONCE(ring->pending, 0);
	smp_mb();
	head = READ_ONCE(ring->head);
	smp_rmb();
	tail = ring->tail;
	for (n = 0; n < nr && tail != head; n++) {
		out[n] = ring->slot[tail];
		tail = (tail + 1) & ring->drain_mask;
	}
	/* Ours takes a batch at a time, the posted one all: there is more. */
	if (tail != head)
		WRITE_ONCE(ring->pending, 1);
	smp_store_release(&ring->tail, tail);
	return n;
}

static inline unsigned long damon_ring_accepted(const struct damon_ring *ring)
{
	return ring->accepted;
}

static inline u32 damon_ring_pending(const struct damon_ring *ring)
{
	return (ring->head - READ_ONCE(ring->tail)) & ring->mask;
}

#endif
