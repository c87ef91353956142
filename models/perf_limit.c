// SPDX-License-Identifier: GPL-2.0
/* Limits of sampling, see perf_limit.h. */
#include "perf_limit.h"

#define NS_PER_S 1000000000ULL

/* Weight of what was before in the moving average. */
#define TOOK_WEIGHT 128

void perf_limit_init(struct perf_limit *l, u32 hz, u32 max_rate, u32 percent)
{
	*l = (struct perf_limit){
		.hz = hz,
		.percent = percent,
		.max_rate = max_rate,
		.max_per_tick = (max_rate + hz - 1) / hz,
	};
	if (percent && percent < 100)
		l->allowed_ns = NS_PER_S / max_rate * percent / 100;
}

bool perf_limit_took(struct perf_limit *l, struct perf_took *took, u64 ns)
{
	u64 avg, max;

	if (!l->allowed_ns)
		return false;
	took->sum_ns += ns - took->sum_ns / TOOK_WEIGHT;
	avg = took->sum_ns / TOOK_WEIGHT;
	if (avg <= l->allowed_ns)
		return false;
	/* A quarter more, or the next interrupt would be the next reason. */
	avg += avg / 4;
	max = NS_PER_S / l->hz / 100 * l->percent;
	l->max_per_tick = avg < max ? max / (u32)avg : 1;
	l->max_rate = l->max_per_tick * l->hz;
	l->allowed_ns = avg;
	l->nr_lowered++;
	return true;
}

bool perf_limit_overflow(const struct perf_limit *l, struct perf_throttle *t,
			 u64 seq)
{
	t->nr = t->seq == seq ? t->nr + 1 : 1;
	t->seq = seq;
	if (t->nr < l->max_per_tick)
		return false;
	t->stopped = true;
	return true;
}

bool perf_limit_tick(struct perf_throttle *t)
{
	bool stopped = t->stopped;

	t->stopped = false;
	if (stopped)
		t->nr = 0;
	return stopped;
}
