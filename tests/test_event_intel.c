// SPDX-License-Identifier: GPL-2.0
/*
 * What Intel's driver refuses, which counters events get beside others, and a
 * machine whose cores differ.
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "event/event_verdict.h"
#include "intel_event.h"
#include "run/sampler.h"
#include "support_check.h"
#include "support_rng.h"

static const struct {
	enum intel_core core;
	u64 config, config1;
	u32 precise_ip;
	u64 period;
	int err;
} rules[] = {
	/* The shortest period is of precise_ip 3 alone, and of no frequency. */
	{ INTEL_GNR, 0x20d1, 0, 3, 127, -EINVAL },
	{ INTEL_GNR, 0x20d1, 0, 3, 128, 0 },
	{ INTEL_GNR, 0x20d1, 0, 3, 0, 0 },
	{ INTEL_GNR, 0x20d1, 0, 2, 1, 0 },
	{ INTEL_GRT, 0x81d0, 0, 3, 127, -EINVAL },
	/* Load latency has all counters but the one of precise_ip 3. */
	{ INTEL_GNR, 0x1cd, 30, 2, 0, 0 },
	{ INTEL_GNR, 0x1cd, 30, 3, 0, -EINVAL },
	{ INTEL_GNR, 0x2cd, 0, 3, 0, 0 },
	{ INTEL_GRT, 0x5d0, 30, 3, 0, 0 },
	{ INTEL_GNR, 0x1cd, 0xffff, 1, 0, 0 },
	{ INTEL_GNR, 0x1cd, 0x10000, 1, 0, -EINVAL },
	{ INTEL_GRT, 0x5d0, 0x10000, 1, 0, -EINVAL },
	{ INTEL_GNR, 0x5d0, 0x10000, 1, 0, 0 },
	/* Where it wants a leader that says more than what follows. */
	{ INTEL_SPR, 0x1cd, 30, 2, 0, -ENODATA },
	{ INTEL_SPR, 0x1cd, 30, 3, 0, -ENODATA },
	{ INTEL_SPR, 0x1cd, 30, 3, 100, -EINVAL },
	{ INTEL_SPR, 0x1cd, 0x10000, 2, 0, -EINVAL },
	{ INTEL_SPR, 0x2cd, 0, 2, 0, 0 },
	{ INTEL_SPR, 0x20d1, 0, 3, 1000, 0 },
	/* Instructions have a counter of their own. */
	{ INTEL_GNR, 0xc0, 0, 3, 1000, 0 },
};

START_TEST(test_rules)
{
	const char *why = NULL;
	int err = intel_event_check(rules[_i].core, rules[_i].config,
				    rules[_i].config1, rules[_i].precise_ip,
				    rules[_i].period, &why);

	ck_assert_int_eq(err, rules[_i].err);
	ck_assert(!why == !err);
}
END_TEST

/* The run's machines refuse the same, and put the period right. */
START_TEST(test_run_has_the_rules)
{
	struct damon_event_attr attr = { .type = 4, .wakeup_events = 1 };
	struct scenario s = { .machine = { .clock_mhz = 3000,
					   .nr_nodes = 1,
					   .pmu_knobs = { .arm_max = 1 } } };
	struct sampler_event *e;
	struct sampler on_cpu;
	int err;

	if (rules[_i].core == INTEL_GRT)
		return;
	s.machine.pmu = rules[_i].core == INTEL_SPR ? SCENARIO_PMU_PEBS_SPR :
						      SCENARIO_PMU_PEBS_GNR;
	attr.config = rules[_i].config;
	attr.config1 = rules[_i].config1;
	attr.precise_ip = rules[_i].precise_ip;
	attr.freq = !rules[_i].period;
	attr.sample_freq = 256000;
	attr.sample_period = rules[_i].period;
	err = sampler_event_new(&e, &attr, &s, NULL, 0);
	ck_assert_int_eq(err, rules[_i].err);
	if (err)
		return;
	sampler_init(&on_cpu, e, 0);
	sampler_reload(&on_cpu, 0);
	if (attr.freq)
		ck_assert_uint_eq(on_cpu.left >> SAMPLER_COUNT_SHIFT,
				  1 + (attr.precise_ip == 3 ? 128 : 1));
	sampler_event_free(e);
}
END_TEST

static const char machine[] = "intel-granite-rapids";

/* All of them on counters of their own, tried one by one. */
static bool all_fit(const u32 *counters, u32 nr, u32 used)
{
	u32 c;

	if (!nr)
		return true;
	for (c = 0; c < 32; c++)
		if (counters[nr - 1] & ~used & 1u << c &&
		    all_fit(counters, nr - 1, used | 1u << c))
			return true;
	return false;
}

START_TEST(test_fits_as_tried_one_by_one)
{
	static const char *const names[] = {
		"cpu/mem-loads,freq=9/pp",
		"cpu/mem-stores,freq=9/pp",
		"r20d1:pp",
		"r81d0:ppp",
		"cpu/instructions,freq=9/pp",
		"page-faults",
		"cpu/event=0x3c,freq=9/",
		"rc0:ppp",
	};
	struct event_attr list[12];
	u32 counters[12], nr, nr_kept, i, which, nr_no = 0;
	struct event_error err;
	struct support_rng rng;
	struct pmus pmus;
	bool fits;

	ck_assert_int_eq(pmus_machine(&pmus, machine), 0);
	support_rng_init(&rng, 3);
	for (i = 0; i < 3000; i++) {
		nr_kept = 0;
		for (nr = 1; nr <= 12; nr++) {
			which = support_rng_below(&rng, 8);
			ck_assert_int_eq(event_parse(&list[nr - 1], &pmus,
						     names[which], &err),
					 0);
			counters[nr_kept] =
				intel_counters(INTEL_GNR, list[nr - 1].config,
					       list[nr - 1].precise_ip);
			fits = which == 5 || all_fit(counters, nr_kept + 1, 0);
			ck_assert(event_fits(list, nr, machine) == fits);
			nr_kept += fits && which != 5;
			nr_no += !fits;
		}
	}
	ck_assert_uint_gt(nr_no, 1000);
	pmus_fini(&pmus);
}
END_TEST

static struct event_verdict verdict(const struct pmus *pmus, const char *name,
				    const char *of)
{
	struct event_error err = { 0 };
	struct event_attr a;

	ck_assert_msg(!event_parse(&a, pmus, name, &err), "%s: %s", name,
		      err.text);
	return event_verdict(&a, pmus, of, false);
}

/* One sort of core refuses the other's events; faults all have. */
START_TEST(test_cores_differ)
{
	static const char alder[] = "intel-alder-lake";
	static const char *const refused[] = {
		"cpu_core/mem_load_retired.l3_miss,freq=9/pp",
		"cpu_atom/mem-loads,freq=9/pp",
		"mem_load_retired.l3_miss:pp",
		"mem_uops_retired.all_loads:pp",
		"cpu_core/event=0x3c,freq=9/",
	};
	struct event_error err = { 0 };
	struct event_verdict v;
	struct event_attr a;
	struct pmus pmus;
	u32 i;

	ck_assert_int_eq(pmus_machine(&pmus, alder), 0);
	for (i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct pmus alone = { .at = pmus.at, .nr = pmus.nr };
		struct pmu only;

		v = verdict(&pmus, refused[i], alder);
		if (i == 2 || i == 3) {
			/* Nothing is sampled, which each says for itself. */
			ck_assert_int_eq(v.error, i == 2 ? -ENOENT : -EINVAL);
			continue;
		}
		ck_assert_int_eq(v.error, -ENOENT);
		ck_assert(!v.samples && !v.vaddr);
		/* If all CPUs have it, it is as good as any. */
		ck_assert_int_eq(event_parse(&a, &pmus, refused[i], &err), 0);
		only = *a.pmu;
		alone.at = &only;
		alone.nr = 1;
		v = event_verdict(&a, &alone, alder, false);
		ck_assert_int_eq(v.error, 0);
		ck_assert(v.samples);
	}
	v = verdict(&pmus, "software/config=2,period=1/", alder);
	ck_assert(!v.error && v.vaddr);
	/* Each sort's own numbers. */
	ck_assert_int_eq(
		event_parse(&a, &pmus, "cpu_atom/mem-loads,ldlat=9/", &err), 0);
	ck_assert_uint_eq(a.type, 10);
	ck_assert_uint_eq(a.config, 0x5d0);
	ck_assert_uint_eq(a.config1, 9);
	ck_assert_int_eq(event_parse(&a, &pmus, "mem-loads", &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "cpu_core/mem-loads/"));
	pmus_fini(&pmus);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("event_intel");
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(tc, test_rules, 0, sizeof(rules) / sizeof(*rules));
	tcase_add_loop_test(tc, test_run_has_the_rules, 0,
			    sizeof(rules) / sizeof(*rules));
	tcase_add_test(tc, test_fits_as_tried_one_by_one);
	tcase_add_test(tc, test_cores_differ);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
