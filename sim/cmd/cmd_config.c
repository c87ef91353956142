// SPDX-License-Identifier: GPL-2.0
/* damonsim config: what does this configuration say, and come to? */
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "config/config.h"
#include "config/config_notes.h"
#include "damon/context_commit.h"
#include "machine/build_context.h"
#include "report/config_json.h"
#include "report/json_put.h"

static const char usage[] =
	"usage: damonsim config show|check [options] FILE\n"
	"\n"
	"show    prints damo's configuration as it is understood, in damo's "
	"own form,\n"
	"        with every key that FILE leaves out\n"
	"check   prints what a kernel would refuse in it, what it would "
	"ignore, and what\n"
	"        may surprise; which kernel is said by the key profile\n"
	"\n"
	"FILE is YAML or JSON; - is standard input.\n"
	"\n"
	"      --json            one JSON object instead; that of show is a "
	"configuration\n"
	"                        too\n"
	"      --seed N          as every verb; there is no luck here\n"
	"  -q, --quiet           likewise; there is no progress\n"
	"      --help            this text\n"
	"\n"
	"exit: 0 done; 1 check found what a kernel refuses; 2 bad usage, or "
	"FILE cannot\n"
	"      be understood\n";

static int unreadable(const struct config_error *why, struct cmd_error *err)
{
	if (!why->line)
		return cmd_fail(err, "%s: %s", why->file, why->text);
	return cmd_fail(err, "%s:%u:%u: %s", why->file, why->line, why->column,
			why->text);
}

static int show(const struct config *cfg, bool json, struct cmd_error *err)
{
	int ret = json ? config_json(stdout, cfg) : config_print(stdout, cfg);

	if (ret == -EIO)
		return cmd_fail(err, "standard output: write failed");
	return ret ? cmd_fail(err, "%s", strerror(-ret)) : CMD_OK;
}

static const char *weight_name(enum config_weight weight)
{
	static const char *const names[] = {
		[CONFIG_REFUSED] = "refused",
		[CONFIG_IGNORED] = "ignored",
		[CONFIG_SURPRISING] = "surprising",
	};

	return names[weight];
}

static const char *error_name(int error)
{
	switch (error) {
	case -EINVAL:
		return "EINVAL";
	case -EBUSY:
		return "EBUSY";
	case -ENOENT:
		return "ENOENT";
	case -ENOMEM:
		return "ENOMEM";
	default:
		return "";
	}
}

/* One finding; @place is "" where the line says all. */
struct finding {
	enum config_weight weight;
	int error;
	u32 line;
	u32 column;
	const char *place;
	const char *text;
};

static void print_finding(const struct finding *f, const char *path)
{
	printf("%s:", path);
	if (f->line)
		printf("%u:%u:", f->line, f->column);
	printf(" %s%s%s%s: %s%s%s\n", weight_name(f->weight),
	       f->error ? " (" : "", error_name(f->error), f->error ? ")" : "",
	       f->place, *f->place ? ": " : "", f->text);
}

static void put_finding(const struct finding *f, struct json_object *array)
{
	struct json_object *e = json_object_new_object();

	put_u64(e, "line", f->line);
	put_u64(e, "column", f->column);
	put_str(e, "place", f->place);
	put_str(e, "weight", weight_name(f->weight));
	put_str(e, "errno", error_name(f->error));
	put_str(e, "text", f->text);
	json_object_array_add(array, e);
}

static void print_json(struct json_object *array, const char *path)
{
	struct json_object *o = json_object_new_object();

	put_str(o, "file", path);
	json_object_object_add(o, "notes", array);
	printf("%s\n", json_object_to_json_string_ext(
			       o, JSON_C_TO_STRING_PLAIN |
					  JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
}

static int by_line(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return strcmp(x->text, y->text);
}

/* What the reader found, and what the rules did, as the file has it. */
static struct finding *gather(const struct config_notes *notes,
			      const struct config_faults *faults)
{
	u32 nr = faults->nr + notes->nr, i;
	struct finding *all = calloc(nr + 1, sizeof(*all));

	for (i = 0; i < nr && all; i++) {
		struct finding *f = &all[i];

		if (i < faults->nr) {
			const struct config_fault *from = &faults->at[i];

			*f = (struct finding){ from->weight, from->error,
					       from->line,   from->column,
					       "",	     from->text };
		} else {
			const struct config_note *from =
				&notes->at[i - faults->nr];

			*f = (struct finding){ from->weight, from->error, 0, 0,
					       from->place,  from->text };
			config_where(faults, f->place, &f->line, &f->column);
		}
	}
	if (all)
		qsort(all, nr, sizeof(*all), by_line);
	return all;
}

/* Return: is any refused? */
static bool print_all(const struct finding *all, u32 nr, u32 nr_more,
		      const char *path, bool json)
{
	struct json_object *array = json ? json_object_new_array() : NULL;
	bool refused = nr_more;
	u32 i;

	for (i = 0; i < nr; i++) {
		refused |= all[i].weight == CONFIG_REFUSED;
		if (json)
			put_finding(&all[i], array);
		else
			print_finding(&all[i], path);
	}
	if (json)
		print_json(array, path);
	else if (nr_more)
		printf("%s: and %u more\n", path, nr_more);
	else if (!nr)
		printf("%s: nothing found\n", path);
	return refused;
}

/* The core's own word on each context, which should have been foreseen. */
static int core_says(const struct config *cfg)
{
	static const struct context_ops no_ops;
	struct split_shared split = { 0 };
	struct context ctx;
	u32 i;
	int err = 0;

	for (i = 0; i < cfg->nr_kdamonds && !err; i++) {
		context_init(&ctx, build_profile(cfg->profile), &no_ops, &split,
			     0);
		err = build_context(&ctx, cfg->kdamonds[i].contexts);
		if (!err)
			err = context_check(&ctx);
		context_fini(&ctx);
	}
	return err;
}

static int check(const struct config *cfg, const struct config_faults *faults,
		 const char *path, bool json, struct cmd_error *err)
{
	struct config_notes notes;
	struct finding *all = NULL;
	int ret = config_notes(&notes, cfg);
	/* Of what the reader has found already it would say the same again. */
	int core = faults->nr ? 0 : core_says(cfg);
	bool refused = core;

	if (!ret)
		all = gather(&notes, faults);
	if (all)
		refused |= print_all(all, faults->nr + notes.nr,
				     faults->nr_more, path, json);
	config_notes_fini(&notes);
	if (!all)
		return cmd_fail(err, "%s", strerror(ENOMEM));
	free(all);
	if (core)
		cmd_fail(err, "%s: the core refuses it (%s)", path,
			 error_name(core));
	return refused ? CMD_FOUND : CMD_OK;
}

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

static int run(int argc, char **argv, struct cmd_error *err)
{
	const char *verb, *path;
	struct config_faults faults = { .nr = 0 };
	struct config_error why = { 0 };
	struct config cfg;
	bool json = false, checks;
	int ret =
		cmd_options(argc, argv, ":q", options, take_option, &json, err);

	if (ret)
		return ret;
	verb = argv[optind];
	path = verb ? argv[optind + 1] : NULL;
	if (path && argv[optind + 2])
		return cmd_fail(err, "more than one file; see --help");
	if (!verb || (strcmp(verb, "show") && strcmp(verb, "check")))
		return cmd_fail(err, "show or check?  see --help");
	if (!path)
		return cmd_fail(err, "which file?  see --help");
	checks = !strcmp(verb, "check");
	if (config_load_all(&cfg, path, &why, checks ? &faults : NULL)) {
		config_faults_fini(&faults);
		return unreadable(&why, err);
	}
	if (checks)
		ret = check(&cfg, &faults, path, json, err);
	else
		ret = show(&cfg, json, err);
	config_faults_fini(&faults);
	config_fini(&cfg);
	return ret;
}

const struct cmd cmd_config = {
	.name = "config",
	.summary = "show a damo configuration as understood, or check it",
	.usage = usage,
	.run = run,
};
