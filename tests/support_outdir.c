// SPDX-License-Identifier: GPL-2.0
/* See support_outdir.h. */
#include <check.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support_outdir.h"

static char dir[] = "/tmp/damonsim-outdir-XXXXXX";
static const char pattern[] = "XXXXXX";

static void path_of(char *path, size_t sz, const char *name)
{
	snprintf(path, sz, "%s/%s", dir, name);
}

const char *outdir_init(void)
{
	memcpy(strrchr(dir, '-') + 1, pattern, sizeof(pattern));
	ck_assert_ptr_nonnull(mkdtemp(dir));
	return dir;
}

void outdir_fini(void)
{
	DIR *d = opendir(dir);
	char path[600];
	struct dirent *e;

	ck_assert_ptr_nonnull(d);
	while ((e = readdir(d))) {
		path_of(path, sizeof(path), e->d_name);
		unlink(path);
	}
	closedir(d);
	ck_assert_int_eq(rmdir(dir), 0);
}

char *outdir_read(const char *name, size_t *sz)
{
	char path[600], *text;
	FILE *f;

	path_of(path, sizeof(path), name);
	f = fopen(path, "re");
	if (!f)
		return NULL;
	ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
	*sz = ftell(f);
	rewind(f);
	text = malloc(*sz + 1);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_eq(fread(text, 1, *sz, f), *sz);
	text[*sz] = '\0';
	fclose(f);
	return text;
}

struct json_object *outdir_json(const char *name)
{
	struct json_tokener *tok;
	struct json_object *o;
	size_t sz;
	char *text = outdir_read(name, &sz);

	if (!text)
		return NULL;
	tok = json_tokener_new();
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	o = json_tokener_parse_ex(tok, text, sz + 1);
	ck_assert_msg(o, "%s: %s in %.200s", name,
		      json_tokener_error_desc(json_tokener_get_error(tok)),
		      text);
	json_tokener_free(tok);
	free(text);
	return o;
}

void outdir_disk(long sz)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	if (getrlimit(RLIMIT_FSIZE, &limit))
		abort();
	limit.rlim_cur = sz < 0 ? limit.rlim_max : (rlim_t)sz;
	if (setrlimit(RLIMIT_FSIZE, &limit))
		abort();
}

struct json_object *outdir_get(struct json_object *o, const char *key,
			       enum json_type type)
{
	struct json_object *value = NULL;

	ck_assert_msg(json_object_object_get_ex(o, key, &value), "no %s", key);
	ck_assert_msg(json_object_get_type(value) == type, "%s is %s", key,
		      json_type_to_name(json_object_get_type(value)));
	return value;
}
