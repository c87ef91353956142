// SPDX-License-Identifier: GPL-2.0
/*
 * One scan that remembers the two largest gaps.
 */
#include <linux/errno.h>

#include "three_regions.h"

int three_regions(struct range out[3], const struct range *map, u32 nr)
{
	struct range gap, largest = { 0 }, second = { 0 };
	u32 i;

	for (i = 1; i < nr; i++) {
		gap.start = map[i - 1].end;
		gap.end = map[i].start;
		if (gap.end - gap.start > largest.end - largest.start) {
			second = largest;
			largest = gap;
		} else if (gap.end - gap.start > second.end - second.start) {
			second = gap;
		}
	}
	if (second.end == second.start)
		return -EINVAL;

	if (largest.start > second.start) {
		gap = largest;
		largest = second;
		second = gap;
	}
	out[0] = (struct range){ map[0].start, largest.start };
	out[1] = (struct range){ largest.end, second.start };
	out[2] = (struct range){ second.end, map[nr - 1].end };
	for (i = 0; i < 3; i++) {
		out[i].start = region_align_up(out[i].start, REGION_SZ_MIN);
		out[i].end = region_align_up(out[i].end, REGION_SZ_MIN);
	}
	return 0;
}
