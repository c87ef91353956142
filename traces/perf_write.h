/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The writer of perf.data, shared by its files:
 *
 *   perf_write.c		the sink: buffer, head, end
 *   perf_write_kinds.c		which attribute a record is written under
 *   perf_write_record.c	one record
 *   perf_write_head.c		attributes and what the capture says of itself
 *
 * perf lays out an event's samples by one sample_type; our records say one by
 * one what they hold.  So an event has an attribute for each set of fields that
 * its records have, all of the same name and configuration: perf shows them as
 * events of their own, and "not captured" stays apart from "zero".
 *
 * Private to this folder.
 */
#ifndef PERF_WRITE_H
#define PERF_WRITE_H

#include "perf_abi.h"
#include "sink_ops.h"

/* What the reader takes; more would not come back. */
#define PW_NR_KINDS_MAX 1024u
/* Sets of fields that an event's records may have. */
#define PW_NR_KINDS_EVENT 384u

#define PW_SZ_ATTR 112u /* of Linux 4.8, which every perf in use reads */
#define PW_SZ_BUF (256u << 10)
#define PW_SZ_RECORD_MAX 256u

/* Of an IBS sample: capabilities and seven registers, padded. */
#define PW_SZ_IBS 60u

/*
 * One attribute.  @has: TRACE_HAS_* that its samples carry; a physical address
 * of 0 stands for none.
 */
struct pw_kind {
	u32 event; /* of the trace */
	u32 has;
	bool raw; /* with IBS registers, for the hardware's valid bits */
	u64 sample_type;
};

struct perf_writer {
	struct trace_sink *sink;
	struct pw_kind *kinds;
	u32 nr_kinds, max_kinds;
	u32 nr_declared; /* events of the trace that have a kind */
	bool head_done;
	bool has_raw; /* a kind with IBS registers */
	bool pipe;
	u64 data_offset;
	u64 nr_put; /* records of the trace, in the buffer too */
	u32 nr_in_round;
	u64 now_ns; /* of the last record that has a time */
	u64 first_ns, last_ns; /* of samples */
	u64 *pids; /* bits: perf was told of the process */
	size_t len;
	u8 buf[PW_SZ_BUF];
};

/* All that is written is little-endian, whatever the machine. */
static inline u8 *pw_u16(u8 *p, u16 v)
{
	p[0] = v;
	p[1] = v >> 8;
	return p + 2;
}

static inline u8 *pw_u32(u8 *p, u32 v)
{
	return pw_u16(pw_u16(p, v), v >> 16);
}

static inline u8 *pw_u64(u8 *p, u64 v)
{
	return pw_u32(pw_u32(p, v), v >> 32);
}

static inline u8 *pw_header(u8 *p, u32 type, u16 misc, u16 size)
{
	return pw_u16(pw_u16(pw_u32(p, type), misc), size);
}

/* The id of a kind's events; not 0, which perf takes for none. */
static inline u64 pw_id(u32 kind)
{
	return kind + 1;
}

/* perf_write.c: room for @len bytes at w->buf + w->len; 0 or -errno. */
int pw_room(struct perf_writer *w, size_t len, struct trace_error *err);

/*
 * perf_write_kinds.c
 */

/* A kind for each event that has none, as @recs, the first ones, have it. */
int pw_declare(struct perf_writer *w, const struct trace_record *recs,
	       size_t nr, struct trace_error *err);
/* Return: index of the kind that @rec is written under; -errno. */
long pw_kind_of(struct perf_writer *w, const struct trace_record *rec,
		struct trace_error *err);

/*
 * perf_write_record.c: into the buffer.
 */
int pw_record(struct perf_writer *w, const struct trace_record *rec,
	      struct trace_error *err);
int pw_round(struct perf_writer *w, struct trace_error *err);

/*
 * perf_write_head.c
 */
int pw_head(struct perf_writer *w, struct trace_error *err);
/* The last kind, which is new, into the table of a file. */
int pw_add_attr(struct perf_writer *w, struct trace_error *err);
/* How much data a file has, so that it can be read if there is no end. */
int pw_put_size(struct perf_writer *w, struct trace_error *err);
/* Behind the data of a file: features, and where they are. */
int pw_end(struct perf_writer *w, struct trace_error *err);

#endif
