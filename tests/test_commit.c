// SPDX-License-Identifier: GPL-2.0
/*
 * What a commit changes of running schemes, and what it leaves.
 */
#include <check.h>

#include <linux/errno.h>

#include "damon/context_commit.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

static struct support_damos d, in;

static void setup(void)
{
	support_damos_init_memory(&d, &profile_n, OPS_PADDR, 4096);
	support_damos_init(&in, &profile_n);
	support_target_is(&d.ctx, { 0, 100 * P, 3, 4, 5 });
	support_target_is(&in.ctx, { 0, 100 * P });
}

static void teardown(void)
{
	support_damos_fini(&d);
	support_damos_fini(&in);
}

static void commit(void)
{
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), 0);
	ck_assert(!d.ctx.maybe_corrupted);
}

static struct goal user_goal(u64 target, u64 current_value)
{
	return (struct goal){ .target_value = target,
			      .current_value = current_value };
}

START_TEST(all_that_a_user_says_is_taken)
{
	struct scheme *a = support_damos_add(&d, SCHEME_STAT), *b;
	struct filter addr = { .type = FILTER_ADDR, .addr = { P, 2 * P } };
	struct filter anon = { .type = FILTER_ANON, .allow = true };
	struct goal goal = user_goal(7, 8);

	b = support_damos_add(&in, SCHEME_MIGRATE_COLD);
	b->pattern = (struct scheme_pattern){ 1, 2, 3, 4, 5, 6 };
	b->apply_interval_us = 777;
	b->quota.limits =
		(struct quota_limits){ 1, 2, 3, TUNER_TEMPORAL, 4, 5, 6, 7, 8 };
	ck_assert_int_eq(scheme_add_goal(b, &goal), 0);
	b->wmarks = (struct wmarks){ WMARK_FREE_MEM_RATE, 1, 2, 3, 4, true };
	b->target_nid = 1;
	ck_assert_int_eq(scheme_add_dest(b, 1, 2), 0);
	ck_assert_int_eq(scheme_add_filter(b, &addr), 0);
	ck_assert_int_eq(scheme_add_filter(b, &anon), 0);
	b->max_nr_snapshots = 9;
	commit();

	ck_assert_mem_eq(&a->pattern, &b->pattern, sizeof(a->pattern));
	ck_assert_int_eq(a->action, SCHEME_MIGRATE_COLD);
	ck_assert_uint_eq(a->apply_interval_us, 777);
	ck_assert_uint_eq(a->quota.limits.reset_interval_ms, 1);
	ck_assert_uint_eq(a->quota.limits.time_ms, 2);
	ck_assert_uint_eq(a->quota.limits.sz, 3);
	ck_assert_int_eq(a->quota.limits.tuner, TUNER_TEMPORAL);
	ck_assert_uint_eq(a->quota.limits.weight_sz, 4);
	ck_assert_uint_eq(a->quota.limits.weight_nr_accesses, 5);
	ck_assert_uint_eq(a->quota.limits.weight_age, 6);
	ck_assert_uint_eq(a->quota.limits.fail_charge_num, 7);
	ck_assert_uint_eq(a->quota.limits.fail_charge_denom, 8);
	ck_assert_uint_eq(a->quota.nr_goals, 1);
	ck_assert_uint_eq(a->quota.goal[0].target_value, 7);
	ck_assert_uint_eq(a->quota.goal[0].current_value, 8);
	ck_assert_int_eq(a->wmarks.metric, WMARK_FREE_MEM_RATE);
	ck_assert_uint_eq(a->wmarks.low, 4);
	ck_assert_int_eq(a->target_nid, 1);
	ck_assert_uint_eq(a->nr_dests, 1);
	ck_assert_uint_eq(a->dest[0].weight, 2);
	ck_assert_uint_eq(a->core_filters.nr, 1);
	ck_assert_uint_eq(a->core_filters.at[0].addr.max, 2 * P);
	ck_assert_uint_eq(a->ops_filters.nr, 1);
	ck_assert(a->ops_filters.default_reject);
	ck_assert(!a->core_filters.default_reject);
	ck_assert_uint_eq(a->max_nr_snapshots, 9);
}
END_TEST

/* A second commit of the same is no different from the first. */
START_TEST(committing_again_changes_nothing)
{
	struct filter anon = { .type = FILTER_ANON };
	struct filter target = { .type = FILTER_TARGET };
	struct goal goal = user_goal(7, 8);
	struct scheme *b;
	u64 gen = 0;
	u32 i;

	support_damos_add(&in, SCHEME_STAT);
	b = support_damos_add(&in, SCHEME_PAGEOUT);
	ck_assert_int_eq(scheme_add_goal(b, &goal), 0);
	ck_assert_int_eq(scheme_add_filter(b, &anon), 0);
	ck_assert_int_eq(scheme_add_filter(b, &target), 0);
	ck_assert_int_eq(scheme_add_dest(b, 1, 2), 0);
	for (i = 0; i < 3; i++) {
		commit();
		/* Nobody has to look at the regions again. */
		ck_assert(!i || d.ctx.regions_gen == gen);
		gen = d.ctx.regions_gen;
		ck_assert_uint_eq(d.ctx.schemes[1].core_filters.nr, 1);
		ck_assert_uint_eq(d.ctx.nr_schemes, 2);
		ck_assert_uint_eq(d.ctx.schemes[1].quota.nr_goals, 1);
		ck_assert_uint_eq(d.ctx.schemes[1].ops_filters.nr, 1);
		ck_assert_uint_eq(d.ctx.schemes[1].nr_dests, 1);
		support_is(&d.ctx, { 0, 100 * P, 3, 4, 5 });
	}
}
END_TEST

START_TEST(what_was_done_so_far_stays)
{
	struct scheme *a = support_damos_add(&d, SCHEME_PAGEOUT);

	support_damos_add(&in, SCHEME_LRU_PRIO);
	a->stat = (struct scheme_stat){ 1, 2, 3, 4, 5, 6, 7 };
	a->next_apply_sis = 12345;
	a->last_applied = 8 * P;
	a->has_last_applied = true;
	commit();
	ck_assert_uint_eq(a->stat.nr_tried, 1);
	ck_assert_uint_eq(a->stat.nr_snapshots, 7);
	ck_assert_uint_eq(a->next_apply_sis, 12345);
	ck_assert(a->has_last_applied);
	ck_assert_uint_eq(a->last_applied, 8 * P);
}
END_TEST

START_TEST(schemes_are_matched_by_place)
{
	struct scheme *a;

	a = support_damos_add(&d, SCHEME_PAGEOUT);
	a->stat.nr_tried = 1;
	a = support_damos_add(&d, SCHEME_STAT);
	a->stat.nr_tried = 2;
	/* The first is the second now, so the other's past is its. */
	support_damos_add(&in, SCHEME_STAT);
	commit();
	ck_assert_uint_eq(d.ctx.nr_schemes, 1);
	ck_assert_int_eq(d.ctx.schemes[0].action, SCHEME_STAT);
	ck_assert_uint_eq(d.ctx.schemes[0].stat.nr_tried, 1);
	/* One more is due an interval from now, on the clock. */
	support_damos_add(&in, SCHEME_COLD)->apply_interval_us = 50000;
	d.ctx.passed_sample_intervals = 100;
	commit();
	ck_assert_uint_eq(d.ctx.nr_schemes, 2);
	ck_assert_uint_eq(d.ctx.schemes[1].next_apply_sis, 110);
	ck_assert_uint_eq(d.ctx.schemes[1].stat.nr_tried, 0);
}
END_TEST

START_TEST(surprise_39_commit_wakes_those_asleep)
{
	struct scheme *a = support_damos_add(&d, SCHEME_STAT);

	a->wmarks =
		(struct wmarks){ .metric = WMARK_FREE_MEM_RATE, .high = 500 };
	support_damos_add(&in, SCHEME_STAT)->wmarks = a->wmarks;
	in.ctx.schemes[0].wmarks.activated = true;
	ck_assert(!a->wmarks.activated);
	commit();
	ck_assert(a->wmarks.activated);
}
END_TEST

static const struct quota_state worn = {
	.esz = 1,
	.esz_bp = 2,
	.total_charged_sz = 3,
	.total_charged_ns = 4,
	.charged_sz = 5,
	.charged_from = 6,
	.charge_target_from = 1,
	.charge_addr_from = 8,
	.min_score = 9,
};

static void expect_state(const struct scheme *s, const struct quota_state *want)
{
	const struct quota_state *state = &s->quota.state;

	ck_assert_uint_eq(state->esz, want->esz);
	ck_assert_uint_eq(state->esz_bp, want->esz_bp);
	ck_assert_uint_eq(state->total_charged_sz, want->total_charged_sz);
	ck_assert_uint_eq(state->total_charged_ns, want->total_charged_ns);
	ck_assert_uint_eq(state->charged_sz, want->charged_sz);
	ck_assert_uint_eq(state->charged_from, want->charged_from);
	ck_assert_uint_eq(state->charge_target_from, want->charge_target_from);
	ck_assert_uint_eq(state->charge_addr_from, want->charge_addr_from);
	ck_assert_uint_eq(state->min_score, want->min_score);
}

START_TEST(surprise_51_commit_wipes_the_quotas)
{
	struct quota_state fresh = { .min_score = 9 };
	struct scheme *a = support_damos_add(&d, SCHEME_PAGEOUT);

	support_damos_add(&in, SCHEME_PAGEOUT);
	a->quota.state = worn;
	commit();
	expect_state(a, &fresh);
	/* It is the trial that does it: also if that refuses. */
	a->quota.state = worn;
	in.ctx.attrs.min_nr_regions = 2;
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), -EINVAL);
	expect_state(a, &fresh);
}
END_TEST

START_TEST(surprise_51_goals_alone_wipe_nothing)
{
	struct scheme *a = support_damos_add(&d, SCHEME_PAGEOUT);
	struct scheme *b = support_damos_add(&in, SCHEME_LRU_PRIO);
	struct goal goal = user_goal(10, 5);

	ck_assert_int_eq(scheme_add_goal(b, &goal), 0);
	a->quota.state = worn;
	ck_assert_int_eq(context_commit_goals(&d.ctx, &in.ctx), 0);
	expect_state(a, &worn);
	ck_assert_uint_eq(a->quota.nr_goals, 1);
	ck_assert_int_eq(a->action, SCHEME_PAGEOUT);
	/* None any more. */
	b->quota.nr_goals = 0;
	ck_assert_int_eq(context_commit_goals(&d.ctx, &in.ctx), 0);
	ck_assert_uint_eq(a->quota.nr_goals, 0);
	expect_state(a, &worn);
}
END_TEST

START_TEST(older_cores_wipe_nothing)
{
	struct scheme *a = support_damos_add(&d, SCHEME_PAGEOUT);

	support_damos_add(&in, SCHEME_PAGEOUT);
	a->quota.state = worn;
	d.ctx.profile = &profile_m;
	commit();
	expect_state(a, &worn);
	d.ctx.profile = &profile_d;
	commit();
	expect_state(a, &worn);
}
END_TEST

START_TEST(a_goal_keeps_what_was_measured)
{
	struct scheme *a = support_damos_add(&d, SCHEME_PAGEOUT);
	struct scheme *b = support_damos_add(&in, SCHEME_PAGEOUT);
	struct goal goal = { .metric = GOAL_NODE_MEM_FREE_BP,
			     .target_value = 5,
			     .current_value = 111 };

	ck_assert_int_eq(scheme_add_goal(a, &goal), 0);
	ck_assert_int_eq(scheme_add_goal(b, &goal), 0);
	a->quota.goal[0].current_value = 222;
	b->quota.goal[0].nid = 1;
	b->quota.goal[0].target_value = 6;
	commit();
	ck_assert_uint_eq(a->quota.goal[0].current_value, 222);
	ck_assert_int_eq(a->quota.goal[0].nid, 1);
	ck_assert_uint_eq(a->quota.goal[0].target_value, 6);
	/* But what a user measures comes from the user. */
	b->quota.goal[0].metric = GOAL_USER_INPUT;
	commit();
	ck_assert_uint_eq(a->quota.goal[0].current_value, 111);
}
END_TEST

START_TEST(pressure_begins_anew)
{
	struct scheme *a = support_damos_add(&d, SCHEME_PAGEOUT);
	struct scheme *b = support_damos_add(&in, SCHEME_PAGEOUT);
	struct goal goal = { .metric = GOAL_SOME_MEM_PSI_US,
			     .target_value = 5 };

	ck_assert_int_eq(scheme_add_goal(a, &goal), 0);
	ck_assert_int_eq(scheme_add_goal(b, &goal), 0);
	ck_assert(a->quota.goal[0].last_psi_us == GOAL_PSI_UNKNOWN);
	a->quota.goal[0].last_psi_us = 7;
	commit();
	ck_assert(a->quota.goal[0].last_psi_us == GOAL_PSI_UNKNOWN);
	a->quota.goal[0].last_psi_us = 7;
	d.ctx.profile = &profile_d;
	commit();
	ck_assert_uint_eq(a->quota.goal[0].last_psi_us, 7);
}
END_TEST

START_TEST(a_goal_of_nothing_is_refused)
{
	struct scheme *a = support_damos_add(&d, SCHEME_PAGEOUT);
	struct scheme *b = support_damos_add(&in, SCHEME_PAGEOUT);
	struct goal goal = user_goal(1, 1);

	a->apply_interval_us = 5;
	goal.target_value = 0;
	ck_assert_int_eq(scheme_add_goal(b, &goal), -EINVAL);
	goal.target_value = 1;
	ck_assert_int_eq(scheme_add_goal(b, &goal), 0);
	b->quota.goal[0].target_value = 0;
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), -EINVAL);
	/* The trial has failed, so nothing is half changed. */
	ck_assert_uint_eq(a->apply_interval_us, 5);
	ck_assert_uint_eq(a->quota.nr_goals, 0);
	ck_assert(!d.ctx.maybe_corrupted);
	ck_assert_int_eq(context_commit_goals(&d.ctx, &in.ctx), -EINVAL);
	/* Nor may one that is there become one. */
	ck_assert_int_eq(scheme_add_goal(a, &goal), 0);
	ck_assert_int_eq(context_commit_goals(&d.ctx, &in.ctx), -EINVAL);
	ck_assert_uint_eq(a->quota.goal[0].target_value, 1);
	/* Without a trial it is. */
	d.ctx.profile = &profile_d;
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), -EINVAL);
	ck_assert_uint_eq(a->apply_interval_us, 0);
	ck_assert(!d.ctx.maybe_corrupted);
}
END_TEST

START_TEST(some_goals_are_for_physical_memory)
{
	struct scheme *b = support_damos_add(&in, SCHEME_PAGEOUT);
	struct goal goal = { .metric = GOAL_NODE_ELIGIBLE_MEM_BP,
			     .target_value = 5 };

	ck_assert_int_eq(scheme_add_goal(b, &goal), 0);
	ck_assert_int_eq(context_check(&in.ctx), 0);
	commit();
	in.ctx.ops_id = OPS_VADDR;
	ck_assert_int_eq(context_check(&in.ctx), -EINVAL);
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), -EINVAL);
	ck_assert_int_eq(d.ctx.ops_id, OPS_PADDR);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("commit");
	TCase *tc = tcase_create("commit");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, all_that_a_user_says_is_taken);
	tcase_add_test(tc, committing_again_changes_nothing);
	tcase_add_test(tc, what_was_done_so_far_stays);
	tcase_add_test(tc, schemes_are_matched_by_place);
	tcase_add_test(tc, surprise_39_commit_wakes_those_asleep);
	tcase_add_test(tc, surprise_51_commit_wipes_the_quotas);
	tcase_add_test(tc, surprise_51_goals_alone_wipe_nothing);
	tcase_add_test(tc, older_cores_wipe_nothing);
	tcase_add_test(tc, a_goal_keeps_what_was_measured);
	tcase_add_test(tc, pressure_begins_anew);
	tcase_add_test(tc, a_goal_of_nothing_is_refused);
	tcase_add_test(tc, some_goals_are_for_physical_memory);
	return support_run(s);
}
