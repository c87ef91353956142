// SPDX-License-Identifier: GPL-2.0
/*
 * The order of things within ticks, written down as it happens and compared
 * with the order that the kernel has.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include <linux/errno.h>

#include "damon/access.h"
#include "damon/kdamond.h"
#include "support_check.h"
#include "support_damon.h"

#define PAGE 4096ULL

static struct split_shared shared;
static struct context ctx;
static struct kdamond k;
static char heard[2000];
static u32 credits; /* ticks in which the first ten pages are still accessed */
static bool valid;

/* The event and how many regions there were at that time. */
static void hear(const char *event)
{
	size_t at = strlen(heard);

	snprintf(heard + at, sizeof(heard) - at, "%s %llu\n", event,
		 context_nr_regions(&ctx));
}

static void expect_heard(const char *want)
{
	ck_assert_str_eq(heard, want);
	heard[0] = 0;
}

static int op_init(struct context *c)
{
	hear("init");
	return context_set_regions(c, 0, &(struct range){ 0, 100 * PAGE }, 1);
}

static void op_prepare(struct context *c)
{
	hear("prepare");
}

static u32 op_check(struct context *c, bool need_max)
{
	u32 i;

	hear(need_max ? "check for max" : "check");
	if (credits) {
		credits--;
		for (i = 0; c->targets[0].regions.at[i].start < 10 * PAGE; i++)
			context_credit(c, 0, i);
	}
	return need_max ? context_max_nr_accesses(c) : 12345;
}

static int op_update(struct context *c)
{
	hear("update");
	return 0;
}

static bool op_valid(struct context *c, u32 target)
{
	hear("valid?");
	return valid;
}

static const struct context_ops ops = {
	.init = op_init,
	.prepare_access_checks = op_prepare,
	.check_accesses = op_check,
	.update = op_update,
	.target_valid = op_valid,
};

/* As the tracepoint prints it, for the first two regions. */
static void note_aggregated(void *data, const struct context *c, u32 target,
			    u32 nr_regions, const struct region *r)
{
	char text[80];

	if (r > &c->targets[0].regions.at[1])
		return;
	snprintf(text, sizeof(text), "%u %u %llu-%llu: %u %u last %u of",
		 target, nr_regions, r->start / PAGE, r->end / PAGE,
		 r->nr_accesses, r->age, r->last_nr_accesses);
	hear(text);
}

static void note_tuned(void *data, const struct context *c, u64 sample_us)
{
	hear("tuned");
}

static void note_attrs(void *data, const struct context *c)
{
	hear("attrs");
}

static const struct context_observer observer = {
	.aggregated = note_aggregated,
	.intervals_tuned = note_tuned,
	.attrs_changed = note_attrs,
};

/* Windows of two ticks, update every four. */
static void setup(void)
{
	struct attrs attrs = {
		.sample_us = 10,
		.aggr_us = 20,
		.ops_update_us = 40,
		.min_nr_regions = 10,
		.max_nr_regions = 1000,
	};

	shared = (struct split_shared){ 0 };
	context_init(&ctx, &profile_n, &ops, &shared, 1);
	support_add_target(&ctx, NULL, 0);
	ck_assert_int_eq(context_set_attrs(&ctx, &attrs), 0);
	ctx.observer = &observer;
	heard[0] = 0;
	credits = 0;
	valid = true;
}

static void teardown(void)
{
	context_fini(&ctx);
}

static void start(void)
{
	ck_assert_int_eq(kdamond_start(&k, &ctx), 0);
	ck_assert_int_eq(k.state, KDAMOND_READY);
	heard[0] = 0;
}

static void tick(void)
{
	kdamond_prepare(&k);
	ck_assert_int_eq(k.state, KDAMOND_SLEEPING);
	ck_assert_uint_eq(k.sleep_us, ctx.attrs.sample_us);
	ck_assert_int_eq(kdamond_tick(&k), 0);
}

static int call_hear(struct context *c, void *arg)
{
	hear(arg);
	return 42;
}

START_TEST(order_within_a_tick)
{
	struct kdamond_call call = { .fn = call_hear, .arg = "call" };

	ck_assert_int_eq(kdamond_start(&k, &ctx), 0);
	expect_heard("init 0\n");
	ck_assert_uint_eq(context_nr_regions(&ctx), 10);
	ck_assert_uint_eq(k.sz_limit, 10 * PAGE);

	credits = 2;
	kdamond_prepare(&k);
	expect_heard("valid? 10\nprepare 10\n");
	ck_assert_uint_eq(ctx.passed_sample_intervals, 0);
	ck_assert_int_eq(kdamond_tick(&k), 0);
	expect_heard("check 10\n");
	ck_assert_uint_eq(ctx.passed_sample_intervals, 1);

	ck_assert_int_eq(kdamond_call(&k, &call), 0);
	ck_assert(!call.done);
	tick();
	expect_heard("valid? 10\nprepare 10\ncheck for max 10\ncall 10\n"
		     "0 10 0-10: 2 0 last 0 of 10\n"
		     "0 10 10-20: 0 1 last 0 of 10\n");
	ck_assert(call.done);
	ck_assert_int_eq(call.ret, 42);
	ck_assert_uint_eq(context_nr_regions(&ctx), 20);

	tick();
	expect_heard("valid? 20\nprepare 20\ncheck 20\n");
	/*
	 * The halves are alike again: merged before the calls.  There are as
	 * many as the last time, so they are cut in three before the update.
	 */
	ck_assert_int_eq(kdamond_call(&k, &call), 0);
	tick();
	expect_heard("valid? 20\nprepare 20\ncheck for max 20\ncall 10\n"
		     "0 10 0-10: 0 0 last 2 of 10\n"
		     "0 10 10-20: 0 2 last 0 of 10\n"
		     "update 25\n");
}
END_TEST

START_TEST(tuning_comes_before_the_reset)
{
	struct attrs attrs = ctx.attrs;

	attrs.goal = (struct intervals_goal){ 400, 2, 1, 1000 };
	ck_assert_int_eq(context_set_attrs(&ctx, &attrs), 0);
	start();
	ck_assert_uint_eq(ctx.next_intervals_tune_sis, 4);
	credits = 4;
	tick();
	tick();
	tick();
	heard[0] = 0;
	tick();
	/*
	 * A tenth of the memory in each tick is 1000 bp, 400 were wanted: half
	 * the intervals, twice the age.
	 */
	expect_heard("valid? 20\nprepare 20\ncheck for max 20\n"
		     "tuned 10\nattrs 10\n"
		     "0 10 0-10: 2 2 last 2 of 10\n"
		     "0 10 10-20: 0 4 last 0 of 10\n"
		     "update 25\n");
	ck_assert_uint_eq(ctx.attrs.sample_us, 5);
	ck_assert_uint_eq(ctx.attrs.aggr_us, 10);
	ck_assert_uint_eq(ctx.next_aggregation_sis, 6);
	ck_assert_uint_eq(ctx.next_intervals_tune_sis, 8);
}
END_TEST

static int call_set_attrs(struct context *c, void *arg)
{
	int err = context_set_attrs(c, arg);

	/* The window has just restarted, though the counts are the old. */
	ck_assert_uint_eq(access_moving_sum(c, &c->targets[0].regions.at[0]),
			  c->targets[0].regions.at[0].last_nr_accesses);
	return err;
}

START_TEST(attrs_set_at_the_end_of_a_window_keep_its_counts)
{
	struct attrs attrs = ctx.attrs;
	struct kdamond_call call = { .fn = call_set_attrs, .arg = &attrs };

	attrs.sample_us = 20;
	attrs.aggr_us = 120;
	attrs.ops_update_us = 80;
	attrs.aggr_samples = 0;
	start();
	credits = 2;
	tick();
	heard[0] = 0;
	ck_assert_int_eq(kdamond_call(&k, &call), 0);
	tick();
	ck_assert_int_eq(call.ret, 0);
	/* Two of two are six of six. */
	expect_heard("valid? 10\nprepare 10\ncheck for max 10\nattrs 10\n"
		     "0 10 0-10: 6 0 last 0 of 10\n"
		     "0 10 10-20: 0 0 last 0 of 10\n");
	ck_assert_uint_eq(ctx.next_aggregation_sis, 8);
	ck_assert_uint_eq(ctx.next_ops_update_sis, 6);
	ck_assert_uint_eq(k.sleep_us, 10);
	tick();
	ck_assert_uint_eq(k.sleep_us, 20);
}
END_TEST

START_TEST(tuning_after_a_commit_keeps_the_counts)
{
	struct attrs attrs = ctx.attrs;
	struct kdamond_call call = { .fn = call_set_attrs, .arg = &attrs };

	attrs.goal = (struct intervals_goal){ 400, 1, 1, 1000 };
	ck_assert_int_eq(context_set_attrs(&ctx, &attrs), 0);
	start();
	credits = 2;
	tick();
	heard[0] = 0;
	ck_assert_int_eq(kdamond_call(&k, &call), 0);
	tick();
	expect_heard("valid? 10\nprepare 10\ncheck for max 10\nattrs 10\n"
		     "tuned 10\nattrs 10\n"
		     "0 10 0-10: 2 0 last 0 of 10\n"
		     "0 10 10-20: 0 2 last 0 of 10\n");
}
END_TEST

START_TEST(commit_in_mid_window_restarts_it)
{
	struct attrs attrs = ctx.attrs;
	struct kdamond_call call = { .fn = call_set_attrs, .arg = &attrs };

	start();
	credits = 1;
	ck_assert_int_eq(kdamond_call(&k, &call), 0);
	tick();
	ck_assert_uint_eq(ctx.targets[0].regions.at[0].nr_accesses, 0);
	ck_assert_uint_eq(ctx.next_aggregation_sis, 3);
	tick();
	heard[0] = 0;
	tick();
	expect_heard("valid? 10\nprepare 10\ncheck for max 10\n"
		     "0 10 0-10: 0 1 last 0 of 10\n"
		     "0 10 10-20: 0 1 last 0 of 10\n");
}
END_TEST

static int call_enable_goal(struct context *c, void *arg)
{
	struct attrs attrs = c->attrs;

	attrs.goal = (struct intervals_goal){ 400, 2, 10, 10 };
	return context_set_attrs(c, &attrs);
}

/* The time of the next tuning began at 0 and moves by 4 ticks a tuning. */
START_TEST(tuning_enabled_late_catches_up_first)
{
	struct kdamond_call call = { .fn = call_enable_goal };
	const char *tuned;
	u64 at = 0;
	int i;

	start();
	for (i = 0; i < 12; i++)
		tick();
	ck_assert_int_eq(kdamond_call(&k, &call), 0);
	for (i = 12; i < 32; i++) {
		heard[0] = 0;
		tick();
		tuned = strstr(heard, "tuned");
		if (tuned)
			at |= 1ULL << ctx.passed_sample_intervals;
	}
	/* The commit was at 13; windows end at 15, 17, ... */
	ck_assert_uint_eq(at, 1ULL << 15 | 1ULL << 17 | 1ULL << 19 |
				      1ULL << 21 | 1ULL << 23 | 1ULL << 25 |
				      1ULL << 27 | 1ULL << 29);
}
END_TEST

START_TEST(time_stands_still_while_paused)
{
	struct kdamond_call call = { .fn = call_hear, .arg = "call" };
	int i;

	start();
	tick();
	heard[0] = 0;
	ctx.pause = true;
	kdamond_prepare(&k);
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(kdamond_tick(&k), 0);
		ck_assert_int_eq(k.state, KDAMOND_PAUSED);
		ck_assert_uint_eq(k.sleep_us, 10);
		ck_assert_uint_eq(ctx.passed_sample_intervals, 2);
	}
	ck_assert_int_eq(kdamond_call(&k, &call), 0);
	ck_assert_int_eq(kdamond_tick(&k), 0);
	/* Checked once, not yet reset. */
	expect_heard("valid? 10\nprepare 10\ncheck for max 10\nvalid? 10\n"
		     "valid? 10\ncall 10\nvalid? 10\n");
	ctx.pause = false;
	ck_assert_int_eq(kdamond_tick(&k), 0);
	ck_assert_int_eq(k.state, KDAMOND_READY);
	expect_heard("valid? 10\n0 10 0-10: 0 1 last 0 of 10\n"
		     "0 10 10-20: 0 1 last 0 of 10\n");
	ck_assert_uint_eq(ctx.passed_sample_intervals, 2);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("kdamond");
	TCase *tc = tcase_create("kdamond");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, order_within_a_tick);
	tcase_add_test(tc, tuning_comes_before_the_reset);
	tcase_add_test(tc, attrs_set_at_the_end_of_a_window_keep_its_counts);
	tcase_add_test(tc, tuning_after_a_commit_keeps_the_counts);
	tcase_add_test(tc, commit_in_mid_window_restarts_it);
	tcase_add_test(tc, tuning_enabled_late_catches_up_first);
	tcase_add_test(tc, time_stands_still_while_paused);
	return support_run(s);
}
