/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A native trace being read, shared by the files that do it.
 *
 *	native_read.c	blocks in their order, as a source
 *	native_take.c	one chunk from the input, whole and checked
 *	native_span.c	where to begin for a span of time
 *
 * Private to this folder.
 */
#ifndef NATIVE_READER_H
#define NATIVE_READER_H

#include "native.h"

struct native_reader {
	struct native_decoder *decoder;
	struct native_buf payload;
	struct native_chunk chunk;
	u64 offset; /* of the chunk at hand */
	u64 nr_seen; /* records of the blocks so far */
	u64 latest_ns;
	u64 want_offset; /* blocks before it are only for the model */
	u64 end_offset; /* nothing from here on is wanted */
	bool in_block;
	bool has_key; /* there was a key block */
	bool spanned; /* began elsewhere than at the beginning */
	bool ended;
	int status;
	struct trace_error error;
};

/* native_take.c */
int native_take_chunk(struct trace_source *src, struct native_reader *r,
		      struct trace_error *err);
/* The payload of the chunk taken last, which may be nothing at all. */
struct native_in native_payload(const struct native_reader *r);
/* Return: -EBADMSG, the input ended where there should have been @what. */
int native_out_of_input(struct trace_source *src, const char *what,
			struct trace_error *err);
/* Return: @ret, said of the chunk taken last. */
int native_bad_content(struct native_reader *r, int ret,
		       struct trace_error *err);

/* native_span.c: trace_set_span(). */
void native_set_span(struct trace_source *src, u64 first_ns, u64 last_ns);

#endif
