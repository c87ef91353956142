// SPDX-License-Identifier: GPL-2.0
/*
 * Schemes over random worlds: each pass against a second opinion, and whole
 * runs, with commits and pauses, for what must hold in any.
 *
 * usage: prop_damos [--seed N] [--runs N]     (1, 300)
 *
 * A failure names the seed of its world: that one alone is --seed N --runs 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "damon/access.h"
#include "damon/context_commit.h"
#include "damon/damos.h"
#include "damon/esz.h"
#include "damon/kdamond.h"
#include "damon/merge.h"
#include "damon/size_limit.h"
#include "support_damos_draw.h"
#include "support_damos_oracle.h"

#define TICKS 120

static struct world world, twin;
static struct support_memory slow_memory;
static struct slow slow;
static u64 nr_passes, nr_actions, nr_ticks, nr_commits;

static u64 below(struct support_rng *rng, u64 n)
{
	return support_rng_below(rng, n);
}

static const char *layout_fault(const struct context *ctx)
{
	u32 t, i;

	for (t = 0; t < ctx->nr_targets; t++) {
		const struct regions *v = &ctx->targets[t].regions;

		for (i = 0; i < v->nr; i++) {
			if (v->at[i].start >= v->at[i].end)
				return "an empty region";
			if (i && v->at[i - 1].end > v->at[i].start)
				return "regions that overlap";
		}
	}
	return NULL;
}

static u64 total_sz(const struct context *ctx)
{
	u64 sz = 0;
	u32 t;

	for (t = 0; t < ctx->nr_targets; t++)
		sz += regions_sz(&ctx->targets[t].regions);
	return sz;
}

/* A user changes something that a pass reads; both see it. */
static void meddle(struct context *ctx, struct support_rng *rng)
{
	struct scheme *s = &ctx->schemes[below(rng, ctx->nr_schemes)];

	switch (below(rng, 12)) {
	case 0:
		world_draw_limits(&s->quota.limits, rng);
		break;
	case 1:
		world_draw_pattern(ctx, &s->pattern, rng);
		break;
	case 2:
		s->wmarks.activated = !s->wmarks.activated;
		break;
	case 3:
		s->action = below(rng, NR_SCHEME_ACTIONS);
		break;
	}
}

static void reset(struct context *ctx)
{
	u32 t, i;

	for (t = 0; t < ctx->nr_targets; t++) {
		for (i = 0; i < ctx->targets[t].regions.nr; i++) {
			struct region *r = &ctx->targets[t].regions.at[i];

			r->last_nr_accesses = r->nr_accesses;
			r->nr_accesses = 0;
			memcpy(r->last_probe_hits, r->probe_hits, PROBES_MAX);
			memset(r->probe_hits, 0, PROBES_MAX);
		}
	}
}

static const char *one_pass(struct context *ctx)
{
	const char *what;

	slow_pass(&slow);
	world.nr_heard = 0;
	world.heard[0] = 0;
	if (damos_apply(ctx))
		return "an error";
	nr_passes++;
	what = slow_differs(&slow);
	if (!what && !support_memory_same(&world.memory, &slow_memory))
		what = "memory";
	if (!what && strcmp(world.heard, slow.heard))
		what = "what was told";
	return what ? what : layout_fault(ctx);
}

/* Ticks as the kdamond makes them; in each, the pass by both. */
static const char *passes_agree(u64 seed)
{
	struct support_rng rng;
	struct context *ctx = &world.ctx;
	const char *what = NULL;
	u64 state, limit, sz;
	bool ends;
	u32 tick, i;

	support_rng_init(&rng, seed);
	world_draw(&world, &rng, seed % 2);
	slow_memory = world.memory;
	slow.ctx = ctx;
	slow.memory = &slow_memory;
	slow_take_state(&slow);
	limit = size_limit(ctx);
	ctx->next_aggregation_sis =
		attrs_ticks(&ctx->attrs, ctx->attrs.aggr_us);
	for (tick = 0; tick < TICKS && !what; tick++) {
		ctx->passed_sample_intervals++;
		ctx->jiffies += below(&rng, 3);
		world_credit(ctx, &rng);
		ctx->samples.drawn = false;
		if (ctx->probes.nr)
			probe_paddr_apply(ctx, false);
		if (ctx->profile->has_moving_sum)
			access_move_sums(ctx, 1);
		ends = context_reached(ctx, ctx->next_aggregation_sis);
		if (ends) {
			merge_regions(ctx, context_max_nr_accesses(ctx) / 10,
				      limit);
			limit = size_limit(ctx);
		}
		meddle(ctx, &rng);
		state = rng.state;
		world_disturb(&world.memory, &rng);
		rng.state = state;
		world_disturb(&slow_memory, &rng);
		sz = total_sz(ctx);
		what = one_pass(ctx);
		if (!what && total_sz(ctx) != sz)
			what = "the total size";
		if (ends) {
			ctx->next_aggregation_sis +=
				attrs_ticks(&ctx->attrs, ctx->attrs.aggr_us);
			reset(ctx);
			ctx->profile->split(ctx);
		}
	}
	for (i = 0; i < ctx->nr_schemes; i++)
		nr_actions += ctx->schemes[i].stat.nr_tried;
	if (what)
		printf("prop_damos: seed %llu, tick %u, core %s: %s differs\n",
		       seed, tick, ctx->profile->name, what);
	slow_fini(&slow);
	world_fini(&world);
	return what;
}

/* Another configuration for the same kind of context. */
static int call_commit(struct context *ctx, void *arg)
{
	static const struct context_ops no_ops;
	struct split_shared shared = { 0 };
	struct support_rng rng;
	struct context in;
	int err;

	support_rng_init(&rng, *(u64 *)arg);
	context_init(&in, ctx->profile, &no_ops, &shared, 1);
	in.ops_id = ctx->ops_id;
	in.addr_unit = ctx->addr_unit;
	in.min_region_sz = ctx->min_region_sz;
	in.attrs = below(&rng, 2) ? ctx->attrs : world_draw_attrs(&rng);
	in.pause = !below(&rng, 4);
	world_draw_probes(&in, &rng);
	world_draw_targets(&in, &rng);
	world_draw_schemes(&in, &rng);
	in.targets[0].obsolete = ctx->nr_targets && !below(&rng, 4);
	if (below(&rng, 3)) {
		err = context_commit(ctx, &in);
	} else {
		err = context_commit_goals(ctx, &in);
		ctx->pause = false;
	}
	context_fini(&in);
	return err;
}

static int call_resume(struct context *ctx, void *arg)
{
	ctx->pause = false;
	return 0;
}

/* A world that runs, and what is known of its past. */
struct run {
	struct world *w;
	struct kdamond k;
	u64 ticks_in_window;
	bool committed; /* in this step */
	bool restated; /* counts are of other intervals than they were */
	bool tainted[SLOW_SCHEMES]; /* a commit changed it in this window */
};

/* No bytes beyond the quota, unless failures are charged in another way. */
static const char *quota_fault(struct run *r, const struct scheme *s, u32 i)
{
	const struct quota_state *q = &s->quota.state;

	if (!q->charged_sz)
		r->tainted[i] = false;
	if (r->committed)
		r->tainted[i] = true;
	if (r->tainted[i] || !esz_is_set(&r->w->ctx, &s->quota) ||
	    s->quota.limits.fail_charge_denom ||
	    (r->w->ctx.profile->zero_esz_is_open && !q->total_charged_sz))
		return NULL;
	return q->charged_sz > q->esz ? "charged beyond the quota" : NULL;
}

static const char *run_fault(struct run *r)
{
	struct context *ctx = &r->w->ctx;
	const char *what = layout_fault(ctx);
	u32 t, i;

	for (i = 0; i < ctx->nr_schemes && !what; i++)
		what = quota_fault(r, &ctx->schemes[i], i);
	for (t = 0; t < ctx->nr_targets && !what && !r->restated; t++)
		for (i = 0; i < ctx->targets[t].regions.nr; i++)
			if (ctx->targets[t].regions.at[i].nr_accesses >
			    r->ticks_in_window)
				what = "more accesses than ticks";
	return what;
}

/* One step of the kdamond; draws the same for the same state. */
static const char *step(struct run *r, struct support_rng *rng)
{
	struct kdamond_call commit = { .fn = call_commit, .commit = true };
	struct kdamond_call resume = { .fn = call_resume };
	struct context *ctx = &r->w->ctx;
	u64 sz, seed = support_rng_u64(rng), ends = ctx->next_aggregation_sis;
	bool wants_commit = !below(rng, 12);
	int err;

	if (r->k.state == KDAMOND_READY)
		kdamond_prepare(&r->k);
	if (r->k.state == KDAMOND_ENDED)
		return "the end";
	commit.arg = &seed;
	if (wants_commit)
		kdamond_call(&r->k, &commit);
	if (r->k.state == KDAMOND_PAUSED)
		kdamond_call(&r->k, &resume);
	else if (r->k.state == KDAMOND_SLEEPING)
		world_credit(ctx, rng);
	r->ticks_in_window += r->k.state == KDAMOND_SLEEPING;
	ctx->jiffies += below(rng, 3);
	world_disturb(&r->w->memory, rng);
	sz = total_sz(ctx);
	err = kdamond_tick(&r->k);
	r->committed = commit.done;
	/* Calls are this function's: one that waits is taken back. */
	if (wants_commit && !commit.done)
		r->k.calls = NULL, r->k.calls_tail = &r->k.calls;
	nr_commits += commit.done;
	nr_ticks++;
	if (err)
		return "an error of a tick";
	if (commit.done && commit.ret)
		return "a commit that was refused";
	if (!commit.done && total_sz(ctx) != sz)
		return "the total size";
	/* Newer cores do so when a window ends only: in a pause it lasts. */
	if (commit.done &&
	    (r->k.state == KDAMOND_PAUSED || ctx->profile->name[0] == 'D'))
		r->restated = true;
	if (ctx->next_aggregation_sis != ends && !commit.done) {
		r->ticks_in_window = 0;
		r->restated = false;
	}
	return run_fault(r);
}

static const char *twins_differ(void)
{
	const struct context *a = &world.ctx, *b = &twin.ctx;
	u32 i;

	if (a->nr_targets != b->nr_targets || a->nr_schemes != b->nr_schemes)
		return "numbers of targets or schemes";
	for (i = 0; i < a->nr_targets; i++) {
		const struct regions *v = &a->targets[i].regions;

		if (v->nr != b->targets[i].regions.nr ||
		    memcmp(v->at, b->targets[i].regions.at,
			   v->nr * sizeof(*v->at)))
			return "regions";
	}
	for (i = 0; i < a->nr_schemes; i++) {
		if (memcmp(&a->schemes[i].stat, &b->schemes[i].stat,
			   sizeof(a->schemes[i].stat)))
			return "statistics";
		if (memcmp(&a->schemes[i].quota.state,
			   &b->schemes[i].quota.state,
			   sizeof(a->schemes[i].quota.state)))
			return "quotas";
	}
	world.memory.runs = twin.memory.runs;
	return support_memory_same(&world.memory, &twin.memory) ? NULL :
								  "memory";
}

/* The same world twice, told in runs and folio by folio. */
static const char *runs_hold(u64 seed)
{
	struct run a = { .w = &world }, b = { .w = &twin };
	struct support_rng rng_a, rng_b;
	const char *what = NULL;
	u32 i;

	support_rng_init(&rng_a, seed);
	support_rng_init(&rng_b, seed);
	world_draw(&world, &rng_a, true);
	world_draw(&twin, &rng_b, false);
	if (kdamond_start(&a.k, &world.ctx) || kdamond_start(&b.k, &twin.ctx))
		what = "the start";
	for (i = 0; i < TICKS && !what; i++) {
		what = step(&a, &rng_a);
		if (!what)
			what = step(&b, &rng_b);
		if (!what)
			what = twins_differ();
		world.memory.runs = true;
	}
	if (what)
		printf("prop_damos: seed %llu, step %u, core %s: %s\n", seed, i,
		       world.ctx.profile->name, what);
	world_fini(&world);
	world_fini(&twin);
	return what;
}

int main(int argc, char **argv)
{
	u64 seed = 1, runs = 300, i;

	for (i = 1; i + 1 < (u64)argc; i += 2) {
		if (!strcmp(argv[i], "--seed"))
			seed = strtoull(argv[i + 1], NULL, 10);
		else if (!strcmp(argv[i], "--runs"))
			runs = strtoull(argv[i + 1], NULL, 10);
		else
			break;
	}
	if (i < (u64)argc) {
		fprintf(stderr, "usage: prop_damos [--seed N] [--runs N]\n");
		return 2;
	}
	for (i = 0; i < runs; i++)
		if (passes_agree(seed + i) || runs_hold(seed + i))
			return 1;
	printf("prop_damos: %llu worlds, %llu passes and %llu regions as by "
	       "the second opinion; %llu ticks, %llu commits\n",
	       runs, nr_passes, nr_actions, nr_ticks, nr_commits);
	return 0;
}
