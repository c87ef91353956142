/* SPDX-License-Identifier: GPL-2.0 */
/* What exhaust.c and reduce.c know of each other. */
#ifndef EXPLORE_EXHAUST_INTERNAL_H
#define EXPLORE_EXHAUST_INTERNAL_H

#include "explore/exhaust.h"

#define WORDS (MEMORY_SZ / 8)
#define NEVER 0

/* Times are numbers of turns, from 1. */
struct times {
	u16 at[ENGINE_AGENTS_MAX];
};

struct node {
	u32 enabled;
	u32 backtrack;
	u32 tried;
	u32 sleep;
	u32 stopped;
	u8 agent;
	u8 choice;
	u8 nr_choices;
	u8 preemptions;
	struct times before; /* what the step came after, itself included */
};

/* Who touched a word or an object last. */
struct touched {
	u32 gen;
	u16 write;
	u8 writer;
	u32 readers;
	u16 read[ENGINE_AGENTS_MAX];
};

struct exhaust {
	u32 bound;
	u32 depth; /* turns of this execution */
	u32 replay; /* of which so many are decided */
	u32 gen;
	u32 sleep; /* of the node to come */
	struct times now[ENGINE_AGENTS_MAX];
	struct times behind; /* what the step under way comes behind */
	struct {
		u16 turn; /* last step there */
		u8 agent;
	} cpu[MEMORY_CPUS_MAX];
	u16 strike[ENGINE_ACTORS_MAX]; /* turn of an NMI's first step */
	struct touched word[WORDS];
	struct touched object[ENGINE_OBJECTS_MAX];
	struct node node[ENGINE_STEPS_MAX + 1];
};

/* Have other orders of this step tried, where they matter. */
void exhaust_reduce(struct exhaust *x, struct engine *e,
		    const struct engine_step *s);
/* Who needs not be tried in the state that this step leads to? */
void exhaust_pass_sleep(struct exhaust *x, struct engine *e,
			const struct engine_step *s);

#endif
