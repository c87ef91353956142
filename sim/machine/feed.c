// SPDX-License-Identifier: GPL-2.0
/* The kdamond's side of the rings, see feed.h. */
#include <errno.h>
#include <stdlib.h>

#include "machine/feed.h"

void feed_init(struct feed *feed, struct cpus *cpus, bool phys)
{
	*feed = (struct feed){ .cpus = cpus, .phys = phys };
	feed->tick.snapshot = &feed->snapshot;
}

void feed_fini(struct feed *feed)
{
	free(feed->snapshot.start);
	free(feed->snapshot.last);
	free(feed->snapshot.target);
	free(feed->tick.credited);
	free(feed->tick.hits);
	*feed = (struct feed){ 0 };
}

/* Make *@array hold @nr elements of @sz bytes; what it held may be lost. */
static int renew(void *array, size_t nr, size_t sz)
{
	void **at = array, *fresh = calloc(nr, sz);

	if (!fresh)
		return -ENOMEM;
	free(*at);
	*at = fresh;
	return 0;
}

/* Room for all regions of the context, with as much again to grow into. */
static int feed_reserve(struct feed *feed, const struct context *ctx)
{
	struct damon_snapshot *s = &feed->snapshot;
	u64 nr = context_nr_regions(ctx);

	if (ctx->nr_targets > s->targets_max) {
		if (renew(&s->target, 2 * ctx->nr_targets, sizeof(*s->target)))
			return -ENOMEM;
		s->targets_max = 2 * ctx->nr_targets;
	}
	if (nr <= s->regions_max)
		return 0;
	s->regions_max = 0;
	if (renew(&s->start, 2 * nr, sizeof(*s->start)) ||
	    renew(&s->last, 2 * nr, sizeof(*s->last)) ||
	    renew(&feed->tick.credited, 2 * nr, sizeof(bool)) ||
	    renew(&feed->tick.hits, 2 * nr, sizeof(u32)))
		return -ENOMEM;
	s->regions_max = 2 * nr;
	return 0;
}

static int feed_build(struct feed *feed, const struct context *ctx)
{
	struct damon_snapshot *s = &feed->snapshot;
	int err = feed_reserve(feed, ctx);
	u32 t, r;

	if (err)
		return err;
	damon_snapshot_reset(s, feed->phys);
	for (t = 0; t < ctx->nr_targets; t++) {
		const struct regions *v = &ctx->targets[t].regions;

		err = damon_snapshot_add_target(s, ctx->targets[t].tgid);
		for (r = 0; r < v->nr && !err; r++)
			err = damon_snapshot_add_region(s, v->at[r].start,
							v->at[r].end,
							ctx->addr_unit);
		if (err)
			return err;
	}
	feed->regions_gen = ctx->regions_gen;
	feed->built = true;
	return 0;
}

/* Drain every CPU's ring and keep a record of how full it was. */
static u64 feed_drain(struct feed *feed)
{
	u64 taken = 0;
	u32 i, nr;

	for (i = 0; i < feed->cpus->nr; i++) {
		struct cpu *cpu = feed->cpus->cpu[i];

		if (!cpu)
			continue;
		nr = damon_tick_drain(&feed->tick, cpu->ring, i);
		cpu->nr_drains += nr != 0;
		cpu->drained += nr;
		cpu->fill_max = nr > cpu->fill_max ? nr : cpu->fill_max;
		taken += nr;
	}
	return taken;
}

/* Hits mostly lie in the targets one after the other. */
void feed_credit(const struct feed *feed, struct context *ctx, const u32 *hits,
		 u32 nr)
{
	const struct damon_snapshot_target *t = feed->snapshot.target;
	u32 target = 0, i;

	for (i = 0; i < nr; i++) {
		if (hits[i] < t[target].first)
			target = 0;
		while (hits[i] >= t[target].first + t[target].nr)
			target++;
		context_credit(ctx, target, hits[i] - t[target].first);
	}
}

int feed_begin(struct feed *feed, const struct context *ctx)
{
	if (feed->err)
		return feed->err;
	/* Before a new snapshot: what was credited has the old indices. */
	damon_tick_begin(&feed->tick);
	if (!feed->built || feed->regions_gen != ctx->regions_gen)
		feed->err = feed_build(feed, ctx);
	return feed->err;
}

u64 feed_tick(struct feed *feed, struct context *ctx)
{
	u64 taken;

	if (feed_begin(feed, ctx))
		return 0;
	taken = feed_drain(feed);
	feed_credit(feed, ctx, feed->tick.hits, feed->tick.nr_hits);
	return taken;
}
