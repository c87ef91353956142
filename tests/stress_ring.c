// SPDX-License-Identifier: GPL-2.0
/*
 * The ring under real concurrency: a thread for each CPU, signals for its NMIs,
 * one more thread for the kdamond.
 *
 * A CPU's thread pushes, its signal handler pushes into the same ring whenever
 * the signal comes, which is between any two instructions.  Now and then a CPU
 * "goes offline" for a while, with its signals, and its ring goes on being
 * drained.  Each report carries who pushed it, a number, and a checksum, so
 * that one that is torn, doubled, lost or out of order is found; at the end,
 * what was pushed is what was drained and counted, to the last report.
 *
 * Under ThreadSanitizer signals wait for the next call of the C library, so
 * that nesting hardly happens there; the plain build has it.
 *
 * usage: stress_ring [--seconds N] [--threads N] [--capacity N] [--seed N]
 */
#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <damon/ring.h>

#include "support_rng.h"

#define THREADS_MAX 64

/* Who pushes on a CPU: its thread, or the handler that interrupts it. */
enum { BASE, NESTED, NR_LEVELS };

struct level {
	u32 next; /* number of the next report */
	unsigned long pushed;
	unsigned long lost[DAMON_NR_CPU_LOSSES];
};

struct cpu {
	struct damon_ring *ring;
	pthread_t thread;
	timer_t timer;
	struct level level[NR_LEVELS];
	volatile sig_atomic_t in_push;
	unsigned long nested_in_push;
	u64 seed;
	/* The kdamond's. */
	u32 expected[NR_LEVELS];
	unsigned long drained[NR_LEVELS];
	unsigned long gaps[NR_LEVELS];
};

static struct cpu cpus[THREADS_MAX];
static u32 nr_cpus = 3, capacity = 64, seconds = 2;
static u64 seed = 1;
static u32 stop_producers, stop_consumer;
static __thread struct cpu *self;

/* All that a report says follows from these; a torn one does not add up. */
static struct damon_report make_report(u32 cpu, u32 level, u32 nr)
{
	u64 mix = (nr + 1) * 0x9e3779b97f4a7c15ULL ^ cpu << 8 ^ level;

	return (struct damon_report){
		.addr = mix,
		.tgid = nr,
		.tid = cpu << 1 | level,
		.epoch = mix >> 48,
		.sz_order = mix >> 40,
		.flags = mix >> 32,
	};
}

/* The report's number is used up whether it is accepted or not. */
static void push(struct cpu *cpu, u32 level)
{
	struct level *l = &cpu->level[level];
	struct damon_report report = make_report(cpu - cpus, level, l->next++);
	enum damon_loss loss = damon_ring_push(cpu->ring, &report);

	l->pushed++;
	l->lost[loss] += loss != DAMON_LOST_NOT;
}

static void on_nmi(int sig)
{
	struct cpu *cpu = self;
	int saved = errno;

	if (!cpu)
		return;
	cpu->nested_in_push += cpu->in_push;
	push(cpu, NESTED);
	push(cpu, NESTED);
	errno = saved;
}

static void set_timer(struct cpu *cpu, long period_ns)
{
	struct itimerspec when = {
		.it_interval.tv_nsec = period_ns,
		.it_value.tv_nsec = period_ns,
	};

	timer_settime(cpu->timer, 0, &when, NULL);
}

static void *producer(void *arg)
{
	struct cpu *cpu = arg;
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID,
				  .sigev_signo = SIGUSR1 };
	struct support_rng rng;
	struct timespec nap = { 0 };
	u32 i, burst;

	support_rng_init(&rng, cpu->seed);
	event._sigev_un._tid = gettid();
	self = cpu;
	if (timer_create(CLOCK_MONOTONIC, &event, &cpu->timer))
		abort();
	set_timer(cpu, 20000);
	while (!READ_ONCE(stop_producers)) {
		burst = 1 + support_rng_below(&rng, 3 * capacity);
		for (i = 0; i < burst; i++) {
			cpu->in_push = 1;
			push(cpu, BASE);
			cpu->in_push = 0;
		}
		if (support_rng_below(&rng, 64) == 0) {
			/* Offline for up to 2 ms. */
			set_timer(cpu, 0);
			nap.tv_nsec = support_rng_below(&rng, 2000000);
			nanosleep(&nap, NULL);
			set_timer(cpu, 10000 + support_rng_below(&rng, 40000));
		}
	}
	timer_delete(cpu->timer);
	/* A signal that is still on its way finds nobody. */
	self = NULL;
	return NULL;
}

/* Judge one report; -1 and a word about it if it should not be. */
static int judge(struct cpu *cpu, const struct damon_report *got)
{
	u32 level = got->tid & 1, nr = got->tgid;
	struct damon_report want = make_report(cpu - cpus, level, nr);

	if (got->addr != want.addr || got->tid != want.tid ||
	    got->epoch != want.epoch || got->sz_order != want.sz_order ||
	    got->flags != want.flags) {
		printf("stress_ring: CPU %td: torn report %u\n", cpu - cpus,
		       nr);
		return -1;
	}
	if ((s32)(nr - cpu->expected[level]) < 0) {
		printf("stress_ring: CPU %td: report %u again or too late, "
		       "expected %u\n",
		       cpu - cpus, nr, cpu->expected[level]);
		return -1;
	}
	cpu->gaps[level] += nr - cpu->expected[level];
	cpu->expected[level] = nr + 1;
	cpu->drained[level]++;
	return 0;
}

static int drain_all(u32 room)
{
	struct damon_report out[512];
	u32 i, j, nr;

	for (i = 0; i < nr_cpus; i++) {
		nr = damon_ring_drain(cpus[i].ring, out, room);
		for (j = 0; j < nr; j++)
			if (judge(&cpus[i], &out[j]))
				return -1;
	}
	return 0;
}

static void *consumer(void *arg)
{
	struct timespec nap = { 0 };
	struct support_rng rng;
	int *failed = arg;

	support_rng_init(&rng, seed ^ 0xc0);
	while (!smp_load_acquire(&stop_consumer)) {
		if (drain_all(1 + support_rng_below(&rng, 512))) {
			*failed = 1;
			return NULL;
		}
		if (support_rng_below(&rng, 4) == 0) {
			nap.tv_nsec = support_rng_below(&rng, 100000);
			nanosleep(&nap, NULL);
		}
	}
	return NULL;
}

/* After everything has ended: each number is drained or was lost by name. */
static int settle(void)
{
	unsigned long pushed = 0, drained = 0,
		      lost[DAMON_NR_CPU_LOSSES] = { 0 };
	unsigned long nested = 0, in_push = 0, all_lost = 0;
	u32 i, level, cause;

	for (i = 0; i < 4; i++)
		if (drain_all(512))
			return 1;
	for (i = 0; i < nr_cpus; i++) {
		for (level = 0; level < NR_LEVELS; level++) {
			struct level *l = &cpus[i].level[level];
			unsigned long here = 0;

			for (cause = 1; cause < DAMON_NR_CPU_LOSSES; cause++) {
				lost[cause] += l->lost[cause];
				here += l->lost[cause];
			}
			if (cpus[i].drained[level] + here != l->pushed) {
				printf("stress_ring: CPU %u level %u: %lu "
				       "pushed, %lu drained, %lu lost\n",
				       i, level, l->pushed,
				       cpus[i].drained[level], here);
				return 1;
			}
			if (cpus[i].gaps[level] +
				    (l->next - cpus[i].expected[level]) !=
			    here) {
				printf("stress_ring: CPU %u level %u: gaps are "
				       "not what was lost\n",
				       i, level);
				return 1;
			}
			pushed += l->pushed;
			drained += cpus[i].drained[level];
			all_lost += here;
		}
		if (damon_ring_pending(cpus[i].ring)) {
			printf("stress_ring: CPU %u: something is stranded\n",
			       i);
			return 1;
		}
		nested += cpus[i].level[NESTED].pushed;
		in_push += cpus[i].nested_in_push;
	}
	printf("stress_ring: %u CPUs, %u slots: %lu pushed = %lu drained + %lu "
	       "lost (%lu full, %lu nested); %lu by NMI, %lu NMIs within a "
	       "push\n",
	       nr_cpus, capacity, pushed, drained, all_lost,
	       lost[DAMON_LOST_RING_FULL], lost[DAMON_LOST_RING_NESTED], nested,
	       in_push);
	return drained == 0;
}

static int parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "threads", required_argument, NULL, 't' },
		{ "capacity", required_argument, NULL, 'c' },
		{ "seed", required_argument, NULL, 'e' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (c) {
		case 's':
			seconds = atoi(optarg);
			break;
		case 't':
			nr_cpus = atoi(optarg);
			break;
		case 'c':
			capacity = atoi(optarg);
			break;
		case 'e':
			seed = atoi(optarg);
			break;
		default:
			return -1;
		}
	}
	return nr_cpus && nr_cpus <= THREADS_MAX ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_nmi,
				    .sa_flags = SA_RESTART };
	pthread_t kdamond;
	int failed = 0;
	u32 i;

	if (parse(argc, argv))
		return 2;
	sigaction(SIGUSR1, &action, NULL);
	for (i = 0; i < nr_cpus; i++) {
		cpus[i].ring = aligned_alloc(SMP_CACHE_BYTES,
					     (damon_ring_size(capacity) + 63) /
						     64 * 64);
		if (!cpus[i].ring || damon_ring_init(cpus[i].ring, capacity))
			return 2;
		cpus[i].seed = seed * 1000 + i;
	}
	pthread_create(&kdamond, NULL, consumer, &failed);
	for (i = 0; i < nr_cpus; i++)
		pthread_create(&cpus[i].thread, NULL, producer, &cpus[i]);
	for (i = 0; i < seconds * 10; i++)
		nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
	WRITE_ONCE(stop_producers, 1);
	for (i = 0; i < nr_cpus; i++)
		pthread_join(cpus[i].thread, NULL);
	smp_store_release(&stop_consumer, 1);
	pthread_join(kdamond, NULL);
	failed |= settle();
	for (i = 0; i < nr_cpus; i++)
		free(cpus[i].ring);
	return failed;
}
