/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Puts records back into the order of time.
 *
 * perf empties one CPU's buffer after the other and marks the end of each round
 * over all of them.  What a round brought may be older than what the one before
 * it brought, but not older than what the one before that did: so the end of a
 * round releases everything up to the latest time seen at the end of the round
 * before it.
 *
 * A round is a few long runs that are each in order, one a buffer.  They are
 * found as they come, for one comparison a record, and merged when released; a
 * single run is copied out in one piece.  Records lie in small chunks, of which
 * the last one freed is the next one used, so that a capture whose rounds are
 * small never leaves the cache.
 *
 * A record without a time stays behind the one that it came after.
 *
 * Not here: what a round is in the file (perf_data.c).  Private to this folder.
 */
#ifndef PERF_ORDER_H
#define PERF_ORDER_H

#include <linux/compiler.h>

#include "trace.h"

#define ORDER_NR_IN_CHUNK 1024u
#define ORDER_NR_CHUNKS 1024u /* 2^20 records are held, 64 MiB */

struct order_chunk;

/* A piece of a run: records of one chunk, in order, not yet delivered. */
struct order_run {
	u64 key; /* cur->time_ns */
	struct trace_record *cur, *end;
	struct order_chunk *chunk;
	u64 seq; /* of two equal keys the lower one was first in the file */
};

/*
 * @fill, @fill_end:	where the next record is decoded to
 * @last_key:		of the record before it
 * @run_start:		first record of the run that is being filled
 * @runs:		finished ones; a heap while @taking
 */
struct order {
	struct trace_record *fill, *fill_end;
	u64 last_key;
	u64 nr_untimed; /* held, with another's time in them */

	struct trace_record *run_start;
	struct order_chunk *chunk, *free;
	u32 nr_chunks; /* in use */
	u32 max_chunks;

	struct order_run *runs;
	size_t nr_runs, max_runs;
	u64 next_seq;

	u64 max_key; /* of all finished runs */
	u64 round_max_key; /* what it was when the last round ended */
	u64 limit_key; /* taking: up to this one */
	u32 chunks_goal; /* taking: no more than this many are to remain */
	bool taking;

	u64 delivered_key; /* the latest */
	u64 nr_late;
};

/* Holds at most @max_chunks chunks of records. */
void order_init(struct order *o, u32 max_chunks);
void order_fini(struct order *o);

/*
 * Make room for one more record.
 * Return: 1; 0 if the window is full, then order_release_oldest(); -ENOMEM.
 */
int order_grow(struct order *o);

/* End the run that is being filled: the next record is older than the last. */
void order_break(struct order *o);

/* Let records out, until order_take() returns 0. */
void order_release_round(struct order *o);
void order_release_oldest(struct order *o);
void order_release_all(struct order *o);

/*
 * The next released records.
 * Return: how many; 0 if there are no more, and filling goes on.
 */
size_t order_take(struct order *o, struct trace_record *recs, size_t nr);

/* Where the next record goes, after order_grow() returned 1. */
static inline bool order_has_room(const struct order *o)
{
	return o->fill != o->fill_end;
}

/* The record at o->fill is complete. */
static inline void order_add(struct order *o)
{
	u64 key = o->fill->time_ns;

	if (unlikely(key < o->last_key))
		order_break(o);
	o->last_key = key;
	o->fill++;
}

static inline void order_add_untimed(struct order *o)
{
	o->fill->time_ns = o->last_key;
	o->nr_untimed++;
	o->fill++;
}

#endif
