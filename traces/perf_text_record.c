// SPDX-License-Identifier: GPL-2.0
/*
 * From lines to records: most have one of their own, some say more of the one
 * before, comments say something of the capture.
 */
#include <errno.h>
#include <string.h>

#include "perf_text.h"

#define EXPECTED "expected a line as perf script prints it"

/* What a message can show of a line. */
struct shown {
	char text[48];
};

static struct shown show(const char *p, const char *end)
{
	struct shown s = { 0 };
	size_t i;

	while (p < end && *p == ' ')
		p++;
	for (i = 0; i < sizeof(s.text) - 4 && p + i < end; i++)
		s.text[i] = p[i] >= ' ' && p[i] < 0x7f ? p[i] : '.';
	if (p + i < end)
		strcpy(s.text + i, "...");
	return s;
}

static bool is_number_line(struct pt_piece line, struct pt_number *number)
{
	const char *p = line.p, *next;

	while (p < line.end && *p == ' ')
		p++;
	next = pt_parse_hex(number, p, line.end);
	return next == line.end && next - line.p == 16;
}

/* --srcline puts "  file.c:12" or "  dso[7f00]" behind a sample. */
static bool is_source_line(struct pt_piece line)
{
	const char *p = line.p + 2, *colon;
	u64 nr;

	if (line.end - line.p < 4 || line.p[0] != ' ' || line.p[1] != ' ' ||
	    *p == ' ' || memchr(p, ' ', line.end - p))
		return false;
	if (line.end[-1] == ']')
		return true;
	colon = memrchr(p, ':', line.end - p);
	return colon && pt_parse_u64(&nr, colon + 1, line.end) == line.end;
}

/* A line that tells more of the sample before.  Return: 1; 0; -EBADMSG */
static int take_more(struct perf_text *pt, struct pt_piece line,
		     struct trace_error *err)
{
	struct trace_record *held = &pt->held;
	struct pt_number number;
	const char *p = line.p;

	if (line.p < line.end && *line.p == '\t') {
		if (!pt->after_sample && !pt->in_chain)
			return pt_fault(pt, err,
					"found a callchain, expected its "
					"sample before it");
		while (p < line.end && (*p == ' ' || *p == '\t'))
			p++;
		if (!pt_parse_hex(&number, p, line.end))
			return pt_fault(pt, err,
					"found '%s', expected an entry of a "
					"callchain",
					show(p, line.end).text);
		/* Of a program perf prints the place in its file. */
		if (!pt->in_chain && !(held->has & TRACE_HAS_IP) &&
		    number.value >> 63) {
			held->ip = number.value;
			held->has |= TRACE_HAS_IP;
			if (!held->mode)
				held->mode = TRACE_MODE_KERNEL;
		}
		pt->in_chain = true;
		return 1;
	}
	if (pt->in_chain && is_number_line(line, &number)) {
		held->phys_addr = number.value;
		if (number.value)
			held->has |= TRACE_HAS_PHYS_ADDR;
		return 1;
	}
	return (pt->after_sample || pt->in_chain) && is_source_line(line);
}

static const char *header_value(struct pt_piece line, const char *key)
{
	size_t len = strlen(key);
	const char *p = line.p + 2;

	if (line.end - line.p < 2 + (long)len + 3 || memcmp(p, key, len) ||
	    memcmp(p + len, " : ", 3))
		return NULL;
	return p + len + 3;
}

static void take_string(char *to, size_t sz, struct pt_piece line,
			const char *key)
{
	const char *value = header_value(line, key);

	if (value)
		snprintf(to, sz, "%.*s", (int)(line.end - value), value);
}

/* What --header has. */
static void take_comment(struct trace_info *info, struct pt_piece line)
{
	const char *value;
	u64 nr;

	if (line.end - line.p > 4096)
		return;
	take_string(info->hostname, sizeof(info->hostname), line, "hostname");
	take_string(info->os_release, sizeof(info->os_release), line,
		    "os release");
	take_string(info->arch, sizeof(info->arch), line, "arch");
	take_string(info->cpu_desc, sizeof(info->cpu_desc), line, "cpudesc");
	take_string(info->cpuid, sizeof(info->cpuid), line, "cpuid");
	take_string(info->cmdline, sizeof(info->cmdline), line, "cmdline");
	value = header_value(line, "nrcpus online");
	if (value && pt_parse_u64(&nr, value, line.end))
		info->nr_cpus_online = nr;
	value = header_value(line, "total memory");
	if (value && pt_parse_u64(&nr, value, line.end))
		info->total_mem_bytes = nr << 10;
}

static u32 saturate(u64 value)
{
	return value > ~0u ? ~0u : value;
}

static void set_fields(struct trace_record *r, const struct pt_tail *tail,
		       const struct pt_roles *roles)
{
	if (tail->has_src) {
		r->data_src = tail->src;
		r->has |= TRACE_HAS_DATA_SRC;
	}
	if (roles->addr) {
		r->addr = roles->addr->value;
		r->has |= TRACE_HAS_ADDR;
	}
	if (roles->weight) {
		r->weight = saturate(roles->weight->decimal);
		r->has |= TRACE_HAS_WEIGHT;
	}
	if (roles->ip) {
		r->ip = roles->ip->value;
		r->has |= TRACE_HAS_IP;
		if (!r->mode)
			r->mode = r->ip >> 63 ? TRACE_MODE_KERNEL :
						TRACE_MODE_USER;
	}
	/* Of none perf prints 0. */
	if (roles->phys && roles->phys->value) {
		r->phys_addr = roles->phys->value;
		r->has |= TRACE_HAS_PHYS_ADDR;
	}
}

static void set_head(struct perf_text *pt, struct trace_record *r,
		     const struct pt_head *head)
{
	r->mode = head->mode;
	if (head->has_tid) {
		r->tid = head->tid;
		r->pid = head->has_pid ? head->pid : pt_pid_of(pt, head->tid);
		r->has |= TRACE_HAS_TID;
	}
	if (head->has_cpu) {
		r->cpu = head->cpu;
		r->has |= TRACE_HAS_CPU;
	}
	if (head->has_time) {
		r->time_ns = head->time_ns;
		r->has |= TRACE_HAS_TIME;
	}
}

/* Enough of it was as perf prints it. */
static bool is_sample(const struct pt_head *head, const struct pt_tail *tail)
{
	return tail->nr_before || tail->has_src || head->has_time ||
	       (head->has_tid && head->event.p);
}

static int take_sample(struct perf_text *pt, const struct pt_head *head,
		       struct pt_piece line, struct trace_record *out,
		       struct trace_error *err)
{
	struct trace_record r = { .type = TRACE_SAMPLE };
	struct pt_roles roles;
	struct pt_tail tail;
	const char *what;
	long event;

	pt_parse_tail(&tail, &pt->votes, head->rest, line.end);
	if (!is_sample(head, &tail))
		return pt_fault(pt, err, "found '%s', " EXPECTED,
				show(line.p, line.end).text);
	what = head->undecided ? PT_UNDECIDED :
				 pt_roles(&roles, &pt->votes, &tail);
	if (what)
		return pt_fault(pt, err, "found %s", what);
	set_head(pt, &r, head);
	set_fields(&r, &tail, &roles);
	event = pt_event(pt, head,
			 r.has | (roles.phys ? TRACE_HAS_PHYS_ADDR : 0), err);
	if (event < 0)
		return event;
	r.event = event;
	*out = r;
	return 1;
}

int pt_take_line(struct perf_text *pt, struct pt_piece line,
		 struct trace_record *out, struct trace_error *err)
{
	struct pt_head head;
	int ret;

	if (line.p == line.end || *line.p == '#') {
		pt->in_chain = pt->after_sample = false;
		if (line.p != line.end)
			take_comment(&pt->src->info, line);
		return 0;
	}
	ret = take_more(pt, line, err);
	if (ret)
		return ret < 0 ? ret : 0;
	pt_parse_head(&head, line.p, line.end, pt->front);
	ret = head.is_side ? pt_side(pt, &head, line.end, out, err) :
			     take_sample(pt, &head, line, out, err);
	if (ret < 0)
		return ret;
	pt->in_chain = false;
	pt->after_sample = ret && !head.is_side;
	pt->src->counts.nr_records++;
	pt->src->counts.nr_skipped += !ret;
	pt->src->counts.nr_samples += pt->after_sample;
	if (ret && out->has & TRACE_HAS_TID && (head.has_pid || head.is_side) &&
	    pt_learn_thread(pt, out->pid, out->tid))
		return trace_system_fault(err, pt->line_offset, "threads",
					  -ENOMEM);
	return ret;
}
