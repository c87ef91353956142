/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Commit: giving a context other perf events than it has.
 *
 * A commit is the only way for events to come and go, at the start, in mid-run
 * and at the end alike, so that ownership, rollback and arming are looked after
 * in one place.  All that can fail is done first, beside the running events;
 * then the change is made, and nothing of that fails.
 *
 * Running events whose attributes are asked for again are not touched: their
 * new objects take over what the old ones hold on each CPU.
 *
 * Who calls it: whoever builds or changes a context, in process context; it
 * takes ops->lock() itself.
 *
 * Not here: allocation of the events.
 */
#ifndef _DAMON_COMMIT_H
#define _DAMON_COMMIT_H

#include "events.h"

/* Make the event on every online CPU, or on none. */
static inline int __damon_events_create(struct damon_events *set,
					struct damon_event *event)
{
	u32 cpu;
	int err;

	for (cpu = 0; cpu < set->nr_cpus; cpu++) {
		if (!set->online[cpu])
			continue;
		err = damon_event_create(set->ops, set->arg, event, cpu);
		if (err)
			goto drop;
	}
	return 0;

drop:
	do
		damon_event_drop(set->ops, set->arg, event, cpu);
	while (cpu--);
	return err;
}

/* Remove the event from every CPU. */
static inline void __damon_events_drop(struct damon_events *set,
				       struct damon_event *event)
{
	u32 cpu;

	for (cpu = 0; cpu < set->nr_cpus; cpu++)
		damon_event_drop(set->ops, set->arg, event, cpu);
}

/* Find for each new event the running one that it may go on as. */
static inline void __damon_events_pair(struct damon_events *set,
				       struct damon_event **next, u32 nr)
{
	u32 i, j;

	for (j = 0; j < set->nr; j++)
		set->event[j]->same = NULL;
	for (i = 0; i < nr; i++) {
		next[i]->same = NULL;
		for (j = 0; j < set->nr && !next[i]->same; j++) {
			if (set->event[j]->same ||
			    !damon_event_attr_same(&set->event[j]->attr,
						   &next[i]->attr))
				continue;
			next[i]->same = set->event[j];
			set->event[j]->same = next[i];
		}
	}
}

/* Put the new events in the place of the running ones; cannot fail. */
static inline void __damon_events_swap(struct damon_events *set,
				       struct damon_event **next, u32 *nr)
{
	struct damon_event *event;
	struct damon_event_cpu *cpu;
	u32 i, nr_old = set->nr;

	/* Old before new: a PMU may have room for just one of them. */
	for (i = 0; i < nr_old; i++)
		if (!set->event[i]->same)
			__damon_events_drop(set, set->event[i]);
	for (i = 0; i < *nr; i++) {
		if (!next[i]->same)
			continue;
		cpu = next[i]->cpu;
		next[i]->cpu = next[i]->same->cpu;
		next[i]->same->cpu = cpu;
	}
	for (i = 0; i < *nr || i < nr_old; i++) {
		event = i < nr_old ? set->event[i] : NULL;
		set->event[i] = i < *nr ? next[i] : NULL;
		next[i] = event;
	}
	set->nr = *nr;
	*nr = nr_old;
}

/* Make those of the new events that do not go on as running ones, or none. */
static inline int __damon_events_create_new(struct damon_events *set,
					    struct damon_event **next, u32 nr)
{
	u32 i;
	int err;

	for (i = 0; i < nr; i++) {
		if (next[i]->same)
			continue;
		err = damon_event_attr_check(&next[i]->attr, set->freq_max);
		if (!err)
			err = __damon_events_create(set, next[i]);
		if (err)
			goto drop;
	}
	return 0;

drop:
	while (i--)
		if (!next[i]->same)
			__damon_events_drop(set, next[i]);
	return err;
}

/**
 * damon_events_commit() - have these events from now on.
 * @set:	running or not, armed or not
 * @next:	room for DAMON_EVENTS_MAX; the first *@nr are the new events
 * @nr:		how many; 0 to give up all events, and the rings with them
 *
 * New events count at once if the set is armed.  With its last event a set
 * gives up the rings: its kdamond drains no more.
 *
 * On return @next and *@nr are what the caller is to free, on no CPU any more:
 * the events that were replaced, or those that were refused.
 *
 * Return: 0; or, with nothing changed, -E2BIG, -EBUSY if another set has the
 * rings, -EINVAL if one would not sample, or what ops->create() said, which
 * stands in damon_event_cpu.error.
 */
static inline int damon_events_commit(struct damon_events *set,
				      struct damon_event **next, u32 *nr)
{
	bool first;
	int err = 0;

	if (*nr > DAMON_EVENTS_MAX)
		return -E2BIG;
	set->ops->lock(set->arg);
	/* Not before: who had the lock may have committed as well. */
	first = !set->nr;
	if (first && *nr)
		err = damon_owner_claim(set->owner, set);
	if (err)
		goto unlock;

	__damon_events_pair(set, next, *nr);
	err = __damon_events_create_new(set, next, *nr);
	if (!err) {
		__damon_events_swap(set, next, nr);
		if (first && set->nr)
			__damon_events_new_epoch(set);
		if (set->armed)
			__damon_events_arm(set);
	}
	if (!set->nr)
		damon_owner_release(set->owner, set);
unlock:
	set->ops->unlock(set->arg);
	return err;
}

#endif
