// SPDX-License-Identifier: GPL-2.0
/*
 * The rings change hands under real concurrency: a thread for each set of
 * events, which drains as its kdamond would, and a thread for each CPU.
 *
 * A set claims the rings, drains what the set before left in them, lets the
 * CPUs push, stops them and gives the rings back, over and over, while the
 * others claim in vain.  The first thing that a new owner does is to drain.  So
 * nothing but the owner orders the drains of one set before those of the next:
 * no lock, no join, no word of a CPU that both have heard, and whatever else
 * they tell each other is relaxed.  ThreadSanitizer reports a barrier that is
 * missing there at the first hand-over.
 *
 * Without it, the program sees to it that one set at a time is inside, that
 * reports come out once and in order whoever drains them, that each arming has
 * a number of its own, and at the end that what was pushed is what was drained
 * and counted.
 *
 * Not here: what goes on within a ring (stress_ring.c).
 *
 * usage: stress_owner [--seconds N] [--threads N] [--cpus N] [--capacity N]
 *                     [--seed N]
 */
#include <getopt.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <damon/events.h>
#include <damon/ring.h>

#include "support_rng.h"

#define THREADS_MAX 64
#define DRAIN_MAX 128

struct set {
	struct damon_events events;
	pthread_t thread;
	u64 seed;
	unsigned long claims, refused;
};

struct cpu {
	struct damon_ring *ring;
	pthread_t thread;
	u64 seed;
	/* From the owner: odd to push, even to stop; whose handler it is. */
	u32 order;
	const struct damon_events *events;
	/* The CPU's: the order that it last did something about. */
	u32 done;
	unsigned long pushed; /* its low 32 bits number the reports */
	unsigned long lost;
	/* The owner's. */
	u32 expected;
	u16 epoch;
	unsigned long drained;
	unsigned long gaps;
};

static struct damon_owner owner;
static struct set sets[THREADS_MAX];
static struct cpu cpus[THREADS_MAX];
static u32 nr_sets = 3, nr_cpus = 2, capacity = 16, seconds = 2;
static u64 seed = 1;
static u32 stop_sets, stop_cpus, failed;
/* How many are inside, and who was the last; relaxed, to order nothing. */
static u32 inside, latest;
/* The owner's. */
static unsigned long armings, changes;

/* All that a report says follows from these; a torn one does not add up. */
static struct damon_report make_report(u32 cpu, u32 nr, u16 epoch)
{
	u64 mix = (nr + 1) * 0x9e3779b97f4a7c15ULL ^ cpu << 8 ^ epoch;

	return (struct damon_report){
		.addr = mix,
		.tgid = nr,
		.tid = cpu,
		.epoch = epoch,
		.sz_order = mix >> 40,
		.flags = mix >> 32,
	};
}

static int wrong(const char *what, u32 who, u32 nr)
{
	WRITE_ONCE(failed, 1);
	printf("stress_owner: %s (%u, %u)\n", what, who, nr);
	return -1;
}

static void *producer(void *arg)
{
	struct cpu *cpu = arg;
	struct damon_report report;
	struct support_rng rng;
	u32 i, burst, order;

	support_rng_init(&rng, cpu->seed);
	while (!READ_ONCE(stop_cpus)) {
		order = smp_load_acquire(&cpu->order);
		burst = order & 1 ? 1 + support_rng_below(&rng, capacity) : 0;
		for (i = 0; i < burst; i++) {
			report = make_report(cpu - cpus, cpu->pushed++,
					     READ_ONCE(cpu->events->epoch));
			if (damon_ring_push(cpu->ring, &report))
				cpu->lost++;
		}
		if (cpu->done != order)
			smp_store_release(&cpu->done, order);
		sched_yield();
	}
	return NULL;
}

/* Judge one report; -1 and a word about it if it should not be. */
static int judge(struct cpu *cpu, const struct damon_report *got)
{
	struct damon_report want =
		make_report(cpu - cpus, got->tgid, got->epoch);

	if (got->addr != want.addr || got->tid != want.tid ||
	    got->sz_order != want.sz_order || got->flags != want.flags)
		return wrong("torn: CPU, report", cpu - cpus, got->tgid);
	if ((s32)(got->tgid - cpu->expected) < 0)
		return wrong("again or too late: CPU, report", cpu - cpus,
			     got->tgid);
	/* Of an arming that there was, and not before that of the last one. */
	if ((s16)(got->epoch - cpu->epoch) < 0 ||
	    (s16)(owner.epoch - got->epoch) < 0)
		return wrong("of no such arming: CPU, report", cpu - cpus,
			     got->tgid);
	cpu->gaps += got->tgid - cpu->expected;
	cpu->expected = got->tgid + 1;
	cpu->epoch = got->epoch;
	cpu->drained++;
	return 0;
}

static int drain_all(u32 room)
{
	struct damon_report out[DRAIN_MAX];
	u32 i, j, nr;

	for (i = 0; i < nr_cpus; i++) {
		nr = damon_ring_drain(cpus[i].ring, out, room);
		for (j = 0; j < nr; j++)
			if (judge(&cpus[i], &out[j]))
				return -1;
	}
	return 0;
}

/* Have all CPUs push for these events, or none; and see that they do. */
static void order_all(const struct damon_events *events)
{
	u32 i, order;

	for (i = 0; i < nr_cpus; i++) {
		if (events)
			cpus[i].events = events;
		smp_store_release(&cpus[i].order, cpus[i].order + 1);
	}
	for (i = 0; i < nr_cpus; i++) {
		order = cpus[i].order;
		while (smp_load_acquire(&cpus[i].done) != order &&
		       !READ_ONCE(failed))
			sched_yield();
	}
}

/* What a set does with the rings while it has them. */
static int own(struct set *set, struct support_rng *rng)
{
	u32 me = set - sets, i;

	/* First of all: nothing but the claim comes between. */
	if (drain_all(1 + support_rng_below(rng, DRAIN_MAX)))
		return -1;
	if (__atomic_fetch_add(&inside, 1, __ATOMIC_RELAXED))
		return wrong("two owners: set, armings", me, armings);
	changes += READ_ONCE(latest) != me;
	WRITE_ONCE(latest, me);
	if (damon_owner_claim(&owner, &set->events))
		return wrong("refused its own: set, armings", me, armings);

	__damon_events_new_epoch(&set->events);
	if (set->events.epoch != (u16)++armings)
		return wrong("two of one number: set, arming", me, armings);
	order_all(&set->events);
	for (i = support_rng_below(rng, 4); i; i--)
		if (drain_all(1 + support_rng_below(rng, DRAIN_MAX)))
			return -1;
	order_all(NULL);
	/* Now and then something is left for the next one to find. */
	if (drain_all(1 + support_rng_below(rng, DRAIN_MAX)))
		return -1;

	if (__atomic_fetch_sub(&inside, 1, __ATOMIC_RELAXED) != 1)
		return wrong("two owners: set, armings", me, armings);
	return 0;
}

static void *consumer(void *arg)
{
	struct set *set = arg;
	struct support_rng rng;
	u32 tries;

	support_rng_init(&rng, set->seed);
	while (!READ_ONCE(stop_sets) && !READ_ONCE(failed)) {
		if (damon_owner_claim(&owner, &set->events)) {
			set->refused++;
			/* Nothing happens: it is not ours to give. */
			damon_owner_release(&owner, &set->events);
			if (set->refused % 8 == 0)
				sched_yield();
			continue;
		}
		set->claims++;
		if (own(set, &rng))
			return NULL;
		damon_owner_release(&owner, &set->events);
		/* After you. */
		for (tries = 0; tries < 1000 && !READ_ONCE(stop_sets) &&
				READ_ONCE(latest) == set - sets;
		     tries++)
			sched_yield();
	}
	return NULL;
}

/* After everything has ended: each number is drained or was lost. */
static int settle(void)
{
	unsigned long pushed = 0, drained = 0, lost = 0, claims = 0,
		      refused = 0;
	u32 i;

	if (failed)
		return 1;
	if (owner.set)
		return wrong("the rings were not given back", 0, 0);
	for (i = 0; i < nr_cpus; i++) {
		struct cpu *cpu = &cpus[i];

		while (damon_ring_pending(cpu->ring))
			if (drain_all(DRAIN_MAX))
				return 1;
		if (cpu->drained + cpu->lost != cpu->pushed ||
		    cpu->gaps + (u32)(cpu->pushed - cpu->expected) != cpu->lost)
			return wrong("pushed is not drained + lost: CPU", i,
				     cpu->pushed);
		pushed += cpu->pushed;
		drained += cpu->drained;
		lost += cpu->lost;
	}
	for (i = 0; i < nr_sets; i++) {
		claims += sets[i].claims;
		refused += sets[i].refused;
	}
	printf("stress_owner: %u sets, %u CPUs, %u slots: %lu claims, %lu "
	       "from another set, %lu refused; %lu pushed = %lu drained + %lu "
	       "lost\n",
	       nr_sets, nr_cpus, capacity, claims, changes, refused, pushed,
	       drained, lost);
	if (claims != armings)
		return wrong("claims are not armings", claims, armings);
	if (changes < 2)
		return wrong("the rings hardly changed hands", changes, 0);
	return 0;
}

static int parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "threads", required_argument, NULL, 't' },
		{ "cpus", required_argument, NULL, 'p' },
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
			nr_sets = atoi(optarg);
			break;
		case 'p':
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
	return nr_sets > 1 && nr_sets <= THREADS_MAX && nr_cpus &&
			       nr_cpus <= THREADS_MAX ?
		       0 :
		       -1;
}

int main(int argc, char **argv)
{
	u32 i;

	if (parse(argc, argv))
		return 2;
	for (i = 0; i < nr_cpus; i++) {
		cpus[i].ring = aligned_alloc(SMP_CACHE_BYTES,
					     (damon_ring_size(capacity) + 63) /
						     64 * 64);
		if (!cpus[i].ring || damon_ring_init(cpus[i].ring, capacity))
			return 2;
		cpus[i].seed = seed * 1000 + i;
		if (pthread_create(&cpus[i].thread, NULL, producer, &cpus[i]))
			return 2;
	}
	for (i = 0; i < nr_sets; i++) {
		sets[i].events.owner = &owner;
		sets[i].seed = ~seed * 1000 - i;
		if (pthread_create(&sets[i].thread, NULL, consumer, &sets[i]))
			return 2;
	}
	for (i = 0; i < seconds * 10 && !READ_ONCE(failed); i++)
		nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
	WRITE_ONCE(stop_sets, 1);
	for (i = 0; i < nr_sets; i++)
		pthread_join(sets[i].thread, NULL);
	WRITE_ONCE(stop_cpus, 1);
	for (i = 0; i < nr_cpus; i++)
		pthread_join(cpus[i].thread, NULL);
	i = settle() ? 1 : 0;
	while (nr_cpus)
		free(cpus[--nr_cpus].ring);
	return i;
}
