// SPDX-License-Identifier: GPL-2.0
/*
 * Damaged configurations: every truncation, every flipped bit of one that has
 * every key, and every byte replaced by what YAML gives a meaning to.
 * Nothing to expect but an answer: all of it or none, and why.  The sanitizers
 * watch the rest.
 */
#include <errno.h>

#include "test_config.h"

static u32 nr_accepted;

static void parse(const char *text, size_t sz)
{
	struct config cfg = { .nr_kdamonds = 4711 };
	struct config_error err;
	char *copy = malloc(sz ? sz : 1);
	int ret;

	/* A copy of its own, so that a read beyond its end is seen. */
	ck_assert(copy);
	memcpy(copy, text, sz);
	ret = config_parse(&cfg, copy, sz, "damaged", &err);
	free(copy);
	if (ret) {
		ck_assert_int_eq(ret, -EINVAL);
		ck_assert(strstr(err.text, "expected"));
		ck_assert_uint_eq(cfg.nr_kdamonds, 4711);
		return;
	}
	nr_accepted++;
	config_fini(&cfg);
}

static const char *const names[] = {
	CONFIG_DATA "interleave.yaml",
	CONFIG_DATA "every-key.json",
};

START_TEST(truncated)
{
	size_t sz, i;
	char *text = read_whole(names[_i], &sz);

	for (i = 0; i <= sz; i++)
		parse(text, i);
	/* The whole one at least. */
	ck_assert_uint_ge(nr_accepted, 1);
	free(text);
}
END_TEST

START_TEST(flipped)
{
	size_t sz, i;
	char *text = read_whole(names[1], &sz);
	u32 bit;

	for (i = 0; i < sz; i++) {
		for (bit = 0; bit < 8; bit++) {
			text[i] ^= 1 << bit;
			parse(text, sz);
			text[i] ^= 1 << bit;
		}
	}
	/* Some digit or letter of a path was hit, but most is not luck. */
	ck_assert_uint_ge(nr_accepted, 1);
	ck_assert_uint_lt(nr_accepted, sz * 8 / 2);
	free(text);
}
END_TEST

START_TEST(replaced)
{
	static const char chars[] = "\n :-,]{&!|'\"";
	size_t sz, i;
	char *text = read_whole(names[0], &sz);
	const char *p;
	char old;

	for (i = 0; i < sz; i++) {
		old = text[i];
		for (p = chars; *p; p++) {
			text[i] = *p;
			parse(text, sz);
		}
		text[i] = old;
	}
	ck_assert_uint_ge(nr_accepted, 1);
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config damage");
	TCase *tcase = tcase_create("all");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, truncated, 0, 2);
	tcase_add_test(tcase, flipped);
	tcase_add_test(tcase, replaced);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
