// SPDX-License-Identifier: GPL-2.0
/*
 * Commits while a run goes on: what was written adds up, tuners keep or lose
 * what they have come to, and without a monitor the kernel says so.
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "run/run.h"
#include "support_check.h"

#define CTX "kdamonds.0.contexts.0."

static const char text_machine[] =
	"duration: 3 s\n"
	"machine: {preset: small}\n"
	"workloads:\n"
	"- {pattern: hotset, size: 64 MiB, place: [{node: 1}]}\n"
	"kdamonds:\n"
	"- contexts:\n"
	"  - ops: paddr\n"
	"    targets: [{regions: [{start: 0, end: 2 GiB}]}]\n"
	"    intervals: {sample_us: 5 ms, aggr_us: 100 ms, ops_update_us: 1 "
	"s}\n"
	"    sample_control:\n"
	"      perf_events:\n"
	"      - {type: 11, config: 0, freq: off, sample_period: 262144,\n"
	"         sample_phys_addr: on, exclude_kernel: off,\n"
	"         exclude_hv: off}\n"
	"    schemes:\n"
	"    - action: migrate_hot\n"
	"      target_nid: 0\n"
	"      quotas:\n"
	"        sz_bytes: 8 MiB\n"
	"        reset_interval_ms: 100 ms\n"
	"        goals:\n"
	"        - {metric: node_mem_used_bp, nid: 0, target_value: 90 %}\n"
	"        goal_tuner: consist\n";

static struct scenario s;
static struct run r;

/* Run it with these faults, and @more in place of what the text says. */
static void run_with(const char *faults, const char *more)
{
	const char *set[] = { faults, more };
	struct run_options opt = { .nr_threads = 1 };
	struct config_error err = { 0 };
	char why[200];
	int ret = scenario_parse(&s, text_machine, strlen(text_machine), "test",
				 set, more ? 2 : 1, &err);

	ck_assert_msg(!ret, "%s: %s", err.file, err.text);
	ret = run_init(&r, &s, &opt, why, sizeof(why));
	ck_assert_msg(!ret, "%s", why);
	ck_assert_int_eq(run_go(&r), 0);
}

static void teardown_run(void)
{
	run_fini(&r);
	scenario_fini(&s);
}

START_TEST(test_commits_add_up)
{
	/* Not in the order of the file. */
	run_with("faults=["
		 "{fault: commit, at: 2 s, set: [" CTX "nr_regions.max=50]},"
		 "{fault: commit, at: 1 s, set: "
		 "[" CTX "schemes.0.quotas.sz_bytes=1 MiB]}]",
		 NULL);
	ck_assert_int_eq(r.faults.fault[0].result, 0);
	ck_assert_int_eq(r.faults.fault[1].result, 0);
	ck_assert_uint_eq(r.ctx.attrs.max_nr_regions, 50);
	ck_assert_uint_eq(r.ctx.schemes[0].quota.limits.sz, 1 << 20);
}
END_TEST

/* What the kernel had no memory for stays written, and is taken later. */
START_TEST(test_what_was_not_taken_stays_written)
{
	run_with("faults=["
		 "{fault: no_memory, at: 1 s, value: 1},"
		 "{fault: commit, at: 1 s, set: "
		 "[" CTX "schemes.0.quotas.sz_bytes=1 MiB]},"
		 "{fault: commit, at: 2 s, set: [" CTX "nr_regions.max=50]}]",
		 NULL);
	ck_assert_int_eq(r.faults.fault[1].result, -ENOMEM);
	ck_assert_int_eq(r.faults.fault[2].result, 0);
	ck_assert_uint_eq(r.ctx.schemes[0].quota.limits.sz, 1 << 20);
}
END_TEST

/* A second that is no commit's: the scenario is refused with its line. */
START_TEST(test_a_commit_that_cannot_follow)
{
	static const char *const set[] = {
		"faults=[{fault: commit, at: 1 s, set: [" CTX "schemes=[]]},"
		"{fault: commit, at: 2 s, set: "
		"[" CTX "schemes.3.action=stat]}]"
	};
	struct config_error err = { 0 };

	ck_assert_int_eq(scenario_parse(&s, text_machine, strlen(text_machine),
					"test", set, 1, &err),
			 -EINVAL);
	ck_assert_str_eq(err.file, "--set 1");
}
END_TEST

/* How far the tuner is at the end: it doubles about once in 100 ms. */
static u64 tuned(const char *faults, const char *more)
{
	u64 esz_bp;

	run_with(faults, more);
	esz_bp = r.ctx.schemes[0].quota.state.esz_bp;
	teardown_run();
	return esz_bp;
}

START_TEST(test_tuners_keep_or_lose)
{
	static const char at[] =
		" at: 2900 ms, set: [" CTX
		"schemes.0.quotas.goals.0.target_value=91 %]}]";
	char text[256];
	u64 alone = tuned("faults=[]", NULL);

	ck_assert_uint_gt(alone, 100000000);
	snprintf(text, sizeof(text), "faults=[{fault: commit_goals,%s", at);
	ck_assert_uint_gt(tuned(text, NULL), alone / 4);
	snprintf(text, sizeof(text), "faults=[{fault: commit,%s", at);
	ck_assert_uint_lt(tuned(text, NULL), 100000);
	/* Cores before that try nothing first. */
	ck_assert_uint_gt(tuned(text, "profile=M"), alone / 4);
}
END_TEST

START_TEST(test_goals_and_nothing_else)
{
	run_with("faults=[{fault: commit_goals, at: 1 s, set: ["
		 "'" CTX "schemes.0.quotas.goals.0.target_value=91 %',"
		 "'" CTX "schemes.0.quotas.sz_bytes=1 MiB']}]",
		 NULL);
	ck_assert_int_eq(r.faults.fault[0].result, 0);
	ck_assert_uint_eq(r.ctx.schemes[0].quota.limits.sz, 8 << 20);
	ck_assert_uint_eq(r.ctx.schemes[0].quota.goal[0].target_value, 9100);
}
END_TEST

/* Two that take turns write anew each time, and nothing piles up. */
START_TEST(test_old_files_are_freed)
{
	run_with("faults=["
		 "{fault: commit, at: 1 s, every: 20 ms, set: "
		 "[" CTX "schemes.0.quotas.sz_bytes=1 MiB]},"
		 "{fault: commit, at: 1010 ms, every: 20 ms, set: "
		 "[" CTX "schemes.0.quotas.sz_bytes=2 MiB]}]",
		 NULL);
	ck_assert_uint_eq(r.faults.fault[0].nr, 100);
	ck_assert_uint_eq(r.ctx.schemes[0].quota.limits.sz, 2 << 20);
	ck_assert_uint_le(r.nr_kept, 3);
}
END_TEST

START_TEST(test_nobody_takes_it)
{
	run_with("faults=[{fault: create_refused, until: 1 s},"
		 "{fault: commit, at: 2 s, set: [" CTX "nr_regions.max=50]}]",
		 NULL);
	ck_assert_int_eq(r.start_err, -EBUSY);
	ck_assert_int_eq(r.faults.fault[1].result, -EINVAL);
	teardown_run();
	run_with("faults=[{fault: second_context, at: 1 s},"
		 "{fault: commit, at: 2 s, set: [" CTX "nr_regions.max=50]}]",
		 "kdamonds=[]");
	ck_assert_int_eq(r.faults.fault[0].result, 0);
	ck_assert_int_eq(r.faults.fault[1].result, -EINVAL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("run commit");
	TCase *tcase = tcase_create("all");
	TCase *runs = tcase_create("runs");

	tcase_add_checked_fixture(runs, NULL, teardown_run);
	tcase_add_test(runs, test_commits_add_up);
	tcase_add_test(runs, test_what_was_not_taken_stays_written);
	tcase_add_test(runs, test_goals_and_nothing_else);
	tcase_add_test(runs, test_old_files_are_freed);
	tcase_add_test(runs, test_nobody_takes_it);
	tcase_add_test(tcase, test_a_commit_that_cannot_follow);
	tcase_add_test(tcase, test_tuners_keep_or_lose);
	suite_add_tcase(suite, runs);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
