/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a run is found to have done: how its goals were approached and held.
 *
 * A goal's path is kept point by point, as the kernel's own tracepoint tells
 * it. A commit that changes the target begins another stretch, with its own
 * figures. What weighted destinations come to is a path as well, though no
 * kernel measures it (dests.h).
 *
 * Values of a controller that switches on and off follow each other closely, so
 * that a fit over all of them would claim to know a drift far too well: it is
 * fitted to the means of blocks instead, and its interval is as wide as what
 * one block has from the one before makes it.
 *
 * Not here: printing (report/run_text.h).
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <linux/types.h>

#include "damon/context.h"

/* How near to its target a goal is reached: 1 percentage point. */
#define MEASURE_NEAR_BP 100

/* Blocks that a drift is fitted to. */
#define MEASURE_BLOCKS 30

/* One evaluation of a goal. */
struct measure_point {
	u64 at_us;
	u64 value;
};

/**
 * struct measure_goal - a stretch of a goal's path with one target.
 * @scheme:	index
 * @of_dests:	no goal, but the share of one of its weighted destinations
 * @metric:	of a goal: what is measured
 * @nid:	of which node, or -1
 * @target:	what is wanted, in the metric's unit
 * @point:	in time
 * @nr:		of @point
 * @max:	room in @point
 */
struct measure_goal {
	u32 scheme;
	bool of_dests;
	enum goal_metric metric;
	s32 nid;
	u64 target;
	struct measure_point *point;
	u32 nr;
	u32 max;
};

/**
 * struct measure_figures - what a stretch comes to.
 * @reached:	the goal was near once
 * @reached_us:	when first, from the run's begin
 * @left_us:	when it was last seen not near after that, 0: never
 * @windows:	evaluations until it was near, the first among them
 * @nr:		evaluations that the figures below are of
 * @mean:	of the value
 * @stddev:	likewise
 * @overshoot:	farthest beyond the target, seen from where the path began
 * @drift_per_hour: of the value: low and high end of the 95 % interval
 * @has_drift:	there was enough to fit
 */
struct measure_figures {
	bool reached;
	u64 reached_us;
	u64 left_us;
	u32 windows;
	u32 nr;
	double mean;
	double stddev;
	double overshoot;
	double drift_per_hour[2];
	bool has_drift;
};

/**
 * struct measure - all of it.
 * @now_us:	kept by who steps the run
 * @goal:	stretches, in the order in which they began
 * @nr_goals:	of them
 * @err:	-ENOMEM: something is missing
 */
struct measure {
	u64 now_us;
	struct measure_goal *goal;
	u32 nr_goals;
	int err;
};

/* Its data is a struct measure. */
extern const struct context_observer measure_observer;

void measure_fini(struct measure *m);

/**
 * measure_add() - one more point, now.
 * @m:		measure; on want of memory it has @err
 * @what:	the stretch that it is of; @point is not looked at
 * @value:	its value
 */
void measure_add(struct measure *m, const struct measure_goal *what, u64 value);

/* What a path is of, in one word. */
const char *measure_name(const struct measure_goal *g);

/**
 * measure_figures() - what a stretch comes to.
 * @g:		stretch
 * @settle_us:	look at what is behind it; ~0: behind where the goal was reached
 * @out:	filled
 */
void measure_figures(const struct measure_goal *g, u64 settle_us,
		     struct measure_figures *out);

#endif
