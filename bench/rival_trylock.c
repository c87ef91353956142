// SPDX-License-Identifier: GPL-2.0
/*
 * What the ring replaced: one array of 1000 reports for the whole machine,
 * under a lock that producers only try, emptied when it is full, and read by
 * looking at every region for every report.
 */
#include <pthread.h>
#include <stdlib.h>

#include "listed_regions.h"
#include "published/ring.h"
#include "rival.h"

#define ARRAY_MAX 1000

struct trylock {
	struct bench_shape shape;
	pthread_mutex_t lock;
	struct published_report report[ARRAY_MAX];
	u32 nr;
	struct listed_target *target;
	u32 nr_ticks;
};

static void *trylock_new(const struct bench_shape *shape)
{
	struct trylock *t = bench_alloc(sizeof(*t));

	t->shape = *shape;
	pthread_mutex_init(&t->lock, NULL);
	t->target = listed_new(shape);
	return t;
}

static void trylock_free(void *state)
{
	struct trylock *t = state;

	listed_free(t->target, t->shape.nr_targets);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static u64 trylock_push(void *state, const struct bench_sample *s, u32 nr)
{
	struct trylock *t = state;
	struct published_report report = { .size = BENCH_PAGE };
	u64 accepted = 0;
	u32 i;

	for (i = 0; i < nr; i++) {
		report.paddr = s[i].addr;
		report.vaddr = s[i].addr;
		report.cpu = s[i].cpu;
		report.tid = s[i].tid;
		report.tgid = s[i].tgid;
		if (pthread_mutex_trylock(&t->lock))
			continue;
		/* Full: all of it goes. */
		if (t->nr == ARRAY_MAX) {
			accepted -= t->nr;
			t->nr = 0;
		}
		t->report[t->nr++] = report;
		accepted++;
		pthread_mutex_unlock(&t->lock);
	}
	return accepted;
}

static u64 trylock_drain(void *state)
{
	struct trylock *t = state;
	u64 nr;

	pthread_mutex_lock(&t->lock);
	nr = t->nr;
	__asm__ volatile("" : : "r"(t->report) : "memory");
	t->nr = 0;
	pthread_mutex_unlock(&t->lock);
	return nr;
}

/* Every region that holds all of it, by looking at each. */
static u64 scan(struct trylock *t, u64 addr, u64 sz, u32 tgid, bool credit)
{
	bool phys = t->shape.nr_targets == 1;
	struct listed_region *r;
	u64 sum = 0;
	u32 i;

	for (i = 0; i < t->shape.nr_targets; i++) {
		if (!phys && t->target[i].tgid != tgid)
			continue;
		for (r = t->target[i].first; r; r = r->next) {
			if (addr < r->start || addr + sz > r->end)
				continue;
			sum += r->start;
			if (credit && !r->access_reported) {
				listed_tick_region(r, true);
				r->access_reported = true;
			}
		}
	}
	return sum;
}

static u64 trylock_match(void *state, const struct bench_sample *s, u32 nr)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < nr; i++)
		sum += scan(state, s[i].addr, BENCH_PAGE, s[i].tgid, false);
	return sum;
}

static u64 trylock_tick(void *state)
{
	struct trylock *t = state;
	struct listed_region *r;
	u64 nr;
	u32 i;

	pthread_mutex_lock(&t->lock);
	nr = t->nr;
	for (i = 0; i < t->nr; i++)
		scan(t, t->report[i].paddr, t->report[i].size,
		     t->report[i].tgid, true);
	t->nr = 0;
	pthread_mutex_unlock(&t->lock);
	for (i = 0; i < t->shape.nr_targets; i++)
		for (r = t->target[i].first; r; r = r->next) {
			if (r->access_reported)
				r->access_reported = false;
			else
				listed_tick_region(r, false);
		}
	if (++t->nr_ticks % BENCH_WINDOW_TICKS == 0)
		listed_end_window(t->target, t->shape.nr_targets);
	return nr;
}

const struct rival rival_trylock = {
	.name = "trylock",
	.summary = "the array under a trylock, with a linear scan",
	.new = trylock_new,
	.free = trylock_free,
	.push = trylock_push,
	.drain = trylock_drain,
	.match = trylock_match,
	.tick = trylock_tick,
};
