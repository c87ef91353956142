/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which region holds an address: search over a flat, sorted snapshot.
 *
 * The bounds of all regions stand in two arrays, target after target, so that a
 * step of the search is one load at a computed place.  Several lookups go
 * through their steps together: while one waits for memory the others' loads
 * are under way.  A step has no branch to mispredict.  The snapshot is kept for
 * as long as the regions are; the kdamond builds a new one when they changed.
 *
 * Bounds are in bytes: a context's address unit is multiplied in once when the
 * snapshot is built, and no report is ever divided.
 *
 * The straddle rule: a report names a block, and only the region that holds the
 * whole block is credited.  A block that crosses the end of a region, or into
 * one, says nothing about either side and is refused by name; a sampler that
 * knows the byte (sz_order 0) never straddles.
 *
 * Who calls it: the kdamond.  Progress: bounded by the logarithm of the
 * regions.
 *
 * Not here: storage, and what a hit means (tick.h).
 */
#ifndef _DAMON_MATCH_H
#define _DAMON_MATCH_H

#include <linux/errno.h>
#include <linux/overflow.h>
#include <linux/types.h>

#include "report.h"
#include "stats.h"

/*
 * Lookups in flight.  Eight loads in flight is what a core's miss buffers hold
 * with room for the rest of the loop; twice as many gains nothing.
 */
#define DAMON_MATCH_LANES 8

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
 * struct damon_match - what a report means to a snapshot.
 * @loss:	DAMON_LOST_NOT, NO_TARGET, NO_REGION or STRADDLE
 * @region:	index into the snapshot's regions if @loss is DAMON_LOST_NOT
 * @target:	index of the target that was asked, if there was one
 */
struct damon_match {
	enum damon_loss loss;
	u32 region;
	u32 target;
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

/*
 * In each lane, find the last of the @nr regions from @first on that begins at
 * or below the lane's address, or @first if none does.  Written out lane by
 * lane, because then the places are kept in registers.
 */
static inline void __damon_search(const u64 *start, u32 first, u32 nr,
				  const u64 *addr, u32 *at)
{
	u32 at0 = first, at1 = first, at2 = first, at3 = first;
	u32 at4 = first, at5 = first, at6 = first, at7 = first;
	u32 half;

	for (; nr > 1; nr -= half) {
		half = nr >> 1;
		/* A mask, not a branch: the outcome is a coin's. */
#define STEP(n) (at##n += half & -(u32)(start[at##n + half] <= addr[n]))
		STEP(0), STEP(1), STEP(2), STEP(3);
		STEP(4), STEP(5), STEP(6), STEP(7);
#undef STEP
	}
	at[0] = at0, at[1] = at1, at[2] = at2, at[3] = at3;
	at[4] = at4, at[5] = at5, at[6] = at6, at[7] = at7;
}

/* The straddle rule, for a report and the region that the search found. */
static inline enum damon_loss __damon_fit(const struct damon_snapshot *s,
					  const struct damon_snapshot_target *t,
					  u32 region,
					  const struct damon_report *report)
{
	u64 first = report->addr;
	u64 last = first + ((1ULL << report->sz_order) - 1);

	if (!t->nr)
		return DAMON_LOST_NO_REGION;
	if (first < s->start[region]) /* below the target's first region */
		return last < s->start[region] ? DAMON_LOST_NO_REGION :
						 DAMON_LOST_STRADDLE;
	if (last <= s->last[region])
		return DAMON_LOST_NOT;
	if (first <= s->last[region])
		return DAMON_LOST_STRADDLE;
	/* In the hole above the region; does it reach the next one? */
	if (++region < t->first + t->nr && last >= s->start[region])
		return DAMON_LOST_STRADDLE;
	return DAMON_LOST_NO_REGION;
}

/* First target at or after @from that the process is, or nr_targets. */
static inline u32 __damon_find_target(const struct damon_snapshot *s, u32 tgid,
				      u32 from)
{
	while (from < s->nr_targets && !s->phys && s->target[from].tgid != tgid)
		from++;
	return from;
}

/* Match @nr reports, at most DAMON_MATCH_LANES, with one target. */
static inline void __damon_match_target(const struct damon_snapshot *s,
					u32 target,
					const struct damon_report *report,
					u32 nr, struct damon_match *out)
{
	const struct damon_snapshot_target *t = &s->target[target];
	u64 addr[DAMON_MATCH_LANES] = { 0 };
	u32 at[DAMON_MATCH_LANES], i;

	for (i = 0; i < nr; i++)
		addr[i] = report[i].addr;
	__damon_search(s->start, t->first, t->nr, addr, at);
	for (i = 0; i < nr; i++) {
		out[i].target = target;
		out[i].region = at[i];
		out[i].loss = __damon_fit(s, t, out[i].region, &report[i]);
	}
}

/**
 * damon_match() - find the regions of reports.
 * @s:		snapshot
 * @report:	reports of one CPU, at least 1
 * @nr:		at most DAMON_MATCH_LANES
 * @out:	one match a report, for as many as were looked at
 *
 * A report is looked up in the first target that its process is;
 * damon_match_next() goes on where a process is several.  Reports of one CPU
 * tend to be of one process: those that follow the first one in that are looked
 * up with it.
 *
 * Return: how many reports were looked at, at least 1.
 */
static inline u32 damon_match(const struct damon_snapshot *s,
			      const struct damon_report *report, u32 nr,
			      struct damon_match *out)
{
	u32 target = __damon_find_target(s, report[0].tgid, 0), same = 1;

	if (target == s->nr_targets) {
		out[0] = (struct damon_match){
			.loss = DAMON_LOST_NO_TARGET,
			.target = target,
		};
		return 1;
	}
	while (same < nr && (s->phys || report[same].tgid == report[0].tgid))
		same++;
	__damon_match_target(s, target, report, same, out);
	return same;
}

/**
 * damon_match_next() - look the report up in the next target of its process.
 * @s:		snapshot with @repeats set; else there is no next
 * @report:	one report
 * @m:		its match so far, replaced if there is a next target
 *
 * Return: false if there was no further target; @m is untouched then.
 */
static inline bool damon_match_next(const struct damon_snapshot *s,
				    const struct damon_report *report,
				    struct damon_match *m)
{
	u32 target;

	if (m->target >= s->nr_targets)
		return false;
	target = __damon_find_target(s, report->tgid, m->target + 1);
	if (target == s->nr_targets)
		return false;
	__damon_match_target(s, target, report, 1, m);
	return true;
}

#endif
