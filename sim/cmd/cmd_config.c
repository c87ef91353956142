// SPDX-License-Identifier: GPL-2.0
/* damonsim config: what does this configuration say, and come to? */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "config/config.h"
#include "config/config_notes.h"
#include "damon/context_commit.h"
#include "machine/build_context.h"
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
	"      --json            one JSON object instead\n"
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

/* The printed configuration, as a string in an object. */
static int show_json(const struct config *cfg, const char *path,
		     struct cmd_error *err)
{
	struct json_object *o = json_object_new_object();
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return cmd_fail(err, "%s", strerror(errno));
	config_print(f, cfg);
	fclose(f);
	put_str(o, "file", path);
	put_str(o, "yaml", text);
	printf("%s\n", json_object_to_json_string_ext(
			       o, JSON_C_TO_STRING_PLAIN |
					  JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
	free(text);
	return CMD_OK;
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

static void print_notes(const struct config_notes *notes,
			const struct config_faults *faults, const char *path)
{
	u32 i;

	for (i = 0; i < faults->nr; i++)
		printf("%s:%u:%u: refused: %s\n", path, faults->at[i].line,
		       faults->at[i].column, faults->at[i].text);
	for (i = 0; i < notes->nr; i++) {
		const struct config_note *n = &notes->at[i];

		printf("%s: %s: %s%s%s%s: %s\n", path, n->place,
		       weight_name(n->weight), n->error ? " (" : "",
		       error_name(n->error), n->error ? ")" : "", n->text);
	}
	if (!notes->nr && !faults->nr)
		printf("%s: nothing found\n", path);
}

static void print_notes_json(const struct config_notes *notes,
			     const struct config_faults *faults,
			     const char *path)
{
	struct json_object *o = json_object_new_object();
	struct json_object *array = json_object_new_array();
	char place[32];
	u32 i;

	for (i = 0; i < faults->nr; i++) {
		struct json_object *e = json_object_new_object();

		snprintf(place, sizeof(place), "%u:%u", faults->at[i].line,
			 faults->at[i].column);
		put_str(e, "place", place);
		put_str(e, "weight", weight_name(CONFIG_REFUSED));
		put_str(e, "errno", "");
		put_str(e, "text", faults->at[i].text);
		json_object_array_add(array, e);
	}
	for (i = 0; i < notes->nr; i++) {
		const struct config_note *n = &notes->at[i];
		struct json_object *e = json_object_new_object();

		put_str(e, "place", n->place);
		put_str(e, "weight", weight_name(n->weight));
		put_str(e, "errno", error_name(n->error));
		put_str(e, "text", n->text);
		json_object_array_add(array, e);
	}
	put_str(o, "file", path);
	json_object_object_add(o, "notes", array);
	printf("%s\n", json_object_to_json_string_ext(
			       o, JSON_C_TO_STRING_PLAIN |
					  JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
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
	int ret = config_notes(&notes, cfg);
	/* Of what the reader has found already it would say the same again. */
	int core = faults->nr ? 0 : core_says(cfg);
	bool refused = core || faults->nr;
	u32 i;

	if (ret) {
		config_notes_fini(&notes);
		return cmd_fail(err, "%s", strerror(-ret));
	}
	for (i = 0; i < notes.nr; i++)
		refused |= notes.at[i].weight == CONFIG_REFUSED;
	if (json)
		print_notes_json(&notes, faults, path);
	else
		print_notes(&notes, faults, path);
	if (core)
		cmd_fail(err, "%s: the core refuses it (%s)", path,
			 error_name(core));
	config_notes_fini(&notes);
	return refused ? CMD_FOUND : CMD_OK;
}

static int run(int argc, char **argv, struct cmd_error *err)
{
	const char *verb = NULL, *path = NULL;
	struct config_faults faults = { .nr = 0 };
	struct config_error why = { 0 };
	struct config cfg;
	bool json = false, checks;
	int i, ret;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--json"))
			json = true;
		else if (argv[i][0] == '-' && argv[i][1])
			return cmd_fail(err, "no option '%s'; see --help",
					argv[i]);
		else if (!verb)
			verb = argv[i];
		else if (!path)
			path = argv[i];
		else
			return cmd_fail(err, "more than one file; see --help");
	}
	if (!verb || (strcmp(verb, "show") && strcmp(verb, "check")))
		return cmd_fail(err, "show or check?  see --help");
	if (!path)
		return cmd_fail(err, "which file?  see --help");
	checks = !strcmp(verb, "check");
	if (config_load_all(&cfg, path, &why, checks ? &faults : NULL))
		return unreadable(&why, err);
	if (checks)
		ret = check(&cfg, &faults, path, json, err);
	else if (json)
		ret = show_json(&cfg, path, err);
	else
		ret = config_print(stdout, &cfg) ?
			      cmd_fail(err, "standard output: write failed") :
			      CMD_OK;
	config_fini(&cfg);
	return ret;
}

const struct cmd cmd_config = {
	.name = "config",
	.summary = "show a damo configuration as understood, or check it",
	.usage = usage,
	.run = run,
};
