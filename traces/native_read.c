// SPDX-License-Identifier: GPL-2.0
/*
 * A native trace as a source.
 *
 * Chunk by chunk, in the order of the file.  A block before the span that is
 * wanted is decoded all the same: those after it build on its tables.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/compiler.h>

#include "native_reader.h"

#define SKIP_BATCH 256u

static bool native_probe(const u8 *head, size_t len)
{
	return len >= NATIVE_SZ_MAGIC &&
	       !memcmp(head, native_magic, NATIVE_SZ_MAGIC);
}

static int native_open(struct trace_source *src, struct trace_error *err)
{
	struct native_reader *r = calloc(1, sizeof(*r));
	struct input *in = &src->in;
	struct native_in payload;
	u32 version;
	int ret;

	if (!r)
		return trace_system_fault(err, 0, "open", -ENOMEM);
	src->priv = r;
	src->info.format = "native";
	r->end_offset = ~0ull;
	if (input_left(in) < NATIVE_SZ_HEAD) {
		in->cur = in->end;
		return native_out_of_input(src, "a version", err);
	}
	version = native_le32(in->cur + 8);
	if (version != (u32)~native_le32(in->cur + 12))
		return trace_fault(err, 8,
				   "found the version %u and not its "
				   "complement after it",
				   version);
	if (version != NATIVE_VERSION)
		return trace_fault(err, 8,
				   "found version %u of the format, expected "
				   "%u: it was written by a newer program",
				   version, NATIVE_VERSION);
	in->cur += NATIVE_SZ_HEAD;
	ret = native_take_chunk(src, r, err);
	if (ret)
		return ret;
	if (r->chunk.kind != NATIVE_INFO)
		return trace_fault(err, r->offset,
				   "found a chunk '%c', expected 'I' first",
				   r->chunk.kind);
	payload = native_payload(r);
	ret = native_get_info(&payload, &src->info);
	return ret ? native_bad_content(r, ret, err) : 0;
}

/* The index and the end; return: 0 or a fault. */
static int finish(struct trace_source *src, struct native_reader *r,
		  struct trace_error *err)
{
	struct input *in = &src->in;
	u64 at = input_offset(in);
	int ret = input_fill(in, NATIVE_SZ_END);

	if (ret < 0)
		return trace_system_fault(err, at, "read", ret);
	if (!ret) {
		in->cur = in->end;
		return native_out_of_input(src, "the trace's end", err);
	}
	if (memcmp(in->cur, "DST.", 4) ||
	    native_le32(in->cur + 4) !=
		    native_crc(0, in->cur + 8, NATIVE_SZ_END - 8) ||
	    native_le64(in->cur + 8) != r->offset ||
	    native_le64(in->cur + 16) != r->nr_seen)
		return trace_fault(err, at,
				   "found a damaged end, expected \"DST.\" "
				   "with the index at %llu after %llu records",
				   r->offset, r->nr_seen);
	in->cur += NATIVE_SZ_END;
	ret = input_fill(in, 1);
	if (ret < 0)
		return trace_system_fault(err, at, "read", ret);
	if (ret)
		return trace_fault(err, input_offset(in),
				   "found bytes after the trace's end, "
				   "expected none");
	return 0;
}

static int begin_block(struct trace_source *src, struct native_reader *r,
		       struct trace_error *err)
{
	bool key = r->chunk.kind == NATIVE_KEY_BLOCK;
	int ret;

	if (!key && !r->has_key)
		return trace_fault(err, r->offset,
				   "found a block that needs others before it, "
				   "expected a key block first");
	if (r->spanned && !r->has_key)
		r->nr_seen = r->chunk.seq;
	if (!r->chunk.nr || r->chunk.seq != r->nr_seen)
		return trace_fault(err, r->offset,
				   "found a block of %u records after %llu, "
				   "expected one after %llu",
				   r->chunk.nr, r->chunk.seq, r->nr_seen);
	if (!r->decoder && native_decoder_new(&r->decoder))
		return trace_system_fault(err, r->offset, "read", -ENOMEM);
	ret = native_decode_begin(r->decoder, &r->chunk, r->payload.p,
				  src->info.nr_events);
	if (ret)
		return native_bad_content(r, ret, err);
	r->has_key = true;
	r->nr_seen += r->chunk.nr;
	r->in_block = true;
	src->counts.nr_blocks++;
	return 0;
}

/* The block is only for the model: what it holds is not wanted. */
static int skip_block(struct native_reader *r, struct trace_error *err)
{
	struct trace_record recs[SKIP_BATCH];
	long ret;

	do
		ret = native_decode(r->decoder, recs, SKIP_BATCH);
	while (ret > 0);
	r->in_block = false;
	return ret ? native_bad_content(r, ret, err) : 0;
}

/* Return: 1 if there may be records, 0 at the end, -errno. */
static int next_chunk(struct trace_source *src, struct native_reader *r,
		      struct trace_error *err)
{
	struct native_in in;
	int ret;

	if (input_offset(&src->in) >= r->end_offset)
		return 0;
	ret = native_take_chunk(src, r, err);
	if (ret)
		return ret;
	in = native_payload(r);
	switch (r->chunk.kind) {
	case NATIVE_EVENTS:
		ret = native_get_events(&in, &src->info);
		return ret ? native_bad_content(r, ret, err) : 1;
	case NATIVE_KEY_BLOCK:
	case NATIVE_BLOCK:
		ret = begin_block(src, r, err);
		if (!ret && r->offset < r->want_offset)
			ret = skip_block(r, err);
		return ret ? ret : 1;
	case NATIVE_INDEX:
		return finish(src, r, err);
	default:
		return trace_fault(err, r->offset,
				   "found a chunk '%c', expected a block, "
				   "events or the index",
				   r->chunk.kind);
	}
}

static void count(struct trace_source *src, struct native_reader *r,
		  const struct trace_record *recs, size_t nr)
{
	struct trace_counts *c = &src->counts;
	u64 latest_ns = r->latest_ns;
	size_t i;

	c->nr_records += nr;
	for (i = 0; i < nr; i++) {
		const struct trace_record *rec = &recs[i];

		if (unlikely(rec->time_ns < latest_ns))
			c->nr_late += rec->has & TRACE_HAS_TIME;
		else
			latest_ns = rec->time_ns;
		if (likely(rec->type == TRACE_SAMPLE))
			c->nr_samples++;
		else if (rec->type == TRACE_LOST)
			c->nr_lost += rec->nr;
		else if (rec->type == TRACE_LOST_SAMPLES)
			c->nr_lost_samples += rec->nr;
		else if (rec->type == TRACE_THROTTLE)
			c->nr_throttle++;
		else if (rec->type == TRACE_UNTHROTTLE)
			c->nr_unthrottle++;
	}
	r->latest_ns = latest_ns;
}

/* Return: as trace_read(). */
static long read_some(struct trace_source *src, struct native_reader *r,
		      struct trace_record *recs, size_t nr,
		      struct trace_error *err)
{
	long ret;

	for (;;) {
		while (!r->in_block) {
			ret = next_chunk(src, r, err);
			if (ret <= 0)
				return ret;
		}
		ret = native_decode(r->decoder, recs, nr);
		if (ret > 0)
			return ret;
		r->in_block = false;
		if (ret < 0)
			return native_bad_content(r, ret, err);
	}
}

static long native_read(struct trace_source *src, struct trace_record *recs,
			size_t nr, struct trace_error *err)
{
	struct native_reader *r = src->priv;
	long ret;

	if (!r->ended) {
		ret = read_some(src, r, recs, nr, &r->error);
		if (ret > 0) {
			count(src, r, recs, ret);
			return ret;
		}
		r->status = ret;
		r->ended = true;
	}
	if (r->status)
		*err = r->error;
	return r->status;
}

static const char *native_column(const struct trace_source *src, u32 nr,
				 u64 *sz)
{
	static const char *const names[NATIVE_NR_COLUMNS] = {
		[COL_WHO] = "who",	   [COL_WHO_NEW] = "who new",
		[COL_TIME] = "time",	   [COL_TIME_OFF] = "time off",
		[COL_IP] = "ip",	   [COL_IP_NEW] = "ip new",
		[COL_PAGE_BY] = "page by", [COL_PAGE] = "page",
		[COL_OFFSET] = "offset",   [COL_FRAME_BY] = "frame by",
		[COL_FRAME] = "frame",	   [COL_SRC] = "src",
		[COL_SRC_NEW] = "src new", [COL_WEIGHT] = "weight",
		[COL_WHOLE] = "whole",
	};
	const struct native_reader *r = src->priv;

	if (nr >= NATIVE_NR_COLUMNS)
		return NULL;
	*sz = r->decoder ? native_decode_sz(r->decoder, nr) : 0;
	return names[nr];
}

static void native_close(struct trace_source *src)
{
	struct native_reader *r = src->priv;

	if (!r)
		return;
	native_decoder_free(r->decoder);
	free(r->payload.p);
	free(src->info.events);
	free(r);
}

const struct trace_ops native_ops = {
	.name = "native trace (\"\\x89DST\")",
	.probe = native_probe,
	.open = native_open,
	.read = native_read,
	.set_span = native_set_span,
	.column = native_column,
	.close = native_close,
};
