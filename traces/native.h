/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The native trace, shared by its files; docs/TRACE-FORMAT.md has the layout.
 *
 *   native_read.c	a trace as a source; native_reader.h has its parts
 *   native_write.c	a trace as a sink
 *   native_chunk.c	one chunk: its head and checksum
 *   native_info.c	what a trace says about itself, and its events
 *   native_index.c	where the blocks are
 *   native_encode.c	records to the columns of a block
 *   native_decode.c	and back; native_decode.h has its parts
 *   native_model.h	what both know of the records before
 *   native_clock.c	the step in which the capture's clock counts
 *   native_ints.h	a column of integers (_write.c, _read.c)
 *   native_bytes.c	a column of symbols
 *
 * Private to this folder.
 */
#ifndef NATIVE_H
#define NATIVE_H

#include "native_ints.h"
#include "sink_ops.h"
#include "source.h"

#define NATIVE_VERSION 1u
#define NATIVE_SZ_MAGIC 8u
#define NATIVE_SZ_HEAD 16u /* magic, version, its complement */
#define NATIVE_SZ_CHUNK 48u /* a chunk's head */
#define NATIVE_SZ_END 24u /* what the file ends with */

extern const u8 native_magic[NATIVE_SZ_MAGIC];

/* Records of a block, and blocks from one key block to the next, at most. */
#define NATIVE_NR_RECORDS 65536u
#define NATIVE_NR_GROUP 32u

/* More than any payload has: the columns at their worst. */
#define NATIVE_SZ_PAYLOAD_MAX (64u << 20)

/*
 * What a chunk is; the letter stands in its mark, "DSTx".
 */
enum native_kind {
	NATIVE_INFO = 'I', /* first; once */
	NATIVE_EVENTS = 'E', /* before the first block that uses them */
	NATIVE_BLOCK = 'B',
	NATIVE_KEY_BLOCK = 'K', /* needs no block before it */
	NATIVE_INDEX = 'X', /* last */
};

/*
 * The head of a chunk.  @first_ns and @last_ns are the least and the greatest
 * time of its records, 0 without one; @seq the records before it.
 */
struct native_chunk {
	u8 kind;
	u32 sz_payload;
	u32 nr;
	u64 seq;
	u64 first_ns, last_ns;
};

/* Columns of a block, in this order. */
enum native_column {
	COL_WHO, /* enum who_by, or an index and WHO_KNOWN */
	COL_WHO_NEW, /* 8 values each */
	COL_TIME, /* steps of the clock since the record before, zigzag */
	COL_TIME_OFF, /* ns beside the step, zigzag */
	COL_IP, /* enum ip_by, or an index and IP_KNOWN */
	COL_IP_NEW, /* from the thread's last one, zigzag */
	COL_PAGE_BY, /* enum page_by */
	COL_PAGE, /* pages from there, zigzag; not for PAGE_NEXT */
	COL_OFFSET, /* 0: as this page's last; or one more than the way from
		       this instruction's last, modulo 4096 */
	COL_FRAME_BY, /* enum model_frame_by */
	COL_FRAME, /* frames from the last one, zigzag; or bytes */
	COL_SRC, /* 0: new; or one more than an index */
	COL_SRC_NEW,
	COL_WEIGHT,
	COL_WHOLE, /* records that are no plain sample: every field */
	NATIVE_NR_COLUMNS,
};

/* Its values are symbols, in bytes. */
static inline bool native_is_symbols(enum native_column col)
{
	return col == COL_PAGE_BY || col == COL_FRAME_BY;
}

/* The combinations used last are at hand. */
#define WHO_NR_RECENT 8u

enum who_by {
	WHO_RECENT = 0, /* and more: so many others have been used since */
	WHO_FRESH = WHO_NR_RECENT, /* a new one */
	WHO_KNOWN, /* and more */
};

enum ip_by {
	IP_SAME, /* as the thread's last */
	IP_NEXT, /* as came after that one before */
	IP_NEW,
	IP_KNOWN, /* and more */
};

enum page_by {
	PAGE_NEXT, /* what came after the thread's last page before */
	PAGE_THREAD, /* so far from the thread's last */
	PAGE_SITE, /* so far from this instruction's last */
};

#define WHO_NR_VALUES 8u
#define WHOLE_NR_VALUES 6u /* the time is left out if its column has it */

/* Values that a column has at most, for each record of the block. */
static inline size_t native_per_record(enum native_column col)
{
	return col == COL_WHO_NEW ? WHO_NR_VALUES :
	       col == COL_WHOLE	  ? WHOLE_NR_VALUES :
				    1;
}

/*
 * native_chunk.c
 */
void native_put_chunk(u8 head[NATIVE_SZ_CHUNK],
		      const struct native_chunk *chunk, const u8 *payload);
/*
 * Return: 0; -EBADMSG, said of the chunk at @offset: its head is damaged, or
 * with @payload the payload is.
 */
int native_get_chunk(struct native_chunk *chunk, const u8 head[NATIVE_SZ_CHUNK],
		     const u8 *payload, u64 offset, struct trace_error *err);
u32 native_crc(u32 crc, const void *p, size_t len);
/* The same on processors that have no instruction for it. */
u32 native_crc_table(u32 crc, const void *p, size_t len);

static inline u64 native_le64(const u8 *p)
{
	return p[0] | (u64)p[1] << 8 | (u64)p[2] << 16 | (u64)p[3] << 24 |
	       (u64)p[4] << 32 | (u64)p[5] << 40 | (u64)p[6] << 48 |
	       (u64)p[7] << 56;
}

static inline u32 native_le32(const u8 *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (u32)p[3] << 24;
}

static inline void native_set_le64(u8 *p, u64 value)
{
	int i;

	for (i = 0; i < 8; i++)
		p[i] = value >> 8 * i;
}

static inline void native_set_le32(u8 *p, u32 value)
{
	int i;

	for (i = 0; i < 4; i++)
		p[i] = value >> 8 * i;
}

/*
 * native_info.c.  Getting takes the whole payload or is -EBADMSG; -ENOMEM.
 */
void native_put_info(struct native_buf *buf, const struct trace_info *info);
int native_get_info(struct native_in *in, struct trace_info *info);
void native_put_events(struct native_buf *buf, const struct trace_info *info,
		       u32 first);
int native_get_events(struct native_in *in, struct trace_info *info);

/* native_index.c: a row for each block. */
struct native_row {
	u64 offset;
	u64 first_ns, last_ns;
	u32 nr;
	bool key;
};

struct native_index {
	struct native_row *rows;
	size_t nr, max;
};

int native_index_add(struct native_index *index, const struct native_row *row);
void native_put_index(struct native_buf *buf, const struct native_index *index);
int native_get_index(struct native_in *in, struct native_index *index);

/*
 * native_clock.c: the step in which the times of @recs count, in 2^-32 ns;
 * 1 << 32 if it is not found to be more than one.
 */
struct native_clock {
	u64 freq; /* steps in a ns, 2^-64; 0 if not known */
	u64 span_ns; /* how long the times were that it was found from */
};

u64 native_clock_step(struct native_clock *clock,
		      const struct trace_record *recs, size_t nr);

/* native_encode.c */
struct native_encoder;
int native_encoder_new(struct native_encoder **out);
void native_encoder_free(struct native_encoder *e);
/*
 * The columns of @nr records, of which the block takes the first ones.
 * @key: need nothing of what came before.
 * Return: how many it took, with @chunk filled and the payload in @buf; fewer
 * than @nr where the next block has to be a key block; -ENOMEM.
 */
long native_encode(struct native_encoder *e, struct native_buf *buf,
		   struct native_chunk *chunk, const struct trace_record *recs,
		   size_t nr, bool key, int level);

/* native_decode.c */
struct native_decoder;
int native_decoder_new(struct native_decoder **out);
void native_decoder_free(struct native_decoder *d);
/*
 * Begin a block of @chunk, whose checksum was right.  @payload lives until it
 * is read.
 * Return: 0; -EBADMSG; -ENOMEM.
 */
int native_decode_begin(struct native_decoder *d,
			const struct native_chunk *chunk, const u8 *payload,
			size_t nr_events);
/* Bytes of all blocks so far that are of a column. */
u64 native_decode_sz(const struct native_decoder *d, enum native_column col);
/* Return: how many of the block came, 0 at its end; -EBADMSG. */
long native_decode(struct native_decoder *d, struct trace_record *recs,
		   size_t nr);

#endif
