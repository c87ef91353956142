// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that comes when it is touched: as much as was touched, before it is
 * sampled, and at a cost where it had been paged out.
 */
#include <check.h>
#include <string.h>

#include "run/loop.h"
#include "run/run.h"
#include "support_check.h"

static const char text_machine[] =
	"duration: 2 s\n"
	"machine:\n"
	"  pmu: ibs_zen5\n"
	"  cpus: 2\n"
	"  wakeup: 0\n"
	"  nodes: [{name: dram, size: 1 GiB}]\n"
	"workloads:\n"
	"- {pattern: cold, threads: 2, size: 128 MiB, touch: 50 MiB/s}\n"
	"kdamonds:\n"
	"- contexts:\n"
	"  - ops: paddr\n"
	"    targets: [{regions: [{start: 0, end: 1 GiB}]}]\n"
	"    intervals: {sample_us: 5 ms, aggr_us: 100 ms, ops_update_us: 1 "
	"s}\n"
	"    sample_control:\n"
	"      perf_events:\n"
	"      - {type: 11, config: 0, freq: off, sample_period: 65536,\n"
	"         sample_phys_addr: on, exclude_kernel: off,\n"
	"         exclude_hv: off}\n";

/* What is touched in a fifth of the longest span. */
#define AHEAD (100ull * 1024 * 1024 * SPAN_TICKS_MAX * 5 / 1000 / 5)

static struct scenario s;
static struct run r;
static u64 nr_logged;

static void setup_run(const char *const *set, u32 nr)
{
	struct run_options opt = { .nr_threads = 1 };
	struct config_error err = { 0 };
	char why[200];
	int ret = scenario_parse(&s, text_machine, strlen(text_machine), "test",
				 set, nr, &err);

	ck_assert_msg(!ret, "line %u: %s", err.line, err.text);
	ret = run_init(&r, &s, &opt, why, sizeof(why));
	ck_assert_msg(!ret, "%s", why);
}

static void teardown_run(void)
{
	run_fini(&r);
	scenario_fini(&s);
}

/* Whatever is sampled is somewhere. */
static void logged(void *arg, struct run_cpu *c, u64 at_ps,
		   const struct sampler_event *event,
		   const struct perf_sample_data *data,
		   const struct damon_running *who)
{
	(void)arg, (void)c, (void)at_ps, (void)event, (void)who;
	if (!(data->sample_flags & PERF_SAMPLE_ADDR))
		return;
	ck_assert_uint_ne(ram_translate(r.m.program[0].map, data->addr),
			  RAM_NOWHERE);
	nr_logged++;
}

START_TEST(test_lazy_memory_is_what_was_touched)
{
	const struct program *p;
	u64 least, i, us;

	setup_run(NULL, 0);
	p = r.m.program;
	r.m.env.logged = logged;
	nr_logged = 0;
	ck_assert_uint_eq(p->map->nr_pages[0], 0);
	ck_assert_int_eq(run_begin(&r), 0);
	ck_assert_int_eq(run_on(&r, r.cfg), 0);
	for (us = 100000; us <= s.duration_us; us += 100000) {
		ck_assert_int_eq(loop_until(&r, us), 0);
		least = 0;
		for (i = 0; i < p->nr_threads; i++)
			least += p->w.kind->reached(&p->thread[i].t,
						    p->thread[i].t.run_ps);
		ck_assert_uint_ge(p->map->nr_pages[0] * 4096, least);
		/* Behind by what interrupts take of a span, a fifth at most. */
		ck_assert_uint_le(p->map->nr_pages[0] * 4096, least + AHEAD);
		ck_assert_uint_le(p->map->nr_pages[0] * 4096,
				  us * 100 * 1024 * 1024 / 1000000 + 8192);
	}
	ck_assert_uint_gt(nr_logged, 1000);
	ck_assert_uint_eq(r.touch.nr_no_frame, 0);
	ck_assert_uint_eq(r.touch.nr_major, 0);
	teardown_run();
}
END_TEST

/* Where there are no frames some of it stays nowhere, and is counted. */
START_TEST(test_no_frames)
{
	struct ram_policy policy = { .weight = { 1 },
				     .nr_nodes = 1,
				     .granule = RAM_BLOCK_BYTES };
	struct ram_map *map;

	setup_run(NULL, 0);
	ck_assert_int_eq(ram_map_add(&r.m.ram, 1, 1ull << 40, 960ull << 20,
				     true, &policy, &map),
			 0);
	ck_assert_int_eq(run_go(&r), 0);
	ck_assert_uint_eq(r.m.program[0].map->nr_pages[0], 64 * 256);
	ck_assert_uint_gt(r.touch.nr_no_frame, 0);
	teardown_run();
}
END_TEST

static const char *const patterns[] = { "stream", "chase", "memcpy" };

/* All of it is paged out, all comes back, and the program pays for it. */
START_TEST(test_what_was_paged_out_comes_back)
{
	char pattern[64] = "workloads.0.pattern=";
	const char *const set[] = { "workloads=[{pattern: chase, size: 4 MiB}]",
				    strcat(pattern, patterns[_i]) };
	const struct program *p;
	struct folio f;
	u64 ran_ps;

	setup_run(set, 2);
	p = r.m.program;
	ck_assert_int_eq(run_begin(&r), 0);
	f = (struct folio){ .start = p->map->start, .sz = 4096, .nr = 1024 };
	ck_assert_uint_eq(ram_memory_ops.pageout(&r.memory, p->spec->pid, &f),
			  4 << 20);
	ck_assert_uint_eq(p->map->nr_pages[0], 0);
	ck_assert_int_eq(loop_until(&r, s.duration_us), 0);
	ck_assert_uint_eq(p->map->nr_pages[0], 1024);
	ck_assert_uint_eq(r.touch.nr_major, 1024);
	ck_assert_uint_eq(r.memory.nr_refaults, 1024);
	ran_ps = p->thread[0].t.run_ps;
	ck_assert_uint_eq(ran_ps, s.duration_us * RUN_PS_PER_US -
					  1024 * r.touch.major_ps);
	teardown_run();
}
END_TEST

/* Pages that nobody comes to stay out. */
START_TEST(test_only_what_is_touched_comes_back)
{
	const char *const set[] = {
		"workloads=[{pattern: hotset, size: 64 MiB, hot: 25 %,"
		" hot_access: 100 %}]"
	};
	const struct program *p;
	struct folio f;
	u64 i;

	setup_run(set, 1);
	p = r.m.program;
	ck_assert_int_eq(run_begin(&r), 0);
	f = (struct folio){ .start = p->map->start, .sz = 4096, .nr = 16384 };
	ram_memory_ops.pageout(&r.memory, p->spec->pid, &f);
	ck_assert_int_eq(loop_until(&r, s.duration_us), 0);
	ck_assert_uint_eq(r.touch.nr_major, 4096);
	for (i = 0; i < 16384; i++)
		ck_assert_int_eq(ram_translate(p->map,
					       p->map->start + i * 4096) !=
					 RAM_NOWHERE,
				 i < 4096);
	teardown_run();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("run touch");
	TCase *tc = tcase_create("touch");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, test_lazy_memory_is_what_was_touched);
	tcase_add_test(tc, test_no_frames);
	tcase_add_loop_test(tc, test_what_was_paged_out_comes_back, 0,
			    sizeof(patterns) / sizeof(*patterns));
	tcase_add_test(tc, test_only_what_is_touched_comes_back);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
