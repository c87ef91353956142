// SPDX-License-Identifier: GPL-2.0
/*
 * The head of a perf.data file: where its sections are.
 *
 * A table that points outside the file, or at itself, is a fault whatever it
 * points at: a file like that was not written by perf, and no part of it can be
 * told from another.  What a section of features holds is perf_feature.c's to
 * judge.
 *
 * Two sorts of file have no features that could be read: one whose recording
 * was killed, as perf writes them last and the size of the data with them; and
 * one that comes through a pipe, where they stand behind the data.
 */
#include <errno.h>
#include <stdlib.h>

#include "perf_data.h"

struct section {
	u64 offset, size;
};

static struct section get_section(const struct perf_data *pd, const u8 *p)
{
	return (struct section){
		.offset = get_u64(p, pd->swap),
		.size = get_u64(p + 8, pd->swap),
	};
}

static bool overlap(struct section a, struct section b)
{
	if (!a.size || !b.size)
		return false;
	return a.offset < b.offset ? b.offset - a.offset < a.size :
				     a.offset - b.offset < b.size;
}

static bool fits(struct section s, u64 size)
{
	return s.offset <= size && s.size <= size - s.offset;
}

/* @at: where in the file it stands that the bytes are there. */
static int read_at(struct perf_data *pd, void *buf, size_t len, u64 offset,
		   const char *what, u64 at, struct trace_error *err)
{
	int ret = input_read_at(&pd->src->in, buf, len, offset);

	if (ret < 0)
		return trace_system_fault(err, offset, "read", ret);
	if (!ret)
		return trace_fault(err, at,
				   "found %s at %llu with %zu bytes, expected "
				   "it before the data and the end of the file",
				   what, offset, len);
	return 0;
}

static int read_ids(struct perf_data *pd, struct section ids, u64 at,
		    struct trace_error *err)
{
	u32 event = pd->src->info.nr_events - 1;
	size_t nr = ids.size / 8, i;
	u8 *buf;
	int ret;

	if (!nr)
		return 0;
	if (nr > PERF_NR_IDS_MAX - pd->ids.nr)
		return trace_fault(err, at,
				   "event %u: found %zu ids, expected at most "
				   "%u in the whole capture",
				   event, nr, PERF_NR_IDS_MAX);
	buf = malloc(nr * 8);
	if (!buf)
		return trace_system_fault(err, at, "ids", -ENOMEM);
	ret = read_at(pd, buf, nr * 8, ids.offset, "ids", at, err);
	for (i = 0; i < nr && !ret; i++) {
		ret = perf_ids_add(&pd->ids, get_u64(buf + 8 * i, pd->swap),
				   event);
		if (ret)
			trace_system_fault(err, at, "ids", ret);
	}
	free(buf);
	return ret;
}

/*
 * One row of the attrs section: an attribute, in a slot that may be larger than
 * it, and where its ids are.
 */
static int read_attr(struct perf_data *pd, const u8 *row, u32 sz_row, u64 at,
		     struct section data, struct trace_error *err)
{
	u32 size = get_u32(row + PERF_ATTR_SIZE, pd->swap);
	struct section ids = get_section(pd, row + sz_row - PERF_SZ_SECTION);
	int ret;

	if (!size)
		size = PERF_ATTR_SIZE_MIN; /* as the kernel takes it */
	if (size < PERF_ATTR_SIZE_MIN || size > sz_row - PERF_SZ_SECTION)
		return trace_fault(err, at + PERF_ATTR_SIZE,
				   "found an attribute of %u bytes, expected "
				   "%u to %u",
				   size, PERF_ATTR_SIZE_MIN,
				   sz_row - PERF_SZ_SECTION);
	ret = perf_add_attr(pd, row, size, at, err);
	if (ret)
		return ret;
	at += sz_row - PERF_SZ_SECTION;
	if (overlap(ids, data))
		return trace_fault(err, at,
				   "found ids at %llu inside the data at %llu, "
				   "expected them apart",
				   ids.offset, data.offset);
	return read_ids(pd, ids, at, err);
}

static int read_attrs(struct perf_data *pd, struct section attrs, u64 sz_row,
		      struct section data, struct trace_error *err)
{
	u64 at;
	u8 *row;
	int ret = 0;

	if (sz_row < PERF_ATTR_SIZE_MIN + PERF_SZ_SECTION || sz_row > 4096)
		return trace_fault(err, PERF_FILE_ATTR_SIZE,
				   "found an attribute size of %llu, expected "
				   "%u to 4096",
				   sz_row,
				   PERF_ATTR_SIZE_MIN + PERF_SZ_SECTION);
	if (attrs.size % sz_row || attrs.size / sz_row > PERF_NR_EVENTS_MAX)
		return trace_fault(err, PERF_FILE_ATTRS + 8,
				   "found attributes of %llu bytes, expected "
				   "a multiple of %llu and at most %u of them",
				   attrs.size, sz_row, PERF_NR_EVENTS_MAX);
	row = malloc(sz_row);
	if (!row)
		return trace_system_fault(err, 0, "attributes", -ENOMEM);
	for (at = attrs.offset; at - attrs.offset < attrs.size && !ret;
	     at += sz_row) {
		ret = read_at(pd, row, sz_row, at, "an attribute",
			      PERF_FILE_ATTRS, err);
		if (!ret)
			ret = read_attr(pd, row, sz_row, at, data, err);
	}
	free(row);
	return ret;
}

static int read_feature(struct perf_data *pd, u32 feature, struct section s,
			u64 at, struct trace_error *err)
{
	u8 *buf;
	int ret;

	if (!perf_feature_wanted(feature))
		return 0;
	if (s.size > PERF_SZ_FEATURE_MAX)
		return trace_fault(err, at,
				   "feature %u: found %llu bytes, expected at "
				   "most %u",
				   feature, s.size, PERF_SZ_FEATURE_MAX);
	buf = malloc(s.size ? s.size : 1);
	if (!buf)
		return trace_system_fault(err, at, "features", -ENOMEM);
	ret = read_at(pd, buf, s.size, s.offset, "a feature", at, err);
	if (!ret)
		ret = perf_feature(pd, feature, buf, s.size, s.offset, err);
	free(buf);
	return ret;
}

static bool has_feature(const struct perf_data *pd, const u8 *map, u32 feature)
{
	return get_u64(map + feature / 64 * 8, pd->swap) >> feature % 64 & 1;
}

/*
 * perf keeps this map as an array of longs.  One of 32 bits, swapped in pieces
 * of 64, has its halves exchanged: the host name is in every map, by it the
 * right way is known.
 */
static void fix_halves(const struct perf_data *pd, u8 *map)
{
	u8 half[4];
	u32 i;

	if (!pd->swap || has_feature(pd, map, PERF_FEAT_HOSTNAME) ||
	    !has_feature(pd, map, PERF_FEAT_HOSTNAME + 32))
		return;
	for (i = 0; i < PERF_NR_FEATURE_BITS / 8; i += 8) {
		memcpy(half, map + i, 4);
		memcpy(map + i, map + i + 4, 4);
		memcpy(map + i + 4, half, 4);
	}
}

/* The table stands behind the data: one section for each bit of the map. */
static int check_table(struct perf_data *pd, const u8 *map, const u8 *table,
		       u64 at, bool killed, struct trace_error *err)
{
	u32 feature, nr = 0;
	u64 end = at;

	for (feature = 0; feature < PERF_NR_FEATURE_BITS; feature++)
		end += has_feature(pd, map, feature) * PERF_SZ_SECTION;
	for (feature = 0; feature < PERF_NR_FEATURE_BITS; feature++) {
		struct section s;

		if (!has_feature(pd, map, feature))
			continue;
		s = get_section(pd, table + nr * PERF_SZ_SECTION);
		if (!fits(s, pd->src->in.size) ||
		    (s.offset < end && (s.size || killed)))
			return trace_fault(err, at + nr * PERF_SZ_SECTION,
					   "feature %u: found it at %llu with "
					   "%llu bytes, expected it between "
					   "%llu and the end of the file at "
					   "%llu",
					   feature, s.offset, s.size, end,
					   pd->src->in.size);
		nr++;
	}
	return 0;
}

static int read_features(struct perf_data *pd, u8 *map, u64 at, bool killed,
			 struct trace_error *err)
{
	u8 table[PERF_NR_FEATURE_BITS * PERF_SZ_SECTION];
	u32 feature, nr = 0, i = 0;
	int ret;

	fix_halves(pd, map);
	if (has_feature(pd, map, PERF_FEAT_DIR_FORMAT))
		return trace_fault(err, PERF_FILE_FEATURES,
				   "found the header of a capture in many "
				   "files, expected one in one file: record it "
				   "without --threads");
	for (feature = 0; feature < PERF_NR_FEATURE_BITS; feature++)
		nr += has_feature(pd, map, feature);
	ret = read_at(pd, table, nr * PERF_SZ_SECTION, at,
		      "a table of features", PERF_FILE_DATA, err);
	if (!ret)
		ret = check_table(pd, map, table, at, killed, err);
	/* Where the size of the data is missing, so may this table be. */
	if (killed && (ret == -EBADMSG || !nr)) {
		pd->assume_zstd = true;
		return 0;
	}
	pd->features_known = true;
	if (killed)
		pd->data_end = at;
	for (feature = 0; feature < PERF_NR_FEATURE_BITS && !ret; feature++) {
		if (!has_feature(pd, map, feature))
			continue;
		ret = read_feature(pd, feature,
				   get_section(pd, table + i * PERF_SZ_SECTION),
				   at + i * PERF_SZ_SECTION, err);
		i++;
	}
	return ret;
}

static int check_sections(struct perf_data *pd, u64 sz_header,
			  struct section attrs, struct section data,
			  struct trace_error *err)
{
	struct section header = { 0, sz_header };
	u64 end = pd->src->in.size;

	if (!fits(attrs, end))
		return trace_fault(err, PERF_FILE_ATTRS,
				   "found attributes at %llu with %llu bytes, "
				   "expected them before the end of the file "
				   "at %llu",
				   attrs.offset, attrs.size, end);
	if (data.offset > end || data.size > ~data.offset)
		return trace_fault(err, PERF_FILE_DATA,
				   "found data at %llu with %llu bytes, "
				   "expected them before the end of the file "
				   "at %llu",
				   data.offset, data.size, end);
	if (overlap(header, attrs) || overlap(header, data) ||
	    overlap(attrs, data) || data.offset < sz_header)
		return trace_fault(
			err, PERF_FILE_ATTRS,
			"found a header of %llu bytes, attributes at "
			"%llu with %llu, data at %llu with %llu, "
			"expected them apart",
			sz_header, attrs.offset, attrs.size, data.offset,
			data.size);
	return 0;
}

/* Of an input that is not kept, what stands before the data must be at hand. */
static int have_head(struct perf_data *pd, u64 data_offset,
		     struct trace_error *err)
{
	int ret;

	if (input_seekable(&pd->src->in))
		return 0;
	if (data_offset > INPUT_SZ_PEEK)
		return trace_fault(err, PERF_FILE_DATA,
				   "found data at %llu, expected them within "
				   "the first %u bytes of what cannot be read "
				   "twice",
				   data_offset, INPUT_SZ_PEEK);
	ret = input_fill(&pd->src->in, data_offset);
	if (ret < 0)
		return trace_system_fault(err, 0, "read", ret);
	if (!ret)
		return trace_fault(err, PERF_FILE_DATA,
				   "found data at %llu, expected them before "
				   "the end of the input at %llu",
				   data_offset, pd->src->in.end_offset);
	return 0;
}

int perf_file_head(struct perf_data *pd, struct trace_error *err)
{
	struct input *in = &pd->src->in;
	u8 head[PERF_SZ_FILE_HEADER] = { 0 };
	struct section attrs, data;
	u64 sz_header = get_u64(in->cur + PERF_FILE_SIZE, pd->swap);
	bool killed;
	int ret;

	if (sz_header != PERF_SZ_FILE_HEADER &&
	    sz_header != PERF_SZ_FILE_HEADER_OLD)
		return trace_fault(err, PERF_FILE_SIZE,
				   "found a header of %llu bytes, expected %u "
				   "of a file or %u of a stream",
				   sz_header, PERF_SZ_FILE_HEADER,
				   PERF_SZ_PIPE_HEADER);
	ret = input_fill(in, sz_header);
	if (ret < 0)
		return trace_system_fault(err, 0, "read", ret);
	if (!ret)
		return trace_fault(err, input_left(in),
				   "found the end of the input, expected a "
				   "header of %llu bytes",
				   sz_header);
	memcpy(head, in->cur, sz_header);
	attrs = get_section(pd, head + PERF_FILE_ATTRS);
	data = get_section(pd, head + PERF_FILE_DATA);
	killed = !data.size;
	if (killed)
		data.size = ~data.offset; /* up to the end, wherever it is */
	ret = check_sections(pd, sz_header, attrs, data, err);
	if (!ret)
		ret = have_head(pd, data.offset, err);
	if (!ret)
		ret = read_attrs(pd, attrs,
				 get_u64(head + PERF_FILE_ATTR_SIZE, pd->swap),
				 data, err);
	if (ret)
		return ret;
	pd->data_end = killed ? INPUT_NO_LIMIT : data.offset + data.size;
	if (input_seekable(in) && fits(data, in->size))
		ret = read_features(pd, head + PERF_FILE_FEATURES,
				    data.offset + data.size, false, err);
	else if (input_seekable(in) && killed)
		ret = read_features(pd, head + PERF_FILE_FEATURES, data.offset,
				    true, err);
	else
		pd->assume_zstd = true;
	if (ret)
		return ret;
	pd->record_offset = data.offset;
	ret = perf_attrs_done(pd, err);
	if (ret)
		return ret;
	ret = input_skip(in, data.offset - input_offset(in));
	if (ret < 0)
		return trace_system_fault(err, data.offset, "read", ret);
	input_set_limit(in, pd->data_end);
	return 0;
}
