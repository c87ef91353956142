// SPDX-License-Identifier: GPL-2.0
/*
 * What actors do: each verb of a scene, as a kernel's caller would do it.
 *
 * Not here: judging (stage.c), what perf does (pmu.c).
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "explore/stage.h"

/* Outside of the scene, some is what a revision takes from its kernel. */
#ifdef HOTPATH_NOW
static void tell_online(bool online)
{
	hotpath_now.online = online;
}
#else
static void tell_online(bool online)
{
	(void)online;
}
#endif

static bool may_begin(void *arg)
{
	const struct stage_actor *a = arg;

	return a->st->online[a->script->index];
}

/* A process context stays on its CPU while it pushes, and that stays online. */
static void preempt_disable(struct stage_actor *a)
{
	if (a->script->kind != SCENE_CPU || !a->st->scene->has_hotplug)
		return;
	stage_sync(a->st, "preemption off", 0, 1u << a->script->index,
		   may_begin, a);
	a->st->busy[a->script->index] = true;
}

static void preempt_enable(struct stage_actor *a)
{
	if (!a->st->busy[a->script->index] || a->script->kind != SCENE_CPU)
		return;
	stage_sync(a->st, "preemption on", 0, 1u << a->script->index, NULL,
		   NULL);
	a->st->busy[a->script->index] = false;
}

/* Whose event overflows: of those that count on the CPU, the first's. */
static struct stage_context *sampling_context(struct stage *st, u32 cpu)
{
	u32 i;

	for (i = 0; i < st->nr_handles; i++)
		if (st->handle[i].live && st->handle[i].enabled &&
		    !st->handle[i].stolen && st->handle[i].cpu == cpu)
			return &st->context[st->handle[i].context];
	return &st->context[0];
}

bool stage_may_strike(void *arg)
{
	const struct stage_actor *a = arg;
	const struct stage *st = a->st;
	u32 cpu = a->script->index, i;

	if (!st->online[cpu] || st->e->stack[cpu].nr >= st->scene->depth)
		return false;
	if (!st->scene->has_events)
		return true;
	for (i = 0; i < st->nr_handles; i++)
		if (st->handle[i].live && st->handle[i].enabled &&
		    !st->handle[i].stolen && st->handle[i].cpu == cpu)
			return true;
	return false;
}

static void push(struct stage_actor *a, bool sample)
{
	struct stage *st = a->st;
	u32 cpu = a->script->index, number = a->pushed++, before;
	u32 actor = a - st->actor;
	struct stage_report *r = &st->report[actor][number];
	struct stage_context *c = sampling_context(st, cpu);
	const struct engine_actor *ea = &st->e->actor[a->number];
	struct damon_report report;
	enum damon_loss loss;

	preempt_disable(a);
	stage_make(a, &report);
	r->fate = STAGE_PUSHING;
	r->arming = c->arming;
	r->actor = actor;
	r->number = number;
	st->raised++;
	before = ea->steps;
	if (sample)
		loss = hot_sample(st->ring[cpu], st->stats[cpu], c->set,
				  report.addr, report.tid);
	else
		loss = hot_push(st->ring[cpu], &report);
	if (ea->steps - before > STAGE_PUSH_STEPS_MAX)
		engine_fail("wait-free", "%s took %u steps to push",
			    a->script->name, ea->steps - before);
	if (loss >= DAMON_NR_LOSSES)
		engine_fail("conservation", "%s was given no cause of loss",
			    a->script->name);
	if (loss) {
		if (r->fate == STAGE_DRAINED)
			engine_fail("drained-once",
				    "what %s was told is lost was drained",
				    a->script->name);
		st->lost[loss]++;
		r->fate = STAGE_LOST;
	} else {
		st->nr_accepted++;
		if (r->fate == STAGE_PUSHING)
			r->fate = STAGE_ACCEPTED;
	}
	preempt_enable(a);
}

/* One consumer at a time. */
static void begin_drain(struct stage *st, u32 context)
{
	if (st->draining >= 0 && st->draining != (int)context)
		engine_fail("owner", "kd%u drains while kd%d does", context,
			    st->draining);
	st->draining = context;
}

static void drain(struct stage_actor *a)
{
	struct stage *st = a->st;
	struct damon_report out[SCENE_RING_MAX];
	u32 cpu, n, i;

	begin_drain(st, a->script->index);
	for (cpu = 0; cpu < st->scene->nr_cpus; cpu++) {
		tell_online(st->online[cpu]);
		n = hot_drain(st->ring[cpu], out, st->scene->ring);
		for (i = 0; i < n; i++)
			stage_judge(st, &out[i], cpu);
	}
	st->draining = -1;
}

static void tick(struct stage_actor *a)
{
	struct stage *st = a->st;
	struct stage_context *c = &st->context[a->script->index];
	u32 cpu;

	if (st->scene->has_events && !c->nr && !c->claimed)
		return;
	begin_drain(st, a->script->index);
	hot_tick_begin(c->tick, c->set);
	for (cpu = 0; cpu < st->scene->nr_cpus; cpu++) {
		tell_online(st->online[cpu]);
		hot_tick(c->tick, st->ring[cpu], cpu);
	}
	st->draining = -1;
}

/* Nobody may touch these any more. */
static void free_memory(struct engine *e, const void *p, size_t sz)
{
	u32 off = (const unsigned char *)p - e->memory->base, word;

	for (word = off / 8; word < (off + sz + 7) / 8; word++)
		e->freed[word / 64] |= 1ull << word % 64;
	e->any_freed = true;
}

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
	u32 nr = act->arg, i, refusals = st->refusals, live = nr_live(st, c);
	bool alone = !st->changing;
	u32 changes;
	int err;

	for (i = 0; i < nr; i++) {
		next[i] = st->pool[st->nr_pool++];
		next[i]->attr.sample_period = 16 * (1 + act->variant);
	}
	/* Its handlers may run before it is done. */
	if (c->armed && nr && !c->nr)
		c->arming++;
	changes = begin_change(st);
	err = hot_commit(c->set, next, &nr);
	if (!err)
		c->nr = act->arg;
	st->changing--;
	if (err && alone && st->changes == changes && nr_live(st, c) != live)
		engine_fail("all-or-nothing",
			    "a commit failed, and of %u events on CPUs %u are "
			    "left",
			    live, nr_live(st, c));
	if (err != -EBUSY && err && st->refusals == refusals)
		engine_fail("all-or-nothing",
			    "a commit that nobody refused failed: %d", err);
	if (!err && act->arg && st->refusals != refusals && !c->armed)
		engine_fail("all-or-nothing",
			    "a commit that a CPU refused did not fail");
	for (i = 0; i < nr; i++) {
		if (!next[i])
			continue;
		free_memory(st->e, next[i]->cpu,
			    st->scene->nr_cpus * sizeof(next[i]->cpu[0]));
		free_memory(st->e, next[i], sizeof(*next[i]));
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
	u32 rivalry = st->rivalry, i;
	bool calm = true;

	for (i = 0; i < st->scene->nr_cpus; i++)
		calm &= !st->refuses[i] && !st->taken[i];
	begin_change(st);
	hot_revive(c->set);
	st->changing--;
	/* A rival that came and went meanwhile may have been met. */
	if (calm && c->armed && st->rivalry == rivalry)
		c->shaky = false;
}

static void migrate(struct stage_actor *a, u32 cpu)
{
	struct engine *e = a->st->e;
	u32 from = engine_cpu(e);

	stage_sync(a->st, "migrate", 0, 1u << cpu | 1u << from, NULL, NULL);
	memory_sync(e->memory, from, cpu);
	e->actor[a->number].cpu = cpu;
}

static void act_of_kdamond(struct stage_actor *a, const struct scene_act *act)
{
	struct stage_context *c = &a->st->context[a->script->index];

	switch (act->verb) {
	case SCENE_DRAIN:
		return drain(a);
	case SCENE_TICK:
		return tick(a);
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
		c->claimed = !hot_claim(a->st->owner, c->set);
		return;
	case SCENE_RELEASE:
		if (c->claimed)
			hot_release(a->st->owner, c->set);
		c->claimed = false;
		return;
	default:
		migrate(a, act->arg);
	}
}

void stage_act(void *arg)
{
	struct stage_actor *a = arg;
	const struct scene_act *act;
	u32 i;

	for (i = 0; i < a->script->nr; i++) {
		act = &a->script->act[i];
		if (a->script->kind <= SCENE_NMI)
			push(a, act->verb == SCENE_SAMPLE);
		else if (a->script->kind == SCENE_KDAMOND)
			act_of_kdamond(a, act);
		else if (act->verb == SCENE_OFFLINE)
			offline(a->st, act->arg);
		else if (act->verb == SCENE_ONLINE)
			online(a->st, act->arg);
		else
			rival(a->st, act);
		if (a->script->kind > SCENE_NMI && a->st->scene->has_events)
			stage_check_events(a->st);
	}
}
