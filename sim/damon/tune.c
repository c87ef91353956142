// SPDX-License-Identifier: GPL-2.0
/*
 * Monitoring intervals, by the feedback loop that quotas are tuned with.
 */
#include <damon/quota.h>

#include "context.h"
#include "tune.h"

/* Input of the feedback loop that stands for intervals as they are. */
#define TUNE_SAME 100000000ULL

/* bp of the goal: how much was observed of what was to be observed. */
static u64 tune_score(const struct context *ctx)
{
	const struct attrs *attrs = &ctx->attrs;
	u64 events = 0, max_events = 0, target;
	const struct regions *v;
	u32 i, j;

	for (i = 0; i < ctx->nr_targets; i++) {
		v = &ctx->targets[i].regions;
		for (j = 0; j < v->nr; j++) {
			events += region_sz(&v->at[j]) * v->at[j].nr_accesses;
			max_events +=
				region_sz(&v->at[j]) * attrs->aggr_samples;
		}
	}
	target = max_events * attrs->goal.access_bp / 10000;
	return damon_goal_score(events, target ? target : 1);
}

void tune_intervals(struct context *ctx)
{
	const struct intervals_goal *goal = &ctx->attrs.goal;
	struct attrs tuned = ctx->attrs;
	u64 factor_bp, sample_us;

	factor_bp = damon_feedback(TUNE_SAME, tune_score(ctx)) / 10000;
	/* Growing doubles at most; shrinking is let to halve at most. */
	if (factor_bp <= 10000)
		factor_bp = 5000 + factor_bp / 2;
	if (factor_bp == 10000)
		return;

	sample_us = tuned.sample_us * factor_bp / 10000;
	if (sample_us > goal->max_sample_us)
		sample_us = goal->max_sample_us;
	if (sample_us < goal->min_sample_us)
		sample_us = goal->min_sample_us;
	tuned.sample_us = sample_us;
	tuned.aggr_us = sample_us * tuned.aggr_samples;
	if (ctx->observer && ctx->observer->intervals_tuned)
		ctx->observer->intervals_tuned(ctx->observer_data, ctx,
					       sample_us);
	/* If the product has wrapped the intervals stay; so in the kernel. */
	(void)context_set_attrs(ctx, &tuned);
}
