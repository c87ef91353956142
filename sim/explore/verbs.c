// SPDX-License-Identifier: GPL-2.0
/*
 * What producers and kdamonds do, as a kernel's callers would do it.
 *
 * Not here: changing events (life.c), judging (properties.c), what perf does
 * (pmu.c).
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
	r->context = c - st->context;
	r->arming = c->arming;
	r->actor = actor;
	r->number = number;
	st->raised++;
	st->pushing[cpu]++;
	before = ea->steps;
	if (sample)
		loss = hot_sample(st->ring[cpu], st->stats[cpu], c->set,
				  report.addr, report.tid);
	else
		loss = hot_push(st->ring[cpu], &report);
	st->pushing[cpu]--;
	/* What it published last it released, and counted. */
	r->known_at = st->e->memory->cpu[cpu].clock.at[cpu] - 1;
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
	stage_witness(st, 1000 + context);
	st->draining = context;
	stage_expect(st, context);
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
	stage_check_found(st, a->script->index);
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
	stage_check_found(st, a->script->index);
	st->draining = -1;
}

static void migrate(struct stage_actor *a, u32 cpu)
{
	struct engine *e = a->st->e;
	u32 from = engine_cpu(e);

	stage_sync(a->st, "migrate", 0, 1u << cpu | 1u << from, NULL, NULL);
	memory_sync(e->memory, from, cpu);
	e->actor[a->number].cpu = cpu;
}

static void act(struct stage_actor *a, const struct scene_act *act)
{
	switch (act->verb) {
	case SCENE_PUSH:
	case SCENE_SAMPLE:
		return push(a, act->verb == SCENE_SAMPLE);
	case SCENE_DRAIN:
		return drain(a);
	case SCENE_TICK:
		return tick(a);
	case SCENE_MIGRATE:
		return migrate(a, act->arg);
	default:
		stage_change(a, act);
	}
}

void stage_act(void *arg)
{
	struct stage_actor *a = arg;
	u32 i;

	for (i = 0; i < a->script->nr; i++) {
		act(a, &a->script->act[i]);
		if (a->script->kind > SCENE_NMI && a->st->scene->has_events)
			stage_check_events(a->st);
	}
}
