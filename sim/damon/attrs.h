/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a context monitors: intervals, bounds on the number of regions, and the
 * goal that the intervals may be tuned for.
 *
 * All times are whole microseconds and all divisions truncate; an interval of 0
 * counts as 1 wherever something is divided by it.
 *
 * Not here: what a change of them does to a running context (context.h).
 */
#ifndef ATTRS_H
#define ATTRS_H

#include <linux/types.h>

struct region;

/**
 * struct intervals_goal - what the intervals are tuned for.
 * @access_bp:		of the accesses that could be observed, so many bp
 * @nr_aggrs:		aggregations from one tuning to the next, 0 for none
 * @min_sample_us:	least sample interval
 * @max_sample_us:	greatest
 */
struct intervals_goal {
	u64 access_bp;
	u64 nr_aggrs;
	u64 min_sample_us;
	u64 max_sample_us;
};

/**
 * struct attrs - monitoring attributes.
 * @sample_us:		a tick
 * @aggr_us:		a window
 * @ops_update_us:	from one look at what is to be monitored to the next
 * @goal:		of the intervals
 * @min_nr_regions:	at least 3
 * @max_nr_regions:	at least @min_nr_regions
 * @aggr_samples:	ticks in a window, kept while tuning; 0 to have it
 *			derived
 */
struct attrs {
	u64 sample_us;
	u64 aggr_us;
	u64 ops_update_us;
	struct intervals_goal goal;
	u64 min_nr_regions;
	u64 max_nr_regions;
	u64 aggr_samples;
};

/* What a context has that was told nothing: 5 ms, 100 ms, 60 s, 10..1000. */
extern const struct attrs attrs_default;

/* How many whole ticks an interval has. */
static inline u64 attrs_ticks(const struct attrs *attrs, u64 interval_us)
{
	return interval_us / (attrs->sample_us ? attrs->sample_us : 1);
}

/**
 * attrs_nr_samples() - what nr_accesses reaches if every tick sees an access.
 * @attrs:	attributes
 *
 * Return: ticks in a window, at least 1, at most what 32 bits hold.
 */
u32 attrs_nr_samples(const struct attrs *attrs);

/**
 * attrs_check() - may a context monitor like this?
 * @attrs:	attributes
 * @goal:	also look at the goal of the intervals
 *
 * Return: 0 or -EINVAL.
 */
int attrs_check(const struct attrs *attrs, bool goal);

/**
 * attrs_rescale() - restate a region's counters in other intervals.
 * @r:			region
 * @from:		intervals in which it was counted
 * @to:			intervals in which it is going to be
 * @aggregating:	the window is not complete: what it counted is lost
 *
 * What cannot be stated, because an interval is 0, stays.  Nothing is clamped.
 */
void attrs_rescale(struct region *r, const struct attrs *from,
		   const struct attrs *to, bool aggregating);

/* The same of cores that keep a moving sum, from 6.15 on and before. */
void attrs_rescale_sum(struct region *r, const struct attrs *from,
		       const struct attrs *to, bool aggregating);
void attrs_rescale_count(struct region *r, const struct attrs *from,
			 const struct attrs *to, bool aggregating);

#endif
