// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation of a run fails once: it is told, the regions are whole, and
 * the run goes on.
 *
 * realloc(), which is all that the core allocates with, is taken over here.
 * The sanitizers do the same, so there this program has nothing to do.
 */
#include <stdio.h>

#include <check.h>

#include <linux/errno.h>

#include "damon/kdamond.h"
#include "support_check.h"
#include "support_damon.h"

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer) || \
	defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)

int main(void)
{
	puts("region nomem: skipped, the allocator is the sanitizer's");
	return 0;
}

#else

#define PAGE 4096ULL

void *__libc_realloc(void *mem, size_t sz);
void *realloc(void *mem, size_t sz);

static bool counting;
static u32 nr_left; /* until one fails */
static u32 nr_failed;

void *realloc(void *mem, size_t sz)
{
	if (counting && nr_left-- == 0) {
		nr_failed++;
		return NULL;
	}
	return __libc_realloc(mem, sz);
}

static int grow(struct context *ctx)
{
	u64 pages = 10 * ctx->passed_sample_intervals;

	return context_set_regions(
		ctx, 0,
		(struct range[]){ { 0, 1000 * PAGE },
				  { 1001 * PAGE, (2000 + pages) * PAGE } },
		2);
}

/* Until it succeeds, as there is memory again afterwards. */
static u32 set_up(struct context *ctx, struct kdamond *k)
{
	const u64 sz = 16 * PAGE;
	u32 nr_told = 0, i;

	while (ctx->nr_targets < 6) {
		if (context_add_target(ctx, 0))
			nr_told++;
	}
	for (i = 1; i < 6; i++) {
		while (ctx->targets[i].regions.nr == 0) {
			if (regions_add(&ctx->targets[i].regions, 0, sz))
				nr_told++;
		}
		while (ctx->targets[i].regions.nr == 1) {
			if (context_split_region(ctx, i, 0, sz / 2))
				nr_told++;
		}
	}
	while (kdamond_start(k, ctx))
		nr_told++;
	return nr_told;
}

/* Returns how often it was told that there was no memory. */
static u32 run(void)
{
	struct context_ops ops = support_idle_ops;
	struct split_shared shared = { 0 };
	struct context ctx;
	struct kdamond k;
	u32 nr_told, i;
	int err;

	context_init(&ctx, &profile_n, &ops, &shared, 1);
	ctx.attrs.aggr_us = 2 * ctx.attrs.sample_us;
	ctx.attrs.ops_update_us = 7 * ctx.attrs.sample_us;
	ops.init = grow;
	ops.update = grow;
	counting = true;
	nr_told = set_up(&ctx, &k);
	for (i = 0; i < 100; i++) {
		kdamond_prepare(&k);
		err = kdamond_tick(&k);
		ck_assert(!err || err == -ENOMEM);
		nr_told += !!err;
		support_check_layout(&ctx);
		ck_assert_int_eq(k.state, KDAMOND_READY);
		/* The first target is 1999 pages or more, with one hole. */
		ck_assert_uint_ge(support_total_sz(&ctx),
				  (1999 + 5 * 16) * PAGE);
	}
	counting = false;
	context_fini(&ctx);
	return nr_told;
}

START_TEST(each_allocation_may_fail)
{
	u32 at;

	for (at = 0;; at++) {
		nr_left = at;
		nr_failed = 0;
		ck_assert_uint_eq(run(), nr_failed);
		if (!nr_failed)
			break;
	}
	ck_assert_uint_gt(at, 12);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("region_nomem");
	TCase *tc = tcase_create("region_nomem");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, each_allocation_may_fail);
	return support_run(s);
}

#endif
