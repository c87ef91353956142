// SPDX-License-Identifier: GPL-2.0
/*
 * What a capture says about itself: one feature each, the same bytes in a
 * file's section and in a stream's record.
 *
 * A feature on which the reading of samples rests (which PMU is ibs_op, how
 * records are packed) must be whole.  One that only describes the machine is
 * left out if it is not: nobody should lose a capture over its host name.
 */
#include <errno.h>
#include <stdlib.h>

#include "perf_data.h"

struct reader {
	const u8 *p, *end;
	bool swap;
	bool bad; /* ran over the end */
};

static u32 read_u32(struct reader *r)
{
	u32 v;

	if (r->bad || r->end - r->p < 4) {
		r->bad = true;
		return 0;
	}
	v = get_u32(r->p, r->swap);
	r->p += 4;
	return v;
}

static void pass(struct reader *r, u64 len)
{
	if (r->bad || len > r->end - r->p)
		r->bad = true;
	else
		r->p += len;
}

/* A length and as many bytes, padded with zeros: into @to, cut to fit. */
static void read_string(struct reader *r, char *to, size_t sz)
{
	u32 len = read_u32(r);
	const u8 *text = r->p;
	size_t nr;

	pass(r, len);
	if (r->bad)
		return;
	nr = strnlen((const char *)text, len);
	if (nr >= sz)
		nr = sz - 1;
	memcpy(to, text, nr);
	to[nr] = 0;
}

void perf_set_name(struct trace_event *event, const u8 *name, size_t len)
{
	size_t nr = strnlen((const char *)name, len);

	if (nr >= sizeof(event->name))
		nr = sizeof(event->name) - 1;
	memcpy(event->name, name, nr);
	event->name[nr] = 0;
}

static void read_cmdline(struct reader *r, char *to, size_t sz)
{
	u32 i, nr = read_u32(r);
	size_t used = 0;

	for (i = 0; i < nr && !r->bad; i++) {
		if (i && used + 1 < sz)
			to[used++] = ' ';
		read_string(r, to + used, sz - used);
		if (!r->bad)
			used += strlen(to + used);
	}
}

/* The attributes that come with the names are those of the attrs section. */
static void read_event_desc(struct perf_data *pd, struct reader *r)
{
	struct trace_info *info = &pd->src->info;
	u32 nr = read_u32(r), sz_attr = read_u32(r), nr_ids, i;
	char name[sizeof(info->events->name)] = "";

	for (i = 0; i < nr && i < info->nr_events; i++) {
		pass(r, sz_attr);
		nr_ids = read_u32(r);
		read_string(r, name, sizeof(name));
		pass(r, 8ull * nr_ids);
		if (r->bad)
			break;
		memcpy(info->events[i].name, name, sizeof(name));
	}
}

static int read_pmus(struct perf_data *pd, struct reader *r)
{
	u32 i, nr = read_u32(r);
	struct perf_pmu *pmus;

	/* At least a type and the length of a name each. */
	if (r->bad || nr > (r->end - r->p) / 8) {
		r->bad = true;
		return 0;
	}
	pmus = calloc(nr ? nr : 1, sizeof(*pmus));
	if (!pmus)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		pmus[i].type = read_u32(r);
		read_string(r, pmus[i].name, sizeof(pmus[i].name));
	}
	free(pd->pmus);
	pd->pmus = pmus;
	pd->nr_pmus = nr;
	return 0;
}

static const char *pmu_name(const struct perf_data *pd, u32 type)
{
	u32 i;

	for (i = 0; i < pd->nr_pmus; i++)
		if (pd->pmus[i].type == type)
			return pd->pmus[i].name;
	switch (type) {
	case PERF_TYPE_SOFTWARE:
		return "software";
	case PERF_TYPE_TRACEPOINT:
		return "tracepoint";
	case PERF_TYPE_BREAKPOINT:
		return "breakpoint";
	}
	return "";
}

void perf_name_pmus(struct perf_data *pd)
{
	struct trace_info *info = &pd->src->info;
	u32 i, type;

	for (i = 0; i < info->nr_events; i++) {
		struct trace_event *event = &info->events[i];

		type = event->type;
		/* Generic events: of the CPU, or of one kind of its cores. */
		if (type == PERF_TYPE_HARDWARE || type == PERF_TYPE_HW_CACHE)
			type = event->config >> 32 ?: PERF_TYPE_RAW;
		snprintf(event->pmu, sizeof(event->pmu), "%s",
			 pmu_name(pd, type));
		pd->layouts[i].ibs_op = !strcmp(event->pmu, "ibs_op");
	}
}

static void read_compressed(struct perf_data *pd, struct reader *r)
{
	u32 type;

	pass(r, 4); /* version */
	type = read_u32(r);
	pass(r, 8); /* level, ratio */
	pd->mmap_len = read_u32(r);
	if (!r->bad)
		pd->compression = type;
}

bool perf_feature_wanted(u32 feature)
{
	switch (feature) {
	case PERF_FEAT_HOSTNAME:
	case PERF_FEAT_OSRELEASE:
	case PERF_FEAT_ARCH:
	case PERF_FEAT_NRCPUS:
	case PERF_FEAT_CPUDESC:
	case PERF_FEAT_CPUID:
	case PERF_FEAT_TOTAL_MEM:
	case PERF_FEAT_CMDLINE:
	case PERF_FEAT_EVENT_DESC:
	case PERF_FEAT_PMU_MAPPINGS:
	case PERF_FEAT_COMPRESSED:
		return true;
	}
	return false;
}

int perf_feature(struct perf_data *pd, u32 feature, const u8 *data, size_t len,
		 u64 offset, struct trace_error *err)
{
	struct trace_info *info = &pd->src->info;
	struct reader r = { .p = data, .end = data + len, .swap = pd->swap };
	int ret = 0;

	switch (feature) {
	case PERF_FEAT_HOSTNAME:
		read_string(&r, info->hostname, sizeof(info->hostname));
		return 0;
	case PERF_FEAT_OSRELEASE:
		read_string(&r, info->os_release, sizeof(info->os_release));
		return 0;
	case PERF_FEAT_ARCH:
		read_string(&r, info->arch, sizeof(info->arch));
		return 0;
	case PERF_FEAT_CPUDESC:
		read_string(&r, info->cpu_desc, sizeof(info->cpu_desc));
		return 0;
	case PERF_FEAT_CPUID:
		read_string(&r, info->cpuid, sizeof(info->cpuid));
		return 0;
	case PERF_FEAT_CMDLINE:
		read_cmdline(&r, info->cmdline, sizeof(info->cmdline));
		return 0;
	case PERF_FEAT_EVENT_DESC:
		read_event_desc(pd, &r);
		return 0;
	case PERF_FEAT_NRCPUS:
		pass(&r, 4); /* that could be online */
		info->nr_cpus_online = read_u32(&r);
		return 0;
	case PERF_FEAT_TOTAL_MEM:
		if (len >= 8) /* KiB */
			info->total_mem_bytes = get_u64(data, pd->swap) << 10;
		return 0;
	case PERF_FEAT_PMU_MAPPINGS:
		ret = read_pmus(pd, &r);
		perf_name_pmus(pd);
		break;
	case PERF_FEAT_COMPRESSED:
		read_compressed(pd, &r);
		break;
	}
	if (ret)
		return trace_system_fault(err, offset, "features", ret);
	if (r.bad)
		return trace_fault(err, offset,
				   "feature %u: found %zu bytes, expected what "
				   "they hold to fit",
				   feature, len);
	return 0;
}
