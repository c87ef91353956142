/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kdamond's side of the rings: reports become accesses of a context.
 *
 * This is the glue that a kernel has as well: it keeps a snapshot of the
 * context's regions as long as they stay as they are, lets the hot path drain
 * all rings against it, and credits the regions that were hit.
 *
 * Not here: who fills the rings.
 */
#ifndef FEED_H
#define FEED_H

#include <damon/tick.h>
#include <linux/types.h>

#include "damon/context.h"
#include "machine/cpus.h"

/**
 * struct feed - the rings of a machine feeding one context.
 * @cpus:	whose rings
 * @phys:	the context monitors physical memory
 * @tick:	the hot path's state; @epoch and filters are the caller's to set
 * @snapshot:	the context's regions as of @regions_gen
 * @regions_gen: see struct context
 * @built:	there is a snapshot
 * @err:	the first error; from then on nothing is credited
 */
struct feed {
	struct cpus *cpus;
	bool phys;
	struct damon_tick tick;
	struct damon_snapshot snapshot;
	u64 regions_gen;
	bool built;
	int err;
};

/**
 * feed_init() - connect rings to a context.
 * @feed:	storage
 * @cpus:	outlives the feed
 * @phys:	the context monitors physical memory
 */
void feed_init(struct feed *feed, struct cpus *cpus, bool phys);

void feed_fini(struct feed *feed);

/**
 * feed_begin() - before a tick: a snapshot of the regions as they are.
 * @feed:	feed
 * @ctx:	context
 *
 * Return: 0, or @err.
 */
int feed_begin(struct feed *feed, const struct context *ctx);

/**
 * feed_credit() - give regions of the snapshot their access of a tick.
 * @feed:	feed
 * @ctx:	context, its regions as they were at feed_begin()
 * @hits:	indices into the snapshot, each at most once
 * @nr:		of @hits
 */
void feed_credit(const struct feed *feed, struct context *ctx, const u32 *hits,
		 u32 nr);

/**
 * feed_tick() - drain all rings and credit the context's regions.
 * @feed:	feed
 * @ctx:	context; its clock is at the tick
 *
 * Return: reports drained; 0 also after an error, see @err.
 */
u64 feed_tick(struct feed *feed, struct context *ctx);

#endif
