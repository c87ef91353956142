// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation of schemes and of commits fails once: it is told, what runs
 * is whole or said to be corrupted, and nothing is lost.
 */
#include <stdio.h>

#include <check.h>

#include <linux/errno.h>

#include "damon/context_commit.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"
#include "support_nomem.h"

#ifdef NOMEM_SKIPPED

int main(void)
{
	puts("damos nomem: skipped, the allocator is the sanitizer's");
	return 0;
}

#else

static struct support_damos d, in;
static long held;

/* In between nothing fails. */
static void hold(void)
{
	held = nomem_left;
	nomem_left = 1l << 40;
}

static void go_on(void)
{
	nomem_left = held;
}

/* A scheme with one of all; the first failure. */
static int add_scheme(struct context *ctx, enum scheme_action action)
{
	struct filter addr = { .type = FILTER_ADDR,
			       .matching = true,
			       .addr = { 3 * P, 5 * P } };
	struct filter anon = { .type = FILTER_ANON, .matching = true };
	struct goal goal = { .target_value = 10, .current_value = 1 };
	struct scheme s = support_scheme(action);
	int err;

	s.quota.limits.sz = 4 * P;
	s.quota.limits.tuner = TUNER_TEMPORAL;
	s.target_nid = 1;
	err = scheme_add_goal(&s, &goal);
	if (!err)
		err = scheme_add_filter(&s, &addr);
	if (!err)
		err = scheme_add_filter(&s, &anon);
	if (!err)
		err = scheme_add_dest(&s, 1, 1);
	if (!err)
		err = context_add_scheme(ctx, &s);
	if (err)
		scheme_fini(&s);
	return err;
}

static int add_target(struct context *ctx, u32 nr)
{
	struct regions *v;
	u32 i;
	int err = context_add_target(ctx, 0);

	if (err)
		return err;
	v = &ctx->targets[ctx->nr_targets - 1].regions;
	for (i = 0; i < nr && !err; i++)
		err = regions_add(v, 16 * i * P, (16 * i + 15) * P);
	return err;
}

static void setup(void)
{
	support_damos_init_memory(&d, &profile_n, OPS_PADDR, 4096);
	support_damos_init(&in, &profile_n);
}

static void teardown(void)
{
	support_damos_fini(&d);
	support_damos_fini(&in);
}

/* Let each allocation of @step fail, and see that it says so or got by. */
static u32 each(int (*step)(void), bool may_get_by)
{
	long at;
	int err;

	for (at = 0;; at++) {
		nomem_begin(1l << 40);
		setup();
		ck_assert_int_eq(add_target(&d.ctx, 16), 0);
		ck_assert_int_eq(add_target(&in.ctx, 17), 0);
		ck_assert_int_eq(add_target(&in.ctx, 1), 0);
		ck_assert_int_eq(add_scheme(&in.ctx, SCHEME_MIGRATE_HOT), 0);
		ck_assert_int_eq(add_scheme(&in.ctx, SCHEME_PAGEOUT), 0);
		nomem_left = at;
		err = step();
		nomem_left = 1l << 40;
		support_check_layout(&d.ctx);
		teardown();
		ck_assert_int_eq(nomem_end(), 0);
		if (!nomem_failed)
			break;
		if (!may_get_by)
			ck_assert_int_eq(err, -ENOMEM);
	}
	ck_assert_int_eq(err, 0);
	return at;
}

static int step_add(void)
{
	return add_scheme(&d.ctx, SCHEME_COLD);
}

START_TEST(adding)
{
	ck_assert_uint_eq(each(step_add, false), 5);
}
END_TEST

static int step_commit(void)
{
	u64 sz = support_total_sz(&d.ctx);
	int err = context_commit(&d.ctx, &in.ctx);

	/* A trial that fails has changed nothing. */
	if (err && !d.ctx.maybe_corrupted) {
		ck_assert_uint_eq(support_total_sz(&d.ctx), sz);
		ck_assert_uint_eq(d.ctx.nr_schemes, 0);
		ck_assert_uint_eq(d.ctx.nr_targets, 1);
	}
	return err;
}

static int step_commit_again(void)
{
	hold();
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), 0);
	go_on();
	return context_commit(&d.ctx, &in.ctx);
}

static int step_old_commit(void)
{
	d.ctx.profile = &profile_d;
	return context_commit(&d.ctx, &in.ctx);
}

static int step_check(void)
{
	return context_check(&in.ctx);
}

START_TEST(committing)
{
	ck_assert_uint_gt(each(step_commit, false), 20);
	ck_assert_uint_gt(each(step_commit_again, false), 20);
	ck_assert_uint_gt(each(step_old_commit, false), 10);
	ck_assert_uint_gt(each(step_check, false), 10);
}
END_TEST

static int step_goals(void)
{
	hold();
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), 0);
	d.ctx.schemes[0].quota.nr_goals = 0;
	go_on();
	return context_commit_goals(&d.ctx, &in.ctx);
}

START_TEST(committing_goals)
{
	ck_assert_uint_eq(each(step_goals, false), 1);
}
END_TEST

/* Sizes stay, whatever could not be cut. */
static int apply(enum scheme_action action, bool quota)
{
	static const struct page one = { .state = PAGE_FOLIO };
	u64 sz;
	u32 i;
	int err;

	hold();
	ck_assert_int_eq(add_scheme(&d.ctx, action), 0);
	ck_assert_int_eq(add_scheme(&d.ctx, action), 0);
	for (i = 0; i < 2 && !quota; i++) {
		d.ctx.schemes[i].quota.limits.sz = 0;
		d.ctx.schemes[i].quota.nr_goals = 0;
	}
	support_memory_fill(&d.memory, 0, 0, 512, &one);
	d.memory.runs = false;
	sz = support_total_sz(&d.ctx);
	go_on();
	err = support_damos_pass(&d);
	hold();
	ck_assert(!err || err == -ENOMEM);
	ck_assert_uint_eq(support_total_sz(&d.ctx), sz);
	go_on();
	return err;
}

static int step_migrate(void)
{
	return apply(SCHEME_MIGRATE_HOT, true);
}

static int step_lru(void)
{
	return apply(SCHEME_LRU_PRIO, true);
}

/* With the quota's cuts only. */
static int step_unscored(void)
{
	d.ops.scheme_score = NULL;
	return apply(SCHEME_LRU_PRIO, true);
}

/* With the filter's cuts only. */
static int step_filtered(void)
{
	return apply(SCHEME_LRU_PRIO, false);
}

START_TEST(applying)
{
	ck_assert_uint_eq(each(step_lru, false), 1);
	ck_assert_uint_eq(each(step_unscored, false), 1);
	ck_assert_uint_eq(each(step_filtered, false), 1);
	/* A folio that cannot be remembered is merely not migrated. */
	ck_assert_uint_eq(each(step_migrate, true), 2);
}
END_TEST

static int step_probes(void)
{
	const struct probe_filter f = { .type = PROBE_FILTER_ANON };

	hold();
	ck_assert_int_eq(probes_add(&in.ctx.probes, 1), 0);
	ck_assert_int_eq(probe_add_filter(in.ctx.probes.at, &f), 0);
	ck_assert_int_eq(
		probe_add_prep(in.ctx.probes.at, PROBE_PREP_SET_PGIDLE), 0);
	go_on();
	return probes_commit(&d.ctx.probes, &in.ctx.probes);
}

/* A tick without addresses counts nothing. */
static int step_sample(void)
{
	const struct regions *v = &d.ctx.targets[0].regions;
	u32 i;

	hold();
	ck_assert_int_eq(probes_add(&d.ctx.probes, 1), 0);
	go_on();
	probe_paddr_apply(&d.ctx, true);
	hold();
	for (i = 0; i < v->nr; i++)
		ck_assert_uint_eq(v->at[i].probe_hits[0], d.ctx.samples.drawn);
	go_on();
	return d.ctx.samples.drawn ? 0 : -ENOMEM;
}

START_TEST(probing)
{
	ck_assert_uint_eq(each(step_probes, false), 2);
	ck_assert_uint_eq(each(step_sample, false), 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("damos_nomem");
	TCase *tc = tcase_create("damos_nomem");

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, probing);
	tcase_add_test(tc, adding);
	tcase_add_test(tc, committing);
	tcase_add_test(tc, committing_goals);
	tcase_add_test(tc, applying);
	return support_run(s);
}

#endif
