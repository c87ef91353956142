// SPDX-License-Identifier: GPL-2.0
/*
 * Commit, part by part, in the kernel's order; see context_commit.h.
 *
 * A part that fails leaves what came before it changed: that is why newer cores
 * try all of it on a copy.
 */
#include <stdlib.h>

#include <linux/errno.h>

#include "context.h"
#include "context_commit.h"

/* The core can measure some goals by physical address only. */
static int check_goals(const struct context *src)
{
	u32 i, j;

	for (i = 0; i < src->nr_schemes; i++) {
		const struct quota *q = &src->schemes[i].quota;

		for (j = 0; j < q->nr_goals; j++)
			if (q->goal[j].metric == GOAL_NODE_ELIGIBLE_MEM_BP &&
			    src->ops_id != OPS_PADDR)
				return -EINVAL;
	}
	return 0;
}

static int add_scheme(struct context *dst, const struct scheme *src)
{
	struct scheme s;
	int err;

	scheme_init(&s, src->action);
	err = scheme_commit(&s, src, dst->profile->keeps_psi);
	if (!err)
		err = context_add_scheme(dst, &s);
	if (err)
		scheme_fini(&s);
	return err;
}

static int commit_schemes(struct context *dst, const struct context *src)
{
	u32 i;
	int err = 0;

	context_drop_schemes(dst, src->nr_schemes);
	for (i = 0; i < src->nr_schemes && !err; i++) {
		if (i < dst->nr_schemes)
			err = scheme_commit(&dst->schemes[i], &src->schemes[i],
					    dst->profile->keeps_psi);
		else
			err = add_scheme(dst, &src->schemes[i]);
	}
	return err;
}

/* Counters of what the ranges cover stay. */
static int commit_regions(struct context *dst, u32 target,
			  const struct regions *v, u64 min_sz)
{
	struct range *range;
	u32 i, nr = 0;
	int err;

	if (!v->nr)
		return 0;
	range = malloc(v->nr * sizeof(*range));
	if (!range)
		return -ENOMEM;
	for (i = 0; i < v->nr; i++) {
		if (dst->profile->joins_ranges && nr &&
		    range[nr - 1].end == v->at[i].start)
			range[nr - 1].end = v->at[i].end;
		else
			range[nr++] =
				(struct range){ v->at[i].start, v->at[i].end };
	}
	err = context_fit_regions(dst, target, range, nr, min_sz);
	free(range);
	return err;
}

/* @min_sz: of the regions that are committed, not yet of those that are here */
static int commit_target(struct context *dst, u32 target,
			 const struct target *src, u64 min_sz)
{
	int err = commit_regions(dst, target, &src->regions, min_sz);

	if (!err && dst->targets[target].tgid != src->tgid) {
		dst->targets[target].tgid = src->tgid;
		dst->regions_gen++;
	}
	return err;
}

static int add_target(struct context *dst, const struct target *src, u64 min_sz)
{
	int err;

	if (src->obsolete)
		return -EINVAL;
	err = context_add_target(dst, src->tgid);
	if (err)
		return err;
	err = commit_target(dst, dst->nr_targets - 1, src, min_sz);
	if (err)
		context_drop_target(dst, dst->nr_targets - 1);
	return err;
}

static int commit_targets(struct context *dst, const struct context *src)
{
	u32 nr = dst->nr_targets, at = 0, i;
	int err = 0;

	for (i = 0; i < src->nr_targets && !err; i++) {
		const struct target *t = &src->targets[i];

		if (i >= nr)
			err = add_target(dst, t, src->min_region_sz);
		else if (t->obsolete)
			context_drop_target(dst, at);
		else
			err = commit_target(dst, at++, t, src->min_region_sz);
	}
	/* What the other one has no more. */
	for (; i < nr && !err; i++)
		context_drop_target(dst, at);
	return err;
}

static bool same_attrs(const struct attrs *a, const struct attrs *b)
{
	return a->sample_us == b->sample_us && a->aggr_us == b->aggr_us &&
	       a->ops_update_us == b->ops_update_us &&
	       a->goal.access_bp == b->goal.access_bp &&
	       a->goal.nr_aggrs == b->goal.nr_aggrs &&
	       a->goal.min_sample_us == b->goal.min_sample_us &&
	       a->goal.max_sample_us == b->goal.max_sample_us &&
	       a->min_nr_regions == b->min_nr_regions &&
	       a->max_nr_regions == b->max_nr_regions;
}

static int commit_attrs(struct context *dst, const struct attrs *src)
{
	struct attrs attrs = *src;

	if (!dst->profile->commits_all_attrs && same_attrs(&dst->attrs, src))
		return 0;
	/* Derived anew: a user does not give it. */
	attrs.aggr_samples = 0;
	return context_set_attrs(dst, &attrs);
}

static int commit_parts(struct context *dst, const struct context *src)
{
	u64 sz = src->min_region_sz;
	int err;

	if (!sz || sz & (sz - 1))
		return -EINVAL;
	err = check_goals(src);
	if (!err && dst->profile->has_probes)
		err = probes_check(&src->probes, &src->attrs);
	if (!err)
		err = commit_schemes(dst, src);
	if (!err)
		err = commit_targets(dst, src);
	if (!err)
		err = commit_attrs(dst, &src->attrs);
	if (err)
		return err;
	dst->pause = src->pause;
	dst->ops_id = src->ops_id;
	if (dst->profile->has_probes)
		err = probes_commit(&dst->probes, &src->probes);
	if (err)
		return err;
	if (dst->addr_unit != src->addr_unit || dst->min_region_sz != sz)
		dst->regions_gen++;
	dst->addr_unit = src->addr_unit;
	dst->min_region_sz = sz;
	return 0;
}

/* The quotas that a copy is made of: the constructor clears its argument. */
static void forget_quotas(struct context *ctx)
{
	u32 i;

	for (i = 0; i < ctx->nr_schemes; i++) {
		struct quota_state *state = &ctx->schemes[i].quota.state;

		*state = (struct quota_state){ .min_score = state->min_score };
	}
}

/* On a copy of @dst, or on nothing; what it has found out is not tried. */
static int try_commit(struct context *dst, const struct context *src)
{
	static const struct context_ops no_ops;
	struct split_shared split = { 0 };
	struct context copy;
	int err = 0;

	context_init(&copy, src->profile, &no_ops, &split, 0);
	if (dst) {
		err = commit_parts(&copy, dst) ? -ENOMEM : 0;
		forget_quotas(dst);
	}
	if (!err)
		err = commit_parts(&copy, src);
	context_fini(&copy);
	return err;
}

int context_commit(struct context *dst, const struct context *src)
{
	int err = 0;

	if (dst->profile->commits_dry)
		err = try_commit(dst, src);
	if (err)
		return err;
	err = commit_parts(dst, src);
	if (err && dst->profile->commits_dry)
		dst->maybe_corrupted = true;
	return err;
}

int context_commit_goals(struct context *dst, const struct context *src)
{
	u32 i;
	int err = 0;

	for (i = 0; i < dst->nr_schemes && i < src->nr_schemes && !err; i++)
		err = scheme_commit_goals(&dst->schemes[i], &src->schemes[i],
					  dst->profile->keeps_psi);
	return err;
}

int context_check(const struct context *src)
{
	return try_commit(NULL, src);
}
