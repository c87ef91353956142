// SPDX-License-Identifier: GPL-2.0
/* Linux's driver of IBS Op, see ibs_driver.h. */
#include <linux/errno.h>

#include "ibs_driver.h"
#include "perf_mem.h"

#define CONFIG_MAX_CNT 0xffffULL
#define CONFIG_MAX_CNT_EXT (0x7fULL << 20)
#define CONFIG_L3_MISS_ONLY (1ULL << 16)
#define CONFIG_CNT_CTL (1ULL << 19)
#define CONFIG1_LD_LAT 0xfffULL
#define CONFIG2_SW_FILTER 1ULL

#define CTL_LD_LAT_SHIFT 59
#define CTL_LD_LAT_EN (1ULL << 63)

void ibs_driver_init_6_12(struct ibs_driver *d, enum ibs_part part)
{
	struct ibs_op unit;

	ibs_op_init(&unit, part, &ibs_op_knobs_default);
	*d = (struct ibs_driver){
		.caps = unit.caps,
		.part = part,
		.min_period = 0x10,
	};
}

void ibs_driver_init_new(struct ibs_driver *d, enum ibs_part part)
{
	ibs_driver_init_6_12(d, part);
	d->min_period = 0x90;
	d->masks_period = true;
	d->has_ld_lat = true;
	d->has_sw_filter = true;
}

static u64 config_mask(const struct ibs_driver *d)
{
	u64 mask = CONFIG_MAX_CNT;

	if (d->caps & IBS_CAPS_OP_CNT_EXT)
		mask |= CONFIG_MAX_CNT_EXT;
	if (d->caps & IBS_CAPS_OP_CNT)
		mask |= CONFIG_CNT_CTL;
	if (d->caps & IBS_CAPS_ZEN4)
		mask |= CONFIG_L3_MISS_ONLY;
	return mask;
}

static int check_excludes(const struct ibs_driver *d,
			  const struct ibs_attr *attr)
{
	bool excludes =
		attr->exclude_user || attr->exclude_kernel || attr->exclude_hv;

	if (attr->exclude_host_guest_idle)
		return -EINVAL;
	if (attr->config2 & (d->has_sw_filter ? ~CONFIG2_SW_FILTER : ~0ULL))
		return -EINVAL;
	return excludes && !(attr->config2 & CONFIG2_SW_FILTER) ? -EINVAL : 0;
}

/* The latency filter, in steps of 128 cycles. */
static int check_ld_lat(const struct ibs_driver *d, const struct ibs_attr *attr,
			u64 *ctl)
{
	u64 cycles = attr->config1;

	if (!cycles)
		return 0;
	if (!d->has_ld_lat || !(d->caps & IBS_CAPS_OP_LD_LAT) ||
	    cycles & ~CONFIG1_LD_LAT || cycles < 128 || cycles > 2048)
		return -EINVAL;
	*ctl |= CTL_LD_LAT_EN | (u64)((cycles - 1) / 128) << CTL_LD_LAT_SHIFT;
	/* Without it Zen 5 tells of loads that were never slow. */
	if (d->caps & IBS_CAPS_ZEN4)
		*ctl |= CONFIG_L3_MISS_ONLY;
	return 0;
}

static int check_period(const struct ibs_driver *d, const struct ibs_attr *attr,
			u64 *period)
{
	u64 max_cnt = (attr->config & CONFIG_MAX_CNT) << 4 |
		      (attr->config & CONFIG_MAX_CNT_EXT);

	if (attr->sample_period && max_cnt)
		return -EINVAL;
	if (attr->freq) {
		*period = d->min_period;
		return attr->sample_period ? 0 : -EINVAL;
	}
	*period = attr->sample_period;
	if (!*period)
		*period = max_cnt;
	else if (*period & 0xf && !d->masks_period)
		return -EINVAL;
	*period &= ~0xfULL;
	return *period < d->min_period ? -EINVAL : 0;
}

int ibs_driver_check(const struct ibs_driver *d, const struct ibs_attr *attr,
		     u64 *period, u64 *ctl)
{
	int err;

	if (attr->branch_stack)
		return -EOPNOTSUPP;
	err = check_excludes(d, attr);
	if (!err && attr->config & ~config_mask(d))
		err = -EINVAL;
	*ctl = attr->config & (CONFIG_CNT_CTL | CONFIG_L3_MISS_ONLY);
	if (!err)
		err = check_ld_lat(d, attr, ctl);
	if (!err)
		err = check_period(d, attr, period);
	return err;
}

/* Zen 3: what misses a buffer tells wrong sources and levels. */
static bool distrusts_source(const struct ibs_driver *d,
			     const struct ibs_op_data3 *d3)
{
	return d->part == IBS_ZEN3 && (d3->sw_pf || d3->dc_miss_no_mab_alloc);
}

static u64 source_level(const struct ibs_driver *d,
			const struct ibs_op_data2 *d2)
{
	bool wide = d->caps & IBS_CAPS_ZEN4;
	const u64 any = PERF_MEM_LVL_NUM(PERF_LVLNUM_ANY_CACHE);
	const u64 remote = PERF_MEM_REMOTE(1);
	const u64 far = d2->rmt_node ? remote | PERF_MEM_HOPS(1) : 0;

	switch (d2->data_src) {
	case 1:
		return wide ? PERF_MEM_LVL(PERF_LVL_L3 | PERF_LVL_HIT) |
				       PERF_MEM_LVL_NUM(PERF_LVLNUM_L3) :
			      0;
	case 2:
		if (!wide)
			return PERF_MEM_LVL(PERF_LVL_L3 | PERF_LVL_REM_CCE1 |
					    PERF_LVL_HIT) |
			       any;
		return PERF_MEM_LVL(PERF_LVL_REM_CCE1 | PERF_LVL_HIT) | any |
		       remote;
	case 3:
		if (d2->rmt_node)
			return PERF_MEM_LVL(PERF_LVL_REM_RAM1 | PERF_LVL_HIT) |
			       PERF_MEM_LVL_NUM(PERF_LVLNUM_RAM) | far;
		return PERF_MEM_LVL(PERF_LVL_LOC_RAM | PERF_LVL_HIT) |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_RAM);
	case 4:
	case 5:
		if (wide != (d2->data_src == 5))
			return 0;
		return PERF_MEM_LVL(PERF_LVL_REM_CCE2 | PERF_LVL_HIT) | any |
		       remote | PERF_MEM_HOPS(1);
	case 6:
		return wide ? PERF_MEM_LVL_NUM(PERF_LVLNUM_PMEM) | far : 0;
	case 7:
		return PERF_MEM_LVL(PERF_LVL_IO | PERF_LVL_HIT) |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_IO);
	case 8:
		return wide ? PERF_MEM_LVL_NUM(PERF_LVLNUM_CXL) | far : 0;
	default:
		return 0;
	}
}

static u64 level(const struct ibs_driver *d, const struct ibs_op_data2 *d2,
		 const struct ibs_op_data3 *d3)
{
	u64 found = 0;

	if (d3->dc_uc_mem_acc && d2->data_src != 7)
		return PERF_MEM_LVL(PERF_LVL_UNC | PERF_LVL_HIT) |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_UNC);
	if (!d3->dc_miss)
		return PERF_MEM_LVL(PERF_LVL_L1 | PERF_LVL_HIT) |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_L1);
	if (!d3->l2_miss && !distrusts_source(d, d3))
		return PERF_MEM_LVL(PERF_LVL_L2 | PERF_LVL_HIT) |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_L2);
	if (d3->ld_op)
		found = source_level(d, d2);
	if (found)
		return found;
	if (d3->dc_miss_no_mab_alloc)
		return PERF_MEM_LVL(PERF_LVL_LFB | PERF_LVL_HIT) |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_LFB);
	return PERF_MEM_LVL(PERF_LVL_NA) | PERF_MEM_LVL_NUM(PERF_LVLNUM_NA);
}

static u64 snoop(const struct ibs_driver *d, const struct ibs_op_data2 *d2,
		 const struct ibs_op_data3 *d3, u64 level)
{
	bool cache =
		d2->data_src == 2 || (d->caps & IBS_CAPS_ZEN4 &&
				      (d2->data_src == 1 || d2->data_src == 5));

	/* Zen 3 does not tell the state of the line. */
	if (d->part == IBS_ZEN3 || !d3->ld_op || !cache || d2->cache_hit_st ||
	    level & PERF_MEM_LVL(PERF_LVL_L1 | PERF_LVL_L2))
		return PERF_MEM_SNOOP(PERF_SNOOP_NA);
	return PERF_MEM_SNOOP(PERF_SNOOP_HITM);
}

static u64 tlb(const struct ibs_driver *d, const struct ibs_op_data3 *d3)
{
	if (!d3->dc_lin_addr_valid ||
	    (d->caps & IBS_CAPS_OP_DTLB_PG_SIZE && !d3->dc_phy_addr_valid))
		return PERF_MEM_TLB(PERF_TLB_NA);
	if (!d3->dc_l1_tlb_miss)
		return PERF_MEM_TLB(PERF_TLB_HIT | PERF_TLB_L1);
	return PERF_MEM_TLB(PERF_TLB_L2 | (d3->dc_l2_tlb_miss ? PERF_TLB_MISS :
								PERF_TLB_HIT));
}

void ibs_driver_fill(const struct ibs_driver *d, const struct ibs_raw *raw,
		     struct perf_sample_data *data)
{
	struct ibs_op_data2 d2 = ibs_op_data2_decode(raw->op_data2, d->caps);
	struct ibs_op_data3 d3 = ibs_op_data3_decode(raw->op_data3, d->caps);
	u64 lvl;

	data->data_src.val = PERF_MEM_UNKNOWN;
	if (!ibs_raw_is_memory_op(raw))
		return;
	if (distrusts_source(d, &d3))
		d2 = (struct ibs_op_data2){ 0 };
	lvl = level(d, &d2, &d3);
	data->data_src.val =
		PERF_MEM_OP(d3.ld_op ? PERF_OP_LOAD : PERF_OP_STORE) | lvl |
		snoop(d, &d2, &d3, lvl) | tlb(d, &d3) |
		PERF_MEM_LOCK(d3.dc_locked_op ? PERF_LOCK_LOCKED :
						PERF_LOCK_NA);
	data->sample_flags |= PERF_SAMPLE_DATA_SRC;
	if (d3.dc_lin_addr_valid) {
		data->addr = raw->dc_lin_ad;
		data->sample_flags |= PERF_SAMPLE_ADDR;
	}
	if (d3.dc_phy_addr_valid) {
		data->phys_addr = raw->dc_phys_ad;
		data->sample_flags |= PERF_SAMPLE_PHYS_ADDR;
	}
}

u32 ibs_driver_weight(const struct ibs_driver *d, const struct ibs_raw *raw)
{
	struct ibs_op_data3 d3 = ibs_op_data3_decode(raw->op_data3, d->caps);

	return d3.ld_op && d3.dc_miss ? d3.dc_miss_lat : 0;
}
