/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A scene on a machine: its objects in shared memory, and the truth about them
 * that a property is judged by.
 *
 * The truth is kept outside of shared memory and by what actors asked for, not
 * by what the hot path believes; so that a belief can be wrong.
 *
 * Not here: which executions are tried (drive.h).
 */
#ifndef EXPLORE_STAGE_H
#define EXPLORE_STAGE_H

#include "explore/engine.h"
#include "explore/hot.h"
#include "explore/scene.h"

#define STAGE_REPORTS_MAX 64
#define STAGE_HANDLES_MAX 64
#define STAGE_EVENTS_MAX 32
/* A push ends within so many accesses, whoever else acts. */
#define STAGE_PUSH_STEPS_MAX 64

/* Objects; those below are the CPUs. */
#define STAGE_HOTPLUG_LOCK (1u << 8)
#define STAGE_SET_LOCK(context) (1u << (9 + (context)))

enum stage_fate {
	STAGE_NEVER,
	STAGE_PUSHING,
	STAGE_ACCEPTED,
	STAGE_DRAINED,
	STAGE_LOST
};

/**
 * struct stage_report - the truth about one report.
 * @fate:	enum stage_fate
 * @actor:	whose it is
 * @number:	of its pushes
 * @context:	whose event it is of
 * @arming:	that context's when its handler began
 * @known_at:	who has its CPU at this count in its clock knows of it
 */
struct stage_report {
	u8 fate;
	u8 actor;
	u8 number;
	u8 context;
	u16 arming;
	u16 known_at;
};

/* What perf has of one event on one CPU. */
struct stage_handle {
	bool live;
	bool enabled;
	bool stolen;
	u8 cpu;
	u8 context;
};

struct stage;

/* An actor, with what it needs to act. */
struct stage_actor {
	struct stage *st;
	const struct scene_actor *script;
	u32 number; /* of the engine's */
	u32 pushed;
};

/**
 * struct stage_context - the truth about one context, and its objects.
 * @set:	its events
 * @tick:	its kdamond's
 * @nr:		events that it committed
 * @variant:	which attributes they have
 * @armed:	it asked for events to count
 * @claimed:	it has the rings for its page faults
 * @arming:	how often it began to count
 * @shaky:	events were stolen or refused since its last revival
 */
struct stage_context {
	struct damon_events *set;
	struct damon_tick *tick;
	struct damon_event *event[2];
	u32 nr;
	u8 variant;
	bool armed;
	bool claimed;
	bool shaky;
	u16 arming;
	bool locked;
	struct memory_known lock_known;
};

/**
 * struct stage - a scene while it is played.
 */
struct stage {
	struct engine *e;
	const struct scene *scene;
	u32 nr_actors;
	struct stage_actor actor[SCENE_ACTORS_MAX];
	u32 used; /* bytes of the engine's memory */

	struct damon_ring *ring[SCENE_CPUS_MAX];
	struct damon_cpu_stats *stats[SCENE_CPUS_MAX];
	struct damon_owner *owner;
	struct stage_context context[SCENE_CONTEXTS_MAX];
	struct damon_event *pool[STAGE_EVENTS_MAX];
	u32 nr_pool;

	/* The machine. */
	bool online[SCENE_CPUS_MAX];
	u8 pushing[SCENE_CPUS_MAX]; /* pushes under way */
	bool busy[SCENE_CPUS_MAX]; /* preemption is off in process context */
	bool refuses[SCENE_CPUS_MAX];
	bool taken[SCENE_CPUS_MAX]; /* by the rival */
	u32 nr_handles;
	struct stage_handle handle[STAGE_HANDLES_MAX];
	u32 refusals[SCENE_ACTORS_MAX]; /* that an actor met */
	u32 rivalry; /* acts of the rival */
	u32 changing; /* life-cycle acts under way */
	u32 changes; /* that were ever begun */
	u32 readers; /* of the hotplug lock */
	bool writer;
	struct memory_known readers_known;
	struct memory_known writer_known;
	int draining; /* context that drains, or -1 */
	bool ticked; /* what was left was drained by a tick */

	unsigned long raised;
	unsigned long drained;
	unsigned long lost[DAMON_NR_LOSSES];
	u32 nr_accepted;
	u64 outcome; /* what came out when; same for same behaviour */
	/* By actor, a bit for each report that the drain must find. */
	u32 expected[SCENE_ACTORS_MAX];
	u32 last[SCENE_ACTORS_MAX]; /* number of the last one drained */
	struct stage_report report[SCENE_ACTORS_MAX][SCENE_VERBS_MAX];
};

/**
 * stage_new() - a machine for a scene.
 * @out:	the stage; untouched on failure
 * @scene:	kept
 * @model:	of its memory
 *
 * Return: 0; -EINVAL; -ENOMEM.
 */
int stage_new(struct stage **out, const struct scene *scene,
	      enum memory_model model);

/**
 * stage_free() - give it back.
 * @st:		NULL allowed
 */
void stage_free(struct stage *st);

/**
 * stage_play() - play the scene once.
 * @st:		with the driver of st->e set
 *
 * Return: how it ended; the properties of the end are looked at if it was
 * complete.
 */
enum engine_end stage_play(struct stage *st);

/* The properties that engine_fail() may name, for help and documentation. */
struct stage_property {
	const char *name;
	const char *meaning;
};
extern const struct stage_property stage_properties[];

/* Between the files of the stage. */

/* Do what the script says. */
void stage_act(void *arg);
/* Do one act that changes events, or who may have them. */
void stage_change(struct stage_actor *a, const struct scene_act *act);
/* May the NMI strike now? */
bool stage_may_strike(void *arg);
/* An act on the machine: waits for its own CPU's queue, too. */
void stage_sync(struct stage *st, const char *what, u32 reads, u32 writes,
		bool (*ready)(void *arg), void *arg);
/* Something that tells one behaviour from another. */
void stage_witness(struct stage *st, u64 what);
/* Judge a report that came out of @cpu's ring. */
void stage_judge(struct stage *st, const struct damon_report *report, u32 cpu);
/* The report that an actor's next push carries, and what it may be known by. */
void stage_make(struct stage_actor *a, struct damon_report *report);
u64 stage_addr(u32 id);
/* What a tick asks about each report that is not stale. */
bool stage_credit(void *arg, const struct damon_report *report, u32 cpu);
/* What a drain is to find at the least, and whether it did. */
void stage_expect(struct stage *st, u32 context);
void stage_check_found(struct stage *st, u32 context);
/* What can be seen when all are done; then what was counted. */
void stage_check_end(struct stage *st);
void stage_check_counters(struct stage *st);
/* Do the events count as the contexts asked for? */
void stage_check_events(struct stage *st);
/* The acts of perf, for a context's set. */
extern const struct damon_event_ops stage_event_ops;
/* Lock against the others and hotplug; hotplug against all. */
void stage_lock_hotplug(struct stage *st);
void stage_unlock_hotplug(struct stage *st);

#endif
