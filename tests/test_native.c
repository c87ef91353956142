// SPDX-License-Identifier: GPL-2.0
/*
 * What goes into a native trace comes out of it: every record with every bit,
 * whatever it looks like and however it is cut into writes, reads and blocks.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sink.h"
#include "support_check.h"
#include "support_native.h"
#include "support_rng.h"

/* More than a block, and than a group of blocks. */
#define NR_BLOCK 65536
#define NR_LONG (3 * NR_BLOCK + 1234)

static void check_same(const struct trace_record *want, size_t nr,
		       const struct native_image *image, size_t batch)
{
	struct trace_record *recs = malloc(batch * sizeof(*recs));
	struct trace_source *src;
	struct trace_error err;
	size_t done = 0;
	long ret;

	ck_assert_int_eq(trace_open_mem(&src, image->p, image->len, &err), 0);
	while ((ret = trace_read(src, recs, batch, &err)) > 0) {
		ck_assert_uint_le(done + ret, nr);
		ck_assert_mem_eq(recs, want + done, ret * sizeof(*recs));
		done += ret;
	}
	ck_assert_msg(!ret, "offset %llu: %s", err.offset, err.text);
	ck_assert_uint_eq(done, nr);
	ck_assert_uint_eq(trace_counts(src)->nr_records, nr);
	ck_assert_uint_eq(trace_counts(src)->sz_read, image->len);
	trace_close(src);
	free(recs);
}

START_TEST(comes_back)
{
	static const size_t lens[] = { 0, 1, 2, 511, 512, 513, 5000 };
	struct trace_record *recs = malloc(5000 * sizeof(*recs));
	struct native_image image;
	size_t i;

	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		native_draw(recs, lens[i], _i, i);
		native_image_init(&image, recs, lens[i], 1 + i * 100, 3);
		check_same(recs, lens[i], &image, i % 2 ? 7 : 2048);
		native_image_fini(&image);
	}
	free(recs);
}
END_TEST

START_TEST(long_one_comes_back)
{
	struct trace_record *recs = malloc(NR_LONG * sizeof(*recs));
	struct native_image image;

	native_draw(recs, NR_LONG, _i, 7);
	native_image_init(&image, recs, NR_LONG, 4096, 1);
	check_same(recs, NR_LONG, &image, 1000);
	native_image_fini(&image);
	free(recs);
}
END_TEST

/* So many combinations that the table is full before a group ends. */
START_TEST(many_threads)
{
	const size_t nr = 150000;
	struct trace_record *recs = malloc(nr * sizeof(*recs));
	struct native_image image;
	size_t i;

	native_draw(recs, nr, LIKE_FAULTS, 1);
	for (i = 0; i < nr; i++)
		recs[i].tid = i;
	native_image_init(&image, recs, nr, 10000, 1);
	check_same(recs, nr, &image, 2048);
	native_image_fini(&image);
	free(recs);
}
END_TEST

/* What is regular costs little; that is what all this is for. */
START_TEST(is_small)
{
	const size_t nr = 100000;
	struct trace_record *recs = malloc(nr * sizeof(*recs));
	struct native_image image;

	native_draw(recs, nr, LIKE_FAULTS, 1);
	native_image_init(&image, recs, nr, 4096, 9);
	/* Drawn are 9 bits of time, 6 of thread and ip, 2 of page, offset. */
	ck_assert_uint_lt(image.len, nr * 5);
	native_image_fini(&image);
	free(recs);
}
END_TEST

static void check_event(const struct trace_event *a,
			const struct trace_event *b)
{
	ck_assert_str_eq(a->name, b->name);
	ck_assert_str_eq(a->pmu, b->pmu);
	ck_assert(a->type == b->type && a->config == b->config &&
		  a->config1 == b->config1 && a->config2 == b->config2 &&
		  a->period_or_freq == b->period_or_freq &&
		  a->freq == b->freq && a->precise_ip == b->precise_ip &&
		  a->sample_type == b->sample_type);
}

/* All that a trace says of itself, and events that come later. */
START_TEST(says_what_it_was_told)
{
	char path[] = "/tmp/damonsim-test-XXXXXX";
	static struct trace_record recs[NR_BLOCK + 10];
	const struct trace_info *got;
	struct trace_source *src;
	struct trace_error err;
	struct trace_sink *sink;
	struct trace_info info;
	u64 seen = 0;
	long ret;
	u32 i;

	close(mkstemp(path));
	native_info_init(&info, 5);
	strcpy(info.os_release, "6.1");
	strcpy(info.cpu_desc, "a CPU");
	strcpy(info.cpuid, "id");
	strcpy(info.events[1].pmu, "ibs_op");
	memset(info.cmdline, 'x', sizeof(info.cmdline) - 1);
	info.seed = 1ull << 63;
	info.events[4].type = 9;
	info.events[4].config1 = 1;
	info.events[4].config2 = 2;
	info.events[4].precise_ip = 3;
	native_draw(recs, NR_BLOCK + 10, LIKE_FAULTS, 1);
	recs[NR_BLOCK + 3].event = 4;
	info.nr_events = 3;
	ck_assert_int_eq(trace_sink_open(&sink, "native", path, &info, &err),
			 0);
	ck_assert_int_eq(trace_sink_write(sink, recs, NR_BLOCK, &err), 0);
	info.nr_events = 5;
	ck_assert_int_eq(trace_sink_write(sink, recs + NR_BLOCK, 10, &err), 0);
	ck_assert_int_eq(trace_sink_close(sink, NULL, &err), 0);

	ck_assert_int_eq(trace_open(&src, path, &err), 0);
	got = trace_info(src);
	while ((ret = trace_read(src, recs, 1000, &err)) > 0) {
		seen += ret;
		ck_assert_uint_eq(got->nr_events, seen <= NR_BLOCK ? 3 : 5);
	}
	ck_assert_int_eq(ret, 0);
	for (i = 0; i < 5; i++)
		check_event(&got->events[i], &info.events[i]);
	ck_assert_str_eq(got->origin, info.origin);
	ck_assert_str_eq(got->cmdline, info.cmdline);
	ck_assert_str_eq(got->hostname, info.hostname);
	ck_assert_str_eq(got->os_release, info.os_release);
	ck_assert_str_eq(got->arch, info.arch);
	ck_assert_str_eq(got->cpu_desc, info.cpu_desc);
	ck_assert_str_eq(got->cpuid, info.cpuid);
	ck_assert(got->has_seed && got->seed == info.seed);
	ck_assert_uint_eq(got->nr_cpus_online, info.nr_cpus_online);
	ck_assert_uint_eq(got->total_mem_bytes, info.total_mem_bytes);
	trace_close(src);
	native_info_fini(&info);
	unlink(path);
}
END_TEST

/* Of the span all come, and of the rest less than all. */
static void check_span(const struct trace_record *want, size_t nr,
		       const struct native_image *image, u64 first, u64 last,
		       bool fewer)
{
	struct trace_record recs[1000];
	struct trace_source *src;
	struct trace_error err;
	u64 nr_read = 0;
	size_t at = 0;
	long ret, i;

	ck_assert_int_eq(trace_open_mem(&src, image->p, image->len, &err), 0);
	trace_set_span(src, first, last);
	while ((ret = trace_read(src, recs, 1000, &err)) > 0) {
		nr_read += ret;
		for (i = 0; i < ret; i++) {
			if (recs[i].time_ns < first || recs[i].time_ns > last)
				continue;
			while (want[at].time_ns < first ||
			       want[at].time_ns > last)
				at++;
			ck_assert_mem_eq(&recs[i], &want[at++], sizeof(*want));
		}
	}
	ck_assert_msg(!ret, "offset %llu: %s", err.offset, err.text);
	while (at < nr && (want[at].time_ns < first || want[at].time_ns > last))
		at++;
	ck_assert_uint_eq(at, nr);
	if (fewer)
		ck_assert_uint_lt(nr_read, nr);
	trace_close(src);
}

START_TEST(seeks)
{
	struct trace_record *recs = malloc(NR_LONG * sizeof(*recs));
	struct support_rng rng = { 3 };
	struct native_image image;
	u64 end, first, last;
	int i;

	native_draw(recs, NR_LONG, LIKE_FAULTS, 2);
	for (i = 0; i < NR_LONG; i++) {
		recs[i].has |= TRACE_HAS_TIME;
		recs[i].time_ns = 1000 + i * 100 + i % 7 * 90;
	}
	end = recs[NR_LONG - 1].time_ns;
	native_image_init(&image, recs, NR_LONG, 4096, 1);
	check_span(recs, NR_LONG, &image, 0, ~0ull, false);
	check_span(recs, NR_LONG, &image, end, ~0ull, true);
	check_span(recs, NR_LONG, &image, 0, 1000, true);
	check_span(recs, NR_LONG, &image, end + 1000000, ~0ull, true);
	check_span(recs, NR_LONG, &image, 0, 5, true);
	for (i = 0; i < 20; i++) {
		first = support_rng_below(&rng, end);
		last = first + support_rng_below(&rng, 1000000);
		check_span(recs, NR_LONG, &image, first, last, true);
	}
	native_image_fini(&image);
	free(recs);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("native trace");
	TCase *t = tcase_create("round trip");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, comes_back, 0, NR_LIKE);
	tcase_add_loop_test(t, long_one_comes_back, 0, NR_LIKE);
	tcase_add_test(t, many_threads);
	tcase_add_test(t, is_small);
	tcase_add_test(t, says_what_it_was_told);
	tcase_add_test(t, seeks);
	suite_add_tcase(s, t);
	return support_run(s);
}
