// SPDX-License-Identifier: GPL-2.0
/* Registers of an IBS op sample into fields: bit positions and nothing else. */
#include "ibs_raw.h"
#include "perf_swap.h"

#define BIT_OF(reg, nr) ((reg) >> (nr)&1)
#define BITS_OF(reg, high, low) \
	((reg) >> (low) & ((1ull << ((high) - (low) + 1)) - 1))

/* In the order in which the kernel dumps them; two more may follow. */
enum {
	REG_OP_CTL,
	REG_OP_RIP,
	REG_OP_DATA,
	REG_OP_DATA2,
	REG_OP_DATA3,
	REG_DC_LIN_AD,
	REG_DC_PHYS_AD,
	NR_REGS_ALWAYS,
};

static u64 reg_at(const u8 *regs, int nr, bool swap)
{
	return get_u64(regs + 8 * nr, swap);
}

bool ibs_raw_parse(struct ibs_raw *raw, const void *data, size_t len, bool swap)
{
	const u8 *regs = (const u8 *)data + sizeof(u32);
	struct ibs_raw r = { 0 };
	size_t nr_regs, nr = NR_REGS_ALWAYS;

	if (len < sizeof(u32) + 8 * NR_REGS_ALWAYS)
		return false;
	nr_regs = (len - sizeof(u32)) / 8;
	r.op_ctl = reg_at(regs, REG_OP_CTL, swap);
	if (!(r.op_ctl & IBS_OP_CTL_EN) || !(r.op_ctl & IBS_OP_CTL_VAL))
		return false;
	r.caps = get_u32(data, swap);
	r.op_rip = reg_at(regs, REG_OP_RIP, swap);
	r.op_data = reg_at(regs, REG_OP_DATA, swap);
	r.op_data2 = reg_at(regs, REG_OP_DATA2, swap);
	r.op_data3 = reg_at(regs, REG_OP_DATA3, swap);
	r.dc_lin_ad = reg_at(regs, REG_DC_LIN_AD, swap);
	r.dc_phys_ad = reg_at(regs, REG_DC_PHYS_AD, swap);
	if (r.caps & IBS_CAPS_BRN_TRGT && nr < nr_regs) {
		r.has_brn_target = true;
		r.br_target = reg_at(regs, nr++, swap);
	}
	if (r.caps & IBS_CAPS_OP_DATA4 && nr < nr_regs) {
		r.has_op_data4 = true;
		r.op_data4 = reg_at(regs, nr, swap);
	}
	*raw = r;
	return true;
}

struct ibs_op_ctl ibs_op_ctl_decode(u64 reg)
{
	return (struct ibs_op_ctl){
		/* The upper seven stand where the count itself has them. */
		.op_max_cnt = BITS_OF(reg, 15, 0) << 4 | BITS_OF(reg, 26, 20)
								 << 20,
		.op_cur_cnt = BITS_OF(reg, 58, 32),
		.l3_miss_only = BIT_OF(reg, 16),
		.op_en = BIT_OF(reg, 17),
		.op_val = BIT_OF(reg, 18),
		.op_cnt_ctl = BIT_OF(reg, 19),
		.ld_lat_en = BIT_OF(reg, 63),
		.ld_lat_thrsh = (BITS_OF(reg, 62, 59) + 1) * 128,
	};
}

struct ibs_op_data ibs_op_data_decode(u64 reg)
{
	return (struct ibs_op_data){
		.comp_to_ret_ctr = BITS_OF(reg, 15, 0),
		.tag_to_ret_ctr = BITS_OF(reg, 31, 16),
		.op_return = BIT_OF(reg, 34),
		.op_brn_taken = BIT_OF(reg, 35),
		.op_brn_misp = BIT_OF(reg, 36),
		.op_brn_ret = BIT_OF(reg, 37),
		.rip_invalid = BIT_OF(reg, 38),
		.op_brn_fuse = BIT_OF(reg, 39),
		.op_microcode = BIT_OF(reg, 40),
	};
}

struct ibs_op_data2 ibs_op_data2_decode(u64 reg, u32 caps)
{
	u8 high = caps & IBS_CAPS_ZEN4 ? BITS_OF(reg, 7, 6) : 0;

	return (struct ibs_op_data2){
		.data_src = high << 3 | BITS_OF(reg, 2, 0),
		.rmt_node = BIT_OF(reg, 4),
		.cache_hit_st = BIT_OF(reg, 5),
	};
}

struct ibs_op_data3 ibs_op_data3_decode(u64 reg, u32 caps)
{
	bool page_size = caps & IBS_CAPS_OP_DTLB_PG_SIZE;
	u8 width = BITS_OF(reg, 25, 22);

	return (struct ibs_op_data3){
		.ld_op = BIT_OF(reg, 0),
		.st_op = BIT_OF(reg, 1),
		.dc_l1_tlb_miss = BIT_OF(reg, 2),
		.dc_l2_tlb_miss = BIT_OF(reg, 3),
		.dc_l1_tlb_hit_2m = !page_size && BIT_OF(reg, 4),
		.dc_l1_tlb_hit_1g = !page_size && BIT_OF(reg, 5),
		.dc_l2_tlb_hit_2m = !page_size && BIT_OF(reg, 6),
		.dc_l2_tlb_hit_1g = !page_size && BIT_OF(reg, 19),
		.dc_page_size = page_size ? BITS_OF(reg, 5, 4) : 0,
		.dc_miss = BIT_OF(reg, 7),
		.dc_mis_acc = BIT_OF(reg, 8),
		.dc_wc_mem_acc = BIT_OF(reg, 13),
		.dc_uc_mem_acc = BIT_OF(reg, 14),
		.dc_locked_op = BIT_OF(reg, 15),
		.dc_miss_no_mab_alloc = BIT_OF(reg, 16),
		.dc_lin_addr_valid = BIT_OF(reg, 17),
		.dc_phy_addr_valid = BIT_OF(reg, 18),
		.l2_miss = BIT_OF(reg, 20),
		.sw_pf = BIT_OF(reg, 21),
		/* 8 is 128 bytes, and what fits; above nothing is known. */
		.op_mem_width = width && width <= 8 ? 1u << (width - 1) : 0,
		.op_dc_miss_open_mem_reqs = BITS_OF(reg, 31, 26),
		.dc_miss_lat = BITS_OF(reg, 47, 32),
		.tlb_refill_lat = BITS_OF(reg, 63, 48),
	};
}
