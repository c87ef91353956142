/* SPDX-License-Identifier: GPL-2.0 */
/* What damonsim explore does with files: stored interleavings, litmus tests. */
#ifndef EXPLORE_FILES_H
#define EXPLORE_FILES_H

#include "cmd/cmd.h"
#include "cmd/explore_show.h"

/* Play a stored interleaving.  Return: enum cmd_exit. */
int explore_replay(const struct explore_show *show, const char *path,
		   struct cmd_error *err);

/**
 * explore_litmus() - run litmus tests.
 * @show:	how to print
 * @path:	@nr files
 * @model:	enum memory_model, or -1 for all that a file says something of
 * @err:	filled on failure
 *
 * Return: enum cmd_exit; CMD_FOUND if a verdict is not what its file says.
 */
int explore_litmus(const struct explore_show *show, char **path, u32 nr,
		   int model, struct cmd_error *err);

#endif
