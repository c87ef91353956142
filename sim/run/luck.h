/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The luck of a simulated machine: each CPU has its own, so that what happens
 * on one does not depend on which thread of ours plays it, or when.
 *
 * Source: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a counter and a
 * mixing function, 64 good bits for a handful of instructions.
 *
 * Not here: the monitor's own luck, which is the kernel's (damon/rng.h).
 */
#ifndef LUCK_H
#define LUCK_H

#include <linux/types.h>

struct luck {
	u64 state;
};

static inline u64 luck_mix(u64 z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* The sequence that belongs to a seed and to a number of its own. */
static inline void luck_init(struct luck *l, u64 seed, u64 stream)
{
	l->state = luck_mix(seed) ^ luck_mix(~stream);
}

/* The next 64 bits. */
static inline u64 luck_next(struct luck *l)
{
	l->state += 0x9e3779b97f4a7c15ULL;
	return luck_mix(l->state);
}

/* The draw after @nr others from here, without drawing them. */
static inline u64 luck_at(const struct luck *l, u64 nr)
{
	return luck_mix(l->state + (nr + 1) * 0x9e3779b97f4a7c15ULL);
}

/* They were drawn. */
static inline void luck_skip(struct luck *l, u64 nr)
{
	l->state += nr * 0x9e3779b97f4a7c15ULL;
}

/* 64 bits more out of a draw, for what does not look at the same ones. */
static inline u64 luck_more(u64 bits)
{
	bits *= 0xd1342543de82ef95ULL;
	return bits ^ bits >> 32;
}

/* A number below @n, of 32 of the bits. */
static inline u32 luck_below(u32 bits, u32 n)
{
	return (u64)bits * n >> 32;
}

#endif
