// SPDX-License-Identifier: GPL-2.0
/*
 * One chunk of a native trace from the input, believed only by its checksum.
 */
#include <errno.h>

#include "native_reader.h"

int native_out_of_input(struct trace_source *src, const char *what,
			struct trace_error *err)
{
	return trace_fault(err, input_offset(&src->in),
			   "found the end of the input, expected %s: cut off, "
			   "or its writer did not finish",
			   what);
}

/* The payload of w->chunk, whose head is passed over already. */
static int read_payload(struct trace_source *src, struct native_reader *r,
			struct trace_error *err)
{
	struct input *in = &src->in;
	size_t left = r->chunk.sz_payload, part;
	int ret;

	r->payload.len = 0;
	while (left) {
		part = left < INPUT_SZ_PEEK ? left : INPUT_SZ_PEEK;
		ret = input_fill(in, part);
		if (ret < 0)
			return trace_system_fault(err, input_offset(in), "read",
						  ret);
		if (!ret) {
			in->cur = in->end;
			return native_out_of_input(src, "the rest of a chunk",
						   err);
		}
		native_put(&r->payload, in->cur, part);
		in->cur += part;
		left -= part;
	}
	if (r->payload.failed)
		return trace_system_fault(err, r->offset, "read", -ENOMEM);
	return 0;
}

struct native_in native_payload(const struct native_reader *r)
{
	static const u8 nothing;
	const u8 *p = r->payload.p ? r->payload.p : &nothing;

	return (struct native_in){ .cur = p, .end = p + r->payload.len };
}

/* A whole chunk, checked. */
int native_take_chunk(struct trace_source *src, struct native_reader *r,
		      struct trace_error *err)
{
	struct input *in = &src->in;
	u8 head[NATIVE_SZ_CHUNK];
	int ret = input_fill(in, NATIVE_SZ_CHUNK);

	r->offset = input_offset(in);
	if (ret < 0)
		return trace_system_fault(err, r->offset, "read", ret);
	if (!ret) {
		in->cur = in->end;
		return native_out_of_input(src, "a block or the index", err);
	}
	memcpy(head, in->cur, sizeof(head));
	ret = native_get_chunk(&r->chunk, head, NULL, r->offset, err);
	if (ret)
		return ret;
	in->cur += NATIVE_SZ_CHUNK;
	ret = read_payload(src, r, err);
	if (ret)
		return ret;
	return native_get_chunk(&r->chunk, head, native_payload(r).cur,
				r->offset, err);
}

int native_bad_content(struct native_reader *r, int ret,
		       struct trace_error *err)
{
	if (ret == -ENOMEM)
		return trace_system_fault(err, r->offset, "read", ret);
	return trace_fault(err, r->offset,
			   "found a chunk '%c' whose checksum is right and "
			   "whose content is not as its format says",
			   r->chunk.kind);
}
