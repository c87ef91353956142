// SPDX-License-Identifier: GPL-2.0
/*
 * Tracepoints as text: each line against the format that the kernel prints, the
 * losses against the counters, and the file on a disk that gets full.
 */
#include <check.h>
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "damon/profile.h"
#include "damon/scheme.h"
#include "report/ftrace.h"
#include "report/losses.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_outdir.h"

/* What stands before the event: task, CPU, flags, time. */
#define BEFORE                                                              \
	"^ *kdamond\\.0-[0-9]+ +\\[[0-9]{3}\\] [.d][.N][.hHsS][.0-9][.0-9]" \
	" +[0-9]+\\.[0-9]{6}: "

static struct split_shared shared;
static struct context ctx;
static struct ftrace ftrace;
static const char *dir;
static u64 saved;

static void setup(void)
{
	dir = outdir_init();
	shared = (struct split_shared){ 0 };
	context_init(&ctx, &profile_n, &support_idle_ops, &shared, 1);
	support_target_is(&ctx, { 4096, 8192, 3, 0, 2 },
			  { 8192, ~0ULL, 4294967295, 0, 4294967295 });
	ck_assert_int_eq(ftrace_open(&ftrace, dir), 0);
	ftrace.now_ns = 123456789000ULL;
}

static void teardown(void)
{
	context_fini(&ctx);
	outdir_fini();
}

/* Close, and find line @nr behind the head, from 0; "" behind the end. */
static const char *line(u32 nr)
{
	static char found[600];
	char *text, *at;
	size_t sz;

	ck_assert_int_eq(ftrace_close(&ftrace, &saved), 0);
	text = outdir_read("trace.txt", &sz);
	for (at = strtok(text, "\n"); at; at = strtok(NULL, "\n"))
		if (*at != '#' && !nr--)
			break;
	snprintf(found, sizeof(found), "%s", at ? at : "");
	free(text);
	return found;
}

/* Line 0 is this event, printed just so. */
static void expect(const char *event)
{
	char pattern[200];
	const char *text = line(0), *at;
	regmatch_t match;
	regex_t re;

	snprintf(pattern, sizeof(pattern), BEFORE);
	ck_assert_int_eq(regcomp(&re, pattern, REG_EXTENDED), 0);
	ck_assert_msg(!regexec(&re, text, 1, &match, 0), "%s", text);
	regfree(&re);
	at = text + match.rm_eo;
	ck_assert_str_eq(at, event);
	ck_assert_str_eq(line(1), "");
}

START_TEST(head)
{
	size_t sz;
	char *text;

	ck_assert_int_eq(ftrace_close(&ftrace, &saved), 0);
	text = outdir_read("trace.txt", &sz);
	ck_assert_int_eq(strncmp(text, "# tracer: nop\n#\n", 16), 0);
	ck_assert_ptr_nonnull(strstr(text, "TASK-PID     CPU#  |||||  "
					   "TIMESTAMP  FUNCTION\n"));
	free(text);
}
END_TEST

START_TEST(when)
{
	ftrace.now_ns = 5537459951749ULL;
	ftrace_observer.intervals_tuned(&ftrace, &ctx, 5000);
	ck_assert_str_eq(line(0), "       kdamond.0-1       [000] .....  "
				  "5537.459951: damon_monitor_intervals_tune: "
				  "sample_us=5000");
}
END_TEST

START_TEST(aggregated)
{
	const struct region *r = ctx.targets[0].regions.at;

	ftrace_observer.aggregated(&ftrace, &ctx, 0, 2, &r[_i]);
	expect(_i ? "damon_aggregated: target_id=0 nr_regions=2 "
		    "8192-18446744073709551615: 4294967295 4294967295" :
		    "damon_aggregated: target_id=0 nr_regions=2 4096-8192: "
		    "3 2");
}
END_TEST

/* Hits in hexadecimal, behind what the older tracepoint says. */
START_TEST(aggregated_with_probes)
{
	struct region *r = ctx.targets[0].regions.at;

	ck_assert_int_eq(probes_add(&ctx.probes, 0), 0);
	memcpy(r->probe_hits, (u8[]){ 0, 1, 171, 255 }, 4);
	ftrace_observer.aggregated(&ftrace, &ctx, 0, 2, r);
	ctx.profile = &profile_m;
	ftrace_observer.aggregated(&ftrace, &ctx, 0, 2, r);
	ck_assert_ptr_nonnull(strstr(line(0), ": damon_aggregated: target_id=0 "
					      "nr_regions=2 4096-8192: 3 2"));
	ck_assert_ptr_nonnull(strstr(
		line(1), ": damon_region_aggregated: target_id=0 nr_regions=2 "
			 "4096-8192: 3 2 probe_hits=00 01 ab ff"));
	ck_assert_ptr_nonnull(strstr(line(2), ": damon_aggregated: "));
	ck_assert_str_eq(line(3), "");
}
END_TEST

START_TEST(before_apply)
{
	ftrace_observer.before_apply(&ftrace, &ctx, 1, 0, 2,
				     ctx.targets[0].regions.at, 7);
	expect("damos_before_apply: ctx_idx=0 scheme_idx=1 target_idx=0 "
	       "nr_regions=2 4096-8192: 7 2");
}
END_TEST

START_TEST(esz)
{
	ftrace_observer.esz(&ftrace, &ctx, 1, ~0ULL);
	expect("damos_esz: ctx_idx=0 scheme_idx=1 esz=18446744073709551615");
}
END_TEST

START_TEST(goal)
{
	struct goal g = { .metric = GOAL_NODE_ELIGIBLE_MEM_BP,
			  .nid = -1,
			  .target_value = 7000,
			  .current_value = 6999 };

	ftrace_observer.goal(&ftrace, &ctx, 1, &g);
	/* Other metrics have no tracepoint. */
	g.metric = GOAL_USER_INPUT;
	ftrace_observer.goal(&ftrace, &ctx, 1, &g);
	expect("damos_node_eligible_mem_bp: context_idx=0 scheme_idx=1 nid=-1 "
	       "target_value=7000 current_value=6999");
}
END_TEST

/* The kernel calls the size of what was applied sz_tried too. */
START_TEST(applied)
{
	const struct scheme_stat stat = { .nr_tried = 1,
					  .sz_tried = 2,
					  .nr_applied = 3,
					  .sz_applied = 4,
					  .sz_ops_filter_passed = 5,
					  .qt_exceeds = 6,
					  .nr_snapshots = 7 };

	ftrace_observer.applied(&ftrace, &ctx, 1, &stat);
	expect("damos_stat_after_apply_interval: ctx_idx=0 scheme_idx=1 "
	       "nr_tried=1 sz_tried=2 nr_applied=3 sz_tried=4 "
	       "sz_ops_filter_passed=5 qt_exceeds=6 nr_snapshots=7");
}
END_TEST

/* 6.12 has two tracepoints, and neither of these. */
START_TEST(old_kernel)
{
	const struct scheme_stat stat = { 0 };

	ctx.profile = &profile_d;
	ftrace_observer.esz(&ftrace, &ctx, 0, 1);
	ftrace_observer.applied(&ftrace, &ctx, 0, &stat);
	ck_assert_str_eq(line(0), "");
}
END_TEST

/* What has been told of each cause, on any CPU; -1 is the kdamond's. */
static unsigned long told(int cause, int cpu)
{
	char name[64], *text, *at, *of;
	unsigned long nr, sum = 0;
	size_t sz;

	snprintf(name, sizeof(name),
		 "damon_perf_lost_%s: ", loss_texts[cause].name);
	text = outdir_read("trace.txt", &sz);
	for (at = strstr(text, name); at; at = strstr(at, name)) {
		at += strlen(name);
		of = strstr(at, "nr=");
		ck_assert_ptr_nonnull(of);
		nr = strtoul(of + 3, NULL, 10);
		ck_assert_uint_gt(nr, 0);
		if (cpu < 0)
			ck_assert_ptr_eq(of, at);
		else if (strtol(at + strlen("cpu="), NULL, 10) != cpu)
			nr = 0;
		sum += nr;
	}
	free(text);
	return sum;
}

/* Over many ticks: an event tells what a counter rose by, or there is none. */
START_TEST(losses)
{
	static const u32 nrs[] = { 0, 3, 130 };
	unsigned long expected[3][DAMON_NR_LOSSES] = { 0 };
	struct damon_tick_stats tick = { 0 };
	struct cpus cpus;
	struct cpu *cpu;
	struct rng rng;
	u32 t, i, cause;

	rng_init(&rng, 1);
	ck_assert_int_eq(cpus_init(&cpus, 4), 0);
	for (t = 0; t < 200; t++) {
		i = rng_range(&rng, 0, 3);
		/* CPUs are heard of one after the other. */
		ck_assert_int_eq(cpus_get(&cpus, nrs[t < 50 ? 0 : i], &cpu), 0);
		i = t < 50 ? 0 : i;
		cause = rng_range(&rng, 1, DAMON_NR_LOSSES);
		if (cause < DAMON_NR_CPU_LOSSES) {
			local_inc(&cpu->stats.lost[cause]);
		} else {
			tick.lost[cause] += 2;
			i = 0;
		}
		expected[i][cause] += cause < DAMON_NR_CPU_LOSSES ? 1 : 2;
		if (t & 1)
			ftrace_losses(&ftrace, &cpus, &tick);
	}
	ftrace_losses(&ftrace, &cpus, &tick);
	ftrace_losses(&ftrace, &cpus, &tick);
	ck_assert_int_eq(ftrace_close(&ftrace, &saved), 0);
	for (cause = 1; cause < DAMON_NR_LOSSES; cause++) {
		if (cause >= DAMON_NR_CPU_LOSSES)
			ck_assert_uint_eq(told(cause, -1), expected[0][cause]);
		for (i = 0; i < 3 && cause < DAMON_NR_CPU_LOSSES; i++)
			ck_assert_uint_eq(told(cause, nrs[i]),
					  expected[i][cause]);
	}
	cpus_fini(&cpus);
}
END_TEST

START_TEST(disk_full)
{
	const struct region *r = ctx.targets[0].regions.at;
	size_t at, sz, nr;
	int err, opened;
	char *text, *p;
	u32 i;

	ftrace_close(&ftrace, &saved);
	for (at = 0; at < 40000; at += 997) {
		outdir_disk(at);
		opened = ftrace_open(&ftrace, dir);
		for (i = 0; i < 200; i++)
			ftrace_observer.aggregated(&ftrace, &ctx, 0, 2, r);
		err = ftrace_close(&ftrace, &saved);
		outdir_disk(-1);
		ck_assert_int_eq(opened, 0);
		text = outdir_read("trace.txt", &sz);
		for (nr = 0, p = text; p && *p; p = strchr(p, '\n') + 1)
			nr += *p != '#';
		ck_assert_uint_eq(nr, saved);
		ck_assert_int_eq(err, nr < 200 ? -EFBIG : 0);
		ck_assert(text ? text[sz - 1] == '\n' : !nr);
		free(text);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ftrace");
	TCase *tc = tcase_create("ftrace");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, head);
	tcase_add_test(tc, when);
	tcase_add_loop_test(tc, aggregated, 0, 2);
	tcase_add_test(tc, aggregated_with_probes);
	tcase_add_test(tc, before_apply);
	tcase_add_test(tc, esz);
	tcase_add_test(tc, goal);
	tcase_add_test(tc, applied);
	tcase_add_test(tc, old_kernel);
	tcase_add_test(tc, losses);
	tcase_add_test(tc, disk_full);
	return support_run(s);
}
