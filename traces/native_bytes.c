// SPDX-License-Identifier: GPL-2.0
/* A column of small symbols, see native_bytes.h. */
#include <errno.h>
#include <stdlib.h>

#include <zstd_errors.h>

#include "native_bytes.h"

/* log2 of how many symbols go into a byte. */
static u32 pack_shift(u32 max)
{
	return max < 2 ? 3 : max < 4 ? 2 : max < 16 ? 1 : 0;
}

/* The first symbol of a byte is in its lowest bits. */
static size_t pack(u8 *to, const u8 *symbols, size_t nr, u32 shift)
{
	u32 width = 8 >> shift;
	size_t i;

	memset(to, 0, (nr + (1u << shift) - 1) >> shift);
	for (i = 0; i < nr; i++)
		to[i >> shift] |= symbols[i]
				  << (i & ((1u << shift) - 1)) * width;
	return (nr + (1u << shift) - 1) >> shift;
}

/* The symbols of a byte, each in a byte of a word. */
static inline u64 spread(u64 x, u32 shift)
{
	switch (shift) {
	case 3:
		x = x * 0x0101010101010101 & 0x8040201008040201;
		return (x + 0x7f7f7f7f7f7f7f7f) >> 7 & 0x0101010101010101;
	case 2:
		x = (x | x << 12) & 0x000f000f;
		return (x | x << 6) & 0x03030303;
	default:
		return (x | x << 4) & 0x0f0f;
	}
}

/*
 * In place, from the end.  A byte becomes 2, 4 or 8; what that is too many at
 * the end goes into the room behind.
 */
static inline void unpack_by(u8 *room, size_t nr, u32 shift)
{
	size_t i;
	u64 x;

	for (i = (nr + (1u << shift) - 1) >> shift; i--;) {
		x = spread(room[i], shift);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		x = __builtin_bswap64(x) >> (64 - (8 << shift));
#endif
		memcpy(room + (i << shift), &x, 1u << shift);
	}
}

static void unpack(u8 *room, size_t nr, u32 shift)
{
	if (shift == 3)
		unpack_by(room, nr, 3);
	else if (shift == 2)
		unpack_by(room, nr, 2);
	else
		unpack_by(room, nr, 1);
}

static void put_column(struct native_buf *buf, u32 method, u32 shift, size_t nr,
		       const u8 *p, size_t len)
{
	u8 head = method | shift << 4;

	native_put(buf, &head, 1);
	native_put_varint(buf, nr);
	if (method != BYTES_CONST)
		native_put_varint(buf, len);
	native_put(buf, p, len);
}

void bytes_write(struct native_buf *buf, const u8 *symbols, size_t nr,
		 u8 *scratch, ZSTD_CCtx *zstd, int level)
{
	size_t bound = ZSTD_compressBound(nr), i, len[2], best = 0;
	u8 *packed = scratch + bound;
	u32 max = 0, shift, differs = 0;

	for (i = 0; i < nr; i++) {
		max = symbols[i] > max ? symbols[i] : max;
		differs |= symbols[i] ^ symbols[0];
	}
	if (!differs) {
		put_column(buf, BYTES_CONST, 0, nr, symbols, nr ? 1 : 0);
		return;
	}
	shift = pack_shift(max);
	/* Packed is read faster: it has to be beaten by more than a little. */
	len[1] = ZSTD_compressCCtx(zstd, scratch, bound, symbols, nr, level);
	best = pack(packed, symbols, nr, shift);
	len[0] = shift ? ZSTD_compressCCtx(zstd, scratch, bound, packed, best,
					   level) :
			 len[1];
	if (ZSTD_isError(len[0]) || ZSTD_isError(len[1])) {
		buf->failed = true;
		return;
	}
	if (shift && len[1] + len[1] / 64 < len[0] && len[1] < best) {
		shift = 0;
		len[0] = ZSTD_compressCCtx(zstd, scratch, bound, symbols, nr,
					   level);
		put_column(buf, BYTES_ZSTD, 0, nr, scratch, len[0]);
	} else if (len[0] + len[0] / 19 < best) {
		put_column(buf, BYTES_ZSTD, shift, nr, scratch, len[0]);
	} else {
		put_column(buf, BYTES_RAW, shift, nr, packed, best);
	}
}

int bytes_read(struct native_in *in, u8 *room, size_t nr_max, size_t *nr,
	       bool *constant, ZSTD_DCtx *zstd)
{
	const u8 *head = native_get(in, 1), *from;
	u64 count = native_get_varint(in), len, want;
	u32 method, shift;
	size_t ret;

	if (!head || in->failed || count > nr_max)
		return -EBADMSG;
	method = *head & 15;
	shift = *head >> 4;
	*nr = count;
	if (method == BYTES_CONST) {
		from = native_get(in, count ? 1 : 0);
		if (!from || shift)
			return -EBADMSG;
		if (constant) {
			*constant = true;
			room[0] = count ? *from : 0;
		} else if (count) {
			memset(room, *from, count);
		}
		return 0;
	}
	len = native_get_varint(in);
	from = in->failed ? NULL : native_get(in, len);
	if (!from || shift > 3 || method > BYTES_ZSTD)
		return -EBADMSG;
	want = (count + (1u << shift) - 1) >> shift;
	if (method == BYTES_RAW) {
		if (len != want)
			return -EBADMSG;
		memcpy(room, from, len);
	} else {
		ret = ZSTD_decompressDCtx(zstd, room, want, from, len);
		if (ZSTD_isError(ret) &&
		    ZSTD_getErrorCode(ret) == ZSTD_error_memory_allocation)
			return -ENOMEM;
		if (ret != want)
			return -EBADMSG;
	}
	if (shift)
		unpack(room, count, shift);
	return 0;
}
