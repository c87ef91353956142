// SPDX-License-Identifier: GPL-2.0
/*
 * The hot path in every order that its scenes allow: all properties hold.
 *
 * The scenes that come with the program, and some that are made here by chance,
 * under each memory model, each for so many executions at most.  What breaks is
 * printed as a table, small.
 *
 * usage: prop_explore [--executions N] [--scenes N] [--seed N]
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/explore.h"
#include "explore/table.h"
#include "support_rng.h"

static u64 executions = 3000, nr_random = 60, seed = 1;
static u64 nr_scenes, nr_exhausted, nr_executions;

static int look(const char *text, enum memory_model model)
{
	struct explore_options o = {
		.model = model,
		.strategy = EXPLORE_EXHAUSTIVE,
		.executions = executions,
	};
	struct explore_result r;
	struct scene_error err;
	int found;

	if (explore_scene(text, &o, &r, &err)) {
		printf("line %u: %s\n%s\n", err.line, err.text, text);
		return 1;
	}
	nr_scenes++;
	nr_exhausted += r.exhausted;
	nr_executions += r.executions;
	found = r.nr_found;
	if (found) {
		explore_shrink(r.found[0], 5);
		printf("%s: %s\nmodel %s\n%s\n", r.found[0]->property,
		       r.found[0]->message, trial_model_names[model],
		       r.found[0]->text);
		table_print(r.found[0], stdout, true);
	}
	explore_result_fini(&r);
	return found;
}

/* Acts of a kdamond, by weight; what makes no sense is harmless. */
static const char *const acts[] = { "commit 1",	    "commit 1", "commit 2",
				    "commit 1b",    "commit 0", "arm",
				    "arm",	    "disarm",	"tick",
				    "tick",	    "tick",	"revive",
				    "pause; resume" };

/* A scene of some producers, one or two kdamonds, perhaps hotplug, a rival. */
static void draw_scene(struct support_rng *rng, char *out, size_t sz)
{
	u32 cpus = 1 + support_rng_below(rng, 2), nr, i, j;
	FILE *f = fmemopen(out, sz, "w");

	fprintf(f, "ring %u\ncpus %u\n", 1u << support_rng_below(rng, 3), cpus);
	for (i = 0; i < 2; i++)
		fprintf(f, "nmi%u: sample\n",
			(u32)support_rng_below(rng, cpus));
	if (support_rng_below(rng, 2))
		fprintf(f, "cpu0: sample; sample\n");
	nr = 1 + (support_rng_below(rng, 4) == 0);
	for (i = 0; i < nr; i++) {
		fprintf(f, "kd%u: commit 1; arm", i);
		for (j = support_rng_below(rng, 5); j--;)
			fprintf(f, "; %s",
				acts[support_rng_below(
					rng, sizeof(acts) / sizeof(*acts))]);
		fputc('\n', f);
	}
	if (support_rng_below(rng, 2))
		fprintf(f, "hotplug: offline %u; online %u\n", cpus - 1,
			cpus - 1);
	if (support_rng_below(rng, 3) == 0)
		fprintf(f, "rival: %s 0; %s 0\n",
			support_rng_below(rng, 2) ? "take" : "refuse",
			support_rng_below(rng, 2) ? "give" : "accept");
	fclose(f);
}

static int all(void)
{
	struct support_rng rng;
	char text[1024];
	int found = 0;
	u32 model, i;

	for (i = 0; scene_shipped[i].name && !found; i++)
		for (model = MEMORY_SC; model <= MEMORY_WEAK && !found; model++)
			found = look(scene_shipped[i].text, model);
	support_rng_init(&rng, seed);
	for (i = 0; i < nr_random && !found; i++) {
		draw_scene(&rng, text, sizeof(text));
		found = look(text, i % 3);
	}
	return found;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "executions", required_argument, NULL, 'e' },
		{ "scenes", required_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		u64 *to = c == 'e' ? &executions :
			  c == 's' ? &nr_random :
			  c == 'r' ? &seed :
				     NULL;

		if (!to)
			return 2;
		*to = strtoull(optarg, NULL, 0);
	}
	if (all())
		return 1;
	printf("prop_explore: %llu scenes, %llu in all executions, %llu "
	       "executions: all hold\n",
	       (unsigned long long)nr_scenes, (unsigned long long)nr_exhausted,
	       (unsigned long long)nr_executions);
	return 0;
}
