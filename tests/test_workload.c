// SPDX-License-Identifier: GPL-2.0
/*
 * What every pattern keeps to, and what is known of the C library's copy.
 */
#include <check.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "support_check.h"
#include "support_rng.h"
#include "workload_kinds.h"

#define START (1ull << 40)
#define BYTES (64ull << 20)
#define PAGES (BYTES / RAM_PAGE_BYTES)
#define DRAWS 4000u

static const double NONE = 1e-9;

static struct ram ram;
static struct ram_map *map;
static struct workload w;
static struct workload_thread thread;

static void setup(void)
{
	const struct ram_node_spec node[] = { { 0, BYTES }, { BYTES, BYTES } };
	const struct ram_policy policy = { .weight = { 1, 1 },
					   .nr_nodes = 2,
					   .granule = RAM_BLOCK_BYTES };

	ck_assert_int_eq(ram_init(&ram, node, 2), 0);
	ck_assert_int_eq(
		ram_map_add(&ram, 1, START, BYTES, false, &policy, &map), 0);
}

static void teardown(void)
{
	workload_fini(&w);
	ram_fini(&ram);
}

static void begin(const struct workload_kind *kind,
		  const struct workload_params *params)
{
	const char *why;

	ck_assert_msg(!workload_init(&w, kind, params, &why), "%s", why);
	workload_thread_init(&thread, &w, 0, &ram, map, START, BYTES);
	thread.pace = (struct workload_pace){ .core_ps = 1000,
					      .read_ps = { 5003, 9001 },
					      .write_ps = { 3001, 7013 } };
	thread.changed = true;
}

static const struct workload_kind *begin_any(u32 i)
{
	struct workload_params params = workload_params_default();

	params.sz = BYTES;
	params.trace = "traces/samples/sort.data";
	params.phase_ms = 3;
	begin(workload_kinds[i], &params);
	return workload_kinds[i];
}

/* Sorts of ops are all of the time, and addresses stay in the area. */
START_TEST(test_shares_and_places)
{
	const struct workload_kind *kind = begin_any(_i);
	struct support_rng rng;
	double sum = 0;
	u64 run_ps = 0, luck, vaddr;
	u8 class;
	u32 i;

	support_rng_init(&rng, _i);
	for (i = 0; i < w.nr_classes; i++)
		sum += w.classes[i].cycle_share;
	ck_assert_double_eq_tol(sum, 1, NONE);
	for (i = 0; i < DRAWS; i++) {
		run_ps += support_rng_below(&rng, 10000000);
		luck = support_rng_u64(&rng);
		do {
			class = support_rng_below(&rng, w.nr_classes);
		} while (!w.classes[class].op.kind);
		kind->draw(&thread, 1, &run_ps, &class, &luck, &vaddr);
		ck_assert_msg(vaddr - START < BYTES, "%s: 0x%llx", kind->name,
			      (unsigned long long)vaddr);
	}
}
END_TEST

/* In one step or in many. */
START_TEST(test_steps_do_not_matter)
{
	const struct workload_kind *kind = begin_any(_i);
	struct workload_thread other = thread;
	u64 run_ps = 0, luck = 77, vaddr[2], when;
	struct support_rng rng;
	u8 class = 0;
	u32 i;

	support_rng_init(&rng, _i);
	for (i = 0; i < 3000; i++) {
		run_ps += support_rng_below(&rng, 100000000);
		kind->advance(&thread, run_ps);
	}
	kind->advance(&other, run_ps);
	ck_assert_uint_eq(thread.units, other.units);
	ck_assert_uint_gt(thread.units, 1000000);
	when = kind->when(&other, other.units + 1);
	ck_assert_uint_eq(kind->when(&thread, thread.units + 1), when);
	kind->draw(&thread, 1, &when, &class, &luck, &vaddr[0]);
	kind->draw(&other, 1, &when, &class, &luck, &vaddr[1]);
	ck_assert_uint_eq(vaddr[0], vaddr[1]);
	ck_assert_uint_eq(thread.units, other.units);
}
END_TEST

/* The rates of parts are the whole's, which is what a unit accesses. */
START_TEST(test_rates_are_of_a_unit)
{
	const struct workload_kind *kind = begin_any(_i);
	double all, sum = 0;
	u64 at;

	kind->advance(&thread, 7000000000ull);
	all = kind->rate(&thread, START, BYTES);
	for (at = 0; at < BYTES; at += RAM_BLOCK_BYTES)
		sum += kind->rate(&thread, START + at, RAM_BLOCK_BYTES);
	ck_assert_double_eq_tol(sum, all, 1e-6 * all);
	ck_assert_double_eq_tol(all,
				kind->in_order && w.unit_bytes > 64 ?
					w.unit_bytes :
					WORKLOAD_LINE,
				1e-3 * all);
	ck_assert_double_eq(kind->rate(&thread, START + BYTES, BYTES), 0);
}
END_TEST

/* Pages that are said to be touched are as many as are drawn. */
START_TEST(test_touched_as_drawn)
{
	const struct workload_kind *kind = begin_any(_i);
	static bool drawn[PAGES];
	u64 from = 1000000000ull, run_ps = from, luck, vaddr, page;
	double nr_touched = 0, nr_drawn = 0;
	struct support_rng rng;
	struct workload_thread t;
	u8 class = 0;
	u32 i;

	/* Between its samples a trace says nothing: test_trace. */
	if (!strcmp(kind->name, "trace"))
		return;
	support_rng_init(&rng, _i);
	memset(drawn, 0, sizeof(drawn));
	kind->advance(&thread, from);
	workload_mark(&thread);
	t = thread;
	for (i = 0; i < DRAWS; i++) {
		/* Of patterns by luck one a unit, in order wherever it is. */
		run_ps = kind->in_order ? from + i * 100000ull : from;
		luck = support_rng_u64(&rng);
		kind->draw(&t, 1, &run_ps, &class, &luck, &vaddr);
		page = (vaddr - START) / RAM_PAGE_BYTES;
		nr_drawn += !drawn[page];
		drawn[page] = true;
	}
	if (kind->in_order)
		kind->advance(&thread, run_ps + 20000);
	else
		thread.units += DRAWS;
	for (page = 0; page < PAGES; page++) {
		bool is = kind->touched(&thread, START + page * RAM_PAGE_BYTES,
					support_rng_u64(&rng));

		nr_touched += is;
		if (kind->in_order && drawn[page])
			ck_assert_msg(is, "%s: page %llu", kind->name,
				      (unsigned long long)page);
	}
	if (!kind->in_order)
		ck_assert_msg(fabs(nr_touched - nr_drawn) < 0.06 * nr_drawn,
			      "%s: %.0f, drawn %.0f", kind->name, nr_touched,
			      nr_drawn);
}
END_TEST

/* Accesses are where samples fell, and nowhere else. */
START_TEST(test_trace)
{
	struct workload_params params = workload_params_default();
	const struct workload_kind *kind = workload_kind_find("trace");
	u64 run_ps, luck = 0, vaddr, highest = START;
	struct workload_thread t;
	u8 class = 0;
	u32 i;

	params.sz = BYTES;
	params.trace = "traces/samples/sort.data";
	begin(kind, &params);
	t = thread;
	/* A minute, which is several times what the trace has. */
	kind->advance(&thread, 60000000000000ull);
	for (i = 0; i < 2000; i++) {
		run_ps = i * 30000000000ull;
		kind->draw(&t, 1, &run_ps, &class, &luck, &vaddr);
		ck_assert(kind->touched(&thread, vaddr, 0));
		ck_assert(kind->rate(&thread, vaddr, 1) > 0);
		highest = vaddr > highest ? vaddr : highest;
	}
	ck_assert(highest > START + 100 * RAM_PAGE_BYTES);
	ck_assert(!kind->touched(&thread, START + BYTES - RAM_PAGE_BYTES, 0));
	ck_assert(kind->rate(&thread, START + BYTES - RAM_PAGE_BYTES, 1) == 0);
}
END_TEST

/* What cannot be a trace is said. */
START_TEST(test_trace_wrong)
{
	static const struct {
		const char *trace;
		u64 sz;
		const char *why;
	} wrong[] = {
		{ NULL, BYTES, "wanted" },
		{ "traces/samples/none", BYTES, "cannot be read" },
		{ "traces/samples/README.md", BYTES, "cannot be read" },
		{ "traces/samples/sort.data", 8192, "more memory" },
	};
	struct workload_params params = workload_params_default();
	struct workload other;
	const char *why;

	params.trace = wrong[_i].trace;
	params.sz = wrong[_i].sz;
	ck_assert_int_eq(workload_init(&other, workload_kind_find("trace"),
				       &params, &why),
			 -EINVAL);
	ck_assert_msg(strstr(why, wrong[_i].why), "%s", why);
}
END_TEST

/* 22, 44, 22, 11 and 36, 18, 36, 9 in a hundred. */
static const struct {
	u32 vec;
	double loads, prefetches, stores, others;
} shares[] = {
	{ 64, 8 / 36., 16 / 36., 8 / 36., 4 / 36. },
	{ 32, 16 / 44., 8 / 44., 16 / 44., 4 / 44. },
};

START_TEST(test_ops_of_a_copy)
{
	struct workload_params params = workload_params_default();
	double loads = 0, prefetches = 0, stores = 0, others = 0, all;
	u32 i;

	params.sz = BYTES;
	params.nr_windows = 4;
	params.vec_bytes = shares[_i].vec;
	begin(&workload_memcpy, &params);
	for (i = 0; i < w.nr_classes; i++) {
		const struct workload_class *k = &w.classes[i];

		if (k->op.kind & OP_PREFETCH)
			prefetches += k->per_unit;
		else if (k->op.kind & OP_LOAD)
			loads += k->per_unit;
		else if (k->op.kind & OP_STORE)
			stores += k->per_unit;
		else
			others += k->per_unit;
	}
	all = loads + prefetches + stores + others;
	ck_assert_double_eq_tol(loads / all, shares[_i].loads, 1e-6);
	ck_assert_double_eq_tol(prefetches / all, shares[_i].prefetches, 1e-6);
	ck_assert_double_eq_tol(stores / all, shares[_i].stores, 1e-6);
	ck_assert_double_eq_tol(others / all, shares[_i].others, 1e-6);
}
END_TEST

static const struct {
	u32 vec;
	u32 windows;
} loops[] = {
	{ 64, 4 }, { 32, 4 }, { 16, 4 }, { 64, 2 }, { 32, 2 }, { 16, 2 }
};

/* Lines that a load touches before any prefetch: the loop, gone through. */
static double demand_first(u32 vec, u32 windows)
{
	static bool there[(1 << 20) / 64 + 4096];
	u32 large = vec == 16 ? 64 : 128, page, at, win, i, nr = 0, all = 0;

	memset(there, 0, sizeof(there));
	for (page = 0; page < 256; page += windows)
		for (at = 0; at < 4096; at += large) {
			for (win = 0; win < windows; win++)
				for (i = 0;
				     i < (windows == 2 ? 2u : 1u) * 4 * vec;
				     i += 64)
					there[((page + win) * 4096 + at +
					       4 * vec + i) /
					      64] = true;
			for (win = 0; win < windows; win++)
				for (i = 0; i < large; i += 64) {
					u32 line =
						((page + win) * 4096 + at + i) /
						64;

					all++;
					nr += !there[line];
					there[line] = true;
				}
		}
	return (double)nr / all;
}

START_TEST(test_lines_that_a_load_touches_first)
{
	struct workload_params params = workload_params_default();
	u64 run_ps = 0, luck, vaddr;
	struct support_rng rng;
	u8 class = 0;
	u32 i;

	params.sz = BYTES;
	params.nr_windows = loops[_i].windows;
	params.vec_bytes = loops[_i].vec;
	begin(&workload_memcpy, &params);
	ck_assert_str_eq(w.classes[0].name, "load_first");
	/* But for the head of the first block. */
	ck_assert_double_eq_tol(w.classes[0].per_unit,
				demand_first(loops[_i].vec, loops[_i].windows),
				4e-4);
	support_rng_init(&rng, _i);
	for (i = 0; i < DRAWS; i++) {
		run_ps += support_rng_below(&rng, 1000000);
		luck = support_rng_u64(&rng);
		workload_memcpy.draw(&thread, 1, &run_ps, &class, &luck,
				     &vaddr);
		ck_assert_uint_ne(
			(vaddr - START - 64) / 4096 % loops[_i].windows, 0);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("workload");
	TCase *tc = tcase_create("workload");
	u32 nr = 0;

	while (workload_kinds[nr])
		nr++;
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_trace);
	tcase_add_loop_test(tc, test_trace_wrong, 0, 4);
	tcase_add_loop_test(tc, test_shares_and_places, 0, nr);
	tcase_add_loop_test(tc, test_steps_do_not_matter, 0, nr);
	tcase_add_loop_test(tc, test_rates_are_of_a_unit, 0, nr);
	tcase_add_loop_test(tc, test_touched_as_drawn, 0, nr);
	tcase_add_loop_test(tc, test_ops_of_a_copy, 0, 2);
	tcase_add_loop_test(tc, test_lines_that_a_load_touches_first, 0, 6);
	suite_add_tcase(s, tc);
	return support_run(s);
}
