// SPDX-License-Identifier: GPL-2.0
/*
 * A capture cut off at each length and changed at each byte: read to an end or
 * a fault, in bounded time and memory, and nothing undefined on the way.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "support_check.h"
#include "support_perf_data.h"

static const char *seeds_dir;

/* Of so little input; a changed length may turn one record into others. */
#define NR_RECORDS_MAX 10000

static void read_all(const u8 *image, size_t len)
{
	struct trace_record recs[7];
	struct trace_error err = { 0 };
	struct trace_source *src;
	u64 nr = 0;
	long ret;

	ret = trace_open_mem(&src, image, len, &err);
	if (ret) {
		ck_assert_int_eq(ret, -EBADMSG);
		ck_assert(err.text[0]);
		return;
	}
	ck_assert_uint_gt(trace_info(src)->nr_events, 0);
	while ((ret = trace_read(src, recs, 7, &err)) > 0) {
		nr += ret;
		ck_assert_uint_lt(nr, NR_RECORDS_MAX);
	}
	ck_assert(ret == 0 || ret == -EBADMSG);
	if (ret)
		ck_assert(err.text[0] && err.offset <= len);
	/* Each record is delivered or skipped. */
	ck_assert(nr + trace_counts(src)->nr_skipped ==
		  trace_counts(src)->nr_records);
	ck_assert(trace_counts(src)->sz_read <= len);
	trace_close(src);
}

/* 2 byte orders, file and pipe; then 2 ways to pack, of one order. */
#define NR_IMAGES 8
#define NR_PLAIN 4

static void build_nth(struct build *b, int n)
{
	if (n < NR_PLAIN)
		build_typical(b, n & 1, n & 2, PACK_NOT);
	else
		build_typical(b, false, n & 1, n / 2 - 1);
}

/*
 * A copy of its own length, so that one byte too far is seen.
 */
START_TEST(cut_anywhere)
{
	struct build b;
	size_t len;
	u8 *copy;

	build_nth(&b, _i);
	for (len = 0; len <= b.image.len; len++) {
		copy = malloc(len ? len : 1);
		memcpy(copy, b.image.p, len);
		read_all(copy, len);
		free(copy);
	}
	build_fini(&b);
}
END_TEST

START_TEST(changed_anywhere)
{
	/* All bits, and the ends of each number. */
	const u8 changes[] = { 0xff, 0x01, 0x80 };
	struct build b;
	size_t at;
	u32 i;

	build_nth(&b, _i);
	for (at = 0; at < b.image.len; at++) {
		u8 was = b.image.p[at];

		/* Packed bytes are alike: one change each has to do. */
		for (i = 0; i < (_i < NR_PLAIN ? sizeof(changes) : 1); i++) {
			b.image.p[at] = was ^ changes[i];
			read_all(b.image.p, b.image.len);
		}
		b.image.p[at] = was;
	}
	build_fini(&b);
}
END_TEST

START_TEST(write_seeds)
{
	static const char *const packed[] = { "", "-zstd", "-zstd2" };
	char path[4096];
	struct build b;
	FILE *file;
	int n;

	for (n = 0; n < 12; n++) {
		build_typical(&b, n & 1, n & 2, n / 4);
		snprintf(path, sizeof(path), "%s/%s-%s%s", seeds_dir,
			 n & 2 ? "pipe" : "file", n & 1 ? "big" : "little",
			 packed[n / 4]);
		file = fopen(path, "w");
		ck_assert_ptr_nonnull(file);
		ck_assert_uint_eq(fwrite(b.image.p, 1, b.image.len, file),
				  b.image.len);
		ck_assert_int_eq(fclose(file), 0);
		build_fini(&b);
	}
}
END_TEST

/* With a directory as argument: write the images there, seeds for fuzzing. */
int main(int argc, char **argv)
{
	Suite *s = suite_create("perf_data damage");
	TCase *t = tcase_create("damage");

	if (argc > 1) {
		seeds_dir = argv[1];
		tcase_add_test(t, write_seeds);
		suite_add_tcase(s, t);
		return support_run(s);
	}
	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, cut_anywhere, 0, NR_IMAGES);
	tcase_add_loop_test(t, changed_anywhere, 0, NR_IMAGES);
	suite_add_tcase(s, t);
	return support_run(s);
}
