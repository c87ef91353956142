// SPDX-License-Identifier: GPL-2.0
/* Quota windows, see esz.h. */
#include <string.h>

#include <damon/quota.h>

#include "context.h"
#include "damos.h"
#include "esz.h"
#include "goal.h"
#include "score.h"

#define JIFFIES_INFINITE ((~0ULL >> 2) - 1)

u64 esz_ms_to_jiffies(const struct context *ctx, u64 ms)
{
	u32 m = ms; /* the kernel's argument has 32 bits */

	if (m >> 31)
		return JIFFIES_INFINITE;
	return ((u64)m * ctx->hz + 999) / 1000;
}

bool esz_is_set(const struct context *ctx, const struct quota *q)
{
	if (ctx->profile->zero_esz_is_open)
		return q->state.esz;
	return q->state.esz || q->limits.sz || q->limits.time_ms || q->nr_goals;
}

bool esz_full(const struct context *ctx, const struct quota *q)
{
	const struct quota_state *state = &q->state;

	if (!esz_is_set(ctx, q))
		return false;
	if (state->charged_sz >= state->esz)
		return true;
	return !ctx->profile->zero_esz_is_open &&
	       state->esz - state->charged_sz < ctx->min_region_sz;
}

void esz_charge(const struct context *ctx, struct quota *q, u64 sz,
		u64 sz_applied)
{
	const struct quota_limits *limits = &q->limits;

	if (!ctx->profile->fails_charge_less || !limits->fail_charge_denom ||
	    sz_applied > sz) {
		q->state.charged_sz += sz;
		return;
	}
	q->state.charged_sz +=
		sz_applied + __damon_mult_frac(sz - sz_applied,
					       limits->fail_charge_num,
					       limits->fail_charge_denom);
}

/* By how much the goals are reached, all of them measured anew. */
static u64 quota_score(struct context *ctx, struct scheme *s)
{
	u64 score = 0, next;
	u32 i;

	for (i = 0; i < s->quota.nr_goals; i++) {
		struct goal *goal = &s->quota.goal[i];

		goal_measure(ctx, s, goal);
		next = ctx->profile->frac_wraps ?
			       goal->current_value * DAMON_SCORE_GOAL /
				       goal->target_value :
			       damon_goal_score(goal->current_value,
						goal->target_value);
		score = damon_goals_combine(score, next);
	}
	return score;
}

/* What the time quota allows, given what was done so far. */
static u64 sz_of_time(const struct context *ctx, const struct quota *q)
{
	u64 sz_per_ms = ESZ_SZ_PER_MS_DEFAULT;
	u64 sz = q->state.total_charged_sz, ns = q->state.total_charged_ns;

	if (ns && ctx->profile->frac_wraps)
		sz_per_ms = sz * 1000000 / ns;
	else if (ns)
		sz_per_ms = __damon_mult_frac(sz, 1000000, ns);
	return sz_per_ms * q->limits.time_ms;
}

static void set_esz(struct context *ctx, struct scheme *s)
{
	const struct quota_limits *limits = &s->quota.limits;
	struct quota_state *state = &s->quota.state;
	u64 esz = ~0ULL, sz, sz_min = ctx->profile->sz_esz_min;

	if (!limits->time_ms && !s->quota.nr_goals) {
		state->esz = limits->sz;
		return;
	}
	if (s->quota.nr_goals) {
		u64 score = quota_score(ctx, s);

		if (limits->tuner == TUNER_TEMPORAL)
			state->esz_bp = damon_tune_temporal(limits->sz, score);
		else
			state->esz_bp =
				damon_tune_consist(state->esz_bp, score);
		esz = state->esz_bp / 10000;
	}
	if (limits->time_ms) {
		sz = sz_of_time(ctx, &s->quota);
		/* The floor is under time alone, or under all so far. */
		if (!sz_min && sz < ctx->min_region_sz)
			sz = ctx->min_region_sz;
		esz = sz < esz ? sz : esz;
		if (esz < sz_min)
			esz = sz_min;
	}
	if (limits->sz && limits->sz < esz)
		esz = limits->sz;
	state->esz = esz;
}

static void tell_esz(struct context *ctx, u32 scheme)
{
	const struct context_observer *observer = ctx->observer;

	if (observer && observer->esz)
		observer->esz(ctx->observer_data, ctx, scheme,
			      ctx->schemes[scheme].quota.state.esz);
}

static void open_windows(struct context *ctx, u32 scheme)
{
	struct scheme *s = &ctx->schemes[scheme];
	struct quota_state *state = &s->quota.state;
	u64 esz, length;

	/* 0 means that there was no window: a clock must not begin there. */
	if (!state->total_charged_sz && !state->charged_from) {
		state->charged_from = ctx->jiffies;
		if (!ctx->profile->zero_esz_is_open) {
			set_esz(ctx, s);
			tell_esz(ctx, scheme);
		}
	}
	length = esz_ms_to_jiffies(ctx, s->quota.limits.reset_interval_ms);
	if ((s64)(ctx->jiffies - state->charged_from) >= 0 &&
	    (s64)(ctx->jiffies - (state->charged_from + length)) < 0)
		return;
	if (esz_full(ctx, &s->quota))
		s->stat.qt_exceeds++;
	state->total_charged_sz += state->charged_sz;
	state->charged_from = ctx->jiffies;
	state->charged_sz = 0;
	esz = state->esz;
	set_esz(ctx, s);
	if (esz != state->esz)
		tell_esz(ctx, scheme);
}

/* Bytes of each score, among what matches; the highest score that there is. */
static int fill_histogram(struct context *ctx, u32 scheme, u32 *max_score)
{
	u32 t, i, score, allowed = true;
	int err;

	*max_score = 0;
	memset(ctx->histogram, 0, sizeof(ctx->histogram));
	for (t = 0; t < ctx->nr_targets; t++) {
		for (i = 0; i < ctx->targets[t].regions.nr; i++) {
			struct scheme *s = &ctx->schemes[scheme];
			const struct region *r;

			if (!damos_in_pattern(ctx,
					      &ctx->targets[t].regions.at[i],
					      &s->pattern))
				continue;
			if (ctx->profile->filters_score) {
				err = damos_core_filter(ctx, t, i, s, &allowed);
				if (err)
					return err;
			}
			if (!allowed)
				continue;
			/* The filter may have cut it, and moved them all. */
			r = &ctx->targets[t].regions.at[i];
			score = ctx->ops->scheme_score(ctx, r, s);
			ctx->histogram[score] += region_sz(r);
			if (score > *max_score)
				*max_score = score;
		}
	}
	return 0;
}

int esz_adjust(struct context *ctx, u32 scheme)
{
	struct quota *q = &ctx->schemes[scheme].quota;
	u64 sz = 0;
	u32 score;
	int err;

	if (!q->limits.time_ms && !q->limits.sz && !q->nr_goals &&
	    !(ctx->profile->zero_esz_is_open && q->state.esz))
		return 0;
	open_windows(ctx, scheme);
	if (!ctx->ops->scheme_score)
		return 0;
	err = fill_histogram(ctx, scheme, &score);
	for (;; score--) {
		sz += ctx->histogram[score];
		if (sz >= q->state.esz || !score)
			break;
	}
	q->state.min_score = score;
	return err;
}
