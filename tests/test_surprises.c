// SPDX-License-Identifier: GPL-2.0
/*
 * Where each of the 54 surprises of DAMON's core is shown.
 *
 * They are the behaviours that an implementer gets wrong; each row says which
 * it is in a few words, and names the test.  This program checks that the list
 * is whole and that the tests are there: so a test that is renamed or dropped
 * is noticed.  The one that has no better place is here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <linux/types.h>

#include "support_check.h"
#include "support_damon.h"

#define NR_SURPRISES 54

/* clang-format off */
static const struct row {
	u32 number;
	const char *what;
	const char *file; /* below tests/ */
	const char *test;
} rows[] = {
	{ 1, "age is counted before merging, and once",
	  "test_region_merge.c", "age_is_counted_before_the_merge" },
	{ 1, "", "test_region_merge.c",
	  "age_is_counted_in_the_first_pass_only" },
	{ 2, "a merged region keeps the left one's last count",
	  "test_region_merge.c", "last_count_is_the_left_ones" },
	{ 3, "the merge threshold is a tenth of the greatest count",
	  "test_kdamond_run.c", "threshold_is_a_tenth_of_the_greatest_count" },
	{ 4, "it doubles from 0, and jumps to the window",
	  "test_region_merge.c", "threshold_doubles_and_ends_at_the_window" },
	{ 4, "", "test_region_merge.c",
	  "threshold_jumps_from_half_the_window" },
	{ 5, "the second cut goes into the left part",
	  "test_region_split.c", "second_cut_is_in_the_left_part" },
	{ 6, "two pages are cut in partial mode only; a draw may be wasted",
	  "test_region_split.c", "two_pages_are_not_cut_in_full_mode" },
	{ 6, "", "test_region_split.c", "two_pages_are_cut_in_partial_mode" },
	{ 6, "", "test_region_split.c", "a_draw_of_nothing_uses_up_a_try" },
	{ 7, "contexts share what was split last",
	  "test_region_split.c", "contexts_share_the_last_number" },
	{ 7, "", "test_region_split.c", "contexts_share_the_rotation" },
	{ 8, "above half the maximum: some are split, or none",
	  "test_region_split.c", "above_half_the_maximum_some_are_cut" },
	{ 8, "", "test_profiles.c", "surprise_8_above_half_the_maximum" },
	{ 9, "min_nr_regions is enforced, or is not",
	  "test_region_windows.c", "size_limit_makes_up_the_minimum" },
	{ 9, "", "test_profiles.c", "surprise_9_min_nr_regions" },
	{ 10, "merging keeps to the size limit of the window before",
	  "test_kdamond_run.c", "merges_keep_to_the_last_windows_size_limit" },
	{ 11, "schemes run before the reset, with a sum in mid-window",
	  "test_kdamond_schemes.c",
	  "surprise_11_schemes_run_before_the_reset" },
	{ 11, "", "test_kdamond_schemes.c",
	  "surprise_11_in_mid_window_the_last_one_helps" },
	{ 12, "a window that just began has the last one's count",
	  "test_kdamond_attrs.c", "moving_sum" },
	{ 13, "no effective size: no limit in older cores, nothing in newer",
	  "test_surprises_quota.c",
	  "surprise_13_no_size_is_no_limit_in_older_cores" },
	{ 13, "", "test_surprises_quota.c",
	  "surprise_13_no_size_is_nothing_in_newer_ones" },
	{ 14, "a goal begins with bytes",
	  "test_surprises_quota.c", "surprise_14_a_goal_begins_with_bytes" },
	{ 15, "the consistent tuner winds up",
	  "test_surprises_quota.c", "surprise_15_the_tuner_winds_up" },
	{ 16, "twice the goal resets it",
	  "test_surprises_quota.c", "surprise_16_twice_the_goal_is_a_reset" },
	{ 17, "the temporal tuner and a goal out of reach",
	  "test_surprises_quota.c",
	  "surprise_17_what_cannot_be_reached_is_all_there_is" },
	{ 18, "the best goal counts; none of 0; none at all",
	  "test_surprises_quota.c", "surprise_18_the_best_goal_counts" },
	{ 19, "no reset interval: two steps at first",
	  "test_surprises_quota.c",
	  "surprise_19_no_interval_is_two_steps_at_first" },
	{ 20, "jiffies must not begin at 0",
	  "test_surprises_quota.c",
	  "surprise_20_a_clock_must_not_begin_at_zero" },
	{ 21, "what was not done is charged",
	  "test_surprises_quota.c",
	  "surprise_21_what_did_not_happen_is_charged" },
	{ 22, "the quota cuts before the filter",
	  "test_surprises_quota.c",
	  "surprise_22_what_is_kept_out_was_cut_before" },
	{ 23, "what an address filter cuts off is charged",
	  "test_surprises_quota.c",
	  "surprise_23_what_a_filter_cuts_off_is_charged" },
	{ 24, "scoring cuts regions",
	  "test_surprises_quota.c", "surprise_24_scoring_cuts" },
	{ 25, "address filters are rounded down",
	  "test_damos.c", "surprise_25_addresses_are_rounded_down" },
	{ 26, "equal scores: address order, and the round goes on",
	  "test_surprises_quota.c",
	  "surprise_26_of_equals_the_lowest_address_is_first" },
	{ 27, "other targets wait for the round",
	  "test_surprises_quota.c",
	  "surprise_27_other_targets_wait_for_the_round" },
	{ 28, "a round may be short, and no snapshot",
	  "test_surprises_quota.c", "surprise_28_a_round_may_be_short" },
	{ 29, "an action takes the age, done or not",
	  "test_damos.c", "surprise_29_who_comes_later_sees_age_zero" },
	{ 30, "neighbours that are alike are merged after schemes",
	  "test_damos.c", "surprise_30_neighbours_that_are_alike_are_merged" },
	{ 31, "without weights there is no priority",
	  "test_esz.c", "surprise_31_without_weights_all_are_alike" },
	{ 32, "idle time counts the other way",
	  "test_esz.c", "surprise_32_idle_time_counts_the_other_way" },
	{ 33, "below a second there is no age",
	  "test_esz.c", "surprise_33_below_a_second_there_is_no_age" },
	{ 34, "the clock of the time quota is coarse",
	  "test_esz.c", "surprise_34_time_is_seen_in_jiffies" },
	{ 35, "the walk over folios drifts and counts them whole",
	  "test_ops_paddr.c",
	  "surprise_35_a_walk_drifts_and_counts_whole_folios" },
	{ 36, "destinations: not for physical memory; or the node",
	  "test_ops_paddr.c",
	  "surprise_36_destinations_are_for_processes_only" },
	{ 36, "", "test_ops_vaddr.c",
	  "surprise_36_a_process_has_destinations_or_a_node" },
	{ 37, "what is eligible is so whatever filters say",
	  "test_goal.c", "surprise_37_where_what_is_meant_lies" },
	{ 38, "the other direction's goal of 0 vanishes",
	  "test_goal.c", "surprise_38_no_target_no_goal" },
	{ 39, "a commit wakes, and may restart the window",
	  "test_commit.c", "surprise_39_commit_wakes_those_asleep" },
	{ 39, "", "test_commit_targets.c",
	  "surprise_39_other_attributes_restart_the_window" },
	{ 40, "tuning enabled late catches up; no change is a change",
	  "test_kdamond.c", "tuning_enabled_late_catches_up_first" },
	{ 40, "", "test_kdamond_attrs.c",
	  "tuning_to_the_same_is_told_and_set" },
	{ 41, "the clock stands, quota windows do not",
	  "test_wmarks.c", "surprise_41_windows_go_on_while_the_clock_stands" },
	{ 41, "", "test_kdamond.c", "time_stands_still_while_paused" },
	{ 42, "a fresh pattern means nothing; sizes are in units",
	  "test_damos.c", "surprise_42_a_fresh_pattern_means_nothing" },
	{ 43, "older cores sample the low part of a region of 4 GiB or more",
	  "test_surprises.c", "surprise_43_only_the_low_part_is_sampled" },
	{ 43, "", "test_rng.c", "wide_ranges_are_reached_all_over" },
	{ 44, "hits of probes have 8 bits, and wrap unless weights forbid it",
	  "test_probe.c", "surprise_44_hits_wrap" },
	{ 44, "", "test_probe.c", "surprise_44_weights_forbid_it" },
	{ 45, "one credit a region and tick; stale entries are refused",
	  "tick-kunit.h", "tick_test_one_credit" },
	{ 45, "", "tick-kunit.h", "tick_test_stale" },
	{ 45, "", "tick-kunit.h", "tick_test_after_a_pause" },
	{ 46, "ticks that saw nothing count, too",
	  "test_profiles.c", "surprise_46_ticks_without_accesses_count" },
	{ 46, "", "test_profiles.c", "the_kept_sum_moves" },
	{ 47, "the trace of statistics says sz_tried twice",
	  "test_ftrace.c", "applied" },
	{ 48, "aggregates are told before reset and split",
	  "test_kdamond.c", "order_within_a_tick" },
	{ 48, "", "test_kdamond_schemes.c",
	  "age_is_reset_before_it_is_reported" },
	{ 49, "whether a window is complete is asked before it is moved",
	  "test_kdamond.c", "tuning_after_a_commit_keeps_the_counts" },
	{ 50, "who is due and sleeps waits for others",
	  "test_damos.c", "surprise_50_the_sleeping_wait_for_others" },
	{ 51, "a full commit wipes quotas, one of goals does not",
	  "test_commit.c", "surprise_51_commit_wipes_the_quotas" },
	{ 51, "", "test_commit.c", "surprise_51_goals_alone_wipe_nothing" },
	{ 52, "attributes at the end of a window: the sum is the last one's",
	  "test_kdamond.c",
	  "attrs_set_at_the_end_of_a_window_keep_its_counts" },
	{ 52, "", "test_kdamond_schemes.c", "attributes_postpone_schemes" },
	{ 53, "a goal of 0 never comes to the core",
	  "test_commit.c", "a_goal_of_nothing_is_refused" },
	{ 54, "no targets: the end, if they can be invalid",
	  "test_kdamond_run.c", "no_targets_end_it_if_they_can_be_invalid" },
	{ 54, "", "test_kdamond_run.c", "no_targets_run_on_if_not" },
};
/* clang-format on */

static char text[1 << 20];

/* Is there a test of that name: START_TEST(name), or name(struct kunit *)? */
static bool is_in(const char *file, const char *name)
{
	char path[200];
	const char *at;
	size_t nr;
	FILE *f;

	snprintf(path, sizeof(path), "tests/%s", file);
	f = fopen(path, "r");
	if (!f)
		return false;
	nr = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[nr] = 0;
	for (at = text; (at = strstr(at, name)); at++)
		if (at > text && strchr("( ", at[-1]) &&
		    (at[strlen(name)] == ')' || at[strlen(name)] == '('))
			return true;
	return false;
}

START_TEST(each_has_a_test)
{
	u32 i, next = 1;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (rows[i].number == next)
			next++;
		ck_assert_uint_eq(rows[i].number, next - 1);
		if (!is_in(rows[i].file, rows[i].test))
			ck_abort_msg("%u: no %s in tests/%s", rows[i].number,
				     rows[i].test, rows[i].file);
	}
	ck_assert_uint_eq(next, NR_SURPRISES + 1);
}
END_TEST

/* Of two regions, where samples fall in units of 1 GiB; in many ticks. */
START_TEST(surprise_43_only_the_low_part_is_sampled)
{
	static const struct {
		const struct profile *profile;
		u64 sz, reached; /* 2^30 of them */
	} row[] = {
		{ &profile_d, 3, 3 },
		{ &profile_m, 3, 3 },
		{ &profile_n, 3, 3 },
		{ &profile_d, 6, 2 },
		{ &profile_m, 6, 2 },
		{ &profile_n, 6, 6 },
		/* Nothing is left of the span: any 32 bits. */
		{ &profile_d, 8, 4 },
		{ &profile_m, 8, 4 },
		{ &profile_n, 8, 8 },
	};
	u64 start[2] = { 1ULL << 40, 1ULL << 50 }, sz = row[_i].sz << 30;
	bool reached[2][8] = { 0 };
	struct split_shared shared = { 0 };
	struct context ctx;
	u32 i, t;

	context_init(&ctx, row[_i].profile, &support_idle_ops, &shared, 1);
	for (t = 0; t < 2; t++)
		support_target_is(&ctx, { start[t], start[t] + sz });
	for (i = 0; i < 1000; i++) {
		ctx.samples.drawn = false;
		ck_assert_int_eq(probe_draw_samples(&ctx), 0);
		for (t = 0; t < 2; t++) {
			ck_assert_uint_ge(ctx.samples.addr[t], start[t]);
			ck_assert_uint_lt(ctx.samples.addr[t], start[t] + sz);
			reached[t][(ctx.samples.addr[t] - start[t]) >> 30] =
				true;
		}
	}
	for (t = 0; t < 2; t++)
		for (i = 0; i < 8; i++)
			ck_assert_int_eq(reached[t][i], i < row[_i].reached);
	context_fini(&ctx);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("surprises");
	TCase *tc = tcase_create("surprises");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, each_has_a_test);
	tcase_add_loop_test(tc, surprise_43_only_the_low_part_is_sampled, 0, 9);
	return support_run(s);
}
