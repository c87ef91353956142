// SPDX-License-Identifier: GPL-2.0
/*
 * The step in which a capture's clock counts.
 *
 * Times are given in nanoseconds, but many clocks do not count in them: the TSC
 * of AMD's CPUs moves on by the multiplier of its 100 MHz reference, so that
 * all times are multiples of some 10.01 ns, rounded.  Said in such steps a time
 * is three bits shorter, and noise is most of what a time costs.
 *
 * The step shows in the differences of times as a frequency: they lie on a grid
 * where the phase of all of them is about 0.  It is searched for in short
 * differences, where a coarse look is enough, and then made more exact with
 * longer and longer ones.
 */
#include <math.h>

#include "native.h"

#define NR_PAIRS 256u
#define NR_PAIRS_MIN 64u
#define SHORT_NS 4096u

/* Steps looked for; below the first little is to be won. */
#define STEP_MIN_NS 4u
#define STEP_MAX_NS 128u

/* Lengths of 1 in 2^64. */
#define TURN 18446744073709551616.0

/*
 * Differences of times of @span_ns to eight times that, from all over @recs;
 * of one CPU each, since the clocks of two need not agree.
 * Return: how many.
 */
static size_t take_pairs(u64 pairs[NR_PAIRS], u64 span_ns,
			 const struct trace_record *recs, size_t nr)
{
	size_t step = nr / (16 * NR_PAIRS) + 1, i, j = 0, k, n = 0;

	for (i = 0; i < nr && n < NR_PAIRS; i += step) {
		u64 begin_ns = recs[i].time_ns, way_ns;

		j = j > i ? j : i + 1;
		while (j < nr && recs[j].time_ns < begin_ns + span_ns)
			j++;
		for (k = j; k < nr && k < j + 64; k++)
			if (recs[k].cpu == recs[i].cpu)
				break;
		if (k == nr || k == j + 64)
			continue;
		way_ns = recs[k].time_ns - begin_ns;
		if (recs[i].has & recs[k].has & TRACE_HAS_TIME && way_ns &&
		    way_ns <= span_ns * 8)
			pairs[n++] = way_ns;
	}
	return n;
}

/* How well all lie on the grid: 1 if they do, about 0 if they do not. */
static double fit(const u64 *pairs, size_t nr, u64 freq)
{
	static float wave[1024];
	double x = 0, y = 0;
	size_t i;

	if (!wave[0])
		for (i = 0; i < 1024; i++)
			wave[i] = cos(i * (2 * M_PI / 1024));
	for (i = 0; i < nr; i++) {
		u32 phase = pairs[i] * freq >> 54;

		x += wave[phase];
		y += wave[(phase + 768) % 1024];
	}
	return sqrt(x * x + y * y) / nr;
}

/* What a perfect clock of this step has: its times are cut to whole ns. */
static bool is_good(double found, u64 freq)
{
	double f = freq / TURN * M_PI, cut = sin(f) / f;

	return found > 0.9 * cut * cut;
}

/* The best of the frequencies around, where pairs are @span_ns to 8 of it. */
static u64 refine(const u64 *pairs, size_t nr, u64 freq, u64 span_ns,
		  double *most)
{
	const s64 step = TURN / 256 / span_ns;
	u64 best = freq;
	s64 i;

	*most = 0;
	for (i = -24; i <= 24; i++) {
		double found = fit(pairs, nr, freq + i * step);

		if (found > *most) {
			*most = found;
			best = freq + i * step;
		}
	}
	return best;
}

/* Return: 0 if there is none. */
static u64 search(const u64 *pairs, size_t nr)
{
	const u64 step = TURN / (8 * SHORT_NS);
	u64 freq, best = 0, part;
	double most = 0, found;
	u32 i;

	for (freq = TURN / STEP_MAX_NS; freq < TURN / STEP_MIN_NS;
	     freq += step) {
		found = fit(pairs, nr, freq);
		if (found > most) {
			most = found;
			best = freq;
		}
	}
	if (!best)
		return 0;
	best = refine(pairs, nr, best, SHORT_NS / 8, &most);
	/* Half a step, or a third, lies on the grid nearly as well. */
	for (i = 4; i > 1; i--) {
		part = refine(pairs, nr, best / i, SHORT_NS / 8, &found);
		if (part > TURN / STEP_MAX_NS && is_good(found, part))
			return part;
	}
	return is_good(most, best) ? best : 0;
}

u64 native_clock_step(struct native_clock *clock,
		      const struct trace_record *recs, size_t nr)
{
	u64 pairs[NR_PAIRS], span_ns, better, freq = clock->freq, good_ns = 0;
	double found;
	size_t n;

	for (span_ns = SHORT_NS / 8; span_ns < 1ull << 40; span_ns *= 4) {
		n = take_pairs(pairs, span_ns, recs, nr);
		if (n < NR_PAIRS_MIN)
			continue;
		better = freq ? refine(pairs, n, freq, span_ns, &found) : 0;
		if (!better || !is_good(found, better)) {
			/* Only short ones can be searched. */
			if (good_ns || span_ns > SHORT_NS / 8)
				break;
			better = search(pairs, n);
			if (!better)
				break;
			clock->span_ns = 0;
		}
		freq = better;
		good_ns = span_ns;
	}
	if (!good_ns)
		return 1ull << 32;
	/* What was found over longer differences is more exact. */
	if (good_ns >= clock->span_ns) {
		clock->freq = freq;
		clock->span_ns = good_ns;
	}
	return ((unsigned __int128)1 << 96) / clock->freq;
}
