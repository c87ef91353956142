// SPDX-License-Identifier: GPL-2.0
/*
 * The model of IBS Op and the driver that reads it: perf's own documented
 * sample, the rules of validity, and the distance between samples.
 */
#include <check.h>

#include <linux/errno.h>

#include "ibs_driver.h"
#include "ibs_op.h"
#include "perf_mem.h"
#include "support_check.h"

static struct ibs_op unit;
static struct ibs_driver driver;

static void begin(enum ibs_part part)
{
	ibs_op_init(&unit, part, &ibs_op_knobs_default);
	ibs_driver_init_new(&driver, part);
	ibs_op_write_ctl(&unit, IBS_OP_CTL_EN | ibs_op_ctl_of_period(262144));
}

/* One sample of @op, and what the handler gets of it over @rubbish. */
static struct perf_sample_data sample(const struct op *op)
{
	struct perf_sample_data data = {
		.addr = 0xbadbadbadbadULL,
		.phys_addr = 0xbadbadbadbadULL,
		.data_src = { 0xbadbadbadbadULL },
	};

	ck_assert_uint_ne(ibs_op_next(&unit, 1), 0);
	ck_assert(ibs_op_retire(&unit, op, 999999));
	ibs_driver_fill(&driver, &unit.reg, &data);
	ibs_op_write_ctl(&unit, unit.ctl & ~IBS_OP_CTL_VAL);
	return data;
}

static struct op load(u64 addr, enum op_source source)
{
	return (struct op){
		.kind = OP_LOAD,
		.vaddr = addr,
		.paddr = addr + 0x100000000000ULL,
		.width = 8,
		.source = source,
		.miss_cycles = source ? 400 : 0,
		.tag_to_ret_cycles = 500,
	};
}

/* The sample of perf's document on IBS: a store whose data2 is junk. */
START_TEST(documented_sample)
{
	const struct ibs_raw raw = {
		.caps = IBS_CAPS_ZEN4_PART,
		.op_ctl = 0x000002c30006186a,
		.op_rip = 0xffffffff8204aea7,
		.op_data = 0x0000010002550001,
		.op_data2 = 0x13,
		.op_data3 = 0x31960092,
		.dc_lin_ad = 0xff110008a5398920,
		.dc_phys_ad = 0x8a5398920,
	};
	struct perf_sample_data data = { 0 };

	begin(IBS_ZEN4);
	ibs_driver_fill(&driver, &raw, &data);
	ck_assert_uint_eq(data.sample_flags, PERF_SAMPLE_ADDR |
						     PERF_SAMPLE_PHYS_ADDR |
						     PERF_SAMPLE_DATA_SRC);
	ck_assert_uint_eq(data.addr, raw.dc_lin_ad);
	ck_assert_uint_eq(data.phys_addr, raw.dc_phys_ad);
	ck_assert_uint_eq(data.data_src.val,
			  PERF_MEM_OP(PERF_OP_STORE) |
				  PERF_MEM_LVL(PERF_LVL_NA) |
				  PERF_MEM_LVL_NUM(PERF_LVLNUM_NA) |
				  PERF_MEM_SNOOP(PERF_SNOOP_NA) |
				  PERF_MEM_LOCK(PERF_LOCK_NA) |
				  PERF_MEM_TLB(PERF_TLB_HIT | PERF_TLB_L1));
	ck_assert_uint_eq(ibs_driver_weight(&driver, &raw), 0);
}
END_TEST

/* The model's registers, read back by the decoder of captures. */
START_TEST(registers_say_what_the_op_did)
{
	struct op op = load(0x7f0000001000, OP_FROM_CXL);
	struct ibs_op_data3 d3;
	struct ibs_op_data2 d2;

	begin(_i);
	op.nr_open_misses = 12;
	op.tlb = OP_TLB_WALK;
	op.tlb_cycles = 77;
	sample(&op);
	d3 = ibs_op_data3_decode(unit.reg.op_data3, unit.caps);
	d2 = ibs_op_data2_decode(unit.reg.op_data2, unit.caps);
	ck_assert(d3.ld_op && !d3.st_op && d3.dc_miss && d3.l2_miss);
	ck_assert(d3.dc_lin_addr_valid && d3.dc_phy_addr_valid);
	ck_assert(d3.dc_l1_tlb_miss && d3.dc_l2_tlb_miss);
	ck_assert_uint_eq(d3.op_mem_width, 8);
	ck_assert_uint_eq(d3.op_dc_miss_open_mem_reqs, 12);
	ck_assert_uint_eq(d3.dc_miss_lat, 400);
	ck_assert_uint_eq(d3.tlb_refill_lat, 77);
	ck_assert_uint_eq(d2.data_src, _i == IBS_ZEN3 ? 3 : 8);
	ck_assert_uint_eq(ibs_op_data_decode(unit.reg.op_data).tag_to_ret_ctr,
			  500);
	ck_assert_uint_eq(unit.reg.dc_phys_ad, op.paddr);
	ck_assert_uint_eq(ibs_driver_weight(&driver, &unit.reg), 400);
}
END_TEST

/* What is no load or store leaves the addresses of the one before it. */
START_TEST(leftovers_are_not_told)
{
	struct op op = load(0x7f0000001000, OP_FROM_DRAM), other = { 0 };
	struct perf_sample_data data;

	begin(_i);
	sample(&op);
	data = sample(&other);
	ck_assert_uint_eq(unit.reg.dc_lin_ad, op.vaddr);
	ck_assert_uint_eq(unit.reg.dc_phys_ad, op.paddr);
	ck_assert_uint_eq(data.sample_flags, 0);
	ck_assert_uint_eq(data.addr, 0xbadbadbadbadULL);
	ck_assert_uint_eq(data.phys_addr, 0xbadbadbadbadULL);
	ck_assert_uint_eq(data.data_src.val, PERF_MEM_UNKNOWN);
}
END_TEST

START_TEST(untranslated_has_no_physical_address)
{
	struct op op = load(0x7f0000001000, OP_FROM_DRAM);
	struct perf_sample_data data;
	u64 before = op.paddr;

	begin(_i);
	sample(&op);
	op.vaddr += 4096;
	op.paddr = 0;
	op.flags = OP_NOT_TRANSLATED;
	data = sample(&op);
	ck_assert_uint_eq(data.sample_flags,
			  PERF_SAMPLE_ADDR | PERF_SAMPLE_DATA_SRC);
	ck_assert_uint_eq(data.addr, op.vaddr);
	ck_assert_uint_eq(unit.reg.dc_phys_ad, before);
}
END_TEST

/* A store's data2 is that of the load before it; nobody may look at it. */
START_TEST(junk_of_stores_is_not_told)
{
	struct op op = load(0x1000, OP_FROM_FAR_CACHE), store = op;
	struct perf_sample_data data;

	begin(_i);
	sample(&op);
	store.kind = OP_STORE;
	data = sample(&store);
	ck_assert_uint_ne(unit.reg.op_data2, 0);
	ck_assert_uint_eq(data.data_src.val & PERF_MEM_LVL_NUM(0xf),
			  PERF_MEM_LVL_NUM(PERF_LVLNUM_NA));
	ck_assert_uint_eq(ibs_driver_weight(&driver, &unit.reg), 0);
}
END_TEST

/* In clocks the distance is the period; in ops it is up to 127 less. */
START_TEST(distance_between_samples)
{
	const u64 ops = 1ULL << 19;
	struct op op = load(0x1000, OP_FROM_L1);
	u64 sum = 0, next;
	u32 i;

	begin(IBS_ZEN4);
	ck_assert_uint_eq(ibs_op_next(&unit, 5), 262144);
	ck_assert_uint_eq(ibs_op_next(&unit, 6), 262144);

	ibs_op_write_ctl(&unit,
			 IBS_OP_CTL_EN | ops | ibs_op_ctl_of_period(10000));
	ck_assert_uint_eq(ibs_op_next(&unit, 0), 10000);
	for (i = 0; i < 127; i++) {
		ck_assert(ibs_op_retire(&unit, &op, 0));
		ck_assert_msg(ibs_op_next(&unit, 0) == ~0ULL,
			      "one sample deep");
		ibs_op_write_ctl(&unit, unit.ctl & ~IBS_OP_CTL_VAL);
		next = ibs_op_next(&unit, i + 1);
		ck_assert_uint_ge(next, 10000 - 127);
		ck_assert_uint_lt(next, 10000);
		sum += next;
	}
	ck_assert_uint_eq(sum, 127 * (10000 - 64));
}
END_TEST

START_TEST(off_is_never)
{
	begin(IBS_ZEN4);
	ibs_op_write_ctl(&unit, ibs_op_ctl_of_period(262144));
	ck_assert(ibs_op_next(&unit, 0) == ~0ULL);
}
END_TEST

START_TEST(flushed_op_is_no_sample)
{
	struct op op = load(0x1000, OP_FROM_DRAM);

	begin(IBS_ZEN4);
	op.flags = OP_FLUSHED;
	ck_assert(!ibs_op_retire(&unit, &op, 0));
	ck_assert_uint_eq(ibs_op_next(&unit, 0), 262144);
}
END_TEST

/* Every source, with and without the filter. */
START_TEST(l3_miss_only)
{
	struct op op = load(0x1000, _i);
	u64 on = IBS_OP_CTL_EN | 1ULL << 16 | ibs_op_ctl_of_period(262144);

	begin(IBS_ZEN4);
	ibs_op_write_ctl(&unit, on);
	ck_assert_int_eq(ibs_op_retire(&unit, &op, 0), _i >= OP_FROM_DRAM);
	op.kind = OP_STORE;
	ibs_op_write_ctl(&unit, on);
	ck_assert(!ibs_op_retire(&unit, &op, 0));
	/* Zen 3 has no such filter. */
	begin(IBS_ZEN3);
	ibs_op_write_ctl(&unit, on);
	ck_assert(ibs_op_retire(&unit, &op, 0));
}
END_TEST

static const struct {
	const char *what;
	struct ibs_attr attr;
	int err_6_12, err_new;
} asked[] = {
	{ "nothing", { 0 }, -EINVAL, -EINVAL },
	{ "a period", { .sample_period = 262144 }, 0, 0 },
	{ "a frequency", { .sample_period = 5003, .freq = true }, 0, 0 },
	{ "max_cnt", { .config = 0x4000 }, 0, 0 },
	{ "both",
	  { .config = 0x4000, .sample_period = 262144 },
	  -EINVAL,
	  -EINVAL },
	{ "an odd period", { .sample_period = 262145 }, -EINVAL, 0 },
	{ "a short period", { .sample_period = 0x80 }, 0, -EINVAL },
	{ "ops", { .config = 1 << 19, .sample_period = 262144 }, 0, 0 },
	{ "no such bit",
	  { .config = 1 << 18, .sample_period = 262144 },
	  -EINVAL,
	  -EINVAL },
	{ "without kernel",
	  { .sample_period = 262144, .exclude_kernel = true },
	  -EINVAL,
	  -EINVAL },
	{ "without kernel, filtered",
	  { .sample_period = 262144, .exclude_kernel = true, .config2 = 1 },
	  -EINVAL,
	  0 },
	{ "branches",
	  { .sample_period = 262144, .branch_stack = true },
	  -EOPNOTSUPP,
	  -EOPNOTSUPP },
	{ "latency", { .sample_period = 262144, .config1 = 128 }, -EINVAL, 0 },
	{ "little latency",
	  { .sample_period = 262144, .config1 = 127 },
	  -EINVAL,
	  -EINVAL },
	{ "much latency",
	  { .sample_period = 262144, .config1 = 2049 },
	  -EINVAL,
	  -EINVAL },
};

START_TEST(driver_takes_what_the_kernel_takes)
{
	u64 period, ctl;

	ibs_driver_init_6_12(&driver, IBS_ZEN5);
	ck_assert_msg(ibs_driver_check(&driver, &asked[_i].attr, &period,
				       &ctl) == asked[_i].err_6_12,
		      "6.12: %s", asked[_i].what);
	ibs_driver_init_new(&driver, IBS_ZEN5);
	ck_assert_msg(ibs_driver_check(&driver, &asked[_i].attr, &period,
				       &ctl) == asked[_i].err_new,
		      "new: %s", asked[_i].what);
}
END_TEST

START_TEST(period_goes_through_the_register)
{
	static const u64 period[] = { 0x90,    0x1000,	 262144,
				      0xffff0, 0x100000, 0x7fffff0 };

	ck_assert_uint_eq(
		ibs_op_ctl_decode(ibs_op_ctl_of_period(period[_i])).op_max_cnt,
		period[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ibs op");
	TCase *tc = tcase_create("ibs op");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, documented_sample);
	tcase_add_loop_test(tc, registers_say_what_the_op_did, IBS_ZEN3,
			    IBS_ZEN5 + 1);
	tcase_add_loop_test(tc, leftovers_are_not_told, IBS_ZEN3, IBS_ZEN5 + 1);
	tcase_add_loop_test(tc, untranslated_has_no_physical_address, IBS_ZEN3,
			    IBS_ZEN5 + 1);
	tcase_add_loop_test(tc, junk_of_stores_is_not_told, IBS_ZEN3,
			    IBS_ZEN5 + 1);
	tcase_add_test(tc, distance_between_samples);
	tcase_add_test(tc, off_is_never);
	tcase_add_test(tc, flushed_op_is_no_sample);
	tcase_add_loop_test(tc, l3_miss_only, OP_FROM_L1, OP_FROM_IO + 1);
	tcase_add_loop_test(tc, driver_takes_what_the_kernel_takes, 0,
			    sizeof(asked) / sizeof(*asked));
	tcase_add_loop_test(tc, period_goes_through_the_register, 0, 6);
	return support_run(s);
}
