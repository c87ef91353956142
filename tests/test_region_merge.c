// SPDX-License-Identifier: GPL-2.0
/*
 * Ages and merges: the rules one by one, then against the second opinion.
 */
#include <check.h>

#include <linux/errno.h>

#include "damon/merge.h"
#include "support_check.h"
#include "support_damon.h"

static struct split_shared shared;
static struct context ctx;

static void setup(void)
{
	shared = (struct split_shared){ 0 };
	context_init(&ctx, &profile_n, &support_idle_ops, &shared, 1);
}

static void teardown(void)
{
	context_fini(&ctx);
}

#define target_is(...) support_target_is(&ctx, __VA_ARGS__)
#define expect(...) support_is(&ctx, __VA_ARGS__)

/* A window of @nr ticks. */
static void window_is(u32 nr)
{
	struct attrs attrs = ctx.attrs;

	attrs.sample_us = 5000;
	attrs.aggr_us = 5000 * (u64)nr;
	ck_assert_int_eq(context_set_attrs(&ctx, &attrs), 0);
}

START_TEST(example_of_the_kernels_unit_test)
{
	target_is({ 0, 100, 0 }, { 100, 112, 0 }, { 114, 122, 10 },
		  { 122, 130, 10 }, { 130, 156, 20 }, { 156, 170, 30 },
		  { 170, 184, 1 }, { 184, 230, 2 });
	merge_regions(&ctx, 9, 9999);
	/* (1 * 14 + 2 * 46) / 60 */
	expect({ 0, 112, 0, 0, 1 }, { 114, 130, 10 }, { 130, 156, 20 },
	       { 156, 170, 30 }, { 170, 230, 1 });
}
END_TEST

START_TEST(count_is_the_mean_by_size_truncated)
{
	target_is({ 0, 100, 10 }, { 100, 300, 20 });
	merge_regions(&ctx, 10, 9999);
	expect({ 0, 300, 16 });
}
END_TEST

START_TEST(age_grows_while_the_count_stays)
{
	target_is({ 0, 1, 10, 10, 5 }, { 2, 3, 10, 12, 5 }, { 4, 5, 12, 10, 5 },
		  { 6, 7, 10, 13, 5 }, { 8, 9, 13, 10, 5 });
	merge_regions(&ctx, 2, 9999);
	expect({ 0, 1, 10, 10, 6 }, { 2, 3, 10, 12, 6 }, { 4, 5, 12, 10, 6 },
	       { 6, 7, 10, 13, 0 }, { 8, 9, 13, 10, 0 });
}
END_TEST

START_TEST(first_access_and_last_access_end_an_age)
{
	target_is({ 0, 1, 1, 0, 5 }, { 2, 3, 0, 1, 5 }, { 4, 5, 0, 0, 5 },
		  { 6, 7, 1, 1, 5 });
	merge_regions(&ctx, 20, 9999);
	expect({ 0, 1, 1, 0, 0 }, { 2, 3, 0, 1, 0 }, { 4, 5, 0, 0, 6 },
	       { 6, 7, 1, 1, 6 });
}
END_TEST

START_TEST(age_wraps)
{
	target_is({ 0, 1, 0, 0, 0xffffffff });
	merge_regions(&ctx, 0, 9999);
	expect({ 0, 1, 0, 0, 0 });
}
END_TEST

START_TEST(age_is_counted_before_the_merge)
{
	/* A merged region with the left one's last count would be aged. */
	target_is({ 0, 1, 4, 4, 1 }, { 1, 3, 4, 9, 4 });
	/* And this one would begin anew. */
	target_is({ 0, 1, 4, 9, 1 }, { 1, 3, 4, 4, 4 });
	merge_regions(&ctx, 0, 9999);
	/* (2 * 1 + 0 * 2) / 3, (0 * 1 + 5 * 2) / 3 */
	expect({ 0, 3, 4, 4, 0 });
	support_expect(&ctx, 1, SUPPORT_ROWS({ 0, 3, 4, 9, 3 }));
}
END_TEST

START_TEST(age_is_counted_in_the_first_pass_only)
{
	window_is(20);
	ctx.attrs.min_nr_regions = ctx.attrs.max_nr_regions = 3;
	target_is({ 0, 1, 1, 1, 5 }, { 2, 3, 5, 5, 5 }, { 4, 5, 9, 9, 5 },
		  { 6, 7, 13, 13, 5 });
	/* Holes keep all four: seven passes. */
	merge_regions(&ctx, 0, 9999);
	expect({ 0, 1, 1, 1, 6 }, { 2, 3, 5, 5, 6 }, { 4, 5, 9, 9, 6 },
	       { 6, 7, 13, 13, 6 });
}
END_TEST

START_TEST(last_count_is_the_left_ones)
{
	target_is({ 0, 100, 10, 9, 0 }, { 100, 300, 10, 30, 0 });
	merge_regions(&ctx, 0, 9999);
	expect({ 0, 300, 10, 9, 0 });

	/* By which the next window's age is decided. */
	ctx.targets[0].regions.at[0].nr_accesses = 30;
	ctx.targets[0].regions.at[0].age = 7;
	merge_regions(&ctx, 20, 9999);
	expect({ 0, 300, 30, 9, 0 });
}
END_TEST

START_TEST(neighbour_is_compared_with_what_was_merged)
{
	/* 0 and 2 become 1; 3 is then two away, and so on. */
	target_is({ 0, 10, 0 }, { 10, 20, 2 }, { 20, 40, 3 }, { 40, 80, 4 });
	merge_regions(&ctx, 2, 9999);
	/* (0 + 2) / 2 = 1, (20 + 60) / 40 = 2, (80 + 160) / 80 = 3 */
	expect({ 0, 80, 3, 0, 0 });
}
END_TEST

START_TEST(holes_and_size_keep_regions_apart)
{
	target_is({ 0, 10, 5, 5 }, { 11, 20, 5, 5 }, { 20, 31, 5, 5 },
		  { 31, 32, 5, 5 });
	merge_regions(&ctx, 20, 12);
	expect({ 0, 10, 5, 5, 1 }, { 11, 20, 5, 5, 1 }, { 20, 32, 5, 5, 1 });
	merge_regions(&ctx, 20, 20);
	expect({ 0, 10, 5, 5, 2 }, { 11, 20, 5, 5, 2 }, { 20, 32, 5, 5, 2 });
	merge_regions(&ctx, 20, 21);
	expect({ 0, 10, 5, 5, 3 }, { 11, 32, 5, 5, 3 });
}
END_TEST

START_TEST(targets_are_merged_apart)
{
	target_is({ 0, 10, 5 });
	target_is({ 10, 20, 5 });
	merge_regions(&ctx, 20, 9999);
	expect({ 0, 10, 5, 0, 0 });
	support_expect(&ctx, 1, SUPPORT_ROWS({ 10, 20, 5 }));
}
END_TEST

/* Pairs whose counts differ by this much, with holes between the pairs. */
static void pairs_are(const u32 *difference, u32 nr)
{
	u64 row[2 * 16][5] = { 0 };
	u32 i;

	for (i = 0; i < nr; i++) {
		row[2 * i][0] = 10 * i;
		row[2 * i][1] = 10 * i + 4;
		row[2 * i + 1][0] = 10 * i + 4;
		row[2 * i + 1][1] = 10 * i + 8;
		row[2 * i + 1][2] = difference[i];
	}
	support_add_target(&ctx, (const u64(*)[5])row, 2 * nr);
}

/*
 * Thresholds tried are 0 1 2 4 8 16 20 where a window has 20 ticks: each pair
 * needs one more of them.
 */
START_TEST(threshold_doubles_and_ends_at_the_window)
{
	static const u32 difference[] = { 1, 2, 4, 8, 16, 20 };
	u32 max;

	window_is(20);
	pairs_are(difference, 6);
	for (max = 12; max >= 6; max--) {
		ctx.attrs.max_nr_regions = max;
		merge_regions(&ctx, 0, 9999);
		ck_assert_uint_eq(context_nr_regions(&ctx), max);
	}
}
END_TEST

/* 17 / 2 is 8: from there it goes to 17 at once, and takes two pairs. */
START_TEST(threshold_jumps_from_half_the_window)
{
	static const u32 difference[] = { 8, 16, 17 };

	window_is(17);
	pairs_are(difference, 3);
	ctx.attrs.min_nr_regions = 3;
	ctx.attrs.max_nr_regions = 5;
	merge_regions(&ctx, 0, 9999);
	ck_assert_uint_eq(context_nr_regions(&ctx), 5);
	ctx.attrs.max_nr_regions = 4;
	merge_regions(&ctx, 0, 9999);
	ck_assert_uint_eq(context_nr_regions(&ctx), 3);
}
END_TEST

START_TEST(no_threshold_beyond_the_window_is_tried)
{
	static const u32 difference[] = { 21, 21 };

	window_is(20);
	pairs_are(difference, 2);
	ctx.attrs.min_nr_regions = ctx.attrs.max_nr_regions = 3;
	merge_regions(&ctx, 0, 9999);
	ck_assert_uint_eq(context_nr_regions(&ctx), 4);
	/* One that is given is used. */
	merge_regions(&ctx, 21, 9999);
	ck_assert_uint_eq(context_nr_regions(&ctx), 2);
}
END_TEST

START_TEST(nothing_to_merge)
{
	u64 gen;

	merge_regions(&ctx, 0, 9999);
	target_is({ 0, 1, 3, 3 });
	support_add_target(&ctx, NULL, 0);
	gen = ctx.regions_gen;
	merge_regions(&ctx, 0, 9999);
	expect({ 0, 1, 3, 3, 1 });
	ck_assert_uint_eq(ctx.regions_gen, gen);
}
END_TEST

static struct support_shape random_shape(struct rng *rng)
{
	return (struct support_shape){
		.nr_targets = rng_range(rng, 0, 4),
		.nr_regions = rng_range(rng, 1, 60),
		.nr_accesses_max = rng_range(rng, 0, 3) ? 20 : 3,
		.region_sz_max = rng_range(rng, 1, 20),
		.hole_percent = rng_range(rng, 0, 2) ? 5 : 40,
		.unaligned = rng_range(rng, 0, 2),
	};
}

START_TEST(agrees_with_the_second_opinion)
{
	struct support_shape shape;
	u64 seed, sz_limit, sz, gen, nr;
	u32 threshold;
	struct oracle o;
	struct rng rng;

	for_each_seed(seed, 3000)
	{
		rng_init(&rng, seed);
		teardown();
		setup();
		window_is(rng_range(&rng, 1, 41));
		shape = random_shape(&rng);
		support_random_targets(&ctx, &rng, &shape);
		ctx.attrs.max_nr_regions = rng_range(&rng, 3, 100);
		threshold = rng_range(&rng, 0, 4);
		sz_limit = rng_range(&rng, 1, 200 * 4096);
		oracle_init(&o, &ctx);
		sz = support_total_sz(&ctx);
		nr = context_nr_regions(&ctx);
		gen = ctx.regions_gen;

		merge_regions(&ctx, threshold, sz_limit);
		oracle_merge(&o, threshold, sz_limit,
			     ctx.attrs.aggr_us / ctx.attrs.sample_us,
			     ctx.attrs.max_nr_regions);
		oracle_compare(&o, &ctx);
		support_check_layout(&ctx);
		ck_assert_uint_eq(support_total_sz(&ctx), sz);
		ck_assert_int_eq(ctx.regions_gen != gen,
				 context_nr_regions(&ctx) != nr);
		oracle_fini(&o);
	}
}
END_TEST

/*
 * What merge_regions() promises of the number: as few as asked for, or no two
 * neighbours left that only their counts keep apart.
 */
START_TEST(few_enough_or_nothing_more_to_merge)
{
	struct support_shape shape;
	const struct region *l, *r;
	u64 seed, sz_limit;
	struct rng rng;
	u32 i, j;

	for_each_seed(seed, 2000)
	{
		rng_init(&rng, seed);
		teardown();
		setup();
		window_is(20);
		shape = random_shape(&rng);
		shape.nr_accesses_max = 20;
		support_random_targets(&ctx, &rng, &shape);
		ctx.attrs.max_nr_regions = rng_range(&rng, 3, 30);
		sz_limit = rng_range(&rng, 1, 200 * 4096);
		merge_regions(&ctx, 0, sz_limit);
		if (context_nr_regions(&ctx) <= ctx.attrs.max_nr_regions)
			continue;
		for (i = 0; i < ctx.nr_targets; i++) {
			for (j = 1; j < ctx.targets[i].regions.nr; j++) {
				l = &ctx.targets[i].regions.at[j - 1];
				r = l + 1;
				ck_assert(l->end != r->start ||
					  r->end - l->start > sz_limit);
			}
		}
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("region_merge");
	TCase *tc = tcase_create("region_merge");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, example_of_the_kernels_unit_test);
	tcase_add_test(tc, count_is_the_mean_by_size_truncated);
	tcase_add_test(tc, age_grows_while_the_count_stays);
	tcase_add_test(tc, first_access_and_last_access_end_an_age);
	tcase_add_test(tc, age_wraps);
	tcase_add_test(tc, age_is_counted_before_the_merge);
	tcase_add_test(tc, age_is_counted_in_the_first_pass_only);
	tcase_add_test(tc, last_count_is_the_left_ones);
	tcase_add_test(tc, neighbour_is_compared_with_what_was_merged);
	tcase_add_test(tc, holes_and_size_keep_regions_apart);
	tcase_add_test(tc, targets_are_merged_apart);
	tcase_add_test(tc, threshold_doubles_and_ends_at_the_window);
	tcase_add_test(tc, threshold_jumps_from_half_the_window);
	tcase_add_test(tc, no_threshold_beyond_the_window_is_tried);
	tcase_add_test(tc, nothing_to_merge);
	tcase_add_test(tc, agrees_with_the_second_opinion);
	tcase_add_test(tc, few_enough_or_nothing_more_to_merge);
	return support_run(s);
}
