/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How perf counts a software event, such as a page fault, and which of them are
 * samples.
 *
 * With a period: every one, whatever the period, because DAMON asks for
 * PERF_SAMPLE_PERIOD, and perf then hands each over with the number of events
 * that it stands for.  With a frequency: one in a period that is adjusted, a
 * look behind.
 *
 * No rate is too high: perf limits only what overflows more than once at a
 * time, which an event that counts by one never does.
 *
 * Source: kernel/events/core.c of Linux 6.12, perf_swevent_event() and what it
 * calls, by its figures.
 *
 * Left out: events that count by more than one (bpf, tracepoints).
 */
#ifndef PERF_SW_H
#define PERF_SW_H

#include "perf_freq.h"

/* perf_event_attr.type and .config. */
#define PERF_SW_TYPE 1u
#define PERF_SW_CPU_CLOCK 0u
#define PERF_SW_TASK_CLOCK 1u
#define PERF_SW_PAGE_FAULTS 2u
#define PERF_SW_MINOR_FAULTS 5u
#define PERF_SW_MAJOR_FAULTS 6u
#define PERF_SW_NR 12u

/* The shortest period of the clocks: the kernel makes this of less. */
#define PERF_SW_CLOCK_MIN_NS 10000u

/**
 * struct perf_sw - an event on a CPU.
 * @left:	below 0: so many until a sample
 * @last_period: that @left was set by
 */
struct perf_sw {
	s64 left;
	u64 last_period;
};

static inline void perf_sw_init(struct perf_sw *sw)
{
	*sw = (struct perf_sw){ .left = -1, .last_period = 1 };
}

/**
 * perf_sw_count() - it happened once more.
 * @sw:		event
 * @freq:	its frequency, its period 1 at first; NULL: it has a period
 * @now_ns:	the CPU's clock
 * @tick_ns:	between two timer ticks
 *
 * Return: it is a sample.
 */
bool perf_sw_count(struct perf_sw *sw, struct perf_freq *freq, u64 now_ns,
		   u64 tick_ns);

/* What happened: bits of what a config counts. */
#define PERF_SW_MINOR (1u << 0)
#define PERF_SW_MAJOR (1u << 1)

/* Return: PERF_SW_*, 0 for a config that is no page fault's. */
u32 perf_sw_faults(u64 config);

#endif
