/* SPDX-License-Identifier: GPL-2.0 */
/* A replay's result for programs to read: one JSON object. */
#ifndef REPLAY_JSON_H
#define REPLAY_JSON_H

#include <stdio.h>

#include <linux/types.h>

struct replay;

/**
 * replay_json() - print a result.
 * @f:		where to
 * @r:		a replay that has run
 * @cols:	columns of the heat matrix, 0 for none
 * @rows:	its rows
 *
 * Return: 0; -ENOMEM.
 */
int replay_json(FILE *f, const struct replay *r, u32 cols, u32 rows);

#endif
