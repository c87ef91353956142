/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The life of a context's perf events.
 *
 * Each event stands for one perf event a CPU, and event.h has its state there.
 * Here is when the states change:
 *
 *	commit		makes all new events on all online CPUs, or changes
 *			nothing and gives the errno of the CPU that refused
 *	arm		all count; a CPU that refused is asked again
 *	disarm		none counts
 *	online		the CPU gets all events, counting if the set is armed;
 *			refusal does not keep the CPU from coming online
 *	offline		the CPU loses all events
 *	revive		what stopped counting behind our back is made again
 *
 * So: armed means counting on every online CPU that does not refuse, and those
 * that do are counted, not hidden; disarmed means counting nowhere.  An event
 * whose attributes a commit does not change goes on counting through it.
 *
 * The rings are the set's from its first event, by whatever way that comes, to
 * its last (owner.h).
 *
 * Who may run with whom: nobody.  ops->lock() keeps commit, arm, disarm and
 * revive apart from each other and from hotplug; online and offline are called
 * by hotplug itself, which holds that lock against the others (in a kernel:
 * cpus_read_lock() against cpus_write_lock()).  All of them may sleep.
 *
 * Not here: commit (commit.h), allocation, the kdamond that decides to arm.
 */
#ifndef _DAMON_EVENTS_H
#define _DAMON_EVENTS_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>

#include "event.h"
#include "owner.h"

/* As many as the control files allow. */
#define DAMON_EVENTS_MAX 64

/**
 * struct damon_events - the events of one context.
 * @ops:	the acts
 * @arg:	handed to each of them
 * @owner:	of the rings that the handlers of this set push into
 * @online:	nr_cpus entries: the CPU is online
 * @nr_cpus:	possible CPUs
 * @freq_max:	highest sample_freq that perf allows its users, per second
 * @event:	the running events
 * @nr:		how many
 * @armed:	they are to count, and so are those that a commit adds
 * @epoch:	number of this set's latest arming, for its handlers to stamp
 *		reports with
 */
struct damon_events {
	const struct damon_event_ops *ops;
	void *arg;
	struct damon_owner *owner;
	bool *online;
	u32 nr_cpus;
	u64 freq_max;
	struct damon_event *event[DAMON_EVENTS_MAX];
	u32 nr;
	bool armed;
	u16 epoch;
};

/* Let all events count on an online CPU.  Return: how many do not. */
static inline u32 __damon_events_arm_cpu(struct damon_events *set, u32 cpu)
{
	u32 i, blind = 0;

	for (i = 0; i < set->nr; i++) {
		struct damon_event *event = set->event[i];

		damon_event_create(set->ops, set->arg, event, cpu);
		damon_event_arm(set->ops, set->arg, event, cpu);
		blind += event->cpu[cpu].state != DAMON_EVENT_ARMED;
	}
	return blind;
}

/* The same for all online CPUs. */
static inline u32 __damon_events_arm(struct damon_events *set)
{
	u32 cpu, blind = 0;

	for (cpu = 0; cpu < set->nr_cpus; cpu++)
		if (set->online[cpu])
			blind += __damon_events_arm_cpu(set, cpu);
	return blind;
}

/* What was reported before is stale from here on. */
static inline void __damon_events_new_epoch(struct damon_events *set)
{
	/* Stored before a handler of the set can run, and it reads this. */
	WRITE_ONCE(set->epoch, ++set->owner->epoch);
}

/**
 * damon_events_arm() - let all events count.
 * @set:	with or without events
 *
 * Return: how many events do not count, over all online CPUs; 0 is full
 * coverage.
 */
static inline u32 damon_events_arm(struct damon_events *set)
{
	u32 blind;

	set->ops->lock(set->arg);
	if (!set->armed && set->nr)
		__damon_events_new_epoch(set);
	set->armed = true;
	blind = __damon_events_arm(set);
	set->ops->unlock(set->arg);
	return blind;
}

/**
 * damon_events_disarm() - let no event count.
 * @set:	armed or not
 *
 * When it returns, no handler of the set's events runs.
 */
static inline void damon_events_disarm(struct damon_events *set)
{
	u32 i, cpu;

	set->ops->lock(set->arg);
	set->armed = false;
	for (i = 0; i < set->nr; i++)
		for (cpu = 0; cpu < set->nr_cpus; cpu++)
			damon_event_disarm(set->ops, set->arg, set->event[i],
					   cpu);
	set->ops->unlock(set->arg);
}

/**
 * damon_events_online() - a CPU came online.
 * @set:	armed or not, with or without events
 * @cpu:	which
 *
 * Context: hotplug, with ops->lock() held against the others.
 * Return: how many events the CPU refused; it is online nevertheless.
 */
static inline u32 damon_events_online(struct damon_events *set, u32 cpu)
{
	u32 i, refused = 0;

	set->online[cpu] = true;
	if (set->armed)
		return __damon_events_arm_cpu(set, cpu);
	for (i = 0; i < set->nr; i++)
		if (damon_event_create(set->ops, set->arg, set->event[i], cpu))
			refused++;
	return refused;
}

/**
 * damon_events_offline() - a CPU is going offline.
 * @set:	armed or not, with or without events
 * @cpu:	which; what is in its ring stays there to be drained
 *
 * Context: hotplug, with ops->lock() held against the others.
 */
static inline void damon_events_offline(struct damon_events *set, u32 cpu)
{
	u32 i;

	set->online[cpu] = false;
	for (i = 0; i < set->nr; i++)
		damon_event_drop(set->ops, set->arg, set->event[i], cpu);
}

/**
 * damon_events_revive() - make again what died, and ask again who refused.
 * @set:	armed or not; nothing is done if not
 *
 * Context: the kdamond, now and then: once an aggregation is enough.
 * Return: how many events count not, over all online CPUs.
 */
static inline u32 damon_events_revive(struct damon_events *set)
{
	u32 i, cpu, blind = 0;

	set->ops->lock(set->arg);
	for (i = 0; set->armed && i < set->nr; i++) {
		for (cpu = 0; cpu < set->nr_cpus; cpu++) {
			struct damon_event_cpu *c = &set->event[i]->cpu[cpu];

			if (c->state != DAMON_EVENT_ARMED ||
			    set->ops->alive(set->arg, c->handle))
				continue;
			damon_event_drop(set->ops, set->arg, set->event[i],
					 cpu);
		}
	}
	/* Which makes what is absent, and asks each CPU once. */
	if (set->armed)
		blind = __damon_events_arm(set);
	set->ops->unlock(set->arg);
	return blind;
}

#endif
