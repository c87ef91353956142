// SPDX-License-Identifier: GPL-2.0
/* The table of verbs, and what verbs share; see cmd.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"

const struct cmd *const cmds[] = {
	&cmd_replay,  &cmd_config, &cmd_trace, &cmd_run,
	&cmd_compare, &cmd_event,  NULL,
};

int cmd_fail(struct cmd_error *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return CMD_BAD;
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
