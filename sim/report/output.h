/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A directory of what a replay found, in forms that other programs read:
 *
 *	damon.data.json	damo's records
 *	damon.data	the same, compressed
 *	trace.txt	tracepoints as ftrace prints them
 *	trace.json	for viewers of Chrome's trace format
 *	report.json	what --json prints
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include "replay/replay.h"
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
 * @nr_windows:	of the replay, as of the last tick
 * @nr_ticks_blind: likewise
 * @throttled:	likewise
 */
struct output {
	const char *dir;
	bool open;
	struct records records;
	struct ftrace ftrace;
	struct chrome chrome;
	u64 nr_windows;
	u64 nr_ticks_blind;
	u32 throttled;
};

/**
 * output_prepare() - make the directory, before there is anything to put in.
 * @o:		storage
 * @dir:	made if it is not there; must be empty unless @force
 * @force:	write over what is in it
 * @opt:	told whom to call
 * @err:	filled on failure
 *
 * Return: 0; -ENOTEMPTY; -errno.
 */
int output_prepare(struct output *o, const char *dir, bool force,
		   struct replay_options *opt, struct output_error *err);

/**
 * output_finish() - end all files, and write the report.
 * @o:		directory
 * @r:		the replay, or NULL if it failed
 * @cols:	of the heat maps in the report
 * @rows:	likewise
 * @err:	filled on failure: what could not be written, and what is saved
 *
 * Return: 0; -errno.
 */
int output_finish(struct output *o, const struct replay *r, u32 cols, u32 rows,
		  struct output_error *err);

#endif
