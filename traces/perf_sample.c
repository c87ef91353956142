// SPDX-License-Identifier: GPL-2.0
/*
 * One sample.
 *
 * The fields stand in the order in which the kernel writes them, which is
 * neither that of their bits nor, at the tail, that of the comment in the
 * kernel's header.  Until the first field of variable length all places are
 * fixed; most captures for memory access have none of those, and perf_data.c
 * reads their samples by the places that perf_layout_init() found.  What is
 * here walks over any sample, slower.
 *
 * Lengths that a sample gives are checked against its end; what stands behind
 * the last field is not looked at.
 */
#include <limits.h>

#include "ibs_raw.h"
#include "perf_data.h"

#define SZ_BRANCH_ENTRY 24

/* Fields whose length is in the sample. */
#define VARIABLE                                                              \
	(PERF_SAMPLE_CALLCHAIN | PERF_SAMPLE_RAW | PERF_SAMPLE_BRANCH_STACK | \
	 PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER |                     \
	 PERF_SAMPLE_REGS_INTR | PERF_SAMPLE_AUX)

#define WEIGHTS (PERF_SAMPLE_WEIGHT | PERF_SAMPLE_WEIGHT_STRUCT)

static u32 sz_read_value(u64 read_format)
{
	return 8 + 8 * !!(read_format & PERF_FORMAT_ID) +
	       8 * !!(read_format & PERF_FORMAT_LOST);
}

static u32 sz_read_times(u64 read_format)
{
	return 8 * !!(read_format & PERF_FORMAT_TOTAL_TIME_ENABLED) +
	       8 * !!(read_format & PERF_FORMAT_TOTAL_TIME_RUNNING);
}

static struct perf_field place(u64 sample_type, u64 bits, u16 *at)
{
	struct perf_field field = { 0 };

	if (sample_type & bits) {
		field.offset = *at;
		field.mask = ~0ull;
		*at += 8;
	}
	return field;
}

void perf_layout_init(struct perf_layout *layout)
{
	u64 type = layout->sample_type;
	u16 at = PERF_SZ_HEADER;

	if (type & PERF_SAMPLE_IDENTIFIER)
		layout->id_offset = at;
	place(type, PERF_SAMPLE_IDENTIFIER, &at);
	layout->ip = place(type, PERF_SAMPLE_IP, &at);
	layout->tid = place(type, PERF_SAMPLE_TID, &at);
	layout->time = place(type, PERF_SAMPLE_TIME, &at);
	layout->addr = place(type, PERF_SAMPLE_ADDR, &at);
	if (type & PERF_SAMPLE_ID && !layout->id_offset)
		layout->id_offset = at;
	place(type, PERF_SAMPLE_ID, &at);
	place(type, PERF_SAMPLE_STREAM_ID, &at);
	layout->cpu = place(type, PERF_SAMPLE_CPU, &at);
	place(type, PERF_SAMPLE_PERIOD, &at);
	if (type & PERF_SAMPLE_READ)
		at += sz_read_value(layout->read_format) +
		      sz_read_times(layout->read_format);
	layout->weight = place(type, WEIGHTS, &at);
	/* Of the struct the low 32 bits are the cache's latency. */
	if (type & PERF_SAMPLE_WEIGHT_STRUCT)
		layout->weight.mask &= UINT_MAX;
	layout->data_src = place(type, PERF_SAMPLE_DATA_SRC, &at);
	place(type, PERF_SAMPLE_TRANSACTION, &at);
	layout->phys_addr = place(type, PERF_SAMPLE_PHYS_ADDR, &at);
	place(type, PERF_SAMPLE_CGROUP, &at);
	place(type, PERF_SAMPLE_DATA_PAGE_SIZE, &at);
	place(type, PERF_SAMPLE_CODE_PAGE_SIZE, &at);
	layout->sz_plain = at;
	layout->plain = type & PERF_SAMPLE_TIME && !(type & VARIABLE) &&
			!(type & PERF_SAMPLE_READ &&
			  layout->read_format & PERF_FORMAT_GROUP);

	layout->has = (type & PERF_SAMPLE_TIME ? TRACE_HAS_TIME : 0) |
		      (type & PERF_SAMPLE_ADDR ? TRACE_HAS_ADDR : 0) |
		      (type & PERF_SAMPLE_DATA_SRC ? TRACE_HAS_DATA_SRC : 0) |
		      (type & PERF_SAMPLE_IP ? TRACE_HAS_IP : 0) |
		      (type & PERF_SAMPLE_TID ? TRACE_HAS_TID : 0) |
		      (type & PERF_SAMPLE_CPU ? TRACE_HAS_CPU : 0) |
		      (type & WEIGHTS ? TRACE_HAS_WEIGHT : 0);
}

/* @overrun: the first field that the record has no room for. */
struct cursor {
	const u8 *p, *end;
	const char *overrun;
	bool swap;
};

/* Return: where the field is, NULL if there is no room for it. */
static const u8 *take(struct cursor *c, u64 len, const char *field)
{
	const u8 *p = c->p;

	if (c->overrun)
		return NULL;
	if (len > c->end - c->p) {
		c->overrun = field;
		return NULL;
	}
	c->p += len;
	return p;
}

static u64 take_u64(struct cursor *c, const char *field)
{
	const u8 *p = take(c, 8, field);

	return p ? get_u64(p, c->swap) : 0;
}

static void take_array(struct cursor *c, u64 nr, u32 sz, const char *field)
{
	/* No product of a count that did not fit anyway. */
	if (!c->overrun && nr > (c->end - c->p) / sz)
		c->overrun = field;
	else
		take(c, nr * sz, field);
}

static void take_read(struct cursor *c, const struct perf_layout *layout)
{
	u64 nr = 1;

	if (layout->read_format & PERF_FORMAT_GROUP)
		nr = take_u64(c, "count of group values");
	take(c, sz_read_times(layout->read_format), "times of counters");
	take_array(c, nr, sz_read_value(layout->read_format),
		   "values of counters");
}

/*
 * Where the hardware gave no branches the kernel writes the count 0 and no
 * index, where it gave an empty list the count 0 and an index: which of the
 * two it was only the length of the record can tell.
 */
static bool take_branches(struct cursor *c, const struct perf_layout *layout,
			  bool no_index)
{
	u64 nr = take_u64(c, "count of branches");
	bool index = layout->branch_type & PERF_BRANCH_HW_INDEX;

	if (index && !(no_index && !nr))
		take(c, 8, "index of branches");
	take_array(c, nr, SZ_BRANCH_ENTRY, "branches");
	if (layout->branch_type & PERF_BRANCH_COUNTERS)
		take_array(c, nr, 8, "counters of branches");
	return index && !nr;
}

static void take_regs(struct cursor *c, u32 nr, const char *field)
{
	if (take_u64(c, field))
		take_array(c, nr, 8, field);
}

static void take_raw(struct cursor *c, const u8 **raw, u32 *len)
{
	const u8 *p = take(c, 4, "size of raw data");

	if (!p)
		return;
	*len = get_u32(p, c->swap);
	/* The size field and the data together are padded. */
	*raw = take(c, ((*len + 4ull + 7) & ~7ull) - 4, "raw data");
}

/*
 * The hardware's own addresses and valid bits.
 */
static void apply_ibs(struct trace_record *out, const struct ibs_raw *ibs)
{
	bool lin = ibs_raw_lin_addr_valid(ibs);
	bool phys = ibs_raw_phys_addr_valid(ibs);

	out->has &= ~(TRACE_HAS_ADDR | TRACE_HAS_PHYS_ADDR);
	out->has |= TRACE_HAS_HW_VALID | (lin ? TRACE_HAS_ADDR : 0) |
		    (phys ? TRACE_HAS_PHYS_ADDR : 0);
	out->addr = lin ? ibs->dc_lin_ad : 0;
	out->phys_addr = phys ? ibs->dc_phys_ad : 0;
}

/* @ambiguous: there is another way to read it, with @no_index. */
static void walk(struct cursor *c, const struct perf_layout *layout,
		 struct trace_record *out, bool no_index, bool *ambiguous)
{
	u64 type = layout->sample_type, stack;
	const u8 *p, *raw = NULL;
	struct ibs_raw ibs;
	u32 len = 0;

	*ambiguous = false;
	if (type & PERF_SAMPLE_IDENTIFIER)
		take(c, 8, "identifier");
	if (type & PERF_SAMPLE_IP)
		out->ip = take_u64(c, "ip");
	if (type & PERF_SAMPLE_TID && (p = take(c, 8, "pid and tid"))) {
		out->pid = get_u32(p, c->swap);
		out->tid = get_u32(p + 4, c->swap);
	}
	if (type & PERF_SAMPLE_TIME)
		out->time_ns = take_u64(c, "time");
	if (type & PERF_SAMPLE_ADDR)
		out->addr = take_u64(c, "address");
	if (type & PERF_SAMPLE_ID)
		take(c, 8, "id");
	if (type & PERF_SAMPLE_STREAM_ID)
		take(c, 8, "stream id");
	if (type & PERF_SAMPLE_CPU && (p = take(c, 8, "cpu")))
		out->cpu = get_u32(p, c->swap);
	if (type & PERF_SAMPLE_PERIOD)
		take(c, 8, "period");
	if (type & PERF_SAMPLE_READ)
		take_read(c, layout);
	if (type & PERF_SAMPLE_CALLCHAIN)
		take_array(c, take_u64(c, "length of callchain"), 8,
			   "callchain");
	if (type & PERF_SAMPLE_RAW)
		take_raw(c, &raw, &len);
	if (type & PERF_SAMPLE_BRANCH_STACK)
		*ambiguous = take_branches(c, layout, no_index);
	if (type & PERF_SAMPLE_REGS_USER)
		take_regs(c, layout->nr_regs_user, "user registers");
	if (type & PERF_SAMPLE_STACK_USER) {
		stack = take_u64(c, "size of user stack");
		take(c, stack, "user stack");
		if (stack)
			take(c, 8, "used size of user stack");
	}
	if (type & WEIGHTS) {
		u64 weight = take_u64(c, "weight") & layout->weight.mask;

		out->weight = weight > UINT_MAX ? UINT_MAX : weight;
	}
	if (type & PERF_SAMPLE_DATA_SRC)
		out->data_src = take_u64(c, "data source");
	if (type & PERF_SAMPLE_TRANSACTION)
		take(c, 8, "transaction");
	if (type & PERF_SAMPLE_REGS_INTR)
		take_regs(c, layout->nr_regs_intr, "registers");
	if (type & PERF_SAMPLE_PHYS_ADDR)
		out->phys_addr = take_u64(c, "physical address");
	if (type & PERF_SAMPLE_CGROUP)
		take(c, 8, "cgroup");
	if (type & PERF_SAMPLE_DATA_PAGE_SIZE)
		take(c, 8, "data page size");
	if (type & PERF_SAMPLE_CODE_PAGE_SIZE)
		take(c, 8, "code page size");
	if (type & PERF_SAMPLE_AUX)
		take(c, take_u64(c, "size of aux data"), "aux data");

	if (out->phys_addr)
		out->has |= TRACE_HAS_PHYS_ADDR;
	if (raw && layout->ibs_op && ibs_raw_parse(&ibs, raw, len, c->swap))
		apply_ibs(out, &ibs);
}

/* Return: true if the fields end where the record does. */
static bool walk_record(struct cursor *c, const u8 *rec,
			const struct perf_layout *layout,
			struct trace_record *out, bool no_index,
			bool *ambiguous)
{
	c->p = rec + PERF_SZ_HEADER;
	c->overrun = NULL;
	walk(c, layout, out, no_index, ambiguous);
	return !c->overrun && c->p == c->end;
}

int perf_sample(struct perf_data *pd, const u8 *rec, size_t size,
		struct trace_record *out, struct trace_error *err)
{
	struct trace_record blank = {
		.type = TRACE_SAMPLE,
		.mode = get_u16(rec + 4, pd->swap) & PERF_MISC_CPUMODE_MASK,
	};
	struct cursor c = { .end = rec + size, .swap = pd->swap };
	const struct perf_layout *layout = pd->layouts;
	bool ambiguous;
	int event;

	if (pd->src->info.nr_events > 1) {
		if (layout->id_offset + 8 > size)
			return trace_fault(err, pd->record_offset,
					   "found a sample of %zu bytes, "
					   "expected its id at byte %u",
					   size, layout->id_offset);
		event = perf_ids_find(&pd->ids, get_u64(rec + layout->id_offset,
							pd->swap));
		if (event < 0)
			return 0;
		layout += event;
	}
	blank.event = layout->event;
	blank.has = layout->has;
	if (blank.mode > TRACE_MODE_GUEST_USER)
		blank.mode = TRACE_MODE_UNKNOWN;
	*out = blank;
	if (!walk_record(&c, rec, layout, out, false, &ambiguous) &&
	    ambiguous) {
		struct cursor other = c;
		struct trace_record other_out = blank;

		if (walk_record(&other, rec, layout, &other_out, true,
				&ambiguous)) {
			*out = other_out;
			return 1;
		}
	}
	if (!c.overrun)
		return 1;
	return trace_fault(err, pd->record_offset,
			   "event %u: found a sample of %zu bytes, expected "
			   "room for its %s at byte %zu",
			   layout->event, size, c.overrun, (size_t)(c.p - rec));
}
