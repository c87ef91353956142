// SPDX-License-Identifier: GPL-2.0
/* Scene texts: what is printed is read back; a refusal has its line. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "explore/scene.h"
#include "support_check.h"
#include "support_rng.h"

static void read_or_fail(struct scene *s, const char *text)
{
	struct scene_error err;

	ck_assert_msg(!scene_read(s, text, &err), "%s\nline %u: %s", text,
		      err.line, err.text);
}

static void print_and_read(const struct scene *s)
{
	char text[4096], again[4096];
	struct scene back;

	scene_print(s, text, sizeof(text));
	read_or_fail(&back, text);
	ck_assert_msg(!memcmp(s, &back, sizeof(back)), "%s", text);
	scene_print(&back, again, sizeof(again));
	ck_assert_str_eq(text, again);
}

START_TEST(shipped_scenes_are_read_back)
{
	struct scene s;
	u32 i;

	for (i = 0; scene_shipped[i].name; i++) {
		read_or_fail(&s, scene_shipped[i].text);
		print_and_read(&s);
	}
	ck_assert_uint_gt(i, 20);
}
END_TEST

/* Verbs by who may do them, as the head of scene.h has them. */
static const struct {
	const char *kind;
	u32 nr_indices;
	const char *verbs[12];
} actors[] = {
	{ "cpu", 4, { "push", "sample" } },
	{ "nmi", 4, { "push", "sample" } },
	{ "kd",
	  2,
	  { "drain", "tick", "commit 1", "commit 2c", "commit 0", "arm",
	    "disarm", "pause", "resume", "revive", "claim", "migrate 3" } },
	{ "hotplug", 0, { "offline 0", "online 2" } },
	{ "rival", 0, { "refuse 1", "accept 1", "take 3", "give 0" } },
};

/* Any actors in any order, each that may be there but once. */
static void draw_scene(struct support_rng *rng, char *out, size_t sz)
{
	FILE *f = fmemopen(out, sz, "w");
	bool there[5][4] = { 0 };
	u32 nr = 1 + support_rng_below(rng, SCENE_ACTORS_MAX), i, j, k, n;

	if (support_rng_below(rng, 2))
		fprintf(f, "ring %u # slots\n",
			1u << support_rng_below(rng, 7));
	if (support_rng_below(rng, 2))
		fprintf(f, "cpus %u/", 1 + (u32)support_rng_below(rng, 4));
	if (support_rng_below(rng, 2))
		fprintf(f, "\n\n  depth %u\r\n",
			1 + (u32)support_rng_below(rng, 8));
	while (nr--) {
		i = support_rng_below(rng, 5);
		k = actors[i].nr_indices ?
			    support_rng_below(rng, actors[i].nr_indices) :
			    0;
		if (there[i][k] && i != 1)
			i = 1;
		there[i][k] = true;
		fputs(actors[i].kind, f);
		if (actors[i].nr_indices)
			fprintf(f, "%u", k);
		fputs(": ", f);
		n = 1 + support_rng_below(rng, SCENE_VERBS_MAX);
		while (n--) {
			do
				j = support_rng_below(rng, 12);
			while (!actors[i].verbs[j]);
			fprintf(f, "\t%s %s", actors[i].verbs[j], n ? ";" : "");
		}
		fputs(support_rng_below(rng, 2) ? "\n" : " / ", f);
	}
	fclose(f);
}

START_TEST(drawn_scenes_are_read_back)
{
	struct support_rng rng;
	struct scene s;
	char text[8192];

	support_rng_init(&rng, _i);
	draw_scene(&rng, text, sizeof(text));
	read_or_fail(&s, text);
	print_and_read(&s);
}
END_TEST

START_TEST(defaults)
{
	struct scene s;

	read_or_fail(&s, "nmi2: push\nnmi2: sample");
	ck_assert_uint_eq(s.ring, 4);
	ck_assert_uint_eq(s.depth, 2);
	ck_assert_uint_eq(s.nr_cpus, 3);
	ck_assert_uint_eq(s.nr_contexts, 1);
	ck_assert(!s.has_events && !s.has_hotplug);
	ck_assert_str_eq(s.actor[0].name, "nmi2");
	ck_assert_str_eq(s.actor[1].name, "nmi2.2");
	read_or_fail(&s, "kd1: commit 2b / hotplug: offline 3");
	ck_assert_uint_eq(s.nr_cpus, 4);
	ck_assert_uint_eq(s.nr_contexts, 2);
	ck_assert(s.has_events && s.has_hotplug);
	ck_assert_uint_eq(s.actor[0].act[0].variant, 1);
	/* More CPUs than are named; never fewer. */
	read_or_fail(&s, "cpus 4 / cpu0: push");
	ck_assert_uint_eq(s.nr_cpus, 4);
	read_or_fail(&s, "cpus 1 / cpu2: push");
	ck_assert_uint_eq(s.nr_cpus, 3);
}
END_TEST

#define NINE "push;push;push;push;push;push;push;push;push;"

static const struct {
	const char *text;
	u32 line;
	const char *says;
} refused[] = {
	{ "", 1, "an actor" },
	{ "\n\n# nothing\n", 4, "an actor" },
	{ "ring 4\n", 2, "an actor" },
	{ "ring 0\ncpu0: push", 1, "1 to 64" },
	{ "ring 128", 1, "1 to 64" },
	{ "ring 3", 1, "power of two" },
	{ "ring", 1, "power of two" },
	{ "ring 99999999999999999999", 1, "1 to 64" },
	{ "cpus 5", 1, "1 to 4" },
	{ "cpus -1", 1, "1 to 4" },
	{ "depth 9", 1, "1 to 8" },
	{ "ring 4 4", 1, "end of the line" },
	{ "\nfoo: push", 2, "\"foo\"" },
	{ "cpu: push", 1, "cpu" },
	{ "cpu4: push", 1, "cpu4" },
	{ "cpu10: push", 1, "cpu10" },
	{ "kd2: tick", 1, "kd2" },
	{ "hotplug0: offline 0", 1, "hotplug0" },
	{ "cpu0 push", 1, "\":\"" },
	{ "cpu0:", 1, "what cpu0 does" },
	{ "cpu0: push;\ncpu0: push", 2, "already" },
	{ "kd0: tick / kd0: tick", 1, "already" },
	{ "rival: take 0\n/ rival: give 0", 2, "already" },
	{ "cpu0: drain", 1, "\"drain\"" },
	{ "nmi0: tick", 1, "\"tick\"" },
	{ "kd0: push", 1, "\"push\"" },
	{ "hotplug: take 0", 1, "\"take\"" },
	{ "rival: offline 0", 1, "\"offline\"" },
	{ "cpu0: jump", 1, "\"jump\"" },
	{ "cpu0: push push", 1, "\";\"" },
	{ "kd0: commit", 1, "how many events" },
	{ "kd0: commit 3", 1, "0 to 2" },
	{ "kd0: commit 1B", 1, "\";\"" },
	{ "\n\nhotplug: offline 4", 3, "0 to 3" },
	{ "hotplug: offline", 1, "a CPU" },
	{ "cpu0: " NINE NINE "push", 1, "more than 16" },
	{ "nmi0:push/nmi0:push/nmi0:push/nmi0:push/nmi0:push/nmi0:push/"
	  "nmi0:push/nmi0:push/nmi0:push/nmi0:push/nmi0:push/nmi0:push\n"
	  "nmi0:push",
	  2, "more than 12" },
	{ "cpu0: push \x80", 1, "\";\"" },
};

START_TEST(refusals_have_their_line)
{
	struct scene_error err = { 0 };
	struct scene s;

	ck_assert_msg(scene_read(&s, refused[_i].text, &err) == -EINVAL, "%s",
		      refused[_i].text);
	ck_assert_msg(err.line == refused[_i].line, "%s: line %u",
		      refused[_i].text, err.line);
	ck_assert_msg(strstr(err.text, refused[_i].says), "%s: %s",
		      refused[_i].text, err.text);
}
END_TEST

/* Bytes that are nothing: refused, or read back; no more is looked at. */
START_TEST(noise)
{
	static const char letters[] = "cpunmikdhotlugrva0123: ;/\n#\tsex\x80";
	struct scene_error err;
	struct support_rng rng;
	struct scene s;
	char text[200];
	u32 i, n, k;

	support_rng_init(&rng, _i);
	for (i = 0; i < 2000; i++) {
		n = support_rng_below(&rng, sizeof(text));
		snprintf(text, sizeof(text), "%s",
			 scene_shipped[support_rng_below(&rng, 20)].text);
		for (k = 0; k < 3; k++)
			text[support_rng_below(&rng, n + 1) % 60] =
				letters[support_rng_below(&rng,
							  sizeof(letters))];
		text[n] = '\0';
		if (!scene_read(&s, text, &err))
			print_and_read(&s);
		else
			ck_assert(err.line && err.text[0]);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("explore_scene");
	TCase *tc = tcase_create("explore_scene");

	tcase_add_test(tc, shipped_scenes_are_read_back);
	tcase_add_loop_test(tc, drawn_scenes_are_read_back, 0, 200);
	tcase_add_test(tc, defaults);
	tcase_add_loop_test(tc, refusals_have_their_line, 0,
			    sizeof(refused) / sizeof(refused[0]));
	tcase_add_loop_test(tc, noise, 0, 4);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
