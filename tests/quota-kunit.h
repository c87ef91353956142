/* SPDX-License-Identifier: GPL-2.0 */
/* The feedback tuner: vectors, and what holds for every input. */
#ifndef _DAMON_TESTS_QUOTA_KUNIT_H
#define _DAMON_TESTS_QUOTA_KUNIT_H

#include <kunit/test.h>

#include <damon/quota.h>

static void quota_test_feedback_vectors(struct kunit *test)
{
	/* From the kernel's own function, 64-bit extremes among them. */
	static const struct {
		u64 in;
		u64 score;
		u64 out;
	} vectors[] = {
		{ 10000, 0, 20000 },
		{ 10000, 5000, 15000 },
		{ 10000, 9999, 10001 },
		{ 12345, 10000, 12345 },
		{ 20000, 15000, 10000 },
		{ 900000, 200, 1782000 },
		{ 900000, 2000, 1620000 },
		{ 100000000, 9000, 110000000 },
		{ 100000000, 11000, 90000000 },
		{ 100000000, 19999, 10000 },
		{ 100000000, 20000, 10000 },
		{ ~0ULL, 9999, ~0ULL },
		{ ~0ULL, 10001, 18444899399302180660ULL },
		{ ~0ULL, 20000, 10000 },
		{ 0, 10000, 0 },
		{ 0, 0, 0 },
	};
	int i;

	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		KUNIT_EXPECT_EQ(test,
				damon_feedback(vectors[i].in, vectors[i].score),
				vectors[i].out);
}

/*
 * Where the product of input and distance just fits 64 bits, or just not; where
 * growth just saturates; and scores beyond any goal.  Worked out with integers
 * of any size, by the formula in quota.h.
 */
static void quota_test_feedback_edges(struct kunit *test)
{
	static const struct {
		u64 in;
		u64 score;
		u64 out;
	} vectors[] = {
		{ 6148914691236517204ULL, 9997ULL, 6150759365643888159ULL },
		{ 6148914691236517204ULL, 10003ULL, 6147070016829146249ULL },
		{ 6148914691236517205ULL, 9997ULL, 6150759365643888158ULL },
		{ 6148914691236517205ULL, 10003ULL, 6147070016829146252ULL },
		{ 6148914691236517206ULL, 9997ULL, 6150759365643888159ULL },
		{ 6148914691236517206ULL, 10003ULL, 6147070016829146253ULL },
		{ 2635249153387078801ULL, 9993ULL, 2637093827794449756ULL },
		{ 2635249153387078801ULL, 10007ULL, 2633404478979707846ULL },
		{ 2635249153387078802ULL, 9993ULL, 2637093827794449751ULL },
		{ 2635249153387078802ULL, 10007ULL, 2633404478979707853ULL },
		{ 2635249153387078803ULL, 9993ULL, 2637093827794449752ULL },
		{ 2635249153387078803ULL, 10007ULL, 2633404478979707854ULL },
		{ 3689348814741909ULL, 5000ULL, 5534023222112863ULL },
		{ 3689348814741909ULL, 15000ULL, 1844674407370955ULL },
		{ 3689348814741910ULL, 5000ULL, 5534023222111910ULL },
		{ 3689348814741910ULL, 15000ULL, 1844674407371910ULL },
		{ 3689348814741911ULL, 5000ULL, 5534023222111911ULL },
		{ 3689348814741911ULL, 15000ULL, 1844674407371911ULL },
		{ 1844858893260280ULL, 1ULL, 3689533300631233ULL },
		{ 1844858893260280ULL, 19999ULL, 184485889327ULL },
		{ 1844858893260281ULL, 1ULL, 3689533300630955ULL },
		{ 1844858893260281ULL, 19999ULL, 184485889607ULL },
		{ 1844858893260282ULL, 1ULL, 3689533300630956ULL },
		{ 1844858893260282ULL, 19999ULL, 184485889608ULL },
		{ 50000ULL, 20001ULL, 10000ULL },
		{ 50000ULL, 25000ULL, 10000ULL },
		{ 50000ULL, 29999ULL, 10000ULL },
		{ 1000000ULL, 30000ULL, 10000ULL },
		{ 123456789ULL, 4294982296ULL, 10000ULL },
		{ 123456789ULL, 4294972296ULL, 10000ULL },
		{ 123456789ULL, 18446744073709551615ULL, 10000ULL },
		{ 123456789ULL, 9223372036854775808ULL, 10000ULL },
		{ 1099511627776ULL, 10001ULL, 1099401676614ULL },
		{ 1099511627776ULL, 9999ULL, 1099621578938ULL },
		{ 8589934592ULL, 19999ULL, 858994ULL },
		{ 9223833228516203234ULL, 1ULL, 18446744073709551614ULL },
		{ 9223833228516203235ULL, 1ULL, 18446744073709551615ULL },
		{ 9223833228516203236ULL, 1ULL, 18446744073709551615ULL },
	};
	int i;

	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		KUNIT_EXPECT_EQ_MSG(
			test, damon_feedback(vectors[i].in, vectors[i].score),
			vectors[i].out, "vector %d", i);
}

/* Monitoring intervals are tuned by the same step from a fixed input. */
static void quota_test_feedback_of_intervals(struct kunit *test)
{
	static const u64 vectors[][2] = {
		{ 0, 20000 },	  { 5000, 15000 }, { 9999, 10001 },
		{ 10000, 10000 }, { 10001, 9999 }, { 15000, 5000 },
		{ 20000, 1 },
	};
	int i;

	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		KUNIT_EXPECT_EQ(
			test, damon_feedback(100000000, vectors[i][0]) / 10000,
			vectors[i][1]);
}

static void quota_test_goal_score(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, damon_goal_score(0, 7000), 0);
	KUNIT_EXPECT_EQ(test, damon_goal_score(3500, 7000), 5000);
	KUNIT_EXPECT_EQ(test, damon_goal_score(7000, 7000), 10000);
	KUNIT_EXPECT_EQ(test, damon_goal_score(1, 3), 3333);
	KUNIT_EXPECT_EQ(test, damon_goal_score(~0ULL, ~0ULL), 10000);
	/* Where 10000 times the value would not fit. */
	KUNIT_EXPECT_EQ(test, damon_goal_score(3ULL << 60, 1ULL << 50),
			30720000);
	/* Beyond 64 bits: the low ones, as in a kernel. */
	KUNIT_EXPECT_EQ(test, damon_goal_score(~0ULL, 1), ~0ULL * 10000);
	KUNIT_EXPECT_EQ(test, damon_goal_score(1ULL << 60, 1ULL << 61), 0);
}

static void quota_test_goals_combine(struct kunit *test)
{
	u64 score = 0;

	score = damon_goals_combine(score, 300);
	score = damon_goals_combine(score, 12000);
	score = damon_goals_combine(score, 9000);
	KUNIT_EXPECT_EQ(test, score, 12000);
}

/* From nothing, with nothing reached: 12 doublings to the first page. */
static void quota_test_consist_bootstrap(struct kunit *test)
{
	u64 esz_bp = 0;
	int windows = 0;

	while (esz_bp / 10000 < 4096 && windows < 100) {
		esz_bp = damon_tune_consist(esz_bp, 0);
		windows++;
	}
	KUNIT_EXPECT_EQ(test, windows, 12);
	/* Just reached: it stays.  Far beyond: back to one byte at once. */
	KUNIT_EXPECT_EQ(test, damon_tune_consist(esz_bp, 10000), esz_bp);
	KUNIT_EXPECT_EQ(test, damon_tune_consist(esz_bp, 20000), 10000);
	/* Beyond, but not so far: down in proportion. */
	KUNIT_EXPECT_EQ(test, damon_tune_consist(1000000, 15000), 500000);
}

/* The floor is applied to what comes in, so that there is a way up from 0. */
static void quota_test_consist_floor(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, damon_tune_consist(0, 0), 20000);
	KUNIT_EXPECT_EQ(test, damon_tune_consist(0, 10000), 10000);
	KUNIT_EXPECT_EQ(test, damon_tune_consist(9999, 5000), 15000);
	KUNIT_EXPECT_EQ(test, damon_tune_consist(10000, 19999), 10000);
	KUNIT_EXPECT_EQ(test, damon_tune_consist(~0ULL, 0), ~0ULL);
}

static void quota_test_temporal(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, damon_tune_temporal(4096, 9999), 40960000);
	KUNIT_EXPECT_EQ(test, damon_tune_temporal(4096, 10000), 0);
	KUNIT_EXPECT_EQ(test, damon_tune_temporal(4096, ~0ULL), 0);
	KUNIT_EXPECT_EQ(test, damon_tune_temporal(0, 0), ~0ULL);
	KUNIT_EXPECT_EQ(test, damon_tune_temporal(1ULL << 63, 0),
			(1ULL << 63) * 10000);
}

static struct kunit_case quota_test_cases[] = {
	KUNIT_CASE(quota_test_feedback_vectors),
	KUNIT_CASE(quota_test_feedback_edges),
	KUNIT_CASE(quota_test_feedback_of_intervals),
	KUNIT_CASE(quota_test_goal_score),
	KUNIT_CASE(quota_test_goals_combine),
	KUNIT_CASE(quota_test_consist_bootstrap),
	KUNIT_CASE(quota_test_consist_floor),
	KUNIT_CASE(quota_test_temporal),
	{}
};

static struct kunit_suite quota_test_suite = {
	.name = "damon-quota",
	.test_cases = quota_test_cases,
};
kunit_test_suite(quota_test_suite);

#endif
