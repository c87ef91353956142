// SPDX-License-Identifier: GPL-2.0
/*
 * Cuts at random, rule by rule.  test_region_windows.c has them together with
 * merges.
 */
#include <check.h>

#include "damon/split.h"
#include "support_check.h"
#include "support_damon.h"

#define PAGE 4096ULL

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

static void split(void)
{
	ck_assert_int_eq(ctx.profile->split(&ctx), 0);
}

/* @nr regions of @pages, one after the other. */
static void row_of(struct context *c, u32 nr, u64 pages)
{
	u32 i;

	support_add_target(c, NULL, 0);
	for (i = 0; i < nr; i++)
		ck_assert_int_eq(regions_add(&c->targets[0].regions,
					     i * pages * PAGE,
					     (i + 1) * pages * PAGE),
				 0);
}

static void expect_no_draw(void)
{
	struct rng unused;

	rng_init(&unused, 1);
	ck_assert_mem_eq(&ctx.rng, &unused, sizeof(unused));
}

/* Draw number @nr of the context's seed, first is 1. */
static u64 draw(int nr)
{
	struct rng rng;
	u64 d;

	rng_init(&rng, 1);
	do {
		d = rng_range(&rng, 1, 10);
	} while (--nr);
	return d;
}

START_TEST(in_two_by_tenths)
{
	u64 cut = draw(1) * 100;

	target_is({ PAGE, 1001 * PAGE, 3, 4, 5 });
	split();
	expect({ PAGE, (1 + cut) * PAGE, 3, 4, 5 },
	       { (1 + cut) * PAGE, 1001 * PAGE, 3, 4, 5 });
}
END_TEST

START_TEST(second_cut_is_in_the_left_part)
{
	u64 first = draw(1) * 100, second = draw(2) * first / 10;

	target_is({ 0, 1000 * PAGE, 3, 4, 5 });
	shared.last_nr_regions = 1;
	split();
	expect({ 0, second * PAGE, 3, 4, 5 },
	       { second * PAGE, first * PAGE, 3, 4, 5 },
	       { first * PAGE, 1000 * PAGE, 3, 4, 5 });
}
END_TEST

/* As many as the last time, and less than a third of the maximum. */
START_TEST(in_three_only_if_the_number_stands_still)
{
	static const struct {
		u64 nr, last_nr, max, want;
	} vector[] = {
		{ 3, 3, 12, 9 }, { 3, 3, 9, 6 },  { 3, 3, 11, 6 },
		{ 3, 2, 12, 6 }, { 3, 4, 12, 6 }, { 3, 0, 12, 6 },
	};

	ctx.attrs.max_nr_regions = vector[_i].max;
	shared.last_nr_regions = vector[_i].last_nr;
	row_of(&ctx, vector[_i].nr, 10000);
	split();
	ck_assert_uint_eq(context_nr_regions(&ctx), vector[_i].want);
	ck_assert_uint_eq(shared.last_nr_regions, vector[_i].nr);
}
END_TEST

START_TEST(two_pages_are_not_cut_in_full_mode)
{
	row_of(&ctx, 1, 2);
	split();
	split();
	expect({ 0, 2 * PAGE });
	expect_no_draw();
}
END_TEST

START_TEST(two_pages_are_cut_in_partial_mode)
{
	u64 seed, d;
	struct rng rng;
	u32 nr_cut = 0;

	for_each_seed(seed, 100)
	{
		teardown();
		setup();
		row_of(&ctx, 2, 2);
		ctx.attrs.max_nr_regions = 3;
		rng_init(&ctx.rng, seed);
		rng = ctx.rng;
		shared.rotation = 1; /* step 3, offset 1 */
		d = rng_range(&rng, 1, 10);
		split();
		if (d >= 5) {
			nr_cut++;
			expect({ 0, 2 * PAGE }, { 2 * PAGE, 3 * PAGE },
			       { 3 * PAGE, 4 * PAGE });
		} else {
			expect({ 0, 2 * PAGE }, { 2 * PAGE, 4 * PAGE });
		}
		ck_assert_mem_eq(&ctx.rng, &rng, sizeof(rng));
	}
	ck_assert_uint_gt(nr_cut, 30);
	ck_assert_uint_lt(nr_cut, 80);
}
END_TEST

START_TEST(one_page_is_never_cut)
{
	row_of(&ctx, 2, 1);
	ctx.attrs.max_nr_regions = 3;
	split();
	ctx.attrs.max_nr_regions = 1000;
	split();
	expect({ 0, PAGE }, { PAGE, 2 * PAGE });
	expect_no_draw();
}
END_TEST

/* Three tenths of three pages are none: nothing cut, one try less. */
START_TEST(a_draw_of_nothing_uses_up_a_try)
{
	u64 seed, d[2], cut;
	struct rng rng;
	u32 nr_late = 0;

	for_each_seed(seed, 100)
	{
		teardown();
		setup();
		row_of(&ctx, 1, 3);
		shared.last_nr_regions = 1;
		rng_init(&ctx.rng, seed);
		rng = ctx.rng;
		d[0] = rng_range(&rng, 1, 10);
		cut = d[0] * 3 / 10;
		if (!cut) {
			d[1] = rng_range(&rng, 1, 10);
			cut = d[1] * 3 / 10;
			nr_late += !!cut;
		}
		split();
		if (cut)
			expect({ 0, cut * PAGE }, { cut * PAGE, 3 * PAGE });
		else
			expect({ 0, 3 * PAGE });
		ck_assert_mem_eq(&ctx.rng, &rng, sizeof(rng));
	}
	ck_assert_uint_gt(nr_late, 5);
}
END_TEST

START_TEST(contexts_share_the_last_number)
{
	struct context other;

	context_init(&other, &profile_n, &support_idle_ops, &shared, 2);
	row_of(&other, 5, 100);
	row_of(&ctx, 5, 10000);
	ck_assert_int_eq(split_regions(&other), 0);
	split();
	ck_assert_uint_eq(context_nr_regions(&ctx), 15);
	context_fini(&other);
}
END_TEST

/* Which of the original regions of @pages have been cut, as a bit mask. */
static u64 cut_mask(const struct context *c, u64 pages)
{
	u64 mask = 0;
	u32 i;

	for (i = 0; i < c->targets[0].regions.nr; i++) {
		const struct region *r = &c->targets[0].regions.at[i];

		if (region_sz(r) != pages * PAGE)
			mask |= 1ULL << r->start / PAGE / pages;
	}
	return mask;
}

START_TEST(contexts_share_the_rotation)
{
	struct context other;

	context_init(&other, &profile_n, &support_idle_ops, &shared, 2);
	other.attrs.max_nr_regions = ctx.attrs.max_nr_regions = 10;
	row_of(&other, 6, 1000);
	row_of(&ctx, 6, 1000);
	ck_assert_int_eq(split_regions(&other), 0);
	split();
	ck_assert_uint_eq(cut_mask(&other, 1000), 0x15);
	ck_assert_uint_eq(cut_mask(&ctx, 1000), 0x2a);
	context_fini(&other);
}
END_TEST

START_TEST(above_half_the_maximum_some_are_cut)
{
	static const struct {
		u32 nr, max, rotation;
		u64 want;
	} vector[] = {
		/* step = max / (max - nr) */
		{ 6, 10, 0, 0x15 },
		{ 6, 10, 1, 0x2a },
		{ 6, 10, 2, 0x15 },
		{ 5, 10, 0, 0x1f }, /* half: all */
		{ 8, 10, 3, 0x08 },
		{ 9, 10, 8, 0x100 },
		{ 9, 10, 9, 0 },
		{ 9, 10, 10, 0x001 },
		{ 10, 10, 0, 0 },
		{ 11, 10, 0, 0 },
		{ 7, 11, 0xffffffff, 0x2a },
	};

	row_of(&ctx, vector[_i].nr, 1000);
	ctx.attrs.max_nr_regions = vector[_i].max;
	shared.rotation = vector[_i].rotation;
	split();
	ck_assert_uint_eq(cut_mask(&ctx, 1000), vector[_i].want);
	ck_assert_uint_eq(shared.last_nr_regions, vector[_i].nr);
	ck_assert_uint_eq(shared.rotation - vector[_i].rotation,
			  vector[_i].nr > vector[_i].max / 2 &&
				  vector[_i].nr < vector[_i].max);
}
END_TEST

/* The index runs on from target to target. */
START_TEST(partial_split_counts_over_all_targets)
{
	target_is({ 0, 100 * PAGE });
	target_is({ 0, 100 * PAGE }, { 100 * PAGE, 200 * PAGE });
	ctx.attrs.max_nr_regions = 5;
	shared.rotation = 1; /* step 2: the second of three */
	split();
	ck_assert_uint_eq(ctx.targets[0].regions.nr, 1);
	ck_assert_uint_eq(ctx.targets[1].regions.nr, 3);
	ck_assert_uint_eq(ctx.targets[1].regions.at[2].start, 100 * PAGE);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("region_split");
	TCase *tc = tcase_create("region_split");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, in_two_by_tenths);
	tcase_add_test(tc, second_cut_is_in_the_left_part);
	tcase_add_loop_test(tc, in_three_only_if_the_number_stands_still, 0, 6);
	tcase_add_test(tc, two_pages_are_not_cut_in_full_mode);
	tcase_add_test(tc, two_pages_are_cut_in_partial_mode);
	tcase_add_test(tc, one_page_is_never_cut);
	tcase_add_test(tc, a_draw_of_nothing_uses_up_a_try);
	tcase_add_test(tc, contexts_share_the_last_number);
	tcase_add_test(tc, contexts_share_the_rotation);
	tcase_add_loop_test(tc, above_half_the_maximum_some_are_cut, 0, 11);
	tcase_add_test(tc, partial_split_counts_over_all_targets);
	return support_run(s);
}
