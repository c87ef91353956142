// SPDX-License-Identifier: GPL-2.0
/*
 * A storm of hotplug under a monitor's life: a thread for each CPU with signals
 * for its NMIs, one that takes CPUs off and on, one that commits, arms, drains,
 * disarms and gives up, over and over.
 *
 * An event's handler runs while its event is enabled on an online CPU and at no
 * other time; disabling waits for the CPU to pass a point outside of handlers,
 * as an interrupt to it would.  CPUs refuse an event now and then.
 *
 * At each disarm nobody may push any more; at the end no event is left on any
 * CPU, and what was pushed is what was drained and counted.
 *
 * Not here: what goes on within a ring (stress_ring.c), who owns the rings
 * (stress_owner.c).
 *
 * usage: stress_hotplug [--seconds N] [--cpus N] [--capacity N] [--seed N]
 */
#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <damon/commit.h>
#include <damon/ring.h>

#include "support_rng.h"

#define CPUS_MAX 16
#define HANDLES_MAX 4
#define DRAIN_MAX 128

/* One event on one CPU; its slot is used again when it is released. */
struct handle {
	u32 used; /* under the lock */
	u32 enabled;
};

struct cpu {
	struct damon_ring *ring;
	pthread_t thread;
	timer_t timer;
	struct handle handle[HANDLES_MAX];
	u32 online;
	u64 passed; /* points outside of handlers */
	u64 seed;
	unsigned long pushed, lost;
	volatile sig_atomic_t in_push;
	/* The kdamond's. */
	u32 expected;
	unsigned long drained;
};

static struct cpu cpus[CPUS_MAX];
static bool online[CPUS_MAX];
static struct damon_owner owner;
static struct damon_events set;
static pthread_rwlock_t hotplug = PTHREAD_RWLOCK_INITIALIZER;
static u32 nr_cpus = 3, capacity = 64, seconds = 2;
static u64 seed = 1;
static u32 stop, stop_cpus, failed, armed, refusing;
static unsigned long nr_commits, nr_arms, nr_flips, nr_refused;
static __thread struct cpu *self;

static void wrong(const char *what, unsigned long a, unsigned long b)
{
	WRITE_ONCE(failed, 1);
	printf("stress_hotplug: %s (%lu, %lu)\n", what, a, b);
}

/* One overflow, if an event counts here. */
static void overflow(struct cpu *cpu)
{
	struct damon_report report = { 0 };
	u32 i, counts = 0;

	for (i = 0; i < HANDLES_MAX; i++)
		counts += __atomic_load_n(&cpu->handle[i].enabled,
					  __ATOMIC_ACQUIRE);
	if (!counts || cpu->in_push)
		return;
	if (!READ_ONCE(armed))
		wrong("a handler while disarmed: CPU, reports", cpu - cpus,
		      cpu->pushed);
	if (!READ_ONCE(cpu->online))
		wrong("a handler on a CPU that is off: CPU, reports",
		      cpu - cpus, cpu->pushed);
	cpu->in_push = 1;
	report.epoch = READ_ONCE(set.epoch);
	report.tid = cpu - cpus;
	report.tgid = cpu->pushed++;
	report.addr = report.tgid * 0x9e3779b97f4a7c15ULL;
	cpu->lost += damon_ring_push(cpu->ring, &report) != DAMON_LOST_NOT;
	cpu->in_push = 0;
}

static void on_nmi(int sig)
{
	int saved = errno;

	(void)sig;
	if (self)
		overflow(self);
	errno = saved;
}

static void *run_cpu(void *arg)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID,
				  .sigev_signo = SIGUSR1 };
	struct itimerspec when = { .it_interval.tv_nsec = 50000,
				   .it_value.tv_nsec = 50000 };
	struct cpu *cpu = arg;
	struct support_rng rng;
	u32 i;

	support_rng_init(&rng, cpu->seed);
	event._sigev_un._tid = gettid();
	self = cpu;
	if (timer_create(CLOCK_MONOTONIC, &event, &cpu->timer))
		abort();
	timer_settime(cpu->timer, 0, &when, NULL);
	while (!READ_ONCE(stop_cpus)) {
		for (i = support_rng_below(&rng, 32); i; i--)
			overflow(cpu);
		__atomic_fetch_add(&cpu->passed, 1, __ATOMIC_RELEASE);
		sched_yield();
	}
	timer_delete(cpu->timer);
	self = NULL;
	return NULL;
}

/* What the CPU does now, it began after this was called. */
static void wait_for(struct cpu *cpu)
{
	u64 was = __atomic_load_n(&cpu->passed, __ATOMIC_ACQUIRE);

	while (__atomic_load_n(&cpu->passed, __ATOMIC_ACQUIRE) < was + 2 &&
	       !READ_ONCE(failed))
		sched_yield();
}

static struct cpu *cpu_of(const struct handle *h)
{
	u32 i;

	for (i = 0; i < nr_cpus; i++)
		if (h >= cpus[i].handle && h < cpus[i].handle + HANDLES_MAX)
			return &cpus[i];
	wrong("no such handle", 0, 0);
	return &cpus[0];
}

static int create(void *arg, const struct damon_event_attr *attr, u32 cpu,
		  void **handle)
{
	struct handle *h = cpus[cpu].handle;

	(void)arg;
	(void)attr;
	if (READ_ONCE(refusing) == cpu + 1) {
		nr_refused++;
		return -ENODEV;
	}
	while (h->used)
		if (++h == cpus[cpu].handle + HANDLES_MAX)
			return -ENOSPC;
	h->used = 1;
	*handle = h;
	return 0;
}

static void enable(void *arg, void *handle)
{
	struct handle *h = handle;

	(void)arg;
	if (!h->used)
		wrong("enabled what is released: CPU", cpu_of(h) - cpus, 0);
	__atomic_store_n(&h->enabled, 1, __ATOMIC_RELEASE);
}

static void disable(void *arg, void *handle)
{
	struct handle *h = handle;

	(void)arg;
	if (!h->used)
		wrong("disabled what is released: CPU", cpu_of(h) - cpus, 0);
	__atomic_store_n(&h->enabled, 0, __ATOMIC_RELEASE);
	wait_for(cpu_of(h));
}

static void release(void *arg, void *handle)
{
	struct handle *h = handle;

	if (h->enabled)
		disable(arg, handle);
	if (!h->used)
		wrong("released twice: CPU", cpu_of(h) - cpus, 0);
	h->used = 0;
}

static bool alive(void *arg, void *handle)
{
	(void)arg;
	return ((struct handle *)handle)->enabled;
}

static void lock(void *arg)
{
	pthread_rwlock_rdlock(arg);
}

static void unlock(void *arg)
{
	pthread_rwlock_unlock(arg);
}

static const struct damon_event_ops ops = {
	.create = create,
	.enable = enable,
	.disable = disable,
	.release = release,
	.alive = alive,
	.lock = lock,
	.unlock = unlock,
};

static void *run_hotplug(void *arg)
{
	struct support_rng rng;
	u32 cpu;

	support_rng_init(&rng, *(u64 *)arg);
	while (!READ_ONCE(stop)) {
		cpu = support_rng_below(&rng, nr_cpus);
		WRITE_ONCE(refusing, support_rng_below(&rng, 4) ? 0 : cpu + 1);
		pthread_rwlock_wrlock(&hotplug);
		if (online[cpu]) {
			damon_events_offline(&set, cpu);
			wait_for(&cpus[cpu]);
			WRITE_ONCE(cpus[cpu].online, 0);
		} else {
			WRITE_ONCE(cpus[cpu].online, 1);
			damon_events_online(&set, cpu);
		}
		nr_flips++;
		pthread_rwlock_unlock(&hotplug);
	}
	return NULL;
}

static void drain_all(void)
{
	struct damon_report out[DRAIN_MAX];
	u32 i, j, nr;

	for (i = 0; i < nr_cpus; i++) {
		nr = damon_ring_drain(cpus[i].ring, out, DRAIN_MAX);
		for (j = 0; j < nr; j++) {
			if (out[j].tid != i ||
			    out[j].addr !=
				    out[j].tgid * 0x9e3779b97f4a7c15ULL ||
			    (s32)(out[j].tgid - cpus[i].expected) < 0)
				wrong("torn, or again: CPU, report", i,
				      out[j].tgid);
			cpus[i].expected = out[j].tgid + 1;
			cpus[i].drained++;
		}
	}
}

static struct damon_event *new_event(struct support_rng *rng)
{
	struct damon_event *event = calloc(1, sizeof(*event));

	if (!event || !(event->cpu = calloc(nr_cpus, sizeof(*event->cpu))))
		abort();
	event->attr.sample_period = 16 + support_rng_below(rng, 2);
	return event;
}

static void commit(struct support_rng *rng, u32 nr)
{
	struct damon_event *next[DAMON_EVENTS_MAX];
	u32 i;

	for (i = 0; i < nr; i++)
		next[i] = new_event(rng);
	damon_events_commit(&set, next, &nr);
	nr_commits++;
	/* Whatever is touched behind this, a sanitizer sees. */
	for (i = 0; i < nr; i++) {
		free(next[i]->cpu);
		free(next[i]);
	}
}

/* A handler may run from here on until disarm() has returned. */
static void arm(void)
{
	WRITE_ONCE(armed, 1);
	damon_events_arm(&set);
	nr_arms++;
}

static void disarm(void)
{
	u32 i;

	damon_events_disarm(&set);
	for (i = 0; i < nr_cpus; i++)
		wait_for(&cpus[i]);
	WRITE_ONCE(armed, 0);
}

static void *run_kdamond(void *arg)
{
	struct support_rng rng;
	u32 i;

	support_rng_init(&rng, *(u64 *)arg);
	while (!READ_ONCE(stop) && !READ_ONCE(failed)) {
		commit(&rng, 1 + support_rng_below(&rng, 2));
		arm();
		for (i = support_rng_below(&rng, 8); i; i--) {
			drain_all();
			if (support_rng_below(&rng, 4) == 0)
				commit(&rng, support_rng_below(&rng, 3));
			if (support_rng_below(&rng, 4) == 0)
				damon_events_revive(&set);
		}
		disarm();
		drain_all();
	}
	commit(&rng, 0);
	return NULL;
}

static int judge(void)
{
	unsigned long pushed = 0, lost = 0, drained = 0;
	u32 i, j;

	for (i = 0; i < nr_cpus; i++) {
		drain_all();
		while (damon_ring_pending(cpus[i].ring) && !failed)
			drain_all();
		pushed += cpus[i].pushed;
		lost += cpus[i].lost;
		drained += cpus[i].drained;
		for (j = 0; j < HANDLES_MAX; j++)
			if (cpus[i].handle[j].used)
				wrong("an event is left: CPU, event", i, j);
	}
	if (pushed != lost + drained)
		wrong("pushed, drained and lost", pushed, lost + drained);
	if (!pushed)
		wrong("nothing was pushed", 0, 0);
	printf("stress_hotplug: %u CPUs: %lu flips, %lu commits, %lu refusals, "
	       "%lu armings; %lu pushed = %lu drained + %lu lost\n",
	       nr_cpus, nr_flips, nr_commits, nr_refused, nr_arms, pushed,
	       drained, lost);
	return failed;
}

static void start_cpus(void)
{
	u32 i;

	for (i = 0; i < nr_cpus; i++) {
		if (posix_memalign((void **)&cpus[i].ring, 64,
				   damon_ring_size(capacity)) ||
		    damon_ring_init(cpus[i].ring, capacity))
			abort();
		cpus[i].online = 1;
		online[i] = true;
		cpus[i].seed = seed + i;
	}
	set = (struct damon_events){
		.ops = &ops,
		.arg = &hotplug,
		.owner = &owner,
		.online = online,
		.nr_cpus = nr_cpus,
		.freq_max = 100000,
	};
	for (i = 0; i < nr_cpus; i++)
		if (pthread_create(&cpus[i].thread, NULL, run_cpu, &cpus[i]))
			abort();
}

static int read_options(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "cpus", required_argument, NULL, 'c' },
		{ "capacity", required_argument, NULL, 'r' },
		{ "seed", required_argument, NULL, 'e' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			seconds = atoi(optarg);
		else if (c == 'c')
			nr_cpus = atoi(optarg);
		else if (c == 'r')
			capacity = atoi(optarg);
		else if (c == 'e')
			seed = strtoull(optarg, NULL, 0);
		else
			return -EINVAL;
	}
	return nr_cpus && nr_cpus <= CPUS_MAX ? 0 : -EINVAL;
}

int main(int argc, char **argv)
{
	struct sigaction act = { .sa_handler = on_nmi, .sa_flags = SA_RESTART };
	pthread_t kdamond, storm;
	u64 seeds[2];
	u32 i;

	if (read_options(argc, argv)) {
		fprintf(stderr, "usage: stress_hotplug [--seconds N] "
				"[--cpus N] [--capacity N] [--seed N]\n");
		return 2;
	}
	seeds[0] = seed + 100;
	seeds[1] = seed + 200;
	sigaction(SIGUSR1, &act, NULL);
	start_cpus();
	if (pthread_create(&kdamond, NULL, run_kdamond, &seeds[0]) ||
	    pthread_create(&storm, NULL, run_hotplug, &seeds[1]))
		abort();
	for (i = 0; i < 10 * seconds && !READ_ONCE(failed); i++)
		usleep(100000);
	WRITE_ONCE(stop, 1);
	pthread_join(storm, NULL);
	pthread_join(kdamond, NULL);
	WRITE_ONCE(stop_cpus, 1);
	for (i = 0; i < nr_cpus; i++)
		pthread_join(cpus[i].thread, NULL);
	return judge();
}
