// SPDX-License-Identifier: GPL-2.0
/*
 * perf's limits against what kernels print when they lower them, and against
 * what follows from the rules.
 */
#include <check.h>
#include <errno.h>

#include "perf_freq.h"
#include "perf_limit.h"
#include "support_check.h"

/* Interrupts of @ns each until the limits fall; how many it took. */
static u32 until_lowered(struct perf_limit *l, struct perf_took *took, u64 ns)
{
	u32 nr = 1;

	while (!perf_limit_took(l, took, ns))
		ck_assert_uint_lt(nr++, 1000000);
	return nr;
}

/* The averages at which kernels said so, and what they lowered to. */
static const struct {
	u32 hz;
	struct {
		u64 avg, allowed;
		u32 per_tick, rate;
	} step[3];
} message[] = {
	{ 250,
	  { { 2503, 3128, 319, 79750 },
	    { 3137, 3921, 255, 63750 },
	    { 3930, 4912, 203, 50750 } } },
	{ 1000,
	  { { 2503, 3128, 79, 79000 },
	    { 3137, 3921, 63, 63000 },
	    { 3930, 4912, 50, 50000 } } },
};

START_TEST(limits_fall_as_kernels_say)
{
	struct perf_limit l;
	u32 i;

	perf_limit_init(&l, message[_i].hz, PERF_LIMIT_RATE_DEFAULT,
			PERF_LIMIT_PERCENT_DEFAULT);
	ck_assert_uint_eq(l.allowed_ns, 2500);
	for (i = 0; i < 3; i++) {
		/* An average that has come to stay. */
		struct perf_took took = { message[_i].step[i].avg * 128 };

		ck_assert(perf_limit_took(&l, &took, message[_i].step[i].avg));
		ck_assert_uint_eq(l.allowed_ns, message[_i].step[i].allowed);
		ck_assert_uint_eq(l.max_per_tick, message[_i].step[i].per_tick);
		ck_assert_uint_eq(l.max_rate, message[_i].step[i].rate);
	}
	ck_assert_uint_eq(l.nr_lowered, 3);
}
END_TEST

/* The average begins at 0: it takes a while to be too high. */
/* A user's lower limit stays where it is: it leaves interrupts more time. */
START_TEST(a_user_writes_the_limit)
{
	struct perf_took took = { 3000 * 128 };
	struct perf_limit l;

	perf_limit_init(&l, 1000, PERF_LIMIT_RATE_DEFAULT, 25);
	ck_assert_int_eq(perf_limit_write(&l, 500), 0);
	ck_assert_uint_eq(l.max_rate, 500);
	ck_assert_uint_eq(l.max_per_tick, 1);
	ck_assert_uint_eq(l.allowed_ns, 500000);
	ck_assert(!perf_limit_took(&l, &took, 3000));
	ck_assert_uint_eq(l.max_rate, 500);
	/* Up again, and interrupts are too long for it. */
	ck_assert_int_eq(perf_limit_write(&l, 100000), 0);
	ck_assert(perf_limit_took(&l, &took, 3000));
	/* A limit so high that no interrupt fits is one all the same. */
	ck_assert_int_eq(perf_limit_write(&l, 1000000000), 0);
	ck_assert_uint_eq(l.allowed_ns, 1);
	/* Where sampling may take all the time the file takes nothing. */
	perf_limit_init(&l, 1000, PERF_LIMIT_RATE_DEFAULT, 100);
	ck_assert_int_eq(perf_limit_write(&l, 500), -EINVAL);
	ck_assert_uint_eq(l.max_rate, PERF_LIMIT_RATE_DEFAULT);
}
END_TEST

START_TEST(average_starts_low)
{
	static const struct {
		u64 ns;
		u32 nr;
	} vector[] = { { 3000, 229 }, { 5000, 89 }, { 2600, 417 } };
	struct perf_took took = { 0 };
	struct perf_limit l;

	perf_limit_init(&l, 250, PERF_LIMIT_RATE_DEFAULT,
			PERF_LIMIT_PERCENT_DEFAULT);
	ck_assert_uint_eq(until_lowered(&l, &took, vector[_i].ns),
			  vector[_i].nr);
}
END_TEST

START_TEST(without_a_share_there_is_no_limit)
{
	static const u32 percent[] = { 0, 100 };
	struct perf_took took = { 0 };
	struct perf_limit l;
	u32 i;

	perf_limit_init(&l, 250, PERF_LIMIT_RATE_DEFAULT, percent[_i]);
	for (i = 0; i < 10000; i++)
		ck_assert(!perf_limit_took(&l, &took, 1000000));
	ck_assert_uint_eq(l.max_rate, PERF_LIMIT_RATE_DEFAULT);
}
END_TEST

/* Whatever interrupts take, limits only ever fall, and one sample remains. */
START_TEST(limits_never_rise)
{
	struct perf_took took = { 0 };
	struct perf_limit l, before;
	u64 x = 88172645463325252ULL;
	u32 i;

	perf_limit_init(&l, 250, PERF_LIMIT_RATE_DEFAULT,
			PERF_LIMIT_PERCENT_DEFAULT);
	for (i = 0; i < 200000; i++) {
		before = l;
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		perf_limit_took(&l, &took, x >> (40 + x % 20));
		ck_assert_uint_le(l.max_per_tick, before.max_per_tick);
		ck_assert_uint_ge(l.allowed_ns, before.allowed_ns);
		ck_assert_uint_ge(l.max_per_tick, 1);
	}
	ck_assert_uint_gt(l.nr_lowered, 1);
}
END_TEST

/* 400 samples a tick at 250 Hz; the last of them is delivered and stops it. */
START_TEST(event_stops_until_the_tick)
{
	struct perf_throttle t = { 0 };
	struct perf_limit l;
	u32 i;

	perf_limit_init(&l, 250, PERF_LIMIT_RATE_DEFAULT,
			PERF_LIMIT_PERCENT_DEFAULT);
	ck_assert_uint_eq(l.max_per_tick, 400);
	for (i = 1; i < 400; i++)
		ck_assert(!perf_limit_overflow(&l, &t, 1));
	ck_assert(perf_limit_overflow(&l, &t, 1));
	ck_assert(t.stopped);
	ck_assert(perf_limit_tick(&t));
	ck_assert(!t.stopped);
	ck_assert(!perf_limit_tick(&t));
	/* A tick forgets also those that were not too many. */
	for (i = 1; i < 400; i++)
		ck_assert(!perf_limit_overflow(&l, &t, 2));
	ck_assert(!perf_limit_overflow(&l, &t, 3));
	ck_assert_uint_eq(t.nr, 1);
}
END_TEST

START_TEST(one_a_tick_stops_at_once)
{
	struct perf_limit l = { .max_per_tick = 1 };
	struct perf_throttle t = { 0 };

	ck_assert(perf_limit_overflow(&l, &t, 1));
}
END_TEST

/* An eighth of the way, rounded away from where it is. */
START_TEST(period_moves_by_an_eighth)
{
	static const struct {
		u64 period, wanted, next;
	} vector[] = {
		{ 1000, 1800, 1100 }, { 1000, 200, 900 },
		{ 1000, 1001, 1001 }, { 1000, 999, 999 },
		{ 1000, 1000, 1000 }, { 1, 0, 1 },
	};
	struct perf_freq f = { .freq = 1000, .period = vector[_i].period };

	/* In a millisecond, at 1000 a second, the count is the period. */
	ck_assert(!perf_freq_adjust(&f, 1000000, vector[_i].wanted));
	ck_assert_uint_eq(f.period, vector[_i].next);
}
END_TEST

/* A source of @per_s events: the period settles at per_s / freq. */
START_TEST(period_settles)
{
	static const u64 per_s[] = { 100000000, 3000000, 20000 };
	struct perf_freq f = { .freq = 5003, .period = 51 };
	u64 now_ns = 1, ns, wanted = per_s[_i] / f.freq;
	u32 i;

	for (i = 0; i < 100000; i++) {
		ns = f.period * 1000000000 / per_s[_i];
		now_ns += ns ? ns : 1;
		perf_freq_overflow(&f, now_ns, f.period, 4000000);
	}
	ck_assert_uint_ge(f.period + wanted / 50 + 7, wanted);
	ck_assert_uint_le(f.period, wanted + wanted / 50 + 7);
}
END_TEST

START_TEST(late_overflows_say_nothing)
{
	struct perf_freq f = { .freq = 1000, .period = 1000 };

	ck_assert(!perf_freq_overflow(&f, 1000000000, 1000, 4000000));
	ck_assert(!perf_freq_overflow(&f, 1008000000, 1000, 4000000));
	ck_assert_uint_eq(f.period, 1000);
	perf_freq_overflow(&f, 1015999999, 1000, 4000000);
	ck_assert_uint_ne(f.period, 1000);
}
END_TEST

START_TEST(tick_adjusts_what_never_overflows)
{
	struct perf_freq f = { .freq = 1000, .period = 1 << 20 };

	f.left = 1 << 30;
	ck_assert(perf_freq_tick(&f, 4, 4000000));
	ck_assert_uint_lt(f.period, 1 << 20);
	ck_assert_int_eq(f.left, 0);
	ck_assert_msg(!perf_freq_tick(&f, 4, 4000000), "nothing was counted");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("perf limits");
	TCase *tc = tcase_create("limits");

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, limits_fall_as_kernels_say, 0, 2);
	tcase_add_loop_test(tc, average_starts_low, 0, 3);
	tcase_add_loop_test(tc, without_a_share_there_is_no_limit, 0, 2);
	tcase_add_test(tc, a_user_writes_the_limit);
	tcase_add_test(tc, limits_never_rise);
	tcase_add_test(tc, event_stops_until_the_tick);
	tcase_add_test(tc, one_a_tick_stops_at_once);
	tcase_add_loop_test(tc, period_moves_by_an_eighth, 0, 6);
	tcase_add_loop_test(tc, period_settles, 0, 3);
	tcase_add_test(tc, late_overflows_say_nothing);
	tcase_add_test(tc, tick_adjusts_what_never_overflows);
	return support_run(s);
}
