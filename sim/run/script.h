/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run whose monitor is set up by a shell script, as on a real machine: what
 * the script switches on runs, while it sleeps time passes, and what it reads
 * is what the run has come to.
 *
 * Not here: the shell and the files (sysfs/sysfs.h).
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "run/run.h"
#include "sysfs/sysfs.h"

/**
 * struct script - a script and the run that it drives.
 * @run:	built from a scenario without kdamonds
 * @on:		a kdamond was switched on and not off
 * @stopped:	the run was interrupted
 */
struct script {
	struct run *run;
	bool on;
	bool stopped;
};

/**
 * script_default() - a machine that suits a script, if none is said.
 * @path:	of the script
 * @text:	filled: a scenario
 * @sz:		of @text
 * @err:	filled on failure
 *
 * The machine on which such a set-up was shown: physical addresses on the one
 * that samples by IBS, virtual ones on the one that does by PEBS.  A minute
 * longer than the script sleeps.
 *
 * Return: 0; as sysfs_run().
 */
int script_default(const char *path, char *text, size_t sz,
		   struct config_error *err);

/**
 * script_go() - run the script, and then the run to its end.
 * @s:		with @run
 * @path:	script
 * @out:	where its output goes
 * @log:	filled: what failed
 * @err:	filled if the script cannot be run
 *
 * Return: 0; RUN_STOPPED; as sysfs_run(); -ENOMEM.
 */
int script_go(struct script *s, const char *path, FILE *out,
	      struct sysfs_log *log, struct config_error *err);

#endif
