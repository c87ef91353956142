/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where every sample went: one counter per cause, and the law between them.
 *
 *	raised = credited + absorbed + every named loss	(+ still in the rings)
 *
 * A sample ends in exactly one of these, so that "nothing was seen" can be told
 * apart from "nothing was there".  Each counter has one writer: those of struct
 * damon_cpu_stats the CPU's own sampling interrupts, those of struct
 * damon_tick_stats the kdamond.  They run free; readers take differences.
 *
 * Not here: the decision which cause it is (sample.h, ring.h, tick.h).
 */
#ifndef _DAMON_STATS_H
#define _DAMON_STATS_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/local.h>

/*
 * The causes in the order in which they are looked for: constant, name that
 * users see, meaning.  A name, once published, stays.
 */
#define DAMON_LOSSES(X)                                                     \
	/* in the overflow handler, before the ring */                      \
	X(NO_SAMPLE, "no_sample", "no sample data was handed over")         \
	X(NO_ADDR, "no_addr", "no data address: not a memory access")       \
	X(NULL_ADDR, "null_addr", "data address 0: the sampler missed it")  \
	X(WRONG_SPACE, "wrong_space", "address only of the other space")    \
	X(KERNEL_ADDR, "kernel_addr", "not an address of a process")        \
	X(GUEST, "guest", "a guest's own address while a guest ran")        \
	/* at the ring */                                                   \
	X(RING_FULL, "ring_full", "the ring was full")                      \
	X(RING_NESTED, "ring_nested", "interrupted twice by other reports") \
	/* in the kdamond's tick */                                         \
	X(STALE, "stale", "from an earlier arming of the events")           \
	X(FILTERED, "filtered", "refused by the context's sample filters")  \
	X(NO_TARGET, "no_target", "of a process that is no target")         \
	X(NO_REGION, "no_region", "outside every monitored region")         \
	X(STRADDLE, "straddle", "block crosses the end of a region")

/* clang-format off */
enum damon_loss {
	DAMON_LOST_NOT, /* accepted; not a cause */
#define X(cause, name, meaning) DAMON_LOST_##cause,
	DAMON_LOSSES(X)
#undef X
	DAMON_NR_LOSSES,
	DAMON_NR_CPU_LOSSES = DAMON_LOST_STALE,
};
/* clang-format on */

/**
 * struct damon_cpu_stats - what became of one CPU's samples up to its ring.
 * @raised:	times the overflow handler was called
 * @lost:	by enum damon_loss; [DAMON_LOST_NOT] stays 0
 *
 * What is not lost here was accepted by the ring, and damon_ring_accepted()
 * counts it.
 */
struct damon_cpu_stats {
	local_t raised;
	local_t lost[DAMON_NR_CPU_LOSSES];
};

/**
 * struct damon_tick_stats - what became of the reports that were drained.
 * @credited:	reports that gave a region its access of the tick
 * @absorbed:	reports for a region that had its access already
 * @lost:	by enum damon_loss; those below DAMON_LOST_STALE stay 0
 */
struct damon_tick_stats {
	unsigned long credited;
	unsigned long absorbed;
	unsigned long lost[DAMON_NR_LOSSES];
};

/**
 * struct damon_balance - both sides of the law, added up by the reader.
 * @raised:	samples raised on all CPUs
 * @credited:	see struct damon_tick_stats
 * @absorbed:	see struct damon_tick_stats
 * @in_rings:	accepted and not drained yet
 * @lost:	by cause
 */
struct damon_balance {
	unsigned long raised;
	unsigned long credited;
	unsigned long absorbed;
	unsigned long in_rings;
	unsigned long lost[DAMON_NR_LOSSES];
};

/**
 * damon_balance_add_cpu() - add one CPU's side.
 * @b:		balance, zeroed before the first addition
 * @s:		the CPU's counters
 * @in_ring:	damon_ring_pending() of its ring
 *
 * Exact when the CPU takes no sample meanwhile; else off by the ones it takes.
 */
static inline void damon_balance_add_cpu(struct damon_balance *b,
					 const struct damon_cpu_stats *s,
					 unsigned long in_ring)
{
	int i;

	b->raised += local_read(&s->raised);
	b->in_rings += in_ring;
	for (i = 0; i < DAMON_NR_CPU_LOSSES; i++)
		b->lost[i] += local_read(&s->lost[i]);
}

/**
 * damon_balance_add_tick() - add the kdamond's side.
 * @b:		balance
 * @s:		the kdamond's counters; read once each, it may be running
 */
static inline void damon_balance_add_tick(struct damon_balance *b,
					  const struct damon_tick_stats *s)
{
	int i;

	b->credited += READ_ONCE(s->credited);
	b->absorbed += READ_ONCE(s->absorbed);
	for (i = 0; i < DAMON_NR_LOSSES; i++)
		b->lost[i] += READ_ONCE(s->lost[i]);
}

/**
 * damon_balance_holds() - does the law hold?
 * @b:		balance with all CPUs and every kdamond of their rings added
 *
 * Return: true if raised = credited + absorbed + in_rings + every loss.
 */
static inline bool damon_balance_holds(const struct damon_balance *b)
{
	unsigned long sum = b->credited + b->absorbed + b->in_rings;
	int i;

	for (i = 0; i < DAMON_NR_LOSSES; i++)
		sum += b->lost[i];
	return sum == b->raised;
}

#endif
