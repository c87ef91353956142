/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers out of a capture that a machine of either byte order made.
 *
 * A file is swapped when its order is not this machine's.  Every field is
 * fetched by its own width, so that two u32 in one u64 need no rule of their
 * own.  Nothing in a file has to be aligned: a tool may write records of any
 * size.
 *
 * Private to this folder.
 */
#ifndef PERF_SWAP_H
#define PERF_SWAP_H

#include <string.h>

#include <linux/types.h>

static inline u16 get_u16(const u8 *p, bool swap)
{
	u16 v;

	memcpy(&v, p, sizeof(v));
	return swap ? __builtin_bswap16(v) : v;
}

static inline u32 get_u32(const u8 *p, bool swap)
{
	u32 v;

	memcpy(&v, p, sizeof(v));
	return swap ? __builtin_bswap32(v) : v;
}

static inline u64 get_u64(const u8 *p, bool swap)
{
	u64 v;

	memcpy(&v, p, sizeof(v));
	return swap ? __builtin_bswap64(v) : v;
}

static inline bool swapped_is_big_endian(bool swap)
{
	return swap == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
}

/*
 * A C bitfield of 64 bits, with the first declared bit as bit 0.  The compiler
 * of a big-endian machine starts at the other end: the bytes stand in the same
 * order, the bits in each are turned round.  A field of more than one bit keeps
 * its own bits turned round.
 */
static inline u64 get_bitfield(const u8 *p, bool swap)
{
	bool turn = swapped_is_big_endian(swap);
	u64 v = 0;
	int i, bit;

	for (i = 0; i < 8; i++)
		for (bit = 0; bit < 8; bit++)
			if (p[i] & (turn ? 0x80 >> bit : 1 << bit))
				v |= 1ull << (8 * i + bit);
	return v;
}

#endif
