/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How often a region was accessed in the last window's length, at any tick.
 *
 * The counter of the unfinished window is small only because the window is
 * young.  What is still missing is taken from the last window, in proportion;
 * newer cores do that when somebody asks, older ones at each tick.
 *
 * Not here: what the frequency is compared with (schemes).
 */
#ifndef ACCESS_H
#define ACCESS_H

#include <linux/types.h>

struct context;
struct region;

/**
 * access_moving_sum() - accesses in the last window's length.
 * @ctx:	context of @r
 * @r:		region
 *
 * Return: at the end of a window what it counted, after the reset what the last
 * one counted, in between a mixture; modulo 2^32.
 */
u32 access_moving_sum(const struct context *ctx, const struct region *r);

/* The same of any two counts of the unfinished window and of the last one. */
u32 access_in_window(const struct context *ctx, u32 count, u32 last_count);

/* The same of cores that keep a sum. */
u32 access_kept_sum(const struct context *ctx, const struct region *r);

/**
 * access_move_sums() - let the kept sums of all regions move on.
 * @ctx:	context
 * @nr_ticks:	by how many ticks, after what they saw has been credited
 *
 * A tick takes away a window's share of what the last window counted, rounded
 * down: what is lost by that stays in the sum.  Modulo 2^32.
 */
void access_move_sums(struct context *ctx, u64 nr_ticks);

#endif
