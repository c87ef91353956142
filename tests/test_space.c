// SPDX-License-Identifier: GPL-2.0
/* What is known of an address space: against a bitmap of pages. */
#include <stdlib.h>
#include <string.h>

#include "replay/space.h"
#include "support_check.h"
#include "support_rng.h"

#define PAGE 4096ULL
#define PAGES 512

/* The ranges are sorted, apart, and say what the bitmap says. */
static void expect_bitmap(const struct space *s, const bool *used)
{
	u32 i, r = 0;

	for (i = 0; i < s->nr; i++) {
		ck_assert(s->range[i].start < s->range[i].end);
		if (i)
			ck_assert(s->range[i - 1].end < s->range[i].start);
	}
	for (i = 0; i < PAGES; i++) {
		while (r < s->nr && s->range[r].end <= i * PAGE)
			r++;
		ck_assert_msg(used[i] == (r < s->nr &&
					  s->range[r].start <= i * PAGE),
			      "page %u", i);
	}
}

START_TEST(ranges_are_those_that_were_added)
{
	bool used[PAGES] = { false };
	struct support_rng rng;
	struct space s;
	int step, page;

	support_rng_init(&rng, _i);
	space_init(&s, PAGE, 1u << 20, PAGES * PAGE);
	for (step = 0; step < 300; step++) {
		u32 first = support_rng_below(&rng, PAGES);
		u32 nr = 1 + support_rng_below(&rng, _i % 3 ? 4 : 40);
		u64 off = support_rng_below(&rng, PAGE);

		if (support_rng_below(&rng, 2)) {
			ck_assert_int_eq(space_add(&s, first * PAGE + off,
						   first * PAGE + off + 1),
					 0);
			nr = 1;
		} else {
			ck_assert_int_eq(space_add(&s, first * PAGE,
						   (first + nr) * PAGE - off),
					 0);
		}
		for (page = first; page < first + nr && page < PAGES; page++)
			used[page] = true;
		expect_bitmap(&s, used);
	}
	space_fini(&s);
}
END_TEST

/* However addresses are strewn, the list stays short and loses no address. */
START_TEST(too_many_ranges_become_coarser)
{
	static u64 addr[5000];
	struct support_rng rng;
	struct space s;
	u32 i, r;

	support_rng_init(&rng, _i);
	space_init(&s, PAGE, 16, 1ULL << 47);
	for (i = 0; i < 5000; i++) {
		addr[i] = support_rng_u64(&rng) >> 17;
		ck_assert_int_eq(space_add(&s, addr[i], addr[i] + 1), 0);
		ck_assert_uint_le(s.nr, 16);
	}
	for (i = 0; i < 5000; i++) {
		for (r = 0; r < s.nr; r++)
			if (addr[i] >= s.range[r].start &&
			    addr[i] < s.range[r].end)
				break;
		ck_assert_uint_lt(r, s.nr);
	}
	space_fini(&s);
}
END_TEST

START_TEST(ends_are_kept)
{
	struct space s;

	space_init(&s, 1 << 16, 100, 1ULL << 47);
	ck_assert_int_eq(space_add(&s, ~0ULL - PAGE, ~0ULL), 0);
	ck_assert_uint_eq(s.nr, 0);
	ck_assert_int_eq(space_add(&s, (1ULL << 47) - PAGE, ~0ULL), 0);
	ck_assert_uint_eq(s.nr, 1);
	ck_assert_uint_eq(s.range[0].end, 1ULL << 47);
	/* A length that wraps around. */
	ck_assert_int_eq(space_add(&s, PAGE, 0), 0);
	ck_assert_uint_eq(s.range[0].start, PAGE);
	s.changed = false;
	space_clear(&s);
	ck_assert(s.changed && !s.nr);
	space_fini(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("space");
	TCase *tc = tcase_create("space");

	tcase_add_loop_test(tc, ranges_are_those_that_were_added, 0, 40);
	tcase_add_loop_test(tc, too_many_ranges_become_coarser, 0, 5);
	tcase_add_test(tc, ends_are_kept);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
