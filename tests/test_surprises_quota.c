// SPDX-License-Identifier: GPL-2.0
/*
 * What surprises in quotas: their windows, their tuners, who gets them.
 *
 * Numbers are those of the table in test_surprises.c.
 */
#include <check.h>

#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

static struct support_damos d;
static struct scheme *s;
static struct quota_state *state;

static void setup(void)
{
	support_damos_init(&d, &profile_n);
	s = support_damos_add(&d, SCHEME_PAGEOUT);
	state = &s->quota.state;
	s->quota.limits.reset_interval_ms = 100;
}

static void teardown(void)
{
	support_damos_fini(&d);
}

static void pass(const char *heard)
{
	ck_assert_int_eq(support_damos_pass(&d), 0);
	ck_assert_str_eq(d.heard, heard);
}

static void next_window(const char *heard)
{
	ck_assert_int_eq(support_damos_next_window(&d), 0);
	ck_assert_str_eq(d.heard, heard);
}

static void add_goal(u64 target, u64 current_value)
{
	struct goal goal = { .target_value = target,
			     .current_value = current_value };

	ck_assert_int_eq(scheme_add_goal(s, &goal), 0);
}

START_TEST(surprise_13_no_size_is_no_limit_in_older_cores)
{
	s->quota.limits.sz = 2 * P;
	support_target_is(&d.ctx, { 0, 10 * P });
	d.ctx.profile = &profile_d;
	/* The whole first window. */
	pass("0:0 0-10\n");
	ck_assert_uint_eq(state->esz, 0);
	d.ctx.jiffies += 24;
	pass("0:0 0-10\n");
	ck_assert(!esz_full(&d.ctx, &s->quota));
	d.ctx.jiffies += 1;
	pass("0:0 0-2\n");
	ck_assert_uint_eq(state->esz, 2 * P);
}
END_TEST

START_TEST(surprise_13_no_size_is_nothing_in_newer_ones)
{
	s->quota.limits.sz = 2 * P;
	support_target_is(&d.ctx, { 0, 10 * P });
	ck_assert(esz_is_set(&d.ctx, &s->quota));
	ck_assert(esz_full(&d.ctx, &s->quota));
	s->quota.limits.sz = 0;
	ck_assert(!esz_is_set(&d.ctx, &s->quota));
	ck_assert(!esz_full(&d.ctx, &s->quota));
	add_goal(100, 100);
	s->quota.limits.tuner = TUNER_TEMPORAL;
	pass("");
	ck_assert_uint_eq(state->esz, 0);
	/* The other tuner does not come to 0. */
	s->quota.limits.tuner = TUNER_CONSIST;
	s->quota.goal[0].current_value = 100000;
	next_window("");
	ck_assert_uint_eq(state->esz, 1);
}
END_TEST

START_TEST(surprise_14_a_goal_begins_with_bytes)
{
	u32 windows;

	add_goal(100, 0);
	support_target_is(&d.ctx, { 0, 10 * P });
	pass("");
	ck_assert_uint_eq(state->esz, 2);
	for (windows = 1; windows < 11; windows++) {
		next_window("");
		ck_assert_uint_eq(state->esz, 2u << windows);
		/* Each is said to have been exceeded. */
		ck_assert_uint_eq(s->stat.qt_exceeds, windows);
	}
	next_window("0:0 0-1\n");
	ck_assert_uint_eq(state->esz, P);
}
END_TEST

START_TEST(surprise_15_the_tuner_winds_up)
{
	u32 windows;

	add_goal(100, 0);
	s->quota.limits.sz = P;
	support_target_is(&d.ctx, { 0, 1000 * P });
	for (windows = 0; windows < 100; windows++)
		support_damos_next_window(&d);
	ck_assert_uint_eq(state->esz, P);
	ck_assert_uint_eq(state->esz_bp, ~0ULL);
	/* A tenth too much: a tenth less each time, and the size stays. */
	s->quota.goal[0].current_value = 110;
	for (windows = 0; windows < 200; windows++)
		support_damos_next_window(&d);
	ck_assert_uint_eq(state->esz, P);
	ck_assert_uint_gt(state->esz_bp, P * 10000);
}
END_TEST

START_TEST(surprise_16_twice_the_goal_is_a_reset)
{
	add_goal(10000, 19999);
	support_target_is(&d.ctx, { 0, P });
	support_damos_pass(&d);
	state->esz_bp = 1000000000000ULL;
	support_damos_next_window(&d);
	ck_assert_uint_eq(state->esz_bp, 100000000);
	state->esz_bp = 1000000000000ULL;
	s->quota.goal[0].current_value = 20000;
	support_damos_next_window(&d);
	ck_assert_uint_eq(state->esz_bp, 10000);
}
END_TEST

START_TEST(surprise_17_what_cannot_be_reached_is_all_there_is)
{
	add_goal(100, 1);
	s->quota.limits.tuner = TUNER_TEMPORAL;
	support_target_is(&d.ctx, { 0, 10 * P });
	pass("0:0 0-10\n");
	ck_assert_uint_eq(state->esz, 1844674407370955ULL);
	s->quota.limits.sz = 3 * P;
	next_window("0:0 0-3\n");
	ck_assert_uint_eq(state->esz, 3 * P);
	ck_assert_uint_eq(state->esz_bp, 3 * P * 10000);
}
END_TEST

START_TEST(surprise_18_the_best_goal_counts)
{
	struct goal nothing = { 0 };

	support_target_is(&d.ctx, { 0, 10 * P });
	add_goal(100, 10);
	add_goal(100, 150);
	add_goal(100, 30);
	support_damos_pass(&d);
	state->esz_bp = 1000000;
	support_damos_next_window(&d);
	ck_assert_uint_eq(state->esz_bp, 500000);
	/* Without goals there is no tuner: the size alone. */
	s->quota.nr_goals = 0;
	s->quota.limits.sz = 5 * P;
	support_damos_next_window(&d);
	ck_assert_uint_eq(state->esz_bp, 500000);
	ck_assert_uint_eq(state->esz, 5 * P);
	ck_assert_int_ne(scheme_add_goal(s, &nothing), 0);
	ck_assert_uint_eq(s->quota.nr_goals, 0);
}
END_TEST

START_TEST(surprise_19_no_interval_is_two_steps_at_first)
{
	s->quota.limits.reset_interval_ms = 0;
	add_goal(100, 0);
	support_target_is(&d.ctx, { 0, 10 * P });
	pass("");
	ck_assert_uint_eq(state->esz, 4);
	pass("");
	ck_assert_uint_eq(state->esz, 8);
}
END_TEST

START_TEST(surprise_20_a_clock_must_not_begin_at_zero)
{
	add_goal(100, 0);
	support_target_is(&d.ctx, { 0, 10 * P });
	/* Each pass is the first one. */
	d.ctx.jiffies = 0;
	pass("");
	pass("");
	pass("");
	ck_assert_uint_eq(state->esz, 8);
	d.ctx.jiffies = 1;
	pass("");
	pass("");
	ck_assert_uint_eq(state->esz, 16);
}
END_TEST

START_TEST(surprise_21_what_did_not_happen_is_charged)
{
	s->quota.limits.sz = 10 * P;
	support_target_is(&d.ctx, { 0, 10 * P }, { 10 * P, 20 * P, 1 });
	d.done_percent = 0;
	pass("0:0 0-10\n");
	ck_assert_uint_eq(state->charged_sz, 10 * P);
	ck_assert_uint_eq(s->stat.nr_applied, 0);
	/* Unless told: then all of both is tried. */
	s->quota.limits.fail_charge_denom = 1;
	state->charge_target_from = 0;
	next_window("0:0 0-10\n0:0 10-20\n");
	ck_assert_uint_eq(state->charged_sz, 0);
}
END_TEST

static void add_addr_filter(u64 start, u64 end, bool allow)
{
	struct filter f = { .type = FILTER_ADDR,
			    .matching = true,
			    .allow = allow,
			    .addr = { start, end } };

	ck_assert_int_eq(scheme_add_filter(s, &f), 0);
	scheme_set_default_reject(s);
}

START_TEST(surprise_22_what_is_kept_out_was_cut_before)
{
	s->quota.limits.sz = 4 * P;
	add_addr_filter(0, 10 * P, false);
	support_target_is(&d.ctx, { 0, 10 * P, 0, 0, 9 },
			  { 10 * P, 20 * P, 1, 0, 9 });
	d.ctx.attrs.min_nr_regions = 6; /* merging is up to 3 pages */
	pass("0:0 10-14\n");
	/* Both pieces stay out, and as old as they were. */
	support_is(&d.ctx, { 0, 4 * P, 0, 0, 9 }, { 4 * P, 8 * P, 0, 0, 9 },
		   { 8 * P, 10 * P, 0, 0, 9 }, { 10 * P, 14 * P, 1, 0, 0 },
		   { 14 * P, 20 * P, 1, 0, 9 });
	ck_assert_uint_eq(s->stat.nr_tried, 1);
	ck_assert_uint_eq(state->charged_sz, 4 * P);
}
END_TEST

START_TEST(surprise_23_what_a_filter_cuts_off_is_charged)
{
	add_addr_filter(0, 2 * P, true);
	s->quota.limits.sz = 100 * P;
	support_target_is(&d.ctx, { 0, 10 * P });
	pass("0:0 0-2\n");
	ck_assert_uint_eq(s->stat.sz_tried, 10 * P);
	ck_assert_uint_eq(state->charged_sz, 10 * P);
	/* Not in older cores. */
	d.ctx.targets[0].regions.nr = 1;
	d.ctx.targets[0].regions.at[0].end = 10 * P;
	d.ctx.profile = &profile_d;
	s->core_filters.at[0] = (struct filter){
		.type = FILTER_ADDR,
		.matching = false,
		.addr = { 0, 2 * P },
	};
	scheme_set_default_reject(s);
	next_window("0:0 0-2\n");
	ck_assert_uint_eq(state->charged_sz, 2 * P);
}
END_TEST

static u32 score_by_count(const struct context *ctx, const struct region *r,
			  const struct scheme *scheme)
{
	return r->nr_accesses;
}

START_TEST(surprise_24_scoring_cuts)
{
	d.ops.scheme_score = score_by_count;
	add_addr_filter(2 * P, 6 * P, true);
	s->quota.limits.sz = 100 * P;
	support_target_is(&d.ctx, { 0, 10 * P, 5 });
	/* The cuts are made before: what is tried is what is meant. */
	pass("0:0 2-6\n");
	ck_assert_uint_eq(s->stat.sz_tried, 4 * P);
	ck_assert_uint_eq(d.ctx.histogram[5], 4 * P);
	/* Older cores ask no filter for that. */
	d.ctx.profile = &profile_d;
	s->core_filters.nr = 0;
	add_addr_filter(2 * P, 6 * P, false);
	next_window("0:0 0-2\n0:0 6-10\n");
	ck_assert_uint_eq(d.ctx.histogram[5], 10 * P);
}
END_TEST

START_TEST(surprise_26_of_equals_the_lowest_address_is_first)
{
	d.ops.scheme_score = score_by_count;
	s->quota.limits.sz = 4 * P;
	support_target_is(&d.ctx, { 0, 2 * P, 3 }, { 2 * P, 5 * P, 7 },
			  { 5 * P, 8 * P, 9 }, { 8 * P, 12 * P, 7 });
	/* 9 and some of 7 fit: both of 7 qualify, the first one gets it. */
	pass("0:0 2-5\n0:0 5-6\n");
	ck_assert_uint_eq(state->min_score, 7);
	/* From there on, up to the end. */
	next_window("0:0 6-8\n0:0 8-10\n");
	next_window("0:0 10-12\n");
	/* That was the last: now from the begin again. */
	next_window("0:0 2-5\n0:0 5-6\n");
}
END_TEST

START_TEST(surprise_27_other_targets_wait_for_the_round)
{
	s->quota.limits.sz = 4 * P;
	support_target_is(&d.ctx, { 0, 2 * P });
	support_target_is(&d.ctx, { 0, 6 * P }, { 8 * P, 10 * P });
	support_target_is(&d.ctx, { 0, 2 * P });
	pass("0:0 0-2\n0:1 0-2\n");
	ck_assert_uint_eq(state->charge_target_from, 2);
	next_window("0:1 2-6\n");
	/* The first target is not asked; the last one is, after the end. */
	next_window("0:1 8-10\n0:2 0-2\n");
	/* Full just at the end: nothing is left of the round but its end. */
	next_window("");
	next_window("0:0 0-2\n0:1 0-2\n");
}
END_TEST

START_TEST(surprise_28_a_round_may_be_short)
{
	s->quota.limits.sz = 8 * P;
	support_target_is(&d.ctx, { 0, 10 * P });
	pass("0:0 0-8\n");
	ck_assert_uint_eq(s->stat.nr_snapshots, 0);
	/* Only the tail, though there was room for more. */
	next_window("0:0 8-10\n");
	ck_assert_uint_eq(s->stat.nr_snapshots, 1);
	ck_assert_uint_eq(state->charged_sz, 2 * P);
	pass("0:0 0-6\n");
	/* It was full before the last region was reached. */
	ck_assert_uint_eq(s->stat.nr_snapshots, 1);
}
END_TEST

/* Nothing is skipped twice or served twice, whatever lies at the mark. */
START_TEST(a_round_goes_on_within_a_region)
{
	s->quota.limits.sz = 4 * P;
	support_target_is(&d.ctx, { 0, 10 * P });
	pass("0:0 0-4\n");
	/* Meanwhile the layout has changed: the mark is inside of a page. */
	d.ctx.targets[0].regions.nr = 2;
	d.ctx.targets[0].regions.at[0].end = 5 * P;
	d.ctx.targets[0].regions.at[1].start = 5 * P;
	state->charge_addr_from = 5 * P + 1;
	next_window("0:0 6-10\n");
	/* A region of one page that it is in is over. */
	d.ctx.targets[0].regions.nr = 2;
	d.ctx.targets[0].regions.at[0].end = 5 * P;
	d.ctx.targets[0].regions.at[1].start = 5 * P;
	d.ctx.targets[0].regions.at[1].end = 6 * P;
	state->charge_target_from = 1;
	state->charge_addr_from = 5 * P + 1;
	next_window("");
	/* It was the last one, so the round is over as well. */
	ck_assert_uint_eq(state->charge_target_from, 0);
	next_window("0:0 0-4\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("surprises_quota");
	TCase *tc = tcase_create("surprises_quota");

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, surprise_13_no_size_is_no_limit_in_older_cores);
	tcase_add_test(tc, surprise_13_no_size_is_nothing_in_newer_ones);
	tcase_add_test(tc, surprise_14_a_goal_begins_with_bytes);
	tcase_add_test(tc, surprise_15_the_tuner_winds_up);
	tcase_add_test(tc, surprise_16_twice_the_goal_is_a_reset);
	tcase_add_test(tc, surprise_17_what_cannot_be_reached_is_all_there_is);
	tcase_add_test(tc, surprise_18_the_best_goal_counts);
	tcase_add_test(tc, surprise_19_no_interval_is_two_steps_at_first);
	tcase_add_test(tc, surprise_20_a_clock_must_not_begin_at_zero);
	tcase_add_test(tc, surprise_21_what_did_not_happen_is_charged);
	tcase_add_test(tc, surprise_22_what_is_kept_out_was_cut_before);
	tcase_add_test(tc, surprise_23_what_a_filter_cuts_off_is_charged);
	tcase_add_test(tc, surprise_24_scoring_cuts);
	tcase_add_test(tc, surprise_26_of_equals_the_lowest_address_is_first);
	tcase_add_test(tc, surprise_27_other_targets_wait_for_the_round);
	tcase_add_test(tc, surprise_28_a_round_may_be_short);
	tcase_add_test(tc, a_round_goes_on_within_a_region);
	return support_run(suite);
}
