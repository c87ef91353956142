// SPDX-License-Identifier: GPL-2.0
/*
 * What a trace says about itself, and its events: fields of a number, a length
 * and bytes, so that a reader passes over those that it does not know.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"

enum info_field {
	INFO_ORIGIN = 1,
	INFO_COMMAND = 2,
	INFO_SEED = 3,
	INFO_HOSTNAME = 4,
	INFO_OS_RELEASE = 5,
	INFO_ARCH = 6,
	INFO_CPU_DESC = 7,
	INFO_CPUID = 8,
	INFO_NR_CPUS = 9,
	INFO_MEMORY = 10,
};

enum event_field {
	EVENT_NAME = 1, /* begins the next event */
	EVENT_PMU = 2,
	EVENT_TYPE = 3,
	EVENT_CONFIG = 4,
	EVENT_CONFIG1 = 5,
	EVENT_CONFIG2 = 6,
	EVENT_PERIOD = 7,
	EVENT_FREQ = 8,
	EVENT_PRECISE_IP = 9,
	EVENT_SAMPLE_TYPE = 10,
};

/* More than any capture has; it bounds what a hostile one makes us hold. */
#define NR_EVENTS_MAX 65536u

static void put_field(struct native_buf *buf, u32 field, const void *p,
		      size_t len)
{
	native_put_varint(buf, field);
	native_put_varint(buf, len);
	native_put(buf, p, len);
}

static void put_text(struct native_buf *buf, u32 field, const char *text,
		     size_t max)
{
	size_t len = strnlen(text, max - 1);

	if (len)
		put_field(buf, field, text, len);
}

static void put_number(struct native_buf *buf, u32 field, u64 value)
{
	u8 bytes[8];

	native_set_le64(bytes, value);
	if (value)
		put_field(buf, field, bytes, sizeof(bytes));
}

#define PUT_TEXT(buf, field, text) put_text(buf, field, text, sizeof(text))

void native_put_info(struct native_buf *buf, const struct trace_info *info)
{
	u8 seed[8];

	PUT_TEXT(buf, INFO_ORIGIN, info->origin);
	PUT_TEXT(buf, INFO_COMMAND, info->cmdline);
	native_set_le64(seed, info->seed);
	if (info->has_seed)
		put_field(buf, INFO_SEED, seed, sizeof(seed));
	PUT_TEXT(buf, INFO_HOSTNAME, info->hostname);
	PUT_TEXT(buf, INFO_OS_RELEASE, info->os_release);
	PUT_TEXT(buf, INFO_ARCH, info->arch);
	PUT_TEXT(buf, INFO_CPU_DESC, info->cpu_desc);
	PUT_TEXT(buf, INFO_CPUID, info->cpuid);
	put_number(buf, INFO_NR_CPUS, info->nr_cpus_online);
	put_number(buf, INFO_MEMORY, info->total_mem_bytes);
}

void native_put_events(struct native_buf *buf, const struct trace_info *info,
		       u32 first)
{
	u32 i;

	for (i = first; i < info->nr_events; i++) {
		const struct trace_event *e = &info->events[i];

		put_field(buf, EVENT_NAME, e->name,
			  strnlen(e->name, sizeof(e->name) - 1));
		PUT_TEXT(buf, EVENT_PMU, e->pmu);
		put_number(buf, EVENT_TYPE, e->type);
		put_number(buf, EVENT_CONFIG, e->config);
		put_number(buf, EVENT_CONFIG1, e->config1);
		put_number(buf, EVENT_CONFIG2, e->config2);
		put_number(buf, EVENT_PERIOD, e->period_or_freq);
		put_number(buf, EVENT_FREQ, e->freq);
		put_number(buf, EVENT_PRECISE_IP, e->precise_ip);
		put_number(buf, EVENT_SAMPLE_TYPE, e->sample_type);
	}
}

struct field {
	u64 number;
	const u8 *p;
	u64 len;
};

/* Return: false at the end, or with in->failed. */
static bool next_field(struct native_in *in, struct field *f)
{
	if (in->cur == in->end)
		return false;
	f->number = native_get_varint(in);
	f->len = native_get_varint(in);
	f->p = in->failed ? NULL : native_get(in, f->len);
	return !in->failed;
}

/* Texts are cut to what there is room for. */
static void get_text(char *to, size_t max, const struct field *f)
{
	size_t len = f->len < max - 1 ? f->len : max - 1;

	memcpy(to, f->p, len);
	to[len] = '\0';
}

#define GET_TEXT(to, f) get_text(to, sizeof(to), f)

static u64 get_number(const struct field *f, struct native_in *in)
{
	if (f->len == 8)
		return native_le64(f->p);
	in->failed = true;
	return 0;
}

static void get_info_field(struct native_in *in, const struct field *f,
			   struct trace_info *info)
{
	switch (f->number) {
	case INFO_ORIGIN:
		GET_TEXT(info->origin, f);
		break;
	case INFO_COMMAND:
		GET_TEXT(info->cmdline, f);
		break;
	case INFO_SEED:
		info->seed = get_number(f, in);
		info->has_seed = true;
		break;
	case INFO_HOSTNAME:
		GET_TEXT(info->hostname, f);
		break;
	case INFO_OS_RELEASE:
		GET_TEXT(info->os_release, f);
		break;
	case INFO_ARCH:
		GET_TEXT(info->arch, f);
		break;
	case INFO_CPU_DESC:
		GET_TEXT(info->cpu_desc, f);
		break;
	case INFO_CPUID:
		GET_TEXT(info->cpuid, f);
		break;
	case INFO_NR_CPUS:
		info->nr_cpus_online = get_number(f, in);
		break;
	case INFO_MEMORY:
		info->total_mem_bytes = get_number(f, in);
		break;
	}
}

int native_get_info(struct native_in *in, struct trace_info *info)
{
	struct field f;

	while (next_field(in, &f))
		get_info_field(in, &f, info);
	return in->failed ? -EBADMSG : 0;
}

static void get_event_field(struct native_in *in, const struct field *f,
			    struct trace_event *e)
{
	switch (f->number) {
	case EVENT_NAME:
		GET_TEXT(e->name, f);
		break;
	case EVENT_PMU:
		GET_TEXT(e->pmu, f);
		break;
	case EVENT_TYPE:
		e->type = get_number(f, in);
		break;
	case EVENT_CONFIG:
		e->config = get_number(f, in);
		break;
	case EVENT_CONFIG1:
		e->config1 = get_number(f, in);
		break;
	case EVENT_CONFIG2:
		e->config2 = get_number(f, in);
		break;
	case EVENT_PERIOD:
		e->period_or_freq = get_number(f, in);
		break;
	case EVENT_FREQ:
		e->freq = get_number(f, in);
		break;
	case EVENT_PRECISE_IP:
		e->precise_ip = get_number(f, in);
		break;
	case EVENT_SAMPLE_TYPE:
		e->sample_type = get_number(f, in);
		break;
	}
}

int native_get_events(struct native_in *in, struct trace_info *info)
{
	struct trace_event *grown, *e = NULL;
	struct field f;

	while (next_field(in, &f)) {
		if (f.number == EVENT_NAME) {
			if (info->nr_events == NR_EVENTS_MAX)
				return -EBADMSG;
			grown = realloc(info->events,
					(info->nr_events + 1) * sizeof(*grown));
			if (!grown)
				return -ENOMEM;
			info->events = grown;
			e = &grown[info->nr_events++];
			memset(e, 0, sizeof(*e));
		}
		if (!e)
			return -EBADMSG;
		get_event_field(in, &f, e);
	}
	return in->failed ? -EBADMSG : 0;
}
