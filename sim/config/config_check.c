// SPDX-License-Identifier: GPL-2.0
/*
 * What values say about each other.
 *
 * All of it is refused here, and each with what a kernel makes of it: refuses
 * it when the configuration is applied (a sampling interval above the
 * aggregation interval); takes it and does nothing for it (a goal of 0, a
 * migration to nowhere), and a simulation of nothing looks like one that found
 * nothing; takes it for something else (a goal for no node is one for node 0).
 *
 * Whether the machine that is simulated has the nodes, processes and events
 * that are named is for those who build it.
 */
#include <stdlib.h>
#include <string.h>

#include "config/config_check.h"

int config_check_region(void *obj, const struct config_node *node,
			struct config_error *err)
{
	const struct config_region *region = obj;

	if (region->start < region->end)
		return 0;
	return config_fault(err, place(node, "end"),
			    "a region from %llu to %llu holds nothing; "
			    "expected an end above the start",
			    region->start, region->end);
}

int config_check_address_range(void *obj, const struct config_node *node,
			       struct config_error *err)
{
	const struct config_region *region = obj;
	int ret = config_check_region(obj, node, err);

	if (!ret)
		return 0;
	return region->end < region->start ? unbuildable(err, ret) :
					     ignored(err, ret);
}

int config_check_nr_regions(void *obj, const struct config_node *node,
			    struct config_error *err)
{
	const struct config_range *range = obj;

	if (range->min <= range->max)
		return 0;
	return config_fault(
		err, place(node, config_node_get(node, "min") ? "min" : "max"),
		"min %llu is above max %llu; expected min not above "
		"max",
		range->min, range->max);
}

int config_check_sizes(void *obj, const struct config_node *node,
		       struct config_error *err)
{
	return ignored(err, config_check_nr_regions(obj, node, err));
}

int config_check_bounds(void *obj, const struct config_node *node,
			struct config_error *err)
{
	const struct config_bounds *bounds = obj;

	if (bounds->min <= bounds->max)
		return 0;
	return ignored(
		err,
		config_fault(err,
			     place(node, config_node_get(node, "min") ? "min" :
									"max"),
			     "min is above max; expected min not above max"));
}

int config_check_intervals(void *obj, const struct config_node *node,
			   struct config_error *err)
{
	const struct config_intervals *intervals = obj;
	const struct config_intervals_goal *goal = &intervals->goal;
	const struct config_node *goal_node;

	if (intervals->sample_us > intervals->aggr_us)
		return config_fault(
			err,
			place(node, config_node_get(node, "sample_us") ?
					    "sample_us" :
					    "aggr_us"),
			"sample_us %llu is above aggr_us %llu; expected at "
			"least one sample per aggregation",
			intervals->sample_us, intervals->aggr_us);
	if (!goal->aggrs)
		return 0;
	goal_node = place(node, "intervals_goal");
	if (goal->min_sample_us > goal->max_sample_us)
		return config_fault(err, place(goal_node, "min_sample_us"),
				    "min_sample_us %llu is above max_sample_us "
				    "%llu; expected min not above max",
				    goal->min_sample_us, goal->max_sample_us);
	if (intervals->sample_us < goal->min_sample_us ||
	    intervals->sample_us > goal->max_sample_us)
		return config_fault(err, place(node, "sample_us"),
				    "sample_us %llu is outside its goal; "
				    "expected %llu to %llu",
				    intervals->sample_us, goal->min_sample_us,
				    goal->max_sample_us);
	return 0;
}

static bool only_has(const char *text, const char *chars)
{
	return *text && !text[strspn(text, chars)];
}

/* Words of at most 8 digits, so that a mask means the same to all readers. */
static bool is_cpumask(const char *mask)
{
	size_t sz;

	if (!only_has(mask, "0123456789abcdefABCDEF,"))
		return false;
	for (;; mask += sz + 1) {
		sz = strcspn(mask, ",");
		if (!sz || sz > 8)
			return false;
		if (!mask[sz])
			return true;
	}
}

static bool is_tid_list(const char *tids)
{
	size_t sz;

	if (!only_has(tids, "0123456789,"))
		return false;
	for (;; tids += sz + 1) {
		sz = strcspn(tids, ",");
		if (!sz || sz > 9)
			return false;
		if (!tids[sz])
			return true;
	}
}

static void drop_text(char **text)
{
	free(*text);
	*text = NULL;
}

int config_check_sample_filter(void *obj, const struct config_node *node,
			       struct config_error *err)
{
	struct config_sample_filter *filter = obj;

	if (filter->type != CONFIG_SAMPLE_CPUMASK)
		drop_text(&filter->cpumask);
	else if (!filter->cpumask || !is_cpumask(filter->cpumask))
		return config_fault(err, place(node, "cpumask"),
				    "a cpumask filter without a mask; expected "
				    "cpumask as hexadecimal words such as ff "
				    "or 1,00000000");
	if (filter->type != CONFIG_SAMPLE_THREADS)
		drop_text(&filter->tid_arr);
	else if (!filter->tid_arr || !is_tid_list(filter->tid_arr))
		return config_fault(err, place(node, "tid_arr"),
				    "a threads filter without threads; "
				    "expected tid_arr as numbers such as "
				    "12,34");
	return 0;
}

int config_check_perf_event(void *obj, const struct config_node *node,
			    struct config_error *err)
{
	const struct config_perf_event *event = obj;

	if (event->freq && !event->sample_freq)
		return config_fault(err, place(node, "sample_freq"),
				    "would sample nothing: freq is on and "
				    "sample_freq 0; expected a sample_freq, or "
				    "freq off and a sample_period");
	if (!event->freq && !event->sample_period)
		return config_fault(err, place(node, "sample_period"),
				    "would sample nothing: freq is off and "
				    "sample_period 0; expected a "
				    "sample_period, or freq on and a "
				    "sample_freq");
	return 0;
}

static bool needs_nid(enum config_metric metric)
{
	switch (metric) {
	case CONFIG_NODE_MEM_USED_BP:
	case CONFIG_NODE_MEM_FREE_BP:
	case CONFIG_NODE_MEMCG_USED_BP:
	case CONFIG_NODE_MEMCG_FREE_BP:
	case CONFIG_NODE_ELIGIBLE_MEM_BP:
		return true;
	default:
		return false;
	}
}

int config_check_goal(void *obj, const struct config_node *node,
		      struct config_error *err)
{
	const struct config_goal *goal = obj;

	if (!goal->target_value)
		return ignored(
			err,
			config_fault(err, place(node, "target_value"),
				     "a goal with target_value 0, which the "
				     "kernel ignores without a word; expected "
				     "1 or more, or no such goal"));
	if (needs_nid(goal->metric) && goal->nid == CONFIG_NO_ID)
		return surprising(
			err,
			config_fault(err, place(node, "nid"),
				     "a goal for a node without nid; expected "
				     "the node's number"));
	if ((goal->metric == CONFIG_NODE_MEMCG_USED_BP ||
	     goal->metric == CONFIG_NODE_MEMCG_FREE_BP) &&
	    (!goal->memcg_path || !*goal->memcg_path))
		return unbuildable(
			err,
			config_fault(err, place(node, "memcg_path"),
				     "a goal for a memcg without memcg_path; "
				     "expected its path"));
	return 0;
}

int config_check_wmarks(void *obj, const struct config_node *node,
			struct config_error *err)
{
	const struct config_wmarks *wmarks = obj;

	if (wmarks->metric == CONFIG_WMARK_NONE)
		return 0;
	if (wmarks->high_permil < wmarks->mid_permil)
		return surprising(
			err,
			config_fault(err, place(node, "high_permil"),
				     "high_permil %u is below mid_permil %u; "
				     "expected high, mid, low to fall",
				     wmarks->high_permil, wmarks->mid_permil));
	if (wmarks->mid_permil < wmarks->low_permil)
		return surprising(
			err,
			config_fault(err, place(node, "mid_permil"),
				     "mid_permil %u is below low_permil %u; "
				     "expected high, mid, low to fall",
				     wmarks->mid_permil, wmarks->low_permil));
	return 0;
}

int config_check_probe_filter(void *obj, const struct config_node *node,
			      struct config_error *err)
{
	struct config_probe_filter *filter = obj;
	const struct config_range *sz = &filter->hugepage_sz;

	if (filter->type != CONFIG_PROBE_MEMCG)
		drop_text(&filter->memcg_path);
	else if (!filter->memcg_path || !*filter->memcg_path)
		return config_fault(err, place(node, "memcg_path"),
				    "a memcg filter without memcg_path; "
				    "expected its path");
	if (filter->type != CONFIG_PROBE_HUGEPAGE_SIZE)
		filter->hugepage_sz = (struct config_range){ 0 };
	else if (!sz->max || sz->min > sz->max)
		return config_fault(err, place(node, "hugepage_size"),
				    "a hugepage_size filter for no size; "
				    "expected [min, max], min not above max, "
				    "max not 0");
	return 0;
}

/* damo reads and writes arguments of other types too, and does not use them. */
int config_check_filter(void *obj, const struct config_node *node,
			struct config_error *err)
{
	struct config_filter *filter = obj;
	const struct config_range *sz = &filter->hugepage_sz;
	int ret = 0;

	if (filter->type != CONFIG_FILTER_MEMCG)
		drop_text(&filter->memcg_path);
	else if (!filter->memcg_path || !*filter->memcg_path)
		return unbuildable(
			err, config_fault(err, place(node, "memcg_path"),
					  "a memcg filter without memcg_path; "
					  "expected its path"));
	if (filter->type != CONFIG_FILTER_ADDR)
		filter->addr = (struct config_region){ 0 };
	else if (!filter->addr.end)
		return ignored(
			err,
			config_fault(err, place(node, "address_range"),
				     "an addr filter without address_range; "
				     "expected start and end"));
	if (filter->type != CONFIG_FILTER_TARGET)
		filter->target_idx = CONFIG_NO_ID;
	else if (filter->target_idx == CONFIG_NO_ID)
		return surprising(
			err,
			config_fault(
				err, place(node, "damon_target_idx"),
				"a target filter without damon_target_idx; "
				"expected the target's place, from 0"));
	if (filter->type != CONFIG_FILTER_PROBE_HITS_WSUM)
		filter->wsum = (struct config_range){ 0 };
	else if (filter->wsum.min > filter->wsum.max)
		return unbuildable(
			err,
			config_fault(err, place(node, "probe_hits_wsum_range"),
				     "a range of sums that holds none; "
				     "expected [min, max], min not above "
				     "max"));
	if (filter->type != CONFIG_FILTER_HUGEPAGE_SIZE)
		filter->hugepage_sz = (struct config_range){ 0 };
	else if (!sz->max || sz->min > sz->max)
		ret = config_fault(err, place(node, "hugepage_size"),
				   "a hugepage_size filter for no size; "
				   "expected [min, max], min not above max, "
				   "max not 0");
	if (!ret)
		return 0;
	return sz->min > sz->max ? unbuildable(err, ret) : ignored(err, ret);
}
