// SPDX-License-Identifier: GPL-2.0
/* Scenes over threads. */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "explore/suite.h"

#define JOBS_MAX 64
#define SHRINK_S 5

struct work {
	struct suite *s;
	pthread_mutex_t lock;
	u32 next;
	double until;
};

/* What is left, over those that are left, as many at once as there are jobs. */
static double share(const struct work *w)
{
	double left = w->until - explore_now();
	u32 nr = w->s->nr - w->next;
	double rounds = (double)nr / w->s->jobs;

	if (left < 0.05)
		left = 0.05;
	return rounds > 1 ? left / rounds : left;
}

static void look(struct work *w, struct suite_item *item, double seconds)
{
	struct explore_options o = w->s->options;
	u32 i;

	o.model = item->model;
	o.seconds = seconds;
	item->ret = explore_scene(item->text, &o, &item->result, &item->err);
	for (i = 0; i < item->result.nr_found && !item->ret; i++)
		explore_shrink(item->result.found[i], SHRINK_S);
}

static void *worker(void *arg)
{
	struct work *w = arg;
	struct suite_item *item;
	double seconds;

	for (;;) {
		pthread_mutex_lock(&w->lock);
		if (w->next == w->s->nr ||
		    (w->s->options.stop && *w->s->options.stop)) {
			pthread_mutex_unlock(&w->lock);
			return NULL;
		}
		seconds = w->s->options.seconds ? share(w) : 0;
		item = &w->s->item[w->next++];
		pthread_mutex_unlock(&w->lock);
		look(w, item, seconds);
		pthread_mutex_lock(&w->lock);
		item->done = true;
		if (w->s->told)
			w->s->told(w->s->arg, item);
		pthread_mutex_unlock(&w->lock);
	}
}

int suite_run(struct suite *s)
{
	struct work w = {
		.s = s,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.until = explore_now() + s->options.seconds,
	};
	pthread_t thread[JOBS_MAX];
	u32 jobs = s->jobs < JOBS_MAX ? s->jobs : JOBS_MAX, nr = 0;

	while (nr < jobs && nr < s->nr &&
	       !pthread_create(&thread[nr], NULL, worker, &w))
		nr++;
	if (!nr && s->nr)
		return -EAGAIN;
	while (nr)
		pthread_join(thread[--nr], NULL);
	return 0;
}
