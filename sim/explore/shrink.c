// SPDX-License-Identifier: GPL-2.0
/*
 * Making a violation small.  A scene with one thing less is explored again,
 * whole if that goes quickly: what breaks the same property is the new one.
 * Then the fewest preemptions that do it are looked for, from none upwards.
 */
#include <stdlib.h>
#include <string.h>

#include "explore/explore.h"

#define TRY_EXECUTIONS 20000

struct shrink {
	struct trial *t;
	double until;
};

/* Does @scene break the same property?  Then it is the trial from now on. */
static bool still(struct shrink *s, const struct scene *scene, u32 bound)
{
	struct explore_options o = {
		.model = s->t->model,
		.strategy = bound == ~0u ? EXPLORE_EXHAUSTIVE : EXPLORE_BOUNDED,
		.bound = bound,
		.races_pass = s->t->races_pass,
		.executions = TRY_EXECUTIONS,
		.seconds = s->until - explore_now(),
	};
	struct explore_result r;
	struct scene_error err;
	char text[TRIAL_TEXT_MAX];
	bool same;

	if (o.seconds <= 0)
		return false;
	scene_print(scene, text, sizeof(text));
	if (explore_scene(text, &o, &r, &err))
		return false;
	same = r.nr_found && !strcmp(r.found[0]->property, s->t->property);
	if (same)
		*s->t = *r.found[0];
	explore_result_fini(&r);
	return same;
}

static bool without_actor(struct shrink *s, u32 i)
{
	struct scene scene = s->t->scene;

	if (scene.nr_actors == 1)
		return false;
	memmove(&scene.actor[i], &scene.actor[i + 1],
		(scene.nr_actors - i - 1) * sizeof(scene.actor[0]));
	scene.nr_actors--;
	return still(s, &scene, ~0u);
}

static bool without_act(struct shrink *s, u32 i, u32 j)
{
	struct scene scene = s->t->scene;
	struct scene_actor *a = &scene.actor[i];

	if (a->nr == 1)
		return false;
	memmove(&a->act[j], &a->act[j + 1],
		(a->nr - j - 1) * sizeof(a->act[0]));
	a->nr--;
	return still(s, &scene, ~0u);
}

static bool smaller(struct shrink *s)
{
	u32 i, j;

	for (i = s->t->scene.nr_actors; i--;)
		if (without_actor(s, i))
			return true;
	for (i = s->t->scene.nr_actors; i--;)
		for (j = s->t->scene.actor[i].nr; j--;)
			if (without_act(s, i, j))
				return true;
	return false;
}

void explore_shrink(struct trial *t, double seconds)
{
	struct shrink s = { .t = t, .until = explore_now() + seconds };
	struct scene scene;
	u32 bound;

	while (smaller(&s))
		;
	scene = t->scene;
	for (bound = 0; bound < explore_switches(t); bound++)
		if (still(&s, &scene, bound))
			break;
}

u32 explore_switches(const struct trial *t)
{
	u32 nr = 0, i;

	for (i = 1; i < t->nr; i++)
		nr += t->turn[i].agent != t->turn[i - 1].agent;
	return nr;
}
