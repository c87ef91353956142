// SPDX-License-Identifier: GPL-2.0
/*
 * The order of time: what came in rounds of sorted runs goes out sorted, equal
 * times as they came, and a window that is too small says how much it broke.
 */
#include <stdlib.h>
#include <string.h>

#include "perf_order.h"
#include "support_check.h"
#include "support_perf_data.h"

#define NR_CPUS 7

static void check_sorted(const struct trace_record *recs, size_t nr)
{
	size_t i;

	for (i = 1; i < nr; i++)
		if (recs[i - 1].time_ns > recs[i].time_ns ||
		    (recs[i - 1].time_ns == recs[i].time_ns &&
		     recs[i - 1].addr >= recs[i].addr))
			ck_abort_msg("record %zu", i);
}

/*
 * Records of several CPUs that perf empties one after the other, each up to
 * some moment of the round; times meet.  @addr counts the file's order.
 */
static size_t fill_rounds(struct order *o, struct build *b, u32 nr_rounds,
			  struct trace_record *out)
{
	u64 read_ns[NR_CPUS] = { 0 }, round_ns = 0, seq = 0;
	size_t done = 0, some;
	u32 round, cpu;

	for (round = 0; round < nr_rounds; round++) {
		for (cpu = 0; cpu < NR_CPUS; cpu++) {
			u64 until_ns = round_ns + 100 + build_below(b, 50);

			while (read_ns[cpu] < until_ns) {
				while (!order_has_room(o))
					ck_assert_int_eq(order_grow(o), 1);
				*o->fill = (struct trace_record){
					.time_ns = read_ns[cpu],
					.addr = seq++,
					.has = TRACE_HAS_TIME,
				};
				order_add(o);
				read_ns[cpu] += build_below(b, 4);
			}
		}
		round_ns += 100;
		order_release_round(o);
		do {
			some = order_take(o, out + done,
					  1 + build_below(b, 300));
			done += some;
		} while (some);
	}
	return done;
}

START_TEST(rounds_are_merged)
{
	size_t max = 200000, nr, some;
	struct trace_record *out = calloc(max, sizeof(*out));
	struct order o;
	struct build b;
	bool *seen = calloc(max, 1);
	size_t i;

	build_init(&b, _i);
	order_init(&o, ORDER_NR_CHUNKS);
	nr = fill_rounds(&o, &b, 40, out);
	ck_assert_uint_gt(nr, 5000);
	order_release_all(&o);
	while ((some = order_take(&o, out + nr, 1000)))
		nr += some;
	check_sorted(out, nr);
	for (i = 0; i < nr; i++) {
		ck_assert(out[i].addr < nr && !seen[out[i].addr]);
		seen[out[i].addr] = true;
	}
	ck_assert(o.nr_late == 0);
	ck_assert_uint_eq(o.nr_untimed, 0);
	order_fini(&o);
	build_fini(&b);
	free(seen);
	free(out);
}
END_TEST

/* Not before the round after the one that ends it, and then at once. */
START_TEST(a_round_waits_for_the_next)
{
	struct trace_record out[8];
	struct order o;
	u64 t;

	order_init(&o, ORDER_NR_CHUNKS);
	ck_assert_int_eq(order_grow(&o), 1);
	for (t = 10; t <= 30; t += 10) {
		*o.fill = (struct trace_record){ .time_ns = t,
						 .has = TRACE_HAS_TIME };
		order_add(&o);
	}
	order_release_round(&o);
	ck_assert_uint_eq(order_take(&o, out, 8), 0);
	for (t = 5; t <= 45; t += 10) {
		*o.fill = (struct trace_record){ .time_ns = t,
						 .has = TRACE_HAS_TIME };
		order_add(&o);
	}
	order_release_round(&o);
	ck_assert_uint_eq(order_take(&o, out, 8), 6);
	ck_assert(out[0].time_ns == 5 && out[5].time_ns == 30);
	ck_assert_uint_eq(order_take(&o, out, 8), 0);
	order_release_all(&o);
	ck_assert_uint_eq(order_take(&o, out, 8), 2);
	ck_assert(out[0].time_ns == 35 && out[1].time_ns == 45);
	order_fini(&o);
}
END_TEST

/* All are delivered, once, and each that is out of order is counted. */
START_TEST(a_full_window_counts)
{
	const u32 max_chunks = 1 + _i % 4, nr = 20 * ORDER_NR_IN_CHUNK;
	struct trace_record *out = calloc(nr, sizeof(*out));
	bool *seen = calloc(nr, 1);
	u64 latest = 0, nr_late = 0;
	size_t done = 0, some;
	struct order o;
	struct build b;
	u32 i;

	build_init(&b, _i);
	order_init(&o, max_chunks);
	for (i = 0; i < nr; i++) {
		while (!order_has_room(&o)) {
			if (order_grow(&o) == 1)
				break;
			order_release_oldest(&o);
			while ((some = order_take(&o, out + done, 100)))
				done += some;
			ck_assert_uint_lt(o.nr_chunks, max_chunks);
		}
		*o.fill = (struct trace_record){
			.time_ns = _i < 4 ? build_below(&b, 1000) : nr - i,
			.addr = i,
			.has = TRACE_HAS_TIME,
		};
		order_add(&o);
	}
	order_release_all(&o);
	while ((some = order_take(&o, out + done, 100)))
		done += some;
	ck_assert_uint_eq(done, nr);
	for (i = 0; i < nr; i++) {
		ck_assert(!seen[out[i].addr]);
		seen[out[i].addr] = true;
		if (out[i].time_ns < latest)
			nr_late++;
		else
			latest = out[i].time_ns;
	}
	ck_assert(nr_late > 0 && o.nr_late == nr_late);
	order_fini(&o);
	build_fini(&b);
	free(seen);
	free(out);
}
END_TEST

/* A full window of records in order is no loss. */
START_TEST(a_full_window_in_order)
{
	const u32 nr = 20 * ORDER_NR_IN_CHUNK;
	struct trace_record out[100];
	u64 next = 0;
	size_t some, k;
	struct order o;
	u32 i;

	order_init(&o, 3);
	for (i = 0; i <= nr; i++) {
		while (!order_has_room(&o) || i == nr) {
			if (i < nr && order_grow(&o) == 1)
				break;
			if (i == nr)
				order_release_all(&o);
			else
				order_release_oldest(&o);
			while ((some = order_take(&o, out, 100)))
				for (k = 0; k < some; k++)
					ck_assert(out[k].time_ns == next++);
			if (i == nr)
				break;
		}
		if (i == nr)
			break;
		*o.fill = (struct trace_record){ .time_ns = i,
						 .has = TRACE_HAS_TIME };
		order_add(&o);
	}
	ck_assert(next == nr && !o.nr_late);
	order_fini(&o);
}
END_TEST

/* The younger half stays: what comes a little late still finds its place. */
START_TEST(a_full_window_keeps_half)
{
	static const u32 blocks[] = { 0, 2, 1, 4, 3, 6, 5, 8, 7 };
	const u32 nr_blocks = sizeof(blocks) / sizeof(blocks[0]);
	struct trace_record out[100];
	size_t some, done = 0, i;
	struct order o;
	u32 k;

	order_init(&o, 4);
	for (k = 0; k < nr_blocks; k++) {
		if (order_grow(&o) == 0) {
			order_release_oldest(&o);
			while ((some = order_take(&o, out, 100)))
				done += some;
			ck_assert_int_eq(order_grow(&o), 1);
		}
		for (i = 0; i < ORDER_NR_IN_CHUNK; i++) {
			*o.fill = (struct trace_record){
				.time_ns = blocks[k] * ORDER_NR_IN_CHUNK + i,
				.has = TRACE_HAS_TIME,
			};
			order_add(&o);
		}
	}
	order_release_all(&o);
	while ((some = order_take(&o, out, 100)))
		done += some;
	ck_assert_uint_eq(done, nr_blocks * ORDER_NR_IN_CHUNK);
	ck_assert(o.nr_late == 0);
	order_fini(&o);
}
END_TEST

START_TEST(without_time_as_in_the_file)
{
	const u64 times[] = { 0, 5, 0, 0, 3, 0, 9, 0 };
	/* 3 and what follows it go before 5 and what follows that. */
	const u64 order[] = { 0, 4, 5, 1, 2, 3, 6, 7 };
	struct trace_record out[8];
	struct order o;
	u32 i;

	order_init(&o, ORDER_NR_CHUNKS);
	ck_assert_int_eq(order_grow(&o), 1);
	for (i = 0; i < 8; i++) {
		*o.fill = (struct trace_record){
			.time_ns = times[i],
			.addr = i,
			.has = times[i] ? TRACE_HAS_TIME : 0,
		};
		if (times[i])
			order_add(&o);
		else
			order_add_untimed(&o);
	}
	order_release_all(&o);
	ck_assert_uint_eq(order_take(&o, out, 8), 8);
	for (i = 0; i < 8; i++) {
		ck_assert(out[i].addr == order[i]);
		ck_assert(out[i].time_ns == times[order[i]]);
	}
	ck_assert(!o.nr_late && !o.nr_untimed);
	order_fini(&o);
}
END_TEST

/* The same through the whole reader: CPUs, rounds, packed or not. */
START_TEST(captures_come_out_sorted)
{
	struct trace_record recs[64];
	struct trace_source *src;
	struct trace_error err;
	struct build b;
	u64 last = 0, nr = 0, start = 1000;
	u32 round, cpu;
	long i, ret;

	build_init(&b, _i);
	b.packing = _i % 3;
	b.big = _i & 1;
	b.nr_events = 1;
	b.events[0].sample_type = PERF_SAMPLE_TIME | PERF_SAMPLE_ADDR;
	for (round = 0; round < 10; round++) {
		for (cpu = 0; cpu < NR_CPUS; cpu++) {
			u32 k, some = build_below(&b, 30);

			b.time_ns = start + build_below(&b, 50);
			for (k = 0; k < some; k++) {
				build_sample(&b, 0);
				b.time_ns += build_below(&b, 3);
			}
		}
		build_round(&b);
		start += 100;
	}
	build_finish(&b);
	ck_assert_int_eq(trace_open_mem(&src, b.image.p, b.image.len, &err), 0);
	while ((ret = trace_read(src, recs, 64, &err)) > 0)
		for (i = 0; i < ret; i++, nr++) {
			ck_assert(last <= recs[i].time_ns);
			last = recs[i].time_ns;
		}
	ck_assert_int_eq(ret, 0);
	ck_assert(nr == b.counts.nr_samples);
	ck_assert(trace_counts(src)->nr_late == 0);
	trace_close(src);
	build_fini(&b);
}
END_TEST

/* Backwards, and more of it than is ever held. */
START_TEST(a_capture_beyond_the_window)
{
	const u64 nr = (1u << 20) + 5000;
	static struct trace_record recs[4096];
	u64 done = 0, latest = 0, nr_late = 0, i;
	struct trace_source *src;
	struct trace_error err;
	struct build b;
	long k, ret;

	build_init(&b, 1);
	b.nr_events = 1;
	b.events[0].sample_type = PERF_SAMPLE_TIME;
	for (i = 0; i < nr; i++) {
		put_u32(&b, &b.data, PERF_RECORD_SAMPLE);
		put_u32(&b, &b.data, 16u << 16);
		put_u64(&b, &b.data, nr - i);
	}
	build_finish(&b);
	ck_assert_int_eq(trace_open_mem(&src, b.image.p, b.image.len, &err), 0);
	while ((ret = trace_read(src, recs, 4096, &err)) > 0)
		for (k = 0; k < ret; k++, done++) {
			if (recs[k].time_ns < latest)
				nr_late++;
			else
				latest = recs[k].time_ns;
		}
	ck_assert_int_eq(ret, 0);
	ck_assert(done == nr);
	ck_assert(nr_late > 0 && trace_counts(src)->nr_late == nr_late);
	trace_close(src);
	build_fini(&b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("perf_data order");
	TCase *t = tcase_create("order");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, rounds_are_merged, 0, 10);
	tcase_add_test(t, a_round_waits_for_the_next);
	tcase_add_loop_test(t, a_full_window_counts, 0, 8);
	tcase_add_test(t, a_full_window_in_order);
	tcase_add_test(t, a_full_window_keeps_half);
	tcase_add_test(t, without_time_as_in_the_file);
	tcase_add_loop_test(t, captures_come_out_sorted, 0, 30);
	tcase_add_test(t, a_capture_beyond_the_window);
	suite_add_tcase(s, t);
	return support_run(s);
}
