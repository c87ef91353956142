/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One sample's way from the perf core into the ring of its CPU.
 *
 * The overflow handler of the kernel and the one of the simulator are this
 * function with the machine's own values for its arguments, so that what is
 * checked, dropped and counted is the same in both.
 *
 * Who calls it: the overflow handler, any context up to NMI, preemption off.
 * Progress: no loop.  May interrupt itself on one CPU.
 *
 * Not here: where the arguments come from, tracing of losses.
 */
#ifndef _DAMON_HANDLER_H
#define _DAMON_HANDLER_H

#include "ring.h"
#include "sample.h"
#include "stats.h"

/**
 * damon_handle_sample() - believe a sample and hand it over, or count why not.
 * @ring:	of this CPU
 * @stats:	of this CPU
 * @data:	what the perf core handed over, NULL allowed
 * @how:	what is sampled for
 * @who:	who was interrupted
 *
 * Return: DAMON_LOST_NOT, or the cause that was counted.
 */
static inline enum damon_loss
damon_handle_sample(struct damon_ring *ring, struct damon_cpu_stats *stats,
		    const struct perf_sample_data *data,
		    const struct damon_sampling *how,
		    const struct damon_running *who)
{
	struct damon_report report;
	enum damon_loss loss;

	local_inc(&stats->raised);
	loss = damon_sample_check(data, how, who, &report);
	if (likely(!loss))
		loss = damon_ring_push(ring, &report);
	if (unlikely(loss))
		local_inc(&stats->lost[loss]);
	return loss;
}

#endif
