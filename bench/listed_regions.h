/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Regions as a kernel links them: each an object of its own, in the order in
 * which they were allocated, which is not that of their addresses.
 *
 * For rivals that work on the kernel's own structures.
 */
#ifndef LISTED_REGIONS_H
#define LISTED_REGIONS_H

#include <linux/types.h>

#include "rival.h"

struct listed_region {
	u64 start;
	u64 end;
	u64 sampling_addr;
	u32 nr_accesses;
	u32 nr_accesses_bp;
	struct listed_region *next;
	struct listed_region *prev;
	u32 age;
	u32 last_nr_accesses;
	bool access_reported;
};

struct listed_target {
	u32 tgid;
	u32 nr_regions;
	struct listed_region *first;
};

struct listed_target *listed_new(const struct bench_shape *shape);

void listed_free(struct listed_target *target, u32 nr_targets);

/* A window is over: all counters begin anew.  Return: the highest of them. */
u32 listed_end_window(struct listed_target *target, u32 nr_targets);

/* One access in this tick or none: the sum that moves on. */
static inline void listed_tick_region(struct listed_region *r, bool accessed)
{
	r->nr_accesses_bp -= r->last_nr_accesses * 10000 / BENCH_WINDOW_TICKS;
	if (accessed) {
		r->nr_accesses_bp += 10000;
		r->nr_accesses++;
	}
}

#endif
