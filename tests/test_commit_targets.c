// SPDX-License-Identifier: GPL-2.0
/*
 * What a commit does to targets, regions, attributes and units.
 */
#include <check.h>

#include <linux/errno.h>

#include "damon/context_commit.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

static struct support_damos d, in;

static void setup(void)
{
	support_damos_init(&d, &profile_n);
	support_damos_init(&in, &profile_n);
}

static void teardown(void)
{
	support_damos_fini(&d);
	support_damos_fini(&in);
}

static void commit(void)
{
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), 0);
}

START_TEST(regions_survive_where_they_are_covered)
{
	u64 gen;

	support_target_is(&d.ctx, { 0, 10 * P, 1, 2, 3 },
			  { 10 * P, 20 * P, 4, 5, 6 },
			  { 40 * P, 50 * P, 7, 8, 9 });
	/* Neighbours are one range, wherever they touch. */
	support_target_is(&in.ctx, { 5 * P, 12 * P + 1 },
			  { 12 * P + 1, 30 * P });
	commit();
	support_is(&d.ctx, { 5 * P, 10 * P, 1, 2, 3 },
		   { 10 * P, 30 * P, 4, 5, 6 });
	d.ctx.profile = &profile_m;
	d.ctx.next_aggregation_sis = 0; /* as if a window had ended */
	commit();
	support_is(&d.ctx, { 5 * P, 10 * P, 1, 2, 3 },
		   { 10 * P, 30 * P, 4, 5, 6 });
	/* No regions: those that are there stay. */
	d.ctx.profile = &profile_n;
	in.ctx.targets[0].regions.nr = 0;
	in.ctx.targets[0].tgid = 77;
	gen = d.ctx.regions_gen;
	commit();
	ck_assert_uint_ne(d.ctx.regions_gen, gen);
	ck_assert_uint_eq(d.ctx.targets[0].tgid, 77);
	support_is(&d.ctx, { 5 * P, 10 * P, 1, 2, 3 },
		   { 10 * P, 30 * P, 4, 5, 6 });
}
END_TEST

START_TEST(obsolete_targets_go)
{
	u64 gen;

	support_target_is(&d.ctx, { 0, P, 0, 0, 1 });
	support_target_is(&d.ctx, { 0, P, 0, 0, 2 });
	support_target_is(&d.ctx, { 0, P, 0, 0, 3 });
	support_target_is(&in.ctx, { 0, P });
	support_target_is(&in.ctx, { 0, 2 * P });
	support_target_is(&in.ctx, { 0, 3 * P });
	support_target_is(&in.ctx, { 0, 4 * P });
	in.ctx.targets[1].obsolete = true;
	gen = d.ctx.regions_gen;
	commit();
	ck_assert_uint_eq(d.ctx.nr_targets, 3);
	support_expect(&d.ctx, 0, SUPPORT_ROWS({ 0, P, 0, 0, 1 }));
	support_expect(&d.ctx, 1, SUPPORT_ROWS({ 0, 3 * P, 0, 0, 3 }));
	support_expect(&d.ctx, 2, SUPPORT_ROWS({ 0, 4 * P }));
	ck_assert_uint_ne(d.ctx.regions_gen, gen);
	/* One that has nothing to remove. */
	in.ctx.targets[1].obsolete = false;
	in.ctx.targets[3].obsolete = true;
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), -EINVAL);
	ck_assert_uint_eq(d.ctx.nr_targets, 3);
	/* Fewer. */
	in.ctx.nr_targets = 1;
	commit();
	ck_assert_uint_eq(d.ctx.nr_targets, 1);
	support_is(&d.ctx, { 0, P, 0, 0, 1 });
	in.ctx.nr_targets = 4;
}
END_TEST

START_TEST(a_round_goes_on_with_its_target)
{
	struct quota_state *state;
	u32 i;

	for (i = 0; i < 3; i++) {
		support_target_is(&d.ctx, { 0, P });
		support_target_is(&in.ctx, { 0, P });
	}
	state = &support_damos_add(&d, SCHEME_STAT)->quota.state;
	support_damos_add(&in, SCHEME_STAT);
	d.ctx.profile = &profile_m; /* which does not wipe it */
	state->charge_target_from = 3;
	state->charge_addr_from = P;
	in.ctx.targets[1].obsolete = true;
	commit();
	ck_assert_uint_eq(state->charge_target_from, 2);
	ck_assert_uint_eq(state->charge_addr_from, P);
	commit();
	ck_assert_uint_eq(state->charge_target_from, 0);
	ck_assert_uint_eq(state->charge_addr_from, 0);
}
END_TEST

START_TEST(surprise_39_other_attributes_restart_the_window)
{
	struct scheme *s = support_damos_add(&d, SCHEME_STAT);

	support_damos_add(&in, SCHEME_STAT);
	support_target_is(&d.ctx, { 0, P, 3, 10, 5 });
	support_target_is(&in.ctx, { 0, P });
	d.ctx.passed_sample_intervals = 15;
	d.ctx.next_aggregation_sis = 20;
	s->next_apply_sis = 20;
	/* The same: nothing happens, in mid-window. */
	commit();
	ck_assert_uint_eq(d.ctx.next_aggregation_sis, 20);
	ck_assert_uint_eq(s->next_apply_sis, 20);
	support_is(&d.ctx, { 0, P, 3, 10, 5 });
	/* One that has nothing to do with intervals. */
	in.ctx.attrs.max_nr_regions = 999;
	commit();
	ck_assert_uint_eq(d.ctx.next_aggregation_sis, 35);
	ck_assert_uint_eq(s->next_apply_sis, 35);
	support_is(&d.ctx, { 0, P, 0, 10, 5 });
}
END_TEST

START_TEST(older_cores_restart_it_each_time)
{
	support_target_is(&d.ctx, { 0, P, 3, 10, 5 });
	support_target_is(&in.ctx, { 0, P });
	d.ctx.profile = in.ctx.profile = &profile_d;
	d.ctx.passed_sample_intervals = 15;
	d.ctx.next_aggregation_sis = 20;
	commit();
	ck_assert_uint_eq(d.ctx.next_aggregation_sis, 35);
	support_is(&d.ctx, { 0, P, 3, 10, 5 });
	ck_assert_uint_eq(d.ctx.targets[0].regions.at[0].moving_sum_bp, 30000);
	d.ctx.profile = in.ctx.profile = &profile_m;
	commit();
	support_is(&d.ctx, { 0, P, 0, 10, 5 });
	ck_assert_uint_eq(d.ctx.targets[0].regions.at[0].moving_sum_bp, 100000);
}
END_TEST

/* What the tuner has made of the intervals is not what a user committed. */
START_TEST(samples_of_a_window_are_found_anew)
{
	d.ctx.attrs.aggr_samples = 77;
	in.ctx.attrs.aggr_samples = 66;
	in.ctx.attrs.aggr_us = 50000;
	commit();
	ck_assert_uint_eq(d.ctx.attrs.aggr_samples, 10);
}
END_TEST

START_TEST(regions_are_in_the_units_that_come)
{
	support_target_is(&d.ctx, { 0, 16 * P });
	ck_assert_int_eq(context_set_addr_unit(&in.ctx, 1024, true), 0);
	/* Neither bound is a page's in the units that are now. */
	support_target_is(&in.ctx, { 4, 8 }, { 12, 16 });
	commit();
	support_is(&d.ctx, { 4, 8 }, { 12, 16 });
	ck_assert_uint_eq(d.ctx.addr_unit, 1024);
	ck_assert_uint_eq(d.ctx.min_region_sz, 4);
	/* And now a copy of that can be made, for a trial. */
	commit();
	support_is(&d.ctx, { 4, 8 }, { 12, 16 });
}
END_TEST

/* Units mean other memory, though the numbers are the same. */
START_TEST(other_units_are_other_regions)
{
	u64 gen;

	support_target_is(&d.ctx, { 0, 16 * P });
	support_target_is(&in.ctx, { 0, 16 * P });
	gen = d.ctx.regions_gen;
	in.ctx.addr_unit = 2;
	commit();
	ck_assert_uint_ne(d.ctx.regions_gen, gen);
	gen = d.ctx.regions_gen;
	in.ctx.min_region_sz = P / 2;
	commit();
	ck_assert_uint_ne(d.ctx.regions_gen, gen);
	gen = d.ctx.regions_gen;
	commit();
	ck_assert_uint_eq(d.ctx.regions_gen, gen);
}
END_TEST

START_TEST(units_are_checked)
{
	ck_assert_int_eq(context_set_addr_unit(&in.ctx, 3, true), -EINVAL);
	ck_assert_int_eq(context_set_addr_unit(&in.ctx, 0, true), -EINVAL);
	/* By virtual address the smallest region is always so many. */
	ck_assert_int_eq(context_set_addr_unit(&in.ctx, 3, false), 0);
	ck_assert_int_eq(context_check(&in.ctx), 0);
	in.ctx.min_region_sz = 1365;
	ck_assert_int_eq(context_check(&in.ctx), -EINVAL);
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), -EINVAL);
	in.ctx.min_region_sz = 0;
	ck_assert_int_eq(context_check(&in.ctx), -EINVAL);
	ck_assert_uint_eq(d.ctx.min_region_sz, P);
}
END_TEST

START_TEST(pause_and_operations_are_taken)
{
	in.ctx.pause = true;
	in.ctx.ops_id = OPS_FVADDR;
	commit();
	ck_assert(d.ctx.pause);
	ck_assert_int_eq(d.ctx.ops_id, OPS_FVADDR);
}
END_TEST

/* Nothing is refused after something was changed. */
START_TEST(trial_protects_what_runs)
{
	static const struct {
		u64 min_nr_regions, max_nr_regions, sample_us;
	} bad[] = { { 2, 1000, 5000 }, { 10, 9, 5000 }, { 10, 1000, 100001 } };
	u32 i;

	support_target_is(&d.ctx, { 0, P });
	support_target_is(&d.ctx, { 0, P });
	support_target_is(&in.ctx, { 0, 2 * P });
	for (i = 0; i < 3; i++) {
		in.ctx.attrs.min_nr_regions = bad[i].min_nr_regions;
		in.ctx.attrs.max_nr_regions = bad[i].max_nr_regions;
		in.ctx.attrs.sample_us = bad[i].sample_us;
		ck_assert_int_eq(context_check(&in.ctx), -EINVAL);
		ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), -EINVAL);
		ck_assert_uint_eq(d.ctx.nr_targets, 2);
		ck_assert(!d.ctx.maybe_corrupted);
	}
	/* A target is added with its regions or not at all. */
	in.ctx.attrs = d.ctx.attrs;
	support_target_is(&in.ctx, { 0, P });
	/* Both are in the same page, when rounded. */
	support_target_is(&in.ctx, { 0, 1 }, { 2, P });
	d.ctx.profile = in.ctx.profile = &profile_d;
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), -EINVAL);
	ck_assert_uint_eq(d.ctx.nr_targets, 2);
	in.ctx.nr_targets = 1;
	regions_fini(&in.ctx.targets[1].regions);
	regions_fini(&in.ctx.targets[2].regions);
	in.ctx.attrs.min_nr_regions = 2;
	/* An older core has dropped the other target before it refuses. */
	d.ctx.profile = in.ctx.profile = &profile_d;
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), -EINVAL);
	ck_assert_uint_eq(d.ctx.nr_targets, 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("commit_targets");
	TCase *tc = tcase_create("commit_targets");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, regions_survive_where_they_are_covered);
	tcase_add_test(tc, obsolete_targets_go);
	tcase_add_test(tc, a_round_goes_on_with_its_target);
	tcase_add_test(tc, surprise_39_other_attributes_restart_the_window);
	tcase_add_test(tc, older_cores_restart_it_each_time);
	tcase_add_test(tc, samples_of_a_window_are_found_anew);
	tcase_add_test(tc, regions_are_in_the_units_that_come);
	tcase_add_test(tc, other_units_are_other_regions);
	tcase_add_test(tc, units_are_checked);
	tcase_add_test(tc, pause_and_operations_are_taken);
	tcase_add_test(tc, trial_protects_what_runs);
	return support_run(s);
}
