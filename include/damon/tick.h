/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One tick of the kdamond: drain every ring, match, credit, count.
 *
 * However many reports a region gets, a tick credits it one access, because
 * nr_accesses counts ticks.  The regions that got theirs are kept in a list, so
 * that a tick costs by what was sampled and not by how many regions there are.
 *
 * Every ring is drained whether its CPU is online or not.  What is in a ring
 * was sampled since the last drain, so it is news however late the tick is:
 * nothing is thrown away by age.  Only reports of an earlier arming are stale.
 *
 * A tick takes no more from a ring than the ring can hold, so that it ends also
 * when samples keep coming.
 *
 * Who calls it: the kdamond that owns the rings.
 *
 * Not here: what an access means to a region (the core's nr_accesses).
 */
#ifndef _DAMON_TICK_H
#define _DAMON_TICK_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "match.h"
#include "report.h"
#include "ring.h"
#include "stats.h"

/*
 * Reports taken from a ring at once; a multiple of DAMON_MATCH_LANES.  They
 * stand on the stack, where a kernel has 1 KiB for a function at the least.
 */
#define DAMON_TICK_BATCH 32

/**
 * struct damon_tick - what the kdamond keeps from tick to tick.
 * @snapshot:	the regions to be credited
 * @credited:	per region of @snapshot: it got its access of this tick
 * @hits:	regions that did, in the order in which they did
 * @nr_hits:	how many; at most snapshot->nr_regions
 * @epoch:	the arming that is in force
 * @filter:	the context's sample filters: is the report wanted?  NULL: all
 * @filter_arg:	handed to it
 * @stats:	what became of the reports
 */
struct damon_tick {
	const struct damon_snapshot *snapshot;
	bool *credited;
	u32 *hits;
	u32 nr_hits;
	u16 epoch;
	bool (*filter)(void *arg, const struct damon_report *report, u32 cpu);
	void *filter_arg;
	struct damon_tick_stats stats;
};

/**
 * damon_tick_begin() - forget what the tick before credited.
 * @t:		@credited and @hits with room for each region; all of @credited
 *		false when they are new
 */
static inline void damon_tick_begin(struct damon_tick *t)
{
	while (t->nr_hits)
		t->credited[t->hits[--t->nr_hits]] = false;
}

/*
 * Credit the region a report was matched to; false if it had its access.
 *
 * Which of the two is as good as random, so there is no branch on it.  What is
 * not news is written where the latest hit stands, which then stays: there is
 * one, since the region was credited.
 */
static inline bool __damon_tick_credit(struct damon_tick *t, u32 region)
{
	bool news = !t->credited[region];
	u32 *hit = &t->hits[t->nr_hits - !news];
	u32 mask = -(u32)news;

	OPTIMIZER_HIDE_VAR(mask);
	*hit = (region & mask) | (*hit & ~mask);
	t->credited[region] = true;
	t->nr_hits += news;
	return news;
}

/* The kdamond is the only writer; others may be reading. */
static inline void __damon_tick_add(unsigned long *counter, u32 nr)
{
	WRITE_ONCE(*counter, *counter + nr);
}

/*
 * A process that is several targets: each of them gets its access, the report
 * is counted once, by the best that became of it.
 */
static inline enum damon_loss
__damon_tick_settle(struct damon_tick *t, const struct damon_report *report,
		    struct damon_match *m, bool *credited)
{
	enum damon_loss loss = m->loss;

	do {
		if (!m->loss)
			*credited |= __damon_tick_credit(t, m->region);
		if (!m->loss || (loss && m->loss > loss))
			loss = m->loss;
	} while (unlikely(t->snapshot->repeats) &&
		 damon_match_next(t->snapshot, report, m));
	return loss;
}

/* What becomes of a report; @m is where it was found. */
static inline enum damon_loss
__damon_tick_report(struct damon_tick *t, u32 cpu,
		    const struct damon_report *report, struct damon_match *m,
		    bool *credited)
{
	if (unlikely(report->epoch != t->epoch))
		return DAMON_LOST_STALE;
	if (unlikely(t->filter) && !t->filter(t->filter_arg, report, cpu))
		return DAMON_LOST_FILTERED;
	return __damon_tick_settle(t, report, m, credited);
}

/* Credit a batch of one ring's reports. */
static inline void __damon_tick_batch(struct damon_tick *t, u32 cpu,
				      const struct damon_report *report, u32 nr)
{
	struct damon_match match[DAMON_MATCH_LANES];
	u32 i, j, lanes, nr_credited = 0, nr_matched = 0;
	enum damon_loss loss;
	bool credited;

	for (i = 0; i < nr; i += lanes) {
		lanes = nr - i < DAMON_MATCH_LANES ? nr - i : DAMON_MATCH_LANES;
		lanes = damon_match(t->snapshot, &report[i], lanes, match);
		for (j = 0; j < lanes; j++) {
			credited = false;
			loss = __damon_tick_report(t, cpu, &report[i + j],
						   &match[j], &credited);
			nr_credited += credited;
			nr_matched += !loss;
			if (unlikely(loss))
				__damon_tick_add(&t->stats.lost[loss], 1);
		}
	}
	__damon_tick_add(&t->stats.credited, nr_credited);
	__damon_tick_add(&t->stats.absorbed, nr_matched - nr_credited);
}

/**
 * damon_tick_drain() - credit what one CPU's ring holds.
 * @t:		after damon_tick_begin()
 * @ring:	any CPU's, online or not
 * @cpu:	which
 *
 * Context: the kdamond that owns the rings.
 * Return: how many reports were taken, at most the ring's capacity.
 */
static inline u32 damon_tick_drain(struct damon_tick *t,
				   struct damon_ring *ring, u32 cpu)
{
	struct damon_report report[DAMON_TICK_BATCH];
	u32 capacity = ring->drain_mask + 1, taken = 0, room, nr;

	do {
		room = capacity - taken;
		room = room < DAMON_TICK_BATCH ? room : DAMON_TICK_BATCH;
		nr = damon_ring_drain(ring, report, room);
		if (nr)
			__damon_tick_batch(t, cpu, report, nr);
		taken += nr;
	} while (nr == DAMON_TICK_BATCH);
	return taken;
}

#endif
