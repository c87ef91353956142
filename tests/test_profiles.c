// SPDX-License-Identifier: GPL-2.0
/*
 * Where cores differ: the same input, and what each makes of it.
 *
 * One test for each field of struct profile that has no other place.  The
 * others are tested where the thing itself is:
 *
 *	frequency		test_damos.c, pattern bounds
 *	commits_dry, commits_all_attrs, keeps_psi	test_commit*.c
 *	zero_esz_is_open, filters_score, filter_resizes	test_surprises_quota.c
 *	fails_charge_less	test_esz.c
 *	drops_dead_targets	test_kdamond_schemes.c
 *	remembers_folio, counts_passed	test_ops_paddr.c
 *	counts_snapshots	test_damos.c
 *	frac_wraps		test_goal.c
 *	vaddr_migrates		test_ops_vaddr.c, test_esz.c
 *	has_new_traces		who writes traces
 *	joins_ranges, forgets_targets, ends_on_failure, clock_wraps
 *				test_profile_d.c
 */
#include <string.h>

#include <check.h>

#include <linux/errno.h>

#include "damon/access.h"
#include "damon/kdamond.h"
#include "damon/merge.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

static struct support_damos d;
static struct kdamond k;
static const struct profile *const all[] = { &profile_n, &profile_m,
					     &profile_d };

static void setup(void)
{
	support_damos_init(&d, &profile_n);
}

static void teardown(void)
{
	support_damos_fini(&d);
}

static void again(const struct profile *profile)
{
	support_damos_fini(&d);
	support_damos_init(&d, profile);
}

START_TEST(profiles_have_names)
{
	u32 i;

	for (i = 0; i < 3; i++)
		ck_assert_ptr_eq(profile_by_name(all[i]->name), all[i]);
	ck_assert_ptr_null(profile_by_name("X"));
}
END_TEST

START_TEST(age_of_first_and_last_accesses)
{
	struct region r = { .nr_accesses = 1, .age = 7 };

	merge_age(&r, 1);
	ck_assert_uint_eq(r.age, 0);
	r.age = 7;
	merge_age_by_amount(&r, 1);
	ck_assert_uint_eq(r.age, 8);
	ck_assert_ptr_eq(profile_n.age, merge_age);
	ck_assert_ptr_eq(profile_m.age, merge_age);
	ck_assert_ptr_eq(profile_d.age, merge_age_by_amount);
}
END_TEST

START_TEST(the_kept_sum_moves)
{
	static const bool accessed[] = { 1, 0, 1, 0, 0, 0, 1, 0, 0, 0 };
	static const u32 bp[] = { 55000, 50000, 55000, 50000, 45000,
				  40000, 45000, 40000, 35000, 30000 };
	struct region *r;
	u32 i;

	again(&profile_d);
	d.ctx.attrs.aggr_us = 50000;
	support_target_is(&d.ctx, { 0, P, 0, 5 });
	r = &d.ctx.targets[0].regions.at[0];
	r->moving_sum_bp = 50000;
	for (i = 0; i < 10; i++) {
		if (accessed[i])
			context_credit(&d.ctx, 0, 0);
		access_move_sums(&d.ctx, 1);
		ck_assert_uint_eq(r->moving_sum_bp, bp[i]);
		ck_assert_uint_eq(access_kept_sum(&d.ctx, r), bp[i] / 10000);
	}
	/* What is rounded off stays: 7 ticks of 10000 // 7. */
	r->last_nr_accesses = 1;
	r->moving_sum_bp = 10000;
	d.ctx.attrs.aggr_us = 35000;
	access_move_sums(&d.ctx, 7);
	ck_assert_uint_eq(r->moving_sum_bp, 4);
	/* And below nothing it wraps. */
	access_move_sums(&d.ctx, 1);
	ck_assert_uint_eq(r->moving_sum_bp, 4u - 1428u);
}
END_TEST

START_TEST(surprise_46_ticks_without_accesses_count)
{
	u32 i, after[3];

	for (i = 0; i < 3; i++) {
		again(all[i]);
		support_target_is(&d.ctx, { 0, P, 0, 10 });
		d.ctx.targets[0].regions.at[0].moving_sum_bp = 100000;
		ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
		kdamond_prepare(&k);
		ck_assert_int_eq(kdamond_tick(&k), 0);
		after[i] = d.ctx.targets[0].regions.at[0].moving_sum_bp;
	}
	ck_assert_uint_eq(after[0], 100000); /* nobody reads it */
	ck_assert_uint_eq(after[1], 95000);
	ck_assert_uint_eq(after[2], 95000);
}
END_TEST

START_TEST(merging_makes_the_sum_of_the_count)
{
	again(&profile_d);
	support_target_is(&d.ctx, { 0, P, 10 }, { P, 3 * P, 20 });
	merge_regions(&d.ctx, 10, ~0ULL);
	support_is(&d.ctx, { 0, 3 * P, 16, 0, 0 });
	ck_assert_uint_eq(d.ctx.targets[0].regions.at[0].moving_sum_bp, 160000);
}
END_TEST

static struct region rescaled(const struct profile *profile, u64 sample_us,
			      u64 aggr_us, u64 to_sample_us, u64 to_aggr_us,
			      bool aggregating)
{
	struct attrs from = { .sample_us = sample_us, .aggr_us = aggr_us };
	struct attrs to = { .sample_us = to_sample_us, .aggr_us = to_aggr_us };
	struct region r = d.ctx.targets[0].regions.at[0];

	profile->rescale(&r, &from, &to, aggregating);
	return r;
}

START_TEST(counters_in_other_intervals)
{
	static const struct {
		u64 sample_us, aggr_us, to_sample_us, to_aggr_us;
		u32 nr, age, to_nr, to_age;
	} row[] = {
		{ 10, 1000, 100, 10000, 15, 20, 15, 2 },
		{ 100, 10000, 1, 1000, 15, 2, 150, 20 },
		{ 10, 1000, 1, 100, 150, 2, 150, 20 },
		{ 5000, 100000, 7000, 140000, 13, 9, 13, 6 },
		{ 5000, 100000, 3000, 100000, 13, 9, 21, 9 },
	};
	struct region *was, r;
	u32 i, p;

	support_target_is(&d.ctx, { 0, P });
	was = &d.ctx.targets[0].regions.at[0];
	was->last_nr_accesses = 7;
	for (i = 0; i < 5; i++) {
		was->nr_accesses = row[i].nr;
		was->age = row[i].age;
		for (p = 0; p < 3; p++) {
			r = rescaled(all[p], row[i].sample_us, row[i].aggr_us,
				     row[i].to_sample_us, row[i].to_aggr_us,
				     false);
			ck_assert_uint_eq(r.nr_accesses, row[i].to_nr);
			ck_assert_uint_eq(r.age, row[i].to_age);
			if (p) {
				ck_assert_uint_eq(r.last_nr_accesses, 7);
				ck_assert_uint_eq(r.moving_sum_bp,
						  row[i].to_nr * 10000);
			}
		}
	}
}
END_TEST

START_TEST(counters_in_mid_window)
{
	struct region *was, r;

	support_target_is(&d.ctx, { 0, P, 5, 10, 8 });
	was = &d.ctx.targets[0].regions.at[0];
	was->moving_sum_bp = 77;
	/* Twice the samples, twice the window. */
	r = rescaled(&profile_n, 10, 200, 10, 400, true);
	ck_assert_uint_eq(r.nr_accesses, 0);
	ck_assert_uint_eq(r.last_nr_accesses, 20);
	ck_assert_uint_eq(r.age, 4);
	r = rescaled(&profile_m, 10, 200, 10, 400, true);
	ck_assert_uint_eq(r.nr_accesses, 0);
	ck_assert_uint_eq(r.last_nr_accesses, 20);
	ck_assert_uint_eq(r.moving_sum_bp, 200000);
	ck_assert_uint_eq(r.age, 4);
	r = rescaled(&profile_d, 10, 200, 10, 400, true);
	ck_assert_uint_eq(r.nr_accesses, 10);
	ck_assert_uint_eq(r.last_nr_accesses, 10);
	ck_assert_uint_eq(r.moving_sum_bp, 100000);
	/* A count whose bp do not fit into 32 bits. */
	was->nr_accesses = 429497;
	r = rescaled(&profile_d, 10, 10, 10, 10, false);
	ck_assert_uint_eq(r.nr_accesses, 0);
	/* Nothing can be said in an interval of 0. */
	r = rescaled(&profile_d, 10, 10, 0, 10, false);
	ck_assert_uint_eq(r.nr_accesses, 429497);
}
END_TEST

/* Regions after one more split, of @nr of four pages each. */
static u64 split_from(const struct profile *profile, u32 nr, u64 max)
{
	u64 rows[64][5] = { 0 };
	u32 i;

	again(profile);
	for (i = 0; i < nr; i++) {
		rows[i][0] = 4 * i * P;
		rows[i][1] = 4 * (i + 1) * P;
	}
	support_add_target(&d.ctx, (const u64(*)[5])rows, nr);
	d.ctx.attrs.max_nr_regions = max;
	ck_assert_int_eq(profile->split(&d.ctx), 0);
	return context_nr_regions(&d.ctx);
}

START_TEST(surprise_8_above_half_the_maximum)
{
	u64 nr;

	ck_assert_uint_gt(split_from(&profile_d, 20, 40), 20);
	ck_assert_uint_eq(d.shared.last_nr_regions, 20);
	ck_assert_uint_eq(split_from(&profile_d, 21, 40), 21);
	/* It is not remembered either. */
	ck_assert_uint_eq(d.shared.last_nr_regions, 0);
	nr = split_from(&profile_n, 21, 40);
	ck_assert_uint_gt(nr, 21);
	ck_assert_uint_le(nr, 40);
	ck_assert_uint_eq(d.shared.last_nr_regions, 21);
	ck_assert_uint_eq(split_from(&profile_n, 40, 40), 40);
	ck_assert_uint_eq(d.shared.last_nr_regions, 40);
}
END_TEST

static int call_update(struct context *ctx)
{
	return context_set_regions(ctx, 0, &(struct range){ 0, 600 * P }, 1);
}

START_TEST(surprise_9_min_nr_regions)
{
	d.ops.update = call_update;
	d.ctx.attrs.ops_update_us = 50000;
	d.ctx.attrs.min_nr_regions = 10;
	support_target_is(&d.ctx, { 0, 300 * P });
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	ck_assert_uint_eq(context_nr_regions(&d.ctx), 10);

	again(&profile_m);
	d.ctx.attrs.min_nr_regions = 10;
	support_target_is(&d.ctx, { 0, 300 * P });
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	ck_assert_uint_eq(context_nr_regions(&d.ctx), 10);

	again(&profile_d);
	d.ops.update = call_update;
	d.ctx.attrs.ops_update_us = 50000;
	d.ctx.attrs.min_nr_regions = 10;
	support_target_is(&d.ctx, { 0, 300 * P });
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	ck_assert_uint_eq(context_nr_regions(&d.ctx), 1);
	ck_assert_uint_eq(k.sz_limit, 30 * P);
	/* The limit is found anew with an update, and only then. */
	while (d.ctx.passed_sample_intervals < 9) {
		kdamond_prepare(&k);
		ck_assert_int_eq(kdamond_tick(&k), 0);
		ck_assert_uint_eq(k.sz_limit, 30 * P);
	}
	kdamond_prepare(&k);
	ck_assert_int_eq(kdamond_tick(&k), 0);
	ck_assert_uint_eq(k.sz_limit, 60 * P);
	ck_assert_uint_eq(context_nr_regions(&d.ctx), 1);
}
END_TEST

START_TEST(areas_of_a_process)
{
	static const struct range areas[] = { { 0, 10 * P },
					      { 20 * P, 25 * P },
					      { 30 * P, 31 * P } };

	d.ctx.attrs.min_nr_regions = 5;
	support_add_target(&d.ctx, NULL, 0);
	ck_assert_int_eq(context_set_areas(&d.ctx, 0, areas, 3), 0);
	support_is(&d.ctx, { 0, 10 * P }, { 20 * P, 25 * P },
		   { 30 * P, 31 * P });
	again(&profile_d);
	d.ctx.attrs.min_nr_regions = 5;
	support_add_target(&d.ctx, NULL, 0);
	ck_assert_int_eq(context_set_areas(&d.ctx, 0, areas, 3), 0);
	/* A fifth of 16 pages is 3.2: three pieces, the rest to the last. */
	support_is(&d.ctx, { 0, 3 * P }, { 3 * P, 6 * P }, { 6 * P, 10 * P },
		   { 20 * P, 25 * P }, { 30 * P, 31 * P });
}
END_TEST

START_TEST(goals_of_intervals)
{
	struct attrs attrs = d.ctx.attrs;

	attrs.goal = (struct intervals_goal){ 400, 1, 6000, 7000 };
	ck_assert_int_eq(context_set_attrs(&d.ctx, &attrs), -EINVAL);
	again(&profile_m);
	ck_assert_int_eq(context_set_attrs(&d.ctx, &attrs), -EINVAL);
	again(&profile_d);
	ck_assert_int_eq(context_set_attrs(&d.ctx, &attrs), 0);
	support_target_is(&d.ctx, { 0, P });
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	while (d.ctx.passed_sample_intervals < 100) {
		kdamond_prepare(&k);
		ck_assert_int_eq(kdamond_tick(&k), 0);
	}
	ck_assert_uint_eq(d.ctx.attrs.sample_us, 5000);
}
END_TEST

START_TEST(pauses)
{
	u32 i;

	for (i = 0; i < 3; i++) {
		again(all[i]);
		support_target_is(&d.ctx, { 0, P });
		d.ctx.pause = true;
		ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
		kdamond_prepare(&k);
		ck_assert_int_eq(kdamond_tick(&k), 0);
		ck_assert_int_eq(k.state,
				 i < 2 ? KDAMOND_PAUSED : KDAMOND_READY);
	}
}
END_TEST

static int note(struct context *ctx, void *arg)
{
	*(u64 *)arg = ctx->passed_sample_intervals;
	return 0;
}

START_TEST(when_calls_are_made)
{
	u64 commit_at, other_at;
	struct kdamond_call commit = { .fn = note,
				       .arg = &commit_at,
				       .commit = true };
	struct kdamond_call other = { .fn = note, .arg = &other_at };
	u32 i;

	for (i = 0; i < 3; i++) {
		again(all[i]);
		support_target_is(&d.ctx, { 0, P });
		ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
		ck_assert_int_eq(kdamond_call(&k, &commit), 0);
		ck_assert_int_eq(kdamond_call(&k, &other), 0);
		while (d.ctx.passed_sample_intervals < 20) {
			kdamond_prepare(&k);
			ck_assert_int_eq(kdamond_tick(&k), 0);
		}
		ck_assert(commit.done);
		ck_assert(other.done);
		ck_assert_uint_eq(commit_at, i < 2 ? 1 : 20);
		ck_assert_uint_eq(other_at, i < 2 ? 1 : 0);
	}
}
END_TEST

START_TEST(merging_after_schemes)
{
	u32 i;

	for (i = 0; i < 3; i++) {
		again(all[i]);
		support_damos_add(&d, SCHEME_STAT);
		support_target_is(&d.ctx, { 0, P }, { P, 2 * P },
				  { 2 * P, 9 * P, 1 });
		support_damos_pass(&d);
		ck_assert_uint_eq(context_nr_regions(&d.ctx), i < 2 ? 2 : 3);
	}
}
END_TEST

START_TEST(floor_of_what_time_allows)
{
	struct goal goal = { .target_value = 10000, .current_value = 10000 };
	struct scheme *s;
	u64 esz[3];
	u32 i;

	for (i = 0; i < 3; i++) {
		again(all[i]);
		s = support_damos_add(&d, SCHEME_STAT);
		/* Smaller than a page, and not a kernel's. */
		d.ctx.min_region_sz = 1;
		s->quota.limits.time_ms = 1;
		s->quota.limits.reset_interval_ms = 4;
		ck_assert_int_eq(scheme_add_goal(s, &goal), 0);
		support_target_is(&d.ctx, { 0, P });
		support_damos_pass(&d);
		s->quota.state.esz_bp = 50000;
		support_damos_next_window(&d);
		esz[i] = s->quota.state.esz;
	}
	/* The goal's own is 5 bytes. */
	ck_assert_uint_eq(esz[0], 5);
	ck_assert_uint_eq(esz[1], 5);
	ck_assert_uint_eq(esz[2], P);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("profiles");
	TCase *tc = tcase_create("profiles");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, profiles_have_names);
	tcase_add_test(tc, age_of_first_and_last_accesses);
	tcase_add_test(tc, the_kept_sum_moves);
	tcase_add_test(tc, surprise_46_ticks_without_accesses_count);
	tcase_add_test(tc, merging_makes_the_sum_of_the_count);
	tcase_add_test(tc, counters_in_other_intervals);
	tcase_add_test(tc, counters_in_mid_window);
	tcase_add_test(tc, surprise_8_above_half_the_maximum);
	tcase_add_test(tc, surprise_9_min_nr_regions);
	tcase_add_test(tc, areas_of_a_process);
	tcase_add_test(tc, goals_of_intervals);
	tcase_add_test(tc, pauses);
	tcase_add_test(tc, when_calls_are_made);
	tcase_add_test(tc, merging_after_schemes);
	tcase_add_test(tc, floor_of_what_time_allows);
	return support_run(s);
}
