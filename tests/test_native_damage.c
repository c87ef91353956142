// SPDX-License-Identifier: GPL-2.0
/*
 * A native trace cut off at each length and changed at each byte: what comes
 * before the damage comes as it was, the damage is told with its place, and
 * nothing else is ever delivered.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"
#include "support_check.h"
#include "support_native.h"

/* Two blocks; the first one is full. */
#define NR 65600

static const char *seeds_dir;
static struct trace_record *want;

/*
 * Read a damaged trace.  Return: how many records came; that they came as they
 * were written is checked.
 */
static size_t read_damaged(const u8 *p, size_t len, size_t nr_want,
			   struct trace_error *err)
{
	static struct trace_record recs[4096];
	struct trace_source *src;
	size_t nr = 0;
	long ret;

	ret = trace_open_mem(&src, p, len, err);
	if (!ret) {
		while ((ret = trace_read(src, recs, 4096, err)) > 0) {
			ck_assert_uint_le(nr + ret, nr_want);
			ck_assert_mem_eq(recs, want + nr, ret * sizeof(*recs));
			nr += ret;
		}
		ck_assert_int_eq(trace_read(src, recs, 1, err), ret);
		trace_close(src);
	}
	ck_assert_int_eq(ret, -EBADMSG);
	ck_assert(err->text[0] && err->offset <= len);
	return nr;
}

START_TEST(cut_anywhere)
{
	struct native_image image;
	struct trace_error err;
	size_t len, nr;
	u8 *copy;

	native_draw(want, 300, _i, 1);
	native_image_init(&image, want, 300, 4096, 3);
	for (len = 0; len < image.len; len++) {
		/* A copy of its own length: a byte too far is seen. */
		copy = malloc(len ? len : 1);
		memcpy(copy, image.p, len);
		nr = read_damaged(copy, len, 300, &err);
		ck_assert(nr == 0 || nr == 300);
		/* The index and the end are after the records. */
		if (len + 1 == image.len)
			ck_assert_uint_eq(nr, 300);
		free(copy);
	}
	native_image_fini(&image);
}
END_TEST

START_TEST(changed_anywhere)
{
	static const u8 changes[] = { 0xff, 0x01, 0x80 };
	struct native_image image;
	struct trace_error err;
	size_t at, i;

	native_draw(want, 300, _i, 2);
	native_image_init(&image, want, 300, 4096, 3);
	for (at = 0; at < image.len; at++)
		for (i = 0; i < sizeof(changes); i++) {
			image.p[at] ^= changes[i];
			read_damaged(image.p, image.len, 300, &err);
			image.p[at] ^= changes[i];
		}
	native_image_fini(&image);
}
END_TEST

/* The first block is whole: its records come, and the second's do not. */
START_TEST(last_whole_block)
{
	struct native_image image;
	struct trace_error err;
	struct native_chunk chunk = { 0 };
	size_t at = NATIVE_SZ_HEAD, blocks[2], nr = 0;

	native_draw(want, NR, LIKE_FAULTS, 3);
	native_image_init(&image, want, NR, 4096, 1);
	while (chunk.kind != NATIVE_INDEX) {
		ck_assert_int_eq(native_get_chunk(&chunk, image.p + at, NULL,
						  at, &err),
				 0);
		if (chunk.kind == NATIVE_BLOCK ||
		    chunk.kind == NATIVE_KEY_BLOCK)
			blocks[nr++] = at;
		at += NATIVE_SZ_CHUNK + chunk.sz_payload;
	}
	ck_assert_uint_eq(nr, 2);
	ck_assert_uint_eq(read_damaged(image.p, blocks[1], NR, &err), 65536);
	ck_assert_uint_eq(err.offset, blocks[1]);
	ck_assert_uint_eq(read_damaged(image.p, blocks[1] + 100, NR, &err),
			  65536);
	image.p[blocks[1] + 60] ^= 1;
	ck_assert_uint_eq(read_damaged(image.p, image.len, NR, &err), 65536);
	ck_assert_uint_eq(err.offset, blocks[1]);
	image.p[blocks[1] + 60] ^= 1;
	/* A block that is gone, and one that is there twice. */
	memmove(image.p + blocks[0], image.p + blocks[1],
		image.len - blocks[1]);
	ck_assert_uint_eq(read_damaged(image.p,
				       image.len - blocks[1] + blocks[0], NR,
				       &err),
			  0);
	native_image_fini(&image);
}
END_TEST

/* Anything may follow a version that is not ours. */
START_TEST(from_the_future)
{
	u8 head[] = "\x89"
		    "DST\r\n\x1a\n\x02\0\0\0\xfd\xff\xff\xffwhatever";
	struct trace_source *src;
	struct trace_error err;

	ck_assert_int_eq(trace_open_mem(&src, head, sizeof(head), &err),
			 -EBADMSG);
	ck_assert_ptr_nonnull(strstr(err.text, "version 2"));
	ck_assert_ptr_nonnull(strstr(err.text, "newer"));
	ck_assert_uint_eq(err.offset, 8);
}
END_TEST

/*
 * Payloads that a hostile writer gave the right checksum: nothing undefined.
 */
START_TEST(hostile_payload)
{
	static struct trace_record recs[512];
	struct native_image image;
	struct native_chunk chunk;
	struct trace_source *src;
	struct trace_error err;
	size_t at, i, begin;
	u8 was;

	native_draw(want, 60, _i, 4);
	native_image_init(&image, want, 60, 4096, 3);
	for (begin = NATIVE_SZ_HEAD;;
	     begin += NATIVE_SZ_CHUNK + chunk.sz_payload) {
		ck_assert_int_eq(native_get_chunk(&chunk, image.p + begin, NULL,
						  begin, &err),
				 0);
		at = begin + NATIVE_SZ_CHUNK;
		for (i = 0; i < chunk.sz_payload; i++) {
			was = image.p[at + i];
			image.p[at + i] += i % 3 ? 1 : 0x80;
			native_put_chunk(image.p + begin, &chunk, image.p + at);
			if (!trace_open_mem(&src, image.p, image.len, &err)) {
				if (i % 2)
					trace_set_span(src, 100000, 5000000);
				while (trace_read(src, recs, 100, &err) > 0)
					;
				trace_close(src);
			}
			image.p[at + i] = was;
		}
		native_put_chunk(image.p + begin, &chunk, image.p + at);
		if (chunk.kind == NATIVE_INDEX)
			break;
	}
	native_image_fini(&image);
}
END_TEST

/*
 * The checksum is the one that the format names, and the same whether the
 * processor has an instruction for it or not.
 */
START_TEST(checksum_either_way)
{
	u8 p[300];
	size_t len, i;

	ck_assert_uint_eq(native_crc(0, "123456789", 9), 0xe3069283);
	for (i = 0; i < sizeof(p); i++)
		p[i] = i * 151 >> 3 ^ i;
	for (len = 0; len < sizeof(p) - 8; len++)
		for (i = 0; i < 8; i++)
			ck_assert_uint_eq(native_crc(len, p + i, len),
					  native_crc_table(len, p + i, len));
}
END_TEST

START_TEST(write_seeds)
{
	static const char *const names[] = { "faults", "ibs", "noise", "rare" };
	struct native_image image;
	char path[4096];
	FILE *file;
	u32 i;

	for (i = 0; i < NR_LIKE; i++) {
		native_draw(want, 40, i, 1);
		native_image_init(&image, want, 40, 40, 3);
		snprintf(path, sizeof(path), "%s/%s", seeds_dir, names[i]);
		file = fopen(path, "w");
		ck_assert_ptr_nonnull(file);
		ck_assert_uint_eq(fwrite(image.p, 1, image.len, file),
				  image.len);
		ck_assert_int_eq(fclose(file), 0);
		native_image_fini(&image);
	}
}
END_TEST

/* With a directory as argument: write seeds for fuzzing there. */
int main(int argc, char **argv)
{
	Suite *s = suite_create("native trace, damage");
	TCase *t = tcase_create("damage");
	int ret;

	want = calloc(NR, sizeof(*want));
	if (argc > 1) {
		seeds_dir = argv[1];
		tcase_add_test(t, write_seeds);
	} else {
		tcase_set_timeout(t, 240);
		tcase_add_loop_test(t, cut_anywhere, 0, NR_LIKE);
		tcase_add_loop_test(t, changed_anywhere, 0, NR_LIKE);
		tcase_add_loop_test(t, hostile_payload, 0, NR_LIKE);
		tcase_add_test(t, last_whole_block);
		tcase_add_test(t, from_the_future);
		tcase_add_test(t, checksum_either_way);
	}
	suite_add_tcase(s, t);
	ret = support_run(s);
	free(want);
	return ret;
}
