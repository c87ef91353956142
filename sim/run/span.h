/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All CPUs of a machine played through several ticks of the kdamond at once, by
 * as many threads of ours as wanted.
 *
 * While nothing happens but that ticks drain the rings and credit regions, the
 * ticks of a CPU do not depend on other CPUs: so each CPU is played through all
 * of them, its ring drained at each, before the next CPU's turn.  What one tick
 * credited is then put together over those who drained in it: a region that two
 * of them credited had its access once, and the other report was absorbed,
 * which is what one kdamond that drains all rings would have counted.
 *
 * The result is the same whoever plays which CPU.
 *
 * Not here: what happens between spans (loop.h).
 */
#ifndef SPAN_H
#define SPAN_H

#include <damon/tick.h>
#include <linux/types.h>

#include "run/run_cpu.h"

/* Ticks of one span: enough for a window of them. */
#define SPAN_TICKS_MAX 32

/**
 * struct span_result - what the ticks of a span came to.
 * @hits:	by tick: regions that were credited, in no order
 * @nr_hits:	by tick
 * @nr_drained:	by tick: reports taken out
 */
struct span_result {
	const u32 *hits[SPAN_TICKS_MAX];
	u32 nr_hits[SPAN_TICKS_MAX];
	u32 nr_drained[SPAN_TICKS_MAX];
};

/**
 * struct span_job - what is to be played.
 * @env:	all CPUs'
 * @cpu:	CPUs
 * @nr_cpus:	of @cpu
 * @tick_ps:	when the ticks are, rising
 * @nr_ticks:	of them, may be 0
 * @end_ps:	play until then, at or behind the last tick; what is raised
 *		after it stays in the rings
 * @sample_ps:	the monitor's sampling interval
 * @drains:	the ticks drain; else rings fill up
 * @tick:	filters and epoch, its snapshot too; @credited and @hits unused
 */
struct span_job {
	const struct run_env *env;
	struct run_cpu *cpu;
	u32 nr_cpus;
	u64 tick_ps[SPAN_TICKS_MAX];
	u32 nr_ticks;
	u64 end_ps;
	u64 sample_ps;
	bool drains;
	struct damon_tick tick;
};

struct span_pool;

/**
 * span_pool_new() - threads that play.
 * @out:	set on success
 * @nr:		how many, the caller's own among them; at least 1
 *
 * Return: 0; -ENOMEM; -EAGAIN if the system gives no more threads.
 */
int span_pool_new(struct span_pool **out, u32 nr);

void span_pool_free(struct span_pool *pool);

/**
 * span_play() - play.
 * @pool:	threads
 * @job:	what; the stats in @job->tick grow by what became of the reports
 * @result:	filled; what it points to is good until the next call
 *
 * Return: 0; -ENOMEM, with nothing played.
 */
int span_play(struct span_pool *pool, struct span_job *job,
	      struct span_result *result);

#endif
