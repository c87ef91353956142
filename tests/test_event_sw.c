// SPDX-License-Identifier: GPL-2.0
/*
 * Perf's software events by themselves: how they are counted, which a kernel
 * makes, what its clocks give.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "perf_sw.h"
#include "run/run.h"
#include "support_check.h"

#define MS_NS 1000000ull

static const char text_machine[] =
	"duration: 2 s\n"
	"machine:\n"
	"  cpus: 2\n"
	"  wakeup: 0\n"
	"  ring_capacity: 65536\n"
	"  nodes: [{size: 1 GiB}]\n"
	"workloads:\n"
	"- {pattern: cold, pid: 7, threads: 2, size: 64 MiB, touch: 50 MiB/s}\n"
	"kdamonds:\n"
	"- contexts:\n"
	"  - ops: vaddr\n"
	"    targets: [{pid: 7}]\n"
	"    intervals: {sample_us: 5 ms, aggr_us: 100 ms, ops_update_us: 1 "
	"s}\n"
	"    sample_control:\n"
	"      perf_events:\n"
	"      - {type: 1, config: 2, freq: off, sample_period: 1,\n"
	"         exclude_kernel: off, exclude_hv: off}\n";

#define EVENT "kdamonds.0.contexts.0.sample_control.perf_events.0"

static struct scenario s;
static struct run r;

static int parse(const char *const *set, u32 nr, struct config_error *err)
{
	*err = (struct config_error){ 0 };
	return scenario_parse(&s, text_machine, strlen(text_machine), "test",
			      set, nr, err);
}

/* The kernel's steps, written out: -1 until the first, then by the period. */
START_TEST(test_frequency_by_hand)
{
	struct perf_freq f = { .freq = 1000, .period = 1 };
	s64 left = -1;
	u64 last = 1, want = 1, at = 0, before = 0, i, nr = 0;
	struct perf_sw sw;

	perf_sw_init(&sw);
	for (i = 0; i < 200000; i++) {
		bool is;

		/* 20 a millisecond, and 60 from the middle on. */
		at += i < 100000 ? MS_NS / 20 : MS_NS / 60;
		is = ++left >= 0;
		if (is) {
			s64 go, ns = at - before;

			left = -(s64)last;
			last = want;
			if (ns && ns < 2 * MS_NS) {
				go = (s64)(last * 1000000000ull / (ns * 1000)) -
				     (s64)want;
				want += (go >= 0 ? go + 7 : go - 7) / 8;
				want = want ? want : 1;
			}
			before = at;
			nr += i >= 150000;
		}
		ck_assert(perf_sw_count(&sw, &f, at, MS_NS) == is);
		ck_assert_uint_eq(f.period, want);
	}
	/* 833 ms at the end, a thousand a second wanted. */
	ck_assert_uint_ge(nr, 750);
	ck_assert_uint_le(nr, 950);
}
END_TEST

static int make(u64 config, bool freq, struct sampler_event **e)
{
	struct damon_event_attr attr = {
		.type = 1,
		.config = config,
		.freq = freq,
		.sample_freq = 1000,
		.sample_period = 5,
	};

	return sampler_event_new(e, &attr, &s, NULL, 0);
}

/* Of Linux 6.12: 12 is the first number that it does not know. */
START_TEST(test_other_configs)
{
	struct sampler_event *e;
	struct config_error err;
	char text[100];
	const char *set[] = { text };
	u64 i;

	for (i = 0; i < 20; i++) {
		bool fault = i == 2 || i == 5 || i == 6;

		snprintf(text, sizeof(text), EVENT ".config=%llu", i);
		ck_assert_int_eq(parse(set, 1, &err), fault ? 0 : -EINVAL);
		if (!fault) {
			ck_assert_int_eq(err.error, i < 12 ? 0 : -ENOENT);
			parse(NULL, 0, &err);
		}
		ck_assert_int_eq(make(i, false, &e), i < 12 ? 0 : -ENOENT);
		if (i < 12) {
			ck_assert(!!e->faults == fault);
			ck_assert(e->by_clock == (i < 2));
			/* A timer has no shorter period than 10 us. */
			ck_assert(i > 1 || e->period_ps == 10000000);
			sampler_event_free(e);
		}
		scenario_fini(&s);
	}
	ck_assert_int_eq(parse(NULL, 0, &err), 0);
	ck_assert_int_eq(make(0, true, &e), 0);
	ck_assert_uint_eq(e->period_ps, 1000000000);
	ck_assert(!e->by_freq);
	sampler_event_free(e);
	scenario_fini(&s);
}
END_TEST

/* A clock's samples know no address: as many as it ticks, all lost by name. */
START_TEST(test_clock)
{
	static const char *const half[] = { "workloads.0.until=1 s" };
	struct run_options opt = { .nr_threads = 1 };
	struct config_error err;
	struct damon_balance b;
	char why[200];

	ck_assert_int_eq(parse(half, 1, &err), 0);
	ck_assert_int_eq(run_init(&r, &s, &opt, why, sizeof(why)), 0);
	/* What the check refuses, as it would be useless, a script may ask. */
	s.config.kdamonds[0].contexts[0].sample_control.events[0].config = _i;
	s.config.kdamonds[0]
		.contexts[0]
		.sample_control.events[0]
		.sample_period = 1000000;
	/* It wakes who has nothing to do, as both have after half the time. */
	ck_assert_int_eq(run_go(&r), 0);
	run_balance(&r, &b);
	ck_assert(damon_balance_holds(&b));
	ck_assert_uint_ge(b.raised, 2 * 1990);
	ck_assert_uint_le(b.raised, 2 * 2000);
	ck_assert_uint_eq(b.lost[DAMON_LOST_NO_ADDR], b.raised);
	ck_assert_uint_eq(r.m.cpu[0].nmi_ps, 0);
	run_fini(&r);
	scenario_fini(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("event_sw");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, test_frequency_by_hand);
	tcase_add_test(tc, test_other_configs);
	tcase_add_loop_test(tc, test_clock, 0, 2);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
