// SPDX-License-Identifier: GPL-2.0
/* Looking for a violation, by each strategy. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "explore/drive.h"
#include "explore/exhaust.h"
#include "explore/explore.h"
#include "explore/guide.h"
#include "explore/stage.h"

const char *const explore_strategy_names[] = { "exhaustive", "bounded", "pct",
					       "walk",	     "guided",	"auto",
					       NULL };

double explore_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

/* One scene being looked at. */
struct search {
	const struct explore_options *o;
	struct explore_result *r;
	struct stage *st;
	struct scene scene;
	const char *text;
	double begun;
	double until; /* of the strategy that is on; 0 for none */
	u64 limit; /* executions of all strategies; 0 for none */
};

static int keep(struct search *s)
{
	struct engine *e = s->st->e;
	struct trial *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->scene = s->scene;
	snprintf(t->text, sizeof(t->text), "%s", s->text);
	t->model = s->o->model;
	t->races_pass = e->races_pass;
	snprintf(t->property, sizeof(t->property), "%s", e->property);
	snprintf(t->message, sizeof(t->message), "%s", e->message);
	t->nr = e->nr_turns;
	memcpy(t->turn, e->turn, t->nr * sizeof(t->turn[0]));
	s->r->found[s->r->nr_found++] = t;
	return 0;
}

/* Play once and count; 1 if that is to be all, for whatever reason. */
static int play(struct search *s)
{
	struct explore_result *r = s->r;
	enum engine_end end = stage_play(s->st);

	if (end == ENGINE_GIVEN_UP)
		r->redundant++;
	else
		r->executions++;
	r->steps += s->st->e->nr_steps;
	if (s->st->e->nr_steps > r->longest)
		r->longest = s->st->e->nr_steps;
	if (end == ENGINE_VIOLATED)
		return keep(s) ? -ENOMEM : 1;
	if (s->limit && r->executions + r->redundant >= s->limit)
		return 1;
	if ((r->executions + r->redundant) % 256)
		return 0;
	if (s->o->stop && *s->o->stop)
		return 1;
	return s->until && explore_now() > s->until;
}

/* Would it take longer than anybody waits? */
static int lose_patience(struct search *s, const struct exhaust *x)
{
	double gone, done;

	if (!s->o->patience_s || s->o->seconds ||
	    (s->r->executions + s->r->redundant) % (1 << 12))
		return 0;
	gone = explore_now() - s->begun;
	done = exhaust_progress(x);
	s->r->estimate_s = gone / (done > 1e-30 ? done : 1e-30);
	return gone > 3 && s->r->estimate_s > s->o->patience_s ? -EFBIG : 0;
}

static int run_exhaust(struct search *s, u32 bound)
{
	struct exhaust *x;
	int ret = exhaust_new(&x, bound);

	if (ret)
		return ret;
	do {
		exhaust_drive(x, s->st->e);
		ret = play(s);
		if (!ret)
			ret = lose_patience(s, x);
		if (ret)
			break;
	} while (exhaust_next(x, s->st->e));
	s->r->exhausted = !ret;
	s->r->progress = ret ? exhaust_progress(x) : 1;
	exhaust_free(x);
	return ret < 0 ? ret : 0;
}

static int run_chance(struct search *s, bool pct)
{
	struct drive d = {
		.depth = s->o->depth,
		.seed = s->o->seed,
		.turns = 1,
	};
	double miss = 1, agents, turns;
	int ret;

	do {
		d.seed++;
		if (pct)
			drive_pct(&d, s->st->e);
		else
			drive_walk(&d, s->st->e);
		ret = play(s);
		if (s->st->e->nr_turns > d.turns)
			d.turns = s->st->e->nr_turns;
		agents = s->st->e->nr_actors;
		turns = d.turns;
		miss *= 1 - 1 / (agents * pow(turns, d.depth - 1.0));
	} while (!ret);
	if (pct)
		s->r->pct_bound = 1 - miss;
	return ret < 0 ? ret : 0;
}

static int run_guided(struct search *s)
{
	struct guide *g;
	int ret = guide_new(&g, s->o->corpus, s->o->seed);

	if (ret)
		return ret;
	do {
		guide_drive(g, s->st->e);
		ret = play(s);
		guide_learn(g, s->st->e);
	} while (!ret);
	s->r->covered = guide_covered(g);
	if (ret >= 0)
		ret = guide_save(g);
	guide_free(g);
	return ret < 0 ? ret : 0;
}

static int run_strategy(struct search *s, enum explore_strategy strategy)
{
	switch (strategy) {
	case EXPLORE_EXHAUSTIVE:
		return run_exhaust(s, EXHAUST_NO_BOUND);
	case EXPLORE_BOUNDED:
		return run_exhaust(s, s->o->bound);
	case EXPLORE_PCT:
		return run_chance(s, true);
	case EXPLORE_WALK:
		return run_chance(s, false);
	default:
		return run_guided(s);
	}
}

/* Half of the time for all; if that is not enough, the rest for chance. */
static int run_auto(struct search *s)
{
	double seconds = s->o->seconds;
	int ret;

	s->until = seconds ? s->begun + seconds / 2 : 0;
	ret = run_strategy(s, EXPLORE_EXHAUSTIVE);
	if (ret || s->r->exhausted || s->r->nr_found || !seconds)
		return ret;
	s->until = s->begun + seconds * 3 / 4;
	ret = run_strategy(s, EXPLORE_PCT);
	if (ret || s->r->nr_found)
		return ret;
	s->until = s->begun + seconds;
	return run_strategy(s, EXPLORE_GUIDED);
}

static int look(struct search *s)
{
	s->begun = explore_now();
	s->until = s->o->seconds ? s->begun + s->o->seconds : 0;
	if (s->o->strategy == EXPLORE_AUTO)
		return run_auto(s);
	return run_strategy(s, s->o->strategy);
}

int explore_scene(const char *text, const struct explore_options *o,
		  struct explore_result *r, struct scene_error *err)
{
	struct search s = { .o = o, .r = r, .text = text };
	double begun = explore_now();
	int ret;

	memset(r, 0, sizeof(*r));
	ret = scene_read(&s.scene, text, err);
	if (ret)
		return ret;
	ret = stage_new(&s.st, &s.scene, o->model);
	if (ret)
		return ret;
	s.limit = o->executions;
	s.st->e->races_pass = o->races_pass;
	ret = look(&s);
	/* Behind a race there may be what it leads to. */
	if (!ret && r->nr_found &&
	    !strcmp(r->found[0]->property, "data-race") && !o->races_pass) {
		s.st->e->races_pass = true;
		ret = look(&s);
	}
	stage_free(s.st);
	r->seconds = explore_now() - begun;
	if (ret)
		while (r->nr_found)
			free(r->found[--r->nr_found]);
	return ret;
}

void explore_result_fini(struct explore_result *r)
{
	while (r->nr_found)
		free(r->found[--r->nr_found]);
}
