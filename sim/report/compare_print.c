// SPDX-License-Identifier: GPL-2.0
/* The table of runs, printed; see compare.h. */
#include <errno.h>
#include <json-c/json.h>
#include <math.h>
#include <string.h>

#include "report/compare.h"
#include "report/json_put.h"
#include "report/units.h"

/* A run is called by a letter; who compares more sees numbers. */
static const char *name_run(char *buf, size_t sz, u32 run)
{
	if (run < 26)
		snprintf(buf, sz, "%c", 'A' + run);
	else
		snprintf(buf, sz, "%u", run + 1);
	return buf;
}

/* What tells a run from another: scenario, set and seed, as text. */
static const char *identity(const struct compare_run *r, const char *key)
{
	struct json_object *o;

	if (!json_object_object_get_ex(r->json, key, &o))
		return "not said";
	if (json_object_is_type(o, json_type_string))
		return json_object_get_string(o);
	return json_object_to_json_string_ext(
		o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}

static const char *const identities[] = { "scenario", "set", "seed" };

#define NR_IDENTITIES (sizeof(identities) / sizeof(*identities))

static bool differs(const struct compare *c, const char *key)
{
	u32 i;

	for (i = 1; i < c->nr_runs; i++)
		if (strcmp(identity(&c->run[i], key),
			   identity(&c->run[0], key)))
			return true;
	return false;
}

/* No run has the figure, or lost anything of that cause. */
static bool is_void(const struct compare *c, const struct compare_row *row)
{
	bool is_loss = !strncmp(row->name, "lost: ", 6);
	u32 i;

	for (i = 0; i < c->nr_runs; i++)
		if (row->has[i] && (!is_loss || row->value[i] != 0))
			return false;
	return true;
}

static const char *put_value(char *buf, const struct compare_row *row, u32 run)
{
	double v = row->value[run];
	char text[UNITS_LEN];

	if (!row->has[run])
		return "-";
	switch (row->unit) {
	case COMPARE_COUNT:
		return v >= 0 && v < 1e18 ? units_count(buf, v) : "?";
	case COMPARE_SHARE:
		snprintf(buf, UNITS_LEN, "%.4f %%", 100 * v);
		return buf;
	case COMPARE_NUMBER:
		snprintf(buf, UNITS_LEN, "%.3f", v);
		return buf;
	case COMPARE_BP:
		snprintf(buf, UNITS_LEN, "%.2f %%", v / 100);
		return buf;
	case COMPARE_PP:
		snprintf(buf, UNITS_LEN, "%.2f pp", v / 100);
		return buf;
	case COMPARE_BP_PER_HOUR:
		snprintf(buf, UNITS_LEN, "%+.4f pp/h", v / 100);
		return buf;
	case COMPARE_BYTES_PER_S:
		if (!(v >= 0 && v < 1e18))
			return "?";
		snprintf(buf, UNITS_LEN, "%.44s/s", units_bytes(text, v));
		return buf;
	case COMPARE_SECONDS:
		snprintf(buf, UNITS_LEN, "%.3f s", v);
		return buf;
	case COMPARE_NS:
		snprintf(buf, UNITS_LEN, "%.1f ns", v);
		return buf;
	}
	return "?";
}

/* Of two runs, the second against the first, where that makes sense. */
static void put_change(FILE *f, const struct compare_row *row)
{
	double a = row->value[0], b = row->value[1];

	if (!row->has[0] || !row->has[1] || a <= 0 || b < 0 ||
	    row->unit == COMPARE_PP || row->unit == COMPARE_BP_PER_HOUR)
		return;
	if (a == b)
		fprintf(f, "  %10s", "=");
	else if (b / a < 10)
		fprintf(f, "  %+8.1f %%", 100 * (b - a) / a);
	else
		fprintf(f, "  times %.1f", b / a);
}

static void put_runs(FILE *f, const struct compare *c)
{
	char name[16];
	u32 i, nr = 0;

	for (i = 0; i < c->nr_runs; i++) {
		const char *set = identity(&c->run[i], "set");

		fprintf(f, "%s  %s: %s, seed %s", name_run(name, 16, i),
			c->run[i].path, identity(&c->run[i], "scenario"),
			identity(&c->run[i], "seed"));
		if (strcmp(set, "[]") && strcmp(set, "not said"))
			fprintf(f, ", with %s", set);
		fprintf(f, "\n");
	}
	for (i = 0; i < NR_IDENTITIES; i++)
		if (differs(c, identities[i]))
			fprintf(f, "%s%s", nr++ ? ", " : "They differ in: ",
				identities[i]);
	fprintf(f, nr ? "\n" : "Scenario and seed are the same.\n");
}

int compare_text(FILE *f, const struct compare *c)
{
	char buf[UNITS_LEN], name[16];
	u32 i, j;

	put_runs(f, c);
	fprintf(f, "\n%-40s", "");
	for (j = 0; j < c->nr_runs; j++)
		fprintf(f, " %16s", name_run(name, sizeof(name), j));
	fprintf(f, "\n");
	for (i = 0; i < c->nr_rows; i++) {
		const struct compare_row *row = &c->row[i];

		if (is_void(c, row))
			continue;
		fprintf(f, "%-40s", row->name);
		for (j = 0; j < c->nr_runs; j++)
			fprintf(f, " %16s", put_value(buf, row, j));
		if (c->nr_runs == 2)
			put_change(f, row);
		fprintf(f, "\n");
	}
	return ferror(f) ? -EIO : 0;
}

static struct json_object *run_of(const struct compare_run *r)
{
	struct json_object *o = json_object_new_object(), *value;
	u32 i;

	put_str(o, "file", r->path);
	for (i = 0; i < NR_IDENTITIES; i++)
		if (json_object_object_get_ex(r->json, identities[i], &value))
			json_object_object_add(o, identities[i],
					       json_object_get(value));
	return o;
}

static struct json_object *row_of(const struct compare *c,
				  const struct compare_row *row)
{
	static const char *const units[] = {
		[COMPARE_COUNT] = "count",
		[COMPARE_SHARE] = "fraction",
		[COMPARE_NUMBER] = "number",
		[COMPARE_BP] = "bp",
		[COMPARE_PP] = "bp",
		[COMPARE_BP_PER_HOUR] = "bp_per_hour",
		[COMPARE_BYTES_PER_S] = "bytes_per_s",
		[COMPARE_SECONDS] = "s",
		[COMPARE_NS] = "ns",
	};
	struct json_object *o = json_object_new_object();
	struct json_object *values = json_object_new_array();
	u32 i;

	put_str(o, "name", row->name);
	put_str(o, "unit", units[row->unit]);
	for (i = 0; i < c->nr_runs; i++)
		json_object_array_add(
			values, row->has[i] && isfinite(row->value[i]) ?
					json_object_new_double(row->value[i]) :
					NULL);
	json_object_object_add(o, "values", values);
	return o;
}

int compare_json(FILE *f, const struct compare *c)
{
	struct json_object *o = json_object_new_object();
	struct json_object *runs = json_object_new_array();
	struct json_object *differ = json_object_new_array();
	struct json_object *rows = json_object_new_array();
	const char *text;
	u32 i;
	int err = 0;

	for (i = 0; i < c->nr_runs; i++)
		json_object_array_add(runs, run_of(&c->run[i]));
	for (i = 0; i < NR_IDENTITIES; i++)
		if (differs(c, identities[i]))
			json_object_array_add(
				differ, json_object_new_string(identities[i]));
	for (i = 0; i < c->nr_rows; i++)
		if (!is_void(c, &c->row[i]))
			json_object_array_add(rows, row_of(c, &c->row[i]));
	json_object_object_add(o, "runs", runs);
	json_object_object_add(o, "differ", differ);
	json_object_object_add(o, "rows", rows);
	text = json_object_to_json_string_ext(
		o, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
	if (!text)
		err = -ENOMEM;
	else if (fprintf(f, "%s\n", text) < 0)
		err = -EIO;
	json_object_put(o);
	return err;
}
