/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The balance: each counter reaches its own place in the law, once.
 *
 * Every counter gets a power of two of its own, so that one that is left out,
 * taken twice or put elsewhere cannot be made up for by another.
 */
#ifndef _DAMON_TESTS_STATS_KUNIT_H
#define _DAMON_TESTS_STATS_KUNIT_H

#include <kunit/test.h>

#include <damon/stats.h>

/* The names as users see them; a name, once published, stays. */
/* clang-format off */
static const char *const stats_test_names[] = {
	NULL,
#define X(cause, name, meaning) name,
	DAMON_LOSSES(X)
#undef X
};
/* clang-format on */

static const char *const stats_test_published[] = {
	NULL,	       "no_sample", "no_addr",	 "null_addr",	"wrong_space",
	"kernel_addr", "guest",	    "ring_full", "ring_nested", "stale",
	"filtered",    "no_target", "no_region", "straddle",
};

static bool stats_test_same_text(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

/*
 * Two causes under one name, or a cause without a name, would make a loss that
 * nobody can count: full and busy told as one, a drop that is silent.
 */
static void stats_test_causes(struct kunit *test)
{
	int i;

	KUNIT_EXPECT_EQ(test, DAMON_LOST_NOT, 0);
	KUNIT_EXPECT_EQ(test, DAMON_NR_LOSSES, 14);
	KUNIT_ASSERT_EQ(test, sizeof(stats_test_names),
			sizeof(stats_test_published));
	for (i = 1; i < DAMON_NR_LOSSES; i++)
		KUNIT_EXPECT_TRUE_MSG(
			test,
			stats_test_same_text(stats_test_names[i],
					     stats_test_published[i]),
			"cause %d is %s", i, stats_test_names[i]);
	/* A CPU counts what happens up to its ring, and nothing behind it. */
	KUNIT_EXPECT_LT(test, DAMON_LOST_GUEST, DAMON_NR_CPU_LOSSES);
	KUNIT_EXPECT_LT(test, DAMON_LOST_RING_FULL, DAMON_NR_CPU_LOSSES);
	KUNIT_EXPECT_LT(test, DAMON_LOST_RING_NESTED, DAMON_NR_CPU_LOSSES);
	KUNIT_EXPECT_EQ(test, DAMON_LOST_STALE, DAMON_NR_CPU_LOSSES);
}

/* Also what must stay 0 is added up: were it counted, the law would break. */
static void stats_test_add_cpu(struct kunit *test)
{
	struct damon_cpu_stats s = { 0 };
	struct damon_balance b = { 0 };
	int i;

	local_set(&s.raised, 1L << 20);
	for (i = 0; i < DAMON_NR_CPU_LOSSES; i++)
		local_set(&s.lost[i], 1L << i);
	damon_balance_add_cpu(&b, &s, 1UL << 25);
	damon_balance_add_cpu(&b, &s, 1UL << 26);
	KUNIT_EXPECT_EQ(test, b.raised, 2UL << 20);
	KUNIT_EXPECT_EQ(test, b.in_rings, 3UL << 25);
	KUNIT_EXPECT_EQ(test, b.credited, 0UL);
	KUNIT_EXPECT_EQ(test, b.absorbed, 0UL);
	for (i = 0; i < DAMON_NR_LOSSES; i++)
		KUNIT_EXPECT_EQ_MSG(test, b.lost[i],
				    i < DAMON_NR_CPU_LOSSES ? 2UL << i : 0UL,
				    "cause %d: %lu", i, b.lost[i]);
	/* Adding up only reads. */
	KUNIT_EXPECT_EQ(test, local_read(&s.raised), 1L << 20);
	for (i = 0; i < DAMON_NR_CPU_LOSSES; i++)
		KUNIT_EXPECT_EQ(test, local_read(&s.lost[i]), 1L << i);
}

static void stats_test_add_tick(struct kunit *test)
{
	struct damon_tick_stats s = { .credited = 1UL << 20,
				      .absorbed = 1UL << 22 };
	struct damon_balance b = { 0 };
	int i;

	for (i = 0; i < DAMON_NR_LOSSES; i++)
		s.lost[i] = 1UL << i;
	damon_balance_add_tick(&b, &s);
	damon_balance_add_tick(&b, &s);
	KUNIT_EXPECT_EQ(test, b.credited, 2UL << 20);
	KUNIT_EXPECT_EQ(test, b.absorbed, 2UL << 22);
	KUNIT_EXPECT_EQ(test, b.raised, 0UL);
	KUNIT_EXPECT_EQ(test, b.in_rings, 0UL);
	for (i = 0; i < DAMON_NR_LOSSES; i++)
		KUNIT_EXPECT_EQ_MSG(test, b.lost[i], 2UL << i, "cause %d: %lu",
				    i, b.lost[i]);
}

/* Each is as wide as a long, from where it is counted to where it is read. */
static void stats_test_wide(struct kunit *test)
{
	struct damon_cpu_stats cpu = { 0 };
	struct damon_tick_stats tick = { .credited = ~0UL - 50,
					 .absorbed = ~0UL - 51 };
	struct damon_balance b = { 0 };
	int i;

	local_set(&cpu.raised, -53);
	for (i = 1; i < DAMON_NR_CPU_LOSSES; i++)
		local_set(&cpu.lost[i], -1 - i);
	for (i = DAMON_LOST_STALE; i < DAMON_NR_LOSSES; i++)
		tick.lost[i] = ~0UL - i;
	damon_balance_add_cpu(&b, &cpu, ~0UL - 54);
	damon_balance_add_tick(&b, &tick);
	KUNIT_EXPECT_EQ(test, b.credited, ~0UL - 50);
	KUNIT_EXPECT_EQ(test, b.absorbed, ~0UL - 51);
	KUNIT_EXPECT_EQ(test, b.raised, ~0UL - 52);
	KUNIT_EXPECT_EQ(test, b.in_rings, ~0UL - 54);
	for (i = 1; i < DAMON_NR_LOSSES; i++)
		KUNIT_EXPECT_EQ_MSG(test, b.lost[i], ~0UL - i, "cause %d: %lu",
				    i, b.lost[i]);
	/* And what is beyond 32 bits counts in the law. */
	b = (struct damon_balance){ .raised = 5, .credited = 5 };
	KUNIT_EXPECT_TRUE(test, damon_balance_holds(&b));
	b.absorbed = 1UL << (8 * sizeof(long) - 1);
	KUNIT_EXPECT_FALSE(test, damon_balance_holds(&b));
}

/* One more or one less anywhere is noticed, whichever counter it is. */
static void stats_test_holds(struct kunit *test)
{
	struct damon_balance b = { .raised = 107, .credited = 7 };
	unsigned long *places[4 + DAMON_NR_LOSSES] = { &b.raised, &b.credited,
						       &b.absorbed,
						       &b.in_rings };
	int i;

	for (i = 0; i < DAMON_NR_LOSSES; i++)
		places[4 + i] = &b.lost[i];
	b.absorbed = 9;
	b.in_rings = 100 - 9;
	KUNIT_EXPECT_TRUE(test, damon_balance_holds(&b));
	for (i = 0; i < 4 + DAMON_NR_LOSSES; i++) {
		++*places[i];
		KUNIT_EXPECT_FALSE(test, damon_balance_holds(&b));
		/* What is missing elsewhere makes up for it. */
		if (i) {
			b.raised++;
			KUNIT_EXPECT_TRUE(test, damon_balance_holds(&b));
			b.raised--;
		}
		--*places[i];
	}
	KUNIT_EXPECT_TRUE(test, damon_balance_holds(&b));
}

/* Counters run free: the law survives that some went past their end. */
static void stats_test_wrap(struct kunit *test)
{
	struct damon_cpu_stats cpu = { 0 };
	struct damon_tick_stats tick = { .credited = ~0UL, .absorbed = 5 };
	struct damon_balance b = { 0 };

	local_set(&cpu.raised, 10);
	local_set(&cpu.lost[DAMON_LOST_NO_ADDR], -1L);
	damon_balance_add_cpu(&b, &cpu, 3);
	tick.lost[DAMON_LOST_STRADDLE] = 4;
	damon_balance_add_tick(&b, &tick);
	KUNIT_EXPECT_TRUE(test, damon_balance_holds(&b));
	b.in_rings = 4;
	KUNIT_EXPECT_FALSE(test, damon_balance_holds(&b));
}

static struct kunit_case stats_test_cases[] = { KUNIT_CASE(stats_test_causes),
						KUNIT_CASE(stats_test_add_cpu),
						KUNIT_CASE(stats_test_add_tick),
						KUNIT_CASE(stats_test_wide),
						KUNIT_CASE(stats_test_holds),
						KUNIT_CASE(stats_test_wrap),
						{} };

static struct kunit_suite stats_test_suite = {
	.name = "damon-stats",
	.test_cases = stats_test_cases,
};
kunit_test_suite(stats_test_suite);

#endif
