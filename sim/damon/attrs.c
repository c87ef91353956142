// SPDX-License-Identifier: GPL-2.0
/*
 * Monitoring attributes: rules, and counters from one set to another.
 *
 * Counters go through bp of the old window, with 32-bit arithmetic that wraps
 * where the kernel's does, so that what is lost in a change is what a kernel
 * loses.
 */
#include <linux/errno.h>

#include "attrs.h"
#include "region.h"

#define BP_ONE 10000u

const struct attrs attrs_default = {
	.sample_us = 5000,
	.aggr_us = 100000,
	.ops_update_us = 60000000,
	.min_nr_regions = 10,
	.max_nr_regions = 1000,
};

u32 attrs_nr_samples(const struct attrs *attrs)
{
	u64 nr = attrs_ticks(attrs, attrs->aggr_us);

	if (nr > 0xffffffff)
		return 0xffffffff;
	return nr ? nr : 1;
}

int attrs_check(const struct attrs *attrs, bool with_goal)
{
	const struct intervals_goal *goal = &attrs->goal;

	if (with_goal && goal->nr_aggrs &&
	    (goal->min_sample_us > goal->max_sample_us ||
	     attrs->sample_us < goal->min_sample_us ||
	     attrs->sample_us > goal->max_sample_us))
		return -EINVAL;
	if (attrs->min_nr_regions < 3)
		return -EINVAL;
	if (attrs->min_nr_regions > attrs->max_nr_regions)
		return -EINVAL;
	if (attrs->sample_us > attrs->aggr_us)
		return -EINVAL;
	return 0;
}

/* Counts of a window of @from_nr ticks to counts of one of @to_nr. */
static u32 rescale_count(u32 count, u32 from_nr, u32 to_nr)
{
	u32 bp = count / from_nr * BP_ONE + count % from_nr * BP_ONE / from_nr;

	return bp * to_nr / BP_ONE;
}

/* The same in one product, which wraps. */
static u32 rescale_count_wrapping(u32 count, u32 from_nr, u32 to_nr)
{
	return count * BP_ONE / from_nr * to_nr / BP_ONE;
}

/* What cannot be stated anew, because nothing can be divided by it. */
static bool has_zero(const struct attrs *from, const struct attrs *to)
{
	return !from->sample_us || !from->aggr_us || !to->sample_us ||
	       !to->aggr_us;
}

void attrs_rescale(struct region *r, const struct attrs *from,
		   const struct attrs *to, bool aggregating)
{
	u32 from_nr = attrs_nr_samples(from), to_nr = attrs_nr_samples(to), i;
	u8 *hits = r->probe_hits, *last_hits = r->last_probe_hits;

	if (has_zero(from, to))
		return;
	for (i = 0; i < PROBES_MAX; i++) {
		last_hits[i] = rescale_count(last_hits[i], from_nr, to_nr);
		hits[i] = aggregating ? 0 :
					rescale_count(hits[i], from_nr, to_nr);
	}
	r->last_nr_accesses =
		rescale_count(r->last_nr_accesses, from_nr, to_nr);
	r->nr_accesses =
		aggregating ? 0 : rescale_count(r->nr_accesses, from_nr, to_nr);
	r->age = r->age * from->aggr_us / to->aggr_us;
}

void attrs_rescale_sum(struct region *r, const struct attrs *from,
		       const struct attrs *to, bool aggregating)
{
	u32 from_nr = attrs_nr_samples(from), to_nr = attrs_nr_samples(to);

	if (has_zero(from, to))
		return;
	if (!aggregating) {
		attrs_rescale_count(r, from, to, aggregating);
		return;
	}
	r->last_nr_accesses =
		rescale_count_wrapping(r->last_nr_accesses, from_nr, to_nr);
	r->moving_sum_bp = r->last_nr_accesses * BP_ONE;
	r->nr_accesses = 0;
	r->age = r->age * from->aggr_us / to->aggr_us;
}

void attrs_rescale_count(struct region *r, const struct attrs *from,
			 const struct attrs *to, bool aggregating)
{
	if (has_zero(from, to))
		return;
	r->nr_accesses = rescale_count_wrapping(
		r->nr_accesses, attrs_nr_samples(from), attrs_nr_samples(to));
	r->moving_sum_bp = r->nr_accesses * BP_ONE;
	r->age = r->age * from->aggr_us / to->aggr_us;
}
