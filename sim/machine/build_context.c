// SPDX-License-Identifier: GPL-2.0
/* Configurations into contexts, see build_context.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "damon/context.h"
#include "machine/build_context.h"

const struct profile *build_profile(enum config_profile profile)
{
	switch (profile) {
	case CONFIG_PROFILE_M:
		return &profile_m;
	case CONFIG_PROFILE_D:
		return &profile_d;
	default:
		return &profile_n;
	}
}

enum ops_id build_ops_id(enum config_ops ops)
{
	switch (ops) {
	case CONFIG_OPS_PADDR:
		return OPS_PADDR;
	case CONFIG_OPS_FVADDR:
		return OPS_FVADDR;
	default:
		return OPS_VADDR;
	}
}

struct attrs build_attrs(const struct config_context *cfg)
{
	const struct config_intervals *in = &cfg->intervals;

	return (struct attrs){
		.sample_us = in->sample_us,
		.aggr_us = in->aggr_us,
		.ops_update_us = in->ops_update_us,
		.goal = { .access_bp = in->goal.access_bp,
			  .nr_aggrs = in->goal.aggrs,
			  .min_sample_us = in->goal.min_sample_us,
			  .max_sample_us = in->goal.max_sample_us },
		.min_nr_regions = cfg->nr_regions.min,
		.max_nr_regions = cfg->nr_regions.max,
	};
}

u32 build_memcg(const char *path)
{
	u32 hash = 2166136261u;

	if (!path || !*path || !strcmp(path, "/"))
		return 0;
	for (; *path; path++)
		hash = (hash ^ (u8)*path) * 16777619u;
	return hash && hash != MEMCG_NONE ? hash : 1;
}

static enum scheme_action build_action(enum config_action action)
{
	static const enum scheme_action actions[] = {
		[CONFIG_WILLNEED] = SCHEME_WILLNEED,
		[CONFIG_COLD] = SCHEME_COLD,
		[CONFIG_PAGEOUT] = SCHEME_PAGEOUT,
		[CONFIG_HUGEPAGE] = SCHEME_HUGEPAGE,
		[CONFIG_NOHUGEPAGE] = SCHEME_NOHUGEPAGE,
		[CONFIG_COLLAPSE] = SCHEME_COLLAPSE,
		[CONFIG_LRU_PRIO] = SCHEME_LRU_PRIO,
		[CONFIG_LRU_DEPRIO] = SCHEME_LRU_DEPRIO,
		[CONFIG_MIGRATE_HOT] = SCHEME_MIGRATE_HOT,
		[CONFIG_MIGRATE_COLD] = SCHEME_MIGRATE_COLD,
		[CONFIG_STAT] = SCHEME_STAT,
	};

	return actions[action];
}

static enum goal_metric build_metric(enum config_metric metric)
{
	static const enum goal_metric metrics[] = {
		[CONFIG_USER_INPUT] = GOAL_USER_INPUT,
		[CONFIG_SOME_MEM_PSI_US] = GOAL_SOME_MEM_PSI_US,
		[CONFIG_NODE_MEM_USED_BP] = GOAL_NODE_MEM_USED_BP,
		[CONFIG_NODE_MEM_FREE_BP] = GOAL_NODE_MEM_FREE_BP,
		[CONFIG_NODE_MEMCG_USED_BP] = GOAL_NODE_MEMCG_USED_BP,
		[CONFIG_NODE_MEMCG_FREE_BP] = GOAL_NODE_MEMCG_FREE_BP,
		[CONFIG_ACTIVE_MEM_BP] = GOAL_ACTIVE_MEM_BP,
		[CONFIG_INACTIVE_MEM_BP] = GOAL_INACTIVE_MEM_BP,
		[CONFIG_NODE_ELIGIBLE_MEM_BP] = GOAL_NODE_ELIGIBLE_MEM_BP,
		[CONFIG_HUGEPAGE_MEM_BP] = GOAL_HUGEPAGE_MEM_BP,
	};

	return metrics[metric];
}

static int build_goals(struct scheme *s, const struct config_quotas *q,
		       bool keeps_psi)
{
	u32 i;
	int err = 0;

	for (i = 0; i < q->nr_goals && !err; i++) {
		const struct goal goal = {
			.metric = build_metric(q->goals[i].metric),
			.target_value = q->goals[i].target_value,
			.current_value = q->goals[i].current_value,
			.nid = q->goals[i].nid,
			.memcg = build_memcg(q->goals[i].memcg_path),
			.last_psi_us = keeps_psi ? 0 : GOAL_PSI_UNKNOWN,
		};

		if (goal.target_value)
			err = scheme_add_goal(s, &goal);
	}
	return err;
}

static struct filter build_filter(const struct config_filter *cfg)
{
	struct filter f = { .matching = cfg->matching, .allow = cfg->allow };

	switch (cfg->type) {
	case CONFIG_FILTER_ANON:
		f.type = FILTER_ANON;
		break;
	case CONFIG_FILTER_ACTIVE:
		f.type = FILTER_ACTIVE;
		break;
	case CONFIG_FILTER_MEMCG:
		f.type = FILTER_MEMCG;
		f.memcg = build_memcg(cfg->memcg_path);
		break;
	case CONFIG_FILTER_YOUNG:
		f.type = FILTER_YOUNG;
		break;
	case CONFIG_FILTER_HUGEPAGE_SIZE:
		f.type = FILTER_HUGEPAGE_SZ;
		f.hugepage_sz = (struct filter_bounds){ cfg->hugepage_sz.min,
							cfg->hugepage_sz.max };
		break;
	case CONFIG_FILTER_UNMAPPED:
		f.type = FILTER_UNMAPPED;
		break;
	case CONFIG_FILTER_ADDR:
		f.type = FILTER_ADDR;
		f.addr = (struct filter_bounds){ cfg->addr.start,
						 cfg->addr.end };
		break;
	case CONFIG_FILTER_TARGET:
		f.type = FILTER_TARGET;
		f.target = cfg->target_idx;
		break;
	case CONFIG_FILTER_PROBE_HITS_WSUM:
		f.type = FILTER_PROBE_HITS_WSUM;
		f.wsum = (struct filter_bounds){ cfg->wsum.min, cfg->wsum.max };
		break;
	}
	return f;
}

static struct quota_limits build_limits(const struct config_quotas *q)
{
	return (struct quota_limits){
		.reset_interval_ms = q->reset_interval_ms,
		.time_ms = q->time_ms,
		.sz = q->sz_bytes,
		.tuner = q->goal_tuner == CONFIG_TEMPORAL ? TUNER_TEMPORAL :
							    TUNER_CONSIST,
		.weight_sz = q->weights.sz_permil,
		.weight_nr_accesses = q->weights.nr_accesses_permil,
		.weight_age = q->weights.age_permil,
		.fail_charge_num = q->fail_charge_num,
		.fail_charge_denom = q->fail_charge_denom,
	};
}

static struct scheme_pattern build_pattern(const struct config_context *cfg,
					   const struct config_pattern *pattern)
{
	struct config_core_pattern core;

	config_pattern_to_core(pattern, &cfg->intervals, &core);
	return (struct scheme_pattern){
		.min_sz = core.min_sz,
		.max_sz = core.max_sz,
		.min_nr_accesses = core.min_nr_accesses,
		.max_nr_accesses = core.max_nr_accesses,
		.min_age = core.min_age,
		.max_age = core.max_age,
	};
}

static int build_scheme(struct scheme *s, const struct config_context *cfg,
			const struct config_scheme *from, bool keeps_psi)
{
	struct filter f;
	u32 i;
	int err;

	scheme_init(s, build_action(from->action));
	s->pattern = build_pattern(cfg, &from->pattern);
	s->apply_interval_us = from->apply_interval_us;
	s->target_nid = from->target_nid;
	s->quota.limits = build_limits(&from->quotas);
	s->wmarks = (struct wmarks){
		.metric = from->wmarks.metric == CONFIG_WMARK_FREE_MEM_RATE ?
				  WMARK_FREE_MEM_RATE :
				  WMARK_NONE,
		.interval_us = from->wmarks.interval_us,
		.high = from->wmarks.high_permil,
		.mid = from->wmarks.mid_permil,
		.low = from->wmarks.low_permil,
		.activated = true,
	};
	s->max_nr_snapshots = from->stats.max_nr_snapshots;
	err = build_goals(s, &from->quotas, keeps_psi);
	for (i = 0; i < from->nr_dests && !err; i++)
		err = scheme_add_dest(s, from->dests[i].id,
				      from->dests[i].weight);
	for (i = 0; i < from->nr_filters && !err; i++) {
		f = build_filter(&from->filters[i]);
		err = scheme_add_filter(s, &f);
	}
	return err;
}

int build_schemes(struct context *ctx, const struct config_context *cfg)
{
	bool keeps_psi = ctx->profile->keeps_psi;
	struct scheme s;
	u32 i;
	int err = 0;

	for (i = 0; i < cfg->nr_schemes && !err; i++) {
		err = build_scheme(&s, cfg, &cfg->schemes[i], keeps_psi);
		if (!err)
			err = context_add_scheme(ctx, &s);
		if (err)
			scheme_fini(&s);
	}
	return err;
}

static int build_regions(struct context *ctx, u32 target,
			 const struct config_target *t)
{
	struct range *range;
	u32 i;
	int err;

	if (!t->nr_regions)
		return 0;
	range = calloc(t->nr_regions, sizeof(*range));
	if (!range)
		return -ENOMEM;
	for (i = 0; i < t->nr_regions; i++)
		range[i] = (struct range){ t->regions[i].start,
					   t->regions[i].end };
	err = context_set_regions(ctx, target, range, t->nr_regions);
	free(range);
	return err;
}

int build_targets(struct context *ctx, const struct config_context *cfg)
{
	u32 i;
	int err = 0;

	for (i = 0; i < cfg->nr_targets && !err; i++) {
		const struct config_target *t = &cfg->targets[i];

		err = context_add_target(
			ctx, cfg->ops == CONFIG_OPS_PADDR ? 0 : t->pid);
		if (!err) {
			ctx->targets[i].obsolete = t->obsolete;
			err = build_regions(ctx, i, t);
		}
	}
	return err;
}

int build_context(struct context *ctx, const struct config_context *cfg)
{
	struct attrs attrs = build_attrs(cfg);
	int err;

	ctx->ops_id = build_ops_id(cfg->ops);
	ctx->pause = cfg->pause;
	err = context_set_addr_unit(ctx, cfg->addr_unit,
				    ctx->ops_id == OPS_PADDR);
	if (!err)
		err = context_set_attrs(ctx, &attrs);
	if (!err)
		err = build_probes(ctx, cfg);
	if (!err)
		err = build_targets(ctx, cfg);
	if (!err)
		err = build_schemes(ctx, cfg);
	return err;
}
