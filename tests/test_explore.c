// SPDX-License-Identifier: GPL-2.0
/*
 * The explorer over scenes: what the reduction leaves out differs in nothing
 * from what it plays; all shipped scenes hold; same seed, same executions.
 *
 * The whole tree is what EXHAUST_NO_BOUND's is held against: a bound that no
 * execution reaches, and no reduction.  test_explore_reduce.c does the same for
 * programs made by chance.
 */
#include "explore/exhaust.h"
#include "explore/explore.h"
#include "explore/stage.h"
#include "support_check.h"
#include "test_explore.h"

/* More preemptions than any execution has. */
#define WHOLE 1000
/* Where a tree is larger, the part of it that was played is held against. */
#define PLAYS_MAX 4000

static const char *const small[] = {
	"cpu0: push / kd0: drain",
	"cpu0: push; push / kd0: drain",
	"ring 1 / cpu0: push; push / kd0: drain",
	"cpu0: push / nmi0: push / kd0: drain",
	"ring 1 / cpu0: push / nmi0: push / kd0: drain",
	"ring 2 / cpu0: push; push / nmi0: push / kd0: drain",
	"cpu0: push / nmi0: push / nmi0: push",
	"nmi0: push / nmi0: push / kd0: drain",
	"cpu0: push / cpu1: push / kd0: drain",
	"cpu0: push / kd0: drain / hotplug: offline 0; online 0",
	"nmi0: push / kd0: drain; migrate 0; drain",
	"nmi0: sample / kd0: commit 1; arm; tick; disarm; tick; commit 0",
	"nmi0: sample / kd0: commit 1; arm; tick / hotplug: offline 0",
	"kd0: commit 1; arm; commit 2 / rival: refuse 0",
	"nmi0: sample / kd0: commit 1; arm; tick; revive / rival: take 0",
};

#define NR_SMALL (sizeof(small) / sizeof(small[0]))
#define NR_MODELS 3

/* How complete executions of a scene end.  Return: all were played. */
static bool ends_of(const char *text, enum memory_model model, u32 bound,
		    u64 plays, struct outcomes *out)
{
	struct scene_error err;
	struct scene scene;
	struct stage *st;
	struct exhaust *x;
	bool all = false;

	ck_assert_int_eq(scene_read(&scene, text, &err), 0);
	ck_assert_int_eq(stage_new(&st, &scene, model), 0);
	ck_assert_int_eq(exhaust_new(&x, bound), 0);
	while (plays--) {
		exhaust_drive(x, st->e);
		if (stage_play(st) == ENGINE_COMPLETE)
			ck_assert(outcomes_add(out, st->outcome));
		else
			ck_assert_msg(st->e->end == ENGINE_GIVEN_UP, "%s: %s",
				      text, st->e->property);
		if (!exhaust_next(x, st->e)) {
			all = true;
			break;
		}
	}
	exhaust_free(x);
	stage_free(st);
	return all;
}

START_TEST(the_reduction_loses_nothing)
{
	const char *text = small[_i / NR_MODELS];
	enum memory_model model = _i % NR_MODELS;
	struct outcomes whole = { 0 }, reduced = { 0 };
	bool all;

	ck_assert_msg(ends_of(text, model, EXHAUST_NO_BOUND, 1000000, &reduced),
		      "%s, model %d: no end", text, model);
	all = ends_of(text, model, WHOLE, PLAYS_MAX, &whole);
	ck_assert_msg(!outcomes_missing(&whole, &reduced),
		      "%s, model %d: %u of %u ends were left out", text, model,
		      outcomes_missing(&whole, &reduced), whole.nr);
	if (all)
		ck_assert_uint_eq(outcomes_missing(&reduced, &whole), 0);
	outcomes_fini(&whole);
	outcomes_fini(&reduced);
}
END_TEST

/* Ends do tell executions apart: without preemptions there are fewer. */
START_TEST(fewer_preemptions_fewer_ends)
{
	u32 i, model, nr_fewer = 0;

	for (i = 0; i < NR_SMALL; i++)
		for (model = 0; model < NR_MODELS; model++) {
			struct outcomes some = { 0 }, all = { 0 };

			ends_of(small[i], model, 0, 1000000, &some);
			ends_of(small[i], model, EXHAUST_NO_BOUND, 1000000,
				&all);
			ck_assert_uint_eq(outcomes_missing(&some, &all), 0);
			nr_fewer += outcomes_missing(&all, &some) != 0;
			outcomes_fini(&some);
			outcomes_fini(&all);
		}
	ck_assert_uint_ge(nr_fewer, 10);
}
END_TEST

START_TEST(shipped_scenes_hold)
{
	const struct scene_shipped *scene = &scene_shipped[_i];
	struct explore_options o = {
		.strategy = EXPLORE_EXHAUSTIVE,
		.executions = 500,
	};
	struct explore_result r;
	struct scene_error err;

	for (o.model = MEMORY_SC; o.model <= MEMORY_WEAK; o.model++) {
		ck_assert_msg(!explore_scene(scene->text, &o, &r, &err),
			      "%s, line %u: %s", scene->name, err.line,
			      err.text);
		ck_assert_msg(!r.nr_found, "%s, %s: %s", scene->name,
			      trial_model_names[o.model], r.found[0]->property);
		ck_assert(r.executions);
		ck_assert(r.exhausted ||
			  r.executions + r.redundant == o.executions);
		explore_result_fini(&r);
	}
}
END_TEST

/* What a strategy played, as far as it can be told from outside. */
static struct explore_result look(enum explore_strategy strategy, u64 seed)
{
	static const char text[] = "ring 2 / cpu0: push; push / nmi0: push / "
				   "kd0: drain; drain / cpu1: push; push";
	struct explore_options o = {
		.model = MEMORY_WEAK,
		.strategy = strategy,
		.depth = 3,
		.seed = seed,
		.executions = 500,
	};
	struct explore_result r;
	struct scene_error err;

	ck_assert_int_eq(explore_scene(text, &o, &r, &err), 0);
	ck_assert_uint_eq(r.nr_found, 0);
	return r;
}

START_TEST(same_seed_same_executions)
{
	enum explore_strategy strategy = _i;
	struct explore_result a = look(strategy, 7), b = look(strategy, 7);
	struct explore_result c = look(strategy, 8);

	ck_assert_uint_eq(a.executions, 500);
	ck_assert_uint_eq(a.executions, b.executions);
	ck_assert_uint_eq(a.steps, b.steps);
	ck_assert_uint_eq(a.longest, b.longest);
	ck_assert_uint_eq(a.covered, b.covered);
	ck_assert_double_eq(a.pct_bound, b.pct_bound);
	ck_assert_uint_ne(a.steps, c.steps);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("explore");
	TCase *tc = tcase_create("explore");
	u32 nr = 0;

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, the_reduction_loses_nothing, 0,
			    NR_SMALL * NR_MODELS);
	tcase_add_test(tc, fewer_preemptions_fewer_ends);
	while (scene_shipped[nr].name)
		nr++;
	tcase_add_loop_test(tc, shipped_scenes_hold, 0, nr);
	tcase_add_loop_test(tc, same_seed_same_executions, EXPLORE_PCT,
			    EXPLORE_GUIDED + 1);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
