// SPDX-License-Identifier: GPL-2.0
/*
 * Writing a column of integers: which shape its tokens get.
 *
 * Each shape is priced on a sample of the values, at the entropy of its tokens
 * and the bits beside them; the cheapest one is used.  See native_ints.h.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "native_bytes.h"
#include "native_ints.h"

#define NR_SAMPLE 4096u

/* The first is for any value; each other one wherever it fits. */
static const struct ints_shape shapes[] = {
	{ 4, 2 }, { 8, 0 }, { 7, 1 }, { 5, 3 }, { 6, 2 }, { 7, 3 }, { 5, 4 },
};

#define NR_SHAPES (sizeof(shapes) / sizeof(shapes[0]))

struct ints_writer {
	size_t nr_max;
	u64 *moved; /* values around the center */
	u8 *tokens, *scratch;
	u8 *bits;
	u64 nr_bits;
	ZSTD_CCtx *zstd;
};

int ints_writer_new(struct ints_writer **out, size_t nr_max)
{
	struct ints_writer *w = calloc(1, sizeof(*w));

	if (!w)
		return -ENOMEM;
	w->nr_max = nr_max;
	w->moved = malloc(nr_max * sizeof(*w->moved));
	w->tokens = malloc(nr_max);
	w->scratch = malloc(ZSTD_compressBound(nr_max) + nr_max);
	w->bits = malloc(nr_max * 8 + 8);
	w->zstd = ZSTD_createCCtx();
	if (!w->moved || !w->tokens || !w->scratch || !w->bits || !w->zstd) {
		ints_writer_free(w);
		return -ENOMEM;
	}
	*out = w;
	return 0;
}

void ints_writer_free(struct ints_writer *w)
{
	if (!w)
		return;
	free(w->moved);
	free(w->tokens);
	free(w->scratch);
	free(w->bits);
	ZSTD_freeCCtx(w->zstd);
	free(w);
}

/* Bits that a best code spends on these counts. */
static double entropy_bits(const u32 count[256])
{
	double bits = 0, total = 0;
	u32 i;

	for (i = 0; i < 256; i++) {
		total += count[i];
		if (count[i])
			bits -= count[i] * log2(count[i]);
	}
	return total ? bits + total * log2(total) : 0;
}

static double price(struct ints_shape s, const u64 *sample, size_t nr)
{
	u32 count[256] = { 0 }, width, token;
	double bits = 0;
	size_t i;

	for (i = 0; i < nr; i++) {
		token = ints_token(s, sample[i], &width);
		if (token > 255)
			return INFINITY;
		count[token]++;
		bits += width;
	}
	return bits + entropy_bits(count);
}

/* All of @values with this shape have tokens of a byte. */
static bool fits(struct ints_shape s, u64 max)
{
	u32 width;

	return ints_token(s, max, &width) < 256;
}

static double cheapest(const u64 *sample, size_t nr, u64 max,
		       struct ints_shape *best)
{
	double least = INFINITY, bits;
	u32 i;

	for (i = 0; i < NR_SHAPES; i++) {
		if (!fits(shapes[i], max))
			continue;
		bits = price(shapes[i], sample, nr);
		if (bits < least) {
			least = bits;
			*best = shapes[i];
		}
	}
	return least;
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* How the column is laid out: from the least value up, or around the middle. */
struct plan {
	struct ints_shape shape;
	bool zigzag;
	u64 center;
};

static void make_plan(struct ints_writer *w, const u64 *values, size_t nr,
		      struct plan *plan)
{
	u64 sample[NR_SAMPLE], moved[NR_SAMPLE] = { 0 };
	u64 min = ~0ull, max = 0, max_zigzag = 0, center;
	size_t step = nr / NR_SAMPLE + 1, n = 0, i;
	struct ints_shape around;

	for (i = 0; i < nr; i++) {
		min = values[i] < min ? values[i] : min;
		max = values[i] > max ? values[i] : max;
	}
	for (i = 0; i < nr; i += step)
		sample[n++] = values[i];
	qsort(sample, n, sizeof(*sample), compare);
	center = sample[n / 2];
	for (i = 0; i < n; i++)
		moved[i] = sample[i] - min;
	plan->zigzag = false;
	plan->center = min;
	for (i = 0; i < nr; i++) {
		w->moved[i] = native_zigzag(values[i] - center);
		max_zigzag =
			w->moved[i] > max_zigzag ? w->moved[i] : max_zigzag;
	}
	for (i = 0; i < n; i++)
		sample[i] = native_zigzag(sample[i] - center);
	/* Not worth it for a hair: it costs a little time to undo. */
	if (cheapest(sample, n, max_zigzag, &around) * 1.02 <
	    cheapest(moved, n, max - min, &plan->shape)) {
		plan->zigzag = true;
		plan->center = center;
		plan->shape = around;
		return;
	}
	for (i = 0; i < nr; i++)
		w->moved[i] = values[i] - min;
}

static void put_bits(struct ints_writer *w, u64 value, u32 nr)
{
	while (nr) {
		u32 at = w->nr_bits & 7;
		u32 now = nr < 8 - at ? nr : 8 - at;

		if (!at)
			w->bits[w->nr_bits >> 3] = 0;
		w->bits[w->nr_bits >> 3] |= (value & ((1u << now) - 1)) << at;
		w->nr_bits += now;
		value >>= now;
		nr -= now;
	}
}

static void make_tokens(struct ints_writer *w, size_t nr, struct ints_shape s)
{
	size_t i;
	u32 width;

	w->nr_bits = 0;
	for (i = 0; i < nr; i++) {
		w->tokens[i] = ints_token(s, w->moved[i], &width);
		put_bits(w, w->moved[i] & ~(~0ull << width), width);
	}
}

void ints_write(struct ints_writer *w, struct native_buf *buf,
		const u64 *values, size_t nr, int level)
{
	u8 head[2];
	struct plan plan = { .center = 0 };

	native_put_varint(buf, nr);
	if (!nr)
		return;
	make_plan(w, values, nr, &plan);
	make_tokens(w, nr, plan.shape);
	head[0] = plan.shape.k;
	head[1] = plan.shape.m | plan.zigzag << 4 | !w->nr_bits << 7;
	native_put(buf, head, 2);
	native_put_varint(buf, plan.center);
	bytes_write(buf, w->tokens, nr, w->scratch, w->zstd, level);
	native_put_varint(buf, (w->nr_bits + 7) / 8);
	native_put(buf, w->bits, (w->nr_bits + 7) / 8);
}

void ints_write_symbols(struct ints_writer *w, struct native_buf *buf,
			const u64 *values, size_t nr, int level)
{
	size_t i;

	for (i = 0; i < nr; i++)
		w->tokens[i] = values[i];
	bytes_write(buf, w->tokens, nr, w->scratch, w->zstd, level);
}

void native_put(struct native_buf *buf, const void *from, size_t len)
{
	size_t max = buf->max ? buf->max : 4096;
	u8 *grown;

	if (buf->failed || !len)
		return;
	while (max - buf->len < len)
		max *= 2;
	if (max != buf->max) {
		grown = realloc(buf->p, max);
		if (!grown) {
			buf->failed = true;
			return;
		}
		buf->p = grown;
		buf->max = max;
	}
	memcpy(buf->p + buf->len, from, len);
	buf->len += len;
}

void native_put_varint(struct native_buf *buf, u64 value)
{
	u8 bytes[10];
	size_t len = 0;

	do {
		bytes[len] = (value & 127) | (value > 127 ? 128 : 0);
		value >>= 7;
		len++;
	} while (value);
	native_put(buf, bytes, len);
}
