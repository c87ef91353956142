// SPDX-License-Identifier: GPL-2.0
/*
 * One tick after the other.
 *
 * What the tick began with is latched: a call may change the attributes in the
 * middle of it, and the window that is just complete is still reported then.
 *
 * Nothing looks at all regions unless a window ends.
 */
#include <assert.h>
#include <string.h>

#include <linux/errno.h>

#include "access.h"
#include "context.h"
#include "damos.h"
#include "kdamond.h"
#include "merge.h"
#include "size_limit.h"
#include "split.h"
#include "tune.h"
#include "wmarks.h"

static void first_error(int *err, int next)
{
	if (!*err)
		*err = next;
}

static void queue(struct kdamond *k, struct kdamond_call *call)
{
	call->next = NULL;
	*k->calls_tail = call;
	k->calls_tail = &call->next;
}

/* @commits: those that change what is monitored, too. */
static void run_calls(struct kdamond *k, bool commits)
{
	struct kdamond_call *call, *next;

	call = k->calls;
	k->calls = NULL;
	k->calls_tail = &k->calls;
	for (; call; call = next) {
		next = call->next;
		/* After one that failed half-way the others are cancelled. */
		if (k->ctx->maybe_corrupted || (call->commit && !commits)) {
			queue(k, call);
			continue;
		}
		call->ret = call->fn(k->ctx, call->arg);
		call->done = true;
		if (call->ret && k->ctx->profile->ends_on_failure)
			k->ctx->maybe_corrupted = true;
	}
}

static void end(struct kdamond *k)
{
	struct kdamond_call *call;

	k->state = KDAMOND_ENDED;
	damos_walk_cancel(k->ctx);
	for (call = k->calls; call; call = call->next) {
		call->ret = -ECANCELED;
		call->done = true;
	}
	k->calls = NULL;
}

static bool need_stop(const struct kdamond *k)
{
	struct context *ctx = k->ctx;
	u32 i;

	if (k->stop)
		return true;
	if (!ctx->ops->target_valid)
		return false;
	for (i = 0; i < ctx->nr_targets; i++) {
		if (ctx->ops->target_valid(ctx, i))
			return false;
	}
	return true;
}

static void sleep_for(struct kdamond *k, enum kdamond_state state, u64 us)
{
	k->state = state;
	k->sleep_us = us;
}

/* The limit of merging, and if the core wants it, what is larger is cut. */
static int limit_size(struct kdamond *k)
{
	if (k->ctx->profile->limits_size)
		return size_limit_apply(k->ctx, &k->sz_limit);
	k->sz_limit = size_limit(k->ctx);
	return 0;
}

int kdamond_start(struct kdamond *k, struct context *ctx)
{
	const struct attrs *attrs = &ctx->attrs;
	int err = 0;
	u32 i;

	*k = (struct kdamond){ .ctx = ctx, .calls_tail = &k->calls };
	ctx->passed_sample_intervals = 0;
	ctx->next_aggregation_sis = attrs_ticks(attrs, attrs->aggr_us);
	ctx->next_ops_update_sis = attrs_ticks(attrs, attrs->ops_update_us);
	ctx->next_intervals_tune_sis =
		ctx->next_aggregation_sis * attrs->goal.nr_aggrs;
	for (i = 0; i < ctx->nr_schemes; i++) {
		struct scheme *s = &ctx->schemes[i];

		s->next_apply_sis =
			attrs_ticks(attrs, s->apply_interval_us ?
						   s->apply_interval_us :
						   attrs->aggr_us);
		scheme_set_default_reject(s);
	}
	if (ctx->ops->init)
		err = ctx->ops->init(ctx);
	if (!err)
		err = limit_size(k);
	if (err)
		end(k);
	return err;
}

/* All that comes before the tick's sleep but what is latched for it. */
static void activate(struct kdamond *k)
{
	struct context *ctx = k->ctx;
	bool slept = k->state == KDAMOND_INACTIVE;
	u64 wait_us = wmarks_wait_us(ctx, slept ? k->sleep_us : 0);

	if (wait_us) {
		sleep_for(k, KDAMOND_INACTIVE, wait_us);
		return;
	}
	sleep_for(k, KDAMOND_SLEEPING, k->sample_us);
	ctx->samples.drawn = false;
	if (ctx->ops->prepare_access_checks && !k->by_weights)
		ctx->ops->prepare_access_checks(ctx);
	if (ctx->ops->prep_probes && probes_have_preps(ctx))
		ctx->ops->prep_probes(ctx);
	if (ctx->profile->commits_late)
		run_calls(k, false);
	if (ctx->maybe_corrupted)
		end(k);
}

void kdamond_prepare(struct kdamond *k)
{
	struct context *ctx = k->ctx;

	assert(k->state == KDAMOND_READY);
	if (need_stop(k)) {
		end(k);
		return;
	}
	k->next_aggregation_sis = ctx->next_aggregation_sis;
	k->next_ops_update_sis = ctx->next_ops_update_sis;
	k->sample_us = ctx->attrs.sample_us;
	k->by_weights = probes_weighted(ctx);
	activate(k);
}

/* Some time has passed while all schemes slept. */
static void look_again(struct kdamond *k)
{
	run_calls(k, !k->ctx->profile->commits_late);
	if (k->ctx->maybe_corrupted) {
		end(k);
		return;
	}
	damos_walk_cancel(k->ctx);
	if (need_stop(k))
		end(k);
	else
		activate(k);
}

static bool has_probes(const struct context *ctx)
{
	return ctx->profile->has_probes && ctx->probes.nr;
}

/* The sleep is over: what has been accessed, and is a window complete? */
static int check(struct kdamond *k)
{
	struct context *ctx = k->ctx;
	const struct profile *profile = ctx->profile;
	bool aggregate;
	int err = 0;
	u32 max = 0, wsum;

	ctx->passed_sample_intervals++;
	aggregate = context_reached(ctx, k->next_aggregation_sis);
	if (!k->by_weights)
		max = ctx->ops->check_accesses(ctx, aggregate);
	if (ctx->ops->apply_probes && has_probes(ctx)) {
		wsum = ctx->ops->apply_probes(ctx, k->by_weights && aggregate);
		max = k->by_weights ? wsum : max;
	}
	if (profile->has_moving_sum)
		access_move_sums(ctx, 1);
	if (aggregate) {
		/* With the limit of the window before. */
		merge_regions(ctx, max / 10, k->sz_limit);
		if (profile->limits_size)
			err = limit_size(k);
	}
	if (!profile->commits_late || aggregate)
		run_calls(k, true);
	return err;
}

static void reset_aggregated(struct context *ctx)
{
	const struct context_observer *observer = ctx->observer;
	struct regions *v;
	u32 i, j;

	for (i = 0; i < ctx->nr_targets; i++) {
		v = &ctx->targets[i].regions;
		for (j = 0; j < v->nr; j++) {
			if (observer && observer->aggregated)
				observer->aggregated(ctx->observer_data, ctx, i,
						     v->nr, &v->at[j]);
			v->at[j].last_nr_accesses = v->at[j].nr_accesses;
			v->at[j].nr_accesses = 0;
			memcpy(v->at[j].last_probe_hits, v->at[j].probe_hits,
			       sizeof(v->at[j].probe_hits));
			memset(v->at[j].probe_hits, 0,
			       sizeof(v->at[j].probe_hits));
		}
	}
}

static int aggregate(struct kdamond *k)
{
	struct context *ctx = k->ctx;
	const struct attrs *attrs = &ctx->attrs;

	if (ctx->profile->has_intervals_goal && attrs->goal.nr_aggrs &&
	    context_reached(ctx, ctx->next_intervals_tune_sis)) {
		/*
		 * A call may have moved it.  In the future it would mean that
		 * the counters are of an unfinished window, to be given up.
		 */
		ctx->next_aggregation_sis = k->next_aggregation_sis;
		ctx->next_intervals_tune_sis +=
			attrs->aggr_samples * attrs->goal.nr_aggrs;
		tune_intervals(ctx);
	}
	ctx->next_aggregation_sis =
		k->next_aggregation_sis + attrs_ticks(attrs, attrs->aggr_us);
	reset_aggregated(ctx);
	return ctx->profile->split(ctx);
}

/* What is done in a tick once no pause is in the way. */
static int finish(struct kdamond *k)
{
	struct context *ctx = k->ctx;
	const struct attrs *attrs = &ctx->attrs;
	int err = 0;

	if (ctx->nr_schemes)
		err = damos_apply(ctx);
	else
		damos_walk_cancel(ctx);
	if (context_reached(ctx, k->next_aggregation_sis))
		first_error(&err, aggregate(k));
	if (context_reached(ctx, k->next_ops_update_sis)) {
		ctx->next_ops_update_sis =
			k->next_ops_update_sis +
			attrs_ticks(attrs, attrs->ops_update_us);
		if (ctx->ops->update)
			first_error(&err, ctx->ops->update(ctx));
		if (!ctx->profile->limits_size)
			first_error(&err, limit_size(k));
	}
	return err;
}

int kdamond_tick(struct kdamond *k)
{
	struct context *ctx = k->ctx;
	bool was_paused = k->state == KDAMOND_PAUSED;
	int err = 0;

	if (k->state == KDAMOND_INACTIVE) {
		look_again(k);
		return 0;
	}
	assert(k->state == KDAMOND_SLEEPING || was_paused);
	if (was_paused)
		run_calls(k, true);
	else
		err = check(k);
	if (ctx->maybe_corrupted || (was_paused && need_stop(k))) {
		end(k);
	} else if (ctx->pause && ctx->profile->has_pause) {
		damos_walk_cancel(ctx);
		sleep_for(k, KDAMOND_PAUSED, ctx->attrs.sample_us);
	} else {
		first_error(&err, finish(k));
		k->state = KDAMOND_READY;
	}
	return err;
}

/* Ticks from now on until a scheme may have something to do, the first too. */
static s64 ticks_to_schemes(const struct context *ctx)
{
	s64 first = ~0ULL >> 1, ticks;
	u32 i;

	for (i = 0; i < ctx->nr_schemes; i++) {
		const struct scheme *s = &ctx->schemes[i];

		/* Watermarks want to be looked at in every tick. */
		if (s->wmarks.metric != WMARK_NONE)
			return 0;
		ticks = s->next_apply_sis - ctx->passed_sample_intervals;
		first = ticks < first ? ticks : first;
	}
	return first;
}

/* Does the next tick begin with what this one did? */
static bool latched(const struct kdamond *k)
{
	const struct context *ctx = k->ctx;

	return k->next_aggregation_sis == ctx->next_aggregation_sis &&
	       k->next_ops_update_sis == ctx->next_ops_update_sis &&
	       k->sample_us == ctx->attrs.sample_us;
}

u64 kdamond_idle_ticks(const struct kdamond *k)
{
	const struct context *ctx = k->ctx;
	u64 now = ctx->passed_sample_intervals;
	s64 window = k->next_aggregation_sis - now;
	s64 update = k->next_ops_update_sis - now;
	s64 first = window < update ? window : update;
	s64 schemes = ticks_to_schemes(ctx);

	first = schemes < first ? schemes : first;
	if (k->state != KDAMOND_SLEEPING || k->stop || k->calls || ctx->pause ||
	    ctx->maybe_corrupted || ctx->ops->prepare_access_checks ||
	    ctx->ops->target_valid || has_probes(ctx) || !latched(k))
		return 0;
	return first > 1 ? first - 1 : 0;
}

void kdamond_skip(struct kdamond *k, u64 nr)
{
	assert(nr <= kdamond_idle_ticks(k));
	k->ctx->passed_sample_intervals += nr;
	if (nr && k->ctx->profile->has_moving_sum)
		access_move_sums(k->ctx, nr);
}

void kdamond_skip_windows(struct kdamond *k, u64 nr)
{
	struct context *ctx = k->ctx;
	u64 ticks = nr * attrs_ticks(&ctx->attrs, ctx->attrs.aggr_us);
	u32 i, j;

	assert(kdamond_idle_ticks(k) && !ctx->nr_schemes);
	ctx->passed_sample_intervals += ticks;
	ctx->next_aggregation_sis += ticks;
	ctx->next_ops_update_sis += ticks;
	ctx->next_intervals_tune_sis += ticks;
	k->next_aggregation_sis += ticks;
	k->next_ops_update_sis += ticks;
	for (i = 0; i < ctx->nr_targets; i++)
		for (j = 0; j < ctx->targets[i].regions.nr; j++)
			ctx->targets[i].regions.at[j].age += nr;
}

int kdamond_call(struct kdamond *k, struct kdamond_call *call)
{
	if (k->state == KDAMOND_ENDED)
		return -ECANCELED;
	call->done = false;
	queue(k, call);
	return 0;
}

void kdamond_stop(struct kdamond *k)
{
	k->stop = true;
}
