// SPDX-License-Identifier: GPL-2.0
/* The commands that a script may use: a table, and a function for each. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sysfs/shell.h"

/* A name with what it was given, and where its output goes. */
struct call {
	struct shell *sh;
	char **argv;
	u32 argc;
	const char *in;
	FILE *out;
};

#define MAX_SLEEP_S 1e9

static int refuse_option(const struct call *c, u32 i)
{
	return shell_refuse(c->sh, "%s: \"%.100s\" is not understood",
			    c->argv[0], c->argv[i]);
}

static int do_nothing(const struct call *c)
{
	return 0;
}

static int do_false(const struct call *c)
{
	return 1;
}

static int do_cat(const struct call *c)
{
	int status = 0, ret;
	u32 i;

	if (c->argc == 1)
		fputs(c->in, c->out);
	for (i = 1; i < c->argc; i++) {
		if (c->argv[i][0] == '-')
			return refuse_option(c, i);
		ret = shell_cat(c->sh, c->argv[i], c->out);
		if (ret < 0)
			return ret;
		status |= ret;
	}
	return status;
}

static int do_cd(const struct call *c)
{
	if (c->argc != 2 || c->argv[1][0] == '-')
		return shell_refuse(c->sh, "cd: expected one directory");
	return shell_chdir(c->sh, c->argv[1]);
}

static int do_pwd(const struct call *c)
{
	if (c->argc > 1)
		return refuse_option(c, 1);
	fprintf(c->out, "%s\n", c->sh->cwd);
	return 0;
}

/* Only -n is an option; others that some shells have are not guessed at. */
static int do_echo(const struct call *c)
{
	bool ends = true;
	u32 i = 1;

	if (i < c->argc && !strcmp(c->argv[i], "-n")) {
		ends = false;
		i++;
	}
	if (i < c->argc && c->argv[i][0] == '-' && c->argv[i][1] &&
	    !c->argv[i][1 + strspn(c->argv[i] + 1, "neE")])
		return refuse_option(c, i);
	for (; i < c->argc; i++)
		fprintf(c->out, "%s%s", c->argv[i], i + 1 < c->argc ? " " : "");
	if (ends)
		fputc('\n', c->out);
	return 0;
}

static int put_escape(const struct call *c, char what)
{
	if (what != 'n' && what != 't' && what != '\\')
		return shell_refuse(c->sh, "printf: expected \\n, \\t or \\\\");
	fputc(what == 'n' ? '\n' : what == 't' ? '\t' : '\\', c->out);
	return 0;
}

static int put_number(const struct call *c, char what, const char *text)
{
	char *end;
	long long value;

	errno = 0;
	value = *text ? strtoll(text, &end, 0) : 0;
	if (*text && (*end || end == text || errno))
		return shell_refuse(
			c->sh, "printf: \"%.100s\", expected a number", text);
	fprintf(c->out,
		what == 'x' ? "%llx" :
		what == 'u' ? "%llu" :
			      "%lld",
		value);
	return 0;
}

static int put_format(const struct call *c, u32 *i)
{
	const char *at, *arg;
	int err = 0;

	for (at = c->argv[1]; *at && !err; at++) {
		if (*at == '\\') {
			/* A refusal ends it: the text may end here too. */
			err = put_escape(c, at[1]);
			at += !err;
		} else if (*at != '%') {
			fputc(*at, c->out);
		} else if (*++at == '%') {
			fputc('%', c->out);
		} else if (!*at || !strchr("sdiux", *at)) {
			return shell_refuse(c->sh, "printf: expected one of "
						   "%%s %%d %%i %%u %%x %%%%");
		} else {
			arg = *i < c->argc ? c->argv[(*i)++] : "";
			if (*at == 's')
				fputs(arg, c->out);
			else
				err = put_number(c, *at, arg);
		}
	}
	return err;
}

/* The format again while there are arguments. */
static int do_printf(const struct call *c)
{
	u32 i = 2, before;
	int err;

	if (c->argc < 2 || c->argv[1][0] == '-')
		return shell_refuse(c->sh, "printf: expected a format");
	do {
		before = i;
		err = put_format(c, &i);
	} while (!err && i < c->argc && i > before);
	return err;
}

static int do_sleep(const struct call *c)
{
	double seconds;
	char *end;

	if (c->argc != 2)
		return shell_refuse(c->sh, "sleep: expected one time");
	seconds = strtod(c->argv[1], &end);
	if (end != c->argv[1] && *end && !end[1]) {
		if (*end == 'm')
			seconds *= 60;
		else if (*end == 'h')
			seconds *= 3600;
		else if (*end == 'd')
			seconds *= 86400;
		end += strchr("smhd", *end) != NULL;
	}
	if (end == c->argv[1] || *end || !(seconds >= 0) ||
	    !(c->sh->at_us / 1e6 + seconds <= MAX_SLEEP_S))
		return shell_refuse(c->sh,
				    "sleep: \"%.100s\", expected seconds, or a "
				    "number with s, m, h or d behind",
				    c->argv[1]);
	c->sh->at_us += (u64)(seconds * 1e6 + 0.5);
	return 0;
}

/* What is unset ends a run anyway; how -x shows commands is not needed. */
static int do_set(const struct call *c)
{
	const char *at;
	u32 i;

	for (i = 1; i < c->argc; i++) {
		at = c->argv[i];
		if ((*at != '-' && *at != '+') || !at[1] ||
		    at[1 + strspn(at + 1, "eux")])
			return refuse_option(c, i);
		if (strchr(at, 'e'))
			c->sh->ends_on_failure = *at == '-';
	}
	return 0;
}

static int do_exit(const struct call *c)
{
	char *end;
	long status = c->sh->status;

	if (c->argc > 1)
		status = strtol(c->argv[1], &end, 10);
	if (c->argc > 2 || (c->argc == 2 && (*end || end == c->argv[1])))
		return shell_refuse(c->sh, "exit: expected one number");
	c->sh->has_ended = true;
	return status & 255;
}

static int do_export(const struct call *c)
{
	size_t sz;
	int err = 0;
	u32 i;

	for (i = 1; i < c->argc && !err; i++) {
		sz = shell_name_sz(c->argv[i], strlen(c->argv[i]));
		if (!sz || (c->argv[i][sz] && c->argv[i][sz] != '='))
			return refuse_option(c, i);
		if (c->argv[i][sz])
			err = shell_set(c->sh, c->argv[i], sz,
					c->argv[i] + sz + 1);
	}
	return err;
}

static int do_tee(const struct call *c)
{
	int status = 0, ret;
	u32 i;

	for (i = 1; i < c->argc; i++) {
		if (!strcmp(c->argv[i], "-a"))
			continue;
		if (c->argv[i][0] == '-')
			return refuse_option(c, i);
		ret = shell_write(c->sh, "tee", c->argv[i], c->in,
				  strlen(c->in), c->out);
		if (ret < 0)
			return ret;
		status |= ret;
	}
	fputs(c->in, c->out);
	return status;
}

static int do_sudo(const struct call *c)
{
	if (c->argc < 2 || c->argv[1][0] == '-')
		return shell_refuse(c->sh, "sudo: expected a command");
	if (!strcmp(c->argv[1], "cd") || !strcmp(c->argv[1], "export") ||
	    !strcmp(c->argv[1], "set") || !strcmp(c->argv[1], "exit"))
		return refuse_option(c, 1);
	return shell_command(c->sh, c->argv + 1, c->argc - 1, c->in, c->out);
}

static const struct {
	const char *name;
	int (*run)(const struct call *c);
} commands[] = {
	{ ":", do_nothing },	 { "cat", do_cat },
	{ "cd", do_cd },	 { "echo", do_echo },
	{ "exit", do_exit },	 { "export", do_export },
	{ "false", do_false },	 { "modprobe", do_nothing },
	{ "printf", do_printf }, { "pwd", do_pwd },
	{ "set", do_set },	 { "sleep", do_sleep },
	{ "sudo", do_sudo },	 { "tee", do_tee },
	{ "true", do_nothing },
};

int shell_command(struct shell *sh, char **argv, u32 argc, const char *in,
		  FILE *out)
{
	const struct call call = { sh, argv, argc, in, out };
	u32 i;
	int ret;

	/* sudo sudo sudo */
	if (++sh->depth > SHELL_MAX_DEPTH)
		return shell_refuse(sh, "commands in one another");
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[0], commands[i].name))
			break;
	if (i == sizeof(commands) / sizeof(commands[0]))
		return shell_refuse(sh,
				    "found \"%.100s\", expected a command "
				    "that is understood here",
				    argv[0]);
	ret = commands[i].run(&call);
	sh->depth--;
	return ret;
}
