/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guided by coverage: strings of bytes decide executions (drive.h); those that
 * show a new pair of steps, one on one CPU right behind one on another, are
 * kept, and altered to get more.
 *
 * Not here: running them (explore.c).
 */
#ifndef EXPLORE_GUIDE_H
#define EXPLORE_GUIDE_H

#include "explore/engine.h"

struct guide;

/**
 * guide_new() - begin with a corpus.
 * @out:	untouched on failure
 * @corpus:	folder of strings, created if it is not there; NULL for none
 * @seed:	of all chance
 *
 * Return: 0; -ENOMEM; -EIO if the folder can not be had.
 */
int guide_new(struct guide **out, const char *corpus, u64 seed);

/* Give it back. */
void guide_free(struct guide *g);

/* Have it decide the next execution of @e. */
void guide_drive(struct guide *g, struct engine *e);

/* The execution is over: was there anything new? */
void guide_learn(struct guide *g, const struct engine *e);

/* How many pairs were seen. */
u32 guide_covered(const struct guide *g);

/* Write what is new to the corpus.  Return: 0; -EIO. */
int guide_save(struct guide *g);

#endif
