// SPDX-License-Identifier: GPL-2.0
/*
 * damonsim VERB [options] [file]: finds the verb and runs it.
 *
 * Not here: any verb (cmd_VERB.c).
 */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

static void usage(FILE *f)
{
	int i;

	fputs("usage: damonsim VERB [options] [file]\n\n"
	      "A simulator of the hardware sampling substrate of Linux "
	      "DAMON.\n\n"
	      "verbs:\n",
	      f);
	for (i = 0; cmds[i]; i++)
		fprintf(f, "  %-10s %s\n", cmds[i]->name, cmds[i]->summary);
	fputs("\n`damonsim VERB --help` tells more.\n", f);
}

static const struct cmd *find(const char *name)
{
	int i;

	for (i = 0; cmds[i]; i++)
		if (!strcmp(cmds[i]->name, name))
			return cmds[i];
	return NULL;
}

int main(int argc, char **argv)
{
	struct cmd_error err = { "" };
	const struct cmd *cmd;
	int i, ret;

	if (argc < 2) {
		usage(stderr);
		return CMD_BAD;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) {
		usage(stdout);
		return CMD_OK;
	}
	cmd = find(argv[1]);
	if (!cmd) {
		fprintf(stderr,
			"damonsim: no verb '%s'; `damonsim --help` lists "
			"them\n",
			argv[1]);
		return CMD_BAD;
	}
	for (i = 2; i < argc && strcmp(argv[i], "--"); i++) {
		if (!strcmp(argv[i], "--help")) {
			fputs(cmd->usage, stdout);
			return CMD_OK;
		}
	}

	ret = cmd->run(argc - 1, argv + 1, &err);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "damonsim %s: standard output: write failed\n",
			cmd->name);
		ret = CMD_BAD;
	}
	if (*err.text)
		fprintf(stderr, "damonsim %s: %s\n", cmd->name, err.text);
	return ret;
}
