/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one access report is.
 *
 * A report says that a block of memory was touched: [addr, addr + 2^sz_order),
 * with addr a multiple of the block's size.  A sampler that knows the very byte
 * says sz_order 0, one that knows the page says 12, a huge page 21.  The block
 * is kept instead of a page mask so that regions whose bounds are no multiple
 * of a page are credited rightly by those who know better.
 *
 * One report holds one address.  Which space it is of is the context's matter:
 * a context monitors either physical memory or address spaces of processes.
 *
 * The same 24 bytes are a slot of the ring.  The CPU is that of the ring.
 *
 * Not here: whether a sample deserves a report (sample.h).
 */
#ifndef _DAMON_REPORT_H
#define _DAMON_REPORT_H

#include <linux/build_bug.h>
#include <linux/types.h>

/* damon_report.flags.  Neither is set if the sampler could not tell. */
#define DAMON_REPORT_READ 0x01
#define DAMON_REPORT_WRITE 0x02

/**
 * struct damon_report - one access to memory.
 * @addr:	start of the touched block, in bytes
 * @tgid:	process that ran; not read for a physical address
 * @tid:	thread that ran
 * @seq:	the ring's own: which lap's report the slot holds (ring.h)
 * @epoch:	which arming of the events it comes from (events.h)
 * @sz_order:	the block is 2^sz_order bytes; below 64
 * @flags:	DAMON_REPORT_*
 */
struct damon_report {
	u64 addr;
	u32 tgid;
	u32 tid;
	u32 seq;
	u16 epoch;
	u8 sz_order;
	u8 flags;
};
static_assert(sizeof(struct damon_report) == 24);

#endif
