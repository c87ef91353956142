// SPDX-License-Identifier: GPL-2.0
/*
 * Heads of captures that nobody's perf wrote: each is refused with what was
 * found and what was expected, at the byte where it stands.
 */
#include <unistd.h>

#include "test_perf_data.h"

START_TEST(empty)
{
	struct build b;

	build_init(&b, 0);
	bytes_add(&b.image, "", 0);
	refused_at_open(&b, 0, "an empty input, expected a capture: ");
}
END_TEST

START_TEST(not_a_capture)
{
	struct build b;

	build_init(&b, 0);
	bytes_add(&b.image, "\x7f\x45LF\2\1\1 no capture", 18);
	refused_at_open(&b, 0,
			"found 7f 45 4c 46 02 01 01 20, expected a capture: ");
	build_init(&b, 0);
	bytes_add(&b.image, "PERFFILE", 8);
	refused_at_open(&b, 0, "or a capture of another format");
}
END_TEST

START_TEST(not_a_file)
{
	struct trace_source *src;
	struct trace_error err;

	ck_assert_int_eq(trace_open(&src, "/tmp", &err), -EBADMSG);
	expect_text(&err, 0, "found a directory");
	ck_assert_int_eq(trace_open(&src, "/nonexistent", &err), -ENOENT);
	ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
}
END_TEST

START_TEST(header_cut)
{
	struct build b;

	three(&b);
	build_finish(&b);
	b.image.len = 12;
	refused_at_open(&b, 12, "expected the size of perf.data's header");
	three(&b);
	build_finish(&b);
	b.image.len = 50;
	refused_at_open(&b, 50, "expected a header of 104 bytes");
}
END_TEST

START_TEST(header_size)
{
	struct build b;

	three(&b);
	build_finish(&b);
	poke_u64(&b, 8, 105);
	refused_at_open(&b, 8, "found a header of 105 bytes, expected 104");
	/* One order in the magic and the other in the rest. */
	three(&b);
	build_finish(&b);
	b.big = true;
	poke_u64(&b, 0, 0x32454c4946524550ull);
	refused_at_open(&b, 8, "found a header of 7493989779944505344 bytes");
}
END_TEST

START_TEST(attr_size)
{
	struct build b;

	three(&b);
	build_finish(&b);
	poke_u64(&b, 16, 0);
	refused_at_open(&b, 16, "found an attribute size of 0, expected 80");
	three(&b);
	build_finish(&b);
	poke_u64(&b, 16, 1ull << 40);
	refused_at_open(&b, 16, "expected 80 to 4096");
	three(&b);
	build_finish(&b);
	poke_u32(&b, b.attrs_at + 4, 63);
	refused_at_open(&b, b.attrs_at + 4,
			"found an attribute of 63 bytes, expected 64 to 128");
	three(&b);
	build_finish(&b);
	poke_u32(&b, b.attrs_at + 4, 129);
	refused_at_open(&b, b.attrs_at + 4, "found an attribute of 129 bytes");
}
END_TEST

START_TEST(attr_section)
{
	struct build b;

	three(&b);
	build_finish(&b);
	poke_u64(&b, 24, 1ull << 60);
	refused_at_open(&b, 24, "expected them before the end of the file");
	three(&b);
	build_finish(&b);
	poke_u64(&b, 32, ~0ull - 100);
	refused_at_open(&b, 24, "expected them before the end of the file");
	three(&b);
	build_finish(&b);
	poke_u64(&b, 32, SZ_ROW - 8);
	refused_at_open(&b, 32, "expected a multiple of 144");
	three(&b);
	build_finish(&b);
	poke_u64(&b, 32, 0);
	refused_at_open(&b, b.data_at, "found no event");
}
END_TEST

START_TEST(sections_overlap)
{
	struct build b;

	three(&b);
	build_finish(&b);
	poke_u64(&b, 24, b.data_at); /* attributes onto data */
	poke_u64(&b, 48, SZ_ROW);
	refused_at_open(&b, 24, "expected them apart");
	three(&b);
	build_finish(&b);
	poke_u64(&b, 24, 8); /* attributes onto the header */
	refused_at_open(&b, 24, "expected them apart");
	three(&b);
	build_finish(&b);
	poke_u64(&b, 40, 0); /* data onto the header */
	refused_at_open(&b, 24, "expected them apart");
	three(&b);
	build_finish(&b);
	poke_u64(&b, b.attrs_at + 128, b.data_at); /* ids onto data */
	refused_at_open(&b, b.attrs_at + 128, "inside the data");
}
END_TEST

START_TEST(ids)
{
	struct build b;

	three(&b);
	build_finish(&b);
	poke_u64(&b, b.attrs_at + 136, 1ull << 62);
	refused_at_open(&b, b.attrs_at + 136 - 8, "inside the data");
	three(&b);
	build_finish(&b);
	poke_u64(&b, b.attrs_at + 128, b.image.len);
	poke_u64(&b, b.attrs_at + 136, 1ull << 62);
	refused_at_open(&b, b.attrs_at + 128,
			"ids, expected at most 1048576 in the whole capture");
	three(&b);
	build_finish(&b);
	poke_u64(&b, b.attrs_at + 128, b.image.len - 7);
	refused_at_open(&b, b.attrs_at + 128, "found ids at");
}
END_TEST

START_TEST(data_section)
{
	struct build b;

	three(&b);
	build_finish(&b);
	poke_u64(&b, 40, 1ull << 60);
	refused_at_open(&b, 40, "expected them before the end of the file");
	three(&b);
	build_finish(&b);
	poke_u64(&b, 48, ~0ull);
	refused_at_open(&b, 40, "expected them before the end of the file");
	/* Longer than the file, as of a copy that was cut. */
	three(&b);
	b.no_features = true;
	build_finish(&b);
	poke_u64(&b, 48, 1ull << 60);
	refused_at_read(&b, 3, b.image.len, "expected data up to");
	three(&b);
	build_finish(&b);
	b.image.len = b.data_at + 2 * SZ_PLAIN + 20;
	refused_at_read(&b, 2, b.data_at + 2 * SZ_PLAIN,
			"found 20 bytes before the end of the data, expected a "
			"record of at least 48");
	three(&b);
	build_finish(&b);
	b.image.len = b.data_at + 2 * SZ_PLAIN;
	refused_at_read(&b, 2, b.image.len, "found the end of the input");
}
END_TEST

/* The size of the data is what perf writes last. */
START_TEST(killed_recording)
{
	struct build b;

	three(&b);
	build_finish(&b);
	poke_u64(&b, 48, 0);
	b.image.len = b.data_at + 3 * SZ_PLAIN;
	accepted(&b, 3);
	three(&b);
	build_finish(&b);
	poke_u64(&b, 48, 0);
	b.image.len = b.data_at + 3 * SZ_PLAIN - 1;
	refused_at_read(&b, 2, b.data_at + 2 * SZ_PLAIN, "found 47 bytes");
	/* Packed, and how was never written. */
	small(&b);
	b.packing = PACK_COMPRESSED;
	build_sample(&b, 0);
	build_finish(&b);
	poke_u64(&b, 48, 0);
	b.image.len = b.table_at;
	accepted(&b, 1);
	/* No data at all, but all the rest. */
	small(&b);
	build_finish(&b);
	accepted(&b, 0);
}
END_TEST

START_TEST(feature_table)
{
	struct build b;

	three(&b);
	build_finish(&b);
	poke_u64(&b, b.table_at, 1ull << 62);
	refused_at_open(&b, b.table_at, "feature 3: found it at");
	three(&b);
	build_finish(&b);
	poke_u64(&b, b.table_at + 16 + 8, ~0ull);
	refused_at_open(&b, b.table_at + 16, "feature 4: found it at");
	three(&b);
	build_finish(&b);
	poke_u64(&b, b.table_at, b.data_at); /* onto the data */
	refused_at_open(&b, b.table_at, "expected it between");
	three(&b);
	build_finish(&b);
	b.image.len = b.table_at + 10;
	refused_at_open(&b, 40, "found a table of features");
}
END_TEST

START_TEST(features)
{
	struct build b;
	u64 pmus;

	/* What describes may be wrong, */
	three(&b);
	build_finish(&b);
	poke_u32(&b, b.table_at + 16 * 10, 0xffffffff);
	accepted(&b, 3);
	/* what decides may not: the tenth is the one. */
	three(&b);
	build_finish(&b);
	memcpy(&pmus, b.image.p + b.table_at + 16 * 9, 8);
	poke_u32(&b, pmus, 0x10000000);
	refused_at_open(&b, pmus, "feature 16: found ");
	three(&b);
	build_finish(&b);
	poke_u32(&b, pmus + 8, 0x10000000);
	refused_at_open(&b, pmus, "feature 16: found ");
	/* A capture in many files. */
	three(&b);
	build_finish(&b);
	b.image.p[72 + 3] |= 1;
	refused_at_open(&b, 72, "expected one in one file");
}
END_TEST

START_TEST(huge_feature)
{
	const u64 sz = (16u << 20) + 1;
	struct build b;
	u8 *zeros = calloc(1, sz);

	three(&b);
	build_finish(&b);
	poke_u64(&b, b.table_at, b.image.len);
	poke_u64(&b, b.table_at + 8, sz);
	bytes_add(&b.image, zeros, sz);
	refused_at_open(&b, b.table_at, "feature 3: found 16777217 bytes");
	free(zeros);
}
END_TEST

/* Of a machine with longs of 32 bits and the other byte order. */
START_TEST(map_of_32_bits)
{
	struct trace_source *src;
	struct trace_error err;
	struct build b;
	u8 half[4];

	small(&b);
	b.big = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	build_sample(&b, 0);
	build_finish(&b);
	memcpy(half, b.image.p + 72, 4);
	memcpy(b.image.p + 72, b.image.p + 76, 4);
	memcpy(b.image.p + 76, half, 4);
	ck_assert_int_eq(trace_open_mem(&src, b.image.p, b.image.len, &err), 0);
	ck_assert_str_eq(trace_info(src)->hostname, "host");
	ck_assert_str_eq(trace_info(src)->events[0].pmu, "software");
	trace_close(src);
	build_fini(&b);
}
END_TEST

/* An attribute without a size, and a header without features. */
START_TEST(old_captures)
{
	struct build b;

	three(&b);
	build_finish(&b);
	poke_u32(&b, b.attrs_at + 4, 0);
	accepted(&b, 3);
	three(&b);
	build_finish(&b);
	poke_u64(&b, 8, 72);
	accepted(&b, 3);
}
END_TEST

START_TEST(sample_type)
{
	struct build b;

	three(&b);
	b.events[0].sample_type |= 1ull << 25;
	build_finish(&b);
	refused_at_open(&b, b.attrs_at + 24,
			"event 0: found sample_type 0x200008f, expected only "
			"bits of 0x1ffffff");
	three(&b);
	b.events[0].sample_type |= PERF_SAMPLE_READ;
	b.events[0].read_format = 1 << 5;
	build_finish(&b);
	refused_at_open(&b, b.attrs_at + 32, "found read_format 0x20");
}
END_TEST

START_TEST(events_without_ids)
{
	struct build b;

	three(&b);
	b.nr_events = 2;
	b.events[1] = b.events[0];
	build_finish(&b);
	refused_at_open(&b, b.data_at,
			"found 2 events and samples of event 1 "
			"without an id");
	three(&b);
	b.nr_events = 2;
	b.events[1] = b.events[0];
	b.events[0].sample_type |= PERF_SAMPLE_ID;
	b.events[1].sample_type |= PERF_SAMPLE_IDENTIFIER;
	build_finish(&b);
	refused_at_open(&b, b.data_at, "at different places");
	/* Only from the start, and only from the end. */
	three(&b);
	b.nr_events = 2;
	b.events[0].sample_type |= PERF_SAMPLE_ID;
	b.events[1] = b.events[0];
	b.events[1].sample_type &= ~(u64)PERF_SAMPLE_ADDR;
	build_finish(&b);
	refused_at_open(&b, b.data_at, "at different places");
	three(&b);
	b.nr_events = 2;
	b.events[0].sample_type |= PERF_SAMPLE_ID;
	b.events[1] = b.events[0];
	b.events[1].sample_type &= ~(u64)PERF_SAMPLE_CPU;
	build_finish(&b);
	refused_at_open(&b, b.data_at, "at different places");
}
END_TEST

START_TEST(pipe_head)
{
	struct build b;

	/* Nothing but the magic, */
	build_init(&b, 1);
	b.pipe = true;
	b.no_features = true;
	build_finish(&b);
	refused_at_open(&b, 16, "found no event");
	/* a record before the attributes, */
	build_init(&b, 1);
	b.pipe = true;
	b.no_features = true;
	build_record(&b, PERF_RECORD_COMM, 0, "12345678", 8);
	build_finish(&b);
	refused_at_open(&b, 16, "found no event");
	/* one among the attributes, */
	three(&b);
	b.pipe = true;
	build_record(&b, PERF_RECORD_HEADER_ATTR, 0, b.image.p, 0);
	build_finish(&b);
	refused_at_read(&b, 3, b.image.len - 8, "behind the first record");
	/* an attribute that its record does not hold, */
	three(&b);
	b.pipe = true;
	build_finish(&b);
	poke_u32(&b, 16 + 8 + 4, 137);
	refused_at_open(&b, 16, "found an attribute of 137 bytes");
	three(&b);
	b.pipe = true;
	build_finish(&b);
	poke_u16(&b, 16 + 6, 8 + 63);
	refused_at_open(&b, 16, "found an attribute of 63 bytes");
	/* a feature without a number. */
	small(&b);
	b.pipe = true;
	b.no_features = true;
	build_record(&b, PERF_RECORD_HEADER_FEATURE, 0, "1234", 4);
	build_finish(&b);
	refused_at_open(&b, b.image.len - 12, "found a feature of 12 bytes");
}
END_TEST

START_TEST(too_many_events)
{
	struct bytes more = { 0 };
	struct build b;
	u32 i;

	small(&b);
	b.pipe = true;
	b.no_features = true;
	b.events[0].name = NULL;
	b.events[0].sample_type |= PERF_SAMPLE_IDENTIFIER;
	build_finish(&b);
	bytes_add(&more, b.image.p + 16, b.image.len - 16);
	for (i = 0; i < 1024; i++)
		bytes_add(&b.image, more.p, more.len);
	refused_at_open(&b, 16 + 1024 * more.len + 8,
			"found more than 1024 events");
	bytes_free(&more);
}
END_TEST

/* Through a pipe the PMU's name would come too late for its samples. */
START_TEST(raw_samples_of_a_file_in_a_pipe)
{
	struct trace_source *src;
	struct trace_error err;
	struct build b;
	int ends[2];

	small(&b);
	b.ibs_op = "ibs_op";
	b.events[0].type = 11;
	b.events[0].sample_type |= PERF_SAMPLE_RAW;
	build_sample(&b, 0);
	build_finish(&b);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], b.image.p, b.image.len), b.image.len);
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	ck_assert_int_eq(trace_open(&src, "-", &err), -EBADMSG);
	expect_text(&err, b.data_at, "named only behind the data");
	build_fini(&b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("perf_data head");
	TCase *t = tcase_create("head");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, empty);
	tcase_add_test(t, not_a_capture);
	tcase_add_test(t, not_a_file);
	tcase_add_test(t, header_cut);
	tcase_add_test(t, header_size);
	tcase_add_test(t, attr_size);
	tcase_add_test(t, attr_section);
	tcase_add_test(t, sections_overlap);
	tcase_add_test(t, ids);
	tcase_add_test(t, data_section);
	tcase_add_test(t, killed_recording);
	tcase_add_test(t, feature_table);
	tcase_add_test(t, features);
	tcase_add_test(t, huge_feature);
	tcase_add_test(t, map_of_32_bits);
	tcase_add_test(t, old_captures);
	tcase_add_test(t, sample_type);
	tcase_add_test(t, events_without_ids);
	tcase_add_test(t, pipe_head);
	tcase_add_test(t, too_many_events);
	tcase_add_test(t, raw_samples_of_a_file_in_a_pipe);
	suite_add_tcase(s, t);
	return support_run(s);
}
