/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The reader of perf.data, shared by its files:
 *
 *   perf_data.c	opening, and the stream of records
 *   perf_walk.c	cutting it, the fast way for samples
 *   perf_order.c	the order of time (perf_order.h)
 *   perf_file.c	the head of a file: its sections
 *   perf_pipe.c	the head of a stream: the same as records
 *   perf_feature.c	what a capture says about itself
 *   perf_attr.c	events, and where each puts what in its samples
 *   perf_ids.c		which event an id belongs to
 *   perf_sample.c	one sample
 *   perf_side.c	one record that is no sample
 *   perf_zstd.c	compressed records
 *
 * Private to this folder.
 */
#ifndef PERF_DATA_H
#define PERF_DATA_H

#include "perf_abi.h"
#include "perf_order.h"
#include "perf_swap.h"
#include "source.h"

/*
 * More than any capture has: 1024 events on 1024 CPUs.  They bound what a
 * hostile one makes us hold.
 */
#define PERF_NR_EVENTS_MAX 1024u
#define PERF_NR_IDS_MAX (1u << 20)
#define PERF_SZ_FEATURE_MAX (16u << 20)

/* A field that the event's samples do not have: its mask is 0. */
struct perf_field {
	u16 offset; /* from the start of the record */
	u64 mask;
};

/*
 * How to read one event's samples.  @plain: they have a time and every field
 * stands at a fixed place; @ip to @phys_addr say where.
 */
struct perf_layout {
	bool plain;
	bool ibs_op; /* raw data are IBS registers */
	bool sample_id_all;
	u16 event;
	u16 sz_plain;
	u16 id_offset; /* 0: its samples have no id */
	u32 has; /* TRACE_HAS_* of every sample */
	struct perf_field ip, tid, time, addr, cpu, weight, data_src, phys_addr;

	u64 sample_type, read_format, branch_type;
	u8 nr_regs_user, nr_regs_intr;
};

struct perf_id {
	u64 id;
	u32 event; /* index; in the cache one more, 0 for an empty row */
};

/* Sorted by id before the first look-up; a small cache stands before it. */
struct perf_ids {
	struct perf_id *ids;
	size_t nr, max;
	bool sorted;
	struct perf_id cache[256];
};

/* A row of PMU_MAPPINGS. */
struct perf_pmu {
	u32 type;
	char name[32];
};

/* Bytes that records are cut from. */
struct perf_span {
	const u8 *cur, *end;
	u64 skip; /* payload to pass over before the next record */
};

struct perf_zstd;

struct perf_data {
	struct trace_source *src;
	struct order order;
	struct perf_ids ids;
	struct perf_layout *layouts; /* as many as src->info.events */
	u32 max_events;

	bool swap;
	bool pipe;
	bool head_done; /* no more events may come */
	bool assume_zstd; /* the capture could not say how it is packed */
	bool features_known; /* the sections, or the records, could be read */
	u32 compression; /* 0: not said */
	u32 mmap_len; /* bytes that one compressed record may hold */

	struct perf_pmu *pmus;
	u32 nr_pmus;

	struct perf_zstd *zstd; /* once there was a compressed record */
	u64 data_end; /* offset, INPUT_NO_LIMIT if not known */

	u64 record_offset; /* for faults: of the record at hand, in the input */
	int status; /* what ended it, 0 so far or for a proper end */
	bool ended;
	struct trace_error error; /* if @status */
};

/*
 * Every function with a struct trace_error fills it when it returns -EBADMSG
 * or another error.
 */

/* perf_file.c, perf_pipe.c: leave the input at the first record. */
int perf_file_head(struct perf_data *pd, struct trace_error *err);
int perf_pipe_head(struct perf_data *pd, struct trace_error *err);
/* A record of the pipe's head, which may come later too. */
int perf_head_record(struct perf_data *pd, const u8 *rec, size_t size,
		     struct trace_error *err);

/*
 * perf_feature.c.  @data is the section, at @offset of the input.
 */
int perf_feature(struct perf_data *pd, u32 feature, const u8 *data, size_t len,
		 u64 offset, struct trace_error *err);
bool perf_feature_wanted(u32 feature);
void perf_set_name(struct trace_event *event, const u8 *name, size_t len);
void perf_name_pmus(struct perf_data *pd);

/*
 * perf_attr.c.  @attr holds @len bytes, the size that it names or more.
 */
int perf_add_attr(struct perf_data *pd, const u8 *attr, size_t len, u64 offset,
		  struct trace_error *err);
int perf_attrs_done(struct perf_data *pd, struct trace_error *err);

/* perf_ids.c */
int perf_ids_add(struct perf_ids *ids, u64 id, u32 event);
/* Return: the event's index, -1 if nobody has the id. */
int perf_ids_find_slow(struct perf_ids *ids, u64 id);

static inline struct perf_id *perf_ids_slot(struct perf_ids *ids, u64 id)
{
	return &ids->cache[(id * 0x9e3779b97f4a7c15ull) >> 56];
}

static inline int perf_ids_find(struct perf_ids *ids, u64 id)
{
	const struct perf_id *slot = perf_ids_slot(ids, id);

	if (likely(slot->id == id && slot->event))
		return slot->event - 1;
	return perf_ids_find_slow(ids, id);
}

/*
 * perf_sample.c.  @rec holds @size bytes, at least a header.
 * Return: 1 with the record in *@out, 0 if it is to be skipped, -EBADMSG.
 */
int perf_sample(struct perf_data *pd, const u8 *rec, size_t size,
		struct trace_record *out, struct trace_error *err);
void perf_layout_init(struct perf_layout *layout);

/* perf_side.c, the same for all other types. */
int perf_side_record(struct perf_data *pd, const u8 *rec, size_t size,
		     struct trace_record *out, struct trace_error *err);

/*
 * perf_walk.c: how it came to stop.
 */
enum walk_end {
	WALK_NEXT, /* it did not */
	WALK_MORE, /* bytes are missing to the next record */
	WALK_PACKED, /* a compressed record was begun */
	WALK_RELEASED, /* the order has records to take */
};

/*
 * Take records off the span, whose end is at @end_offset of the input;
 * INPUT_NO_LIMIT inside a compressed record.
 * Return: enum walk_end, with the bytes that the next record takes in *@need;
 * -EBADMSG, -ENOMEM.
 */
int perf_walk(struct perf_data *pd, struct perf_span *span, u64 end_offset,
	      size_t *need, struct trace_error *err);

/* perf_zstd.c */
int perf_zstd_start(struct perf_data *pd, const u8 *rec, size_t size,
		    struct trace_error *err);
/*
 * More bytes behind those that are left in the span.
 * Return: 1; 0 if the compressed record is used up; -EBADMSG, -ENOMEM.
 */
int perf_zstd_more(struct perf_data *pd, struct trace_error *err);
/* NULL while no compressed record is being read. */
struct perf_span *perf_zstd_span(struct perf_data *pd);
/* Bytes of a record that the compressed ones so far did not complete. */
size_t perf_zstd_rest(const struct perf_data *pd);
void perf_zstd_free(struct perf_data *pd);

#endif
