// SPDX-License-Identifier: GPL-2.0
/*
 * Watermarks: who sleeps, for how long, and who wakes.
 */
#include <check.h>

#include "damon/kdamond.h"
#include "damon/wmarks.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

static struct support_damos d;
static struct kdamond k;

static void setup(void)
{
	support_damos_init_memory(&d, &profile_n, OPS_PADDR, 500);
	support_target_is(&d.ctx, { 0, P });
}

static void teardown(void)
{
	support_damos_fini(&d);
}

/* Of 1000 pages of two nodes. */
static void set_free(u64 permil)
{
	d.memory.node[0].nr_free = permil / 2;
	d.memory.node[1].nr_free = permil - permil / 2;
}

static struct scheme *add(u64 interval_us, u64 high, u64 mid, u64 low)
{
	struct scheme *s = support_damos_add(&d, SCHEME_STAT);

	s->wmarks = (struct wmarks){
		.metric = WMARK_FREE_MEM_RATE,
		.interval_us = interval_us,
		.high = high,
		.mid = mid,
		.low = low,
		.activated = true,
	};
	return s;
}

/* How long to wait, and whether it is awake then, for a history of rates. */
START_TEST(a_band_in_which_it_stays_as_it_is)
{
	static const struct {
		u64 rate;
		bool awake;
	} row[] = {
		{ 450, true }, /* awake at first, and in the band */
		{ 500, true }, /* not above */
		{ 501, false }, /* too much is free */
		{ 500, false }, { 400, false }, { 399, true },
		{ 400, true },	{ 50, true },	{ 49, false }, /* too little */
		{ 50, true },
	};
	struct scheme *s = add(7, 500, 400, 50);
	u32 i;

	for (i = 0; i < sizeof(row) / sizeof(*row); i++) {
		set_free(row[i].rate);
		ck_assert_uint_eq(wmarks_wait_us(&d.ctx, 0),
				  row[i].awake ? 0 : 7);
		ck_assert(s->wmarks.activated == row[i].awake);
	}
}
END_TEST

START_TEST(rate_is_permil_truncated)
{
	struct scheme *s = add(7, 1, 1, 0);

	d.memory.node[0] = (struct memory_node){ 3000, 5 };
	d.memory.node[1] = (struct memory_node){ 0 };
	/* 1.67 is 1, which is not above 1. */
	ck_assert_uint_eq(wmarks_wait_us(&d.ctx, 0), 0);
	d.memory.node[0].nr_free = 6;
	ck_assert_uint_eq(wmarks_wait_us(&d.ctx, 0), 7);
	ck_assert(!s->wmarks.activated);
}
END_TEST

START_TEST(no_metric_is_left_alone)
{
	struct scheme *s = add(7, 0, 0, 0);

	s->wmarks.metric = WMARK_NONE;
	ck_assert_uint_eq(wmarks_wait_us(&d.ctx, 0), 0);
	ck_assert(s->wmarks.activated);
	s->wmarks.activated = false;
	ck_assert_uint_eq(wmarks_wait_us(&d.ctx, 0), 0);
	ck_assert(!s->wmarks.activated);
}
END_TEST

/* The shortest of all; one awake is enough for the monitor to go on. */
START_TEST(the_first_to_look_again_decides)
{
	struct scheme *other;

	ck_assert_uint_eq(wmarks_wait_us(&d.ctx, 0), 0);
	set_free(900);
	add(9, 500, 400, 0);
	add(5, 500, 400, 0);
	add(7, 500, 400, 0);
	ck_assert_uint_eq(wmarks_wait_us(&d.ctx, 0), 5);
	other = support_damos_add(&d, SCHEME_STAT);
	ck_assert_uint_eq(wmarks_wait_us(&d.ctx, 0), 0);
	ck_assert(other->wmarks.activated);
	ck_assert(!d.ctx.schemes[0].wmarks.activated);
	ck_assert(!d.ctx.schemes[2].wmarks.activated);
}
END_TEST

/* An interval of 0 cannot be slept: monitoring goes on, the scheme does not. */
START_TEST(no_interval_no_sleep)
{
	struct scheme *s = add(0, 500, 400, 0);

	set_free(900);
	d.ctx.attrs.sample_us = d.ctx.attrs.aggr_us = 10;
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	kdamond_prepare(&k);
	ck_assert_int_eq(k.state, KDAMOND_SLEEPING);
	ck_assert_int_eq(kdamond_tick(&k), 0);
	ck_assert_uint_eq(d.ctx.passed_sample_intervals, 1);
	ck_assert_uint_eq(s->stat.nr_tried, 0);
}
END_TEST

static int count_calls(struct context *ctx, void *arg)
{
	++*(u32 *)arg;
	return 0;
}

static void never(void *arg, const struct context *ctx, u32 target,
		  const struct region *r, u32 scheme, u64 sz_passed)
{
	ck_abort();
}

START_TEST(surprise_41_windows_go_on_while_the_clock_stands)
{
	struct scheme *s = add(1000, 500, 400, 0);
	struct damos_walk walk = { .fn = never };
	u32 nr_calls = 0, i;
	struct kdamond_call call = { .fn = count_calls, .arg = &nr_calls };

	s->quota.limits.sz = P;
	s->quota.limits.reset_interval_ms = 1000;
	d.ctx.attrs.sample_us = d.ctx.attrs.aggr_us = 10;
	set_free(300);
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	kdamond_prepare(&k);
	ck_assert_int_eq(kdamond_tick(&k), 0);
	ck_assert_uint_eq(s->quota.state.charged_sz, P);
	ck_assert_uint_eq(s->quota.state.charged_from, 1000);

	set_free(900);
	kdamond_prepare(&k);
	ck_assert_int_eq(damos_walk_start(&d.ctx, &walk), 0);
	ck_assert_int_eq(kdamond_call(&k, &call), 0);
	for (i = 0; i < 300; i++) {
		ck_assert_int_eq(k.state, KDAMOND_INACTIVE);
		ck_assert_uint_eq(k.sleep_us, 1000);
		ck_assert_uint_eq(d.ctx.passed_sample_intervals, 1);
		d.ctx.jiffies++;
		ck_assert_int_eq(kdamond_tick(&k), 0);
		/* Calls are done, who waits for a pass is told not to. */
		ck_assert_uint_eq(nr_calls, 1);
		ck_assert(walk.cancelled);
	}
	set_free(300);
	ck_assert_int_eq(kdamond_tick(&k), 0);
	ck_assert_int_eq(k.state, KDAMOND_SLEEPING);
	ck_assert_int_eq(kdamond_tick(&k), 0);
	ck_assert_uint_eq(d.ctx.passed_sample_intervals, 2);
	/* A window is over in which nothing was monitored. */
	ck_assert_uint_eq(s->quota.state.charged_from, 1300);
}
END_TEST

START_TEST(it_can_be_stopped_asleep)
{
	add(1000, 500, 400, 0);
	set_free(900);
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	kdamond_prepare(&k);
	ck_assert_int_eq(k.state, KDAMOND_INACTIVE);
	kdamond_stop(&k);
	ck_assert_int_eq(kdamond_tick(&k), 0);
	ck_assert_int_eq(k.state, KDAMOND_ENDED);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("wmarks");
	TCase *tc = tcase_create("wmarks");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_band_in_which_it_stays_as_it_is);
	tcase_add_test(tc, rate_is_permil_truncated);
	tcase_add_test(tc, no_metric_is_left_alone);
	tcase_add_test(tc, the_first_to_look_again_decides);
	tcase_add_test(tc, no_interval_no_sleep);
	tcase_add_test(tc, surprise_41_windows_go_on_while_the_clock_stands);
	tcase_add_test(tc, it_can_be_stopped_asleep);
	return support_run(s);
}
