// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation of a run that writes its results and samples fails once:
 * nothing breaks, nothing is kept, and what is there can be read as far as it
 * goes.
 *
 * The report is left out: json-c aborts for want of memory.
 *
 * Under a sanitizer this program has nothing to do, see support_nomem.h.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/run_output.h"
#include "support_check.h"
#include "support_outdir.h"

#include "support_nomem.h"

#ifdef NOMEM_SKIPPED

int main(void)
{
	puts("run output nomem: skipped, the allocator is the sanitizer's");
	return 0;
}

#else

static const char text[] =
	"duration: 250 ms\n"
	"machine: {preset: small}\n"
	"workloads:\n"
	"- {pattern: hotset, threads: 2, size: 64 MiB}\n"
	"kdamonds:\n"
	"- contexts:\n"
	"  - ops: paddr\n"
	"    targets: [{regions: [{start: 0, end: 2 GiB}]}]\n"
	"    intervals: {sample_us: 5 ms, aggr_us: 100 ms, ops_update_us: 1 "
	"s}\n"
	"    sample_control:\n"
	"      perf_events:\n"
	"      - {type: 11, freq: off, sample_period: 262144,\n"
	"         sample_phys_addr: on, exclude_kernel: off,\n"
	"         exclude_hv: off}\n"
	"    schemes:\n"
	"    - {action: stat}\n"
	"faults: [{fault: page_zero, probability: 10 %}]\n";

static struct scenario s;
static struct run r;
static const char *dir;

static void setup(void)
{
	struct config_error err = { 0 };

	dir = outdir_init();
	ck_assert_msg(!scenario_parse(&s, text, strlen(text), "test", NULL, 0,
				      &err),
		      "line %u: %s", err.line, err.text);
}

static void teardown(void)
{
	scenario_fini(&s);
	outdir_fini();
}

/* As the command does it.  Return: 0; -errno of the run or of its output. */
static int run(struct output_error *why, u64 *raised)
{
	struct run_options opt = { .nr_threads = 1 };
	struct run_output out = { .with_samples = true, .cmdline = "test" };
	struct damon_balance b = { 0 };
	char text_why[200];
	int err, last;

	*why->text = '\0';
	err = run_output_prepare(&out, dir, true, &opt, why);
	if (err)
		return err;
	err = run_init(&r, &s, &opt, text_why, sizeof(text_why));
	if (err) {
		last = run_output_finish(&out, NULL, -1, false, why);
		return err ? err : last;
	}
	err = run_go(&r);
	if (out.samples.sink)
		run_samples_take(&out.samples, &r);
	run_balance(&r, &b);
	*raised = b.raised;
	last = run_output_finish(&out, NULL, -1, false, why);
	run_fini(&r);
	return err ? err : last;
}

/* Samples in the trace; ~0 without one. */
static u64 nr_samples(void)
{
	struct trace_record rec[512];
	struct trace_source *src;
	struct trace_error err;
	char path[300];
	u64 nr;

	snprintf(path, sizeof(path), "%s/samples.dst", dir);
	if (trace_open(&src, path, &err))
		return ~0ULL;
	while (trace_read(src, rec, 512, &err) > 0)
		;
	nr = trace_counts(src)->nr_samples;
	trace_close(src);
	return nr;
}

START_TEST(each_allocation)
{
	struct output_error why;
	u64 raised, whole;
	long nr, left;
	int err;

	ck_assert_int_eq(run(&why, &whole), 0);
	ck_assert_uint_gt(whole, 1000);
	ck_assert_uint_eq(nr_samples(), whole);
	for (nr = 0;; nr++) {
		nomem_begin(nr);
		err = run(&why, &raised);
		left = nomem_end();
		ck_assert_msg(!left, "%ld: %ld left", nr, left);
		json_object_put(outdir_json("trace.json"));
		json_object_put(outdir_json("damon.data.json"));
		if (!err)
			ck_assert_uint_eq(nr_samples(), raised);
		if (!nomem_failed)
			break;
	}
	ck_assert_int_eq(err, 0);
	ck_assert_uint_eq(raised, whole);
	ck_assert_int_gt(nr, 50);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("run output nomem");
	TCase *tc = tcase_create("run output nomem");

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, each_allocation);
	return support_run(suite);
}

#endif
