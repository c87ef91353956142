// SPDX-License-Identifier: GPL-2.0
/* The table of runs: reading, keeping; see compare.h. */
#include <errno.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/compare.h"

/* More than any run prints, its goals' paths included. */
#define SZ_MAX (256u << 20)

#define EXPECTED "expected what damonsim run --json prints"

int compare_init(struct compare *c, u32 max_runs)
{
	*c = (struct compare){ .max_runs = max_runs };
	c->run = calloc(max_runs + 1, sizeof(*c->run));
	return c->run ? 0 : -ENOMEM;
}

void compare_fini(struct compare *c)
{
	u32 i;

	for (i = 0; i < c->nr_runs; i++)
		json_object_put(c->run[i].json);
	for (i = 0; i < c->nr_rows; i++) {
		free(c->row[i].value);
		free(c->row[i].has);
	}
	free(c->run);
	free(c->row);
	*c = (struct compare){ 0 };
}

static int fail(struct compare_error *err, int ret, const char *path,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static int fail(struct compare_error *err, int ret, const char *path,
		const char *fmt, ...)
{
	va_list args;
	int len = snprintf(err->text, sizeof(err->text), "%s: ", path);

	va_start(args, fmt);
	if (len < (int)sizeof(err->text))
		vsnprintf(err->text + len, sizeof(err->text) - len, fmt, args);
	va_end(args);
	return ret;
}

/* Return: 0; -EFBIG; -ENOMEM; -errno. */
static int slurp(FILE *f, char **text, size_t *sz)
{
	size_t room = 1 << 16, got;
	char *buf = NULL, *more;

	*sz = 0;
	do {
		more = *sz < SZ_MAX ? realloc(buf, room) : NULL;
		if (!more) {
			free(buf);
			return *sz < SZ_MAX ? -ENOMEM : -EFBIG;
		}
		buf = more;
		errno = 0;
		got = fread(buf + *sz, 1, room - *sz, f);
		*sz += got;
		room *= 2;
	} while (got);
	if (ferror(f)) {
		free(buf);
		return errno ? -errno : -EIO;
	}
	*text = buf;
	return 0;
}

/* All of @text is one JSON value. */
static int parse(struct json_object **out, const char *path, const char *text,
		 size_t sz, struct compare_error *err)
{
	struct json_tokener *t = json_tokener_new();
	struct json_object *o;
	size_t end;
	int ret = 0;

	if (!t)
		return fail(err, -ENOMEM, path, "%s", strerror(ENOMEM));
	json_tokener_set_flags(t, JSON_TOKENER_STRICT |
					  JSON_TOKENER_ALLOW_TRAILING_CHARS);
	o = json_tokener_parse_ex(t, text, sz);
	end = json_tokener_get_parse_end(t);
	while (o && end < sz && strchr(" \t\r\n", text[end]) && text[end])
		end++;
	if (!o && json_tokener_get_error(t) == json_tokener_continue)
		ret = fail(err, -EBADMSG, path,
			   "the JSON ends in the middle; " EXPECTED);
	else if (!o)
		ret = fail(err, -EBADMSG, path, "byte %zu: %s; " EXPECTED, end,
			   json_tokener_error_desc(json_tokener_get_error(t)));
	else if (end < sz)
		ret = fail(err, -EBADMSG, path,
			   "byte %zu: something after the object; " EXPECTED,
			   end);
	json_tokener_free(t);
	if (ret)
		json_object_put(o);
	else
		*out = o;
	return ret;
}

/* What every run prints, and what it is. */
static int check(const struct json_object *o, const char *path,
		 struct compare_error *err)
{
	static const struct {
		const char *key;
		enum json_type type;
		const char *word;
	} keys[] = {
		{ "simulated_s", json_type_double, "number" },
		{ "seed", json_type_int, "number" },
		{ "conservation", json_type_object, "object" },
		{ "goals", json_type_array, "list" },
		{ "schemes", json_type_array, "list" },
		{ "workloads", json_type_array, "list" },
		{ "sampling", json_type_object, "object" },
		{ "monitor", json_type_object, "object" },
	};
	struct json_object *value;
	u32 i;

	if (!json_object_is_type(o, json_type_object))
		return fail(err, -EBADMSG, path, "no object; " EXPECTED);
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!json_object_object_get_ex(o, keys[i].key, &value) ||
		    (!json_object_is_type(value, keys[i].type) &&
		     !(keys[i].type == json_type_double &&
		       json_object_is_type(value, json_type_int))))
			return fail(err, -EBADMSG, path,
				    "no %s \"%s\" in it; " EXPECTED,
				    keys[i].word, keys[i].key);
	return 0;
}

int compare_read(struct compare *c, const char *path, struct compare_error *err)
{
	bool is_stdin = !strcmp(path, "-");
	FILE *f = is_stdin ? stdin : fopen(path, "re");
	struct json_object *o = NULL;
	char *text = NULL;
	size_t sz = 0;
	int ret;

	if (!f)
		return fail(err, -errno, path, "%s", strerror(errno));
	ret = slurp(f, &text, &sz);
	if (!is_stdin)
		fclose(f);
	if (ret)
		return fail(err, ret, path, "%s", strerror(-ret));
	ret = parse(&o, path, text, sz, err);
	free(text);
	if (ret)
		return ret;
	ret = check(o, path, err);
	if (ret) {
		json_object_put(o);
		return ret;
	}
	c->run[c->nr_runs++] = (struct compare_run){ path, o };
	compare_take(c, c->nr_runs - 1);
	if (c->err)
		return fail(err, c->err, path, "%s", strerror(-c->err));
	return 0;
}

static struct compare_row *row_of(struct compare *c, const char *name,
				  enum compare_unit unit)
{
	struct compare_row *grown, row = { .unit = unit };
	u32 i;

	for (i = 0; i < c->nr_rows; i++)
		if (!strcmp(c->row[i].name, name))
			return &c->row[i];
	snprintf(row.name, sizeof(row.name), "%s", name);
	grown = realloc(c->row, (c->nr_rows + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	c->row = grown;
	row.value = calloc(c->max_runs + 1, sizeof(*row.value));
	row.has = calloc(c->max_runs + 1, sizeof(*row.has));
	if (!row.value || !row.has) {
		free(row.value);
		free(row.has);
		return NULL;
	}
	c->row[c->nr_rows] = row;
	return &c->row[c->nr_rows++];
}

void compare_put(struct compare *c, u32 run, enum compare_unit unit,
		 const double *value, const char *fmt, ...)
{
	struct compare_row *row;
	char name[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	row = row_of(c, name, unit);
	if (!row) {
		c->err = -ENOMEM;
		return;
	}
	if (value)
		row->value[run] = *value;
	row->has[run] = value;
}
