/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The acts behind a context's perf events (include/damon/event.h) on a
 * simulated machine: what the perf core does when it is told to make, enable,
 * disable and release an event on a CPU.
 *
 * The kernel's way with pinned events is kept: whoever takes the sampling unit
 * away leaves them in an error state that nobody is told of.
 *
 * Not here: when that is done (include/damon/events.h), what an event samples
 * (sampler.h).
 */
#ifndef SUBSTRATE_H
#define SUBSTRATE_H

#include <damon/commit.h>

#include "run/run_cpu.h"
#include "run/sampler.h"
#include "run/scenario.h"

/* Kinds of events of which somebody has one on this machine. */
#define SUBSTRATE_EVENTS_MAX 256

/**
 * struct substrate - the perf core, as far as DAMON's events need it.
 * @scenario:	the machine
 * @workload:	programs
 * @nr_workloads: of them
 * @cpu:	CPUs
 * @nr_cpus:	of @cpu
 * @online:	as the sets of events see it
 * @owner:	of the rings
 * @event:	events that were made so far, kept: samplers point to them
 * @nr_events:	of them
 * @refuse:	called before an event is made on a CPU; the errno to refuse
 *		it with, or 0.  NULL: nobody refuses
 * @refuse_arg:	its
 * @taken:	by CPU: somebody else has the sampling unit
 * @nr_faulting: events that count page faults just now, on each CPU
 * @fail_after:	allocations until one fails; 0: none does
 * @nr_created: events that were made on a CPU
 * @nr_refused: that were not
 * @nr_samples, @nr_throttled, @nr_pebs_lost: of events that do not count
 *		any more
 */
struct substrate {
	const struct scenario *scenario;
	const struct workload *const *workload;
	u32 nr_workloads;
	struct run_cpu *cpu;
	u32 nr_cpus;
	bool *online;
	struct damon_owner owner;
	struct sampler_event *event[SUBSTRATE_EVENTS_MAX];
	u32 nr_events;
	int (*refuse)(void *arg, u32 cpu);
	void *refuse_arg;
	bool *taken;
	u32 nr_faulting;
	u64 fail_after;
	u64 nr_created;
	u64 nr_refused;
	u64 nr_samples;
	u64 nr_throttled;
	u64 nr_pebs_lost;
};

/**
 * substrate_init() - a perf core without events.
 * @b:		storage
 * @s:		scenario
 * @w:		programs, by pointer
 * @nr_w:	of them
 * @cpu:	CPUs
 *
 * Return: 0; -ENOMEM.
 */
int substrate_init(struct substrate *b, const struct scenario *s,
		   const struct workload *const *w, u32 nr_w,
		   struct run_cpu *cpu);

void substrate_fini(struct substrate *b);

/* A context's set of events, empty. */
void substrate_set_init(struct substrate *b, struct damon_events *set);

/**
 * substrate_commit() - have these events from now on.
 * @b:		substrate
 * @set:	of a context
 * @event:	as the configuration has them
 * @nr:		of them
 *
 * Return: as damon_events_commit(); -ENOMEM.
 */
int substrate_commit(struct substrate *b, struct damon_events *set,
		     const struct config_perf_event *event, u32 nr);

/* Give up all events. */
void substrate_set_fini(struct substrate *b, struct damon_events *set);

/*
 * Events that are armed and count nothing, over all online CPUs: enabling a
 * pinned event fails silently, so that whoever armed it did not notice.
 */
u32 substrate_nr_silent(const struct damon_events *set);

/* Somebody else takes the sampling unit of a CPU, or gives it back. */
void substrate_take_pmu(struct substrate *b, u32 cpu, bool taken);

#endif
