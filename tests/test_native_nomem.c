// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation that writing and reading a native trace make, zstd's
 * included, fails once: the answer is -ENOMEM, what was whole before is there,
 * nothing is kept.
 *
 * Under a sanitizer this program has nothing to do, see support_nomem.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "support_nomem.h"

#ifdef NOMEM_SKIPPED

int main(void)
{
	puts("native nomem: skipped, the allocator is the sanitizer's");
	return 0;
}

#else

#include "sink.h"
#include "support_check.h"
#include "support_native.h"

#define NR 1000

static struct trace_record recs[NR];

static long read_all(const struct native_image *image, bool span, size_t *nr)
{
	struct trace_record back[100];
	struct trace_source *src;
	struct trace_error err;
	long ret;

	*nr = 0;
	ret = trace_open_mem(&src, image->p, image->len, &err);
	if (ret)
		return ret;
	if (span)
		trace_set_span(src, 0, ~0ull);
	while ((ret = trace_read(src, back, 100, &err)) > 0)
		*nr += ret;
	trace_close(src);
	return ret;
}

START_TEST(reading)
{
	struct native_image image;
	long at, ret;
	size_t nr;

	native_draw(recs, NR, LIKE_FAULTS, 1);
	native_image_init(&image, recs, NR, NR, 3);
	for (at = 0;; at++) {
		nomem_begin(at);
		ret = read_all(&image, _i, &nr);
		ck_assert_int_eq(nomem_end(), 0);
		if (!nomem_failed)
			break;
		/* Without its index a trace is read from the beginning. */
		if (!ret)
			ck_assert(_i && nr == NR);
		else
			ck_assert(ret == -ENOMEM && nr < NR);
	}
	ck_assert(!ret && nr == NR && at > 5);
	native_image_fini(&image);
}
END_TEST

static int write_all(const char *path, const struct trace_info *info)
{
	struct trace_error err;
	struct trace_sink *sink;
	int ret, last;

	ret = trace_sink_open(&sink, "native", path, info, &err);
	if (ret)
		return ret;
	ret = trace_sink_write(sink, recs, NR, &err);
	last = trace_sink_close(sink, NULL, &err);
	return ret ? ret : last;
}

START_TEST(writing)
{
	char path[] = "/tmp/damonsim-test-XXXXXX";
	struct trace_info info;
	long at, nr_failed = 0;
	int ret;

	close(mkstemp(path));
	native_info_init(&info, 3);
	native_draw(recs, NR, LIKE_IBS, 1);
	for (at = 0;; at++) {
		nomem_begin(at);
		ret = write_all(path, &info);
		ck_assert_int_eq(nomem_end(), 0);
		if (!nomem_failed)
			break;
		/* Sorting does without what it asks for. */
		ck_assert(!ret || ret == -ENOMEM);
		nr_failed += !!ret;
	}
	ck_assert(!ret && nr_failed > 20);
	native_info_fini(&info);
	unlink(path);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("native trace, no memory");
	TCase *t = tcase_create("each allocation");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, reading, 0, 2);
	tcase_add_test(t, writing);
	suite_add_tcase(s, t);
	return support_run(s);
}

#endif
