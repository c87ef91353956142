// SPDX-License-Identifier: GPL-2.0
/*
 * The canvas keeps heat: whatever is merged, the heat of a box is the mean of
 * what was put into it.
 */
#include <math.h>
#include <string.h>
#include <stdlib.h>

#include "report/areas.h"
#include "replay/heat.h"
#include "report/heatmap.h"
#include "support_check.h"
#include "support_rng.h"

#define PAGE 4096ULL

/* Mean of the whole canvas between the bounds, by one cell. */
static double whole(const struct heat *h, u64 start, u64 last)
{
	struct heat_box box = {
		.from_ns = h->begin_ns,
		.to_ns = heat_end_ns(h),
		.start = start,
		.last = last,
		.nr_rows = 1,
		.nr_cols = 1,
	};
	double mean;

	heat_grid(h, &box, &mean);
	return mean;
}

START_TEST(no_heat_is_lost)
{
	u64 base = 0x7f0000000000, span = (PAGE << _i) * 1000, t = 0;
	double put = 0, mean, all;
	struct support_rng rng;
	struct heat h;
	int i;

	support_rng_init(&rng, _i);
	heat_init(&h, 1000, 100);
	for (i = 0; i < 2000; i++) {
		u64 from = t, to = t + 1 + support_rng_below(&rng, 300);
		u64 start = base + support_rng_below(&rng, span / PAGE) * PAGE;
		u64 sz = PAGE * (1 + support_rng_below(&rng, 20));
		u32 bp = support_rng_below(&rng, 10001);

		if (start + sz > base + span)
			sz = base + span - start;
		ck_assert_int_eq(heat_add(&h, 1000 + from, 1000 + to, start,
					  start + sz - 1, bp),
				 0);
		put += (double)bp * (to - from) * sz;
		t = to;
	}
	all = (double)(heat_end_ns(&h) - h.begin_ns) * span;
	mean = whole(&h, base, base + span - 1);
	ck_assert_msg(fabs(mean * all - put) < put * 1e-3, "put %g, kept %g",
		      put, mean * all);
	ck_assert_uint_le(h.nr_rows, HEAT_ROWS);
	ck_assert_uint_le(h.nr_bins, HEAT_BINS_MAX);
	heat_fini(&h);
}
END_TEST

START_TEST(cells_of_a_box_add_up)
{
	double grid[7 * 11], sum = 0, mean;
	struct heat_box box = { .nr_rows = 7, .nr_cols = 11 };
	struct support_rng rng;
	struct heat h;
	int i;

	support_rng_init(&rng, 3);
	heat_init(&h, 0, 10);
	for (i = 0; i < 500; i++)
		ck_assert_int_eq(heat_add(&h, i * 10, (i + 1) * 10,
					  support_rng_below(&rng, 100) * PAGE,
					  200 * PAGE - 1,
					  support_rng_below(&rng, 10000)),
				 0);
	box.from_ns = 123;
	box.to_ns = 4321;
	box.start = 3 * PAGE;
	box.last = 150 * PAGE - 1;
	heat_grid(&h, &box, grid);
	for (i = 0; i < 7 * 11; i++)
		sum += grid[i];
	box.nr_rows = box.nr_cols = 1;
	heat_grid(&h, &box, &mean);
	ck_assert_double_eq_tol(sum / (7 * 11), mean, mean * 1e-6);
	heat_fini(&h);
}
END_TEST

START_TEST(extremes_fit)
{
	struct heat h;

	heat_init(&h, 0, 1);
	/* The whole address space, for a day in nanoseconds. */
	ck_assert_int_eq(heat_add(&h, 0, 86400000000000ULL, 0, ~0ULL, 5000), 0);
	ck_assert_uint_le(h.nr_bins, HEAT_BINS_MAX);
	ck_assert_double_eq_tol(whole(&h, 0, ~0ULL), 5000, 100);
	heat_fini(&h);
}
END_TEST

/* A hot band in cold memory, far from a lukewarm one. */
START_TEST(areas_and_pieces_are_found)
{
	u64 hot = 0x500000000000, warm = 0x7f0000000000;
	struct heat_piece piece[3];
	struct area *area;
	struct heat h;
	u32 nr, i;

	heat_init(&h, 0, 10);
	for (i = 0; i < 100; i++) {
		ck_assert_int_eq(heat_add(&h, i * 10, i * 10 + 10, hot,
					  hot + 16 * PAGE - 1, 9000),
				 0);
		ck_assert_int_eq(heat_add(&h, i * 10, i * 10 + 10,
					  hot + 16 * PAGE, hot + 64 * PAGE - 1,
					  100),
				 0);
		ck_assert_int_eq(heat_add(&h, i * 10, i * 10 + 10, warm,
					  warm + 8 * PAGE - 1, 3000),
				 0);
	}
	ck_assert_int_eq(areas_find(&h, &area, &nr), 0);
	ck_assert_uint_eq(nr, 3);
	ck_assert_uint_eq(area[0].start, hot);
	ck_assert_uint_eq(area[0].last, hot + 16 * PAGE - 1);
	ck_assert_double_eq_tol(area[0].mean_bp, 9000, 1);
	ck_assert_uint_eq(area[1].start, warm);
	free(area);

	ck_assert_uint_eq(heat_pieces(&h, piece, 3), 2);
	ck_assert_uint_eq(piece[0].start, hot);
	ck_assert_uint_eq(piece[0].last, hot + 64 * PAGE - 1);
	ck_assert_uint_eq(piece[1].start, warm);
	ck_assert_double_eq_tol(piece[0].share + piece[1].share, 1, 1e-9);
	heat_fini(&h);
}
END_TEST

/* The hottest cell is a 9, cold ones are 0, and the legend tells the bounds. */
START_TEST(drawing_has_the_look)
{
	struct heat_box box = { .to_ns = 100,
				.start = 0,
				.last = 8 * PAGE - 1,
				.nr_rows = 2,
				.nr_cols = 8 };
	char *text = NULL;
	size_t sz;
	FILE *f = open_memstream(&text, &sz);
	struct heat h;

	heat_init(&h, 0, 10);
	ck_assert_int_eq(heat_add(&h, 0, 50, PAGE, 3 * PAGE - 1, 8000), 0);
	ck_assert_int_eq(heat_add(&h, 50, 100, 4 * PAGE, 5 * PAGE - 1, 4000),
			 0);
	ck_assert_int_eq(heatmap_draw(f, &h, &box, false), 0);
	fclose(f);
	ck_assert_msg(!strncmp(text,
			       "09900000\n00005000\n# access_frequency:", 36),
		      "%s", text);
	ck_assert_ptr_nonnull(
		strstr(text, "# x-axis: space [0, 32768) (32.000 KiB)"));
	ck_assert_ptr_nonnull(strstr(
		text,
		"# resolution: 8x2 (4.000 KiB and 50 ns for each character)"));
	free(text);
	heat_fini(&h);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("heat");
	TCase *tc = tcase_create("heat");

	tcase_add_loop_test(tc, no_heat_is_lost, 0, 12);
	tcase_add_test(tc, cells_of_a_box_add_up);
	tcase_add_test(tc, extremes_fit);
	tcase_add_test(tc, areas_and_pieces_are_found);
	tcase_add_test(tc, drawing_has_the_look);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
