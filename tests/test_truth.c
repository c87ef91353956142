// SPDX-License-Identifier: GPL-2.0
/*
 * DAMON's estimate against the truth: figures against others that are worked
 * out pair by pair.
 */
#include <check.h>
#include <math.h>

#include "run/truth.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_rng.h"

#define NR_MAX 60

static const double NONE = 1e-9;

/* The rank of each is how many are below it, and half of those beside it. */
static double oracle_rank(const double *v, u32 nr, u32 i)
{
	double rank = 0.5;
	u32 j;

	for (j = 0; j < nr; j++)
		rank += v[j] < v[i] ? 1 : v[j] == v[i] ? 0.5 : 0;
	return rank;
}

/* Pearson's, of ranks, from sums of products. */
static double oracle_spearman(const double *a, const double *b, u32 nr)
{
	double x, y, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
	u32 i;

	for (i = 0; i < nr; i++) {
		x = oracle_rank(a, nr, i);
		y = oracle_rank(b, nr, i);
		sx += x;
		sy += y;
		sxx += x * x;
		syy += y * y;
		sxy += x * y;
	}
	return (nr * sxy - sx * sy) /
	       sqrt((nr * sxx - sx * sx) * (nr * syy - sy * sy));
}

static bool all_same(const double *v, u32 nr)
{
	u32 i;

	for (i = 1; i < nr; i++)
		if (v[i] != v[0])
			return false;
	return true;
}

START_TEST(figures)
{
	double rate[NR_MAX], seen[NR_MAX], top_rate, top_seen;
	struct truth_figures f;
	struct support_rng rng;
	u32 i, nr, hot, found, both;
	u64 seed;

	for_each_seed(seed, 5000)
	{
		support_rng_init(&rng, seed);
		nr = support_rng_below(&rng, NR_MAX);
		hot = found = both = 0;
		top_rate = top_seen = 0;
		for (i = 0; i < nr; i++) {
			/* Few values: ties, and none at all accessed. */
			rate[i] = support_rng_below(&rng, 1 + seed % 9) * 1e7;
			seen[i] = support_rng_below(&rng, 1 + seed % 7) / 20.0;
			top_rate = fmax(top_rate, rate[i]);
			top_seen = fmax(top_seen, seen[i]);
		}
		for (i = 0; i < nr; i++) {
			hot += 2 * rate[i] > top_rate;
			found += 2 * seen[i] > top_seen;
			both += 2 * rate[i] > top_rate &&
				2 * seen[i] > top_seen;
		}
		ck_assert_int_eq(truth_compare(rate, seen, nr, &f), 0);
		ck_assert_uint_eq(f.nr_blocks, nr);
		ck_assert_uint_eq(f.nr_hot, hot);
		ck_assert_uint_eq(f.nr_found, found);
		ck_assert_int_eq(f.has_precision, found != 0);
		ck_assert_int_eq(f.has_recall, hot != 0);
		if (found)
			ck_assert_double_eq_tol(f.precision * found, both,
						NONE);
		if (hot)
			ck_assert_double_eq_tol(f.recall * hot, both, NONE);
		ck_assert_int_eq(f.has_rank,
				 !all_same(rate, nr) && !all_same(seen, nr));
		if (f.has_rank)
			ck_assert_double_eq_tol(f.rank_correlation,
						oracle_spearman(rate, seen, nr),
						NONE);
	}
}
END_TEST

START_TEST(ends_of_the_scale)
{
	const double up[] = { 1, 2, 3, 4 }, down[] = { 8, 7, 6, 1 };
	struct truth_figures f;

	truth_compare(up, up, 4, &f);
	ck_assert_double_eq(f.rank_correlation, 1);
	ck_assert_double_eq(f.precision, 1);
	ck_assert_double_eq(f.recall, 1);
	truth_compare(up, down, 4, &f);
	ck_assert_double_eq(f.rank_correlation, -1);
	/* Hot are 3 and 4; found are the first three. */
	ck_assert_double_eq_tol(f.precision, 1 / 3.0, NONE);
	ck_assert_double_eq(f.recall, 0.5);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("truth");
	TCase *tc = tcase_create("figures");

	tcase_add_test(tc, figures);
	tcase_add_test(tc, ends_of_the_scale);
	suite_add_tcase(s, tc);
	return support_run(s);
}
