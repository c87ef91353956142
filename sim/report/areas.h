/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hot areas of a whole run: stretches of memory of about the same heat.
 *
 * DAMON's regions are of one moment; an area is the mean over the canvas, so
 * that memory that was hot all along is named also when the run's end was idle.
 */
#ifndef AREAS_H
#define AREAS_H

#include "replay/heat.h"

/**
 * struct area - a stretch of memory.
 * @start:	first byte
 * @last:	last byte
 * @mean_bp:	mean access frequency over the run, bp of the ticks
 */
struct area {
	u64 start;
	u64 last;
	double mean_bp;
};

/* All heat of an area: bytes times bp. */
static inline double area_heat(const struct area *a)
{
	return a->mean_bp * ((double)(a->last - a->start) + 1);
}

/**
 * areas_find() - cut the canvas into areas.
 * @h:		canvas
 * @out:	areas, hottest first, to be freed; NULL if there is none
 * @nr:		how many
 *
 * Neighbours belong together when their heat differs by less than a fifth of
 * the hottest bin's.
 *
 * Return: 0; -ENOMEM.
 */
int areas_find(const struct heat *h, struct area **out, u32 *nr);

#endif
