// SPDX-License-Identifier: GPL-2.0
/* Limits of sampling, see perf_limit.h. */
#include <errno.h>

#include "perf_limit.h"

#define NS_PER_S 1000000000ULL

static void set_rate(struct perf_limit *l, u32 max_rate)
{
	l->max_rate = max_rate;
	l->max_per_tick = (max_rate + l->hz - 1) / l->hz;
	if (!l->percent || l->percent >= 100)
		return;
	/* 0 would be any. */
	l->allowed_ns = NS_PER_S / max_rate * l->percent / 100;
	if (!l->allowed_ns)
		l->allowed_ns = 1;
}

void perf_limit_init(struct perf_limit *l, u32 hz, u32 max_rate, u32 percent)
{
	*l = (struct perf_limit){ .hz = hz, .percent = percent };
	set_rate(l, max_rate);
}

int perf_limit_write(struct perf_limit *l, u32 max_rate)
{
	if (!l->percent || l->percent >= 100)
		return -EINVAL;
	set_rate(l, max_rate);
	return 0;
}

bool perf_limit_lower(struct perf_limit *l, u64 avg_ns)
{
	u64 max;

	if (!l->allowed_ns || avg_ns <= l->allowed_ns)
		return false;
	/* A quarter more, or the next interrupt would be the next reason. */
	avg_ns += avg_ns / 4;
	max = NS_PER_S / l->hz / 100 * l->percent;
	l->max_per_tick = avg_ns < max ? max / (u32)avg_ns : 1;
	l->max_rate = l->max_per_tick * l->hz;
	l->allowed_ns = avg_ns;
	l->nr_lowered++;
	return true;
}

bool perf_limit_took(struct perf_limit *l, struct perf_took *took, u64 ns)
{
	if (!l->allowed_ns)
		return false;
	return perf_limit_lower(l, perf_took_add(took, ns));
}

bool perf_limit_tick(struct perf_throttle *t)
{
	bool stopped = t->stopped;

	t->stopped = false;
	if (stopped)
		t->nr = 0;
	return stopped;
}
