// SPDX-License-Identifier: GPL-2.0
/*
 * Which combination each record of a batch is of, and so which fields it has.
 *
 * With some CPUs at work the rank is noise, which no processor predicts: the
 * list of those used last is turned without a branch, as bytes of one word.
 */
#include <linux/compiler.h>

#include "native_decode.h"

void decode_reset_who(struct native_decoder *d)
{
	d->order = 0x0706050403020100;
	memset(d->recent, 0, sizeof(d->recent));
}

static bool add_who(struct native_decoder *d)
{
	struct model_who *who = &d->m.who[d->m.nr_who];
	u64 v[WHO_NR_VALUES];

	if (d->m.nr_who == MODEL_NR_WHO ||
	    !ints_read(&d->col[COL_WHO_NEW], v, WHO_NR_VALUES) ||
	    v[0] >= TRACE_NR_TYPES || v[1] >= d->nr_events || v[2] > 255 ||
	    v[3] > ~0u || v[4] > ~0u || v[5] > ~0u || v[6] > ~0u || v[7] > 1)
		return false;
	if (v[0] != TRACE_SAMPLE && !v[7])
		return false;
	*who = (struct model_who){
		.head = { .pid = v[4],
			  .tid = v[5],
			  .cpu = v[6],
			  .event = v[1],
			  .type = v[0],
			  .mode = v[2],
			  .has = v[3] },
		.fields = model_fields(v[3]),
		.space = v[4] & 0xffffff,
		.place = model_place(0, v[4] & 0xffffff),
	};
	if (v[7])
		who->fields = (who->fields & WHO_TIME) | WHO_WHOLE;
	d->m.nr_who++;
	return true;
}

/* Which one, of those that are not among the last; -1 if there is none. */
static long far_who(struct native_decoder *d, u64 by)
{
	u32 index = d->m.nr_who;

	if (by == WHO_FRESH)
		return add_who(d) ? (long)index : -1;
	return by - WHO_KNOWN < index ? (long)(by - WHO_KNOWN) : -1;
}

/* The one of @rank goes to the front.  Return: which of d->recent it is. */
static inline u32 to_front(u64 *order, u32 rank)
{
	u64 slot = *order >> 8 * rank & 255;
	u64 turned = ((1ull << 8 * rank) - 1) << 8 | 255;

	*order = (*order & ~turned) | (*order << 8 & turned) | slot;
	return slot;
}

/* All are of the one used last. */
static bool same_who(struct native_decoder *d, size_t nr)
{
	struct model_who *who = &d->m.who[d->recent[d->order & 255]];
	u32 bit;
	size_t i;

	for (i = 0; i < nr; i++)
		d->who[i] = who;
	for (bit = 0; bit < NR_NRS; bit++)
		d->n[bit] = who->fields >> bit & 1 ? nr : 0;
	return true;
}

bool decode_who(struct native_decoder *d, size_t nr)
{
	const u64 *by = d->values[COL_WHO];
	struct model_who *all_who = d->m.who;
	u32 any = 0, all = ~0u, bit, slot;
	u64 order = d->order;
	size_t i;
	long index;

	/* The first one of a group cannot have been used before. */
	if (!d->m.nr_who && by[0] != WHO_FRESH)
		return false;
	if (d->same[COL_WHO] && !by[0])
		return same_who(d, nr);
	for (i = 0; i < nr; i++) {
		if (likely(by[i] < WHO_NR_RECENT)) {
			slot = to_front(&order, by[i]);
		} else {
			index = far_who(d, by[i]);
			if (index < 0)
				return false;
			slot = to_front(&order, WHO_NR_RECENT - 1);
			d->recent[slot] = index;
		}
		d->who[i] = &all_who[d->recent[slot]];
		any |= d->who[i]->fields;
		all &= d->who[i]->fields;
	}
	d->order = order;
	for (bit = 0; bit < NR_NRS; bit++) {
		d->n[bit] = all >> bit & 1 ? nr : 0;
		if (!((any & ~all) >> bit & 1))
			continue;
		for (i = 0; i < nr; i++)
			d->n[bit] += d->who[i]->fields >> bit & 1;
	}
	return true;
}
