// SPDX-License-Identifier: GPL-2.0
/* Building a scene's machine, and playing the scene on it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explore/stage.h"

int stage_new(struct stage **out, const struct scene *scene,
	      enum memory_model model)
{
	struct stage *st = calloc(1, sizeof(*st));
	u32 i, nr = scene->nr_cpus;
	int err;

	if (!st)
		return -ENOMEM;
	for (i = 0; i < scene->nr_actors; i++)
		nr += scene->actor[i].kind >= SCENE_KDAMOND;
	st->scene = scene;
	err = engine_new(&st->e, model, nr);
	if (err) {
		free(st);
		return err;
	}
	*out = st;
	return 0;
}

void stage_free(struct stage *st)
{
	if (!st)
		return;
	engine_free(st->e);
	free(st);
}

static void *take(struct stage *st, size_t sz)
{
	void *p = st->e->memory->base + st->used;

	st->used = (st->used + sz + 63) & ~63u;
	if (st->used > MEMORY_SZ)
		engine_fail("room", "objects larger than the memory");
	return p;
}

static void build_context(struct stage *st, u32 context)
{
	struct stage_context *c = &st->context[context];
	struct damon_snapshot *s = take(st, sizeof(*s));
	u32 i;

	c->set = take(st, sizeof(*c->set));
	c->set->ops = &stage_event_ops;
	c->set->arg = c;
	c->set->owner = st->owner;
	c->set->nr_cpus = st->scene->nr_cpus;
	c->set->freq_max = 1000;
	c->set->online = take(st, st->scene->nr_cpus);
	for (i = 0; i < st->scene->nr_cpus; i++)
		c->set->online[i] = true;
	s->start = take(st, 64);
	s->last = s->start + 1;
	s->target = (void *)(s->start + 2);
	s->regions_max = s->targets_max = 1;
	damon_snapshot_reset(s, false);
	damon_snapshot_add_target(s, 1);
	damon_snapshot_add_region(s, 0, 1ull << 47, 1);
	c->tick = take(st, sizeof(*c->tick));
	c->tick->snapshot = s;
	c->tick->credited = take(st, 1);
	c->tick->hits = take(st, sizeof(u32));
	c->tick->filter = stage_credit;
	c->tick->filter_arg = st;
}

static void build(struct stage *st)
{
	const struct scene *scene = st->scene;
	u32 i;

	st->used = 0;
	for (i = 0; i < scene->nr_cpus; i++) {
		st->ring[i] = take(st, hot_ring_size(scene->ring));
		hot_ring_init(st->ring[i], scene->ring);
		st->stats[i] = take(st, sizeof(*st->stats[i]));
		st->online[i] = true;
	}
	st->owner = take(st, sizeof(*st->owner));
	for (i = 0; i < scene->nr_contexts; i++)
		build_context(st, i);
	for (i = 0; i < STAGE_EVENTS_MAX && scene->has_events; i++) {
		st->pool[i] = take(st, sizeof(*st->pool[i]));
		st->pool[i]->cpu =
			take(st, scene->nr_cpus * sizeof(st->pool[i]->cpu[0]));
	}
}

/* All that an earlier performance left behind, the machine apart. */
static void clear(struct stage *st)
{
	struct engine *e = st->e;
	const struct scene *scene = st->scene;

	memset(st, 0, sizeof(*st));
	st->e = e;
	st->scene = scene;
	st->draining = -1;
}

static void cast(struct stage *st)
{
	u32 i, other = st->scene->nr_cpus;

	for (i = 0; i < st->scene->nr_actors; i++) {
		const struct scene_actor *script = &st->scene->actor[i];
		struct stage_actor *a = &st->actor[i];
		bool nmi = script->kind == SCENE_NMI;
		u32 cpu = script->kind <= SCENE_NMI ? script->index : other++;

		a->st = st;
		a->script = script;
		a->number = i;
		engine_add(st->e, script->name, cpu,
			   nmi ? stage_may_strike : NULL, 0, stage_act, a);
	}
	st->nr_actors = st->scene->nr_actors;
}

/* No report is too old: age is not what an exploration is about. */
#ifdef HOTPATH_NOW
static void tell_time(void)
{
	hotpath_now.jiffies = 100;
	hotpath_now.window_jiffies = 10;
}
#else
static void tell_time(void)
{
}
#endif

enum engine_end stage_play(struct stage *st)
{
	u32 i, j;

	clear(st);
	tell_time();
	engine_begin(st->e);
	build(st);
	st->e->memory->used = st->used;
	cast(st);
	if (!st->e->property)
		engine_run(st->e);
	if (st->e->end == ENGINE_COMPLETE)
		stage_check_end(st);
	if (st->e->end == ENGINE_COMPLETE)
		stage_check_counters(st);
	for (i = 0; i < st->nr_actors; i++)
		for (j = 0; j < SCENE_VERBS_MAX; j++)
			stage_witness(st, st->report[i][j].fate);
	return st->e->end;
}
