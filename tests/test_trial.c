// SPDX-License-Identifier: GPL-2.0
/*
 * Stored interleavings: written and read back they are the same, played again
 * they end the same; what is no such file is refused, with the line.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explore/drive.h"
#include "explore/stage.h"
#include "explore/table.h"
#include "support_check.h"
#include "support_rng.h"

/* Play at random, and write down what happened.  Return: the outcome. */
static u64 draw_trial(struct trial *t, const char *text,
		      enum memory_model model, u64 seed)
{
	struct drive d = { .seed = seed };
	struct scene_error err;
	struct stage *st;
	u64 outcome;

	memset(t, 0, sizeof(*t));
	t->model = model;
	snprintf(t->text, sizeof(t->text), "%s", text);
	ck_assert_int_eq(scene_read(&t->scene, text, &err), 0);
	ck_assert_int_eq(stage_new(&st, &t->scene, model), 0);
	drive_walk(&d, st->e);
	ck_assert_int_eq(stage_play(st), ENGINE_COMPLETE);
	t->nr = st->e->nr_turns;
	memcpy(t->turn, st->e->turn, t->nr * sizeof(t->turn[0]));
	outcome = st->outcome;
	stage_free(st);
	return outcome;
}

static char *write_trial(const struct trial *t)
{
	char *text = NULL;
	size_t sz;
	FILE *f = open_memstream(&text, &sz);

	ck_assert_int_eq(trial_write(t, f), 0);
	fclose(f);
	return text;
}

static u64 play_again(const struct trial *t, u32 *missed)
{
	struct drive d = { .turn = t->turn, .nr_turns = t->nr };
	struct stage *st;
	u64 outcome;

	ck_assert_int_eq(stage_new(&st, &t->scene, t->model), 0);
	drive_again(&d, st->e);
	ck_assert_int_eq(stage_play(st), ENGINE_COMPLETE);
	ck_assert_uint_eq(st->e->nr_turns, t->nr);
	outcome = st->outcome;
	*missed = d.missed;
	stage_free(st);
	return outcome;
}

START_TEST(what_is_written_is_played_again)
{
	const struct scene_shipped *scene = &scene_shipped[_i];
	struct trial *t = malloc(sizeof(*t)), *back = malloc(sizeof(*back));
	struct scene_error err;
	u32 seed, model, missed;
	char *text, *again;
	u64 outcome;

	for (model = MEMORY_SC; model <= MEMORY_WEAK; model++)
		for (seed = 0; seed < 10; seed++) {
			outcome = draw_trial(t, scene->text, model, seed);
			text = write_trial(t);
			ck_assert_msg(!trial_read(back, text, &err),
				      "%s\nline %u: %s", text, err.line,
				      err.text);
			ck_assert_int_eq(back->model, t->model);
			ck_assert_uint_eq(back->nr, t->nr);
			ck_assert_mem_eq(back->turn, t->turn,
					 t->nr * sizeof(t->turn[0]));
			ck_assert_mem_eq(&back->scene, &t->scene,
					 sizeof(t->scene));
			ck_assert_uint_eq(play_again(back, &missed), outcome);
			ck_assert_uint_eq(missed, 0);
			again = write_trial(back);
			ck_assert_str_eq(again, text);
			free(again);
			free(text);
		}
	free(back);
	free(t);
}
END_TEST

START_TEST(the_head_is_kept)
{
	struct trial *t = malloc(sizeof(*t)), *back = malloc(sizeof(*back));
	struct scene_error err;
	char *text;

	draw_trial(t, "cpu0: push / kd0: drain", MEMORY_TSO, 1);
	t->races_pass = true;
	strcpy(t->property, "stranded");
	strcpy(t->message, "1 reports: \"here\", there");
	text = write_trial(t);
	ck_assert_int_eq(trial_read(back, text, &err), 0);
	ck_assert(back->races_pass);
	ck_assert_str_eq(back->property, t->property);
	ck_assert_str_eq(back->message, t->message);
	free(text);
	free(back);
	free(t);
}
END_TEST

/* A table tells when it did not go as the file says. */
START_TEST(the_table_tells)
{
	struct trial *t = malloc(sizeof(*t));
	char *out = NULL;
	size_t sz;
	FILE *f = open_memstream(&out, &sz);

	draw_trial(t, "cpu0: push / nmi0: push / kd0: drain", MEMORY_SC, 3);
	ck_assert(table_print(t, f, false));
	strcpy(t->property, "stranded");
	ck_assert(!table_print(t, f, false));
	/* The property is what is seen now. */
	ck_assert_str_eq(t->property, "");
	t->turn[0].agent = ENGINE_ACTORS_MAX;
	ck_assert(!table_print(t, f, true));
	fclose(f);
	ck_assert(strstr(out, "strikes") && strstr(out, "all properties hold"));
	free(out);
	free(t);
}
END_TEST

#define HEAD "damonsim-explore 1\n"
#define SCENE "model sc\nscene\n\tcpu0: push\n\tkd0: drain\n"

static const struct {
	const char *text;
	int ret;
	u32 line;
	const char *says;
} refused[] = {
	{ "", -EINVAL, 1, "damonsim-explore 1" },
	{ "damonsim-explore 2\n", -EINVAL, 1, "damonsim-explore 1" },
	{ HEAD, -EINVAL, 2, "the turns" },
	{ HEAD "hotpath 0123456789abcdef\n" SCENE "turns\n\tcpu0 x1\n", -ESTALE,
	  2, "revision 0123456789abcdef" },
	{ HEAD "hotpath \n" SCENE, -ESTALE, 2, "revision" },
	{ HEAD "model arm\n", -EINVAL, 2, "model arm" },
	{ HEAD "races\n", -EINVAL, 2, "races" },
	{ HEAD SCENE, -EINVAL, 6, "the turns" },
	{ HEAD "scene\n\tcpu0: push\n\tkd0: jump\nturns\n", -EINVAL, 4,
	  "jump" },
	{ HEAD "scene\nturns\n", -EINVAL, 3, "an actor" },
	{ HEAD SCENE "turns\n\tcpu1 x1\n", -EINVAL, 7, "no actor" },
	{ HEAD SCENE "turns\n\tqueue9 x1\n", -EINVAL, 7, "no actor" },
	{ HEAD SCENE "turns\n\tcpu0\n", -EINVAL, 7, "how many turns" },
	{ HEAD SCENE "turns\n\tcpu0 3\n", -EINVAL, 7, "how many turns" },
	{ HEAD SCENE "turns\n\tcpu0 x0\n", -EINVAL, 7, "1 turn" },
	{ HEAD SCENE "turns\n\tcpu0 x4097\n", -EINVAL, 7, "4096" },
	{ HEAD SCENE "turns\n\tcpu0 x-1\n", -EINVAL, 7, "4096" },
	{ HEAD SCENE "turns\n\tcpu0 x4096\n\tcpu0 x1\n", -EINVAL, 8, "4096" },
	{ HEAD SCENE "turns\n\tcpu0 x99999999999999999999\n", -EINVAL, 7,
	  "4096" },
	{ HEAD SCENE "turns\n\tcpu0 x2 3=1\n", -EINVAL, 7, "1 to 2" },
	{ HEAD SCENE "turns\n\tcpu0 x2 0=1\n", -EINVAL, 7, "1 to 2" },
	{ HEAD SCENE "turns\n\tcpu0 x2 1=256\n", -EINVAL, 7, "below 256" },
	{ HEAD SCENE "turns\n\tcpu0 x2 1\n", -EINVAL, 7, "TURN=CHOICE" },
	{ HEAD SCENE "turns\n\tcpu0 x2 1=1x\n", -EINVAL, 7, "behind" },
	{ HEAD SCENE "turns\n\tcpu0 x2, 1=1\n", -EINVAL, 7, "behind" },
};

START_TEST(refusals_have_their_line)
{
	struct trial *t = malloc(sizeof(*t));
	struct scene_error err = { 0 };

	ck_assert_msg(trial_read(t, refused[_i].text, &err) == refused[_i].ret,
		      "%s", refused[_i].text);
	ck_assert_msg(err.line == refused[_i].line, "%s: line %u",
		      refused[_i].text, err.line);
	ck_assert_msg(strstr(err.text, refused[_i].says), "%s: %s",
		      refused[_i].text, err.text);
	free(t);
}
END_TEST

START_TEST(long_ones_are_refused)
{
	struct trial *t = malloc(sizeof(*t));
	char *text = calloc(1, 16384);
	struct scene_error err;
	u32 i;

	sprintf(text, HEAD "message ");
	memset(text + strlen(text), 'x', 600);
	ck_assert_int_eq(trial_read(t, text, &err), -EINVAL);
	ck_assert_uint_eq(err.line, 2);
	sprintf(text, HEAD "scene\n");
	for (i = 0; i < 30; i++) {
		size_t used = strlen(text);

		memset(text + used, '#', 400);
		strcpy(text + used + 400, "\n");
	}
	ck_assert_int_eq(trial_read(t, text, &err), -EINVAL);
	ck_assert(strstr(err.text, "4096 bytes"));
	free(text);
	free(t);
}
END_TEST

/* Damaged files are refused, or are another interleaving: both end. */
START_TEST(damage)
{
	struct trial *t = malloc(sizeof(*t));
	struct support_rng rng;
	struct scene_error err;
	u32 i, k, nr_read = 0;
	char *text, *copy;
	FILE *null = fopen("/dev/null", "w");

	draw_trial(t, "ring 2 / cpu0: push; push / nmi0: push / kd0: drain",
		   MEMORY_WEAK, _i);
	text = write_trial(t);
	copy = malloc(strlen(text) + 1);
	support_rng_init(&rng, _i);
	for (i = 0; i < 300; i++) {
		strcpy(copy, text);
		for (k = i % 2; k < 2; k++)
			copy[support_rng_below(&rng, strlen(text))] =
				support_rng_below(&rng, 3) ?
					'0' + support_rng_below(&rng, 10) :
					support_rng_u64(&rng);
		if (trial_read(t, copy, &err)) {
			ck_assert(err.line && err.text[0]);
			continue;
		}
		nr_read++;
		table_print(t, null, false);
	}
	ck_assert_uint_gt(nr_read, 0);
	fclose(null);
	free(copy);
	free(text);
	free(t);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("trial");
	TCase *tc = tcase_create("trial");
	u32 nr = 0;

	while (scene_shipped[nr].name)
		nr++;
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, what_is_written_is_played_again, 0, nr);
	tcase_add_test(tc, the_head_is_kept);
	tcase_add_test(tc, the_table_tells);
	tcase_add_loop_test(tc, refusals_have_their_line, 0,
			    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(tc, long_ones_are_refused);
	tcase_add_loop_test(tc, damage, 0, 3);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
