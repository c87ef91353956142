/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which region holds an address: search over a snapshot.
 *
 * Several lookups go through their steps together: while one waits for memory
 * the others' loads are under way.  A step has no branch to mispredict.
 *
 * The straddle rule: a report names a block, and only the region that holds the
 * whole block is credited.  A block that crosses the end of a region, or into
 * one, says nothing about either side and is refused by name; a sampler that
 * knows the byte (sz_order 0) never straddles.
 *
 * Who calls it: the kdamond.  Progress: bounded by the logarithm of the
 * regions.
 *
 * Not here: the snapshot (snapshot.h), and what a hit means (tick.h).
 */
#ifndef _DAMON_MATCH_H
#define _DAMON_MATCH_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "report.h"
#include "snapshot.h"
#include "stats.h"

/*
 * Lookups in flight.  Eight loads in flight is what a core's miss buffers hold
 * with room for the rest of the loop; twice as many gains nothing.
 */
#define DAMON_MATCH_LANES 8

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

/*
 * One step of a search: go on at the upper half, or stay.  A mask, since the
 * outcome is a coin's; hidden, or compilers make a branch of it.
 */
static inline const u64 *__damon_step(const u64 *at, u64 half, u64 addr)
{
	u64 below = -(u64)(addr < at[half]);

	OPTIMIZER_HIDE_VAR(below);
	return at + (half & ~below);
}

/*
 * In each lane, find the last of the @nr regions from @first on that begins at
 * or below the lane's address, or @first if none does.  Written out lane by
 * lane, because then the places are kept in registers.
 */
static inline void __damon_search(const u64 *start, u32 first, u32 nr,
				  const u64 *addr, u32 *at)
{
	const u64 *at0 = start + first, *at1 = at0, *at2 = at0, *at3 = at0;
	const u64 *at4 = at0, *at5 = at0, *at6 = at0, *at7 = at0;
	u64 half;

	for (; nr > 1; nr -= half) {
		half = nr >> 1;
#define STEP(n) (at##n = __damon_step(at##n, half, addr[n]))
		STEP(0), STEP(1), STEP(2), STEP(3);
		STEP(4), STEP(5), STEP(6), STEP(7);
#undef STEP
	}
#define DONE(n) (at[n] = at##n - start)
	DONE(0), DONE(1), DONE(2), DONE(3), DONE(4), DONE(5), DONE(6), DONE(7);
#undef DONE
}

/* The same for one address: lanes that are empty cost what full ones do. */
static inline u32 __damon_search_one(const u64 *start, u32 first, u32 nr,
				     u64 addr)
{
	const u64 *at = start + first;
	u64 half;

	while (nr > 1) {
		half = nr >> 1;
		at = __damon_step(at, half, addr);
		nr -= half;
	}
	return at - start;
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
	u32 at[DAMON_MATCH_LANES] = { 0 }, i;

	for (i = 0; i < nr; i++)
		addr[i] = report[i].addr;
	/* Without regions there may be no array to point into. */
	if (likely(t->nr) && nr == 1)
		at[0] = __damon_search_one(s->start, t->first, t->nr, addr[0]);
	else if (likely(t->nr))
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
	u32 target = __damon_find_target(s, report[0].tgid, 0);
	u32 same = s->phys ? nr : 1;

	if (target == s->nr_targets) {
		out[0] = (struct damon_match){
			.loss = DAMON_LOST_NO_TARGET,
			.target = target,
		};
		return 1;
	}
	while (same < nr && report[same].tgid == report[0].tgid)
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
