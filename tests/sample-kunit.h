/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The validity check: every combination of flags, addresses and contexts
 * against a second opinion, and fields without a flag that must not be looked
 * at.
 */
#ifndef _DAMON_TESTS_SAMPLE_KUNIT_H
#define _DAMON_TESTS_SAMPLE_KUNIT_H

#include <kunit/test.h>

#include <damon/sample.h>

#include "prng-kunit.h"

#define SAMPLE_TEST_END 0x7ffffffff000ULL

static const u64 sample_test_addrs[] = {
	0,
	1,
	0x1000,
	0x7f1234567890ULL,
	SAMPLE_TEST_END - 1,
	SAMPLE_TEST_END,
	0xffff888000000000ULL,
	~0ULL,
};

/*
 * A second opinion, by the questions a reviewer would ask.  @addr is the one of
 * the context's own space, and is only there if its flag is.
 */
static enum damon_loss sample_test_verdict(bool phys, bool has_virt,
					   bool has_phys, u64 addr, bool guest)
{
	bool has_own = phys ? has_phys : has_virt;
	bool has_other = phys ? has_virt : has_phys;

	if (!has_own && has_other)
		return DAMON_LOST_WRONG_SPACE;
	if (!has_own)
		return DAMON_LOST_NO_ADDR;
	if (phys)
		return DAMON_LOST_NOT;
	if (addr == 0)
		return DAMON_LOST_NULL_ADDR;
	if (guest)
		return DAMON_LOST_GUEST;
	return addr < SAMPLE_TEST_END ? DAMON_LOST_NOT : DAMON_LOST_KERNEL_ADDR;
}

static bool sample_test_same(const struct damon_report *a,
			     const struct damon_report *b)
{
	return a->addr == b->addr && a->tgid == b->tgid && a->tid == b->tid &&
	       a->seq == b->seq && a->epoch == b->epoch &&
	       a->sz_order == b->sz_order && a->flags == b->flags;
}

/*
 * One combination, with two kinds of rubbish where no flag is set: an overflow
 * handler's stack holds an earlier sample's address there, which must not be
 * taken for this one's (stale address; page 0 must count none the less).
 */
static void sample_test_one(struct kunit *test, u64 flags, u64 addr, bool phys,
			    bool guest, u8 sz_order)
{
	struct damon_sampling how = { .phys = phys,
				      .sz_order = sz_order,
				      .epoch = 77,
				      .addr_end = SAMPLE_TEST_END };
	struct damon_running who = { .tgid = 11, .tid = 12, .guest = guest };
	struct damon_report report[2], untouched = { .addr = 0xdead,
						     .tgid = 0xbeef,
						     .tid = 0xbee,
						     .seq = 5,
						     .epoch = 6,
						     .sz_order = 7,
						     .flags = 0x80 };
	enum damon_loss loss[2], expected;
	int i;

	expected =
		sample_test_verdict(phys, flags & PERF_SAMPLE_ADDR,
				    flags & PERF_SAMPLE_PHYS_ADDR, addr, guest);
	for (i = 0; i < 2; i++) {
		u64 rubbish = i ? 0x7f00dead0000ULL : 0;
		struct perf_sample_data data = {
			.sample_flags = flags,
			.addr = rubbish,
			.phys_addr = rubbish,
			.data_src.val = i ? ~0ULL : 0,
		};

		if (flags & PERF_SAMPLE_ADDR)
			data.addr = phys ? 0x123000 : addr;
		if (flags & PERF_SAMPLE_PHYS_ADDR)
			data.phys_addr = phys ? addr : 0x456000;
		if (flags & PERF_SAMPLE_DATA_SRC)
			data.data_src.val = PERF_MEM_OP_STORE;
		report[i] = untouched;
		loss[i] = damon_sample_check(&data, &how, &who, &report[i]);
	}
	KUNIT_EXPECT_EQ(test, loss[0], expected);
	KUNIT_EXPECT_EQ(test, loss[1], expected);
	KUNIT_EXPECT_TRUE(test, sample_test_same(&report[0], &report[1]));
	if (expected) {
		KUNIT_EXPECT_TRUE(test,
				  sample_test_same(&report[0], &untouched));
		return;
	}
	KUNIT_EXPECT_EQ(test, report[0].addr, addr & ~0ULL << sz_order);
	KUNIT_EXPECT_EQ(test, report[0].tgid, 11);
	KUNIT_EXPECT_EQ(test, report[0].tid, 12);
	KUNIT_EXPECT_EQ(test, report[0].epoch, 77);
	KUNIT_EXPECT_EQ(test, report[0].sz_order, sz_order);
	KUNIT_EXPECT_EQ(test, report[0].flags,
			flags & PERF_SAMPLE_DATA_SRC ? DAMON_REPORT_WRITE : 0);
}

static void sample_test_cross_product(struct kunit *test)
{
	static const u8 orders[] = { 0, 12, 21, 63 };
	int addr, bits, order;

	for (addr = 0; addr < 8; addr++)
		for (bits = 0; bits < 32; bits++)
			for (order = 0; order < 4; order++)
				sample_test_one(
					test,
					(bits & 1 ? PERF_SAMPLE_ADDR : 0) |
						(bits & 2 ?
							 PERF_SAMPLE_PHYS_ADDR :
							 0) |
						(bits & 4 ?
							 PERF_SAMPLE_DATA_SRC :
							 0),
					sample_test_addrs[addr], bits & 8,
					bits & 16, orders[order]);
}

static void sample_test_no_data(struct kunit *test)
{
	struct damon_sampling how = { .phys = true };
	struct damon_running who = { 0 };
	struct damon_report report;

	KUNIT_EXPECT_EQ(test, damon_sample_check(NULL, &how, &who, &report),
			DAMON_LOST_NO_SAMPLE);
}

static u8 sample_test_op(u64 flags, u64 data_src)
{
	struct perf_sample_data data = {
		.sample_flags = PERF_SAMPLE_ADDR | flags,
		.addr = 0x1000,
		.data_src.val = data_src,
	};
	struct damon_sampling how = { .addr_end = SAMPLE_TEST_END };
	struct damon_running who = { 0 };
	struct damon_report report = { 0 };

	damon_sample_check(&data, &how, &who, &report);
	return report.flags;
}

/* Read, write, or not known: a store bit under a clear flag says nothing. */
static void sample_test_ops(struct kunit *test)
{
	/* Each a bit of its own, so that both can be set and either told. */
	KUNIT_EXPECT_EQ(test, DAMON_REPORT_READ, 1);
	KUNIT_EXPECT_EQ(test, DAMON_REPORT_WRITE, 2);
	KUNIT_EXPECT_EQ(test, sample_test_op(0, PERF_MEM_OP_STORE), 0);
	KUNIT_EXPECT_EQ(test,
			sample_test_op(PERF_SAMPLE_DATA_SRC, PERF_MEM_OP_LOAD),
			DAMON_REPORT_READ);
	KUNIT_EXPECT_EQ(test,
			sample_test_op(PERF_SAMPLE_DATA_SRC, PERF_MEM_OP_STORE),
			DAMON_REPORT_WRITE);
	KUNIT_EXPECT_EQ(test,
			sample_test_op(PERF_SAMPLE_DATA_SRC,
				       PERF_MEM_OP_LOAD | PERF_MEM_OP_STORE),
			DAMON_REPORT_WRITE);
	/* Not available, and the rest of the word set. */
	KUNIT_EXPECT_EQ(test, sample_test_op(PERF_SAMPLE_DATA_SRC, 1), 0);
	KUNIT_EXPECT_EQ(test, sample_test_op(PERF_SAMPLE_DATA_SRC, ~0x1fULL),
			0);
}

/*
 * What an op that is no load or store leaves behind: both flags clear, and in
 * both fields an address that an earlier sample had, or nothing.  It must not
 * be credited to anybody, however good it looks.  Nor must a clear flag be told
 * by a zero: physical page 0 is memory, and is reported when its flag is set.
 */
static void sample_test_stale_address(struct kunit *test)
{
	struct damon_sampling how = { .addr_end = SAMPLE_TEST_END };
	struct perf_sample_data data = { .addr = 0x7f0012345678ULL,
					 .phys_addr = 0x12345678 };
	struct damon_running who = { .tgid = 1, .tid = 1 };
	struct damon_report report = { .addr = 99 };

	KUNIT_EXPECT_EQ(test, damon_sample_check(&data, &how, &who, &report),
			DAMON_LOST_NO_ADDR);
	how.phys = true;
	KUNIT_EXPECT_EQ(test, damon_sample_check(&data, &how, &who, &report),
			DAMON_LOST_NO_ADDR);
	KUNIT_EXPECT_EQ(test, report.addr, 99ULL);
	data.phys_addr = 0;
	data.sample_flags = PERF_SAMPLE_PHYS_ADDR;
	KUNIT_EXPECT_EQ(test, damon_sample_check(&data, &how, &who, &report),
			DAMON_LOST_NOT);
	KUNIT_EXPECT_EQ(test, report.addr, 0ULL);
}

/*
 * A virtual event in a physical context, as PEBS always is there: the physical
 * field is zero or rubbish and must not become page 0 of the machine, and the
 * virtual address must not be taken for a physical one.  The way round alike.
 */
static void sample_test_wrong_space(struct kunit *test)
{
	struct damon_sampling how = { .phys = true,
				      .addr_end = SAMPLE_TEST_END };
	struct perf_sample_data data = { .sample_flags = PERF_SAMPLE_ADDR,
					 .addr = 0x1000 };
	struct damon_running who = { .tgid = 1, .tid = 1 };
	struct damon_report report;

	KUNIT_EXPECT_EQ(test, damon_sample_check(&data, &how, &who, &report),
			DAMON_LOST_WRONG_SPACE);
	how.phys = false;
	data.sample_flags = PERF_SAMPLE_PHYS_ADDR;
	KUNIT_EXPECT_EQ(test, damon_sample_check(&data, &how, &who, &report),
			DAMON_LOST_WRONG_SPACE);
}

/*
 * While a guest ran, current is the thread that runs it: the guest's address
 * must not be credited to that process, whose memory may well have the same
 * address.  What the machine says of its own memory is true all the same.
 */
static void sample_test_guest(struct kunit *test)
{
	struct damon_sampling how = { .addr_end = SAMPLE_TEST_END };
	struct perf_sample_data data = {
		.sample_flags = PERF_SAMPLE_ADDR | PERF_SAMPLE_PHYS_ADDR,
		.addr = 0x1000,
		.phys_addr = 0x2000,
	};
	struct damon_running who = { .tgid = 1, .tid = 1, .guest = true };
	struct damon_report report;

	KUNIT_EXPECT_EQ(test, damon_sample_check(&data, &how, &who, &report),
			DAMON_LOST_GUEST);
	/* A guest's kernel address is a guest's first of all. */
	data.addr = ~0ULL;
	KUNIT_EXPECT_EQ(test, damon_sample_check(&data, &how, &who, &report),
			DAMON_LOST_GUEST);
	how.phys = true;
	KUNIT_EXPECT_EQ(test, damon_sample_check(&data, &how, &who, &report),
			DAMON_LOST_NOT);
	KUNIT_EXPECT_EQ(test, report.addr, 0x2000ULL);
}

/*
 * Everything of chance.  The report is never rounded to a page behind the
 * context's back: regions with bounds inside a page would lose every hit.
 */
static void sample_test_random(struct kunit *test)
{
	struct damon_sampling how = { 0 };
	struct perf_sample_data data = { 0 };
	struct damon_running who = { 0 };
	u64 luck = 77, own, flags;
	enum damon_loss loss, want;
	struct damon_report report;
	u32 i, op, tgid, tid;
	u16 epoch;

	for (i = 0; i < 20000; i++) {
		how.phys = prng_below(&luck, 2);
		how.sz_order = prng_below(&luck, 64);
		how.epoch = epoch = prng_next(&luck);
		how.addr_end = SAMPLE_TEST_END;
		who.tgid = tgid = prng_next(&luck);
		who.tid = tid = prng_next(&luck);
		who.guest = prng_below(&luck, 3) == 0;
		/* All other flags of perf are no business of ours. */
		flags = data.sample_flags = prng_next(&luck);
		data.addr = prng_next(&luck) >> prng_below(&luck, 64);
		data.phys_addr = prng_next(&luck) >> prng_below(&luck, 64);
		data.data_src.val = prng_next(&luck);
		own = how.phys ? data.phys_addr : data.addr;
		want = sample_test_verdict(how.phys, flags & PERF_SAMPLE_ADDR,
					   flags & PERF_SAMPLE_PHYS_ADDR, own,
					   who.guest);
		report = (struct damon_report){ .seq = i };
		loss = damon_sample_check(&data, &how, &who, &report);
		KUNIT_EXPECT_EQ(test, loss, want);
		/* The ring's own, also where all else is filled. */
		KUNIT_EXPECT_EQ(test, report.seq, i);
		if (want)
			continue;
		KUNIT_EXPECT_EQ(test, report.addr, own & ~0ULL << how.sz_order);
		KUNIT_EXPECT_EQ(test, report.tgid, tgid);
		KUNIT_EXPECT_EQ(test, report.tid, tid);
		KUNIT_EXPECT_EQ(test, report.epoch, epoch);
		KUNIT_EXPECT_EQ(test, report.sz_order, how.sz_order);
		op = flags & PERF_SAMPLE_DATA_SRC ? data.data_src.mem_op : 0;
		KUNIT_EXPECT_EQ(test, report.flags,
				op & PERF_MEM_OP_STORE ? DAMON_REPORT_WRITE :
				op & PERF_MEM_OP_LOAD  ? DAMON_REPORT_READ :
							 0);
	}
}

static struct kunit_case sample_test_cases[] = {
	KUNIT_CASE(sample_test_cross_product),
	KUNIT_CASE(sample_test_stale_address),
	KUNIT_CASE(sample_test_wrong_space),
	KUNIT_CASE(sample_test_guest),
	KUNIT_CASE(sample_test_random),
	KUNIT_CASE(sample_test_no_data),
	KUNIT_CASE(sample_test_ops),
	{}
};

static struct kunit_suite sample_test_suite = {
	.name = "damon-sample",
	.test_cases = sample_test_cases,
};
kunit_test_suite(sample_test_suite);

#endif
