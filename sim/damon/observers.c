// SPDX-License-Identifier: GPL-2.0
/* See observers.h. */
#include <assert.h>

#include "observers.h"

#define TELL_ALL(v, what, ...)                                               \
	do {                                                                 \
		const struct observers *all = (v);                           \
		u32 nr;                                                      \
                                                                             \
		for (nr = 0; nr < all->nr; nr++)                             \
			if (all->at[nr].observer->what)                      \
				all->at[nr].observer->what(all->at[nr].data, \
							   __VA_ARGS__);     \
	} while (0)

void observers_add(struct observers *v, const struct context_observer *observer,
		   void *data)
{
	assert(v->nr < OBSERVERS_MAX);
	v->at[v->nr].observer = observer;
	v->at[v->nr++].data = data;
}

static void all_aggregated(void *data, const struct context *ctx, u32 target,
			   u32 nr_regions, const struct region *r)
{
	TELL_ALL(data, aggregated, ctx, target, nr_regions, r);
}

static void all_intervals_tuned(void *data, const struct context *ctx,
				u64 sample_us)
{
	TELL_ALL(data, intervals_tuned, ctx, sample_us);
}

static void all_attrs_changed(void *data, const struct context *ctx)
{
	TELL_ALL(data, attrs_changed, ctx);
}

static void all_before_apply(void *data, const struct context *ctx, u32 scheme,
			     u32 target, u32 nr_regions, const struct region *r,
			     u32 nr_accesses)
{
	TELL_ALL(data, before_apply, ctx, scheme, target, nr_regions, r,
		 nr_accesses);
}

static void all_esz(void *data, const struct context *ctx, u32 scheme, u64 esz)
{
	TELL_ALL(data, esz, ctx, scheme, esz);
}

static void all_goal(void *data, const struct context *ctx, u32 scheme,
		     const struct goal *goal)
{
	TELL_ALL(data, goal, ctx, scheme, goal);
}

static void all_applied(void *data, const struct context *ctx, u32 scheme,
			const struct scheme_stat *stat)
{
	TELL_ALL(data, applied, ctx, scheme, stat);
}

const struct context_observer observers_all = {
	.aggregated = all_aggregated,
	.intervals_tuned = all_intervals_tuned,
	.attrs_changed = all_attrs_changed,
	.before_apply = all_before_apply,
	.esz = all_esz,
	.goal = all_goal,
	.applied = all_applied,
};
