// SPDX-License-Identifier: GPL-2.0
/*
 * Records that nobody's perf wrote: the capture ends there with what was found
 * and what was expected, and again when asked again; what was whole before that
 * is delivered.
 */
#include <zstd.h>

#include "test_perf_data.h"

/* perf passes over what belongs to no event; so is it here, and counted. */
START_TEST(unknown_id)
{
	struct trace_record recs[8];
	struct trace_source *src;
	struct trace_error err;
	struct build b;

	small(&b);
	b.nr_events = 2;
	b.events[0].sample_type |= PERF_SAMPLE_IDENTIFIER;
	b.events[1] = b.events[0];
	b.events[1].ids[0] = 78;
	build_sample(&b, 0);
	build_sample(&b, 1);
	build_sample(&b, 0);
	build_finish(&b);
	poke_u64(&b, b.data_at + 8, 12345);
	ck_assert_int_eq(trace_open_mem(&src, b.image.p, b.image.len, &err), 0);
	ck_assert_int_eq(trace_read(src, recs, 8, &err), 2);
	ck_assert_uint_eq(recs[0].event, 1);
	ck_assert(trace_counts(src)->nr_skipped == 1);
	ck_assert(trace_counts(src)->nr_records == 3);
	trace_close(src);
	build_fini(&b);
}
END_TEST

START_TEST(record_size)
{
	struct build b;
	u16 size;

	for (size = 0; size < 8; size++) {
		three(&b);
		build_finish(&b);
		poke_u16(&b, b.data_at + SZ_PLAIN + 6, size);
		refused_at_read(&b, 1, b.data_at + SZ_PLAIN,
				"expected at least the 8 of its header");
	}
	for (size = 8; size < SZ_PLAIN; size++) {
		three(&b);
		build_finish(&b);
		poke_u16(&b, b.data_at + SZ_PLAIN + 6, size);
		refused_at_read(&b, 1, b.data_at + SZ_PLAIN,
				"event 0: found a sample of");
	}
	/* Up to the data's end and not beyond it. */
	three(&b);
	build_finish(&b);
	poke_u16(&b, b.data_at + SZ_PLAIN + 6, 2 * SZ_PLAIN + 1);
	refused_at_read(&b, 1, b.data_at + SZ_PLAIN,
			"found 96 bytes before the end of the data, expected "
			"a record of at least 97");
}
END_TEST

/* Nothing rests on eight: a record may have any size. */
START_TEST(odd_sizes)
{
	struct build b;
	u32 i;

	small(&b);
	for (i = 0; i < 9; i++) {
		build_record(&b, 40, 0, "odd bytes", i);
		build_sample(&b, 0);
	}
	build_finish(&b);
	accepted(&b, 9);
}
END_TEST

/* The field of each sort that has a length, with one that cannot be. */
START_TEST(field_lengths)
{
	static const struct {
		u64 type;
		u32 at; /* words behind the header */
		const char *field;
	} cases[] = {
		{ PERF_SAMPLE_CALLCHAIN, 0, "callchain" },
		{ PERF_SAMPLE_BRANCH_STACK, 0, "branches" },
		{ PERF_SAMPLE_STACK_USER, 0, "user stack" },
		{ PERF_SAMPLE_AUX, 0, "aux data" },
		{ PERF_SAMPLE_READ, 0, "values of counters" },
		{ PERF_SAMPLE_REGS_USER, 0, "user registers" },
		{ PERF_SAMPLE_REGS_INTR, 0, "registers" },
	};
	const u64 lengths[] = { 1000,	    0xffff, 1ull << 29,	   1ull << 61,
				1ull << 63, ~0ull,  ~0ull / 24 + 1 };
	struct build b;
	u32 i;

	for (i = 0; i < 7; i++) {
		build_init(&b, 1);
		b.nr_events = 1;
		b.events[0].sample_type = cases[_i].type;
		b.events[0].read_format = PERF_FORMAT_GROUP;
		b.events[0].regs_user = b.events[0].regs_intr = ~0ull;
		put_u64(&b, &b.data, 0x18ull << 48 | PERF_RECORD_SAMPLE);
		put_u64(&b, &b.data, lengths[i]);
		put_u64(&b, &b.data, 0);
		build_finish(&b);
		refused_at_read(&b, 0, b.data_at, cases[_i].field);
	}
}
END_TEST

START_TEST(raw_length)
{
	const u32 lengths[] = { 13, 1000, 0xfffffff8, 0xfffffffc, 0xffffffff };
	struct build b;
	u32 i;

	for (i = 0; i < 5; i++) {
		build_init(&b, 1);
		b.nr_events = 1;
		b.events[0].sample_type = PERF_SAMPLE_RAW;
		put_u64(&b, &b.data, 0x18ull << 48 | PERF_RECORD_SAMPLE);
		put_u32(&b, &b.data, lengths[i]);
		put_u32(&b, &b.data, 0);
		put_u64(&b, &b.data, 0);
		build_finish(&b);
		refused_at_read(&b, 0, b.data_at, "raw data");
	}
}
END_TEST

/* The highest of 16 bits, for the few bytes that a record may then hold. */
START_TEST(side_record_size)
{
	const u32 types[] = { PERF_RECORD_MMAP,	       PERF_RECORD_MMAP2,
			      PERF_RECORD_LOST,	       PERF_RECORD_COMM,
			      PERF_RECORD_FORK,	       PERF_RECORD_EXIT,
			      PERF_RECORD_THROTTLE,    PERF_RECORD_UNTHROTTLE,
			      PERF_RECORD_LOST_SAMPLES };
	struct build b;

	three(&b);
	b.events[0].flags = PERF_ATTR_SAMPLE_ID_ALL;
	build_record(&b, types[_i], 0, "\0\0\0\0\0\0", 7);
	build_finish(&b);
	refused_at_read(&b, 3, b.data_at + 3 * SZ_PLAIN,
			"with 15 bytes, expected at least");
}
END_TEST

START_TEST(payload_too_long)
{
	struct build b;

	/* No room for the length itself, */
	three(&b);
	build_record(&b, PERF_RECORD_AUXTRACE, 0, "\0\0\0", 4);
	build_finish(&b);
	refused_at_read(&b, 3, b.data_at + 3 * SZ_PLAIN,
			"expected the size of the data behind it");
	/* and one that leads out of the capture. */
	three(&b);
	build_record(&b, PERF_RECORD_AUXTRACE, 0,
		     "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
	build_finish(&b);
	refused_at_read(&b, 3, b.data_at + 3 * SZ_PLAIN, "to pass over");
	three(&b);
	b.pipe = true;
	build_record(&b, PERF_RECORD_HEADER_TRACING_DATA, 0,
		     "\xff\xff\xff\x7f\0\0\0", 8);
	build_finish(&b);
	refused_at_read(&b, 3, b.image.len - 16, "to pass over");
}
END_TEST

static void packed(struct build *b, enum packing packing)
{
	small(b);
	b->packing = packing;
	build_sample(b, 0);
	build_sample(b, 0);
}

START_TEST(packed_without_saying)
{
	struct build b;

	packed(&b, PACK_COMPRESSED);
	b.no_features = true;
	build_finish(&b);
	/* A file without any features says nothing; nor does a pipe. */
	refused_at_read(&b, 0, b.data_at,
			"found a compressed record, expected "
			"the capture to say before it");
	packed(&b, PACK_COMPRESSED2);
	b.no_features = true;
	b.pipe = true;
	build_finish(&b);
	refused_at_read(&b, 0, b.image.len - b.data.len,
			"found a compressed record, expected the capture");
}
END_TEST

START_TEST(packed_badly)
{
	struct build b;
	u32 size;

	packed(&b, PACK_COMPRESSED);
	build_finish(&b);
	memset(b.image.p + b.data_at + 8, 0x5a, 4);
	refused_at_read(&b, 0, b.data_at, "that zstd refuses");
	/* The end of one record is missing in the last. */
	packed(&b, PACK_COMPRESSED);
	b.records.len -= 3;
	build_finish(&b);
	refused_at_read(&b, 1, SOMEWHERE, "of a record in the last compressed");
	/* More bytes than there are. */
	packed(&b, PACK_COMPRESSED2);
	build_finish(&b);
	memcpy(&size, b.image.p + b.data_at + 4, 4);
	size >>= 16;
	poke_u64(&b, b.data_at + 8, size - 15);
	refused_at_read(&b, 0, b.data_at, "compressed bytes in a record of");
	packed(&b, PACK_COMPRESSED2);
	build_finish(&b);
	poke_u16(&b, b.data_at + 6, 0);
	refused_at_read(&b, 0, b.data_at, "expected as many as make it 65536");
	packed(&b, PACK_COMPRESSED2);
	build_finish(&b);
	poke_u16(&b, b.data_at + 6, 0);
	poke_u64(&b, b.data_at + 8, ~0ull);
	refused_at_read(&b, 0, b.data_at, "expected as many as make it 65536");
	/* One in another. */
	packed(&b, PACK_COMPRESSED);
	build_record(&b, PERF_RECORD_COMPRESSED, 0, "12345678", 8);
	build_finish(&b);
	refused_at_read(&b, 2, SOMEWHERE, "inside a compressed one");
}
END_TEST

START_TEST(packed_another_way)
{
	struct build b;
	u64 section;

	packed(&b, PACK_COMPRESSED);
	build_finish(&b);
	memcpy(&section, b.image.p + b.table_at + 16 * 10, 8);
	poke_u32(&b, section + 4, 2);
	refused_at_read(&b, 0, b.data_at, "compression of type 2, expected 1");
}
END_TEST

/* perf's own record of 64 KiB, of whose size 16 bits keep nothing. */
START_TEST(packed_into_64_kib)
{
	size_t sz = 65536 - 16 - 5, bound;
	struct build b;
	ZSTD_outBuffer out;
	ZSTD_inBuffer in;
	ZSTD_CStream *z;
	u8 *buf;

	small(&b);
	b.packing = PACK_COMPRESSED2;
	while (b.records.len < 70000)
		build_sample(&b, 0);
	bound = ZSTD_compressBound(b.records.len);
	buf = malloc(bound);
	z = ZSTD_createCStream();
	ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, -100);
	in = (ZSTD_inBuffer){ b.records.p, b.records.len, 0 };
	out = (ZSTD_outBuffer){ buf, bound, 0 };
	ZSTD_compressStream2(z, &out, &in, ZSTD_e_end);
	ck_assert_uint_gt(out.pos, sz);
	ck_assert_uint_lt(out.pos - sz, 60000);
	put_u32(&b, &b.data, PERF_RECORD_COMPRESSED2);
	put_u32(&b, &b.data, 0);
	put_u64(&b, &b.data, sz);
	bytes_add(&b.data, buf, sz);
	bytes_add(&b.data, "\0\0\0\0\0", 5);
	put_u32(&b, &b.data, PERF_RECORD_COMPRESSED);
	put_u32(&b, &b.data, (8 + out.pos - sz) << 16);
	bytes_add(&b.data, buf + sz, out.pos - sz);
	b.records.len = 0;
	build_finish(&b);
	free(buf);
	ZSTD_freeCStream(z);
	accepted(&b, b.counts.nr_samples);
}
END_TEST

/* Small on disk, larger than perf's own buffer when unpacked. */
START_TEST(packed_bomb)
{
	size_t sz = 64u << 20, bound = ZSTD_compressBound(sz);
	u8 *zeros = malloc(sz), *out = malloc(bound);
	struct build b;
	size_t i, len;

	/* A record of no interest, over and over. */
	for (i = 0; i < sz; i += 8)
		memcpy(zeros + i, "\x28\0\0\0\0\0\x08\0", 8);
	len = ZSTD_compress(out, bound, zeros, sz, 1);
	ck_assert(!ZSTD_isError(len));
	ck_assert_uint_lt(len, 60000);
	packed(&b, PACK_COMPRESSED);
	b.records.len = 0;
	build_record(&b, PERF_RECORD_COMPRESSED, 0, out, len);
	bytes_add(&b.data, b.records.p, b.records.len);
	b.records.len = 0;
	build_finish(&b);
	refused_at_read(&b, 0, b.data_at,
			"found more than 528384 bytes packed");
	free(zeros);
	free(out);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("perf_data hostile");
	TCase *t = tcase_create("hostile");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, unknown_id);
	tcase_add_test(t, record_size);
	tcase_add_test(t, odd_sizes);
	tcase_add_loop_test(t, field_lengths, 0, 7);
	tcase_add_test(t, raw_length);
	tcase_add_loop_test(t, side_record_size, 0, 9);
	tcase_add_test(t, payload_too_long);
	tcase_add_test(t, packed_without_saying);
	tcase_add_test(t, packed_badly);
	tcase_add_test(t, packed_another_way);
	tcase_add_test(t, packed_into_64_kib);
	tcase_add_test(t, packed_bomb);
	suite_add_tcase(s, t);
	return support_run(s);
}
