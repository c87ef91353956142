/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The posted commit, which makes and removes events under hotplug's lock and
 * arms without it: all running events are destroyed, then each new one is
 * made, and armed if the kdamond found events when it started. One that fails
 * in mid-run leaves none; at the start those that fail are left out without a
 * word.
 */
#ifndef _DAMON_COMMIT_H
#define _DAMON_COMMIT_H

#include "events.h"

static inline void __damon_events_drop(struct damon_events *set,
				       struct damon_event *event)
{
	u32 cpu;

	for (cpu = 0; cpu < set->nr_cpus; cpu++)
		__damon_events_unmake(set, event, cpu);
}

static inline int __damon_events_create(struct damon_events *set,
					struct damon_event *event)
{
	u32 cpu;
	int err;

	for (cpu = 0; cpu < set->nr_cpus; cpu++) {
		if (!set->online[cpu])
			continue;
		err = __damon_events_make(set, event, cpu);
		if (!err)
			continue;
		__damon_events_drop(set, event);
		/* Whatever it was. */
		return -ENODEV;
	}
	return 0;
}

static inline int damon_events_commit(struct damon_events *set,
				      struct damon_event **next, u32 *nr)
{
	struct damon_event *old[DAMON_EVENTS_MAX];
	u32 i, nr_old = set->nr, made = 0;
	int err = 0;

	if (*nr > DAMON_EVENTS_MAX)
		return -E2BIG;
	/* Only who starts with events is asked whose the rings are. */
	if (!set->started && *nr && damon_owner_claim(set->owner, set))
		return -EBUSY;
	set->ops->lock(set->arg);
	for (i = 0; i < nr_old; i++) {
		old[i] = set->event[i];
		__damon_events_drop(set, old[i]);
	}
	set->nr = 0;
	for (i = 0; i < *nr; i++) {
		int ret = __damon_events_create(set, next[i]);

		if (ret && set->started)
			err = ret;
		if (!ret)
			set->event[made++] = next[i];
		else if (nr_old < DAMON_EVENTS_MAX)
			old[nr_old++] = next[i];
	}
	set->nr = made;
	if (err) {
		for (i = 0; i < made; i++) {
			__damon_events_drop(set, set->event[i]);
			if (nr_old < DAMON_EVENTS_MAX)
				old[nr_old++] = set->event[i];
		}
		set->nr = 0;
	}
	set->ops->unlock(set->arg);
	if (!err && READ_ONCE(set->active))
		__damon_events_arm(set);
	for (i = 0; i < nr_old; i++)
		next[i] = old[i];
	for (i = nr_old; i < *nr; i++)
		next[i] = NULL;
	*nr = nr_old;
	if (!set->nr && !set->started)
		damon_owner_release(set->owner, set);
	return err;
}

#endif
