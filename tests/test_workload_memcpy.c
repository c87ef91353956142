// SPDX-License-Identifier: GPL-2.0
/*
 * Large copies: the model against the C library's loop, which is replayed here
 * instruction by instruction: how many ops of each sort, in which order lines
 * are taken, which of them a load touches before any prefetch.
 */
#include <check.h>
#include <string.h>

#include "support_check.h"
#include "support_rng.h"
#include "support_workload.h"

#define SZ (8ULL << 20)
#define HALF (SZ / 2)
#define LINES (HALF / 64)
#define PAGE RAM_PAGE_BYTES

static struct support_workload s;

/* The loops that there are, with what is known of each. */
static const struct {
	u32 vec;
	u32 windows;
	u32 first_lines; /* of a page */
	double first_pct; /* of all lines */
	u32 load_pct; /* of all ops, 0: not known */
	u32 fetch_pct;
	u32 store_pct;
	u32 other_pct;
} cases[] = {
	{ 64, 4, 4, 4.69, 22, 44, 22, 11 }, { 32, 4, 2, 2.34, 36, 18, 36, 9 },
	{ 16, 4, 1, 1.17, 0, 0, 0, 0 },	    { 64, 2, 4, 3.12, 0, 0, 0, 0 },
	{ 32, 2, 2, 1.56, 0, 0, 0, 0 },	    { 16, 2, 1, 0.78, 0, 0, 0, 0 },
};
#define NR_CASES ((int)(sizeof(cases) / sizeof(cases[0])))

/* What the replay saw of the source. */
static struct {
	bool fetched[2 * LINES];
	bool first[LINES]; /* its load came before any prefetch */
	bool loaded[LINES];
	u32 order[LINES]; /* line that is loaded as the n-th */
	u32 nr;
	u64 loads, fetches, stores, others, turns;
} seen;

static void fetch_lines(u64 offset, u64 sz)
{
	u64 line;

	for (line = offset / 64; line < (offset + sz) / 64; line++) {
		seen.fetched[line] = true;
		seen.fetches++;
	}
}

static void load_vector(u64 offset)
{
	u64 line = offset / 64;

	seen.loads++;
	seen.stores++;
	if (seen.loaded[line])
		return;
	seen.loaded[line] = true;
	seen.first[line] = !seen.fetched[line];
	seen.order[seen.nr++] = line;
}

/* One turn of the inner loop: prefetches of all pages, then their loads. */
static void replay_turn(u32 vec, u32 windows, u64 at)
{
	u64 chunk = vec == 16 ? 64 : 128, w, i;

	for (w = 0; w < windows; w++) {
		fetch_lines(at + w * PAGE + 4 * vec, 4 * vec);
		if (windows == 2)
			fetch_lines(at + w * PAGE + 8 * vec, 4 * vec);
	}
	for (w = 0; w < windows; w++)
		for (i = 0; i < chunk; i += vec)
			load_vector(at + w * PAGE + i);
	seen.others += 4;
	seen.turns++;
}

/* A copy from the second line on, as many whole blocks as there are. */
static void replay(u32 vec, u32 windows)
{
	u64 chunk = vec == 16 ? 64 : 128, block, at;

	memset(&seen, 0, sizeof(seen));
	for (block = 64; block + windows * PAGE <= HALF;
	     block += windows * PAGE)
		for (at = block; at < block + PAGE; at += chunk)
			replay_turn(vec, windows, at);
}

static void begin(int i)
{
	struct workload_params p = support_workload_params(SZ);

	p.vec_bytes = cases[i].vec;
	p.nr_windows = cases[i].windows;
	support_workload_begin(&s, "memcpy", &p, false);
	replay(cases[i].vec, cases[i].windows);
}

static double per_unit(u32 kind, u32 not_kind)
{
	double sum = 0;
	u32 i;

	for (i = 0; i < s.w.nr_classes; i++)
		if ((s.w.classes[i].op.kind & kind) == kind &&
		    !(s.w.classes[i].op.kind & not_kind))
			sum += s.w.classes[i].per_unit;
	return sum;
}

/* Known shares to the per cent; and those of the replay, exactly. */
START_TEST(shares_of_ops)
{
	double loads, fetches, stores, others, all, lines;

	begin(_i);
	loads = per_unit(OP_LOAD, OP_PREFETCH);
	fetches = per_unit(OP_PREFETCH, 0);
	stores = per_unit(OP_STORE, 0);
	others = per_unit(0, OP_LOAD | OP_STORE);
	all = loads + fetches + stores + others;
	if (cases[_i].load_pct) {
		ck_assert_double_eq_tol(100 * loads / all, cases[_i].load_pct,
					0.51);
		ck_assert_double_eq_tol(100 * fetches / all,
					cases[_i].fetch_pct, 0.51);
		ck_assert_double_eq_tol(100 * stores / all, cases[_i].store_pct,
					0.51);
		ck_assert_double_eq_tol(100 * others / all, cases[_i].other_pct,
					0.51);
	}
	lines = seen.nr;
	ck_assert_double_eq_tol(loads, seen.loads / lines, 1e-9);
	ck_assert_double_eq_tol(fetches, seen.fetches / lines, 1e-9);
	ck_assert_double_eq_tol(stores, seen.stores / lines, 1e-9);
	ck_assert_double_eq_tol(others, seen.others / lines, 1e-9);
	support_workload_end(&s);
}
END_TEST

/* The published share, the replay's and the model's are one. */
START_TEST(lines_first_touched_by_a_load)
{
	const u32 windows = cases[_i].windows;
	u8 first;
	u64 line, nr = 0, block = windows * PAGE / 64;
	double share;

	begin(_i);
	first = support_workload_class(&s.w, "load_first");
	/* The first block has no block before it. */
	for (line = block; line < seen.nr; line++)
		nr += seen.first[line];
	share = (double)nr / (seen.nr - block);
	ck_assert_double_eq_tol(100 * share, cases[_i].first_pct, 0.011);
	/* But for the edges of what was counted. */
	ck_assert_double_eq_tol(s.w.classes[first].per_unit, share, 1e-4);
	for (line = block + 1; line < seen.nr; line++)
		ck_assert_int_eq(seen.first[line],
				 line / 64 % windows && line % 64 >= 1 &&
					 line % 64 <= cases[_i].first_lines);
	ck_assert(s.w.classes[first].op.source == OP_FROM_MEMORY);
	support_workload_end(&s);
}
END_TEST

/* Draws of such loads go to just those lines, and to each. */
START_TEST(first_loads_are_drawn_there)
{
	static bool drawn[LINES];
	struct support_rng rng = { 3 };
	u64 line, ps = 0, i;
	u8 first;

	begin(_i);
	first = support_workload_class(&s.w, "load_first");
	memset(drawn, 0, sizeof(drawn));
	for (i = 0; i < LINES; i++) {
		line = (support_workload_draw(&s.t, ps, first,
					      support_rng_u64(&rng)) -
			SUPPORT_START) /
		       64;
		drawn[line] = true;
		ps = s.w.kind->when(&s.t, i + 1);
	}
	for (line = cases[_i].windows * PAGE / 64 + 1; line < seen.nr; line++)
		ck_assert_int_eq(drawn[line], seen.first[line]);
	support_workload_end(&s);
}
END_TEST

/* Line for line in the replay's order; stores go along in the other half. */
START_TEST(lines_in_the_order_of_the_loop)
{
	struct support_rng rng = { 5 };
	u64 load_at, store_at, i, luck;
	u8 load, store;

	begin(_i);
	load = support_workload_class(&s.w, "load_hit");
	store = support_workload_class(&s.w, "store");
	ck_assert_uint_ge(seen.nr, LINES - 4 * PAGE / 64);
	for (i = 0; i < seen.nr; i++) {
		luck = support_rng_u64(&rng);
		load_at = support_workload_draw(&s.t, s.t.run_ps, load, luck);
		store_at = support_workload_draw(&s.t, s.t.run_ps, store, luck);
		ck_assert_uint_eq((load_at - SUPPORT_START) / 64,
				  seen.order[i]);
		ck_assert_uint_eq(store_at, load_at + HALF);
		s.w.kind->advance(&s.t, s.w.kind->when(&s.t, i + 1));
	}
	support_workload_end(&s);
}
END_TEST

/* A prefetch goes at most so far ahead of the loads as the loop's. */
START_TEST(prefetches_go_ahead)
{
	u64 far = cases[_i].windows == 2 ? 8 : 4, load_at, at, i;
	struct support_rng rng = { 7 };
	u8 load, fetch;

	begin(_i);
	load = support_workload_class(&s.w, "load_hit");
	fetch = support_workload_class(&s.w, "prefetch_first");
	for (i = 0; i < 2000; i++) {
		load_at = support_workload_draw(&s.t, s.t.run_ps, load, 0);
		at = support_workload_draw(&s.t, s.t.run_ps, fetch,
					   support_rng_u64(&rng));
		ck_assert(at == load_at + 4 * cases[_i].vec ||
			  at == load_at + far * cases[_i].vec);
		s.w.kind->advance(&s.t, s.w.kind->when(&s.t, i + 1));
	}
	support_workload_end(&s);
}
END_TEST

/* The halves change their roles each pass, the lower being read first. */
START_TEST(halves_alternate)
{
	struct support_rng rng = { 9 };
	u64 pass, i, at;
	u8 load, store;

	begin(_i);
	load = support_workload_class(&s.w, "load_hit");
	store = support_workload_class(&s.w, "store");
	for (pass = 0; pass < 5; pass++) {
		for (i = 0; i < 50; i++) {
			s.w.kind->advance(
				&s.t,
				s.w.kind->when(&s.t,
					       pass * LINES + i * LINES / 50));
			at = support_workload_draw(&s.t, s.t.run_ps, load,
						   support_rng_u64(&rng));
			ck_assert_uint_eq((at - SUPPORT_START) / HALF,
					  pass & 1);
			at = support_workload_draw(&s.t, s.t.run_ps, store,
						   support_rng_u64(&rng));
			ck_assert_uint_eq((at - SUPPORT_START) / HALF,
					  !(pass & 1));
		}
	}
	support_workload_end(&s);
}
END_TEST

/*
 * Halves of 2 GiB, by last caches that are known: the loop shows in how many
 * prefetches there are for a load.
 */
START_TEST(loop_is_chosen_by_threshold)
{
	static const struct {
		u64 sz;
		u64 threshold;
		u32 fetches; /* for each load */
	} c[] = {
		/* A quarter of 504, 384 and 512 MiB. */
		{ 4ULL << 30, 126ULL << 20, 2 },
		{ 4ULL << 30, 96ULL << 20, 2 },
		{ 4ULL << 30, 128ULL << 20, 4 },
		/* 64 bytes more are copied before the loop. */
		{ (4ULL << 30) + 2 * PAGE, 128ULL << 20, 2 },
		/* At the threshold it does not go round the caches. */
		{ 256ULL << 20, 128ULL << 20, 0 },
		{ (256ULL << 20) + 2 * PAGE, 128ULL << 20, 4 },
	};
	struct workload_params p = workload_params_default();
	const struct workload_class *store;
	const char *why;

	p.sz = c[_i].sz;
	p.nt_threshold = c[_i].threshold;
	ck_assert_int_eq(
		workload_init(&s.w, workload_kind_find("memcpy"), &p, &why), 0);
	ck_assert_double_eq_tol(per_unit(OP_PREFETCH, 0) /
					per_unit(OP_LOAD, OP_PREFETCH),
				c[_i].fetches, 1e-9);
	store = &s.w.classes[support_workload_class(&s.w, "store")];
	ck_assert_int_eq(!!(store->op.flags & OP_WRITE_COMBINING),
			 c[_i].fetches != 0);
	workload_fini(&s.w);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("workload_memcpy");
	TCase *tc = tcase_create("workload_memcpy");

	tcase_set_timeout(tc, 20);
	tcase_add_loop_test(tc, shares_of_ops, 0, NR_CASES);
	tcase_add_loop_test(tc, lines_first_touched_by_a_load, 0, NR_CASES);
	tcase_add_loop_test(tc, first_loads_are_drawn_there, 0, NR_CASES);
	tcase_add_loop_test(tc, lines_in_the_order_of_the_loop, 0, NR_CASES);
	tcase_add_loop_test(tc, prefetches_go_ahead, 0, NR_CASES);
	tcase_add_loop_test(tc, halves_alternate, 0, NR_CASES);
	tcase_add_loop_test(tc, loop_is_chosen_by_threshold, 0, 6);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
