/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One perf event of a context: what it asks for, and its state on each CPU.
 *
 * The acts come in through a table, so that what a kernel does to perf and what
 * a simulator does to its model is decided by the same lines.
 *
 *	state on a CPU		means
 *	ABSENT			the CPU is offline, or nothing was asked yet
 *	IDLE			made, not counting
 *	ARMED			counting
 *	REFUSED			the CPU would not have it; @error says why
 *
 *		   create		arm	disarm	drop
 *	ABSENT	   IDLE or REFUSED	-	-	ABSENT
 *	IDLE	   -			ARMED	-	ABSENT
 *	ARMED	   -			-	IDLE	ABSENT
 *	REFUSED	   IDLE or REFUSED	-	-	ABSENT
 *
 * Who calls it: events.h alone, which keeps callers apart.
 *
 * Not here: when a transition is due (events.h), what an event counts.
 */
#ifndef _DAMON_EVENT_H
#define _DAMON_EVENT_H

#include <linux/errno.h>
#include <linux/types.h>

/**
 * struct damon_event_attr - what to ask perf for; names are the control files'.
 * @type:	 perf_event_attr.type, as the others
 * @wakeup_events: not 0 keeps a PMU from batching records (large PEBS)
 * @precise_ip:	 0 to 3
 * @freq:	 @sample_freq is used, else @sample_period
 */
struct damon_event_attr {
	u32 type;
	u64 config;
	u64 config1;
	u64 config2;
	u64 sample_freq;
	u64 sample_period;
	u32 wakeup_events;
	u32 precise_ip;
	bool sample_phys_addr;
	bool sample_weight_struct;
	bool exclude_kernel;
	bool exclude_hv;
	bool freq;
};

enum damon_event_state {
	DAMON_EVENT_ABSENT,
	DAMON_EVENT_IDLE,
	DAMON_EVENT_ARMED,
	DAMON_EVENT_REFUSED,
};

/**
 * struct damon_event_cpu - one event on one CPU.
 * @handle:	what ops->create() gave; valid in IDLE and ARMED
 * @error:	what it returned last, also after a commit that was rolled back
 * @state:	enum damon_event_state
 */
struct damon_event_cpu {
	void *handle;
	int error;
	u8 state;
};

/**
 * struct damon_event - one event of a context.
 * @attr:	what it counts
 * @cpu:	nr_cpus entries, all ABSENT when handed to damon_events_commit()
 * @same:	of the commit under way: the event that it goes on as, or was
 */
struct damon_event {
	struct damon_event_attr attr;
	struct damon_event_cpu *cpu;
	struct damon_event *same;
};

/**
 * struct damon_event_ops - the acts.
 * @create:	make @attr's event on @cpu, not counting; 0 or -errno
 * @enable:	let it count; may fail silently, see @alive
 * @disable:	stop it; no handler of it runs any more when this returns
 * @release:	disable it and free it
 * @alive:	is it what it was told to be?  A pinned event that lost its
 *		counter to somebody else is not
 * @lock:	keep all others and hotplug out
 * @unlock:	let them in
 */
struct damon_event_ops {
	int (*create)(void *arg, const struct damon_event_attr *attr, u32 cpu,
		      void **handle);
	void (*enable)(void *arg, void *handle);
	void (*disable)(void *arg, void *handle);
	void (*release)(void *arg, void *handle);
	bool (*alive)(void *arg, void *handle);
	void (*lock)(void *arg);
	void (*unlock)(void *arg);
};

/**
 * damon_event_attr_check() - would the event sample?
 * @attr:	attributes as a user wrote them
 * @freq_max:	highest sample_freq that perf allows users, per second
 *
 * An in-kernel counter passes by the checks of the system call, so a counter
 * that never overflows, or one that overflows all the time, would be had
 * without a word.
 *
 * Return: 0, or -EINVAL.
 */
static inline int damon_event_attr_check(const struct damon_event_attr *attr,
					 u64 freq_max)
{
	if (attr->precise_ip > 3)
		return -EINVAL;
	if (attr->freq)
		return attr->sample_freq && attr->sample_freq <= freq_max ?
			       0 :
			       -EINVAL;
	return attr->sample_period && !(attr->sample_period >> 63) ? 0 :
								     -EINVAL;
}

/**
 * damon_event_attr_same() - do two ask for the same?
 * @a:		one
 * @b:		the other
 *
 * What the choice of @freq leaves unused does not matter.
 */
static inline bool damon_event_attr_same(const struct damon_event_attr *a,
					 const struct damon_event_attr *b)
{
	return a->type == b->type && a->config == b->config &&
	       a->config1 == b->config1 && a->config2 == b->config2 &&
	       a->wakeup_events == b->wakeup_events &&
	       a->precise_ip == b->precise_ip &&
	       a->sample_phys_addr == b->sample_phys_addr &&
	       a->sample_weight_struct == b->sample_weight_struct &&
	       a->exclude_kernel == b->exclude_kernel &&
	       a->exclude_hv == b->exclude_hv && a->freq == b->freq &&
	       (a->freq ? a->sample_freq == b->sample_freq :
			  a->sample_period == b->sample_period);
}

/**
 * damon_event_create() - make the event on a CPU.
 * @ops:	the acts
 * @arg:	handed to them
 * @event:	ABSENT or REFUSED there, else nothing is done
 * @cpu:	an online one
 *
 * Return: 0, or what ops->create() said.
 */
static inline int damon_event_create(const struct damon_event_ops *ops,
				     void *arg, struct damon_event *event,
				     u32 cpu)
{
	struct damon_event_cpu *c = &event->cpu[cpu];

	if (c->state == DAMON_EVENT_IDLE || c->state == DAMON_EVENT_ARMED)
		return 0;
	c->error = ops->create(arg, &event->attr, cpu, &c->handle);
	c->state = c->error ? DAMON_EVENT_REFUSED : DAMON_EVENT_IDLE;
	return c->error;
}

/**
 * damon_event_arm() - let the event count on a CPU.
 * @ops:	the acts
 * @arg:	handed to them
 * @event:	IDLE there, else nothing is done
 * @cpu:	which
 */
static inline void damon_event_arm(const struct damon_event_ops *ops, void *arg,
				   struct damon_event *event, u32 cpu)
{
	struct damon_event_cpu *c = &event->cpu[cpu];

	if (c->state != DAMON_EVENT_IDLE)
		return;
	c->state = DAMON_EVENT_ARMED;
	ops->enable(arg, c->handle);
}

/**
 * damon_event_disarm() - stop the event on a CPU.
 * @ops:	the acts
 * @arg:	handed to them
 * @event:	ARMED there, else nothing is done
 * @cpu:	which
 */
static inline void damon_event_disarm(const struct damon_event_ops *ops,
				      void *arg, struct damon_event *event,
				      u32 cpu)
{
	struct damon_event_cpu *c = &event->cpu[cpu];

	if (c->state != DAMON_EVENT_ARMED)
		return;
	ops->disable(arg, c->handle);
	c->state = DAMON_EVENT_IDLE;
}

/**
 * damon_event_drop() - leave the CPU without the event.
 * @ops:	the acts
 * @arg:	handed to them
 * @event:	in any state there
 * @cpu:	which
 */
static inline void damon_event_drop(const struct damon_event_ops *ops,
				    void *arg, struct damon_event *event,
				    u32 cpu)
{
	struct damon_event_cpu *c = &event->cpu[cpu];

	damon_event_disarm(ops, arg, event, cpu);
	if (c->state == DAMON_EVENT_IDLE)
		ops->release(arg, c->handle);
	c->handle = NULL;
	c->state = DAMON_EVENT_ABSENT;
}

#endif
