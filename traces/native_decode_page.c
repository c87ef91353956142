// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses and frames of a batch: what the model guessed, and what is told.
 *
 * Both are chains through tables of a megabyte: the page, or frame, that was
 * found says where to look for the next one.  The chain of pages leaves a mark
 * some steps behind itself of where it went; when it comes by again, the mark
 * says what to fetch ahead of need.  For frames the same costs more than it
 * saves, so only what a link asks for beside the chain is fetched early.
 */
#include <linux/compiler.h>

#include "native_decode.h"

#define NR_AHEAD 6u /* records whose links are fetched early */

/* The chain of pages came to @place. */
static inline void mark_page(struct native_decoder *d, u32 place)
{
	u16 *behind = &d->trail[d->nr_trail++ % DECODE_NR_TRAIL];

	d->ahead[*behind] = place;
	*behind = place;
	__builtin_prefetch(&d->m.page[d->ahead[place]], 1);
}

DECODE_LINES void addrs(struct native_decoder *d, struct trace_record *recs,
			size_t nr, bool all)
{
	const u64 *way = d->values[COL_PAGE], *offsets = d->values[COL_OFFSET];
	const u8 *by = d->page_by.cur;
	struct model *m = &d->m;
	u64 *next, *frame, page, offset;
	u32 site, place;
	size_t i;

	for (i = 0; i < nr; i++) {
		struct model_who *who = d->who[i];

		if (!all && !(who->fields & WHO_ADDR)) {
			recs[i].addr = 0;
			d->place[i] = model_place(0, who->space);
			continue;
		}
		next = &m->page[who->place].next;
		site = model_site(who, recs[i].ip);
		if (likely(*by == PAGE_NEXT)) {
			page = model_next_page(*next);
			place = *next & 0xffff;
			mark_page(d, place);
		} else {
			page = native_unzigzag(*way++) +
			       (*by == PAGE_THREAD ? who->page :
						     m->site[site].page);
			page &= ~0ull >> 12;
			place = model_place(page, who->space);
			*next = model_next(page, place);
		}
		by++;
		who->page = page;
		who->place = place;
		d->place[i] = place;
		frame = &m->page[place].frame;
		offset = *offsets++;
		offset = offset ? offset - 1 + m->site[site].offset : *frame;
		offset &= 4095;
		m->site[site].page = page;
		m->site[site].offset = offset;
		*frame = (*frame & ~4095ull) | offset;
		recs[i].addr = page << 12 | offset;
	}
	d->page_by.cur = by;
}

void decode_addrs(struct native_decoder *d, struct trace_record *recs,
		  size_t nr)
{
	if (d->n[NR_ADDR] == nr)
		addrs(d, recs, nr, true);
	else
		addrs(d, recs, nr, false);
}

static inline bool take_frame(struct model *m, const u64 **way, u64 by,
			      const struct model_cursor *c, u64 page,
			      u64 *frame)
{
	switch (by) {
	case FRAME_FREED:
		*frame = c->next;
		return true;
	case FRAME_NEXT:
		*frame = c->frame + 1;
		return true;
	case FRAME_SHARED:
		*frame = *model_shared(m, page);
		return true;
	case FRAME_AWAY:
		*frame = c->frame + native_unzigzag(*(*way)++);
		return true;
	default:
		return false;
	}
}

/* What linking a frame to this page will ask for. */
static inline void fetch_links(struct model *m, u32 space, u64 page, u32 place)
{
	u32 low = model_place_below(place, page, space);
	u32 high = model_place_above(place, page, space);

	__builtin_prefetch(model_below(m, m->page[place].frame >> 12), 1);
	__builtin_prefetch(model_below(m, m->page[low].frame >> 12));
	__builtin_prefetch(model_below(m, m->page[high].frame >> 12), 1);
}

DECODE_LINES bool frames(struct native_decoder *d, struct trace_record *recs,
			 size_t nr, bool all)
{
	const u64 *way = d->values[COL_FRAME];
	const u8 *bys = d->frame_by.cur;
	struct model *m = &d->m;
	u64 by, page, frame;
	struct model_cursor *c;
	size_t i;

	for (i = 0; i < nr; i++) {
		struct model_who *who = d->who[i];

		recs[i].phys_addr = 0;
		if (!all && !(who->fields & WHO_PHYS))
			continue;
		by = *bys++;
		if (by == FRAME_SAME) {
			recs[i].phys_addr =
				(m->page[d->place[i]].frame & ~4095ull) |
				(recs[i].addr & 4095);
			continue;
		}
		if (i + NR_AHEAD < nr)
			fetch_links(m, d->who[i + NR_AHEAD]->space,
				    recs[i + NR_AHEAD].addr >> 12,
				    d->place[i + NR_AHEAD]);
		page = recs[i].addr >> 12;
		c = model_cursor(m, who);
		if (by == FRAME_ODD) {
			recs[i].phys_addr =
				(c->frame << 12) + native_unzigzag(*way++);
			c->frame = recs[i].phys_addr >> 12;
			continue;
		}
		if (unlikely(!take_frame(m, &way, by, c, page, &frame)))
			return false;
		frame &= ~0ull >> 12;
		model_took_frame(m, c, who->space, page, d->place[i], frame,
				 by);
		recs[i].phys_addr = frame << 12 | (recs[i].addr & 4095);
	}
	d->frame_by.cur = bys;
	return true;
}

bool decode_frames(struct native_decoder *d, struct trace_record *recs,
		   size_t nr)
{
	return d->n[NR_PHYS] == nr ? frames(d, recs, nr, true) :
				     frames(d, recs, nr, false);
}
