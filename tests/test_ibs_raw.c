// SPDX-License-Identifier: GPL-2.0
/*
 * IBS registers: the sample of the kernel's own documentation field by field,
 * and what a capture's addresses are where registers came with it.
 */
#include <stdlib.h>
#include <string.h>

#include "ibs_raw.h"
#include "support_check.h"
#include "support_perf_data.h"

/* Documentation of perf-amd-ibs: a store, with junk in the loads' register. */
static const u64 golden[] = {
	0x000002c30006186a, 0xffffffff8204aea7, 0x0000010002550001,
	0x0000000000000013, 0x0000000031960092, 0xff110008a5398920,
	0x00000008a5398920, 0x0000000000000000,
};
#define GOLDEN_CAPS 0x3ff

enum { CTL, RIP, DATA, DATA2, DATA3, LIN, PHYS, TARGET };

static void put_regs(struct bytes *to, u32 caps, const u64 *regs, u32 nr,
		     bool swap)
{
	u32 i;

	caps = swap ? __builtin_bswap32(caps) : caps;
	bytes_add(to, &caps, sizeof(caps));
	for (i = 0; i < nr; i++) {
		u64 reg = swap ? __builtin_bswap64(regs[i]) : regs[i];

		bytes_add(to, &reg, sizeof(reg));
	}
}

START_TEST(golden_vector)
{
	bool swap = _i;
	struct bytes data = { 0 };
	struct ibs_op_data3 data3;
	struct ibs_op_data data1;
	struct ibs_op_ctl ctl;
	struct ibs_raw raw;

	put_regs(&data, GOLDEN_CAPS, golden, 8, swap);
	ck_assert(ibs_raw_parse(&raw, data.p, data.len, swap));
	bytes_free(&data);
	ck_assert_uint_eq(raw.caps, GOLDEN_CAPS);
	ck_assert(raw.op_rip == golden[RIP]);
	ck_assert(raw.dc_lin_ad == golden[LIN]);
	ck_assert(raw.dc_phys_ad == golden[PHYS]);
	ck_assert(raw.has_brn_target);
	ck_assert(!raw.has_op_data4);

	ctl = ibs_op_ctl_decode(raw.op_ctl);
	ck_assert_uint_eq(ctl.op_max_cnt, 100000);
	ck_assert_uint_eq(ctl.op_cur_cnt, 707);
	ck_assert(!ctl.l3_miss_only);
	ck_assert(ctl.op_en);
	ck_assert(ctl.op_val);
	ck_assert(!ctl.op_cnt_ctl);
	ck_assert(!ctl.ld_lat_en);

	data1 = ibs_op_data_decode(raw.op_data);
	ck_assert_uint_eq(data1.comp_to_ret_ctr, 1);
	ck_assert_uint_eq(data1.tag_to_ret_ctr, 597);
	ck_assert(data1.op_microcode);
	ck_assert(!data1.op_return && !data1.op_brn_taken &&
		  !data1.op_brn_misp && !data1.op_brn_ret &&
		  !data1.rip_invalid && !data1.op_brn_fuse);

	ck_assert_uint_eq(ibs_op_data2_decode(raw.op_data2, 0).data_src, 3);
	ck_assert(ibs_op_data2_decode(raw.op_data2, 0).rmt_node);
	ck_assert(!ibs_op_data2_decode(raw.op_data2, 0).cache_hit_st);

	data3 = ibs_op_data3_decode(raw.op_data3, raw.caps);
	ck_assert(!data3.ld_op && data3.st_op);
	ck_assert(!data3.dc_l1_tlb_miss && !data3.dc_l2_tlb_miss);
	ck_assert(data3.dc_l1_tlb_hit_2m && !data3.dc_l1_tlb_hit_1g);
	ck_assert(data3.dc_miss && data3.l2_miss);
	ck_assert(data3.dc_lin_addr_valid && data3.dc_phy_addr_valid);
	ck_assert_uint_eq(data3.op_mem_width, 32);
	ck_assert_uint_eq(data3.op_dc_miss_open_mem_reqs, 12);
	ck_assert_uint_eq(data3.dc_miss_lat, 0);
	ck_assert_uint_eq(data3.tlb_refill_lat, 0);
}
END_TEST

static u32 nr_fields(struct ibs_op_data3 d)
{
	return d.ld_op + d.st_op + d.dc_l1_tlb_miss + d.dc_l2_tlb_miss +
	       d.dc_l1_tlb_hit_2m + d.dc_l1_tlb_hit_1g + d.dc_l2_tlb_hit_2m +
	       d.dc_l2_tlb_hit_1g + !!d.dc_page_size + d.dc_miss +
	       d.dc_mis_acc + d.dc_wc_mem_acc + d.dc_uc_mem_acc +
	       d.dc_locked_op + d.dc_miss_no_mab_alloc + d.dc_lin_addr_valid +
	       d.dc_phy_addr_valid + d.l2_miss + d.sw_pf + !!d.op_mem_width +
	       !!d.op_dc_miss_open_mem_reqs + !!d.dc_miss_lat +
	       !!d.tlb_refill_lat;
}

/* Each bit is in one field and in no other, but for the reserved ones. */
START_TEST(each_bit_alone)
{
	u32 bit;

	for (bit = 0; bit < 64; bit++) {
		bool reserved = bit >= 9 && bit <= 12;

		ck_assert_uint_eq(
			nr_fields(ibs_op_data3_decode(1ull << bit, 0)),
			!reserved);
	}
	ck_assert_uint_eq(ibs_op_data3_decode(1ull << 25, 0).op_mem_width, 128);
	ck_assert_uint_eq(ibs_op_data3_decode(0xful << 22, 0).op_mem_width, 0);
	ck_assert_uint_eq(ibs_op_data3_decode(0xffffull << 32, 0).dc_miss_lat,
			  0xffff);
	ck_assert_uint_eq(
		ibs_op_data3_decode(0xffffull << 48, 0).tlb_refill_lat, 0xffff);
	/* The same bits, renamed. */
	ck_assert_uint_eq(ibs_op_data3_decode(2 << 4, IBS_CAPS_OP_DTLB_PG_SIZE)
				  .dc_page_size,
			  2);
	ck_assert(!ibs_op_data3_decode(2 << 4, IBS_CAPS_OP_DTLB_PG_SIZE)
			   .dc_l1_tlb_hit_1g);

	ck_assert_uint_eq(ibs_op_data2_decode(0x40, 0).data_src, 0);
	ck_assert_uint_eq(ibs_op_data2_decode(0x40, IBS_CAPS_ZEN4).data_src, 8);
	ck_assert_uint_eq(ibs_op_ctl_decode(0x07f0ffff).op_max_cnt, 0x7fffff0);
	ck_assert_uint_eq(ibs_op_ctl_decode(0x7ffffffull << 32).op_cur_cnt,
			  0x7ffffff);
	ck_assert_uint_eq(ibs_op_ctl_decode(15ull << 59).ld_lat_thrsh, 2048);
	ck_assert_uint_eq(ibs_op_ctl_decode(0).ld_lat_thrsh, 128);
}
END_TEST

START_TEST(not_registers)
{
	struct bytes data = { 0 };
	struct ibs_raw raw;
	u64 regs[8];
	size_t len;

	put_regs(&data, GOLDEN_CAPS, golden, 7, false);
	for (len = 0; len < data.len; len++) {
		/* Of its own, so that one byte too far is seen. */
		u8 *copy = malloc(len ? len : 1);

		memcpy(copy, data.p, len);
		ck_assert(!ibs_raw_parse(&raw, copy, len, false));
		free(copy);
	}
	/* Seven registers do, whatever else the unit can. */
	ck_assert(ibs_raw_parse(&raw, data.p, data.len, false));
	ck_assert(!raw.has_brn_target);
	data.len = 0;
	memcpy(regs, golden, sizeof(regs));
	regs[CTL] &= ~IBS_OP_CTL_VAL;
	put_regs(&data, GOLDEN_CAPS, regs, 8, false);
	ck_assert(!ibs_raw_parse(&raw, data.p, data.len, false));
	data.len = 0;
	regs[CTL] = golden[CTL] & ~IBS_OP_CTL_EN;
	put_regs(&data, GOLDEN_CAPS, regs, 8, false);
	ck_assert(!ibs_raw_parse(&raw, data.p, data.len, false));
	bytes_free(&data);
}
END_TEST

static struct trace_record one_sample(const char *pmu, const u64 *regs,
				      u64 sample_type, bool big)
{
	struct bytes raw = { 0 };
	struct trace_source *src;
	struct trace_record rec;
	struct trace_error err;
	struct build b;

	build_init(&b, 3);
	b.big = big;
	b.ibs_op = pmu;
	b.nr_events = 1;
	b.events[0] = (struct build_event){
		.type = 11,
		.sample_type = PERF_SAMPLE_TIME | PERF_SAMPLE_RAW | sample_type,
	};
	if (regs)
		put_regs(&raw, GOLDEN_CAPS, regs, 8,
			 big == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__));
	else
		bytes_add(&raw, "\0\0\0\0", 4);
	build_sample_raw(&b, 0, raw.p, raw.len);
	build_finish(&b);
	ck_assert_msg(!trace_open_mem(&src, b.image.p, b.image.len, &err), "%s",
		      err.text);
	ck_assert_str_eq(trace_info(src)->events[0].pmu, pmu);
	ck_assert_int_eq(trace_read(src, &rec, 1, &err), 1);
	trace_close(src);
	bytes_free(&raw);
	build_fini(&b);
	return rec;
}

#define ADDRS (TRACE_HAS_ADDR | TRACE_HAS_PHYS_ADDR | TRACE_HAS_HW_VALID)

/* The registers' addresses and their valid bits, whatever perf made of them. */
START_TEST(addresses_of_registers)
{
	u64 type = _i & 2 ? PERF_SAMPLE_ADDR | PERF_SAMPLE_PHYS_ADDR : 0;
	bool big = _i & 1;
	struct trace_record rec;
	u64 regs[8];

	rec = one_sample("ibs_op", golden, type, big);
	ck_assert_uint_eq(rec.has & ADDRS, ADDRS);
	ck_assert(rec.addr == golden[LIN] && rec.phys_addr == golden[PHYS]);

	memcpy(regs, golden, sizeof(regs));
	regs[DATA3] &= ~IBS_OP_DATA3_DC_LIN_ADDR_VALID;
	rec = one_sample("ibs_op", regs, type, big);
	ck_assert_uint_eq(rec.has & ADDRS,
			  TRACE_HAS_PHYS_ADDR | TRACE_HAS_HW_VALID);
	ck_assert(!rec.addr && rec.phys_addr == golden[PHYS]);

	memcpy(regs, golden, sizeof(regs));
	regs[DATA3] &= ~IBS_OP_DATA3_DC_PHY_ADDR_VALID;
	rec = one_sample("ibs_op", regs, type, big);
	ck_assert_uint_eq(rec.has & ADDRS, TRACE_HAS_ADDR | TRACE_HAS_HW_VALID);
	ck_assert(rec.addr == golden[LIN] && !rec.phys_addr);

	/* Neither load nor store: the registers hold what was in them. */
	memcpy(regs, golden, sizeof(regs));
	regs[DATA3] &= ~(IBS_OP_DATA3_ST_OP | IBS_OP_DATA3_LD_OP);
	rec = one_sample("ibs_op", regs, type, big);
	ck_assert_uint_eq(rec.has & ADDRS, TRACE_HAS_HW_VALID);
	ck_assert(!rec.addr && !rec.phys_addr);

	/* Hidden from the unprivileged. */
	memcpy(regs, golden, sizeof(regs));
	regs[PHYS] = 0;
	rec = one_sample("ibs_op", regs, type, big);
	ck_assert_uint_eq(rec.has & ADDRS, TRACE_HAS_ADDR | TRACE_HAS_HW_VALID);
}
END_TEST

/* Another PMU's raw data, or none, leave what perf says. */
START_TEST(addresses_of_perf)
{
	struct trace_record rec;

	rec = one_sample("ibs_fetch", golden, PERF_SAMPLE_ADDR, false);
	ck_assert_uint_eq(rec.has & ADDRS, TRACE_HAS_ADDR);
	ck_assert(rec.addr != golden[LIN]);
	rec = one_sample("ibs_op", NULL, PERF_SAMPLE_ADDR, false);
	ck_assert_uint_eq(rec.has & ADDRS, TRACE_HAS_ADDR);
	rec = one_sample("ibs_op", NULL, 0, false);
	ck_assert_uint_eq(rec.has & ADDRS, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ibs_raw");
	TCase *t = tcase_create("registers");

	tcase_add_loop_test(t, golden_vector, 0, 2);
	tcase_add_test(t, each_bit_alone);
	tcase_add_test(t, not_registers);
	tcase_add_loop_test(t, addresses_of_registers, 0, 4);
	tcase_add_test(t, addresses_of_perf);
	suite_add_tcase(s, t);
	return support_run(s);
}
