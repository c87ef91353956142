// SPDX-License-Identifier: GPL-2.0
/*
 * Idle ticks that are skipped leave the monitor as if each had been made: two
 * contexts are fed the same accesses, one of them ticks through all of it.
 */
#include <stdlib.h>
#include <string.h>

#include "damon/context.h"
#include "damon/kdamond.h"
#include "support_check.h"
#include "support_rng.h"

#define PAGE 4096ULL

/* Accesses that the next tick is to see, and what the observer was told. */
struct feeder {
	u64 nr_regions_hit;
	u64 told;
	struct support_rng rng;
};

static u32 check(struct context *ctx, bool need_max)
{
	struct feeder *f = ctx->ops_data;
	u32 r;

	for (; f->nr_regions_hit; f->nr_regions_hit--) {
		r = support_rng_below(&f->rng, ctx->targets[0].regions.nr);
		if (ctx->targets[0].regions.at[r].nr_accesses <
		    attrs_nr_samples(&ctx->attrs))
			context_credit(ctx, 0, r);
	}
	return need_max ? context_max_nr_accesses(ctx) : 0;
}

static int update(struct context *ctx)
{
	struct feeder *f = ctx->ops_data;

	f->told = f->told * 31 + ctx->passed_sample_intervals;
	return 0;
}

static void aggregated(void *data, const struct context *ctx, u32 target,
		       u32 nr_regions, const struct region *r)
{
	struct feeder *f = data;

	f->told = f->told * 31 + r->start + r->nr_accesses * 7 + r->age +
		  ctx->passed_sample_intervals;
}

static const struct context_ops ops = { .check_accesses = check,
					.update = update };
static const struct context_observer observer = { .aggregated = aggregated };

struct monitor {
	struct context ctx;
	struct kdamond k;
	struct split_shared split;
	struct feeder feeder;
};

static void monitor_init(struct monitor *m, u64 seed)
{
	struct attrs attrs = attrs_default;

	memset(m, 0, sizeof(*m));
	attrs.ops_update_us = 1230000;
	context_init(&m->ctx, &profile_n, &ops, &m->split, seed);
	m->ctx.ops_data = m->ctx.observer_data = &m->feeder;
	m->ctx.observer = &observer;
	ck_assert_int_eq(context_set_attrs(&m->ctx, &attrs), 0);
	ck_assert_int_eq(context_add_target(&m->ctx, 1), 0);
	ck_assert_int_eq(
		regions_add(&m->ctx.targets[0].regions, 0, 3000 * PAGE), 0);
	support_rng_init(&m->feeder.rng, seed);
	ck_assert_int_eq(kdamond_start(&m->k, &m->ctx), 0);
	kdamond_prepare(&m->k);
}

static void tick(struct monitor *m, u64 nr_regions_hit)
{
	m->feeder.nr_regions_hit = nr_regions_hit;
	ck_assert_int_eq(kdamond_tick(&m->k), 0);
	kdamond_prepare(&m->k);
}

START_TEST(skipping_is_ticking)
{
	struct support_rng rng;
	struct monitor a, b;
	u64 skipped = 0, idle, hits, i;
	int step;

	monitor_init(&a, _i);
	monitor_init(&b, _i);
	support_rng_init(&rng, _i);
	for (step = 0; step < 400; step++) {
		hits = support_rng_below(&rng, 20);
		tick(&a, hits);
		tick(&b, hits);
		for (idle = support_rng_below(&rng, 80); idle; idle -= i) {
			i = kdamond_idle_ticks(&b.k);
			i = i < idle ? i : idle;
			kdamond_skip(&b.k, i);
			skipped += i;
			if (!i) {
				tick(&b, 0);
				i = 1;
			}
		}
		while (a.ctx.passed_sample_intervals <
		       b.ctx.passed_sample_intervals)
			tick(&a, 0);
		ck_assert_uint_eq(a.feeder.told, b.feeder.told);
	}
	ck_assert_uint_gt(skipped, 1000);
	ck_assert_uint_eq(a.ctx.targets[0].regions.nr,
			  b.ctx.targets[0].regions.nr);
	context_fini(&a.ctx);
	context_fini(&b.ctx);
}
END_TEST

static int nothing(struct context *ctx, void *arg)
{
	return 0;
}

START_TEST(nothing_that_waits_is_skipped)
{
	struct kdamond_call call = { .fn = nothing };
	struct monitor m;

	monitor_init(&m, 1);
	/* Before the tick that ends the window, 20 ticks long. */
	ck_assert_uint_eq(kdamond_idle_ticks(&m.k), 19);
	ck_assert_int_eq(kdamond_call(&m.k, &call), 0);
	ck_assert_uint_eq(kdamond_idle_ticks(&m.k), 0);
	tick(&m, 0);
	ck_assert_uint_eq(kdamond_idle_ticks(&m.k), 18);
	m.ctx.pause = true;
	ck_assert_uint_eq(kdamond_idle_ticks(&m.k), 0);
	m.ctx.pause = false;
	kdamond_stop(&m.k);
	ck_assert_uint_eq(kdamond_idle_ticks(&m.k), 0);
	context_fini(&m.ctx);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kdamond: skip");
	TCase *tc = tcase_create("skip");

	tcase_add_loop_test(tc, skipping_is_ticking, 0, 20);
	tcase_add_test(tc, nothing_that_waits_is_skipped);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
