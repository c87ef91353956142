// SPDX-License-Identifier: GPL-2.0
/*
 * From rings to regions: against a search through all regions for each report,
 * over contexts that change their layout between ticks.
 */
#include <stdlib.h>
#include <string.h>

#include "machine/feed.h"
#include "support_check.h"
#include "support_rng.h"

#define TARGETS 3
#define CPUS 5
#define PAGE 4096ULL

static u32 no_check(struct context *ctx, bool need_max)
{
	return 0;
}

static const struct context_ops ops = { .check_accesses = no_check };

static void build(struct context *ctx, struct support_rng *rng)
{
	u32 t, i;

	for (t = 0; t < TARGETS; t++) {
		u64 at = 0;

		ck_assert_int_eq(context_add_target(ctx, 10 + t), 0);
		for (i = 0; i < 20; i++) {
			u64 start = at + support_rng_below(rng, 3) * PAGE;

			at = start + (1 + support_rng_below(rng, 8)) * PAGE;
			ck_assert_int_eq(regions_add(&ctx->targets[t].regions,
						     start, at),
					 0);
		}
	}
	ctx->regions_gen++;
}

/* Cut a region somewhere, as the monitor does. */
static void change(struct context *ctx, struct support_rng *rng)
{
	u32 t = support_rng_below(rng, TARGETS);
	u32 r = support_rng_below(rng, ctx->targets[t].regions.nr);
	u64 sz = region_sz(&ctx->targets[t].regions.at[r]);

	if (sz > PAGE)
		ck_assert_int_eq(context_split_region(ctx, t, r, PAGE), 0);
}

/* Credit by hand what a report hits; true if it is the region's first hit. */
static bool credit(const struct context *ctx, u32 tgid, u64 addr,
		   bool hit[TARGETS][4096], bool *in_region)
{
	u32 t, r;

	for (t = 0; t < TARGETS; t++) {
		const struct regions *v = &ctx->targets[t].regions;

		for (r = 0; ctx->targets[t].tgid == tgid && r < v->nr; r++) {
			if (addr < v->at[r].start || addr >= v->at[r].end)
				continue;
			*in_region = true;
			if (hit[t][r])
				return false;
			return hit[t][r] = true;
		}
	}
	return false;
}

START_TEST(reports_credit_the_region_that_holds_them)
{
	static bool hit[TARGETS][4096];
	struct split_shared split = { 0 };
	struct support_rng rng;
	struct context ctx;
	struct cpus cpus;
	struct feed feed;
	u64 credited = 0, absorbed = 0, outside = 0, pushed = 0;
	u32 tick, i, t, r;

	support_rng_init(&rng, _i);
	context_init(&ctx, &profile_n, &ops, &split, 1);
	build(&ctx, &rng);
	ck_assert_int_eq(cpus_init(&cpus, 64), 0);
	feed_init(&feed, &cpus, false);
	for (tick = 0; tick < 200; tick++) {
		u32 n = support_rng_below(&rng, 40);

		memset(hit, 0, sizeof(hit));
		for (i = 0; i < n; i++) {
			struct damon_report report = {
				.addr = support_rng_below(&rng, 130 * PAGE),
				.tgid = 10 +
					support_rng_below(&rng, TARGETS + 1),
			};
			bool in_region = false;
			struct cpu *cpu;

			ck_assert_int_eq(
				cpus_get(&cpus,
					 support_rng_below(&rng, CPUS) * 7,
					 &cpu),
				0);
			ck_assert(!damon_ring_push(cpu->ring, &report));
			pushed++;
			if (credit(&ctx, report.tgid, report.addr, hit,
				   &in_region))
				credited++;
			else if (in_region)
				absorbed++;
			else
				outside++;
		}
		for (t = 0; t < TARGETS; t++)
			for (r = 0; r < ctx.targets[t].regions.nr; r++)
				ctx.targets[t].regions.at[r].nr_accesses = 0;
		ck_assert_uint_eq(feed_tick(&feed, &ctx), n);
		ck_assert_int_eq(feed.err, 0);
		for (t = 0; t < TARGETS; t++)
			for (r = 0; r < ctx.targets[t].regions.nr; r++)
				ck_assert_uint_eq(ctx.targets[t]
							  .regions.at[r]
							  .nr_accesses,
						  hit[t][r]);
		if (support_rng_below(&rng, 3) == 0)
			change(&ctx, &rng);
	}
	ck_assert_uint_eq(feed.tick.stats.credited, credited);
	ck_assert_uint_eq(feed.tick.stats.absorbed, absorbed);
	ck_assert_uint_eq(feed.tick.stats.lost[DAMON_LOST_NO_TARGET] +
				  feed.tick.stats.lost[DAMON_LOST_NO_REGION],
			  outside);
	ck_assert_uint_eq(credited + absorbed + outside, pushed);
	feed_fini(&feed);
	cpus_fini(&cpus);
	context_fini(&ctx);
}
END_TEST

START_TEST(cpus_are_made_when_heard_of)
{
	struct cpus cpus;
	struct cpu *a, *b;

	ck_assert_int_eq(cpus_init(&cpus, 100), -EINVAL);
	ck_assert_int_eq(cpus_init(&cpus, 0), -EINVAL);
	ck_assert_int_eq(cpus_init(&cpus, 128), 0);
	ck_assert_int_eq(cpus_get(&cpus, 300, &a), 0);
	ck_assert_int_eq(cpus_get(&cpus, 2, &b), 0);
	ck_assert_ptr_ne(a, b);
	ck_assert_int_eq(cpus_get(&cpus, 300, &b), 0);
	ck_assert_ptr_eq(a, b);
	ck_assert_ptr_null(cpus.cpu[299]);
	ck_assert_int_eq(cpus_get(&cpus, CPUS_MAX, &b), -ERANGE);
	cpus_fini(&cpus);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("feed");
	TCase *tc = tcase_create("feed");

	tcase_add_loop_test(tc, reports_credit_the_region_that_holds_them, 0,
			    30);
	tcase_add_test(tc, cpus_are_made_when_heard_of);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
