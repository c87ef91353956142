// SPDX-License-Identifier: GPL-2.0
/* Records of a trace, one a line; see print.h. */
#include "trace/print.h"

#define NS_PER_S 1000000000ull

static const char *const type_names[TRACE_NR_TYPES] = {
	[TRACE_SAMPLE] = "sample",
	[TRACE_LOST] = "lost",
	[TRACE_LOST_SAMPLES] = "lost_samples",
	[TRACE_THROTTLE] = "throttle",
	[TRACE_UNTHROTTLE] = "unthrottle",
	[TRACE_MMAP] = "mmap",
	[TRACE_FORK] = "fork",
	[TRACE_EXIT] = "exit",
	[TRACE_COMM] = "comm",
	[TRACE_CPU_ONLINE] = "cpu_online",
	[TRACE_CPU_OFFLINE] = "cpu_offline",
	[TRACE_ATTR] = "attr",
};

static const char *const mode_names[] = {
	[TRACE_MODE_UNKNOWN] = "",
	[TRACE_MODE_KERNEL] = "kernel",
	[TRACE_MODE_USER] = "user",
	[TRACE_MODE_HYPERVISOR] = "hypervisor",
	[TRACE_MODE_GUEST_KERNEL] = "guest_kernel",
	[TRACE_MODE_GUEST_USER] = "guest_user",
};

#define NR_MODES (sizeof(mode_names) / sizeof(mode_names[0]))

static const char *mode_name(u32 mode)
{
	return mode < NR_MODES ? mode_names[mode] : "";
}

/* A thread's name, where it is one: it may be any bytes. */
static const char *comm_of(const struct trace_record *rec, char *name)
{
	char *c;

	trace_get_comm(rec, name);
	for (c = name; *c; c++)
		if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\')
			*c = '?';
	return name;
}

/* What the kinds have beside who and when. */
static void print_rest(FILE *f, const struct trace_record *rec)
{
	char comm[TRACE_SZ_COMM];

	switch (rec->type) {
	case TRACE_SAMPLE:
		if (rec->has & TRACE_HAS_IP)
			fprintf(f, " ip 0x%llx", rec->ip);
		if (rec->has & TRACE_HAS_DATA_SRC)
			fprintf(f, " src 0x%llx", rec->data_src);
		if (rec->has & TRACE_HAS_WEIGHT)
			fprintf(f, " weight %u", rec->weight);
		break;
	case TRACE_LOST:
	case TRACE_LOST_SAMPLES:
		fprintf(f, " %llu", rec->nr);
		break;
	case TRACE_MMAP:
		fprintf(f, " bytes %llu", rec->nr);
		break;
	case TRACE_FORK:
		fprintf(f, " from %u", rec->ppid);
		break;
	case TRACE_COMM:
		fputs(rec->has & TRACE_HAS_EXEC ? " exec" : "", f);
		if (*comm_of(rec, comm))
			fprintf(f, " %s", comm);
		break;
	case TRACE_ATTR:
		fprintf(f, " period %llu", rec->nr);
		break;
	}
}

void print_record(FILE *f, const struct trace_info *info,
		  const struct trace_record *rec)
{
	const char *name = "";

	if (rec->event < info->nr_events)
		name = info->events[rec->event].name;
	if (rec->has & TRACE_HAS_TIME)
		fprintf(f, "%llu.%09llu", rec->time_ns / NS_PER_S,
			rec->time_ns % NS_PER_S);
	else
		fputs("-", f);
	if (rec->has & TRACE_HAS_CPU)
		fprintf(f, " cpu %u", rec->cpu);
	if (rec->has & TRACE_HAS_TID)
		fprintf(f, " %u/%u", rec->pid, rec->tid);
	fprintf(f, " %s", type_names[rec->type]);
	if (rec->type == TRACE_SAMPLE || rec->type == TRACE_ATTR ||
	    rec->type == TRACE_THROTTLE || rec->type == TRACE_UNTHROTTLE) {
		fprintf(f, " %s", *name ? name : "event");
		if (!*name)
			fprintf(f, "%u", rec->event);
	}
	if (*mode_name(rec->mode))
		fprintf(f, " %s", mode_name(rec->mode));
	if (rec->has & TRACE_HAS_ADDR)
		fprintf(f, " addr 0x%llx", rec->addr);
	if (rec->has & TRACE_HAS_PHYS_ADDR)
		fprintf(f, " phys 0x%llx", rec->phys_addr);
	print_rest(f, rec);
	fputc('\n', f);
}

static void put_u64(FILE *f, const char *key, u64 value)
{
	fprintf(f, ",\"%s\":%llu", key, value);
}

void print_record_json(FILE *f, const struct trace_record *rec)
{
	char comm[TRACE_SZ_COMM];
	fprintf(f, "{\"type\":\"%s\",\"event\":%u", type_names[rec->type],
		rec->event);
	if (rec->has & TRACE_HAS_TIME)
		put_u64(f, "time_ns", rec->time_ns);
	if (rec->has & TRACE_HAS_CPU)
		put_u64(f, "cpu", rec->cpu);
	if (rec->has & TRACE_HAS_TID) {
		put_u64(f, "pid", rec->pid);
		put_u64(f, "tid", rec->tid);
	}
	if (*mode_name(rec->mode))
		fprintf(f, ",\"mode\":\"%s\"", mode_name(rec->mode));
	if (rec->has & TRACE_HAS_ADDR)
		put_u64(f, "addr", rec->addr);
	if (rec->has & TRACE_HAS_PHYS_ADDR)
		put_u64(f, "phys_addr", rec->phys_addr);
	if (rec->has & TRACE_HAS_IP)
		put_u64(f, "ip", rec->ip);
	if (rec->has & TRACE_HAS_DATA_SRC)
		put_u64(f, "data_src", rec->data_src);
	if (rec->has & TRACE_HAS_WEIGHT)
		put_u64(f, "weight", rec->weight);
	if (rec->type == TRACE_LOST || rec->type == TRACE_LOST_SAMPLES ||
	    rec->type == TRACE_ATTR)
		put_u64(f, "nr", rec->nr);
	if (rec->type == TRACE_MMAP)
		put_u64(f, "bytes", rec->nr);
	if (rec->type == TRACE_FORK)
		put_u64(f, "ppid", rec->ppid);
	if (rec->type == TRACE_COMM)
		fprintf(f, ",\"exec\":%s,\"name\":\"%s\"",
			rec->has & TRACE_HAS_EXEC ? "true" : "false",
			comm_of(rec, comm));
	fputc('}', f);
}
