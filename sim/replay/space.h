/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of an address space from a capture: which ranges are in use.
 *
 * A capture tells of mappings as they are made, and of the places where samples
 * fell.  Both are kept as one sorted list of ranges.  A sample stands for the
 * aligned block around it; should there be too many ranges, because addresses
 * are strewn about, the blocks are doubled until they are few enough.
 *
 * Not here: which regions a target gets from it (damon/).
 */
#ifndef SPACE_H
#define SPACE_H

#include <linux/types.h>

#include "damon/region.h"

/**
 * struct space - ranges in use.
 * @range:	sorted, with a hole between neighbours
 * @nr:		how many
 * @nr_max:	more are not kept
 * @room:	in @range
 * @sz_block:	a sample stands for so many bytes; a power of two
 * @end:	addresses from here on are not looked at
 * @last:	range that was hit last
 * @changed:	@range is not what it was when this was last cleared
 */
struct space {
	struct range *range;
	u32 nr;
	u32 nr_max;
	u32 room;
	u64 sz_block;
	u64 end;
	u32 last;
	bool changed;
};

/**
 * space_init() - an address space of which nothing is known.
 * @s:		storage
 * @sz_block:	bytes that a sample stands for, a power of two
 * @nr_max:	most ranges that are kept apart, at least 1
 * @end:	first address that is not of this space, a multiple of 4096
 */
void space_init(struct space *s, u64 sz_block, u32 nr_max, u64 end);

void space_fini(struct space *s);

/* Forget what is known; exec does that.  Return: 0. */
int space_clear(struct space *s);

/**
 * space_add() - a range is in use.
 * @s:		space
 * @start:	first byte
 * @end:	exclusive; what lies beyond the space is ignored
 *
 * Return: 0; -ENOMEM.
 */
int space_add(struct space *s, u64 start, u64 end);

#endif
