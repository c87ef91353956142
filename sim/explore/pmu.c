// SPDX-License-Identifier: GPL-2.0
/*
 * What perf and hotplug do for the hot path: events on CPUs, interrupts sent
 * between CPUs, locks.
 *
 * Whatever is done to an event on a CPU is done there by an interrupt that is
 * sent and waited for; it waits for NMIs on that CPU to end, and orders all
 * that either CPU did before.  A lock orders by being handed over.
 *
 * Not here: what an actor does with them (verbs.c).
 */
#include <errno.h>
#include <string.h>

#include "explore/stage.h"

struct wait {
	struct stage *st;
	u32 cpu; /* to be interrupted, or none */
	u32 own;
	bool (*ready)(void *arg);
	void *arg;
};

static bool may_act(void *arg)
{
	const struct wait *w = arg;
	const struct memory *m = w->st->e->memory;

	if (m->model == MEMORY_TSO && memory_queued(m, w->own))
		return false;
	return !w->ready || w->ready(w->arg);
}

void stage_sync(struct stage *st, const char *what, u32 reads, u32 writes,
		bool (*ready)(void *arg), void *arg)
{
	struct wait w = {
		.st = st,
		.own = engine_cpu(st->e),
		.ready = ready,
		.arg = arg,
	};
	bool waits = ready || st->e->memory->model == MEMORY_TSO;

	engine_sync(what, reads, writes, waits ? may_act : NULL, &w);
}

static bool answers(void *arg)
{
	const struct wait *w = arg;
	const struct engine *e = w->st->e;

	if (e->memory->model == MEMORY_TSO && memory_queued(e->memory, w->cpu))
		return false;
	return w->cpu == w->own || !e->stack[w->cpu].nr;
}

/* Have something done on @cpu, and know that it was. */
static void on_cpu(struct stage *st, const char *what, u32 cpu)
{
	struct wait w = {
		.st = st,
		.cpu = cpu,
		.own = engine_cpu(st->e),
	};

	stage_sync(st, what, 0, 1u << cpu, answers, &w);
	memory_sync(st->e->memory, w.own, cpu);
	memory_sync(st->e->memory, cpu, w.own);
}

static struct stage_handle *handle_of(struct stage *st, void *handle,
				      const char *what)
{
	struct stage_handle *h = handle;

	if (h < st->handle || h >= st->handle + st->nr_handles || !h->live)
		engine_fail("use-after-release",
			    "%s of an event that is released", what);
	return h;
}

static u32 context_of(struct stage_context *c)
{
	struct stage *st = (struct stage *)c->tick->filter_arg;

	return c - st->context;
}

static struct stage *stage_of(void *arg)
{
	return ((struct stage_context *)arg)->tick->filter_arg;
}

static int create(void *arg, const struct damon_event_attr *attr, u32 cpu,
		  void **handle)
{
	struct stage *st = stage_of(arg);
	struct stage_handle *h = &st->handle[st->nr_handles];

	(void)attr;
	on_cpu(st, "create", cpu);
	if (st->refuses[cpu]) {
		st->refusals[st->e->current]++;
		return -ENODEV;
	}
	if (st->nr_handles == STAGE_HANDLES_MAX)
		engine_fail("room", "more events than the explorer has");
	st->nr_handles++;
	*h = (struct stage_handle){
		.live = true,
		.cpu = cpu,
		.context = context_of(arg),
	};
	*handle = h;
	return 0;
}

static void enable(void *arg, void *handle)
{
	struct stage *st = stage_of(arg);
	struct stage_handle *h = handle_of(st, handle, "enabling");

	on_cpu(st, "enable", h->cpu);
	handle_of(st, handle, "enabling");
	if (!st->online[h->cpu])
		return;
	h->enabled = true;
	h->stolen = st->taken[h->cpu];
	st->context[h->context].shaky |= h->stolen;
}

static void disable(void *arg, void *handle)
{
	struct stage *st = stage_of(arg);
	struct stage_handle *h = handle_of(st, handle, "disabling");

	on_cpu(st, "disable", h->cpu);
	handle_of(st, handle, "disabling")->enabled = false;
}

static void release(void *arg, void *handle)
{
	struct stage *st = stage_of(arg);
	struct stage_handle *h = handle_of(st, handle, "release");

	on_cpu(st, "release", h->cpu);
	handle_of(st, handle, "release");
	h->enabled = false;
	h->live = false;
}

static bool alive(void *arg, void *handle)
{
	struct stage *st = stage_of(arg);
	struct stage_handle *h = handle_of(st, handle, "a look");

	stage_sync(st, "alive?", 1u << h->cpu, 0, NULL, NULL);
	return handle_of(st, handle, "a look")->enabled && !h->stolen;
}

static bool may_read_lock(void *arg)
{
	const struct stage_context *c = arg;

	return !stage_of(arg)->writer && !c->locked;
}

static void lock(void *arg)
{
	struct stage_context *c = arg;
	struct stage *st = stage_of(arg);
	u32 cpu = engine_cpu(st->e);

	stage_sync(st, "lock", STAGE_HOTPLUG_LOCK,
		   STAGE_SET_LOCK(context_of(c)), may_read_lock, c);
	c->locked = true;
	st->readers++;
	memory_take(st->e->memory, cpu, &c->lock_known);
	memory_take(st->e->memory, cpu, &st->writer_known);
}

static void unlock(void *arg)
{
	struct stage_context *c = arg;
	struct stage *st = stage_of(arg);
	u32 cpu = engine_cpu(st->e);

	stage_sync(st, "unlock", STAGE_HOTPLUG_LOCK,
		   STAGE_SET_LOCK(context_of(c)), NULL, NULL);
	memory_leave(st->e->memory, cpu, &c->lock_known);
	memory_leave(st->e->memory, cpu, &st->readers_known);
	c->locked = false;
	st->readers--;
}

const struct damon_event_ops stage_event_ops = {
	.create = create,
	.enable = enable,
	.disable = disable,
	.release = release,
	.alive = alive,
	.lock = lock,
	.unlock = unlock,
};

static bool may_write_lock(void *arg)
{
	const struct stage *st = arg;

	return !st->writer && !st->readers;
}

void stage_lock_hotplug(struct stage *st)
{
	u32 cpu = engine_cpu(st->e);

	stage_sync(st, "lock hotplug", 0, STAGE_HOTPLUG_LOCK, may_write_lock,
		   st);
	st->writer = true;
	memory_take(st->e->memory, cpu, &st->readers_known);
	memory_take(st->e->memory, cpu, &st->writer_known);
}

void stage_unlock_hotplug(struct stage *st)
{
	u32 cpu = engine_cpu(st->e);

	stage_sync(st, "unlock hotplug", 0, STAGE_HOTPLUG_LOCK, NULL, NULL);
	memory_leave(st->e->memory, cpu, &st->writer_known);
	st->writer = false;
}
