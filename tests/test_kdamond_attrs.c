// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes, the moving sum, and intervals that tune themselves: the figures
 * that the kernel's functions give for the same input.
 */
#include <check.h>

#include <linux/errno.h>

#include "damon/access.h"
#include "damon/tune.h"
#include "support_check.h"
#include "support_damon.h"

static struct split_shared shared;
static struct context ctx;
static u64 tuned_to_us;
static u32 nr_tuned, nr_changed;

static void note_tuned(void *data, const struct context *c, u64 sample_us)
{
	/* Before anything is changed. */
	ck_assert_uint_eq(nr_changed, nr_tuned);
	nr_tuned++;
	tuned_to_us = sample_us;
}

static void note_changed(void *data, const struct context *c)
{
	nr_changed++;
}

static const struct context_observer observer = {
	.intervals_tuned = note_tuned,
	.attrs_changed = note_changed,
};

static void setup(void)
{
	shared = (struct split_shared){ 0 };
	context_init(&ctx, &profile_n, &support_idle_ops, &shared, 1);
	nr_tuned = nr_changed = 0;
}

static void teardown(void)
{
	context_fini(&ctx);
}

static struct attrs intervals(u64 sample_us, u64 aggr_us)
{
	struct attrs attrs = attrs_default;

	attrs.sample_us = sample_us;
	attrs.aggr_us = aggr_us;
	return attrs;
}

static void set(struct attrs attrs)
{
	ck_assert_int_eq(context_set_attrs(&ctx, &attrs), 0);
}

START_TEST(defaults)
{
	ck_assert_uint_eq(ctx.attrs.sample_us, 5000);
	ck_assert_uint_eq(ctx.attrs.aggr_us, 100000);
	ck_assert_uint_eq(ctx.attrs.ops_update_us, 60000000);
	ck_assert_uint_eq(ctx.attrs.min_nr_regions, 10);
	ck_assert_uint_eq(ctx.attrs.max_nr_regions, 1000);
	ck_assert_uint_eq(ctx.attrs.goal.nr_aggrs, 0);
	ck_assert_uint_eq(ctx.addr_unit, 1);
	ck_assert_uint_eq(ctx.min_region_sz, 4096);
	ck_assert_int_eq(attrs_check(&ctx.attrs, true), 0);
}
END_TEST

START_TEST(checks)
{
	struct attrs attrs = attrs_default;

	attrs.min_nr_regions = 2;
	ck_assert_int_eq(attrs_check(&attrs, true), -EINVAL);
	attrs.min_nr_regions = attrs.max_nr_regions = 3;
	ck_assert_int_eq(attrs_check(&attrs, true), 0);
	attrs.min_nr_regions = 4;
	ck_assert_int_eq(attrs_check(&attrs, true), -EINVAL);

	attrs = intervals(100001, 100000);
	ck_assert_int_eq(attrs_check(&attrs, true), -EINVAL);
	attrs = intervals(100000, 100000);
	ck_assert_int_eq(attrs_check(&attrs, true), 0);
	attrs = intervals(0, 0);
	ck_assert_int_eq(attrs_check(&attrs, true), 0);

	attrs = attrs_default;
	attrs.goal = (struct intervals_goal){ 0, 1, 5000, 5000 };
	ck_assert_int_eq(attrs_check(&attrs, true), 0);
	attrs.goal = (struct intervals_goal){ 0, 1, 5001, 9000 };
	ck_assert_int_eq(attrs_check(&attrs, true), -EINVAL);
	attrs.goal = (struct intervals_goal){ 0, 1, 1, 4999 };
	ck_assert_int_eq(attrs_check(&attrs, true), -EINVAL);
	attrs.goal = (struct intervals_goal){ 0, 1, 6000, 4000 };
	ck_assert_int_eq(attrs_check(&attrs, true), -EINVAL);
	/* Not read without the number of aggregations. */
	attrs.goal.nr_aggrs = 0;
	ck_assert_int_eq(attrs_check(&attrs, true), 0);
}
END_TEST

START_TEST(refused_attributes_change_nothing)
{
	struct attrs bad = intervals(1, 1000);
	struct context before;

	support_target_is(&ctx, { 0, 4096, 1, 2, 3 });
	ctx.observer = &observer;
	bad.min_nr_regions = 0;
	before = ctx;
	ck_assert_int_eq(context_set_attrs(&ctx, &bad), -EINVAL);
	ck_assert_mem_eq(&ctx, &before, sizeof(ctx));
	support_is(&ctx, { 0, 4096, 1, 2, 3 });
	ck_assert_uint_eq(nr_changed, 0);
}
END_TEST

START_TEST(samples_of_a_window)
{
	static const struct {
		u64 sample_us, aggr_us;
		u32 nr;
	} vector[] = {
		{ 5000, 100000, 20 },
		{ 3000, 100000, 33 },
		{ 0, 7, 7 },
		{ 0, 0, 1 },
		{ 1, 0, 1 },
		{ 1, 0xffffffff, 0xffffffff },
		{ 1, 1ULL << 40, 0xffffffff },
		{ 1ULL << 32, 1ULL << 40, 256 },
	};
	struct attrs attrs =
		intervals(vector[_i].sample_us, vector[_i].aggr_us);

	ck_assert_uint_eq(attrs_nr_samples(&attrs), vector[_i].nr);
}
END_TEST

START_TEST(set_attrs_begins_all_periods_anew)
{
	struct attrs attrs = intervals(100, 1050);

	attrs.ops_update_us = 999;
	ctx.passed_sample_intervals = 1000;
	ctx.next_intervals_tune_sis = 77;
	set(attrs);
	ck_assert_uint_eq(ctx.next_aggregation_sis, 1010);
	ck_assert_uint_eq(ctx.next_ops_update_sis, 1009);
	ck_assert_uint_eq(ctx.next_intervals_tune_sis, 77);
	ck_assert_uint_eq(ctx.attrs.aggr_samples, 10);

	/* Kept if it is given: the tuner does. */
	attrs.aggr_samples = 5;
	set(attrs);
	ck_assert_uint_eq(ctx.attrs.aggr_samples, 5);
}
END_TEST

/* sample/aggregation of old and new; count and age of old and new. */
START_TEST(counters_are_restated)
{
	static const struct {
		u64 old_s, old_a, new_s, new_a;
		u32 nr, age, new_nr, new_age;
	} vector[] = {
		{ 10, 1000, 100, 10000, 15, 20, 15, 2 },
		{ 100, 10000, 1, 1000, 15, 2, 150, 20 },
		{ 10, 1000, 1, 100, 150, 2, 150, 20 },
		{ 5000, 100000, 7000, 140000, 13, 9, 13, 6 },
		{ 5000, 100000, 3000, 100000, 13, 9, 21, 9 },
		/* Nothing can be said of an interval of 0. */
		{ 0, 100000, 3000, 100000, 13, 9, 13, 9 },
		{ 5000, 100000, 0, 100000, 13, 9, 13, 9 },
		{ 5000, 100000, 0, 0, 13, 9, 13, 9 },
		/* 32 bits: 999999 * 10000 wraps to 1410055408. */
		{ 1, 1000000, 1, 1000000, 999999, 1, 141000, 1 },
	};
	struct attrs attrs = intervals(vector[_i].old_s, vector[_i].old_a);

	ctx.attrs = attrs;
	support_target_is(&ctx, { 0, 4096, vector[_i].nr, vector[_i].nr,
				  vector[_i].age });
	set(intervals(vector[_i].new_s, vector[_i].new_a));
	support_is(&ctx, { 0, 4096, vector[_i].new_nr, vector[_i].new_nr,
			   vector[_i].new_age });
}
END_TEST

START_TEST(a_change_in_mid_window_loses_its_counts)
{
	support_target_is(&ctx, { 0, 4096, 13, 12, 9 });
	ctx.passed_sample_intervals = 7;
	ctx.next_aggregation_sis = 8;
	set(intervals(7000, 140000));
	support_is(&ctx, { 0, 4096, 0, 12, 6 });
	ck_assert_uint_eq(ctx.next_aggregation_sis, 27);

	/* Not so at its end. */
	ctx.targets[0].regions.at[0].nr_accesses = 13;
	ctx.passed_sample_intervals = 27;
	set(intervals(7000, 140000));
	support_is(&ctx, { 0, 4096, 13, 12, 6 });
}
END_TEST

START_TEST(moving_sum)
{
	static const struct {
		u32 window, left, nr, last, want;
	} vector[] = {
		{ 20, 5, 3, 10, 5 },
		{ 20, 0, 3, 10, 3 },
		{ 20, 19, 1, 10, 10 },
		{ 20, 20, 3, 10, 10 }, /* just restarted */
		{ 20, 10, 3, 11, 8 },
		{ 3, 1, 0, 10000, 3333 },
		{ 3, 2, 0, 10000, 6666 },
		{ 10, 15, 1, 10, 16 }, /* more than a window is left */
		{ 20, 1, 0xffffffff, 20, 0 },
		{ 1, 0, 1, 0, 1 },
	};

	ctx.attrs = intervals(100, 100 * vector[_i].window);
	support_target_is(&ctx, { 0, 4096, vector[_i].nr, vector[_i].last });
	ctx.passed_sample_intervals = 1000;
	ctx.next_aggregation_sis = 1000 + vector[_i].left;
	ck_assert_uint_eq(access_moving_sum(&ctx,
					    &ctx.targets[0].regions.at[0]),
			  vector[_i].want);
}
END_TEST

/* Late for its aggregation: then too the window counts as complete. */
START_TEST(moving_sum_when_the_clock_wraps)
{
	struct region r = { .end = 1,
			    .nr_accesses = 3,
			    .last_nr_accesses = 10 };

	ctx.passed_sample_intervals = 2;
	ctx.next_aggregation_sis = ~0ULL;
	ck_assert_uint_eq(access_moving_sum(&ctx, &r), 3);
	ctx.passed_sample_intervals = ~0ULL - 2;
	ctx.next_aggregation_sis = 2; /* 5 of 20 left */
	ck_assert_uint_eq(access_moving_sum(&ctx, &r), 5);
}
END_TEST

/*
 * A context whose score is the region's count: a window of 10000 ticks, all of
 * whose accesses are to be observed.
 */
static void score_is(u32 score, u64 min_us, u64 max_us)
{
	struct attrs attrs = intervals(100000, 1000000000);

	attrs.goal = (struct intervals_goal){ 10000, 4, min_us, max_us };
	set(attrs);
	support_target_is(&ctx, { 0, 4096, score, 100, 50 });
	ctx.observer = &observer;
	nr_tuned = nr_changed = 0;
	ctx.passed_sample_intervals = ctx.next_aggregation_sis;
}

START_TEST(tuning_step)
{
	static const struct {
		u32 score;
		u64 factor_bp;
	} vector[] = {
		{ 0, 20000 },	   { 5000, 15000 }, { 9999, 10001 },
		{ 10001, 9999 },   { 15000, 7500 }, { 20000, 5000 },
		{ 4000000, 5000 },
	};

	score_is(vector[_i].score, 1, 1000000);
	tune_intervals(&ctx);
	ck_assert_uint_eq(nr_tuned, 1);
	ck_assert_uint_eq(nr_changed, 1);
	ck_assert_uint_eq(tuned_to_us, 10 * vector[_i].factor_bp);
	ck_assert_uint_eq(ctx.attrs.sample_us, 10 * vector[_i].factor_bp);
	ck_assert_uint_eq(ctx.attrs.aggr_us, 100000 * vector[_i].factor_bp);
	ck_assert_uint_eq(ctx.attrs.aggr_samples, 10000);
	ck_assert_uint_eq(attrs_nr_samples(&ctx.attrs), 10000);
	/* Ages are times; counts stay, as long as 32 bits hold their bp. */
	support_is(&ctx, { 0, 4096, vector[_i].score * 10000u / 10000, 100,
			   50 * 10000 / vector[_i].factor_bp });
}
END_TEST

START_TEST(tuning_at_the_goal_does_nothing)
{
	score_is(10000, 1, 1000000);
	tune_intervals(&ctx);
	ck_assert_uint_eq(nr_tuned, 0);
	ck_assert_uint_eq(nr_changed, 0);
	ck_assert_uint_eq(ctx.attrs.sample_us, 100000);
}
END_TEST

START_TEST(tuning_keeps_to_its_bounds)
{
	score_is(0, 1, 150000);
	tune_intervals(&ctx);
	ck_assert_uint_eq(ctx.attrs.sample_us, 150000);
	ctx.targets[0].regions.at[0].nr_accesses = 20000;
	ctx.attrs.goal.min_sample_us = 100000;
	tune_intervals(&ctx);
	ck_assert_uint_eq(ctx.attrs.sample_us, 100000);
}
END_TEST

START_TEST(tuning_to_the_same_is_told_and_set)
{
	score_is(0, 1, 100000);
	tune_intervals(&ctx);
	ck_assert_uint_eq(nr_tuned, 1);
	ck_assert_uint_eq(nr_changed, 1);
	ck_assert_uint_eq(tuned_to_us, 100000);
	ck_assert_uint_eq(ctx.next_aggregation_sis, 20000);
	support_is(&ctx, { 0, 4096, 0, 100, 50 });
}
END_TEST

START_TEST(tuning_for_nothing_counts_one_access_as_the_target)
{
	score_is(1, 1, 1000000);
	ctx.attrs.goal.access_bp = 0;
	tune_intervals(&ctx);
	ck_assert_uint_eq(ctx.attrs.sample_us, 50000);
}
END_TEST

/* Half of the memory all the time, half of it never: 5000 of 10000. */
START_TEST(tuning_counts_by_size)
{
	score_is(0, 1, 1000000);
	support_target_is(&ctx, { 0, 1024, 10000 }, { 2048, 5120, 10000 });
	tune_intervals(&ctx);
	ck_assert_uint_eq(ctx.attrs.sample_us, 150000);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("kdamond_attrs");
	TCase *tc = tcase_create("kdamond_attrs");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, defaults);
	tcase_add_test(tc, checks);
	tcase_add_test(tc, refused_attributes_change_nothing);
	tcase_add_loop_test(tc, samples_of_a_window, 0, 8);
	tcase_add_test(tc, set_attrs_begins_all_periods_anew);
	tcase_add_loop_test(tc, counters_are_restated, 0, 9);
	tcase_add_test(tc, a_change_in_mid_window_loses_its_counts);
	tcase_add_loop_test(tc, moving_sum, 0, 10);
	tcase_add_test(tc, moving_sum_when_the_clock_wraps);
	tcase_add_loop_test(tc, tuning_step, 0, 7);
	tcase_add_test(tc, tuning_at_the_goal_does_nothing);
	tcase_add_test(tc, tuning_keeps_to_its_bounds);
	tcase_add_test(tc, tuning_to_the_same_is_told_and_set);
	tcase_add_test(tc, tuning_for_nothing_counts_one_access_as_the_target);
	tcase_add_test(tc, tuning_counts_by_size);
	return support_run(s);
}
