/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commands of damonsim: one verb, one file.
 *
 * Adding a command takes three things:
 *   1. cmd_VERB.c with a struct cmd;
 *   2. its line in the table of cmd.c;
 *   3. its section in docs/damonsim.1, which `make lint` holds against --help.
 *
 * A command prints its result on standard output and hands errors back: only
 * main() prints them, and only main() exits.
 */
#ifndef CMD_H
#define CMD_H

#include <linux/types.h>

/* Exit codes, for every verb. */
enum cmd_exit {
	CMD_OK = 0, /* done, nothing wrong */
	CMD_FOUND = 1, /* ran, and found what it looks for */
	CMD_BAD = 2, /* bad usage or bad input */
};

/* What went wrong, for main() to print; "" if nothing is to be said. */
struct cmd_error {
	char text[640];
};

/**
 * struct cmd - one verb.
 * @name:	the verb
 * @summary:	one line for the list of verbs
 * @usage:	what --help prints
 * @run:	argv[0] is the verb; returns enum cmd_exit and fills the error
 */
struct cmd {
	const char *name;
	const char *summary;
	const char *usage;
	int (*run)(int argc, char **argv, struct cmd_error *err);
};

/* All verbs, ended by one without a name. */
extern const struct cmd *const cmds[];

extern const struct cmd cmd_compare;
extern const struct cmd cmd_config;
extern const struct cmd cmd_event;
extern const struct cmd cmd_explore;
extern const struct cmd cmd_replay;
extern const struct cmd cmd_run;
extern const struct cmd cmd_trace;

/**
 * cmd_fail() - fill an error.
 * @err:	filled
 * @fmt:	as printf()
 *
 * Return: CMD_BAD, so that a caller can return it.
 */
int cmd_fail(struct cmd_error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

struct option;

/**
 * cmd_options() - read a verb's options.
 * @argc:	as handed to the verb; optind is then the first that is none
 * @argv:	likewise
 * @shorts:	as getopt_long() has them, a colon first
 * @options:	likewise
 * @take:	takes one; false if its argument is bad
 * @data:	handed to it
 * @err:	filled on failure
 *
 * Return: CMD_OK; CMD_BAD.
 */
int cmd_options(int argc, char **argv, const char *shorts,
		const struct option *options,
		bool (*take)(int c, const char *arg, void *data), void *data,
		struct cmd_error *err);

/**
 * cmd_parse_u64() - a number from the command line.
 * @text:	decimal, or hexadecimal with 0x
 * @min:	smallest allowed
 * @max:	largest allowed
 * @out:	set on success
 *
 * Return: false if @text is no such number.
 */
bool cmd_parse_u64(const char *text, u64 min, u64 max, u64 *out);

#endif
