// SPDX-License-Identifier: GPL-2.0
/* Reading a column of integers, see native_ints.h. */
#include <errno.h>

#include <linux/compiler.h>

#include "native_ints.h"
#include "native_bytes.h"

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

/* Limits between contexts, in tokens; each is not below the one before. */
static bool set_contexts(struct ints_reader *r, struct native_in *in)
{
	const u8 *limit = native_get(in, r->nr_contexts - 1);
	u32 token, context = 0;

	if (!limit)
		return false;
	for (token = 0; token < 256; token++) {
		while (context < r->nr_contexts - 1 && token >= limit[context])
			context++;
		r->context_of[token] = context;
	}
	return true;
}

static int begin_tokens(struct ints_reader *r, struct native_in *in, u8 *room,
			size_t nr_max, ZSTD_DCtx *zstd)
{
	size_t left = nr_max;
	u32 i;
	int ret;

	for (i = 0; i < r->nr_contexts; i++) {
		size_t nr;

		ret = bytes_read(in, room, left, &nr,
				 r->nr_contexts == 1 ? &r->constant : NULL,
				 zstd);
		if (ret)
			return ret;
		r->token[i] = room;
		r->token_end[i] = room + nr;
		room += nr + INTS_BATCH;
		left -= nr;
	}
	/* As many as there are values, or the last would be made up. */
	return left == nr_max - r->left ? 0 : -EBADMSG;
}

int ints_begin(struct ints_reader *r, struct native_in *in, size_t nr_max,
	       u8 *room, ZSTD_DCtx *zstd)
{
	u64 nr = native_get_varint(in), sz_bits;
	const u8 *head;
	int ret;

	*r = (struct ints_reader){ 0 };
	if (in->failed || nr > nr_max)
		return -EBADMSG;
	r->left = nr;
	if (!nr)
		return 0;
	head = native_get(in, 2);
	if (!head || head[0] & 0xf0 || head[1] & 0x40 ||
	    !set_shape(r, head[0], head[1] & 15))
		return -EBADMSG;
	r->zigzag = head[1] & 0x10;
	r->nr_contexts = head[1] & 0x20 ? INTS_NR_CONTEXTS : 1;
	r->bitless = head[1] & 0x80;
	r->center = native_get_varint(in);
	if (!set_contexts(r, in))
		return -EBADMSG;
	ret = begin_tokens(r, in, room, nr_max, zstd);
	if (ret)
		return ret;
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
 * Where tokens are kept apart each says where the next one is.  That they were
 * there is looked at afterwards: behind each column is room for a batch.
 */
static bool read_contexts(struct ints_reader *r, u64 *values, size_t nr)
{
	const u8 *token[INTS_NR_CONTEXTS], *bits = r->bits;
	u64 bit = r->bit, sz = r->sz_bits;
	u32 last = r->last, context, i;
	size_t at;

	memcpy(token, r->token, sizeof(token));
	for (at = 0; at < nr; at++) {
		context = r->context_of[last];
		last = *token[context]++;
		values[at] =
			r->base[last] + bits_at(bits, bit, sz, r->width[last]);
		bit += r->width[last];
	}
	memcpy(r->token, token, sizeof(token));
	r->last = last;
	r->bit = bit;
	for (i = 0; i < INTS_NR_CONTEXTS; i++)
		if (token[i] > r->token_end[i])
			return false;
	return true;
}

static void read_plain(struct ints_reader *r, u64 *values, size_t nr)
{
	const u8 *token = r->token[0], *bits = r->bits;
	u64 bit = r->bit, sz = r->sz_bits;
	size_t at;

	if (r->constant && r->bitless) {
		for (at = 0; at < nr; at++)
			values[at] = token[0];
		return;
	}
	if (r->bitless) {
		for (at = 0; at < nr; at++)
			values[at] = token[at];
	} else if (r->constant) {
		for (at = 0; at < nr; at++) {
			values[at] = r->base[token[0]] +
				     bits_at(bits, bit, sz, r->width[token[0]]);
			bit += r->width[token[0]];
		}
		r->bit = bit;
		return;
	} else {
		for (at = 0; at < nr; at++) {
			values[at] =
				r->base[token[at]] +
				bits_at(bits, bit, sz, r->width[token[at]]);
			bit += r->width[token[at]];
		}
		r->bit = bit;
	}
	r->token[0] += nr;
}

bool ints_read(struct ints_reader *r, u64 *values, size_t nr)
{
	u64 center = r->center;
	size_t at;

	if (nr > r->left)
		return false;
	r->left -= nr;
	while (nr) {
		size_t part = nr < INTS_BATCH ? nr : INTS_BATCH;

		if (r->nr_contexts > 1) {
			if (!read_contexts(r, values, part))
				return false;
		} else {
			read_plain(r, values, part);
		}
		if (r->zigzag)
			for (at = 0; at < part; at++)
				values[at] =
					center + native_unzigzag(values[at]);
		else if (center)
			for (at = 0; at < part; at++)
				values[at] += center;
		values += part;
		nr -= part;
	}
	return r->bit <= r->sz_bits * 8;
}
