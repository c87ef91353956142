// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as a native trace: no crash, no leak, no endless loop.
 *
 * The checksums would keep all of it out, so they are set right first: what is
 * tried is what a hostile writer can do.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "native.h"

#define NR_RECORDS_MAX 200000

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz);

static void set_checksums(u8 *p, size_t sz)
{
	struct native_chunk chunk;
	size_t at = NATIVE_SZ_HEAD;

	memcpy(p, native_magic, NATIVE_SZ_MAGIC);
	native_set_le32(p + 8, NATIVE_VERSION);
	native_set_le32(p + 12, ~NATIVE_VERSION);
	while (at + NATIVE_SZ_CHUNK <= sz) {
		chunk = (struct native_chunk){
			.kind = p[at + 3],
			.sz_payload = native_le32(p + at + 12),
			.nr = native_le32(p + at + 16),
			.seq = native_le64(p + at + 24),
			.first_ns = native_le64(p + at + 32),
			.last_ns = native_le64(p + at + 40),
		};
		if (chunk.sz_payload > sz - at - NATIVE_SZ_CHUNK)
			chunk.sz_payload = sz - at - NATIVE_SZ_CHUNK;
		native_put_chunk(p + at, &chunk, p + at + NATIVE_SZ_CHUNK);
		at += NATIVE_SZ_CHUNK + chunk.sz_payload;
		if (chunk.kind == NATIVE_INDEX && sz - at == NATIVE_SZ_END)
			native_set_le32(p + at + 4,
					native_crc(0, p + at + 8,
						   NATIVE_SZ_END - 8));
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz)
{
	static struct trace_record recs[1000];
	size_t batch = sz % 1000 + 1;
	struct trace_error err = { 0 };
	struct trace_source *src;
	u64 nr = 0;
	long ret, i;
	u8 *copy;

	if (sz < NATIVE_SZ_HEAD)
		return 0;
	copy = malloc(sz);
	assert(copy);
	memcpy(copy, data, sz);
	set_checksums(copy, sz);
	if (trace_open_mem(&src, copy, sz, &err)) {
		assert(err.text[0]);
		free(copy);
		return 0;
	}
	if (sz % 3 == 0)
		trace_set_span(src, 1000000, 100000000);
	while ((ret = trace_read(src, recs, batch, &err)) > 0) {
		assert(ret <= batch);
		for (i = 0; i < ret; i++) {
			assert(recs[i].type < TRACE_NR_TYPES);
			assert(recs[i].event < trace_info(src)->nr_events);
		}
		nr += ret;
		if (nr > NR_RECORDS_MAX)
			goto close;
	}
	assert(ret == 0 || ret == -EBADMSG);
	assert(ret == 0 || err.text[0]);
	assert(nr == trace_counts(src)->nr_records);
	assert(trace_read(src, recs, batch, &err) == ret);
close:
	trace_close(src);
	free(copy);
	return 0;
}
