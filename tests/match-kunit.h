/* SPDX-License-Identifier: GPL-2.0 */
/* The match: against a walk over all regions, on snapshots of chance. */
#ifndef _DAMON_TESTS_MATCH_KUNIT_H
#define _DAMON_TESTS_MATCH_KUNIT_H

#include <kunit/test.h>

#include <linux/math64.h>

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
	KUNIT_EXPECT_EQ(test, s->last[2], ~0ULL);
	KUNIT_EXPECT_EQ(test, s->nr_regions, 3);
	/* The last unit begins below the last byte and ends above it. */
	damon_snapshot_add_target(s, 0);
	KUNIT_EXPECT_EQ(
		test, damon_snapshot_add_region(s, 5, 0x2492492492492493ULL, 7),
		0);
	KUNIT_EXPECT_EQ(test, s->start[3], 35);
	KUNIT_EXPECT_EQ(test, s->last[3], ~0ULL);
	/* Units of more than 32 bits. */
	damon_snapshot_add_target(s, 0);
	KUNIT_EXPECT_EQ(test, damon_snapshot_add_region(s, 1, 3, 1ULL << 33),
			0);
	KUNIT_EXPECT_EQ(test, s->start[4], 1ULL << 33);
	KUNIT_EXPECT_EQ(test, s->last[4], 3 * (1ULL << 33) - 1);
}

static void match_test_builder_refuses(struct kunit *test)
{
	struct damon_snapshot *s = match_test_new(test, false);
	int i;

	s->regions_max = 2;
	for (i = 0; i < MATCH_TEST_TARGETS; i++)
		KUNIT_EXPECT_EQ(test, damon_snapshot_add_target(s, i), 0);
	/* What is refused leaves no trace. */
	KUNIT_EXPECT_EQ(test, damon_snapshot_add_target(s, 2), -ENOSPC);
	KUNIT_EXPECT_FALSE(test, s->repeats);
	KUNIT_EXPECT_EQ(test, s->nr_targets, MATCH_TEST_TARGETS);
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

	damon_snapshot_reset(s, false);
	damon_snapshot_add_target(s, 0x10007);
	damon_snapshot_add_target(s, 9);
	damon_snapshot_add_target(s, 7);
	KUNIT_EXPECT_FALSE(test, s->repeats);

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
	/* A target of which nothing is known yet, and no array for regions. */
	none.target = kunit_kzalloc(test, sizeof(*none.target), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, none.target);
	none.targets_max = 1;
	KUNIT_ASSERT_EQ(test, damon_snapshot_add_target(&none, 1), 0);
	KUNIT_EXPECT_EQ(test, damon_match(&none, report, 2, m), 2);
	KUNIT_EXPECT_EQ(test, m[1].loss, DAMON_LOST_NO_REGION);
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

/* The regions as the context has them, in its own units. */
struct match_test_context {
	u64 start[MATCH_TEST_REGIONS];
	u64 end[MATCH_TEST_REGIONS];
	u32 tgid[MATCH_TEST_REGIONS];
	u32 target[MATCH_TEST_REGIONS];
	u32 target_tgid[MATCH_TEST_TARGETS];
	u32 nr_regions;
	u32 nr_targets;
	u64 unit;
};

static u64 match_test_div(u64 byte, u64 unit)
{
	u64 rest;

	return div64_u64_rem(byte, unit, &rest);
}

/*
 * Draw targets with regions around @base: holes, neighbours, single units, none
 * at all, and let the builder have them.
 */
static void match_test_draw(struct kunit *test, struct match_test_context *c,
			    struct damon_snapshot *s, u64 base, u64 *luck)
{
	u32 t, i, n;
	u64 at;

	c->nr_regions = 0;
	c->nr_targets = prng_below(luck, MATCH_TEST_TARGETS + 1);
	damon_snapshot_reset(s, prng_below(luck, 5) == 0);
	for (t = 0; t < c->nr_targets; t++) {
		c->target_tgid[t] = prng_below(luck, 4);
		KUNIT_ASSERT_EQ(test,
				damon_snapshot_add_target(s, c->target_tgid[t]),
				0);
		n = prng_below(luck, 3) ? prng_below(luck, 17) : 0;
		at = base;
		for (i = 0; i < n; i++) {
			u32 r = c->nr_regions++;

			at += prng_below(luck, 2) ? prng_below(luck, 5) : 0;
			c->start[r] = at;
			at += prng_below(luck, 2) ? 1 :
						    1 + prng_below(luck, 40);
			c->end[r] = at;
			c->target[r] = t;
			KUNIT_ASSERT_EQ(test,
					damon_snapshot_add_region(
						s, c->start[r], at, c->unit),
					0);
		}
	}
}

/*
 * What a report is to target @t, asked in the context's units: the report is
 * divided, where the snapshot multiplies, so nothing can overflow here.
 */
static enum damon_loss match_test_by_units(const struct match_test_context *c,
					   u32 t,
					   const struct damon_report *report,
					   u32 *region)
{
	u64 above = (1ULL << report->sz_order) - 1;
	u64 first = match_test_div(report->addr, c->unit);
	u64 last = match_test_div(report->addr + above, c->unit);
	enum damon_loss loss = DAMON_LOST_NO_REGION;
	u32 r;

	for (r = 0; r < c->nr_regions; r++) {
		if (c->target[r] != t)
			continue;
		if (c->start[r] <= first && last < c->end[r]) {
			*region = r;
			return DAMON_LOST_NOT;
		}
		if (c->start[r] <= last && first < c->end[r])
			loss = DAMON_LOST_STRADDLE;
	}
	return loss;
}

/* One report through all targets that its process is, in their order. */
static void match_test_targets(struct kunit *test,
			       const struct match_test_context *c,
			       const struct damon_snapshot *s,
			       const struct damon_report *report,
			       struct damon_match *m)
{
	u32 t, region = 0, asked = 0;
	enum damon_loss want;

	for (t = 0; t < c->nr_targets; t++) {
		if (!s->phys && c->target_tgid[t] != report->tgid)
			continue;
		if (asked++) {
			KUNIT_ASSERT_TRUE(test, s->repeats);
			KUNIT_ASSERT_TRUE(test, damon_match_next(s, report, m));
		}
		want = match_test_by_units(c, t, report, &region);
		KUNIT_ASSERT_EQ_MSG(test, m->loss, want,
				    "addr %#llx order %u unit %llu target %u",
				    report->addr, report->sz_order, c->unit, t);
		KUNIT_ASSERT_EQ(test, m->target, t);
		if (!want)
			KUNIT_ASSERT_EQ(test, m->region, region);
	}
	if (!asked)
		KUNIT_ASSERT_EQ(test, m->loss, DAMON_LOST_NO_TARGET);
	KUNIT_EXPECT_FALSE(test, damon_match_next(s, report, m));
}

/* An address near one of the bounds, and a block of a size that fits there. */
static struct damon_report match_test_aim(const struct match_test_context *c,
					  u64 base, u64 *luck)
{
	u8 order = prng_below(luck, 4);
	u64 addr = base;
	u32 r;

	if (c->nr_regions) {
		r = prng_below(luck, c->nr_regions);
		addr = prng_below(luck, 2) ? c->start[r] : c->end[r];
	}
	addr = addr * c->unit + prng_below(luck, 2 * c->unit + 8) - c->unit - 4;
	if (prng_below(luck, 4) == 0)
		addr = base * c->unit + prng_below(luck, 400 * c->unit);
	if (order == 1)
		order = prng_below(luck, 14);
	else if (order == 2)
		order = prng_below(luck, 64);
	else
		order = 0;
	return (struct damon_report){
		.addr = addr >> order << order,
		.tgid = prng_below(luck, 5),
		.sz_order = order,
	};
}

/*
 * The last byte there is stands for the regions that begin above it, which is
 * as far as byte addresses go: a report of that byte is nobody's in particular.
 */
static bool match_test_beyond(const struct match_test_context *c,
			      const struct damon_report *report)
{
	u64 top = match_test_div(~0ULL, c->unit);
	u32 r;

	if (report->addr + ((1ULL << report->sz_order) - 1) != ~0ULL)
		return false;
	for (r = 0; r < c->nr_regions; r++)
		if (c->start[r] > top)
			return true;
	return false;
}

/*
 * Units that are no power of two, at the bottom and over the top of the address
 * space, aimed at the bounds.  What must not happen: hits are lost or credited
 * next door since a bound is in the middle of a page, or is scaled twice, or
 * not at all; a block over a bound is credited to the region below it; a region
 * that reaches the top wraps to nothing.
 */
static void match_test_units(struct kunit *test)
{
	struct damon_snapshot *s = match_test_new(test, false);
	struct damon_match m[DAMON_MATCH_LANES];
	struct damon_report report[DAMON_MATCH_LANES];
	struct match_test_context *c;
	u32 round, shot, i, nr, did;
	u64 luck = 23, base, top;

	c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, c);
	for (round = 0; round < 4000; round++) {
		c->unit =
			prng_below(&luck, 3) ? 1 + prng_below(&luck, 5000) : 1;
		top = match_test_div(~0ULL, c->unit);
		switch (round % 4) {
		case 0:
			base = 0;
			break;
		case 1:
			/* Some regions here, some beyond; or up to the end. */
			base = top - prng_below(&luck, 100);
			if (c->unit == 1)
				base = top - 1000;
			break;
		default:
			div64_u64_rem(prng_next(&luck), top - 1000, &base);
			break;
		}
		match_test_draw(test, c, s, base, &luck);
		for (shot = 0; shot < 8; shot += did) {
			nr = 1 + prng_below(&luck, DAMON_MATCH_LANES);
			for (i = 0; i < nr; i++) {
				report[i] = match_test_aim(c, base, &luck);
				if (match_test_beyond(c, &report[i]))
					report[i].addr = report[i].sz_order = 0;
				if (i && prng_below(&luck, 2))
					report[i].tgid = report[0].tgid;
			}
			did = damon_match(s, report, nr, m);
			KUNIT_ASSERT_TRUE(test, did >= 1 && did <= nr);
			for (i = 0; i < did; i++)
				match_test_targets(test, c, s, &report[i],
						   &m[i]);
		}
	}
}

/* Reports of mixed processes, batch after batch: each is looked at once. */
static void match_test_mixed(struct kunit *test)
{
	struct damon_snapshot *s = match_test_new(test, false);
	struct damon_match m[DAMON_MATCH_LANES];
	struct damon_report *report;
	u32 i, j, nr, did, round, total = 512;
	u64 luck = 29;

	report = kunit_kcalloc(test, total, sizeof(*report), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, report);
	for (i = 0; i < 3; i++) {
		damon_snapshot_add_target(s, 10 + i);
		damon_snapshot_add_region(s, 100 * i, 100 * i + 100, 1);
	}
	for (round = 0; round < 40; round++) {
		for (i = 0; i < total; i++)
			report[i] = (struct damon_report){
				.addr = prng_below(&luck, 300),
				.tgid = i && prng_below(&luck, 4) ?
						report[i - 1].tgid :
						9 + prng_below(&luck, 5),
			};
		for (i = 0; i < total; i += did) {
			nr = total - i < DAMON_MATCH_LANES ? total - i :
							     DAMON_MATCH_LANES;
			did = damon_match(s, &report[i], nr, m);
			KUNIT_ASSERT_TRUE(test, did >= 1 && did <= nr);
			for (j = i; j < i + did; j++) {
				u32 t = report[j].tgid - 10;
				enum damon_loss want;

				want = t > 2 ? DAMON_LOST_NO_TARGET :
				       match_test_div(report[j].addr, 100) ==
						       t ?
					       DAMON_LOST_NOT :
					       DAMON_LOST_NO_REGION;
				KUNIT_EXPECT_EQ(test, m[j - i].loss, want);
				if (!want)
					KUNIT_EXPECT_EQ(test, m[j - i].region,
							t);
			}
		}
	}
}

/*
 * Many regions, each found by its first and its last byte: a search that walks
 * them one by one does 17 billion steps here, and holds up a kdamond's tick
 * until long after the next one is due.
 */
static void match_test_many(struct kunit *test)
{
	struct damon_report report[DAMON_MATCH_LANES] = { { 0 } };
	struct damon_snapshot *s = match_test_new(test, true);
	struct damon_match m[DAMON_MATCH_LANES];
	u32 i, j, nr = 1u << 17;

	s->regions_max = nr;
	s->start = kunit_kcalloc(test, nr, sizeof(u64), GFP_KERNEL);
	s->last = kunit_kcalloc(test, nr, sizeof(u64), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s->start);
	KUNIT_ASSERT_NOT_NULL(test, s->last);
	damon_snapshot_add_target(s, 0);
	for (i = 0; i < nr; i++)
		KUNIT_ASSERT_EQ(
			test,
			damon_snapshot_add_region(s, 10 * i, 10 * i + 9, 1), 0);
	for (i = 0; i < nr; i += 4) {
		for (j = 0; j < DAMON_MATCH_LANES; j++)
			report[j].addr = 10 * (i + j / 2) + (j % 2) * 8;
		KUNIT_ASSERT_EQ(test,
				damon_match(s, report, DAMON_MATCH_LANES, m),
				DAMON_MATCH_LANES);
		for (j = 0; j < DAMON_MATCH_LANES; j++) {
			KUNIT_EXPECT_EQ(test, m[j].loss, DAMON_LOST_NOT);
			KUNIT_EXPECT_EQ(test, m[j].region, i + j / 2);
		}
		/* One by itself is found where it is among others. */
		KUNIT_ASSERT_EQ(test, damon_match(s, &report[i / 4 % 8], 1, m),
				1);
		KUNIT_EXPECT_EQ(test, m[0].loss, DAMON_LOST_NOT);
		KUNIT_EXPECT_EQ(test, m[0].region, i + i / 4 % 8 / 2);
	}
}

/* More targets than 16 bits count, each with a region; and the last repeats. */
static void match_test_many_targets(struct kunit *test)
{
	const u32 nr = 70000, asked[] = { 0, 1, 65535, 65536, 69998, 69999 };
	struct damon_snapshot *s = match_test_new(test, false);
	struct damon_report report = { 0 };
	struct damon_match m;
	u32 i;

	s->targets_max = s->regions_max = nr + 1;
	s->start = kunit_kcalloc(test, nr + 1, sizeof(u64), GFP_KERNEL);
	s->last = kunit_kcalloc(test, nr + 1, sizeof(u64), GFP_KERNEL);
	s->target = kunit_kcalloc(test, nr + 1, sizeof(*s->target), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s->start);
	KUNIT_ASSERT_NOT_NULL(test, s->last);
	KUNIT_ASSERT_NOT_NULL(test, s->target);
	for (i = 0; i < nr; i++) {
		/* Each is compared with all: told not to, for the time. */
		s->repeats = true;
		KUNIT_ASSERT_EQ(test, damon_snapshot_add_target(s, i << 8), 0);
		KUNIT_ASSERT_EQ(
			test, damon_snapshot_add_region(s, i, i + 1, 4096), 0);
	}
	s->repeats = false;
	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		report.tgid = asked[i] << 8;
		report.addr = asked[i] * 4096ULL + 5;
		damon_match(s, &report, 1, &m);
		KUNIT_EXPECT_EQ(test, m.loss, DAMON_LOST_NOT);
		KUNIT_EXPECT_EQ(test, m.target, asked[i]);
		KUNIT_EXPECT_EQ(test, m.region, asked[i]);
		KUNIT_EXPECT_FALSE(test, damon_match_next(s, &report, &m));
	}
	KUNIT_ASSERT_EQ(test, damon_snapshot_add_target(s, (nr - 1) << 8), 0);
	KUNIT_EXPECT_TRUE(test, s->repeats);
	KUNIT_ASSERT_EQ(test, damon_snapshot_add_region(s, 1, 2, 4096), 0);
	KUNIT_EXPECT_EQ(test, damon_match(s, &report, 1, &m), 1);
	KUNIT_EXPECT_TRUE(test, damon_match_next(s, &report, &m));
	KUNIT_EXPECT_EQ(test, m.target, nr);
	KUNIT_EXPECT_EQ(test, m.loss, DAMON_LOST_NO_REGION);
	KUNIT_EXPECT_FALSE(test, damon_match_next(s, &report, &m));
	report.tgid = nr << 8;
	damon_match(s, &report, 1, &m);
	KUNIT_EXPECT_EQ(test, m.loss, DAMON_LOST_NO_TARGET);
}

static struct kunit_case match_test_cases[] = {

	KUNIT_CASE(match_test_straddle),
	KUNIT_CASE(match_test_top),
	KUNIT_CASE(match_test_builder_refuses),
	KUNIT_CASE(match_test_repeats),
	KUNIT_CASE(match_test_nothing),
	KUNIT_CASE(match_test_runs),
	KUNIT_CASE(match_test_units),
	KUNIT_CASE(match_test_mixed),
	KUNIT_CASE(match_test_many),
	KUNIT_CASE(match_test_many_targets),
	{}
};

static struct kunit_suite match_test_suite = {
	.name = "damon-match",
	.test_cases = match_test_cases,
};
kunit_test_suite(match_test_suite);

#endif
