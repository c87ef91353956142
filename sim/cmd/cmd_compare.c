// SPDX-License-Identifier: GPL-2.0
/* damonsim compare: runs side by side. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "report/compare.h"

static const char usage[] =
	"usage: damonsim compare [options] A.json B.json [C.json ...]\n"
	"\n"
	"Sets runs side by side by what damonsim run --json printed of each: "
	"goals,\n"
	"migration, losses by cause, truth, costs, throughput; and says what "
	"they differ\n"
	"in.  - is standard input.\n"
	"\n"
	"      --json            one JSON object instead\n"
	"      --seed N          as every verb; there is no luck here\n"
	"  -q, --quiet           likewise; there is no progress\n"
	"      --help            this text\n"
	"\n"
	"exit: 0 done; 2 bad usage or bad input\n";

enum { OPT_JSON = 256, OPT_SEED };

static const struct option options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "quiet", no_argument, NULL, 'q' },
	{ NULL, 0, NULL, 0 },
};

static bool take_option(int c, const char *arg, void *data)
{
	bool *json = data;
	u64 seed;

	*json |= c == OPT_JSON;
	return c != OPT_SEED || cmd_parse_u64(arg, 0, ~0ULL, &seed);
}

static int parse(int argc, char **argv, bool *json, struct cmd_error *err)
{
	int ret =
		cmd_options(argc, argv, ":q", options, take_option, json, err);

	if (ret)
		return ret;
	if (argc - optind < 2)
		return cmd_fail(err, "two runs or more; see --help");
	return CMD_OK;
}

static int run(int argc, char **argv, struct cmd_error *err)
{
	struct compare_error why;
	struct compare c;
	bool json = false;
	int ret = parse(argc, argv, &json, err), i;

	if (ret)
		return ret;
	ret = compare_init(&c, argc - optind);
	if (ret)
		return cmd_fail(err, "%s", strerror(-ret));
	for (i = optind; i < argc && !ret; i++)
		if (compare_read(&c, argv[i], &why))
			ret = cmd_fail(err, "%s", why.text);
	if (!ret) {
		ret = json ? compare_json(stdout, &c) :
			     compare_text(stdout, &c);
		if (ret)
			ret = cmd_fail(err, "%s", strerror(-ret));
	}
	compare_fini(&c);
	return ret;
}

const struct cmd cmd_compare = {
	.name = "compare",
	.summary = "runs side by side, by their figures",
	.usage = usage,
	.run = run,
};
