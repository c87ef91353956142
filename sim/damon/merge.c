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
#include "probe.h"

static u32 diff(u32 a, u32 b)
{
	return a > b ? a - b : b - a;
}

static void age_by(struct region *r, u32 now, u32 last, u32 threshold)
{
	if (diff(now, last) > threshold || !now != !last)
		r->age = 0;
	else
		r->age++;
}

void merge_age(struct region *r, u32 threshold)
{
	age_by(r, r->nr_accesses, r->last_nr_accesses, threshold);
}

void merge_age_by_amount(struct region *r, u32 threshold)
{
	if (diff(r->nr_accesses, r->last_nr_accesses) > threshold)
		r->age = 0;
	else
		r->age++;
}

/* What regions are compared by; @probes: those that have weights, or NULL. */
static u32 score(const struct probes *probes, const struct region *r)
{
	return probes ? probes_wsum(probes, r) : r->nr_accesses;
}

static bool alike(const struct probes *probes, const struct region *l,
		  const struct region *r, u32 threshold, u64 sz_limit)
{
	return l->end == r->start &&
	       diff(score(probes, l), score(probes, r)) <= threshold &&
	       region_sz(l) + region_sz(r) <= sz_limit;
}

static void merge_two(struct region *l, const struct region *r)
{
	u64 sz_l = region_sz(l), sz_r = region_sz(r);
	u32 i;

	l->nr_accesses =
		(l->nr_accesses * sz_l + r->nr_accesses * sz_r) / (sz_l + sz_r);
	l->age = (l->age * sz_l + r->age * sz_r) / (sz_l + sz_r);
	for (i = 0; i < PROBES_MAX; i++)
		l->probe_hits[i] =
			(l->probe_hits[i] * sz_l + r->probe_hits[i] * sz_r) /
			(sz_l + sz_r);
	l->moving_sum_bp = l->nr_accesses * 10000;
	l->end = r->end;
}

/* One pass over one target. */
static void merge_target(const struct probes *probes, struct regions *v,
			 u32 threshold, u64 sz_limit)
{
	u32 i, last = 0;

	for (i = 1; i < v->nr; i++) {
		if (alike(probes, &v->at[last], &v->at[i], threshold, sz_limit))
			merge_two(&v->at[last], &v->at[i]);
		else if (++last != i)
			v->at[last] = v->at[i];
	}
	if (v->nr)
		v->nr = last + 1;
}

static void age_all(struct context *ctx, const struct probes *probes,
		    u32 threshold)
{
	struct regions *v;
	struct region *r;
	u32 i, j;

	for (i = 0; i < ctx->nr_targets; i++) {
		v = &ctx->targets[i].regions;
		for (j = 0; j < v->nr; j++) {
			r = &v->at[j];
			if (probes)
				age_by(r, probes_wsum(probes, r),
				       probes_last_wsum(probes, r), threshold);
			else
				ctx->profile->age(r, threshold);
		}
	}
}

void merge_regions(struct context *ctx, u32 threshold, u64 sz_limit)
{
	/* Not attrs_nr_samples(): it is 0 for no ticks, and wraps. */
	u32 max_threshold = attrs_ticks(&ctx->attrs, ctx->attrs.aggr_us);
	const struct probes *probes =
		probes_weighted(ctx) ? &ctx->probes : NULL;
	u64 nr_before = context_nr_regions(ctx), nr;
	u32 i;

	/* All ages before any merge: it averages them as they are now. */
	age_all(ctx, probes, threshold);
	for (;;) {
		for (i = 0; i < ctx->nr_targets; i++)
			merge_target(probes, &ctx->targets[i].regions,
				     threshold, sz_limit);
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
