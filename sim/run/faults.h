/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a scenario lets go wrong, or does to a running machine, and when.
 *
 * Each kind of fault is a row of a table: what is done when it begins, when it
 * ends, and to each sample meanwhile.  What happened is counted by fault, so
 * that a report can show that it did.
 *
 * Not here: what it means for what is found.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <linux/types.h>

#include "damon/scheme.h"
#include "run/luck.h"
#include "run/run_cpu.h"
#include "run/scenario.h"

struct run;

/**
 * struct fault - one of the scenario's, going on or not.
 * @spec:	what the scenario says
 * @next_ps:	when it begins or ends next; ~0: never
 * @active:	it has begun and not ended
 * @began_ps:	when it began last
 * @cpu:	on which it struck
 * @storm_event: of an NMI storm: what is sampled
 * @storm:	likewise, by CPU
 * @wmarks:	of a deactivation: those that schemes had
 * @nr_wmarks:	of @wmarks
 * @result:	of the last time, 0 or -errno
 * @nr:		how often it struck: began, or changed a sample
 */
struct fault {
	const struct scenario_fault *spec;
	u64 next_ps;
	bool active;
	u64 began_ps;
	u32 cpu;
	struct sampler_event *storm_event;
	struct sampler *storm;
	struct wmarks *wmarks;
	u32 nr_wmarks;
	int result;
	u64 nr;
};

/**
 * struct faults - all of them.
 * @fault:	by fault of the scenario
 * @nr:		of them
 * @luck:	of those that choose; not the CPUs'
 * @wrote:	who wrote the run's files last, or NULL
 */
struct faults {
	struct fault *fault;
	u32 nr;
	struct luck luck;
	const struct fault *wrote;
};

/**
 * faults_init() - nothing has happened so far.
 * @f:		storage
 * @s:		scenario
 *
 * Return: 0; -ENOMEM.
 */
int faults_init(struct faults *f, const struct scenario *s);

void faults_fini(struct faults *f);

/* When something begins or ends next; ~0: never. */
u64 faults_next_ps(const struct faults *f);

/* What is due at the machine's time.  Return: 0; -ENOMEM. */
int faults_strike(struct faults *f, struct run *r);

/* How much later than it should the kdamond wakes up, just now. */
u64 faults_late_ps(struct faults *f);

/* See struct run_env, with a struct run, and struct substrate. */
bool faults_tamper(void *arg, struct run_cpu *c, u64 at_ps,
		   const struct sampler_event *event,
		   struct perf_sample_data *data, struct damon_running *who);
int faults_refuse(void *arg, u32 cpu);

#endif
