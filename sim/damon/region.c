// SPDX-License-Identifier: GPL-2.0
/*
 * The array of regions: room, order, one cut.
 *
 * Growth is by doubling, so that an array that swings between merges and splits
 * soon stops to ask for memory.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>

#include "region.h"

int regions_reserve(struct regions *v, u64 nr)
{
	struct region *at;
	u64 max = v->max ? v->max : 16;

	if (nr <= v->max)
		return 0;
	if (nr > REGIONS_NR_MAX)
		return -ENOMEM;
	while (max < nr)
		max *= 2;
	at = realloc(v->at, max * sizeof(*at));
	if (!at)
		return -ENOMEM;
	v->at = at;
	v->max = max;
	return 0;
}

int regions_add(struct regions *v, u64 start, u64 end)
{
	const struct region r = { .start = start, .end = end };
	int err;

	if (start >= end || (v->nr && v->at[v->nr - 1].end > start))
		return -EINVAL;
	err = regions_reserve(v, (u64)v->nr + 1);
	if (!err)
		regions_push(v, &r);
	return err;
}

int regions_split_at(struct regions *v, u32 index, u64 sz)
{
	struct region *left;
	int err;

	if (!sz || sz >= region_sz(&v->at[index]))
		return -EINVAL;
	err = regions_reserve(v, (u64)v->nr + 1);
	if (err)
		return err;
	left = &v->at[index];
	memmove(left + 1, left, (v->nr - index) * sizeof(*left));
	v->nr++;
	left->end = left->start + sz;
	left[1].start = left->end;
	return 0;
}

void regions_swap(struct regions *v, struct regions *spare)
{
	struct regions old = *v;

	*v = *spare;
	*spare = old;
}

u64 regions_sz(const struct regions *v)
{
	u64 sz = 0;
	u32 i;

	for (i = 0; i < v->nr; i++)
		sz += region_sz(&v->at[i]);
	return sz;
}

bool regions_same_layout(const struct regions *a, const struct regions *b)
{
	u32 i;

	if (a->nr != b->nr)
		return false;
	for (i = 0; i < a->nr; i++) {
		if (a->at[i].start != b->at[i].start ||
		    a->at[i].end != b->at[i].end)
			return false;
	}
	return true;
}

void regions_fini(struct regions *v)
{
	free(v->at);
	*v = (struct regions){ 0 };
}
