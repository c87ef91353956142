/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Listening to the monitor: what it says of each window goes to the canvas, and
 * the latest window in which something happened is kept whole.
 */
#ifndef WATCH_H
#define WATCH_H

#include "damon/context.h"

struct replay;

/* The observer of a replay's context; its data is the replay. */
extern const struct context_observer watch_observer;

/**
 * watch_end() - put the window that the capture's end cut off on the canvas;
 * DAMON itself never tells of it.
 * @r:		replay at its end
 */
void watch_end(struct replay *r);

#endif
