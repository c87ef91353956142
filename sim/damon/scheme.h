/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An operation scheme: what to do to which regions, how much of it, when.
 *
 * Only what it is made of.  The fields that a user sets and those that the
 * kdamond keeps stand apart, because a commit copies the former and leaves the
 * latter as they are.
 *
 * Sizes are in the context's address units unless a name says otherwise.
 *
 * Not here: applying it (damos.h), its quota over time (esz.h).
 */
#ifndef SCHEME_H
#define SCHEME_H

#include <linux/types.h>

#include "memory.h"

struct region;

/* In the kernel's order, which is also sysfs's. */
enum scheme_action {
	SCHEME_WILLNEED,
	SCHEME_COLD,
	SCHEME_PAGEOUT,
	SCHEME_HUGEPAGE,
	SCHEME_NOHUGEPAGE,
	SCHEME_COLLAPSE,
	SCHEME_LRU_PRIO,
	SCHEME_LRU_DEPRIO,
	SCHEME_MIGRATE_HOT,
	SCHEME_MIGRATE_COLD,
	SCHEME_STAT,
	NR_SCHEME_ACTIONS,
};

/* All bounds are inclusive; counts are of ticks and of windows. */
struct scheme_pattern {
	u64 min_sz;
	u64 max_sz;
	u32 min_nr_accesses;
	u32 max_nr_accesses;
	u32 min_age;
	u32 max_age;
};

enum goal_metric {
	GOAL_USER_INPUT,
	GOAL_SOME_MEM_PSI_US,
	GOAL_NODE_MEM_USED_BP,
	GOAL_NODE_MEM_FREE_BP,
	GOAL_NODE_MEMCG_USED_BP,
	GOAL_NODE_MEMCG_FREE_BP,
	GOAL_ACTIVE_MEM_BP,
	GOAL_INACTIVE_MEM_BP,
	GOAL_NODE_ELIGIBLE_MEM_BP,
	GOAL_HUGEPAGE_MEM_BP,
	NR_GOAL_METRICS,
};

/* No pressure has been read so far. */
#define GOAL_PSI_UNKNOWN (~0ULL)

/**
 * struct goal - what a quota is tuned for.
 * @metric:	what is measured
 * @target_value: what is wanted, in the metric's unit, not 0
 * @current_value: what was measured last; of user_input, the user's
 * @nid:	node, for the metrics of nodes
 * @memcg:	group, for the metrics of groups
 * @last_psi_us: total pressure at the last measurement
 */
struct goal {
	enum goal_metric metric;
	u64 target_value;
	u64 current_value;
	s32 nid;
	u32 memcg;
	u64 last_psi_us;
};

enum goal_tuner {
	TUNER_CONSIST,
	TUNER_TEMPORAL,
};

/* What a user says of a quota. */
struct quota_limits {
	u64 reset_interval_ms;
	u64 time_ms;
	u64 sz;
	enum goal_tuner tuner;
	u32 weight_sz; /* the core never reads it */
	u32 weight_nr_accesses;
	u32 weight_age;
	u32 fail_charge_num;
	u32 fail_charge_denom; /* 0: what failed is charged in full */
};

/* A target that is no more: no other one is it. */
#define CHARGE_TARGET_GONE (~0u)

/**
 * struct quota_state - what the kdamond keeps of a quota; all 0 at first.
 * @esz:		effective size of this window
 * @esz_bp:		the tuner's last word, bp
 * @total_charged_sz:	in all windows before this one
 * @total_charged_ns:	time taken by what was charged
 * @charged_sz:		in this window
 * @charged_from:	jiffies when the window began
 * @charge_target_from:	go on with this target, plus one; 0: with any; or
 *			CHARGE_TARGET_GONE
 * @charge_addr_from:	go on from here in it
 * @min_score:		regions below are left alone
 */
struct quota_state {
	u64 esz;
	u64 esz_bp;
	u64 total_charged_sz;
	u64 total_charged_ns;
	u64 charged_sz;
	u64 charged_from;
	u32 charge_target_from;
	u64 charge_addr_from;
	u32 min_score;
};

struct quota {
	struct quota_limits limits;
	struct goal *goal;
	u32 nr_goals;
	struct quota_state state;
};

enum filter_type {
	FILTER_ANON,
	FILTER_ACTIVE,
	FILTER_MEMCG,
	FILTER_YOUNG,
	FILTER_HUGEPAGE_SZ,
	FILTER_UNMAPPED,
	FILTER_ADDR,
	FILTER_TARGET,
	FILTER_PROBE_HITS_WSUM,
	NR_FILTER_TYPES,
};

/* Both included (huge page sizes, bytes; sums) or half open (addresses). */
struct filter_bounds {
	u64 min;
	u64 max;
};

/**
 * struct filter - what of a region is meant.
 * @type:	what is looked at
 * @matching:	those that are of that type, or those that are not
 * @allow:	let them pass, or keep them out
 * @addr:	FILTER_ADDR: start and end
 * @hugepage_sz: FILTER_HUGEPAGE_SZ
 * @wsum:	FILTER_PROBE_HITS_WSUM: see probes_moving_wsum()
 * @target:	FILTER_TARGET: index
 * @memcg:	FILTER_MEMCG: group
 */
struct filter {
	enum filter_type type;
	bool matching;
	bool allow;
	union {
		struct filter_bounds addr;
		struct filter_bounds hugepage_sz;
		struct filter_bounds wsum;
		s32 target;
		u32 memcg;
	};
};

/* Filters of one layer, in the order in which they are asked. */
struct filters {
	struct filter *at;
	u32 nr;
	bool default_reject;
};

enum wmark_metric {
	WMARK_NONE,
	WMARK_FREE_MEM_RATE, /* permil of all pages */
};

/* When a scheme sleeps. */
struct wmarks {
	enum wmark_metric metric;
	u64 interval_us;
	u64 high;
	u64 mid;
	u64 low;
	bool activated;
};

struct scheme_dest {
	u32 nid;
	u32 weight;
};

struct scheme_stat {
	u64 nr_tried;
	u64 sz_tried;
	u64 nr_applied;
	u64 sz_applied;
	u64 sz_ops_filter_passed;
	u64 qt_exceeds;
	u64 nr_snapshots;
};

/**
 * struct scheme - one scheme.
 * @pattern:		which regions
 * @action:		what to do to them
 * @apply_interval_us:	how often; 0 is once a window
 * @next_apply_sis:	when next, on the context's clock
 * @walk_completed:	its part of a walk is over, see damos_walk
 * @core_filters_allowed: the core's filters let this region pass by name: the
 *			operations' are not asked
 * @quota:		how much
 * @wmarks:		when not
 * @target_nid:		where to, for the migrations
 * @dest:		where to, by weight, instead of @target_nid
 * @nr_dests:		of @dest
 * @core_filters:	of addresses, targets and probes' hits
 * @ops_filters:	of folios
 * @last_applied:	start of the folio that the last walk ended with, see
 *			@has_last_applied
 * @last_applied_tgid:	whose, if addresses are a process's
 * @has_last_applied:	there is one
 * @stat:		what was done
 * @max_nr_snapshots:	do no more once @stat has so many; 0: for ever
 */
struct scheme {
	struct scheme_pattern pattern;
	enum scheme_action action;
	u64 apply_interval_us;
	u64 next_apply_sis;
	bool walk_completed;
	bool core_filters_allowed;
	struct quota quota;
	struct wmarks wmarks;
	s32 target_nid;
	struct scheme_dest *dest;
	u32 nr_dests;
	struct filters core_filters;
	struct filters ops_filters;
	u64 last_applied;
	u32 last_applied_tgid;
	bool has_last_applied;
	struct scheme_stat stat;
	u64 max_nr_snapshots;
};

/* As sysfs names them, for users; indexed by their enumerations. */
extern const char *const scheme_action_name[NR_SCHEME_ACTIONS];
extern const char *const goal_metric_name[NR_GOAL_METRICS];
extern const char *const filter_type_name[NR_FILTER_TYPES];

/* Is it asked by the core, or by the operations? */
static inline bool filter_is_core(enum filter_type type)
{
	return type == FILTER_ADDR || type == FILTER_TARGET ||
	       type == FILTER_PROBE_HITS_WSUM;
}

/**
 * scheme_init() - a scheme that does @action to nothing.
 * @s:		storage
 * @action:	what to do
 *
 * All bounds of the pattern are 0, as in a fresh sysfs directory.
 */
void scheme_init(struct scheme *s, enum scheme_action action);

void scheme_fini(struct scheme *s);

/**
 * scheme_add_goal() - one more goal, behind the others.
 * @s:		scheme
 * @goal:	goal; no pressure has been read for it so far
 *
 * Return: 0; -EINVAL for a target of 0; -ENOMEM.
 */
int scheme_add_goal(struct scheme *s, const struct goal *goal);

/**
 * scheme_add_filter() - one more filter, behind the others of its layer.
 *
 * Return: 0; -EINVAL for bounds the wrong way round; -ENOMEM.
 */
int scheme_add_filter(struct scheme *s, const struct filter *filter);

/* One more destination.  Return: 0; -ENOMEM. */
int scheme_add_dest(struct scheme *s, u32 nid, u32 weight);

/**
 * scheme_set_default_reject() - what of a region that no filter speaks of.
 * @s:		scheme whose filters are complete
 *
 * A list that ends by allowing some is meant to keep out the others.
 */
void scheme_set_default_reject(struct scheme *s);

/**
 * scheme_commit() - let @dst be what the user says that @src is.
 * @dst:	scheme, running or not; keeps what the kdamond keeps
 * @src:	scheme
 * @keep_psi:	go on from the pressure that was read last, see struct profile
 *
 * Watermarks are copied whole: a sleeping scheme wakes.
 *
 * Return: 0; -EINVAL for a goal of 0; -ENOMEM.  On failure @dst is partly
 * the one and partly the other, as in the kernel.
 */
int scheme_commit(struct scheme *dst, const struct scheme *src, bool keep_psi);

/**
 * scheme_commit_goals() - change the goals and nothing else.
 * @dst:	scheme, running or not
 * @src:	scheme with the goals
 * @keep_psi:	go on from the pressure that was read last, see struct profile
 *
 * Return: 0; -EINVAL for a goal of 0; -ENOMEM.
 */
int scheme_commit_goals(struct scheme *dst, const struct scheme *src,
			bool keep_psi);

#endif
