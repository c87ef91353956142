/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Neighbours that are accessed alike become one region.
 *
 * That keeps the number of regions down where more of them say nothing more.
 * If it is still too high, alike is taken ever more loosely.
 *
 * Not here: the other direction (split.h).
 */
#ifndef MERGE_H
#define MERGE_H

#include <linux/types.h>

struct context;
struct region;

/**
 * merge_age() - one more window with or without a change.
 * @r:		region
 * @threshold:	how much the count of accesses may change
 *
 * To be accessed at all, or no more, is always a change.
 */
void merge_age(struct region *r, u32 threshold);

/* The same where only the amount of the change counts. */
void merge_age_by_amount(struct region *r, u32 threshold);

/**
 * merge_regions() - end of a window: count ages, merge.
 * @ctx:	context
 * @threshold:	difference of nr_accesses, or of weighted sums of probes' hits
 *		where there are any, up to which neighbours are alike
 * @sz_limit:	no region grows beyond it; larger ones stay
 *
 * Repeats with the threshold doubled while there are more than max_nr_regions.
 * Promises that few only where a threshold of all the window's ticks leaves
 * that few: holes, and @sz_limit, keep regions apart whatever their counts.
 */
void merge_regions(struct context *ctx, u32 threshold, u64 sz_limit);

#endif
