// SPDX-License-Identifier: GPL-2.0
/* The table of verbs, and what verbs share; see cmd.h. */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"

const struct cmd *const cmds[] = {
	&cmd_replay,  &cmd_config, &cmd_trace,	 &cmd_run,
	&cmd_compare, &cmd_event,  &cmd_explore, NULL,
};

int cmd_fail(struct cmd_error *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return CMD_BAD;
}

/* The long name of an option, by what getopt gave for it. */
static const char *name_of(const struct option *o, int c)
{
	while (o->name && o->val != c)
		o++;
	return o->name ? o->name : "?";
}

int cmd_options(int argc, char **argv, const char *shorts,
		const struct option *options,
		bool (*take)(int c, const char *arg, void *data), void *data,
		struct cmd_error *err)
{
	int c;

	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, options, NULL)) >= 0) {
		if (c == '?' && optopt)
			return cmd_fail(err, "no option '-%c'; see --help",
					optopt);
		if (c == '?')
			return cmd_fail(err, "no option '%s'; see --help",
					argv[optind - 1]);
		if (c == ':')
			return cmd_fail(err, "option '--%s' wants an argument",
					name_of(options, optopt));
		if (!take(c, optarg, data))
			return cmd_fail(
				err,
				"'%s' is no argument for '--%s'; see --help",
				optarg, name_of(options, c));
	}
	return CMD_OK;
}

bool cmd_parse_u64(const char *text, u64 min, u64 max, u64 *out)
{
	int base = strncmp(text, "0x", 2) ? 10 : 16;
	char *end;
	u64 value;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoull(text, &end, base);
	if (errno || *end || value < min || value > max)
		return false;
	*out = value;
	return true;
}
