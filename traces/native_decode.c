// SPDX-License-Identifier: GPL-2.0
/*
 * The columns of a block back to records.
 *
 * A few hundred records at a time, so that their columns stay in the first
 * caches: first the combinations, which tell how many values each column has to
 * give; then those; then one pass that makes the records.  Its chains (time,
 * page, frame) do not wait for each other.
 */
#include <errno.h>
#include <stdlib.h>

#include <linux/compiler.h>

#include "native_bytes.h"
#include "native_model.h"

#define BATCH INTS_BATCH

struct native_decoder {
	struct model m;
	u64 step;
	u64 left; /* records of the block */
	size_t nr_events;
	u64 sz[NATIVE_NR_COLUMNS]; /* of what was begun */
	struct ints_reader col[NATIVE_NR_COLUMNS];
	struct symbols {
		const u8 *cur;
		size_t left;
	} page_by, frame_by;
	u8 *room; /* of all columns */
	ZSTD_DCtx *zstd;
	u64 values[NATIVE_NR_COLUMNS][BATCH * WHO_NR_VALUES];
	struct model_who *who[BATCH];
};

int native_decoder_new(struct native_decoder **out)
{
	struct native_decoder *d = calloc(1, sizeof(*d));
	size_t sz = 0;
	int i;

	if (!d)
		return -ENOMEM;
	for (i = 0; i < NATIVE_NR_COLUMNS; i++)
		sz += INTS_SZ_ROOM(NATIVE_NR_RECORDS * native_per_record(i));
	d->room = malloc(sz);
	d->zstd = ZSTD_createDCtx();
	if (!d->room || !d->zstd) {
		native_decoder_free(d);
		return -ENOMEM;
	}
	*out = d;
	return 0;
}

void native_decoder_free(struct native_decoder *d)
{
	if (!d)
		return;
	free(d->room);
	ZSTD_freeDCtx(d->zstd);
	free(d);
}

static int begin_symbols(struct symbols *s, struct native_in *in, size_t nr_max,
			 u8 *room, ZSTD_DCtx *zstd)
{
	s->cur = room;
	return bytes_read(in, room, nr_max, &s->left, NULL, zstd);
}

int native_decode_begin(struct native_decoder *d,
			const struct native_chunk *chunk, const u8 *payload,
			size_t nr_events)
{
	struct native_in in = { .cur = payload,
				.end = payload + chunk->sz_payload };
	const u8 *step = native_get(&in, 8);
	const u8 *begin;
	u8 *room = d->room;
	int i, ret;

	d->left = 0;
	if (!step || chunk->nr > NATIVE_NR_RECORDS)
		return -EBADMSG;
	d->step = native_le64(step);
	d->nr_events = nr_events;
	if (d->step < 1ull << 32 || d->step >= 1ull << 40)
		return -EBADMSG;
	for (i = 0; i < NATIVE_NR_COLUMNS; i++) {
		size_t nr_max = (size_t)chunk->nr * native_per_record(i);

		begin = in.cur;
		if (i == COL_PAGE_BY)
			ret = begin_symbols(&d->page_by, &in, nr_max, room,
					    d->zstd);
		else if (i == COL_FRAME_BY)
			ret = begin_symbols(&d->frame_by, &in, nr_max, room,
					    d->zstd);
		else
			ret = ints_begin(&d->col[i], &in, nr_max, room,
					 d->zstd);
		if (ret)
			return ret;
		d->sz[i] += in.cur - begin;
		room += INTS_SZ_ROOM(nr_max);
	}
	if (in.cur != in.end || d->col[COL_WHO].left != chunk->nr)
		return -EBADMSG;
	if (chunk->kind == NATIVE_KEY_BLOCK)
		model_reset(&d->m);
	d->left = chunk->nr;
	return 0;
}

u64 native_decode_sz(const struct native_decoder *d, enum native_column col)
{
	return d->sz[col];
}

static bool read_column(struct native_decoder *d, enum native_column col,
			size_t nr)
{
	return ints_read(&d->col[col], d->values[col], nr);
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

static size_t count_symbol(const u8 *symbols, size_t nr, u8 what)
{
	size_t n = 0, i;

	for (i = 0; i < nr; i++)
		n += symbols[i] == what;
	return n;
}

static size_t count_u64(const u64 *values, size_t nr, u64 what)
{
	size_t n = 0, i;

	for (i = 0; i < nr; i++)
		n += values[i] == what;
	return n;
}

/* The combinations of @nr records, and how many have each field. */
static bool read_who(struct native_decoder *d, size_t nr, size_t counts[7])
{
	const u64 *by = d->values[COL_WHO];
	struct model *m = &d->m;
	u32 any = 0, all = ~0u, bit, index;
	size_t i;

	if (!read_column(d, COL_WHO, nr))
		return false;
	for (i = 0; i < nr; i++) {
		if (likely(by[i] < WHO_NR_RECENT && m->nr_who)) {
			index = m->recent[by[i]];
			if (by[i])
				model_used_who(m, index, by[i]);
		} else {
			index = by[i] == WHO_FRESH ? m->nr_who :
						     by[i] - WHO_KNOWN;
			if (by[i] < WHO_FRESH ||
			    (by[i] == WHO_FRESH ?
				     !add_who(d) :
				     by[i] - WHO_KNOWN >= m->nr_who))
				return false;
			model_used_who(m, index, WHO_NR_RECENT - 1);
		}
		d->who[i] = &m->who[index];
		any |= d->who[i]->fields;
		all &= d->who[i]->fields;
	}
	for (bit = 0; bit < 7; bit++) {
		counts[bit] = all >> bit & 1 ? nr : 0;
		if (!((any & ~all) >> bit & 1))
			continue;
		for (i = 0; i < nr; i++)
			counts[bit] += d->who[i]->fields >> bit & 1;
	}
	return true;
}

enum { NR_TIME, NR_IP, NR_ADDR, NR_PHYS, NR_SRC, NR_WEIGHT, NR_WHOLE };

static bool read_columns(struct native_decoder *d, size_t nr, size_t n[7])
{
	u64(*v)[BATCH * WHO_NR_VALUES] = d->values;
	size_t near, away, odd;

	if (!read_who(d, nr, n))
		return false;
	if (!read_column(d, COL_TIME, n[NR_TIME]) ||
	    !read_column(d, COL_TIME_OFF, n[NR_TIME]) ||
	    !read_column(d, COL_IP, n[NR_IP]) ||
	    !read_column(d, COL_IP_NEW, count_u64(v[COL_IP], n[NR_IP], IP_NEW)))
		return false;
	if (d->page_by.left < n[NR_ADDR] || d->frame_by.left < n[NR_PHYS])
		return false;
	d->page_by.left -= n[NR_ADDR];
	d->frame_by.left -= n[NR_PHYS];
	near = count_symbol(d->page_by.cur, n[NR_ADDR], PAGE_NEXT);
	if (!read_column(d, COL_PAGE, n[NR_ADDR] - near) ||
	    !read_column(d, COL_OFFSET, n[NR_ADDR]))
		return false;
	away = count_symbol(d->frame_by.cur, n[NR_PHYS], FRAME_AWAY);
	odd = count_symbol(d->frame_by.cur, n[NR_PHYS], FRAME_ODD);
	if (!read_column(d, COL_FRAME, away + odd) ||
	    !read_column(d, COL_SRC, n[NR_SRC]) ||
	    !read_column(d, COL_SRC_NEW, count_u64(v[COL_SRC], n[NR_SRC], 0)) ||
	    !read_column(d, COL_WEIGHT, n[NR_WEIGHT]))
		return false;
	return true;
}

/* The end of each record, which is its combination's. */
static void make_heads(struct native_decoder *d, struct trace_record *recs,
		       size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		memcpy(&recs[i].pid, &d->who[i]->head, sizeof(d->who[i]->head));
}

static void make_times(struct native_decoder *d, struct trace_record *recs,
		       size_t nr)
{
	const u64 *steps = d->values[COL_TIME], *offs = d->values[COL_TIME_OFF];
	u64 clock_ns = d->m.time_ns, step = d->step, time_ns, off, *shift;
	u32 frac = d->m.time_frac;
	__int128 at;
	size_t i;

	for (i = 0; i < nr; i++) {
		recs[i].time_ns = 0;
		if (!(d->who[i]->fields & WHO_TIME))
			continue;
		at = (__int128)(s64)native_unzigzag(*steps++) * step + frac;
		clock_ns += (u64)(at >> 32);
		frac = at;
		off = native_unzigzag(*offs++);
		shift = model_shift(&d->m, d->who[i]);
		time_ns = clock_ns + ((s64)(frac + *shift) >> 32) + off;
		if (unlikely(off))
			*shift = model_new_shift(time_ns, clock_ns, frac, off);
		recs[i].time_ns = time_ns;
	}
	d->m.time_ns = clock_ns;
	d->m.time_frac = frac;
}

static bool make_ips(struct native_decoder *d, struct trace_record *recs,
		     size_t nr)
{
	const u64 *by = d->values[COL_IP], *fresh = d->values[COL_IP_NEW];
	struct model_dict *dict = &d->m.ips;
	size_t i;
	u64 *next;

	for (i = 0; i < nr; i++) {
		struct model_who *who = d->who[i];

		recs[i].ip = 0;
		if (!(who->fields & WHO_IP))
			continue;
		next = model_next_ip(&d->m, who);
		if (*by == IP_NEXT) {
			who->ip = *next;
		} else if (*by == IP_NEW) {
			who->ip += native_unzigzag(*fresh++);
			if (dict->nr < MODEL_NR_DICT)
				dict->value[dict->nr++] = who->ip;
		} else if (*by != IP_SAME) {
			if (unlikely(*by - IP_KNOWN >= dict->nr))
				return false;
			who->ip = dict->value[*by - IP_KNOWN];
		}
		if (*by++ != IP_SAME)
			*next = who->ip;
		recs[i].ip = who->ip;
	}
	return true;
}

static void make_addrs(struct native_decoder *d, struct trace_record *recs,
		       size_t nr)
{
	const u64 *way = d->values[COL_PAGE], *offsets = d->values[COL_OFFSET];
	const u8 *by = d->page_by.cur;
	struct model *m = &d->m;
	u64 *next, *frame, page, offset;
	u32 site, place;
	size_t i;

	for (i = 0; i < nr; i++) {
		struct model_who *who = d->who[i];

		recs[i].addr = 0;
		if (!(who->fields & WHO_ADDR))
			continue;
		next = &m->page[who->place].next;
		site = model_site(who, recs[i].ip);
		if (likely(*by == PAGE_NEXT)) {
			page = model_next_page(*next);
			place = *next & 0xffff;
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

static bool make_phys(struct native_decoder *d, struct trace_record *recs,
		      size_t nr)
{
	const u64 *way = d->values[COL_FRAME];
	const u8 *bys = d->frame_by.cur;
	struct model *m = &d->m;
	u64 *slot, by, page, frame;
	struct model_cursor *c;
	size_t i;

	for (i = 0; i < nr; i++) {
		struct model_who *who = d->who[i];

		recs[i].phys_addr = 0;
		if (!(who->fields & WHO_PHYS))
			continue;
		by = *bys++;
		page = recs[i].addr >> 12;
		slot = model_frame(m, who->space, page);
		if (by == FRAME_SAME) {
			recs[i].phys_addr =
				(*slot & ~4095ull) | (recs[i].addr & 4095);
			continue;
		}
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
		model_took_frame(m, c, who->space, page, frame, by);
		recs[i].phys_addr = frame << 12 | (recs[i].addr & 4095);
	}
	d->frame_by.cur = bys;
	return true;
}

static bool make_rest(struct native_decoder *d, struct trace_record *recs,
		      size_t nr)
{
	const u64 *by = d->values[COL_SRC], *fresh = d->values[COL_SRC_NEW];
	const u64 *weight = d->values[COL_WEIGHT];
	struct model_dict *dict = &d->m.srcs;
	size_t i;

	for (i = 0; i < nr; i++) {
		u32 fields = d->who[i]->fields;

		recs[i].data_src = 0;
		if (fields & WHO_SRC) {
			if (unlikely(!*by)) {
				recs[i].data_src = *fresh++;
				if (dict->nr < MODEL_NR_DICT)
					dict->value[dict->nr++] =
						recs[i].data_src;
			} else if (unlikely(*by > dict->nr)) {
				return false;
			} else {
				recs[i].data_src = dict->value[*by - 1];
			}
			by++;
		}
		if (fields & WHO_WEIGHT)
			recs[i].weight = *weight++;
	}
	return true;
}

/* Those that tell every field. */
static bool make_whole(struct native_decoder *d, struct trace_record *recs,
		       size_t nr)
{
	u64 v[WHOLE_NR_VALUES];
	u32 timed;
	size_t i;

	for (i = 0; i < nr; i++) {
		struct model_who *who = d->who[i];

		if (!(who->fields & WHO_WHOLE))
			continue;
		timed = !!(who->fields & WHO_TIME);
		if (!ints_read(&d->col[COL_WHOLE], v + timed,
			       WHOLE_NR_VALUES - timed))
			return false;
		if (!timed)
			recs[i].time_ns = v[0];
		recs[i].addr = who->page + native_unzigzag(v[1]);
		recs[i].ip = who->ip + native_unzigzag(v[2]);
		recs[i].phys_addr = v[3];
		recs[i].data_src = v[4];
		recs[i].weight = v[5];
		who->page = recs[i].addr;
		who->ip = recs[i].ip;
	}
	return true;
}

static bool make_records(struct native_decoder *d, struct trace_record *recs,
			 size_t nr, const size_t n[7])
{
	make_heads(d, recs, nr);
	make_times(d, recs, nr);
	if (!make_ips(d, recs, nr))
		return false;
	make_addrs(d, recs, nr);
	return make_phys(d, recs, nr) && make_rest(d, recs, nr) &&
	       (!n[NR_WHOLE] || make_whole(d, recs, nr));
}

/* Columns hold what the records took, and no more. */
static bool all_used(const struct native_decoder *d)
{
	int i;

	for (i = 0; i < NATIVE_NR_COLUMNS; i++)
		if (d->col[i].left)
			return false;
	return !d->page_by.left && !d->frame_by.left;
}

long native_decode(struct native_decoder *d, struct trace_record *recs,
		   size_t nr)
{
	size_t done = 0, part, n[7];

	nr = nr < d->left ? nr : d->left;
	for (; done < nr; done += part) {
		part = nr - done < BATCH ? nr - done : BATCH;
		if (!read_columns(d, part, n) ||
		    !make_records(d, recs + done, part, n))
			return -EBADMSG;
		d->left -= part;
	}
	return d->left || all_used(d) ? (long)done : -EBADMSG;
}
