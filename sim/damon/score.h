/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much a region deserves a scheme's action, from 0 to 99.
 *
 * Both the accesses of the last window and the time for which they have stayed
 * count, by the quota's weights; time counts by its logarithm, upwards if the
 * region is accessed and downwards if it is not.
 */
#ifndef SCORE_H
#define SCORE_H

#include <linux/types.h>

#include "scheme.h"

struct context;

#define SCORE_MAX 99

/**
 * score_hot() - the hotter, the higher.
 * @ctx:	context, for its intervals
 * @r:		region
 * @limits:	weights
 */
u32 score_hot(const struct context *ctx, const struct region *r,
	      const struct quota_limits *limits);

/**
 * score_paddr(), score_vaddr() - what the action wants, in each kind of
 * operations; SCORE_MAX for an action that has no preference.
 */
u32 score_paddr(const struct context *ctx, const struct region *r,
		const struct scheme *s);
u32 score_vaddr(const struct context *ctx, const struct region *r,
		const struct scheme *s);

#endif
