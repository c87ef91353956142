// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers with units: vectors in damo's spelling, refusals, and the property
 * that what is written is read back as it was.
 */
#include <errno.h>

#include "config/config_units.h"
#include "test_config.h"

/* clang-format off */
static const struct {
	enum config_dim dim;
	const char *text;
	u64 value;
} vectors[] = {
	{ CONFIG_DIM_COUNT, "0", 0 },
	{ CONFIG_DIM_COUNT, "10", 10 },
	{ CONFIG_DIM_COUNT, "1,000", 1000 },
	{ CONFIG_DIM_COUNT, "73,014,444,032", 73014444032 },
	{ CONFIG_DIM_COUNT, "18,446,744,073,709,551,615", CONFIG_NO_BOUND },
	{ CONFIG_DIM_COUNT, "18446744073709551614", CONFIG_NO_BOUND - 1 },
	{ CONFIG_DIM_COUNT, "0x20d1", 0x20d1 },
	{ CONFIG_DIM_COUNT, "0xABCDEF", 0xabcdef },
	{ CONFIG_DIM_COUNT, "0XFFffffffffffffff", CONFIG_NO_BOUND },
	{ CONFIG_DIM_COUNT, "5.000", 5 },
	{ CONFIG_DIM_COUNT, " 5 ", 5 },
	{ CONFIG_DIM_COUNT, "max", CONFIG_NO_BOUND },
	{ CONFIG_DIM_COUNT, "min", 0 },

	{ CONFIG_DIM_BYTES, "4096", 4096 },
	{ CONFIG_DIM_BYTES, "0 B", 0 },
	{ CONFIG_DIM_BYTES, "512M", 512ull << 20 },
	{ CONFIG_DIM_BYTES, "512.000 MiB", 512ull << 20 },
	{ CONFIG_DIM_BYTES, "4.000 KiB", 4096 },
	{ CONFIG_DIM_BYTES, "1K", 1024 },
	{ CONFIG_DIM_BYTES, "1KB", 1024 },
	{ CONFIG_DIM_BYTES, "1.5G", 3ull << 29 },
	{ CONFIG_DIM_BYTES, "2 T", 2ull << 40 },
	{ CONFIG_DIM_BYTES, "7PiB", 7ull << 50 },
	{ CONFIG_DIM_BYTES, "15.999 EiB", 18445591152204944769ull },
	{ CONFIG_DIM_BYTES, "18,446,744,073,709,551,614 B",
	  CONFIG_NO_BOUND - 1 },
	/* damo rounds down as well: 1364.992 */
	{ CONFIG_DIM_BYTES, "1.333 KiB", 1364 },
	{ CONFIG_DIM_BYTES, "max", CONFIG_NO_BOUND },

	{ CONFIG_DIM_US, "0 ns", 0 },
	{ CONFIG_DIM_US, "5000", 5000 },
	{ CONFIG_DIM_US, "5 ms", 5000 },
	{ CONFIG_DIM_US, "5ms", 5000 },
	{ CONFIG_DIM_US, "1s", 1000000 },
	{ CONFIG_DIM_US, "1.5 s", 1500000 },
	{ CONFIG_DIM_US, "2 us", 2 },
	{ CONFIG_DIM_US, "2999 ns", 2 },
	{ CONFIG_DIM_US, "1 m 10.303 s", 70303000 },
	{ CONFIG_DIM_US, "1 h 2 m 3 s 4 ms 5 us", 3723004005 },
	{ CONFIG_DIM_US, "1 d", 86400000000 },
	{ CONFIG_DIM_US, "1,000 d", 86400000000000 },
	{ CONFIG_DIM_US, "500 ns 500 ns", 1 },
	{ CONFIG_DIM_US, "0.000001 s", 1 },
	{ CONFIG_DIM_MS, "1 s", 1000 },
	{ CONFIG_DIM_MS, "1000", 1000 },
	{ CONFIG_DIM_MS, "1.9999 ms", 1 },

	{ CONFIG_DIM_BP, "7,000", 7000 },
	{ CONFIG_DIM_BP, "0.000000", 0 },
	{ CONFIG_DIM_BP, "4 %", 400 },
	{ CONFIG_DIM_BP, "99.5%", 9950 },
	{ CONFIG_DIM_PERMIL, "0 %", 0 },
	{ CONFIG_DIM_PERMIL, "100 %", 1000 },
	{ CONFIG_DIM_PERMIL, "0.1 %", 1 },
	{ CONFIG_DIM_PERMIL, "50", 50 },
	{ CONFIG_DIM_PPM, "5 %", 50000 },
	{ CONFIG_DIM_PPM, "5", 50000 },
	{ CONFIG_DIM_PPM, "0.0001 %", 1 },
	/* How damo writes its default. */
	{ CONFIG_DIM_PPM, "18,446,744,073,709,551,615 %", CONFIG_NO_BOUND },
};

static const struct {
	enum config_dim dim;
	const char *text;
	const char *why;
} refused[] = {
	{ CONFIG_DIM_COUNT, "", "no number" },
	{ CONFIG_DIM_COUNT, "ten", "no number" },
	{ CONFIG_DIM_COUNT, "-1", "negative" },
	{ CONFIG_DIM_COUNT, "+1", "no number" },
	{ CONFIG_DIM_COUNT, "1.5", "no whole number" },
	{ CONFIG_DIM_COUNT, "1 B", "no whole number" },
	{ CONFIG_DIM_COUNT, "010", "decimal or octal" },
	{ CONFIG_DIM_COUNT, "1,00", "comma" },
	{ CONFIG_DIM_COUNT, "1000,000", "comma" },
	{ CONFIG_DIM_COUNT, "1,", "comma" },
	{ CONFIG_DIM_COUNT, ",1", "no number" },
	{ CONFIG_DIM_COUNT, "1,,000", "comma" },
	{ CONFIG_DIM_COUNT, "0,001", "decimal or octal" },
	{ CONFIG_DIM_COUNT, "1 000", "no whole number" },
	{ CONFIG_DIM_COUNT, "1e3", "no whole number" },
	{ CONFIG_DIM_COUNT, "1_000", "no whole number" },
	{ CONFIG_DIM_COUNT, "0x", "0x" },
	{ CONFIG_DIM_COUNT, "0x@", "0x" },
	{ CONFIG_DIM_COUNT, "0x1G", "no whole number" },
	{ CONFIG_DIM_COUNT, "0x1.8", "no whole number" },
	{ CONFIG_DIM_COUNT, "inf", "no number" },
	{ CONFIG_DIM_COUNT, "maximum", "no number" },
	{ CONFIG_DIM_COUNT, "18446744073709551616", "64 bits" },
	{ CONFIG_DIM_COUNT, "0x10000000000000000", "64 bits" },
	{ CONFIG_DIM_BYTES, "16 EiB", "64 bits" },
	{ CONFIG_DIM_BYTES, "-4 KiB", "negative" },
	{ CONFIG_DIM_BYTES, "4 kiB", "unit" },
	{ CONFIG_DIM_BYTES, "4 ms", "unit" },
	{ CONFIG_DIM_BYTES, "4 K 4", "unit" },
	{ CONFIG_DIM_BYTES, "0.5 B", "less than a byte" },
	{ CONFIG_DIM_BYTES, "1.", "point" },
	{ CONFIG_DIM_BYTES, "1.0000000000000000001 K", "18 digits" },
	{ CONFIG_DIM_US, "500 ns", "less than a microsecond" },
	{ CONFIG_DIM_US, "5 parsecs", "unit" },
	{ CONFIG_DIM_US, "1 s 5", "without a unit" },
	{ CONFIG_DIM_US, "1 s s", "no number" },
	{ CONFIG_DIM_US, "1 s -1 ms", "negative" },
	{ CONFIG_DIM_US, "18446744073709551615 d", "64 bits" },
	{ CONFIG_DIM_US, "18446744073709551615 us 1 us", "64 bits" },
	{ CONFIG_DIM_MS, "999 us", "less than a millisecond" },
	{ CONFIG_DIM_BP, "0.001 %", "0.01 %" },
	{ CONFIG_DIM_BP, "4 pct", "unit" },
	{ CONFIG_DIM_PPM, "18,446,744,073,709,551,615 % %", "64 bits" },
};

static const struct {
	enum config_dim dim;
	u64 value;
	const char *text;
} formats[] = {
	{ CONFIG_DIM_COUNT, 0, "0" },
	{ CONFIG_DIM_COUNT, 999, "999" },
	{ CONFIG_DIM_COUNT, 1000, "1,000" },
	{ CONFIG_DIM_COUNT, CONFIG_NO_BOUND - 1, "18,446,744,073,709,551,614" },
	{ CONFIG_DIM_COUNT, CONFIG_NO_BOUND, "max" },
	{ CONFIG_DIM_BYTES, 0, "0 B" },
	{ CONFIG_DIM_BYTES, 1024, "1024 B" },
	{ CONFIG_DIM_BYTES, 1025, "1,025 B" },
	{ CONFIG_DIM_BYTES, 4096, "4.000 KiB" },
	{ CONFIG_DIM_BYTES, 512ull << 20, "512.000 MiB" },
	{ CONFIG_DIM_BYTES, 1ull << 20, "1024.000 KiB" },
	{ CONFIG_DIM_BYTES, 1536ull << 20, "1.500 GiB" },
	{ CONFIG_DIM_BYTES, (1ull << 30) + 1, "1,073,741,825 B" },
	{ CONFIG_DIM_BYTES, 15ull << 60, "15.000 EiB" },
	{ CONFIG_DIM_US, 0, "0 ns" },
	{ CONFIG_DIM_US, 5000, "5 ms" },
	{ CONFIG_DIM_US, 1000000, "1 s" },
	{ CONFIG_DIM_US, 1500000, "1 s 500 ms" },
	{ CONFIG_DIM_US, 86400000001, "1 d 1 us" },
	{ CONFIG_DIM_MS, 1000, "1 s" },
	{ CONFIG_DIM_MS, 61001, "1 m 1 s 1 ms" },
	{ CONFIG_DIM_BP, 0, "0 %" },
	{ CONFIG_DIM_BP, 400, "4 %" },
	{ CONFIG_DIM_BP, 401, "4.01 %" },
	{ CONFIG_DIM_BP, 410, "4.1 %" },
	{ CONFIG_DIM_PERMIL, 1000, "100 %" },
	{ CONFIG_DIM_PERMIL, 10005, "1,000.5 %" },
	{ CONFIG_DIM_PPM, 50000, "5 %" },
	{ CONFIG_DIM_PPM, 50001, "5.0001 %" },
};
/* clang-format on */

#define NR(array) (sizeof(array) / sizeof((array)[0]))

START_TEST(reads)
{
	const char *why = "";
	u64 value;

	ck_assert_msg(!config_number(vectors[_i].text, vectors[_i].dim, &value,
				     &why),
		      "\"%s\" %s", vectors[_i].text, why);
	ck_assert_msg(value == vectors[_i].value, "\"%s\": %llu, not %llu",
		      vectors[_i].text, value, vectors[_i].value);
}
END_TEST

START_TEST(refuses)
{
	const char *why = "nothing";
	u64 value = 4711;
	int ret;

	ret = config_number(refused[_i].text, refused[_i].dim, &value, &why);
	ck_assert_msg(ret == -EINVAL || ret == -ERANGE, "\"%s\": %d, %llu",
		      refused[_i].text, ret, value);
	ck_assert_msg(strstr(why, refused[_i].why), "\"%s\": %s, not %s",
		      refused[_i].text, why, refused[_i].why);
}
END_TEST

START_TEST(writes)
{
	char text[CONFIG_SZ_NUMBER];

	config_format(text, sizeof(text), formats[_i].dim, formats[_i].value);
	ck_assert_str_eq(text, formats[_i].text);
}
END_TEST

/* Every number of bits, so that small values come as often as large ones. */
static u64 any_value(unsigned short seed[3])
{
	u64 value = (u64)nrand48(seed) << 40 ^ (u64)nrand48(seed) << 20 ^
		    nrand48(seed);

	value >>= nrand48(seed) % 64;
	if (nrand48(seed) % 4 == 0)
		value &= ~0ull << nrand48(seed) % 64;
	return value;
}

START_TEST(reads_what_it_wrote)
{
	unsigned short seed[3] = { 1, 2, (unsigned short)_i };
	char text[CONFIG_SZ_NUMBER];
	const char *why = "";
	u64 value, again;
	u32 i;

	for (i = 0; i < 20000; i++) {
		value = i ? any_value(seed) : CONFIG_NO_BOUND - 1;
		config_format(text, sizeof(text), (enum config_dim)_i, value);
		ck_assert(strlen(text) < sizeof(text) - 1);
		ck_assert_msg(!config_number(text, (enum config_dim)_i, &again,
					     &why),
			      "%llu as \"%s\" %s", value, text, why);
		ck_assert_msg(again == value, "%llu as \"%s\" is %llu", value,
			      text, again);
	}
}
END_TEST

START_TEST(integers)
{
	const char *why;
	s64 value;

	ck_assert_int_eq(config_integer("-1", &value, &why), 0);
	ck_assert_int_eq(value, -1);
	ck_assert_int_eq(config_integer("1,024", &value, &why), 0);
	ck_assert_int_eq(value, 1024);
	ck_assert_int_eq(config_integer("9223372036854775807", &value, &why),
			 0);
	ck_assert_int_ne(config_integer("--1", &value, &why), 0);
	ck_assert_int_ne(config_integer("-", &value, &why), 0);
	ck_assert_int_ne(config_integer("max", &value, &why), 0);
	ck_assert_int_ne(config_integer("9223372036854775808", &value, &why),
			 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config units");
	TCase *tcase = tcase_create("all");

	tcase_add_loop_test(tcase, reads, 0, NR(vectors));
	tcase_add_loop_test(tcase, refuses, 0, NR(refused));
	tcase_add_loop_test(tcase, writes, 0, NR(formats));
	tcase_add_loop_test(tcase, reads_what_it_wrote, 0, CONFIG_NR_DIMS);
	tcase_add_test(tcase, integers);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
