/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One pass of the operation schemes over all regions.
 *
 * All schemes that are due act on a region before the next region is looked at,
 * so that what one of them does to it (its age) is what the next one sees.
 *
 * Not here: how much a scheme may do (esz.h), what an action is (ops.h).
 */
#ifndef DAMOS_H
#define DAMOS_H

#include <linux/types.h>

#include "scheme.h"

struct context;
struct region;

/**
 * struct damos_walk - somebody who wants to see what schemes are applied to.
 * @fn:		called after each action of a scheme's next pass, with the
 *		region as it is then, and the bytes of it that the operations'
 *		filters let pass
 * @arg:	its
 * @done:	every scheme had its pass, or never is going to
 * @cancelled:	the latter
 *
 * The storage is the caller's, until @done.
 */
struct damos_walk {
	void (*fn)(void *arg, const struct context *ctx, u32 target,
		   const struct region *r, u32 scheme, u64 sz_passed);
	void *arg;
	bool done;
	bool cancelled;
};

/**
 * damos_apply() - apply the schemes that are due.
 * @ctx:	context, its clock and its jiffies at the tick
 *
 * Return: 0; -ENOMEM if a region could not be cut: then more of it was meant
 * than should, as in the kernel.
 */
int damos_apply(struct context *ctx);

/* Does the pattern, without its score, mean the region? */
bool damos_in_pattern(const struct context *ctx, const struct region *r,
		      const struct scheme_pattern *pattern);

/**
 * damos_core_filter() - ask the core's filters about a region.
 * @ctx:	context
 * @target:	index
 * @region:	index; the region is cut where a filter's address is inside it,
 *		and keeps the left part
 * @s:		scheme; told whether the region was let pass by name
 * @allowed:	the region passes
 *
 * Return: 0; -ENOMEM if it could not be cut.
 */
int damos_core_filter(struct context *ctx, u32 target, u32 region,
		      struct scheme *s, u32 *allowed);

/**
 * damos_walk_start() - see the next pass of each scheme.
 *
 * Return: 0; -EBUSY while there is another walk.
 */
int damos_walk_start(struct context *ctx, struct damos_walk *walk);

/*
 * There is not going to be a next pass for now.  Schemes that had theirs are
 * not seen by the next walk either: the kernel forgets to forget that.
 */
void damos_walk_cancel(struct context *ctx);

#endif
