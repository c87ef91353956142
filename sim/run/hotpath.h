/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What other revisions of the hot path take from the kernel around them and
 * ours does not: a clock, the sampling interval, which CPUs are online, and
 * whether events stay armed while the monitor looks away.
 *
 * A revision says what it wants by HOTPATH_NOW and
 * HOTPATH_STAYS_ARMED (tests/variants/published-run). Without them all of
 * this is nothing.
 */
#ifndef HOTPATH_H
#define HOTPATH_H

#include <damon/report.h>
#include <linux/types.h>

/* The handler is about to be called at @at_ps. */
static inline void hotpath_sample(u64 at_ps, u64 tick_ps)
{
#ifdef HOTPATH_NOW
	hotpath_now.jiffies = at_ps / tick_ps;
#endif
}

/* A ring is about to be drained at @at_ps. */
static inline void hotpath_drain(u64 at_ps, u64 tick_ps, u64 sample_ps,
				 bool online)
{
#ifdef HOTPATH_NOW
	hotpath_now.jiffies = at_ps / tick_ps;
	hotpath_now.window_jiffies = (sample_ps + tick_ps - 1) / tick_ps;
	hotpath_now.online = online;
#endif
}

/* Are events disarmed while the monitor is paused or inactive? */
static inline bool hotpath_disarms(void)
{
#ifdef HOTPATH_STAYS_ARMED
	return false;
#else
	return true;
#endif
}

#endif
