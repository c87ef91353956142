/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A scene: who acts on the substrate, and what each does in which order.
 *
 *	ring 4			slots of each ring (4)
 *	cpus 2			CPUs with a ring and a PMU (as are named)
 *	depth 2			NMIs on top of each other on one CPU (2)
 *	cpu0: push; push	a process context on CPU 0
 *	nmi0: push		an NMI that may strike CPU 0 once
 *	kd0: commit 1; arm; tick; disarm; tick; commit 0
 *				the kdamond of context 0 (there may be two)
 *	hotplug: offline 1; online 1
 *	rival: take 0; give 0	another user of the PMUs
 *
 * Lines end with a line end or a "/".  Where no actor commits events, NMIs may
 * strike at any time, else while an event counts on their CPU.
 *
 * Not here: what the verbs do (verbs.c).
 */
#ifndef EXPLORE_SCENE_H
#define EXPLORE_SCENE_H

#include <linux/types.h>

#define SCENE_ACTORS_MAX 12
#define SCENE_VERBS_MAX 16
#define SCENE_CPUS_MAX 4
#define SCENE_CONTEXTS_MAX 2
#define SCENE_RING_MAX 64

enum scene_kind {
	SCENE_CPU,
	SCENE_NMI,
	SCENE_KDAMOND,
	SCENE_HOTPLUG,
	SCENE_RIVAL
};

/* Verb, who may do it, what its argument is. */
#define SCENE_VERBS(X)                       \
	X(PUSH, "push", CPU_NMI, NONE)       \
	X(SAMPLE, "sample", CPU_NMI, NONE)   \
	X(DRAIN, "drain", KDAMOND, NONE)     \
	X(TICK, "tick", KDAMOND, NONE)       \
	X(COMMIT, "commit", KDAMOND, EVENTS) \
	X(ARM, "arm", KDAMOND, NONE)         \
	X(DISARM, "disarm", KDAMOND, NONE)   \
	X(PAUSE, "pause", KDAMOND, NONE)     \
	X(RESUME, "resume", KDAMOND, NONE)   \
	X(REVIVE, "revive", KDAMOND, NONE)   \
	X(CLAIM, "claim", KDAMOND, NONE)     \
	X(RELEASE, "release", KDAMOND, NONE) \
	X(MIGRATE, "migrate", KDAMOND, CPU)  \
	X(OFFLINE, "offline", HOTPLUG, CPU)  \
	X(ONLINE, "online", HOTPLUG, CPU)    \
	X(REFUSE, "refuse", RIVAL, CPU)      \
	X(ACCEPT, "accept", RIVAL, CPU)      \
	X(TAKE, "take", RIVAL, CPU)          \
	X(GIVE, "give", RIVAL, CPU)

enum scene_verb {
#define X(id, name, who, what) SCENE_##id,
	SCENE_VERBS(X)
#undef X
		SCENE_NR_VERBS,
};

/**
 * struct scene_act - one thing that an actor does.
 * @verb:	enum scene_verb
 * @arg:	CPU, or how many events
 * @variant:	which attributes these events have; 0 unless said
 */
struct scene_act {
	u8 verb;
	u8 arg;
	u8 variant;
};

/**
 * struct scene_actor - one that acts.
 * @name:	as written
 * @kind:	enum scene_kind
 * @index:	CPU, or context
 * @nr:		acts
 */
struct scene_actor {
	char name[16];
	u8 kind;
	u8 index;
	u8 nr;
	struct scene_act act[SCENE_VERBS_MAX];
};

/**
 * struct scene - see above.
 * @nr_cpus:	with a ring and a PMU
 * @nr_contexts: at least 1
 * @has_events:	somebody commits some
 * @has_hotplug: CPUs go off and on
 */
struct scene {
	u32 ring;
	u32 nr_cpus;
	u32 depth;
	u32 nr_contexts;
	bool has_events;
	bool has_hotplug;
	u32 nr_actors;
	struct scene_actor actor[SCENE_ACTORS_MAX];
};

/**
 * struct scene_error - why a text is no scene.
 * @line:	from 1
 * @text:	what was expected
 */
struct scene_error {
	u32 line;
	char text[120];
};

/**
 * scene_read() - read a scene.
 * @s:		filled
 * @text:	as above
 * @err:	filled on failure
 *
 * Return: 0; -EINVAL.
 */
int scene_read(struct scene *s, const char *text, struct scene_error *err);

/**
 * scene_print() - write a scene as scene_read() takes it.
 * @s:		the scene
 * @out:	the text
 * @sz:		room; cut off if it is less
 */
void scene_print(const struct scene *s, char *out, size_t sz);

/**
 * struct scene_shipped - a scene that comes with the program.
 * @name:	one word
 * @summary:	what may go wrong there
 * @text:	for scene_read()
 */
struct scene_shipped {
	const char *name;
	const char *summary;
	const char *text;
};

/* Small ones first; the last one has no name. */
extern const struct scene_shipped scene_shipped[];

#endif
