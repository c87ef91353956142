// SPDX-License-Identifier: GPL-2.0
/*
 * Compressed records: each holds the next piece of one zstd stream that runs
 * through the whole capture, and what comes out is records again, cut without
 * regard to where they end.
 *
 * It goes through one buffer of fixed size: a piece that unpacks to gigabytes
 * is work, not memory.  What perf itself could not have packed, more out of one
 * record than the size of the buffer that it packed from, is refused.  zstd's
 * own window is bounded by its library to 128 MiB.
 */
#include <errno.h>
#include <stdlib.h>

#include <zstd.h>
#include <zstd_errors.h>

#include "perf_data.h"

/* Fits the second-level cache, and several of the largest records fit it. */
#define SZ_BUF (256u << 10)

struct perf_zstd {
	ZSTD_DStream *stream;
	ZSTD_inBuffer packed; /* the record at hand, in the input's window */
	bool busy; /* it is not used up */
	bool draining; /* packed is, but zstd may hold more */
	u64 sz_out; /* of this record so far */
	struct perf_span span;
	u8 buf[SZ_BUF];
};

static int new_zstd(struct perf_data *pd, struct trace_error *err)
{
	struct perf_zstd *z = malloc(sizeof(*z));

	if (!z)
		goto no_memory;
	z->stream = ZSTD_createDStream();
	if (!z->stream) {
		free(z);
		goto no_memory;
	}
	z->busy = false;
	z->span = (struct perf_span){ .cur = z->buf, .end = z->buf };
	pd->zstd = z;
	pd->src->info.compressed = true;
	return 0;
no_memory:
	return trace_system_fault(err, pd->record_offset, "zstd", -ENOMEM);
}

/* The two layouts: everything behind the header, or so many bytes of it. */
static int payload(struct perf_data *pd, const u8 *rec, size_t size,
		   struct trace_error *err)
{
	struct perf_zstd *z = pd->zstd;
	size_t at = PERF_SZ_HEADER;
	u64 len = size - at;

	if (get_u32(rec, pd->swap) == PERF_RECORD_COMPRESSED2) {
		at += 8;
		if (size < at || (len = get_u64(rec + 8, pd->swap)) > size - at)
			return trace_fault(err, pd->record_offset,
					   "found %llu compressed bytes in a "
					   "record of %zu, expected them to "
					   "fit",
					   size < at ? 0 : len, size);
	}
	z->packed = (ZSTD_inBuffer){ .src = rec + at, .size = len };
	z->sz_out = 0;
	z->busy = true;
	z->draining = false;
	return 0;
}

int perf_zstd_start(struct perf_data *pd, const u8 *rec, size_t size,
		    struct trace_error *err)
{
	int ret;

	if (!pd->compression && !pd->assume_zstd)
		return trace_fault(err, pd->record_offset,
				   "found a compressed record, expected the "
				   "capture to say before it how it is packed");
	if (pd->compression && pd->compression != PERF_COMPRESSED_ZSTD)
		return trace_fault(err, pd->record_offset,
				   "found compression of type %u, expected %u "
				   "(zstd)",
				   pd->compression, PERF_COMPRESSED_ZSTD);
	if (!pd->zstd) {
		ret = new_zstd(pd, err);
		if (ret)
			return ret;
	}
	return payload(pd, rec, size, err);
}

struct perf_span *perf_zstd_span(struct perf_data *pd)
{
	return pd->zstd && pd->zstd->busy ? &pd->zstd->span : NULL;
}

size_t perf_zstd_rest(const struct perf_data *pd)
{
	const struct perf_zstd *z = pd->zstd;

	return z ? z->span.end - z->span.cur : 0;
}

static int unpack(struct perf_data *pd, ZSTD_outBuffer *out,
		  struct trace_error *err)
{
	struct perf_zstd *z = pd->zstd;
	size_t taken = z->packed.pos, given = out->pos;
	size_t ret = ZSTD_decompressStream(z->stream, out, &z->packed);

	if (ZSTD_isError(ret)) {
		if (ZSTD_getErrorCode(ret) == ZSTD_error_memory_allocation)
			return trace_system_fault(err, pd->record_offset,
						  "zstd", -ENOMEM);
		return trace_fault(err, pd->record_offset,
				   "found compressed data that zstd refuses "
				   "(%s), expected one stream through all "
				   "records",
				   ZSTD_getErrorName(ret));
	}
	z->sz_out += out->pos - given;
	if (pd->mmap_len && z->sz_out > pd->mmap_len)
		return trace_fault(err, pd->record_offset,
				   "found more than %u bytes packed in one "
				   "record, expected no more than the buffer "
				   "that they came from",
				   pd->mmap_len);
	/* Room left in the output: zstd has given all that it had. */
	z->draining = z->packed.pos == z->packed.size && out->pos == out->size;
	if (z->packed.pos < z->packed.size && z->packed.pos == taken &&
	    out->pos == given)
		return trace_fault(err, pd->record_offset,
				   "found %zu compressed bytes that zstd does "
				   "not take, expected one stream through all "
				   "records",
				   z->packed.size - taken);
	return 0;
}

int perf_zstd_more(struct perf_data *pd, struct trace_error *err)
{
	struct perf_zstd *z = pd->zstd;
	size_t rest = z->span.end - z->span.cur;
	ZSTD_outBuffer out = { .dst = z->buf, .size = SZ_BUF, .pos = rest };
	int ret;

	if (z->packed.pos == z->packed.size && !z->draining) {
		z->busy = false;
		return 0;
	}
	memmove(z->buf, z->span.cur, rest);
	ret = unpack(pd, &out, err);
	z->span.cur = z->buf;
	z->span.end = z->buf + out.pos;
	return ret ?: 1;
}

void perf_zstd_free(struct perf_data *pd)
{
	if (!pd->zstd)
		return;
	ZSTD_freeDStream(pd->zstd->stream);
	free(pd->zstd);
	pd->zstd = NULL;
}
