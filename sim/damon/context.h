/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A monitoring context: what is monitored, how, and how far it has got.
 *
 * How an access is noticed comes in through a table of operations and who wants
 * to know of the results through a table of observers, so that the context
 * serves real samples, modelled ones and tests alike.
 *
 * What a kernel keeps once for all its contexts is kept in a struct here too,
 * and handed to each context: contexts that share it disturb each other as a
 * kernel's do, and others do not.
 *
 * Not here: when anything happens (kdamond.h).
 */
#ifndef CONTEXT_H
#define CONTEXT_H

#include <linux/types.h>

#include "attrs.h"
#include "memory.h"
#include "probe.h"
#include "probe_hits.h"
#include "profile.h"
#include "region.h"
#include "rng.h"
#include "scheme.h"
#include "score.h"

struct context;
struct damos_walk;

/* Which of the kernel's sets of operations the context's follow. */
enum ops_id {
	OPS_VADDR,
	OPS_FVADDR,
	OPS_PADDR,
};

/* Timer interrupts a second unless something else is said; Debian's. */
#define CONTEXT_HZ_DEFAULT 250u

/**
 * struct target - one address space.
 * @tgid:	its process, 0 for physical memory
 * @obsolete:	only of what is committed: the target at this place is to go
 * @regions:	what is monitored of it
 */
struct target {
	u32 tgid;
	bool obsolete;
	struct regions regions;
};

/**
 * struct context_ops - how accesses are noticed.
 * @init:		begin; may give regions to targets.  Optional.
 * @prepare_access_checks: before the sleep of each tick.  Optional.
 * @check_accesses:	after it: credit each accessed region once, with
 *			context_credit().  If @need_max, return the maximum of
 *			nr_accesses over all regions, which
 *			context_max_nr_accesses() finds; else what is returned
 *			is not read.  Neither this nor @prepare_access_checks
 *			is called while probes have weights.
 * @prep_probes:	before the sleep, after @prepare_access_checks, if any
 *			probe has something to prepare.  Optional.
 * @apply_probes:	after it, after @check_accesses: count the hits of each
 *			region; if @need_max, return the greatest weighted sum.
 *			Optional: without it probes never hit.
 * @update:		what is to be monitored may have changed.  Optional.
 * @target_valid:	is there still something to monitor?  Optional; without
 *			it the context never ends by itself, with it, it ends
 *			when no target is valid.
 * @apply_scheme:	do the scheme's action to a region; return how much of
 *			it was done, and in @sz_passed what the operations'
 *			filters let pass, both in address units.  May let the
 *			context's jiffies pass.  Optional: without it schemes
 *			count what they mean and do nothing.
 * @scheme_score:	how much a region deserves the scheme's action, at most
 *			SCORE_MAX.  Optional: without it all deserve it.
 *
 * Errors are -errno.  Context: the kdamond.
 */
struct context_ops {
	int (*init)(struct context *ctx);
	void (*prepare_access_checks)(struct context *ctx);
	u32 (*check_accesses)(struct context *ctx, bool need_max);
	void (*prep_probes)(struct context *ctx);
	u32 (*apply_probes)(struct context *ctx, bool need_max);
	int (*update)(struct context *ctx);
	bool (*target_valid)(struct context *ctx, u32 target);
	u64 (*apply_scheme)(struct context *ctx, u32 target,
			    const struct region *r, struct scheme *s,
			    u64 *sz_passed);
	u32 (*scheme_score)(const struct context *ctx, const struct region *r,
			    const struct scheme *s);
};

/**
 * struct context_observer - who wants to know.
 * @aggregated:		a window is complete: called for each region in the
 *			order of targets and addresses, before the counters
 *			begin anew and before regions are split at random
 * @intervals_tuned:	the tuner sets this sample interval next, perhaps the
 *			one that was
 * @attrs_changed:	attributes are others from now on, whoever set them
 * @before_apply:	an action is about to be done to a region; @nr_accesses
 *			is what the scheme saw of it, @nr_regions how many its
 *			target has
 * @esz:		the scheme's effective quota is this from now on
 * @goal:		a goal was measured
 * @applied:		a scheme's pass is over
 *
 * Each is optional.  @data is context.observer_data.
 */
struct context_observer {
	void (*aggregated)(void *data, const struct context *ctx, u32 target,
			   u32 nr_regions, const struct region *r);
	void (*intervals_tuned)(void *data, const struct context *ctx,
				u64 sample_us);
	void (*attrs_changed)(void *data, const struct context *ctx);
	void (*before_apply)(void *data, const struct context *ctx, u32 scheme,
			     u32 target, u32 nr_regions, const struct region *r,
			     u32 nr_accesses);
	void (*esz)(void *data, const struct context *ctx, u32 scheme, u64 esz);
	void (*goal)(void *data, const struct context *ctx, u32 scheme,
		     const struct goal *goal);
	void (*applied)(void *data, const struct context *ctx, u32 scheme,
			const struct scheme_stat *stat);
};

/* Folios that are going to be migrated, and where to. */
struct folio_runs {
	struct folio_run {
		struct folio folio;
		u32 dest;
	} * at;
	u32 nr;
	u32 max;
};

/**
 * struct split_shared - what all contexts of one kernel have in common.
 * @last_nr_regions:	regions of whichever context was last to split
 * @rotation:		partial splits so far, of all contexts
 */
struct split_shared {
	u64 last_nr_regions;
	u32 rotation;
};

/**
 * struct context - one monitoring context.
 * @profile:		the core that is replicated
 * @ops:		how accesses are noticed, and what actions do
 * @ops_data:		theirs
 * @ops_id:		whose rules they follow
 * @memory:		what actions and goals are about; without one, goals
 *			keep their values and watermarks are not looked at
 * @observer:		who wants to know, or NULL
 * @observer_data:	theirs
 * @attrs:		set by context_set_attrs()
 * @passed_sample_intervals: ticks so far: the context's clock
 * @next_aggregation_sis: when, on that clock
 * @next_ops_update_sis:  likewise
 * @next_intervals_tune_sis: likewise
 * @addr_unit:		bytes of one step of an address
 * @min_region_sz:	in address units, a power of two
 * @pause:		the clock is to stand still after this tick's check
 * @maybe_corrupted:	set by a call that failed half-way: the kdamond ends
 * @targets:		what is monitored
 * @nr_targets:		how many
 * @targets_max:	room in @targets
 * @schemes:		in the order in which they are applied
 * @nr_schemes:		how many
 * @schemes_max:	room in @schemes
 * @probes:		what is asked of memory beside accesses
 * @samples:		the addresses that it is asked at
 * @walk:		who waits for the next pass of the schemes, or NULL
 * @jiffies:		the machine's clock, for quotas; never 0; the caller's
 *			to move before each step of the kdamond
 * @hz:			of @jiffies
 * @histogram:		sizes of regions by score, of the scheme last looked at
 * @runs:		where folios are collected that are going to be migrated
 * @regions_gen:	changes whenever bounds or number of any region do
 * @rng:		drawn from by the kdamond only
 * @split:		shared with other contexts
 * @spare:		where a new layout is built
 */
struct context {
	const struct profile *profile;
	const struct context_ops *ops;
	void *ops_data;
	enum ops_id ops_id;
	struct memory memory;
	const struct context_observer *observer;
	void *observer_data;
	struct attrs attrs;
	u64 passed_sample_intervals;
	u64 next_aggregation_sis;
	u64 next_ops_update_sis;
	u64 next_intervals_tune_sis;
	u64 addr_unit;
	u64 min_region_sz;
	bool pause;
	bool maybe_corrupted;
	struct target *targets;
	u32 nr_targets;
	u32 targets_max;
	struct scheme *schemes;
	u32 nr_schemes;
	u32 schemes_max;
	struct probes probes;
	struct probe_samples samples;
	struct damos_walk *walk;
	u64 jiffies;
	u32 hz;
	u64 histogram[SCORE_MAX + 1];
	struct folio_runs runs;
	u64 regions_gen;
	struct rng rng;
	struct split_shared *split;
	struct regions spare;
};

/* Is the context's clock at or past @sis?  Newer cores: also when it wraps. */
static inline bool context_reached(const struct context *ctx, u64 sis)
{
	if (!ctx->profile->clock_wraps)
		return ctx->passed_sample_intervals >= sis;
	return (s64)(ctx->passed_sample_intervals - sis) >= 0;
}

/**
 * context_init() - a context that monitors nothing, with default attributes.
 * @ctx:	storage
 * @profile:	&profile_n
 * @ops:	how accesses are noticed; @ops_data is the caller's to set
 * @split:	all zero at first; outlives the context
 * @seed:	of its random numbers
 */
void context_init(struct context *ctx, const struct profile *profile,
		  const struct context_ops *ops, struct split_shared *split,
		  u64 seed);

/* Undo context_init() and all that was added since. */
void context_fini(struct context *ctx);

/**
 * context_add_target() - monitor one more address space.
 * @ctx:	context
 * @tgid:	its process, 0 for physical memory
 *
 * Pointers to targets are stale afterwards.
 *
 * Return: 0 or -ENOMEM.
 */
int context_add_target(struct context *ctx, u32 tgid);

/* Stop to monitor a target; those behind it move up. */
void context_drop_target(struct context *ctx, u32 target);

/**
 * context_add_scheme() - one more scheme, behind the others.
 * @ctx:	context, running or not
 * @s:		scheme; on success the context's, which frees what it holds
 *
 * It is due an interval from now, or at the first tick if the context does not
 * run yet.  Pointers to schemes are stale afterwards.
 *
 * Return: 0 or -ENOMEM.
 */
int context_add_scheme(struct context *ctx, const struct scheme *s);

/* Drop the schemes from @nr on. */
void context_drop_schemes(struct context *ctx, u32 nr);

/* Quotas that were to go on with a target begin anew. */
void context_forget_charged(struct context *ctx, u32 target);

/**
 * context_set_addr_unit() - how many bytes a step of an address is.
 * @ctx:	context
 * @addr_unit:	bytes
 * @phys:	addresses are physical; the smallest region then stays a page
 *
 * Return: 0; -EINVAL if the smallest region were no power of two.
 */
int context_set_addr_unit(struct context *ctx, u64 addr_unit, bool phys);

/**
 * context_set_attrs() - monitor like this from now on.
 * @ctx:	context, running or not
 * @attrs:	attributes
 *
 * What the regions have counted is restated; the window that is under way is
 * given up and a new one begins.
 *
 * Return: 0; -EINVAL, with nothing changed.
 */
int context_set_attrs(struct context *ctx, const struct attrs *attrs);

/**
 * context_set_regions() - fit a target's regions to ranges, see set_regions().
 * @ctx:	context
 * @target:	index
 * @range:	sorted
 * @nr:		of @range
 *
 * Return: 0; -EINVAL or -ENOMEM, with nothing changed.
 */
int context_set_regions(struct context *ctx, u32 target,
			const struct range *range, u32 nr);

/* The same with bounds that are multiples of @align, a power of two. */
int context_fit_regions(struct context *ctx, u32 target,
			const struct range *range, u32 nr, u64 align);

/**
 * context_set_areas() - give a target without regions its first ones.
 * @ctx:	context
 * @target:	index
 * @range:	sorted, multiples of a page
 * @nr:		of @range
 *
 * As context_set_regions(), and some cores cut them evenly at once.
 *
 * Return: 0; -EINVAL or -ENOMEM.
 */
int context_set_areas(struct context *ctx, u32 target,
		      const struct range *range, u32 nr);

/**
 * context_split_region() - cut a region in two, see regions_split_at().
 * @ctx:	context
 * @target:	index
 * @region:	index in the target
 * @sz:		size of the left part
 *
 * Return: 0; -EINVAL or -ENOMEM, with nothing changed.
 */
int context_split_region(struct context *ctx, u32 target, u32 region, u64 sz);

/**
 * context_credit() - a region was accessed in this tick.
 * @ctx:	context
 * @target:	index
 * @region:	index in the target
 *
 * At most once a tick and region: nr_accesses counts ticks.
 */
static inline void context_credit(struct context *ctx, u32 target, u32 region)
{
	struct region *r = &ctx->targets[target].regions.at[region];

	r->nr_accesses++;
	/* Where none is kept nobody reads it. */
	r->moving_sum_bp += 10000;
}

/* What check_accesses() returns when it is asked: visits every region. */
u32 context_max_nr_accesses(const struct context *ctx);

/* Regions of all targets. */
u64 context_nr_regions(const struct context *ctx);

#endif
