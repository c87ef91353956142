// SPDX-License-Identifier: GPL-2.0
/* Heat over time and address, see heat.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "replay/heat.h"

#define PAGE_SHIFT 12
#define SHIFT_MAX 63
#define HEAT_PIECES_MAX 8

/* Cells hold bp times the share of the cell's bytes and time that had it. */
struct heat_bin {
	u64 index; /* address >> shift */
	float row[HEAT_ROWS];
};

void heat_init(struct heat *h, u64 begin_ns, u64 row_ns)
{
	*h = (struct heat){
		.begin_ns = begin_ns,
		.row_ns = row_ns,
		.shift = PAGE_SHIFT,
	};
}

void heat_fini(struct heat *h)
{
	u32 i;

	for (i = 0; i < h->nr_bins; i++)
		free(h->bin[i]);
	free(h->bin);
	*h = (struct heat){ 0 };
}

u64 heat_end_ns(const struct heat *h)
{
	return h->begin_ns + h->nr_rows * h->row_ns;
}

/* Each row stands for twice the time. */
static void heat_halve_rows(struct heat *h)
{
	u32 i, r;

	for (i = 0; i < h->nr_bins; i++) {
		float *row = h->bin[i]->row;

		for (r = 0; r < HEAT_ROWS / 2; r++)
			row[r] = (row[2 * r] + row[2 * r + 1]) / 2;
		memset(row + HEAT_ROWS / 2, 0, HEAT_ROWS / 2 * sizeof(*row));
	}
	h->row_ns *= 2;
	h->nr_rows = (h->nr_rows + 1) / 2;
}

/* Each bin stands for twice the bytes. */
static void heat_halve_bins(struct heat *h)
{
	u32 i, r, out = 0;

	for (i = 0; i < h->nr_bins; i++) {
		struct heat_bin *b = h->bin[i];
		bool merge = out && h->bin[out - 1]->index == b->index >> 1;

		for (r = 0; r < HEAT_ROWS; r++) {
			b->row[r] /= 2;
			if (merge)
				h->bin[out - 1]->row[r] += b->row[r];
		}
		if (merge) {
			free(b);
			continue;
		}
		b->index >>= 1;
		h->bin[out++] = b;
	}
	h->nr_bins = out;
	h->shift++;
	h->last = 0;
}

/* Place of the first bin at or above @index. */
static u32 heat_lower_bound(const struct heat *h, u64 index)
{
	u32 low = 0, high = h->nr_bins;

	/* Regions come in the order of addresses. */
	if (h->last < h->nr_bins && h->bin[h->last]->index < index) {
		low = h->last + 1;
		if (low == high || h->bin[low]->index >= index)
			return low;
	}
	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (h->bin[mid]->index < index)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct heat_bin *heat_get_bin(struct heat *h, u64 index)
{
	u32 at = heat_lower_bound(h, index);
	struct heat_bin **grown, *b;

	h->last = at;
	if (at < h->nr_bins && h->bin[at]->index == index)
		return h->bin[at];
	if (h->nr_bins == h->bins_max) {
		u32 max = h->bins_max ? 2 * h->bins_max : 64;

		grown = realloc(h->bin, max * sizeof(*grown));
		if (!grown)
			return NULL;
		h->bin = grown;
		h->bins_max = max;
	}
	b = calloc(1, sizeof(*b));
	if (!b)
		return NULL;
	b->index = index;
	memmove(&h->bin[at + 1], &h->bin[at],
		(h->nr_bins - at) * sizeof(*h->bin));
	h->bin[at] = b;
	h->nr_bins++;
	return b;
}

/* How much of [a, b) lies in [from, to). */
static double overlap(double a, double b, double from, double to)
{
	double low = a > from ? a : from, high = b < to ? b : to;

	return high > low ? high - low : 0;
}

/* Let the time @to_ns be on the canvas. */
static void heat_reach(struct heat *h, u64 to_ns)
{
	u64 rows;

	for (;;) {
		rows = (to_ns - h->begin_ns + h->row_ns - 1) / h->row_ns;
		if (rows <= HEAT_ROWS)
			break;
		heat_halve_rows(h);
	}
	if (rows > h->nr_rows)
		h->nr_rows = rows;
}

int heat_add(struct heat *h, u64 from_ns, u64 to_ns, u64 start, u64 last,
	     u32 heat_bp)
{
	u64 index, from = from_ns - h->begin_ns, to = to_ns - h->begin_ns;
	u32 r;

	if (to_ns <= from_ns)
		return 0;
	heat_reach(h, to_ns);
	if (!heat_bp)
		return 0;
	/* Room for this range first, so that no bin is made to be merged. */
	while (h->shift < SHIFT_MAX &&
	       (last >> h->shift) - (start >> h->shift) >= HEAT_BINS_MAX / 2)
		heat_halve_bins(h);
	for (index = start >> h->shift; index <= last >> h->shift; index++) {
		struct heat_bin *b = heat_get_bin(h, index);
		double sz = (double)(1ULL << h->shift);
		double share;

		if (!b)
			return -ENOMEM;
		share = overlap(index * sz, (index + 1) * sz, start,
				(double)last + 1) /
			sz;
		for (r = from / h->row_ns; r * h->row_ns < to; r++)
			b->row[r] +=
				heat_bp * share *
				overlap((double)r * h->row_ns,
					(double)(r + 1) * h->row_ns, from, to) /
				h->row_ns;
	}
	while (h->nr_bins > HEAT_BINS_MAX)
		heat_halve_bins(h);
	return 0;
}

/* Add one row of one bin to the cells of the box that it overlaps. */
static void heat_spread(const struct heat_box *box, double *grid, double value,
			double row_from, double row_to, double bin_from,
			double bin_to)
{
	double time = ((double)box->to_ns - box->from_ns) / box->nr_rows;
	double space = ((double)box->last - box->start + 1) / box->nr_cols;
	double row0 = (row_from - box->from_ns) / time;
	double row1 = (row_to - box->from_ns) / time;
	double col0 = (bin_from - box->start) / space;
	double col1 = (bin_to - box->start) / space;
	u32 r, c;

	for (r = row0 > 0 ? row0 : 0; r < box->nr_rows && r < row1; r++)
		for (c = col0 > 0 ? col0 : 0; c < box->nr_cols && c < col1; c++)
			grid[r * box->nr_cols + c] +=
				value * overlap(row0, row1, r, r + 1) *
				overlap(col0, col1, c, c + 1);
}

void heat_grid(const struct heat *h, const struct heat_box *box, double *grid)
{
	double sz = (double)(1ULL << h->shift);
	u32 i, r;

	memset(grid, 0, sizeof(*grid) * box->nr_rows * box->nr_cols);
	for (i = 0; i < h->nr_bins; i++) {
		const struct heat_bin *b = h->bin[i];

		if (b->index < box->start >> h->shift)
			continue;
		if (b->index > box->last >> h->shift)
			break;
		for (r = 0; r < h->nr_rows; r++) {
			double from = h->begin_ns + (double)r * h->row_ns;

			if (b->row[r])
				heat_spread(box, grid, b->row[r], from,
					    from + h->row_ns, b->index * sz,
					    (b->index + 1) * sz);
		}
	}
}

bool heat_next_bin(const struct heat *h, u32 i, u64 *start, u64 *last,
		   double *mean_bp)
{
	double sum = 0;
	u32 r;

	if (i >= h->nr_bins)
		return false;
	for (r = 0; r < h->nr_rows; r++)
		sum += h->bin[i]->row[r];
	*start = h->bin[i]->index << h->shift;
	*last = *start + ((1ULL << h->shift) - 1);
	*mean_bp = h->nr_rows ? sum / h->nr_rows : 0;
	return true;
}

/* Bin after which the largest gap lies within bins [from, to), or to. */
static u32 largest_gap(const struct heat *h, u32 from, u32 to, u64 *gap)
{
	u32 i, at = to;

	*gap = h->nr_bins;
	for (i = from; i + 1 < to; i++) {
		u64 here = h->bin[i + 1]->index - h->bin[i]->index - 1;

		if (here > *gap) {
			*gap = here;
			at = i;
		}
	}
	return at;
}

static int piece_hottest_first(const void *a, const void *b)
{
	const struct heat_piece *x = a, *y = b;

	if (x->share != y->share)
		return x->share < y->share ? 1 : -1;
	return x->start < y->start ? -1 : x->start > y->start;
}

/* Fill in a piece of bins [from, to). */
static void piece_fill(const struct heat *h, u32 from, u32 to,
		       struct heat_piece *p)
{
	u64 start = 0, last = 0;
	double mean = 0;
	u32 i;

	heat_next_bin(h, from, &p->start, &last, &mean);
	p->share = 0;
	for (i = from; i < to; i++) {
		heat_next_bin(h, i, &start, &p->last, &mean);
		p->share += mean;
	}
}

u32 heat_pieces(const struct heat *h, struct heat_piece *out, u32 max)
{
	u32 cut[HEAT_PIECES_MAX + 1] = { 0, h->nr_bins };
	u32 nr = 1, i, at, best, best_at;
	u64 gap, best_gap;
	double all = 0;

	if (!h->nr_bins)
		return 0;
	while (nr < max && nr < HEAT_PIECES_MAX) {
		best_gap = 0;
		best = best_at = 0;
		for (i = 0; i < nr; i++) {
			at = largest_gap(h, cut[i], cut[i + 1], &gap);
			if (at < cut[i + 1] && gap > best_gap) {
				best_gap = gap;
				best = i;
				best_at = at;
			}
		}
		if (!best_gap)
			break;
		memmove(&cut[best + 2], &cut[best + 1],
			(nr - best) * sizeof(*cut));
		cut[best + 1] = best_at + 1;
		nr++;
	}
	for (i = 0; i < nr; i++) {
		piece_fill(h, cut[i], cut[i + 1], &out[i]);
		all += out[i].share;
	}
	for (i = 0; i < nr; i++)
		out[i].share = all > 0 ? out[i].share / all : 0;
	qsort(out, nr, sizeof(*out), piece_hottest_first);
	return nr;
}
