/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How large a region may get, so that there are never too few.
 *
 * Not here: who asks (kdamond.h).
 */
#ifndef SIZE_LIMIT_H
#define SIZE_LIMIT_H

#include <linux/types.h>

struct context;

/**
 * size_limit() - size at which min_nr_regions of them cover everything.
 * @ctx:	context
 *
 * Return: address units, at least the smallest region's.
 */
u64 size_limit(const struct context *ctx);

/**
 * size_limit_apply() - cut what is larger.
 * @ctx:	context
 * @limit:	set, also on failure, to size_limit() rounded up to a multiple
 *		of the smallest region: no region is larger afterwards
 *
 * Pieces are of that size, but for the last one of each region.  They keep all
 * counters of the region they were.
 *
 * Return: 0; -ENOMEM, with the target that it was for and those after it as
 * they were.
 */
int size_limit_apply(struct context *ctx, u64 *limit);

#endif
