/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A block being decoded, shared by the files that do it.
 *
 *   native_decode.c		a block, batch by batch, and its columns
 *   native_decode_who.c	which combination each record is of
 *   native_decode_page.c	addresses and frames: the model's chains
 *   native_decode_rest.c	times, instructions, and what is rare
 *
 * A batch is so small that its columns and records stay in the first caches.
 * Most batches have a field in all of their records or in none: loops come in
 * two kinds, one that asks each record whether it has the field and one that
 * does not, made of the same lines with @all a constant.
 *
 * Private to this folder.
 */
#ifndef NATIVE_DECODE_H
#define NATIVE_DECODE_H

#include "native_model.h"

#define DECODE_BATCH 256u
#define DECODE_NR_TRAIL 8u /* steps ahead, a power of 2 */

/* The lines of a loop that is compiled for several constants. */
#define DECODE_LINES static inline __attribute__((always_inline))

/* Records of a batch that have a field, by the place of its WHO_ bit. */
enum { NR_TIME, NR_IP, NR_ADDR, NR_PHYS, NR_SRC, NR_WEIGHT, NR_WHOLE, NR_NRS };

struct symbols {
	const u8 *cur;
	size_t left;
};

struct native_decoder {
	struct model m;
	/*
	 * Combinations used last: model.recent with the order apart, a byte of
	 * @order for each rank that says which one of @recent it is.
	 */
	u64 order;
	u16 recent[WHO_NR_RECENT];
	u64 step;
	u64 left; /* records of the block */
	size_t nr_events;
	u64 sz[NATIVE_NR_COLUMNS]; /* of what was begun */
	struct ints_reader col[NATIVE_NR_COLUMNS];
	bool same[NATIVE_NR_COLUMNS]; /* one value, and values[] has it */
	struct symbols page_by, frame_by;
	u8 *room; /* of all columns */
	ZSTD_DCtx *zstd;
	/* Of the batch. */
	struct model_who *who[DECODE_BATCH];
	size_t n[NR_NRS];
	u32 place[DECODE_BATCH]; /* of its pages */
	u64 values[NATIVE_NR_COLUMNS][DECODE_BATCH];
	/*
	 * At each place of a page where the chain went some steps later, when
	 * it was here last: that is fetched into the cache ahead.  A wrong one
	 * costs time, nothing else.
	 */
	u16 ahead[1u << MODEL_LOG_PAGES];
	u16 trail[DECODE_NR_TRAIL]; /* places, the last ones */
	u32 nr_trail;
};

/* native_decode_who.c.  Return: false if it is not as the format says. */
void decode_reset_who(struct native_decoder *d);
bool decode_who(struct native_decoder *d, size_t nr);

/* native_decode_page.c */
void decode_addrs(struct native_decoder *d, struct trace_record *recs,
		  size_t nr);
bool decode_frames(struct native_decoder *d, struct trace_record *recs,
		   size_t nr);

/* native_decode_rest.c */
void decode_times(struct native_decoder *d, struct trace_record *recs,
		  size_t nr);
bool decode_ips(struct native_decoder *d, struct trace_record *recs, size_t nr);
bool decode_rest(struct native_decoder *d, struct trace_record *recs,
		 size_t nr);

#endif
