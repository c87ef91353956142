// SPDX-License-Identifier: GPL-2.0
/*
 * A monitoring context: set up, changed, taken down.
 *
 * Everything that touches the layout of regions passes through a context_*()
 * function, or through merge.c and split.c, so that regions_gen is never
 * forgotten.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>

#include "context.h"
#include "set_regions.h"

void context_init(struct context *ctx, const struct profile *profile,
		  const struct context_ops *ops, struct split_shared *split,
		  u64 seed)
{
	*ctx = (struct context){
		.profile = profile,
		.ops = ops,
		.attrs = attrs_default,
		.addr_unit = 1,
		.min_region_sz = REGION_SZ_MIN,
		.split = split,
		.jiffies = 1,
		.hz = CONTEXT_HZ_DEFAULT,
	};
	rng_init(&ctx->rng, seed);
}

void context_fini(struct context *ctx)
{
	u32 i;

	for (i = 0; i < ctx->nr_targets; i++)
		regions_fini(&ctx->targets[i].regions);
	free(ctx->targets);
	context_drop_schemes(ctx, 0);
	free(ctx->schemes);
	probes_fini(&ctx->probes);
	free(ctx->samples.addr);
	free(ctx->runs.at);
	regions_fini(&ctx->spare);
}

void context_drop_target(struct context *ctx, u32 target)
{
	struct target *t = &ctx->targets[target];
	u32 i;

	if (ctx->profile->forgets_targets)
		context_forget_charged(ctx, target);
	for (i = 0; i < ctx->nr_schemes; i++) {
		struct quota_state *state = &ctx->schemes[i].quota.state;

		if (state->charge_target_from == target + 1)
			state->charge_target_from = CHARGE_TARGET_GONE;
		else if (state->charge_target_from != CHARGE_TARGET_GONE)
			state->charge_target_from -=
				state->charge_target_from > target + 1;
	}
	regions_fini(&t->regions);
	memmove(t, t + 1, (--ctx->nr_targets - target) * sizeof(*t));
	ctx->regions_gen++;
}

static u64 apply_ticks(const struct attrs *attrs, const struct scheme *s)
{
	return attrs_ticks(attrs, s->apply_interval_us ? s->apply_interval_us :
							 attrs->aggr_us);
}

int context_add_scheme(struct context *ctx, const struct scheme *s)
{
	u32 max = ctx->schemes_max ? 2 * ctx->schemes_max : 4;
	struct scheme *schemes;

	if (ctx->nr_schemes == ctx->schemes_max) {
		schemes = realloc(ctx->schemes, max * sizeof(*schemes));
		if (!schemes)
			return -ENOMEM;
		ctx->schemes = schemes;
		ctx->schemes_max = max;
	}
	schemes = &ctx->schemes[ctx->nr_schemes++];
	*schemes = *s;
	schemes->next_apply_sis =
		ctx->passed_sample_intervals + apply_ticks(&ctx->attrs, s);
	scheme_set_default_reject(schemes);
	return 0;
}

void context_drop_schemes(struct context *ctx, u32 nr)
{
	while (ctx->nr_schemes > nr)
		scheme_fini(&ctx->schemes[--ctx->nr_schemes]);
}

void context_forget_charged(struct context *ctx, u32 target)
{
	u32 i;

	for (i = 0; i < ctx->nr_schemes; i++) {
		struct quota_state *state = &ctx->schemes[i].quota.state;

		if (state->charge_target_from == target + 1) {
			state->charge_target_from = 0;
			state->charge_addr_from = 0;
		}
	}
}

int context_add_target(struct context *ctx, u32 tgid)
{
	u32 max = ctx->targets_max ? 2 * ctx->targets_max : 4;
	struct target *targets;

	if (ctx->nr_targets == ctx->targets_max) {
		targets = realloc(ctx->targets, max * sizeof(*targets));
		if (!targets)
			return -ENOMEM;
		ctx->targets = targets;
		ctx->targets_max = max;
	}
	ctx->targets[ctx->nr_targets++] = (struct target){ .tgid = tgid };
	ctx->regions_gen++;
	return 0;
}

int context_set_addr_unit(struct context *ctx, u64 addr_unit, bool phys)
{
	u64 sz = REGION_SZ_MIN;

	if (!addr_unit)
		return -EINVAL;
	if (phys)
		sz = addr_unit < sz ? sz / addr_unit : 1;
	if (sz & (sz - 1))
		return -EINVAL;
	ctx->addr_unit = addr_unit;
	ctx->min_region_sz = sz;
	ctx->regions_gen++;
	return 0;
}

int context_set_attrs(struct context *ctx, const struct attrs *attrs)
{
	struct attrs next = *attrs;
	bool aggregating;
	struct regions *v;
	u32 i, j;
	int err;

	err = attrs_check(&next, ctx->profile->has_intervals_goal);
	if (err)
		return err;

	/* Before the next aggregation is moved, or it were always true. */
	aggregating = !context_reached(ctx, ctx->next_aggregation_sis);
	if (!next.aggr_samples)
		next.aggr_samples = attrs_ticks(&next, next.aggr_us);
	ctx->next_aggregation_sis =
		ctx->passed_sample_intervals + attrs_ticks(&next, next.aggr_us);
	ctx->next_ops_update_sis = ctx->passed_sample_intervals +
				   attrs_ticks(&next, next.ops_update_us);
	for (i = 0; i < ctx->nr_targets; i++) {
		v = &ctx->targets[i].regions;
		for (j = 0; j < v->nr; j++)
			ctx->profile->rescale(&v->at[j], &ctx->attrs, &next,
					      aggregating);
	}
	ctx->attrs = next;
	for (i = 0; i < ctx->nr_schemes; i++)
		ctx->schemes[i].next_apply_sis =
			ctx->passed_sample_intervals +
			apply_ticks(&next, &ctx->schemes[i]);
	if (ctx->observer && ctx->observer->attrs_changed)
		ctx->observer->attrs_changed(ctx->observer_data, ctx);
	return 0;
}

int context_fit_regions(struct context *ctx, u32 target,
			const struct range *range, u32 nr, u64 align)
{
	struct regions *v = &ctx->targets[target].regions;
	int err;

	err = set_regions(&ctx->spare, v, range, nr, align);
	if (err)
		return err;
	if (!regions_same_layout(v, &ctx->spare)) {
		regions_swap(v, &ctx->spare);
		ctx->regions_gen++;
	}
	return 0;
}

int context_set_regions(struct context *ctx, u32 target,
			const struct range *range, u32 nr)
{
	return context_fit_regions(ctx, target, range, nr, ctx->min_region_sz);
}

/* Cut a region in pieces of @sz; the last one gets what is left. */
static int cut_evenly(struct context *ctx, u32 target, u32 region, u64 nr,
		      u64 sz)
{
	int err = 0;

	for (; nr > 1 && !err; nr--, region++)
		err = context_split_region(ctx, target, region, sz);
	return err;
}

int context_set_areas(struct context *ctx, u32 target,
		      const struct range *range, u32 nr)
{
	struct regions *v = &ctx->targets[target].regions;
	u64 unit = 0, sz, pieces;
	u32 i;
	int err = context_set_regions(ctx, target, range, nr);

	if (err || !ctx->profile->cuts_areas)
		return err;
	for (i = 0; i < nr; i++)
		unit += range[i].end - range[i].start;
	unit /= ctx->attrs.min_nr_regions;
	if (unit < REGION_SZ_MIN)
		unit = REGION_SZ_MIN;
	/* From the end: cuts move only what lies behind them. */
	for (i = nr; i-- && !err;) {
		sz = region_sz(&v->at[i]);
		pieces = sz / unit;
		if (pieces)
			err = cut_evenly(ctx, target, i, pieces,
					 region_align_down(sz / pieces,
							   REGION_SZ_MIN));
	}
	return err;
}

int context_split_region(struct context *ctx, u32 target, u32 region, u64 sz)
{
	int err;

	err = regions_split_at(&ctx->targets[target].regions, region, sz);
	if (!err)
		ctx->regions_gen++;
	return err;
}

u32 context_max_nr_accesses(const struct context *ctx)
{
	const struct regions *v;
	u32 i, j, max = 0;

	for (i = 0; i < ctx->nr_targets; i++) {
		v = &ctx->targets[i].regions;
		for (j = 0; j < v->nr; j++)
			max = v->at[j].nr_accesses > max ?
				      v->at[j].nr_accesses :
				      max;
	}
	return max;
}

u64 context_nr_regions(const struct context *ctx)
{
	u64 nr = 0;
	u32 i;

	for (i = 0; i < ctx->nr_targets; i++)
		nr += ctx->targets[i].regions.nr;
	return nr;
}
