/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One tick after another against a model that walks over all regions of all
 * targets, report by report: who is credited, in which order, and what became
 * of every report.
 *
 * What must not happen: a region gets two accesses of one tick; a block over a
 * region's end is credited to the region below; a report is dropped and no
 * counter says so, or two do; of a process that is two targets one is missed.
 */
#ifndef _DAMON_TESTS_TICK_MODEL_KUNIT_H
#define _DAMON_TESTS_TICK_MODEL_KUNIT_H

#include <kunit/test.h>

#include <damon/tick.h>

#include "prng-kunit.h"
#include "tick-kunit.h"

/* @queue is what each ring accepted, in order. */
struct tick_model_test {
	struct damon_report queue[TICK_TEST_CPUS][256];
	u32 nr[TICK_TEST_CPUS];
	bool credited[2 * TICK_TEST_REGIONS];
	u32 hits[2 * TICK_TEST_REGIONS];
	u32 nr_hits;
	u32 filtered_calls;
	struct damon_tick_stats stats;
};

static bool tick_model_test_wants(const struct damon_report *report, u32 cpu)
{
	return cpu != 1 || report->tid % 4;
}

static bool tick_model_test_filter(void *arg, const struct damon_report *report,
				   u32 cpu)
{
	struct tick_model_test *m = arg;

	m->filtered_calls++;
	return tick_model_test_wants(report, cpu);
}

static void tick_model_test_report(struct tick_model_test *m,
				   const struct damon_tick *t,
				   const struct damon_report *report, u32 cpu)
{
	u64 first = report->addr, last = first + (1ULL << report->sz_order) - 1;
	bool straddles = false, target = false, in = false, news = false;
	const struct damon_snapshot *s = t->snapshot;
	u32 i, r;

	if (report->epoch != t->epoch) {
		m->stats.lost[DAMON_LOST_STALE]++;
		return;
	}
	if (!tick_model_test_wants(report, cpu)) {
		m->stats.lost[DAMON_LOST_FILTERED]++;
		return;
	}
	for (i = 0; i < s->nr_targets; i++) {
		if (s->target[i].tgid != report->tgid)
			continue;
		target = true;
		for (r = s->target[i].first;
		     r < s->target[i].first + s->target[i].nr; r++) {
			if (last < s->start[r] || s->last[r] < first)
				continue;
			if (first < s->start[r] || s->last[r] < last) {
				straddles = true;
				continue;
			}
			in = true;
			if (m->credited[r])
				continue;
			news = true;
			m->credited[r] = true;
			m->hits[m->nr_hits++] = r;
		}
	}
	m->stats.credited += news;
	m->stats.absorbed += in && !news;
	m->stats.lost[DAMON_LOST_STRADDLE] += !in && straddles;
	m->stats.lost[DAMON_LOST_NO_REGION] += !in && !straddles && target;
	m->stats.lost[DAMON_LOST_NO_TARGET] += !target;
}

static void tick_model_test_tick(struct kunit *test, struct tick_test *t,
				 struct tick_model_test *m)
{
	u32 i, cpu, fresh = 0;

	for (i = 0; i < 2 * TICK_TEST_REGIONS; i++)
		m->credited[i] = false;
	m->nr_hits = 0;
	m->filtered_calls = 0;
	damon_tick_begin(&t->tick);
	for (cpu = 0; cpu < TICK_TEST_CPUS; cpu++) {
		KUNIT_EXPECT_EQ(test,
				damon_tick_drain(&t->tick, t->ring[cpu], cpu),
				m->nr[cpu]);
		for (i = 0; i < m->nr[cpu]; i++) {
			fresh += m->queue[cpu][i].epoch == t->tick.epoch;
			tick_model_test_report(m, &t->tick, &m->queue[cpu][i],
					       cpu);
		}
		m->nr[cpu] = 0;
	}
	KUNIT_EXPECT_EQ(test, m->filtered_calls, fresh);
	KUNIT_ASSERT_EQ(test, t->tick.nr_hits, m->nr_hits);
	for (i = 0; i < m->nr_hits; i++)
		KUNIT_EXPECT_EQ(test, t->tick.hits[i], m->hits[i]);
	for (i = 0; i < 2 * TICK_TEST_REGIONS; i++)
		KUNIT_EXPECT_EQ(test, t->tick.credited[i], m->credited[i]);
	KUNIT_EXPECT_EQ(test, t->tick.stats.credited, m->stats.credited);
	KUNIT_EXPECT_EQ(test, t->tick.stats.absorbed, m->stats.absorbed);
	for (i = 0; i < DAMON_NR_LOSSES; i++)
		KUNIT_EXPECT_EQ_MSG(test, t->tick.stats.lost[i],
				    m->stats.lost[i], "cause %u", i);
}

/* Targets 1, 2 and 1 again, with regions of their own, and one without any. */
static void tick_model_test_targets(struct kunit *test,
				    struct damon_snapshot *s, u64 *luck)
{
	static const u32 tgid[] = { 1, 2, 1, 3 };
	u32 t, i;
	u64 at;

	s->targets_max = 4;
	s->target = kunit_kcalloc(test, 4, sizeof(*s->target), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s->target);
	damon_snapshot_reset(s, false);
	for (t = 0; t < 4; t++) {
		KUNIT_ASSERT_EQ(test, damon_snapshot_add_target(s, tgid[t]), 0);
		at = 16;
		for (i = 0; t < 3 && i < 20; i++) {
			u64 start = at + prng_below(luck, 3) * 4;

			at = start + 1 + prng_below(luck, 30);
			KUNIT_ASSERT_EQ(
				test,
				damon_snapshot_add_region(s, start, at, 1), 0);
		}
	}
}

/* Of this arming, mostly; else of one before, or of one not heard of yet. */
static u16 tick_model_test_epoch(u16 epoch, u64 *luck)
{
	switch (prng_below(luck, 16)) {
	case 0:
		return epoch - 1;
	case 1:
		return epoch + 1;
	case 2:
		return epoch ^ 1u << prng_below(luck, 16);
	default:
		return epoch;
	}
}

static void tick_model_test_random(struct kunit *test)
{
	static const u32 capacities[TICK_TEST_CPUS] = { 16, 64, 256 };
	struct tick_test *t = tick_test_new(test);
	struct damon_report report;
	struct tick_model_test *m;
	u32 round, i, n, cpu;
	u64 luck = 13;

	m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m);
	/* Over the wrap, where the larger number is the older one. */
	t->tick.epoch = (u16)~0;
	t->tick.filter = tick_model_test_filter;
	t->tick.filter_arg = m;
	for (i = 0; i < TICK_TEST_CPUS; i++) {
		t->ring[i] = kunit_kzalloc(test, damon_ring_size(capacities[i]),
					   GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, t->ring[i]);
		damon_ring_init(t->ring[i], capacities[i]);
	}
	tick_model_test_targets(test, &t->snapshot, &luck);
	for (round = 0; round < 250; round++) {
		n = prng_below(&luck, 2) ? prng_below(&luck, 40) :
					   prng_below(&luck, 900);
		for (i = 0; i < n; i++) {
			u8 order =
				prng_below(&luck, 2) ? prng_below(&luck, 5) : 0;

			cpu = prng_below(&luck, TICK_TEST_CPUS);
			report = (struct damon_report){
				.addr = (u64)prng_below(&luck, 480) >>
					order << order,
				.tgid = prng_below(&luck, 5),
				.tid = prng_below(&luck, 100),
				.epoch = tick_model_test_epoch(t->tick.epoch,
							       &luck),
				.sz_order = order,
			};
			if (!damon_ring_push(t->ring[cpu], &report))
				m->queue[cpu][m->nr[cpu]++] = report;
			else
				KUNIT_EXPECT_EQ(test, m->nr[cpu],
						capacities[cpu]);
		}
		tick_model_test_tick(test, t, m);
		if (prng_below(&luck, 20) == 0)
			t->tick.epoch += prng_below(&luck, 3);
	}
	/* Each outcome had its turn. */
	KUNIT_EXPECT_GT(test, m->stats.credited, 1000UL);
	KUNIT_EXPECT_GT(test, m->stats.absorbed, 1000UL);
	for (i = DAMON_LOST_STALE; i < DAMON_NR_LOSSES; i++)
		KUNIT_EXPECT_GT(test, m->stats.lost[i], 500UL);
}

static struct kunit_case tick_model_test_cases[] = {
	KUNIT_CASE(tick_model_test_random), {}
};

static struct kunit_suite tick_model_test_suite = {
	.name = "damon-tick-model",
	.test_cases = tick_model_test_cases,
};
kunit_test_suite(tick_model_test_suite);

#endif
