/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which kernel's core is replicated, where kernels differ.
 *
 * A profile is the list of the places at which one core does otherwise than
 * another; all else is common to all.  There is one so far.
 */
#ifndef PROFILE_H
#define PROFILE_H

#include <linux/types.h>

struct attrs;
struct context;
struct region;

/**
 * struct profile - where cores differ.
 * @name:	for users
 * @age:	count one more window into a region's age, or begin anew;
 *		@threshold is how much nr_accesses may change
 * @frequency:	accesses of a region in the last window's length
 * @rescale:	restate counters in other intervals, see attrs_rescale()
 * @split:	cut regions at random, see split_regions()
 */
struct profile {
	const char *name;
	void (*age)(struct region *r, u32 threshold);
	u32 (*frequency)(const struct context *ctx, const struct region *r);
	void (*rescale)(struct region *r, const struct attrs *from,
			const struct attrs *to, bool aggregating);
	int (*split)(struct context *ctx);
};

/* The development tree after v7.2. */
extern const struct profile profile_n;

#endif
