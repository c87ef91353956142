// SPDX-License-Identifier: GPL-2.0
/* Periods by frequency, see perf_freq.h. */
#include "perf_freq.h"

#define NS_PER_S 1000000000ULL

/* What the period should have been; saturates. */
static u64 wanted_period(u64 freq, u64 ns, u64 count)
{
	unsigned __int128 period = (unsigned __int128)count * NS_PER_S;

	/* Mostly the numbers are small, and the division is much faster. */
	if (count < 1ULL << 34 && ns && ns < 1ULL << 32 && freq &&
	    freq < 1ULL << 32)
		return (u64)period / (ns * freq);
	if (!ns || !freq)
		return period > ~0ULL ? ~0ULL : period;
	period /= (unsigned __int128)ns * freq;
	return period > ~0ULL ? ~0ULL : period;
}

bool perf_freq_adjust(struct perf_freq *f, u64 ns, u64 count)
{
	s64 delta = wanted_period(f->freq, ns, count) - f->period;
	s64 period;

	/* An eighth, away from 0: a difference of one still moves it. */
	delta = (delta >= 0 ? delta + 7 : delta - 7) / 8;
	period = f->period + delta;
	f->period = period ? period : 1;
	if (f->left <= (s64)(8 * f->period))
		return false;
	f->left = 0;
	return true;
}

bool perf_freq_overflow(struct perf_freq *f, u64 now_ns, u64 count, u64 tick_ns)
{
	u64 ns = now_ns - f->last_ns;

	f->last_ns = now_ns;
	if (!ns || ns >= 2 * tick_ns)
		return false;
	return perf_freq_adjust(f, ns, count);
}

bool perf_freq_tick(struct perf_freq *f, u64 count, u64 tick_ns)
{
	s64 delta = count - f->last_count;

	f->last_count = count;
	if (delta <= 0)
		return false;
	perf_freq_adjust(f, tick_ns, delta);
	return true;
}
