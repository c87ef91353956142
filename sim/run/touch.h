/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that comes when a program touches it: for the first time, or after it
 * was paged out.
 *
 * Page tables stay as they are while CPUs are played, so what is touched in a
 * span comes at its begin: of memory that is touched bit by bit as much as its
 * thread can reach until the end, of what was paged out the folios that are
 * accessed until then.  A folio that comes back is a major fault, which takes
 * its thread's CPU some time.
 *
 * Events that count page faults are told of both, at their time
 * (page_faults.h): of a first touch when its thread gets there, of a major
 * fault when it begins.
 *
 * A pattern that is random decides by luck of its own which folios those are,
 * so a sample of a folio that is still out may be drawn: it has no place.
 *
 * Left out: what a first touch takes, which is part of the pace that the
 * scenario says; that others run while one waits for its page; reclaim: where
 * there is no frame, the page stays nowhere and is counted.
 */
#ifndef TOUCH_H
#define TOUCH_H

#include <linux/types.h>

#include "run/luck.h"

struct machine;
struct ram_ops;

/**
 * struct touch - what is there because it was touched.
 * @m:		machine
 * @memory:	of it
 * @luck:	for patterns that are random
 * @major_ps:	what a major fault takes.  100 us is an assumption: a page read
 *		from a solid-state disk
 * @reached:	by program and thread: bytes of its area that are there
 * @nr_major:	faults
 * @nr_no_frame: folios for which there was none
 */
struct touch {
	struct machine *m;
	struct ram_ops *memory;
	struct luck luck;
	u64 major_ps;
	u64 **reached;
	u64 nr_major;
	u64 nr_no_frame;
};

/* Return: 0; -ENOMEM. */
int touch_init(struct touch *t, struct machine *m, struct ram_ops *memory,
	       u64 seed);

void touch_fini(struct touch *t);

/* CPUs are going to be played until @end_ps.  Return: 0; -ENOMEM. */
int touch_until(struct touch *t, u64 end_ps);

#endif
