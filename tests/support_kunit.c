// SPDX-License-Identifier: GPL-2.0
/* KUnit suites under Check: each case is a test; see kunit/test.h. */
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kunit/test.h>

#include "support_kunit.h"

#define SUITES_MAX 64
#define CASES_MAX 1024

struct allocation {
	struct allocation *next;
	char data[] __attribute__((aligned(64)));
};

static struct kunit_suite *suites[SUITES_MAX];
static int nr_suites;

/* Check runs a function by a number; this is what the number means. */
static struct {
	struct kunit_suite *suite;
	struct kunit_case *kcase;
	TTest test;
} cases[CASES_MAX];
static int nr_cases;

/* The first expectation that failed in the case that runs. */
static char first_failure[512];

void kunit_register(struct kunit_suite *suite)
{
	if (nr_suites == SUITES_MAX)
		abort();
	suites[nr_suites++] = suite;
}

void *kunit_kcalloc(struct kunit *test, size_t nr, size_t size, int gfp)
{
	/*
	 * The hot path's structures want their cache lines; and not a byte
	 * more than was asked for, so that a sanitizer sees who takes it.
	 */
	size_t sz = sizeof(struct allocation) + nr * size;
	struct allocation *a;

	if (posix_memalign((void **)&a, 64, sz))
		return NULL;
	memset(a, 0, sz);
	a->next = test->allocations;
	test->allocations = a;
	return a->data;
}

void kunit_failed(struct kunit *test, bool end, const char *file, int line,
		  const char *fmt, ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (!test->nr_failed++)
		snprintf(first_failure, sizeof(first_failure), "%s:%d: %s",
			 file, line, text);
	if (end)
		ck_abort_msg("%s", first_failure);
	if (test->nr_failed <= 10)
		fprintf(stderr, "%s: %s:%d: %s\n", test->name, file, line,
			text);
}

static void run_case(int i)
{
	struct kunit test = { .name = cases[i].kcase->name };
	struct kunit_suite *suite = cases[i].suite;
	struct allocation *a;

	if (suite->init)
		ck_assert_int_eq(suite->init(&test), 0);
	cases[i].kcase->run_case(&test);
	if (suite->exit)
		suite->exit(&test);
	while (test.allocations) {
		a = test.allocations;
		test.allocations = a->next;
		free(a);
	}
	if (test.nr_failed)
		ck_abort_msg("%u expectations failed, first %s", test.nr_failed,
			     first_failure);
	mark_point();
}

SRunner *support_kunit_runner(void)
{
	SRunner *sr = srunner_create(NULL);
	struct kunit_case *c;
	Suite *suite;
	TCase *tc;
	int i;

	for (i = 0; i < nr_suites; i++) {
		suite = suite_create(suites[i]->name);
		tc = tcase_create(suites[i]->name);
		tcase_set_timeout(tc, 60);
		for (c = suites[i]->test_cases; c->run_case; c++) {
			if (nr_cases == CASES_MAX)
				abort();
			cases[nr_cases].suite = suites[i];
			cases[nr_cases].kcase = c;
			cases[nr_cases].test = (TTest){ c->name, run_case,
							suites[i]->name, 0 };
			tcase_add_loop_test(tc, &cases[nr_cases].test, nr_cases,
					    nr_cases + 1);
			nr_cases++;
		}
		suite_add_tcase(suite, tc);
		srunner_add_suite(sr, suite);
	}
	return sr;
}
