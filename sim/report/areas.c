// SPDX-License-Identifier: GPL-2.0
/* Hot areas of a whole run, see areas.h. */
#include <errno.h>
#include <stdlib.h>

#include "report/areas.h"

static int hottest_first(const void *a, const void *b)
{
	const struct area *x = a, *y = b;

	if (x->mean_bp != y->mean_bp)
		return x->mean_bp < y->mean_bp ? 1 : -1;
	return x->start < y->start ? -1 : x->start > y->start;
}

static double bytes(const struct area *a)
{
	return (double)(a->last - a->start) + 1;
}

/* Take the bin into the area if it goes on where that ends, about as hot. */
static bool area_extend(struct area *a, const struct area *bin, double near_bp)
{
	double diff = bin->mean_bp - a->mean_bp;

	if (bin->start != a->last + 1 || diff > near_bp || diff < -near_bp)
		return false;
	a->mean_bp = (a->mean_bp * bytes(a) + bin->mean_bp * bytes(bin)) /
		     (bytes(a) + bytes(bin));
	a->last = bin->last;
	return true;
}

int areas_find(const struct heat *h, struct area **out, u32 *nr)
{
	struct area *areas, bin;
	double hottest = 0;
	u32 i, n = 0;

	*out = NULL;
	*nr = 0;
	for (i = 0; heat_next_bin(h, i, &bin.start, &bin.last, &bin.mean_bp);
	     i++)
		hottest = bin.mean_bp > hottest ? bin.mean_bp : hottest;
	if (!i)
		return 0;
	areas = calloc(i, sizeof(*areas));
	if (!areas)
		return -ENOMEM;
	for (i = 0; heat_next_bin(h, i, &bin.start, &bin.last, &bin.mean_bp);
	     i++)
		if (!n || !area_extend(&areas[n - 1], &bin, hottest / 5))
			areas[n++] = bin;
	qsort(areas, n, sizeof(*areas), hottest_first);
	*out = areas;
	*nr = n;
	return 0;
}
