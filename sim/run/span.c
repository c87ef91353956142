// SPDX-License-Identifier: GPL-2.0
/*
 * CPUs played by threads of ours, see span.h.
 *
 * CPUs are handed out one by one, so that a busy one does not hold up the
 * others; the threads spin for a moment before they sleep, because spans follow
 * each other closely.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "run/hotpath.h"
#include "run/span.h"

/*
 * Looks at the next job before a thread goes to sleep: some hundred
 * microseconds, which is what a kdamond's tick takes here that moves memory.
 */
#define SPINS 40000

/**
 * struct span_player - one of the threads.
 * @pool:	of
 * @thread:	but for the first, who is the caller
 * @tick:	by tick of the span: what was credited by this one
 * @credited:	for all of @tick
 * @hits:	likewise
 * @nr_drained:	by tick
 * @regions_max: room in @credited and @hits for each tick
 */
struct span_player {
	struct span_pool *pool;
	pthread_t thread;
	struct damon_tick tick[SPAN_TICKS_MAX];
	bool *credited;
	u32 *hits;
	u32 nr_drained[SPAN_TICKS_MAX];
	u32 regions_max;
};

struct span_pool {
	struct span_player *player;
	u32 nr;
	const struct span_job *job;
	_Atomic u32 nr_cpus;
	_Atomic u32 next_cpu;
	_Atomic u32 nr_done;
	_Atomic u64 job_nr;
	atomic_bool quit;
	pthread_mutex_t lock;
	pthread_cond_t work;
};

/* One CPU through the whole span. */
static void play_cpu(struct span_player *player, const struct span_job *job,
		     struct run_cpu *c)
{
	u32 i, nr;

	for (i = 0; i < job->nr_ticks; i++) {
		run_cpu_play(job->env, c, job->tick_ps[i]);
		if (!job->drains)
			continue;
		hotpath_drain(job->tick_ps[i], job->env->tick_ps,
			      job->sample_ps, c->online);
		nr = damon_tick_drain(&player->tick[i], c->cpu->ring, c->nr);
		c->cpu->nr_drains += nr != 0;
		c->cpu->drained += nr;
		if (nr > c->cpu->fill_max)
			c->cpu->fill_max = nr;
		player->nr_drained[i] += nr;
	}
	run_cpu_play(job->env, c, job->end_ps);
}

/*
 * Take CPUs as long as there are any.  Who took one may read the job: it is not
 * over before that CPU is done.  Who comes late takes none, or one of the next.
 */
static void play(struct span_player *player)
{
	struct span_pool *pool = player->pool;
	const struct span_job *job;
	u32 cpu;

	while ((cpu = atomic_fetch_add_explicit(&pool->next_cpu, 1,
						memory_order_acquire)) <
	       pool->nr_cpus) {
		job = pool->job;
		play_cpu(player, job, &job->cpu[cpu]);
		atomic_fetch_add_explicit(&pool->nr_done, 1,
					  memory_order_release);
	}
}

/* Spin for a moment, where the processor knows how. */
static inline void relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* Wait until there is another job than @seen.  Return: its number. */
static u64 wait_for_job(struct span_pool *pool, u64 seen)
{
	u64 nr;
	u32 i;

	for (i = 0; i < SPINS; i++) {
		nr = atomic_load_explicit(&pool->job_nr, memory_order_acquire);
		if (nr != seen)
			return nr;
		relax();
	}
	pthread_mutex_lock(&pool->lock);
	while ((nr = atomic_load_explicit(&pool->job_nr,
					  memory_order_acquire)) == seen)
		pthread_cond_wait(&pool->work, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
	return nr;
}

static void *player_main(void *arg)
{
	struct span_player *player = arg;
	struct span_pool *pool = player->pool;
	u64 seen = 0;

	for (;;) {
		seen = wait_for_job(pool, seen);
		if (atomic_load(&pool->quit))
			return NULL;
		play(player);
	}
}

static void start_job(struct span_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	atomic_fetch_add_explicit(&pool->job_nr, 1, memory_order_release);
	pthread_cond_broadcast(&pool->work);
	pthread_mutex_unlock(&pool->lock);
}

int span_pool_new(struct span_pool **out, u32 nr)
{
	struct span_pool *pool = calloc(1, sizeof(*pool));
	u32 i;
	int err = 0;

	if (!pool)
		return -ENOMEM;
	pool->player = calloc(nr, sizeof(*pool->player));
	if (!pool->player) {
		free(pool);
		return -ENOMEM;
	}
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	pool->player[0].pool = pool;
	pool->nr = 1;
	for (i = 1; i < nr && !err; i++) {
		pool->player[i].pool = pool;
		err = -pthread_create(&pool->player[i].thread, NULL,
				      player_main, &pool->player[i]);
		pool->nr += !err;
	}
	if (err) {
		span_pool_free(pool);
		return err;
	}
	*out = pool;
	return 0;
}

void span_pool_free(struct span_pool *pool)
{
	u32 i;

	if (!pool)
		return;
	atomic_store(&pool->quit, true);
	start_job(pool);
	for (i = 1; i < pool->nr; i++)
		pthread_join(pool->player[i].thread, NULL);
	for (i = 0; i < pool->nr; i++) {
		free(pool->player[i].credited);
		free(pool->player[i].hits);
	}
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->lock);
	free(pool->player);
	free(pool);
}

static int player_reserve(struct span_player *player, u32 nr_regions)
{
	bool *credited;
	u32 *hits, max;

	if (nr_regions <= player->regions_max)
		return 0;
	max = 2 * nr_regions;
	credited = calloc((size_t)max * SPAN_TICKS_MAX, sizeof(*credited));
	hits = calloc((size_t)max * SPAN_TICKS_MAX, sizeof(*hits));
	if (!credited || !hits) {
		free(credited);
		free(hits);
		return -ENOMEM;
	}
	free(player->credited);
	free(player->hits);
	player->credited = credited;
	player->hits = hits;
	player->regions_max = max;
	memset(player->tick, 0, sizeof(player->tick));
	return 0;
}

/* Before anything is played: every player's ticks have credited nothing. */
static void player_begin(struct span_player *player, const struct span_job *job)
{
	size_t max = player->regions_max;
	u32 i;

	for (i = 0; i < job->nr_ticks; i++) {
		struct damon_tick *t = &player->tick[i];

		t->credited = &player->credited[i * max];
		t->hits = &player->hits[i * max];
		damon_tick_begin(t);
		t->snapshot = job->tick.snapshot;
		t->epoch = job->tick.epoch;
		t->filter = job->tick.filter;
		t->filter_arg = job->tick.filter_arg;
		t->stats = (struct damon_tick_stats){ 0 };
		player->nr_drained[i] = 0;
	}
}

/* Put one tick of the others to the first player's. */
static void merge_tick(struct span_pool *pool, u32 tick,
		       struct damon_tick_stats *sum)
{
	struct damon_tick *all = &pool->player[0].tick[tick];
	u32 p, i;
	int loss;

	for (p = 0; p < pool->nr; p++) {
		const struct damon_tick *t = &pool->player[p].tick[tick];

		sum->credited += t->stats.credited;
		sum->absorbed += t->stats.absorbed;
		for (loss = 0; loss < DAMON_NR_LOSSES; loss++)
			sum->lost[loss] += t->stats.lost[loss];
		for (i = 0; p && i < t->nr_hits; i++) {
			if (!all->credited[t->hits[i]]) {
				all->credited[t->hits[i]] = true;
				all->hits[all->nr_hits++] = t->hits[i];
				continue;
			}
			sum->credited--;
			sum->absorbed++;
		}
	}
}

int span_play(struct span_pool *pool, struct span_job *job,
	      struct span_result *result)
{
	u32 i, p;

	for (p = 0; p < pool->nr; p++)
		if (player_reserve(&pool->player[p],
				   job->tick.snapshot->nr_regions + 1))
			return -ENOMEM;
	for (p = 0; p < pool->nr; p++)
		player_begin(&pool->player[p], job);
	pool->job = job;
	pool->nr_cpus = job->nr_cpus;
	atomic_store_explicit(&pool->nr_done, 0, memory_order_relaxed);
	atomic_store_explicit(&pool->next_cpu, 0, memory_order_release);
	if (pool->nr > 1)
		start_job(pool);
	play(&pool->player[0]);
	while (atomic_load_explicit(&pool->nr_done, memory_order_acquire) <
	       job->nr_cpus)
		relax();
	for (i = 0; i < job->nr_ticks; i++) {
		merge_tick(pool, i, &job->tick.stats);
		result->hits[i] = pool->player[0].tick[i].hits;
		result->nr_hits[i] = pool->player[0].tick[i].nr_hits;
		result->nr_drained[i] = 0;
		for (p = 0; p < pool->nr; p++)
			result->nr_drained[i] += pool->player[p].nr_drained[i];
	}
	return 0;
}
