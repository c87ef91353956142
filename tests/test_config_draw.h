/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random configurations, within what the reader accepts.
 *
 * Drawn field by field and not by the reader's tables, so that what the tables
 * lack is not lacking here as well.  Numbers are of any number of bits, round
 * ones and the ends of their range as often as others.
 */
#ifndef TEST_CONFIG_DRAW_H
#define TEST_CONFIG_DRAW_H

#include <limits.h>

#include "test_config.h"

static unsigned short draw_state[3];

static void draw_seed(unsigned short a, unsigned short b)
{
	draw_state[0] = a;
	draw_state[1] = b;
	draw_state[2] = 1;
}

static u64 draw(u64 nr)
{
	return ((u64)nrand48(draw_state) << 31 | (u64)nrand48(draw_state)) % nr;
}

static bool flip(void)
{
	return draw(2);
}

/* Any number of bits, often a round number, sometimes the ends. */
static u64 draw_value(u64 min, u64 max)
{
	u64 value;

	switch (draw(8)) {
	case 0:
		return min;
	case 1:
		return max;
	default:
		value = draw(CONFIG_NO_BOUND) << 2 | draw(4);
		value >>= draw(64);
		if (flip())
			value = value / 1000 * 1000;
		if (flip())
			value &= ~0ull << draw(32);
		break;
	}
	if (value < min)
		return min;
	return value > max ? max : value;
}

static void draw_pair(u64 *min, u64 *max, u64 top)
{
	*min = draw_value(0, top);
	*max = draw_value(*min, top);
}

static s32 draw_id(s32 min)
{
	return flip() ? CONFIG_NO_ID : (s32)draw_value(min, INT_MAX);
}

static char *draw_path(void)
{
	char text[32];
	u32 sz = 1 + draw(30);
	u32 i;

	for (i = 0; i < sz; i++)
		text[i] = ' ' + draw('~' - ' ' + 1);
	text[sz] = '\0';
	return strdup(text);
}

static void *draw_list(size_t sz, u32 nr)
{
	void *list = nr ? calloc(nr, sz) : NULL;

	ck_assert(list || !nr);
	return list;
}

static void draw_regions(struct config_target *target)
{
	u64 at = 0;
	u32 i;

	target->nr_regions = draw(4);
	target->regions =
		draw_list(sizeof(*target->regions), target->nr_regions);
	for (i = 0; i < target->nr_regions; i++) {
		at += draw_value(0, 1ull << 60) & ~4095ull;
		target->regions[i].start = at + draw(4096);
		at = target->regions[i].start + 1 + draw_value(0, 1ull << 60);
		target->regions[i].end = at;
		at = (at + 4095) & ~4095ull;
	}
}

static void draw_bounds(struct config_bounds *bounds, enum config_unit base,
			enum config_unit word)
{
	bounds->unit = flip() ? base : word;
	draw_pair(&bounds->min, &bounds->max,
		  bounds->unit == word ? UINT_MAX : CONFIG_NO_BOUND);
	if (flip())
		bounds->max = CONFIG_NO_BOUND;
}

static void draw_goal(struct config_goal *goal, enum config_ops ops)
{
	goal->metric = draw(CONFIG_HUGEPAGE_MEM_BP + 1);
	if (ops != CONFIG_OPS_PADDR &&
	    goal->metric == CONFIG_NODE_ELIGIBLE_MEM_BP)
		goal->metric = CONFIG_ACTIVE_MEM_BP;
	goal->nid = (s32)draw(8);
	goal->memcg_path = draw_path();
	goal->target_value = draw_value(1, CONFIG_NO_BOUND);
	goal->current_value = draw_value(0, CONFIG_NO_BOUND);
}

static void draw_filter(struct config_filter *filter,
			const struct config_context *ctx)
{
	filter->type = draw(CONFIG_FILTER_PROBE_HITS_WSUM + 1);
	if (filter->type == CONFIG_FILTER_TARGET && !ctx->nr_targets)
		filter->type = CONFIG_FILTER_ANON;
	filter->matching = flip();
	filter->allow = flip();
	filter->target_idx = CONFIG_NO_ID;
	switch (filter->type) {
	case CONFIG_FILTER_MEMCG:
		filter->memcg_path = draw_path();
		break;
	case CONFIG_FILTER_ADDR:
		filter->addr.start = draw_value(0, CONFIG_NO_BOUND - 1);
		filter->addr.end =
			draw_value(filter->addr.start + 1, CONFIG_NO_BOUND);
		break;
	case CONFIG_FILTER_TARGET:
		filter->target_idx = (s32)draw(ctx->nr_targets);
		break;
	case CONFIG_FILTER_HUGEPAGE_SIZE:
		filter->hugepage_sz.min = draw_value(0, CONFIG_NO_BOUND);
		filter->hugepage_sz.max = draw_value(
			filter->hugepage_sz.min + !filter->hugepage_sz.min,
			CONFIG_NO_BOUND);
		break;
	case CONFIG_FILTER_PROBE_HITS_WSUM:
		draw_pair(&filter->wsum.min, &filter->wsum.max,
			  CONFIG_NO_BOUND);
		break;
	default:
		break;
	}
}

static void draw_scheme(struct config_scheme *scheme,
			const struct config_context *ctx)
{
	const u64 max_us = CONFIG_NO_BOUND / 1000;
	const u64 max_ms = CONFIG_NO_BOUND / 1000000;
	struct config_quotas *quotas = &scheme->quotas;
	struct config_wmarks *wmarks = &scheme->wmarks;
	struct config_stats *stats = &scheme->stats;
	u32 i;

	scheme->action = draw(CONFIG_STAT + 1);
	scheme->nr_dests = draw(3);
	scheme->dests = draw_list(sizeof(*scheme->dests), scheme->nr_dests);
	for (i = 0; i < scheme->nr_dests; i++) {
		scheme->dests[i].id = draw_value(0, INT_MAX);
		scheme->dests[i].weight = draw_value(1, UINT_MAX);
	}
	scheme->target_nid = draw_id(0);
	if (scheme->action == CONFIG_MIGRATE_HOT ||
	    scheme->action == CONFIG_MIGRATE_COLD)
		scheme->target_nid = (s32)draw(4);
	draw_pair(&scheme->pattern.sz.min, &scheme->pattern.sz.max,
		  CONFIG_NO_BOUND);
	draw_bounds(&scheme->pattern.nr_accesses, CONFIG_UNIT_PPM,
		    CONFIG_UNIT_SAMPLES);
	draw_bounds(&scheme->pattern.age, CONFIG_UNIT_US,
		    CONFIG_UNIT_AGGR_INTERVALS);
	/* With no number in either bound, no unit can be told. */
	if (scheme->pattern.age.min == CONFIG_NO_BOUND)
		scheme->pattern.age.unit = CONFIG_UNIT_US;
	scheme->apply_interval_us = draw_value(0, max_us);

	quotas->time_ms = draw_value(0, max_ms);
	quotas->sz_bytes = draw_value(0, CONFIG_NO_BOUND);
	quotas->reset_interval_ms = draw_value(0, max_ms);
	quotas->fail_charge_num = draw_value(0, UINT_MAX);
	quotas->fail_charge_denom = draw_value(0, UINT_MAX);
	quotas->nr_goals = draw(3);
	quotas->goals = draw_list(sizeof(*quotas->goals), quotas->nr_goals);
	for (i = 0; i < quotas->nr_goals; i++)
		draw_goal(&quotas->goals[i], ctx->ops);
	quotas->goal_tuner = draw(2);
	quotas->effective_sz_bytes = draw_value(0, CONFIG_NO_BOUND);
	quotas->weights.sz_permil = draw_value(0, UINT_MAX);
	quotas->weights.nr_accesses_permil = draw_value(0, 1000);
	quotas->weights.age_permil = draw_value(0, 1000);

	wmarks->metric = draw(2);
	wmarks->interval_us = draw_value(0, max_us);
	wmarks->low_permil = draw(1001);
	wmarks->mid_permil = draw_value(wmarks->low_permil, 1000);
	wmarks->high_permil = draw_value(wmarks->mid_permil, UINT_MAX);

	scheme->nr_filters = draw(4);
	scheme->filters =
		draw_list(sizeof(*scheme->filters), scheme->nr_filters);
	for (i = 0; i < scheme->nr_filters; i++)
		draw_filter(&scheme->filters[i], ctx);

	stats->nr_tried = draw_value(0, CONFIG_NO_BOUND);
	stats->sz_tried = draw_value(0, CONFIG_NO_BOUND);
	stats->nr_applied = draw_value(0, CONFIG_NO_BOUND);
	stats->sz_applied = draw_value(0, CONFIG_NO_BOUND);
	stats->sz_ops_filter_passed = draw_value(0, CONFIG_NO_BOUND);
	stats->qt_exceeds = draw_value(0, CONFIG_NO_BOUND);
	stats->nr_snapshots = draw_value(0, CONFIG_NO_BOUND);
	stats->max_nr_snapshots = draw_value(0, CONFIG_NO_BOUND);
}

static void draw_event(struct config_perf_event *event)
{
	event->type = draw_value(0, UINT_MAX);
	event->config = draw_value(0, CONFIG_NO_BOUND);
	event->config1 = draw_value(0, CONFIG_NO_BOUND);
	event->config2 = draw_value(0, CONFIG_NO_BOUND);
	event->sample_phys_addr = flip();
	event->sample_weight_struct = flip();
	event->freq = flip();
	event->sample_freq = draw_value(event->freq, 1000000000);
	event->sample_period = draw_value(!event->freq, LLONG_MAX);
	event->wakeup_events = draw_value(0, UINT_MAX);
	event->precise_ip = draw(4);
	event->exclude_kernel = flip();
	event->exclude_hv = flip();
}

static void draw_control(struct config_sample_control *control)
{
	struct config_sample_filter *filter;
	u32 i;

	control->primitives.page_table = flip();
	control->primitives.page_fault = flip();
	control->nr_filters = draw(3);
	control->filters = draw_list(sizeof(*filter), control->nr_filters);
	for (i = 0; i < control->nr_filters; i++) {
		filter = &control->filters[i];
		filter->type = draw(CONFIG_SAMPLE_WRITE + 1);
		filter->matching = flip();
		filter->allow = flip();
		if (filter->type == CONFIG_SAMPLE_CPUMASK)
			filter->cpumask = strdup(flip() ? "ff" : "1,00000000");
		if (filter->type == CONFIG_SAMPLE_THREADS)
			filter->tid_arr = strdup(flip() ? "1" : "123,45");
	}
	control->nr_events = draw(3);
	control->events =
		draw_list(sizeof(*control->events), control->nr_events);
	for (i = 0; i < control->nr_events; i++)
		draw_event(&control->events[i]);
}

static void draw_probe(struct config_probe *probe, u64 weight_max)
{
	struct config_probe_filter *filter;
	u32 i;

	probe->weight = draw_value(0, weight_max);
	probe->nr_preps = draw(3);
	probe->preps = draw_list(sizeof(*probe->preps), probe->nr_preps);
	probe->nr_filters = draw(3);
	probe->filters = draw_list(sizeof(*filter), probe->nr_filters);
	for (i = 0; i < probe->nr_filters; i++) {
		filter = &probe->filters[i];
		filter->type = draw(CONFIG_PROBE_PGIDLE_UNSET + 1);
		filter->matching = flip();
		filter->allow = flip();
		if (filter->type == CONFIG_PROBE_MEMCG)
			filter->memcg_path = draw_path();
		if (filter->type == CONFIG_PROBE_HUGEPAGE_SIZE)
			draw_pair(&filter->hugepage_sz.min,
				  &filter->hugepage_sz.max,
				  CONFIG_NO_BOUND - 1);
		filter->hugepage_sz.max +=
			filter->type == CONFIG_PROBE_HUGEPAGE_SIZE;
	}
}

static void draw_probes(struct config_context *ctx)
{
	u64 ticks = ctx->intervals.aggr_us / ctx->intervals.sample_us;
	u32 i;

	ctx->nr_probes = draw(5);
	ctx->probes = draw_list(sizeof(*ctx->probes), ctx->nr_probes);
	/* Weights that a kernel takes with these intervals. */
	for (i = 0; i < ctx->nr_probes; i++)
		draw_probe(&ctx->probes[i],
			   ticks > 255 ? 0 : UINT_MAX / 4 / ticks);
}

static void draw_context(struct config_context *ctx)
{
	const u64 max_us = CONFIG_NO_BOUND / 1000;
	struct config_intervals *intervals = &ctx->intervals;
	bool has_pids;
	u32 i;

	ctx->ops = draw(CONFIG_OPS_PADDR + 1);
	has_pids = ctx->ops != CONFIG_OPS_PADDR;
	ctx->addr_unit =
		has_pids ? draw_value(1, CONFIG_NO_BOUND) : 1ull << draw(13);
	ctx->nr_targets = has_pids ? 1 + draw(3) : draw(2);
	ctx->targets = draw_list(sizeof(*ctx->targets), ctx->nr_targets);
	for (i = 0; i < ctx->nr_targets; i++) {
		ctx->targets[i].pid =
			has_pids ? (s32)draw_value(1, INT_MAX) : draw_id(1);
		ctx->targets[i].obsolete = flip();
		draw_regions(&ctx->targets[i]);
	}
	intervals->sample_us = draw_value(1, max_us);
	intervals->aggr_us = draw_value(intervals->sample_us, max_us);
	intervals->ops_update_us = draw_value(0, max_us);
	intervals->goal.access_bp = draw_value(0, CONFIG_NO_BOUND);
	intervals->goal.aggrs = draw_value(0, CONFIG_NO_BOUND);
	intervals->goal.min_sample_us = draw_value(0, intervals->sample_us);
	intervals->goal.max_sample_us =
		draw_value(intervals->sample_us, max_us);
	ctx->nr_regions.min = draw_value(3, CONFIG_NO_BOUND);
	ctx->nr_regions.max = draw_value(ctx->nr_regions.min, CONFIG_NO_BOUND);
	draw_probes(ctx);
	draw_control(&ctx->sample_control);
	ctx->pause = flip();
	ctx->nr_schemes = draw(3);
	ctx->schemes = draw_list(sizeof(*ctx->schemes), ctx->nr_schemes);
	for (i = 0; i < ctx->nr_schemes; i++)
		draw_scheme(&ctx->schemes[i], ctx);
}

static void draw_config(struct config *cfg)
{
	struct config_kdamond *kdamond;
	u32 i;

	*cfg = (struct config){ 0 };
	cfg->profile = draw(CONFIG_PROFILE_D + 1);
	cfg->nr_kdamonds = 1 + draw(2);
	cfg->kdamonds = draw_list(sizeof(*cfg->kdamonds), cfg->nr_kdamonds);
	for (i = 0; i < cfg->nr_kdamonds; i++) {
		kdamond = &cfg->kdamonds[i];
		kdamond->on = flip();
		kdamond->pid = draw_id(1);
		kdamond->refresh_ms = draw_value(0, UINT_MAX);
		kdamond->nr_contexts = 1;
		kdamond->contexts = draw_list(sizeof(*kdamond->contexts), 1);
		draw_context(&kdamond->contexts[0]);
	}
}

#endif
