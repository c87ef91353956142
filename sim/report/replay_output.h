/* SPDX-License-Identifier: GPL-2.0 */
/* A replay's directory of results, see output.h. */
#ifndef REPLAY_OUTPUT_H
#define REPLAY_OUTPUT_H

#include "replay/replay.h"
#include "report/output.h"

/**
 * struct replay_output - the directory.
 * @out:	its files
 * @nr_windows:	of the replay, as of the last tick
 * @nr_ticks_blind: likewise
 * @throttled:	likewise
 */
struct replay_output {
	struct output out;
	u64 nr_windows;
	u64 nr_ticks_blind;
	u32 throttled;
};

/**
 * replay_output_prepare() - make the directory, and have it told of a replay.
 * @o:		storage
 * @dir:	see output_prepare()
 * @force:	likewise
 * @opt:	told whom to call
 * @err:	filled on failure
 *
 * Return: 0; -ENOTEMPTY; -errno.
 */
int replay_output_prepare(struct replay_output *o, const char *dir, bool force,
			  struct replay_options *opt, struct output_error *err);

/**
 * replay_output_finish() - end all files, and write the report.
 * @o:		directory; nothing if it was not prepared
 * @r:		the replay, or NULL if it failed
 * @cols:	of the heat maps in the report
 * @rows:	likewise
 * @err:	filled on failure
 *
 * Return: 0; -errno.
 */
int replay_output_finish(struct replay_output *o, const struct replay *r,
			 u32 cols, u32 rows, struct output_error *err);

#endif
