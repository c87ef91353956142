// SPDX-License-Identifier: GPL-2.0
/*
 * The size limit, and regions over many windows: each step of the core is
 * compared with the second opinion, with the same draws, bit for bit.
 */
#include <check.h>

#include <linux/errno.h>

#include "damon/merge.h"
#include "damon/size_limit.h"
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

START_TEST(size_limit_makes_up_the_minimum)
{
	u64 limit, gen;

	ctx.attrs.min_nr_regions = 10;
	target_is({ 0, 95 * PAGE, 1, 2, 3 }, { 95 * PAGE, 100 * PAGE });
	gen = ctx.regions_gen;
	ck_assert_uint_eq(size_limit(&ctx), 10 * PAGE);
	ck_assert_int_eq(size_limit_apply(&ctx, &limit), 0);
	ck_assert_uint_eq(limit, 10 * PAGE);
	expect({ 0, 10 * PAGE, 1, 2, 3 }, { 10 * PAGE, 20 * PAGE, 1, 2, 3 },
	       { 20 * PAGE, 30 * PAGE, 1, 2, 3 },
	       { 30 * PAGE, 40 * PAGE, 1, 2, 3 },
	       { 40 * PAGE, 50 * PAGE, 1, 2, 3 },
	       { 50 * PAGE, 60 * PAGE, 1, 2, 3 },
	       { 60 * PAGE, 70 * PAGE, 1, 2, 3 },
	       { 70 * PAGE, 80 * PAGE, 1, 2, 3 },
	       { 80 * PAGE, 90 * PAGE, 1, 2, 3 },
	       { 90 * PAGE, 95 * PAGE, 1, 2, 3 }, { 95 * PAGE, 100 * PAGE });
	ck_assert_uint_ne(ctx.regions_gen, gen);

	gen = ctx.regions_gen;
	ck_assert_int_eq(size_limit_apply(&ctx, &limit), 0);
	ck_assert_uint_eq(ctx.regions_gen, gen);
	ck_assert_uint_eq(context_nr_regions(&ctx), 11);
}
END_TEST

START_TEST(size_limit_is_at_least_a_page_and_rounded_when_applied)
{
	u64 limit;

	target_is({ 0, 3 * PAGE });
	ck_assert_uint_eq(size_limit(&ctx), PAGE);
	ck_assert_int_eq(size_limit_apply(&ctx, &limit), 0);
	ck_assert_uint_eq(context_nr_regions(&ctx), 3);
	ck_assert_int_eq(
		regions_add(&ctx.targets[0].regions, 3 * PAGE, 15 * PAGE), 0);
	ck_assert_uint_eq(size_limit(&ctx), 15 * PAGE / 10);
	ck_assert_int_eq(size_limit_apply(&ctx, &limit), 0);
	ck_assert_uint_eq(limit, 2 * PAGE);
	ck_assert_uint_eq(context_nr_regions(&ctx), 9);
}
END_TEST

/* Two halves of all addresses: the sum is 0, a page the limit. */
START_TEST(size_limit_without_memory_leaves_regions_alone)
{
	u64 limit = 0, gen;

	target_is({ 0, 1ULL << 63 });
	target_is({ 0, 1ULL << 63 });
	gen = ctx.regions_gen;
	ck_assert_int_eq(size_limit_apply(&ctx, &limit), -ENOMEM);
	ck_assert_uint_eq(limit, PAGE);
	ck_assert_uint_eq(ctx.regions_gen, gen);
	expect({ 0, 1ULL << 63 });
	support_expect(&ctx, 1, SUPPORT_ROWS({ 0, 1ULL << 63 }));
}
END_TEST

static void compare(struct oracle *o, u64 sz)
{
	oracle_compare(o, &ctx);
	support_check_layout(&ctx);
	ck_assert_uint_eq(support_total_sz(&ctx), sz);
}

/* Accesses, at most one a tick: the core's counts and the opinion's alike. */
static u32 credit_at_random(struct oracle *o, struct rng *rng, u32 window)
{
	struct oracle_region *r;
	u32 i, j, max = 0;

	for (i = 0; i < ctx.nr_targets; i++) {
		r = o->first[i];
		for (j = 0; r; j++, r = r->next) {
			r->last = r->nr;
			r->nr = rng_range(rng, 0, 2) ?
					rng_range(rng, 0, window + 1) :
					rng_range(rng, 0, 3) % (window + 1);
			ctx.targets[i].regions.at[j].last_nr_accesses = r->last;
			ctx.targets[i].regions.at[j].nr_accesses = r->nr;
			max = r->nr > max ? r->nr : max;
		}
	}
	return max;
}

/* Windows in the order of the kdamond, each step compared bit for bit. */
START_TEST(agrees_with_the_second_opinion_over_windows)
{
	struct split_shared o_shared;
	struct support_shape shape;
	u64 seed, sz, limit, nr;
	struct rng rng, o_rng;
	struct oracle o;
	u32 i, max;

	for_each_seed(seed, 300)
	{
		rng_init(&rng, seed);
		teardown();
		setup();
		ctx.attrs.min_nr_regions = rng_range(&rng, 3, 30);
		ctx.attrs.max_nr_regions =
			ctx.attrs.min_nr_regions + rng_range(&rng, 0, 100);
		ctx.attrs.aggr_us = 5000 * rng_range(&rng, 1, 30);
		shape = (struct support_shape){
			.nr_targets = rng_range(&rng, 0, 4),
			.nr_regions = rng_range(&rng, 1, 40),
			.nr_accesses_max = 20,
			.region_sz_max = rng_range(&rng, 1, 2000),
			.hole_percent = 10,
			.unaligned = !rng_range(&rng, 0, 4),
		};
		support_random_targets(&ctx, &rng, &shape);
		oracle_init(&o, &ctx);
		o_shared = shared;
		o_rng = ctx.rng;
		sz = support_total_sz(&ctx);

		ck_assert_int_eq(size_limit_apply(&ctx, &limit), 0);
		ck_assert_uint_eq(limit,
				  oracle_size_limit_apply(
					  &o, PAGE, ctx.attrs.min_nr_regions));
		for (i = 0; i < 30; i++) {
			max = credit_at_random(&o, &rng,
					       attrs_nr_samples(&ctx.attrs));
			oracle_merge(&o, max / 10, limit,
				     attrs_nr_samples(&ctx.attrs),
				     ctx.attrs.max_nr_regions);
			merge_regions(&ctx, max / 10, limit);
			compare(&o, sz);

			ck_assert_int_eq(size_limit_apply(&ctx, &limit), 0);
			ck_assert_uint_eq(limit,
					  oracle_size_limit_apply(
						  &o, PAGE,
						  ctx.attrs.min_nr_regions));
			compare(&o, sz);

			nr = context_nr_regions(&ctx);
			ck_assert_int_eq(split_regions(&ctx), 0);
			oracle_split(&o, &o_rng, &o_shared, PAGE,
				     ctx.attrs.max_nr_regions);
			compare(&o, sz);
			ck_assert_mem_eq(&ctx.rng, &o_rng, sizeof(o_rng));
			ck_assert_uint_eq(shared.rotation, o_shared.rotation);
			ck_assert_uint_eq(shared.last_nr_regions,
					  o_shared.last_nr_regions);
			if (nr < ctx.attrs.max_nr_regions)
				ck_assert_uint_le(context_nr_regions(&ctx),
						  ctx.attrs.max_nr_regions);
		}
		oracle_fini(&o);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("region_windows");
	TCase *tc = tcase_create("region_windows");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, size_limit_makes_up_the_minimum);
	tcase_add_test(tc,
		       size_limit_is_at_least_a_page_and_rounded_when_applied);
	tcase_add_test(tc, size_limit_without_memory_leaves_regions_alone);
	tcase_add_test(tc, agrees_with_the_second_opinion_over_windows);
	return support_run(s);
}
