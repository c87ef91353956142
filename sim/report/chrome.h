/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run over time, for viewers of Chrome's trace format (Perfetto).
 *
 * A slice for each window, counters at its end and at each pass of a scheme:
 * samples by what became of them, the fullest ring, regions, quotas, goals.
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
 */
struct chrome {
	struct outfile file;
	u64 begin_ns;
	u64 window_ns;
	u64 now_ns;
};

/* Its data is a struct chrome. */
extern const struct context_observer chrome_observer;

/* Begin DIR/trace.json.  Return: 0; -errno. */
int chrome_open(struct chrome *c, const char *dir, u64 begin_ns);

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
