// SPDX-License-Identifier: GPL-2.0
/*
 * The moving sum that needs no state of its own, and the one that does.
 */
#include <damon/quota.h>

#include "access.h"
#include "context.h"

u32 access_in_window(const struct context *ctx, u32 count, u32 last_count)
{
	u64 window = attrs_ticks(&ctx->attrs,
				 ctx->attrs.aggr_us ? ctx->attrs.aggr_us : 1);
	u64 left = 0, left_bp;

	if (!context_reached(ctx, ctx->next_aggregation_sis))
		left = ctx->next_aggregation_sis - ctx->passed_sample_intervals;
	left_bp = __damon_mult_frac(left, 10000, window);
	if (left_bp == 10000)
		return last_count;
	/* May exceed 10000 after a change of intervals; not clamped. */
	return count + __damon_mult_frac(last_count, left_bp, 10000);
}

u32 access_moving_sum(const struct context *ctx, const struct region *r)
{
	return access_in_window(ctx, r->nr_accesses, r->last_nr_accesses);
}

u32 access_kept_sum(const struct context *ctx, const struct region *r)
{
	return r->moving_sum_bp / 10000;
}

void access_move_sums(struct context *ctx, u64 nr_ticks)
{
	/* Not the ticks of the window where a tick is as short as can be. */
	u32 window = ctx->attrs.sample_us ? attrs_nr_samples(&ctx->attrs) : 1;
	u32 t, i;

	for (t = 0; t < ctx->nr_targets; t++) {
		struct regions *v = &ctx->targets[t].regions;

		for (i = 0; i < v->nr; i++)
			v->at[i].moving_sum_bp -=
				(u32)nr_ticks *
				(v->at[i].last_nr_accesses * 10000 / window);
	}
}
