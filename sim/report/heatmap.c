// SPDX-License-Identifier: GPL-2.0
/* A heat map for the terminal, see heatmap.h. */
#include <errno.h>
#include <stdlib.h>

#include "report/heatmap.h"
#include "report/units.h"

#define LEVELS 10

/* From the 256-color palette, black over blue and red to white: cold to hot. */
static const int background[LEVELS] = { 232, 17,  18,  54,  90,
					125, 160, 202, 220, 231 };
static const int foreground[LEVELS] = { 245, 250, 250, 252, 254,
					254, 254, 16,  16,  16 };

static void put_level(FILE *f, int level, bool color)
{
	if (color)
		fprintf(f, "\033[48;5;%dm\033[38;5;%dm%d", background[level],
			foreground[level], level);
	else
		fprintf(f, "%d", level);
}

static void put_reset(FILE *f, bool color)
{
	fputs(color ? "\033[0m\n" : "\n", f);
}

static void put_legend(FILE *f, const struct heat_box *box, double hottest,
		       bool color)
{
	char a[UNITS_LEN], b[UNITS_LEN];
	u64 bytes = box->last - box->start + 1;
	u64 ns = box->to_ns - box->from_ns;
	int i;

	fputs("# access_frequency: ", f);
	for (i = 0; i < LEVELS; i++) {
		put_level(f, i, color);
		fputs(color ? "\033[0m " : " ", f);
	}
	fprintf(f, "(9: %.1f %% of the ticks)\n", hottest / 100);
	fprintf(f, "# x-axis: space [%llu, %llu) (%s)\n", box->start,
		box->last + 1, units_bytes(a, bytes));
	fprintf(f, "# y-axis: time [%llu, %llu) (%s)\n", box->from_ns,
		box->to_ns, units_ns(a, ns));
	fprintf(f, "# resolution: %ux%u (%s and %s for each character)\n",
		box->nr_cols, box->nr_rows,
		units_bytes(a, bytes / box->nr_cols),
		units_ns(b, ns / box->nr_rows));
}

int heatmap_draw(FILE *f, const struct heat *h, const struct heat_box *box,
		 bool color)
{
	double *grid =
		calloc((size_t)box->nr_rows * box->nr_cols, sizeof(*grid));
	double hottest = 0;
	u32 r, c;

	if (!grid)
		return -ENOMEM;
	heat_grid(h, box, grid);
	for (r = 0; r < box->nr_rows * box->nr_cols; r++)
		hottest = grid[r] > hottest ? grid[r] : hottest;
	for (r = 0; r < box->nr_rows; r++) {
		for (c = 0; c < box->nr_cols; c++) {
			double cell = grid[r * box->nr_cols + c];
			int level = hottest > 0 ? cell * LEVELS / hottest : 0;

			put_level(f, level < LEVELS ? level : LEVELS - 1,
				  color);
		}
		put_reset(f, color);
	}
	put_legend(f, box, hottest, color);
	free(grid);
	return 0;
}
