// SPDX-License-Identifier: GPL-2.0
/*
 * The front of a line: who, where, when, of what event.
 *
 *      [comm] [pid/tid | tid | pid] [[cpu]] [misc] [time:] [period] [event:]
 *
 * A comm may be anything, "1 [000] 1.000000: x:" too.  perf pads it to 16
 * columns, so the rest is looked for behind those first; then behind each
 * blank, and what fits best is it.
 */
#include <string.h>

#include "perf_text.h"

/* A comm is 15 bytes long, that of a kernel worker up to 63. */
#define SZ_COMM 16
#define SZ_COMM_MAX 80

#define NS_PER_S 1000000000ull

/* How much a field that was found says for the place. */
enum { FOUND_TID = 1, FOUND_EVENT = 2, FOUND_CPU = 4, FOUND_TIME = 8 };

const char *pt_parse_u64(u64 *value, const char *p, const char *end)
{
	const char *begin = p;
	u64 v = 0;

	for (; p < end && *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, *p - '0', &v))
			return NULL;
	*value = v;
	return p == begin ? NULL : p;
}

static const char *pass_blanks(const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	return p;
}

static const char *pass_token(const char *p, const char *end)
{
	while (p < end && *p != ' ')
		p++;
	return p;
}

static bool at_blank(const char *p, const char *end)
{
	return p == end || *p == ' ';
}

/* A pid or tid, -1 for nobody. */
static const char *parse_id(u32 *id, const char *p, const char *end)
{
	bool minus = p < end && *p == '-';
	u64 value;

	p = pt_parse_u64(&value, p + minus, end);
	if (!p || value > ~0u)
		return NULL;
	*id = minus ? -value : value;
	return p;
}

static const char *parse_tid(struct pt_head *h, const char *p, const char *end)
{
	const char *digits = pass_blanks(p, end);
	const char *next = parse_id(&h->tid, digits, end);

	if (!next)
		return p;
	/* In five columns or seven; a period has ten. */
	if (digits != p && *next == ' ' && next - p > 7)
		return p;
	h->pid = h->tid;
	if (next < end && *next == '/') {
		next = parse_id(&h->tid, next + 1, end);
		if (!next)
			return p;
		h->has_pid = true;
	}
	if (next == end || *next != ' ') {
		h->has_pid = false;
		return p;
	}
	h->has_tid = true;
	return next + 1;
}

static const char *parse_cpu(struct pt_head *h, const char *p, const char *end)
{
	const char *at = pass_blanks(p, end), *next;
	u64 cpu;

	if (at == end || *at != '[')
		return p;
	next = pt_parse_u64(&cpu, at + 1, end);
	if (!next || end - next < 2 || next[0] != ']' || next[1] != ' ' ||
	    next - at < 4)
		return p;
	if (cpu > ~0u)
		return p;
	h->cpu = cpu;
	h->has_cpu = true;
	return next + 2;
}

/* Letters of the record's header. */
static const char *parse_misc(struct pt_head *h, const char *p, const char *end)
{
	const char *at = pass_blanks(p, end), *next = at;
	u8 mode = TRACE_MODE_UNKNOWN;

	for (; next < end && strchr("KUHGgMESDhp", *next) && *next; next++)
		mode = *next == 'H' ? TRACE_MODE_HYPERVISOR :
		       *next == 'g' ? TRACE_MODE_GUEST_USER :
		       *next == 'G' ? TRACE_MODE_GUEST_KERNEL :
		       *next == 'U' ? TRACE_MODE_USER :
		       *next == 'K' ? TRACE_MODE_KERNEL :
				      mode;
	if (next == at || !at_blank(next, end))
		return p;
	h->mode = mode;
	return next;
}

/* Seconds with six digits, or nine, and a colon. */
static const char *parse_time(struct pt_head *h, const char *p, const char *end)
{
	const char *at = pass_blanks(p, end), *point, *next;
	u64 s, fraction;

	point = pt_parse_u64(&s, at, end);
	if (!point || point == end || *point != '.')
		return NULL;
	next = pt_parse_u64(&fraction, point + 1, end);
	if (!next || next == end || *next != ':' || !at_blank(next + 1, end))
		return NULL;
	if (next - point == 7)
		fraction *= 1000;
	else if (next - point != 10)
		return NULL;
	if (__builtin_mul_overflow(s, NS_PER_S, &s) ||
	    __builtin_add_overflow(s, fraction, &h->time_ns))
		return NULL;
	h->has_time = true;
	return next + 1 < end ? next + 2 : end;
}

/* Up to its last colon: names have colons in them. */
static const char *parse_event(struct pt_head *h, const char *p,
			       const char *end)
{
	const char *at = pass_blanks(p, end), *next;

	if (end - at > 12 && !memcmp(at, "PERF_RECORD_", 12)) {
		h->is_side = true;
		return at;
	}
	next = pass_token(at, end);
	if (next - at < 2 || next[-1] != ':')
		return NULL;
	h->event = (struct pt_piece){ at, next - 1 };
	return next < end ? next + 1 : end;
}

static const char *parse_period(struct pt_head *h, const char *p,
				const char *end)
{
	const char *at = pass_blanks(p, end), *next, *behind;

	next = pt_parse_u64(&h->period, at, end);
	if (!next || next == end || *next != ' ')
		return NULL;
	behind = parse_event(h, next, end);
	h->has_period = behind && !h->is_side;
	return behind;
}

/* Right-aligned in ten columns, and no event's name behind it. */
static const char *parse_lone_period(struct pt_head *h, const char *p,
				     const char *end)
{
	const char *at = pass_blanks(p, end);
	const char *next = pt_parse_u64(&h->period, at, end);

	if (!next || next == end || *next != ' ' || next - p != 10)
		return p;
	h->has_period = true;
	return next + 1;
}

/* The fields from @p on.  Return: what was found. */
static int parse_from(struct pt_head *h, const char *p, const char *end)
{
	const char *next;
	int found = 0;

	*h = (struct pt_head){ 0 };
	p = parse_tid(h, p, end);
	p = parse_cpu(h, p, end);
	next = parse_misc(h, p, end);
	next = parse_time(h, next, end);
	if (!next)
		h->mode = TRACE_MODE_UNKNOWN;
	p = next ? next : p;
	next = parse_event(h, p, end);
	if (!next)
		next = parse_period(h, p, end);
	if (next)
		found |= FOUND_EVENT;
	h->rest = next ? next : parse_lone_period(h, p, end);
	return found | (h->has_tid ? FOUND_TID : 0) |
	       (h->has_cpu ? FOUND_CPU : 0) | (h->has_time ? FOUND_TIME : 0);
}

/* Room for a comm of 16 columns before @p. */
static bool is_padded(const char *line, const char *p)
{
	return p - line == SZ_COMM + 1 && p[-1] == ' ' && p[-2] != ' ';
}

/*
 * A lone number is a thread's if it stands where a thread's would: behind the
 * comm, in five columns or seven.
 */
static bool is_tid_place(const char *line, const char *p, const char *end)
{
	const char *digits = pass_blanks(p, end), *before = p;

	while (before > line && before[-1] == ' ')
		before--;
	if (is_padded(line, p))
		before = p;
	if (pass_token(digits, end) - digits > 7)
		return false;
	return digits - before < 8 &&
	       (pass_token(digits, end) - p <= 7 || digits == p);
}

/* Blanks alone are the room of what follows them. */
static bool is_start(const char *line, const char *p, bool padded)
{
	const char *first = line;

	if (p == line || is_padded(line, p))
		return true;
	if (padded && p > line + SZ_COMM)
		first = line + SZ_COMM;
	while (first < p && *first == ' ')
		first++;
	return first < p && p[-1] == ' ' && *p != ' ';
}

enum pt_front pt_front(const char *line, const char *end)
{
	struct pt_number number;
	const char *p = pass_blanks(line, end);

	if (end - line <= SZ_COMM + 1 || !is_padded(line, line + SZ_COMM + 1) ||
	    !memcmp(line, "PERF_RECORD_", 12))
		return PT_FRONT_UNKNOWN;
	if (pt_parse_hex(&number, p, end) != line + SZ_COMM)
		return PT_FRONT_COMM;
	return line + SZ_COMM - p > 8 ? PT_FRONT_NUMBER : PT_FRONT_UNKNOWN;
}

/*
 * Numbers alone, or a comm and numbers: "cc1" may be both, and stands in the
 * same columns.
 */
static void parse_bare(struct pt_head *h, const char *line, const char *end,
		       enum pt_front front)
{
	struct pt_number number;
	const char *p = pass_blanks(line, end);

	*h = (struct pt_head){ 0 };
	h->rest = parse_lone_period(h, line, end);
	if (h->has_period || end - line <= SZ_COMM + 1 ||
	    !is_padded(line, line + SZ_COMM + 1))
		return;
	if (pt_parse_hex(&number, p, end) == line + SZ_COMM) {
		h->undecided = front == PT_FRONT_UNKNOWN;
		if (front == PT_FRONT_NUMBER)
			return;
	}
	h->rest = line + SZ_COMM + 1;
}

void pt_parse_head(struct pt_head *head, const char *line, const char *end,
		   enum pt_front front)
{
	const char *p,
		*last = end - line > SZ_COMM_MAX ? line + SZ_COMM_MAX : end;
	struct pt_head h;
	int best = 0, found;
	bool padded;

	/* What a record says behind that may look like anything. */
	p = memmem(line, last - line, "PERF_RECORD_", 12);
	if (p)
		last = p + 1;
	padded =
		end - line > SZ_COMM + 1 && is_padded(line, line + SZ_COMM + 1);
	if (padded) {
		found = parse_from(&h, line + SZ_COMM + 1, end);
		if (found & FOUND_TID && found & (FOUND_TIME | FOUND_EVENT)) {
			*head = h;
			return;
		}
	}
	for (p = line; p < last; p++) {
		if (!is_start(line, p, padded))
			continue;
		found = parse_from(&h, p, end);
		if (found == FOUND_TID && !h.has_pid &&
		    !is_tid_place(line, p, end))
			continue;
		if (found > best) {
			*head = h;
			best = found;
		}
	}
	if (!best)
		parse_bare(head, line, end, front);
}
