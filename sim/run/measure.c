// SPDX-License-Identifier: GPL-2.0
/* Paths of goals and what they come to, see measure.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "run/measure.h"

#define US_PER_HOUR 3600e6

/* More than this cannot be told from a drift. */
#define CARRIED_MAX 0.9

static struct measure_goal *find_goal(struct measure *m,
				      const struct measure_goal *what)
{
	struct measure_goal *g, *grown;
	u32 i;

	/* The latest stretch of this goal; another target begins another. */
	for (i = m->nr_goals; i--;) {
		g = &m->goal[i];
		if (g->scheme != what->scheme ||
		    g->of_dests != what->of_dests ||
		    g->metric != what->metric || g->nid != what->nid)
			continue;
		if (g->target == what->target)
			return g;
		break;
	}
	grown = realloc(m->goal, (m->nr_goals + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	m->goal = grown;
	g = &grown[m->nr_goals++];
	*g = *what;
	g->point = NULL;
	g->nr = g->max = 0;
	return g;
}

void measure_add(struct measure *m, const struct measure_goal *what, u64 value)
{
	struct measure_goal *g = find_goal(m, what);
	struct measure_point *grown;
	u32 max;

	if (!g) {
		m->err = -ENOMEM;
		return;
	}
	if (g->nr == g->max) {
		max = g->max ? 2 * g->max : 64;
		grown = realloc(g->point, max * sizeof(*grown));
		if (!grown) {
			m->err = -ENOMEM;
			return;
		}
		g->point = grown;
		g->max = max;
	}
	g->point[g->nr++] = (struct measure_point){
		.at_us = m->now_us,
		.value = value,
	};
}

static void on_goal(void *data, const struct context *ctx, u32 scheme,
		    const struct goal *goal)
{
	const struct measure_goal what = {
		.scheme = scheme,
		.metric = goal->metric,
		.nid = goal->nid,
		.target = goal->target_value,
	};

	(void)ctx;
	measure_add(data, &what, goal->current_value);
}

const char *measure_name(const struct measure_goal *g)
{
	return g->of_dests ? "dest_bytes_bp" : goal_metric_name[g->metric];
}

const struct context_observer measure_observer = {
	.goal = on_goal,
};

void measure_fini(struct measure *m)
{
	u32 i;

	for (i = 0; i < m->nr_goals; i++)
		free(m->goal[i].point);
	free(m->goal);
	*m = (struct measure){ 0 };
}

static bool is_near(const struct measure_goal *g, u64 value)
{
	u64 off = value > g->target ? value - g->target : g->target - value;

	return off <= MEASURE_NEAR_BP;
}

static void find_reached(const struct measure_goal *g,
			 struct measure_figures *f)
{
	u32 i;

	for (i = 0; i < g->nr && !f->reached; i++) {
		if (is_near(g, g->point[i].value)) {
			f->reached = true;
			f->reached_us = g->point[i].at_us;
			f->windows = i + 1;
		}
	}
	for (; i < g->nr; i++)
		if (!is_near(g, g->point[i].value))
			f->left_us = g->point[i].at_us;
}

static void find_overshoot(const struct measure_goal *g,
			   struct measure_figures *f)
{
	bool from_below = g->nr && g->point[0].value <= g->target;
	double beyond;
	u32 i;

	for (i = 0; i < g->nr; i++) {
		beyond = (double)g->point[i].value - (double)g->target;
		if (!from_below)
			beyond = -beyond;
		if (beyond > f->overshoot)
			f->overshoot = beyond;
	}
}

/*
 * Student's t at 97.5 %, by degrees of freedom: Abramowitz and Stegun, table
 * 26.10; between and beyond the entries by the next smaller one, which errs to
 * the wide side.
 */
static double student(u32 freedom)
{
	static const double at[] = {
		0,     12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365,
		2.306, 2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
		2.120, 2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069,
		2.064, 2.060,  2.056, 2.052, 2.048,
	};
	u32 last = sizeof(at) / sizeof(*at) - 1;

	return at[freedom < last ? freedom : last];
}

/*
 * How much of what the blocks' means are off the line, one has from the one
 * before.  A line takes some of it away, which is put back: to the first order
 * (2 + 4 r) / n (Marriott and Pope, Biometrika 41, 1954).
 */
static double carried(const double *off)
{
	double with_next = 0, all = 0, r;
	u32 b;

	for (b = 0; b < MEASURE_BLOCKS; b++) {
		all += off[b] * off[b];
		if (b)
			with_next += off[b] * off[b - 1];
	}
	if (all <= 0)
		return 0;
	r = with_next / all;
	r += (2 + 4 * r) / MEASURE_BLOCKS;
	return r < 0 ? 0 : r > CARRIED_MAX ? CARRIED_MAX : r;
}

/* A line through the means of blocks of points. */
static void fit_drift(const struct measure_point *p, u32 nr,
		      struct measure_figures *f)
{
	double t[MEASURE_BLOCKS], v[MEASURE_BLOCKS];
	double mean_t = 0, mean_v = 0, tt = 0, tv = 0, rest = 0, slope, error;
	double off[MEASURE_BLOCKS], r, apart;
	u32 b, i, begin, end;

	if (nr < 3 * MEASURE_BLOCKS)
		return;
	for (b = 0; b < MEASURE_BLOCKS; b++) {
		begin = (u64)nr * b / MEASURE_BLOCKS;
		end = (u64)nr * (b + 1) / MEASURE_BLOCKS;
		t[b] = v[b] = 0;
		for (i = begin; i < end; i++) {
			t[b] += (double)p[i].at_us / (end - begin);
			v[b] += (double)p[i].value / (end - begin);
		}
		mean_t += t[b] / MEASURE_BLOCKS;
		mean_v += v[b] / MEASURE_BLOCKS;
	}
	for (b = 0; b < MEASURE_BLOCKS; b++) {
		tt += (t[b] - mean_t) * (t[b] - mean_t);
		tv += (t[b] - mean_t) * (v[b] - mean_v);
	}
	if (tt <= 0)
		return;
	slope = tv / tt;
	for (b = 0; b < MEASURE_BLOCKS; b++) {
		off[b] = v[b] - mean_v - slope * (t[b] - mean_t);
		rest += off[b] * off[b];
	}
	r = carried(off);
	/* As many blocks as would say the same if nothing were carried on. */
	apart = MEASURE_BLOCKS * (1 - r) / (1 + r);
	error = student(apart < 3 ? 1 : apart - 2) *
		sqrt(rest / (MEASURE_BLOCKS - 2) / tt * (1 + r) / (1 - r));
	f->drift_per_hour[0] = (slope - error) * US_PER_HOUR;
	f->drift_per_hour[1] = (slope + error) * US_PER_HOUR;
	f->has_drift = true;
}

void measure_figures(const struct measure_goal *g, u64 settle_us,
		     struct measure_figures *out)
{
	double sum = 0, squares = 0, off;
	u32 first = 0, i;

	*out = (struct measure_figures){ 0 };
	find_reached(g, out);
	find_overshoot(g, out);
	if (settle_us == ~0ULL) {
		if (!out->reached)
			return;
		settle_us = out->reached_us;
	}
	while (first < g->nr && g->point[first].at_us < settle_us)
		first++;
	out->nr = g->nr - first;
	if (!out->nr)
		return;
	for (i = first; i < g->nr; i++)
		sum += g->point[i].value;
	out->mean = sum / out->nr;
	for (i = first; i < g->nr; i++) {
		off = g->point[i].value - out->mean;
		squares += off * off;
	}
	out->stddev = out->nr > 1 ? sqrt(squares / (out->nr - 1)) : 0;
	fit_drift(&g->point[first], out->nr, out);
}
