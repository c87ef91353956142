/* SPDX-License-Identifier: GPL-2.0 */
/* The match: against a walk over all regions, on snapshots of chance. */
#ifndef _DAMON_TESTS_MATCH_KUNIT_H
#define _DAMON_TESTS_MATCH_KUNIT_H

#include <kunit/test.h>

#include <damon/match.h>

#include "prng-kunit.h"

#define MATCH_TEST_REGIONS 64
#define MATCH_TEST_TARGETS 4

/* A snapshot with room, owned by the test. */
static struct damon_snapshot *match_test_new(struct kunit *test, bool phys)
{
	struct damon_snapshot *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	s->regions_max = MATCH_TEST_REGIONS;
	s->targets_max = MATCH_TEST_TARGETS;
	s->start = kunit_kcalloc(test, MATCH_TEST_REGIONS, sizeof(u64),
				 GFP_KERNEL);
	s->last = kunit_kcalloc(test, MATCH_TEST_REGIONS, sizeof(u64),
				GFP_KERNEL);
	s->target = kunit_kcalloc(test, MATCH_TEST_TARGETS, sizeof(*s->target),
				  GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s->start);
	KUNIT_ASSERT_NOT_NULL(test, s->last);
	KUNIT_ASSERT_NOT_NULL(test, s->target);
	damon_snapshot_reset(s, phys);
	return s;
}

/* What the block [first, last] is to one target: by looking at every region. */
static enum damon_loss match_test_walk(const struct damon_snapshot *s,
				       const struct damon_snapshot_target *t,
				       u64 first, u64 last, u32 *region)
{
	enum damon_loss loss = DAMON_LOST_NO_REGION;
	u32 i;

	for (i = t->first; i < t->first + t->nr; i++) {
		if (s->start[i] <= first && last <= s->last[i]) {
			*region = i;
			return DAMON_LOST_NOT;
		}
		if (s->start[i] <= last && first <= s->last[i])
			loss = DAMON_LOST_STRADDLE;
	}
	return loss;
}

static void match_test_compare(struct kunit *test,
			       const struct damon_snapshot *s,
			       const struct damon_report *report, u32 nr)
{
	struct damon_match m[DAMON_MATCH_LANES];
	enum damon_loss want;
	u32 i, t, region = 0, did;

	did = damon_match(s, report, nr, m);
	KUNIT_ASSERT_TRUE(test, did >= 1 && did <= nr);
	for (i = 0; i < did; i++) {
		u64 first = report[i].addr;
		u64 last = first + ((1ULL << report[i].sz_order) - 1);

		for (t = 0; t < s->nr_targets; t++)
			if (s->phys || s->target[t].tgid == report[i].tgid)
				break;
		want = t == s->nr_targets ?
			       DAMON_LOST_NO_TARGET :
			       match_test_walk(s, &s->target[t], first, last,
					       &region);
		KUNIT_EXPECT_EQ(test, m[i].loss, want);
		KUNIT_EXPECT_EQ(test, m[i].target, t);
		if (!want)
			KUNIT_EXPECT_EQ(test, m[i].region, region);
	}
}

/* Targets with holes, neighbours, single units; some targets have nothing. */
static void match_test_build(struct kunit *test, struct damon_snapshot *s,
			     u64 addr_unit, u64 *luck)
{
	u32 targets = prng_below(luck, MATCH_TEST_TARGETS + 1), t, i, n;
	u64 at;

	damon_snapshot_reset(s, prng_below(luck, 4) == 0);
	for (t = 0; t < targets; t++) {
		KUNIT_ASSERT_EQ(
			test, damon_snapshot_add_target(s, prng_below(luck, 3)),
			0);
		n = prng_below(luck, 16);
		at = prng_below(luck, 50);
		for (i = 0; i < n; i++) {
			u64 start = at + (prng_below(luck, 2) ?
						  prng_below(luck, 40) :
						  0);

			at = start + 1 + prng_below(luck, 60);
			KUNIT_ASSERT_EQ(test,
					damon_snapshot_add_region(s, start, at,
								  addr_unit),
					0);
		}
	}
}

static void match_test_random(struct kunit *test)
{
	static const u64 units[] = { 1, 1, 3, 4096, 5000 };
	struct damon_snapshot *s = match_test_new(test, false);
	struct damon_report report[DAMON_MATCH_LANES];
	u64 luck = 42, unit;
	u32 round, i, nr;

	for (round = 0; round < 3000; round++) {
		unit = units[round % 5];
		match_test_build(test, s, unit, &luck);
		nr = 1 + prng_below(&luck, DAMON_MATCH_LANES);
		for (i = 0; i < nr; i++) {
			u8 order = prng_below(&luck, 3) ? 0 :
							  prng_below(&luck, 64);
			u64 addr = prng_below(&luck, 1200 * unit);

			report[i] = (struct damon_report){
				.addr = addr >> order << order,
				.tgid = prng_below(&luck, 4),
				.sz_order = order,
			};
		}
		match_test_compare(test, s, report, nr);
	}
}

/* A block over an end, a beginning, from a hole into a region: no guess. */
static void match_test_straddle(struct kunit *test)
{
	static const struct {
		u64 addr;
		u8 sz_order;
		enum damon_loss loss;
	} cases[] = {
		/* regions [0x1800, 0x2800) [0x2800, 0x3000) [0x5000, 0x5001) */
		{ 0x1800, 0, DAMON_LOST_NOT },
		{ 0x17ff, 0, DAMON_LOST_NO_REGION },
		{ 0x2fff, 0, DAMON_LOST_NOT },
		{ 0x3000, 0, DAMON_LOST_NO_REGION },
		{ 0x1000, 12, DAMON_LOST_STRADDLE },
		{ 0x2000, 12, DAMON_LOST_STRADDLE },
		{ 0x2000, 11, DAMON_LOST_NOT },
		{ 0x2800, 11, DAMON_LOST_NOT },
		{ 0x3000, 12, DAMON_LOST_NO_REGION },
		{ 0x4000, 13, DAMON_LOST_STRADDLE },
		{ 0x4000, 12, DAMON_LOST_NO_REGION },
		{ 0x5000, 12, DAMON_LOST_STRADDLE },
		{ 0x5000, 0, DAMON_LOST_NOT },
		{ 0x5001, 0, DAMON_LOST_NO_REGION },
		{ 0, 63, DAMON_LOST_STRADDLE },
		{ 1ULL << 63, 63, DAMON_LOST_NO_REGION },
	};
	struct damon_snapshot *s = match_test_new(test, true);
	struct damon_report report = { 0 };
	struct damon_match m;
	int i;

	damon_snapshot_add_target(s, 0);
	damon_snapshot_add_region(s, 0x1800, 0x2800, 1);
	damon_snapshot_add_region(s, 0x2800, 0x3000, 1);
	damon_snapshot_add_region(s, 0x5000, 0x5001, 1);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		report.addr = cases[i].addr;
		report.sz_order = cases[i].sz_order;
		damon_match(s, &report, 1, &m);
		KUNIT_EXPECT_EQ_MSG(test, m.loss, cases[i].loss, "case %d", i);
	}
}

/* A region may reach the last byte there is, and units may reach beyond it. */
static void match_test_top(struct kunit *test)
{
	struct damon_snapshot *s = match_test_new(test, true);
	struct damon_report report = { .addr = ~0ULL };
	struct damon_match m;

	damon_snapshot_add_target(s, 0);
	KUNIT_EXPECT_EQ(test, damon_snapshot_add_region(s, 0, 16, 1), 0);
	KUNIT_EXPECT_EQ(test,
			damon_snapshot_add_region(s, 1ULL << 40, 1ULL << 52,
						  1ULL << 12),
			0);
	KUNIT_EXPECT_EQ(test, s->last[1], ~0ULL);
	KUNIT_EXPECT_EQ(test, s->start[1], 1ULL << 52);
	damon_match(s, &report, 1, &m);
	KUNIT_EXPECT_EQ(test, m.loss, DAMON_LOST_NOT);
	KUNIT_EXPECT_EQ(test, m.region, 1);
	/* All of it beyond: kept, so that indices are the context's. */
	KUNIT_EXPECT_EQ(test,
			damon_snapshot_add_region(s, 1ULL << 53, 1ULL << 54,
						  1ULL << 12),
			0);
	KUNIT_EXPECT_EQ(test, s->start[2], ~0ULL);
	KUNIT_EXPECT_EQ(test, s->nr_regions, 3);
}

static void match_test_builder_refuses(struct kunit *test)
{
	struct damon_snapshot *s = match_test_new(test, false);
	int i;

	s->regions_max = 2;
	for (i = 0; i < MATCH_TEST_TARGETS; i++)
		KUNIT_EXPECT_EQ(test, damon_snapshot_add_target(s, i), 0);
	KUNIT_EXPECT_EQ(test, damon_snapshot_add_target(s, 9), -ENOSPC);
	KUNIT_EXPECT_EQ(test, damon_snapshot_add_region(s, 5, 5, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, damon_snapshot_add_region(s, 6, 5, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, damon_snapshot_add_region(s, 5, 9, 1), 0);
	KUNIT_EXPECT_EQ(test, damon_snapshot_add_region(s, 8, 12, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, damon_snapshot_add_region(s, 0, 4, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, damon_snapshot_add_region(s, 9, 12, 1), 0);
	KUNIT_EXPECT_EQ(test, damon_snapshot_add_region(s, 12, 13, 1), -ENOSPC);
	KUNIT_EXPECT_EQ(test, s->nr_regions, 2);
}

static void match_test_repeats(struct kunit *test)
{
	struct damon_snapshot *s = match_test_new(test, false);
	struct damon_report report = { .addr = 10, .tgid = 7 };
	struct damon_match m;

	damon_snapshot_add_target(s, 7);
	damon_snapshot_add_region(s, 0, 5, 1);
	KUNIT_EXPECT_FALSE(test, s->repeats);
	damon_snapshot_add_target(s, 8);
	damon_snapshot_add_region(s, 0, 50, 1);
	KUNIT_EXPECT_FALSE(test, s->repeats);
	damon_snapshot_add_target(s, 7);
	damon_snapshot_add_region(s, 5, 50, 1);
	KUNIT_EXPECT_TRUE(test, s->repeats);
	damon_match(s, &report, 1, &m);
	KUNIT_EXPECT_EQ(test, m.loss, DAMON_LOST_NO_REGION);
	KUNIT_EXPECT_TRUE(test, damon_match_next(s, &report, &m));
	KUNIT_EXPECT_EQ(test, m.loss, DAMON_LOST_NOT);
	KUNIT_EXPECT_EQ(test, m.target, 2);
	KUNIT_EXPECT_EQ(test, m.region, 2);
	KUNIT_EXPECT_FALSE(test, damon_match_next(s, &report, &m));
	KUNIT_EXPECT_EQ(test, m.target, 2);

	damon_snapshot_reset(s, true);
	damon_snapshot_add_target(s, 1);
	KUNIT_EXPECT_FALSE(test, s->repeats);
	damon_snapshot_add_target(s, 2);
	KUNIT_EXPECT_TRUE(test, s->repeats);
}

/* No target is a snapshot like others, and no lack of memory. */
static void match_test_nothing(struct kunit *test)
{
	struct damon_snapshot none = { 0 };
	struct damon_report report[3] = { { .tgid = 1 }, { .tgid = 1 } };
	struct damon_match m[3];

	KUNIT_EXPECT_EQ(test, damon_match(&none, report, 3, m), 1);
	KUNIT_EXPECT_EQ(test, m[0].loss, DAMON_LOST_NO_TARGET);
	KUNIT_EXPECT_FALSE(test, damon_match_next(&none, report, m));
}

/* Reports of one process go together, the next process's wait. */
static void match_test_runs(struct kunit *test)
{
	struct damon_snapshot *s = match_test_new(test, false);
	struct damon_report report[5] = { { .tgid = 1 },
					  { .tgid = 1 },
					  { .tgid = 2 },
					  { .tgid = 3 },
					  { .tgid = 3 } };
	struct damon_match m[5];

	damon_snapshot_add_target(s, 1);
	damon_snapshot_add_target(s, 2);
	KUNIT_EXPECT_EQ(test, damon_match(s, report, 5, m), 2);
	KUNIT_EXPECT_EQ(test, damon_match(s, report + 2, 3, m), 1);
	KUNIT_EXPECT_EQ(test, m[0].target, 1);
	KUNIT_EXPECT_EQ(test, damon_match(s, report + 3, 2, m), 1);
	KUNIT_EXPECT_EQ(test, m[0].loss, DAMON_LOST_NO_TARGET);
	s->phys = true;
	KUNIT_EXPECT_EQ(test, damon_match(s, report, 5, m), 5);
}

static struct kunit_case match_test_cases[] = {
	KUNIT_CASE(match_test_random),	KUNIT_CASE(match_test_straddle),
	KUNIT_CASE(match_test_top),	KUNIT_CASE(match_test_builder_refuses),
	KUNIT_CASE(match_test_repeats), KUNIT_CASE(match_test_nothing),
	KUNIT_CASE(match_test_runs),	{}
};

static struct kunit_suite match_test_suite = {
	.name = "damon-match",
	.test_cases = match_test_cases,
};
kunit_test_suite(match_test_suite);

#endif
