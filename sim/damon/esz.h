/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A scheme's quota over time: windows, how much each may take, what was taken.
 *
 * Of three limits, size, time and goals, the smallest decides.  Time is turned
 * into a size by what the action took so far; goals by the feedback tuner of
 * the hot path.
 *
 * Not here: what goals measure (goal.h), which regions come first (score.h).
 */
#ifndef ESZ_H
#define ESZ_H

#include <linux/types.h>

#include "scheme.h"

struct context;

/* Throughput that is assumed until something was measured: 4 MiB per ms. */
#define ESZ_SZ_PER_MS_DEFAULT (PAGE_BYTES * 1024)

/**
 * esz_adjust() - open the quota's next window if it is time, and find the least
 * score that a region needs in this one.
 * @ctx:	context; with filters, its regions may be cut
 * @scheme:	index
 *
 * Return: 0; -ENOMEM if a filter could not cut a region.
 */
int esz_adjust(struct context *ctx, u32 scheme);

/* Is there any limit? */
bool esz_is_set(const struct context *ctx, const struct quota *q);

/* Is nothing left of this window? */
bool esz_full(const struct context *ctx, const struct quota *q);

/**
 * esz_charge() - take from the window what an action was tried on.
 * @ctx:	context
 * @q:		quota
 * @sz:		tried on
 * @sz_applied:	of that (or beyond), done
 */
void esz_charge(const struct context *ctx, struct quota *q, u64 sz,
		u64 sz_applied);

/* Whole jiffies that @ms last at least; half of all there are from 2^31 on. */
u64 esz_ms_to_jiffies(const struct context *ctx, u64 ms);

#endif
