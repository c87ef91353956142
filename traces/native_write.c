// SPDX-License-Identifier: GPL-2.0
/*
 * A native trace as a sink: records are held until they fill a block.
 *
 * Nothing that was written is touched again, so that the output may be a pipe,
 * and what is there when the writer dies is a trace up to its last block.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"

struct native_writer {
	struct native_encoder *encoder;
	struct native_index index;
	struct native_buf buf;
	u64 nr_put; /* records in blocks */
	u32 nr_events; /* of which the trace knows */
	u32 nr_in_group; /* blocks since the last key block, with it */
	size_t nr;
	struct trace_record recs[NATIVE_NR_RECORDS];
};

static int no_memory(struct trace_sink *sink, struct trace_error *err)
{
	trace_fault(err, sink->sz_saved,
		    "out of memory; saved are %llu records in %llu bytes",
		    sink->nr_saved, sink->sz_saved);
	return -ENOMEM;
}

/* w->buf with its head; nothing of it counts before all of it is there. */
static int put_chunk(struct trace_sink *sink, struct native_writer *w,
		     struct native_chunk *chunk, struct trace_error *err)
{
	u8 head[NATIVE_SZ_CHUNK];
	int ret;

	if (w->buf.failed)
		return no_memory(sink, err);
	chunk->sz_payload = w->buf.len;
	chunk->seq = w->nr_put;
	native_put_chunk(head, chunk, w->buf.p);
	ret = sink_put(sink, head, sizeof(head), err);
	if (!ret)
		ret = sink_put(sink, w->buf.p, w->buf.len, err);
	if (ret)
		return ret;
	w->nr_put += chunk->nr;
	sink->sz_saved = sink->offset;
	sink->nr_saved = w->nr_put;
	return 0;
}

static int native_sink_open(struct trace_sink *sink, struct trace_error *err)
{
	struct native_chunk chunk = { .kind = NATIVE_INFO };
	struct native_writer *w = calloc(1, sizeof(*w));
	u8 head[NATIVE_SZ_HEAD];
	int ret;

	if (!w)
		return no_memory(sink, err);
	sink->priv = w;
	if (native_encoder_new(&w->encoder))
		return no_memory(sink, err);
	memcpy(head, native_magic, NATIVE_SZ_MAGIC);
	native_set_le32(head + 8, NATIVE_VERSION);
	native_set_le32(head + 12, ~NATIVE_VERSION);
	ret = sink_put(sink, head, sizeof(head), err);
	if (ret)
		return ret;
	native_put_info(&w->buf, sink->info);
	return put_chunk(sink, w, &chunk, err);
}

/* Events that have become known since. */
static int put_events(struct trace_sink *sink, struct native_writer *w,
		      struct trace_error *err)
{
	struct native_chunk chunk = { .kind = NATIVE_EVENTS };
	int ret;

	if (w->nr_events == sink->info->nr_events)
		return 0;
	w->buf.len = 0;
	native_put_events(&w->buf, sink->info, w->nr_events);
	ret = put_chunk(sink, w, &chunk, err);
	if (!ret)
		w->nr_events = sink->info->nr_events;
	return ret;
}

/* What is held, in one block or two. */
static int put_blocks(struct trace_sink *sink, struct native_writer *w,
		      struct trace_error *err)
{
	size_t done = 0;
	int ret = put_events(sink, w, err);

	while (!ret && done < w->nr) {
		bool key = w->nr_in_group % NATIVE_NR_GROUP == 0;
		struct native_row row = { .offset = sink->offset, .key = key };
		struct native_chunk chunk;
		long nr;

		nr = native_encode(w->encoder, &w->buf, &chunk, w->recs + done,
				   w->nr - done, key, sink->level);
		if (nr < 0)
			return no_memory(sink, err);
		row.nr = nr;
		row.first_ns = chunk.first_ns;
		row.last_ns = chunk.last_ns;
		done += nr;
		w->nr_in_group = done < w->nr ? 0 : w->nr_in_group + 1;
		if (!nr)
			continue;
		ret = put_chunk(sink, w, &chunk, err);
		if (!ret && native_index_add(&w->index, &row))
			ret = no_memory(sink, err);
	}
	w->nr = 0;
	return ret;
}

static int native_sink_write(struct trace_sink *sink,
			     const struct trace_record *recs, size_t nr,
			     struct trace_error *err)
{
	struct native_writer *w = sink->priv;
	size_t part;
	int ret;

	for (; nr; nr -= part, recs += part) {
		part = NATIVE_NR_RECORDS - w->nr;
		part = nr < part ? nr : part;
		memcpy(w->recs + w->nr, recs, part * sizeof(*recs));
		w->nr += part;
		if (w->nr < NATIVE_NR_RECORDS)
			break;
		ret = put_blocks(sink, w, err);
		if (ret)
			return ret;
	}
	return 0;
}

static int put_end(struct trace_sink *sink, struct native_writer *w,
		   struct trace_error *err)
{
	struct native_chunk chunk = { .kind = NATIVE_INDEX };
	u8 end[NATIVE_SZ_END] = "DST.";
	int ret;

	native_set_le64(end + 8, sink->offset);
	native_set_le64(end + 16, w->nr_put);
	native_set_le32(end + 4, native_crc(0, end + 8, NATIVE_SZ_END - 8));
	w->buf.len = 0;
	native_put_index(&w->buf, &w->index);
	ret = put_chunk(sink, w, &chunk, err);
	return ret ? ret : sink_put(sink, end, sizeof(end), err);
}

static int native_sink_close(struct trace_sink *sink, struct trace_error *err)
{
	struct native_writer *w = sink->priv;
	int ret = sink->err;

	if (!w)
		return ret;
	if (!ret && w->encoder)
		ret = put_blocks(sink, w, err);
	if (!ret)
		ret = put_end(sink, w, err);
	native_encoder_free(w->encoder);
	free(w->index.rows);
	free(w->buf.p);
	free(w);
	return ret;
}

const struct sink_ops native_sink_ops = {
	.name = "native",
	.suffix = ".dst",
	.open = native_sink_open,
	.write = native_sink_write,
	.close = native_sink_close,
};
