// SPDX-License-Identifier: GPL-2.0
/*
 * Page faults that go through the rings: they come to what they come to
 * without, as long as there is room, and are lost by name where there is none.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "run/run.h"
#include "support_check.h"

static const char text_machine[] =
	"duration: 2 s\n"
	"machine:\n"
	"  cpus: 4\n"
	"  wakeup: 0\n"
	"  nodes: [{size: 1 GiB}]\n"
	"workloads:\n"
	"- {pattern: hotset, pid: 7, size: 128 MiB}\n"
	"kdamonds:\n"
	"- contexts:\n"
	"  - ops: vaddr\n"
	"    targets: [{pid: 7}]\n"
	"    intervals: {sample_us: 5 ms, aggr_us: 100 ms, ops_update_us: 1 "
	"s}\n"
	"    nr_regions: {min: 10, max: 1000}\n";

static const char ring[] = "primitive=page_fault_ring";
static const char direct[] = "primitive=page_fault";
static const char many[] = "kdamonds.0.contexts.0.nr_regions.min=900";
static const char paddr[] = "kdamonds.0.contexts.0.ops=paddr";
static const char memory[] = "kdamonds.0.contexts.0.targets=[{regions: "
			     "[{start: 0, end: 1 GiB}]}]";

static struct scenario s;
static struct run r;
static struct damon_balance b;

static void play(const char *const *set, u32 nr)
{
	struct run_options opt = { .nr_threads = 1 };
	struct config_error err = { 0 };
	char why[200];
	int ret = scenario_parse(&s, text_machine, strlen(text_machine), "test",
				 set, nr, &err);

	ck_assert_msg(!ret, "line %u: %s", err.line, err.text);
	ret = run_init(&r, &s, &opt, why, sizeof(why));
	ck_assert_msg(!ret, "%s", why);
	ck_assert_int_eq(run_go(&r), 0);
	run_balance(&r, &b);
	ck_assert(damon_balance_holds(&b));
}

static void done(void)
{
	run_fini(&r);
	scenario_fini(&s);
}

static const struct {
	const char *set[5];
	u32 nr;
} roomy[] = {
	{ { direct }, 1 },
	{ { direct, many, "machine.ring_capacity=1024" }, 3 },
	{ { direct, paddr, memory }, 3 },
	{ { direct, "workloads.0.threads=4" }, 2 },
	{ { direct, "workloads.0.pattern=stream" }, 2 },
};

/* With room for all, each region has what it had, and the program too. */
START_TEST(test_same_as_without)
{
	const char *set[5];
	struct region *was;
	u64 faults, units;
	u32 nr, i;

	memcpy(set, roomy[_i].set, sizeof(set));
	play(set, roomy[_i].nr);
	ck_assert_uint_eq(b.raised, 0);
	nr = r.ctx.targets[0].regions.nr;
	was = calloc(nr, sizeof(*was));
	memcpy(was, r.ctx.targets[0].regions.at, nr * sizeof(*was));
	faults = r.primitive.nr_faults;
	units = r.m.program[0].thread[0].t.units;
	done();
	set[0] = ring;
	play(set, roomy[_i].nr);
	ck_assert_uint_gt(faults, 300);
	ck_assert_uint_eq(r.primitive.nr_faults, faults);
	ck_assert_uint_eq(b.raised, faults);
	ck_assert_uint_eq(b.credited, faults);
	ck_assert_uint_eq(r.m.program[0].thread[0].t.units, units);
	ck_assert_uint_eq(r.ctx.targets[0].regions.nr, nr);
	for (i = 0; i < nr; i++) {
		const struct region *at = &r.ctx.targets[0].regions.at[i];

		ck_assert_uint_eq(at->start, was[i].start);
		ck_assert_uint_eq(at->end, was[i].end);
		ck_assert_uint_eq(at->nr_accesses, was[i].nr_accesses);
		ck_assert_uint_eq(at->last_nr_accesses,
				  was[i].last_nr_accesses);
	}
	free(was);
	done();
}
END_TEST

/* One thread faults for all regions; its ring has 256, whoever comes first. */
START_TEST(test_one_ring_for_all_regions)
{
	const char *const set[] = { ring, many, "workloads.0.pattern=chase" };
	const struct regions *v;
	u64 half[2] = { 0 };
	u32 i;

	play(set, 3);
	ck_assert_uint_eq(b.raised, r.primitive.nr_faults);
	ck_assert_uint_eq(b.credited + b.lost[DAMON_LOST_RING_FULL], b.raised);
	ck_assert_uint_gt(b.lost[DAMON_LOST_RING_FULL], b.raised / 2);
	ck_assert_uint_eq(r.m.cpu[0].cpu->fill_max, 256);
	v = &r.ctx.targets[0].regions;
	for (i = 0; i < v->nr; i++)
		half[i >= v->nr / 2] += v->at[i].last_nr_accesses;
	ck_assert_uint_gt(half[0], 1000);
	ck_assert_uint_lt(half[0], half[1] * 12 / 10);
	ck_assert_uint_lt(half[1], half[0] * 12 / 10);
	done();
}
END_TEST

/* Four threads have four rings. */
START_TEST(test_each_thread_has_its_ring)
{
	const char *const set[] = { ring, many, "workloads.0.pattern=chase",
				    "workloads.0.threads=4" };
	u32 i;

	play(set, 4);
	ck_assert_uint_eq(b.lost[DAMON_LOST_RING_FULL], 0);
	for (i = 0; i < 4; i++)
		ck_assert_uint_gt(r.m.cpu[i].cpu->drained, b.raised / 8);
	done();
}
END_TEST

/* A folio has one mapping: one fault, and one region that it is reported in. */
START_TEST(test_a_folio_of_many_regions)
{
	const char *set[] = { direct, many, "workloads.0.huge=on",
			      "workloads.0.pattern=chase" };
	u64 sum[2] = { 0 };
	u32 kind, i;

	for (kind = 0; kind < 2; kind++) {
		set[0] = kind ? ring : direct;
		play(set, 4);
		for (i = 0; i < r.ctx.targets[0].regions.nr; i++)
			sum[kind] +=
				r.ctx.targets[0].regions.at[i].last_nr_accesses;
		if (kind) {
			ck_assert_uint_eq(b.raised, r.primitive.nr_faults);
			ck_assert_uint_eq(b.lost[DAMON_LOST_RING_FULL], 0);
		}
		done();
	}
	ck_assert_uint_gt(sum[1], 0);
	ck_assert_uint_gt(sum[0], sum[1] * 4);
}
END_TEST

/* The context's sample filters look at reports, whoever made them. */
START_TEST(test_filters)
{
	const char *const set[] = {
		ring,
		"kdamonds.0.contexts.0.sample_control.sample_filters="
		"[{filter_type: threads, matching: on, allow: off, "
		"tid_arr: '7'}]",
	};

	play(set, 2);
	ck_assert_uint_gt(b.raised, 300);
	ck_assert_uint_eq(b.lost[DAMON_LOST_FILTERED], b.raised);
	done();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("primitive_ring");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, test_same_as_without, 0,
			    sizeof(roomy) / sizeof(*roomy));
	tcase_add_test(tc, test_one_ring_for_all_regions);
	tcase_add_test(tc, test_each_thread_has_its_ring);
	tcase_add_test(tc, test_a_folio_of_many_regions);
	tcase_add_test(tc, test_filters);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
