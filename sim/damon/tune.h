/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Intervals that suit the workload.
 *
 * With short intervals most windows see nothing, with long ones everything
 * looks alike.  The goal says which part of what could be observed is to be
 * observed, and the intervals follow it together: a window keeps its ticks.
 *
 * Not here: when (kdamond.h).
 */
#ifndef TUNE_H
#define TUNE_H

struct context;

/**
 * tune_intervals() - one step towards the goal of the intervals.
 * @ctx:	context at the end of a window, counters not yet reset, with
 *		next_aggregation_sis not in the future: else they are lost
 */
void tune_intervals(struct context *ctx);

#endif
