/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is a hardware sample to be believed?  One verdict per cause.
 *
 * The perf core hands an overflow handler a struct of which only the fields
 * named in sample_flags were filled; the rest is what an earlier sample left on
 * the stack.  So a field is looked at only after its flag, and never tested for
 * zero instead of its flag:
 *
 *   IBS	ADDR and PHYS_ADDR come and go per sample; an op that is no load
 *		or store has neither.  Physical page 0 is a page like others.
 *   PEBS	ADDR is set always, with address 0 when the record held none.
 *		PHYS_ADDR is never set: the core computes it for perf's own
 *		output only.
 *   software	ADDR with the faulting address.
 *
 * A physical address is the machine's own even while a guest ran; a virtual one
 * is then the guest's, in an address space that current does not have.
 *
 * Who calls it: the overflow handler, any context up to NMI.  Progress: no
 * loop.  Touches nothing but its arguments.
 *
 * Not here: counting (handler.h), whose process is monitored (match.h).
 */
#ifndef _DAMON_SAMPLE_H
#define _DAMON_SAMPLE_H

#include <linux/compiler.h>
#include <linux/perf_event.h>
#include <linux/types.h>

#include "report.h"
#include "stats.h"

/**
 * struct damon_sampling - what the handler knows of the context it feeds.
 * @phys:	the context monitors physical memory
 * @sz_order:	report blocks of 2^sz_order bytes; 0 for the very byte, 63 at
 *		most
 * @epoch:	the arming that is in force, damon_events.epoch
 * @addr_end:	first address that no process has (TASK_SIZE), in bytes
 */
struct damon_sampling {
	bool phys;
	u8 sz_order;
	u16 epoch;
	u64 addr_end;
};

/**
 * struct damon_running - who was interrupted by the sample.
 * @tgid:	process (current->tgid)
 * @tid:	thread (current->pid)
 * @guest:	a guest ran on this CPU (perf_guest_state())
 */
struct damon_running {
	u32 tgid;
	u32 tid;
	bool guest;
};

/* Verdict on a virtual address; *@addr is set if the verdict is good. */
static inline enum damon_loss
__damon_check_vaddr(const struct perf_sample_data *data,
		    const struct damon_sampling *how, bool guest, u64 *addr)
{
	if (!(data->sample_flags & PERF_SAMPLE_ADDR))
		return data->sample_flags & PERF_SAMPLE_PHYS_ADDR ?
			       DAMON_LOST_WRONG_SPACE :
			       DAMON_LOST_NO_ADDR;
	if (!data->addr)
		return DAMON_LOST_NULL_ADDR;
	if (guest)
		return DAMON_LOST_GUEST;
	if (data->addr >= how->addr_end)
		return DAMON_LOST_KERNEL_ADDR;
	*addr = data->addr;
	return DAMON_LOST_NOT;
}

/* Verdict on a physical address; *@addr is set if the verdict is good. */
static inline enum damon_loss
__damon_check_paddr(const struct perf_sample_data *data, u64 *addr)
{
	if (!(data->sample_flags & PERF_SAMPLE_PHYS_ADDR))
		return data->sample_flags & PERF_SAMPLE_ADDR ?
			       DAMON_LOST_WRONG_SPACE :
			       DAMON_LOST_NO_ADDR;
	*addr = data->phys_addr;
	return DAMON_LOST_NOT;
}

/* Read or write, if the sampler said; what is said to be both is a write. */
static inline u8 __damon_check_op(const struct perf_sample_data *data)
{
	if (!(data->sample_flags & PERF_SAMPLE_DATA_SRC))
		return 0;
	if (data->data_src.mem_op & PERF_MEM_OP_STORE)
		return DAMON_REPORT_WRITE;
	return data->data_src.mem_op & PERF_MEM_OP_LOAD ? DAMON_REPORT_READ : 0;
}

/**
 * damon_sample_check() - make a report of a sample, or say why not.
 * @data:	what the perf core handed over, NULL allowed
 * @how:	what is sampled for
 * @who:	who was interrupted
 * @report:	filled, but for @seq, if the verdict is good; untouched else
 *
 * Return: DAMON_LOST_NOT, or the one cause.
 */
static inline enum damon_loss
damon_sample_check(const struct perf_sample_data *data,
		   const struct damon_sampling *how,
		   const struct damon_running *who, struct damon_report *report)
{
	enum damon_loss loss;
	u64 addr;

	if (unlikely(!data))
		return DAMON_LOST_NO_SAMPLE;
	if (how->phys)
		loss = __damon_check_paddr(data, &addr);
	else
		loss = __damon_check_vaddr(data, how, who->guest, &addr);
	if (loss)
		return loss;

	report->addr = addr >> how->sz_order << how->sz_order;
	report->tgid = who->tgid;
	report->tid = who->tid;
	report->epoch = how->epoch;
	report->sz_order = how->sz_order;
	report->flags = __damon_check_op(data);
	return DAMON_LOST_NOT;
}

#endif
