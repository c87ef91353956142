/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ring that carries reports from one CPU's interrupts to the kdamond.
 *
 * A producer first takes a place by moving the head with an exchange that an
 * interrupt on the same CPU cannot split, then fills its slot, then publishes
 * that slot alone by its sequence number.  So reports that interrupt each other
 * land in different slots, and there is nothing beside the report to publish:
 * no flag that says "look here", hence no order between a flag and a report to
 * get wrong.  The consumer looks at the next slot of every ring; of an idle CPU
 * that is one read of a line that nobody writes.
 *
 *	slot k of lap n	    seq == index + 1		holds the report @index
 *	every other seq	    an earlier lap, or not yet published
 *
 * Who calls it: push, any context of the ring's own CPU up to NMI, that cannot
 * move to another CPU; drain, one consumer, anywhere.  A CPU that went offline
 * leaves its ring as it was; it is drained like any other.
 *
 * Progress: push is wait-free: no loop, no lock, at most two tries.  The second
 * is for a push that was interrupted by a push just between reading the head
 * and moving it; should the second be hit as well, the report is counted as
 * lost.  Drain takes at most as many reports as it has room for.
 *
 * Who may run with whom (X) and who may not (-), on one ring:
 *
 *			push	nested push	drain	init
 *	push		-	X		X	-
 *	nested push	X	X		X	-
 *	drain		X	X		-	-
 *
 * (push with push: two CPUs never share a ring.)
 *
 * Pairs of barriers:
 *
 *	producer			consumer
 *	--------			--------
 *	fill the slot			see the sequence number
 *	RELEASE(ring:A)   ------------> ACQUIRE(ring:B)
 *	store the sequence number	read the slot
 *
 *	see the tail			read the slot
 *	ACQUIRE(ring:D)	  <------------ RELEASE(ring:C)
 *	fill the slot			store the tail
 *
 * Not here: storage, the CPU's number, counting (handler.h).
 */
#ifndef _DAMON_RING_H
#define _DAMON_RING_H

#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/local.h>

#include "report.h"
#include "stats.h"

/*
 * Indices are compared by their 32-bit difference, and the bytes of a ring are
 * to fit a 32-bit machine's size_t.
 */
#define DAMON_RING_CAPACITY_MAX (1u << 26)

/**
 * struct damon_ring - one CPU's ring.
 * @head:	next index to take; runs free; producers' side only
 * @tail_seen:	a tail that was seen once; the true one is here or further
 * @mask:	capacity - 1
 * @tail:	next index to drain; runs free; consumer's side
 * @drain_mask:	@mask once more, so that neither side reads the other's line
 * @slot:	the reports, each with its own sequence number
 */
struct damon_ring {
	local_t head;
	u32 tail_seen;
	u32 mask;

	u32 tail ____cacheline_aligned_in_smp;
	u32 drain_mask;

	struct damon_report slot[] ____cacheline_aligned_in_smp;
};

/**
 * damon_ring_size() - bytes that a ring needs, to be aligned to a cache line.
 * @capacity:	number of slots
 */
static inline size_t damon_ring_size(u32 capacity)
{
	return sizeof(struct damon_ring) +
	       capacity * sizeof(struct damon_report);
}

/**
 * damon_ring_init() - make an empty ring.
 * @ring:	damon_ring_size(@capacity) bytes that nobody else uses yet
 * @capacity:	number of slots, all of them usable; a power of two, at most
 *		DAMON_RING_CAPACITY_MAX
 *
 * Return: 0, or -EINVAL for such a capacity.
 */
static inline int damon_ring_init(struct damon_ring *ring, u32 capacity)
{
	u32 i;

	if (!capacity || capacity & (capacity - 1) ||
	    capacity > DAMON_RING_CAPACITY_MAX)
		return -EINVAL;

	local_set(&ring->head, 0);
	ring->tail_seen = 0;
	ring->mask = capacity - 1;
	ring->tail = 0;
	ring->drain_mask = capacity - 1;
	/* Each slot as if its report of the lap before had been drained. */
	for (i = 0; i < capacity; i++)
		ring->slot[i].seq = i + 1 - capacity;
	return 0;
}

/* Take the next index, unless the ring is full or another push came between. */
static inline enum damon_loss __damon_ring_take(struct damon_ring *ring,
						u32 *index)
{
	long head = local_read(&ring->head);

	if (unlikely((u32)head - READ_ONCE(ring->tail_seen) > ring->mask)) {
		/*
		 * ACQUIRE(ring:D): pairs with ring:C.  Load of the tail before
		 * the stores to the slot: whoever sees a slot drained finds it
		 * read.  Else a new report lands in the middle of an old one
		 * that is being read.  Litmus: ring-reuse.
		 */
		u32 tail = smp_load_acquire(&ring->tail);

		WRITE_ONCE(ring->tail_seen, tail);
		/*
		 * A nested push may have let the tail pass the head that was
		 * read above; then the ring is not full but the head is old.
		 */
		if ((u32)head - tail > ring->mask)
			return local_read(&ring->head) == head ?
				       DAMON_LOST_RING_FULL :
				       DAMON_LOST_RING_NESTED;
	}
	if (unlikely(local_cmpxchg(&ring->head, head, head + 1) != head))
		return DAMON_LOST_RING_NESTED;
	*index = head;
	return DAMON_LOST_NOT;
}

/**
 * damon_ring_push() - hand over one report.
 * @ring:	ring of this CPU
 * @report:	@seq is not looked at
 *
 * Context: any, up to NMI, that cannot move to another CPU meanwhile.
 * Return: DAMON_LOST_NOT if the report is going to be drained, exactly once;
 * DAMON_LOST_RING_FULL or DAMON_LOST_RING_NESTED if it never will be.
 */
static inline enum damon_loss damon_ring_push(struct damon_ring *ring,
					      const struct damon_report *report)
{
	struct damon_report *slot;
	enum damon_loss loss;
	u32 index;

	loss = __damon_ring_take(ring, &index);
	if (unlikely(loss == DAMON_LOST_RING_NESTED))
		loss = __damon_ring_take(ring, &index);
	if (unlikely(loss))
		return loss;

	slot = &ring->slot[index & ring->mask];
	slot->addr = report->addr;
	slot->tgid = report->tgid;
	slot->tid = report->tid;
	slot->epoch = report->epoch;
	slot->sz_order = report->sz_order;
	slot->flags = report->flags;
	/*
	 * RELEASE(ring:A): pairs with ring:B.  Stores to the slot before the
	 * store of its sequence number: whoever sees the number sees the
	 * report.  Else a half-written one is credited.  Litmus: ring-publish.
	 */
	smp_store_release(&slot->seq, index + 1);
	return DAMON_LOST_NOT;
}

/**
 * damon_ring_drain() - take reports out, oldest first.
 * @ring:	any CPU's, online or not
 * @out:	room for @nr reports
 * @nr:		how many to take at most
 *
 * Stops early at a slot that is not published yet, also when later ones are:
 * an interrupted producer's report keeps its place and comes next time.
 *
 * Context: one consumer at a time (damon_owner_claim() sees to that).
 * Return: how many were taken.
 */
static inline u32 damon_ring_drain(struct damon_ring *ring,
				   struct damon_report *out, u32 nr)
{
	u32 tail = ring->tail, n;

	for (n = 0; n < nr; n++) {
		struct damon_report *slot;

		slot = &ring->slot[(tail + n) & ring->drain_mask];
		/*
		 * ACQUIRE(ring:B): pairs with ring:A.  Load of the sequence
		 * number before the loads of the slot: whoever sees the number
		 * sees the report.  Else a half-written one is credited.
		 * Litmus: ring-publish.
		 */
		if (smp_load_acquire(&slot->seq) != tail + n + 1)
			break;
		out[n] = *slot;
	}
	if (!n)
		return 0;
	/*
	 * RELEASE(ring:C): pairs with ring:D.  Loads of the slots before the
	 * store of the tail: whoever sees a slot drained finds it read.  Else a
	 * new report lands in the middle of an old one that is being read.
	 * Litmus: ring-reuse.
	 */
	smp_store_release(&ring->tail, tail + n);
	return n;
}

/**
 * damon_ring_accepted() - how many reports were accepted since the start.
 * @ring:	any CPU's
 *
 * Return: a count that runs free, as wide as a long.
 */
static inline unsigned long damon_ring_accepted(const struct damon_ring *ring)
{
	return local_read(&ring->head);
}

/**
 * damon_ring_pending() - how many reports were accepted and not drained yet.
 * @ring:	any CPU's
 *
 * Return: exact on the ring's CPU and for a CPU that takes no sample; else off
 * by what is pushed or drained meanwhile.
 */
static inline u32 damon_ring_pending(const struct damon_ring *ring)
{
	return (u32)local_read(&ring->head) - READ_ONCE(ring->tail);
}

#endif
