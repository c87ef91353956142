// SPDX-License-Identifier: GPL-2.0
/* Which records of a trace are wanted, see select.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/select.h"

#define NS_PER_S 1000000000ull

/* Decimal seconds with up to nine places; *@text moves behind them. */
static bool take_seconds(const char **text, u64 *ns)
{
	const char *p = *text;
	u64 value = 0, place = NS_PER_S;

	if (*p < '0' || *p > '9')
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		if (value > ~0ull / NS_PER_S / 10 - 1)
			return false;
		value = value * 10 + (*p - '0');
	}
	value *= NS_PER_S;
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++) {
			place /= 10;
			value += (*p - '0') * place;
		}
	*ns = value;
	*text = p;
	return true;
}

static bool take_number(const char **text, u64 *value)
{
	bool hex = !strncmp(*text, "0x", 2);
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*value = strtoull(*text, &end, hex ? 16 : 10);
	if (errno || (hex && end == *text + 2))
		return false;
	*text = end;
	return true;
}

static bool take_time(const char **text, u64 *value, bool *relative)
{
	*relative = **text == '+';
	*text += *relative;
	return take_seconds(text, value);
}

/* The end that was read is the first one that is not wanted. */
static bool close_range(struct select_range *r)
{
	if (!r->last)
		return false;
	r->last--;
	return true;
}

bool select_parse_time(struct select *s, const char *text)
{
	s->has_time = true;
	s->relative_first = s->relative_last = false;
	s->time = (struct select_range){ 0, ~0ull };
	if (*text != ':' &&
	    !take_time(&text, &s->time.first, &s->relative_first))
		return false;
	if (*text++ != ':')
		return false;
	if (*text && (!take_time(&text, &s->time.last, &s->relative_last) ||
		      !close_range(&s->time)))
		return false;
	return !*text && (s->relative_first != s->relative_last ||
			  s->time.first <= s->time.last);
}

bool select_parse_addr(struct select *s, const char *text)
{
	s->has_addr = true;
	s->addr = (struct select_range){ 0, ~0ull };
	if (*text != ':' && !take_number(&text, &s->addr.first))
		return false;
	if (*text++ != ':')
		return false;
	if (*text &&
	    (!take_number(&text, &s->addr.last) || !close_range(&s->addr)))
		return false;
	return !*text && s->addr.first <= s->addr.last;
}

static int add_range(struct select_list *list, const struct select_range *r)
{
	struct select_range *grown;

	grown = realloc(list->ranges, (list->nr + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	list->ranges = grown;
	grown[list->nr++] = *r;
	return 0;
}

int select_parse_list(struct select_list *list, const char *text)
{
	struct select_range r;
	int ret;

	do {
		if (!take_number(&text, &r.first))
			return -EINVAL;
		r.last = r.first;
		if (*text == '-') {
			text++;
			if (!take_number(&text, &r.last))
				return -EINVAL;
		}
		if (r.first > r.last || r.last > ~0u)
			return -EINVAL;
		ret = add_range(list, &r);
		if (ret)
			return ret;
	} while (*text++ == ',');
	return text[-1] ? -EINVAL : 0;
}

void select_fini(struct select *s)
{
	free(s->cpus.ranges);
	free(s->pids.ranges);
	*s = (struct select){ 0 };
}

static u64 add_capped(u64 a, u64 b)
{
	return a + b < a ? ~0ull : a + b;
}

void select_set_begin(struct select *s, u64 first_ns)
{
	if (s->relative_first)
		s->time.first = add_capped(s->time.first, first_ns);
	if (s->relative_last)
		s->time.last = add_capped(s->time.last, first_ns);
	s->relative_first = s->relative_last = false;
}

static bool in_list(const struct select_list *list, u64 value)
{
	u32 i;

	for (i = 0; i < list->nr; i++)
		if (value >= list->ranges[i].first &&
		    value <= list->ranges[i].last)
			return true;
	return !list->nr;
}

static bool in_range(const struct select_range *r, u64 value)
{
	return value >= r->first && value <= r->last;
}

/* Is it about a CPU, or about a process? */
static bool is_of_cpu(u32 type)
{
	switch (type) {
	case TRACE_MMAP:
	case TRACE_FORK:
	case TRACE_EXIT:
	case TRACE_COMM:
		return false;
	default:
		return true;
	}
}

static bool is_of_pid(u32 type)
{
	return type == TRACE_SAMPLE || !is_of_cpu(type);
}

bool select_wants(const struct select *s, const struct trace_record *rec)
{
	if (s->has_time &&
	    (!(rec->has & TRACE_HAS_TIME) || !in_range(&s->time, rec->time_ns)))
		return false;
	if (s->cpus.nr && is_of_cpu(rec->type) &&
	    (!(rec->has & TRACE_HAS_CPU) || !in_list(&s->cpus, rec->cpu)))
		return false;
	if (s->pids.nr && is_of_pid(rec->type) &&
	    (!(rec->has & TRACE_HAS_TID) || !in_list(&s->pids, rec->pid)))
		return false;
	return !s->has_addr || rec->type != TRACE_SAMPLE ||
	       (rec->has & TRACE_HAS_ADDR && in_range(&s->addr, rec->addr));
}

size_t select_keep(const struct select *s, struct trace_record *recs, size_t nr)
{
	size_t kept = 0, i;

	for (i = 0; i < nr; i++)
		if (select_wants(s, &recs[i]))
			recs[kept++] = recs[i];
	return kept;
}
