/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The three ranges of an address space that are worth monitoring.
 *
 * A process maps little of its address space, and nearly all that it does not
 * map lies in two gaps: between heap and mappings, and between mappings and
 * stack.  What is left without them is three ranges.
 *
 * Not here: how the mappings are learnt.
 */
#ifndef THREE_REGIONS_H
#define THREE_REGIONS_H

#include <linux/types.h>

#include "region.h"

/**
 * three_regions() - cut the two largest gaps out of an address space.
 * @out:	set on success only; bounds rounded up to pages
 * @map:	mapped extents, sorted, disjoint
 * @nr:		of @map
 *
 * Of gaps of one size the lowest ones are cut.
 *
 * Return: 0; -EINVAL if there are no two gaps.
 */
int three_regions(struct range out[3], const struct range *map, u32 nr);

#endif
