// SPDX-License-Identifier: GPL-2.0
/*
 * Any fuzzer drives the explorer: bytes are an interleaving.
 *
 *	byte 0		which of the scenes that come with the program
 *	byte 1		the memory model: sc, tso, weak
 *	each other	one decision (drive.h): below 128 whoever acts goes on,
 *			from there on another one of those that can; where a
 *			load may read several stores, which of them
 *
 * A property that does not hold aborts, with the scene and the property on
 * standard error; `damonsim explore SCENE` finds it again, small.
 */
#include <stdio.h>
#include <stdlib.h>

#include "explore/drive.h"
#include "explore/stage.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz);

#define SCENES_MAX 64

static struct stage *stages[SCENES_MAX][MEMORY_WEAK + 1];
static struct scene scenes[SCENES_MAX];

static u32 nr_scenes(void)
{
	u32 nr = 0;

	while (scene_shipped[nr].name)
		nr++;
	return nr < SCENES_MAX ? nr : SCENES_MAX;
}

/* Made when they are first asked for, and kept. */
static struct stage *stage_of(u32 scene, u32 model)
{
	struct scene_error err;

	if (!stages[scene][model]) {
		if (scene_read(&scenes[scene], scene_shipped[scene].text,
			       &err) ||
		    stage_new(&stages[scene][model], &scenes[scene], model))
			abort();
	}
	return stages[scene][model];
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz)
{
	struct drive d = { 0 };
	struct stage *st;
	u32 scene, model;

	if (sz < 2)
		return 0;
	scene = data[0] % nr_scenes();
	model = data[1] % (MEMORY_WEAK + 1);
	st = stage_of(scene, model);
	d.bytes = data + 2;
	d.nr_bytes = sz - 2;
	drive_bytes(&d, st->e);
	if (stage_play(st) != ENGINE_VIOLATED)
		return 0;
	fprintf(stderr, "scene %s, model %u: %s: %s\n",
		scene_shipped[scene].name, model, st->e->property,
		st->e->message);
	abort();
}
