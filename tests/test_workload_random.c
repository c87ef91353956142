// SPDX-License-Identifier: GPL-2.0
/*
 * What each pattern of luck is said to be: popular pages by Zipf's law, a hot
 * part that gets its share and moves, memory that comes bit by bit, loads that
 * wait for each other.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support_check.h"
#include "support_rng.h"
#include "support_workload.h"

#define SZ (8ULL << 20)
#define PAGES (SZ >> RAM_PAGE_SHIFT)
#define MS 1000000000ULL

static struct support_workload s;

/* Share of accesses that a page gets; a unit is one, of a line. */
static double page_rate(u64 page)
{
	return s.w.kind->rate(&s.t, SUPPORT_START + page * RAM_PAGE_BYTES,
			      RAM_PAGE_BYTES) /
	       64;
}

static int falling(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

/* Every rank is by k^-theta. */
START_TEST(zipf_is_zipf)
{
	static const u32 theta[] = { 0, 500, 990, 1000, 1200, 2000 };
	struct workload_params p = support_workload_params(SZ);
	double rate[PAGES], far;
	u64 k;

	p.zipf_theta_x1000 = theta[_i];
	support_workload_begin(&s, "zipf", &p, false);
	for (k = 0; k < PAGES; k++)
		rate[k] = page_rate(k);
	qsort(rate, PAGES, sizeof(rate[0]), falling);
	far = rate[PAGES - 1] * pow(PAGES, theta[_i] / 1000.0);
	for (k = 0; k < PAGES; k++)
		ck_assert_double_eq_tol(
			rate[k] * pow(k + 1, theta[_i] / 1000.0) / far, 1,
			1e-9);
	support_workload_end(&s);
}
END_TEST

/*
 * Drawn as often as they should be: chi-square over all pages that expect more
 * than ten, within five standard deviations of its mean.
 */
START_TEST(zipf_is_drawn)
{
	static const u32 theta[] = { 0, 500, 990, 1000, 1200, 2000 };
	enum { DRAWS = 400000 };
	struct workload_params p = support_workload_params(SZ);
	static u32 drawn[PAGES];
	struct support_rng rng;
	double expected, off, square = 0;
	u32 i, cells = 0;
	u64 k;

	p.zipf_theta_x1000 = theta[_i];
	support_workload_begin(&s, "zipf", &p, false);
	memset(drawn, 0, sizeof(drawn));
	support_rng_init(&rng, 1);
	for (i = 0; i < DRAWS; i++)
		drawn[(support_workload_draw(&s.t, i, 0,
					     support_rng_u64(&rng)) -
		       SUPPORT_START) >>
		      RAM_PAGE_SHIFT]++;
	for (k = 0; k < PAGES; k++) {
		expected = DRAWS * page_rate(k);
		if (expected < 10)
			continue;
		off = drawn[k] - expected;
		square += off * off / expected;
		cells++;
	}
	ck_assert_uint_gt(cells, 100);
	ck_assert_double_le(fabs(square - cells), 5 * sqrt(2.0 * cells));
	support_workload_end(&s);
}
END_TEST

/* The hundred most popular pages are all over the area. */
START_TEST(popular_pages_are_anywhere)
{
	struct workload_params p = support_workload_params(SZ);
	double rate[PAGES], sorted[PAGES];
	u32 nr[8] = { 0 };
	u64 k;

	support_workload_begin(&s, "zipf", &p, false);
	for (k = 0; k < PAGES; k++)
		sorted[k] = rate[k] = page_rate(k);
	qsort(sorted, PAGES, sizeof(sorted[0]), falling);
	for (k = 0; k < PAGES; k++)
		nr[k / (PAGES / 8)] += rate[k] >= sorted[99];
	for (k = 0; k < 8; k++)
		ck_assert(nr[k] >= 6 && nr[k] <= 20);
	support_workload_end(&s);
}
END_TEST

/* hot_pct of the area gets hot_access_pct of accesses, no more. */
START_TEST(hot_part_gets_its_share)
{
	static const u32 hot[] = { 1, 10, 50, 100 };
	struct workload_params p = support_workload_params(SZ);
	u64 pages = PAGES * hot[_i] / 100, k;
	double sum = 0;

	p.hot_pct = hot[_i];
	p.hot_access_pct = 90;
	support_workload_begin(&s, "hotset", &p, false);
	for (k = 0; k < pages; k++)
		sum += page_rate(k);
	ck_assert_double_eq_tol(sum, hot[_i] == 100 ? 1 : 0.9, 1e-9);
	support_workload_end(&s);
}
END_TEST

static u64 first_hot(u64 *nr)
{
	u64 k, first = PAGES;

	for (*nr = 0, k = 0; k < PAGES; k++) {
		if (page_rate(k) < 1.5 / PAGES)
			continue;
		++*nr;
		if (first == PAGES &&
		    page_rate((k + PAGES - 1) % PAGES) < 1.5 / PAGES)
			first = k;
	}
	return first;
}

/* Each phase the hot part begins where the last one ended, round and round. */
START_TEST(hot_part_moves_on)
{
	struct workload_params p = support_workload_params(SZ);
	u64 hot = PAGES / 10, nr, i;

	p.phase_ms = 7;
	support_workload_begin(&s, "phase", &p, false);
	for (i = 0; i < 25; i++) {
		s.w.kind->advance(&s.t, i * 7 * MS);
		ck_assert_uint_eq(first_hot(&nr), i * hot % PAGES);
		ck_assert_uint_eq(nr, hot);
		s.w.kind->advance(&s.t, (i + 1) * 7 * MS - 1);
		ck_assert_uint_eq(first_hot(&nr), i * hot % PAGES);
	}
	support_workload_end(&s);
}
END_TEST

/* What was hot since the mark was touched, and what was not was not. */
START_TEST(a_move_is_not_forgotten)
{
	struct workload_params p = support_workload_params(SZ);
	u64 hot = PAGES / 10, k;

	p.phase_ms = 7;
	p.hot_access_pct = 100;
	support_workload_begin(&s, "phase", &p, false);
	s.w.kind->advance(&s.t, 7 * MS);
	workload_mark(&s.t);
	s.w.kind->advance(&s.t, 21 * MS - 1);
	for (k = 0; k < PAGES; k++)
		ck_assert_int_eq(
			s.w.kind->touched(&s.t,
					  SUPPORT_START + k * RAM_PAGE_BYTES,
					  1ULL << 63),
			k >= hot && k < 3 * hot);
	support_workload_end(&s);
}
END_TEST

/* Nothing behind what was touched by then, and all of it before. */
START_TEST(cold_memory_comes_in_order)
{
	struct workload_params p = support_workload_params(SZ);
	struct support_rng rng = { 1 };
	u64 us, end, at, top = 0;

	p.touch_bytes_per_s = 1ULL << 30; /* 8 MiB in 7.8 ms */
	support_workload_begin(&s, "cold", &p, false);
	for (us = 0; us < 10000; us++) {
		at = support_workload_draw(&s.t, us * 1000000,
					   support_workload_class(&s.w,
								  "load_miss"),
					   support_rng_u64(&rng));
		at = (at - SUPPORT_START) >> RAM_PAGE_SHIFT;
		top = at > top ? at : top;
		end = us * (1ULL << 30) / 1000000 / RAM_PAGE_BYTES + 1;
		end = end < PAGES ? end : PAGES;
		ck_assert_uint_lt(at, end);
		if (us % 100)
			continue;
		ck_assert(page_rate(end - 1) > 0);
		ck_assert_double_eq_tol(page_rate(0), page_rate(end - 1), 1e-9);
		ck_assert(end == PAGES || page_rate(end) == 0);
	}
	ck_assert_uint_gt(top, PAGES * 9 / 10);
	support_workload_end(&s);
}
END_TEST

/* Memory answers each load of a chain that no cache holds, one at a time. */
START_TEST(a_chain_waits_for_each_load)
{
	struct workload_params p = support_workload_params(SZ);
	const struct workload_class *c;
	u32 i;

	support_workload_begin(&s, "chase", &p, false);
	ck_assert_uint_eq(s.w.cost.mlp_x16, 16);
	ck_assert_uint_eq(s.w.cost.read_bytes, 64);
	ck_assert_uint_eq(s.w.cost.write_bytes, 0);
	for (i = 0; i < s.w.nr_classes; i++) {
		c = &s.w.classes[i];
		if (c->op.kind & OP_LOAD)
			ck_assert(c->per_unit ==
				  (c->op.source == OP_FROM_MEMORY));
		ck_assert(!(c->op.kind & OP_STORE));
	}
	c = &s.w.classes[support_workload_class(&s.w, "load_miss")];
	ck_assert_uint_eq(c->op.tlb, OP_TLB_WALK);
	ck_assert(c->cycle_share > 0.5);
	support_workload_end(&s);
}
END_TEST

/* A chain in a cache takes as long as that cache. */
START_TEST(a_chain_in_a_cache)
{
	static const struct {
		u64 sz;
		u8 source;
		u32 cycles;
	} cases[] = { { 32 << 10, OP_FROM_L2, 11 },
		      { 128 << 10, OP_FROM_L3, 45 } };
	struct workload_params p = support_workload_params(cases[_i].sz);
	const struct workload_class *c;

	p.clock_mhz = 2000;
	support_workload_begin(&s, "chase", &p, false);
	c = &s.w.classes[support_workload_class(&s.w, "load_hit")];
	ck_assert(c->per_unit == 1);
	ck_assert_uint_eq(c->op.source, cases[_i].source);
	ck_assert_uint_eq(c->op.miss_cycles, cases[_i].cycles);
	ck_assert_uint_ge(c->op.tag_to_ret_cycles, cases[_i].cycles);
	ck_assert_uint_eq(s.w.cost.core_ps, cases[_i].cycles * 500);
	ck_assert_uint_eq(s.w.cost.read_bytes, 0);
	support_workload_end(&s);
}
END_TEST

/* Half of the pages on each node: the mean of both, to three percent. */
START_TEST(pace_is_the_mean_of_its_pages)
{
	struct workload_params p = support_workload_params(SZ);
	double mean;

	support_workload_begin(&s, "chase", &p, _i);
	s.w.kind->advance(&s.t, 3000 * MS);
	mean = (s.t.pace.read_ps[0] + s.t.pace.read_ps[1] +
		s.t.pace.write_ps[0] + s.t.pace.write_ps[1]) /
	       2.0;
	ck_assert_double_eq_tol(3000.0 * MS / s.t.units / mean, 1, 0.03);
	support_workload_end(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("workload_random");
	TCase *tc = tcase_create("workload_random");

	tcase_set_timeout(tc, 20);
	tcase_add_loop_test(tc, zipf_is_zipf, 0, 6);
	tcase_add_loop_test(tc, zipf_is_drawn, 0, 6);
	tcase_add_test(tc, popular_pages_are_anywhere);
	tcase_add_loop_test(tc, hot_part_gets_its_share, 0, 4);
	tcase_add_test(tc, hot_part_moves_on);
	tcase_add_test(tc, a_move_is_not_forgotten);
	tcase_add_test(tc, cold_memory_comes_in_order);
	tcase_add_test(tc, a_chain_waits_for_each_load);
	tcase_add_loop_test(tc, a_chain_in_a_cache, 0, 2);
	tcase_add_loop_test(tc, pace_is_the_mean_of_its_pages, 0, 2);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
