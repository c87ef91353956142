/* SPDX-License-Identifier: GPL-2.0 */
/* The suites' own luck: xorshift64 (Marsaglia 2003); the seed is not 0. */
#ifndef _DAMON_TESTS_PRNG_KUNIT_H
#define _DAMON_TESTS_PRNG_KUNIT_H

#include <linux/types.h>

static inline u64 prng_next(u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Below @n, at most 2^32; by the upper bits, which are the better ones. */
static inline u32 prng_below(u64 *state, u32 n)
{
	return (prng_next(state) >> 32) * n >> 32;
}

#endif
