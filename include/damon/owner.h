/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who drains the rings of a machine: one set of events at a time.
 *
 * A ring has one consumer.  A set of events takes the rings before its first
 * event exists and gives them back after its last is gone, so that the consumer
 * changes only when nothing is produced.
 *
 * Who may run with whom: claims run with claims and with a hand-back.
 *
 * Pairs of barriers:
 *
 *	the set that gives back		the set that takes
 *	-----------------------		------------------
 *	drain the rings			see that there is no owner
 *	RELEASE(owner:A)  ------------> ACQUIRE(owner:B)
 *	clear the owner			drain the rings
 *
 * Not here: when a set needs the rings (events.h).
 */
#ifndef _DAMON_OWNER_H
#define _DAMON_OWNER_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <asm/barrier.h>

struct damon_events;

/**
 * struct damon_owner - who has the rings; all zero at first.
 * @set:	the set of events whose kdamond drains them, or NULL
 * @epoch:	number of the latest arming, by whichever set; its own to change
 */
struct damon_owner {
	struct damon_events *set;
	u16 epoch;
};

/**
 * damon_owner_claim() - take the rings.
 * @owner:	of the rings
 * @set:	who wants them
 *
 * Return: 0, also if @set has them already; -EBUSY if another has them.
 */
static inline int damon_owner_claim(struct damon_owner *owner,
				    struct damon_events *set)
{
	/*
	 * ACQUIRE(owner:B): pairs with owner:A.  Load of the owner before the
	 * accesses of the first drain: whoever sees the rings free finds the
	 * last drain done.  Else two consumers read one tail.
	 * Litmus: owner-handover.
	 */
	struct damon_events *was =
		cmpxchg_acquire(&owner->set, (struct damon_events *)NULL, set);

	return was && was != set ? -EBUSY : 0;
}

/**
 * damon_owner_release() - give the rings back.
 * @owner:	of the rings
 * @set:	who may have them; nothing happens if it has not
 */
static inline void damon_owner_release(struct damon_owner *owner,
				       const struct damon_events *set)
{
	if (READ_ONCE(owner->set) != set)
		return;
	/*
	 * RELEASE(owner:A): pairs with owner:B.  Accesses of the last drain
	 * before the store of the owner: whoever sees the rings free finds the
	 * last drain done.  Else two consumers read one tail.
	 * Litmus: owner-handover.
	 */
	smp_store_release(&owner->set, (struct damon_events *)NULL);
}

#endif
