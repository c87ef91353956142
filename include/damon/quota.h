/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The feedback tuner: last input and score to next input.
 *
 * A scheme's goal scores how much of its target is reached, 10000 for just
 * reached.  The tuner turns that into the next quota, so that a scheme works
 * harder the further it is from its goal:
 *
 *	d      = |score - 10000|
 *	change = in * d / 10000
 *	next   = in + change   below the goal, saturating
 *		 in - change   above it, not below 10000
 *		 in            at it
 *		 10000         at twice the goal and more
 *
 * Inputs and outputs are in bp of the quota's unit: 10000 is one byte.
 *
 * Who calls it: the kdamond, once per quota window.  Progress: no loop.
 *
 * Not here: how a goal is measured, and when a window ends.
 */
#ifndef _DAMON_QUOTA_H
#define _DAMON_QUOTA_H

#include <linux/compiler.h>
#include <linux/math64.h>
#include <linux/types.h>

/* The score of a goal that is just reached, and the smallest input. */
#define DAMON_SCORE_GOAL 10000ULL
#define DAMON_INPUT_FLOOR 10000ULL

/*
 * x * n / d, with room for x * n to be beyond 64 bits; (d - 1) * n is not to
 * be.  The kernel's mult_frac(), also where it wraps.
 */
static inline u64 __damon_mult_frac(u64 x, u64 n, u64 d)
{
	u64 rest, rest_of_rest;
	u64 whole = div64_u64_rem(x, d, &rest);

	return whole * n + div64_u64_rem(rest * n, d, &rest_of_rest);
}

/**
 * damon_goal_score() - how much of a goal is reached.
 * @current_value:	what was measured
 * @target_value:	what is wanted, in the same unit; not 0
 *
 * Return: bp of the target.  Where that is beyond 64 bits, its low 64 bits, as
 * the kernel has it.
 */
static inline u64 damon_goal_score(u64 current_value, u64 target_value)
{
	return __damon_mult_frac(current_value, DAMON_SCORE_GOAL, target_value);
}

/**
 * damon_goals_combine() - score of several goals.
 * @score:	score so far, 0 at first
 * @next:	damon_goal_score() of one more goal
 *
 * Return: the highest, which is the least aggressive.
 */
static inline u64 damon_goals_combine(u64 score, u64 next)
{
	return next > score ? next : score;
}

/**
 * damon_feedback() - the next input of the feedback loop.
 * @in:		last input, bp
 * @score:	bp of the goal
 *
 * Return: next input, bp, never below DAMON_INPUT_FLOOR unless @in was and
 * stays because the goal is just reached.
 */
static inline u64 damon_feedback(u64 in, u64 score)
{
	u64 d, rest, change;

	if (score == DAMON_SCORE_GOAL)
		return in;
	if (score >= 2 * DAMON_SCORE_GOAL)
		return DAMON_INPUT_FLOOR;

	d = score > DAMON_SCORE_GOAL ? score - DAMON_SCORE_GOAL :
				       DAMON_SCORE_GOAL - score;
	if (in < div64_u64_rem(~0ULL, d, &rest))
		change = div64_u64_rem(in * d, DAMON_SCORE_GOAL, &rest);
	else
		change = div64_u64_rem(in, DAMON_SCORE_GOAL, &rest) * d;

	if (score > DAMON_SCORE_GOAL) {
		/* change is at most in * 9999 / 10000. */
		return in - change > DAMON_INPUT_FLOOR ? in - change :
							 DAMON_INPUT_FLOOR;
	}
	return in < ~0ULL - change ? in + change : ~0ULL;
}

/**
 * damon_tune_consist() - quota that changes step by step towards the goal.
 * @esz_bp:	last result, 0 at first
 * @score:	damon_goals_combine() of all goals
 *
 * Return: effective quota in bp of its unit; divided by 10000 it is the quota.
 * It grows without bound while the goal is missed: the size quota is applied to
 * what is used, not to what is remembered.
 */
static inline u64 damon_tune_consist(u64 esz_bp, u64 score)
{
	return damon_feedback(
		esz_bp > DAMON_INPUT_FLOOR ? esz_bp : DAMON_INPUT_FLOOR, score);
}

/**
 * damon_tune_temporal() - everything until the goal is reached, then nothing.
 * @sz:		size quota, 0 for none
 * @score:	damon_goals_combine() of all goals
 *
 * Return: effective quota in bp of its unit, modulo 2^64 as the kernel has it.
 */
static inline u64 damon_tune_temporal(u64 sz, u64 score)
{
	if (score >= DAMON_SCORE_GOAL)
		return 0;
	return sz ? sz * 10000 : ~0ULL;
}

#endif
