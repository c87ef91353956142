// SPDX-License-Identifier: GPL-2.0
/*
 * The head and the end of a perf.data.
 *
 * A file has its table of attributes before the data, with room for those that
 * records will ask for; what the machine was comes at the end.  The size of the
 * data follows what is written: of a size of 0, which perf record leaves until
 * it ends, perf reads nothing.  A stream has all of it as records, first.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perf_write.h"
#include "source.h"

#define ATTR_MMAP (1ull << 8)
#define ATTR_COMM (1ull << 9)
#define ATTR_TASK (1ull << 13)
#define ATTR_COMM_EXEC (1ull << 24)

#define TYPE_SOFTWARE 1u
#define CONFIG_DUMMY 9u
/* For a PMU that the kernel numbers at boot, if its number is not known. */
#define TYPE_UNKNOWN 64u

#define FEAT_VERSION 5u
#define FEAT_SAMPLE_TIME 21u

#define SZ_ROW (PW_SZ_ATTR + PERF_SZ_SECTION)
/*
 * A perf copies as many bytes of a stream's attribute as its own has, whatever
 * the size that is said; the id must not be among them.  A file's may not be
 * larger than perf's own.
 */
#define SZ_ATTR_PIPE 136u
#define SZ_IDS 8u /* one id for each */

/* A string of trace_info is shorter, and so is all that is made of several. */
#define SZ_TEXT 512u

static const struct trace_event dummy = {
	.name = "dummy:u",
	.type = TYPE_SOFTWARE,
	.config = CONFIG_DUMMY,
};

static const struct trace_event *event_of(const struct perf_writer *w,
					  const struct pw_kind *kind)
{
	const struct trace_info *info = w->sink->info;

	return kind->event < info->nr_events ? &info->events[kind->event] :
					       &dummy;
}

/* A PMU of a simulation has a name and no number. */
static u32 type_of(const struct trace_event *event)
{
	bool dynamic = *event->pmu && strncmp(event->pmu, "cpu", 3) &&
		       strcmp(event->pmu, "software") &&
		       strcmp(event->pmu, "tracepoint") &&
		       strcmp(event->pmu, "breakpoint");

	return dynamic && event->type <= PERF_TYPE_BREAKPOINT ? TYPE_UNKNOWN :
								event->type;
}

static u8 *put_attr(const struct perf_writer *w, u8 *p, u32 index)
{
	const struct pw_kind *kind = &w->kinds[index];
	const struct trace_event *e = event_of(w, kind);
	u64 flags = PERF_ATTR_SAMPLE_ID_ALL;
	u8 *begin = p;

	if (!index)
		flags |= ATTR_MMAP | ATTR_COMM | ATTR_TASK | ATTR_COMM_EXEC;
	if (e->freq)
		flags |= PERF_ATTR_FREQ;
	flags |= (u64)(e->precise_ip & 3) << PERF_ATTR_PRECISE_IP_SHIFT;
	memset(p, 0, PW_SZ_ATTR);
	p = pw_u32(pw_u32(p, type_of(e)), PW_SZ_ATTR);
	/* perf counts samples by it: 0 would be none at all. */
	p = pw_u64(pw_u64(p, e->config),
		   e->period_or_freq ? e->period_or_freq : 1);
	p = pw_u64(p, kind->sample_type);
	p = pw_u64(pw_u64(p, 0), flags); /* behind read_format */
	pw_u64(pw_u64(begin + PERF_ATTR_CONFIG1, e->config1), e->config2);
	return begin + PW_SZ_ATTR;
}

static u8 *put_string(u8 *p, const char *text)
{
	u32 len = (strlen(text) + 1 + 63) & ~63u;

	p = pw_u32(p, len);
	memset(p, 0, len);
	memcpy(p, text, strlen(text));
	return p + len;
}

static u64 attrs_end(const struct perf_writer *w)
{
	return PERF_SZ_FILE_HEADER + (u64)w->max_kinds * SZ_ROW;
}

static u8 *put_row(const struct perf_writer *w, u8 *p, u32 index)
{
	p = put_attr(w, p, index);
	return pw_u64(pw_u64(p, attrs_end(w) + index * SZ_IDS), SZ_IDS);
}

static u8 *put_magic(u8 *p)
{
	memcpy(p, "PERFILE2", 8);
	return p + 8;
}

/* @features: their map, once they are there. */
static void put_file_header(const struct perf_writer *w, u8 *p, u64 sz_data,
			    u64 features)
{
	memset(p, 0, PERF_SZ_FILE_HEADER);
	p = pw_u64(put_magic(p), PERF_SZ_FILE_HEADER);
	p = pw_u64(p, SZ_ROW);
	p = pw_u64(pw_u64(p, PERF_SZ_FILE_HEADER), (u64)w->nr_kinds * SZ_ROW);
	p = pw_u64(pw_u64(p, w->data_offset), sz_data);
	pw_u64(p + PERF_SZ_SECTION, features);
}

static int file_head(struct perf_writer *w, struct trace_error *err)
{
	size_t len;
	u32 i;
	u8 *head;
	int ret;

	len = attrs_end(w) + w->max_kinds * SZ_IDS;
	head = calloc(1, len);
	if (!head)
		return trace_system_fault(err, 0, "head", -ENOMEM);
	w->data_offset = len;
	put_file_header(w, head, 0, 0);
	for (i = 0; i < w->nr_kinds; i++)
		put_row(w, head + PERF_SZ_FILE_HEADER + i * SZ_ROW, i);
	for (i = 0; i < w->max_kinds; i++)
		pw_u64(head + attrs_end(w) + i * SZ_IDS, pw_id(i));
	ret = sink_put(w->sink, head, len, err);
	free(head);
	return ret;
}

int pw_add_attr(struct perf_writer *w, struct trace_error *err)
{
	u32 index = w->nr_kinds - 1;
	u8 row[SZ_ROW], size[8];
	int ret;

	put_row(w, row, index);
	ret = sink_put_at(w->sink, PERF_SZ_FILE_HEADER + (u64)index * SZ_ROW,
			  row, sizeof(row), err);
	if (ret)
		return ret;
	pw_u64(size, (u64)w->nr_kinds * SZ_ROW);
	return sink_put_at(w->sink, PERF_FILE_ATTRS + 8, size, sizeof(size),
			   err);
}

int pw_put_size(struct perf_writer *w, struct trace_error *err)
{
	u8 size[8];

	/* 0: whoever reads it must not take it for a capture without PMUs. */
	pw_u64(size, w->has_raw ? 0 : w->sink->offset - w->data_offset);
	return sink_put_at(w->sink, PERF_FILE_DATA + 8, size, sizeof(size),
			   err);
}

static void event_name(char *to, size_t sz, const struct perf_writer *w,
		       u32 index)
{
	const struct trace_event *e = event_of(w, &w->kinds[index]);

	if (*e->name)
		snprintf(to, sz, "%s", e->name);
	else
		snprintf(to, sz, "event%u", w->kinds[index].event);
}

static u8 *put_event_desc(const struct perf_writer *w, u8 *p)
{
	char name[sizeof(dummy.name) + 16];
	u32 i;

	p = pw_u32(pw_u32(p, w->nr_kinds), PW_SZ_ATTR);
	for (i = 0; i < w->nr_kinds; i++) {
		event_name(name, sizeof(name), w, i);
		p = put_string(pw_u32(put_attr(w, p, i), 1), name);
		p = pw_u64(p, pw_id(i));
	}
	return p;
}

/* Each PMU once. */
static u8 *put_pmus(const struct perf_writer *w, u8 *p)
{
	const struct trace_info *info = w->sink->info;
	u8 *count = p;
	u32 nr = 0, i, k;

	p += 4;
	for (i = 0; i < info->nr_events; i++) {
		const struct trace_event *e = &info->events[i];
		u32 type = type_of(e);

		/* Of the generic types no PMU has the number. */
		if (type == PERF_TYPE_HARDWARE || type == PERF_TYPE_HW_CACHE)
			type = e->config >> 32 ?: PERF_TYPE_RAW;
		for (k = 0; k < i && strcmp(info->events[k].pmu, e->pmu); k++)
			;
		if (!*e->pmu || k < i)
			continue;
		p = put_string(pw_u32(p, type), e->pmu);
		nr++;
	}
	pw_u32(count, nr);
	return p;
}

/* Return: behind it; @p if nothing is known of it. */
static u8 *put_feature(const struct perf_writer *w, u8 *p, u32 feature)
{
	const struct trace_info *info = w->sink->info;

	switch (feature) {
	case PERF_FEAT_HOSTNAME:
		return *info->hostname ? put_string(p, info->hostname) : p;
	case PERF_FEAT_OSRELEASE:
		return *info->os_release ? put_string(p, info->os_release) : p;
	case FEAT_VERSION:
		return put_string(p, "damonsim");
	case PERF_FEAT_ARCH:
		return *info->arch ? put_string(p, info->arch) : p;
	case PERF_FEAT_NRCPUS:
		if (!info->nr_cpus_online)
			return p;
		p = pw_u32(p, info->nr_cpus_online);
		return pw_u32(p, info->nr_cpus_online);
	case PERF_FEAT_CPUDESC:
		return *info->cpu_desc ? put_string(p, info->cpu_desc) : p;
	case PERF_FEAT_CPUID:
		return *info->cpuid ? put_string(p, info->cpuid) : p;
	case PERF_FEAT_TOTAL_MEM:
		return info->total_mem_bytes >> 10 ?
			       pw_u64(p, info->total_mem_bytes >> 10) :
			       p;
	case PERF_FEAT_CMDLINE:
		return *info->cmdline ?
			       put_string(pw_u32(p, 1), info->cmdline) :
			       p;
	case PERF_FEAT_EVENT_DESC:
		return put_event_desc(w, p);
	case PERF_FEAT_PMU_MAPPINGS:
		return put_pmus(w, p);
	case FEAT_SAMPLE_TIME:
		if (w->pipe || w->first_ns > w->last_ns)
			return p;
		return pw_u64(pw_u64(p, w->first_ns), w->last_ns);
	}
	return p;
}

#define NR_FEATURES (FEAT_SAMPLE_TIME + 1)

static u8 *new_scratch(const struct perf_writer *w, struct trace_error *err)
{
	u8 *p = malloc(SZ_TEXT * (w->nr_kinds + w->sink->info->nr_events + 8));

	if (!p)
		trace_system_fault(err, w->sink->sz_saved, "features", -ENOMEM);
	return p;
}

int pw_end(struct perf_writer *w, struct trace_error *err)
{
	u8 table[NR_FEATURES * PERF_SZ_SECTION], head[PERF_SZ_FILE_HEADER];
	u64 map = 0, data_end = w->sink->offset, at;
	u8 *scratch = new_scratch(w, err), *row = table;
	u32 feature;
	int ret = 0;

	if (!scratch)
		return -ENOMEM;
	for (feature = 0; feature < NR_FEATURES; feature++)
		if (put_feature(w, scratch, feature) != scratch)
			map |= 1ull << feature;
	at = data_end + __builtin_popcountll(map) * PERF_SZ_SECTION;
	for (feature = 0; feature < NR_FEATURES; feature++) {
		u64 len = put_feature(w, scratch, feature) - scratch;

		if (!len)
			continue;
		row = pw_u64(pw_u64(row, at), len);
		at += len;
	}
	ret = sink_put(w->sink, table, row - table, err);
	for (feature = 0; feature < NR_FEATURES && !ret; feature++)
		ret = sink_put(w->sink, scratch,
			       put_feature(w, scratch, feature) - scratch, err);
	free(scratch);
	if (ret)
		return ret;
	put_file_header(w, head, data_end - w->data_offset, map);
	return sink_put_at(w->sink, 0, head, sizeof(head), err);
}

static int pipe_attr(struct perf_writer *w, u32 index, struct trace_error *err)
{
	u8 rec[PERF_SZ_HEADER + SZ_ATTR_PIPE + SZ_IDS] = { 0 };
	u8 *attr = pw_header(rec, PERF_RECORD_HEADER_ATTR, 0, sizeof(rec));

	put_attr(w, attr, index);
	pw_u32(attr + PERF_ATTR_SIZE, SZ_ATTR_PIPE);
	pw_u64(attr + SZ_ATTR_PIPE, pw_id(index));
	return sink_put(w->sink, rec, sizeof(rec), err);
}

static int pipe_name(struct perf_writer *w, u32 index, struct trace_error *err)
{
	char name[sizeof(dummy.name) + 16];
	u8 rec[PERF_SZ_HEADER + 16 + sizeof(name) + 8] = { 0 }, *p;

	event_name(name, sizeof(name), w, index);
	p = pw_header(rec, PERF_RECORD_EVENT_UPDATE, 0, sizeof(rec));
	p = pw_u64(pw_u64(p, PERF_EVENT_UPDATE_NAME), pw_id(index));
	memcpy(p, name, strlen(name));
	return sink_put(w->sink, rec, sizeof(rec), err);
}

static int pipe_feature(struct perf_writer *w, u32 feature, u8 *scratch,
			struct trace_error *err)
{
	const u32 at = PERF_SZ_HEADER + 8;
	u8 *end = put_feature(w, scratch + at, feature);
	size_t len = end - scratch;

	if (len == at)
		return 0;
	memset(end, 0, 8);
	len = (len + 7) & ~7ull;
	/* Of many events the names came with the attributes only. */
	if (len > 0xffff)
		return 0;
	pw_u64(pw_header(scratch, PERF_RECORD_HEADER_FEATURE, 0, len), feature);
	return sink_put(w->sink, scratch, len, err);
}

static int pipe_head(struct perf_writer *w, struct trace_error *err)
{
	u8 head[PERF_SZ_PIPE_HEADER], *scratch;
	u32 i;
	int ret;

	pw_u64(put_magic(head), PERF_SZ_PIPE_HEADER);
	ret = sink_put(w->sink, head, sizeof(head), err);
	for (i = 0; i < w->nr_kinds && !ret; i++) {
		ret = pipe_attr(w, i, err);
		if (!ret)
			ret = pipe_name(w, i, err);
	}
	scratch = ret ? NULL : new_scratch(w, err);
	if (!scratch)
		return ret ? ret : -ENOMEM;
	for (i = 0; i < NR_FEATURES && !ret; i++)
		ret = pipe_feature(w, i, scratch, err);
	free(scratch);
	return ret;
}

int pw_head(struct perf_writer *w, struct trace_error *err)
{
	int ret = w->pipe ? pipe_head(w, err) : file_head(w, err);

	if (ret)
		return ret;
	w->head_done = true;
	w->sink->sz_saved = w->sink->offset;
	return 0;
}
