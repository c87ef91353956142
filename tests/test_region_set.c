// SPDX-License-Identifier: GPL-2.0
/*
 * Regions fitted to ranges, and the ranges of an address space: examples, then
 * page by page.
 */
#include <stdlib.h>

#include <check.h>

#include <linux/errno.h>

#include "damon/set_regions.h"
#include "damon/three_regions.h"
#include "support_check.h"
#include "support_damon.h"

static struct regions v, out;

static void setup(void)
{
	v = (struct regions){ 0 };
	out = (struct regions){ 0 };
}

static void teardown(void)
{
	regions_fini(&v);
	regions_fini(&out);
}

/* Region [start, end) whose age tells it from others. */
static void add(u64 start, u64 end, u32 age)
{
	if (regions_add(&v, start, end))
		ck_abort();
	v.at[v.nr - 1].age = age;
}

static void expect(const struct regions *is, const u64 (*want)[3], u32 nr)
{
	u32 i;

	ck_assert_uint_eq(is->nr, nr);
	for (i = 0; i < nr; i++) {
		ck_assert_uint_eq(is->at[i].start, want[i][0]);
		ck_assert_uint_eq(is->at[i].end, want[i][1]);
		ck_assert_uint_eq(is->at[i].age, want[i][2]);
	}
}

static int set(const struct range *range, u32 nr, u64 align)
{
	return set_regions(&out, &v, range, nr, align);
}

/* The cases of the kernel's own unit test. */
START_TEST(set_regions_fills_holes)
{
	add(4, 16, 1);
	add(24, 32, 2);
	ck_assert_int_eq(set(&(struct range){ 8, 28 }, 1, 1), 0);
	expect(&out,
	       (const u64[][3]){ { 8, 16, 1 }, { 16, 24, 0 }, { 24, 28, 2 } },
	       3);
}
END_TEST

START_TEST(set_regions_appends)
{
	add(0, 4, 1);
	add(4, 17, 2);
	ck_assert_int_eq(set((struct range[]){ { 0, 15 }, { 25, 40 } }, 2, 1),
			 0);
	expect(&out,
	       (const u64[][3]){ { 0, 4, 1 }, { 4, 15, 2 }, { 25, 40, 0 } }, 3);
}
END_TEST

START_TEST(set_regions_inserts)
{
	add(0, 4, 1);
	add(42, 52, 2);
	ck_assert_int_eq(
		set((struct range[]){ { 0, 15 }, { 25, 40 }, { 44, 50 } }, 3,
		    1),
		0);
	expect(&out,
	       (const u64[][3]){ { 0, 15, 1 }, { 25, 40, 0 }, { 44, 50, 2 } },
	       3);
}
END_TEST

START_TEST(set_regions_on_an_empty_target)
{
	ck_assert_int_eq(set((struct range[]){ { 5000, 5001 }, { 8192, 8193 } },
			     2, 4096),
			 0);
	expect(&out, (const u64[][3]){ { 4096, 8192, 0 }, { 8192, 12288, 0 } },
	       2);
}
END_TEST

START_TEST(set_regions_to_nothing)
{
	add(0, 4096, 1);
	ck_assert_int_eq(set(NULL, 0, 4096), 0);
	ck_assert_uint_eq(out.nr, 0);
}
END_TEST

/* It begins in the first range, and the walk never goes back for it. */
START_TEST(set_regions_gives_a_region_of_two_ranges_to_the_first)
{
	add(0, 100, 1);
	ck_assert_int_eq(set((struct range[]){ { 0, 40 }, { 60, 100 } }, 2, 1),
			 0);
	expect(&out, (const u64[][3]){ { 0, 40, 1 }, { 60, 100, 0 } }, 2);

	add(100, 200, 2);
	ck_assert_int_eq(set((struct range[]){ { 0, 40 }, { 60, 200 } }, 2, 1),
			 0);
	expect(&out, (const u64[][3]){ { 0, 40, 1 }, { 60, 200, 2 } }, 2);
}
END_TEST

/* What survives is decided by the ranges as given, not as rounded. */
START_TEST(set_regions_forgets_by_unaligned_ranges)
{
	add(4096, 4608, 1);
	add(4608, 8192, 2);
	ck_assert_int_eq(set(&(struct range){ 4700, 9000 }, 1, 4096), 0);
	expect(&out, (const u64[][3]){ { 4096, 12288, 2 } }, 1);

	v.nr = 1;
	ck_assert_int_eq(set(&(struct range){ 4608, 9000 }, 1, 4096), 0);
	expect(&out, (const u64[][3]){ { 4096, 12288, 0 } }, 1);
}
END_TEST

START_TEST(set_regions_refuses)
{
	add(0, 100, 1);
	/* Empty or backwards. */
	ck_assert_int_eq(set(&(struct range){ 8, 8 }, 1, 1), -EINVAL);
	ck_assert_int_eq(set(&(struct range){ 9, 8 }, 1, 1), -EINVAL);
	ck_assert_int_eq(set(&(struct range){ 8192, 8192 }, 1, 4096), -EINVAL);
	/* Its end, rounded up, is 0. */
	ck_assert_int_eq(set(&(struct range){ 4096, ~0ULL }, 1, 4096), -EINVAL);
	/* Overlap, or only once rounded. */
	ck_assert_int_eq(set((struct range[]){ { 0, 9 }, { 8, 10 } }, 2, 1),
			 -EINVAL);
	ck_assert_int_eq(set((struct range[]){ { 0, 4097 }, { 5000, 9000 } }, 2,
			     4096),
			 -EINVAL);
	/* Not sorted. */
	ck_assert_int_eq(set((struct range[]){ { 9, 10 }, { 0, 9 } }, 2, 1),
			 -EINVAL);
	/* Rounded outwards, this is one page. */
	ck_assert_int_eq(set(&(struct range){ 8, 8 }, 1, 4096), 0);
	expect(&v, (const u64[][3]){ { 0, 100, 1 } }, 1);
}
END_TEST

#define NR_PAGES 200

/*
 * Page by page: a region belongs to the first range that it meets, and reaches
 * in it from its own neighbour or the range's end to the other; what no region
 * reaches is new.  Returns the age that the page must have, -1 if none.
 */
static int page_age(u64 page, const struct range *range, u32 nr)
{
	const struct region *first = NULL, *last = NULL;
	u32 i, j, k;

	for (i = 0; i < nr; i++) {
		if (page >= range[i].start && page < range[i].end)
			break;
	}
	if (i == nr)
		return -1;
	for (j = 0; j < v.nr; j++) {
		const struct region *r = &v.at[j];

		for (k = 0; k < nr; k++) {
			if (r->start < range[k].end && r->end > range[k].start)
				break;
		}
		if (k != i)
			continue;
		if (!first)
			first = r;
		last = r;
		if (page >= r->start && page < r->end)
			return r->age;
	}
	if (first && page < first->start)
		return first->age;
	if (last && page >= last->end)
		return last->age;
	return 0;
}

static u32 random_ranges(struct rng *rng, struct range *range, u32 max)
{
	u64 at = rng_range(rng, 0, 20);
	u32 nr = 0;

	while (nr < max && at < NR_PAGES - 1) {
		range[nr].start = at;
		range[nr].end = at + rng_range(rng, 1, NR_PAGES / 4);
		if (range[nr].end > NR_PAGES)
			range[nr].end = NR_PAGES;
		at = range[nr++].end;
		if (rng_range(rng, 0, 3))
			at += rng_range(rng, 0, 20);
	}
	return nr;
}

START_TEST(set_regions_is_right_page_by_page)
{
	struct range range[20];
	int want, is;
	struct rng rng;
	u64 seed, page;
	u32 i, nr;

	for_each_seed(seed, 2000)
	{
		rng_init(&rng, seed);
		v.nr = 0;
		nr = random_ranges(&rng, range, 20);
		for (i = 0; i < nr; i++)
			add(range[i].start, range[i].end, i + 1);
		nr = random_ranges(&rng, range, 5);
		ck_assert_int_eq(set(range, nr, 1), 0);

		for (i = 1; i < out.nr; i++)
			ck_assert_uint_ge(out.at[i].start, out.at[i - 1].end);
		for (page = 0; page < NR_PAGES; page++) {
			want = page_age(page, range, nr);
			is = -1;
			for (i = 0; i < out.nr; i++) {
				if (page >= out.at[i].start &&
				    page < out.at[i].end)
					is = out.at[i].age;
			}
			if (is != want)
				ck_abort_msg("seed %llu page %llu", seed, page);
		}
	}
}
END_TEST

/* What is covered is the ranges rounded outwards, no more, no less. */
START_TEST(set_regions_covers_the_rounded_ranges)
{
	struct range range[20];
	struct rng rng;
	u64 seed, at;
	u32 i, j, nr;

	for_each_seed(seed, 2000)
	{
		rng_init(&rng, seed);
		v.nr = 0;
		nr = random_ranges(&rng, range, 20);
		for (i = 0; i < nr; i++)
			add(range[i].start, range[i].end, i + 1);
		nr = random_ranges(&rng, range, 5);
		if (set(range, nr, 8))
			continue;
		for (i = 0, j = 0; i < nr; i++) {
			at = range[i].start / 8 * 8;
			for (; j < out.nr && out.at[j].start < range[i].end;
			     j++) {
				ck_assert_uint_eq(out.at[j].start, at);
				at = out.at[j].end;
			}
			ck_assert_uint_eq(at, (range[i].end + 7) / 8 * 8);
		}
		ck_assert_uint_eq(j, out.nr);
	}
}
END_TEST

START_TEST(three_regions_leaves_out_the_largest_gaps)
{
	/* Gaps of 1, 90, 1, 300, 89 pages. */
	static const struct range map[] = {
		{ 0x10000, 0x12000 },	{ 0x13000, 0x20000 },
		{ 0x7a000, 0x7b000 },	{ 0x7c000, 0x80000 },
		{ 0x1ac000, 0x1b0000 }, { 0x209000, 0x20a000 },
	};
	struct range is[3];

	ck_assert_int_eq(three_regions(is, map, 6), 0);
	ck_assert_uint_eq(is[0].start, 0x10000);
	ck_assert_uint_eq(is[0].end, 0x20000);
	ck_assert_uint_eq(is[1].start, 0x7a000);
	ck_assert_uint_eq(is[1].end, 0x80000);
	ck_assert_uint_eq(is[2].start, 0x1ac000);
	ck_assert_uint_eq(is[2].end, 0x20a000);
}
END_TEST

START_TEST(three_regions_rounds_every_bound_up)
{
	static const struct range map[] = {
		{ 0x10001, 0x20001 },
		{ 0x30001, 0x40001 },
		{ 0x50001, 0x60001 },
	};
	struct range is[3];

	ck_assert_int_eq(three_regions(is, map, 3), 0);
	ck_assert_uint_eq(is[0].start, 0x11000);
	ck_assert_uint_eq(is[0].end, 0x21000);
	ck_assert_uint_eq(is[1].start, 0x31000);
	ck_assert_uint_eq(is[1].end, 0x41000);
	ck_assert_uint_eq(is[2].start, 0x51000);
	ck_assert_uint_eq(is[2].end, 0x61000);
}
END_TEST

START_TEST(three_regions_needs_two_gaps)
{
	static const struct range map[] = {
		{ 0x1000, 0x2000 },
		{ 0x2000, 0x3000 },
		{ 0x5000, 0x6000 },
		{ 0x6000, 0x7000 },
	};
	struct range is[3];

	ck_assert_int_eq(three_regions(is, map, 0), -EINVAL);
	ck_assert_int_eq(three_regions(is, map, 1), -EINVAL);
	ck_assert_int_eq(three_regions(is, map, 4), -EINVAL);
}
END_TEST

struct gap {
	u64 sz;
	u32 after;
};

static int by_size_then_address(const void *a, const void *b)
{
	const struct gap *l = a, *r = b;

	if (l->sz != r->sz)
		return l->sz < r->sz ? 1 : -1;
	return l->after < r->after ? -1 : 1;
}

START_TEST(three_regions_by_sorting)
{
	struct range map[30], is[3];
	struct gap gap[30], swap;
	struct rng rng;
	u64 seed, at;
	u32 i, nr;

	for_each_seed(seed, 3000)
	{
		rng_init(&rng, seed);
		nr = rng_range(&rng, 2, 30);
		at = rng_range(&rng, 0, 100) * 4096;
		for (i = 0; i < nr; i++) {
			map[i].start = at;
			map[i].end = at + rng_range(&rng, 1, 9) * 4096;
			gap[i].sz = rng_range(&rng, 0, 7) * 4096;
			gap[i].after = i;
			at = map[i].end + gap[i].sz;
		}
		qsort(gap, nr - 1, sizeof(*gap), by_size_then_address);
		if (nr < 3 || !gap[1].sz) {
			ck_assert_int_eq(three_regions(is, map, nr), -EINVAL);
			continue;
		}
		if (gap[0].after > gap[1].after) {
			swap = gap[0];
			gap[0] = gap[1];
			gap[1] = swap;
		}
		ck_assert_int_eq(three_regions(is, map, nr), 0);
		ck_assert_uint_eq(is[0].start, map[0].start);
		ck_assert_uint_eq(is[0].end, map[gap[0].after].end);
		ck_assert_uint_eq(is[1].start, map[gap[0].after + 1].start);
		ck_assert_uint_eq(is[1].end, map[gap[1].after].end);
		ck_assert_uint_eq(is[2].start, map[gap[1].after + 1].start);
		ck_assert_uint_eq(is[2].end, map[nr - 1].end);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("region_set");
	TCase *tc = tcase_create("region_set");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, set_regions_fills_holes);
	tcase_add_test(tc, set_regions_appends);
	tcase_add_test(tc, set_regions_inserts);
	tcase_add_test(tc, set_regions_on_an_empty_target);
	tcase_add_test(tc, set_regions_to_nothing);
	tcase_add_test(tc,
		       set_regions_gives_a_region_of_two_ranges_to_the_first);
	tcase_add_test(tc, set_regions_forgets_by_unaligned_ranges);
	tcase_add_test(tc, set_regions_refuses);
	tcase_add_test(tc, set_regions_is_right_page_by_page);
	tcase_add_test(tc, set_regions_covers_the_rounded_ranges);
	tcase_add_test(tc, three_regions_leaves_out_the_largest_gaps);
	tcase_add_test(tc, three_regions_rounds_every_bound_up);
	tcase_add_test(tc, three_regions_needs_two_gaps);
	tcase_add_test(tc, three_regions_by_sorting);
	return support_run(s);
}
