/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The registers of AMD's Instruction-Based Sampling of micro-ops, as a raw
 * sample carries them.
 *
 * What perf makes of a sample is a digest; the registers say what the hardware
 * knew, above all whether an address is one.  The names of the fields are those
 * of AMD's manuals.
 *
 * Not here: which fields mean something for which op, except where the register
 * itself says so; the errata of single models.
 */
#ifndef IBS_RAW_H
#define IBS_RAW_H

#include <linux/types.h>

/* Capabilities, CPUID 8000_001B EAX. */
#define IBS_CAPS_BRN_TRGT (1u << 5)
#define IBS_CAPS_OP_DATA4 (1u << 10)
#define IBS_CAPS_ZEN4 (1u << 11)
#define IBS_CAPS_OP_DTLB_PG_SIZE (1u << 19)

#define IBS_OP_CTL_EN (1ull << 17)
#define IBS_OP_CTL_VAL (1ull << 18)

#define IBS_OP_DATA3_LD_OP (1ull << 0)
#define IBS_OP_DATA3_ST_OP (1ull << 1)
#define IBS_OP_DATA3_DC_LIN_ADDR_VALID (1ull << 17)
#define IBS_OP_DATA3_DC_PHY_ADDR_VALID (1ull << 18)

/* One raw sample, the registers as they were read. */
struct ibs_raw {
	u32 caps;
	bool has_brn_target;
	bool has_op_data4;
	u64 op_ctl;
	u64 op_rip;
	u64 op_data;
	u64 op_data2;
	u64 op_data3;
	u64 dc_lin_ad; /* bytes */
	u64 dc_phys_ad; /* bytes */
	u64 br_target;
	u64 op_data4;
};

struct ibs_op_ctl {
	u32 op_max_cnt; /* in clocks or ops, the low 4 bits always clear */
	u32 op_cur_cnt; /* in clocks or ops */
	bool l3_miss_only;
	bool op_en;
	bool op_val;
	bool op_cnt_ctl; /* false: clocks; true: dispatched ops */
	bool ld_lat_en;
	u16 ld_lat_thrsh; /* cycles */
};

struct ibs_op_data {
	u16 comp_to_ret_ctr; /* cycles */
	u16 tag_to_ret_ctr; /* cycles */
	bool op_return; /* this and the next two: if op_brn_ret */
	bool op_brn_taken;
	bool op_brn_misp;
	bool op_brn_ret;
	bool rip_invalid;
	bool op_brn_fuse;
	bool op_microcode;
};

/* Of loads only: for a store there is junk in it. */
struct ibs_op_data2 {
	u8 data_src; /* 3 bits, from Zen 4 on 5 */
	bool rmt_node;
	bool cache_hit_st; /* false: modified; true: owned */
};

struct ibs_op_data3 {
	bool ld_op, st_op; /* both: read-modify-write */
	bool dc_l1_tlb_miss;
	bool dc_l2_tlb_miss;
	bool dc_l1_tlb_hit_2m; /* these four: before Zen 5 */
	bool dc_l1_tlb_hit_1g;
	bool dc_l2_tlb_hit_2m;
	bool dc_l2_tlb_hit_1g;
	u8 dc_page_size; /* from Zen 5 on: 0 4 KiB, 1 2 MiB, 2 1 GiB */
	bool dc_miss;
	bool dc_mis_acc; /* crosses a boundary */
	bool dc_wc_mem_acc;
	bool dc_uc_mem_acc;
	bool dc_locked_op;
	bool dc_miss_no_mab_alloc;
	bool dc_lin_addr_valid;
	bool dc_phy_addr_valid;
	bool l2_miss;
	bool sw_pf;
	u8 op_mem_width; /* bytes, 0: not said */
	u8 op_dc_miss_open_mem_reqs;
	u16 dc_miss_lat; /* cycles */
	u16 tlb_refill_lat; /* cycles */
};

/**
 * ibs_raw_parse() - take the registers out of a sample's raw data.
 * @raw:	where to, written on success only
 * @data:	what follows the size field of PERF_SAMPLE_RAW
 * @len:	bytes of it
 * @swap:	the capture is of the other byte order
 *
 * Return: true; false if these are no registers of a tagged op: too short, or
 * the control register does not say that the unit was on and held a sample.
 */
bool ibs_raw_parse(struct ibs_raw *raw, const void *data, size_t len,
		   bool swap);

/* Each splits one register into its fields. */
struct ibs_op_ctl ibs_op_ctl_decode(u64 reg);
struct ibs_op_data ibs_op_data_decode(u64 reg);
struct ibs_op_data2 ibs_op_data2_decode(u64 reg, u32 caps);
struct ibs_op_data3 ibs_op_data3_decode(u64 reg, u32 caps);

/* The op reads or writes memory: without that no address is one. */
static inline bool ibs_raw_is_memory_op(const struct ibs_raw *raw)
{
	return raw->op_data3 & (IBS_OP_DATA3_LD_OP | IBS_OP_DATA3_ST_OP);
}

static inline bool ibs_raw_lin_addr_valid(const struct ibs_raw *raw)
{
	return ibs_raw_is_memory_op(raw) &&
	       raw->op_data3 & IBS_OP_DATA3_DC_LIN_ADDR_VALID;
}

/*
 * The kernel hides the physical address from an unprivileged user by clearing
 * the register, and older ones left the valid bit set.  So 0 is taken for not
 * captured; the price is the first byte of physical memory.
 */
static inline bool ibs_raw_phys_addr_valid(const struct ibs_raw *raw)
{
	return ibs_raw_is_memory_op(raw) &&
	       raw->op_data3 & IBS_OP_DATA3_DC_PHY_ADDR_VALID &&
	       raw->dc_phys_ad;
}

#endif
