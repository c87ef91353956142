// SPDX-License-Identifier: GPL-2.0
/*
 * The head of perf's pipe format: what a file has in sections comes as records,
 * all of it before the first record of the kernel.
 */
#include <errno.h>

#include "perf_data.h"

static int head_attr(struct perf_data *pd, const u8 *rec, size_t size,
		     struct trace_error *err)
{
	const u8 *attr = rec + PERF_SZ_HEADER;
	size_t left = size - PERF_SZ_HEADER, at;
	u32 sz_attr;
	int ret;

	if (pd->head_done)
		return trace_fault(err, pd->record_offset,
				   "found an attribute behind the first "
				   "record, expected all before it");
	if (left < PERF_ATTR_SIZE_MIN)
		return trace_fault(err, pd->record_offset,
				   "found an attribute of %zu bytes, expected "
				   "at least %u",
				   left, PERF_ATTR_SIZE_MIN);
	sz_attr = get_u32(attr + PERF_ATTR_SIZE, pd->swap);
	if (!sz_attr)
		sz_attr = PERF_ATTR_SIZE_MIN;
	if (sz_attr < PERF_ATTR_SIZE_MIN || sz_attr > left)
		return trace_fault(err, pd->record_offset,
				   "found an attribute of %u bytes, expected "
				   "%u to %zu",
				   sz_attr, PERF_ATTR_SIZE_MIN, left);
	ret = perf_add_attr(pd, attr, sz_attr,
			    pd->record_offset + PERF_SZ_HEADER, err);
	for (at = sz_attr; at + 8 <= left && !ret; at += 8) {
		if (pd->ids.nr == PERF_NR_IDS_MAX)
			return trace_fault(err, pd->record_offset,
					   "found more than %u ids, expected "
					   "fewer",
					   PERF_NR_IDS_MAX);
		ret = perf_ids_add(&pd->ids, get_u64(attr + at, pd->swap),
				   pd->src->info.nr_events - 1);
		if (ret)
			trace_system_fault(err, pd->record_offset, "ids", ret);
	}
	return ret;
}

/* Only the name is of use; units and scales are for counting. */
static void event_update(struct perf_data *pd, const u8 *rec, size_t size)
{
	const u8 *body = rec + PERF_SZ_HEADER; /* u64 type, id; data */
	int event;

	if (size < PERF_SZ_HEADER + 16 ||
	    get_u64(body, pd->swap) != PERF_EVENT_UPDATE_NAME)
		return;
	event = perf_ids_find(&pd->ids, get_u64(body + 8, pd->swap));
	if (event >= 0)
		perf_set_name(&pd->src->info.events[event], body + 16,
			      size - PERF_SZ_HEADER - 16);
}

static int head_feature(struct perf_data *pd, const u8 *rec, size_t size,
			struct trace_error *err)
{
	const u32 at = PERF_SZ_HEADER + 8; /* u64 feature, and it */
	u64 feature;

	if (size < at)
		return trace_fault(err, pd->record_offset,
				   "found a feature of %zu bytes, expected at "
				   "least %u",
				   size, at);
	feature = get_u64(rec + PERF_SZ_HEADER, pd->swap);
	if (feature >= PERF_NR_FEATURE_BITS || !perf_feature_wanted(feature))
		return 0;
	return perf_feature(pd, feature, rec + at, size - at,
			    pd->record_offset + at, err);
}

int perf_head_record(struct perf_data *pd, const u8 *rec, size_t size,
		     struct trace_error *err)
{
	switch (get_u32(rec, pd->swap)) {
	case PERF_RECORD_EVENT_UPDATE:
		event_update(pd, rec, size);
		break;
	case PERF_RECORD_HEADER_ATTR:
		return pd->pipe ? head_attr(pd, rec, size, err) : 0;
	case PERF_RECORD_HEADER_FEATURE:
		return pd->pipe ? head_feature(pd, rec, size, err) : 0;
	}
	return 0;
}

static bool ends_head(u32 type)
{
	switch (type) {
	case PERF_RECORD_HEADER_ATTR:
	case PERF_RECORD_HEADER_EVENT_TYPE:
	case PERF_RECORD_HEADER_BUILD_ID:
	case PERF_RECORD_HEADER_FEATURE:
	case PERF_RECORD_EVENT_UPDATE:
		return false;
	}
	return true;
}

int perf_pipe_head(struct perf_data *pd, struct trace_error *err)
{
	struct input *in = &pd->src->in;
	u32 size;
	int ret;

	pd->features_known = true;
	in->cur += PERF_SZ_PIPE_HEADER;
	for (;;) {
		pd->record_offset = input_offset(in);
		ret = input_fill(in, PERF_SZ_HEADER);
		if (ret < 0)
			return trace_system_fault(err, pd->record_offset,
						  "read", ret);
		if (!ret || ends_head(get_u32(in->cur, pd->swap)))
			break;
		size = get_u16(in->cur + 6, pd->swap);
		if (size < PERF_SZ_HEADER)
			break; /* perf_data.c has words for it */
		ret = input_fill(in, size);
		if (ret < 0)
			return trace_system_fault(err, pd->record_offset,
						  "read", ret);
		if (!ret)
			break;
		ret = perf_head_record(pd, in->cur, size, err);
		if (ret)
			return ret;
		in->cur += size;
		pd->src->counts.nr_records++;
		pd->src->counts.nr_skipped++;
	}
	return perf_attrs_done(pd, err);
}
