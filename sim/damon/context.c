// SPDX-License-Identifier: GPL-2.0
/*
 * A monitoring context: set up, changed, taken down.
 *
 * Everything that touches the layout of regions passes through a context_*()
 * function, or through merge.c and split.c, so that regions_gen is never
 * forgotten.
 */
#include <stdlib.h>

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
	};
	rng_init(&ctx->rng, seed);
}

void context_fini(struct context *ctx)
{
	u32 i;

	for (i = 0; i < ctx->nr_targets; i++)
		regions_fini(&ctx->targets[i].regions);
	free(ctx->targets);
	regions_fini(&ctx->spare);
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

	err = attrs_check(&next);
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
	if (ctx->observer && ctx->observer->attrs_changed)
		ctx->observer->attrs_changed(ctx->observer_data, ctx);
	return 0;
}

int context_set_regions(struct context *ctx, u32 target,
			const struct range *range, u32 nr)
{
	struct regions *v = &ctx->targets[target].regions;
	int err;

	err = set_regions(&ctx->spare, v, range, nr, ctx->min_region_sz);
	if (err)
		return err;
	if (!regions_same_layout(v, &ctx->spare)) {
		regions_swap(v, &ctx->spare);
		ctx->regions_gen++;
	}
	return 0;
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
