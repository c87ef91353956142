// SPDX-License-Identifier: GPL-2.0
/*
 * What was found by running the core of 6.12 next to profile D on the same
 * input.
 *
 * Some of it holds for every core, and is tested for each.
 */
#include <check.h>

#include "damon/access.h"
#include "damon/merge.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

static struct support_damos d;
static const struct profile *const all[] = { &profile_n, &profile_m,
					     &profile_d };

static void setup(void)
{
	support_damos_init(&d, &profile_d);
}

static void teardown(void)
{
	support_damos_fini(&d);
}

static void again(const struct profile *profile)
{
	teardown();
	support_damos_init(&d, profile);
}

START_TEST(sum_without_a_sample_interval)
{
	struct region *r;

	d.ctx.attrs.sample_us = 0;
	d.ctx.attrs.aggr_us = 20;
	support_target_is(&d.ctx, { 0, P, 0, 3 });
	r = d.ctx.targets[0].regions.at;
	r->moving_sum_bp = 30000;
	access_move_sums(&d.ctx, 1);
	ck_assert_uint_eq(r->moving_sum_bp, 0);
	d.ctx.attrs.sample_us = 1;
	r->moving_sum_bp = 30000;
	access_move_sums(&d.ctx, 1);
	ck_assert_uint_eq(r->moving_sum_bp, 28500);
}
END_TEST

START_TEST(largest_threshold_of_merging)
{
	static const struct {
		u64 sample_us, aggr_us;
		u32 nr;
	} row[] = {
		{ 1, 1, 1 }, /* one tick: 1 is alike enough */
		{ 0, 0, 5 }, /* no ticks */
		{ 1, 1ULL << 32, 5 }, /* none that 32 bits hold */
		{ 1, (1ULL << 32) + 1, 1 },
	};
	u32 i, j;

	for (i = 0; i < 3; i++) {
		for (j = 0; j < sizeof(row) / sizeof(*row); j++) {
			again(all[i]);
			d.ctx.attrs.sample_us = row[j].sample_us;
			d.ctx.attrs.aggr_us = row[j].aggr_us;
			d.ctx.attrs.max_nr_regions = 3;
			support_target_is(&d.ctx, { 0, P }, { P, 2 * P, 1 },
					  { 2 * P, 3 * P }, { 3 * P, 4 * P, 1 },
					  { 4 * P, 5 * P });
			merge_regions(&d.ctx, 0, ~0ULL);
			ck_assert_uint_eq(context_nr_regions(&d.ctx),
					  row[j].nr);
		}
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("profile D");
	TCase *tc = tcase_create("profile D");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, sum_without_a_sample_interval);
	tcase_add_test(tc, largest_threshold_of_merging);
	return support_run(s);
}
