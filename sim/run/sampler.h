/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A perf event that samples memory accesses: what it sees of each program, and
 * its state on each CPU.
 *
 * What a sampling unit makes of an op is worked out by the models of the units
 * and of their drivers (ibs_op.h, ibs_driver.h, pebs.h) once for each sort of
 * op and each node that its page may be on, because it does not depend on
 * anything else but the addresses; a sample then takes its shape from a table.
 * The models stay the authority: a table that says something else is a bug.
 *
 * Three kinds: by the clock, as IBS does unless it is told otherwise: the time
 * to the next sample is known, and which op it is, is a matter of how long each
 * sort of op keeps the CPU; by count, as other units do: what is counted passes
 * as work is done; and one by one, as perf's software events: page faults come
 * when memory does (page_faults.h), and all that is known of them is the page.
 *
 * Perf's clocks go by the clock, and know no address.  Other software events
 * are made and never raise anything: of what they count nothing happens here,
 * or on this architecture.
 *
 * Left out: several events that share a counter and take turns; IBS that counts
 * on while a sample is latched.
 */
#ifndef SAMPLER_H
#define SAMPLER_H

#include <damon/event.h>
#include <linux/types.h>

#include "ibs_driver.h"
#include "ibs_op.h"
#include "pebs.h"
#include "perf_freq.h"
#include "perf_limit.h"
#include "perf_sw.h"
#include "ram.h"
#include "run/scenario.h"
#include "workload.h"

/* On which node the page is, or that there is none. */
#define SAMPLER_NOWHERE RAM_NODES_MAX
#define SAMPLER_PLACES (RAM_NODES_MAX + 1)

/* Counts are kept in 65536ths. */
#define SAMPLER_COUNT_SHIFT 16

/**
 * struct sampler_shape - what becomes of a sample of one sort of op on one
 * node.
 * @raises:	the unit tells of it; else its filters refuse it, or the event
 *		does not count it there
 * @flags:	perf_sample_data.sample_flags
 * @addr:	all ones if @flags has that field, else 0
 * @phys_addr:	likewise
 * @has_data_src: likewise
 * @data_src:	perf_sample_data.data_src, if its flag is set
 */
struct sampler_shape {
	bool raises;
	u32 flags;
	u64 addr;
	u64 phys_addr;
	u64 has_data_src;
	u64 data_src;
};

/**
 * struct sampler_view - what an event sees of one program.
 * @nr:		sorts of ops that it may be a sample of; 0: it sees nothing
 * @class:	each of them, as the workload numbers them
 * @cut:	alias table: below it the slot's own sort, else @alias
 * @alias:	index into @class
 * @ret_ps:	from when the op is tagged until its sample is there
 * @per_unit:	what it counts in a unit of work, in 65536ths; 0 by the clock
 * @guest:	the program is a guest
 * @tells_all:	every op that is tagged is raised, wherever it goes
 * @shape:	by index into @class, by node
 */
struct sampler_view {
	u32 nr;
	u32 class[WORKLOAD_CLASSES_MAX];
	u32 cut[WORKLOAD_CLASSES_MAX];
	u32 alias[WORKLOAD_CLASSES_MAX];
	u32 ret_ps[WORKLOAD_CLASSES_MAX];
	u64 per_unit;
	bool guest;
	bool tells_all;
	struct sampler_shape shape[WORKLOAD_CLASSES_MAX][SAMPLER_PLACES];
};

enum sampler_unit {
	SAMPLER_IBS_OP,
	SAMPLER_PEBS,
	SAMPLER_FAULTS,
	SAMPLER_CLOCK,
};

/**
 * struct sampler_event - one event, on whatever CPU.
 * @attr:	what was asked for
 * @unit:	who samples
 * @by_clock:	see above
 * @by_freq:	its period is adjusted
 * @faults:	PERF_SW_MINOR, PERF_SW_MAJOR: those it counts
 * @period:	counts, or clocks, to begin with
 * @clock_fs:	femtoseconds of a clock
 * @period_ps:	@period in time, by the clock
 * @ctl:	IBS: bits of the control register
 * @part:	IBS
 * @knobs:	IBS
 * @random_ops:	IBS by count: the count begins anywhere up to this
 * @pebs:	PEBS: how each CPU's begins
 * @ns_latency: of each node, to know how long loads wait
 * @cxl:	which nodes are told as CXL
 * @view:	by program
 * @nr_views:	of @view
 */
struct sampler_event {
	struct damon_event_attr attr;
	enum sampler_unit unit;
	bool by_clock;
	bool by_freq;
	u32 faults;
	u64 period;
	u64 clock_fs;
	u64 period_ps;
	u64 ctl;
	enum ibs_part part;
	struct ibs_op_knobs knobs;
	u32 random_ops;
	struct pebs pebs;
	struct sampler_view *view;
	u32 nr_views;
};

/**
 * struct sampler - an event on a CPU.
 * @event:	which
 * @cpu:	where
 * @enabled:	it is to count
 * @error:	it was thrown off its counter: silent until it is made again
 * @left:	by the clock: picoseconds, else 65536ths of a count, until it
 * 		fires
 * @throttle:	between two timer ticks
 * @freq:	by frequency: what period is in force
 * @sw:		of page faults: how far it is to the next sample
 * @pebs:	buffer of the CPU
 * @count:	all that it counted, in 65536ths, by count
 * @nr_samples:	that it raised
 * @nr_throttled: how often it was stopped until the next tick
 */
struct sampler {
	const struct sampler_event *event;
	u32 cpu;
	bool enabled;
	bool error;
	u64 left;
	struct perf_throttle throttle;
	struct perf_freq freq;
	struct perf_sw sw;
	struct pebs pebs;
	u64 count;
	u64 nr_samples;
	u64 nr_throttled;
};

/**
 * sampler_event_new() - an event for a machine.
 * @out:	set on success
 * @attr:	what is asked for
 * @s:		scenario, for the machine
 * @w:		programs, by pointer; outlive it
 * @nr:		of @w
 *
 * What no kernel would make is refused as a kernel would.
 *
 * Return: 0; -ENOENT for a type that the machine's PMUs have not; -EINVAL,
 * -EOPNOTSUPP as its driver says; -ENOMEM.
 */
int sampler_event_new(struct sampler_event **out,
		      const struct damon_event_attr *attr,
		      const struct scenario *s, const struct workload *const *w,
		      u32 nr);

/*
 * Of sampler_event_new(): which unit, and what it is to do.  Return: 0;
 * -ENOENT, -EINVAL and -EOPNOTSUPP as there.
 */
int sampler_event_ask(struct sampler_event *e, const struct scenario *s);

void sampler_event_free(struct sampler_event *e);

/* An op of a sort as it is with its page on a node of the machine. */
struct op sampler_op(const struct workload_class *class,
		     const struct scenario_machine *m, u32 place);

/* A CPU's: not counting. */
void sampler_init(struct sampler *s, const struct sampler_event *e, u32 cpu);

/**
 * sampler_reload() - how far it is to the next sample, after one or at first.
 * @s:		event on a CPU
 * @luck:	32 random bits
 */
void sampler_reload(struct sampler *s, u32 luck);

/* It is a counter of the machine's that it needs, and may lose. */
static inline bool sampler_event_has_unit(const struct sampler_event *e)
{
	return e->unit == SAMPLER_IBS_OP || e->unit == SAMPLER_PEBS;
}

/* Which sort of op a sample is of: an index into @view->class. */
static inline u32 sampler_pick(const struct sampler_view *view, u32 luck)
{
	u64 scaled = (u64)luck * view->nr;
	u32 slot = scaled >> 32;
	u32 own = -(u32)((u32)scaled < view->cut[slot]);

	/* Without a branch: nobody could predict it. */
	return (slot & own) | (view->alias[slot] & ~own);
}

#endif
