/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The shell scripts by which people set DAMON up, run against its sysfs tree.
 *
 * A script is what is published with a series and what is typed on a machine;
 * run as it is, nothing is lost in translating it.  A write is answered as the
 * kernel does, and the script goes on behind a failed one as in a shell.
 * What of the shell is not understood ends the run, with the line: no command
 * is skipped.
 *
 * Understood: comments, continuation, quotes, variables, $(( )), $(cat FILE)
 * and $(pwd), for-in loops, ; && || and pipes, > >> 2>/dev/null, and the
 * commands cat, cd, echo, exit, export, modprobe (no effect), printf, pwd, set,
 * sleep, sudo, tee, true, false, and the colon.
 *
 * Not here: what a configuration does; each change of a kdamond is given to the
 * caller, with the time that the script has slept so far.
 */
#ifndef SYSFS_H
#define SYSFS_H

#include <stdio.h>

#include <linux/types.h>

#include "config/config.h"

#define SYSFS_ROOT "/sys/kernel/mm/damon/admin"

enum sysfs_verb {
	SYSFS_ON,
	SYSFS_OFF,
	SYSFS_COMMIT,
	SYSFS_COMMIT_GOALS, /* of the quotas, and nothing else */
	SYSFS_UPDATE_STATS,
	SYSFS_UPDATE_QUOTAS,
	SYSFS_UPDATE_INTERVALS,
};

/**
 * struct sysfs_action - what a script makes of a kdamond.
 * @at_us:	time since the script began
 * @line:	of the script
 * @kdamond:	which, from 0
 * @verb:	what
 * @cfg:	what the files say, with this one kdamond; NULL to switch off.
 *		An update leaves its results in there, and on the pid
 */
struct sysfs_action {
	u64 at_us;
	u32 line;
	u32 kdamond;
	enum sysfs_verb verb;
	struct config *cfg;
};

/**
 * struct sysfs_host - the machine that a script runs on.
 * @profile:	whose files there are; M has those of N
 * @vars:	"NAME=value" that the script finds set, NULL at the end; or NULL
 * @act:	does an action; -errno is what the write then returns
 * @file:	what a file outside the tree says, or NULL if there is none;
 *		or NULL for no such file
 * @arg:	for both
 * @out:	where the script's output goes, or NULL
 */
struct sysfs_host {
	enum config_profile profile;
	const char *const *vars;
	int (*act)(void *arg, const struct sysfs_action *action);
	const char *(*file)(void *arg, const char *path);
	void *arg;
	FILE *out;
};

/* A command that failed: where, when, the kernel's -errno, and in words. */
struct sysfs_failure {
	u32 line;
	int error;
	u64 at_us;
	char text[384];
};

/* What came of a run; sysfs_log_fini(). */
struct sysfs_log {
	struct sysfs_failure *at;
	u32 nr;
	u64 end_us; /* what the script has slept */
	int status; /* with which the script ended */
};

/**
 * sysfs_run() - run a script from the beginning, on a tree as after boot.
 * @path:	file, or "-" for standard input
 * @host:	the machine
 * @log:	filled also on failure, with what came before
 * @err:	filled on failure
 *
 * Return: 0, whatever failed in the script; -EINVAL for what is not understood;
 * -ENOMEM; -EFBIG; -errno of the system.
 */
int sysfs_run(const char *path, const struct sysfs_host *host,
	      struct sysfs_log *log, struct config_error *err);

/* The same for a text. */
int sysfs_run_text(const char *text, size_t sz, const char *name,
		   const struct sysfs_host *host, struct sysfs_log *log,
		   struct config_error *err);

void sysfs_log_fini(struct sysfs_log *log);

/**
 * sysfs_print() - write a configuration as a script.
 * @file:	where to
 * @cfg:	as read
 *
 * Only what differs from the files' defaults is written.  Bounds are given in
 * what the core counts in.  Results, and the pid of a kdamond, are not settings
 * and are left out.
 *
 * Return: 0; -EIO; -EOPNOTSUPP for what the profile has no file for.
 */
int sysfs_print(FILE *file, const struct config *cfg);

#endif
