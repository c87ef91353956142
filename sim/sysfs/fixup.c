// SPDX-License-Identifier: GPL-2.0
/* Between files and configuration, see fixup.h. */
#include <errno.h>
#include <stdlib.h>

#include "sysfs/fixup.h"

static void drop_empty(char **text)
{
	if (!*text || **text)
		return;
	free(*text);
	*text = NULL;
}

/*
 * Only the arguments of its type count.  Those that cannot be fail the building
 * of the scheme, for which the kernel has one error only.
 */
int sysfs_collected_filter(void *entry)
{
	struct config_filter *filter = entry;

	if (filter->type != CONFIG_FILTER_MEMCG) {
		free(filter->memcg_path);
		filter->memcg_path = NULL;
	}
	if (filter->type != CONFIG_FILTER_ADDR)
		filter->addr = (struct config_region){ 0 };
	if (filter->type != CONFIG_FILTER_TARGET)
		filter->target_idx = CONFIG_NO_ID;
	if (filter->type != CONFIG_FILTER_HUGEPAGE_SIZE)
		filter->hugepage_sz = (struct config_range){ 0 };
	if (filter->addr.end < filter->addr.start ||
	    filter->hugepage_sz.min > filter->hugepage_sz.max)
		return -ENOMEM;
	return 0;
}

int sysfs_collected_probe_filter(void *entry)
{
	struct config_probe_filter *filter = entry;

	if (filter->type != CONFIG_PROBE_MEMCG) {
		free(filter->memcg_path);
		filter->memcg_path = NULL;
	}
	return 0;
}

/* A goal whose target is 0 is not there. */
static void drop_goals(struct config_quotas *quotas)
{
	u32 i, nr = 0;

	for (i = 0; i < quotas->nr_goals; i++) {
		drop_empty(&quotas->goals[i].memcg_path);
		if (quotas->goals[i].target_value)
			quotas->goals[nr++] = quotas->goals[i];
		else
			free(quotas->goals[i].memcg_path);
	}
	quotas->nr_goals = nr;
	if (nr)
		return;
	free(quotas->goals);
	quotas->goals = NULL;
}

int sysfs_collected_scheme(void *entry)
{
	struct config_scheme *scheme = entry;

	scheme->pattern.nr_accesses.unit = CONFIG_UNIT_SAMPLES;
	scheme->pattern.age.unit = CONFIG_UNIT_AGGR_INTERVALS;
	drop_goals(&scheme->quotas);
	return 0;
}

int sysfs_collected_context(void *entry)
{
	struct config_context *ctx = entry;
	u32 i;

	ctx->sample_control.primitives.page_table = true;
	if (ctx->ops != CONFIG_OPS_PADDR)
		return 0;
	if (ctx->nr_targets > 1)
		return -EINVAL;
	for (i = 0; i < ctx->nr_targets; i++)
		if (!ctx->targets[i].pid)
			ctx->targets[i].pid = CONFIG_NO_ID;
	return 0;
}

void sysfs_print_target(void *entry, const struct config_context *ctx)
{
	struct config_target *target = entry;

	if (target->pid == CONFIG_NO_ID)
		target->pid = 0;
}

void sysfs_print_filter(void *entry, const struct config_context *ctx)
{
	struct config_filter *filter = entry;

	if (filter->target_idx == CONFIG_NO_ID)
		filter->target_idx = 0;
}

void sysfs_print_scheme(void *entry, const struct config_context *ctx)
{
	struct config_scheme *scheme = entry;
	struct config_pattern *pattern = &scheme->pattern;
	struct config_core_pattern core;

	config_pattern_to_core(pattern, &ctx->intervals, &core);
	pattern->nr_accesses.min = core.min_nr_accesses;
	pattern->nr_accesses.max = core.max_nr_accesses;
	pattern->age.min = core.min_age;
	pattern->age.max = core.max_age;
}
