// SPDX-License-Identifier: GPL-2.0
/* What is known of an address space from a capture, see space.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "replay/space.h"

#define PAGE_SIZE 4096ULL

void space_init(struct space *s, u64 sz_block, u32 nr_max, u64 end)
{
	*s = (struct space){
		.sz_block = sz_block,
		.nr_max = nr_max,
		.end = end,
	};
}

void space_fini(struct space *s)
{
	free(s->range);
	*s = (struct space){ 0 };
}

int space_clear(struct space *s)
{
	s->nr = 0;
	s->last = 0;
	s->changed = true;
	return 0;
}

/* Place of the first range that ends at or after @start. */
static u32 space_find(const struct space *s, u64 start)
{
	u32 low = 0, high = s->nr;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (s->range[mid].end < start)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Blocks of twice the size, until the ranges are few enough. */
static void space_coarsen(struct space *s)
{
	while (s->nr > s->nr_max && s->sz_block < 1ULL << 62) {
		u64 mask;
		u32 i, out = 0;

		s->sz_block *= 2;
		mask = s->sz_block - 1;
		for (i = 0; i < s->nr; i++) {
			struct range r = s->range[i];

			r.start &= ~mask;
			r.end = (r.end + mask) & ~mask;
			if (r.end > s->end || r.end < r.start)
				r.end = s->end;
			if (out && s->range[out - 1].end >= r.start) {
				if (r.end > s->range[out - 1].end)
					s->range[out - 1].end = r.end;
			} else {
				s->range[out++] = r;
			}
		}
		s->nr = out;
	}
	s->last = 0;
}

/* Room for one more range. */
static int space_grow(struct space *s)
{
	u32 room = s->room ? 2 * s->room : 16;
	struct range *grown;

	if (s->nr < s->room)
		return 0;
	grown = realloc(s->range, room * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	s->range = grown;
	s->room = room;
	return 0;
}

int space_add(struct space *s, u64 start, u64 end)
{
	u32 at, until;

	if (end > s->end || end < start)
		end = s->end;
	start &= ~(PAGE_SIZE - 1);
	end = (end + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	if (start >= end)
		return 0;

	at = space_find(s, start);
	if (at < s->nr && s->range[at].start <= start &&
	    s->range[at].end >= end) {
		s->last = at;
		return 0;
	}
	s->changed = true;
	/* Swallow every range that it touches. */
	for (until = at; until < s->nr && s->range[until].start <= end;
	     until++) {
		if (s->range[until].start < start)
			start = s->range[until].start;
		if (s->range[until].end > end)
			end = s->range[until].end;
	}
	if (until == at && space_grow(s))
		return -ENOMEM;
	memmove(&s->range[at + 1], &s->range[until],
		(s->nr - until) * sizeof(*s->range));
	s->range[at] = (struct range){ start, end };
	s->nr += 1 + at - until;
	s->last = at;
	if (s->nr > s->nr_max)
		space_coarsen(s);
	return 0;
}
