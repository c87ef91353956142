// SPDX-License-Identifier: GPL-2.0
/* Stored interleavings and litmus tests. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/explore_files.h"
#include "explore/litmus.h"
#include "explore/table.h"
#include "report/json_put.h"

static char *read_file(const char *path, struct cmd_error *err)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "r") : stdin;
	char *text = NULL;
	size_t room = 0;
	ssize_t n;

	if (!f) {
		cmd_fail(err, "%s: %s", path, strerror(errno));
		return NULL;
	}
	n = getdelim(&text, &room, '\0', f);
	if (n < 0) {
		free(text);
		text = NULL;
		cmd_fail(err, "%s: %s", path,
			 ferror(f) ? strerror(errno) : "empty");
	}
	if (f != stdin)
		fclose(f);
	return text;
}

int explore_replay(const struct explore_show *show, const char *path,
		   struct cmd_error *err)
{
	struct trial *t = calloc(1, sizeof(*t));
	char *text = read_file(path, err);
	struct scene_error why;
	bool same;
	int ret = CMD_BAD;

	if (!t || !text)
		goto free;
	if (trial_read(t, text, &why)) {
		cmd_fail(err, "%s:%u: %s", path, why.line, why.text);
		goto free;
	}
	same = explore_show_replay(show, t);
	ret = t->property[0] ? CMD_FOUND : CMD_OK;
	if (!same && !show->json && !show->quiet)
		printf("It did not go as the file says.\n");
free:
	free(text);
	free(t);
	return ret;
}

static struct json_object *json_of(const char *path,
				   const struct litmus_result *r)
{
	struct json_object *o = json_object_new_object();

	put_str(o, "file", path);
	put_str(o, "name", r->name);
	put_str(o, "model", trial_model_names[r->model]);
	put_str(o, "verdict", litmus_verdict_name(r->verdict));
	if (r->said != LITMUS_UNSAID)
		put_str(o, "said", litmus_verdict_name(r->said));
	put_bool(o, "as_said", litmus_as_said(r));
	put_bool(o, "race", r->race);
	put_u64(o, "executions", r->nr);
	put_u64(o, "positive", r->nr_positive);
	return o;
}

/* One test, one model. */
static int run_one(const struct explore_show *show, const char *path,
		   enum memory_model model, struct json_object *all,
		   struct cmd_error *err)
{
	struct litmus_result r = { 0 };
	int ret = CMD_OK;

	if (litmus_run(path, model, &r)) {
		ret = cmd_fail(err, "%s", r.error);
		goto fini;
	}
	if (!litmus_as_said(&r))
		ret = CMD_FOUND;
	if (show->json)
		json_object_array_add(all, json_of(path, &r));
	else if (!show->quiet)
		litmus_print(&r, stdout);
	else if (ret)
		printf("%s: %s by model %s\n", path,
		       litmus_verdict_name(r.verdict),
		       trial_model_names[model]);
fini:
	litmus_result_fini(&r);
	return ret;
}

int explore_litmus(const struct explore_show *show, char **path, u32 nr,
		   int model, struct cmd_error *err)
{
	struct json_object *o = json_object_new_object();
	struct json_object *all = json_object_new_array();
	u32 i, differ = 0, runs = 0;
	int m, ret = CMD_OK;

	json_object_object_add(o, "litmus", all);
	for (i = 0; i < nr && ret != CMD_BAD; i++) {
		for (m = MEMORY_SC; m <= MEMORY_WEAK && ret != CMD_BAD; m++) {
			if (model >= 0 && m != model)
				continue;
			ret = run_one(show, path[i], m, all, err);
			differ += ret == CMD_FOUND;
			runs++;
		}
	}
	if (ret != CMD_BAD) {
		ret = differ ? CMD_FOUND : CMD_OK;
		if (show->json)
			printf("%s\n", json_object_to_json_string_ext(
					       o, JSON_C_TO_STRING_PRETTY));
		else if (!show->quiet && runs > 1)
			printf("%u verdicts, %u not what the file says\n", runs,
			       differ);
	}
	json_object_put(o);
	return ret;
}
