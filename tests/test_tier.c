// SPDX-License-Identifier: GPL-2.0
/*
 * Memory under load: what is published of it holds, threads that wait for it
 * settle, and nobody gets more than there is.
 */
#include <check.h>

#include <linux/errno.h>

#include "support_check.h"
#include "support_rng.h"
#include "tier.h"

#define STEP_NS 1000000ull
#define PPM 1000000ull

static struct tier tier;

/* Bytes in a step that are that share of what there is. */
static u64 bytes(u64 ppm)
{
	return tier.spec.read_bytes_per_s / 1000 * ppm / PPM;
}

/* Latency after a long time at that load, percent of the idle one. */
static u64 settled_pct(u64 ppm)
{
	u32 i;

	ck_assert_int_eq(tier_init(&tier, &tier.spec), 0);
	for (i = 0; i < 4000; i++)
		tier_step(&tier, bytes(ppm), 0, STEP_NS);
	return tier.loaded_ps * 100 / tier.spec.latency_ps;
}

START_TEST(latency_grows_from_the_knee)
{
	u64 ppm, was = 0, is;

	tier.spec = _i ? tier_cxl : tier_dram;
	ck_assert_uint_eq(settled_pct(0), 100);
	ck_assert_uint_eq(settled_pct(750000), 100);
	ck_assert_uint_le(settled_pct(760000), 105);
	/* Two to four times, beyond the knee. */
	ck_assert_uint_ge(settled_pct(875000), 199);
	ck_assert_uint_le(settled_pct(875000), 200);
	ck_assert_uint_ge(settled_pct(937500), 398);
	ck_assert_uint_le(settled_pct(937500), 400);
	for (ppm = 0; ppm <= PPM; ppm += 10000) {
		is = settled_pct(ppm);
		ck_assert_uint_ge(is, was);
		was = is;
	}
}
END_TEST

START_TEST(published_latencies)
{
	ck_assert_uint_ge(tier_dram.latency_ps, 90000);
	ck_assert_uint_le(tier_dram.latency_ps, 120000);
	ck_assert_uint_ge(tier_dram.read_bytes_per_s, 218000000000ull);
	ck_assert_uint_le(tier_dram.read_bytes_per_s, 250000000000ull);
	ck_assert_uint_ge(tier_cxl.latency_ps, 200000);
	ck_assert_uint_le(tier_cxl.latency_ps, 270000);
	ck_assert_uint_ge(tier_cxl.read_bytes_per_s, 20000000000ull);
	ck_assert_uint_le(tier_cxl.read_bytes_per_s, 30000000000ull);
	ck_assert_int_eq(tier_init(&tier, &tier_dram), 0);
	ck_assert_int_eq(tier_init(&tier, &tier_cxl), 0);
}
END_TEST

/*
 * @nr threads, each of which reads all the time with @mlp_x16; how many bytes
 * in the last step, and the swing over the last steps in ppm.
 */
static u64 run(u32 nr, u32 mlp_x16, u64 *swing_ppm)
{
	u64 least = ~0ull, most = 0, sum = 0, ps;
	u32 i;

	for (i = 0; i < 200; i++) {
		ps = tier_read_ps(&tier, 1 << 20, mlp_x16);
		sum = nr * (STEP_NS * 1000 * (1 << 20) / ps);
		tier_step(&tier, sum, 0, STEP_NS);
		if (i >= 150) {
			least = sum < least ? sum : least;
			most = sum > most ? sum : most;
		}
	}
	*swing_ppm = (most - least) * PPM / most;
	return sum;
}

START_TEST(threads_settle)
{
	static const u32 mlp[] = { 16, 40, 160, 512 };
	u64 swing, got, most, was = 0;
	u32 nr;

	tier.spec = _i & 1 ? tier_cxl : tier_dram;
	for (nr = 1; nr <= 512; nr *= 2) {
		ck_assert_int_eq(tier_init(&tier, &tier.spec), 0);
		got = run(nr, mlp[_i / 2], &swing);
		ck_assert_uint_le(swing, 100);
		ck_assert_uint_le(got, bytes(PPM));
		ck_assert_uint_ge(got + got / 1000, was);
		/* Below the knee nobody waits. */
		most = nr * (STEP_NS * 1000 * 64 * mlp[_i / 2] / 16 /
			     tier.spec.latency_ps);
		if (most < bytes(700000))
			ck_assert_uint_ge(got + got / 100, most);
		was = got;
	}
}
END_TEST

/* From one step on: half the threads leave, and it comes back. */
START_TEST(follows_a_change)
{
	u64 swing, many, few;

	tier.spec = tier_cxl;
	ck_assert_int_eq(tier_init(&tier, &tier.spec), 0);
	many = run(64, 160, &swing);
	few = run(1, 160, &swing);
	ck_assert_uint_lt(few, many);
	ck_assert_uint_eq(tier.loaded_ps, tier.spec.latency_ps);
	ck_assert_uint_eq(run(64, 160, &swing), many);
}
END_TEST

/* What was asked for and is too much is less by as much in the next step. */
START_TEST(share_of_what_there_is)
{
	u64 before, after;

	tier.spec = tier_cxl;
	ck_assert_int_eq(tier_init(&tier, &tier.spec), 0);
	before = tier_read_ps(&tier, 1 << 20, 160);
	tier_step(&tier, bytes(3 * PPM), 0, STEP_NS);
	ck_assert_uint_eq(tier.busy_ppm, 3 * PPM);
	after = tier_read_ps(&tier, 1 << 20, 160);
	ck_assert_uint_ge(after, 3 * before);
	ck_assert_uint_le(after, 3 * before + before / 3);
	/* Alone, whatever it keeps on the way. */
	ck_assert_int_eq(tier_init(&tier, &tier.spec), 0);
	ck_assert_uint_eq(tier_read_ps(&tier, 25000000000ull, 1 << 20),
			  1000000000000ull);
}
END_TEST

START_TEST(reads_and_writes_are_one_load)
{
	struct tier both;

	ck_assert_int_eq(tier_init(&tier, &tier_dram), 0);
	both = tier;
	tier_step(&tier, bytes(900000), 0, STEP_NS);
	tier_step(&both, bytes(400000), bytes(500000), STEP_NS);
	ck_assert_uint_eq(tier.busy_ppm, both.busy_ppm);
	ck_assert_uint_eq(tier.loaded_ps, both.loaded_ps);
	ck_assert_uint_eq(tier_read_ps(&tier, 4096, 16),
			  4096 / 64 * tier.loaded_ps);
	ck_assert_uint_eq(tier_write_ps(&tier, 4096, 32),
			  4096 / 64 * tier.loaded_ps / 2);
}
END_TEST

/* However much, however short the step. */
START_TEST(any_load_has_an_end)
{
	struct support_rng rng;
	u64 last;
	u32 i;

	support_rng_init(&rng, 1);
	ck_assert_int_eq(tier_init(&tier, &tier_cxl), 0);
	for (i = 0; i < 1000; i++) {
		tier_step(&tier,
			  support_rng_u64(&rng) >> support_rng_below(&rng, 64),
			  support_rng_u64(&rng) >> support_rng_below(&rng, 64),
			  1 + support_rng_below(&rng, STEP_NS));
		ck_assert_uint_ge(tier.loaded_ps, tier.spec.latency_ps);
		ck_assert_uint_le(tier.loaded_ps, 1000000000000ull);
		last = tier_read_ps(&tier, ~0ull, 16);
		ck_assert_uint_ge(last, tier_read_ps(&tier, 1 << 30, 16));
	}
}
END_TEST

START_TEST(refuses_what_is_no_memory)
{
	struct tier_spec bad[6];
	u32 i;

	for (i = 0; i < 6; i++)
		bad[i] = tier_dram;
	bad[0].latency_ps = 0;
	bad[1].read_bytes_per_s = 0;
	bad[2].write_bytes_per_s = 0;
	bad[3].knee_pct = 0;
	bad[4].knee_pct = 101;
	bad[5].latency_ps = ~0ull;
	for (i = 0; i < 6; i++)
		ck_assert_int_eq(tier_init(&tier, &bad[i]), -EINVAL);
	bad[4].knee_pct = 100;
	ck_assert_int_eq(tier_init(&tier, &bad[4]), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("tier");
	TCase *tc = tcase_create("tier");

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, latency_grows_from_the_knee, 0, 2);
	tcase_add_test(tc, published_latencies);
	tcase_add_loop_test(tc, threads_settle, 0, 8);
	tcase_add_test(tc, follows_a_change);
	tcase_add_test(tc, share_of_what_there_is);
	tcase_add_test(tc, reads_and_writes_are_one_load);
	tcase_add_test(tc, any_load_has_an_end);
	tcase_add_test(tc, refuses_what_is_no_memory);
	return support_run(s);
}
