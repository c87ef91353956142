/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which records of a trace are wanted: by time, CPU, process and address.
 *
 * All four are asked of samples.  Of other records only what they are about is
 * asked: of losses and throttling time and CPU, of mappings, forks and the like
 * time and process, since an address means little without them.
 */
#ifndef TRACE_SELECT_H
#define TRACE_SELECT_H

#include "trace.h"

/* From @first to @last, both wanted. */
struct select_range {
	u64 first, last;
};

/* Ranges that grow; none: everything is wanted. */
struct select_list {
	struct select_range *ranges;
	u32 nr;
};

/**
 * struct select - what is wanted.
 * @time:	ns of the capture's clock, if @has_time
 * @relative:	of @time, which ends are counted from the first record
 * @cpus:	CPU numbers
 * @pids:	thread group ids
 * @addr:	bytes, if @has_addr
 */
struct select {
	bool has_time, has_addr;
	bool relative_first, relative_last;
	struct select_range time, addr;
	struct select_list cpus, pids;
};

/**
 * select_parse_time() - "A:B" in seconds, each may be left out.
 * @s:		filled
 * @text:	"12.5:13", ":13", "+0.5:+1" (from the first record), ...
 *
 * What is at B is not wanted any more.  Return: false if @text is no such span.
 */
bool select_parse_time(struct select *s, const char *text);

/* The same of bytes: "0x7f0000000000:0x7f0000100000", decimal too. */
bool select_parse_addr(struct select *s, const char *text);

/**
 * select_parse_list() - "0-3,8".
 * @list:	gets more ranges
 * @text:	numbers below 2^32 and ranges of them
 *
 * Return: 0; -EINVAL if @text is no such list; -ENOMEM.
 */
int select_parse_list(struct select_list *list, const char *text);

void select_fini(struct select *s);

/* Ends that are counted from the first record are so from now on. */
void select_set_begin(struct select *s, u64 first_ns);

bool select_wants(const struct select *s, const struct trace_record *rec);

/* Keep the wanted ones of @nr, in order.  Return: how many. */
size_t select_keep(const struct select *s, struct trace_record *recs,
		   size_t nr);

#endif
