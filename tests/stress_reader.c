// SPDX-License-Identifier: GPL-2.0
/*
 * Whoever prints statistics reads while samples are taken and ticks go on: a
 * thread for each CPU, one for the kdamond, and one that reads all counters
 * without a pause.
 *
 * Nothing orders the reader.  So each counter by itself must never be seen to
 * go back, and an access to one that is not marked is a data race that
 * ThreadSanitizer reports.  When all has ended the law holds to the last
 * sample.
 *
 * Not here: what is in the reports (stress_ring.c).
 *
 * usage: stress_reader [--seconds N] [--seed N]
 */
#include <getopt.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <damon/handler.h>
#include <damon/tick.h>

#include "support_rng.h"

#define CPUS 2
#define CAPACITY 64
#define REGIONS 32
#define REGION_SZ 4096

static struct cpu {
	struct damon_ring *ring;
	struct damon_cpu_stats stats;
	pthread_t thread;
} cpus[CPUS];

static u64 starts[REGIONS], lasts[REGIONS];
static struct damon_snapshot_target targets[1];
static struct damon_snapshot snapshot = { .start = starts,
					  .last = lasts,
					  .target = targets,
					  .regions_max = REGIONS,
					  .targets_max = 1 };
static bool credited[REGIONS];
static u32 hits[REGIONS];
static struct damon_tick tick = { .snapshot = &snapshot,
				  .credited = credited,
				  .hits = hits };
static u32 seconds = 2, stop_producers, stop_kdamond, stop_reader;
static u64 seed = 1;

/* Samples with each fate that one thread can give them. */
static void *producer(void *arg)
{
	struct cpu *cpu = arg;
	struct support_rng rng;

	support_rng_init(&rng, seed * 100 + (cpu - cpus));
	while (!READ_ONCE(stop_producers)) {
		struct perf_sample_data data = {
			.sample_flags = support_rng_below(&rng, 8) ?
						PERF_SAMPLE_ADDR :
						0,
			.addr = support_rng_below(&rng,
						  3 * REGIONS * REGION_SZ),
		};
		struct damon_sampling how = {
			.addr_end = 1ULL << 47,
			.sz_order = support_rng_below(&rng, 4) ? 0 : 13,
			.epoch = support_rng_below(&rng, 8) == 0,
		};
		struct damon_running who = {
			.tgid = 1 + (support_rng_below(&rng, 8) == 0),
		};

		damon_handle_sample(cpu->ring, &cpu->stats, &data, &how, &who);
		if (support_rng_below(&rng, 256) == 0)
			sched_yield();
	}
	return NULL;
}

static void *kdamond(void *arg)
{
	u32 i;

	while (!READ_ONCE(stop_kdamond)) {
		damon_tick_begin(&tick);
		for (i = 0; i < CPUS; i++)
			damon_tick_drain(&tick, cpus[i].ring, i);
		sched_yield();
	}
	return NULL;
}

static void read_all(struct damon_balance *b)
{
	u32 i;

	*b = (struct damon_balance){ 0 };
	for (i = 0; i < CPUS; i++)
		damon_balance_add_cpu(b, &cpus[i].stats,
				      damon_ring_pending(cpus[i].ring));
	damon_balance_add_tick(b, &tick.stats);
}

/* NULL, or which of the counters went back. */
static const char *went_back(const struct damon_balance *was,
			     const struct damon_balance *now)
{
	u32 i;

	if (now->raised < was->raised)
		return "raised";
	if (now->credited < was->credited)
		return "credited";
	if (now->absorbed < was->absorbed)
		return "absorbed";
	for (i = 0; i < DAMON_NR_LOSSES; i++)
		if (now->lost[i] < was->lost[i])
			return "lost";
	return NULL;
}

static void *reader(void *arg)
{
	unsigned long accepted[CPUS] = { 0 }, now, *nr = arg;
	struct damon_balance b[2] = { 0 };
	const char *back = NULL;
	u32 i;

	for (*nr = 0; !READ_ONCE(stop_reader) && !back; ++*nr) {
		read_all(&b[*nr % 2]);
		back = went_back(&b[!(*nr % 2)], &b[*nr % 2]);
		for (i = 0; i < CPUS; i++) {
			now = damon_ring_accepted(cpus[i].ring);
			if (now < accepted[i])
				back = "accepted";
			accepted[i] = now;
		}
	}
	return (void *)back;
}

static int setup(void)
{
	u32 i;

	damon_snapshot_reset(&snapshot, false);
	damon_snapshot_add_target(&snapshot, 1);
	for (i = 0; i < REGIONS; i++)
		if (damon_snapshot_add_region(&snapshot, 2 * i * REGION_SZ,
					      (2 * i + 1) * REGION_SZ, 1))
			return -1;
	for (i = 0; i < CPUS; i++) {
		cpus[i].ring = aligned_alloc(SMP_CACHE_BYTES,
					     (damon_ring_size(CAPACITY) + 63) /
						     64 * 64);
		if (!cpus[i].ring || damon_ring_init(cpus[i].ring, CAPACITY))
			return -1;
	}
	return 0;
}

static int settle(unsigned long nr_reads, const char *back)
{
	struct damon_balance b;
	u32 i;

	if (back) {
		printf("stress_reader: %s was seen to go back\n", back);
		return 1;
	}
	read_all(&b);
	printf("stress_reader: %lu reads; %lu raised, %lu credited, "
	       "%lu absorbed, %lu in the rings\n",
	       nr_reads, b.raised, b.credited, b.absorbed, b.in_rings);
	if (!damon_balance_holds(&b)) {
		printf("stress_reader: the law does not hold\n");
		return 1;
	}
	for (i = DAMON_LOST_STALE; i < DAMON_NR_LOSSES; i++)
		if (i != DAMON_LOST_FILTERED && !b.lost[i])
			return 1;
	return !b.credited || !b.absorbed || !nr_reads;
}

static int parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'e' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (c == 's')
			seconds = atoi(optarg);
		else if (c == 'e')
			seed = atoi(optarg);
		else
			return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	pthread_t kdamond_thread, reader_thread;
	unsigned long nr_reads;
	void *back;
	int failed;
	u32 i;

	if (parse(argc, argv) || setup())
		return 2;
	for (i = 0; i < CPUS; i++)
		pthread_create(&cpus[i].thread, NULL, producer, &cpus[i]);
	pthread_create(&kdamond_thread, NULL, kdamond, NULL);
	pthread_create(&reader_thread, NULL, reader, &nr_reads);
	nanosleep(&(struct timespec){ .tv_sec = seconds }, NULL);
	WRITE_ONCE(stop_producers, 1);
	for (i = 0; i < CPUS; i++)
		pthread_join(cpus[i].thread, NULL);
	WRITE_ONCE(stop_reader, 1);
	pthread_join(reader_thread, &back);
	WRITE_ONCE(stop_kdamond, 1);
	pthread_join(kdamond_thread, NULL);
	failed = settle(nr_reads, back);
	for (i = 0; i < CPUS; i++)
		free(cpus[i].ring);
	return failed;
}
