/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes captures as perf does, with what a reader must make of each record.
 *
 * It is written from the kernel's side of the format, one field after the
 * other, so that it shares no table with the reader.
 */
#ifndef SUPPORT_PERF_DATA_H
#define SUPPORT_PERF_DATA_H

#include "perf_abi.h"
#include "trace.h"

struct bytes {
	u8 *p;
	size_t len, max;
};

void bytes_add(struct bytes *b, const void *p, size_t len);
void bytes_free(struct bytes *b);

enum packing {
	PACK_NOT,
	PACK_COMPRESSED,
	PACK_COMPRESSED2,
};

struct build_event {
	const char *name;
	u32 type;
	u64 config;
	u64 period;
	u64 flags; /* PERF_ATTR_* */
	u8 precise_ip;
	u64 sample_type, read_format, branch_type, regs_user, regs_intr;
	u64 ids[4];
	u32 nr_ids;
};

/*
 * One capture under construction.  The first part is the caller's to set
 * between build_init() and the first record.
 */
struct build {
	bool big;
	bool pipe;
	enum packing packing;
	struct build_event events[4];
	u32 nr_events;
	u32 sz_attr; /* as a newer or older kernel would have it */
	bool no_features;
	const char *ibs_op; /* name of PMU type 11, NULL for none */

	u64 random;
	u64 time_ns; /* of the next record */
	struct bytes records; /* not packed yet */
	struct bytes data; /* as they will stand in the capture */
	void *zstd;

	/* What a reader has to deliver, in the order of the file. */
	struct trace_record *expected;
	size_t nr_expected, max_expected;
	struct trace_counts counts;

	struct bytes image;
	size_t attrs_at, data_at, table_at; /* in the image; 0 in a pipe's */
};

void build_init(struct build *b, u64 seed);
void build_fini(struct build *b);

u64 build_random(struct build *b);
/* 0 to @bound - 1. */
u64 build_below(struct build *b, u64 bound);

void put_u16(const struct build *b, struct bytes *to, u16 v);
void put_u32(const struct build *b, struct bytes *to, u32 v);
void put_u64(const struct build *b, struct bytes *to, u64 v);
/* Overwrite in the image. */
void poke_u16(struct build *b, size_t at, u16 v);
void poke_u32(struct build *b, size_t at, u32 v);
void poke_u64(struct build *b, size_t at, u64 v);

/* A record of any kind; nothing is expected of it but to be counted. */
void build_record(struct build *b, u32 type, u16 misc, const void *body,
		  size_t len);
/* A sample of events[event] with fields of chance, at b->time_ns. */
void build_sample(struct build *b, u32 event);
/* The same with these raw data, if its sample_type has them. */
void build_sample_raw(struct build *b, u32 event, const void *raw, u32 len);
/* Any record but a sample, by chance. */
void build_side_record(struct build *b);
void build_round(struct build *b);
/* Bytes that no record's size counts, AUXTRACE or TRACING_DATA: never packed */
void build_payload(struct build *b);

/* Pack what there is to pack, cut by chance; or its first bytes as one. */
void build_pack(struct build *b);
void build_pack_first(struct build *b, size_t len);
/* b->image becomes the whole capture. */
void build_finish(struct build *b);

/* Three events with all that a capture can have, a few records each. */
void build_typical(struct build *b, bool big, bool pipe, enum packing packing);

#endif
