// SPDX-License-Identifier: GPL-2.0
/* The unit that samples micro-ops, see ibs_op.h. */
#include "ibs_op.h"

#define CTL_L3_MISS_ONLY (1ULL << 16)
#define CTL_CNT_CTL (1ULL << 19)
#define CTL_CUR_CNT_SHIFT 32
#define CTL_CUR_CNT (0x7ffffffULL << CTL_CUR_CNT_SHIFT)
#define CTL_LD_LAT_EN (1ULL << 63)

/* After a roll-over in ops the count begins at 1 to 127. */
#define RAND_MAX 127

#define DATA_COMP_TO_RET(x) ((u64)(x))
#define DATA_TAG_TO_RET(x) ((u64)(x) << 16)
#define DATA_IP_INVALID (1ULL << 38)
#define DATA_MICROCODE (1ULL << 40)

#define DATA2_RMT_NODE (1ULL << 4)
#define DATA2_CACHE_HIT_ST (1ULL << 5)

#define DATA3_L1_TLB_MISS (1ULL << 2)
#define DATA3_L2_TLB_MISS (1ULL << 3)
#define DATA3_PAGE_SIZE_SHIFT 4
#define DATA3_L1_TLB_HIT_2M (1ULL << 4)
#define DATA3_L1_TLB_HIT_1G (1ULL << 5)
#define DATA3_L2_TLB_HIT_2M (1ULL << 6)
#define DATA3_DC_MISS (1ULL << 7)
#define DATA3_MIS_ACC (1ULL << 8)
#define DATA3_WC (1ULL << 13)
#define DATA3_UC (1ULL << 14)
#define DATA3_LOCKED (1ULL << 15)
#define DATA3_MISS_NO_MAB_ALLOC (1ULL << 16)
#define DATA3_L2_TLB_HIT_1G (1ULL << 19)
#define DATA3_L2_MISS (1ULL << 20)
#define DATA3_SW_PF (1ULL << 21)
#define DATA3_WIDTH_SHIFT 22
#define DATA3_OPEN_SHIFT 26
#define DATA3_LAT_SHIFT 32
#define DATA3_TLB_LAT_SHIFT 48

const struct ibs_op_knobs ibs_op_knobs_default = {
	.restart_max = 128,
};

void ibs_op_init(struct ibs_op *unit, enum ibs_part part,
		 const struct ibs_op_knobs *knobs)
{
	static const u32 caps[] = {
		[IBS_ZEN3] = IBS_CAPS_ZEN3,
		[IBS_ZEN4] = IBS_CAPS_ZEN4_PART,
		[IBS_ZEN5] = IBS_CAPS_ZEN5_PART,
	};

	*unit = (struct ibs_op){
		.part = part,
		.caps = caps[part],
		.knobs = *knobs,
		.reg = { .caps = caps[part], .has_brn_target = true },
	};
}

void ibs_op_write_ctl(struct ibs_op *unit, u64 ctl)
{
	unit->ctl = ctl;
}

u64 ibs_op_ctl_of_period(u64 period)
{
	const u64 ext = 0x7f00000;

	return (period & ext) | (period & ~ext) >> 4;
}

static u64 cur_cnt(u64 ctl)
{
	return (ctl & CTL_CUR_CNT) >> CTL_CUR_CNT_SHIFT;
}

static void set_cur_cnt(struct ibs_op *unit, u64 count)
{
	unit->ctl = (unit->ctl & ~CTL_CUR_CNT) |
		    (count << CTL_CUR_CNT_SHIFT & CTL_CUR_CNT);
}

u64 ibs_op_next(struct ibs_op *unit, u32 luck)
{
	u64 max = ibs_op_ctl_decode(unit->ctl).op_max_cnt;
	u64 count = cur_cnt(unit->ctl);

	if (!(unit->ctl & IBS_OP_CTL_EN) || unit->ctl & IBS_OP_CTL_VAL || !max)
		return ~0ULL;
	/* The roll-over: what the count goes on from while the op is on. */
	set_cur_cnt(unit, unit->ctl & CTL_CNT_CTL ? 1 + luck % RAND_MAX : 0);
	return count < max ? max - count : 1;
}

/* Where the data came from, by the codes of the part; 0: not said. */
static u64 data_source(const struct ibs_op *unit, const struct op *op,
		       bool *remote)
{
	bool wide = unit->caps & IBS_CAPS_ZEN4;

	*remote = false;
	switch (op->source) {
	case OP_FROM_L3:
		return wide ? 1 : 2;
	case OP_FROM_NEAR_CACHE:
		return 2;
	case OP_FROM_FAR_CACHE:
		*remote = !wide;
		return wide ? 5 : 4;
	case OP_FROM_REMOTE_DRAM:
		*remote = true;
		return 3;
	case OP_FROM_DRAM:
		return 3;
	case OP_FROM_CXL:
		return wide && !unit->knobs.cxl_as_dram ? 8 : 3;
	case OP_FROM_PMEM:
		return wide ? 6 : 3;
	case OP_FROM_IO:
		return 7;
	default:
		return 0;
	}
}

static bool missed_l1(const struct op *op)
{
	return op->source != OP_FROM_L1;
}

static bool missed_l2(const struct op *op)
{
	return op->source > OP_FROM_L2;
}

static bool missed_l3(const struct op *op)
{
	return op->source >= OP_FROM_DRAM;
}

static u64 data2_of(const struct ibs_op *unit, const struct op *op)
{
	bool remote, from_cache;
	u64 source = data_source(unit, op, &remote);

	from_cache =
		op->source >= OP_FROM_L3 && op->source <= OP_FROM_FAR_CACHE;
	return (source & 7) | (source >> 3) << 6 |
	       (remote ? DATA2_RMT_NODE : 0) |
	       (from_cache && !(op->flags & OP_MODIFIED) ? DATA2_CACHE_HIT_ST :
							   0);
}

static u64 data3_tlb(const struct ibs_op *unit, const struct op *op)
{
	bool newer = unit->caps & IBS_CAPS_OP_DTLB_PG_SIZE;
	u64 reg = 0;

	if (op->tlb != OP_TLB_L1)
		reg |= DATA3_L1_TLB_MISS;
	if (op->tlb == OP_TLB_WALK)
		reg |= DATA3_L2_TLB_MISS;
	if (newer)
		return reg | (u64)(op->page_order / 9) << DATA3_PAGE_SIZE_SHIFT;
	if (op->tlb == OP_TLB_L1 && op->page_order)
		reg |= op->page_order > 9 ? DATA3_L1_TLB_HIT_1G :
					    DATA3_L1_TLB_HIT_2M;
	if (op->tlb == OP_TLB_L2 && op->page_order)
		reg |= op->page_order > 9 ? DATA3_L2_TLB_HIT_1G :
					    DATA3_L2_TLB_HIT_2M;
	return reg;
}

static u64 data3_flags(const struct op *op)
{
	return (op->flags & OP_MISALIGNED ? DATA3_MIS_ACC : 0) |
	       (op->flags & OP_WRITE_COMBINING ? DATA3_WC : 0) |
	       (op->flags & OP_UNCACHED ? DATA3_UC : 0) |
	       (op->flags & OP_LOCKED ? DATA3_LOCKED : 0) |
	       (op->kind & OP_PREFETCH ? DATA3_SW_PF : 0);
}

static u64 data3_of(const struct ibs_op *unit, const struct op *op,
		    bool paddr_valid)
{
	bool load = op->kind & (OP_LOAD | OP_PREFETCH);
	u64 reg = data3_flags(op) | IBS_OP_DATA3_DC_LIN_ADDR_VALID;

	reg |= load ? IBS_OP_DATA3_LD_OP : 0;
	reg |= op->kind & OP_STORE ? IBS_OP_DATA3_ST_OP : 0;
	if (paddr_valid)
		reg |= IBS_OP_DATA3_DC_PHY_ADDR_VALID;
	if (paddr_valid || !(unit->caps & IBS_CAPS_OP_DTLB_PG_SIZE))
		reg |= data3_tlb(unit, op);
	if (op->width)
		reg |= (u64)(__builtin_ctz(op->width) + 1) << DATA3_WIDTH_SHIFT;
	reg |= (u64)op->tlb_cycles << DATA3_TLB_LAT_SHIFT;
	/* An access past the caches tells nothing of them. */
	if (op->flags & OP_UNCACHED || !missed_l1(op))
		return reg;
	reg |= DATA3_DC_MISS;
	reg |= missed_l2(op) ? DATA3_L2_MISS : 0;
	reg |= op->flags & OP_MISS_BUFFER ? DATA3_MISS_NO_MAB_ALLOC : 0;
	reg |= (u64)(op->nr_open_misses & 63) << DATA3_OPEN_SHIFT;
	if (load && !(op->kind & OP_PREFETCH))
		reg |= (u64)op->miss_cycles << DATA3_LAT_SHIFT;
	return reg;
}

/* Do the filters of the control register let the op pass? */
static bool passes(const struct ibs_op *unit, const struct op *op)
{
	struct ibs_op_ctl ctl = ibs_op_ctl_decode(unit->ctl);
	bool l3_miss = op->kind & OP_LOAD && missed_l3(op) &&
		       !(op->flags & OP_UNCACHED);

	/* Zen 5: with the latency filter alone others come too. */
	if (unit->ctl & CTL_L3_MISS_ONLY && unit->caps & IBS_CAPS_ZEN4 &&
	    !l3_miss &&
	    !(unit->knobs.stores_pass_l3 && op->kind & OP_STORE &&
	      op->flags & OP_WRITE_COMBINING))
		return false;
	if (unit->ctl & CTL_LD_LAT_EN && unit->caps & IBS_CAPS_OP_LD_LAT &&
	    unit->ctl & CTL_L3_MISS_ONLY)
		return op->miss_cycles >= ctl.ld_lat_thrsh;
	return true;
}

static void latch(struct ibs_op *unit, const struct op *op, u32 luck)
{
	struct ibs_raw *reg = &unit->reg;
	bool paddr_valid;

	reg->op_rip = op->ip;
	reg->op_data = DATA_COMP_TO_RET(op->comp_to_ret_cycles) |
		       DATA_TAG_TO_RET(op->tag_to_ret_cycles) |
		       (op->flags & OP_IP_INVALID ? DATA_IP_INVALID : 0) |
		       (op->flags & OP_MICROCODE ? DATA_MICROCODE : 0);
	if (!op->kind) {
		/* The addresses and the source stay what they were. */
		reg->op_data3 = 0;
		return;
	}
	paddr_valid = !(op->flags & OP_NOT_TRANSLATED) &&
		      luck % 1000000 >= unit->knobs.invalid_paddr_ppm;
	reg->op_data3 = data3_of(unit, op, paddr_valid);
	reg->dc_lin_ad = op->vaddr;
	if (paddr_valid)
		reg->dc_phys_ad = op->paddr;
	/* Of a store there is junk: what the load before it left. */
	if (op->kind & OP_LOAD && missed_l1(op))
		reg->op_data2 = data2_of(unit, op);
}

bool ibs_op_retire(struct ibs_op *unit, const struct op *op, u32 luck)
{
	if (op->flags & OP_FLUSHED || !passes(unit, op)) {
		set_cur_cnt(unit, unit->knobs.restart_max &&
						  !(op->flags & OP_FLUSHED) ?
					  luck % unit->knobs.restart_max :
					  0);
		return false;
	}
	latch(unit, op, luck);
	if (!(unit->ctl & CTL_CNT_CTL))
		set_cur_cnt(unit, op->tag_to_ret_cycles);
	unit->ctl |= IBS_OP_CTL_VAL;
	unit->reg.op_ctl = unit->ctl;
	return true;
}
