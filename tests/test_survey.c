// SPDX-License-Identifier: GPL-2.0
/* What is chosen from a capture's beginning. */
#include <stdlib.h>
#include <string.h>

#include "replay/survey.h"
#include "support_check.h"
#include "support_rng.h"

#define ADDR_END (1ULL << 47)

static const struct captured_rules rules[1];

/* @nr samples @gap_ns apart, a share of @of_ten of process 7, on 4 CPUs. */
static struct trace_record *make(size_t nr, u64 gap_ns, u32 of_ten, bool phys)
{
	struct trace_record *recs = calloc(nr, sizeof(*recs));
	size_t i;

	for (i = 0; i < nr; i++) {
		recs[i] = (struct trace_record){
			.type = TRACE_SAMPLE,
			.time_ns = 5000 + i * gap_ns,
			.addr = 0x7f0000000000 + i % 1000 * 4096,
			.phys_addr = phys ? i * 4096 : 0,
			.pid = i % 10 < of_ten ? 7 : 100 + i % 10,
			.cpu = i % 4,
			.has = TRACE_HAS_TIME | TRACE_HAS_ADDR | TRACE_HAS_TID |
			       TRACE_HAS_CPU | (phys ? TRACE_HAS_PHYS_ADDR : 0),
		};
	}
	return recs;
}

START_TEST(the_process_with_most_samples)
{
	struct trace_record *recs = make(10000, 100000, 6, true);
	struct survey_plan plan;
	struct survey s;

	ck_assert_int_eq(survey_take(&s, recs, 10000, rules, ADDR_END), 0);
	ck_assert_uint_eq(s.nr_samples, 10000);
	ck_assert_uint_eq(s.nr_virt, 10000);
	ck_assert_uint_eq(s.nr_phys, 10000);
	ck_assert_uint_eq(s.nr_of_pid, 6000);
	ck_assert_uint_eq(s.first_ns, 5000);
	ck_assert_uint_eq(s.last_ns, 5000 + 9999 * 100000ULL);
	survey_choose(&s, s.last_ns - s.first_ns, 256, &plan);
	ck_assert(!plan.phys);
	ck_assert_uint_eq(plan.pid, 7);
	free(recs);
}
END_TEST

START_TEST(physical_memory_when_nobody_has_half)
{
	struct trace_record *recs = make(10000, 100000, 2, true);
	struct survey_plan plan;
	struct survey s;

	ck_assert_int_eq(survey_take(&s, recs, 10000, rules, ADDR_END), 0);
	survey_choose(&s, 1000000000, 256, &plan);
	ck_assert(plan.phys);
	free(recs);
	/* But only if there are physical addresses. */
	recs = make(10000, 100000, 2, false);
	ck_assert_int_eq(survey_take(&s, recs, 10000, rules, ADDR_END), 0);
	survey_choose(&s, 1000000000, 256, &plan);
	ck_assert(!plan.phys);
	free(recs);
}
END_TEST

/* Addresses of the kernel and of nobody do not make a process. */
START_TEST(only_addresses_of_processes_count)
{
	struct trace_record recs[3] = {
		{ .type = TRACE_SAMPLE,
		  .pid = 1,
		  .addr = ~0ULL,
		  .has = TRACE_HAS_ADDR | TRACE_HAS_TID },
		{ .type = TRACE_SAMPLE,
		  .pid = 2,
		  .has = TRACE_HAS_ADDR | TRACE_HAS_TID },
		{ .type = TRACE_MMAP, .pid = 3, .addr = 4096 },
	};
	struct survey s;

	ck_assert_int_eq(survey_take(&s, recs, 3, rules, ADDR_END), 0);
	ck_assert_uint_eq(s.nr_samples, 2);
	ck_assert_uint_eq(s.nr_virt, 0);
	ck_assert_uint_eq(s.nr_of_pid, 0);
	ck_assert_uint_eq(s.nr_timed, 0);
	ck_assert_uint_eq(s.first_ns, 0);
}
END_TEST

/* Whatever the rate and length: a legal choice, in which no ring overflows. */
START_TEST(choices_are_legal)
{
	struct support_rng rng;
	int i;

	support_rng_init(&rng, _i);
	for (i = 0; i < 2000; i++) {
		u64 span = 1 + (support_rng_u64(&rng) >>
				support_rng_below(&rng, 60));
		u32 capacity = 1u << support_rng_below(&rng, 16);
		struct survey s = {
			.nr_samples = 1 + support_rng_below(&rng, 1 << 20),
			.peak_per_s = support_rng_below(&rng, 1 << 20),
			.last_ns = span % (1ULL << 50),
		};
		struct survey_plan plan;

		s.nr_of_pid = support_rng_below(&rng, s.nr_samples + 1);
		survey_choose(&s, span % (1ULL << 55), capacity, &plan);
		ck_assert_uint_gt(plan.sample_us, 0);
		ck_assert_uint_le(plan.sample_us, plan.aggr_us);
		ck_assert_uint_eq(plan.aggr_us % plan.sample_us, 0);
		ck_assert_uint_gt(plan.update_us, 0);
		if (plan.sample_us > 100)
			ck_assert_uint_le(plan.sample_us * s.peak_per_s,
					  capacity * 1000000ULL);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("survey");
	TCase *tc = tcase_create("survey");

	tcase_add_test(tc, the_process_with_most_samples);
	tcase_add_test(tc, physical_memory_when_nobody_has_half);
	tcase_add_test(tc, only_addresses_of_processes_count);
	tcase_add_loop_test(tc, choices_are_legal, 0, 20);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
