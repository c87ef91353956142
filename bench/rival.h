/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is measured against each other: ways from a sample to an access that a
 * region is credited with.
 *
 * Loops over samples are each rival's own, so that what is called for one
 * sample can be inlined, as it is in a kernel.
 *
 * Adding a rival: a file with its struct rival, and its line in bench.c.
 */
#ifndef RIVAL_H
#define RIVAL_H

#include <linux/types.h>

/* Ticks in a window: what is done once a window is done in one of so many. */
#define BENCH_WINDOW_TICKS 20

/* Slots of a ring, where a rival can choose; the published design has 256. */
#define BENCH_CAPACITY 256

#define BENCH_PAGE 4096ULL

/* One sample that was found valid. */
struct bench_sample {
	u64 addr;
	u32 cpu;
	u32 tgid;
	u32 tid;
};

/**
 * struct bench_shape - how much of everything.
 * @nr_rings:	CPUs
 * @nr_regions:	of all targets, side by side from address 0 of each
 * @nr_targets:	1: physical memory; more: processes 1, 2, 3...
 * @sz_region:	bytes of each
 */
struct bench_shape {
	u32 nr_rings;
	u32 nr_regions;
	u32 nr_targets;
	u64 sz_region;
};

/**
 * struct rival - one way.
 * @name:	in the table
 * @summary:	what it is
 * @new:	state for a shape
 * @free:	of it
 * @push:	what the overflow handler does for each of @nr samples, by
 *		CPU; returns how many were accepted
 * @drain:	what takes them out, and nothing more; returns how many.
 *		NULL if it cannot be told apart from @tick
 * @match:	find the region of each, and nothing more; returns a sum that
 *		depends on all.  NULL for what is only a queue
 * @tick:	the kdamond's whole tick after the samples are in: take them
 *		out, find their regions, credit these.  NULL likewise
 */
struct rival {
	const char *name;
	const char *summary;
	void *(*new)(const struct bench_shape *shape);
	void (*free)(void *state);
	u64 (*push)(void *state, const struct bench_sample *s, u32 nr);
	u64 (*drain)(void *state);
	u64 (*match)(void *state, const struct bench_sample *s, u32 nr);
	u64 (*tick)(void *state);
};

extern const struct rival rival_ours;
extern const struct rival rival_nothing;
extern const struct rival rival_published;
extern const struct rival rival_trylock;
extern const struct rival rival_ck;
extern const struct rival rival_urcu;
extern const struct rival rival_mutex;

/* Memory that begins a cache line, all zero; there is always enough here. */
void *bench_alloc(size_t sz);

#endif
