/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Heat over time and address, kept in bounded memory.
 *
 * A run may be of any length and its memory of any size, and neither is known
 * while it streams by.  So the canvas is a fixed number of rows, each standing
 * for twice the time when they are used up, and a bounded number of address
 * bins, each standing for twice the bytes when there are too many.  Bins exist
 * only where something was accessed: the holes of an address space cost
 * nothing.
 *
 * Heat is in bp of the highest access frequency there is: 10000 in a cell means
 * that all of its bytes, all of its time, were credited in every tick.
 *
 * Not here: drawing (heatmap.h).
 */
#ifndef HEAT_H
#define HEAT_H

#include <linux/types.h>

#define HEAT_ROWS 128
#define HEAT_BINS_MAX 8192

struct heat_bin;

/**
 * struct heat - the canvas of one target.
 * @begin_ns:	time at which the first row begins
 * @row_ns:	time that a row stands for
 * @nr_rows:	rows begun
 * @shift:	a bin is 2^shift bytes
 * @nr_bins:	how many
 * @bin:	sorted by address
 * @sz_bin_max:	room in @bin
 * @last:	bin that was used last; its successors are likely next
 */
struct heat {
	u64 begin_ns;
	u64 row_ns;
	u32 nr_rows;
	u32 shift;
	u32 nr_bins;
	u32 bins_max;
	u32 last;
	struct heat_bin **bin;
};

/**
 * heat_init() - an empty canvas.
 * @h:		storage
 * @begin_ns:	time of the first row
 * @row_ns:	the shortest time that is told apart, above 0
 */
void heat_init(struct heat *h, u64 begin_ns, u64 row_ns);

void heat_fini(struct heat *h);

/**
 * heat_add() - an address range had this frequency for this long.
 * @h:		canvas
 * @from_ns:	begin of the time, not before begin_ns
 * @to_ns:	end of the time, exclusive
 * @start:	first byte
 * @last:	last byte
 * @heat_bp:	bp of the highest frequency; 0 leaves no trace
 *
 * Return: 0; -ENOMEM.
 */
int heat_add(struct heat *h, u64 from_ns, u64 to_ns, u64 start, u64 last,
	     u32 heat_bp);

/* A box of the canvas, cut into equal cells. */
struct heat_box {
	u64 from_ns; /* begin of the time */
	u64 to_ns; /* end, exclusive, above @from_ns */
	u64 start; /* first byte */
	u64 last; /* last byte */
	u32 nr_rows; /* of time */
	u32 nr_cols; /* of addresses */
};

/**
 * heat_grid() - mean heat of each cell of a box.
 * @h:		canvas
 * @box:	what to look at
 * @grid:	nr_rows x nr_cols, time by address, filled with bp: 0 to 10000
 *		as long as heat_add() was told no more than that
 */
void heat_grid(const struct heat *h, const struct heat_box *box, double *grid);

/**
 * heat_next_bin() - walk the bins in the order of addresses.
 * @h:		canvas
 * @i:		0, 1, 2, ...
 * @start:	first byte of the bin
 * @last:	last byte of the bin
 * @mean_bp:	its mean heat over all rows begun
 *
 * Return: false when there is no such bin.
 */
bool heat_next_bin(const struct heat *h, u32 i, u64 *start, u64 *last,
		   double *mean_bp);

/**
 * struct heat_piece - memory with heat in it, far from other such memory.
 * @start:	first byte
 * @last:	last byte
 * @share:	of all heat of the canvas, 0 to 1
 */
struct heat_piece {
	u64 start;
	u64 last;
	double share;
};

/**
 * heat_pieces() - cut the canvas at its largest gaps.
 * @h:		canvas
 * @out:	filled, hottest first
 * @max:	most pieces wanted, at least 1
 *
 * A gap is only worth a cut if it is larger than all bins together: what is cut
 * there would be lost in one picture.
 *
 * Return: how many; 0 for a canvas without heat.
 */
u32 heat_pieces(const struct heat *h, struct heat_piece *out, u32 max);

/* Time after the last row begun. */
u64 heat_end_ns(const struct heat *h);

#endif
