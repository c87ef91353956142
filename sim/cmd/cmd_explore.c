// SPDX-License-Identifier: GPL-2.0
/* damonsim explore: interleavings of the hot path, until one breaks it. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/explore_files.h"
#include "cmd/explore_show.h"
#include "explore/suite.h"

/* Longer than that for one scene is as good as never. */
#define PATIENCE_S (24 * 3600.0)

static const char usage[] =
	"usage: damonsim explore [options] [SCENE...]\n"
	"       damonsim explore --replay FILE\n"
	"       damonsim explore --litmus FILE...\n"
	"\n"
	"Plays the hot path's own code, an access at a time, in every order "
	"that CPUs,\n"
	"NMIs, hotplug and a memory model allow, and looks for one that breaks "
	"a property.\n"
	"What is found is made small, printed, and stored.  SCENE is the name "
	"of one that\n"
	"comes along (--list), or a text like \"cpu0: push; push / nmi0: push "
	"/ kd0: drain\";\n"
	"all that come along if there is none.\n"
	"\n"
	"  -m, --model MODEL     of memory: sc, tso, weak or all (all)\n"
	"      --strategy HOW    exhaustive, bounded, pct, walk, guided or "
	"auto "
	"(auto):\n"
	"                        exhaustive, then chance for what time is "
	"left\n"
	"      --bound N         preemptions at most (bounded: 2)\n"
	"      --depth N         orderings that a bug may need (pct: 3)\n"
	"      --time S          seconds for all scenes, 0 for no end (auto: "
	"10)\n"
	"      --executions N    for each scene at most\n"
	"      --races           look on where accesses race\n"
	"      --corpus DIR      the guided strategy's inputs\n"
	"  -j, --jobs N          scenes at once (as many as CPUs)\n"
	"      --replay FILE     play a stored interleaving again\n"
	"      --litmus          each FILE is a litmus test in the kernel's "
	"format: run it\n"
	"                        against the models\n"
	"      --plain           plain accesses in tables, too\n"
	"      --list            scenes, verbs and properties\n"
	"\n"
	"output\n"
	"  -o, --output DIR      where violations are stored (.)\n"
	"      --json            one JSON object instead\n"
	"      --seed N          of all chance (1)\n"
	"  -q, --quiet           violations only, no progress line\n"
	"      --help            this text\n"
	"\n"
	"exit: 0 all properties hold; 1 one does not; 2 bad usage or bad "
	"input\n";

struct args {
	struct explore_show show;
	struct explore_options o;
	bool all_models;
	bool has_time;
	bool list;
	bool litmus;
	u32 jobs;
	const char *replay;
};

enum {
	OPT_STRATEGY = 256,
	OPT_BOUND,
	OPT_DEPTH,
	OPT_TIME,
	OPT_EXECUTIONS,
	OPT_RACES,
	OPT_CORPUS,
	OPT_REPLAY,
	OPT_LITMUS,
	OPT_PLAIN,
	OPT_LIST,
	OPT_JSON,
	OPT_SEED,
};

static const struct option options[] = {
	{ "model", required_argument, NULL, 'm' },
	{ "strategy", required_argument, NULL, OPT_STRATEGY },
	{ "bound", required_argument, NULL, OPT_BOUND },
	{ "depth", required_argument, NULL, OPT_DEPTH },
	{ "time", required_argument, NULL, OPT_TIME },
	{ "executions", required_argument, NULL, OPT_EXECUTIONS },
	{ "races", no_argument, NULL, OPT_RACES },
	{ "corpus", required_argument, NULL, OPT_CORPUS },
	{ "jobs", required_argument, NULL, 'j' },
	{ "replay", required_argument, NULL, OPT_REPLAY },
	{ "litmus", no_argument, NULL, OPT_LITMUS },
	{ "plain", no_argument, NULL, OPT_PLAIN },
	{ "list", no_argument, NULL, OPT_LIST },
	{ "output", required_argument, NULL, 'o' },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "quiet", no_argument, NULL, 'q' },
	{ NULL, 0, NULL, 0 },
};

static volatile int stopped;

static void on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

static bool take_name(const char *const *names, const char *arg, u32 *out)
{
	u32 i;

	for (i = 0; names[i]; i++) {
		if (strcmp(names[i], arg))
			continue;
		*out = i;
		return true;
	}
	return false;
}

static bool take_number(const char *arg, u64 low, u64 high, u32 *out)
{
	u64 value;

	if (!cmd_parse_u64(arg, low, high, &value))
		return false;
	*out = value;
	return true;
}

static bool take_seconds(const char *arg, double *out)
{
	char *end;

	*out = strtod(arg, &end);
	return end != arg && !*end && *out >= 0 && *out <= 1e9;
}

static bool take_option(int c, const char *arg, void *data)
{
	struct args *a = data;
	u32 n;

	switch (c) {
	case 'm':
		a->all_models = !strcmp(arg, "all");
		if (a->all_models)
			return true;
		if (!take_name(trial_model_names, arg, &n))
			return false;
		a->o.model = n;
		return true;
	case OPT_STRATEGY:
		if (!take_name(explore_strategy_names, arg, &n))
			return false;
		a->o.strategy = n;
		return true;
	case OPT_BOUND:
		return take_number(arg, 0, 100, &a->o.bound);
	case OPT_DEPTH:
		return take_number(arg, 1, 16, &a->o.depth);
	case OPT_TIME:
		a->has_time = true;
		return take_seconds(arg, &a->o.seconds);
	case OPT_EXECUTIONS:
		return cmd_parse_u64(arg, 1, ~0ULL, &a->o.executions);
	case OPT_RACES:
		return a->o.races_pass = true;
	case OPT_CORPUS:
		a->o.corpus = arg;
		return true;
	case 'j':
		return take_number(arg, 1, 64, &a->jobs);
	case OPT_REPLAY:
		a->replay = arg;
		return true;
	case OPT_LITMUS:
		return a->litmus = true;
	case OPT_PLAIN:
		return a->show.plain = true;
	case OPT_LIST:
		return a->list = true;
	case 'o':
		a->show.dir = arg;
		return true;
	case OPT_JSON:
		return a->show.json = true;
	case OPT_SEED:
		return cmd_parse_u64(arg, 0, ~0ULL, &a->o.seed);
	case 'q':
		return a->show.quiet = true;
	default:
		return false;
	}
}

static int parse(int argc, char **argv, struct args *a, struct cmd_error *err)
{
	int ret = cmd_options(argc, argv, ":m:j:o:q", options, take_option, a,
			      err);

	if (ret)
		return ret;
	if (a->list && (a->show.json || a->replay))
		return cmd_fail(err, "--list prints text");
	if (a->litmus && (a->replay || optind == argc))
		return cmd_fail(err, "--litmus takes files of litmus tests");
	if (a->replay && optind < argc)
		return cmd_fail(err, "--replay plays the file's own scene");
	if (!a->has_time && a->o.strategy != EXPLORE_EXHAUSTIVE &&
	    a->o.strategy != EXPLORE_BOUNDED && !a->o.executions)
		a->o.seconds = 10;
	if (a->has_time && !a->o.seconds && !a->o.executions &&
	    a->o.strategy >= EXPLORE_PCT && a->o.strategy != EXPLORE_AUTO)
		return cmd_fail(err, "--time 0: chance has no end; give "
				     "--executions");
	if (!a->has_time)
		a->o.patience_s = PATIENCE_S;
	return CMD_OK;
}

static const struct scene_shipped *shipped(const char *name)
{
	u32 i;

	for (i = 0; scene_shipped[i].name; i++)
		if (!strcmp(scene_shipped[i].name, name))
			return &scene_shipped[i];
	return NULL;
}

/* Each scene that was asked for, under each model. */
static int make_items(const struct args *a, char **name, u32 nr,
		      struct suite *s, struct cmd_error *err)
{
	u32 models = a->all_models ? 3 : 1, all = 0, i, m;
	const struct scene_shipped *scene;
	struct suite_item *item;

	while (scene_shipped[all].name)
		all++;
	s->item = calloc((nr ? nr : all) * models, sizeof(*s->item));
	if (!s->item)
		return cmd_fail(err, "%s", strerror(ENOMEM));
	for (i = 0; i < (nr ? nr : all); i++) {
		scene = nr ? shipped(name[i]) : &scene_shipped[i];
		if (!scene && !strchr(name[i], ':'))
			return cmd_fail(err,
					"no scene \"%.40s\"; --list has "
					"them, and a scene's text has "
					"\"ACTOR: ACTS\"",
					name[i]);
		for (m = 0; m < models; m++) {
			item = &s->item[s->nr++];
			item->name = scene ? scene->name : "given";
			item->text = scene ? scene->text : name[i];
			item->model = a->all_models ? m : a->o.model;
		}
	}
	return CMD_OK;
}

static int judge(const struct suite *s, struct cmd_error *err)
{
	const struct suite_item *item;
	int ret = CMD_OK;
	u32 i;

	for (i = 0; i < s->nr; i++) {
		item = &s->item[i];
		if (!item->done)
			continue;
		if (item->ret == -EINVAL)
			return cmd_fail(err, "scene, line %u: %s",
					item->err.line, item->err.text);
		if (item->ret == -EFBIG)
			return cmd_fail(
				err,
				"scene %s: all executions would "
				"take about %s; give --time, "
				"--strategy bounded, or a "
				"smaller scene",
				item->name,
				explore_show_time(item->result.estimate_s));
		if (item->ret)
			return cmd_fail(err, "scene %s%s%s: %s", item->name,
					s->options.corpus ? ", corpus " : "",
					s->options.corpus ? s->options.corpus :
							    "",
					strerror(-item->ret));
		if (item->result.nr_found)
			ret = CMD_FOUND;
	}
	return ret;
}

static int look(struct args *a, char **name, u32 nr, struct cmd_error *err)
{
	struct sigaction act = { .sa_handler = on_signal,
				 .sa_flags = SA_RESTART };
	struct suite s = { .options = a->o, .jobs = a->jobs };
	int ret;
	u32 i;

	ret = make_items(a, name, nr, &s, err);
	if (ret)
		goto free;
	if (a->show.dir && mkdir(a->show.dir, 0777) && errno != EEXIST) {
		ret = cmd_fail(err, "%s: %s", a->show.dir, strerror(errno));
		goto free;
	}
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	s.options.stop = &stopped;
	s.told = explore_show_item;
	s.arg = &a->show;
	a->show.suite = &s;
	a->show.begun = explore_now();
	explore_show_head(&a->show);
	ret = suite_run(&s);
	if (ret)
		ret = cmd_fail(err, "%s", strerror(-ret));
	else
		ret = judge(&s, err);
	if (ret != CMD_BAD && explore_show_end(&a->show))
		ret = cmd_fail(err, "%s: %s", a->show.failed,
			       strerror(a->show.error));
free:
	for (i = 0; i < s.nr; i++)
		if (!s.item[i].ret)
			explore_result_fini(&s.item[i].result);
	free(s.item);
	return ret;
}

static int run(int argc, char **argv, struct cmd_error *err)
{
	struct args a = {
		.all_models = true,
		.o = { .model = MEMORY_WEAK,
		       .strategy = EXPLORE_AUTO,
		       .bound = 2,
		       .depth = 3,
		       .seed = 1 },
		.jobs = sysconf(_SC_NPROCESSORS_ONLN),
	};
	int ret = parse(argc, argv, &a, err);

	if (ret)
		return ret;
	if (a.list) {
		explore_show_list();
		return CMD_OK;
	}
	a.show.seed = a.o.seed;
	if (a.litmus)
		return explore_litmus(&a.show, argv + optind, argc - optind,
				      a.all_models ? -1 : (int)a.o.model, err);
	if (a.replay)
		return explore_replay(&a.show, a.replay, err);
	return look(&a, argv + optind, argc - optind, err);
}

const struct cmd cmd_explore = {
	.name = "explore",
	.summary = "interleavings of the hot path, until one breaks it",
	.usage = usage,
	.run = run,
};
