/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For tests of what a reader refuses: small captures to be spoiled, and what
 * has to become of them.
 */
#ifndef TEST_PERF_DATA_H
#define TEST_PERF_DATA_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "support_check.h"
#include "support_perf_data.h"

#define PLAIN                                                  \
	(PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | \
	 PERF_SAMPLE_ADDR | PERF_SAMPLE_CPU)
#define SZ_PLAIN 48
#define SZ_ROW (128 + 16)
#define SOMEWHERE (~0ull)

static inline void small(struct build *b)
{
	build_init(b, 5);
	b->nr_events = 1;
	b->events[0] = (struct build_event){
		.name = "event",
		.type = 1,
		.sample_type = PLAIN,
		.ids = { 77 },
		.nr_ids = 1,
	};
}

/* Three samples and whatever the caller adds. */
static inline void three(struct build *b)
{
	int i;

	small(b);
	for (i = 0; i < 3; i++) {
		b->time_ns += 5;
		build_sample(b, 0);
	}
}

static inline void expect_text(const struct trace_error *err, u64 offset,
			       const char *text)
{
	ck_assert_msg(strstr(err->text, text), "got \"%s\", wanted \"%s\"",
		      err->text, text);
	ck_assert_msg(
		strstr(err->text, "found ") && strstr(err->text, "expected "),
		"\"%s\" does not say what was found and expected", err->text);
	ck_assert_msg(err->offset == offset || offset == SOMEWHERE,
		      "at %llu, wanted %llu: %s", err->offset, offset,
		      err->text);
}

static inline void refused_at_open(struct build *b, u64 offset,
				   const char *text)
{
	struct trace_source *src = NULL;
	struct trace_error err;

	ck_assert_int_eq(trace_open_mem(&src, b->image.p, b->image.len, &err),
			 -EBADMSG);
	ck_assert_ptr_null(src);
	expect_text(&err, offset, text);
	build_fini(b);
}

static inline void refused_at_read(struct build *b, u64 nr_before, u64 offset,
				   const char *text)
{
	struct trace_record recs[3];
	struct trace_source *src;
	struct trace_error err;
	u64 nr = 0, last = 0;
	long ret, i;

	ck_assert_msg(!trace_open_mem(&src, b->image.p, b->image.len, &err),
		      "open: %s", err.text);
	while ((ret = trace_read(src, recs, 3, &err)) > 0)
		for (i = 0; i < ret; i++, nr++) {
			ck_assert(recs[i].time_ns >= last);
			last = recs[i].time_ns;
		}
	ck_assert_int_eq(ret, -EBADMSG);
	expect_text(&err, offset, text);
	ck_assert_uint_eq(nr, nr_before);
	memset(&err, 0, sizeof(err));
	ck_assert_int_eq(trace_read(src, recs, 3, &err), -EBADMSG);
	expect_text(&err, offset, text);
	trace_close(src);
	build_fini(b);
}

static inline void accepted(struct build *b, u64 nr_want)
{
	struct trace_record recs[3];
	struct trace_source *src;
	struct trace_error err;
	u64 nr = 0;
	long ret;

	ck_assert_msg(!trace_open_mem(&src, b->image.p, b->image.len, &err),
		      "open: %s", err.text);
	while ((ret = trace_read(src, recs, 3, &err)) > 0)
		nr += ret;
	ck_assert_msg(!ret, "read: %s", err.text);
	ck_assert_uint_eq(nr, nr_want);
	trace_close(src);
	build_fini(b);
}

#endif
