// SPDX-License-Identifier: GPL-2.0
/*
 * One execution.  The decision who goes on is made on the stack of the actor
 * that stops, so that going on oneself costs no switch.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/engine.h"

__thread struct engine *engine_now __attribute__((tls_model("initial-exec")));

int engine_new(struct engine **out, enum memory_model model, u32 nr_cpus)
{
	struct engine *e = calloc(1, sizeof(*e));
	int err;
	u32 i;

	if (!e)
		return -ENOMEM;
	err = memory_new(&e->memory, model, nr_cpus);
	for (i = 0; i < ENGINE_ACTORS_MAX && !err; i++)
		err = fiber_init(&e->actor[i].fiber);
	if (err) {
		engine_free(e);
		return err;
	}
	e->steps_max = ENGINE_STEPS_MAX;
	fiber_adopt(&e->main);
	*out = e;
	return 0;
}

void engine_free(struct engine *e)
{
	u32 i;

	if (!e)
		return;
	for (i = 0; i < ENGINE_ACTORS_MAX; i++)
		fiber_fini(&e->actor[i].fiber);
	memory_free(e->memory);
	free(e);
}

void engine_begin(struct engine *e)
{
	u32 i;

	memory_begin(e->memory);
	for (i = 0; i < e->memory->nr_cpus; i++) {
		e->stack[i].nr = 0;
		e->strikes[i] = 0;
	}
	if (e->any_freed)
		memset(e->freed, 0, sizeof(e->freed));
	e->any_freed = false;
	e->nr_actors = 0;
	e->nr_steps = 0;
	e->nr_turns = 0;
	e->stopped = 0;
	e->live = 0;
	e->waits = 0;
	e->property = NULL;
	e->end = ENGINE_COMPLETE;
	engine_now = e;
}

int engine_add(struct engine *e, const char *name, u32 cpu,
	       bool (*ready)(void *arg), u32 reads, void (*body)(void *arg),
	       void *arg)
{
	struct engine_actor *a = &e->actor[e->nr_actors];

	if (e->nr_actors == ENGINE_ACTORS_MAX)
		return -ENOSPC;
	a->name = name;
	a->cpu = cpu;
	a->nmi = ready;
	a->body = body;
	a->arg = arg;
	a->steps = 0;
	a->state = a->nmi ? ENGINE_WAITING : ENGINE_RUNNING;
	a->op = (struct engine_op){
		.kind = ENGINE_STRIKE,
		.reads = reads | 1u << cpu,
		.ready = ready,
		.arg = arg,
	};
	e->live |= 1u << e->nr_actors;
	e->torn[e->nr_actors].sz = 0;
	if (ready) {
		e->waits |= 1u << e->nr_actors;
		e->strikes[cpu]++;
	}
	return e->nr_actors++;
}

/* Leave the execution; no actor comes back from here. */
static void leave(struct engine *e, enum engine_end end)
{
	e->end = end;
	e->inside = false;
	fiber_switch(&e->actor[e->current].fiber, &e->main);
}

void engine_fail(const char *property, const char *format, ...)
{
	struct engine *e = engine_now;
	va_list args;

	e->property = property;
	va_start(args, format);
	vsnprintf(e->message, sizeof(e->message), format, args);
	va_end(args);
	if (e->inside)
		leave(e, ENGINE_VIOLATED);
	e->end = ENGINE_VIOLATED;
}

static u32 enabled(struct engine *e)
{
	struct memory *m = e->memory;
	u32 set = e->live & ~e->stopped, waits = set & e->waits, i;

	while (waits) {
		i = __builtin_ctz(waits);
		waits &= waits - 1;
		if (!e->actor[i].op.ready(e->actor[i].op.arg))
			set &= ~(1u << i);
	}
	if (m->model == MEMORY_TSO)
		for (i = 0; i < m->nr_cpus; i++)
			if (memory_queued(m, i))
				set |= 1u << (ENGINE_ACTORS_MAX + i);
	return set;
}

const struct engine_op *engine_op_of(const struct engine *e, u32 agent,
				     struct engine_op *op)
{
	u32 cpu = agent - ENGINE_ACTORS_MAX;
	const struct memory_cell *c;

	if (!engine_is_queue(agent))
		return &e->actor[agent].op;
	c = &e->memory->cell[memory_next(e->memory, cpu)];
	*op = (struct engine_op){
		.kind = ENGINE_FLUSH,
		.off = c->off,
		.sz = c->sz,
	};
	return op;
}

static struct engine_step *note(struct engine *e, u32 agent, u32 cpu)
{
	struct engine_step *s = &e->step[e->nr_steps];

	s->agent = agent;
	s->cpu = cpu;
	s->choice = 0;
	s->nr_choices = 1;
	s->value = 0;
	return s;
}

static void flush(struct engine *e, u32 agent)
{
	u32 cpu = agent - ENGINE_ACTORS_MAX;
	struct engine_step *s = note(e, agent, cpu);

	engine_op_of(e, agent, &s->op);
	memory_flush(e->memory, cpu);
	memcpy(&s->value, e->memory->base + s->op.off, s->op.sz);
	e->nr_steps++;
	e->step_total++;
	if (e->driver->done)
		e->driver->done(e, s);
}

/* An NMI is about to run: whoever has its CPU stands still. */
static void interrupt(struct engine *e, u32 nmi)
{
	u32 cpu = e->actor[nmi].cpu, i, level;

	level = e->stack[cpu].nr;
	if (level) {
		e->stopped |= 1u << e->stack[cpu].actor[level - 1];
	} else {
		for (i = 0; i < e->nr_actors; i++)
			if (!e->actor[i].nmi && e->actor[i].cpu == cpu)
				e->stopped |= 1u << i;
	}
	e->stack[cpu].actor[e->stack[cpu].nr++] = nmi;
}

static void resume(struct engine *e, u32 nmi)
{
	u32 cpu = e->actor[nmi].cpu, i, level;

	level = --e->stack[cpu].nr;
	if (level) {
		e->stopped &= ~(1u << e->stack[cpu].actor[level - 1]);
		return;
	}
	for (i = 0; i < e->nr_actors; i++)
		if (!e->actor[i].nmi && e->actor[i].cpu == cpu)
			e->stopped &= ~(1u << i);
}

static void enter(void *arg);

/* Nobody can go on: well, if only NMIs are left that did not strike. */
static void stand_still(struct engine *e)
{
	const struct engine_actor *a;
	u32 i;

	for (i = 0; i < e->nr_actors; i++) {
		a = &e->actor[i];
		if (a->state == ENGINE_RUNNING)
			engine_fail("deadlock", "%s waits for ever: %s",
				    a->name,
				    a->op.what ? a->op.what : "interrupted");
	}
	leave(e, ENGINE_COMPLETE);
}

static void enter(void *arg);

/* Who takes the next step of an actor; queues' steps are done on the way. */
static u32 next_actor(struct engine *e)
{
	u32 next;

	for (;;) {
		e->enabled = enabled(e);
		if (!e->enabled)
			stand_still(e);
		if (e->nr_steps >= e->steps_max)
			engine_fail("termination", "no end after %u steps",
				    e->nr_steps);
		next = e->driver->pick(e, e->enabled);
		if (next == ENGINE_GIVE_UP)
			leave(e, ENGINE_GIVEN_UP);
		e->turn[e->nr_turns++] = (struct engine_turn){ .agent = next };
		if (!engine_is_queue(next))
			return next;
		flush(e, next);
	}
}

/* From @from to an actor that was chosen. */
static void go_to(struct engine *e, struct fiber *from, u32 next)
{
	struct engine_actor *a = &e->actor[next];

	if (a->state == ENGINE_WAITING) {
		a->state = ENGINE_RUNNING;
		fiber_start(&a->fiber, enter, e);
	}
	e->current = next;
	fiber_switch(from, &a->fiber);
}

static struct engine_step *commit(struct engine *e, const struct engine_op *op)
{
	struct engine_step *s = note(e, e->current, engine_cpu(e));

	s->op = *op;
	s->op.reads |= 1u << s->cpu;
	e->actor[e->current].steps++;
	e->nr_steps++;
	e->step_total++;
	return s;
}

/* The act of @e->current has been chosen. */
static struct engine_step *act(struct engine *e, const struct engine_op *op)
{
	struct engine_step *s = commit(e, op);

	if (e->driver->done)
		e->driver->done(e, s);
	return s;
}

struct engine_step *engine_access(struct engine *e, const struct engine_op *op)
{
	struct engine_actor *a = &e->actor[e->current];
	u32 self = e->current, next;

	memory_settle(e->memory);
	a->op = *op;
	if (op->ready)
		e->waits |= 1u << self;
	if (e->warming) {
		fiber_switch(&a->fiber, &e->main);
	} else {
		next = next_actor(e);
		if (next != self)
			go_to(e, &a->fiber, next);
	}
	e->waits &= ~(1u << self);
	return act(e, op);
}

struct engine_step *engine_pass(struct engine *e, const struct engine_op *op)
{
	struct engine_actor *a = &e->actor[e->current];

	if (e->warming || e->nr_steps >= e->steps_max)
		return engine_access(e, op);
	memory_settle(e->memory);
	a->op = *op;
	return commit(e, op);
}

u32 engine_choose(struct engine *e, u32 n)
{
	struct engine_step *s = &e->step[e->nr_steps - 1];

	if (n <= 1)
		return 0;
	s->nr_choices = n;
	s->choice = e->driver->choose(e, n);
	e->turn[e->nr_turns - 1].choice = s->choice;
	return s->choice;
}

void engine_sync(const char *what, u32 reads, u32 writes,
		 bool (*ready)(void *arg), void *arg)
{
	struct engine *e = engine_now;
	const struct engine_op op = {
		.kind = ENGINE_SYNC,
		.reads = reads,
		.writes = writes,
		.what = what,
		.ready = ready,
		.arg = arg,
	};

	if (e->inside)
		engine_access(e, &op);
}

/* Where a fiber begins. */
static void enter(void *arg)
{
	struct engine *e = arg;
	u32 self = e->current;
	struct engine_actor *a = &e->actor[self];
	const struct engine_op back = { .kind = ENGINE_RETURN };

	if (a->nmi) {
		e->waits &= ~(1u << self);
		e->strikes[a->cpu]--;
		interrupt(e, self);
		act(e, &a->op);
	}
	a->body(a->arg);
	if (a->nmi) {
		engine_access(e, &back);
		resume(e, self);
	}
	memory_settle(e->memory);
	a->state = ENGINE_DONE;
	e->live &= ~(1u << self);
	if (e->warming)
		fiber_switch(&a->fiber, &e->main);
	go_to(e, &a->fiber, next_actor(e));
}

enum engine_end engine_run(struct engine *e)
{
	u32 i;

	e->inside = true;
	e->warming = true;
	for (i = 0; i < e->nr_actors; i++) {
		if (e->actor[i].nmi)
			continue;
		e->current = i;
		fiber_start(&e->actor[i].fiber, enter, e);
		fiber_switch(&e->main, &e->actor[i].fiber);
	}
	e->warming = false;
	if (enabled(e)) {
		e->current = ENGINE_ACTORS_MAX;
		go_to(e, &e->main, next_actor(e));
	}
	e->inside = false;
	memory_settle(e->memory);
	return e->end;
}
