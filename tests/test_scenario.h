/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of scenarios share: texts that only want the line under test.
 */
#ifndef TEST_SCENARIO_H
#define TEST_SCENARIO_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/scenario.h"

#define SCENARIO_MODELS "models/scenarios/"

static inline void parse_or_fail(struct scenario *s, const char *text,
				 const char *const *set, u32 nr_set)
{
	struct config_error err;

	ck_assert_msg(!scenario_parse(s, text, strlen(text), "test.yaml", set,
				      nr_set, &err),
		      "%s:%u:%u: %s", err.file, err.line, err.column, err.text);
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
