/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run's directory of results, see output.h.
 *
 * Times are the machine's own clock, from 0.  What was lost is told at each
 * tick that does more than drain; faults that struck since the one before are
 * marks in Chrome's trace.
 */
#ifndef RUN_OUTPUT_H
#define RUN_OUTPUT_H

#include "report/output.h"
#include "report/run_samples.h"
#include "run/run.h"

/**
 * struct run_output - the directory.
 * @out:	its files
 * @with_samples: there is to be a trace of all samples
 * @cmdline:	what the run was called with
 * @samples:	that trace
 * @windowed:	a window ended in this tick
 * @struck:	by fault, how often it had struck at the last tick
 */
struct run_output {
	struct output out;
	bool with_samples;
	const char *cmdline;
	struct run_samples samples;
	bool windowed;
	u64 *struck;
};

/**
 * run_output_prepare() - make the directory, and have it told of a run.
 * @o:		storage, not to be moved; @with_samples and @cmdline set
 * @dir:	see output_prepare()
 * @force:	likewise
 * @opt:	told whom to call
 * @err:	filled on failure
 *
 * Return: 0; -ENOTEMPTY; -errno.
 */
int run_output_prepare(struct run_output *o, const char *dir, bool force,
		       struct run_options *opt, struct output_error *err);

/**
 * run_output_finish() - end all files, and write the report.
 * @o:		directory; nothing if it was not prepared
 * @r:		the run, not yet freed, or NULL if it failed
 * @wall_s:	see run_json()
 * @points:	likewise
 * @err:	filled on failure: what could not be written, and what is saved
 *
 * Return: 0; -errno.
 */
int run_output_finish(struct run_output *o, struct run *r, double wall_s,
		      bool points, struct output_error *err);

#endif
