// SPDX-License-Identifier: GPL-2.0
/*
 * The array of regions: order, room, cuts; and that a context notes them.
 */
#include <check.h>

#include <linux/errno.h>

#include "support_check.h"
#include "support_damon.h"

static struct split_shared shared;
static struct context ctx;
static struct regions *v;

/* A context with one target without regions. */
static void setup(void)
{
	shared = (struct split_shared){ 0 };
	context_init(&ctx, &profile_n, &support_idle_ops, &shared, 1);
	support_add_target(&ctx, NULL, 0);
	v = &ctx.targets[0].regions;
}

static void teardown(void)
{
	context_fini(&ctx);
}

START_TEST(add_keeps_order)
{
	ck_assert_int_eq(regions_add(v, 10, 20), 0);
	ck_assert_int_eq(regions_add(v, 20, 20), -EINVAL);
	ck_assert_int_eq(regions_add(v, 30, 20), -EINVAL);
	ck_assert_int_eq(regions_add(v, 19, 30), -EINVAL);
	ck_assert_int_eq(regions_add(v, 20, 30), 0);
	ck_assert_int_eq(regions_add(v, 40, ~0ULL), 0);
	support_is(&ctx, { 10, 20 }, { 20, 30 }, { 40, ~0ULL });
	ck_assert_uint_eq(regions_sz(v), 20 + ~0ULL - 40);
}
END_TEST

START_TEST(split_copies_the_counters)
{
	ck_assert_int_eq(regions_add(v, 0, 100), 0);
	ck_assert_int_eq(regions_add(v, 100, 200), 0);
	v->at[0].nr_accesses = 3;
	v->at[0].last_nr_accesses = 5;
	v->at[0].age = 7;
	ck_assert_int_eq(regions_split_at(v, 0, 0), -EINVAL);
	ck_assert_int_eq(regions_split_at(v, 0, 100), -EINVAL);
	ck_assert_int_eq(regions_split_at(v, 0, 30), 0);
	support_is(&ctx, { 0, 30, 3, 5, 7 }, { 30, 100, 3, 5, 7 },
		   { 100, 200 });
	ck_assert_int_eq(regions_split_at(v, 2, 99), 0);
	support_is(&ctx, { 0, 30, 3, 5, 7 }, { 30, 100, 3, 5, 7 }, { 100, 199 },
		   { 199, 200 });
}
END_TEST

START_TEST(array_grows)
{
	u32 i;

	for (i = 0; i < 1000; i++)
		ck_assert_int_eq(regions_add(v, 2 * i, 2 * i + 2), 0);
	for (i = 0; i < 1000; i++)
		ck_assert_int_eq(regions_split_at(v, 2 * i, 1), 0);
	ck_assert_uint_eq(v->nr, 2000);
	for (i = 0; i < 2000; i++) {
		ck_assert_uint_eq(v->at[i].start, i);
		ck_assert_uint_eq(v->at[i].end, i + 1);
	}
}
END_TEST

START_TEST(room_is_bounded)
{
	ck_assert_int_eq(regions_add(v, 0, 1), 0);
	ck_assert_int_eq(regions_reserve(v, REGIONS_NR_MAX + 1ULL), -ENOMEM);
	ck_assert_int_eq(regions_reserve(v, ~0ULL), -ENOMEM);
	support_is(&ctx, { 0, 1 });
	ck_assert_int_eq(regions_reserve(v, 1000), 0);
	ck_assert_uint_ge(v->max, 1000);
	support_is(&ctx, { 0, 1 });
}
END_TEST

START_TEST(context_notes_changes_of_layout_only)
{
	u64 gen = ctx.regions_gen;

	ck_assert_int_eq(context_set_regions(&ctx, 0,
					     &(struct range){ 0, 0x4000 }, 1),
			 0);
	ck_assert_uint_ne(ctx.regions_gen, gen);

	gen = ctx.regions_gen;
	context_credit(&ctx, 0, 0);
	ck_assert_int_eq(context_set_regions(&ctx, 0,
					     &(struct range){ 1, 0x4000 }, 1),
			 0);
	ck_assert_int_eq(context_set_regions(&ctx, 0, &(struct range){ 1, 0 },
					     1),
			 -EINVAL);
	ck_assert_int_eq(context_split_region(&ctx, 0, 0, 0), -EINVAL);
	ck_assert_uint_eq(ctx.regions_gen, gen);
	support_is(&ctx, { 0, 0x4000, 1 });

	ck_assert_int_eq(context_split_region(&ctx, 0, 0, 0x1000), 0);
	ck_assert_uint_ne(ctx.regions_gen, gen);
	support_is(&ctx, { 0, 0x1000, 1 }, { 0x1000, 0x4000, 1 });

	/* Shifted, with as many regions as before. */
	gen = ctx.regions_gen;
	ck_assert_int_eq(context_set_regions(&ctx, 0,
					     &(struct range){ 0, 0x5000 }, 1),
			 0);
	ck_assert_uint_ne(ctx.regions_gen, gen);
	support_is(&ctx, { 0, 0x1000, 1 }, { 0x1000, 0x5000, 1 });
}
END_TEST

START_TEST(smallest_region_follows_the_unit_of_addresses)
{
	static const struct {
		u64 unit;
		bool phys;
		u64 sz; /* 0: refused */
	} vector[] = {
		{ 1, true, 4096 },  { 2, true, 2048 }, { 4096, true, 1 },
		{ 8192, true, 1 },  { 3, true, 0 },    { 0, true, 0 },
		{ 1365, true, 0 },  { 2731, true, 1 }, { 3, false, 4096 },
		{ 1, false, 4096 },
	};

	ck_assert_int_eq(context_set_addr_unit(&ctx, vector[_i].unit,
					       vector[_i].phys),
			 vector[_i].sz ? 0 : -EINVAL);
	ck_assert_uint_eq(ctx.min_region_sz,
			  vector[_i].sz ? vector[_i].sz : 4096);
	ck_assert_uint_eq(ctx.addr_unit, vector[_i].sz ? vector[_i].unit : 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("region");
	TCase *tc = tcase_create("region");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, add_keeps_order);
	tcase_add_test(tc, split_copies_the_counters);
	tcase_add_test(tc, array_grows);
	tcase_add_test(tc, room_is_bounded);
	tcase_add_test(tc, context_notes_changes_of_layout_only);
	tcase_add_loop_test(tc, smallest_region_follows_the_unit_of_addresses,
			    0, 10);
	return support_run(s);
}
