// SPDX-License-Identifier: GPL-2.0
/*
 * A program to capture: which of its memory is hot is known beforehand.
 *
 * One arena.  A hot part gets most touches, a warm part some, all of the arena
 * the rest; at half time the hot part moves, so that there is a change to be
 * found.  It prints which part is what, and when.
 *
 * The arena stands where the kernel puts it, beside the libraries: DAMON looks
 * at a process as three areas with the two largest gaps between them, and an
 * arena far from all else would take one of these gaps away.
 *
 * A machine without a sampling PMU sees page faults alone, and a page faults
 * once.  So each page is given back with madvise(MADV_DONTNEED) just before it
 * is touched, and every touch faults.  With --resident it is not, for captures
 * with IBS or PEBS; then a touch writes the whole page.
 *
 * Touches are stores: a load of a fresh page would map the shared page of
 * zeroes, and all physical addresses would be one.
 *
 * The order of the touches is the same for the same options, whatever the
 * machine; their times are as exact as its sleep is.
 *
 * Not here: the cost of an access; nothing is measured.  Pages are of 4 KiB.
 */
#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

#define SZ_PAGE 4096ULL
#define SZ_MIB (1ULL << 20)
#define STEP_NS 1000000L /* touches come in bursts, one each millisecond */
#define NR_PHASES 2
#define NR_THREADS_MAX 16
#define NR_RUN_PAGES 2 /* touched one after another, like an object is */

struct range {
	uint64_t start_page;
	uint64_t nr_pages;
};

/* What the command line asks for; shares are of all touches, in percent. */
struct plan {
	uint64_t base; /* 0: where the kernel likes */
	uint64_t sz_arena_mib;
	uint64_t sz_hot_mib;
	uint64_t sz_warm_mib;
	uint64_t hot_pct;
	uint64_t warm_pct;
	uint64_t rate; /* touches per second, of all threads */
	uint64_t duration_s;
	uint64_t nr_threads;
	uint64_t seed;
	bool resident;
	struct range hot[NR_PHASES];
	struct range warm;
	struct range arena;
};

struct worker {
	const struct plan *plan;
	pthread_t thread;
	uint64_t random;
	int error;
};

static uint64_t xorshift(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static struct range mib_range(uint64_t start_mib, uint64_t sz_mib)
{
	return (struct range){
		.start_page = start_mib * (SZ_MIB / SZ_PAGE),
		.nr_pages = sz_mib * (SZ_MIB / SZ_PAGE),
	};
}

/*
 * In eighths of the arena: hot 1, warm 3 to 4, hot of the second phase 6; what
 * is between them is cold.
 */
static bool lay_out(struct plan *p)
{
	uint64_t eighth_mib = p->sz_arena_mib / 8;

	if (p->sz_hot_mib > eighth_mib || p->sz_warm_mib > 2 * eighth_mib ||
	    p->hot_pct + p->warm_pct > 100)
		return false;
	p->arena = mib_range(0, p->sz_arena_mib);
	p->hot[0] = mib_range(eighth_mib, p->sz_hot_mib);
	p->warm = mib_range(3 * eighth_mib, p->sz_warm_mib);
	p->hot[1] = mib_range(6 * eighth_mib, p->sz_hot_mib);
	return true;
}

/* Where the next run of pages begins; parts are whole runs. */
static uint64_t pick_run(const struct plan *p, int phase, uint64_t *random)
{
	const struct range *r = &p->arena;
	uint64_t pct = (xorshift(random) >> 32) % 100, run;

	if (pct < p->hot_pct)
		r = &p->hot[phase];
	else if (pct < p->hot_pct + p->warm_pct)
		r = &p->warm;
	run = (xorshift(random) >> 20) % (r->nr_pages / NR_RUN_PAGES);
	return r->start_page + run * NR_RUN_PAGES;
}

static int touch(const struct plan *p, uint64_t page)
{
	char *at = (char *)(uintptr_t)(p->base + page * SZ_PAGE);

	if (p->resident) {
		memset(at, (int)page, SZ_PAGE);
		return 0;
	}
	if (madvise(at, SZ_PAGE, MADV_DONTNEED))
		return -errno;
	/* Some line of the page; not the same in each. */
	at += page * 64 % SZ_PAGE;
	*(volatile uint64_t *)at = page;
	return 0;
}

static void add_step(struct timespec *t)
{
	t->tv_nsec += STEP_NS;
	if (t->tv_nsec >= 1000000000L) {
		t->tv_nsec -= 1000000000L;
		t->tv_sec++;
	}
}

/* How many touches of a second's @rate fall into its millisecond @step. */
static uint64_t touches_in_step(uint64_t rate, uint64_t step)
{
	step %= 1000;
	return rate * (step + 1) / 1000 - rate * step / 1000;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	const struct plan *p = w->plan;
	uint64_t nr_steps = p->duration_s * 1000, rate, step, i;
	uint64_t page = 0, left = 0;
	struct timespec t;

	rate = p->rate / p->nr_threads;
	clock_gettime(CLOCK_MONOTONIC, &t);
	for (step = 0; step < nr_steps; step++) {
		int phase = step * NR_PHASES / nr_steps;

		for (i = touches_in_step(rate, step); i; i--) {
			if (!left) {
				page = pick_run(p, phase, &w->random);
				left = NR_RUN_PAGES;
			}
			w->error = touch(p, page++);
			if (w->error)
				return NULL;
			left--;
		}
		add_step(&t);
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
	}
	return NULL;
}

static void print_range(const struct plan *p, const char *name,
			const struct range *r, const char *when)
{
	uint64_t start = p->base + r->start_page * SZ_PAGE;

	printf("%-6s 0x%llx-0x%llx  %4llu MiB%s\n", name,
	       (unsigned long long)start,
	       (unsigned long long)(start + r->nr_pages * SZ_PAGE),
	       (unsigned long long)(r->nr_pages * SZ_PAGE / SZ_MIB), when);
}

static void print_plan(const struct plan *p)
{
	print_range(p, "arena", &p->arena, "");
	print_range(p, "hot", &p->hot[0], "  first half");
	print_range(p, "hot", &p->hot[1], "  second half");
	print_range(p, "warm", &p->warm, "  always");
	printf("share  hot %llu%%  warm %llu%%  whole arena %llu%%\n",
	       (unsigned long long)p->hot_pct, (unsigned long long)p->warm_pct,
	       (unsigned long long)(100 - p->hot_pct - p->warm_pct));
	printf("rate   %llu touches/s for %llu s, seed %llu\n",
	       (unsigned long long)p->rate, (unsigned long long)p->duration_s,
	       (unsigned long long)p->seed);
	fflush(stdout);
}

static int map_arena(struct plan *p)
{
	size_t sz = p->sz_arena_mib * SZ_MIB;
	void *at = (void *)(uintptr_t)p->base;
	int fixed = at ? MAP_FIXED_NOREPLACE : 0;
	void *got = mmap(at, sz, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | fixed, -1, 0);

	if (got == MAP_FAILED)
		return -errno;
	if (at && got != at) {
		/* A kernel before 4.17 takes the address for a mere hint. */
		munmap(got, sz);
		return -EEXIST;
	}
	p->base = (uintptr_t)got;
	/* A huge page would fault once for 512 pages. */
	if (!p->resident && madvise(got, sz, MADV_NOHUGEPAGE) &&
	    errno != EINVAL)
		return -errno;
	return 0;
}

static int run(const struct plan *p)
{
	struct worker worker[NR_THREADS_MAX] = { 0 };
	pthread_attr_t attr;
	uint64_t nr, i;
	int err;

	err = -pthread_attr_init(&attr);
	if (err)
		return err;
	/* Megabytes of stack beside the arena would be in the picture. */
	pthread_attr_setstacksize(&attr, 64 << 10);

	for (nr = 0; nr < p->nr_threads; nr++) {
		struct worker *w = &worker[nr];

		w->plan = p;
		/* Any odd factor spreads the seeds; a state of 0 stays 0. */
		w->random = (p->seed * NR_THREADS_MAX + nr + 1) *
			    0x9e3779b97f4a7c15ULL;
		err = -pthread_create(&w->thread, &attr, work, w);
		if (err)
			break;
	}
	for (i = 0; i < nr; i++) {
		pthread_join(worker[i].thread, NULL);
		if (!err)
			err = worker[i].error;
	}
	pthread_attr_destroy(&attr);
	return err;
}

static const char usage[] =
	"usage: hotcold [options]\n"
	"\n"
	"Touches pages of an arena, some parts much and some little, and says "
	"which.\n"
	"\n"
	"  --arena MIB     size of the arena (64)\n"
	"  --hot MIB       of its hot part, at most 1/8 of the arena (8)\n"
	"  --warm MIB      of its warm part, at most 2/8 of the arena (16)\n"
	"  --hot-pct N     share of all touches that goes to the hot part "
	"(85)\n"
	"  --warm-pct N    and to the warm part (12)\n"
	"  --rate N        touches per second (4000)\n"
	"  --seconds N     how long (16)\n"
	"  --threads N     how many (2)\n"
	"  --seed N        of the order of touches (1)\n"
	"  --base ADDRESS  of the arena (where the kernel puts it)\n"
	"  --resident      keep the pages: no faults; for IBS and PEBS\n";

/* Each number that an option sets, and its bounds. */
static const struct {
	size_t offset;
	uint64_t min;
	uint64_t max;
} numbers[] = {
	{ offsetof(struct plan, sz_arena_mib), 8, 1 << 20 },
	{ offsetof(struct plan, sz_hot_mib), 1, 1 << 20 },
	{ offsetof(struct plan, sz_warm_mib), 1, 1 << 20 },
	{ offsetof(struct plan, hot_pct), 0, 100 },
	{ offsetof(struct plan, warm_pct), 0, 100 },
	{ offsetof(struct plan, rate), 1, 10000000 },
	{ offsetof(struct plan, duration_s), 1, 86400 },
	{ offsetof(struct plan, nr_threads), 1, NR_THREADS_MAX },
	{ offsetof(struct plan, seed), 0, ~0ULL >> 8 },
	{ offsetof(struct plan, base), 1 << 20, 0x7f0000000000 },
};

static const struct option options[] = {
	{ "arena", required_argument, NULL, 0 },
	{ "hot", required_argument, NULL, 1 },
	{ "warm", required_argument, NULL, 2 },
	{ "hot-pct", required_argument, NULL, 3 },
	{ "warm-pct", required_argument, NULL, 4 },
	{ "rate", required_argument, NULL, 5 },
	{ "seconds", required_argument, NULL, 6 },
	{ "threads", required_argument, NULL, 7 },
	{ "seed", required_argument, NULL, 8 },
	{ "base", required_argument, NULL, 9 },
	{ "resident", no_argument, NULL, 'r' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static bool take_number(struct plan *p, int which, const char *text)
{
	uint64_t value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-' ||
	    value < numbers[which].min || value > numbers[which].max)
		return false;
	*(uint64_t *)((char *)p + numbers[which].offset) = value;
	return true;
}

/* Return: 0 to go on, 1 if help was asked for, 2 for bad usage. */
static int parse(int argc, char **argv, struct plan *p)
{
	int c, which;

	while ((c = getopt_long(argc, argv, "", options, &which)) >= 0) {
		if (c == 'h')
			return 1;
		if (c == '?')
			return 2;
		if (c == 'r') {
			p->resident = true;
		} else if (!take_number(p, c, optarg)) {
			fprintf(stderr, "hotcold: --%s cannot be %s\n",
				options[which].name, optarg);
			return 2;
		}
	}
	if (optind != argc || p->base % SZ_PAGE)
		return 2;
	return 0;
}

int main(int argc, char **argv)
{
	struct plan plan = {
		.sz_arena_mib = 64,
		.sz_hot_mib = 8,
		.sz_warm_mib = 16,
		.hot_pct = 85,
		.warm_pct = 12,
		.rate = 4000,
		.duration_s = 16,
		.nr_threads = 2,
		.seed = 1,
	};
	int ret;

	ret = parse(argc, argv, &plan);
	if (ret) {
		fputs(usage, ret == 1 ? stdout : stderr);
		return ret == 1 ? 0 : 2;
	}
	if (!lay_out(&plan)) {
		fputs("hotcold: the parts do not fit into the whole\n", stderr);
		return 2;
	}
	ret = map_arena(&plan);
	if (ret) {
		fprintf(stderr, "hotcold: no arena at 0x%llx: %s\n",
			(unsigned long long)plan.base, strerror(-ret));
		return 2;
	}
	print_plan(&plan);
	ret = run(&plan);
	if (ret) {
		fprintf(stderr, "hotcold: %s\n", strerror(-ret));
		return 2;
	}
	return 0;
}
