// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's combined Tausworthe generator.
 *
 * The four words step independently; their parameters stand in a table because
 * that is how the paper and the kernel name them.
 */
#include "rng.h"

/* clang-format off */
static const struct {
	u32 min; /* below it a word would stay at zero for ever */
	u32 mask;
	u8 a, b, d;
} word[4] = {
	{   2, 0xfffffffe,  6, 13, 18 },
	{   8, 0xfffffff8,  2, 27,  2 },
	{  16, 0xfffffff0, 13, 21,  7 },
	{ 128, 0xffffff80,  3, 12, 13 },
};
/* clang-format on */

void rng_init(struct rng *rng, u64 seed)
{
	u32 mixed = (seed >> 32) ^ (seed << 10) ^ seed;
	int i;

	for (i = 0; i < 4; i++)
		rng->s[i] = mixed + (mixed < word[i].min ? word[i].min : 0);
}

u32 rng_u32(struct rng *rng)
{
	u32 s, out = 0;
	int i;

	for (i = 0; i < 4; i++) {
		s = rng->s[i];
		s = ((s & word[i].mask) << word[i].d) ^
		    (((s << word[i].a) ^ s) >> word[i].b);
		rng->s[i] = s;
		out ^= s;
	}
	return out;
}

u64 rng_range(struct rng *rng, u64 l, u64 r)
{
	u64 span = r - l, draw;

	if (span <= 0xffffffff)
		return l + (rng_u32(rng) * span >> 32);

	/* Two statements: C does not order the operands of one. */
	draw = (u64)rng_u32(rng) << 32;
	draw |= rng_u32(rng);
	return l + (u64)((unsigned __int128)draw * span >> 64);
}

u64 rng_range_low(struct rng *rng, u64 l, u64 r)
{
	u32 span = r - l, draw = rng_u32(rng);

	return l + (span ? (u64)draw * span >> 32 : draw);
}
