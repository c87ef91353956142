/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An interleaving as a file: a scene, a model, and who took each turn.
 *
 *	damonsim-explore 1
 *	hotpath 020e99358d247ee7
 *	model weak
 *	property stranded
 *	scene
 *		ring 4
 *		cpu0: push; push
 *		kd0: drain
 *	turns
 *		cpu0 x7
 *		kd0 x3 2=1
 *
 * "kd0 x3 2=1" is three turns of kd0, the second of which reads the value that
 * is next to the latest.  Turns of another revision mean nothing, so that the
 * revision is named.
 */
#ifndef EXPLORE_TRIAL_H
#define EXPLORE_TRIAL_H

#include <stdio.h>

#include "explore/engine.h"
#include "explore/scene.h"

#define TRIAL_TEXT_MAX 4096

/* What the revision is known by; of the built one. */
extern const char hotpath_id[];
extern const char *const trial_model_names[];

/**
 * struct trial - an interleaving, and what it shows.
 * @scene:	read from @text
 * @text:	the scene as it was written
 * @model:	of memory
 * @races_pass:	data races are no violation, and plain accesses take turns
 * @property:	that does not hold there; empty if it is not known
 * @message:	how; empty if it is not known
 * @nr:		turns
 */
struct trial {
	struct scene scene;
	char text[TRIAL_TEXT_MAX];
	enum memory_model model;
	bool races_pass;
	char property[32];
	char message[200];
	u32 nr;
	struct engine_turn turn[ENGINE_STEPS_MAX];
};

/**
 * trial_write() - write it down.
 * @t:		the trial
 * @out:	open for writing
 *
 * Return: 0; -EIO.
 */
int trial_write(const struct trial *t, FILE *out);

/**
 * trial_read() - read one.
 * @t:		filled
 * @text:	the file's
 * @err:	filled on failure
 *
 * Return: 0; -EINVAL; -ESTALE if it is of another revision.
 */
int trial_read(struct trial *t, const char *text, struct scene_error *err);

/**
 * trial_agent_name() - what a turn's agent is called.
 * @s:		the scene
 * @agent:	an actor's number, or a CPU's queue
 * @out:	room for 24 bytes
 */
void trial_agent_name(const struct scene *s, u32 agent, char *out);

#endif
