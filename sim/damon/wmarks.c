// SPDX-License-Identifier: GPL-2.0
/* See wmarks.h. */
#include "context.h"
#include "wmarks.h"

static u64 free_mem_rate(struct context *ctx)
{
	struct memory_totals totals = { 0 };

	ctx->memory.ops->totals(ctx->memory.data, &totals);
	return totals.nr_pages ? totals.nr_free * 1000 / totals.nr_pages : 0;
}

static u64 scheme_wait_us(struct context *ctx, struct wmarks *w)
{
	u64 rate;

	if (w->metric == WMARK_NONE || !ctx->memory.ops)
		return 0;
	rate = free_mem_rate(ctx);
	if (rate > w->high || rate < w->low)
		w->activated = false;
	else if (rate < w->mid)
		w->activated = true;
	/* In between it stays as it is. */
	return w->activated ? 0 : w->interval_us;
}

u64 wmarks_wait_us(struct context *ctx, u64 last_us)
{
	u64 wait, min = last_us ? last_us : ~0ULL;
	u32 i;

	/* All are asked, also when one is awake: others may fall asleep. */
	for (i = 0; i < ctx->nr_schemes; i++) {
		wait = scheme_wait_us(ctx, &ctx->schemes[i].wmarks);
		min = wait < min ? wait : min;
	}
	return ctx->nr_schemes || last_us ? min : 0;
}
