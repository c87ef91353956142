/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The overflow handler's part: one sample, one outcome, one counter.
 *
 * A handler that drops a sample without a word makes "nothing was seen" look
 * like "nothing was there".  So after each call here all counters are looked
 * at, those that must not have moved as well.
 */
#ifndef _DAMON_TESTS_HANDLER_KUNIT_H
#define _DAMON_TESTS_HANDLER_KUNIT_H

#include <kunit/test.h>

#include <damon/handler.h>

#include "prng-kunit.h"

#define HANDLER_TEST_CAPACITY 4
#define HANDLER_TEST_END 0x800000000000ULL

struct handler_test {
	struct damon_ring *ring;
	struct damon_cpu_stats stats;
	struct damon_sampling how;
	struct damon_running who;
};

static struct handler_test *handler_test_new(struct kunit *test, bool phys)
{
	struct handler_test *h = kunit_kzalloc(test, sizeof(*h), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, h);
	h->ring = kunit_kzalloc(test, damon_ring_size(HANDLER_TEST_CAPACITY),
				GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, h->ring);
	KUNIT_ASSERT_EQ(test, damon_ring_init(h->ring, HANDLER_TEST_CAPACITY),
			0);
	h->how = (struct damon_sampling){ .phys = phys,
					  .epoch = 3,
					  .addr_end = HANDLER_TEST_END };
	h->who = (struct damon_running){ .tgid = 21, .tid = 22 };
	return h;
}

/* Handle one sample; exactly what @want says must have moved, by one. */
static void handler_test_one(struct kunit *test, struct handler_test *h,
			     const struct perf_sample_data *data,
			     enum damon_loss want)
{
	unsigned long accepted = damon_ring_accepted(h->ring);
	struct damon_cpu_stats before = h->stats;
	enum damon_loss loss;
	int i;

	loss = damon_handle_sample(h->ring, &h->stats, data, &h->how, &h->who);
	KUNIT_EXPECT_EQ(test, loss, want);
	KUNIT_EXPECT_EQ(test, local_read(&h->stats.raised),
			local_read(&before.raised) + 1);
	for (i = 0; i < DAMON_NR_CPU_LOSSES; i++)
		KUNIT_EXPECT_EQ_MSG(test, local_read(&h->stats.lost[i]),
				    local_read(&before.lost[i]) +
					    (want && i == want),
				    "cause %d, wanted %d", i, want);
	KUNIT_EXPECT_EQ(test, damon_ring_accepted(h->ring), accepted + !want);
}

/*
 * Each refusal in a context of each kind.  What must not happen, context by
 * context: physical memory is never credited by a virtual event, whose physical
 * field is zero and would be page 0; a virtual context never takes the address
 * a guest used for one of the process that runs it; a sampler that never says
 * a physical address (PEBS) is not silence but a counted loss each time.
 */
static void handler_test_refusals(struct kunit *test)
{
	const u64 both = PERF_SAMPLE_ADDR | PERF_SAMPLE_PHYS_ADDR;
	struct handler_test *virt = handler_test_new(test, false);
	struct handler_test *phys = handler_test_new(test, true);
	struct perf_sample_data data = { .addr = 0x1000, .phys_addr = 0x2000 };

	handler_test_one(test, virt, NULL, DAMON_LOST_NO_SAMPLE);
	handler_test_one(test, phys, NULL, DAMON_LOST_NO_SAMPLE);
	handler_test_one(test, virt, &data, DAMON_LOST_NO_ADDR);
	handler_test_one(test, phys, &data, DAMON_LOST_NO_ADDR);
	data.sample_flags = PERF_SAMPLE_PHYS_ADDR;
	handler_test_one(test, virt, &data, DAMON_LOST_WRONG_SPACE);
	data.sample_flags = PERF_SAMPLE_ADDR;
	handler_test_one(test, phys, &data, DAMON_LOST_WRONG_SPACE);
	data.sample_flags = both;
	data.addr = 0;
	handler_test_one(test, virt, &data, DAMON_LOST_NULL_ADDR);
	data.addr = HANDLER_TEST_END;
	handler_test_one(test, virt, &data, DAMON_LOST_KERNEL_ADDR);
	data.addr = 0x1000;
	virt->who.guest = true;
	handler_test_one(test, virt, &data, DAMON_LOST_GUEST);
	KUNIT_EXPECT_EQ(test, damon_ring_pending(virt->ring), 0);
	KUNIT_EXPECT_EQ(test, damon_ring_pending(phys->ring), 0);
	KUNIT_EXPECT_EQ(test, local_read(&virt->stats.raised), 6);
	KUNIT_EXPECT_EQ(test, local_read(&phys->stats.raised), 3);
}

/* What is believed arrives as it was, in order; what is too much says so. */
static void handler_test_accepts(struct kunit *test)
{
	struct handler_test *h = handler_test_new(test, false);
	struct perf_sample_data data = {
		.sample_flags = PERF_SAMPLE_ADDR | PERF_SAMPLE_DATA_SRC,
		.data_src.val = PERF_MEM_OP_STORE,
	};
	struct damon_report out[HANDLER_TEST_CAPACITY];
	u32 i;

	h->how.sz_order = 6;
	for (i = 0; i < HANDLER_TEST_CAPACITY + 2; i++) {
		data.addr = 0x1007 + 64 * i;
		handler_test_one(test, h, &data,
				 i < HANDLER_TEST_CAPACITY ?
					 DAMON_LOST_NOT :
					 DAMON_LOST_RING_FULL);
	}
	KUNIT_ASSERT_EQ(test,
			damon_ring_drain(h->ring, out, HANDLER_TEST_CAPACITY),
			HANDLER_TEST_CAPACITY);
	for (i = 0; i < HANDLER_TEST_CAPACITY; i++) {
		KUNIT_EXPECT_EQ(test, out[i].addr, 0x1000 + 64 * i);
		KUNIT_EXPECT_EQ(test, out[i].tgid, 21);
		KUNIT_EXPECT_EQ(test, out[i].tid, 22);
		KUNIT_EXPECT_EQ(test, out[i].epoch, 3);
		KUNIT_EXPECT_EQ(test, out[i].sz_order, 6);
		KUNIT_EXPECT_EQ(test, out[i].flags, DAMON_REPORT_WRITE);
	}
}

/* A full ring hides no other cause: the first that applies is the one. */
static void handler_test_full_is_last(struct kunit *test)
{
	struct handler_test *h = handler_test_new(test, true);
	struct perf_sample_data data = { .sample_flags =
						 PERF_SAMPLE_PHYS_ADDR };
	u32 i;

	for (i = 0; i < HANDLER_TEST_CAPACITY; i++)
		handler_test_one(test, h, &data, DAMON_LOST_NOT);
	handler_test_one(test, h, &data, DAMON_LOST_RING_FULL);
	data.sample_flags = PERF_SAMPLE_ADDR;
	handler_test_one(test, h, &data, DAMON_LOST_WRONG_SPACE);
	handler_test_one(test, h, NULL, DAMON_LOST_NO_SAMPLE);
}

/* Samples of chance: at any moment all of them are somewhere, none twice. */
static void handler_test_conservation(struct kunit *test)
{
	static const u64 flags[] = { 0, PERF_SAMPLE_ADDR, PERF_SAMPLE_PHYS_ADDR,
				     PERF_SAMPLE_ADDR | PERF_SAMPLE_PHYS_ADDR };
	struct handler_test *h = handler_test_new(test, false);
	struct damon_report out[HANDLER_TEST_CAPACITY];
	struct damon_tick_stats tick = { 0 };
	struct damon_balance b;
	u64 luck = 11;
	u32 i, cause;

	for (i = 0; i < 20000; i++) {
		struct perf_sample_data data = {
			.sample_flags = flags[prng_below(&luck, 4)],
			.addr = prng_below(&luck, 4) ?
					prng_next(&luck) >>
						(8 + prng_below(&luck, 20)) :
					0,
		};

		h->how.phys = prng_below(&luck, 2);
		h->who.guest = prng_below(&luck, 4) == 0;
		damon_handle_sample(h->ring, &h->stats,
				    prng_below(&luck, 16) ? &data : NULL,
				    &h->how, &h->who);
		if (prng_below(&luck, 8) == 0)
			tick.absorbed += damon_ring_drain(
				h->ring, out,
				prng_below(&luck, HANDLER_TEST_CAPACITY + 1));
		b = (struct damon_balance){ 0 };
		damon_balance_add_cpu(&b, &h->stats,
				      damon_ring_pending(h->ring));
		damon_balance_add_tick(&b, &tick);
		KUNIT_ASSERT_TRUE(test, damon_balance_holds(&b));
		KUNIT_ASSERT_EQ(test, b.raised, i + 1);
	}
	/* Every cause had its turn, but for the one that takes an interrupt. */
	for (cause = 1; cause < DAMON_NR_CPU_LOSSES; cause++)
		if (cause != DAMON_LOST_RING_NESTED)
			KUNIT_EXPECT_TRUE_MSG(test, b.lost[cause] > 100,
					      "cause %u", cause);
	KUNIT_EXPECT_EQ(test, b.lost[DAMON_LOST_RING_NESTED], 0UL);
	KUNIT_EXPECT_EQ(test, b.lost[DAMON_LOST_NOT], 0UL);
}

static struct kunit_case handler_test_cases[] = {
	KUNIT_CASE(handler_test_refusals),
	KUNIT_CASE(handler_test_accepts),
	KUNIT_CASE(handler_test_full_is_last),
	KUNIT_CASE(handler_test_conservation),
	{}
};

static struct kunit_suite handler_test_suite = {
	.name = "damon-handler",
	.test_cases = handler_test_cases,
};
kunit_test_suite(handler_test_suite);

#endif
