/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Twin of the part of Check that the KUnit suites are run by, for a machine for
 * which there is no Check: each case runs in a process of its own, and its end
 * is told by how that process ends.
 *
 * Not here: reports by suite, time limits.
 */
#ifndef AARCH64_CHECK_H
#define AARCH64_CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define CK_NORMAL 0
#define CASES_TWIN_MAX 1024

typedef struct {
	const char *name;
	void (*fn)(int i);
	const char *file;
	int line;
} TTest;

typedef struct {
	const TTest *test[CASES_TWIN_MAX];
	int arg[CASES_TWIN_MAX];
	int nr;
	int failed;
} SRunner;

/* There is one of each, so a suite is its runner. */
typedef SRunner Suite;
typedef SRunner TCase;

static SRunner check_twin;

#define srunner_create(suite) (&check_twin)
#define suite_create(name) (&check_twin)
#define tcase_create(name) (&check_twin)
#define tcase_set_timeout(tc, seconds) ((void)(tc))
#define suite_add_tcase(suite, tc) ((void)(suite))
#define srunner_add_suite(sr, suite) ((void)(suite))
#define srunner_free(sr) ((void)(sr))
#define mark_point() ((void)0)

#define ck_abort_msg(...)                     \
	do {                                  \
		fprintf(stderr, __VA_ARGS__); \
		fputc('\n', stderr);          \
		_exit(1);                     \
	} while (0)
#define ck_assert_int_eq(a, b)                                \
	do {                                                  \
		if ((a) != (b))                               \
			ck_abort_msg("%s is not %s", #a, #b); \
	} while (0)

static inline void tcase_add_loop_test(TCase *tc, const TTest *test, int begin,
				       int end)
{
	for (; begin < end && tc->nr < CASES_TWIN_MAX; begin++) {
		tc->test[tc->nr] = test;
		tc->arg[tc->nr++] = begin;
	}
}

static inline void srunner_run_all(SRunner *sr, int how)
{
	int i, status;
	pid_t child;

	(void)how;
	for (i = 0; i < sr->nr; i++) {
		fflush(NULL);
		child = fork();
		if (!child) {
			sr->test[i]->fn(sr->arg[i]);
			_exit(0);
		}
		if (child < 0 || waitpid(child, &status, 0) != child ||
		    status) {
			sr->failed++;
			printf("%s failed\n", sr->test[i]->name);
		}
	}
	printf("%d cases, %d failed\n", sr->nr, sr->failed);
}

#define srunner_ntests_failed(sr) ((sr)->failed)

#endif
