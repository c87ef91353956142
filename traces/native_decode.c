// SPDX-License-Identifier: GPL-2.0
/*
 * The columns of a block back to records.
 *
 * First the combinations, which tell how many values each column has to give;
 * then those; then one pass for each field of the records.
 */
#include <errno.h>
#include <stdlib.h>

#include <linux/compiler.h>

#include "native_bytes.h"
#include "native_decode.h"
#include "wide.h"

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

/* Of a column that has only one value a batch is made once. */
static void fill_same(struct native_decoder *d, enum native_column col)
{
	u64 value;
	u32 i;

	d->same[col] = col != COL_WHO_NEW && col != COL_WHOLE &&
		       ints_same(&d->col[col], &value);
	for (i = 0; d->same[col] && i < DECODE_BATCH; i++)
		d->values[col][i] = value;
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
		fill_same(d, i);
		d->sz[i] += in.cur - begin;
		room += INTS_SZ_ROOM(nr_max);
	}
	if (in.cur != in.end || d->col[COL_WHO].left != chunk->nr)
		return -EBADMSG;
	if (chunk->kind == NATIVE_KEY_BLOCK) {
		model_reset(&d->m);
		decode_reset_who(d);
	}
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
	if (!d->same[col])
		return ints_read(&d->col[col], d->values[col], nr);
	if (nr > d->col[col].left)
		return false;
	d->col[col].left -= nr;
	return true;
}

WIDE static size_t count_symbol(const u8 *symbols, size_t nr, u8 what)
{
	size_t n = 0, i;

	for (i = 0; i < nr; i++)
		n += symbols[i] == what;
	return n;
}

WIDE static size_t count_u64(const u64 *values, size_t nr, u64 what)
{
	size_t n = 0, i;

	for (i = 0; i < nr; i++)
		n += values[i] == what;
	return n;
}

/* How many values a column has follows from those before it. */
static bool read_columns(struct native_decoder *d, size_t nr)
{
	u64(*v)[DECODE_BATCH] = d->values;
	const size_t *n = d->n;
	size_t near, away, odd;

	if (!read_column(d, COL_WHO, nr) || !decode_who(d, nr))
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

static bool make_records(struct native_decoder *d, struct trace_record *recs,
			 size_t nr)
{
	make_heads(d, recs, nr);
	decode_times(d, recs, nr);
	if (!decode_ips(d, recs, nr))
		return false;
	decode_addrs(d, recs, nr);
	return decode_frames(d, recs, nr) && decode_rest(d, recs, nr);
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
	size_t done = 0, part;

	nr = nr < d->left ? nr : d->left;
	for (; done < nr; done += part) {
		part = nr - done < DECODE_BATCH ? nr - done : DECODE_BATCH;
		if (!read_columns(d, part) ||
		    !make_records(d, recs + done, part))
			return -EBADMSG;
		d->left -= part;
	}
	return d->left || all_used(d) ? (long)done : -EBADMSG;
}
