/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ring: nothing that was accepted is lost, doubled, torn or out of order;
 * what is not accepted is told.  Nesting is played by hand here, step by step.
 *
 * Not here: a push that is interrupted between reading the head and moving it,
 * so DAMON_LOST_RING_NESTED and an old head that the tail has passed.  Nothing
 * in one thread can come in between; the stress test's signals do.  Nor that
 * the order of stores is what another CPU sees.
 */
#ifndef _DAMON_TESTS_RING_KUNIT_H
#define _DAMON_TESTS_RING_KUNIT_H

#include <kunit/test.h>

#include <damon/ring.h>

#include "prng-kunit.h"

static struct damon_ring *ring_test_new(struct kunit *test, u32 capacity)
{
	struct damon_ring *ring;

	ring = kunit_kzalloc(test, damon_ring_size(capacity), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ring);
	KUNIT_ASSERT_EQ(test, damon_ring_init(ring, capacity), 0);
	return ring;
}

/* A report all of whose fields follow from its number. */
static struct damon_report ring_test_report(u32 nr)
{
	return (struct damon_report){
		.addr = nr * 0x100000001ULL,
		.tgid = nr * 3,
		.tid = ~nr,
		.seq = 0xabad1dea,
		.epoch = nr,
		.sz_order = nr % 64,
		.flags = nr % 3,
	};
}

static void ring_test_expect(struct kunit *test, const struct damon_report *got,
			     u32 nr)
{
	struct damon_report want = ring_test_report(nr);

	KUNIT_EXPECT_EQ(test, got->addr, want.addr);
	KUNIT_EXPECT_EQ(test, got->tgid, want.tgid);
	KUNIT_EXPECT_EQ(test, got->tid, want.tid);
	KUNIT_EXPECT_EQ(test, got->epoch, want.epoch);
	KUNIT_EXPECT_EQ(test, got->sz_order, want.sz_order);
	KUNIT_EXPECT_EQ(test, got->flags, want.flags);
}

static enum damon_loss ring_test_push(struct damon_ring *ring, u32 nr)
{
	struct damon_report report = ring_test_report(nr);

	return damon_ring_push(ring, &report);
}

/* Make the ring as if it had been used up to @index, and is empty. */
static void ring_test_wind(struct damon_ring *ring, u32 index)
{
	u32 capacity = ring->mask + 1, i, slot;

	local_set(&ring->head, index);
	ring->tail = index;
	ring->tail_seen = index;
	for (i = 0; i < capacity; i++) {
		slot = index + i;
		ring->slot[slot & ring->mask].seq = slot + 1 - capacity;
	}
}

static void ring_test_capacities(struct kunit *test)
{
	static const u32 bad[] = { 0,	     3,	       255, 257, (1u << 26) + 1,
				   1u << 27, 1u << 31, ~0u };
	struct damon_ring *ring;
	int i;

	ring = kunit_kzalloc(test, damon_ring_size(4), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ring);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		KUNIT_EXPECT_EQ(test, damon_ring_init(ring, bad[i]), -EINVAL);
	KUNIT_EXPECT_EQ(test, damon_ring_init(ring, 4), 0);
	KUNIT_EXPECT_EQ(test, damon_ring_size(256),
			2 * SMP_CACHE_BYTES + 256 * 24);
	/* The largest power of two whose bytes a 32-bit machine can count. */
	KUNIT_EXPECT_EQ(test, damon_ring_size(1u << 26),
			2 * SMP_CACHE_BYTES + (1UL << 26) * 24);
	KUNIT_EXPECT_LT(test, DAMON_RING_CAPACITY_MAX * 24ULL, 1ULL << 31);
	KUNIT_EXPECT_GT(test, DAMON_RING_CAPACITY_MAX * 48ULL, 1ULL << 31);
}

/* More slots than 16 bits can count, all of them used, and none twice. */
static void ring_test_big(struct kunit *test)
{
	struct damon_ring *ring = ring_test_new(test, 1u << 17);
	struct damon_report *out;
	u32 i, n, at = 0;

	out = kunit_kcalloc(test, 70000, sizeof(*out), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, out);
	for (i = 0; i < 1u << 17; i++)
		KUNIT_ASSERT_EQ(test, ring_test_push(ring, i), DAMON_LOST_NOT);
	KUNIT_EXPECT_EQ(test, ring_test_push(ring, i), DAMON_LOST_RING_FULL);
	KUNIT_EXPECT_EQ(test, damon_ring_pending(ring), 1u << 17);
	while ((n = damon_ring_drain(ring, out, 70000)) > 0) {
		KUNIT_EXPECT_EQ(test, n, at ? (1u << 17) - 70000 : 70000);
		for (i = 0; i < n; i++)
			KUNIT_ASSERT_EQ(test, out[i].tgid, at++ * 3);
	}
	KUNIT_EXPECT_EQ(test, at, 1u << 17);
}

/*
 * What stood in the memory before does not matter, not even an old ring with
 * reports in it; and what stands behind it is somebody else's.
 */
static void ring_test_init_rubbish(struct kunit *test)
{
	struct damon_report out[8];
	struct damon_ring *ring;
	u32 i, round;

	ring = kunit_kzalloc(test, damon_ring_size(9), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ring);
	for (round = 0; round < 4; round++) {
		local_set(&ring->head, 0x123456789 * round);
		ring->tail_seen = 77 * round;
		ring->tail = 99 * round;
		for (i = 0; i < 9; i++)
			ring->slot[i].seq = round * i + 1;
		KUNIT_ASSERT_EQ(test, damon_ring_init(ring, 8), 0);
		for (i = 0; i < 8; i++)
			KUNIT_EXPECT_EQ(test, ring->slot[i].seq, i - 7);
		KUNIT_EXPECT_EQ(test, ring->slot[8].seq, round * 8 + 1);
		KUNIT_EXPECT_EQ(test, damon_ring_accepted(ring), 0UL);
		KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 8), 0);
		for (i = 0; i < 8; i++)
			KUNIT_EXPECT_EQ(test, ring_test_push(ring, i),
					DAMON_LOST_NOT);
		KUNIT_EXPECT_EQ(test, ring_test_push(ring, 9),
				DAMON_LOST_RING_FULL);
		KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 8), 8);
		for (i = 0; i < 8; i++)
			ring_test_expect(test, &out[i], i);
	}
}

/* Every slot is usable; the newest is dropped and says so; order is kept. */
static void ring_test_fill(struct kunit *test)
{
	static const u32 capacities[] = { 1, 2, 4, 256 };
	struct damon_report *out;
	struct damon_ring *ring;
	u32 i, c, n;

	out = kunit_kcalloc(test, 256, sizeof(*out), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, out);
	for (c = 0; c < 4; c++) {
		n = capacities[c];
		ring = ring_test_new(test, n);
		KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 256), 0);
		for (i = 0; i < n; i++)
			KUNIT_EXPECT_EQ(test, ring_test_push(ring, i),
					DAMON_LOST_NOT);
		KUNIT_EXPECT_EQ(test, damon_ring_pending(ring), n);
		for (i = 0; i < 3; i++)
			KUNIT_EXPECT_EQ(test, ring_test_push(ring, 999),
					DAMON_LOST_RING_FULL);
		KUNIT_EXPECT_EQ(test, damon_ring_accepted(ring), n);
		KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 256), n);
		for (i = 0; i < n; i++)
			ring_test_expect(test, &out[i], i);
		KUNIT_EXPECT_EQ(test, damon_ring_pending(ring), 0);
		KUNIT_EXPECT_EQ(test, ring_test_push(ring, 7), DAMON_LOST_NOT);
		KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 256), 1);
		ring_test_expect(test, &out[0], 7);
	}
}

/* Random batches over many laps and over the wrap of the index at 2^32. */
static void ring_test_laps(struct kunit *test)
{
	static const u32 begins[] = { 0, 1000, ~0u - 300, 1u << 31 };
	struct damon_report out[40];
	struct damon_ring *ring;
	u64 luck = 1;
	u32 b, i, n, step, pushed, drained;

	for (b = 0; b < 4; b++) {
		ring = ring_test_new(test, 32);
		ring_test_wind(ring, begins[b]);
		pushed = drained = 0;
		for (step = 0; step < 500; step++) {
			n = prng_below(&luck, 40);
			for (i = 0; i < n; i++) {
				bool full = pushed - drained == 32;

				KUNIT_EXPECT_EQ(test,
						ring_test_push(ring, pushed),
						full ? DAMON_LOST_RING_FULL :
						       DAMON_LOST_NOT);
				pushed += !full;
			}
			KUNIT_EXPECT_EQ(test, damon_ring_pending(ring),
					pushed - drained);
			n = damon_ring_drain(ring, out, prng_below(&luck, 41));
			for (i = 0; i < n; i++)
				ring_test_expect(test, &out[i], drained++);
		}
		KUNIT_EXPECT_GT(test, drained, 1000);
	}
}

/* Drain takes no more than it has room for, and the rest stays. */
static void ring_test_drain_in_parts(struct kunit *test)
{
	struct damon_ring *ring = ring_test_new(test, 16);
	struct damon_report out[16];
	u32 i;

	for (i = 0; i < 10; i++)
		ring_test_push(ring, i);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 0), 0);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 3), 3);
	KUNIT_EXPECT_EQ(test, damon_ring_pending(ring), 7);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 16), 7);
	for (i = 0; i < 7; i++)
		ring_test_expect(test, &out[i], i + 3);
}

/* The second half of a push that has its index: what an NMI interrupted. */
static void ring_test_finish(struct damon_ring *ring, u32 index, u32 nr)
{
	struct damon_report *slot = &ring->slot[index & ring->mask];
	u32 seq = slot->seq;

	*slot = ring_test_report(nr);
	slot->seq = seq;
	smp_store_release(&slot->seq, index + 1);
}

/*
 * An NMI over a producer: each has its own slot, none is overwritten.  What the
 * NMI published is not lost while the producer is held up, only later.
 */
static void ring_test_nested(struct kunit *test)
{
	struct damon_ring *ring = ring_test_new(test, 8);
	struct damon_report out[8];
	u32 outer = 0, i;

	ring_test_push(ring, 0);
	KUNIT_ASSERT_EQ(test, __damon_ring_take(ring, &outer), DAMON_LOST_NOT);
	for (i = 2; i < 5; i++)
		KUNIT_EXPECT_EQ(test, ring_test_push(ring, i), DAMON_LOST_NOT);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 8), 1);
	ring_test_expect(test, &out[0], 0);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 8), 0);
	ring_test_finish(ring, outer, 1);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 8), 4);
	for (i = 0; i < 4; i++)
		ring_test_expect(test, &out[i], i + 1);
}

/* Three deep, the ring filled meanwhile: the held slot is not given away. */
static void ring_test_nested_deep(struct kunit *test)
{
	struct damon_ring *ring = ring_test_new(test, 4);
	struct damon_report out[4];
	u32 a = 0, b = 0, i;

	KUNIT_ASSERT_EQ(test, __damon_ring_take(ring, &a), DAMON_LOST_NOT);
	KUNIT_ASSERT_EQ(test, __damon_ring_take(ring, &b), DAMON_LOST_NOT);
	KUNIT_EXPECT_EQ(test, ring_test_push(ring, 2), DAMON_LOST_NOT);
	KUNIT_EXPECT_EQ(test, ring_test_push(ring, 3), DAMON_LOST_NOT);
	KUNIT_EXPECT_EQ(test, ring_test_push(ring, 9), DAMON_LOST_RING_FULL);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 4), 0);
	ring_test_finish(ring, b, 1);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 4), 0);
	KUNIT_EXPECT_EQ(test, ring_test_push(ring, 9), DAMON_LOST_RING_FULL);
	ring_test_finish(ring, a, 0);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 4), 4);
	for (i = 0; i < 4; i++)
		ring_test_expect(test, &out[i], i);
}

/*
 * The consumer's line is read only when the ring looks full: an impossible tail
 * does not matter before that, and is found out then.
 */
static void ring_test_tail_is_read_late(struct kunit *test)
{
	struct damon_ring *ring = ring_test_new(test, 4);
	struct damon_report out[1];
	u32 i, lap;

	ring->tail = 2;
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, ring_test_push(ring, i), DAMON_LOST_NOT);
		KUNIT_EXPECT_EQ(test, ring->tail_seen, 0);
	}
	KUNIT_EXPECT_EQ(test, ring_test_push(ring, 4), DAMON_LOST_NOT);
	KUNIT_EXPECT_EQ(test, ring->tail_seen, 2);
	/* Once a lap, and not each time when the index has left 32 bits. */
	ring_test_wind(ring, ~0u - 9);
	for (lap = 0; lap < 6; lap++) {
		for (i = 0; i < 4; i++) {
			ring_test_push(ring, i);
			KUNIT_EXPECT_EQ(test, ring->tail_seen,
					~0u - 9 + 4 * lap);
			KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 1),
					1);
		}
	}
}

/* A tail that was seen once and is older than the true one costs one look. */
static void ring_test_old_tail_seen(struct kunit *test)
{
	struct damon_ring *ring = ring_test_new(test, 4);
	struct damon_report out[4];
	u32 i;

	for (i = 0; i < 4; i++)
		ring_test_push(ring, i);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 4), 4);
	/* As an interrupted push would write it back. */
	ring->tail_seen = 0;
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, ring_test_push(ring, i), DAMON_LOST_NOT);
	KUNIT_EXPECT_EQ(test, ring_test_push(ring, 4), DAMON_LOST_RING_FULL);
}

/* Slots of an earlier lap are not taken for this one's, nor unused ones. */
static void ring_test_old_slots(struct kunit *test)
{
	struct damon_ring *ring = ring_test_new(test, 4);
	struct damon_report out[8];
	u32 i;

	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_NE(test, ring->slot[i].seq, i + 1);
	for (i = 0; i < 3; i++)
		ring_test_push(ring, i);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 8), 3);
	for (i = 0; i < 2; i++)
		ring_test_push(ring, i);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 8), 2);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 8), 0);
}

/* A refused capacity leaves the ring as it is. */
static void ring_test_refused_init(struct kunit *test)
{
	struct damon_ring *ring = ring_test_new(test, 4);
	struct damon_report out[4];
	u32 i;

	ring_test_push(ring, 1);
	KUNIT_EXPECT_EQ(test, damon_ring_init(ring, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, damon_ring_init(ring, 6), -EINVAL);
	KUNIT_EXPECT_EQ(test, damon_ring_init(ring, 1u << 31), -EINVAL);
	KUNIT_EXPECT_EQ(test, damon_ring_pending(ring), 1);
	for (i = 2; i < 5; i++)
		KUNIT_EXPECT_EQ(test, ring_test_push(ring, i), DAMON_LOST_NOT);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 4), 4);
	for (i = 0; i < 4; i++)
		ring_test_expect(test, &out[i], i + 1);
	/* And an accepted one empties it, whatever was in there. */
	ring_test_wind(ring, 1000);
	ring_test_push(ring, 2);
	KUNIT_EXPECT_EQ(test, damon_ring_init(ring, 2), 0);
	KUNIT_EXPECT_EQ(test, ring->tail_seen, 0);
	KUNIT_EXPECT_EQ(test, damon_ring_pending(ring), 0);
	KUNIT_EXPECT_EQ(test, damon_ring_accepted(ring), 0UL);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 4), 0);
}

/*
 * Each side writes a line of its own, and an idle ring costs its consumer no
 * write at all: a machine's rings are looked at every tick, samples or not.
 */
static void ring_test_lines(struct kunit *test)
{
	struct damon_ring *ring = ring_test_new(test, 4);
	const u8 *bytes = (const u8 *)ring;
	struct damon_report out[4];
	u8 *before;
	u32 i, sz = damon_ring_size(4);

	KUNIT_EXPECT_GE(
		test, offsetof(struct damon_ring, tail) / SMP_CACHE_BYTES,
		offsetof(struct damon_ring, mask) / SMP_CACHE_BYTES + 1);
	KUNIT_EXPECT_EQ(test, offsetof(struct damon_ring, slot),
			2 * SMP_CACHE_BYTES);
	before = kunit_kzalloc(test, sz, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, before);
	ring_test_push(ring, 1);
	damon_ring_drain(ring, out, 4);
	for (i = 0; i < sz; i++)
		before[i] = bytes[i];
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 4), 0);
	KUNIT_EXPECT_EQ(test, damon_ring_pending(ring), 0);
	for (i = 0; i < sz; i++)
		KUNIT_EXPECT_EQ(test, bytes[i], before[i]);
	/* What is drained of the slots is read, not written. */
	ring_test_push(ring, 2);
	for (i = 0; i < sz; i++)
		before[i] = bytes[i];
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 4), 1);
	for (i = 0; i < sz; i++)
		if (i < offsetof(struct damon_ring, tail) ||
		    i >= offsetof(struct damon_ring, slot))
			KUNIT_EXPECT_EQ(test, bytes[i], before[i]);
}

/* There is room for so many; the byte behind it is somebody else's. */
static void ring_test_drain_room(struct kunit *test)
{
	struct damon_ring *ring = ring_test_new(test, 8);
	struct damon_report out[9], untouched = ring_test_report(1234567);
	u32 i, n;

	for (n = 0; n < 8; n++) {
		for (i = 0; i < 8; i++)
			KUNIT_EXPECT_EQ(test, ring_test_push(ring, 100 * n + i),
					DAMON_LOST_NOT);
		for (i = 0; i < 9; i++)
			out[i] = untouched;
		KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, n), n);
		for (i = 0; i < n; i++)
			ring_test_expect(test, &out[i], 100 * n + i);
		for (; i < 9; i++)
			ring_test_expect(test, &out[i], 1234567);
		KUNIT_EXPECT_EQ(test, damon_ring_pending(ring), 8 - n);
		KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 9), 8 - n);
	}
}

/* Room for so many nested producers, and as many reports in flight. */
#define RING_TEST_HELD 6

/*
 * Producers that interrupt each other, each held up at will, over the wrap of
 * the index: whoever has a place keeps it, whatever is published before it.
 * The oracle is a plain list of who came when and who has finished.
 *
 * What must not happen: an interrupt takes the place of the report that it
 * interrupted; a report is published by a flag or a number that another one set
 * and is then seen too early, or seen by nobody until the next one comes.
 */
static void ring_test_nested_random(struct kunit *test)
{
	struct damon_ring *ring = ring_test_new(test, 16);
	u32 held_index[RING_TEST_HELD], held_nr[RING_TEST_HELD], held = 0;
	u32 step, i, k, n, index = 0, pushed = 0, drained = 0, ready;
	struct damon_report out[16];
	u64 luck = 5;
	bool full;

	ring_test_wind(ring, ~0u - 5000);
	for (step = 0; step < 20000; step++) {
		full = pushed - drained == 16;
		switch (prng_below(&luck, 4)) {
		case 0:
			if (held == RING_TEST_HELD)
				break;
			KUNIT_ASSERT_EQ(test, __damon_ring_take(ring, &index),
					full ? DAMON_LOST_RING_FULL :
					       DAMON_LOST_NOT);
			if (full)
				break;
			held_index[held] = index;
			held_nr[held++] = pushed++;
			break;
		case 1:
			KUNIT_ASSERT_EQ(test, ring_test_push(ring, pushed),
					full ? DAMON_LOST_RING_FULL :
					       DAMON_LOST_NOT);
			pushed += !full;
			break;
		case 2:
			if (!held)
				break;
			k = prng_below(&luck, held);
			ring_test_finish(ring, held_index[k], held_nr[k]);
			held_index[k] = held_index[--held];
			held_nr[k] = held_nr[held];
			break;
		case 3:
			/* Up to the oldest that is held up, and at once. */
			ready = pushed;
			for (i = 0; i < held; i++)
				if (held_nr[i] < ready)
					ready = held_nr[i];
			n = prng_below(&luck, 17);
			k = ready - drained < n ? ready - drained : n;
			KUNIT_ASSERT_EQ(test, damon_ring_drain(ring, out, n),
					k);
			for (i = 0; i < k; i++)
				ring_test_expect(test, &out[i], drained++);
			break;
		}
		KUNIT_ASSERT_EQ(test, damon_ring_pending(ring),
				pushed - drained);
	}
	KUNIT_EXPECT_GT(test, drained, 6000);
}

/* A held place is pending and accepted from the moment it is taken. */
static void ring_test_counts(struct kunit *test)
{
	struct damon_ring *ring = ring_test_new(test, 4);
	struct damon_report out[4];
	u32 index = 0;

	ring_test_push(ring, 0);
	KUNIT_ASSERT_EQ(test, __damon_ring_take(ring, &index), DAMON_LOST_NOT);
	KUNIT_EXPECT_EQ(test, index, 1);
	KUNIT_EXPECT_EQ(test, damon_ring_pending(ring), 2);
	KUNIT_EXPECT_EQ(test, damon_ring_accepted(ring), 2UL);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 4), 1);
	KUNIT_EXPECT_EQ(test, damon_ring_pending(ring), 1);
	KUNIT_EXPECT_EQ(test, damon_ring_accepted(ring), 2UL);
	/* Over the wrap: what has no place was not accepted. */
	ring_test_wind(ring, ~0u - 1);
	for (index = 0; index < 6; index++)
		ring_test_push(ring, index);
	KUNIT_EXPECT_EQ(test, damon_ring_pending(ring), 4);
	KUNIT_EXPECT_EQ(test, damon_ring_accepted(ring), ~0u - 1 + 4UL);
	KUNIT_EXPECT_EQ(test, damon_ring_drain(ring, out, 4), 4);
	KUNIT_EXPECT_EQ(test, ring->tail, 2);
}

static struct kunit_case ring_test_cases[] = {
	KUNIT_CASE(ring_test_capacities),
	KUNIT_CASE(ring_test_big),
	KUNIT_CASE(ring_test_init_rubbish),
	KUNIT_CASE(ring_test_fill),
	KUNIT_CASE(ring_test_laps),
	KUNIT_CASE(ring_test_drain_in_parts),
	KUNIT_CASE(ring_test_nested),
	KUNIT_CASE(ring_test_nested_deep),
	KUNIT_CASE(ring_test_tail_is_read_late),
	KUNIT_CASE(ring_test_old_tail_seen),
	KUNIT_CASE(ring_test_old_slots),
	KUNIT_CASE(ring_test_refused_init),
	KUNIT_CASE(ring_test_lines),
	KUNIT_CASE(ring_test_drain_room),
	KUNIT_CASE(ring_test_nested_random),
	KUNIT_CASE(ring_test_counts),
	{}
};

static struct kunit_suite ring_test_suite = {
	.name = "damon-ring",
	.test_cases = ring_test_cases,
};
kunit_test_suite(ring_test_suite);

#endif
