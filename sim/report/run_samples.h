/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All samples of a run as a native trace: a capture that replay, trace and perf
 * (through `trace convert`) read, with what a process had mapped.
 *
 * A record says what the overflow handler was handed: its addresses are there
 * where the driver had given them (TRACE_HAS_HW_VALID), as a fault left them.
 * Instructions have no address here, and latencies are not modelled.
 *
 * CPUs are played side by side, each through several ticks; so each has a
 * buffer of its own, and what they hold is put together by time whenever none
 * is played.  Memory is bounded by what is raised in one span of ticks.
 *
 * Left out: a sample that a fault made without data.
 */
#ifndef RUN_SAMPLES_H
#define RUN_SAMPLES_H

#include "report/output.h"
#include "run/run.h"
#include "sink.h"

/**
 * struct run_samples_cpu - what happened on a CPU and is not written yet.
 * @rec:	in the order of time
 * @nr:		of @rec
 * @max:	room in @rec
 * @at:		while they are put together: the next one
 * @nr_dropped:	for want of memory
 */
struct run_samples_cpu {
	struct trace_record *rec;
	u32 nr;
	u32 max;
	u32 at;
	u64 nr_dropped;
};

/**
 * struct run_samples - the trace.
 * @sink:	where it goes; NULL if there is none
 * @info:	what it says of itself
 * @attr:	by event of @info
 * @cpu:	by CPU
 * @nr_cpus:	of @cpu
 * @heap:	CPUs with something left, the earliest on top
 * @began:	what was there at first is written
 * @err:	what ended it, -errno
 */
struct run_samples {
	struct trace_sink *sink;
	struct trace_info info;
	struct damon_event_attr *attr;
	struct run_samples_cpu *cpu;
	u32 nr_cpus;
	u32 *heap;
	bool began;
	int err;
};

/**
 * run_samples_open() - begin DIR/samples.dst.
 * @s:		storage, not to be moved
 * @dir:	directory
 * @r:		run that did not begin
 * @cmdline:	what it was called with
 *
 * Return: 0; -ENOMEM; -errno.
 */
int run_samples_open(struct run_samples *s, const char *dir, struct run *r,
		     const char *cmdline);

/**
 * run_samples_take() - write what was raised so far.
 * @s:		trace
 * @r:		its run; no CPU is played
 *
 * A failure ends the trace, not the run: run_samples_close() tells of it.
 */
void run_samples_take(struct run_samples *s, struct run *r);

/**
 * run_samples_close() - end the trace.
 * @s:		trace
 * @r:		its run; NULL if there is none any more
 * @err:	on failure, what is missing is added to it
 *
 * Return: 0; -errno: then the trace ends with a whole block.
 */
int run_samples_close(struct run_samples *s, struct run *r,
		      struct output_error *err);

#endif
