// SPDX-License-Identifier: GPL-2.0
/*
 * Regions to ranges, in one walk along both.
 *
 * The kernel deletes, inserts and stretches in a list.  Here the same decisions
 * are taken in the same order with a cursor that never goes back, and the
 * outcome is written to another array, so that a failure has changed nothing.
 */
#include <linux/errno.h>

#include "set_regions.h"

static bool overlaps(const struct region *r, const struct range *range)
{
	return r->end > range->start && range->end > r->start;
}

static int check_ranges(const struct range *range, u32 nr, u64 align)
{
	u64 start, end, last_end = 0;
	u32 i;

	for (i = 0; i < nr; i++) {
		start = region_align_down(range[i].start, align);
		end = region_align_up(range[i].end, align);
		if (start >= end || last_end > start)
			return -EINVAL;
		last_end = end;
	}
	return 0;
}

/* First region at or after @cursor that overlaps any of the ranges. */
static u32 next_kept(const struct regions *from, u32 cursor,
		     const struct range *range, u32 nr, u32 *range_hint)
{
	const struct region *r;

	for (; cursor < from->nr; cursor++) {
		r = &from->at[cursor];
		/* A range that ends below it ends below all that follow. */
		while (*range_hint < nr && range[*range_hint].end <= r->start)
			(*range_hint)++;
		if (*range_hint < nr && overlaps(r, &range[*range_hint]))
			break;
	}
	return cursor;
}

static void push_new(struct regions *out, u64 start, u64 end)
{
	const struct region r = { .start = start, .end = end };

	regions_push(out, &r);
}

int set_regions(struct regions *out, const struct regions *from,
		const struct range *range, u32 nr, u64 align)
{
	u32 i, cursor, kept_before, range_hint = 0;
	u64 start, end;
	int err;

	err = check_ranges(range, nr, align);
	if (err)
		return err;
	/* Each range adds itself, each region at most the hole before it. */
	err = regions_reserve(out, 2 * (u64)from->nr + nr);
	if (err)
		return err;

	out->nr = 0;
	cursor = next_kept(from, 0, range, nr, &range_hint);
	for (i = 0; i < nr; i++) {
		start = region_align_down(range[i].start, align);
		end = region_align_up(range[i].end, align);
		kept_before = out->nr;
		/* All that begin below the range's end belong to it. */
		while (cursor < from->nr &&
		       from->at[cursor].start < range[i].end) {
			if (out->nr > kept_before &&
			    out->at[out->nr - 1].end != from->at[cursor].start)
				push_new(out, out->at[out->nr - 1].end,
					 from->at[cursor].start);
			regions_push(out, &from->at[cursor]);
			cursor = next_kept(from, cursor + 1, range, nr,
					   &range_hint);
		}
		if (out->nr == kept_before) {
			push_new(out, start, end);
		} else {
			out->at[kept_before].start = start;
			out->at[out->nr - 1].end = end;
		}
	}
	return 0;
}
