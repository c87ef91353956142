/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The report of the posted series: as ours, and when it was made, in jiffies.
 *
 * What the posted code reads from the kernel around it (jiffies, the sampling
 * interval, which CPUs are online) comes in through hotpath_now, which the
 * simulator keeps per thread of its own (sim/run/hotpath.h).
 */
#ifndef _DAMON_REPORT_H
#define _DAMON_REPORT_H

#include <linux/build_bug.h>
#include <linux/types.h>

#define DAMON_REPORT_READ 0x01
#define DAMON_REPORT_WRITE 0x02

struct damon_report {
	u64 addr;
	u32 tgid;
	u32 tid;
	u32 seq; /* not used */
	u16 epoch; /* not used: there is none */
	u8 sz_order;
	u8 flags;
	u64 jiffies;
};

#define HOTPATH_NOW

struct hotpath_now {
	u64 jiffies;
	u64 window_jiffies; /* one sampling interval, rounded up */
	bool online; /* the CPU whose ring is drained */
};

extern __thread struct hotpath_now hotpath_now;

/* Events go on counting while the monitor is paused or inactive. */
#define HOTPATH_STAYS_ARMED
/* A context that looks for page faults drains without owning the rings. */
#define HOTPATH_FAULTS_UNOWNED

#endif
