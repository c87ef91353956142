// SPDX-License-Identifier: GPL-2.0
/* Listening to the monitor, see watch.h. */
#include <errno.h>
#include <stdlib.h>

#include "replay/replay.h"
#include "replay/watch.h"

/* Keep a region of the window that is being told. */
static int window_add(struct replay_window *w, const struct region *region)
{
	if (w->nr == w->max) {
		u32 max = w->max ? 2 * w->max : 64;
		struct replay_region *grown;

		grown = realloc(w->region, max * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		w->region = grown;
		w->max = max;
	}
	w->region[w->nr++] = (struct replay_region){
		.start = region->start,
		.end = region->end,
		.nr_accesses = region->nr_accesses,
		.age = region->age,
	};
	w->accessed |= region->nr_accesses;
	return 0;
}

/* A window is told whole: keep it if something was accessed in it. */
static void window_end(struct replay_target *t, u64 now_ns)
{
	struct replay_window latest = t->building;

	latest.end_ns = now_ns;
	if (latest.accessed) {
		t->building = t->latest;
		t->latest = latest;
	}
	t->building.nr = 0;
	t->building.accessed = false;
}

static int watch_heat(struct replay *r, u32 target, const struct region *region,
		      u32 heat_bp, u64 until_ns)
{
	return heat_add(&r->target[target].heat, r->window_ns, until_ns,
			region->start * r->ctx.addr_unit,
			region->end * r->ctx.addr_unit - 1, heat_bp);
}

static void watch_aggregated(void *data, const struct context *ctx, u32 target,
			     u32 nr_regions, const struct region *region)
{
	struct replay *r = data;
	struct replay_target *t = &r->target[target];
	const struct regions *v = &ctx->targets[target].regions;
	u32 bp = (u64)region->nr_accesses * 10000 /
		 attrs_nr_samples(&ctx->attrs);
	int err = window_add(&t->building, region);

	if (!err)
		err = watch_heat(r, target, region, bp, r->now_ns);
	if (err && !r->err)
		r->err = err;
	if (region != &v->at[nr_regions - 1])
		return;
	window_end(t, r->now_ns);
	/* The last region of the last target that has any. */
	for (target++; target < ctx->nr_targets; target++)
		if (ctx->targets[target].regions.nr)
			return;
	r->nr_windows++;
	r->window_ns = r->now_ns;
}

static void watch_before_apply(void *data, const struct context *ctx,
			       u32 scheme, u32 target, u32 nr_regions,
			       const struct region *r, u32 nr_accesses)
{
	schemes_before_apply(data, scheme);
}

static void watch_esz(void *data, const struct context *ctx, u32 scheme,
		      u64 esz)
{
	schemes_esz(data, scheme, esz);
}

static void watch_applied(void *data, const struct context *ctx, u32 scheme,
			  const struct scheme_stat *stat)
{
	schemes_applied(data, scheme);
}

const struct context_observer watch_observer = {
	.aggregated = watch_aggregated,
	.before_apply = watch_before_apply,
	.esz = watch_esz,
	.applied = watch_applied,
};

void watch_end(struct replay *r)
{
	u64 ticks, i, j;

	if (!r->target || r->now_ns <= r->window_ns)
		return;
	ticks = attrs_ticks(&r->ctx.attrs, r->ctx.attrs.aggr_us) -
		(r->ctx.next_aggregation_sis - r->ctx.passed_sample_intervals);
	if (!ticks)
		return;
	for (i = 0; i < r->ctx.nr_targets; i++) {
		const struct regions *v = &r->ctx.targets[i].regions;

		for (j = 0; j < v->nr && !r->err; j++)
			r->err = watch_heat(r, i, &v->at[j],
					    v->at[j].nr_accesses * 10000ULL /
						    ticks,
					    r->now_ns);
	}
}
