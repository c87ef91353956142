/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A column of integers: tokens that zstd takes, and bits that nobody can.
 *
 * A value becomes a token of a byte and the bits below it that the token leaves
 * open.  Small values are their own token; of large ones the token has the
 * magnitude and the uppermost bits.  What repeats and what is skewed is in the
 * tokens, where entropy coding finds it; noise is in the bits, where nothing is
 * spent on it.
 *
 * The layout is in docs/TRACE-FORMAT.md.  Not here: what the values mean.
 * Private to this folder.
 */
#ifndef NATIVE_INTS_H
#define NATIVE_INTS_H

#include <string.h>

#include <linux/types.h>
#include <zstd.h>

/* Room for the tokens of @nr values: unpacking writes whole words. */
#define INTS_SZ_ROOM(nr) ((nr) + 8)

/* Bytes that grow; @failed once there was no memory. */
struct native_buf {
	u8 *p;
	size_t len, max;
	bool failed;
};

void native_put(struct native_buf *buf, const void *from, size_t len);
void native_put_varint(struct native_buf *buf, u64 value);

/* What is left to read; @failed once something was not there. */
struct native_in {
	const u8 *cur, *end;
	bool failed;
};

u64 native_get_varint(struct native_in *in);
/* Return: @len bytes, NULL if there are not as many. */
const u8 *native_get(struct native_in *in, size_t len);

static inline u64 native_zigzag(u64 delta)
{
	return delta << 1 ^ -(delta >> 63);
}

static inline u64 native_unzigzag(u64 value)
{
	return value >> 1 ^ -(value & 1);
}

/*
 * How values become tokens: those below 2^@k are their own; above, a token is
 * the place of the highest bit and the @m bits below it.  @m <= @k.
 */
struct ints_shape {
	u8 k, m;
};

static inline u32 ints_token(struct ints_shape s, u64 value, u32 *nr_bits)
{
	u32 top;

	if (value >> s.k == 0) {
		*nr_bits = 0;
		return value;
	}
	top = 63 - __builtin_clzll(value);
	*nr_bits = top - s.m;
	return (1u << s.k) + ((top - s.k) << s.m) +
	       ((value >> *nr_bits) & ((1u << s.m) - 1));
}

/*
 * Write @nr values as a column; nr may be 0.  @level is zstd's.
 */
struct ints_writer;
int ints_writer_new(struct ints_writer **out, size_t nr_max);
void ints_writer_free(struct ints_writer *w);
void ints_write(struct ints_writer *w, struct native_buf *buf,
		const u64 *values, size_t nr, int level);

/* The same of values that are small, as symbols: see native_bytes.h. */
void ints_write_symbols(struct ints_writer *w, struct native_buf *buf,
			const u64 *values, size_t nr, int level);

/*
 * A column being read.  @room is the caller's, as large as the column.
 */
struct ints_reader {
	size_t left; /* values */
	const u8 *token; /* the next */
	bool zigzag;
	bool bitless; /* values are tokens */
	bool constant; /* all tokens are the first */
	u64 center;
	const u8 *bits;
	u64 sz_bits; /* bytes of them */
	u64 bit; /* the next */
	u64 base[256];
	u8 width[256];
};

/*
 * Begin a column of at most @nr_max values; its tokens go to @room, which has
 * INTS_SZ_ROOM(@nr_max) bytes.
 * Return: 0; -EBADMSG; -ENOMEM.
 */
int ints_begin(struct ints_reader *r, struct native_in *in, size_t nr_max,
	       u8 *room, ZSTD_DCtx *zstd);

/* All values of the column are the same one, which is in *@value. */
static inline bool ints_same(const struct ints_reader *r, u64 *value)
{
	if (!r->left || !r->constant || !r->bitless)
		return false;
	*value = r->center +
		 (r->zigzag ? native_unzigzag(r->token[0]) : r->token[0]);
	return true;
}

/* Return: false if there are not @nr values left. */
bool ints_read(struct ints_reader *r, u64 *values, size_t nr);

#endif
