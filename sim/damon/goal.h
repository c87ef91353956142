/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the goals of a quota measure.
 *
 * Not here: what a quota makes of it (esz.h).
 */
#ifndef GOAL_H
#define GOAL_H

#include "scheme.h"

struct context;

/**
 * goal_measure() - read the goal's metric anew, into its current_value.
 * @ctx:	context, with memory
 * @s:		scheme that the goal is of: some metrics look at what it means
 * @goal:	goal
 *
 * What the user feeds in stays.  A node or group that is not there is one
 * without use, all of it free.
 */
void goal_measure(struct context *ctx, const struct scheme *s,
		  struct goal *goal);

#endif
