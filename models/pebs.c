// SPDX-License-Identifier: GPL-2.0
/* Records of retired events, see pebs.h. */
#include <linux/errno.h>

#include "pebs.h"
#include "perf_mem.h"

#define SZ_BASIC 32
#define SZ_MEMINFO 32
#define SZ_REGS 144

#define PRECISE_MAX 3

/* Bits of the source code beside its low four. */
#define SOURCE_STLB_MISS (1u << 4)
#define SOURCE_LOCKED (1u << 5)

const struct pebs_knobs pebs_knobs_default = {
	.arm_max = 4,
	.nr_counters = 12,
};

int pebs_init(struct pebs *p, const struct pebs_attr *attr,
	      const struct pebs_knobs *knobs)
{
	if (!attr->sample_period)
		return -EINVAL;
	if (attr->precise_ip > PRECISE_MAX || !attr->precise_ip)
		return -EOPNOTSUPP;
	*p = (struct pebs){ .attr = *attr, .knobs = *knobs };
	/* With precision 1 the instruction pointer is the registers'. */
	p->sz_record = SZ_BASIC + SZ_MEMINFO +
		       (attr->needs_regs || attr->precise_ip < 2 ? SZ_REGS : 0);
	p->large = !attr->freq && !attr->wakeup_events && !attr->not_large;
	p->nr_max = p->large ?
			    PEBS_SZ_BUFFER / p->sz_record - knobs->nr_counters :
			    1;
	return 0;
}

static bool matches_source(u32 event, const struct op *op)
{
	bool buffered = op->flags & OP_MISS_BUFFER;

	switch (event) {
	case PEBS_L1_HIT:
		return op->source == OP_FROM_L1;
	case PEBS_FB_HIT:
		return op->source != OP_FROM_L1 && buffered;
	case PEBS_L1_MISS:
		return op->source != OP_FROM_L1;
	case PEBS_L2_HIT:
		return op->source == OP_FROM_L2 && !buffered;
	case PEBS_L2_MISS:
		return op->source > OP_FROM_L2 && !buffered;
	case PEBS_L3_HIT:
		return op->source == OP_FROM_L3 && !buffered;
	case PEBS_L3_MISS:
		return op->source > OP_FROM_L3 && !buffered;
	case PEBS_LOCAL_DRAM:
		return op->source == OP_FROM_DRAM && !buffered;
	case PEBS_REMOTE_DRAM:
		return op->source == OP_FROM_REMOTE_DRAM && !buffered;
	default:
		return true;
	}
}

bool pebs_matches(const struct pebs *p, const struct op *op)
{
	u32 event = p->attr.config & 0xffff;
	/* What software prefetched counts when a load comes for it. */
	bool load = op->kind & OP_LOAD && !(op->kind & OP_PREFETCH);

	if (op->flags & (OP_FLUSHED | OP_GUEST))
		return false;
	if (op->flags & OP_KERNEL ? p->attr.exclude_kernel :
				    p->attr.exclude_user)
		return false;
	if (event == PEBS_ALL_STORES || event == PEBS_STORE_SAMPLE)
		return op->kind & OP_STORE;
	if (event == PEBS_LOAD_LATENCY)
		return load &&
		       op->tag_to_ret_cycles >= (p->attr.config1 & 0xffff);
	return load && matches_source(event, op);
}

u64 pebs_next(const struct pebs *p, u32 luck)
{
	return p->attr.sample_period + 1 +
	       (p->knobs.arm_max ? luck % p->knobs.arm_max : 0);
}

/* The code of where the data came from, as servers since Sky Lake have it. */
static u64 source_code(const struct op *op)
{
	static const u8 code[] = {
		[OP_FROM_L1] = 1,
		[OP_FROM_L2] = 3,
		[OP_FROM_L3] = 4,
		[OP_FROM_NEAR_CACHE] = 6,
		[OP_FROM_FAR_CACHE] = 0xc,
		[OP_FROM_DRAM] = 0xa,
		[OP_FROM_REMOTE_DRAM] = 0xb,
		[OP_FROM_CXL] = 0xb, /* a node without CPUs is a remote one */
		[OP_FROM_PMEM] = 8,
		[OP_FROM_IO] = 0xe,
	};
	u64 reg = code[op->source];

	if (op->source == OP_FROM_FAR_CACHE && op->flags & OP_MODIFIED)
		reg = 0xd;
	if (op->source == OP_FROM_NEAR_CACHE && op->flags & OP_MODIFIED)
		reg = 7;
	if (op->flags & OP_MISS_BUFFER)
		reg = 2;
	if (op->flags & OP_UNCACHED)
		reg = 0xf;
	return reg | (op->tlb == OP_TLB_WALK ? SOURCE_STLB_MISS : 0) |
	       (op->flags & OP_LOCKED ? SOURCE_LOCKED : 0);
}

bool pebs_write(struct pebs *p, const struct op *op, u64 tsc)
{
	p->last = (struct pebs_record){
		.ip = op->ip,
		.address = op->vaddr,
		.source = source_code(op),
		.cache_cycles = op->miss_cycles,
		.instr_cycles = op->tag_to_ret_cycles,
		.tsc = tsc,
	};
	return ++p->nr >= p->nr_max;
}

/*
 * What each code of a load says, of servers since Sky Lake; those that are
 * missing are misses of the last cache.
 */
static u64 level_of(u64 code)
{
	const u64 hit = PERF_LVL_HIT;
	const u64 none = PERF_MEM_SNOOP(PERF_SNOOP_NONE);
	const u64 remote = PERF_MEM_REMOTE(1);

	switch (code & 0xf) {
	case 1:
		return PERF_MEM_LVL(PERF_LVL_L1 | hit) |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_L1) | none;
	case 2:
		return PERF_MEM_LVL(PERF_LVL_LFB | hit) |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_LFB) | none;
	case 3:
		return PERF_MEM_LVL(PERF_LVL_L2 | hit) |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_L2) | none;
	case 4:
		return PERF_MEM_LVL(PERF_LVL_L3 | hit) |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_L3) | none;
	case 6:
		return PERF_MEM_LVL(PERF_LVL_L3 | hit) |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_L3) |
		       PERF_MEM_SNOOP(PERF_SNOOP_HIT);
	case 7:
		return PERF_MEM_LVL(PERF_LVL_L3 | hit) |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_L3) |
		       PERF_MEM_SNOOP(PERF_SNOOP_HITM);
	case 8:
		return PERF_MEM_LVL(hit) | PERF_MEM_LVL_NUM(PERF_LVLNUM_PMEM) |
		       PERF_MEM_SNOOP(PERF_SNOOP_HIT);
	case 0xa:
		return PERF_MEM_LVL(PERF_LVL_LOC_RAM | hit) |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_RAM) |
		       PERF_MEM_SNOOP(PERF_SNOOP_HIT);
	case 0xb:
		return PERF_MEM_LVL(hit) | PERF_MEM_LVL_NUM(PERF_LVLNUM_RAM) |
		       remote | none;
	case 0xc:
		return PERF_MEM_LVL(hit) | remote |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_ANY_CACHE) |
		       PERF_MEM_SNOOPX(PERF_SNOOPX_FWD);
	case 0xd:
		return PERF_MEM_LVL(hit) | remote |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_ANY_CACHE) |
		       PERF_MEM_SNOOP(PERF_SNOOP_HITM);
	case 0xe:
		return PERF_MEM_LVL(PERF_LVL_IO | hit) | none |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_NA);
	case 0xf:
		return PERF_MEM_LVL(PERF_LVL_UNC | hit) | none |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_NA);
	default:
		return PERF_MEM_LVL(PERF_LVL_L3 | PERF_LVL_MISS) |
		       PERF_MEM_LVL_NUM(PERF_LVLNUM_L3) |
		       PERF_MEM_SNOOP(PERF_SNOOP_NA);
	}
}

static u64 data_src_of(u32 event, u64 code)
{
	const u64 unknown = PERF_MEM_UNKNOWN & ~PERF_MEM_OP(0x1f);

	switch (event) {
	case PEBS_LOAD_LATENCY:
		return PERF_MEM_OP(PERF_OP_LOAD) | level_of(code) |
		       PERF_MEM_BLK(PERF_BLK_NA) |
		       PERF_MEM_TLB(code & SOURCE_STLB_MISS ?
					    PERF_TLB_MISS | PERF_TLB_L2 :
					    PERF_TLB_HIT | PERF_TLB_L1 |
						    PERF_TLB_L2) |
		       PERF_MEM_LOCK(code & SOURCE_LOCKED ? PERF_LOCK_LOCKED :
							    0);
	case PEBS_ALL_STORES:
	case PEBS_STORE_SAMPLE:
		return PERF_MEM_OP(PERF_OP_STORE) | unknown;
	default:
		/* It is known to be a load, and nothing more is told. */
		return PERF_MEM_OP(PERF_OP_LOAD) | unknown;
	}
}

bool pebs_drain(struct pebs *p, bool interrupt, struct perf_sample_data *data)
{
	u32 nr = p->nr;

	p->nr = 0;
	if (!nr)
		return false;
	p->nr_lost += interrupt ? nr - 1 : nr;
	if (!interrupt)
		return false;
	/* Flags are set whatever the record held; never a physical address. */
	data->addr = p->last.address;
	data->data_src.val =
		data_src_of(p->attr.config & 0xffff, p->last.source);
	data->sample_flags |= PERF_SAMPLE_ADDR | PERF_SAMPLE_DATA_SRC;
	return true;
}
