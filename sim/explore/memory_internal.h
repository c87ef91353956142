/* SPDX-License-Identifier: GPL-2.0 */
/* What memory.c and memory_order.c know of each other. */
#ifndef EXPLORE_MEMORY_INTERNAL_H
#define EXPLORE_MEMORY_INTERNAL_H

#include <string.h>

#include "explore/memory.h"

static inline u64 read_bytes(const struct memory *m,
			     const struct memory_cell *c)
{
	u64 value = 0;

	memcpy(&value, m->base + c->off, c->sz);
	return value;
}

static inline void write_bytes(struct memory *m, const struct memory_cell *c,
			       u64 value)
{
	memcpy(m->base + c->off, &value, c->sz);
}

static inline struct memory_message *
message_of(struct memory *m, const struct memory_cell *c, u32 i)
{
	return &m->message[c->message[i]];
}

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

/*
 * Let a CPU know what its relaxed loads could have taken over: a releasing swap
 * is behind all of it.
 */
void memory_tell_seen(struct memory *m, u32 cpu);

/* The youngest of the queue's stores to exactly these bytes, or NULL. */
struct memory_buffered *memory_youngest(struct memory *m, u32 cpu, u32 cell);

/* What a load learns of full fences, and what a store hands on of them. */
void memory_hear(struct memory *m, u32 cpu, enum memory_order order,
		 const struct memory_message *msg);
void memory_spread(struct memory *m, u32 cpu, enum memory_order order,
		   const struct memory_message *read,
		   struct memory_message *msg);

#endif
