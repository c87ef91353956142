/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A scenario run: a machine in a closed loop with the kdamond that monitors it
 * and moves its memory.
 *
 * The kdamond's clock and the machine's are one.  What the kdamond does to
 * memory takes it time, in which it does not drain; what an interrupt does
 * takes the interrupted program's time.  Every sample goes through the overflow
 * handler, a ring, a drain and a match, which are the kernel's.
 *
 * Not here: reading scenarios (scenario.h), printing (report/).
 */
#ifndef RUN_H
#define RUN_H

#include <damon/commit.h>
#include <linux/types.h>

#include "damon/context.h"
#include "damon/kdamond.h"
#include "damon/observers.h"
#include "machine/feed.h"
#include "run/faults.h"
#include "run/machine.h"
#include "run/measure.h"
#include "run/primitive.h"
#include "run/ram_ops.h"
#include "run/scenario.h"
#include "run/span.h"
#include "run/touch.h"
#include "run/truth.h"

/* Interrupted before its end. */
#define RUN_STOPPED 1

/**
 * struct run_options - how to run.
 * @nr_threads:	of ours that play CPUs, at least 1; the result is the same
 * @stepped:	see struct run_env
 * @stop:	set by a signal handler to end early, or NULL
 * @progress:	called now and then, or NULL
 * @progress_arg: its
 * @observe:	called when the context is built and about to start, or NULL;
 *		may add observers
 * @before_tick: called before each tick that does more than drain, or NULL
 * @after_tick:	called after it, or NULL
 * @before_step: called before CPUs are played for some time, or NULL
 * @observe_arg: handed to these four
 * @name:	of the scenario, for reports; or NULL
 * @set:	"path=value" that were put in its place, for reports
 * @nr_set:	of @set
 */
struct run;
struct run_options {
	u32 nr_threads;
	bool stepped;
	const volatile int *stop;
	void (*progress)(void *arg, const struct run *r);
	void *progress_arg;
	int (*observe)(void *arg, struct run *r);
	void (*before_tick)(void *arg, const struct run *r);
	void (*after_tick)(void *arg, const struct run *r);
	void (*before_step)(void *arg, struct run *r);
	void *observe_arg;
	const char *name;
	const char *const *set;
	u32 nr_set;
};

/**
 * struct run - a run.
 * @opt:	as asked
 * @s:		scenario
 * @m:		machine
 * @ctx:	monitor
 * @cfg:	configuration of @ctx: the scenario's, or what a commit made of
 * 		it
 * @files:	what was written for the kernel to take, taken or not; NULL:
 *		nothing so far
 * @observers:	of @ctx
 * @split:	of @ctx
 * @k:		kdamond
 * @set:	events of @ctx
 * @feed:	its snapshot
 * @pool:	who plays CPUs
 * @memory:	what schemes act upon
 * @primitive:	how accesses are noticed without events
 * @touch:	what comes when programs touch it
 * @faults:	what is still going to happen
 * @measure:	what was found
 * @truth:	how well memory was known
 * @luck:	of the kdamond's wake-ups
 * @started:	the kdamond was started
 * @wake_ps:	when the kdamond wakes
 * @free_ps:	when it is done with what it was doing
 * @hits:	regions that are credited in this tick
 * @nr_hits:	of them
 * @nr_ticks:	so far
 * @nr_blind:	events that do not count, over all online CPUs, at the last look
 * @start_err:	why monitoring did not start, -errno
 * @stats:	what became of drained reports
 * @kept:	configurations of run_keep()
 * @nr_kept:	of @kept
 * @kdamond_ps:	time that the kdamond spent, by what models say
 * @stalled_ps:	of that, with memory
 */
struct run {
	struct run_options opt;
	const struct scenario *s;
	struct machine m;
	struct context ctx;
	const struct config_context *cfg;
	const struct config *files;
	struct observers observers;
	struct split_shared split;
	struct kdamond k;
	struct damon_events set;
	struct feed feed;
	struct span_pool *pool;
	struct ram_ops memory;
	struct primitive primitive;
	struct touch touch;
	struct faults faults;
	struct measure measure;
	struct truth truth;
	struct luck luck;
	bool started;
	u64 wake_ps;
	u64 free_ps;
	const u32 *hits;
	u32 nr_hits;
	u64 nr_ticks;
	u32 nr_blind;
	int start_err;
	struct damon_tick_stats stats;
	struct config **kept;
	u32 nr_kept;
	u64 kdamond_ps;
	u64 stalled_ps;
};

/**
 * run_init() - build machine and monitor.
 * @r:		storage, not to be moved
 * @s:		scenario that was checked; outlives the run
 * @opt:	how
 * @why:	on failure, a text
 * @sz:		of @why
 *
 * Return: 0; -errno.
 */
int run_init(struct run *r, const struct scenario *s,
	     const struct run_options *opt, char *why, size_t sz);

/**
 * run_begin() - the machine starts, nothing monitors it so far.
 * Return: 0; -ENOMEM.
 */
int run_begin(struct run *r);

/**
 * run_on() - monitor it from now on.
 * @r:		begun, and not monitored
 * @cfg:	outlives the run; may be that of a context that was switched off
 *
 * Return: 0; -errno as the kernel says, and nothing monitors.
 */
int run_on(struct run *r, const struct config_context *cfg);

/* Monitor it no more; what was found stays. */
void run_off(struct run *r);

/*
 * The run frees @cfg, from calloc(), when nothing of the run is of it any more.
 * Return: 0; -ENOMEM.
 */
int run_keep(struct run *r, struct config *cfg);

/**
 * run_go() - run to the end.
 * @r:		after run_init()
 *
 * That the kernel would not start the monitor is a result, not an error.
 *
 * Return: 0; RUN_STOPPED; -ENOMEM.
 */
int run_go(struct run *r);

void run_fini(struct run *r);

/* What a process has mapped: its program, its memory, its stack. */
void run_mappings(const struct program *p, struct range map[3]);

/* Both sides of the law of conservation. */
void run_balance(const struct run *r, struct damon_balance *b);

/* What a drain of so many reports takes the kdamond. */
u64 run_tick_ps(const struct run *r, u32 nr_drained);

/* Was it told to end, and did? */
static inline bool run_interrupted(const struct run *r)
{
	return r->opt.stop && *r->opt.stop &&
	       r->m.now_ps < r->s->duration_us * RUN_PS_PER_US;
}

/* Simulated time so far. */
static inline u64 run_us(const struct run *r)
{
	return r->m.now_ps / RUN_PS_PER_US;
}

/**
 * run_commit() - the context becomes what @cfg says, as the kernel does it.
 * @r:		run
 * @cfg:	outlives the run
 *
 * Return: 0; -EINVAL and so on, as the kernel says; -ECANCELED, or of an old
 * one -EINVAL, if there was a monitor and is none.
 */
int run_commit(struct run *r, const struct config_context *cfg);

/* Likewise of the goals only: what tuners have come to stays. */
int run_commit_goals(struct run *r, const struct config_context *cfg);

#endif
