/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The regions of a context, flat and sorted, for reading only.
 *
 * The bounds of all regions stand in two arrays, target after target, so that a
 * step of a search is one load at a computed place.  A snapshot is kept for as
 * long as the regions are; the kdamond builds a new one when they changed.
 *
 * Bounds are in bytes: a context's address unit is multiplied in once when the
 * snapshot is built, and no report is ever divided.
 *
 * Who calls it: the kdamond.
 *
 * Not here: storage, and searching it (match.h).
 */
#ifndef _DAMON_SNAPSHOT_H
#define _DAMON_SNAPSHOT_H

#include <linux/errno.h>
#include <linux/overflow.h>
#include <linux/types.h>

/**
 * struct damon_snapshot_target - one target's share of the snapshot.
 * @tgid:	its process; not read if the snapshot is physical
 * @first:	index of its first region
 * @nr:		how many regions it has
 */
struct damon_snapshot_target {
	u32 tgid;
	u32 first;
	u32 nr;
};

/**
 * struct damon_snapshot - the regions of a context, for reading only.
 * @start:	first byte of each region
 * @last:	last byte of each region; so the top of the address space fits
 * @target:	in the context's order
 * @nr_regions:	of all targets
 * @nr_targets:	may be 0
 * @regions_max: room in @start and @last
 * @targets_max: room in @target
 * @phys:	reports carry physical addresses, for every target
 * @repeats:	a process is more than one target, or @phys with several
 */
struct damon_snapshot {
	u64 *start;
	u64 *last;
	struct damon_snapshot_target *target;
	u32 nr_regions;
	u32 nr_targets;
	u32 regions_max;
	u32 targets_max;
	bool phys;
	bool repeats;
};

/**
 * damon_snapshot_reset() - begin a snapshot.
 * @s:		with @start, @last, @target and their room set by the caller
 * @phys:	reports are going to carry physical addresses
 */
static inline void damon_snapshot_reset(struct damon_snapshot *s, bool phys)
{
	s->nr_regions = 0;
	s->nr_targets = 0;
	s->phys = phys;
	s->repeats = false;
}

/**
 * damon_snapshot_add_target() - begin the next target.
 * @s:		snapshot being built
 * @tgid:	its process; any number if the snapshot is physical
 *
 * Return: 0; -ENOSPC without room.
 */
static inline int damon_snapshot_add_target(struct damon_snapshot *s, u32 tgid)
{
	u32 i;

	if (s->nr_targets == s->targets_max)
		return -ENOSPC;
	for (i = 0; i < s->nr_targets && !s->repeats; i++)
		s->repeats = s->phys || s->target[i].tgid == tgid;
	s->target[s->nr_targets++] = (struct damon_snapshot_target){
		.tgid = tgid,
		.first = s->nr_regions,
	};
	return 0;
}

/* First byte of address unit @unit_index, or the last byte there is. */
static inline u64 __damon_unit_byte(u64 unit_index, u64 addr_unit)
{
	u64 byte;

	return check_mul_overflow(unit_index, addr_unit, &byte) ? ~0ULL : byte;
}

/**
 * damon_snapshot_add_region() - add the next region of the last target.
 * @s:		snapshot being built, with a target
 * @start:	in units of @addr_unit bytes, not below the region before
 * @end:	exclusive, above @start
 * @addr_unit:	bytes, at least 1
 *
 * What lies above the last 64-bit byte address is cut off.  A region that
 * begins up there is kept, so that indices stay the context's, and has the last
 * byte, which no sampler gives.
 *
 * Return: 0; -ENOSPC without room; -EINVAL if empty or out of order.
 */
static inline int damon_snapshot_add_region(struct damon_snapshot *s, u64 start,
					    u64 end, u64 addr_unit)
{
	struct damon_snapshot_target *t = &s->target[s->nr_targets - 1];
	u64 first = __damon_unit_byte(start, addr_unit);
	u64 last = __damon_unit_byte(end - 1, addr_unit);

	if (s->nr_regions == s->regions_max)
		return -ENOSPC;
	if (check_add_overflow(last, addr_unit - 1, &last))
		last = ~0ULL;
	if (start >= end ||
	    (t->nr && first <= s->last[s->nr_regions - 1] && first != ~0ULL))
		return -EINVAL;
	s->start[s->nr_regions] = first;
	s->last[s->nr_regions] = last;
	s->nr_regions++;
	t->nr++;
	return 0;
}

#endif
