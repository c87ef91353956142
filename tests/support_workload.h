/* SPDX-License-Identifier: GPL-2.0 */
/* A thread of a pattern with memory on two nodes, for tests of patterns. */
#ifndef SUPPORT_WORKLOAD_H
#define SUPPORT_WORKLOAD_H

#include "workload.h"

#define SUPPORT_START 0x7f1200000000ULL

/* Every pattern's name. */
#define SUPPORT_WORKLOAD_KINDS 9
extern const char *const support_workload_name[SUPPORT_WORKLOAD_KINDS];

/**
 * struct support_workload - one thread and all that it needs.
 * @w:		its program
 * @ram:	two nodes
 * @map:	its area, by granules of 2 MiB on node 0 and 1 in turn
 * @t:		the thread, at its beginning
 */
struct support_workload {
	struct workload w;
	struct ram ram;
	struct ram_map *map;
	struct workload_thread t;
};

/* Small areas, and caches that are smaller still. */
struct workload_params support_workload_params(u64 sz);

/* A pattern with these parameters; frames in random order if @scattered. */
void support_workload_begin(struct support_workload *s, const char *kind,
			    const struct workload_params *params,
			    bool scattered);
void support_workload_end(struct support_workload *s);

/* Another thread of the same, at its beginning. */
struct workload_thread support_workload_again(const struct support_workload *s);

/* Where an op of a sort goes at a moment. */
u64 support_workload_draw(struct workload_thread *t, u64 run_ps, u8 class,
			  u64 luck);

/* A sort of op by its name; fails the test without one. */
u8 support_workload_class(const struct workload *w, const char *name);

/* Does it go through its memory in order? */
bool support_workload_in_order(const struct workload *w);

/* Of six accesses to lines, how many are stores, in such a pattern. */
u32 support_workload_stores_of_6(const struct workload *w);

#endif
