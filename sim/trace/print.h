/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records of a trace and what a trace says about itself, for people and for
 * programs.
 */
#ifndef TRACE_PRINT_H
#define TRACE_PRINT_H

#include <stdio.h>

#include "trace.h"

/* One line. */
void print_record(FILE *f, const struct trace_info *info,
		  const struct trace_record *rec);

/* The same as a JSON object, without the line's end. */
void print_record_json(FILE *f, const struct trace_record *rec);

/**
 * struct print_summary - a trace that was read to its end.
 * @path:	its name
 * @first_ns:	least time, if @timed
 * @last_ns:	greatest time
 * @timed:	records with a time
 * @by_type:	records of each type
 * @damage:	what is wrong with it, "" for nothing
 */
struct print_summary {
	const char *path;
	u64 first_ns, last_ns;
	u64 timed;
	u64 by_type[TRACE_NR_TYPES];
	char damage[320];
};

/* Count @nr records in. */
void print_count(struct print_summary *s, const struct trace_record *recs,
		 size_t nr);

void print_info(FILE *f, const struct print_summary *s,
		const struct trace_source *src);
/* Return: 0 or -ENOMEM. */
int print_info_json(FILE *f, const struct print_summary *s,
		    const struct trace_source *src);

#endif
