/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Many scenes, over the cores, within one time.
 *
 * Small ones end early and leave their time to the others.
 */
#ifndef EXPLORE_SUITE_H
#define EXPLORE_SUITE_H

#include "explore/explore.h"

/**
 * struct suite_item - a scene under one model.
 * @name:	of the scene
 * @text:	for scene_read()
 * @model:	of memory
 * @ret:	what explore_scene() said
 * @err:	why the text is no scene
 * @result:	what was seen, violations made small
 * @done:	it was looked at
 */
struct suite_item {
	const char *name;
	const char *text;
	enum memory_model model;
	int ret;
	struct scene_error err;
	struct explore_result result;
	bool done;
};

/**
 * struct suite - the scenes, and how to look at them.
 * @item:	@nr of them
 * @options:	for each; @options.seconds for all together, on all cores
 * @jobs:	threads
 * @told:	called when one is done, one call at a time; NULL allowed
 * @arg:	handed to it
 */
struct suite {
	struct suite_item *item;
	u32 nr;
	struct explore_options options;
	u32 jobs;
	void (*told)(void *arg, const struct suite_item *item);
	void *arg;
};

/**
 * suite_run() - look at all of them.
 * @s:		filled in
 *
 * Return: 0; -EAGAIN if no thread could be had.
 */
int suite_run(struct suite *s);

#endif
