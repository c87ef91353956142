// SPDX-License-Identifier: GPL-2.0
/*
 * What a configuration says, in what the monitoring core counts in.
 *
 * Apart from the reading, because a percentage of the aggregation's maximum
 * means another number each time the intervals are tuned.
 */
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

#define ONE_PPM 1000000u

typedef unsigned __int128 u128;

static u32 saturate(u128 value)
{
	return value > ~0u ? ~0u : (u32)value;
}

static u32 accesses_to_core(enum config_unit unit, u64 value,
			    const struct config_intervals *intervals)
{
	u64 sample_us = intervals->sample_us ? intervals->sample_us : 1;

	if (unit == CONFIG_UNIT_SAMPLES || value == CONFIG_NO_BOUND)
		return saturate(value);
	return saturate((u128)value * intervals->aggr_us /
			((u128)sample_us * ONE_PPM));
}

static u32 age_to_core(enum config_unit unit, u64 value,
		       const struct config_intervals *intervals)
{
	u64 aggr_us = intervals->aggr_us ? intervals->aggr_us : 1;

	if (unit == CONFIG_UNIT_AGGR_INTERVALS || value == CONFIG_NO_BOUND)
		return saturate(value);
	return saturate(value / aggr_us);
}

void config_pattern_to_core(const struct config_pattern *pattern,
			    const struct config_intervals *intervals,
			    struct config_core_pattern *out)
{
	const struct config_bounds *accesses = &pattern->nr_accesses;
	const struct config_bounds *age = &pattern->age;

	out->min_sz = pattern->sz.min;
	out->max_sz = pattern->sz.max;
	out->min_nr_accesses =
		accesses_to_core(accesses->unit, accesses->min, intervals);
	out->max_nr_accesses =
		accesses_to_core(accesses->unit, accesses->max, intervals);
	out->min_age = age_to_core(age->unit, age->min, intervals);
	out->max_age = age_to_core(age->unit, age->max, intervals);
}

bool config_cpumask_has(const char *mask, u32 cpu)
{
	const char *end = mask + strlen(mask);
	u32 nr_words = cpu / 32;
	const char *word;

	/* The last word holds CPUs 0 to 31. */
	for (;; nr_words--) {
		for (word = end; word > mask && word[-1] != ','; word--)
			;
		if (!nr_words)
			return strtoul(word, NULL, 16) >> cpu % 32 & 1;
		if (word == mask)
			return false;
		end = word - 1;
	}
}

bool config_tids_have(const char *tids, u32 tid)
{
	char *end;

	for (;; tids = end + 1) {
		if (strtoul(tids, &end, 10) == tid)
			return true;
		if (*end != ',')
			return false;
	}
}
