/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How perf keeps sampling affordable: a limit on the rate, which falls when
 * interrupts take too long, and a limit on the samples between two timer ticks,
 * which follows from it.
 *
 * The limits are the machine's; the average that lowers them is each CPU's own.
 * They only ever fall: nothing but a user raises them again.
 *
 * Source: kernel/events/core.c of Linux 6.12 (perf_sample_event_took() and the
 * accounting of an overflow), by its figures; checked against the messages that
 * kernels print when they lower the rate.
 */
#ifndef PERF_LIMIT_H
#define PERF_LIMIT_H

#include <linux/types.h>

/* kernel.perf_event_max_sample_rate and perf_cpu_time_max_percent. */
#define PERF_LIMIT_RATE_DEFAULT 100000u
#define PERF_LIMIT_PERCENT_DEFAULT 25u

/**
 * struct perf_limit - the limits of a machine.
 * @hz:			timer ticks a second
 * @percent:		of a CPU's time that sampling may take; 0 or 100: any
 * @max_rate:		samples a second, of each event on each CPU
 * @max_per_tick:	samples between two ticks, likewise
 * @allowed_ns:		what an interrupt may take on average; 0: any
 * @nr_lowered:		how often it had to be lowered
 */
struct perf_limit {
	u32 hz;
	u32 percent;
	u32 max_rate;
	u32 max_per_tick;
	u64 allowed_ns;
	u64 nr_lowered;
};

/**
 * struct perf_took - what interrupts took on a CPU; all 0 at first.
 * @sum_ns:	128 times the moving average
 */
struct perf_took {
	u64 sum_ns;
};

/**
 * struct perf_throttle - an event on a CPU between two ticks; all 0 at first.
 * @seq:	the tick that @nr is of
 * @nr:		samples since then
 * @stopped:	it had too many, and waits for the next tick
 */
struct perf_throttle {
	u64 seq;
	u32 nr;
	bool stopped;
};

/**
 * perf_limit_init() - limits as they are after boot.
 * @l:		storage
 * @hz:		timer ticks a second, at least 1
 * @max_rate:	kernel.perf_event_max_sample_rate, at least 1
 * @percent:	kernel.perf_cpu_time_max_percent, at most 100
 */
void perf_limit_init(struct perf_limit *l, u32 hz, u32 max_rate, u32 percent);

/**
 * perf_limit_write() - a user writes kernel.perf_event_max_sample_rate.
 * @l:		limits
 * @max_rate:	at least 1
 *
 * What an interrupt may take follows from it: the fewer, the longer.
 *
 * Return: 0; -EINVAL where sampling may take any time, for then there is
 * nothing to limit.
 */
int perf_limit_write(struct perf_limit *l, u32 max_rate);

/* Weight of what was before in the moving average. */
#define PERF_TOOK_WEIGHT 128

/* One more interrupt on a CPU.  Return: the average now. */
static inline u64 perf_took_add(struct perf_took *took, u64 ns)
{
	took->sum_ns += ns - took->sum_ns / PERF_TOOK_WEIGHT;
	return took->sum_ns / PERF_TOOK_WEIGHT;
}

/**
 * perf_limit_lower() - interrupts take @avg_ns on some CPU.
 * @l:		the machine's
 * @avg_ns:	of perf_took_add()
 *
 * Return: true if that was more than is allowed, and the limits were lowered.
 */
bool perf_limit_lower(struct perf_limit *l, u64 avg_ns);

/**
 * perf_limit_took() - an interrupt is over.
 * @l:		the machine's
 * @took:	its CPU's
 * @ns:		how long it took
 *
 * Return: true if the limits were lowered.
 */
bool perf_limit_took(struct perf_limit *l, struct perf_took *took, u64 ns);

/**
 * perf_limit_overflow() - an event has a sample.
 * @l:		the machine's
 * @t:		the event's on its CPU
 * @seq:	number of the CPU's latest tick, from 1
 *
 * The sample that is one too many is still delivered.
 *
 * Return: true if the event is to stop now.
 */
static inline bool perf_limit_overflow(const struct perf_limit *l,
				       struct perf_throttle *t, u64 seq)
{
	t->nr = t->seq == seq ? t->nr + 1 : 1;
	t->seq = seq;
	if (t->nr < l->max_per_tick)
		return false;
	t->stopped = true;
	return true;
}

/* A tick.  Return: true if the event was stopped, and is to start again. */
bool perf_limit_tick(struct perf_throttle *t);

#endif
