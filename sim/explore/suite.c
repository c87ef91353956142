// SPDX-License-Identifier: GPL-2.0
/* Scenes over threads. */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "explore/suite.h"

#define JOBS_MAX 64
/* A first look at each, so that what is small is known soon. */
#define GLANCE_S 0.1
#define SHRINK_S 3

struct work {
	struct suite *s;
	pthread_mutex_t lock;
	u32 next;
	u32 left; /* that a glance was not enough for */
	bool glancing;
	double until;
};

/* What is left, over those that are left, as many at once as there are jobs. */
static double share(const struct work *w)
{
	double left = w->until - explore_now();
	double rounds = (double)w->left / w->s->jobs;

	if (left < GLANCE_S)
		left = GLANCE_S;
	return rounds > 1 ? left / rounds : left;
}

/* The next one to be looked at, and for how long; NULL if there is none. */
static struct suite_item *take(struct work *w, double *seconds)
{
	struct suite_item *item;

	if (w->s->options.stop && *w->s->options.stop)
		return NULL;
	while (w->next < w->s->nr) {
		item = &w->s->item[w->next++];
		if (item->done)
			continue;
		*seconds = w->glancing ? GLANCE_S : 0;
		if (!w->glancing && w->s->options.seconds)
			*seconds = share(w);
		w->left -= !w->glancing;
		return item;
	}
	return NULL;
}

/* Is it known all that will be? */
static bool is_known(const struct work *w, const struct suite_item *item)
{
	return !w->glancing || item->ret || item->result.nr_found ||
	       item->result.exhausted;
}

static void look(struct work *w, struct suite_item *item, double seconds)
{
	struct explore_options o = w->s->options;
	u32 i;

	o.model = item->model;
	o.seconds = seconds;
	if (w->glancing)
		o.strategy = EXPLORE_EXHAUSTIVE;
	item->ret = explore_scene(item->text, &o, &item->result, &item->err);
	for (i = 0; i < item->result.nr_found && !item->ret; i++)
		explore_shrink(item->result.found[i], SHRINK_S);
}

static void *worker(void *arg)
{
	struct work *w = arg;
	struct suite_item *item;
	double seconds;

	pthread_mutex_lock(&w->lock);
	while ((item = take(w, &seconds))) {
		pthread_mutex_unlock(&w->lock);
		look(w, item, seconds);
		pthread_mutex_lock(&w->lock);
		item->done = is_known(w, item);
		w->left += !item->done;
		if (item->done && w->s->told)
			w->s->told(w->s->arg, item);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

static int pass(struct work *w)
{
	pthread_t thread[JOBS_MAX];
	u32 jobs = w->s->jobs < JOBS_MAX ? w->s->jobs : JOBS_MAX, nr = 0;

	w->next = 0;
	while (nr < jobs && nr < w->s->nr &&
	       !pthread_create(&thread[nr], NULL, worker, w))
		nr++;
	if (!nr && w->s->nr)
		return -EAGAIN;
	while (nr)
		pthread_join(thread[--nr], NULL);
	return 0;
}

int suite_run(struct suite *s)
{
	struct work w = {
		.s = s,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.until = explore_now() + s->options.seconds,
	};
	int err = 0;

	if (s->options.strategy == EXPLORE_AUTO && s->options.seconds) {
		w.glancing = true;
		err = pass(&w);
		w.glancing = false;
	} else {
		w.left = s->nr;
	}
	return err ? err : pass(&w);
}
