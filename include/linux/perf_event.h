/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Twin of the part of perf_sample_data that an overflow handler may look at.
 * A kernel fills only the fields whose bit is set in sample_flags; the others
 * hold what was on the stack, here as there.
 */
#ifndef _LINUX_PERF_EVENT_H
#define _LINUX_PERF_EVENT_H

#include <linux/types.h>

#define PERF_SAMPLE_ADDR (1u << 3)
#define PERF_SAMPLE_DATA_SRC (1u << 15)
#define PERF_SAMPLE_PHYS_ADDR (1u << 19)

#define PERF_MEM_OP_LOAD 0x02
#define PERF_MEM_OP_STORE 0x04

union perf_mem_data_src {
	u64 val;
	struct {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		u64 mem_op : 5, mem_rest : 59;
#else
		u64 mem_rest : 59, mem_op : 5;
#endif
	};
};

struct perf_sample_data {
	u64 sample_flags;
	union perf_mem_data_src data_src;
	u64 addr;
	u64 phys_addr;
};

#endif
