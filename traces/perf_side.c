// SPDX-License-Identifier: GPL-2.0
/*
 * Records that are no samples: what was lost, who came and went, what was
 * mapped.
 *
 * Where the capture has it, the kernel ends each of them with the fields of a
 * sample that tell when and where: a trailer, laid out from the record's end.
 * perf itself makes up records for what already ran when it started, with a
 * time of 0: those have no time.
 */
#include "perf_data.h"

/* Bytes of the body that are looked at. */
#define SZ_MMAP 24 /* u32 pid, tid; u64 addr, len, pgoff; name */
#define SZ_LOST 16 /* u64 id, lost */
#define SZ_COMM 8 /* u32 pid, tid; name */
#define SZ_TASK 24 /* u32 pid, ppid, tid, ptid; u64 time */
#define SZ_THROTTLE 24 /* u64 time, id, stream_id */
#define SZ_LOST_SAMPLES 8 /* u64 lost */

static u32 sz_trailer(const struct perf_layout *layout)
{
	const u64 fields = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_ID |
			   PERF_SAMPLE_STREAM_ID | PERF_SAMPLE_CPU |
			   PERF_SAMPLE_IDENTIFIER;

	if (!layout->sample_id_all)
		return 0;
	return 8 * __builtin_popcountll(layout->sample_type & fields);
}

/*
 * The event that a trailer is of; the first one's if it does not say, as for
 * the records that perf made up.
 */
static const struct perf_layout *trailer_layout(struct perf_data *pd,
						const u8 *rec, size_t size)
{
	const struct perf_layout *first = pd->layouts;
	u32 from_end = 8;
	int event;

	if (pd->src->info.nr_events == 1 || !first->sample_id_all)
		return first;
	if (!(first->sample_type & PERF_SAMPLE_IDENTIFIER)) {
		if (first->sample_type & PERF_SAMPLE_CPU)
			from_end += 8;
		if (first->sample_type & PERF_SAMPLE_STREAM_ID)
			from_end += 8;
	}
	if (size < PERF_SZ_HEADER + from_end)
		return first;
	event = perf_ids_find(&pd->ids,
			      get_u64(rec + size - from_end, pd->swap));
	return event < 0 ? first : &pd->layouts[event];
}

static void read_trailer(struct trace_record *out, const u8 *p, u64 type,
			 bool swap)
{
	u64 time_ns = 0;

	if (type & PERF_SAMPLE_TID) {
		out->pid = get_u32(p, swap);
		out->tid = get_u32(p + 4, swap);
		out->has |= TRACE_HAS_TID;
		p += 8;
	}
	if (type & PERF_SAMPLE_TIME) {
		time_ns = get_u64(p, swap);
		p += 8;
	}
	if (type & PERF_SAMPLE_ID)
		p += 8;
	if (type & PERF_SAMPLE_STREAM_ID)
		p += 8;
	if (type & PERF_SAMPLE_CPU) {
		out->cpu = get_u32(p, swap);
		out->has |= TRACE_HAS_CPU;
	}
	if (time_ns && time_ns != ~0ull) {
		out->time_ns = time_ns;
		out->has |= TRACE_HAS_TIME;
	} else if (type & PERF_SAMPLE_TIME) {
		/* perf made it up, and the other fields with it. */
		out->pid = out->tid = out->cpu = 0;
		out->has = 0;
	}
}

static void set_time(struct trace_record *out, u64 time_ns)
{
	if (out->has & TRACE_HAS_TIME || !time_ns || time_ns == ~0ull)
		return;
	out->time_ns = time_ns;
	out->has |= TRACE_HAS_TIME;
}

static void set_task(struct trace_record *out, const u8 *pid, const u8 *tid,
		     bool swap)
{
	out->pid = get_u32(pid, swap);
	out->tid = get_u32(tid, swap);
	out->has |= TRACE_HAS_TID;
}

static void set_event(struct perf_data *pd, struct trace_record *out, u64 id)
{
	int event =
		pd->src->info.nr_events > 1 ? perf_ids_find(&pd->ids, id) : 0;

	if (event >= 0)
		out->event = event;
}

static int trace_type(u32 type, u32 *sz_body)
{
	switch (type) {
	case PERF_RECORD_MMAP:
	case PERF_RECORD_MMAP2:
		*sz_body = SZ_MMAP;
		return TRACE_MMAP;
	case PERF_RECORD_LOST:
		*sz_body = SZ_LOST;
		return TRACE_LOST;
	case PERF_RECORD_COMM:
		*sz_body = SZ_COMM;
		return TRACE_COMM;
	case PERF_RECORD_EXIT:
		*sz_body = SZ_TASK;
		return TRACE_EXIT;
	case PERF_RECORD_FORK:
		*sz_body = SZ_TASK;
		return TRACE_FORK;
	case PERF_RECORD_THROTTLE:
		*sz_body = SZ_THROTTLE;
		return TRACE_THROTTLE;
	case PERF_RECORD_UNTHROTTLE:
		*sz_body = SZ_THROTTLE;
		return TRACE_UNTHROTTLE;
	case PERF_RECORD_LOST_SAMPLES:
		*sz_body = SZ_LOST_SAMPLES;
		return TRACE_LOST_SAMPLES;
	}
	return -1;
}

/* @sz: of @body, as far as the trailer. */
static void read_body(struct perf_data *pd, struct trace_record *out,
		      const u8 *body, size_t sz, u16 misc)
{
	struct trace_counts *counts = &pd->src->counts;
	bool swap = pd->swap;

	switch (out->type) {
	case TRACE_MMAP:
		set_task(out, body, body + 4, swap);
		out->addr = get_u64(body + 8, swap);
		out->nr = get_u64(body + 16, swap);
		out->has |= TRACE_HAS_ADDR;
		break;
	case TRACE_COMM:
		set_task(out, body, body + 4, swap);
		trace_set_comm(out, (const char *)body + SZ_COMM, sz - SZ_COMM);
		if (misc & PERF_MISC_COMM_EXEC)
			out->has |= TRACE_HAS_EXEC;
		break;
	case TRACE_FORK:
	case TRACE_EXIT:
		set_task(out, body, body + 8, swap);
		out->ppid = get_u32(body + 4, swap);
		set_time(out, get_u64(body + 16, swap));
		break;
	case TRACE_LOST:
		set_event(pd, out, get_u64(body, swap));
		out->nr = get_u64(body + 8, swap);
		counts->nr_lost += out->nr;
		break;
	case TRACE_LOST_SAMPLES:
		out->nr = get_u64(body, swap);
		counts->nr_lost_samples += out->nr;
		break;
	case TRACE_THROTTLE:
	case TRACE_UNTHROTTLE:
		set_time(out, get_u64(body, swap));
		set_event(pd, out, get_u64(body + 8, swap));
		if (out->type == TRACE_THROTTLE)
			counts->nr_throttle++;
		else
			counts->nr_unthrottle++;
		break;
	}
}

int perf_side_record(struct perf_data *pd, const u8 *rec, size_t size,
		     struct trace_record *out, struct trace_error *err)
{
	const struct perf_layout *layout;
	u16 misc = get_u16(rec + 4, pd->swap);
	u32 sz_body, sz_tail;
	int type = trace_type(get_u32(rec, pd->swap), &sz_body);

	if (type < 0)
		return 0;
	layout = trailer_layout(pd, rec, size);
	sz_tail = sz_trailer(layout);
	if (size < PERF_SZ_HEADER + sz_body + sz_tail)
		return trace_fault(err, pd->record_offset,
				   "found a record of type %u with %zu bytes, "
				   "expected at least %u",
				   get_u32(rec, pd->swap), size,
				   PERF_SZ_HEADER + sz_body + sz_tail);
	*out = (struct trace_record){
		.type = type,
		.event = layout->event,
		.mode = misc & PERF_MISC_CPUMODE_MASK,
	};
	if (out->mode > TRACE_MODE_GUEST_USER)
		out->mode = TRACE_MODE_UNKNOWN;
	if (sz_tail)
		read_trailer(out, rec + size - sz_tail, layout->sample_type,
			     pd->swap);
	read_body(pd, out, rec + PERF_SZ_HEADER,
		  size - PERF_SZ_HEADER - sz_tail, misc);
	return 1;
}
