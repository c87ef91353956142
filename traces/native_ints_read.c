// SPDX-License-Identifier: GPL-2.0
/* Reading a column of integers, see native_ints.h. */
#include <errno.h>

#include <linux/compiler.h>

#include "native_ints.h"
#include "native_bytes.h"
#include "wide.h"

u64 native_get_varint(struct native_in *in)
{
	u64 value = 0;
	u32 shift;

	for (shift = 0; shift < 64; shift += 7) {
		if (in->cur == in->end)
			break;
		value |= (u64)(*in->cur & 127) << shift;
		if (!(*in->cur++ & 128))
			return value;
	}
	in->failed = true;
	return 0;
}

const u8 *native_get(struct native_in *in, size_t len)
{
	const u8 *at = in->cur;

	if (len > (size_t)(in->end - in->cur)) {
		in->failed = true;
		return NULL;
	}
	in->cur += len;
	return at;
}

/* The tables of a shape.  Return: false if a token would be no byte. */
static bool set_shape(struct ints_reader *r, u32 k, u32 m)
{
	u32 token, top;

	if (k > 8 || m > k)
		return false;
	for (token = 0; token < 256; token++) {
		r->base[token] = token;
		r->width[token] = 0;
		if (token < 1u << k)
			continue;
		top = k + ((token - (1u << k)) >> m);
		if (top > 63)
			break;
		r->width[token] = top - m;
		r->base[token] =
			(1ull << m | ((token - (1u << k)) & ((1u << m) - 1)))
			<< (top - m);
	}
	return true;
}

int ints_begin(struct ints_reader *r, struct native_in *in, size_t nr_max,
	       u8 *room, ZSTD_DCtx *zstd)
{
	u64 nr = native_get_varint(in), sz_bits;
	size_t nr_tokens;
	const u8 *head;
	int ret;

	*r = (struct ints_reader){ 0 };
	if (in->failed || nr > nr_max)
		return -EBADMSG;
	r->left = nr;
	if (!nr)
		return 0;
	head = native_get(in, 2);
	if (!head || head[0] & 0xf0 || head[1] & 0x60 ||
	    !set_shape(r, head[0], head[1] & 15))
		return -EBADMSG;
	r->zigzag = head[1] & 0x10;
	r->bitless = head[1] & 0x80;
	r->center = native_get_varint(in);
	r->token = room;
	ret = bytes_read(in, room, nr_max, &nr_tokens, &r->constant, zstd);
	if (ret)
		return ret;
	/* As many as there are values, or the last would be made up. */
	if (nr_tokens != nr)
		return -EBADMSG;
	sz_bits = native_get_varint(in);
	r->bits = in->failed ? NULL : native_get(in, sz_bits);
	if (!r->bits)
		return -EBADMSG;
	r->sz_bits = sz_bits;
	return 0;
}

/* The 64 bits from @bit on; those behind the end are 0. */
static inline u64 word_at(const u8 *bits, u64 bit, u64 sz)
{
	const u8 *p = bits + (bit >> 3);
	u64 word = 0;

	if (likely((bit >> 3) + 8 <= sz))
		memcpy(&word, p, 8);
	else if (bit >> 3 < sz)
		memcpy(&word, p, sz - (bit >> 3));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word >> (bit & 7);
}

static inline u64 bits_at(const u8 *bits, u64 bit, u64 sz, u32 nr)
{
	u64 low;

	if (likely(nr <= 56))
		return word_at(bits, bit, sz) & ((1ull << nr) - 1);
	low = word_at(bits, bit, sz) & ~0u;
	return low | (word_at(bits, bit + 32, sz) & ((1ull << (nr - 32)) - 1))
			     << 32;
}

/*
 * @inside: no value of them can reach behind the end of the bits.
 */
static inline __attribute__((always_inline)) u64
read_bits(const struct ints_reader *r, u64 *values, size_t nr, size_t stride,
	  bool inside)
{
	const u8 *token = r->token, *bits = r->bits;
	u64 bit = r->bit, sz = inside ? ~0ull : r->sz_bits;
	size_t at;

	for (at = 0; at < nr; at++) {
		u32 t = token[at * stride];

		values[at] = r->base[t] + bits_at(bits, bit, sz, r->width[t]);
		bit += r->width[t];
	}
	return bit;
}

WIDE static u64 read_inside(const struct ints_reader *r, u64 *values, size_t nr,
			    size_t stride)
{
	return stride ? read_bits(r, values, nr, 1, true) :
			read_bits(r, values, nr, 0, true);
}

WIDE static void read_tokens(u64 *values, const u8 *token, size_t nr)
{
	size_t at;

	for (at = 0; at < nr; at++)
		values[at] = token[at];
}

WIDE static void add_center(u64 *values, size_t nr, u64 center, bool zigzag)
{
	size_t at;

	if (zigzag)
		for (at = 0; at < nr; at++)
			values[at] = center + native_unzigzag(values[at]);
	else
		for (at = 0; at < nr; at++)
			values[at] += center;
}

bool ints_read(struct ints_reader *r, u64 *values, size_t nr)
{
	size_t stride = !r->constant, at;

	if (nr > r->left)
		return false;
	/* A column of none has no tokens to point at. */
	if (!nr)
		return true;
	r->left -= nr;
	if (!r->bitless) {
		/* A value has 9 bytes of bits at most, and is read by 8. */
		if (likely((r->bit >> 3) + nr * 8 + 16 <= r->sz_bits))
			r->bit = read_inside(r, values, nr, stride);
		else
			r->bit = read_bits(r, values, nr, stride, false);
	} else if (r->constant) {
		for (at = 0; at < nr; at++)
			values[at] = r->token[0];
	} else {
		read_tokens(values, r->token, nr);
	}
	r->token += nr * stride;
	if (r->zigzag || r->center)
		add_center(values, nr, r->center, r->zigzag);
	return r->bit <= r->sz_bits * 8;
}
