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

#include <linux/errno.h>

#include "context.h"
#include "kdamond.h"
#include "merge.h"
#include "size_limit.h"
#include "split.h"
#include "tune.h"

static void first_error(int *err, int next)
{
	if (!*err)
		*err = next;
}

static void run_calls(struct kdamond *k)
{
	struct kdamond_call *call, *next;

	call = k->calls;
	k->calls = NULL;
	k->calls_tail = &k->calls;
	for (; call; call = next) {
		next = call->next;
		call->ret = call->fn(k->ctx, call->arg);
		call->done = true;
	}
}

static void end(struct kdamond *k)
{
	struct kdamond_call *call;

	k->state = KDAMOND_ENDED;
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

static void sleep_for(struct kdamond *k, enum kdamond_state state)
{
	k->state = state;
	k->sleep_us = k->ctx->attrs.sample_us;
}

int kdamond_start(struct kdamond *k, struct context *ctx)
{
	const struct attrs *attrs = &ctx->attrs;
	int err = 0;

	*k = (struct kdamond){ .ctx = ctx, .calls_tail = &k->calls };
	ctx->passed_sample_intervals = 0;
	ctx->next_aggregation_sis = attrs_ticks(attrs, attrs->aggr_us);
	ctx->next_ops_update_sis = attrs_ticks(attrs, attrs->ops_update_us);
	ctx->next_intervals_tune_sis =
		ctx->next_aggregation_sis * attrs->goal.nr_aggrs;
	if (ctx->ops->init)
		err = ctx->ops->init(ctx);
	if (!err)
		err = size_limit_apply(ctx, &k->sz_limit);
	if (err)
		end(k);
	return err;
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
	if (ctx->ops->prepare_access_checks)
		ctx->ops->prepare_access_checks(ctx);
	sleep_for(k, KDAMOND_SLEEPING);
}

/* The sleep is over: what has been accessed, and is a window complete? */
static int check(struct kdamond *k)
{
	struct context *ctx = k->ctx;
	bool aggregate;
	u32 max;

	ctx->passed_sample_intervals++;
	aggregate = context_reached(ctx, k->next_aggregation_sis);
	max = ctx->ops->check_accesses(ctx, aggregate);
	if (!aggregate)
		return 0;
	/* With the limit of the window before. */
	merge_regions(ctx, max / 10, k->sz_limit);
	return size_limit_apply(ctx, &k->sz_limit);
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
		}
	}
}

static int aggregate(struct kdamond *k)
{
	struct context *ctx = k->ctx;
	const struct attrs *attrs = &ctx->attrs;

	if (attrs->goal.nr_aggrs &&
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

	if (context_reached(ctx, k->next_aggregation_sis))
		err = aggregate(k);
	if (context_reached(ctx, k->next_ops_update_sis)) {
		ctx->next_ops_update_sis =
			k->next_ops_update_sis +
			attrs_ticks(attrs, attrs->ops_update_us);
		if (ctx->ops->update)
			first_error(&err, ctx->ops->update(ctx));
	}
	return err;
}

int kdamond_tick(struct kdamond *k)
{
	struct context *ctx = k->ctx;
	bool was_paused = k->state == KDAMOND_PAUSED;
	int err = 0;

	assert(k->state == KDAMOND_SLEEPING || was_paused);
	if (!was_paused)
		err = check(k);
	run_calls(k);
	if (ctx->maybe_corrupted || (was_paused && need_stop(k))) {
		end(k);
	} else if (ctx->pause) {
		sleep_for(k, KDAMOND_PAUSED);
	} else {
		first_error(&err, finish(k));
		k->state = KDAMOND_READY;
	}
	return err;
}

u64 kdamond_idle_ticks(const struct kdamond *k)
{
	const struct context *ctx = k->ctx;
	u64 now = ctx->passed_sample_intervals;
	s64 window = k->next_aggregation_sis - now;
	s64 update = k->next_ops_update_sis - now;
	s64 first = window < update ? window : update;

	if (k->state != KDAMOND_SLEEPING || k->stop || k->calls || ctx->pause ||
	    ctx->maybe_corrupted || ctx->ops->prepare_access_checks ||
	    ctx->ops->target_valid)
		return 0;
	return first > 1 ? first - 1 : 0;
}

void kdamond_skip(struct kdamond *k, u64 nr)
{
	assert(nr <= kdamond_idle_ticks(k));
	k->ctx->passed_sample_intervals += nr;
}

void kdamond_skip_windows(struct kdamond *k, u64 nr)
{
	struct context *ctx = k->ctx;
	u64 ticks = nr * attrs_ticks(&ctx->attrs, ctx->attrs.aggr_us);
	u32 i, j;

	assert(kdamond_idle_ticks(k));
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
	call->next = NULL;
	*k->calls_tail = call;
	k->calls_tail = &call->next;
	return 0;
}

void kdamond_stop(struct kdamond *k)
{
	k->stop = true;
}
