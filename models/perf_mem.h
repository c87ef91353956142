/* SPDX-License-Identifier: GPL-2.0 */
/*
 * perf's word for what memory did, the bits of perf_mem_data_src.
 *
 * Source: include/uapi/linux/perf_event.h, by its figures.
 */
#ifndef PERF_MEM_H
#define PERF_MEM_H

#include <linux/types.h>

#define PERF_MEM_S(value, shift) ((u64)(value) << (shift))

#define PERF_MEM_OP(x) PERF_MEM_S(x, 0)
#define PERF_MEM_LVL(x) PERF_MEM_S(x, 5)
#define PERF_MEM_SNOOP(x) PERF_MEM_S(x, 19)
#define PERF_MEM_LOCK(x) PERF_MEM_S(x, 24)
#define PERF_MEM_TLB(x) PERF_MEM_S(x, 26)
#define PERF_MEM_LVL_NUM(x) PERF_MEM_S(x, 33)
#define PERF_MEM_REMOTE(x) PERF_MEM_S(x, 37)
#define PERF_MEM_SNOOPX(x) PERF_MEM_S(x, 38)
#define PERF_MEM_BLK(x) PERF_MEM_S(x, 40)
#define PERF_MEM_HOPS(x) PERF_MEM_S(x, 43)

enum {
	PERF_OP_NA = 0x1,
	PERF_OP_LOAD = 0x2,
	PERF_OP_STORE = 0x4,

	PERF_LVL_NA = 0x1,
	PERF_LVL_HIT = 0x2,
	PERF_LVL_MISS = 0x4,
	PERF_LVL_L1 = 0x8,
	PERF_LVL_LFB = 0x10,
	PERF_LVL_L2 = 0x20,
	PERF_LVL_L3 = 0x40,
	PERF_LVL_LOC_RAM = 0x80,
	PERF_LVL_REM_RAM1 = 0x100,
	PERF_LVL_REM_RAM2 = 0x200,
	PERF_LVL_REM_CCE1 = 0x400,
	PERF_LVL_REM_CCE2 = 0x800,
	PERF_LVL_IO = 0x1000,
	PERF_LVL_UNC = 0x2000,

	PERF_SNOOP_NA = 0x1,
	PERF_SNOOP_NONE = 0x2,
	PERF_SNOOP_HIT = 0x4,
	PERF_SNOOP_MISS = 0x8,
	PERF_SNOOP_HITM = 0x10,

	PERF_SNOOPX_FWD = 0x1,

	PERF_BLK_NA = 0x1,

	PERF_LOCK_NA = 0x1,
	PERF_LOCK_LOCKED = 0x2,

	PERF_TLB_NA = 0x1,
	PERF_TLB_HIT = 0x2,
	PERF_TLB_MISS = 0x4,
	PERF_TLB_L1 = 0x8,
	PERF_TLB_L2 = 0x10,

	PERF_LVLNUM_L1 = 1,
	PERF_LVLNUM_L2 = 2,
	PERF_LVLNUM_L3 = 3,
	PERF_LVLNUM_UNC = 8,
	PERF_LVLNUM_CXL = 9,
	PERF_LVLNUM_IO = 0xa,
	PERF_LVLNUM_ANY_CACHE = 0xb,
	PERF_LVLNUM_LFB = 0xc,
	PERF_LVLNUM_RAM = 0xd,
	PERF_LVLNUM_PMEM = 0xe,
	PERF_LVLNUM_NA = 0xf,
};

/* Nothing is known. */
#define PERF_MEM_UNKNOWN 0x1e05080021ULL

#endif
