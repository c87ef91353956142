/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How often a region was accessed in the last window's length, at any tick.
 *
 * The counter of the unfinished window is small only because the window is
 * young.  What is still missing is taken from the last window, in proportion.
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

#endif
