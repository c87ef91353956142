/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A captured stream of samples through the hot path into DAMON's core.
 *
 * Every sample record of the capture raises the overflow handler on its CPU;
 * the kdamond ticks on the capture's own clock; what it sees is what a kernel
 * would have seen that was given these samples.  Memory does not grow with the
 * capture.
 *
 * Not here: printing (report/), the command line (cmd/).
 */
#ifndef REPLAY_H
#define REPLAY_H

#include <linux/types.h>

#include "config/config.h"
#include "damon/context.h"
#include "damon/kdamond.h"
#include "damon/observers.h"
#include "machine/cpus.h"
#include "machine/feed.h"
#include "replay/captured.h"
#include "replay/schemes.h"
#include "replay/space.h"
#include "replay/survey.h"
#include "replay/tally.h"
#include "replay/heat.h"
#include "trace.h"

/* Slots of a ring unless something else is asked for, as published. */
#define REPLAY_RING_CAPACITY 256u

struct replay;

/**
 * struct replay_options - what to replay, and how.
 * @path:	capture, "-" for standard input
 * @config_path: damo configuration, or NULL to choose from the capture
 * @pid:	monitor this process; used with @has_pid, without configuration
 * @phys:	monitor physical memory; without configuration
 * @driver_phys: see struct captured_rules
 * @keep_going:	report what came before a fault of the capture
 * @ring_capacity: slots, a power of two
 * @seed:	of the monitor's random numbers
 * @stop:	set by a signal handler to end early, or NULL
 * @progress:	called now and then, or NULL
 * @progress_arg: handed to it
 * @on_begin:	called when the monitor is built and about to start, or NULL;
 *		may add observers.  Once for each pass over the capture
 * @before_tick: called before each tick that is not idle, or NULL
 * @after_tick:	likewise
 * @on_arg:	handed to these three
 */
struct replay_options {
	const char *path;
	const char *config_path;
	u32 pid;
	bool has_pid;
	bool phys;
	bool driver_phys;
	bool keep_going;
	u32 ring_capacity;
	u64 seed;
	const volatile int *stop;
	void (*progress)(void *arg, const struct replay *r);
	void *progress_arg;
	int (*on_begin)(void *arg, struct replay *r);
	void (*before_tick)(void *arg, const struct replay *r);
	void (*after_tick)(void *arg, const struct replay *r);
	void *on_arg;
};

/* One region of a window, as damon_aggregated tells it. */
struct replay_region {
	u64 start;
	u64 end;
	u32 nr_accesses;
	u32 age;
};

/* The regions of a target in one window. */
struct replay_window {
	struct replay_region *region;
	u32 nr;
	u32 max;
	u64 end_ns;
	bool accessed;
};

/**
 * struct replay_target - what the replay keeps of a target.
 * @space:	memory known to be in use
 * @fixed:	regions were given; @space does not change them
 * @heat:	canvas of the whole run
 * @building:	the window that is being told
 * @latest:	the latest window with accesses in it
 */
struct replay_target {
	struct space space;
	bool fixed;
	struct heat heat;
	struct replay_window building;
	struct replay_window latest;
};

/**
 * struct replay - a replay, running or done.
 * @opt:	as asked
 * @config:	read from opt.config_path, else all zero
 * @src:	capture, open until replay_fini()
 * @rules:	by event
 * @nr_rules:	of @rules
 * @survey:	what the beginning of the capture showed
 * @plan:	what was chosen, or taken from the configuration
 * @sampling:	handed to the overflow handler
 * @cpus:	rings and counters
 * @feed:	from the rings to @ctx
 * @ctx:	the monitor
 * @observers:	of @ctx
 * @split:	of @ctx
 * @kdamond:	of @ctx
 * @target:	nr_targets of @ctx
 * @tally:	samples by process, if the process was chosen here
 * @schemes:	what they do, if there are any
 * @begin_ns:	when the kdamond started, on the capture's clock
 * @now_ns:	time of the tick that is under way, or was last
 * @next_tick_ns: when the next one is due
 * @window_ns:	begin of the unfinished window
 * @end_ns:	time of the last record
 * @nr_ticks:	of the kdamond
 * @nr_windows:	complete aggregations
 * @nr_ticks_blind: ticks in which the capture lost records or was throttled
 * @throttled:	events that are stopped just now
 * @lost_in_tick: the capture lost something since the last tick
 * @raised:	there was a sample since the last tick
 * @last_raised: nr_windows when there last was one
 * @nr_untimed:	samples without a time, spaced evenly
 * @interrupted: ended early because opt.stop was set
 * @damage:	what is wrong with the capture, "" if nothing; see keep_going
 * @err:	first error of a tick
 */
struct replay {
	struct replay_options opt;
	struct config config;
	struct trace_source *src;
	struct captured_rules *rules;
	u32 nr_rules;
	struct survey survey;
	struct survey_plan plan;
	struct damon_sampling sampling;
	struct cpus cpus;
	struct feed feed;
	struct context ctx;
	struct observers observers;
	struct split_shared split;
	struct kdamond kdamond;
	struct replay_target *target;
	struct tally tally;
	struct replay_schemes schemes;
	u64 begin_ns;
	u64 now_ns;
	u64 next_tick_ns;
	u64 window_ns;
	u64 end_ns;
	u64 nr_ticks;
	u64 nr_windows;
	u64 nr_ticks_blind;
	u32 throttled;
	bool lost_in_tick;
	bool raised;
	u64 last_raised;
	u64 nr_untimed;
	bool interrupted;
	char damage[320];
	int err;
};

struct replay_error {
	char text[600];
};

/**
 * replay_run() - replay a capture from begin to end.
 * @r:		filled, also on failure: call replay_fini() either way
 * @opt:	copied; what it points to outlives @r
 * @err:	filled on failure
 *
 * Return: 0; -errno.  With opt.keep_going a fault in the middle of the capture
 * is no failure: it stands in @r->damage.
 */
int replay_run(struct replay *r, const struct replay_options *opt,
	       struct replay_error *err);

void replay_fini(struct replay *r);

/**
 * replay_seen_ns() - end of the time that the heat maps show.
 * @r:		a replay that has run
 *
 * Return: time of the last record, and at least a nanosecond after begin_ns.
 */
static inline u64 replay_seen_ns(const struct replay *r)
{
	return r->end_ns > r->begin_ns ? r->end_ns : r->begin_ns + 1;
}

/* Where all samples went; see damon_balance_holds(). */
void replay_balance(const struct replay *r, struct damon_balance *b);

#endif
