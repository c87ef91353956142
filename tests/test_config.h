/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of the configuration share: a file as one string, and a
 * configuration as the text that the reader's own tables have no part in.
 */
#ifndef TEST_CONFIG_H
#define TEST_CONFIG_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

#define CONFIG_DATA "tests/data/config/"

/* The whole file, terminated; freed by the caller. */
static inline char *read_whole(const char *path, size_t *sz)
{
	FILE *file = fopen(path, "r");
	char *text;
	long end;

	ck_assert_msg(file, "%s", path);
	fseek(file, 0, SEEK_END);
	end = ftell(file);
	ck_assert(end >= 0);
	rewind(file);
	text = malloc(end + 1);
	ck_assert(text);
	*sz = fread(text, 1, end, file);
	ck_assert_uint_eq(*sz, end);
	text[*sz] = '\0';
	fclose(file);
	return text;
}

static inline void load_or_fail(struct config *cfg, const char *path)
{
	struct config_error err;

	ck_assert_msg(!config_load(cfg, path, &err), "%s:%u:%u: %s", err.file,
		      err.line, err.column, err.text);
}

static inline char *print_whole(const struct config *cfg, size_t *sz)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, sz);

	ck_assert(file);
	ck_assert_int_eq(config_print(file, cfg), 0);
	fclose(file);
	return text;
}

static inline int run_suite(Suite *suite)
{
	SRunner *sr = srunner_create(suite);
	int failed;

	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? 1 : 0;
}

#endif
