// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation of a replay and of its report fails once: the answer is
 * -ENOMEM, and nothing is kept.
 *
 * Under a sanitizer this program has nothing to do, see support_nomem.h.
 */
#include <stdio.h>
#include <stdlib.h>

#include "support_nomem.h"

#ifdef NOMEM_SKIPPED

int main(void)
{
	puts("replay nomem: skipped, the allocator is the sanitizer's");
	return 0;
}

#else

#include "replay/replay.h"
#include "report/replay_text.h"
#include "support_check.h"

/* Replay and report; what the two say. */
static int run(const char *capture, const char *config, FILE *null)
{
	struct replay_options opt = { .path = capture,
				      .config_path = config,
				      .ring_capacity = 64,
				      .seed = 1 };
	struct replay_text how = { .cols = 20, .rows = 5, .nr_areas = 5 };
	struct replay_error err;
	struct replay r;
	int ret = replay_run(&r, &opt, &err);

	if (!ret)
		ret = replay_text(null, &r, &how);
	else
		ck_assert_int_ne(*err.text, '\0');
	replay_fini(&r);
	return ret;
}

static const struct {
	const char *capture;
	const char *config;
} runs[] = {
	{ "traces/samples/perl.data", NULL },
	{ "traces/samples/gcc.data", NULL },
	{ "traces/samples/sort.data", "tests/data/replay/sort.yaml" },
};

START_TEST(each_allocation_may_fail)
{
	static char buffer[4096];
	FILE *null = fopen("/dev/null", "w");
	long at = 0, left;
	int ret;

	ck_assert_ptr_nonnull(null);
	setvbuf(null, buffer, _IOFBF, sizeof(buffer));
	do {
		nomem_begin(at);
		ret = run(runs[_i].capture, runs[_i].config, null);
		left = nomem_end();
		ck_assert_msg(!left, "%ld: %ld left", at, left);
		if (!nomem_failed)
			ck_assert_int_eq(ret, 0);
		/* The C library does without a buffer; all else is told. */
		at += at < 200 ? 1 : 37;
	} while (nomem_failed);
	ck_assert_int_gt(at, 50);
	fclose(null);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("replay nomem");
	TCase *tc = tcase_create("replay nomem");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, each_allocation_may_fail, 0, 3);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}

#endif
