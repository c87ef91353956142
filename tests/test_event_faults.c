// SPDX-License-Identifier: GPL-2.0
/*
 * Page faults as perf's software events: which are samples, of whom, when, and
 * that nothing of a PMU's applies to them.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perf_sw.h"
#include "run/loop.h"
#include "run/run.h"
#include "support_check.h"

#define PAGE 4096ull
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

/* What the log saw, in all and of each page of both threads' areas. */
static u64 nr_logged, last_ps[2], last_addr[2];
static u32 seen[2 << 14];

static int parse(const char *const *set, u32 nr, struct config_error *err)
{
	*err = (struct config_error){ 0 };
	return scenario_parse(&s, text_machine, strlen(text_machine), "test",
			      set, nr, err);
}

/* First touches come in order, when their thread gets there. */
static void logged(void *arg, struct run_cpu *c, u64 at_ps,
		   const struct sampler_event *event,
		   const struct perf_sample_data *data,
		   const struct damon_running *who)
{
	const struct program *p = &r.m.program[0];
	u32 thread = who->tid - 7;
	const struct workload_thread *t = &p->thread[thread].t;

	(void)arg, (void)c, (void)event;
	nr_logged++;
	ck_assert_uint_eq(who->tgid, 7);
	ck_assert_uint_lt(thread, 2);
	ck_assert(data->sample_flags == PERF_SAMPLE_ADDR);
	ck_assert_uint_eq(data->addr % PAGE, 0);
	ck_assert_uint_ge(at_ps, last_ps[thread]);
	ck_assert_uint_ge(data->addr, t->start);
	ck_assert_uint_lt(data->addr, t->start + t->sz);
	if (last_addr[thread])
		ck_assert_uint_eq(data->addr, last_addr[thread] + PAGE);
	seen[(data->addr - p->map->start) / PAGE]++;
	last_ps[thread] = at_ps;
	last_addr[thread] = data->addr;
	/* It was touched by then, and not long before: no CPU is shared. */
	ck_assert_uint_gt(p->w.kind->reached(t, at_ps), data->addr - t->start);
	ck_assert_uint_le(p->w.kind->reached(t, at_ps),
			  data->addr - t->start + PAGE);
}

static void setup_run(const char *const *set, u32 nr, bool stepped)
{
	struct run_options opt = { .nr_threads = 1, .stepped = stepped };
	struct config_error err;
	char why[200];
	int ret = parse(set, nr, &err);

	ck_assert_msg(!ret, "line %u: %s", err.line, err.text);
	ret = run_init(&r, &s, &opt, why, sizeof(why));
	ck_assert_msg(!ret, "%s", why);
	nr_logged = 0;
	memset(last_ps, 0, sizeof(last_ps));
	memset(last_addr, 0, sizeof(last_addr));
	memset(seen, 0, sizeof(seen));
}

static void teardown_run(void)
{
	run_fini(&r);
	scenario_fini(&s);
}

static struct damon_balance balance(void)
{
	struct damon_balance b;

	run_balance(&r, &b);
	ck_assert(damon_balance_holds(&b));
	return b;
}

static u64 raised_with(const char *const *set, u32 nr)
{
	struct damon_balance b;

	setup_run(set, nr, false);
	ck_assert_int_eq(run_go(&r), 0);
	ck_assert_int_eq(r.start_err, 0);
	b = balance();
	teardown_run();
	return b.raised;
}

/* With a period every one is a sample: perf is asked for PERF_SAMPLE_PERIOD. */
START_TEST(test_period_is_no_period)
{
	struct perf_sw sw;
	u32 i;

	perf_sw_init(&sw);
	for (i = 0; i < 1000; i++)
		ck_assert(perf_sw_count(&sw, NULL, i, MS_NS));
	for (i = 0; i < 100; i++) {
		char set[100];
		const char *sets[] = { set };

		if (i % 33 != 0)
			continue;
		snprintf(set, sizeof(set), EVENT ".sample_period=%u", 1 + i);
		ck_assert_uint_eq(raised_with(sets, 1), raised_with(NULL, 0));
	}
}
END_TEST

START_TEST(test_each_first_touch_is_a_sample)
{
	struct damon_balance b;
	u32 i, nr = 0;

	setup_run(NULL, 0, _i);
	r.m.env.logged = logged;
	ck_assert_int_eq(run_go(&r), 0);
	b = balance();
	ck_assert_uint_eq(b.raised, nr_logged);
	ck_assert_uint_eq(b.lost[DAMON_LOST_RING_FULL], 0);
	for (i = 0; i < 2 << 14; i++) {
		ck_assert_uint_le(seen[i], 1);
		nr += seen[i];
	}
	/* All of both areas are touched in 1.28 s. */
	ck_assert_uint_eq(nr, 2 * (64 << 20) / PAGE);
	ck_assert_uint_eq(r.m.program[0].map->nr_pages[0],
			  2 * (64 << 20) / PAGE);
	/* Nobody's interrupt: no time, no limit. */
	ck_assert_uint_eq(r.m.cpu[0].nmi_ps, 0);
	ck_assert_uint_eq(r.m.cpu[0].took.sum_ns, 0);
	teardown_run();
}
END_TEST

/* Region by region: hot is where it grows, and nothing else. */
START_TEST(test_hot_where_it_grows)
{
	static const char *const one[] = {
		"workloads.0.threads=1",
		"workloads.0.size=512 MiB",
		"workloads.0.touch=100MiB/s",
		"machine.ring_capacity=4096",
	};
	const struct regions *v;
	u64 front, start;
	u32 i, hot = 0;

	setup_run(one, 4, false);
	ck_assert_int_eq(run_begin(&r), 0);
	ck_assert_int_eq(run_on(&r, r.cfg), 0);
	ck_assert_int_eq(loop_until(&r, 1990000), 0);
	start = r.m.program[0].map->start;
	front = start + r.m.program[0].w.kind->reached(
				&r.m.program[0].thread[0].t,
				r.m.program[0].thread[0].t.run_ps);
	v = &r.ctx.targets[0].regions;
	ck_assert_uint_ge(v->nr, 10);
	for (i = 0; i < v->nr; i++) {
		if (!v->at[i].last_nr_accesses)
			continue;
		hot++;
		/* Of the latest aggregation: 10 MiB, and one more is on. */
		ck_assert_uint_le(v->at[i].start, front);
		ck_assert_uint_ge(v->at[i].end, front - (21 << 20));
	}
	ck_assert_uint_gt(hot, 0);
	ck_assert_uint_lt(hot, v->nr / 2);
	teardown_run();
}
END_TEST

static const char pageout[] =
	"kdamonds.0.contexts.0.schemes=[{action: pageout, access_pattern: "
	"{nr_accesses: {max: 0 %}}, quotas: {sz_bytes: 1 MiB, "
	"reset_interval_ms: 100 ms}}]";

/* Minor and major are told apart, and are all there is. */
START_TEST(test_minor_and_major)
{
	static const char *const major[] = { pageout, EVENT ".config=6" };
	static const char *const minor[] = { pageout, EVENT ".config=5" };
	u64 nr_major;

	setup_run(major, 2, false);
	ck_assert_int_eq(run_go(&r), 0);
	ck_assert_uint_gt(r.touch.nr_major, 100);
	nr_major = balance().raised;
	/* But for those that are still to be handled when the run ends. */
	ck_assert_uint_le(nr_major, r.touch.nr_major);
	ck_assert_uint_ge(nr_major + 10, r.touch.nr_major);
	teardown_run();
	ck_assert_uint_eq(raised_with(minor, 2), 2 * (64 << 20) / PAGE);
}
END_TEST

/* Samples of major faults are as far apart as these take. */
static void logged_major(void *arg, struct run_cpu *c, u64 at_ps,
			 const struct sampler_event *event,
			 const struct perf_sample_data *data,
			 const struct damon_running *who)
{
	(void)arg, (void)event, (void)data, (void)who;
	if (last_ps[c->nr])
		ck_assert_uint_ge(at_ps, last_ps[c->nr] + r.touch.major_ps);
	last_ps[c->nr] = at_ps;
	nr_logged++;
}

START_TEST(test_major_faults_take_their_time)
{
	static const char *const major[] = { pageout, EVENT ".config=6" };

	setup_run(major, 2, false);
	r.m.env.logged = logged_major;
	ck_assert_int_eq(run_go(&r), 0);
	ck_assert_uint_gt(nr_logged, 100);
	teardown_run();
}
END_TEST

START_TEST(test_frequency_of_a_run)
{
	static const char *const set[] = {
		EVENT "={type: 1, config: 2, freq: on, sample_freq: 200, "
		      "exclude_kernel: off, exclude_hv: off}",
	};
	u64 nr = raised_with(set, 1);

	/* Each CPU 1.28 s long. */
	ck_assert_msg(nr > 400 && nr < 640, "%llu", nr);
}
END_TEST

/* What is not seen: guests, physical memory; and nothing is thrown off. */
START_TEST(test_who_has_no_faults)
{
	static const char *const guest[] = { "workloads.0.guest=on" };
	static const char *const paddr[] = {
		"kdamonds.0.contexts.0.ops=paddr",
		"kdamonds.0.contexts.0.targets=[{regions: [{start: 0, end: 1 "
		"GiB}]}]",
	};
	static const char *const taken[] = {
		"faults=[{fault: pmu_taken, at: 100 ms, for: 1 s}]",
		"machine.pmu=ibs_zen5",
	};
	static const char *const storm[] = {
		"faults=[{fault: nmi_storm, at: 100 ms, for: 1 s, rate: 9999}]",
		"machine.pmu=ibs_zen5",
	};
	struct damon_balance b;

	ck_assert_uint_eq(raised_with(guest, 1), 0);
	ck_assert_uint_eq(raised_with(storm, 2), raised_with(NULL, 0));
	ck_assert_uint_eq(raised_with(taken, 2), raised_with(NULL, 0));
	setup_run(paddr, 2, false);
	ck_assert_int_eq(run_go(&r), 0);
	b = balance();
	ck_assert_uint_gt(b.raised, 0);
	ck_assert_uint_eq(b.lost[DAMON_LOST_WRONG_SPACE], b.raised);
	teardown_run();
}
END_TEST

/* While nobody counts nothing is kept; who begins late sees what is left. */
START_TEST(test_armed_late)
{
	setup_run(NULL, 0, false);
	r.m.env.logged = logged;
	ck_assert_int_eq(run_begin(&r), 0);
	ck_assert_int_eq(loop_until(&r, 500000), 0);
	ck_assert_uint_eq(nr_logged, 0);
	ck_assert_uint_eq(r.m.program[0].thread[0].ahead.max, 0);
	ck_assert_int_eq(run_on(&r, r.cfg), 0);
	ck_assert_int_eq(loop_until(&r, 1000000), 0);
	ck_assert_uint_gt(nr_logged, 2 * 50 * 256 * 48 / 100);
	ck_assert_uint_le(nr_logged, 2 * 50 * 256 * 50 / 100);
	run_off(&r);
	nr_logged = 0;
	ck_assert_int_eq(loop_until(&r, 1200000), 0);
	ck_assert_uint_eq(nr_logged, 0);
	ck_assert_uint_eq(r.m.substrate.nr_faulting, 0);
	teardown_run();
}
END_TEST

/* Beside a unit's event each is what it is alone. */
START_TEST(test_beside_a_unit)
{
	static const char unit[] =
		"{type: 11, config: 0, freq: off, sample_period: 262144, "
		"exclude_kernel: off, exclude_hv: off}";
	static const char faults[] = "{type: 1, config: 2, freq: off, "
				     "sample_period: 1, exclude_kernel: off, "
				     "exclude_hv: off}";
	static char one[400], two[600];
	const char *set[2] = { "machine.pmu=ibs_zen5", one };
	u64 alone;

	snprintf(one, sizeof(one), EVENT "=%s", unit);
	snprintf(two, sizeof(two),
		 "kdamonds.0.contexts.0.sample_control.perf_events=[%s, %s]",
		 unit, faults);
	alone = raised_with(set, 2);
	set[1] = two;
	ck_assert_uint_gt(alone, 1000);
	ck_assert_uint_eq(raised_with(set, 2), alone + 2 * (64 << 20) / PAGE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("event_faults");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, test_period_is_no_period);
	tcase_add_loop_test(tc, test_each_first_touch_is_a_sample, 0, 2);
	tcase_add_test(tc, test_hot_where_it_grows);
	tcase_add_test(tc, test_minor_and_major);
	tcase_add_test(tc, test_major_faults_take_their_time);
	tcase_add_test(tc, test_frequency_of_a_run);
	tcase_add_test(tc, test_who_has_no_faults);
	tcase_add_test(tc, test_armed_late);
	tcase_add_test(tc, test_beside_a_unit);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
