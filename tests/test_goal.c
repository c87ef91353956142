// SPDX-License-Identifier: GPL-2.0
/*
 * What each metric of a goal measures, also of what is not there.
 */
#include <check.h>

#include "damon/goal.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

static struct support_damos d;
static struct scheme *s;

static const struct page one = { .state = PAGE_FOLIO, .active = true };
static const struct page there = { .state = PAGE_FOLIO, .nid = 1, .memcg = 1 };

static void setup(void)
{
	support_damos_init_memory(&d, &profile_n, OPS_PADDR, 1000);
	s = support_damos_add(&d, SCHEME_MIGRATE_HOT);
}

static void teardown(void)
{
	support_damos_fini(&d);
}

static u64 measure(enum goal_metric metric, s32 nid, u32 memcg)
{
	struct goal goal = {
		.metric = metric,
		.target_value = 77,
		.current_value = 5,
		.nid = nid,
		.memcg = memcg,
		.last_psi_us = GOAL_PSI_UNKNOWN,
	};

	goal_measure(&d.ctx, s, &goal);
	return goal.current_value;
}

static void used_and_free(s32 nid, u64 used, u64 free)
{
	ck_assert_uint_eq(measure(GOAL_NODE_MEM_USED_BP, nid, 0), used);
	ck_assert_uint_eq(measure(GOAL_NODE_MEM_FREE_BP, nid, 0), free);
}

START_TEST(what_users_measure_stays)
{
	ck_assert_uint_eq(measure(GOAL_USER_INPUT, 0, 0), 5);
}
END_TEST

START_TEST(use_of_a_node)
{
	d.memory.node[0].nr_free = 333;
	used_and_free(0, 6670, 3330);
	d.memory.node[0] = (struct memory_node){ 3, 1 };
	used_and_free(0, 6666, 3333);
	used_and_free(1, 0, 10000);
	/* None, or without memory. */
	used_and_free(-1, 0, 10000);
	used_and_free(2, 0, 10000);
	used_and_free(1000, 0, 10000);
	/* More is free than there is. */
	d.memory.node[0].nr_free = 4;
	used_and_free(0, 10000, 0);
}
END_TEST

/* A node that is there and has no pages: not what a real one says. */
static bool empty_node(void *data, s32 nid, struct memory_node *node)
{
	if (node)
		*node = (struct memory_node){ 0 };
	return true;
}

START_TEST(use_of_an_empty_node)
{
	struct memory_ops ops = support_memory_ops;

	ops.node = empty_node;
	d.ctx.memory.ops = &ops;
	used_and_free(0, 10000, 0);
	ck_assert_uint_eq(measure(GOAL_NODE_MEMCG_USED_BP, 0, 0), 10000);
	ck_assert_uint_eq(measure(GOAL_NODE_MEMCG_FREE_BP, 0, 0), 0);
}
END_TEST

static void of_group(s32 nid, u32 memcg, u64 used, u64 free)
{
	ck_assert_uint_eq(measure(GOAL_NODE_MEMCG_USED_BP, nid, memcg), used);
	ck_assert_uint_eq(measure(GOAL_NODE_MEMCG_FREE_BP, nid, memcg), free);
}

START_TEST(use_of_a_node_by_a_group)
{
	support_memory_fill(&d.memory, 0, 0, 100, &one);
	support_memory_fill(&d.memory, 0, 100, 250, &there);
	of_group(0, 0, 1000, 9000);
	of_group(1, 0, 0, 10000);
	of_group(1, 1, 2500, 7500);
	/* No such node; a group that is gone. */
	of_group(3, 1, 0, 10000);
	of_group(1, SUPPORT_MEMCGS, 0, 10000);
	/* It has more than the node. */
	d.memory.node[1].nr_pages = 249;
	of_group(1, 1, 10000, 0);
}
END_TEST

START_TEST(active_and_inactive)
{
	ck_assert_uint_eq(measure(GOAL_ACTIVE_MEM_BP, 0, 0), 0);
	ck_assert_uint_eq(measure(GOAL_INACTIVE_MEM_BP, 0, 0), 0);
	support_memory_fill(&d.memory, 0, 0, 100, &one);
	support_memory_fill(&d.memory, 0, 100, 200, &there);
	ck_assert_uint_eq(measure(GOAL_ACTIVE_MEM_BP, 0, 0), 3333);
	ck_assert_uint_eq(measure(GOAL_INACTIVE_MEM_BP, 0, 0), 6666);
}
END_TEST

START_TEST(huge_pages)
{
	static const struct page huge = { .state = PAGE_FOLIO, .order = 9 };

	/* Nothing is used, so all of it is in huge pages. */
	ck_assert_uint_eq(measure(GOAL_HUGEPAGE_MEM_BP, 0, 0), 10000);
	support_memory_fill(&d.memory, 0, 0, 512, &huge);
	ck_assert_uint_eq(measure(GOAL_HUGEPAGE_MEM_BP, 0, 0), 10000);
	support_memory_fill(&d.memory, 0, 512, 128, &there);
	ck_assert_uint_eq(measure(GOAL_HUGEPAGE_MEM_BP, 0, 0), 8000);
}
END_TEST

START_TEST(pressure)
{
	struct goal goal = { .metric = GOAL_SOME_MEM_PSI_US,
			     .target_value = 77 };
	struct goal *g;

	d.memory.psi_us = 1000;
	ck_assert_int_eq(scheme_add_goal(s, &goal), 0);
	g = &s->quota.goal[0];
	/* Just as wanted, as long as there is nothing to compare with. */
	goal_measure(&d.ctx, s, g);
	ck_assert_uint_eq(g->current_value, 77);
	d.memory.psi_us = 1500;
	goal_measure(&d.ctx, s, g);
	ck_assert_uint_eq(g->current_value, 500);
	goal_measure(&d.ctx, s, g);
	ck_assert_uint_eq(g->current_value, 0);
}
END_TEST

static u64 eligible(s32 nid)
{
	u64 runs, single;

	d.memory.runs = true;
	runs = measure(GOAL_NODE_ELIGIBLE_MEM_BP, nid, 0);
	d.memory.runs = false;
	single = measure(GOAL_NODE_ELIGIBLE_MEM_BP, nid, 0);
	ck_assert_uint_eq(runs, single);
	return runs;
}

START_TEST(surprise_37_where_what_is_meant_lies)
{
	static const struct page four = { .state = PAGE_FOLIO, .order = 2 };
	struct filter f = { .type = FILTER_ADDR,
			    .matching = true,
			    .addr = { 0, 4096 * P } };

	/* A hole, three on node 0, 12 on node 1. */
	support_memory_fill(&d.memory, 0, 4, 4, &four);
	support_memory_fill(&d.memory, 0, 8, 12, &there);
	/* Hot from the second page of the large folio on, up to 17. */
	support_target_is(&d.ctx, { 0, 2 * P, 9 }, { 5 * P, 10 * P, 9 },
			  { 10 * P, 17 * P, 9 });
	support_target_is(&d.ctx, { 17 * P, 20 * P });
	s->pattern.min_nr_accesses = 9;
	/* 3 pages of 12, though the walk met all of that folio. */
	ck_assert_uint_eq(eligible(0), 2500);
	ck_assert_uint_eq(eligible(1), 7500);
	ck_assert_uint_eq(eligible(2), 0);
	ck_assert_uint_eq(eligible(-1), 0);
	/* Neither filters nor quotas nor watermarks are looked at. */
	ck_assert_int_eq(scheme_add_filter(s, &f), 0);
	s->quota.limits.sz = 1;
	s->quota.state.min_score = 99;
	s->wmarks.activated = false;
	ck_assert_uint_eq(eligible(0), 2500);
	/* Nothing is meant: the score is 0, both directions work hardest. */
	s->pattern.min_nr_accesses = 10;
	ck_assert_uint_eq(eligible(0), 0);
	ck_assert_uint_eq(eligible(1), 0);
	/* And by virtual address there is no such thing. */
	s->pattern.min_nr_accesses = 9;
	d.ctx.ops_id = OPS_VADDR;
	ck_assert_uint_eq(eligible(0), 0);
}
END_TEST

START_TEST(eligible_in_address_units)
{
	ck_assert_int_eq(context_set_addr_unit(&d.ctx, 512, true), 0);
	support_memory_fill(&d.memory, 0, 0, 4, &one);
	support_memory_fill(&d.memory, 0, 4, 8, &there);
	support_target_is(&d.ctx, { 0, 12 * 8 });
	ck_assert_uint_eq(eligible(0), 3333);
	/* Less than a page of one. */
	d.ctx.targets[0].regions.at[0].end = 4 * 8 + 4;
	ck_assert_uint_eq(eligible(1), 1111);
}
END_TEST

START_TEST(eligible_at_the_end_of_all_addresses)
{
	support_target_is(&d.ctx, { 0ULL - 4 * P, 0ULL - P });
	ck_assert_uint_eq(eligible(0), 0);
}
END_TEST

START_TEST(surprise_38_no_target_no_goal)
{
	struct goal push = { .metric = GOAL_NODE_ELIGIBLE_MEM_BP };

	/* 10000 bp wanted on one node is 0 of the other: that one vanishes. */
	ck_assert_int_ne(scheme_add_goal(s, &push), 0);
	s->quota.limits.sz = 10 * P;
	support_target_is(&d.ctx, { 0, P });
	support_damos_pass(&d);
	ck_assert_uint_eq(s->quota.state.esz, 10 * P);
}
END_TEST

/* The best of them counts, in whatever order they stand. */
START_TEST(order_of_goals_does_not_matter)
{
	static const u64 is[] = { 40, 70, 20, 60 };
	struct goal goal = { .target_value = 100 };
	u32 first, i;

	support_target_is(&d.ctx, { 0, P });
	for (first = 0; first < 4; first++) {
		s->quota.nr_goals = 0;
		for (i = 0; i < 4; i++) {
			goal.current_value = is[(first + i) % 4];
			ck_assert_int_eq(scheme_add_goal(s, &goal), 0);
		}
		s->quota.state = (struct quota_state){ .charged_from = 1,
						       .esz_bp = 1000000 };
		support_damos_next_window(&d);
		ck_assert_uint_eq(s->quota.state.esz_bp, 1300000);
	}
}
END_TEST

static void hear_goal(void *data, const struct context *ctx, u32 scheme,
		      const struct goal *goal)
{
	support_damos_hear(data, "%u: %llu\n", scheme, goal->current_value);
}

START_TEST(each_measurement_is_told)
{
	static const struct context_observer observer = { .goal = hear_goal };
	struct goal goal = { .target_value = 100, .current_value = 33 };

	support_target_is(&d.ctx, { 0, P });
	support_damos_add(&d, SCHEME_PAGEOUT)->quota.limits.reset_interval_ms =
		100;
	d.ctx.observer = &observer;
	d.ctx.observer_data = &d;
	ck_assert_int_eq(scheme_add_goal(&d.ctx.schemes[1], &goal), 0);
	goal.metric = GOAL_NODE_MEM_FREE_BP;
	ck_assert_int_eq(scheme_add_goal(&d.ctx.schemes[1], &goal), 0);
	support_damos_pass(&d);
	ck_assert_str_eq(d.heard, "1: 33\n1: 10000\n");
	/* Without memory what was measured is what is known. */
	d.ctx.memory.ops = NULL;
	d.ops.apply_scheme = NULL;
	d.memory.node[0].nr_free = 0;
	support_damos_next_window(&d);
	ck_assert_str_eq(d.heard, "1: 33\n1: 10000\n");
}
END_TEST

START_TEST(products_of_older_cores_wrap)
{
	struct goal goal = { .target_value = 1ULL << 60,
			     .current_value = 1ULL << 60 };

	support_target_is(&d.ctx, { 0, P });
	ck_assert_int_eq(scheme_add_goal(s, &goal), 0);
	support_damos_pass(&d);
	/* Just reached. */
	s->quota.state.esz_bp = 1000000;
	support_damos_next_window(&d);
	ck_assert_uint_eq(s->quota.state.esz_bp, 1000000);
	/* 2^60 * 10000 is 2^64 * 625: nothing of it is left. */
	d.ctx.profile = &profile_d;
	support_damos_next_window(&d);
	ck_assert_uint_eq(s->quota.state.esz_bp, 2000000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("goal");
	TCase *tc = tcase_create("goal");

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, what_users_measure_stays);
	tcase_add_test(tc, use_of_a_node);
	tcase_add_test(tc, use_of_an_empty_node);
	tcase_add_test(tc, use_of_a_node_by_a_group);
	tcase_add_test(tc, active_and_inactive);
	tcase_add_test(tc, huge_pages);
	tcase_add_test(tc, pressure);
	tcase_add_test(tc, surprise_37_where_what_is_meant_lies);
	tcase_add_test(tc, eligible_in_address_units);
	tcase_add_test(tc, eligible_at_the_end_of_all_addresses);
	tcase_add_test(tc, surprise_38_no_target_no_goal);
	tcase_add_test(tc, order_of_goals_does_not_matter);
	tcase_add_test(tc, each_measurement_is_told);
	tcase_add_test(tc, products_of_older_cores_wrap);
	return support_run(suite);
}
