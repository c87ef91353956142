// SPDX-License-Identifier: GPL-2.0
/* The cores that can be replicated: what is not named is not so. */
#include <string.h>

#include "access.h"
#include "attrs.h"
#include "memory.h"
#include "merge.h"
#include "profile.h"
#include "rng.h"
#include "split.h"

const struct profile profile_n = {
	.name = "N",
	.age = merge_age,
	.frequency = access_moving_sum,
	.rescale = attrs_rescale,
	.random = rng_range,
	.split = split_regions,
	.has_intervals_goal = true,
	.has_pause = true,
	.has_probes = true,
	.limits_size = true,
	.joins_ranges = true,
	.forgets_targets = true,
	.commits_dry = true,
	.fails_charge_less = true,
	.filters_score = true,
	.drops_dead_targets = true,
	.remembers_folio = true,
	.counts_passed = true,
	.remerges = true,
	.counts_snapshots = true,
	.has_new_traces = true,
	.vaddr_migrates = true,
	.clock_wraps = true,
};

/*
 * Where the sources say nothing of the time in between, this is the newest
 * core with the older one's sum.
 */
const struct profile profile_m = {
	.name = "M",
	.age = merge_age,
	.frequency = access_kept_sum,
	.rescale = attrs_rescale_sum,
	.random = rng_range_low,
	.split = split_regions,
	.has_moving_sum = true,
	.has_intervals_goal = true,
	.has_pause = true,
	.limits_size = true,
	.joins_ranges = true,
	.forgets_targets = true,
	.commits_all_attrs = true,
	.fails_charge_less = true,
	.filters_score = true,
	.drops_dead_targets = true,
	.remembers_folio = true,
	.counts_passed = true,
	.remerges = true,
	.counts_snapshots = true,
	.has_new_traces = true,
	.vaddr_migrates = true,
	.clock_wraps = true,
};

const struct profile profile_d = {
	.name = "D",
	.age = merge_age_by_amount,
	.frequency = access_kept_sum,
	.rescale = attrs_rescale_count,
	.random = rng_range_low,
	.split = split_regions_up_to_half,
	.has_moving_sum = true,
	.cuts_areas = true,
	.commits_late = true,
	.ends_on_failure = true,
	.commits_all_attrs = true,
	.zero_esz_is_open = true,
	.filter_resizes = true,
	.core_filters_hit_folios = true,
	.frac_wraps = true,
	.keeps_psi = true,
	.sz_esz_min = PAGE_BYTES,
};

const struct profile *profile_by_name(const char *name)
{
	static const struct profile *const all[] = { &profile_n, &profile_m,
						     &profile_d };
	u32 i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (!strcmp(all[i]->name, name))
			return all[i];
	return NULL;
}
