// SPDX-License-Identifier: GPL-2.0
/*
 * What events a capture was made with.
 *
 * An attribute grows with each kernel: it is read for as far as this reader
 * knows it, whatever its size.  Its sample_type is another matter: a bit that
 * is not known here means a field in every sample, at a place that cannot be
 * guessed.
 */
#include <errno.h>
#include <stdlib.h>

#include "perf_data.h"

/* A field of the attribute, 0 if the attribute is older than the field. */
static u64 attr_u64(const u8 *attr, size_t len, size_t at, bool swap)
{
	return at + 8 <= len ? get_u64(attr + at, swap) : 0;
}

static int grow_events(struct perf_data *pd)
{
	u32 max = pd->max_events ? 2 * pd->max_events : 8;
	struct trace_event *events;
	struct perf_layout *layouts;

	events = realloc(pd->src->info.events, max * sizeof(*events));
	if (!events)
		return -ENOMEM;
	pd->src->info.events = events;
	layouts = realloc(pd->layouts, max * sizeof(*layouts));
	if (!layouts)
		return -ENOMEM;
	pd->layouts = layouts;
	pd->max_events = max;
	return 0;
}

static u8 precise_ip(u64 flags, bool swap)
{
	u8 bits = flags >> PERF_ATTR_PRECISE_IP_SHIFT & 3;

	return swapped_is_big_endian(swap) ? bits >> 1 | (bits & 1) << 1 : bits;
}

static int check(const struct perf_layout *layout, u64 offset,
		 struct trace_error *err)
{
	if (layout->sample_type & ~(u64)PERF_SAMPLE_KNOWN)
		return trace_fault(
			err, offset + PERF_ATTR_SAMPLE_TYPE,
			"event %u: found sample_type %#llx, expected "
			"only bits of %#x: a newer kernel's samples "
			"cannot be taken apart",
			layout->event, layout->sample_type, PERF_SAMPLE_KNOWN);
	if (layout->sample_type & PERF_SAMPLE_READ &&
	    layout->read_format & ~(u64)PERF_FORMAT_KNOWN)
		return trace_fault(
			err, offset + PERF_ATTR_READ_FORMAT,
			"event %u: found read_format %#llx, expected "
			"only bits of %#x",
			layout->event, layout->read_format, PERF_FORMAT_KNOWN);
	return 0;
}

int perf_add_attr(struct perf_data *pd, const u8 *attr, size_t len, u64 offset,
		  struct trace_error *err)
{
	struct trace_info *info = &pd->src->info;
	u32 nr = info->nr_events;
	bool swap = pd->swap;
	struct perf_layout *layout;
	u64 flags;

	if (nr == PERF_NR_EVENTS_MAX)
		return trace_fault(err, offset,
				   "found more than %u events, expected fewer",
				   PERF_NR_EVENTS_MAX);
	if (nr == pd->max_events && grow_events(pd))
		return trace_system_fault(err, offset, "events", -ENOMEM);
	flags = get_bitfield(attr + PERF_ATTR_FLAGS, swap);
	info->events[nr] = (struct trace_event){
		.type = get_u32(attr + PERF_ATTR_TYPE, swap),
		.config = get_u64(attr + PERF_ATTR_CONFIG, swap),
		.config1 = attr_u64(attr, len, PERF_ATTR_CONFIG1, swap),
		.config2 = attr_u64(attr, len, PERF_ATTR_CONFIG2, swap),
		.period_or_freq = get_u64(attr + PERF_ATTR_PERIOD, swap),
		.freq = flags & PERF_ATTR_FREQ,
		.precise_ip = precise_ip(flags, swap),
		.sample_type = get_u64(attr + PERF_ATTR_SAMPLE_TYPE, swap),
	};
	layout = &pd->layouts[nr];
	*layout = (struct perf_layout){
		.event = nr,
		.sample_id_all = flags & PERF_ATTR_SAMPLE_ID_ALL,
		.sample_type = info->events[nr].sample_type,
		.read_format = get_u64(attr + PERF_ATTR_READ_FORMAT, swap),
		.branch_type = attr_u64(attr, len, PERF_ATTR_BRANCH_TYPE, swap),
		.nr_regs_user = __builtin_popcountll(
			attr_u64(attr, len, PERF_ATTR_REGS_USER, swap)),
		.nr_regs_intr = __builtin_popcountll(
			attr_u64(attr, len, PERF_ATTR_REGS_INTR, swap)),
	};
	perf_layout_init(layout);
	info->nr_events++;
	return check(layout, offset, err);
}

/* Where the id stands in a record without a sample's fields, from its end. */
static int id_from_end(u64 sample_type)
{
	if (sample_type & PERF_SAMPLE_IDENTIFIER)
		return 8;
	if (!(sample_type & PERF_SAMPLE_ID))
		return -1;
	return 8 + 8 * !!(sample_type & PERF_SAMPLE_CPU) +
	       8 * !!(sample_type & PERF_SAMPLE_STREAM_ID);
}

int perf_attrs_done(struct perf_data *pd, struct trace_error *err)
{
	const struct trace_info *info = &pd->src->info;
	const struct perf_layout *first = pd->layouts, *layout;
	u64 at = pd->record_offset;
	u32 i;

	pd->head_done = true;
	if (!info->nr_events)
		return trace_fault(err, at,
				   "found no event, expected at least one "
				   "attribute before the first record");
	for (i = 1; i < info->nr_events; i++) {
		layout = &pd->layouts[i];
		if (!layout->id_offset)
			return trace_fault(err, at,
					   "found %u events and samples of "
					   "event %u without an id, expected "
					   "one to tell them apart by",
					   info->nr_events, i);
		if (layout->id_offset != first->id_offset ||
		    id_from_end(layout->sample_type) !=
			    id_from_end(first->sample_type))
			return trace_fault(
				err, at,
				"found the ids of events 0 and %u at "
				"different places (sample_type %#llx "
				"and %#llx), expected the same",
				i, first->sample_type, layout->sample_type);
	}
	perf_name_pmus(pd);
	/*
	 * Only the features say what the type of a PMU that the kernel numbers
	 * at boot stands for, and only of ibs_op is raw data read.  To guess
	 * would be to believe other addresses than the hardware's.
	 */
	for (i = 0; i < info->nr_events && !pd->features_known; i++)
		if (info->events[i].type > PERF_TYPE_BREAKPOINT &&
		    info->events[i].sample_type & PERF_SAMPLE_RAW)
			return trace_fault(err, at,
					   "event %u: found raw samples of a "
					   "PMU of type %u that is named only "
					   "behind the data, expected a whole "
					   "file or perf's pipe format",
					   i, info->events[i].type);
	return 0;
}
