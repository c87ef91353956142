// SPDX-License-Identifier: GPL-2.0
/*
 * What was found by running the core of 6.12 next to profile D on the same
 * input.
 *
 * Some of it holds for every core, and is tested for each.
 */
#include <check.h>

#include <linux/errno.h>

#include "damon/access.h"
#include "damon/context_commit.h"
#include "damon/kdamond.h"
#include "damon/merge.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

static struct support_damos d, in;
static struct kdamond k;
static const struct profile *const all[] = { &profile_n, &profile_m,
					     &profile_d };

static void setup(void)
{
	support_damos_init(&d, &profile_d);
	support_damos_init(&in, &profile_d);
}

static void teardown(void)
{
	support_damos_fini(&d);
	support_damos_fini(&in);
}

static void again(const struct profile *profile)
{
	teardown();
	support_damos_init(&d, profile);
	support_damos_init(&in, profile);
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

START_TEST(ranges_that_touch)
{
	u32 i;

	for (i = 0; i < 3; i++) {
		again(all[i]);
		support_target_is(&d.ctx, { 0, 10 * P, 1, 2, 3 });
		support_target_is(&in.ctx, { 0, 4 * P }, { 4 * P, 10 * P });
		ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), 0);
		if (all[i] == &profile_d)
			support_is(&d.ctx, { 0, 4 * P, 1, 2, 3 },
				   { 4 * P, 10 * P });
		else
			support_is(&d.ctx, { 0, 10 * P, 1, 2, 3 });
	}
}
END_TEST

/* The quota is full after the only region of target @t. */
static struct scheme *full_at(u32 t)
{
	struct scheme *s = support_damos_add(&d, SCHEME_STAT);
	u32 i;

	for (i = 0; i < 3; i++)
		support_target_is(&d.ctx, { 0, P }, { P, 2 * P });
	s->quota.limits.sz = s->quota.state.esz = P;
	s->quota.limits.reset_interval_ms = 4;
	s->quota.state.charge_target_from = t + 1;
	s->quota.state.charge_addr_from = P;
	return s;
}

START_TEST(a_round_whose_target_is_gone)
{
	struct scheme *s;
	u32 i;

	for (i = 0; i < 3; i++) {
		again(all[i]);
		s = full_at(1);
		context_drop_target(&d.ctx, 1);
		support_damos_next_window(&d);
		if (all[i] == &profile_d)
			ck_assert_str_eq(d.heard, "");
		else
			ck_assert_str_eq(d.heard, "0:0 0-1\n");
	}
	/* Nor does another target's end or place help. */
	context_drop_target(&d.ctx, 0);
	ck_assert_int_eq(context_add_target(&d.ctx, 1), 0);
	support_damos_next_window(&d);
	ck_assert_str_eq(d.heard, "");
	ck_assert_uint_eq(s->stat.nr_tried, 0);
	ck_assert_uint_eq(s->quota.state.charge_target_from,
			  CHARGE_TARGET_GONE);
}
END_TEST

START_TEST(a_round_whose_target_moves_up)
{
	full_at(2);
	context_drop_target(&d.ctx, 1);
	support_damos_next_window(&d);
	ck_assert_str_eq(d.heard, "0:1 1-2\n");
}
END_TEST

static int refuse(struct context *ctx, void *arg)
{
	return -EINVAL;
}

START_TEST(a_call_that_fails)
{
	struct kdamond_call call = { .fn = refuse };
	u32 i;

	for (i = 0; i < 3; i++) {
		again(all[i]);
		support_target_is(&d.ctx, { 0, P });
		ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
		ck_assert_int_eq(kdamond_call(&k, &call), 0);
		kdamond_prepare(&k);
		if (all[i] != &profile_d) {
			ck_assert_int_eq(kdamond_tick(&k), 0);
			ck_assert_int_eq(k.state, KDAMOND_READY);
		} else {
			ck_assert_int_eq(k.state, KDAMOND_ENDED);
			ck_assert_uint_eq(d.ctx.passed_sample_intervals, 0);
		}
		ck_assert(call.done);
		ck_assert_int_eq(call.ret, -EINVAL);
	}
}
END_TEST

START_TEST(pressure_is_kept_while_another_goal_stands_there)
{
	struct goal goal = { .metric = GOAL_SOME_MEM_PSI_US,
			     .target_value = 1 };
	struct scheme *to = support_damos_add(&d, SCHEME_STAT);
	struct scheme *from = support_damos_add(&in, SCHEME_STAT);

	ck_assert_int_eq(scheme_add_goal(to, &goal), 0);
	ck_assert_int_eq(scheme_add_goal(from, &goal), 0);
	to->quota.goal->last_psi_us = 77;
	from->quota.goal->metric = GOAL_USER_INPUT;
	ck_assert_int_eq(context_commit_goals(&d.ctx, &in.ctx), 0);
	from->quota.goal->metric = GOAL_SOME_MEM_PSI_US;
	ck_assert_int_eq(context_commit_goals(&d.ctx, &in.ctx), 0);
	ck_assert_uint_eq(to->quota.goal->last_psi_us, 77);
}
END_TEST

START_TEST(points_in_time_too_far_away)
{
	u32 i;

	for (i = 0; i < 3; i++) {
		again(all[i]);
		d.ctx.passed_sample_intervals = 5;
		ck_assert(context_reached(&d.ctx, 5));
		ck_assert(!context_reached(&d.ctx, 6));
		ck_assert_int_eq(context_reached(&d.ctx, 6 + (1ULL << 63)),
				 all[i] != &profile_d);
		ck_assert_int_eq(context_reached(&d.ctx, ~0ULL),
				 all[i] != &profile_d);
	}
}
END_TEST

/* Keep out all but the first four pages, where the region is. */
START_TEST(an_address_filter_that_does_not_match)
{
	struct filter filter = { .type = FILTER_ADDR, .addr = { 0, 4 * P } };
	static const struct page page = { .state = PAGE_FOLIO };
	struct filter other = { .type = FILTER_TARGET, .target = 7 };
	struct scheme *s;
	u32 i;

	for (i = 0; i < 3; i++) {
		support_damos_fini(&d);
		support_damos_init_memory(&d, all[i], OPS_PADDR, 16);
		support_memory_fill(&d.memory, 0, 0, 4, &page);
		support_target_is(&d.ctx, { 0, 4 * P, 0, 0, 5 });
		s = support_damos_add(&d, SCHEME_LRU_PRIO);
		other.matching = true;
		ck_assert_int_eq(scheme_add_filter(s, &other), 0);
		support_damos_pass(&d);
		ck_assert_uint_eq(s->stat.sz_applied, 4 * P);
		ck_assert_int_eq(scheme_add_filter(s, &filter), 0);
		support_damos_pass(&d);
		ck_assert_uint_eq(s->stat.nr_tried, 2);
		ck_assert_uint_eq(s->stat.sz_applied,
				  all[i] == &profile_d ? 4 * P : 8 * P);
	}
}
END_TEST

/* Each piece is as large as the quota, which none of them uses up. */
START_TEST(what_filters_keep_out_is_cut_all_along)
{
	struct filter filter = { .type = FILTER_ADDR,
				 .matching = true,
				 .addr = { 0, 10 * P } };
	struct scheme *s = support_damos_add(&d, SCHEME_LRU_PRIO);

	ck_assert_int_eq(scheme_add_filter(s, &filter), 0);
	s->quota.limits.sz = s->quota.state.esz = 2 * P;
	s->quota.limits.reset_interval_ms = 1000;
	support_target_is(&d.ctx, { 0, 10 * P, 0, 0, 5 });
	support_damos_pass(&d);
	ck_assert_str_eq(d.heard, "");
	ck_assert_uint_eq(s->quota.state.charged_sz, 0);
	support_is(&d.ctx, { 0, 2 * P, 0, 0, 5 }, { 2 * P, 4 * P, 0, 0, 5 },
		   { 4 * P, 6 * P, 0, 0, 5 }, { 6 * P, 8 * P, 0, 0, 5 },
		   { 8 * P, 10 * P, 0, 0, 5 });
}
END_TEST

static int make_longer(struct context *ctx, void *arg)
{
	struct attrs attrs = ctx->attrs;

	attrs.aggr_us *= 2;
	return context_set_attrs(ctx, &attrs);
}

/* This tick still ends when it was going to, those behind it do not. */
START_TEST(attributes_from_the_next_tick_on)
{
	struct kdamond_call call = { .fn = make_longer };

	support_target_is(&d.ctx, { 0, P });
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	kdamond_prepare(&k);
	ck_assert_uint_eq(kdamond_idle_ticks(&k), 19);
	ck_assert_int_eq(kdamond_tick(&k), 0);
	ck_assert_int_eq(kdamond_call(&k, &call), 0);
	kdamond_prepare(&k);
	ck_assert_uint_eq(d.ctx.next_aggregation_sis, 41);
	ck_assert_uint_eq(k.next_aggregation_sis, 20);
	ck_assert_uint_eq(kdamond_idle_ticks(&k), 0);
	ck_assert_int_eq(kdamond_tick(&k), 0);
	kdamond_prepare(&k);
	ck_assert_uint_eq(kdamond_idle_ticks(&k), 38);
}
END_TEST

static void no_memory(void *data, struct memory_totals *totals)
{
	*totals = (struct memory_totals){ .nr_pages = 1 };
}

static const struct memory_ops full_ops = { .totals = no_memory };

static void asleep_for(struct scheme *s, u64 us)
{
	s->wmarks = (struct wmarks){ WMARK_FREE_MEM_RATE, us, 9, 6, 3, true };
}

static int take_over(struct context *ctx, void *arg)
{
	return context_commit(ctx, arg);
}

START_TEST(a_sleep_gets_shorter_only)
{
	static const u64 us[][2] = { { 70, 70 }, { 80, 70 }, { 60, 60 } };
	struct kdamond_call call = { .fn = take_over, .arg = &in.ctx };
	struct scheme *s;
	u32 i, j;

	for (i = 0; i < 3; i++) {
		again(all[i]);
		d.ctx.memory.ops = &full_ops;
		support_target_is(&d.ctx, { 0, P });
		support_target_is(&in.ctx, { 0, P });
		asleep_for(support_damos_add(&d, SCHEME_STAT), 70);
		s = support_damos_add(&in, SCHEME_STAT);
		ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
		kdamond_prepare(&k);
		for (j = 0; j < 3; j++) {
			asleep_for(s, us[j][0]);
			ck_assert_int_eq(kdamond_call(&k, &call), 0);
			ck_assert_int_eq(kdamond_tick(&k), 0);
			ck_assert_int_eq(k.state, KDAMOND_INACTIVE);
			ck_assert_uint_eq(k.sleep_us, us[j][1]);
		}
		/* Nobody is left to be waited for. */
		context_drop_schemes(&in.ctx, 0);
		ck_assert_int_eq(kdamond_call(&k, &call), 0);
		ck_assert_int_eq(kdamond_tick(&k), 0);
		ck_assert_int_eq(k.state, KDAMOND_INACTIVE);
		ck_assert_uint_eq(k.sleep_us, 60);
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
	tcase_add_test(tc, ranges_that_touch);
	tcase_add_test(tc, a_round_whose_target_is_gone);
	tcase_add_test(tc, a_round_whose_target_moves_up);
	tcase_add_test(tc, a_call_that_fails);
	tcase_add_test(tc, pressure_is_kept_while_another_goal_stands_there);
	tcase_add_test(tc, points_in_time_too_far_away);
	tcase_add_test(tc, an_address_filter_that_does_not_match);
	tcase_add_test(tc, what_filters_keep_out_is_cut_all_along);
	tcase_add_test(tc, attributes_from_the_next_tick_on);
	tcase_add_test(tc, a_sleep_gets_shorter_only);
	return support_run(s);
}
