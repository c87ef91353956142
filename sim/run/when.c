// SPDX-License-Identifier: GPL-2.0
/*
 * When so much work is done, see when.h.
 *
 * Patterns are asked forward only, so a copy of the thread is: first with steps
 * that grow until it has done enough, then by interpolation between what was
 * not enough and what was, which is exact after a step or two where the pace
 * does not change.
 */
#include "run/when.h"

#define DAY_PS (24 * 3600 * 1000000000000ULL)

static u64 units_at(const struct workload_thread *t, u64 run_ps)
{
	struct workload_thread copy = *t;

	t->w->kind->advance(&copy, run_ps);
	return copy.units;
}

u64 when_units(const struct workload_thread *t, u64 units)
{
	struct workload_thread low = *t;
	u64 low_ps = t->run_ps, high_ps, high_units, step_ps, guess_ps, done;
	u64 close_ps = t->pace.core_ps / 4 + 1;
	bool halve;

	if (t->units >= units)
		return t->run_ps;
	/* As if no memory were ever waited for; it takes longer. */
	step_ps = (units - t->units) * (t->pace.core_ps ? t->pace.core_ps : 1);
	step_ps += !step_ps;
	for (;;) {
		high_ps = low_ps + step_ps;
		high_units = units_at(&low, high_ps);
		if (high_units >= units)
			break;
		if (high_ps - t->run_ps > DAY_PS)
			return ~0ULL;
		t->w->kind->advance(&low, high_ps);
		low_ps = high_ps;
		if (low.units > t->units)
			step_ps = (unsigned __int128)(units - low.units) *
					  (low_ps - t->run_ps) /
					  (low.units - t->units) +
				  1;
		else
			step_ps *= 2;
	}
	/* Not enough at low_ps, enough at high_ps. */
	for (halve = false; high_ps - low_ps > close_ps; halve = !halve) {
		guess_ps =
			halve ? low_ps + (high_ps - low_ps) / 2 :
				low_ps + (unsigned __int128)(high_ps - low_ps) *
						 (units - low.units) /
						 (high_units - low.units);
		if (guess_ps <= low_ps)
			guess_ps = low_ps + close_ps / 2 + 1;
		if (guess_ps >= high_ps)
			guess_ps = high_ps - 1;
		done = units_at(&low, guess_ps);
		if (done >= units) {
			high_ps = guess_ps;
			high_units = done;
		} else {
			t->w->kind->advance(&low, guess_ps);
			low_ps = guess_ps;
		}
	}
	return high_ps;
}
