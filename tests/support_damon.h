/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of the monitoring core share: contexts made at random, and a
 * second opinion on merges and splits.
 *
 * The second opinion keeps regions one by one in a linked list and multiplies
 * with 128 bits.  It has no concern but to be plainly right where no product
 * wraps.
 */
#ifndef SUPPORT_DAMON_H
#define SUPPORT_DAMON_H

#include "damon/context.h"

/* Many random cases in one test: a process for each were too slow. */
#define for_each_seed(seed, nr) for ((seed) = 1; (seed) <= (nr); (seed)++)

/* No init, no update, nothing accessed. */
extern const struct context_ops support_idle_ops;

/*
 * Regions as rows of start, end, nr_accesses, last_nr_accesses, age; what a row
 * leaves out is 0.
 */
void support_add_target(struct context *ctx, const u64 (*row)[5], u32 nr);
void support_expect(const struct context *ctx, u32 target, const u64 (*row)[5],
		    u32 nr);

#define SUPPORT_ROWS(...)                \
	(const u64[][5]){ __VA_ARGS__ }, \
		sizeof((const u64[][5]){ __VA_ARGS__ }) / sizeof(u64[5])

/* Add a target with these rows; check that target 0 has these. */
#define support_target_is(ctx, ...) \
	support_add_target(ctx, SUPPORT_ROWS(__VA_ARGS__))
#define support_is(ctx, ...) support_expect(ctx, 0, SUPPORT_ROWS(__VA_ARGS__))

/* How random contexts are made. */
struct support_shape {
	u32 nr_targets;
	u32 nr_regions; /* of each, at most */
	u32 nr_accesses_max;
	u64 region_sz_max; /* in smallest regions */
	u32 hole_percent; /* of borders */
	bool unaligned; /* bounds are any number */
};

/* Targets and regions for a context that has none. */
void support_random_targets(struct context *ctx, struct rng *rng,
			    const struct support_shape *shape);

/* Sorted, disjoint, none empty. */
void support_check_layout(const struct context *ctx);

/* Total size. */
u64 support_total_sz(const struct context *ctx);

struct oracle_region {
	u64 start, end;
	u32 nr, last, age;
	struct oracle_region *next;
};

#define ORACLE_TARGETS_MAX 8

struct oracle {
	struct oracle_region *first[ORACLE_TARGETS_MAX];
	u32 nr_targets;
};

/* A copy of the regions of a context. */
void oracle_init(struct oracle *o, const struct context *ctx);
void oracle_fini(struct oracle *o);

/* Fails the test unless the context has the very same. */
void oracle_compare(const struct oracle *o, const struct context *ctx);

void oracle_merge(struct oracle *o, u32 threshold, u64 sz_limit, u32 window,
		  u64 max_nr_regions);
void oracle_split(struct oracle *o, struct rng *rng,
		  struct split_shared *shared, u64 min_sz, u64 max_nr_regions);
u64 oracle_size_limit_apply(struct oracle *o, u64 min_sz, u64 min_nr_regions);

#endif
