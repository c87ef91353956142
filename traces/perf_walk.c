// SPDX-License-Identifier: GPL-2.0
/*
 * From bytes to records: cut, decoded, put where the order wants them.
 *
 * Nearly every record of a capture is a sample whose fields stand at places
 * that the event fixes.  Those are decoded in one loop from the input's window
 * into the window of the order, without a call or a branch that depends on the
 * data; everything else leaves that loop.
 *
 * A record may have any size from its header's up: perf writes multiples of
 * eight, but nothing here rests on it.
 */
#include <errno.h>
#include <limits.h>

#include "perf_data.h"

static inline u64 field_u64(const u8 *rec, const struct perf_field *field)
{
	return get_u64(rec + field->offset, false) & field->mask;
}

static inline u32 field_u32(const u8 *rec, const struct perf_field *field,
			    u32 at)
{
	return get_u32(rec + field->offset + at, false) & (u32)field->mask;
}

/* @rec is a sample of this machine's byte order, and all of it is there. */
static inline void decode_plain(struct trace_record *out, const u8 *rec,
				const struct perf_layout *layout, u8 mode)
{
	u64 phys_addr = field_u64(rec, &layout->phys_addr);
	u64 weight = field_u64(rec, &layout->weight);

	out->time_ns = field_u64(rec, &layout->time);
	out->addr = field_u64(rec, &layout->addr);
	out->phys_addr = phys_addr;
	out->data_src = field_u64(rec, &layout->data_src);
	out->ip = field_u64(rec, &layout->ip);
	out->pid = field_u32(rec, &layout->tid, 0);
	out->tid = field_u32(rec, &layout->tid, 4);
	out->cpu = field_u32(rec, &layout->cpu, 0);
	out->weight = weight > UINT_MAX ? UINT_MAX : weight;
	out->event = layout->event;
	out->type = TRACE_SAMPLE;
	out->mode = mode > TRACE_MODE_GUEST_USER ? TRACE_MODE_UNKNOWN : mode;
	out->has = layout->has | (phys_addr ? TRACE_HAS_PHYS_ADDR : 0);
}

/*
 * A record is too much work for the processor to look far ahead by itself, and
 * its prefetcher stops at the end of each page.  The hint is good for a tenth
 * of the whole time or more, the farther the bytes are from the core.
 */
#define SZ_AHEAD 4096

/*
 * As many samples as can be taken by fixed places.  Leaves the span at the
 * first record that is another matter, or behind the last whole one.
 */
static void walk_plain(struct perf_data *pd, struct perf_span *span)
{
	const struct perf_layout *layouts = pd->layouts, *layout = layouts;
	bool many = pd->src->info.nr_events > 1;
	const u8 *rec = span->cur, *end = span->end;
	struct order *o = &pd->order;
	struct trace_record *out = o->fill;
	u64 nr = 0, last_key = o->last_key;
	int event;

	while (out != o->fill_end && end - rec >= PERF_SZ_HEADER) {
		u16 size = get_u16(rec + 6, false);

		__builtin_prefetch(rec + SZ_AHEAD);
		if (get_u32(rec, false) != PERF_RECORD_SAMPLE ||
		    size > end - rec)
			break;
		if (many) {
			if (size < layouts->id_offset + 8)
				break;
			event = perf_ids_find(&pd->ids,
					      get_u64(rec + layouts->id_offset,
						      false));
			if (event < 0)
				break;
			layout = &layouts[event];
		}
		if (!layout->plain || size < layout->sz_plain)
			break;
		decode_plain(out, rec, layout,
			     get_u16(rec + 4, false) & PERF_MISC_CPUMODE_MASK);
		if (unlikely(out->time_ns < last_key)) {
			o->fill = out;
			o->last_key = last_key;
			order_break(o);
		}
		last_key = out->time_ns;
		rec += size;
		out++;
		nr++;
	}
	o->fill = out;
	o->last_key = last_key;
	span->cur = rec;
	pd->src->counts.nr_records += nr;
	pd->src->counts.nr_samples += nr;
}

/* Payload that follows a record without being counted in its size. */
static int payload_behind(struct perf_data *pd, const u8 *rec, size_t size,
			  u64 *skip, struct trace_error *err)
{
	bool aux = get_u32(rec, pd->swap) == PERF_RECORD_AUXTRACE;
	size_t need = PERF_SZ_HEADER + (aux ? 8 : 4);

	if (size < need)
		return trace_fault(err, pd->record_offset,
				   "found a record of %zu bytes, expected the "
				   "size of the data behind it at byte %u",
				   size, PERF_SZ_HEADER);
	*skip = aux ? get_u64(rec + PERF_SZ_HEADER, pd->swap) :
		      get_u32(rec + PERF_SZ_HEADER, pd->swap);
	return 0;
}

/* Return: WALK_NEXT, WALK_RELEASED, WALK_PACKED, -errno. */
static int other_record(struct perf_data *pd, const u8 *rec, size_t size,
			struct perf_span *span, struct trace_error *err)
{
	u32 type = get_u32(rec, pd->swap);

	switch (type) {
	case PERF_RECORD_FINISHED_ROUND:
		order_release_round(&pd->order);
		return WALK_RELEASED;
	case PERF_RECORD_COMPRESSED:
	case PERF_RECORD_COMPRESSED2:
		if (pd->zstd && span == perf_zstd_span(pd))
			return trace_fault(
				err, pd->record_offset,
				"found a compressed record inside a "
				"compressed one, expected any other");
		return perf_zstd_start(pd, rec, size, err) ?: WALK_PACKED;
	case PERF_RECORD_AUXTRACE:
	case PERF_RECORD_HEADER_TRACING_DATA:
		return payload_behind(pd, rec, size, &span->skip, err);
	default:
		return perf_head_record(pd, rec, size, err);
	}
}

/* A whole record, and room for it in the order. */
static int one_record(struct perf_data *pd, const u8 *rec, size_t size,
		      struct perf_span *span, struct trace_error *err)
{
	struct trace_counts *counts = &pd->src->counts;
	struct order *o = &pd->order;
	bool sample = get_u32(rec, pd->swap) == PERF_RECORD_SAMPLE;
	int ret;

	if (sample)
		ret = perf_sample(pd, rec, size, o->fill, err);
	else
		ret = perf_side_record(pd, rec, size, o->fill, err);
	if (ret < 0)
		return ret;
	counts->nr_records++;
	if (!ret) {
		counts->nr_skipped++;
		return sample ? WALK_NEXT :
				other_record(pd, rec, size, span, err);
	}
	counts->nr_samples += sample;
	if (o->fill->has & TRACE_HAS_TIME)
		order_add(o);
	else
		order_add_untimed(o);
	return WALK_NEXT;
}

/*
 * How long the record at the span's start is.
 * Return: 1; 0 with what has to be at hand before that can be said; -EBADMSG.
 */
static int record_size(struct perf_data *pd, const struct perf_span *span,
		       size_t *size, struct trace_error *err)
{
	size_t left = span->end - span->cur;
	u64 packed;

	*size = PERF_SZ_HEADER;
	if (left < *size)
		return 0;
	*size = get_u16(span->cur + 6, pd->swap);
	if (*size >= PERF_SZ_HEADER)
		return 1;
	if (*size || get_u32(span->cur, pd->swap) != PERF_RECORD_COMPRESSED2)
		return trace_fault(err, pd->record_offset,
				   "found a record of type %u with %zu bytes, "
				   "expected at least the %u of its header",
				   get_u32(span->cur, pd->swap), *size,
				   PERF_SZ_HEADER);
	/* perf fills these up to 64 KiB, which its 16 bits cannot say. */
	*size = PERF_SZ_HEADER + 8;
	if (left < *size)
		return 0;
	packed = get_u64(span->cur + 8, pd->swap);
	if (((packed + *size + 7) & ~7ull) != PERF_SZ_RECORD_MAX)
		return trace_fault(err, pd->record_offset,
				   "found a compressed record of 0 bytes that "
				   "holds %llu, expected as many as make it %u",
				   packed, PERF_SZ_RECORD_MAX);
	*size = PERF_SZ_RECORD_MAX;
	return 1;
}

static void pass_payload(struct perf_span *span)
{
	u64 left = span->end - span->cur;
	u64 nr = span->skip < left ? span->skip : left;

	span->cur += nr;
	span->skip -= nr;
}

int perf_walk(struct perf_data *pd, struct perf_span *span, u64 end_offset,
	      size_t *need, struct trace_error *err)
{
	const u8 *rec;
	size_t size;
	int ret;

	for (;;) {
		pass_payload(span);
		if (span->skip) {
			*need = 1;
			return WALK_MORE;
		}
		if (!pd->swap)
			walk_plain(pd, span);
		if (end_offset != INPUT_NO_LIMIT)
			pd->record_offset =
				end_offset - (span->end - span->cur);
		ret = record_size(pd, span, &size, err);
		if (ret < 0)
			return ret;
		*need = size;
		if (!ret || size > span->end - span->cur)
			return WALK_MORE;
		if (!order_has_room(&pd->order)) {
			ret = order_grow(&pd->order);
			if (ret < 0)
				return trace_system_fault(
					err, pd->record_offset, "window", ret);
			if (!ret) {
				order_release_oldest(&pd->order);
				return WALK_RELEASED;
			}
			continue;
		}
		rec = span->cur;
		span->cur += size;
		ret = one_record(pd, rec, size, span, err);
		if (ret != WALK_NEXT)
			return ret;
	}
}
