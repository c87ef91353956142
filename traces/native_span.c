// SPDX-License-Identifier: GPL-2.0
/*
 * Where to begin reading a native trace for a span of time.
 *
 * The index at the end says which blocks have it, and which key block comes
 * before them.  Without one that can be believed, as of a pipe or of a trace
 * that was cut off, all is read from the beginning.
 */
#include <stdlib.h>

#include "native_reader.h"

/* Return: false if there is none, or none that can be believed. */
static bool read_index(struct trace_source *src, struct native_index *index)
{
	struct input *in = &src->in;
	u8 end[NATIVE_SZ_END], head[NATIVE_SZ_CHUNK], *payload;
	struct native_chunk chunk;
	struct trace_error unsaid;
	struct native_in from;
	bool ok = false;
	u64 at;

	if (!input_seekable(in) ||
	    in->size < NATIVE_SZ_HEAD + NATIVE_SZ_CHUNK + NATIVE_SZ_END ||
	    input_read_at(in, end, sizeof(end), in->size - sizeof(end)) != 1 ||
	    memcmp(end, "DST.", 4) ||
	    native_le32(end + 4) != native_crc(0, end + 8, sizeof(end) - 8))
		return false;
	at = native_le64(end + 8);
	if (input_read_at(in, head, sizeof(head), at) != 1 ||
	    native_get_chunk(&chunk, head, NULL, at, &unsaid) ||
	    chunk.kind != NATIVE_INDEX)
		return false;
	payload = malloc(chunk.sz_payload ? chunk.sz_payload : 1);
	if (!payload)
		return false;
	from = (struct native_in){ .cur = payload,
				   .end = payload + chunk.sz_payload };
	if (input_read_at(in, payload, chunk.sz_payload, at + sizeof(head)) ==
		    1 &&
	    !native_get_chunk(&chunk, head, payload, at, &unsaid))
		ok = !native_get_index(&from, index);
	free(payload);
	return ok;
}

/* Where the wanted blocks are; a block that has no times is wanted. */
static void choose_span(struct native_reader *r, struct native_index *index,
			u64 first_ns, u64 last_ns, u64 *begin)
{
	u64 key = 0;
	bool any = false;
	size_t i;

	for (i = 0; i < index->nr; i++) {
		struct native_row *row = &index->rows[i];

		if (row->key)
			key = row->offset;
		if (row->last_ns < first_ns || row->first_ns > last_ns)
			continue;
		if (!any) {
			*begin = key;
			r->want_offset = row->offset;
		}
		any = true;
		r->end_offset = row->offset + 1;
	}
	if (!any)
		r->end_offset = 0;
}

/*
 * Events lie between the blocks: those before the one to begin with are read on
 * the way.
 */
static int read_events_to(struct trace_source *src, struct native_reader *r,
			  u64 begin, struct trace_error *err)
{
	struct input *in = &src->in;
	u8 head[NATIVE_SZ_CHUNK];
	struct native_in from;
	int ret;

	while (input_offset(in) < begin) {
		r->offset = input_offset(in);
		ret = input_fill(in, NATIVE_SZ_CHUNK);
		if (ret < 0)
			return trace_system_fault(err, r->offset, "read", ret);
		if (!ret)
			return native_out_of_input(src, "a block", err);
		memcpy(head, in->cur, sizeof(head));
		ret = native_get_chunk(&r->chunk, head, NULL, r->offset, err);
		if (ret)
			return ret;
		if (r->chunk.kind != NATIVE_EVENTS) {
			ret = input_skip(in,
					 sizeof(head) + r->chunk.sz_payload);
			if (ret < 0)
				return trace_system_fault(err, r->offset,
							  "read", ret);
			if (!ret)
				return native_out_of_input(src, "a block", err);
			continue;
		}
		ret = native_take_chunk(src, r, err);
		if (ret)
			return ret;
		from = native_payload(r);
		ret = native_get_events(&from, &src->info);
		if (ret)
			return native_bad_content(r, ret, err);
	}
	if (input_offset(in) != begin)
		return trace_fault(err, input_offset(in),
				   "found no block at %llu, where the index "
				   "has one",
				   begin);
	return 0;
}

void native_set_span(struct trace_source *src, u64 first_ns, u64 last_ns)
{
	struct native_reader *r = src->priv;
	struct native_index index = { 0 };
	u64 begin = 0;

	if (read_index(src, &index)) {
		choose_span(r, &index, first_ns, last_ns, &begin);
		r->spanned = true;
		/* What is wrong is told when records are asked for. */
		if (begin)
			r->status = read_events_to(src, r, begin, &r->error);
		r->ended = r->status;
	}
	free(index.rows);
}
