// SPDX-License-Identifier: GPL-2.0
/*
 * What a context's values say about each other, across its targets and schemes:
 * for the rest see config_check.c.
 */
#include "config/config_check.h"

/* Counts of hits have 8 bits. */
#define HITS_MAX 255

/* The kernel's regions are whole pages, whatever the address unit. */
#define PAGE_BYTES 4096ull

u64 config_min_region_sz(const struct config_context *ctx)
{
	if (ctx->ops != CONFIG_OPS_PADDR)
		return PAGE_BYTES;
	return ctx->addr_unit < PAGE_BYTES ? PAGE_BYTES / ctx->addr_unit : 1;
}

static int check_addr_unit(const struct config_context *ctx,
			   const struct config_node *node,
			   struct config_error *err)
{
	u64 min_sz = config_min_region_sz(ctx);

	if (!(min_sz & (min_sz - 1)))
		return 0;
	return config_fault(err, place(node, "addr_unit"),
			    "an addr_unit of %llu makes the smallest region "
			    "%llu units; expected a power of two there",
			    ctx->addr_unit, min_sz);
}

/* As the kernel sees them: rounded outwards to whole smallest regions. */
static int check_regions(const struct config_target *target, u64 min_sz,
			 const struct config_node *node,
			 struct config_error *err)
{
	u64 start, end, prev_end = 0;
	u32 i;

	for (i = 0; i < target->nr_regions; i++) {
		start = target->regions[i].start & ~(min_sz - 1);
		if (__builtin_add_overflow(target->regions[i].end, min_sz - 1,
					   &end))
			return config_fault(
				err, place(config_node_item(node, i), "end"),
				"a region's end is above the last multiple of "
				"%llu; expected a lower one",
				min_sz);
		end &= ~(min_sz - 1);
		if (start < prev_end)
			return config_fault(
				err, config_node_item(node, i),
				"the region from %llu begins before the one "
				"before it ends (at %llu, in multiples of "
				"%llu); expected rising regions without "
				"overlap",
				target->regions[i].start, prev_end, min_sz);
		prev_end = end;
	}
	return 0;
}

static int check_targets(const struct config_context *ctx,
			 const struct config_node *node,
			 struct config_error *err)
{
	const struct config_node *list = config_node_get(node, "targets");
	const struct config_node *item;
	bool has_pids = ctx->ops != CONFIG_OPS_PADDR;
	int ret;
	u32 i;

	if (!has_pids && ctx->nr_targets > 1) {
		ret = config_keep(err,
				  config_fault(err, config_node_item(list, 1),
					       "%u targets for paddr; expected "
					       "one, physical memory",
					       ctx->nr_targets));
		if (ret)
			return ret;
	}
	if (has_pids && !ctx->nr_targets)
		return ignored(
			err,
			config_fault(
				err, place(node, "targets"),
				"no target for virtual addresses; expected "
				"at least one with its pid"));
	item = list ? list->first : NULL;
	for (i = 0; i < ctx->nr_targets; i++, item = item->next) {
		ret = 0;
		if (has_pids && ctx->targets[i].pid == CONFIG_NO_ID)
			ret = config_fault(err, place(item, "pid"),
					   "a target for virtual addresses "
					   "without pid; expected its pid");
		ret = config_keep(err, ret);
		if (!ret)
			ret = config_keep(
				err,
				check_regions(&ctx->targets[i],
					      config_min_region_sz(ctx),
					      config_node_get(item, "regions"),
					      err));
		if (ret)
			return ret;
	}
	return 0;
}

/* With weights, no count and no sum of a window may wrap. */
static int check_probes(const struct config_context *ctx,
			const struct config_node *node,
			struct config_error *err)
{
	u64 ticks = ctx->intervals.aggr_us / ctx->intervals.sample_us;
	const struct config_node *probes = place(node, "probes");
	u64 weights = 0;
	u32 i;

	for (i = 0; i < ctx->nr_probes; i++)
		weights += ctx->probes[i].weight;
	if (!weights)
		return 0;
	if (ticks > HITS_MAX)
		return config_fault(err, probes,
				    "weights with %llu ticks in a window; "
				    "expected at most %u, or no weight",
				    ticks, HITS_MAX);
	if (weights * ticks > ~0u)
		return config_fault(err, probes,
				    "weights of %llu in sum, times %llu ticks "
				    "in a window; expected a product of 32 "
				    "bits",
				    weights, ticks);
	return 0;
}

static int check_migration(const struct config_context *ctx,
			   const struct config_scheme *scheme,
			   const struct config_node *node,
			   struct config_error *err)
{
	u64 weights = 0;
	u32 i;

	if (scheme->action != CONFIG_MIGRATE_HOT &&
	    scheme->action != CONFIG_MIGRATE_COLD)
		return 0;
	for (i = 0; i < scheme->nr_dests; i++)
		weights += scheme->dests[i].weight;
	if (scheme->nr_dests && !weights)
		return ignored(
			err,
			config_fault(err, place(node, "dests"),
				     "destinations without weight; expected at "
				     "least one above 0"));
	if (scheme->target_nid != CONFIG_NO_ID)
		return 0;
	if (ctx->ops == CONFIG_OPS_PADDR)
		return ignored(
			err,
			config_fault(err, place(node, "target_nid"),
				     "a migration without target_nid, which is "
				     "all that paddr looks at; expected the "
				     "node's number"));
	if (!scheme->nr_dests)
		return ignored(err,
			       config_fault(err, place(node, "target_nid"),
					    "a migration to nowhere; expected "
					    "target_nid or dests"));
	return 0;
}

static int check_goals(const struct config_context *ctx,
		       const struct config_quotas *quotas,
		       const struct config_node *node, struct config_error *err)
{
	const struct config_node *item;
	u32 i;
	int ret;

	if (ctx->ops == CONFIG_OPS_PADDR)
		return 0;
	for (i = 0; i < quotas->nr_goals; i++) {
		if (quotas->goals[i].metric != CONFIG_NODE_ELIGIBLE_MEM_BP)
			continue;
		item = config_node_item(config_node_get(node, "goals"), i);
		ret = config_fault(err, place(item, "metric"),
				   "node_eligible_mem_bp, which is measured "
				   "on physical addresses; expected ops paddr "
				   "or another metric");
		ret = config_keep(err, ret);
		if (ret)
			return ret;
	}
	return 0;
}

static int check_filters(const struct config_context *ctx,
			 const struct config_scheme *scheme,
			 const struct config_node *node,
			 struct config_error *err)
{
	const struct config_filter *filter;
	const struct config_node *item;
	u32 i;
	int ret;

	for (i = 0; i < scheme->nr_filters; i++) {
		filter = &scheme->filters[i];
		if (filter->type != CONFIG_FILTER_TARGET ||
		    filter->target_idx == CONFIG_NO_ID ||
		    filter->target_idx < ctx->nr_targets)
			continue;
		item = config_node_item(config_node_get(node, "filters"), i);
		ret = config_fault(err, place(item, "damon_target_idx"),
				   "target %d of %u; expected the place of "
				   "one, from 0",
				   filter->target_idx, ctx->nr_targets);
		ret = config_keep(err, ignored(err, ret));
		if (ret)
			return ret;
	}
	return 0;
}

int config_check_context(void *obj, const struct config_node *node,
			 struct config_error *err)
{
	const struct config_context *ctx = obj;
	const struct config_node *item;
	const struct config_scheme *scheme;
	int ret;
	u32 i;

	ret = config_keep(err, check_addr_unit(ctx, node, err));
	if (!ret)
		ret = config_keep(err, check_probes(ctx, node, err));
	if (!ret)
		ret = check_targets(ctx, node, err);
	item = config_node_get(node, "schemes");
	item = item ? item->first : NULL;
	for (i = 0; i < ctx->nr_schemes && !ret; i++, item = item->next) {
		scheme = &ctx->schemes[i];
		ret = config_keep(err, check_migration(ctx, scheme, item, err));
		if (!ret)
			ret = check_goals(ctx, &scheme->quotas,
					  config_node_get(item, "quotas"), err);
		if (!ret)
			ret = check_filters(ctx, scheme, item, err);
	}
	return ret;
}
