/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DAMON's tracepoints, as ftrace prints them: what follows them on a kernel
 * follows them here.
 *
 * Names, fields and their order are the kernel's.  Losses of samples have an
 * event for each cause, damon_perf_lost_CAUSE: one tracepoint for two causes is
 * a question that a trace cannot answer.  It is told once a tick and CPU; what
 * the kdamond loses itself has no CPU.
 *
 * damon_region_aggregated is told of contexts with probes.  A kernel has it in
 * others too, where it says what damon_aggregated does and four times nothing.
 */
#ifndef FTRACE_H
#define FTRACE_H

#include "damon/context.h"
#include "machine/cpus.h"
#include "report/outfile.h"

#include <damon/stats.h>

/**
 * struct ftrace - a trace.
 * @file:	where it goes
 * @now_ns:	time of the tick: the caller's to set before each
 * @told:	losses that were told, by CPU and cause
 * @nr_told:	CPUs in @told
 * @tick_told:	the kdamond's own
 */
struct ftrace {
	struct outfile file;
	u64 now_ns;
	unsigned long (*told)[DAMON_NR_CPU_LOSSES];
	u32 nr_told;
	unsigned long tick_told[DAMON_NR_LOSSES];
};

/* Its data is a struct ftrace. */
extern const struct context_observer ftrace_observer;

/* Begin DIR/trace.txt.  Return: 0; -errno. */
int ftrace_open(struct ftrace *t, const char *dir);

/**
 * ftrace_losses() - tell of what was lost since this was last called.
 * @t:		trace
 * @cpus:	the machine's
 * @tick:	the kdamond's counters
 */
void ftrace_losses(struct ftrace *t, const struct cpus *cpus,
		   const struct damon_tick_stats *tick);

/**
 * ftrace_close() - end the trace.
 * @t:		trace
 * @nr_saved:	set: lines in the file, without its head
 *
 * Return: 0; -errno: then the trace ends with a whole line.
 */
int ftrace_close(struct ftrace *t, u64 *nr_saved);

#endif
