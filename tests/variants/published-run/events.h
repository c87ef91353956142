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

static inline u32 __damon_events_arm_cpu(struct damon_events *set, u32 cpu)
{
	u32 i, blind = 0;

	for (i = 0; i < set->nr; i++) {
		damon_event_arm(set->ops, set->arg, set->event[i], cpu);
		blind += set->event[i]->cpu[cpu].state != DAMON_EVENT_ARMED;
	}
	return blind;
}

static inline u32 __damon_events_arm(struct damon_events *set)
{
	u32 cpu, blind = 0;

	for (cpu = 0; cpu < set->nr_cpus; cpu++)
		if (set->online[cpu])
			blind += __damon_events_arm_cpu(set, cpu);
	return blind;
}

static inline u32 damon_events_arm(struct damon_events *set)
{
	set->armed = true;
	if (set->started)
		return 0;
	set->started = true;
	set->active = set->nr != 0;
	return set->active ? __damon_events_arm(set) : 0;
}

static inline void damon_events_disarm(struct damon_events *set)
{
	u32 i, cpu;

	set->armed = false;
	set->active = false;
	for (i = 0; i < set->nr; i++)
		for (cpu = 0; cpu < set->nr_cpus; cpu++)
			damon_event_disarm(set->ops, set->arg, set->event[i],
					   cpu);
}

static inline u32 damon_events_online(struct damon_events *set, u32 cpu)
{
	u32 i, refused = 0;

	set->online[cpu] = true;
	for (i = 0; i < set->nr; i++)
		refused += !!damon_event_create(set->ops, set->arg,
						set->event[i], cpu);
	if (set->active)
		__damon_events_arm_cpu(set, cpu);
	return refused;
}

static inline void damon_events_offline(struct damon_events *set, u32 cpu)
{
	u32 i;

	set->online[cpu] = false;
	for (i = 0; i < set->nr; i++)
		damon_event_drop(set->ops, set->arg, set->event[i], cpu);
}

/* Nobody looks. */
static inline u32 damon_events_revive(struct damon_events *set)
{
	(void)set;
	return 0;
}

#endif
