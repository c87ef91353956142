/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Going through memory in order: one or more streams side by side, each through
 * a part of the area, all at the same offset; at its end a pass begins anew,
 * the streams perhaps having changed parts.
 *
 * A unit of work is a line of each stream.  How long it takes is a matter of
 * the nodes that the lines are on, so the way is gone block of 2 MiB by block;
 * in a scattered block all lines take the mean of its pages.
 */
#ifndef WORKLOAD_SEQ_H
#define WORKLOAD_SEQ_H

#include "workload_kinds.h"

#define WORKLOAD_STREAMS_MAX 3

/**
 * struct workload_seq - streams of a pattern.
 * @nr:		of them
 * @writes:	by stream: it writes; else it reads
 * @swaps:	each pass the streams take the next part
 * @step:	bytes from one line to the next
 */
struct workload_seq {
	u32 nr;
	bool writes[WORKLOAD_STREAMS_MAX];
	bool swaps;
	u64 step;
};

/**
 * struct workload_at - where a thread is, in a stretch of lines that all take
 * the same time.
 * @line:	of the pass
 * @pass:	from 0
 * @from:	line at which the stretch begins
 * @end:	line at which it ends
 * @from_ps:	the thread's clock when it began
 * @unit_ps:	how long a line takes
 * @per_ps:	one by that
 * @lasts_ps:	how long the stretch takes
 * @from_units:	of work that were done then
 */
struct workload_at {
	u64 line;
	u64 pass;
	u64 from;
	u64 end;
	u64 from_ps;
	u64 unit_ps;
	double per_ps;
	u64 lasts_ps;
	u64 from_units;
};

/* Lines of a part. */
static inline u64 workload_seq_lines(const struct workload_thread *t,
				     const struct workload_seq *seq)
{
	return t->sz / seq->nr / seq->step;
}

/* Where a stream's part begins in a pass. */
static inline u64 workload_seq_base(const struct workload_thread *t,
				    const struct workload_seq *seq, u32 stream,
				    u64 pass)
{
	u64 part = seq->swaps ? (stream + pass) % seq->nr : stream;

	return t->start +
	       part * (t->sz / seq->nr / WORKLOAD_LINE * WORKLOAD_LINE);
}

/* Get what is kept of a thread, and put it back. */
void workload_seq_get(const struct workload_thread *t,
		      const struct workload_seq *seq, struct workload_at *at);
void workload_seq_put(struct workload_thread *t, const struct workload_at *at);

/* The stretch is at its end: the next one. */
void workload_seq_turn(const struct workload_thread *t,
		       const struct workload_seq *seq, struct workload_at *at);

/*
 * The line at which the thread's clock is @run_ps, which is in the stretch.
 * From the stretch's begin, so that one answer does not wait for the one
 * before.
 */
static inline u64 workload_seq_line(const struct workload_at *at, u64 run_ps)
{
	s64 ps = run_ps - at->from_ps, nr;

	/* Exact but for the last bit, which is put right. */
	nr = (double)ps * at->per_ps;
	nr -= nr * (s64)at->unit_ps > ps;
	nr += (nr + 1) * (s64)at->unit_ps <= ps;
	return at->from + nr;
}

/* Go on until the thread's clock is @run_ps. */
static inline void workload_seq_go(struct workload_thread *t,
				   const struct workload_seq *seq,
				   struct workload_at *at, u64 run_ps)
{
	while (run_ps - at->from_ps >= at->lasts_ps)
		workload_seq_turn(t, seq, at);
	t->run_ps = run_ps;
	at->line = workload_seq_line(at, run_ps);
}

/* struct workload_kind's, for patterns whose @data is a struct workload_seq. */
void workload_seq_begin(struct workload_thread *t);
void workload_seq_advance(struct workload_thread *t, u64 run_ps);
u64 workload_seq_when(const struct workload_thread *t, u64 units);
bool workload_seq_touched(const struct workload_thread *t, u64 vaddr, u64 luck);
double workload_seq_rate(const struct workload_thread *t, u64 vaddr, u64 sz);

#endif
