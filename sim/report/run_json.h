/* SPDX-License-Identifier: GPL-2.0 */
/* A run's result for programs: one JSON object. */
#ifndef RUN_JSON_H
#define RUN_JSON_H

#include <stdio.h>

#include <linux/types.h>

struct run;

/**
 * run_json() - print a result.
 * @f:		where to
 * @r:		a run that is over
 * @wall_s:	how long that took; below 0: leave it out, and with it all that
 *		is not the same each time
 * @points:	with every point of every goal's path
 *
 * Return: 0; -ENOMEM; -EIO.
 */
int run_json(FILE *f, const struct run *r, double wall_s, bool points);

#endif
