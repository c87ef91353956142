/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run over time, for viewers of Chrome's trace format (Perfetto).
 *
 * A slice for each window, a mark for each pass of a scheme in its own row, and
 * one where the capture lost records or was throttled.  Counters at the
 * ends of windows and passes: samples by what became of them, the fullest ring,
 * regions, quotas, goals.
 *
 * A window costs under a kilobyte, a pass half of that, however many samples
 * there are.
 */
#ifndef CHROME_H
#define CHROME_H

#include <damon/stats.h>

#include "damon/context.h"
#include "report/outfile.h"

/**
 * struct chrome - a trace.
 * @file:	where it goes
 * @begin_ns:	what is shown as 0
 * @window_ns:	when the window began
 * @now_ns:	time of the tick: the caller's to set before each
 * @nr_named:	schemes that have a row with their name
 */
struct chrome {
	struct outfile file;
	u64 begin_ns;
	u64 window_ns;
	u64 now_ns;
	u32 nr_named;
};

/* Its data is a struct chrome. */
extern const struct context_observer chrome_observer;

/**
 * chrome_open() - begin DIR/trace.json.
 * @c:		storage
 * @dir:	directory
 * @ctx:	context with its schemes
 * @begin_ns:	what is shown as 0
 *
 * Return: 0; -errno.
 */
int chrome_open(struct chrome *c, const char *dir, const struct context *ctx,
		u64 begin_ns);

/**
 * chrome_window() - a window is over.
 * @c:		trace
 * @ctx:	context
 * @b:		samples so far
 * @fill_max:	reports in the fullest ring, ever
 */
void chrome_window(struct chrome *c, const struct context *ctx,
		   const struct damon_balance *b, u32 fill_max);

/* Something that has no length. */
void chrome_instant(struct chrome *c, const char *what);

/* Return: 0; -errno: then the trace ends with a whole event. */
int chrome_close(struct chrome *c);

#endif
