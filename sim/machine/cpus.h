/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The CPUs of a machine, each with its ring and its counters.
 *
 * A CPU is made when it is first heard of, because a capture does not say how
 * many there are, and numbers may have holes.
 *
 * Not here: what a CPU runs.
 */
#ifndef CPUS_H
#define CPUS_H

#include <damon/ring.h>
#include <damon/stats.h>
#include <linux/types.h>

/* Above any machine that Linux is built for (NR_CPUS is at most 8192). */
#define CPUS_MAX 65536

/**
 * struct cpu - one CPU.
 * @stats:	of its overflow handler
 * @ring:	to the kdamond
 * @nr_drains:	ticks in which the ring held something
 * @drained:	reports taken out, over all ticks
 * @fill_max:	most reports that a tick found
 */
struct cpu {
	struct damon_cpu_stats stats;
	struct damon_ring *ring;
	u64 nr_drains;
	u64 drained;
	u32 fill_max;
};

/**
 * struct cpus - all CPUs heard of.
 * @cpu:	by number; NULL where none was heard of
 * @nr:		highest number + 1
 * @capacity:	slots of each ring
 */
struct cpus {
	struct cpu **cpu;
	u32 nr;
	u32 capacity;
};

/**
 * cpus_init() - a machine of which nothing is known yet.
 * @cpus:	storage
 * @capacity:	slots of each ring, a power of two
 *
 * Return: 0; -EINVAL for a capacity that no ring can have.
 */
int cpus_init(struct cpus *cpus, u32 capacity);

/* Free all CPUs. */
void cpus_fini(struct cpus *cpus);

/* cpus_get() for a CPU that was not heard of. */
int cpus_add(struct cpus *cpus, u32 nr, struct cpu **out);

/**
 * cpus_get() - a CPU by its number.
 * @cpus:	machine
 * @nr:		below CPUS_MAX
 * @out:	set on success
 *
 * Return: 0; -ERANGE for a number that no CPU has; -ENOMEM.
 */
static inline int cpus_get(struct cpus *cpus, u32 nr, struct cpu **out)
{
	if (nr < cpus->nr && cpus->cpu[nr]) {
		*out = cpus->cpu[nr];
		return 0;
	}
	return cpus_add(cpus, nr, out);
}

#endif
