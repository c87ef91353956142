/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A heat map for the terminal, in the look of "damo report heatmap": a line for
 * each step of time, a character for each step of address, 0 cold to 9 hot.
 *
 * Not here: where the heat comes from (heat.h).
 */
#ifndef HEATMAP_H
#define HEATMAP_H

#include <stdio.h>

#include "replay/heat.h"

/**
 * heatmap_draw() - draw one box of the canvas.
 * @f:		where to
 * @h:		canvas
 * @box:	what to draw, at most 200 columns
 * @color:	with the terminal's colors behind the digits
 *
 * The scale goes from 0 to the hottest cell.
 *
 * Return: 0; -ENOMEM.
 */
int heatmap_draw(FILE *f, const struct heat *h, const struct heat_box *box,
		 bool color);

#endif
