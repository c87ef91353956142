// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation that reading a text of perf script and writing a perf.data
 * make fails once: the answer is -ENOMEM, and nothing is kept.
 *
 * Under a sanitizer this program has nothing to do, see support_nomem.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support_nomem.h"

#ifdef NOMEM_SKIPPED

int main(void)
{
	puts("perf_text nomem: skipped, the allocator is the sanitizer's");
	return 0;
}

#else

#include "sink.h"
#include "support_check.h"

/* More events than there is room for at first, a thread of a process. */
static char text[4096];

static void make_text(void)
{
	size_t len = 0;
	int i;

	for (i = 0; i < 20; i++)
		len += sprintf(text + len,
			       "    7/8     [000]     1.%06d: event-%d: "
			       "    7f0000001000 ffffffff81000000\n",
			       i, i);
}

static int copy(const char *to)
{
	struct trace_record recs[100];
	struct trace_error err = { 0 };
	struct trace_source *src;
	struct trace_sink *sink;
	long nr;
	int ret, last;

	ret = trace_open_mem(&src, text, strlen(text), &err);
	if (ret)
		return ret;
	ret = trace_sink_open(&sink, "perf.data", to, trace_info(src), &err);
	if (ret) {
		trace_close(src);
		return ret;
	}
	while ((nr = trace_read(src, recs, 100, &err)) > 0 && !ret)
		ret = trace_sink_write(sink, recs, nr, &err);
	last = trace_sink_close(sink, NULL, &err);
	trace_close(src);
	if (ret || nr < 0)
		ck_assert(err.text[0]);
	return nr < 0 ? nr : ret ? ret : last;
}

START_TEST(copying)
{
	char path[] = "/tmp/damonsim-test-XXXXXX";
	const char *to = _i ? "/dev/null" : path;
	long at, left, nr_failed = 0;
	int ret;

	close(mkstemp(path));
	make_text();
	for (at = 0;; at++) {
		nomem_begin(at);
		ret = copy(to);
		left = nomem_end();
		ck_assert_int_eq(left, 0);
		if (!nomem_failed)
			break;
		ck_assert_int_eq(ret, -ENOMEM);
		nr_failed++;
	}
	ck_assert_int_eq(ret, 0);
	ck_assert_int_gt(nr_failed, 7);
	unlink(path);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("perf_text nomem");
	TCase *t = tcase_create("nomem");

	tcase_add_loop_test(t, copying, 0, 2);
	suite_add_tcase(s, t);
	return support_run(s);
}

#endif
