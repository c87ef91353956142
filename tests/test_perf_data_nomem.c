// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation that opening and reading make, zstd's included, fails once:
 * the answer is -ENOMEM, what was whole before is delivered, nothing is kept.
 *
 * Under a sanitizer this program has nothing to do, see support_nomem.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "support_nomem.h"

#ifdef NOMEM_SKIPPED

int main(void)
{
	puts("perf_data nomem: skipped, the allocator is the sanitizer's");
	return 0;
}

#else

#include "support_check.h"
#include "support_perf_data.h"

static long read_all(const struct build *b, u64 *nr)
{
	struct trace_record recs[7];
	struct trace_source *src;
	struct trace_error err;
	long ret, again;

	*nr = 0;
	ret = trace_open_mem(&src, b->image.p, b->image.len, &err);
	if (ret)
		return ret;
	while ((ret = trace_read(src, recs, 7, &err)) > 0)
		*nr += ret;
	again = trace_read(src, recs, 7, &err);
	trace_close(src);
	return ret == again ? ret : -EPROTO;
}

START_TEST(each_allocation_fails)
{
	struct build b;
	u64 nr, max = 0;
	long at, ret;
	u32 i;

	build_init(&b, 1);
	b.pipe = _i & 1;
	b.packing = _i / 2;
	/* More ids, events and records than the first allocations hold. */
	b.nr_events = 4;
	for (i = 0; i < 4; i++)
		b.events[i] = (struct build_event){
			.name = "event",
			.sample_type =
				PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_TIME,
			.ids = { i },
			.nr_ids = 1,
		};
	for (i = 0; i < 3000; i++) {
		b.time_ns = build_below(&b, 100000);
		build_sample(&b, i % 4);
	}
	build_finish(&b);
	for (at = 0;; at++) {
		nomem_begin(at);
		ret = read_all(&b, &nr);
		ck_assert_int_eq(nomem_end(), 0);
		ck_assert(nr >= max);
		max = nr;
		if (!nomem_failed)
			break;
		ck_assert_int_eq(ret, -ENOMEM);
		ck_assert(nr < b.nr_expected);
	}
	ck_assert_int_eq(ret, 0);
	ck_assert(nr == b.nr_expected);
	/* The source, the reader, events twice, ids, runs and chunks. */
	ck_assert_int_ge(at, 8);
	build_fini(&b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("perf_data nomem");
	TCase *t = tcase_create("nomem");

	tcase_add_loop_test(t, each_allocation_fails, 0, 6);
	suite_add_tcase(s, t);
	return support_run(s);
}

#endif
