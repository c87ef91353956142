/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Prints samples as perf script does, with what a reader must make of each.
 *
 * It follows perf's own printf formats, one after the other, so that it shares
 * nothing with the reader, which goes by columns.
 */
#ifndef SUPPORT_PERF_TEXT_H
#define SUPPORT_PERF_TEXT_H

#include "support_rng.h"
#include "trace.h"

/* What -F asks for. */
struct text_fields {
	bool comm, pid, tid, cpu, misc, time, ns, period, event;
	bool addr, src, weight, ip, sym, dso, phys;
	bool chain; /* callchains, which the instruction is then part of */
	u8 sz_tid; /* 5 columns, in newer versions 7 */
};

struct text {
	struct support_rng rng;
	struct text_fields fields;
	char *p;
	size_t len, max;
	size_t sz_src; /* the longest words of data_src so far */
	u64 now_ns;
	u32 nr_lines;

	struct trace_record *expected;
	u32 *line_of; /* each record's last line */
	size_t nr_expected, max_expected;
};

void text_init(struct text *t, u64 seed);
void text_fini(struct text *t);

/* A choice of fields that can be told apart. */
void text_draw_fields(struct text *t);

void text_add(struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* A sample of chance; with all of its lines. */
void text_sample(struct text *t);
/* A record that is no sample. */
void text_side(struct text *t);

#endif
