/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The posted drain: rings of online CPUs only, and of what is in them only what
 * is not older than a sampling interval, in jiffies.
 */
#ifndef _PUBLISHED_TICK_H
#define _PUBLISHED_TICK_H

/* Its drain is not the one. */
#define damon_tick_drain damon_tick_drain_ours
#include "tick_ours.h"
#undef damon_tick_drain

static inline u32 damon_tick_drain(struct damon_tick *t,
				   struct damon_ring *ring, u32 cpu)
{
	struct damon_report report[DAMON_TICK_BATCH];
	u32 taken = 0, fresh, nr, i;
	u64 since;

	if (!hotpath_now.online)
		return 0;
	since = hotpath_now.jiffies - hotpath_now.window_jiffies;
	do {
		nr = damon_ring_drain(ring, report, DAMON_TICK_BATCH);
		fresh = 0;
		for (i = 0; i < nr; i++) {
			if ((s64)(report[i].jiffies - since) < 0)
				continue;
			report[fresh] = report[i];
			/* There is no epoch: none is another. */
			report[fresh++].epoch = t->epoch;
		}
		__damon_tick_add(&t->stats.lost[DAMON_LOST_STALE], nr - fresh);
		if (fresh)
			__damon_tick_batch(t, cpu, report, fresh);
		taken += nr;
	} while (nr == DAMON_TICK_BATCH);
	return taken;
}

#endif
