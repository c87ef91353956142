/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The whole way: handler, rings, tick.  Every sample ends in one place,
 * whatever it was, and a region has one access a tick.
 */
#ifndef _DAMON_TESTS_TICK_KUNIT_H
#define _DAMON_TESTS_TICK_KUNIT_H

#include <kunit/test.h>

#include <damon/handler.h>
#include <damon/tick.h>

#include "prng-kunit.h"

#define TICK_TEST_REGIONS 32
#define TICK_TEST_CPUS 3
#define TICK_TEST_CAPACITY 8

struct tick_test {
	struct damon_snapshot snapshot;
	struct damon_tick tick;
	struct damon_ring *ring[TICK_TEST_CPUS];
	struct damon_cpu_stats stats[TICK_TEST_CPUS];
	struct damon_sampling how;
	u32 filter_cpu;
	u32 filter_tid;
	u32 pushes_left;
};

/* Process 1 has regions [4096 * i, 4096 * i + 2048), with holes between. */
static struct tick_test *tick_test_new(struct kunit *test)
{
	struct tick_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	struct damon_snapshot *s;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, t);
	s = &t->snapshot;
	s->regions_max = 2 * TICK_TEST_REGIONS;
	s->targets_max = 2;
	s->start = kunit_kcalloc(test, s->regions_max, sizeof(u64), GFP_KERNEL);
	s->last = kunit_kcalloc(test, s->regions_max, sizeof(u64), GFP_KERNEL);
	s->target = kunit_kcalloc(test, 2, sizeof(*s->target), GFP_KERNEL);
	t->tick.credited =
		kunit_kcalloc(test, s->regions_max, sizeof(bool), GFP_KERNEL);
	t->tick.hits =
		kunit_kcalloc(test, s->regions_max, sizeof(u32), GFP_KERNEL);
	damon_snapshot_reset(s, false);
	damon_snapshot_add_target(s, 1);
	for (i = 0; i < TICK_TEST_REGIONS; i++)
		damon_snapshot_add_region(s, 4096 * i, 4096 * i + 2048, 1);
	t->tick.snapshot = s;
	t->tick.epoch = 5;
	t->how = (struct damon_sampling){ .addr_end = 1ULL << 47, .epoch = 5 };
	for (i = 0; i < TICK_TEST_CPUS; i++) {
		t->ring[i] = kunit_kzalloc(
			test, damon_ring_size(TICK_TEST_CAPACITY), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, t->ring[i]);
		KUNIT_ASSERT_EQ(test,
				damon_ring_init(t->ring[i], TICK_TEST_CAPACITY),
				0);
	}
	return t;
}

static enum damon_loss tick_test_raise(struct tick_test *t, u32 cpu, u32 tgid,
				       u64 addr)
{
	struct perf_sample_data data = { .sample_flags = PERF_SAMPLE_ADDR,
					 .addr = addr };
	struct damon_running who = { .tgid = tgid, .tid = tgid };

	return damon_handle_sample(t->ring[cpu], &t->stats[cpu], &data, &t->how,
				   &who);
}

static u32 tick_test_tick(struct tick_test *t)
{
	u32 cpu, taken = 0;

	damon_tick_begin(&t->tick);
	for (cpu = 0; cpu < TICK_TEST_CPUS; cpu++)
		taken += damon_tick_drain(&t->tick, t->ring[cpu], cpu);
	return taken;
}

static struct damon_balance tick_test_balance(struct tick_test *t)
{
	struct damon_balance b = { 0 };
	u32 cpu;

	for (cpu = 0; cpu < TICK_TEST_CPUS; cpu++)
		damon_balance_add_cpu(&b, &t->stats[cpu],
				      damon_ring_pending(t->ring[cpu]));
	damon_balance_add_tick(&b, &t->tick.stats);
	return b;
}

/* One sample for each cause, and the counter that must have moved. */
static void tick_test_each_cause(struct kunit *test)
{
	struct tick_test *t = tick_test_new(test);
	struct damon_running who = { .tgid = 1, .guest = true };
	struct perf_sample_data data = { .sample_flags = PERF_SAMPLE_ADDR,
					 .addr = 8 };
	struct damon_balance b;
	u32 i;

	damon_handle_sample(t->ring[0], &t->stats[0], NULL, &t->how, &who);
	damon_handle_sample(t->ring[0], &t->stats[0], &data, &t->how, &who);
	tick_test_raise(t, 0, 1, 0);
	tick_test_raise(t, 0, 1, 1ULL << 47);
	data.sample_flags = PERF_SAMPLE_PHYS_ADDR;
	damon_handle_sample(t->ring[0], &t->stats[0], &data, &t->how, &who);
	data.sample_flags = 0;
	damon_handle_sample(t->ring[0], &t->stats[0], &data, &t->how, &who);
	tick_test_raise(t, 0, 1, 4096);
	tick_test_raise(t, 0, 1, 4097);
	tick_test_raise(t, 0, 1, 4096 + 2048);
	tick_test_raise(t, 0, 2, 4096);
	t->how.sz_order = 12;
	tick_test_raise(t, 0, 1, 4096);
	t->how.sz_order = 0;
	t->how.epoch = 4;
	tick_test_raise(t, 0, 1, 4096);
	t->how.epoch = 5;
	for (i = 0; i < 5; i++)
		tick_test_raise(t, 0, 1, 8192);
	b = tick_test_balance(t);
	KUNIT_EXPECT_EQ(test, b.in_rings, 8);
	KUNIT_EXPECT_TRUE(test, damon_balance_holds(&b));
	KUNIT_EXPECT_EQ(test, tick_test_tick(t), 8);
	b = tick_test_balance(t);
	KUNIT_EXPECT_EQ(test, b.raised, 17);
	KUNIT_EXPECT_EQ(test, b.credited, 2);
	KUNIT_EXPECT_EQ(test, b.absorbed, 2);
	KUNIT_EXPECT_EQ(test, b.in_rings, 0);
	for (i = DAMON_LOST_NO_SAMPLE; i < DAMON_NR_LOSSES; i++)
		KUNIT_EXPECT_EQ_MSG(test, b.lost[i],
				    i == DAMON_LOST_RING_FULL ? 3 :
				    i == DAMON_LOST_RING_NESTED ||
						    i == DAMON_LOST_FILTERED ?
								0 :
								1,
				    "cause %u: %lu", i, b.lost[i]);
	KUNIT_EXPECT_TRUE(test, damon_balance_holds(&b));
	/* And it can fail. */
	b.credited++;
	KUNIT_EXPECT_FALSE(test, damon_balance_holds(&b));
}

/* Whatever is raised, in whatever order, on any CPU: nothing is missing. */
static void tick_test_conservation(struct kunit *test)
{
	struct tick_test *t = tick_test_new(test);
	struct damon_balance b;
	u64 luck = 3;
	u32 step, i, n, raised = 0;

	for (step = 0; step < 2000; step++) {
		n = prng_below(&luck, 20);
		for (i = 0; i < n; i++, raised++)
			tick_test_raise(t, prng_below(&luck, TICK_TEST_CPUS),
					prng_below(&luck, 3),
					prng_below(&luck, 140 * 1024));
		b = tick_test_balance(t);
		KUNIT_EXPECT_TRUE(test, damon_balance_holds(&b));
		KUNIT_EXPECT_EQ(test, b.raised, raised);
		if (prng_below(&luck, 2))
			tick_test_tick(t);
		if (prng_below(&luck, 50) == 0)
			t->how.epoch = ++t->tick.epoch;
		KUNIT_EXPECT_LE(test, t->tick.nr_hits, TICK_TEST_REGIONS);
	}
	tick_test_tick(t);
	b = tick_test_balance(t);
	KUNIT_EXPECT_TRUE(test, damon_balance_holds(&b));
	KUNIT_EXPECT_EQ(test, b.in_rings, 0);
	KUNIT_EXPECT_GT(test, b.credited, 100);
	KUNIT_EXPECT_GT(test, b.lost[DAMON_LOST_STALE], 0);
}

/* One access a region and tick, from all CPUs together; the next tick anew. */
static void tick_test_one_credit(struct kunit *test)
{
	struct tick_test *t = tick_test_new(test);
	u32 round, i;

	for (round = 1; round <= 3; round++) {
		for (i = 0; i < 6; i++)
			tick_test_raise(t, i % TICK_TEST_CPUS, 1, 4096 * 9 + i);
		tick_test_raise(t, 1, 1, 4096 * 4);
		KUNIT_EXPECT_EQ(test, tick_test_tick(t), 7);
		KUNIT_EXPECT_EQ(test, t->tick.nr_hits, 2);
		KUNIT_EXPECT_EQ(test, t->tick.hits[0], 9);
		KUNIT_EXPECT_EQ(test, t->tick.hits[1], 4);
		KUNIT_EXPECT_EQ(test, t->tick.stats.credited, 2 * round);
		KUNIT_EXPECT_EQ(test, t->tick.stats.absorbed, 5 * round);
		for (i = 0; i < TICK_TEST_REGIONS; i++)
			KUNIT_EXPECT_EQ(test, t->tick.credited[i],
					i == 9 || i == 4);
	}
	damon_tick_begin(&t->tick);
	KUNIT_EXPECT_EQ(test, t->tick.nr_hits, 0);
	for (i = 0; i < TICK_TEST_REGIONS; i++)
		KUNIT_EXPECT_FALSE(test, t->tick.credited[i]);
}

/* All regions have their access and the list has no room: nothing is added. */
static void tick_test_all_credited(struct kunit *test)
{
	struct tick_test *t = tick_test_new(test);
	u32 i, nr = t->snapshot.nr_regions;

	t->tick.hits = kunit_kcalloc(test, nr, sizeof(u32), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t->tick.hits);
	damon_tick_begin(&t->tick);
	for (i = 0; i < 2 * nr; i++) {
		tick_test_raise(t, 0, 1, 4096 * (u64)(i % nr) + 8);
		damon_tick_drain(&t->tick, t->ring[0], 0);
	}
	KUNIT_EXPECT_EQ(test, t->tick.nr_hits, nr);
	for (i = 0; i < nr; i++)
		KUNIT_EXPECT_EQ(test, t->tick.hits[i], i);
	KUNIT_EXPECT_EQ(test, t->tick.stats.credited, (unsigned long)nr);
	KUNIT_EXPECT_EQ(test, t->tick.stats.absorbed, (unsigned long)nr);
}

/*
 * A tick that comes late finds what was sampled since the last one, as far as
 * the ring went: late is not cold.  The same for a CPU that is gone by then,
 * which nothing here knows of.
 */
static void tick_test_late(struct kunit *test)
{
	struct tick_test *t = tick_test_new(test);
	struct damon_balance b;
	u32 i;

	for (i = 0; i < 1000; i++)
		tick_test_raise(t, 2, 1, 4096 * (i % TICK_TEST_REGIONS) + 1);
	KUNIT_EXPECT_EQ(test, tick_test_tick(t), TICK_TEST_CAPACITY);
	KUNIT_EXPECT_EQ(test, t->tick.nr_hits, TICK_TEST_CAPACITY);
	b = tick_test_balance(t);
	KUNIT_EXPECT_EQ(test, b.lost[DAMON_LOST_RING_FULL],
			1000 - TICK_TEST_CAPACITY);
	KUNIT_EXPECT_EQ(test, b.lost[DAMON_LOST_STALE], 0);
}

/* What an earlier arming left in a ring is refused, not credited. */
static void tick_test_stale(struct kunit *test)
{
	struct tick_test *t = tick_test_new(test);

	tick_test_raise(t, 0, 1, 4096);
	t->how.epoch = t->tick.epoch = 6;
	tick_test_raise(t, 0, 1, 8192);
	KUNIT_EXPECT_EQ(test, tick_test_tick(t), 2);
	KUNIT_EXPECT_EQ(test, t->tick.nr_hits, 1);
	KUNIT_EXPECT_EQ(test, t->tick.hits[0], 2);
	KUNIT_EXPECT_EQ(test, t->tick.stats.lost[DAMON_LOST_STALE], 1);
	/* By all of its bits. */
	t->tick.epoch = 0x8106;
	tick_test_raise(t, 0, 1, 4096 * 3);
	t->how.epoch = 0x8106;
	tick_test_raise(t, 0, 1, 4096 * 4);
	KUNIT_EXPECT_EQ(test, tick_test_tick(t), 2);
	KUNIT_EXPECT_EQ(test, t->tick.nr_hits, 1);
	KUNIT_EXPECT_EQ(test, t->tick.hits[0], 4);
	KUNIT_EXPECT_EQ(test, t->tick.stats.lost[DAMON_LOST_STALE], 2);
}

static bool tick_test_filter(void *arg, const struct damon_report *report,
			     u32 cpu)
{
	struct tick_test *t = arg;

	return cpu == t->filter_cpu && report->tid == t->filter_tid;
}

static void tick_test_filtered(struct kunit *test)
{
	struct tick_test *t = tick_test_new(test);

	t->filter_cpu = 1;
	t->filter_tid = 1;
	t->tick.filter = tick_test_filter;
	t->tick.filter_arg = t;
	tick_test_raise(t, 0, 1, 4096);
	tick_test_raise(t, 1, 1, 8192);
	tick_test_raise(t, 1, 2, 8192);
	tick_test_tick(t);
	KUNIT_EXPECT_EQ(test, t->tick.nr_hits, 1);
	KUNIT_EXPECT_EQ(test, t->tick.hits[0], 2);
	KUNIT_EXPECT_EQ(test, t->tick.stats.lost[DAMON_LOST_FILTERED], 2);
}

/* A process that is two targets: both get an access, the report counts once. */
static void tick_test_two_targets(struct kunit *test)
{
	struct tick_test *t = tick_test_new(test);

	damon_snapshot_add_target(&t->snapshot, 1);
	damon_snapshot_add_region(&t->snapshot, 0, 8192, 1);
	tick_test_raise(t, 0, 1, 4096);
	tick_test_raise(t, 0, 1, 4097);
	tick_test_raise(t, 0, 1, 4096 + 2048);
	tick_test_raise(t, 0, 1, 8192);
	tick_test_raise(t, 0, 1, 4096 * 33);
	tick_test_tick(t);
	KUNIT_EXPECT_EQ(test, t->tick.nr_hits, 3);
	KUNIT_EXPECT_EQ(test, t->tick.hits[0], 1);
	KUNIT_EXPECT_EQ(test, t->tick.hits[1], TICK_TEST_REGIONS);
	KUNIT_EXPECT_EQ(test, t->tick.hits[2], 2);
	KUNIT_EXPECT_EQ(test, t->tick.stats.credited, 2);
	KUNIT_EXPECT_EQ(test, t->tick.stats.absorbed, 2);
	KUNIT_EXPECT_EQ(test, t->tick.stats.lost[DAMON_LOST_NO_REGION], 1);
}

/* In none of its two targets: told by the target that came closest. */
static void tick_test_two_losses(struct kunit *test)
{
	struct tick_test *t = tick_test_new(test);

	t->how.sz_order = 12;
	damon_snapshot_add_target(&t->snapshot, 1);
	damon_snapshot_add_region(&t->snapshot, 4096 * 34, 4096 * 36 + 1, 1);
	/* A hole, then a straddled end; a straddled end, then a hole. */
	tick_test_raise(t, 0, 1, 4096 * 36);
	tick_test_raise(t, 0, 1, 4096);
	tick_test_raise(t, 0, 1, 4096 * 33);
	tick_test_tick(t);
	KUNIT_EXPECT_EQ(test, t->tick.stats.lost[DAMON_LOST_STRADDLE], 2);
	KUNIT_EXPECT_EQ(test, t->tick.stats.lost[DAMON_LOST_NO_REGION], 1);
}

/* A producer that is as fast as the drain. */
static bool tick_test_push_more(void *arg, const struct damon_report *report,
				u32 cpu)
{
	struct tick_test *t = arg;

	if (t->pushes_left) {
		t->pushes_left--;
		tick_test_raise(t, cpu, 1, 4096);
	}
	return true;
}

/* Samples that keep coming cannot keep a tick from ending. */
static void tick_test_ends(struct kunit *test)
{
	struct tick_test *t = tick_test_new(test);
	struct damon_ring *ring;
	struct damon_balance b;
	u32 i;

	ring = kunit_kzalloc(test, damon_ring_size(256), GFP_KERNEL);
	KUNIT_ASSERT_EQ(test, damon_ring_init(ring, 256), 0);
	t->ring[0] = ring;
	t->pushes_left = 100000;
	t->tick.filter = tick_test_push_more;
	t->tick.filter_arg = t;
	for (i = 0; i < 200; i++)
		tick_test_raise(t, 0, 1, 4096);
	damon_tick_begin(&t->tick);
	KUNIT_EXPECT_EQ(test, damon_tick_drain(&t->tick, ring, 0), 256);
	b = tick_test_balance(t);
	KUNIT_EXPECT_TRUE(test, damon_balance_holds(&b));
	KUNIT_EXPECT_GT(test, b.in_rings, 0);
}

/* A ring smaller than a batch, full: taken whole, once. */
static void tick_test_small_ring(struct kunit *test)
{
	struct tick_test *t = tick_test_new(test);
	u32 i;

	for (i = 0; i < TICK_TEST_CAPACITY; i++)
		tick_test_raise(t, 0, 1, 4096 * i + 1);
	KUNIT_EXPECT_EQ(test, damon_tick_drain(&t->tick, t->ring[0], 0),
			TICK_TEST_CAPACITY);
	KUNIT_EXPECT_EQ(test, damon_tick_drain(&t->tick, t->ring[0], 0), 0);
}

/*
 * A CPU that went offline pushes no more and is asked for nothing: what it left
 * in its ring must not lie there until the CPU is back and then be taken for
 * news of another time.  It is drained by the next tick, like any other.
 */
static void tick_test_gone_cpu(struct kunit *test)
{
	struct tick_test *t = tick_test_new(test);
	u32 i;

	for (i = 0; i < 5; i++)
		tick_test_raise(t, 1, 1, 4096 * i + 7);
	KUNIT_EXPECT_EQ(test, tick_test_tick(t), 5);
	KUNIT_EXPECT_EQ(test, t->tick.nr_hits, 5);
	KUNIT_EXPECT_EQ(test, t->tick.stats.credited, 5UL);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, tick_test_tick(t), 0);
		KUNIT_EXPECT_EQ(test, t->tick.nr_hits, 0);
	}
	tick_test_raise(t, 1, 1, 4096 * 9);
	KUNIT_EXPECT_EQ(test, tick_test_tick(t), 1);
	KUNIT_EXPECT_EQ(test, t->tick.hits[0], 9);
}

/*
 * Monitoring paused and went on, and a ring was left full: the first tick must
 * not credit what was sampled before the pause, nor lose it without a word, nor
 * leave it there to keep fresh samples out for longer than that one tick.
 */
static void tick_test_after_a_pause(struct kunit *test)
{
	struct tick_test *t = tick_test_new(test);
	struct damon_balance b;
	u32 i;

	for (i = 0; i < TICK_TEST_CAPACITY; i++)
		tick_test_raise(t, 0, 1, 4096 * i + 1);
	t->how.epoch = ++t->tick.epoch;
	KUNIT_EXPECT_EQ(test, tick_test_raise(t, 0, 1, 4096 * 20 + 1),
			DAMON_LOST_RING_FULL);
	KUNIT_EXPECT_EQ(test, tick_test_tick(t), TICK_TEST_CAPACITY);
	KUNIT_EXPECT_EQ(test, t->tick.nr_hits, 0);
	KUNIT_EXPECT_EQ(test, t->tick.stats.lost[DAMON_LOST_STALE],
			(unsigned long)TICK_TEST_CAPACITY);
	for (i = 0; i < TICK_TEST_CAPACITY; i++)
		KUNIT_EXPECT_EQ(test, tick_test_raise(t, 0, 1, 4096 * i + 1),
				DAMON_LOST_NOT);
	tick_test_tick(t);
	KUNIT_EXPECT_EQ(test, t->tick.nr_hits, TICK_TEST_CAPACITY);
	b = tick_test_balance(t);
	KUNIT_EXPECT_TRUE(test, damon_balance_holds(&b));
	KUNIT_EXPECT_EQ(test, b.lost[DAMON_LOST_RING_FULL], 1UL);
}

/*
 * A context without targets has no regions, and no memory for any: that is no
 * error of any tick.  What is sampled is drained and told as nobody's.
 */
static void tick_test_no_targets(struct kunit *test)
{
	struct tick_test *t = tick_test_new(test);
	struct damon_snapshot none = { 0 };
	struct damon_balance b;
	u32 i, round;

	t->tick.snapshot = &none;
	t->tick.credited = NULL;
	t->tick.hits = NULL;
	for (round = 1; round <= 3; round++) {
		for (i = 0; i < TICK_TEST_CAPACITY; i++)
			tick_test_raise(t, 0, i, 4096 * i + 1);
		KUNIT_EXPECT_EQ(test, tick_test_tick(t), TICK_TEST_CAPACITY);
		KUNIT_EXPECT_EQ(test, t->tick.nr_hits, 0);
		KUNIT_EXPECT_EQ(test, t->tick.stats.lost[DAMON_LOST_NO_TARGET],
				(unsigned long)round * TICK_TEST_CAPACITY);
	}
	b = tick_test_balance(t);
	KUNIT_EXPECT_TRUE(test, damon_balance_holds(&b));
}

/*
 * Physical memory in units of 48 bytes from page 0 on.  The region with page 0
 * gets its access when page 0 was touched, and must not get one from each event
 * that has no physical address; filters see the thread that ran.
 */
static void tick_test_physical(struct kunit *test)
{
	static const u64 addrs[] = { 0, 47, 48, 95, 96, 143, 144, 192 };
	struct tick_test *t = tick_test_new(test);
	struct perf_sample_data data = { .sample_flags = PERF_SAMPLE_ADDR,
					 .addr = 0x1000 };
	struct damon_running who = { .tgid = 8, .tid = 9 };
	struct damon_balance b;
	u32 i;

	damon_snapshot_reset(&t->snapshot, true);
	damon_snapshot_add_target(&t->snapshot, 0);
	for (i = 0; i < 4; i++)
		KUNIT_ASSERT_EQ(test,
				damon_snapshot_add_region(&t->snapshot, 2 * i,
							  2 * i + 1, 48),
				0);
	t->how.phys = true;
	t->filter_cpu = 0;
	t->filter_tid = 9;
	t->tick.filter = tick_test_filter;
	t->tick.filter_arg = t;
	for (i = 0; i < 3; i++)
		damon_handle_sample(t->ring[0], &t->stats[0], &data, &t->how,
				    &who);
	KUNIT_EXPECT_EQ(test, tick_test_tick(t), 0);
	KUNIT_EXPECT_EQ(test, t->tick.nr_hits, 0);
	data.sample_flags = PERF_SAMPLE_PHYS_ADDR;
	for (i = 0; i < 8; i++) {
		data.phys_addr = addrs[i];
		damon_handle_sample(t->ring[0], &t->stats[0], &data, &t->how,
				    &who);
	}
	KUNIT_EXPECT_EQ(test, tick_test_tick(t), 8);
	KUNIT_EXPECT_EQ(test, t->tick.nr_hits, 3);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, t->tick.hits[i], i);
	b = tick_test_balance(t);
	KUNIT_EXPECT_TRUE(test, damon_balance_holds(&b));
	KUNIT_EXPECT_EQ(test, b.lost[DAMON_LOST_WRONG_SPACE], 3UL);
	KUNIT_EXPECT_EQ(test, b.lost[DAMON_LOST_FILTERED], 0UL);
	KUNIT_EXPECT_EQ(test, b.lost[DAMON_LOST_NO_REGION], 3UL);
}

/* Fewer than a batch, a batch, more: all that a ring holds, in one tick. */
static void tick_test_batches(struct kunit *test)
{
	static const u32 fills[] = { 1, 63, 64, 65, 127, 128, 129, 255, 256 };
	struct tick_test *t = tick_test_new(test);
	u32 f, i;

	t->ring[2] = kunit_kzalloc(test, damon_ring_size(256), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t->ring[2]);
	KUNIT_ASSERT_EQ(test, damon_ring_init(t->ring[2], 256), 0);
	for (f = 0; f < sizeof(fills) / sizeof(fills[0]); f++) {
		for (i = 0; i < fills[f]; i++)
			tick_test_raise(t, 2, 1, 4096 * (i % 8) + 1);
		KUNIT_EXPECT_EQ(test, tick_test_tick(t), fills[f]);
		KUNIT_EXPECT_EQ(test, t->tick.nr_hits,
				fills[f] < 8 ? fills[f] : 8);
		KUNIT_EXPECT_EQ(test, damon_ring_pending(t->ring[2]), 0);
	}
}

/* A producer that is held up holds up its own ring, for as long as it is. */
static void tick_test_held_up(struct kunit *test)
{
	struct tick_test *t = tick_test_new(test);
	struct damon_ring *ring = t->ring[0];
	struct damon_balance b;
	u32 index;

	tick_test_raise(t, 0, 1, 4096);
	KUNIT_ASSERT_EQ(test, __damon_ring_take(ring, &index), DAMON_LOST_NOT);
	local_inc(&t->stats[0].raised);
	tick_test_raise(t, 0, 1, 4096 * 2);
	tick_test_raise(t, 1, 1, 4096 * 3);
	KUNIT_EXPECT_EQ(test, tick_test_tick(t), 2);
	KUNIT_EXPECT_EQ(test, t->tick.nr_hits, 2);
	b = tick_test_balance(t);
	KUNIT_EXPECT_TRUE(test, damon_balance_holds(&b));
	KUNIT_EXPECT_EQ(test, b.in_rings, 2UL);
	ring->slot[index].addr = 4096 * 4;
	ring->slot[index].tgid = 1;
	ring->slot[index].epoch = 5;
	smp_store_release(&ring->slot[index].seq, index + 1);
	KUNIT_EXPECT_EQ(test, tick_test_tick(t), 2);
	KUNIT_EXPECT_EQ(test, t->tick.nr_hits, 2);
	KUNIT_EXPECT_EQ(test, t->tick.hits[0], 4);
	KUNIT_EXPECT_EQ(test, t->tick.hits[1], 2);
}

static bool tick_test_filter_far(void *arg, const struct damon_report *report,
				 u32 cpu)
{
	return cpu == *(u32 *)arg;
}

/* Regions, reports and CPUs beyond 16 bits; one access for each region. */
static void tick_test_large(struct kunit *test)
{
	const u32 nr = 70000;
	struct tick_test *t = tick_test_new(test);
	struct damon_snapshot *s = &t->snapshot;
	struct damon_report report = { .epoch = 5 };
	struct damon_ring *ring;
	u32 i, round, cpu = 80000;

	s->regions_max = nr;
	s->start = kunit_kcalloc(test, nr, sizeof(u64), GFP_KERNEL);
	s->last = kunit_kcalloc(test, nr, sizeof(u64), GFP_KERNEL);
	t->tick.credited = kunit_kcalloc(test, nr, sizeof(bool), GFP_KERNEL);
	t->tick.hits = kunit_kcalloc(test, nr, sizeof(u32), GFP_KERNEL);
	ring = kunit_kzalloc(test, damon_ring_size(1u << 17), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s->start);
	KUNIT_ASSERT_NOT_NULL(test, s->last);
	KUNIT_ASSERT_NOT_NULL(test, t->tick.credited);
	KUNIT_ASSERT_NOT_NULL(test, t->tick.hits);
	KUNIT_ASSERT_NOT_NULL(test, ring);
	KUNIT_ASSERT_EQ(test, damon_ring_init(ring, 1u << 17), 0);
	damon_snapshot_reset(s, true);
	damon_snapshot_add_target(s, 0);
	for (i = 0; i < nr; i++)
		damon_snapshot_add_region(s, i, i + 1, 4096);
	t->tick.filter = tick_test_filter_far;
	t->tick.filter_arg = &cpu;
	for (round = 1; round <= 2; round++) {
		/* One more than 2^16 times the same at the end. */
		for (i = 0; i < (1u << 17); i++) {
			report.addr = 4096ULL * (i < nr ? i : nr - 1);
			KUNIT_ASSERT_EQ(test, damon_ring_push(ring, &report),
					DAMON_LOST_NOT);
		}
		damon_tick_begin(&t->tick);
		KUNIT_EXPECT_EQ(test, damon_tick_drain(&t->tick, ring, cpu),
				1u << 17);
		KUNIT_ASSERT_EQ(test, t->tick.nr_hits, nr);
		for (i = 0; i < nr; i++)
			KUNIT_ASSERT_EQ(test, t->tick.hits[i], i);
		KUNIT_EXPECT_EQ(test, t->tick.stats.credited,
				(unsigned long)nr * round);
		KUNIT_EXPECT_EQ(test, t->tick.stats.absorbed,
				((1ul << 17) - nr) * round);
	}
	damon_ring_push(ring, &report);
	KUNIT_EXPECT_EQ(test, damon_tick_drain(&t->tick, ring, cpu & 0xffff),
			1);
	KUNIT_EXPECT_EQ(test, t->tick.stats.lost[DAMON_LOST_FILTERED], 1UL);
}

static struct kunit_case tick_test_cases[] = {
	KUNIT_CASE(tick_test_all_credited),
	KUNIT_CASE(tick_test_large),
	KUNIT_CASE(tick_test_each_cause),
	KUNIT_CASE(tick_test_conservation),
	KUNIT_CASE(tick_test_one_credit),
	KUNIT_CASE(tick_test_late),
	KUNIT_CASE(tick_test_stale),
	KUNIT_CASE(tick_test_filtered),
	KUNIT_CASE(tick_test_two_targets),
	KUNIT_CASE(tick_test_two_losses),
	KUNIT_CASE(tick_test_ends),
	KUNIT_CASE(tick_test_small_ring),
	KUNIT_CASE(tick_test_gone_cpu),
	KUNIT_CASE(tick_test_after_a_pause),
	KUNIT_CASE(tick_test_no_targets),
	KUNIT_CASE(tick_test_physical),
	KUNIT_CASE(tick_test_batches),
	KUNIT_CASE(tick_test_held_up),
	{}
};

static struct kunit_suite tick_test_suite = {
	.name = "damon-tick",
	.test_cases = tick_test_cases,
};
kunit_test_suite(tick_test_suite);

#endif
