/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the posted handlers believe: a virtual address if it is not 0 and of
 * user space, whatever its flag says and whoever ran; a physical one if its
 * flag is set. Both are cut to pages. A sample for the other space comes in as
 * page 0.
 */
#ifndef _DAMON_SAMPLE_H
#define _DAMON_SAMPLE_H

#include <linux/compiler.h>
#include <linux/perf_event.h>
#include <linux/types.h>

#include "report.h"
#include "stats.h"

struct damon_sampling {
	bool phys;
	u8 sz_order;
	u16 epoch;
	u64 addr_end;
};

struct damon_running {
	u32 tgid;
	u32 tid;
	bool guest;
};

static inline enum damon_loss
damon_sample_check(const struct perf_sample_data *data,
		   const struct damon_sampling *how,
		   const struct damon_running *who, struct damon_report *report)
{
	u64 addr;

	if (!data)
		return DAMON_LOST_NO_SAMPLE;
	if (how->phys) {
		if (!(data->sample_flags & PERF_SAMPLE_PHYS_ADDR))
			return DAMON_LOST_NO_ADDR;
		addr = data->phys_addr;
	} else {
		/* Not the flag is asked: what the stack holds will do. */
		addr = data->addr;
		if (!addr)
			return DAMON_LOST_NULL_ADDR;
		if (addr >= how->addr_end)
			return DAMON_LOST_KERNEL_ADDR;
	}
	report->addr = addr & ~4095ULL;
	report->tgid = who->tgid;
	report->tid = who->tid;
	report->epoch = 0;
	report->sz_order = 12;
	report->flags = data->data_src.mem_op & PERF_MEM_OP_STORE ?
				DAMON_REPORT_WRITE :
				DAMON_REPORT_READ;
	return DAMON_LOST_NOT;
}

#endif
