// SPDX-License-Identifier: GPL-2.0
/*
 * An interrupt after each single instruction of the handler and of a drain.
 *
 * There something else happens from beginning to end: samples as by an NMI, or
 * a drain as by another CPU's kdamond.  Every place is tried, and for two
 * interrupts every pair, so that what takes an interrupt at just one place is
 * found each time and not in one run of a thousand.
 *
 * Whatever happened, at the end each sample has been drained, once and whole,
 * or is counted as lost for a reason that was true; and what did not overlap is
 * drained in its order.
 *
 * Not here: what another CPU may see in another order (stress_*.c under
 * ThreadSanitizer); machines without such a flag, where this does nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <damon/handler.h>

#include "support_step.h"

#ifdef HAVE_STEPS

#define CAPACITY 4
#define REPORTS 32

/* Over the end of 32 bits while a test runs, and as many laps as it takes. */
#define FIRST_INDEX (~0u - 4)

static char ring_bytes[4096] __attribute__((aligned(64)));
static struct damon_ring *const ring = (struct damon_ring *)ring_bytes;
static struct damon_cpu_stats stats;

/* What became of each report, and what was drained. */
static u32 nr_raised, nr_drained;
static enum damon_loss outcome[REPORTS];
static u32 drained[REPORTS];
/* Of the one that is interrupted: its number, and what it met. */
static u32 outer;
static bool was_full;
static u32 nr_hits;

static const char *what;
static unsigned long nr_runs;

static void fail(const char *why, u32 nr)
{
	printf("prop_nested: %s, interrupted after instructions %ld and %ld: "
	       "%s (%u)\n",
	       what, step.stop[0], step.nr > 1 ? step.stop[1] : 0, why, nr);
	exit(1);
}

static u64 mix(u32 nr)
{
	return (nr + 1) * 0x9e3779b97f4a7c15ULL;
}

static u32 pending(void)
{
	return damon_ring_pending(ring);
}

/* As the handler would, but for what comes before and after the ring. */
static enum damon_loss push(u32 nr)
{
	struct damon_report report = {
		.addr = mix(nr) >> nr % 13 << nr % 13,
		.tgid = nr,
		.tid = ~nr,
		.epoch = mix(nr) >> 40,
		.sz_order = nr % 13,
		.flags = nr % 2 ? DAMON_REPORT_WRITE : DAMON_REPORT_READ,
	};
	enum damon_loss loss;

	local_inc(&stats.raised);
	support_step_on();
	loss = damon_ring_push(ring, &report);
	support_step_off();
	if (loss)
		local_inc(&stats.lost[loss]);
	return loss;
}

static enum damon_loss handle(u32 nr)
{
	struct perf_sample_data data = { .sample_flags = PERF_SAMPLE_PHYS_ADDR |
							 PERF_SAMPLE_DATA_SRC,
					 .phys_addr = mix(nr) };
	struct damon_sampling how = { .phys = true,
				      .sz_order = nr % 13,
				      .epoch = mix(nr) >> 40 };
	struct damon_running who = { .tgid = nr, .tid = ~nr };

	data.data_src.val = nr % 2 ? PERF_MEM_OP_STORE : PERF_MEM_OP_LOAD;
	return damon_handle_sample(ring, &stats, &data, &how, &who);
}

static void judge(const struct damon_report *got)
{
	u32 nr = got->tgid, i;

	if (nr >= nr_raised || got->addr != mix(nr) >> nr % 13 << nr % 13 ||
	    got->tid != ~nr || got->sz_order != nr % 13 ||
	    got->epoch != (u16)(mix(nr) >> 40) ||
	    got->flags != (nr % 2 ? DAMON_REPORT_WRITE : DAMON_REPORT_READ))
		fail("a torn report", nr);
	for (i = 0; i < nr_drained; i++) {
		if (drained[i] == nr)
			fail("a report comes twice", nr);
		if (drained[i] > nr && drained[i] != outer && nr != outer)
			fail("a report comes too late", nr);
	}
	drained[nr_drained++] = nr;
}

/* Handlers count a sample first, then what became of it. */
static void expect_counted(u32 under_way)
{
	unsigned long known = damon_ring_accepted(ring) - FIRST_INDEX;
	u32 i;

	for (i = 0; i < DAMON_NR_CPU_LOSSES; i++)
		known += local_read(&stats.lost[i]);
	if (local_read(&stats.raised) - known > under_way)
		fail("counters that do not add up", known);
}

/* A sample that nothing interrupts: what becomes of it is known before. */
static void one_sample(void)
{
	u32 nr = nr_raised++;
	bool full = pending() == CAPACITY;

	outcome[nr] = handle(nr);
	if (outcome[nr] != (full ? DAMON_LOST_RING_FULL : DAMON_LOST_NOT))
		fail("a sample is not accepted, or when full", nr);
}

static void one_drain(u32 room)
{
	struct damon_report out[CAPACITY + 1];
	u32 i, nr = damon_ring_drain(ring, out, room);

	if (nr > room)
		fail("more is drained than there is room for", nr);
	for (i = 0; i < nr; i++)
		judge(&out[i]);
}

/* What may come in between. */
static void samples_1(void)
{
	nr_hits += pending() < CAPACITY;
	one_sample();
	was_full |= pending() == CAPACITY;
}

static void samples_5(void)
{
	u32 i;

	nr_hits += pending() < CAPACITY;
	for (i = 0; i < 5; i++)
		one_sample();
	was_full |= pending() == CAPACITY;
}

static void drain_1(void)
{
	one_drain(1);
}

static void drain_all(void)
{
	one_drain(CAPACITY + 1);
}

/* A whole lap goes by: heads and tails that were read before are old. */
static void laps(void)
{
	samples_5();
	drain_all();
	samples_5();
	drain_all();
}

/* The same, and the ring is never full on the way. */
static void thin_laps(void)
{
	u32 i;

	drain_all();
	for (i = 0; i < 2 * CAPACITY; i++) {
		samples_1();
		drain_all();
	}
}

static void drain_and_fill(void)
{
	drain_all();
	samples_5();
}

static void (*const between[])(void) = { samples_1,	samples_5, drain_1,
					 drain_all,	laps,	   thin_laps,
					 drain_and_fill };
#define NR_BETWEEN 7

static void before_act(void)
{
	expect_counted(1);
}

/* @nr samples were taken, the first @nr_out are drained; @old: nobody saw. */
static void start(u32 nr, u32 nr_out, bool old)
{
	u32 i;

	memset(ring_bytes, 0, sizeof(ring_bytes));
	memset(&stats, 0, sizeof(stats));
	nr_raised = nr_drained = nr_hits = 0;
	outer = ~0u;
	if (damon_ring_init(ring, CAPACITY))
		fail("no ring", 0);
	local_set(&ring->head, FIRST_INDEX);
	ring->tail = FIRST_INDEX;
	ring->tail_seen = old ? FIRST_INDEX - CAPACITY + nr : FIRST_INDEX;
	for (i = FIRST_INDEX; i != FIRST_INDEX + CAPACITY; i++)
		ring->slot[i & ring->mask].seq = i + 1 - CAPACITY;
	support_step_begin(0);
	for (i = 0; i < nr; i++)
		one_sample();
	one_drain(nr_out);
	was_full = pending() == CAPACITY;
	nr_runs++;
}

/* All has ended: each report is somewhere. */
static void settle(void)
{
	unsigned long lost[DAMON_NR_CPU_LOSSES] = { 0 };
	u32 i, j;

	expect_counted(0);
	drain_all();
	if (pending())
		fail("something is stranded", pending());
	for (i = 0; i < nr_raised; i++) {
		for (j = 0; j < nr_drained && drained[j] != i; j++)
			;
		if ((j < nr_drained) != !outcome[i])
			fail("a report is lost, or told as lost", i);
		lost[outcome[i]]++;
	}
	if (local_read(&stats.raised) != nr_raised)
		fail("samples raised", local_read(&stats.raised));
	for (i = 1; i < DAMON_NR_CPU_LOSSES; i++)
		if (local_read(&stats.lost[i]) != lost[i])
			fail("a loss is not counted", i);
	/* And it is a ring like any other. */
	outer = ~0u;
	for (i = 0; i < 2 * CAPACITY; i++) {
		one_sample();
		one_drain(i % 2 * 2);
	}
}

/* What became of the sample that was interrupted: may that be? */
static void judge_outer(void)
{
	if (outcome[outer] == DAMON_LOST_RING_FULL && !was_full)
		fail("full, and never was", outer);
	/* It tries twice. */
	if (outcome[outer] == DAMON_LOST_RING_NESTED && nr_hits < 2)
		fail("given up too early", outer);
	if (outcome[outer] && outcome[outer] != DAMON_LOST_RING_FULL &&
	    outcome[outer] != DAMON_LOST_RING_NESTED)
		fail("lost otherwise", outcome[outer]);
}

static void stepped_handler(void)
{
	expect_counted(0);
	outer = nr_raised++;
	support_step_on();
	outcome[outer] = handle(outer);
	support_step_off();
	judge_outer();
}

static void stepped_push(void)
{
	outer = nr_raised++;
	outcome[outer] = push(outer);
	judge_outer();
}

static void stepped_drain(void)
{
	struct damon_report out[CAPACITY];
	u32 i, nr;

	support_step_on();
	nr = damon_ring_drain(ring, out, CAPACITY);
	support_step_off();
	for (i = 0; i < nr; i++)
		judge(&out[i]);
}

/* Fill states: samples taken, drained, and whether the tail seen is old. */
static const struct {
	u32 nr;
	u32 nr_out;
	bool old;
} states[] = {
	{ 0, 0, false }, { 3, 0, false }, { 4, 0, false },
	{ 4, 1, false }, { 4, 4, false }, { 2, 1, true },
};
#define NR_STATES 6

/* One interrupt, at each place, of each kind, in each state. */
static void interrupt_once(void (*stepped)(void), bool drains)
{
	u32 state, kind, nr;

	for (state = 0; state < NR_STATES; state++) {
		/* A ring has one consumer; laps, where it is or looks full. */
		nr = drains ? 2 : states[state].nr == 4 ? NR_BETWEEN : 3;
		for (kind = 0; kind < nr; kind++) {
			step.act[0] = between[kind];
			for (step.stop[0] = 1;; step.stop[0]++) {
				start(states[state].nr, states[state].nr_out,
				      states[state].old);
				support_step_begin(1);
				stepped();
				settle();
				if (!step.next)
					break;
			}
		}
	}
}

/* Two, at each pair of places: the second try is interrupted as well. */
static void interrupt_twice(u32 state, void (*first)(void),
			    void (*second)(void), bool *gave_up)
{
	step.act[0] = first;
	step.act[1] = second;
	for (step.stop[0] = 1;; step.stop[0]++) {
		for (step.stop[1] = step.stop[0] + 1;; step.stop[1]++) {
			start(states[state].nr, states[state].nr_out,
			      states[state].old);
			support_step_begin(2);
			stepped_push();
			*gave_up |= outcome[outer] == DAMON_LOST_RING_NESTED;
			settle();
			if (step.next < 2)
				break;
		}
		if (!step.next)
			return;
	}
}

int main(void)
{
	bool gave_up = false;

	support_step_init();
	step.before = before_act;
	what = "a handler";
	interrupt_once(stepped_handler, false);
	interrupt_twice(0, samples_1, samples_1, &gave_up);
	interrupt_twice(2, drain_all, laps, &gave_up);
	if (!gave_up)
		fail("two interrupts that nothing minds", 0);
	what = "a drain";
	interrupt_once(stepped_drain, true);
	printf("prop_nested: %lu runs, interrupted at every instruction\n",
	       nr_runs);
	return 0;
}

#else

int main(void)
{
	printf("prop_nested: this machine has no trap flag, nothing done\n");
	return 0;
}

#endif
