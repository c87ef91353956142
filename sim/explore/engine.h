/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One execution of actors that share memory, step by step.
 *
 * An actor is a fiber that stops before each of its accesses to shared memory.
 * Who goes on is decided there, by whoever drives the engine (drive.h); what it
 * then reads, where a memory model leaves that open, is decided there, too.  An
 * execution is the list of these decisions and nothing else, so that it can be
 * had again.
 *
 * Process contexts have a CPU each.  An NMI is an actor on the CPU that it
 * strikes: from its first step to its last, what it interrupted stands still,
 * while other CPUs go on.  Stores that wait in a CPU's queue (tso) reach memory
 * by steps of their own, as if by one more actor for each CPU.
 *
 * Not here: what actors do (scene.h), which executions are tried (drive.h),
 * how an access gets here (hooks.c).
 */
#ifndef EXPLORE_ENGINE_H
#define EXPLORE_ENGINE_H

#include <linux/types.h>

#include "explore/fiber.h"
#include "explore/memory.h"

#define ENGINE_ACTORS_MAX 16
/* With each CPU's queue. */
#define ENGINE_AGENTS_MAX (ENGINE_ACTORS_MAX + MEMORY_CPUS_MAX)
#define ENGINE_STEPS_MAX 4096
#define ENGINE_OBJECTS_MAX 32
/* The order of all full fences. */
#define ENGINE_OBJECT_FULL (1u << 31)

enum engine_kind {
	ENGINE_READ, /* plain */
	ENGINE_WRITE, /* plain */
	ENGINE_LOAD, /* marked, as the following */
	ENGINE_STORE,
	ENGINE_SWAP,
	ENGINE_FENCE,
	ENGINE_SYNC, /* on objects that are no memory */
	ENGINE_STRIKE, /* an NMI begins */
	ENGINE_RETURN, /* an NMI ends */
	ENGINE_FLUSH, /* a queued store reaches memory */
};

/**
 * struct engine_op - what an actor is about to do.
 * @kind:	enum engine_kind
 * @order:	enum memory_order, or enum memory_fence
 * @sz:		bytes
 * @off:	first byte in memory
 * @reads:	objects that it depends on, a bit each
 * @writes:	objects that it changes
 * @pc:		where in the code, or NULL
 * @what:	of a SYNC: what to call it
 * @ready:	may it be done now?  NULL: always
 * @arg:	handed to @ready
 */
struct engine_op {
	u8 kind;
	u8 order;
	u16 sz;
	u16 off;
	u32 reads;
	u32 writes;
	const void *pc;
	const char *what;
	bool (*ready)(void *arg);
	void *arg;
};

/**
 * struct engine_step - what was done.
 * @op:		the act
 * @value:	read or stored
 * @agent:	who; from ENGINE_ACTORS_MAX on, a CPU's queue
 * @cpu:	where
 * @choice:	which of the values that the model allows
 * @nr_choices:	of how many
 */
struct engine_step {
	struct engine_op op;
	u64 value;
	u8 agent;
	u8 cpu;
	u8 choice;
	u8 nr_choices;
};

/* A decision: who took a turn, and which of the values it found. */
struct engine_turn {
	u8 agent;
	u8 choice;
};

enum engine_state {
	ENGINE_UNUSED,
	ENGINE_WAITING, /* an NMI that has not struck yet */
	ENGINE_RUNNING,
	ENGINE_DONE,
};

/**
 * struct engine_actor - one that acts.
 * @name:	as the scene calls it
 * @cpu:	where
 * @nmi:	it strikes when it may, and what it interrupts stands still
 * @body:	what it does; may return
 * @arg:	handed to it
 * @op:		what it is about to do
 * @steps:	how many it took
 * @state:	enum engine_state
 */
struct engine_actor {
	const char *name;
	u8 cpu;
	bool nmi;
	void (*body)(void *arg);
	void *arg;
	struct engine_op op;
	u32 steps;
	u8 state;
	struct fiber fiber;
};

struct engine;

/**
 * struct engine_driver - who decides.
 * @pick:	which agent takes the next step, of the set bits of @enabled;
 *		ENGINE_GIVE_UP to leave the execution here
 * @choose:	which of @n values, @n above 1
 * @done:	a step is being done, its values still unknown; may be NULL
 */
struct engine_driver {
	u32 (*pick)(struct engine *e, u32 enabled);
	u32 (*choose)(struct engine *e, u32 n);
	void (*done)(struct engine *e, const struct engine_step *step);
};

#define ENGINE_GIVE_UP (~0u)

enum engine_end {
	ENGINE_COMPLETE, /* all actors are done */
	ENGINE_VIOLATED, /* a property does not hold: @property, @message */
	ENGINE_GIVEN_UP, /* the driver left it */
};

/**
 * struct engine - an execution, and what the next one takes over.
 * @memory:	shared by all actors
 * @driver:	who decides
 * @driver_arg:	the driver's own
 * @actor:	@nr_actors of them
 * @current:	the agent that acts
 * @enabled:	agents that can take the next step
 * @step:	what was done, @nr_steps
 * @turn:	what was decided, @nr_turns
 * @strikes:	by CPU, NMIs that have still to strike
 * @torn:	by actor, bytes that a plain access of several words is in the
 *		midst of; none if @torn.sz is 0
 * @freed:	a bit for each 8 bytes that nobody may touch any more
 * @steps_max:	more than that, and termination is violated
 * @races_pass:	data races are not violations here
 * @property:	what does not hold
 * @message:	how
 */
struct engine {
	struct memory *memory;
	const struct engine_driver *driver;
	void *driver_arg;
	u32 nr_actors;
	u32 current;
	u32 enabled;
	u32 live; /* actors that run or have still to strike */
	u32 waits; /* agents whose next act may have to wait */
	u32 stopped; /* actors that an NMI interrupted */
	u8 strikes[MEMORY_CPUS_MAX];
	struct {
		u16 off;
		u16 sz;
		bool store;
	} torn[ENGINE_ACTORS_MAX];
	u64 freed[MEMORY_SZ / 8 / 64];
	bool any_freed;
	bool inside; /* accesses are steps */
	bool warming; /* process contexts go up to their first act */
	bool races_pass;
	u32 nr_steps;
	u32 nr_turns;
	u32 steps_max;
	enum engine_end end;
	const char *property;
	char message[200];
	u64 step_total;
	struct fiber main;
	/* Interrupted actors of each CPU, the last one on top. */
	struct {
		u8 nr;
		u8 actor[ENGINE_ACTORS_MAX];
	} stack[MEMORY_CPUS_MAX];
	struct engine_actor actor[ENGINE_ACTORS_MAX];
	struct engine_step step[ENGINE_STEPS_MAX];
	struct engine_turn turn[ENGINE_STEPS_MAX];
};

/* The engine whose actor runs on this thread, or NULL. */
extern __thread struct engine *engine_now
	__attribute__((tls_model("initial-exec")));

/**
 * engine_new() - make an engine.
 * @out:	the engine; untouched on failure
 * @model:	of its memory
 * @nr_cpus:	that share it
 *
 * Return: 0; -EINVAL; -ENOMEM.
 */
int engine_new(struct engine **out, enum memory_model model, u32 nr_cpus);

/**
 * engine_free() - give it back.
 * @e:		NULL allowed
 */
void engine_free(struct engine *e);

/**
 * engine_begin() - begin an execution: memory zeroed, no actors.
 * @e:		not inside of an execution
 */
void engine_begin(struct engine *e);

/**
 * engine_add() - add an actor.
 * @e:		after engine_begin()
 * @name:	kept as it is
 * @cpu:	where; process contexts have one each
 * @ready:	for an NMI: may it strike now?  NULL for a process context
 * @reads:	for an NMI: objects that @ready depends on
 * @body:	what it does
 * @arg:	handed to @ready and @body
 *
 * Return: its number; -ENOSPC.
 */
int engine_add(struct engine *e, const char *name, u32 cpu,
	       bool (*ready)(void *arg), u32 reads, void (*body)(void *arg),
	       void *arg);

/**
 * engine_run() - let the actors act until all are done, or none goes on.
 * @e:		with actors
 *
 * NMIs that never may strike are no reason to go on.
 */
enum engine_end engine_run(struct engine *e);

/**
 * engine_fail() - a property does not hold.
 * @property:	its name
 * @format:	how, as for printf
 *
 * Context: inside of an actor it does not return.
 */
void engine_fail(const char *property, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * engine_sync() - an act on objects that are no memory.
 * @what:	what to call it
 * @reads:	objects that it depends on
 * @writes:	objects that it changes
 * @ready:	may it be done now?  NULL: always
 * @arg:	handed to @ready
 *
 * Context: an actor.  On return it is done, and nobody has acted since.
 */
void engine_sync(const char *what, u32 reads, u32 writes,
		 bool (*ready)(void *arg), void *arg);

/**
 * engine_access() - the next access is this one: wait for its turn.
 * @e:		inside
 * @op:		what it is going to be
 *
 * Return: the step to note its value in.
 */
struct engine_step *engine_access(struct engine *e, const struct engine_op *op);

/**
 * engine_pass() - an access that nobody could come before: no turn is taken.
 * @e:		inside
 * @op:		what it is
 *
 * Return: the step to note its value in.
 */
struct engine_step *engine_pass(struct engine *e, const struct engine_op *op);

/**
 * engine_choose() - one of several values.
 * @e:		inside, after engine_access()
 * @n:		how many
 */
u32 engine_choose(struct engine *e, u32 n);

/**
 * engine_release() - memory is given back: a plain store to all of it, which
 * has to come behind whoever used it; from then on nobody may touch it.
 * @e:		inside
 * @p:		in its memory, aligned to 8 bytes
 * @sz:		bytes
 */
void engine_release(struct engine *e, const void *p, u32 sz);

/* The CPU of the actor that runs. */
static inline u32 engine_cpu(const struct engine *e)
{
	return e->actor[e->current].cpu;
}

/* Is @agent a CPU's queue?  That of CPU agent - ENGINE_ACTORS_MAX. */
static inline bool engine_is_queue(u32 agent)
{
	return agent >= ENGINE_ACTORS_MAX;
}

/**
 * engine_op_of() - what an agent is about to do.
 * @e:		inside
 * @agent:	one that is enabled or waits
 * @op:		filled for a queue
 */
const struct engine_op *engine_op_of(const struct engine *e, u32 agent,
				     struct engine_op *op);

#endif
