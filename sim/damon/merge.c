// SPDX-License-Identifier: GPL-2.0
/*
 * Merging, in place, from left to right.
 *
 * Each region is compared with what its left neighbour has grown to, not with
 * what that was.  A merged region keeps the left one's last count: nothing is
 * averaged there, and the next window's age is decided by it.
 */
#include "context.h"
#include "merge.h"

static u32 diff(u32 a, u32 b)
{
	return a > b ? a - b : b - a;
}

void merge_age(struct region *r, u32 threshold)
{
	if (diff(r->nr_accesses, r->last_nr_accesses) > threshold ||
	    !r->nr_accesses != !r->last_nr_accesses)
		r->age = 0;
	else
		r->age++;
}

void merge_age_by_amount(struct region *r, u32 threshold)
{
	if (diff(r->nr_accesses, r->last_nr_accesses) > threshold)
		r->age = 0;
	else
		r->age++;
}

static bool alike(const struct region *l, const struct region *r, u32 threshold,
		  u64 sz_limit)
{
	return l->end == r->start &&
	       diff(l->nr_accesses, r->nr_accesses) <= threshold &&
	       region_sz(l) + region_sz(r) <= sz_limit;
}

static void merge_two(struct region *l, const struct region *r)
{
	u64 sz_l = region_sz(l), sz_r = region_sz(r);

	l->nr_accesses =
		(l->nr_accesses * sz_l + r->nr_accesses * sz_r) / (sz_l + sz_r);
	l->age = (l->age * sz_l + r->age * sz_r) / (sz_l + sz_r);
	l->moving_sum_bp = l->nr_accesses * 10000;
	l->end = r->end;
}

/* One pass over one target. */
static void merge_target(struct regions *v, u32 threshold, u64 sz_limit)
{
	u32 i, last = 0;

	for (i = 1; i < v->nr; i++) {
		if (alike(&v->at[last], &v->at[i], threshold, sz_limit))
			merge_two(&v->at[last], &v->at[i]);
		else if (++last != i)
			v->at[last] = v->at[i];
	}
	if (v->nr)
		v->nr = last + 1;
}

static void age_all(struct context *ctx, u32 threshold)
{
	struct regions *v;
	u32 i, j;

	for (i = 0; i < ctx->nr_targets; i++) {
		v = &ctx->targets[i].regions;
		for (j = 0; j < v->nr; j++)
			ctx->profile->age(&v->at[j], threshold);
	}
}

void merge_regions(struct context *ctx, u32 threshold, u64 sz_limit)
{
	/* Not attrs_nr_samples(): it is 0 for no ticks, and wraps. */
	u32 max_threshold = attrs_ticks(&ctx->attrs, ctx->attrs.aggr_us);
	u64 nr_before = context_nr_regions(ctx), nr;
	u32 i;

	/* All ages before any merge: it averages them as they are now. */
	age_all(ctx, threshold);
	for (;;) {
		for (i = 0; i < ctx->nr_targets; i++)
			merge_target(&ctx->targets[i].regions, threshold,
				     sz_limit);
		nr = context_nr_regions(ctx);
		if (nr <= ctx->attrs.max_nr_regions ||
		    threshold >= max_threshold)
			break;
		if (threshold >= max_threshold / 2)
			threshold = max_threshold;
		else
			threshold = threshold ? 2 * threshold : 1;
	}
	if (nr != nr_before)
		ctx->regions_gen++;
}
