/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Looking for an execution of a scene that breaks a property.
 *
 * What is found is made small before it is handed out: actors, their acts and
 * preemptions are left out for as long as the same property breaks.
 *
 * Not here: printing (table.h), scenes that come along (scene.h).
 */
#ifndef EXPLORE_EXPLORE_H
#define EXPLORE_EXPLORE_H

#include "explore/trial.h"

enum explore_strategy {
	EXPLORE_EXHAUSTIVE, /* all, reduced by what depends on what */
	EXPLORE_BOUNDED, /* all with so many preemptions */
	EXPLORE_PCT,
	EXPLORE_WALK,
	EXPLORE_GUIDED, /* by coverage, from a corpus */
	EXPLORE_AUTO, /* exhaustive; what time is left, guided and pct */
};
extern const char *const explore_strategy_names[];

/**
 * struct explore_options - how to look.
 * @model:	of memory
 * @strategy:	see above
 * @bound:	preemptions (bounded)
 * @depth:	orderings that a bug may need (pct)
 * @seed:	of all chance
 * @seconds:	at most; 0 is no limit
 * @executions:	at most; 0 is no limit
 * @races_pass:	look on where accesses race
 * @corpus:	folder of the guided strategy's inputs, or NULL
 * @stop:	set by somebody else to end early, or NULL
 * @patience_s:	without @seconds: give up when it would take longer than that;
 *		0 is never
 */
struct explore_options {
	enum memory_model model;
	enum explore_strategy strategy;
	u32 bound;
	u32 depth;
	u64 seed;
	double seconds;
	u64 executions;
	bool races_pass;
	const char *corpus;
	const volatile int *stop;
	double patience_s;
};

/**
 * struct explore_result - what was seen.
 * @executions:	played to their end
 * @redundant:	left because they would have been one that was played
 * @steps:	of all
 * @longest:	steps of the longest one
 * @seconds:	it took
 * @exhausted:	there is none left
 * @progress:	of the exhaustive part, 0 to 1
 * @estimate_s:	how long all would take, if patience ended
 * @pct_bound:	least probability to have found a bug of that depth, if pct ran
 * @covered:	pairs of steps that followed each other on two CPUs (guided)
 * @nr_found:	violations; a data race may hide one more
 * @found:	each with its turns
 */
struct explore_result {
	u64 executions;
	u64 redundant;
	u64 steps;
	u32 longest;
	double seconds;
	bool exhausted;
	double progress;
	double estimate_s;
	double pct_bound;
	u32 covered;
	u32 nr_found;
	struct trial *found[2];
};

/**
 * explore_scene() - look.
 * @text:	the scene
 * @o:		how
 * @r:		what was seen; explore_result_fini() when done
 * @err:	filled if the text is no scene
 *
 * Return: 0, also if something was found; -EINVAL; -ENOMEM; -EFBIG if it would
 * take longer than @patience_s, with @estimate_s set; -EIO if the corpus
 * can not be read or written.
 */
int explore_scene(const char *text, const struct explore_options *o,
		  struct explore_result *r, struct scene_error *err);

/**
 * explore_result_fini() - give back what was found.
 * @r:		zeroed or filled
 */
void explore_result_fini(struct explore_result *r);

/**
 * explore_shrink() - leave out what the violation does not need.
 * @t:		found; replaced by a smaller one
 * @seconds:	to spend at most
 */
void explore_shrink(struct trial *t, double seconds);

/**
 * explore_switches() - how often another agent goes on.
 * @t:		a trial
 */
u32 explore_switches(const struct trial *t);

/* Seconds of a clock that does not jump. */
double explore_now(void);

#endif
