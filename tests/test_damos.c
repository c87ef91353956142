// SPDX-License-Identifier: GPL-2.0
/*
 * One pass: who is meant, what is written down of it, filters, walks.
 */
#include <check.h>

#include <linux/errno.h>

#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

static struct support_damos d;

static void setup(void)
{
	support_damos_init(&d, &profile_n);
}

static void teardown(void)
{
	support_damos_fini(&d);
}

static void pass(void)
{
	ck_assert_int_eq(support_damos_pass(&d), 0);
}

static void add_addr_filter(struct scheme *s, u64 start, u64 end, bool matching,
			    bool allow)
{
	struct filter f = { .type = FILTER_ADDR,
			    .matching = matching,
			    .allow = allow,
			    .addr = { start, end } };

	ck_assert_int_eq(scheme_add_filter(s, &f), 0);
	scheme_set_default_reject(s);
}

START_TEST(pattern_bounds_are_inclusive)
{
	static const struct {
		u64 sz;
		u32 nr, age;
		bool in;
	} row[] = {
		{ 2, 3, 4, true },  { 5, 6, 7, true },	{ 1, 3, 4, false },
		{ 6, 3, 4, false }, { 2, 2, 4, false }, { 2, 7, 4, false },
		{ 2, 3, 3, false }, { 2, 3, 8, false },
	};
	struct scheme_pattern pattern = { 2 * P, 5 * P, 3, 6, 4, 7 };
	struct region r = { 0 };
	u32 i;

	for (i = 0; i < 8; i++) {
		r.end = row[i].sz * P;
		r.nr_accesses = row[i].nr;
		r.age = row[i].age;
		ck_assert(damos_in_pattern(&d.ctx, &r, &pattern) == row[i].in);
	}
	/* The frequency is of the last window's length, not the counter. */
	r = (struct region){ .end = 2 * P, .last_nr_accesses = 3, .age = 4 };
	d.ctx.next_aggregation_sis = 20;
	ck_assert(damos_in_pattern(&d.ctx, &r, &pattern));
	d.ctx.profile = &profile_d;
	ck_assert(!damos_in_pattern(&d.ctx, &r, &pattern));
	r.moving_sum_bp = 30000;
	ck_assert(damos_in_pattern(&d.ctx, &r, &pattern));
	r.moving_sum_bp = 29999;
	ck_assert(!damos_in_pattern(&d.ctx, &r, &pattern));
}
END_TEST

START_TEST(surprise_42_a_fresh_pattern_means_nothing)
{
	struct region r = { .end = P };
	struct scheme s;

	scheme_init(&s, SCHEME_STAT);
	ck_assert(!damos_in_pattern(&d.ctx, &r, &s.pattern));
	r.end = 0;
	ck_assert(damos_in_pattern(&d.ctx, &r, &s.pattern));
	/* A pattern is in the units of addresses: that is one page. */
	ck_assert_int_eq(context_set_addr_unit(&d.ctx, 1024, true), 0);
	s.pattern.min_sz = s.pattern.max_sz = 4;
	r.end = 4;
	ck_assert(damos_in_pattern(&d.ctx, &r, &s.pattern));
}
END_TEST

START_TEST(statistics)
{
	struct scheme *s = support_damos_add(&d, SCHEME_COLD);

	support_target_is(&d.ctx, { 0, 2 * P }, { 2 * P, 5 * P, 1 });
	d.passed = 7;
	d.done_percent = 50;
	pass();
	ck_assert_uint_eq(s->stat.nr_tried, 2);
	ck_assert_uint_eq(s->stat.sz_tried, 5 * P);
	ck_assert_uint_eq(s->stat.nr_applied, 2);
	ck_assert_uint_eq(s->stat.sz_applied, 5 * P / 2);
	ck_assert_uint_eq(s->stat.sz_ops_filter_passed, 14);
	ck_assert_uint_eq(s->stat.nr_snapshots, 1);
	ck_assert_uint_eq(s->stat.qt_exceeds, 0);
	d.done_percent = 0;
	pass();
	ck_assert_uint_eq(s->stat.nr_tried, 4);
	ck_assert_uint_eq(s->stat.nr_applied, 2);
	ck_assert_uint_eq(s->stat.nr_snapshots, 2);
}
END_TEST

/* Without anybody who could act, what is meant is still counted and aged. */
START_TEST(no_operations)
{
	struct scheme *s = support_damos_add(&d, SCHEME_PAGEOUT);

	d.ops.apply_scheme = NULL;
	support_target_is(&d.ctx, { 0, 2 * P, 0, 0, 9 });
	pass();
	ck_assert_uint_eq(s->stat.nr_tried, 1);
	ck_assert_uint_eq(s->stat.sz_tried, 2 * P);
	ck_assert_uint_eq(s->stat.nr_applied, 0);
	support_is(&d.ctx, { 0, 2 * P });
}
END_TEST

START_TEST(snapshots_are_limited)
{
	struct scheme *s = support_damos_add(&d, SCHEME_STAT);

	support_target_is(&d.ctx, { 0, P }, { P, 2 * P, 1 });
	support_target_is(&d.ctx, { 0, P });
	s->max_nr_snapshots = 3;
	pass();
	/* One for each target. */
	ck_assert_uint_eq(s->stat.nr_snapshots, 2);
	pass();
	/* The third is complete with the first target. */
	ck_assert_str_eq(d.heard, "0:0 0-1\n0:0 1-2\n");
	pass();
	ck_assert_str_eq(d.heard, "");
	ck_assert_uint_eq(s->stat.nr_snapshots, 3);
	d.ctx.profile = &profile_d;
	pass();
	ck_assert_str_eq(d.heard, "0:0 0-1\n0:0 1-2\n0:1 0-1\n");
	ck_assert_uint_eq(s->stat.nr_snapshots, 3);
}
END_TEST

START_TEST(surprise_29_who_comes_later_sees_age_zero)
{
	struct scheme *s;

	support_damos_add(&d, SCHEME_MIGRATE_HOT);
	s = support_damos_add(&d, SCHEME_MIGRATE_COLD);
	s->pattern.min_age = 5;
	support_target_is(&d.ctx, { 0, P, 0, 0, 9 });
	/* Nothing was done, and still the age is gone. */
	d.done_percent = 0;
	pass();
	ck_assert_str_eq(d.heard, "0:0 0-1\n");
	support_is(&d.ctx, { 0, P });
	/* To count is not to act. */
	d.ctx.schemes[0].action = SCHEME_STAT;
	d.ctx.targets[0].regions.at[0].age = 9;
	pass();
	ck_assert_str_eq(d.heard, "0:0 0-1\n1:0 0-1\n");
}
END_TEST

START_TEST(surprise_30_neighbours_that_are_alike_are_merged)
{
	u64 gen;

	support_damos_add(&d, SCHEME_STAT);
	support_target_is(&d.ctx, { 0, P, 1, 2, 3 }, { P, 2 * P, 1, 2, 3 },
			  { 2 * P, 3 * P, 1, 2, 4 }, { 3 * P, 4 * P, 1, 3, 4 },
			  { 4 * P, 5 * P, 2, 3, 4 }, { 6 * P, 7 * P, 2, 3, 4 },
			  { 7 * P, 8 * P, 2, 3, 4 }, { 8 * P, 9 * P, 2, 3, 4 });
	/* All is 8 pages, a third of it at most: 2 pages and some. */
	gen = d.ctx.regions_gen;
	pass();
	ck_assert_uint_ne(d.ctx.regions_gen, gen);
	gen = d.ctx.regions_gen;
	pass();
	ck_assert_uint_eq(d.ctx.regions_gen, gen);
	ck_assert_uint_eq(d.ctx.schemes[0].stat.nr_tried, 8 + 6);
	support_is(&d.ctx, { 0, 2 * P, 1, 2, 3 }, { 2 * P, 3 * P, 1, 2, 4 },
		   { 3 * P, 4 * P, 1, 3, 4 }, { 4 * P, 5 * P, 2, 3, 4 },
		   { 6 * P, 8 * P, 2, 3, 4 }, { 8 * P, 9 * P, 2, 3, 4 });
	/* An action makes ages alike. */
	d.ctx.schemes[0].action = SCHEME_COLD;
	pass();
	support_is(&d.ctx, { 0, 2 * P, 1, 2 }, { 2 * P, 3 * P, 1, 2 },
		   { 3 * P, 4 * P, 1, 3 }, { 4 * P, 5 * P, 2, 3 },
		   { 6 * P, 8 * P, 2, 3 }, { 8 * P, 9 * P, 2, 3 });
	d.ctx.attrs.max_nr_regions = 1000;
}
END_TEST

START_TEST(surprise_25_addresses_are_rounded_down)
{
	struct scheme *s = support_damos_add(&d, SCHEME_STAT);

	/* From 1.5 to 3.5 pages: that is from 1 to 3. */
	add_addr_filter(s, 3 * P / 2, 7 * P / 2, true, true);
	support_target_is(&d.ctx, { 0, 9 * P });
	pass();
	ck_assert_str_eq(d.heard, "0:0 1-3\n");
}
END_TEST

START_TEST(address_filters_cut_and_keep_order)
{
	struct scheme *s = support_damos_add(&d, SCHEME_STAT);

	add_addr_filter(s, 2 * P, 5 * P, true, false);
	support_target_is(&d.ctx, { 0, 3 * P, 1 }, { 3 * P, 9 * P, 2 });
	d.ctx.profile = &profile_d; /* does not merge them again */
	pass();
	ck_assert_str_eq(d.heard, "0:0 0-2\n0:0 5-9\n");
	support_is(&d.ctx, { 0, 2 * P, 1 }, { 2 * P, 3 * P, 1 },
		   { 3 * P, 5 * P, 2 }, { 5 * P, 9 * P, 2 });
	/* What is kept out is not aged, nor counted. */
	ck_assert_uint_eq(s->stat.nr_tried, 2);
}
END_TEST

START_TEST(targets_are_filtered_by_place)
{
	struct scheme *s = support_damos_add(&d, SCHEME_STAT);
	struct filter f = { .type = FILTER_TARGET,
			    .matching = true,
			    .target = 1 };

	ck_assert_int_eq(scheme_add_filter(s, &f), 0);
	scheme_set_default_reject(s);
	support_target_is(&d.ctx, { 0, P });
	support_target_is(&d.ctx, { 0, 2 * P });
	support_target_is(&d.ctx, { 0, 3 * P });
	pass();
	ck_assert_str_eq(d.heard, "0:0 0-1\n0:2 0-3\n");
	/* Only that one. */
	s->core_filters.at[0].allow = true;
	scheme_set_default_reject(s);
	pass();
	ck_assert_str_eq(d.heard, "0:1 0-2\n");
	ck_assert(!s->core_filters_allowed);
	/* The operations' filters are to decide of those not named. */
	f = (struct filter){ .type = FILTER_ANON };
	ck_assert_int_eq(scheme_add_filter(s, &f), 0);
	scheme_set_default_reject(s);
	pass();
	ck_assert_str_eq(d.heard, "0:0 0-1\n0:1 0-2\n0:2 0-3\n");
}
END_TEST

START_TEST(surprise_50_the_sleeping_wait_for_others)
{
	struct scheme *a = support_damos_add(&d, SCHEME_STAT);
	struct scheme *b = support_damos_add(&d, SCHEME_STAT);

	a = &d.ctx.schemes[0];
	a->wmarks.activated = b->wmarks.activated = false;
	d.ctx.passed_sample_intervals = 100;
	a->next_apply_sis = b->next_apply_sis = 90;
	ck_assert_int_eq(damos_apply(&d.ctx), 0);
	ck_assert_uint_eq(a->next_apply_sis, 90);
	/* One has work: the other's turn is over, too. */
	b->wmarks.activated = true;
	ck_assert_int_eq(damos_apply(&d.ctx), 0);
	ck_assert_uint_eq(a->next_apply_sis, 120);
	ck_assert_uint_eq(b->next_apply_sis, 120);
}
END_TEST

static void seen(void *arg, const struct context *ctx, u32 target,
		 const struct region *r, u32 scheme, u64 sz_passed)
{
	support_damos_hear(arg, "seen %u:%u %llu-%llu age %u passed %llu\n",
			   scheme, target, r->start / P, r->end / P, r->age,
			   sz_passed);
}

START_TEST(a_walk_sees_each_scheme_once)
{
	struct damos_walk walk = { .fn = seen, .arg = &d };
	struct damos_walk other = walk;

	support_damos_add(&d, SCHEME_COLD);
	support_damos_add(&d, SCHEME_STAT);
	d.passed = 11;
	support_target_is(&d.ctx, { 0, P, 0, 0, 9 });
	ck_assert_int_eq(damos_walk_start(&d.ctx, &walk), 0);
	ck_assert_int_eq(damos_walk_start(&d.ctx, &other), -EBUSY);
	/* Only the first is due. */
	d.heard[0] = 0;
	d.ctx.schemes[0].next_apply_sis = 0;
	d.ctx.schemes[1].next_apply_sis = 1;
	ck_assert_int_eq(damos_apply(&d.ctx), 0);
	/* After the action, before the age is gone. */
	ck_assert_str_eq(d.heard, "0:0 0-1\nseen 0:0 0-1 age 9 passed 11\n");
	ck_assert(!walk.done);
	pass();
	ck_assert_str_eq(d.heard, "0:0 0-1\n1:0 0-1\n"
				  "seen 1:0 0-1 age 0 passed 11\n");
	ck_assert(walk.done);
	ck_assert(!walk.cancelled);
	ck_assert_int_eq(damos_walk_start(&d.ctx, &other), 0);
	damos_walk_cancel(&d.ctx);
	ck_assert(other.done);
	ck_assert(other.cancelled);
	damos_walk_cancel(&d.ctx);
}
END_TEST

START_TEST(a_cancelled_walk_leaves_its_mark)
{
	struct damos_walk walk = { .fn = seen, .arg = &d };
	u32 i;

	support_damos_add(&d, SCHEME_STAT);
	support_damos_add(&d, SCHEME_STAT);
	support_target_is(&d.ctx, { 0, P });
	ck_assert_int_eq(damos_walk_start(&d.ctx, &walk), 0);
	d.ctx.schemes[0].next_apply_sis = 0;
	ck_assert_int_eq(damos_apply(&d.ctx), 0);
	damos_walk_cancel(&d.ctx);
	ck_assert_int_eq(damos_walk_start(&d.ctx, &walk), 0);
	ck_assert(!walk.done);
	ck_assert(!walk.cancelled);
	/* Of the first scheme nothing more is seen. */
	pass();
	ck_assert_str_eq(d.heard, "0:0 0-1\n1:0 0-1\n"
				  "seen 1:0 0-1 age 0 passed 0\n");
	ck_assert(walk.done);
	/* A walk that came to its end takes all marks away. */
	for (i = 0; i < 2; i++)
		ck_assert(!d.ctx.schemes[i].walk_completed);
}
END_TEST

/* What no action reached is not seen. */
START_TEST(a_walk_sees_only_what_was_handed_over)
{
	struct damos_walk walk = { .fn = seen, .arg = &d };
	struct scheme *s = support_damos_add(&d, SCHEME_STAT);

	add_addr_filter(s, 0, P, true, false);
	support_target_is(&d.ctx, { 0, P });
	ck_assert_int_eq(damos_walk_start(&d.ctx, &walk), 0);
	s->wmarks.activated = false;
	/* Asleep: that one waits. */
	pass();
	ck_assert(!walk.done);
	s->wmarks.activated = true;
	pass();
	ck_assert_str_eq(d.heard, "");
	ck_assert(walk.done);
}
END_TEST

static void count_regions(void *data, const struct context *ctx, u32 scheme,
			  u32 target, u32 nr_regions, const struct region *r,
			  u32 nr_accesses)
{
	support_damos_hear(data, "%u of %u: ", r->age, nr_regions);
}

START_TEST(what_is_told_before_an_action)
{
	static const struct context_observer observer = {
		.before_apply = count_regions,
	};

	d.ctx.observer = &observer;
	d.ctx.observer_data = &d;
	support_damos_add(&d, SCHEME_COLD);
	support_target_is(&d.ctx, { 0, P, 0, 0, 1 }, { P, 2 * P, 0, 0, 2 },
			  { 2 * P, 3 * P, 0, 0, 3 }, { 3 * P, 9 * P, 0, 0, 4 });
	/* Merging on the way makes them fewer. */
	pass();
	ck_assert_str_eq(d.heard, "1 of 4: 0:0 0-1\n2 of 4: 0:0 1-2\n"
				  "3 of 3: 0:0 2-3\n4 of 2: 0:0 3-9\n");
	support_is(&d.ctx, { 0, 3 * P }, { 3 * P, 9 * P });
}
END_TEST

int main(void)
{
	Suite *s = suite_create("damos");
	TCase *tc = tcase_create("damos");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, pattern_bounds_are_inclusive);
	tcase_add_test(tc, surprise_42_a_fresh_pattern_means_nothing);
	tcase_add_test(tc, statistics);
	tcase_add_test(tc, no_operations);
	tcase_add_test(tc, snapshots_are_limited);
	tcase_add_test(tc, surprise_29_who_comes_later_sees_age_zero);
	tcase_add_test(tc, surprise_30_neighbours_that_are_alike_are_merged);
	tcase_add_test(tc, surprise_25_addresses_are_rounded_down);
	tcase_add_test(tc, address_filters_cut_and_keep_order);
	tcase_add_test(tc, targets_are_filtered_by_place);
	tcase_add_test(tc, surprise_50_the_sleeping_wait_for_others);
	tcase_add_test(tc, a_walk_sees_each_scheme_once);
	tcase_add_test(tc, a_cancelled_walk_leaves_its_mark);
	tcase_add_test(tc, a_walk_sees_only_what_was_handed_over);
	tcase_add_test(tc, what_is_told_before_an_action);
	return support_run(s);
}
