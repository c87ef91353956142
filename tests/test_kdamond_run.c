// SPDX-License-Identifier: GPL-2.0
/*
 * The kdamond from start to end, and what holds over any run.
 */
#include <check.h>

#include <linux/errno.h>

#include "damon/kdamond.h"
#include "support_check.h"
#include "support_damon.h"

#define PAGE 4096ULL

static struct split_shared shared;
static struct context ctx;
static struct kdamond k;

static void setup(void)
{
	shared = (struct split_shared){ 0 };
	context_init(&ctx, &profile_n, &support_idle_ops, &shared, 1);
}

static void teardown(void)
{
	context_fini(&ctx);
}

/* Windows of @nr ticks. */
static void window_is(u32 nr)
{
	struct attrs attrs = ctx.attrs;

	attrs.sample_us = 100;
	attrs.aggr_us = 100 * nr;
	attrs.aggr_samples = 0;
	ck_assert_int_eq(context_set_attrs(&ctx, &attrs), 0);
}

static void start(void)
{
	ck_assert_int_eq(kdamond_start(&k, &ctx), 0);
}

static int tick(void)
{
	kdamond_prepare(&k);
	return kdamond_tick(&k);
}

static bool never_valid(struct context *c, u32 target)
{
	return false;
}

static bool second_valid(struct context *c, u32 target)
{
	return target == 1;
}

START_TEST(no_targets_end_it_if_they_can_be_invalid)
{
	struct context_ops ops = support_idle_ops;

	ops.target_valid = second_valid;
	ctx.ops = &ops;
	start();
	kdamond_prepare(&k);
	ck_assert_int_eq(k.state, KDAMOND_ENDED);
	ck_assert_uint_eq(ctx.passed_sample_intervals, 0);
}
END_TEST

START_TEST(no_targets_run_on_if_not)
{
	int i;

	start();
	for (i = 0; i < 100; i++)
		ck_assert_int_eq(tick(), 0);
	ck_assert_int_eq(k.state, KDAMOND_READY);
	ck_assert_uint_eq(ctx.passed_sample_intervals, 100);
}
END_TEST

START_TEST(one_valid_target_is_enough)
{
	struct context_ops ops = support_idle_ops;

	ops.target_valid = second_valid;
	ctx.ops = &ops;
	support_target_is(&ctx, { 0, PAGE });
	start();
	kdamond_prepare(&k);
	ck_assert_int_eq(k.state, KDAMOND_ENDED);

	support_target_is(&ctx, { 0, PAGE });
	start();
	ck_assert_int_eq(tick(), 0);
	ck_assert_int_eq(k.state, KDAMOND_READY);
	ops.target_valid = never_valid;
	kdamond_prepare(&k);
	ck_assert_int_eq(k.state, KDAMOND_ENDED);
}
END_TEST

static int failing(struct context *c)
{
	return -ENODEV;
}

START_TEST(init_may_fail)
{
	struct context_ops ops = support_idle_ops;
	struct kdamond_call call = { .fn = NULL };

	ops.init = failing;
	ctx.ops = &ops;
	ck_assert_int_eq(kdamond_start(&k, &ctx), -ENODEV);
	ck_assert_int_eq(k.state, KDAMOND_ENDED);
	ck_assert_int_eq(kdamond_call(&k, &call), -ECANCELED);
}
END_TEST

START_TEST(update_may_fail_and_the_run_goes_on)
{
	struct context_ops ops = support_idle_ops;
	struct attrs attrs = ctx.attrs;

	ops.update = failing;
	ctx.ops = &ops;
	attrs.ops_update_us = 3 * attrs.sample_us;
	ck_assert_int_eq(context_set_attrs(&ctx, &attrs), 0);
	start();
	ck_assert_int_eq(tick(), 0);
	ck_assert_int_eq(tick(), 0);
	ck_assert_int_eq(tick(), -ENODEV);
	ck_assert_int_eq(k.state, KDAMOND_READY);
	ck_assert_int_eq(tick(), 0);
	ck_assert_int_eq(tick(), 0);
	ck_assert_int_eq(tick(), -ENODEV);
	ck_assert_uint_eq(ctx.passed_sample_intervals, 6);
}
END_TEST

START_TEST(without_memory_the_regions_stay)
{
	support_target_is(&ctx, { 0, 1ULL << 63 });
	support_target_is(&ctx, { 0, 1ULL << 63 });
	ck_assert_int_eq(kdamond_start(&k, &ctx), -ENOMEM);
	ck_assert_int_eq(k.state, KDAMOND_ENDED);
	support_is(&ctx, { 0, 1ULL << 63 });
}
END_TEST

static int count_call(struct context *c, void *arg)
{
	return ++*(int *)arg;
}

static int corrupt(struct context *c, void *arg)
{
	c->maybe_corrupted = true;
	return -ENOMEM;
}

static int requeue(struct context *c, void *arg)
{
	return kdamond_call(&k, arg);
}

START_TEST(calls_are_made_once_in_order)
{
	int calls = 0;
	struct kdamond_call first = { .fn = count_call, .arg = &calls };
	struct kdamond_call later = first;
	struct kdamond_call second = { .fn = requeue, .arg = &later };
	struct kdamond_call third = first;

	start();
	ck_assert_int_eq(kdamond_call(&k, &first), 0);
	ck_assert_int_eq(kdamond_call(&k, &second), 0);
	ck_assert_int_eq(kdamond_call(&k, &third), 0);
	ck_assert_int_eq(tick(), 0);
	ck_assert_int_eq(first.ret, 1);
	ck_assert_int_eq(second.ret, 0);
	ck_assert_int_eq(third.ret, 2);
	ck_assert(!later.done);
	ck_assert_int_eq(tick(), 0);
	ck_assert_int_eq(later.ret, 3);
	ck_assert_int_eq(tick(), 0);
	ck_assert_int_eq(calls, 3);
}
END_TEST

START_TEST(a_call_that_corrupts_ends_the_tick)
{
	int calls = 0;
	struct kdamond_call bad = { .fn = corrupt };
	struct kdamond_call after = { .fn = count_call, .arg = &calls };

	support_target_is(&ctx, { 0, 100 * PAGE });
	window_is(1);
	start();
	ck_assert_int_eq(kdamond_call(&k, &bad), 0);
	ck_assert_int_eq(kdamond_call(&k, &after), 0);
	ck_assert_int_eq(tick(), 0);
	ck_assert_int_eq(k.state, KDAMOND_ENDED);
	ck_assert_int_eq(bad.ret, -ENOMEM);
	ck_assert(after.done);
	ck_assert_int_eq(after.ret, -ECANCELED);
	/* No split, though a window had ended. */
	ck_assert_uint_eq(context_nr_regions(&ctx), 10);
	ck_assert_int_eq(kdamond_call(&k, &after), -ECANCELED);
}
END_TEST

START_TEST(stop_ends_it_before_the_next_tick_and_cancels_calls)
{
	int calls = 0;
	struct kdamond_call call = { .fn = count_call, .arg = &calls };

	start();
	kdamond_prepare(&k);
	kdamond_stop(&k);
	ck_assert_int_eq(kdamond_tick(&k), 0);
	ck_assert_int_eq(k.state, KDAMOND_READY);
	ck_assert_int_eq(kdamond_call(&k, &call), 0);
	kdamond_prepare(&k);
	ck_assert_int_eq(k.state, KDAMOND_ENDED);
	ck_assert(call.done);
	ck_assert_int_eq(call.ret, -ECANCELED);
	ck_assert_int_eq(calls, 0);
}
END_TEST

START_TEST(stop_ends_a_pause)
{
	int calls = 0;
	struct kdamond_call call = { .fn = count_call, .arg = &calls };

	start();
	ctx.pause = true;
	ck_assert_int_eq(tick(), 0);
	ck_assert_int_eq(k.state, KDAMOND_PAUSED);
	kdamond_stop(&k);
	ck_assert_int_eq(kdamond_call(&k, &call), 0);
	ck_assert_int_eq(kdamond_tick(&k), 0);
	ck_assert_int_eq(k.state, KDAMOND_ENDED);
	ck_assert_int_eq(call.ret, 1);
}
END_TEST

static u32 last_nr_regions;

static void note_nr_regions(void *data, const struct context *c, u32 target,
			    u32 nr_regions, const struct region *r)
{
	last_nr_regions = nr_regions;
}

static const struct context_observer nr_regions_observer = {
	.aggregated = note_nr_regions,
};

/* Counts of neighbours at the end of a window of 20, and what comes of them. */
START_TEST(threshold_is_a_tenth_of_the_greatest_count)
{
	static const struct {
		u32 a, b, nr;
	} vector[] = {
		{ 9, 8, 2 },   { 9, 9, 1 },   { 10, 9, 1 },  { 10, 8, 2 },
		{ 19, 18, 1 }, { 19, 17, 2 }, { 20, 18, 1 }, { 20, 17, 2 },
	};
	struct regions *v;
	int i;

	ctx.observer = &nr_regions_observer;
	/* The limit is three pages: above the hole are nine regions. */
	support_target_is(&ctx, { 0, PAGE }, { PAGE, 2 * PAGE },
			  { 3 * PAGE, 28 * PAGE });
	window_is(20);
	start();
	v = &ctx.targets[0].regions;
	for (i = 0; i < 19; i++)
		ck_assert_int_eq(tick(), 0);
	v->at[0].nr_accesses = vector[_i].a;
	v->at[1].nr_accesses = vector[_i].b;
	ck_assert_int_eq(tick(), 0);
	ck_assert_uint_eq(last_nr_regions, vector[_i].nr + 9);
}
END_TEST

static int widen(struct context *c, void *arg)
{
	return context_set_regions(c, 0, &(struct range){ 0, 1000 * PAGE }, 1);
}

START_TEST(merges_keep_to_the_last_windows_size_limit)
{
	struct kdamond_call call = { .fn = widen };

	ctx.observer = &nr_regions_observer;
	support_target_is(&ctx, { 0, 100 * PAGE });
	window_is(2);
	start();
	ck_assert_int_eq(kdamond_call(&k, &call), 0);
	tick();
	/* Ten pages nine times, and 910 pages. */
	ck_assert_uint_eq(context_nr_regions(&ctx), 10);
	tick();
	/* None merged into a hundred pages; the last cut to hundreds. */
	ck_assert_uint_eq(last_nr_regions, 9 + 10);
	ck_assert_uint_eq(k.sz_limit, 100 * PAGE);
	tick();
	tick();
	ck_assert_uint_le(last_nr_regions, 12);
}
END_TEST

static struct rng luck;
static u32 nr_checks, window, busy_percent;
static bool max_asked;

/* Each region at most once a tick, and the start of each more often. */
static u32 random_check(struct context *c, bool need_max)
{
	u32 i, j, percent;

	nr_checks++;
	max_asked = need_max;
	for (i = 0; i < c->nr_targets; i++) {
		for (j = 0; j < c->targets[i].regions.nr; j++) {
			percent = j < 5 ? busy_percent : busy_percent / 8;
			if (rng_range(&luck, 0, 100) < percent)
				context_credit(c, i, j);
		}
	}
	return need_max ? context_max_nr_accesses(c) : 0;
}

static const struct context_ops random_ops = {
	.check_accesses = random_check,
};

/* FNV-1a over all that an observer is told. */
static u64 digest;

static void mix(u64 value)
{
	int i;

	for (i = 0; i < 8; i++, value >>= 8)
		digest = (digest ^ (value & 0xff)) * 0x100000001b3ULL;
}

static void note_digest(void *data, const struct context *c, u32 target,
			u32 nr_regions, const struct region *r)
{
	mix(c->passed_sample_intervals);
	mix(target);
	mix(nr_regions);
	mix(r->start);
	mix(r->end);
	mix(r->nr_accesses);
	mix(r->age);
	if (r->nr_accesses > window || r->last_nr_accesses > window)
		ck_abort_msg("%u accesses in %u ticks", r->nr_accesses, window);
	if (r->age > c->passed_sample_intervals / window)
		ck_abort_msg("older than the run");
}

static u64 random_run(u64 seed, u64 luck_seed)
{
	static const struct context_observer observer = {
		.aggregated = note_digest,
	};
	struct support_shape shape = {
		.nr_targets = 1 + luck_seed % 3,
		.nr_regions = 20,
		.region_sz_max = 500,
		.hole_percent = 20,
	};
	u64 sz, gen, nr, reached;
	int i;

	teardown();
	setup();
	ctx.ops = &random_ops;
	ctx.observer = &observer;
	rng_init(&luck, luck_seed);
	support_random_targets(&ctx, &luck, &shape);
	for (i = 0; i < ctx.nr_targets; i++) {
		for (nr = 0; nr < ctx.targets[i].regions.nr; nr++)
			ctx.targets[i].regions.at[nr].age = 0;
	}
	rng_init(&ctx.rng, seed);
	ctx.attrs.max_nr_regions = 60;
	window = rng_range(&luck, 1, 25);
	busy_percent = rng_range(&luck, 0, 101);
	window_is(window);
	sz = support_total_sz(&ctx);
	digest = 0xcbf29ce484222325ULL;
	nr_checks = 0;
	start();
	for (i = 1; i <= 200; i++) {
		gen = ctx.regions_gen;
		nr = context_nr_regions(&ctx);
		kdamond_prepare(&k);
		if (kdamond_tick(&k))
			ck_abort();
		/* Once a tick, whatever there is to report. */
		reached = i % window == 0;
		if (nr_checks != i || max_asked != reached ||
		    support_total_sz(&ctx) != sz)
			ck_abort_msg("tick %d of %u", i, window);
		/* A snapshot need not be built anew within a window. */
		if (!reached && ctx.regions_gen != gen)
			ck_abort_msg("tick %d of %u", i, window);
		if (context_nr_regions(&ctx) != nr && ctx.regions_gen == gen)
			ck_abort_msg("change not noted");
	}
	support_check_layout(&ctx);
	return digest;
}

START_TEST(what_holds_over_any_run)
{
	u64 seed;

	for_each_seed(seed, 300) random_run(seed, seed);
}
END_TEST

START_TEST(same_seed_same_run)
{
	u64 seed, nr_differ = 0, first;

	for_each_seed(seed, 50)
	{
		first = random_run(seed, 7);
		ck_assert_uint_eq(random_run(seed, 7), first);
		nr_differ += random_run(seed + 50, 7) != first;
	}
	ck_assert_uint_ge(nr_differ, 49);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("kdamond_run");
	TCase *tc = tcase_create("kdamond_run");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, no_targets_end_it_if_they_can_be_invalid);
	tcase_add_test(tc, no_targets_run_on_if_not);
	tcase_add_test(tc, one_valid_target_is_enough);
	tcase_add_test(tc, init_may_fail);
	tcase_add_test(tc, update_may_fail_and_the_run_goes_on);
	tcase_add_test(tc, without_memory_the_regions_stay);
	tcase_add_test(tc, calls_are_made_once_in_order);
	tcase_add_test(tc, a_call_that_corrupts_ends_the_tick);
	tcase_add_test(tc, stop_ends_it_before_the_next_tick_and_cancels_calls);
	tcase_add_test(tc, stop_ends_a_pause);
	tcase_add_loop_test(tc, threshold_is_a_tenth_of_the_greatest_count, 0,
			    8);
	tcase_add_test(tc, merges_keep_to_the_last_windows_size_limit);
	tcase_add_test(tc, what_holds_over_any_run);
	tcase_add_test(tc, same_seed_same_run);
	return support_run(s);
}
