// SPDX-License-Identifier: GPL-2.0
/* The model of PEBS: who gets a record, who gets an interrupt, what is told. */
#include <check.h>

#include <linux/errno.h>

#include "pebs.h"
#include "perf_mem.h"
#include "support_check.h"

static struct pebs_attr attr;
static struct pebs p;

static void setup(void)
{
	attr = (struct pebs_attr){
		.config = PEBS_L3_MISS,
		.sample_period = 10007,
		.precise_ip = 2,
		.wakeup_events = 1,
	};
	ck_assert_int_eq(pebs_init(&p, &attr, &pebs_knobs_default), 0);
}

static struct op load(enum op_source source)
{
	return (struct op){
		.kind = OP_LOAD,
		.vaddr = 0x7f0000001040,
		.paddr = 0x1040,
		.source = source,
		.tag_to_ret_cycles = 300,
	};
}

/* Each source, by the event that counts it: exactly one of the level's. */
START_TEST(events_count_their_level)
{
	static const u32 hit[] = { PEBS_L1_HIT, PEBS_L2_HIT, PEBS_L3_HIT,
				   PEBS_L3_MISS, PEBS_FB_HIT };
	struct op op = load(_i);
	u32 i, nr = 0;

	for (i = 0; i < 5; i++) {
		p.attr.config = hit[i];
		nr += pebs_matches(&p, &op);
	}
	ck_assert_uint_eq(nr, 1);
	op.flags = OP_MISS_BUFFER;
	p.attr.config = PEBS_L3_MISS;
	ck_assert(!pebs_matches(&p, &op));
	p.attr.config = PEBS_FB_HIT;
	ck_assert_int_eq(pebs_matches(&p, &op), _i != OP_FROM_L1);
}
END_TEST

/* Demand loads of the host alone. */
START_TEST(what_is_never_counted)
{
	struct op op = load(OP_FROM_CXL);

	ck_assert(pebs_matches(&p, &op));
	op.kind = OP_LOAD | OP_PREFETCH;
	ck_assert(!pebs_matches(&p, &op));
	op.kind = OP_STORE;
	ck_assert(!pebs_matches(&p, &op));
	op.kind = 0;
	ck_assert(!pebs_matches(&p, &op));
	op = load(OP_FROM_CXL);
	op.flags = OP_GUEST;
	ck_assert(!pebs_matches(&p, &op));
	op.flags = OP_FLUSHED;
	ck_assert(!pebs_matches(&p, &op));
	op.flags = OP_KERNEL;
	ck_assert(pebs_matches(&p, &op));
	p.attr.exclude_kernel = true;
	ck_assert(!pebs_matches(&p, &op));
}
END_TEST

START_TEST(latency_has_a_threshold)
{
	struct op op = load(OP_FROM_L1);

	p.attr.config = PEBS_LOAD_LATENCY;
	p.attr.config1 = 300;
	ck_assert(pebs_matches(&p, &op));
	p.attr.config1 = 301;
	ck_assert(!pebs_matches(&p, &op));
}
END_TEST

/* The record is of an op behind the one that overflowed. */
START_TEST(record_comes_after_the_overflow)
{
	u64 next, min = ~0ULL, max = 0;
	u32 luck;

	for (luck = 0; luck < 1000; luck++) {
		next = pebs_next(&p, luck);
		min = next < min ? next : min;
		max = next > max ? next : max;
	}
	ck_assert_uint_eq(min, 10007 + 1);
	ck_assert_uint_eq(max, 10007 + 4);
}
END_TEST

/* The flag is there whatever the record held; a physical address never. */
START_TEST(handler_gets_address_and_flag)
{
	struct perf_sample_data data = { .phys_addr = 0xbad };
	struct op op = load(OP_FROM_DRAM);

	ck_assert(pebs_write(&p, &op, 1));
	ck_assert(pebs_drain(&p, true, &data));
	ck_assert_uint_eq(data.sample_flags,
			  PERF_SAMPLE_ADDR | PERF_SAMPLE_DATA_SRC);
	ck_assert_uint_eq(data.addr, op.vaddr);
	ck_assert_uint_eq(data.phys_addr, 0xbad);
	ck_assert_uint_eq(data.data_src.val,
			  (PERF_MEM_UNKNOWN & ~0x1fULL) | PERF_OP_LOAD);
	op.vaddr = 0;
	pebs_write(&p, &op, 2);
	data = (struct perf_sample_data){ .addr = 0xbad };
	ck_assert(pebs_drain(&p, true, &data));
	ck_assert(data.sample_flags & PERF_SAMPLE_ADDR);
	ck_assert_uint_eq(data.addr, 0);
	ck_assert_msg(!pebs_drain(&p, true, &data), "nothing was written");
	ck_assert_uint_eq(p.nr_lost, 0);
}
END_TEST

/* Fixed period and no wakeup: all but the last record of many are lost. */
START_TEST(large_pebs_loses)
{
	struct perf_sample_data data = { 0 };
	struct op op = load(OP_FROM_DRAM);
	u32 i;

	attr.wakeup_events = 0;
	ck_assert_int_eq(pebs_init(&p, &attr, &pebs_knobs_default), 0);
	ck_assert(p.large);
	ck_assert_uint_eq(p.sz_record, 64);
	ck_assert_uint_eq(p.nr_max, 1024 - 12);
	for (i = 1; i < p.nr_max; i++) {
		op.vaddr = i;
		ck_assert(!pebs_write(&p, &op, i));
	}
	op.vaddr = i;
	ck_assert(pebs_write(&p, &op, i));
	ck_assert(pebs_drain(&p, true, &data));
	ck_assert_uint_eq(data.addr, p.nr_max);
	ck_assert_uint_eq(p.nr_lost, p.nr_max - 1);
	/* A task leaves the CPU: nobody is told. */
	pebs_write(&p, &op, 1);
	ck_assert(!pebs_drain(&p, false, &data));
	ck_assert_uint_eq(p.nr_lost, p.nr_max);
}
END_TEST

static const struct {
	bool freq, not_large, regs;
	u32 wakeup, precise;
	bool large;
	u32 sz_record;
} shape[] = {
	{ .wakeup = 1, .precise = 2, .sz_record = 64 },
	{ .precise = 2, .large = true, .sz_record = 64 },
	{ .freq = true, .precise = 2, .sz_record = 64 },
	{ .not_large = true, .precise = 2, .sz_record = 64 },
	{ .precise = 1, .large = true, .sz_record = 208 },
	{ .precise = 3, .regs = true, .large = true, .sz_record = 208 },
};

START_TEST(what_makes_records_wait)
{
	attr.freq = shape[_i].freq;
	attr.not_large = shape[_i].not_large;
	attr.needs_regs = shape[_i].regs;
	attr.wakeup_events = shape[_i].wakeup;
	attr.precise_ip = shape[_i].precise;
	ck_assert_int_eq(pebs_init(&p, &attr, &pebs_knobs_default), 0);
	ck_assert_int_eq(p.large, shape[_i].large);
	ck_assert_uint_eq(p.sz_record, shape[_i].sz_record);
	if (!p.large)
		ck_assert_uint_eq(p.nr_max, 1);
}
END_TEST

START_TEST(refused)
{
	attr.precise_ip = 4;
	ck_assert_int_eq(pebs_init(&p, &attr, &pebs_knobs_default),
			 -EOPNOTSUPP);
	attr.precise_ip = 2;
	attr.sample_period = 0;
	ck_assert_int_eq(pebs_init(&p, &attr, &pebs_knobs_default), -EINVAL);
}
END_TEST

/* Only the latency event tells a level. */
START_TEST(level_is_told_by_the_latency_event)
{
	static const u64 lvl_num[] = {
		PERF_LVLNUM_L1,	 PERF_LVLNUM_L2,	PERF_LVLNUM_L3,
		PERF_LVLNUM_L3,	 PERF_LVLNUM_ANY_CACHE, PERF_LVLNUM_RAM,
		PERF_LVLNUM_RAM, PERF_LVLNUM_RAM,	PERF_LVLNUM_PMEM,
		PERF_LVLNUM_NA,
	};
	struct perf_sample_data data = { 0 };
	struct op op = load(_i);

	p.attr.config = PEBS_LOAD_LATENCY;
	pebs_write(&p, &op, 1);
	pebs_drain(&p, true, &data);
	ck_assert_uint_eq(data.data_src.val >> 33 & 0xf, lvl_num[_i]);
	ck_assert_uint_eq(data.data_src.mem_op, PERF_OP_LOAD);
	p.attr.config = PEBS_ALL_LOADS;
	pebs_write(&p, &op, 1);
	pebs_drain(&p, true, &data);
	ck_assert_uint_eq(data.data_src.val >> 33 & 0xf, PERF_LVLNUM_NA);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("pebs");
	TCase *tc = tcase_create("pebs");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_loop_test(tc, events_count_their_level, OP_FROM_L1,
			    OP_FROM_IO + 1);
	tcase_add_test(tc, what_is_never_counted);
	tcase_add_test(tc, latency_has_a_threshold);
	tcase_add_test(tc, record_comes_after_the_overflow);
	tcase_add_test(tc, handler_gets_address_and_flag);
	tcase_add_test(tc, large_pebs_loses);
	tcase_add_loop_test(tc, what_makes_records_wait, 0, 6);
	tcase_add_test(tc, refused);
	tcase_add_loop_test(tc, level_is_told_by_the_latency_event, OP_FROM_L1,
			    OP_FROM_IO + 1);
	return support_run(s);
}
