// SPDX-License-Identifier: GPL-2.0
/*
 * A sink that cannot go on: what was written stays readable, and the error says
 * how much that is.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink.h"
#include "support_check.h"
#include "support_native.h"

#define NR_BLOCK 65536
#define NR (4 * NR_BLOCK)

static struct trace_record *recs;

static size_t count_readable(const char *path, int *end)
{
	static struct trace_record back[4096];
	struct trace_source *src;
	struct trace_error err;
	size_t nr = 0;
	long ret;

	ret = trace_open(&src, path, &err);
	if (!ret) {
		while ((ret = trace_read(src, back, 4096, &err)) > 0) {
			ck_assert_mem_eq(back, recs + nr, ret * sizeof(*recs));
			nr += ret;
		}
		trace_close(src);
	}
	*end = ret;
	return nr;
}

/* A disk that is full at any point: of the head, of blocks, of the index. */
START_TEST(full_disk)
{
	char path[] = "/tmp/damonsim-test-XXXXXX", said[64];
	struct rlimit limit, was;
	struct trace_error err = { 0 };
	struct trace_sink *sink;
	struct trace_info info;
	size_t nr, saved = 0;
	struct stat st;
	int ret, end;

	close(mkstemp(path));
	signal(SIGXFSZ, SIG_IGN);
	native_info_init(&info, 3);
	getrlimit(RLIMIT_FSIZE, &was);
	limit = was;
	limit.rlim_cur = _i < 4 ? _i * 20 : _i * 70000;
	setrlimit(RLIMIT_FSIZE, &limit);
	ret = trace_sink_open(&sink, "native", path, &info, &err);
	if (!ret) {
		trace_sink_set_level(sink, 1);
		ret = trace_sink_write(sink, recs, NR, &err);
		/* And again, with the same answer. */
		if (ret)
			ck_assert_int_eq(trace_sink_write(sink, recs, 1, &err),
					 ret);
		ret = trace_sink_close(sink, NULL, &err);
	}
	/* Check writes files too. */
	setrlimit(RLIMIT_FSIZE, &was);
	ck_assert_int_eq(ret, -EFBIG);
	native_info_fini(&info);
	nr = count_readable(path, &end);
	ck_assert_int_eq(end, -EBADMSG);
	ck_assert_uint_eq(nr % NR_BLOCK, 0);
	sscanf(strstr(err.text, "saved are"), "saved are %zu", &saved);
	ck_assert_uint_eq(saved, nr);
	snprintf(said, sizeof(said), "File too large; saved are %zu", nr);
	ck_assert_ptr_nonnull(strstr(err.text, said));
	/* Nothing of a half block is left. */
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq((u64)st.st_size, err.offset);
	if (_i > 5)
		ck_assert_uint_gt(nr, 0);
	unlink(path);
}
END_TEST

START_TEST(dev_full)
{
	struct trace_error err;
	struct trace_sink *sink;
	struct trace_info info;

	native_info_init(&info, 1);
	ck_assert_int_eq(trace_sink_open(&sink, "native", "/dev/full", &info,
					 &err),
			 -ENOSPC);
	ck_assert_ptr_nonnull(strstr(err.text, "No space left on device"));
	native_info_fini(&info);
}
END_TEST

/* The writer is killed: all blocks that it had finished are there. */
START_TEST(killed)
{
	char path[] = "/tmp/damonsim-test-XXXXXX";
	struct trace_error err;
	struct trace_sink *sink;
	struct trace_info info;
	int end;

	close(mkstemp(path));
	native_info_init(&info, 3);
	ck_assert_int_eq(trace_sink_open(&sink, NULL, path, &info, &err), 0);
	trace_sink_set_level(sink, 1);
	ck_assert_int_eq(trace_sink_write(sink, recs, 2 * NR_BLOCK + 5, &err),
			 0);
	/* As it is now, not closed. */
	ck_assert_uint_eq(count_readable(path, &end), 2 * NR_BLOCK);
	ck_assert_int_eq(end, -EBADMSG);
	ck_assert_int_eq(trace_sink_close(sink, NULL, &err), 0);
	ck_assert_uint_eq(count_readable(path, &end), 2 * NR_BLOCK + 5);
	ck_assert_int_eq(end, 0);
	native_info_fini(&info);
	unlink(path);
}
END_TEST

START_TEST(bad_calls)
{
	struct trace_error err;
	struct trace_sink *sink;
	struct trace_info info;

	native_info_init(&info, 1);
	ck_assert_int_eq(trace_sink_open(&sink, "elf", "/dev/null", &info,
					 &err),
			 -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "elf"));
	ck_assert_int_eq(trace_sink_open(&sink, NULL, "/none/of/that", &info,
					 &err),
			 -ENOENT);
	ck_assert_int_eq(trace_sink_open(&sink, NULL, "/tmp", &info, &err),
			 -EISDIR);
	native_info_fini(&info);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("sink");
	TCase *t = tcase_create("failures");
	int ret;

	recs = malloc(NR * sizeof(*recs));
	native_draw(recs, NR, LIKE_FAULTS, 1);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, full_disk, 0, 12);
	tcase_add_test(t, dev_full);
	tcase_add_test(t, killed);
	tcase_add_test(t, bad_calls);
	suite_add_tcase(s, t);
	ret = support_run(s);
	free(recs);
	return ret;
}
