/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The monitor's luck: the generator that a context of DAMON draws from.
 *
 * It is the kernel's own generator and the kernel's own way from a draw to a
 * range, not merely a good one, so that a run can be followed draw by draw next
 * to a kernel that was given the same seed.
 *
 * Sources: the recurrence is L'Ecuyer's lfsr113 (Mathematics of Computation 68,
 * 1999) with the seeding of include/linux/prandom.h; the mapping is that of the
 * per-context generator as posted for DAMON in May 2026.
 *
 * Not here: anything that needs to be unpredictable.
 */
#ifndef RNG_H
#define RNG_H

#include <linux/types.h>

struct rng {
	u32 s[4];
};

/**
 * rng_init() - begin the sequence that belongs to a seed.
 * @rng:	generator
 * @seed:	any
 */
void rng_init(struct rng *rng, u64 seed);

/**
 * rng_u32() - the next 32 bits.
 * @rng:	generator
 */
u32 rng_u32(struct rng *rng);

/**
 * rng_range() - a number in [@l, @r).
 * @rng:	generator
 * @l:		lowest
 * @r:		one above the highest, above @l
 *
 * A span below 2^32 takes one draw, scaled by multiplication: no number is
 * favoured by more than one in 2^32 / span.  A wider span takes two, the first
 * being the upper half of a 64-bit one.
 */
u64 rng_range(struct rng *rng, u64 l, u64 r);

/**
 * rng_range_low() - the same of cores that keep 32 bits of the span.
 *
 * Of a span of 4 GiB or more only the lowest (span mod 2^32) numbers are ever
 * drawn; of a multiple of 2^32, the lowest 2^32.  One draw.
 */
u64 rng_range_low(struct rng *rng, u64 l, u64 r);

#endif
