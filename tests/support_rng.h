/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tests' own luck: splitmix64 (Steele, Lea, Flood 2014), so that a test
 * does not draw from what it tests.
 */
#ifndef SUPPORT_RNG_H
#define SUPPORT_RNG_H

#include <linux/types.h>

struct support_rng {
	u64 state;
};

static inline void support_rng_init(struct support_rng *rng, u64 seed)
{
	rng->state = seed;
}

static inline u64 support_rng_u64(struct support_rng *rng)
{
	u64 z = rng->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* Below @n, which is not 0; the bias is of no matter in a test. */
static inline u64 support_rng_below(struct support_rng *rng, u64 n)
{
	return support_rng_u64(rng) % n;
}

#endif
