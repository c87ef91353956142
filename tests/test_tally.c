// SPDX-License-Identifier: GPL-2.0
/* Samples by process: against an array of counts. */
#include <stdlib.h>

#include "replay/tally.h"
#include "support_check.h"
#include "support_rng.h"

#define PIDS 3000

START_TEST(top_is_the_highest_count)
{
	static u64 count[PIDS];
	struct tally t = { 0 };
	struct support_rng rng;
	u32 i, pid = ~0u, top = 0;

	support_rng_init(&rng, _i);
	for (i = 0; i < PIDS; i++)
		count[i] = 0;
	ck_assert_uint_eq(tally_top(&t, &pid), 0);
	for (i = 0; i < 20000; i++) {
		/* Few processes often, many rarely; a few times in turn. */
		u32 p = support_rng_below(&rng, _i % 2 ? PIDS : 7);
		u32 n = 1 + support_rng_below(&rng, 3);

		for (count[p] += n; n; n--)
			ck_assert_int_eq(tally_add(&t, p), 0);
	}
	for (i = 0; i < PIDS; i++)
		if (count[i] > count[top])
			top = i;
	ck_assert_uint_eq(tally_top(&t, &pid), count[top]);
	ck_assert_uint_eq(pid, top);
	tally_fini(&t);
}
END_TEST

START_TEST(process_0_counts)
{
	struct tally t = { 0 };
	u32 pid = 5;

	ck_assert_int_eq(tally_add(&t, 0), 0);
	ck_assert_int_eq(tally_add(&t, 0), 0);
	ck_assert_int_eq(tally_add(&t, 9), 0);
	ck_assert_uint_eq(tally_top(&t, &pid), 2);
	ck_assert_uint_eq(pid, 0);
	tally_fini(&t);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tally");
	TCase *tc = tcase_create("tally");

	tcase_add_loop_test(tc, top_is_the_highest_count, 0, 10);
	tcase_add_test(tc, process_0_counts);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
