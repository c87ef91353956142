// SPDX-License-Identifier: GPL-2.0
/*
 * The tuner against the same rules in 128 bits, on inputs that like edges.
 *
 * usage: prop_quota [N]     N inputs (10,000,000)
 */
#include <stdio.h>
#include <stdlib.h>

#include <damon/quota.h>

#include "support_rng.h"

typedef unsigned __int128 u128;

#define MAX64 ((u128)~0ULL)

/* The step as the documentation words it, each product kept whole. */
static u64 slow_feedback(u128 in, u128 score)
{
	u128 diff, change, next;

	if (score == 10000)
		return in;
	if (score >= 20000)
		return 10000;
	diff = score > 10000 ? score - 10000 : 10000 - score;
	/* Where in * diff might leave 64 bits the kernel divides first. */
	if (in < MAX64 / diff)
		change = in * diff / 10000;
	else
		change = in / 10000 * diff;
	if (score < 10000) {
		next = in + change;
		return next > MAX64 ? MAX64 : next;
	}
	return in > change + 10000 ? in - change : 10000;
}

static u64 slow_goal(u64 value, u64 target)
{
	u128 whole = (u128)(value / target) * 10000;
	u128 part = (u64)((u128)(value % target) * 10000);

	return (u64)(whole + part / target);
}

static u64 slow_consist(u64 esz_bp, u64 score)
{
	return slow_feedback(esz_bp < 10000 ? 10000 : esz_bp, score);
}

static u64 slow_temporal(u64 sz, u64 score)
{
	if (score >= 10000)
		return 0;
	return sz ? (u64)((u128)sz * 10000) : ~0ULL;
}

/* A number of any size, near a power of two, a multiple, or an end of range. */
static u64 edgy(struct support_rng *rng)
{
	u64 any = support_rng_u64(rng), near = support_rng_below(rng, 5);
	u64 shift = support_rng_below(rng, 64);

	switch (support_rng_below(rng, 8)) {
	case 0:
		return ~0ULL - near;
	case 1:
		return near;
	case 2:
		return (1ULL << shift) - 2 + near;
	case 3:
		return (any >> shift) / 10000 * 10000 + near;
	case 4:
		return ~0ULL / (1 + support_rng_below(rng, 20000)) - 2 + near;
	default:
		return any >> shift;
	}
}

static u64 edgy_score(struct support_rng *rng)
{
	static const u64 around[] = { 0, 1, 5000, 10000, 15000, 20000 };

	switch (support_rng_below(rng, 4)) {
	case 0:
		return edgy(rng);
	case 1:
		return around[support_rng_below(rng, 6)] +
		       support_rng_below(rng, 5) - 2;
	default:
		return support_rng_below(rng, 21000);
	}
}

static int differ(const char *what, u64 a, u64 b, u64 got, u64 want)
{
	printf("prop_quota: %s(%llu, %llu) is %llu, expected %llu\n", what, a,
	       b, got, want);
	return 1;
}

int main(int argc, char **argv)
{
	u64 nr = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000000, i;
	struct support_rng rng;

	support_rng_init(&rng, 1);
	for (i = 0; i < nr; i++) {
		u64 in = edgy(&rng), score = edgy_score(&rng);
		u64 target = edgy(&rng);

		if (damon_feedback(in, score) != slow_feedback(in, score))
			return differ("feedback", in, score,
				      damon_feedback(in, score),
				      slow_feedback(in, score));
		if (damon_tune_consist(in, score) != slow_consist(in, score))
			return differ("consist", in, score,
				      damon_tune_consist(in, score),
				      slow_consist(in, score));
		if (damon_tune_temporal(in, score) != slow_temporal(in, score))
			return differ("temporal", in, score,
				      damon_tune_temporal(in, score),
				      slow_temporal(in, score));
		if (damon_goals_combine(in, score) != (in > score ? in : score))
			return differ("combine", in, score,
				      damon_goals_combine(in, score), 0);
		if (target &&
		    damon_goal_score(in, target) != slow_goal(in, target))
			return differ("goal", in, target,
				      damon_goal_score(in, target),
				      slow_goal(in, target));
	}
	printf("prop_quota: %llu inputs, each as in 128 bits\n", nr);
	return 0;
}
