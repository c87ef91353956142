/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fit regions to the ranges that are to be monitored from now on.
 *
 * What is known of memory that stays monitored survives; memory that came is
 * covered by regions of which nothing is known.  Afterwards the regions cover
 * the ranges, rounded outwards, and nothing else.
 *
 * Not here: where the ranges come from.
 */
#ifndef SET_REGIONS_H
#define SET_REGIONS_H

#include <linux/types.h>

#include "region.h"

/**
 * set_regions() - fit an array of regions to ranges.
 * @out:	the result is built here, over what it held; not @from
 * @from:	regions so far
 * @range:	sorted
 * @nr:		of @range; 0 leaves no region
 * @align:	what bounds are rounded to, a power of two
 *
 * A region that reaches into two ranges stays with the first one alone.
 *
 * Return: 0; -EINVAL if a rounded range is empty, wraps, or overlaps the one
 * before it; -ENOMEM.
 */
int set_regions(struct regions *out, const struct regions *from,
		const struct range *range, u32 nr, u64 align);

#endif
