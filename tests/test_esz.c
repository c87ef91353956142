// SPDX-License-Identifier: GPL-2.0
/*
 * Quotas: windows, what each allows, charging, scores.
 */
#include <check.h>

#include "damon/score.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

static struct support_damos d;
static struct scheme *s;
static struct quota_state *state;

static void hear_esz(void *data, const struct context *ctx, u32 scheme, u64 esz)
{
	support_damos_hear(data, "esz %llu\n", esz);
}

static const struct context_observer observer = { .esz = hear_esz };

static void setup(void)
{
	support_damos_init(&d, &profile_n);
	d.ctx.observer = &observer;
	d.ctx.observer_data = &d;
	s = support_damos_add(&d, SCHEME_PAGEOUT);
	state = &s->quota.state;
	s->quota.limits.reset_interval_ms = 100; /* 25 jiffies */
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

START_TEST(milliseconds_are_rounded_up_to_jiffies)
{
	static const struct {
		u32 hz;
		u64 ms, jiffies;
	} row[] = {
		{ 250, 0, 0 },
		{ 250, 1, 1 },
		{ 250, 4, 1 },
		{ 250, 5, 2 },
		{ 250, 1000, 250 },
		{ 1000, 7, 7 },
		{ 100, 11, 2 },
		{ 250, 0x7fffffff, 0x20000000 },
		/* No time at all ever comes to that. */
		{ 250, 0x80000000, (1ULL << 62) - 2 },
		{ 250, 0xffffffff, (1ULL << 62) - 2 },
		/* 32 bits are read. */
		{ 250, 0x100000005, 2 },
	};
	u32 i;

	for (i = 0; i < sizeof(row) / sizeof(*row); i++) {
		d.ctx.hz = row[i].hz;
		ck_assert_uint_eq(esz_ms_to_jiffies(&d.ctx, row[i].ms),
				  row[i].jiffies);
	}
}
END_TEST

START_TEST(hot_scores)
{
	static const struct {
		u32 nr, age, wf, wa, hot;
	} row[] = {
		{ 20, 0, 1, 1, 74 },
		{ 20, 10, 1, 1, 74 },
		{ 0, 0, 1, 1, 24 },
		{ 0, 10, 1, 1, 23 },
		{ 0, 100, 1, 1, 20 },
		{ 10, 600, 1, 1, 53 },
		{ 1, 10, 1, 0, 4 },
		{ 20, 10, 0, 0, 0 },
		{ 0, 1000, 0, 0, 0 },
		{ 20, 100000, 100, 100, 84 },
		/* More than a window has: as much as there can be. */
		{ 2000, 0, 1, 0, 99 },
		/* Weights that wrap to 0 together divide nothing. */
		{ 0, 0, 1u << 31, 1u << 31, 0 },
	};
	struct region r = { .end = P };
	u32 i;

	for (i = 0; i < sizeof(row) / sizeof(*row); i++) {
		struct quota_limits limits = {
			.weight_sz = 1000,
			.weight_nr_accesses = row[i].wf,
			.weight_age = row[i].wa,
		};

		r.nr_accesses = row[i].nr;
		r.age = row[i].age;
		ck_assert_uint_eq(score_hot(&d.ctx, &r, &limits), row[i].hot);
	}
}
END_TEST

START_TEST(each_action_has_its_score)
{
	/* h: hot, c: cold, -: no preference; physical, virtual, virtual in D */
	static const char *const want[NR_SCHEME_ACTIONS] = {
		"---", "---", "ccc", "---", "---", "---",
		"h--", "c--", "hh-", "cc-", "---",
	};
	struct region r = { .end = P, .nr_accesses = 16 };
	u32 action, i, got[3];

	for (action = 0; action < NR_SCHEME_ACTIONS; action++) {
		s->action = action;
		s->quota.limits.weight_nr_accesses = 1;
		r.moving_sum_bp = 160000;
		d.ctx.profile = &profile_n;
		got[0] = score_paddr(&d.ctx, &r, s);
		got[1] = score_vaddr(&d.ctx, &r, s);
		d.ctx.profile = &profile_d;
		got[2] = score_vaddr(&d.ctx, &r, s);
		for (i = 0; i < 3; i++)
			ck_assert_uint_eq(got[i], want[action][i] == 'h' ? 79 :
						  want[action][i] == 'c' ? 20 :
									   99);
	}
}
END_TEST

START_TEST(surprise_31_without_weights_all_are_alike)
{
	static const struct region some[] = {
		{ .end = P, .nr_accesses = 20, .age = 1000 },
		{ .end = 9 * P, .age = 7 },
	};
	u32 i;

	for (i = 0; i < 2; i++) {
		s->quota.limits.weight_sz = 1000;
		s->action = SCHEME_MIGRATE_HOT;
		ck_assert_uint_eq(score_paddr(&d.ctx, &some[i], s), 0);
		s->action = SCHEME_MIGRATE_COLD;
		ck_assert_uint_eq(score_paddr(&d.ctx, &some[i], s), 99);
	}
}
END_TEST

START_TEST(surprise_32_idle_time_counts_the_other_way)
{
	struct quota_limits limits = { .weight_nr_accesses = 1,
				       .weight_age = 1 };
	struct region r = { .end = P, .age = 1000 };
	struct attrs attrs = d.ctx.attrs;

	ck_assert_uint_eq(score_hot(&d.ctx, &r, &limits), 18);
	r.age = 0;
	ck_assert_uint_eq(score_hot(&d.ctx, &r, &limits), 24);
	/* One access of a window of 1000 is a frequency of 0, too. */
	attrs.sample_us = 100;
	attrs.aggr_samples = 0;
	ck_assert_int_eq(context_set_attrs(&d.ctx, &attrs), 0);
	r.age = 1000;
	r.nr_accesses = r.last_nr_accesses = 9;
	ck_assert_uint_eq(score_hot(&d.ctx, &r, &limits), 18);
	r.nr_accesses = r.last_nr_accesses = 10;
	ck_assert_uint_eq(score_hot(&d.ctx, &r, &limits), 29);
}
END_TEST

START_TEST(surprise_33_below_a_second_there_is_no_age)
{
	struct quota_limits limits = { .weight_age = 1 };
	struct region r = { .end = P, .nr_accesses = 1 };

	for (r.age = 0; r.age < 10; r.age++)
		ck_assert_uint_eq(score_hot(&d.ctx, &r, &limits), 49);
	ck_assert_uint_eq(score_hot(&d.ctx, &r, &limits), 50);
	r.age = 20;
	ck_assert_uint_eq(score_hot(&d.ctx, &r, &limits), 52);
}
END_TEST

/* What is fed to the tuner comes out as bytes, window by window. */
START_TEST(vectors_of_the_feedback_step)
{
	static const struct {
		u64 in, score, out;
	} row[] = {
		{ 10000, 0, 20000 },
		{ 10000, 5000, 15000 },
		{ 10000, 9999, 10001 },
		{ 20000, 15000, 10000 },
		{ 900000, 200, 1782000 },
		{ 900000, 2000, 1620000 },
		{ 100000000, 9000, 110000000 },
		{ 100000000, 10000, 100000000 },
		{ 100000000, 11000, 90000000 },
		{ 100000000, 19999, 10000 },
		{ 100000000, 20000, 10000 },
		{ ~0ULL, 9999, ~0ULL },
		{ ~0ULL, 10001, 18444899399302180660ULL },
		{ 0, 10000, 10000 },
		{ 0, 0, 20000 },
	};
	struct goal goal = { .target_value = 10000 };
	u32 i;

	ck_assert_int_eq(scheme_add_goal(s, &goal), 0);
	support_target_is(&d.ctx, { 0, 10 * P });
	ck_assert_int_eq(support_damos_pass(&d), 0);
	for (i = 0; i < sizeof(row) / sizeof(*row); i++) {
		s->quota.goal[0].current_value = row[i].score;
		state->esz_bp = row[i].in;
		ck_assert_int_eq(support_damos_next_window(&d), 0);
		ck_assert_uint_eq(state->esz_bp, row[i].out);
		ck_assert_uint_eq(state->esz, row[i].out / 10000);
	}
}
END_TEST

START_TEST(a_size_is_all_that_a_window_allows)
{
	s->quota.limits.sz = 10 * P;
	support_target_is(&d.ctx, { 0, 4 * P }, { 4 * P, 8 * P, 1 },
			  { 8 * P, 40 * P, 2 });
	/* The third is cut where the window is used up. */
	pass("esz 40960\n0:0 0-4\n0:0 4-8\n0:0 8-10\n");
	ck_assert_uint_eq(state->charged_sz, 10 * P);
	ck_assert_uint_eq(state->charge_target_from, 1);
	ck_assert_uint_eq(state->charge_addr_from, 10 * P);
	ck_assert_uint_eq(s->stat.sz_tried, 10 * P);
	ck_assert_uint_eq(s->stat.qt_exceeds, 0);
	/* Within the window: nothing. */
	d.ctx.jiffies += 24;
	pass("");
	ck_assert_uint_eq(s->stat.qt_exceeds, 0);
	/* The next one begins when somebody looks, and goes on there. */
	d.ctx.jiffies += 10;
	pass("0:0 10-20\n");
	ck_assert_uint_eq(s->stat.qt_exceeds, 1);
	ck_assert_uint_eq(state->total_charged_sz, 10 * P);
	ck_assert_uint_eq(state->charged_from, d.ctx.jiffies);
}
END_TEST

/* A clock that goes back is not in the window. */
START_TEST(a_window_has_a_begin)
{
	s->quota.limits.sz = P;
	support_target_is(&d.ctx, { 0, P });
	pass("esz 4096\n0:0 0-1\n");
	d.ctx.jiffies -= 1;
	pass("");
	ck_assert_uint_eq(state->charged_from, 999);
	pass("0:0 0-1\n");
	/* Also when jiffies wrap, as they do early. */
	d.ctx.jiffies = ~0ULL - 10;
	support_damos_pass(&d);
	ck_assert_uint_eq(state->charged_from, ~0ULL - 10);
	d.ctx.jiffies += 24;
	support_damos_pass(&d);
	ck_assert_uint_eq(state->charged_from, ~0ULL - 10);
	d.ctx.jiffies += 1;
	support_damos_pass(&d);
	ck_assert_uint_eq(state->charged_from, 14);
}
END_TEST

static u32 score_by_count(const struct context *ctx, const struct region *r,
			  const struct scheme *scheme)
{
	return r->nr_accesses;
}

START_TEST(least_score_that_makes_up_the_quota)
{
	static const struct {
		u64 sz;
		u32 min_score;
	} row[] = {
		{ 1, 90 },
		{ 2 * P, 90 },
		{ 2 * P + 1, 50 },
		{ 5 * P, 50 },
		{ 6 * P, 10 },
		{ 9 * P, 10 },
		/* More than there is of all scores. */
		{ 9 * P + 1, 0 },
	};
	struct goal goal = { .target_value = 1, .current_value = 1 };
	u32 i;

	d.ops.scheme_score = score_by_count;
	s->pattern.min_nr_accesses = 10;
	support_target_is(&d.ctx, { 0, 3 * P, 50 }, { 3 * P, 7 * P, 10 },
			  { 7 * P, 9 * P, 90 }, { 9 * P, 99 * P, 5 });
	for (i = 0; i < sizeof(row) / sizeof(*row); i++) {
		s->quota.limits.sz = row[i].sz;
		support_damos_next_window(&d);
		ck_assert_uint_eq(state->min_score, row[i].min_score);
		d.ctx.targets[0].regions.nr = 0;
		state->charge_target_from = 0;
		support_damos_next_window(&d);
		ck_assert_uint_eq(state->min_score, 0);
		context_drop_target(&d.ctx, 0);
		support_target_is(&d.ctx, { 0, 3 * P, 50 },
				  { 3 * P, 7 * P, 10 }, { 7 * P, 9 * P, 90 },
				  { 9 * P, 99 * P, 5 });
	}
	/* Nothing is allowed: whoever comes first would have it. */
	s->quota.limits.sz = 0;
	s->quota.limits.time_ms = 0;
	ck_assert_int_eq(scheme_add_goal(s, &goal), 0);
	s->quota.limits.tuner = TUNER_TEMPORAL;
	support_damos_next_window(&d);
	ck_assert_uint_eq(state->esz, 0);
	ck_assert_uint_eq(state->min_score, 90);
}
END_TEST

START_TEST(what_failed_may_be_charged_in_part)
{
	s->quota.limits.sz = 100 * P;
	support_target_is(&d.ctx, { 0, 8 * P });
	d.done_percent = 25;
	pass("esz 409600\n0:0 0-8\n");
	ck_assert_uint_eq(state->charged_sz, 8 * P);
	s->quota.limits.fail_charge_num = 1;
	s->quota.limits.fail_charge_denom = 3;
	pass("0:0 0-8\n");
	ck_assert_uint_eq(state->charged_sz, 12 * P);
	/* More was done than was asked for: what was asked for. */
	d.done_percent = 150;
	pass("0:0 0-8\n");
	ck_assert_uint_eq(state->charged_sz, 20 * P);
	/* A failure may cost more than a success. */
	d.done_percent = 0;
	s->quota.limits.fail_charge_num = 6;
	pass("0:0 0-8\n");
	ck_assert_uint_eq(state->charged_sz, 36 * P);
	d.ctx.profile = &profile_d;
	pass("0:0 0-8\n");
	ck_assert_uint_eq(state->charged_sz, 44 * P);
}
END_TEST

START_TEST(time_is_turned_into_a_size)
{
	s->quota.limits.time_ms = 2;
	support_target_is(&d.ctx, { 0, 3000 * P });
	/* 4 MiB a millisecond, as nothing else is known. */
	pass("esz 8388608\n0:0 0-2048\n");
	/* 2048 pages took one jiffy of 4 ms: 512 a millisecond. */
	d.ctx.targets[0].regions.nr = 1;
	d.ctx.targets[0].regions.at[0].end = 8000 * P;
	state->charge_target_from = 0;
	state->charged_sz = 0;
	d.takes_jiffies = 1;
	pass("0:0 0-2048\n");
	ck_assert_uint_eq(state->total_charged_ns, 4000000);
	d.takes_jiffies = 0;
	next_window("esz 4194304\n0:0 2048-3072\n");
	/* The least that can be done, however slow it is. */
	state->total_charged_sz = 1;
	state->charge_target_from = 0;
	state->charged_sz = 0;
	next_window("esz 4096\n0:0 0-1\n");
	/* A size or a goal below that is not raised. */
	s->quota.limits.sz = 100;
	state->charge_target_from = 0;
	next_window("esz 100\n");
}
END_TEST

START_TEST(surprise_34_time_is_seen_in_jiffies)
{
	s->quota.limits.time_ms = 1;
	support_target_is(&d.ctx, { 0, 10 * P });
	/* All that was done took no time, so far as that clock can tell. */
	pass("esz 4194304\n0:0 0-10\n");
	next_window("0:0 0-10\n");
	next_window("0:0 0-10\n");
	ck_assert_uint_eq(state->total_charged_ns, 0);
	ck_assert_uint_eq(state->esz, 1024 * P);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("esz");
	TCase *tc = tcase_create("esz");

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, milliseconds_are_rounded_up_to_jiffies);
	tcase_add_test(tc, hot_scores);
	tcase_add_test(tc, each_action_has_its_score);
	tcase_add_test(tc, surprise_31_without_weights_all_are_alike);
	tcase_add_test(tc, surprise_32_idle_time_counts_the_other_way);
	tcase_add_test(tc, surprise_33_below_a_second_there_is_no_age);
	tcase_add_test(tc, vectors_of_the_feedback_step);
	tcase_add_test(tc, a_size_is_all_that_a_window_allows);
	tcase_add_test(tc, a_window_has_a_begin);
	tcase_add_test(tc, least_score_that_makes_up_the_quota);
	tcase_add_test(tc, what_failed_may_be_charged_in_part);
	tcase_add_test(tc, time_is_turned_into_a_size);
	tcase_add_test(tc, surprise_34_time_is_seen_in_jiffies);
	return support_run(suite);
}
