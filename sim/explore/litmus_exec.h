/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One execution of a litmus test after the other, each played from the start,
 * until every choice was taken.
 *
 * What has been chosen stands on a stack; the next execution takes the same
 * choices but the last, which is another.  Of steps that do not touch each
 * other only one order is played (sleep sets), because which of two goes first
 * changes nothing.
 */
#ifndef EXPLORE_LITMUS_EXEC_H
#define EXPLORE_LITMUS_EXEC_H

#include "explore/litmus_path.h"

#define LITMUS_STACK_MAX 1024

/**
 * struct litmus_choice - one choice on the stack.
 * @schedule:	of who goes next; else of a value
 * @nr:		how many values
 * @taken:	which value, or whose step
 * @left:	steps that are still to be tried
 * @done:	steps that were
 */
struct litmus_choice {
	bool schedule;
	u16 nr;
	u16 taken;
	u32 left;
	u32 done;
};

/* What a load can hand over to what depends on it, or a store to a load. */
struct litmus_known {
	struct memory_clock clock;
	struct memory_view view;
	struct memory_view everywhere;
};

/**
 * struct litmus_cpu - a thread that runs.
 * @path:	the way that it goes
 * @order:	the order in which it goes it
 * @at:		the step it is at
 * @done:	ops that happened
 * @loaded:	by op, value
 * @var:	by op, variable
 * @from:	by op, the store that it loaded, 0 for the first value
 * @known:	by op, what those that depend on it know
 * @queue:	stores in the queue (tso)
 */
struct litmus_cpu {
	const struct litmus_path *path;
	const struct litmus_order *order;
	u32 at;
	u32 done;
	s64 loaded[LITMUS_OPS_MAX];
	u8 var[LITMUS_OPS_MAX];
	u16 from[LITMUS_OPS_MAX];
	struct litmus_known known[LITMUS_OPS_MAX];
	u32 nr_queued;
	u16 queue[LITMUS_OPS_MAX];
};

enum litmus_end { LITMUS_ENDED, LITMUS_ABANDONED };

/**
 * struct litmus_exec - the executions of a test.
 * @writer:	by message, the store that it is (weak)
 * @stores:	by variable, the stores in coherence order (sc, tso)
 * @asleep:	steps whose order was tried already
 * @race:	plain accesses raced
 */
struct litmus_exec {
	const struct litmus_test *t;
	struct memory *m;
	enum memory_model model;
	struct litmus_cpu cpu[LITMUS_THREADS_MAX];
	u16 writer[MEMORY_MESSAGES_MAX];
	u32 nr_stores[LITMUS_VARS_MAX];
	u16 stores[LITMUS_VARS_MAX][LITMUS_THREADS_MAX * LITMUS_OPS_MAX];
	u32 asleep;
	bool race;
	u32 depth;
	u32 nr_choices;
	struct litmus_choice choice[LITMUS_STACK_MAX];
	char *error;
};

/* Play one execution.  0 or 1 is an enum litmus_end; -EINVAL; -E2BIG. */
int litmus_play(struct litmus_exec *x);
/* Another one is to be played. */
bool litmus_advance(struct litmus_exec *x);

/* Choose one of @nr values. */
u32 litmus_choose(struct litmus_exec *x, u32 nr);

/* Let the next op of a CPU happen; its variable is @var. */
int litmus_step(struct litmus_exec *x, u32 cpu, u32 var);
/* The oldest store of a CPU's queue reaches memory (tso). */
void litmus_flush(struct litmus_exec *x, u32 cpu);

/* A variable's cell; and back from the queue's oldest store. */
u32 litmus_cell(struct litmus_exec *x, u32 var);

/* The store that an op is, from 1. */
static inline u16 litmus_writer(u32 cpu, u32 op)
{
	return cpu * LITMUS_OPS_MAX + op + 1;
}

/* What is in memory at the end. */
s64 litmus_final(struct litmus_exec *x, struct litmus_place place);
/* Stores to a variable in coherence order; how many. */
u32 litmus_coherence(struct litmus_exec *x, u32 var, u16 *out);

#endif
