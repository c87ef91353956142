/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How perf finds the period that gives a wanted number of samples a second.
 *
 * Each look at an event, at its overflows and at timer ticks, goes an eighth of
 * the way from the period that it has to the one that it should have had.
 *
 * Source: kernel/events/core.c of Linux 6.12, perf_adjust_period() and its
 * callers, by their figures.
 *
 * Left out: the kernel shortens operands that do not fit in 64 bits, here the
 * quotient is exact; they differ for counts above 2^34 in one look.
 */
#ifndef PERF_FREQ_H
#define PERF_FREQ_H

#include <linux/types.h>

/**
 * struct perf_freq - an event on a CPU.
 * @freq:		wanted samples a second, not 0
 * @period:		the one in force
 * @left:		events to the next overflow
 * @last_ns:		time of the last overflow, 0 before the first
 * @last_count:		the event's count at the last tick
 */
struct perf_freq {
	u64 freq;
	u64 period;
	s64 left;
	u64 last_ns;
	u64 last_count;
};

/**
 * perf_freq_adjust() - @count events took @ns: go towards the wanted period.
 * Return: true if what was left of the old period is given up, because it was
 * more than eight of the new one.
 */
bool perf_freq_adjust(struct perf_freq *f, u64 ns, u64 count);

/**
 * perf_freq_overflow() - a sample.
 * @f:		event
 * @now_ns:	the CPU's clock
 * @count:	events that the period was
 * @tick_ns:	between two timer ticks
 *
 * One that comes so long after the last that it says nothing is passed over.
 *
 * Return: as perf_freq_adjust().
 */
bool perf_freq_overflow(struct perf_freq *f, u64 now_ns, u64 count,
			u64 tick_ns);

/**
 * perf_freq_tick() - a timer tick.
 * @f:		event
 * @count:	all that it counted so far
 * @tick_ns:	between two ticks
 *
 * Return: true if the counter is to be loaded anew.
 */
bool perf_freq_tick(struct perf_freq *f, u64 count, u64 tick_ns);

#endif
