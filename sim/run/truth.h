/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What DAMON takes memory to be, against what programs do to it.
 *
 * A program's pattern knows how often it goes to each 2 MiB block of its memory
 * (struct workload_kind's rate, times the work that its threads got done in the
 * window): the truth.  DAMON's estimate of the block is nr_accesses of the
 * region that holds it, as a share of the most that a window can count, mean
 * over TRUTH_PROBES addresses of the block spread evenly, since a region may
 * end in it and its pages may lie apart in physical memory.  Both are averaged
 * over the windows that are looked at, at most about TRUTH_WINDOWS of a run,
 * spread evenly over its time, and over the same ones.
 *
 * A block is hot if its rate is above half of the greatest rate of all blocks;
 * DAMON finds it hot if its estimate is above half of the greatest estimate.
 *
 *	precision	of the blocks found hot, the share that is hot
 *	recall		of the hot blocks, the share that is found hot
 *	rank correlation Spearman's, of the rates with the estimates; of equal
 *			values each has the mean of their ranks
 *
 * Physical contexts are asked at the address that a page has at the end of the
 * window, virtual ones at the process's own.  What is not monitored, not there
 * or no target's is not judged: a block counts in the windows in which at least
 * one of its addresses was in a region.
 *
 * With more than TRUTH_BLOCKS blocks every n-th is looked at.  Threads that
 * share memory are taken to be where the first of them is in its pattern.
 */
#ifndef TRUTH_H
#define TRUTH_H

#include <linux/types.h>

#include "damon/context.h"
#include "run/machine.h"

#define TRUTH_WINDOWS 50
#define TRUTH_BLOCKS 4096u
#define TRUTH_PROBES 8u

/**
 * struct truth_block - a block of a program's memory.
 * @rate:	bytes that were accessed in a second, sum over windows
 * @seen:	share of a window's ticks that saw an access, likewise
 * @nr:		windows
 */
struct truth_block {
	double rate;
	double seen;
	u32 nr;
};

/**
 * struct truth - all of it.
 * @m:		machine
 * @block:	of the programs, one after the other
 * @nr_blocks:	of @block
 * @step:	every how many-th block of the memory it is
 * @units:	of each program's threads, done until the window began
 * @nr_units:	of @units
 * @begin_ps:	when the window began
 * @every_ps:	how far windows that are looked at are apart at least
 * @next_ps:	when the next one may end
 * @nr_windows:	that were looked at
 */
struct truth {
	const struct machine *m;
	struct truth_block *block;
	u32 nr_blocks;
	u32 step;
	u64 *units;
	u32 nr_units;
	u64 begin_ps;
	u64 every_ps;
	u64 next_ps;
	u32 nr_windows;
};

/**
 * struct truth_figures - what it comes to.
 * @nr_blocks:	that were judged
 * @nr_left:	that were not, being never monitored
 * @nr_hot:	that are hot
 * @nr_found:	that DAMON finds hot
 * @has_precision: something was found hot
 * @has_recall:	something is hot
 * @has_rank:	neither the rates nor the estimates are all the same
 * @precision, @recall, @rank_correlation: see above
 */
struct truth_figures {
	u32 nr_blocks;
	u32 nr_left;
	u32 nr_hot;
	u32 nr_found;
	bool has_precision;
	bool has_recall;
	bool has_rank;
	double precision;
	double recall;
	double rank_correlation;
};

/**
 * truth_init() - nothing is known yet.
 * @t:		storage
 * @m:		machine with its programs, outlives it
 * @duration_us: of the run
 *
 * Return: 0; -ENOMEM.
 */
int truth_init(struct truth *t, const struct machine *m, u64 duration_us);

void truth_fini(struct truth *t);

/* Of the machine's monitor; its data is a struct truth. */
extern const struct context_observer truth_observer;

/**
 * truth_figures() - what was found.
 * @t:		of a run
 * @out:	filled
 *
 * Return: 0; -ENOMEM.
 */
int truth_figures(const struct truth *t, struct truth_figures *out);

/**
 * truth_compare() - an estimate against the truth.
 * @rate:	how much each is accessed
 * @seen:	how much it is found to be
 * @nr:		of both
 * @out:	filled, but for @nr_left
 *
 * Return: 0; -ENOMEM.
 */
int truth_compare(const double *rate, const double *seen, u32 nr,
		  struct truth_figures *out);

#endif
