/* SPDX-License-Identifier: GPL-2.0 */
/* What memory.c and memory_order.c know of each other. */
#ifndef EXPLORE_MEMORY_INTERNAL_H
#define EXPLORE_MEMORY_INTERNAL_H

#include "explore/memory.h"

/* The cell, without what an earlier execution left in it. */
struct memory_cell *memory_fresh(struct memory *m, u32 cell);

/* Note an access; false if it races with one before it. */
bool memory_ordered(struct memory *m, u32 cpu, u32 cell, bool plain,
		    bool store);

/* Let a plain access of @cpu find its own stores that still wait (tso). */
void memory_overlay(struct memory *m, u32 cpu, u32 cell, bool store);

void memory_join_clock(const struct memory *m, struct memory_clock *to,
		       const struct memory_clock *from);
void memory_join_view(const struct memory *m, struct memory_view *to,
		      const struct memory_view *from);

#endif
