// SPDX-License-Identifier: GPL-2.0
/*
 * Who has the sampling unit, and what perf lets it do: storms, users of their
 * own, limits.
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "run/run.h"
#include "support_check.h"

static const char text_machine[] =
	"duration: 3 s\n"
	"machine: {preset: small}\n"
	"workloads:\n"
	"- {pattern: hotset, threads: 4, size: 64 MiB}\n"
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
	"         exclude_hv: off}\n";

static struct scenario s;
static struct run r;
static struct damon_balance b;

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
	run_balance(&r, &b);
	ck_assert(damon_balance_holds(&b));
}

static void teardown_run(void)
{
	run_fini(&r);
	scenario_fini(&s);
}

/* A storm adds samples; it does not keep an event that comes back out. */
START_TEST(test_a_storm_is_no_rival)
{
	u64 calm;

	run_with("faults=[{fault: cpu_offline, cpu: 0, at: 1 s, for: 500 ms}]",
		 NULL);
	calm = b.raised;
	teardown_run();
	run_with("faults=[{fault: nmi_storm, cpu: 0, rate: 100, at: 500 ms,"
		 " for: 2400 ms},"
		 "{fault: cpu_offline, cpu: 0, at: 1 s, for: 500 ms}]",
		 NULL);
	ck_assert_uint_ge(b.raised, calm);
	ck_assert_uint_le(b.raised, calm + 250);
	ck_assert_uint_eq(r.nr_blind, 0);
}
END_TEST

/* Enabling them said nothing, and they count nothing. */
START_TEST(test_silent_events_are_blind)
{
	run_with("faults=[{fault: pmu_taken, cpu: 2, at: 1 s, for: 1 h}]",
		 NULL);
	ck_assert_uint_eq(r.nr_blind, 1);
	teardown_run();
	/* A unit has room for one. */
	run_with("faults=[{fault: commit, at: 1 s, set: ["
		 "'kdamonds.0.contexts.0.sample_control.perf_events.1="
		 "{type: 11, freq: off, sample_period: 524288,"
		 " sample_phys_addr: on, exclude_kernel: off,"
		 " exclude_hv: off}']}]",
		 NULL);
	ck_assert_uint_eq(r.nr_blind, 4);
	teardown_run();
	run_with("faults=[{fault: pmu_taken, at: 1 s, for: 1 s}]", NULL);
	ck_assert_uint_eq(r.nr_blind, 0);
	teardown_run();
	/* Without events nothing is blind that should see. */
	run_with("faults=[{fault: pmu_taken, at: 1 s, for: 1 h},"
		 "{fault: commit, at: 2 s, set: "
		 "['kdamonds.0.contexts.0.sample_control.perf_events=[]']}]",
		 NULL);
	ck_assert_uint_eq(r.nr_blind, 0);
}
END_TEST

/* As many events as there may be, and storms on top of each other. */
START_TEST(test_no_room_for_storms)
{
	static char events[64 * 160];
	size_t len = 0;
	u32 i;

	len = snprintf(events, sizeof(events),
		       "kdamonds.0.contexts.0.sample_control.perf_events=");
	for (i = 0; i < 64; i++)
		len += snprintf(events + len, sizeof(events) - len,
				"%c{type: 11, freq: off, sample_period: %u,"
				" sample_phys_addr: on, exclude_kernel: off,"
				" exclude_hv: off}",
				i ? ',' : '[', 65536 + 16 * i);
	snprintf(events + len, sizeof(events) - len, "]");
	run_with("faults=[{fault: nmi_storm, rate: 100, at: 1 s, for: 1 s},"
		 "{fault: nmi_storm, rate: 200, at: 1 s, for: 1 s},"
		 "{fault: pause, at: 1200 ms, for: 100 ms}]",
		 events);
	ck_assert_int_eq(r.faults.fault[0].result, 0);
	ck_assert_int_eq(r.faults.fault[1].result, -ENOSPC);
	/* A unit has room for one; who waits longest has it. */
	ck_assert_uint_eq(r.nr_blind, 63 * 4);
}
END_TEST

/* Interrupts too long for the default limit are not for a lower one. */
START_TEST(test_a_lower_limit_stays)
{
	run_with("faults=[{fault: throttle, value: 500}]",
		 "machine.pmu_knobs={nmi: 4 us}");
	ck_assert_uint_eq(r.m.limit.max_rate, 500);
	ck_assert_uint_eq(r.m.limit.nr_lowered, 0);
	teardown_run();
	run_with("faults=[{fault: throttle, value: 500}]",
		 "machine.cpu_time_max=100 %");
	ck_assert_int_eq(r.faults.fault[0].result, -EINVAL);
	ck_assert_uint_eq(r.m.limit.max_rate, 100000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("run units");
	TCase *tcase = tcase_create("all");

	tcase_add_checked_fixture(tcase, NULL, teardown_run);
	tcase_add_test(tcase, test_a_storm_is_no_rival);
	tcase_add_test(tcase, test_silent_events_are_blind);
	tcase_add_test(tcase, test_a_lower_limit_stays);
	tcase_add_test(tcase, test_no_room_for_storms);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
