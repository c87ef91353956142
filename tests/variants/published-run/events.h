/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The posted life of events: they are armed when the kdamond starts, if there
 * are any then, and disarmed when it ends; a CPU that comes online gets them,
 * armed if the others are. What stopped counting is not looked after.
 */
#ifndef _DAMON_EVENTS_H
#define _DAMON_EVENTS_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>

#include "event.h"
#include "owner.h"

#define DAMON_EVENTS_MAX 64

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
	bool started; /* the kdamond: what was armed then is all that ever is */
	bool active; /* perf_events_active */
	u16 epoch;
};

/* A walker may look while hotplug changes it: there is no lock between. */
static inline void __damon_events_enable(struct damon_events *set,
					 struct damon_event *event, u32 cpu)
{
	void *handle = READ_ONCE(event->cpu[cpu].handle);

	if (!handle)
		return;
	set->ops->enable(set->arg, handle);
	WRITE_ONCE(event->cpu[cpu].state, DAMON_EVENT_ARMED);
}

static inline void __damon_events_disable(struct damon_events *set,
					  struct damon_event *event, u32 cpu)
{
	void *handle = READ_ONCE(event->cpu[cpu].handle);

	if (!handle)
		return;
	set->ops->disable(set->arg, handle);
	WRITE_ONCE(event->cpu[cpu].state, DAMON_EVENT_IDLE);
}

static inline int __damon_events_make(struct damon_events *set,
				      struct damon_event *event, u32 cpu)
{
	struct damon_event_cpu *c = &event->cpu[cpu];
	void *handle;

	c->error = set->ops->create(set->arg, &event->attr, cpu, &handle);
	WRITE_ONCE(c->state, c->error ? DAMON_EVENT_REFUSED : DAMON_EVENT_IDLE);
	if (!c->error)
		WRITE_ONCE(c->handle, handle);
	return c->error;
}

static inline void __damon_events_unmake(struct damon_events *set,
					 struct damon_event *event, u32 cpu)
{
	void *handle = READ_ONCE(event->cpu[cpu].handle);

	if (handle) {
		set->ops->disable(set->arg, handle);
		set->ops->release(set->arg, handle);
		WRITE_ONCE(event->cpu[cpu].handle, NULL);
	}
	WRITE_ONCE(event->cpu[cpu].state, DAMON_EVENT_ABSENT);
}

static inline u32 __damon_events_arm(struct damon_events *set)
{
	u32 cpu, i, blind = 0;

	for (cpu = 0; cpu < set->nr_cpus; cpu++) {
		if (!READ_ONCE(set->online[cpu]))
			continue;
		for (i = 0; i < set->nr; i++) {
			__damon_events_enable(set, set->event[i], cpu);
			blind += READ_ONCE(set->event[i]->cpu[cpu].state) !=
				 DAMON_EVENT_ARMED;
		}
	}
	return blind;
}

static inline u32 damon_events_arm(struct damon_events *set)
{
	set->armed = true;
	if (set->started)
		return 0;
	set->started = true;
	WRITE_ONCE(set->active, set->nr != 0);
	return set->nr ? __damon_events_arm(set) : 0;
}

static inline void damon_events_disarm(struct damon_events *set)
{
	u32 i, cpu;

	set->armed = false;
	set->started = false;
	WRITE_ONCE(set->active, false);
	for (i = 0; i < set->nr; i++)
		for (cpu = 0; cpu < set->nr_cpus; cpu++)
			if (READ_ONCE(set->online[cpu]))
				__damon_events_disable(set, set->event[i], cpu);
}

static inline u32 damon_events_online(struct damon_events *set, u32 cpu)
{
	u32 i, refused = 0;

	WRITE_ONCE(set->online[cpu], true);
	for (i = 0; i < set->nr; i++) {
		refused += !!__damon_events_make(set, set->event[i], cpu);
		if (READ_ONCE(set->active))
			__damon_events_enable(set, set->event[i], cpu);
	}
	return refused;
}

static inline void damon_events_offline(struct damon_events *set, u32 cpu)
{
	u32 i;

	WRITE_ONCE(set->online[cpu], false);
	for (i = 0; i < set->nr; i++)
		__damon_events_unmake(set, set->event[i], cpu);
}

/* Nobody looks. */
static inline u32 damon_events_revive(struct damon_events *set)
{
	(void)set;
	return 0;
}

#endif
