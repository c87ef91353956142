// SPDX-License-Identifier: GPL-2.0
/*
 * Rivals next to each other: what a report costs, and how that grows.
 *
 * All rivals get the same samples, in rounds that take turns, so that whatever
 * else the machine does hits all alike; a row tells medians of rounds, half the
 * spread between the quartiles, and the ratio to ours.  Times alone say little
 * on a shared machine, ratios of one run more.
 *
 * push and drain are measured with rings filled to PUSH_FILL, so that a
 * clock that is read twice does not matter; all three together with as many
 * samples a tick as the posted series reports, TICK_FILL for each CPU.
 *
 * One thread plays all CPUs: what is compared is the work, not how a machine
 * moves cache lines.
 *
 * usage: bench [--quick] [--json FILE] [--curves FILE]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rival.h"

#define PUSH_FILL 200
#define TICK_FILL 25

#define ROUNDS 11
#define ROUNDS_QUICK 5

/*
 * No sample comes twice within so many: a branch predictor learns a search by
 * heart that is done over and over.
 */
#define SAMPLES_MIN 262144

/* A measurement goes on for at least so long. */
#define ROUND_NS 300000.0
#define ROUND_NS_QUICK 60000.0

/* Rows that would take longer are left out: the linear scan alone does. */
#define TICK_NS_MAX 50e6

static const struct rival *const rivals[] = {
	&rival_ours, &rival_published, &rival_trylock, &rival_ck,
	&rival_urcu, &rival_mutex,     &rival_nothing,
};
#define NR_RIVALS (sizeof(rivals) / sizeof(*rivals))

static double round_ns = ROUND_NS;
static u32 nr_rounds = ROUNDS;
static FILE *json;
static bool json_first = true;

void *bench_alloc(size_t sz)
{
	void *at;

	sz = (sz + 63) / 64 * 64;
	at = aligned_alloc(64, sz ? sz : 64);
	if (!at) {
		fprintf(stderr, "bench: out of memory\n");
		exit(2);
	}
	memset(at, 0, sz ? sz : 64);
	return at;
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static u64 draw(u64 *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x * 0x2545f4914f6cdd1dULL;
}

/**
 * struct feed - samples, tick after tick.
 * @s:		all of them
 * @nr:		of a tick
 * @nr_ticks:	how many ticks there are
 * @tick:	the next one
 */
struct feed {
	struct bench_sample *s;
	u32 nr;
	u32 nr_ticks;
	u32 tick;
};

static const struct bench_sample *feed_next(struct feed *f)
{
	if (f->tick == f->nr_ticks)
		f->tick = 0;
	return &f->s[(size_t)f->nr * f->tick++];
}

/*
 * Samples of each tick, CPU after CPU: nine in ten fall into a tenth of the
 * memory, as hot memory is found to.  Pages, as the posted handlers report.
 */
static void feed_make(struct feed *f, const struct bench_shape *shape,
		      u32 per_ring)
{
	u64 per_target = shape->nr_regions / shape->nr_targets;
	u64 sz = per_target * shape->sz_region, x = 88172645463325252ULL;
	struct bench_sample *s;
	u32 i, cpu, t;

	f->nr = shape->nr_rings * per_ring;
	f->nr_ticks = (SAMPLES_MIN + f->nr - 1) / f->nr;
	f->tick = 0;
	f->s = s = bench_alloc((size_t)f->nr * f->nr_ticks * sizeof(*s));
	for (t = 0; t < f->nr_ticks; t++) {
		for (i = 0; i < f->nr; i++, s++) {
			u64 in = draw(&x) >> 11, hot = draw(&x) % 10;

			cpu = i / per_ring;
			s->addr = (hot ? in % (sz / 10 + 1) : in % sz) &
				  ~(BENCH_PAGE - 1);
			s->cpu = cpu;
			s->tgid = 1 + cpu % shape->nr_targets;
			s->tid = s->tgid;
		}
	}
}

enum what {
	PUSH,
	DRAIN,
	MATCH,
	ALL,
	NR_WHATS,
};

static const char *const what_name[] = { "push", "drain", "match", "all" };

/* How often everything is done in a measurement, so that it lasts. */
static u32 repeats_for(double once_ns)
{
	double nr = round_ns / (once_ns > 1 ? once_ns : 1);

	return nr < 1 ? 1 : nr > 10000 ? 10000 : nr;
}

/* One measurement: ns for each sample. */
static double measure(const struct rival *r, void *state, enum what what,
		      struct feed *f, u32 repeats)
{
	const struct bench_sample *s;
	double ns = 0, begin;
	volatile u64 sink;
	u32 i, nr = f->nr;

	switch (what) {
	case PUSH:
		for (i = 0; i < repeats; i++) {
			s = feed_next(f);
			begin = now_ns();
			r->push(state, s, nr);
			ns += now_ns() - begin;
			r->drain(state);
		}
		break;
	case DRAIN:
		for (i = 0; i < repeats; i++) {
			r->push(state, feed_next(f), nr);
			begin = now_ns();
			r->drain(state);
			ns += now_ns() - begin;
		}
		break;
	case MATCH:
		begin = now_ns();
		for (i = 0; i < repeats; i++)
			sink = r->match(state, feed_next(f), nr);
		ns = now_ns() - begin;
		(void)sink;
		break;
	default:
		/* Whole windows: what is done once in a window is in it. */
		repeats = (repeats + BENCH_WINDOW_TICKS - 1) /
			  BENCH_WINDOW_TICKS * BENCH_WINDOW_TICKS;
		begin = now_ns();
		for (i = 0; i < repeats; i++) {
			r->push(state, feed_next(f), nr);
			r->tick(state);
		}
		ns = now_ns() - begin;
	}
	return ns / ((double)repeats * nr);
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

struct result {
	double median;
	double spread; /* half the distance of the quartiles */
};

static struct result sum_up(double *value, u32 nr)
{
	qsort(value, nr, sizeof(*value), by_value);
	return (struct result){ value[nr / 2],
				(value[nr * 3 / 4] - value[nr / 4]) / 2 };
}

static bool can(const struct rival *r, enum what what)
{
	switch (what) {
	case MATCH:
		return r->match;
	case ALL:
		return r->tick;
	default:
		return r->drain;
	}
}

/* All rivals on one shape; what is not measured has a median of 0. */
static void compare(const struct bench_shape *shape, enum what what,
		    u32 per_ring, struct result *out)
{
	double value[NR_RIVALS][ROUNDS], once;
	void *state[NR_RIVALS] = { 0 };
	u32 repeats[NR_RIVALS] = { 0 };
	struct feed feed;
	u32 i, j;

	feed_make(&feed, shape, per_ring);
	for (i = 0; i < NR_RIVALS; i++) {
		out[i] = (struct result){ 0 };
		if (!can(rivals[i], what))
			continue;
		state[i] = rivals[i]->new (shape);
		/* The first is to see whether it can be waited for. */
		once = rivals[i]->match ?
			       measure(rivals[i], state[i], MATCH, &feed, 1) :
			       0;
		if (once * feed.nr > TICK_NS_MAX)
			continue;
		measure(rivals[i], state[i], what, &feed, 1);
		once = measure(rivals[i], state[i], what, &feed, 1);
		repeats[i] = repeats_for(once * feed.nr);
	}
	for (j = 0; j < nr_rounds; j++)
		for (i = 0; i < NR_RIVALS; i++)
			if (repeats[i])
				value[i][j] = measure(rivals[i], state[i], what,
						      &feed, repeats[i]);
	for (i = 0; i < NR_RIVALS; i++) {
		if (repeats[i])
			out[i] = sum_up(value[i], nr_rounds);
		if (state[i])
			rivals[i]->free(state[i]);
	}
	free(feed.s);
}

static void put_row(const char *label, enum what what,
		    const struct bench_shape *shape, const struct result *r)
{
	u32 i;

	printf("%-22s", label);
	for (i = 0; i < NR_RIVALS; i++) {
		if (r[i].median)
			printf(" %8.2f ±%-5.2f", r[i].median, r[i].spread);
		else
			printf(" %15s", "-");
	}
	printf("  %6.2f\n", r[1].median / r[0].median);
	fflush(stdout);
	if (!json)
		return;
	fprintf(json, "%s\n  {\"what\": \"%s\", \"regions\": %u, \"rings\": %u",
		json_first ? "" : ",", what_name[what], shape->nr_regions,
		shape->nr_rings);
	json_first = false;
	for (i = 0; i < NR_RIVALS; i++)
		if (r[i].median)
			fprintf(json,
				", \"%s_ns\": %.3f, \"%s_spread_ns\": %.3f, "
				"\"%s_ratio\": %.3f",
				rivals[i]->name, r[i].median, rivals[i]->name,
				r[i].spread, rivals[i]->name,
				r[i].median / r[0].median);
	fprintf(json, "}");
}

static void put_head(const char *title)
{
	u32 i;

	printf("\n%-22s", title);
	for (i = 0; i < NR_RIVALS; i++)
		printf(" %15s", rivals[i]->name);
	printf("  published/damonsim\n");
}

static struct bench_shape shape_of(u32 regions, u32 rings, u32 targets)
{
	return (struct bench_shape){
		.nr_rings = rings,
		.nr_regions = regions,
		.nr_targets = targets,
		.sz_region = 64 * BENCH_PAGE,
	};
}

static double table(bool quick)
{
	static const u32 regions[] = { 100, 1000, 10000, 100000 };
	static const u32 rings[] = { 1, 4, 16, 64, 144 };
	struct result r[NR_RIVALS];
	struct bench_shape shape;
	double at_goal = 0;
	char label[64];
	u32 i, j;

	put_head("push, ns a report");
	for (j = 0; j < 5; j++) {
		if (quick && j % 2)
			continue;
		shape = shape_of(1000, rings[j], 1);
		snprintf(label, sizeof(label), "%u rings", rings[j]);
		compare(&shape, PUSH, PUSH_FILL, r);
		put_row(label, PUSH, &shape, r);
	}
	put_head("drain, ns a report");
	for (j = 0; j < 5; j++) {
		if (quick && j % 2)
			continue;
		shape = shape_of(1000, rings[j], 1);
		snprintf(label, sizeof(label), "%u rings", rings[j]);
		compare(&shape, DRAIN, PUSH_FILL, r);
		put_row(label, DRAIN, &shape, r);
	}
	put_head("match, ns a report");
	for (i = 0; i < 4; i++) {
		shape = shape_of(regions[i], 16, 1);
		snprintf(label, sizeof(label), "%u regions", regions[i]);
		compare(&shape, MATCH, PUSH_FILL, r);
		put_row(label, MATCH, &shape, r);
	}
	put_head("all, ns a report");
	for (i = 0; i < 4; i++) {
		for (j = 0; j < 5; j++) {
			if (quick && (j % 2 || i % 2 == 0))
				continue;
			shape = shape_of(regions[i], rings[j], 1);
			snprintf(label, sizeof(label), "%u regions, %u rings",
				 regions[i], rings[j]);
			compare(&shape, ALL, TICK_FILL, r);
			put_row(label, ALL, &shape, r);
			if (regions[i] == 1000 && rings[j] == 144)
				at_goal = r[1].median / r[0].median;
		}
	}
	return at_goal;
}

/* Least squares through the logarithms: cost grows as x to the power of it. */
static double slope(const double *x, const double *y, u32 nr)
{
	double sx = 0, sy = 0, sxx = 0, sxy = 0;
	u32 i;

	for (i = 0; i < nr; i++) {
		double a = log(x[i]), b = log(y[i]);

		sx += a;
		sy += b;
		sxx += a * a;
		sxy += a * b;
	}
	return (nr * sxy - sx * sy) / (nr * sxx - sx * sx);
}

#define POINTS_MAX 10

/* One curve: the cost of a tick, of ours and of the published design. */
static void curve(FILE *f, const char *name, const char *unit, const double *x,
		  u32 nr, struct bench_shape (*shape_at)(double x),
		  u32 (*fill_at)(double x))
{
	double y[2][POINTS_MAX], slopes[2];
	struct result r[NR_RIVALS];
	u32 i;

	for (i = 0; i < nr; i++) {
		struct bench_shape shape = shape_at(x[i]);
		u32 fill = fill_at(x[i]);

		compare(&shape, ALL, fill, r);
		/* Of a tick, not of a report. */
		y[0][i] = r[0].median * fill * shape.nr_rings;
		y[1][i] = r[1].median * fill * shape.nr_rings;
	}
	slopes[0] = slope(x, y[0], nr);
	slopes[1] = slope(x, y[1], nr);
	printf("%-10s %-18s grows as x^%.2f, published as x^%.2f\n", name, unit,
	       slopes[0], slopes[1]);
	fflush(stdout);
	if (f) {
		fprintf(f, "# %s: x in %s, ns a tick; slopes %.3f %.3f\n", name,
			unit, slopes[0], slopes[1]);
		for (i = 0; i < nr; i++)
			fprintf(f, "%g %.1f %.1f\n", x[i], y[0][i], y[1][i]);
		fprintf(f, "\n\n");
	}
	if (json)
		fprintf(json,
			",\n  {\"curve\": \"%s\", \"slope\": %.3f, "
			"\"published_slope\": %.3f}",
			name, slopes[0], slopes[1]);
}

static struct bench_shape few_rings(double x)
{
	return shape_of(1000, 4, 1);
}

static u32 fill_is_x(double x)
{
	return x;
}

static struct bench_shape rings_are_x(double x)
{
	return shape_of(1000, x, 1);
}

static u32 fill_of_tick(double x)
{
	return TICK_FILL;
}

static struct bench_shape regions_are_x(double x)
{
	return shape_of(x, 4, 1);
}

static struct bench_shape targets_are_x(double x)
{
	return shape_of(10240, 16, x);
}

static void curves(FILE *f)
{
	static const double samples[] = { 4, 8, 16, 32, 64, 128, 250 };
	static const double cpus[] = { 1, 2, 4, 9, 18, 36, 72, 144 };
	static const double regions[] = { 100,	 300,	1000,  3000,
					  10000, 30000, 100000 };
	static const double targets[] = { 1, 2, 4, 8, 16, 32, 64 };

	printf("\ncost of a tick as the work grows\n");
	curve(f, "samples", "a CPU and tick", samples, 7, few_rings, fill_is_x);
	curve(f, "CPUs", "with 25 samples", cpus, 8, rings_are_x, fill_of_tick);
	curve(f, "regions", "with 100 samples", regions, 7, regions_are_x,
	      fill_of_tick);
	curve(f, "targets", "of 10240 regions", targets, 7, targets_are_x,
	      fill_of_tick);
}

int main(int argc, char **argv)
{
	FILE *curve_file = NULL;
	bool quick = false;
	double ratio;
	u32 i;
	int at;

	for (at = 1; at < argc; at++) {
		if (!strcmp(argv[at], "--quick")) {
			quick = true;
			round_ns = ROUND_NS_QUICK;
			nr_rounds = ROUNDS_QUICK;
		} else if (!strcmp(argv[at], "--json") && at + 1 < argc) {
			json = fopen(argv[++at], "we");
		} else if (!strcmp(argv[at], "--curves") && at + 1 < argc) {
			curve_file = fopen(argv[++at], "we");
		} else {
			fprintf(stderr, "usage: bench [--quick] [--json FILE] "
					"[--curves FILE]\n");
			return 2;
		}
	}
	for (i = 0; i < NR_RIVALS; i++)
		printf("%-10s %s\n", rivals[i]->name, rivals[i]->summary);
	if (json)
		fprintf(json, "{\"rows\": [");
	ratio = table(quick);
	curves(curve_file);
	printf("\npush, drain and match at 1,000 regions and 144 rings: %.2f "
	       "times as fast as published\n",
	       ratio);
	if (json) {
		fprintf(json, "\n], \"push_drain_match_ratio\": %.3f}\n",
			ratio);
		fclose(json);
	}
	if (curve_file)
		fclose(curve_file);
	return 0;
}
