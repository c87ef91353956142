/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which kernel's core is replicated, where kernels differ.
 *
 * A profile is the list of the places at which one core does otherwise than
 * another; all else is common to all, and nothing else asks which core it is.
 */
#ifndef PROFILE_H
#define PROFILE_H

#include <linux/types.h>

struct attrs;
struct context;
struct region;
struct rng;

/**
 * struct profile - where cores differ.
 * @name:	for users
 * @age:	count one more window into a region's age, or begin anew;
 *		@threshold is how much nr_accesses may change
 * @frequency:	accesses of a region in the last window's length
 * @rescale:	restate counters in other intervals, see attrs_rescale()
 * @random:	a number of a range, for the address that stands for a region
 * @split:	cut regions at random, see split_regions()
 * @has_moving_sum: regions keep a sum that moves with each tick
 * @has_intervals_goal: intervals can be tuned, and are checked for it
 * @has_pause:	a context can be paused
 * @has_probes:	memory can be asked for other things than accesses; older cores
 *		have no probes, weights or preparations, and regions no counts
 *		of hits
 * @limits_size: regions are cut so that there are min_nr_regions of them, in
 *		each window; else the limit is for merging only, and found anew
 *		only when what is monitored may have changed
 * @cuts_areas:	fresh areas of a process are cut into min_nr_regions at once
 * @commits_late: a commit waits for the end of a window; other calls are done
 *		before the sleep
 * @joins_ranges: ranges of a commit that touch are taken for one
 * @forgets_targets: quotas that were to go on with a target begin anew when it
 *		goes; else they wait for it for ever
 * @ends_on_failure: what is called for ends the kdamond by failing
 * @commits_dry: a commit is tried on a copy first; making that copy takes away
 *		what the running quotas have come to
 * @commits_all_attrs: attributes are set anew by a commit that leaves them
 * @zero_esz_is_open: no effective size means no limit
 * @fails_charge_less: what an action failed on may be charged in part
 * @filters_score: the core's filters are asked before a region is scored
 * @filter_resizes: what an address filter cuts off is not charged
 * @core_filters_hit_folios: operations on physical memory ask the core's
 *		filters of each folio too, and no folio matches them: one that
 *		keeps out what does not match keeps out all
 * @drops_dead_targets: schemes leave a target alone that is no longer valid
 * @remembers_folio: a folio that sticks out of a region is not acted on again
 *		in the next one
 * @counts_passed: what the operations' filters let pass is counted
 * @remerges:	neighbours that are alike are merged after schemes were applied
 * @counts_snapshots: passes over all regions are counted and may be limited
 * @frac_wraps:	a goal's score is a product that may wrap
 * @keeps_psi:	a commit of a goal goes on from the pressure that was read last
 * @has_new_traces: effective quotas and statistics have tracepoints
 * @vaddr_migrates: processes' memory can be migrated and counted
 * @clock_wraps:	points in time are compared by their distance
 * @sz_esz_min:	an effective size that comes from time is at least so much; 0:
 *		the smallest region
 */
struct profile {
	const char *name;
	void (*age)(struct region *r, u32 threshold);
	u32 (*frequency)(const struct context *ctx, const struct region *r);
	void (*rescale)(struct region *r, const struct attrs *from,
			const struct attrs *to, bool aggregating);
	u64 (*random)(struct rng *rng, u64 l, u64 r);
	int (*split)(struct context *ctx);
	bool has_moving_sum;
	bool has_intervals_goal;
	bool has_pause;
	bool has_probes;
	bool limits_size;
	bool cuts_areas;
	bool commits_late;
	bool joins_ranges;
	bool forgets_targets;
	bool ends_on_failure;
	bool commits_dry;
	bool commits_all_attrs;
	bool zero_esz_is_open;
	bool fails_charge_less;
	bool filters_score;
	bool filter_resizes;
	bool core_filters_hit_folios;
	bool drops_dead_targets;
	bool remembers_folio;
	bool counts_passed;
	bool remerges;
	bool counts_snapshots;
	bool frac_wraps;
	bool keeps_psi;
	bool has_new_traces;
	bool vaddr_migrates;
	bool clock_wraps;
	u64 sz_esz_min;
};

extern const struct profile profile_n; /* the development tree after v7.2 */
extern const struct profile profile_m; /* 6.15 to 7.2, as the series met it */
extern const struct profile profile_d; /* 6.12.117 of Debian 12 */

/* The profile of that name, or NULL. */
const struct profile *profile_by_name(const char *name);

#endif
