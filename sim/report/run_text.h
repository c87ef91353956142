/* SPDX-License-Identifier: GPL-2.0 */
/* A run's result for people. */
#ifndef RUN_TEXT_H
#define RUN_TEXT_H

#include <stdio.h>

struct run;

/**
 * run_text() - print a result.
 * @f:		where to
 * @r:		a run that is over
 * @wall_s:	how long that took
 */
void run_text(FILE *f, const struct run *r, double wall_s);

#endif
