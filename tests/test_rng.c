// SPDX-License-Identifier: GPL-2.0
/*
 * The generator against the kernel's own self test, the mapping against its
 * definition.
 */
#include <check.h>

#include "damon/rng.h"
#include "support_check.h"

static u32 at_least(u32 x, u32 min)
{
	return x < min ? x + min : x;
}

/* The state that lib/random32.c begins its self test with. */
static struct rng selftest_state(u32 seed)
{
	struct rng rng;
	int i;

	rng.s[0] = at_least(seed * 69069, 2);
	rng.s[1] = at_least(rng.s[0] * 69069, 8);
	rng.s[2] = at_least(rng.s[1] * 69069, 16);
	rng.s[3] = at_least(rng.s[2] * 69069, 128);
	for (i = 0; i < 10; i++)
		rng_u32(&rng);
	return rng;
}

/*
 * Results of CONFIG_RANDOM32_SELFTEST in Linux, those with an iteration above 1
 * originally of taus113 in the GNU Scientific Library.
 */
START_TEST(steps_as_the_kernel_does)
{
	static const struct {
		u32 seed, iteration, result;
	} vector[] = {
		{ 1, 1, 3484351685u },
		{ 2, 1, 2623130059u },
		{ 3, 1, 3125133893u },
		{ 4, 1, 984847254u },
		{ 931557656u, 959, 2975593782u },
		{ 1339693295u, 876, 3887776532u },
		{ 1967883163u, 508, 10734624u },
		{ 407983964u, 921, 728767059u },
	};
	struct rng rng = selftest_state(vector[_i].seed);
	u32 i;

	for (i = 1; i < vector[_i].iteration; i++)
		rng_u32(&rng);
	ck_assert_uint_eq(rng_u32(&rng), vector[_i].result);
}
END_TEST

START_TEST(seeds_as_the_kernel_does)
{
	static const struct {
		u64 seed;
		u32 s[4];
	} vector[] = {
		{ 0, { 2, 8, 16, 128 } },
		{ 5ULL << 32, { 5, 13, 21, 133 } },
		{ 15ULL << 32, { 15, 15, 31, 143 } },
		{ 200ULL << 32, { 200, 200, 200, 200 } },
		/* 1 ^ 1 << 10 = 1025 */
		{ 1, { 1025, 1025, 1025, 1025 } },
		/* The upper half comes in unshifted, and cancels. */
		{ 1025ULL << 32 | 1, { 2, 8, 16, 128 } },
	};
	struct rng rng;

	rng_init(&rng, vector[_i].seed);
	ck_assert_mem_eq(rng.s, vector[_i].s, sizeof(rng.s));
}
END_TEST

/* a * b / 2^64 by hand, for the check of a wide range. */
static u64 multiply_high(u64 a, u64 b)
{
	u64 low = (a & 0xffffffff) * (b & 0xffffffff);
	u64 mid1 = (a >> 32) * (b & 0xffffffff) + (low >> 32);
	u64 mid2 = (a & 0xffffffff) * (b >> 32) + (mid1 & 0xffffffff);

	return (a >> 32) * (b >> 32) + (mid1 >> 32) + (mid2 >> 32);
}

START_TEST(ranges_are_scaled_draws)
{
	static const u64 span[] = {
		1,	    2,		9,	     4096,
		0x80000000, 0xffffffff, 0x100000000, 0x100000001,
		1ULL << 40, 3ULL << 62, ~0ULL,
	};
	const u64 l = _i & 1 ? 0 : ~0ULL - span[_i];
	struct rng rng, same;
	u64 want, is, high;
	int i;

	rng_init(&rng, 77 + _i);
	same = rng;
	for (i = 0; i < 10000; i++) {
		is = rng_range(&rng, l, l + span[_i]);
		if (span[_i] < 0x100000000) {
			want = rng_u32(&same) * span[_i] / 0x100000000;
		} else {
			high = rng_u32(&same);
			want = multiply_high(high << 32 | rng_u32(&same),
					     span[_i]);
		}
		ck_assert_uint_eq(is, l + want);
		ck_assert_uint_lt(is - l, span[_i]);
	}
	/* As many draws, no more and no fewer. */
	ck_assert_mem_eq(&rng, &same, sizeof(rng));
}
END_TEST

/* Regions of 4 GiB and more are sampled all over, unlike by older kernels. */
START_TEST(wide_ranges_are_reached_all_over)
{
	u32 eighth[8] = { 0 };
	struct rng rng;
	int i;

	rng_init(&rng, 3);
	for (i = 0; i < 8000; i++)
		eighth[rng_range(&rng, 0, 1ULL << 33) >> 30]++;
	for (i = 0; i < 8; i++) {
		ck_assert_uint_gt(eighth[i], 850);
		ck_assert_uint_lt(eighth[i], 1150);
	}
}
END_TEST

START_TEST(a_tenth_to_nine_tenths)
{
	u32 hits[11] = { 0 };
	struct rng rng;
	int i;

	rng_init(&rng, 4);
	for (i = 0; i < 9000; i++)
		hits[rng_range(&rng, 1, 10)]++;
	ck_assert_uint_eq(hits[0] + hits[10], 0);
	for (i = 1; i < 10; i++) {
		ck_assert_uint_gt(hits[i], 850);
		ck_assert_uint_lt(hits[i], 1150);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rng");
	TCase *tc = tcase_create("rng");

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, steps_as_the_kernel_does, 0, 8);
	tcase_add_loop_test(tc, seeds_as_the_kernel_does, 0, 6);
	tcase_add_loop_test(tc, ranges_are_scaled_draws, 0, 11);
	tcase_add_test(tc, wide_ranges_are_reached_all_over);
	tcase_add_test(tc, a_tenth_to_nine_tenths);
	return support_run(s);
}
