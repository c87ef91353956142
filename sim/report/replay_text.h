/* SPDX-License-Identifier: GPL-2.0 */
/* A replay's result for people to read, in the terminal or in a file. */
#ifndef REPLAY_TEXT_H
#define REPLAY_TEXT_H

#include <stdio.h>

#include <linux/types.h>

struct replay;

/**
 * struct replay_text - how it is printed.
 * @cols:	columns of a heat map, 0 for none
 * @rows:	its rows
 * @nr_areas:	how many hot areas and regions are listed
 * @all_regions: list every region of the latest window instead
 * @color:	with the terminal's colors
 */
struct replay_text {
	u32 cols;
	u32 rows;
	u32 nr_areas;
	bool all_regions;
	bool color;
};

/**
 * replay_text() - print a result.
 * @f:		where to
 * @r:		a replay that has run
 * @how:	how
 *
 * Return: 0; -ENOMEM.
 */
int replay_text(FILE *f, const struct replay *r, const struct replay_text *how);

#endif
