// SPDX-License-Identifier: GPL-2.0
/* What damonsim explore prints and stores. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/explore_show.h"
#include "explore/stage.h"
#include "explore/table.h"
#include "report/json_put.h"

const char *explore_show_time(double seconds)
{
	static const struct {
		double seconds;
		const char *name;
	} units[] = { { 31557600, "years" },
		      { 86400, "days" },
		      { 3600, "hours" },
		      { 60, "minutes" },
		      { 0, "seconds" } };
	static char text[48];
	u32 i = 0;

	while (seconds < 2 * units[i].seconds)
		i++;
	if (units[i].seconds)
		seconds /= units[i].seconds;
	snprintf(text, sizeof(text), seconds < 1e6 ? "%.0f %s" : "%.1e %s",
		 seconds, units[i].name);
	return text;
}

void explore_show_head(const struct explore_show *s)
{
	if (!s->json && !s->quiet)
		printf("hot path %s, seed %llu\n", hotpath_id,
		       (unsigned long long)s->seed);
}

/* What was in the scene: who, how much, how large a ring. */
static void print_extent(const struct suite_item *item)
{
	struct scene_error err;
	struct scene scene;
	u32 i, j, reports = 0;

	if (scene_read(&scene, item->text, &err))
		return;
	for (i = 0; i < scene.nr_actors; i++)
		for (j = 0; j < scene.actor[i].nr; j++)
			reports += scene.actor[i].act[j].verb <= SCENE_SAMPLE;
	printf(" of %u actors, %u reports, ring %u", scene.nr_actors, reports,
	       scene.ring);
}

static void print_covered(const struct suite_item *item)
{
	const struct explore_result *r = &item->result;

	if (r->exhausted)
		printf("all %llu executions",
		       (unsigned long long)r->executions);
	else
		printf("%llu executions, not all",
		       (unsigned long long)r->executions);
	print_extent(item);
	printf(" (%u steps at most", r->longest);
	if (r->pct_bound > 0)
		printf("; pct bound %.2g", r->pct_bound);
	if (r->covered)
		printf("; %u pairs of steps", r->covered);
	printf(")");
}

void explore_show_item(void *arg, const struct suite_item *item)
{
	struct explore_show *s = arg;
	const struct explore_result *r = &item->result;
	bool tells = isatty(STDERR_FILENO) && !s->quiet && !s->json;
	u32 i;

	s->nr_done++;
	if (!s->json && !item->ret && (!s->quiet || r->nr_found)) {
		if (tells)
			fprintf(stderr, "\r\033[K");
		printf("%-16s %-4s  %s  ", item->name,
		       trial_model_names[item->model],
		       r->nr_found ? "FAILS" : "holds");
		for (i = 0; i < r->nr_found; i++)
			printf("%s%s: %s", i ? "; " : "", r->found[i]->property,
			       r->found[i]->message);
		if (!r->nr_found)
			print_covered(item);
		printf("\n");
		fflush(stdout);
	}
	if (tells)
		fprintf(stderr, "\r%u of %u scenes, %.0f s ", s->nr_done,
			s->suite->nr, explore_now() - s->begun);
}

/* Where a violation is stored. */
static void path_of(const struct explore_show *s, const struct suite_item *item,
		    const struct trial *t, char *out, size_t sz)
{
	snprintf(out, sz, "%s%sexplore-%s-%s-%s.txt", s->dir ? s->dir : "",
		 s->dir ? "/" : "", item->name, trial_model_names[item->model],
		 t->property);
}

static int store(struct explore_show *s, const struct trial *t,
		 const char *path)
{
	FILE *f = fopen(path, "w");
	int err;

	if (!f)
		goto fail;
	err = trial_write(t, f);
	if (fclose(f) || err)
		goto fail;
	return 0;
fail:
	s->error = errno;
	snprintf(s->failed, sizeof(s->failed), "%s", path);
	return -1;
}

/* Was the same small violation printed for an item before? */
static const struct suite_item *same_before(const struct suite *s, u32 item,
					    const struct trial *t)
{
	char text[TRIAL_TEXT_MAX], other[TRIAL_TEXT_MAX];
	u32 i, j;

	scene_print(&t->scene, text, sizeof(text));
	for (i = 0; i < item; i++) {
		const struct explore_result *r = &s->item[i].result;

		for (j = 0; j < r->nr_found && s->item[i].done; j++) {
			scene_print(&r->found[j]->scene, other, sizeof(other));
			if (!strcmp(r->found[j]->property, t->property) &&
			    r->found[j]->model == t->model &&
			    !strcmp(text, other))
				return &s->item[i];
		}
	}
	return NULL;
}

static void print_trial(const struct explore_show *s, struct trial *t,
			const char *path)
{
	char text[TRIAL_TEXT_MAX];

	scene_print(&t->scene, text, sizeof(text));
	printf("\n%s: %s (%u switches, model %s)\n%s\n", t->property,
	       t->message, explore_switches(t), trial_model_names[t->model],
	       text);
	table_print(t, stdout, s->plain);
	printf("play it again: damonsim explore --replay %s\n", path);
}

static struct json_object *json_of_trial(const struct suite_item *item,
					 const struct trial *t,
					 const char *path)
{
	struct json_object *o = json_object_new_object();

	put_str(o, "property", t->property);
	put_str(o, "message", t->message);
	put_str(o, "scene", item->name);
	put_str(o, "model", trial_model_names[t->model]);
	put_u64(o, "switches", explore_switches(t));
	put_str(o, "file", path);
	return o;
}

static struct json_object *json_of_item(const struct suite_item *item)
{
	const struct explore_result *r = &item->result;
	struct json_object *o = json_object_new_object();

	put_str(o, "scene", item->name);
	put_str(o, "text", item->text);
	put_str(o, "model", trial_model_names[item->model]);
	put_u64(o, "executions", r->executions);
	put_u64(o, "redundant", r->redundant);
	put_u64(o, "steps", r->steps);
	put_bool(o, "exhausted", r->exhausted);
	put_double(o, "pct_bound", r->pct_bound);
	put_double(o, "seconds", r->seconds);
	put_u64(o, "violations", r->nr_found);
	return o;
}

int explore_show_end(struct explore_show *s)
{
	struct json_object *o = json_object_new_object();
	struct json_object *scenes = json_object_new_array();
	struct json_object *violations = json_object_new_array();
	u32 i, j, nr_violated = 0, nr_exhausted = 0, nr_done = 0;
	u64 executions = 0, steps = 0;
	double seconds = explore_now() - s->begun;
	const struct suite_item *same;
	char path[512];
	int ret = 0;

	if (isatty(STDERR_FILENO) && !s->quiet && !s->json)
		fprintf(stderr, "\r\033[K");
	for (i = 0; i < s->suite->nr; i++) {
		struct suite_item *item = &s->suite->item[i];

		if (!item->done)
			continue;
		nr_done++;
		executions += item->result.executions;
		steps += item->result.steps;
		nr_exhausted += item->result.exhausted;
		nr_violated += item->result.nr_found != 0;
		json_object_array_add(scenes, json_of_item(item));
		for (j = 0; j < item->result.nr_found && !ret; j++) {
			struct trial *t = item->result.found[j];

			path_of(s, item, t, path, sizeof(path));
			ret = store(s, t, path);
			json_object_array_add(violations,
					      json_of_trial(item, t, path));
			if (s->json)
				continue;
			same = same_before(s->suite, i, t);
			if (same)
				printf("\n%s: %s, small, is what %s is\n",
				       item->name, t->property, same->name);
			else
				print_trial(s, t, path);
		}
	}
	put_str(o, "hotpath", hotpath_id);
	put_u64(o, "seed", s->seed);
	put_u64(o, "executions", executions);
	put_u64(o, "steps", steps);
	put_bool(o, "exhausted", nr_exhausted == s->suite->nr);
	put_double(o, "seconds", seconds);
	json_object_object_add(o, "violations", violations);
	json_object_object_add(o, "scenes", scenes);
	if (s->json)
		printf("%s\n", json_object_to_json_string_ext(
				       o, JSON_C_TO_STRING_PRETTY));
	json_object_put(o);
	if (s->json || s->quiet)
		return ret;
	printf("\n%u scenes: %u hold in all executions, %u in those that were "
	       "played, %u fail; %.3g M executions in %.1f s\n",
	       nr_done, nr_exhausted, nr_done - nr_exhausted - nr_violated,
	       nr_violated, executions * 1e-6, seconds);
	if (nr_done < s->suite->nr)
		printf("%u scenes were not looked at: interrupted\n",
		       s->suite->nr - nr_done);
	return ret;
}

bool explore_show_replay(const struct explore_show *s, struct trial *t)
{
	struct json_object *o;
	FILE *out = stdout;
	bool same;

	if (s->json)
		out = fopen("/dev/null", "w");
	if (!out)
		out = stderr;
	same = table_print(t, out, s->plain);
	if (!s->json)
		return same;
	if (out != stderr)
		fclose(out);
	o = json_object_new_object();
	put_bool(o, "same", same);
	put_str(o, "property", t->property);
	put_str(o, "message", t->message);
	printf("%s\n",
	       json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY));
	json_object_put(o);
	return same;
}

void explore_show_list(void)
{
	u32 i;

	printf("scenes\n");
	for (i = 0; scene_shipped[i].name; i++)
		printf("  %-16s  %s\n%20s%s\n", scene_shipped[i].name,
		       scene_shipped[i].summary, "", scene_shipped[i].text);
	printf("\nproperties\n");
	for (i = 0; stage_properties[i].name; i++)
		printf("  %-18s %s\n", stage_properties[i].name,
		       stage_properties[i].meaning);
}
