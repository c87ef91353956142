// SPDX-License-Identifier: GPL-2.0
/* What a captured sample is taken for, by the PMU that it came from. */
#include <string.h>

#include "replay/captured.h"
#include "support_check.h"

static const struct {
	const char *cpuid;
	const char *pmu;
	u32 type;
	u8 precise_ip;
	bool addr_always;
} pmus[] = {
	{ "GenuineIntel,6,173,1", "cpu", 4, 2, true },
	{ "GenuineIntel,6,151,2", "cpu_core", 10, 3, true },
	{ "GenuineIntel,6,173,1", "", 4, 1, true },
	{ "GenuineIntel,6,173,1", "cpu", 4, 0, false },
	{ "AuthenticAMD,26,2,1", "cpu", 0, 2, false },
	{ "AuthenticAMD,26,2,1", "ibs_op", 11, 0, false },
	{ "GenuineIntel,6,173,1", "software", 1, 0, false },
};

START_TEST(pebs_always_claims_an_address)
{
	struct trace_info info = { .format = "" };
	struct trace_event event = { .type = pmus[_i].type,
				     .precise_ip = pmus[_i].precise_ip };

	strcpy(info.cpuid, pmus[_i].cpuid);
	strcpy(event.pmu, pmus[_i].pmu);
	ck_assert_int_eq(captured_rules_for(&info, &event, false).addr_always,
			 pmus[_i].addr_always);
}
END_TEST

/* Each combination of what the file has and what the address is. */
START_TEST(flags_are_what_the_driver_had_set)
{
	struct captured_rules rules = { .addr_always = _i & 1,
					.driver_only = _i & 2 };
	struct trace_record rec = { .addr = _i & 4 ? 0x7000 : 0,
				    .phys_addr = 0x9000,
				    .pid = 3,
				    .tid = 4 };
	struct perf_sample_data data;
	struct damon_running who;
	bool addr, phys;

	rec.has = (_i & 8 ? TRACE_HAS_ADDR : 0) |
		  (_i & 16 ? TRACE_HAS_PHYS_ADDR : 0) |
		  (_i & 32 ? TRACE_HAS_HW_VALID : 0) |
		  (_i & 64 ? TRACE_HAS_DATA_SRC : 0);
	captured_sample(&rec, &rules, &data, &who);
	addr = (_i & 8) && ((_i & 4) || (_i & 32) || (_i & 1));
	phys = (_i & 16) && ((_i & 32) || !(_i & 2));
	ck_assert_int_eq(!!(data.sample_flags & PERF_SAMPLE_ADDR), addr);
	ck_assert_int_eq(!!(data.sample_flags & PERF_SAMPLE_PHYS_ADDR), phys);
	ck_assert_int_eq(!!(data.sample_flags & PERF_SAMPLE_DATA_SRC),
			 !!(_i & 64));
	ck_assert_uint_eq(who.tgid, 3);
	ck_assert_uint_eq(who.tid, 4);
}
END_TEST

START_TEST(guest_is_who_ran_in_one)
{
	struct captured_rules rules = { 0 };
	struct trace_record rec = { .mode = _i };
	struct perf_sample_data data;
	struct damon_running who;

	captured_sample(&rec, &rules, &data, &who);
	ck_assert_int_eq(who.guest, _i == TRACE_MODE_GUEST_KERNEL ||
					    _i == TRACE_MODE_GUEST_USER);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("captured");
	TCase *tc = tcase_create("captured");

	tcase_add_loop_test(tc, pebs_always_claims_an_address, 0,
			    sizeof(pmus) / sizeof(pmus[0]));
	tcase_add_loop_test(tc, flags_are_what_the_driver_had_set, 0, 128);
	tcase_add_loop_test(tc, guest_is_who_ran_in_one, 0, 6);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
