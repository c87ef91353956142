/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A directory of what a replay or a run found, in forms that other programs
 * read:
 *
 *	damon.data.json	damo's records
 *	damon.data	the same, compressed
 *	trace.txt	tracepoints as ftrace prints them
 *	trace.json	for viewers of Chrome's trace format
 *	report.json	what --json prints
 *	samples.dst	of a run: its samples, see run_samples.h
 *
 * Who has the clock tells it before each tick, and afterwards what was lost and
 * whether a window is over (replay_output.c, run_output.c).
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdio.h>

#include "damon/observers.h"
#include "report/chrome.h"
#include "report/ftrace.h"
#include "report/records.h"

struct output_error {
	char text[600];
};

/**
 * struct output - the directory.
 * @dir:	its path
 * @open:	its files are
 */
struct output {
	const char *dir;
	bool open;
	struct records records;
	struct ftrace ftrace;
	struct chrome chrome;
};

/**
 * output_prepare() - make the directory, before there is anything to put in.
 * @o:		storage
 * @dir:	made if it is not there; must be empty unless @force
 * @force:	write over what is in it
 * @err:	filled on failure
 *
 * Return: 0; -ENOTEMPTY; -errno.
 */
int output_prepare(struct output *o, const char *dir, bool force,
		   struct output_error *err);

/**
 * output_begin() - begin its files.
 * @o:		directory; what it has from an earlier pass goes
 * @ctx:	monitor, built and about to start
 * @observers:	of @ctx
 * @begin_ns:	when its first window begins
 *
 * Return: 0; -ENOMEM; -errno.
 */
int output_begin(struct output *o, const struct context *ctx,
		 struct observers *observers, u64 begin_ns);

/* Before each tick that may tell of something: when that is. */
void output_set_now(struct output *o, u64 now_ns);

/**
 * output_window() - a window is over.
 * @o:		directory
 * @ctx:	monitor
 * @cpus:	the machine's
 * @b:		samples so far
 */
void output_window(struct output *o, const struct context *ctx,
		   const struct cpus *cpus, const struct damon_balance *b);

/**
 * output_finish() - end all files, and write the report.
 * @o:		directory
 * @report:	writes it; NULL if there is none.  Return: 0; -errno
 * @arg:	its
 * @err:	filled on failure: what could not be written, and what is saved
 *
 * Return: 0; -errno.
 */
int output_finish(struct output *o, int (*report)(FILE *f, void *arg),
		  void *arg, struct output_error *err);

#endif
