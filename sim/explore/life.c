// SPDX-License-Identifier: GPL-2.0
/*
 * What changes events and who may have them: a context's commits, arming, and
 * pauses; hotplug; a rival for the PMUs.
 *
 * Not here: what perf does for them (pmu.c), judging (properties.c).
 */
#include <errno.h>

#include "explore/stage.h"

/* Return: a number that stays as long as nobody else begins a change. */
static u32 begin_change(struct stage *st)
{
	st->changing++;
	return ++st->changes;
}

static u32 nr_live(const struct stage *st, const struct stage_context *c)
{
	u32 i, nr = 0;

	for (i = 0; i < st->nr_handles; i++)
		nr += st->handle[i].live &&
		      &st->context[st->handle[i].context] == c;
	return nr;
}

static void commit(struct stage_actor *a, const struct scene_act *act)
{
	struct stage *st = a->st;
	struct stage_context *c = &st->context[a->script->index];
	struct damon_event *next[DAMON_EVENTS_MAX];
	u32 nr = act->arg, i, refusals = st->refusals[a->number],
	    live = nr_live(st, c);
	bool alone = !st->changing, same, counted[STAGE_HANDLES_MAX];
	u32 changes, nr_handles = st->nr_handles;
	int err;

	for (i = 0; i < nr; i++) {
		next[i] = st->pool[st->nr_pool++];
		next[i]->attr.sample_period = 16 * (1 + act->variant);
	}
	for (i = 0; i < st->nr_handles; i++)
		counted[i] = st->handle[i].enabled && st->handle[i].live &&
			     &st->context[st->handle[i].context] == c;
	same = alone && nr == c->nr && act->variant == c->variant;
	/* Its handlers may run before it is done. */
	if (c->armed && nr && !c->nr)
		c->arming++;
	changes = begin_change(st);
	err = hot_commit(c->set, next, &nr);
	if (!err) {
		c->nr = act->arg;
		c->variant = act->variant;
	}
	for (i = 0; i < nr_handles && same && st->changes == changes; i++)
		if (counted[i] && !st->handle[i].enabled)
			engine_fail("undisturbed",
				    "a commit of what there is stopped an "
				    "event on CPU %u",
				    st->handle[i].cpu);
	st->changing--;
	if (err && alone && st->changes == changes && nr_live(st, c) != live)
		engine_fail("all-or-nothing",
			    "a commit failed, and of %u events on CPUs %u are "
			    "left",
			    live, nr_live(st, c));
	if (err != -EBUSY && err && st->refusals[a->number] == refusals)
		engine_fail("all-or-nothing",
			    "a commit that nobody refused failed: %d", err);
	if (!err && act->arg && st->refusals[a->number] != refusals &&
	    !c->armed)
		engine_fail("all-or-nothing",
			    "a commit that a CPU refused did not fail");
	for (i = 0; i < nr; i++) {
		if (!next[i])
			continue;
		engine_release(st->e, next[i]->cpu,
			       st->scene->nr_cpus * sizeof(next[i]->cpu[0]));
		engine_release(st->e, next[i], sizeof(*next[i]));
	}
}

/* What a revision does when its monitor only pauses. */
#ifdef HOTPATH_STAYS_ARMED
static const bool pause_disarms;
#else
static const bool pause_disarms = true;
#endif

static void arm(struct stage_context *c)
{
	struct stage *st = c->tick->filter_arg;

	if (!c->armed && c->nr)
		c->arming++;
	c->armed = true;
	begin_change(st);
	hot_arm(c->set);
	st->changing--;
}

static void disarm(struct stage_context *c)
{
	struct stage *st = c->tick->filter_arg;

	begin_change(st);
	hot_disarm(c->set);
	c->armed = false;
	st->changing--;
}

struct down {
	struct stage *st;
	u32 cpu;
};

static bool may_go_down(void *arg)
{
	const struct down *d = arg;
	const struct memory *m = d->st->e->memory;

	if (m->model == MEMORY_TSO && memory_queued(m, d->cpu))
		return false;
	return !d->st->busy[d->cpu] && !d->st->e->stack[d->cpu].nr;
}

/* The callbacks run first; then the machine stops for the CPU to go. */
static void offline(struct stage *st, u32 cpu)
{
	struct down d = { st, cpu };
	u32 own = engine_cpu(st->e), i;

	stage_lock_hotplug(st);
	begin_change(st);
	for (i = 0; i < st->scene->nr_contexts && st->scene->has_events; i++)
		hot_offline(st->context[i].set, cpu);
	stage_sync(st, "down", 0, 1u << cpu, may_go_down, &d);
	memory_sync(st->e->memory, cpu, own);
	memory_sync(st->e->memory, own, cpu);
	st->online[cpu] = false;
	for (i = 0; i < st->nr_handles; i++)
		if (st->handle[i].cpu == cpu)
			st->handle[i].enabled = false;
	st->changing--;
	stage_unlock_hotplug(st);
}

static void online(struct stage *st, u32 cpu)
{
	u32 own = engine_cpu(st->e), i;

	stage_lock_hotplug(st);
	begin_change(st);
	stage_sync(st, "up", 0, 1u << cpu, NULL, NULL);
	memory_sync(st->e->memory, own, cpu);
	st->online[cpu] = true;
	for (i = 0; i < st->scene->nr_contexts && st->scene->has_events; i++)
		if (hot_online(st->context[i].set, cpu))
			st->context[i].shaky = true;
	st->changing--;
	stage_unlock_hotplug(st);
}

/* Somebody else has the CPU's PMU, or will not have more events there. */
static void rival(struct stage *st, const struct scene_act *act)
{
	u32 i;

	stage_sync(st, "rival", 0, 1u << act->arg, NULL, NULL);
	st->rivalry++;
	if (act->verb == SCENE_REFUSE || act->verb == SCENE_ACCEPT)
		st->refuses[act->arg] = act->verb == SCENE_REFUSE;
	else
		st->taken[act->arg] = act->verb == SCENE_TAKE;
	for (i = 0; i < st->nr_handles && act->verb == SCENE_TAKE; i++) {
		if (st->handle[i].cpu != act->arg || !st->handle[i].enabled)
			continue;
		st->handle[i].stolen = true;
		st->context[st->handle[i].context].shaky = true;
	}
}

static void revive(struct stage_context *c)
{
	struct stage *st = c->tick->filter_arg;
	u32 rivalry, i;
	bool calm = true;

	/* What is looked at here is what the rival does. */
	stage_sync(st, "look around", (1u << st->scene->nr_cpus) - 1, 0, NULL,
		   NULL);
	rivalry = st->rivalry;
	for (i = 0; i < st->scene->nr_cpus; i++)
		calm &= !st->refuses[i] && !st->taken[i];
	begin_change(st);
	hot_revive(c->set);
	st->changing--;
	/* A rival that came and went meanwhile may have been met. */
	if (calm && c->armed && st->rivalry == rivalry)
		c->shaky = false;
}

void stage_change(struct stage_actor *a, const struct scene_act *act)
{
	struct stage *st = a->st;
	struct stage_context *c =
		&st->context[a->script->kind == SCENE_KDAMOND ?
				     a->script->index :
				     0];

	switch (act->verb) {
	case SCENE_COMMIT:
		return commit(a, act);
	case SCENE_ARM:
		return arm(c);
	case SCENE_DISARM:
		return disarm(c);
	case SCENE_PAUSE:
		if (pause_disarms)
			disarm(c);
		c->armed = false;
		return;
	case SCENE_RESUME:
		if (pause_disarms)
			arm(c);
		c->armed = true;
		return;
	case SCENE_REVIVE:
		return revive(c);
	case SCENE_CLAIM:
		c->claimed = !hot_claim(st->owner, c->set);
		return;
	case SCENE_RELEASE:
		if (c->claimed)
			hot_release(st->owner, c->set);
		c->claimed = false;
		return;
	case SCENE_OFFLINE:
		return offline(st, act->arg);
	case SCENE_ONLINE:
		return online(st, act->arg);
	default:
		rival(st, act);
	}
}
