// SPDX-License-Identifier: GPL-2.0
/* Sizes and times for people. */

#include "report/units.h"
#include "support_check.h"

START_TEST(sizes)
{
	char s[UNITS_LEN];

	ck_assert_str_eq(units_bytes(s, 0), "0 B");
	ck_assert_str_eq(units_bytes(s, 1023), "1023 B");
	ck_assert_str_eq(units_bytes(s, 1024), "1.000 KiB");
	ck_assert_str_eq(units_bytes(s, 206409728), "196.847 MiB");
	ck_assert_str_eq(units_bytes(s, 1ULL << 40), "1.000 TiB");
	ck_assert_str_eq(units_bytes(s, 3ULL << 59), "1.500 EiB");
	ck_assert_str_eq(units_bytes(s, ~0ULL), "15.999 EiB");
}
END_TEST

START_TEST(times)
{
	char s[UNITS_LEN];

	ck_assert_str_eq(units_ns(s, 0), "0 ns");
	ck_assert_str_eq(units_ns(s, 999), "999 ns");
	ck_assert_str_eq(units_ns(s, 5000000), "5.000 ms");
	ck_assert_str_eq(units_ns(s, 1500000000), "1.500 s");
	ck_assert_str_eq(units_ns(s, 70303000000), "1 m 10.303 s");
	ck_assert_str_eq(units_ns(s, 3600000000000), "1 h 0.000 s");
	ck_assert_str_eq(units_ns(s, ~0ULL), "213503 d 23 h 34 m 33.709 s");
}
END_TEST

START_TEST(counts)
{
	char s[UNITS_LEN];

	ck_assert_str_eq(units_count(s, 0), "0");
	ck_assert_str_eq(units_count(s, 999), "999");
	ck_assert_str_eq(units_count(s, 1000), "1,000");
	ck_assert_str_eq(units_count(s, 12345678), "12,345,678");
	ck_assert_str_eq(units_count(s, ~0ULL), "18,446,744,073,709,551,615");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("units");
	TCase *tc = tcase_create("units");

	tcase_add_test(tc, sizes);
	tcase_add_test(tc, times);
	tcase_add_test(tc, counts);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
