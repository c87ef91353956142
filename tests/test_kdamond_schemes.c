// SPDX-License-Identifier: GPL-2.0
/*
 * Schemes in the kdamond's tick: when, before what, and when not.
 */
#include <check.h>

#include <linux/errno.h>

#include "damon/context_commit.h"
#include "damon/kdamond.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

static struct support_damos d;
static struct kdamond k;
static u32 credits; /* ticks that still see an access of region 0 */

static u32 check_accesses(struct context *ctx, bool need_max)
{
	if (credits) {
		credits--;
		context_credit(ctx, 0, 0);
	}
	return need_max ? context_max_nr_accesses(ctx) : 0;
}

static void hear_aggregated(void *data, const struct context *ctx, u32 target,
			    u32 nr_regions, const struct region *r)
{
	support_damos_hear(data, "aggregated %u age %u\n", r->nr_accesses,
			   r->age);
}

static void hear_before(void *data, const struct context *ctx, u32 scheme,
			u32 target, u32 nr_regions, const struct region *r,
			u32 nr_accesses)
{
	support_damos_hear(data, "scheme %u at %llu: %u age %u\n", scheme,
			   ctx->passed_sample_intervals, nr_accesses, r->age);
}

static void hear_applied(void *data, const struct context *ctx, u32 scheme,
			 const struct scheme_stat *stat)
{
	support_damos_hear(data, "applied %u\n", scheme);
}

static const struct context_observer observer = {
	.aggregated = hear_aggregated,
	.before_apply = hear_before,
	.applied = hear_applied,
};

/* Windows of four ticks; one region, too small to be cut. */
static void setup(void)
{
	support_damos_init(&d, &profile_n);
	d.ops.check_accesses = check_accesses;
	d.ctx.attrs.sample_us = 10;
	d.ctx.attrs.aggr_us = 40;
	d.ctx.attrs.ops_update_us = 1000000;
	support_target_is(&d.ctx, { 0, P });
	credits = 0;
}

static void teardown(void)
{
	support_damos_fini(&d);
}

static void start(void)
{
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	d.ctx.observer = &observer;
	d.ctx.observer_data = &d;
}

static void ticks(u32 nr)
{
	d.heard[0] = 0;
	while (nr--) {
		kdamond_prepare(&k);
		ck_assert_int_eq(k.state, KDAMOND_SLEEPING);
		ck_assert_int_eq(kdamond_tick(&k), 0);
	}
}

START_TEST(surprise_11_schemes_run_before_the_reset)
{
	support_damos_add(&d, SCHEME_STAT);
	start();
	credits = 3;
	ticks(4);
	/* All of the window, its age counted, and not yet reset. */
	ck_assert_str_eq(d.heard, "scheme 0 at 4: 3 age 0\n"
				  "0:0 0-1\n"
				  "applied 0\n"
				  "aggregated 3 age 0\n");
	ck_assert_uint_eq(d.ctx.targets[0].regions.at[0].nr_accesses, 0);
}
END_TEST

/* In mid-window the last one stands for what is still to come. */
START_TEST(surprise_11_in_mid_window_the_last_one_helps)
{
	support_damos_add(&d, SCHEME_STAT)->apply_interval_us = 10;
	start();
	credits = 5;
	ticks(6);
	/*
	 * 1 of 4, then 1 more each; then of the last 4, and of the 1 that this
	 * window has seen with half of the last 4.
	 */
	ck_assert_str_eq(d.heard, "scheme 0 at 1: 1 age 0\n0:0 0-1\napplied 0\n"
				  "scheme 0 at 2: 2 age 0\n0:0 0-1\napplied 0\n"
				  "scheme 0 at 3: 3 age 0\n0:0 0-1\napplied 0\n"
				  "scheme 0 at 4: 4 age 0\n0:0 0-1\napplied 0\n"
				  "aggregated 4 age 0\n"
				  "scheme 0 at 5: 4 age 0\n0:0 0-1\napplied 0\n"
				  "scheme 0 at 6: 3 age 0\n0:0 0-1\napplied "
				  "0\n");
}
END_TEST

START_TEST(age_is_reset_before_it_is_reported)
{
	support_damos_add(&d, SCHEME_PAGEOUT);
	start();
	ticks(8);
	ck_assert_str_eq(d.heard, "scheme 0 at 4: 0 age 1\n0:0 0-1\n"
				  "applied 0\naggregated 0 age 0\n"
				  "scheme 0 at 8: 0 age 1\n0:0 0-1\n"
				  "applied 0\naggregated 0 age 0\n");
}
END_TEST

START_TEST(each_scheme_has_its_interval)
{
	support_damos_add(&d, SCHEME_STAT)->apply_interval_us = 30;
	support_damos_add(&d, SCHEME_STAT)->apply_interval_us = 79;
	support_damos_add(&d, SCHEME_STAT);
	start();
	ck_assert_uint_eq(d.ctx.schemes[0].next_apply_sis, 3);
	ck_assert_uint_eq(d.ctx.schemes[1].next_apply_sis, 7);
	ck_assert_uint_eq(d.ctx.schemes[2].next_apply_sis, 4);
	ticks(84);
	ck_assert_uint_eq(d.ctx.schemes[0].stat.nr_tried, 28);
	ck_assert_uint_eq(d.ctx.schemes[1].stat.nr_tried, 12);
	ck_assert_uint_eq(d.ctx.schemes[2].stat.nr_tried, 21);
	ck_assert_uint_eq(d.ctx.schemes[2].stat.sz_tried, 21 * P);
	ck_assert_uint_eq(d.ctx.schemes[2].stat.nr_snapshots, 21);
}
END_TEST

static int set_attrs(struct context *ctx, void *arg)
{
	return context_set_attrs(ctx, arg);
}

/* Attributes that are set in the tick in which a scheme is due postpone it. */
START_TEST(attributes_postpone_schemes)
{
	struct attrs attrs = d.ctx.attrs;
	struct kdamond_call call = { .fn = set_attrs, .arg = &attrs };

	support_damos_add(&d, SCHEME_STAT);
	start();
	ticks(3);
	ck_assert_int_eq(kdamond_call(&k, &call), 0);
	ticks(1);
	ck_assert_str_eq(d.heard, "aggregated 0 age 1\n");
	ticks(3);
	ck_assert_str_eq(d.heard, "");
	ticks(1);
	ck_assert_uint_eq(d.ctx.schemes[0].stat.nr_tried, 1);
}
END_TEST

static bool is_valid(struct context *ctx, u32 target)
{
	return (s32)target != d.dead_target;
}

START_TEST(invalid_targets_are_left_alone)
{
	struct quota_state *state;

	d.ops.target_valid = is_valid;
	support_target_is(&d.ctx, { 0, 2 * P });
	state = &support_damos_add(&d, SCHEME_STAT)->quota.state;
	d.dead_target = 0;
	ck_assert_int_eq(support_damos_pass(&d), 0);
	ck_assert_str_eq(d.heard, "0:1 0-2\n");
	d.ctx.profile = &profile_m;
	ck_assert_int_eq(support_damos_pass(&d), 0);
	ck_assert_str_eq(d.heard, "0:1 0-2\n");
	state->charge_target_from = 1;
	state->charge_addr_from = P;
	ck_assert_int_eq(support_damos_pass(&d), 0);
	/* The round that was to go on there is over, from the next one on. */
	ck_assert_uint_eq(state->charge_target_from, 0);
	ck_assert_uint_eq(state->charge_addr_from, 0);
	ck_assert_str_eq(d.heard, "0:1 0-2\n");
	d.ctx.profile = &profile_d;
	ck_assert_int_eq(support_damos_pass(&d), 0);
	ck_assert_str_eq(d.heard, "0:0 0-1\n0:1 0-2\n");
}
END_TEST

/* A sleep that began with an interval keeps to it, however it was held up. */
START_TEST(sleep_is_as_long_as_it_was_when_the_tick_began)
{
	struct attrs attrs = d.ctx.attrs;
	struct kdamond_call call = { .fn = set_attrs, .arg = &attrs };
	struct scheme *s = support_damos_add(&d, SCHEME_STAT);

	support_memory_init(&d.memory, 1, 1000, true);
	d.ctx.memory = (struct memory){ &support_memory_ops, &d.memory };
	s->wmarks = (struct wmarks){
		.metric = WMARK_FREE_MEM_RATE,
		.interval_us = 7000,
		.high = 500,
	};
	start();
	kdamond_prepare(&k);
	ck_assert_int_eq(k.state, KDAMOND_INACTIVE);
	ck_assert_uint_eq(k.sleep_us, 7000);
	attrs.sample_us = 20;
	ck_assert_int_eq(kdamond_call(&k, &call), 0);
	ck_assert_int_eq(kdamond_tick(&k), 0);
	ck_assert(call.done);
	ck_assert_int_eq(k.state, KDAMOND_INACTIVE);
	d.memory.node[0].nr_free = 400;
	s->wmarks.mid = 450;
	ck_assert_int_eq(kdamond_tick(&k), 0);
	ck_assert_int_eq(k.state, KDAMOND_SLEEPING);
	ck_assert_uint_eq(k.sleep_us, 10);
	ck_assert_int_eq(kdamond_tick(&k), 0);
	kdamond_prepare(&k);
	ck_assert_uint_eq(k.sleep_us, 20);
}
END_TEST

/* What ticks without accesses do to schemes and sums, all at once. */
START_TEST(skipping_is_ticking_with_schemes)
{
	static const struct profile *const all[] = { &profile_n, &profile_m,
						     &profile_d };
	static struct support_damos two[2];
	struct kdamond each[2];
	u64 idle, nr_skipped = 0;
	struct scheme *s;
	u32 i;

	for (i = 0; i < 2; i++) {
		support_damos_init(&two[i], all[_i]);
		two[i].ctx.attrs.sample_us = 10;
		two[i].ctx.attrs.aggr_us = 170;
		support_target_is(&two[i].ctx, { 0, P, 0, 15, 3 },
				  { P, 2 * P, 0, 2, 1 });
		two[i].ctx.targets[0].regions.at[0].moving_sum_bp = 150000;
		s = support_damos_add(&two[i], SCHEME_STAT);
		s->apply_interval_us = 70;
		s->pattern.min_nr_accesses = 8;
		ck_assert_int_eq(kdamond_start(&each[i], &two[i].ctx), 0);
		kdamond_prepare(&each[i]);
	}
	while (two[0].ctx.passed_sample_intervals < 200) {
		idle = kdamond_idle_ticks(&each[1]);
		/* The tick in which a scheme is due is made. */
		ck_assert_uint_le(idle, 6);
		kdamond_skip(&each[1], idle);
		nr_skipped += idle;
		for (i = 0; i <= idle; i++) {
			ck_assert_int_eq(kdamond_tick(&each[0]), 0);
			kdamond_prepare(&each[0]);
		}
		ck_assert_int_eq(kdamond_tick(&each[1]), 0);
		kdamond_prepare(&each[1]);
		ck_assert_uint_eq(two[0].ctx.passed_sample_intervals,
				  two[1].ctx.passed_sample_intervals);
		ck_assert_str_eq(two[0].heard, two[1].heard);
		ck_assert_uint_eq(
			two[0].ctx.targets[0].regions.at[0].moving_sum_bp,
			two[1].ctx.targets[0].regions.at[0].moving_sum_bp);
	}
	ck_assert_uint_gt(nr_skipped, 100);
	ck_assert_uint_gt(two[0].ctx.schemes[0].stat.nr_tried, 0);
	support_damos_fini(&two[0]);
	support_damos_fini(&two[1]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("kdamond_schemes");
	TCase *tc = tcase_create("kdamond_schemes");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, surprise_11_schemes_run_before_the_reset);
	tcase_add_test(tc, surprise_11_in_mid_window_the_last_one_helps);
	tcase_add_test(tc, age_is_reset_before_it_is_reported);
	tcase_add_test(tc, each_scheme_has_its_interval);
	tcase_add_test(tc, attributes_postpone_schemes);
	tcase_add_test(tc, invalid_targets_are_left_alone);
	tcase_add_test(tc, sleep_is_as_long_as_it_was_when_the_tick_began);
	tcase_add_loop_test(tc, skipping_is_ticking_with_schemes, 0, 3);
	return support_run(s);
}
