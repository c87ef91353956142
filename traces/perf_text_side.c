// SPDX-License-Identifier: GPL-2.0
/*
 * Lines of records that are no samples, as --show-mmap-events,
 * --show-task-events and --show-lost-events have them:
 *
 *   PERF_RECORD_MMAP2 7/7: [0x55e0c000(0x1000) @ 0 fe:00 7 0]: r--p /bin/ls
 *   PERF_RECORD_MMAP -1/0: [0xffffffff81000000(0x1000) @ 0x0]: x [kernel]
 *   PERF_RECORD_COMM exec: a name:7/7
 *   PERF_RECORD_FORK(8:8):(7:7)
 *   PERF_RECORD_LOST lost 12
 *
 * Others are passed over.  A time of 0 is that of a record that perf made up.
 */
#include <string.h>

#include "perf_text.h"

static bool starts(const char **p, const char *end, const char *with)
{
	size_t len = strlen(with);

	if (end - *p < len || memcmp(*p, with, len))
		return false;
	*p += len;
	return true;
}

/* A number of base 10, which may be -1. */
static bool take_id(const char **p, const char *end, u32 *id)
{
	bool minus = starts(p, end, "-");
	const char *next;
	u64 value;

	next = pt_parse_u64(&value, *p, end);
	if (!next || value > ~0u)
		return false;
	*id = minus ? -value : value;
	*p = next;
	return true;
}

/* 0x... */
static bool take_hex(const char **p, const char *end, u64 *value)
{
	struct pt_number number;
	const char *stop;

	if (!starts(p, end, "0x"))
		return false;
	for (stop = *p;
	     stop < end && strchr("0123456789abcdef", *stop) && *stop; stop++)
		;
	if (!pt_parse_hex(&number, *p, stop))
		return false;
	*p = stop;
	*value = number.value;
	return true;
}

static bool parse_mmap(struct trace_record *r, const char *p, const char *end)
{
	r->type = TRACE_MMAP;
	r->has |= TRACE_HAS_TID | TRACE_HAS_ADDR;
	if (!starts(&p, end, " ") || !take_id(&p, end, &r->pid) ||
	    !starts(&p, end, "/") || !take_id(&p, end, &r->tid) ||
	    !starts(&p, end, ": [") || !take_hex(&p, end, &r->addr) ||
	    !starts(&p, end, "(") || !take_hex(&p, end, &r->nr) ||
	    !starts(&p, end, ")"))
		return false;
	r->mode = r->pid == ~0u ? TRACE_MODE_KERNEL : TRACE_MODE_USER;
	return true;
}

/* A name may have a colon in it: from the end. */
static bool parse_comm(struct trace_record *r, const char *p, const char *end)
{
	const char *name;

	r->type = TRACE_COMM;
	r->has |= TRACE_HAS_TID;
	if (starts(&p, end, " exec"))
		r->has |= TRACE_HAS_EXEC;
	if (!starts(&p, end, ":"))
		return false;
	name = p + (p < end && *p == ' ');
	p = memrchr(p, ':', end - p);
	if (!p)
		return false;
	trace_set_comm(r, name, p > name ? p - name : 0);
	p++;
	return take_id(&p, end, &r->pid) && starts(&p, end, "/") &&
	       take_id(&p, end, &r->tid);
}

static bool parse_task(struct trace_record *r, u8 type, const char *p,
		       const char *end)
{
	r->type = type;
	r->has |= TRACE_HAS_TID;
	return starts(&p, end, "(") && take_id(&p, end, &r->pid) &&
	       starts(&p, end, ":") && take_id(&p, end, &r->tid) &&
	       starts(&p, end, "):(") && take_id(&p, end, &r->ppid);
}

static bool parse_lost(struct trace_record *r, u8 type, const char *p,
		       const char *end)
{
	r->type = type;
	return starts(&p, end, " lost ") && pt_parse_u64(&r->nr, p, end);
}

static void count(struct trace_counts *counts, const struct trace_record *r)
{
	if (r->type == TRACE_LOST)
		counts->nr_lost += r->nr;
	else if (r->type == TRACE_LOST_SAMPLES)
		counts->nr_lost_samples += r->nr;
}

int pt_side(struct perf_text *pt, const struct pt_head *head, const char *end,
	    struct trace_record *out, struct trace_error *err)
{
	const char *p = head->rest + strlen("PERF_RECORD_"), *name = p;
	struct trace_record r = { 0 };
	bool good;

	while (p < end && ((*p >= 'A' && *p <= 'Z') || *p == '_' ||
			   (*p >= '0' && *p <= '9')))
		p++;
	if (head->has_tid && head->has_time && head->time_ns) {
		r.has |= TRACE_HAS_TID;
		r.tid = head->tid;
		r.pid = head->has_pid ? head->pid : pt_pid_of(pt, head->tid);
	}
#define NAMED(text) (p - name == strlen(text) && !memcmp(name, text, p - name))
	if (NAMED("MMAP") || NAMED("MMAP2"))
		good = parse_mmap(&r, p, end);
	else if (NAMED("COMM"))
		good = parse_comm(&r, p, end);
	else if (NAMED("FORK"))
		good = parse_task(&r, TRACE_FORK, p, end);
	else if (NAMED("EXIT"))
		good = parse_task(&r, TRACE_EXIT, p, end);
	else if (NAMED("LOST"))
		good = parse_lost(&r, TRACE_LOST, p, end);
	else if (NAMED("LOST_SAMPLES"))
		good = parse_lost(&r, TRACE_LOST_SAMPLES, p, end);
	else
		return 0;
#undef NAMED
	if (!good)
		return pt_fault(pt, err,
				"found a PERF_RECORD_%.*s, expected its "
				"fields as perf script prints them",
				(int)(p - name), name);
	if (head->has_time && head->time_ns) {
		r.has |= TRACE_HAS_TIME;
		r.time_ns = head->time_ns;
	}
	if (head->has_cpu && r.has & TRACE_HAS_TIME) {
		r.has |= TRACE_HAS_CPU;
		r.cpu = head->cpu;
	}
	count(&pt->src->counts, &r);
	*out = r;
	return 1;
}
