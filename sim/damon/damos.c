// SPDX-License-Identifier: GPL-2.0
/*
 * The pass over all regions, see damos.h.
 *
 * Regions are named by index: any cut may move the array.  Merging on the way
 * leaves a gap between what is done and what is still to come, so that a pass
 * moves each region once and not once for each merge.
 */
#include <linux/errno.h>

#include "context.h"
#include "damos.h"
#include "esz.h"
#include "size_limit.h"

/**
 * struct pass - one pass over one target.
 * @ctx:	context
 * @target:	index
 * @gap:	regions merged away so far: those from the current one on are
 *		so many places further than they are going to be
 * @err:	first failure to cut
 */
struct pass {
	struct context *ctx;
	u32 target;
	u32 gap;
	int err;
};

static struct regions *pass_regions(struct pass *p)
{
	return &p->ctx->targets[p->target].regions;
}

static int pass_split(struct pass *p, u32 i, u64 sz)
{
	int err = context_split_region(p->ctx, p->target, i, sz);

	if (err && !p->err)
		p->err = err;
	return err;
}

static bool due(const struct context *ctx, const struct scheme *s)
{
	return context_reached(ctx, s->next_apply_sis);
}

bool damos_in_pattern(const struct context *ctx, const struct region *r,
		      const struct scheme_pattern *pattern)
{
	u64 sz = region_sz(r);
	u32 nr;

	if (sz < pattern->min_sz || sz > pattern->max_sz ||
	    r->age < pattern->min_age || r->age > pattern->max_age)
		return false;
	nr = ctx->profile->frequency(ctx, r);
	return pattern->min_nr_accesses <= nr && nr <= pattern->max_nr_accesses;
}

static bool scored_in(const struct context *ctx, const struct region *r,
		      const struct scheme *s)
{
	if (!esz_is_set(ctx, &s->quota) || !ctx->ops->scheme_score)
		return true;
	return ctx->ops->scheme_score(ctx, r, s) >= s->quota.state.min_score;
}

/* Cuts where the filter's address is inside the region: the left part stays. */
static int in_addr_filter(struct context *ctx, u32 target, u32 region,
			  const struct filter *f, bool *in)
{
	const struct region *r = &ctx->targets[target].regions.at[region];
	u64 start = region_align_down(f->addr.min, ctx->min_region_sz);
	u64 end = region_align_down(f->addr.max, ctx->min_region_sz);

	*in = start <= r->start && r->end <= end;
	if (*in || r->end <= start || end <= r->start)
		return 0;
	*in = r->start >= start;
	return context_split_region(ctx, target, region,
				    (*in ? end : start) - r->start);
}

static bool in_wsum_filter(const struct context *ctx, u32 target, u32 region,
			   const struct filter *f)
{
	u32 sum = probes_moving_wsum(ctx,
				     &ctx->targets[target].regions.at[region]);

	return f->wsum.min <= sum && sum <= f->wsum.max;
}

int damos_core_filter(struct context *ctx, u32 target, u32 region,
		      struct scheme *s, u32 *allowed)
{
	u32 i;

	s->core_filters_allowed = false;
	for (i = 0; i < s->core_filters.nr; i++) {
		const struct filter *f = &s->core_filters.at[i];
		bool in;
		int err = 0;

		if (f->type == FILTER_TARGET)
			in = f->target == (s32)target;
		else if (f->type == FILTER_PROBE_HITS_WSUM)
			in = in_wsum_filter(ctx, target, region, f);
		else
			err = in_addr_filter(ctx, target, region, f, &in);
		if (err)
			return err;
		if (in == f->matching) {
			*allowed = f->allow;
			s->core_filters_allowed = f->allow;
			return 0;
		}
	}
	*allowed = !s->core_filters.default_reject;
	return 0;
}

/*
 * Is the region one that an earlier pass has served in this round?  What it
 * served of it is cut off.
 */
static bool skip_charged(struct pass *p, u32 i, struct quota_state *state)
{
	const struct region *r = &pass_regions(p)->at[i];
	u64 min = p->ctx->min_region_sz, from = state->charge_addr_from, sz;
	bool skip = false;

	if (state->charge_target_from) {
		if (state->charge_target_from != p->target + 1)
			return true;
		if (from && r->end <= from) {
			skip = true;
		} else if (from && r->start < from) {
			sz = region_align_down(from - r->start, min);
			skip = true;
			if (sz || region_sz(r) > min)
				(void)pass_split(p, i, sz ? sz : min);
		}
	}
	/* The round ends with the last region, which a cut has moved on. */
	if (i + 1 == pass_regions(p)->nr) {
		state->charge_target_from = 0;
		state->charge_addr_from = 0;
	}
	return skip;
}

static void tell_before_apply(struct pass *p, u32 scheme, u32 i, u32 nr)
{
	const struct context_observer *observer = p->ctx->observer;
	const struct regions *v = pass_regions(p);

	if (observer && observer->before_apply)
		observer->before_apply(p->ctx->observer_data, p->ctx, scheme,
				       p->target, v->nr - p->gap, &v->at[i],
				       nr);
}

/* Have the operations act on a region; return bytes that they acted on. */
static u64 act(struct pass *p, u32 i, struct scheme *s, u64 *sz_passed)
{
	struct context *ctx = p->ctx;
	u64 began = ctx->jiffies, sz_applied;
	struct region r = pass_regions(p)->at[i];

	sz_applied = ctx->ops->apply_scheme(ctx, p->target, &r, s, sz_passed);
	/* A clock that moves by jiffies: most actions take no time on it. */
	s->quota.state.total_charged_ns +=
		(ctx->jiffies - began) * (1000000000 / ctx->hz);
	return sz_applied;
}

static void tell_walk(struct pass *p, u32 i, struct scheme *s, u64 sz_passed)
{
	struct damos_walk *walk = p->ctx->walk;

	if (walk && !s->walk_completed)
		walk->fn(walk->arg, p->ctx, p->target, &pass_regions(p)->at[i],
			 s - p->ctx->schemes, sz_passed);
}

static void update_stat(struct scheme_stat *stat, u64 sz, u64 sz_applied,
			u64 sz_passed)
{
	stat->nr_tried++;
	stat->sz_tried += sz;
	stat->nr_applied += sz_applied != 0;
	stat->sz_applied += sz_applied;
	stat->sz_ops_filter_passed += sz_passed;
}

/* A scheme and a region that it means. */
static void apply_scheme(struct pass *p, u32 i, struct scheme *s)
{
	struct context *ctx = p->ctx;
	struct quota_state *state = &s->quota.state;
	struct region *r = &pass_regions(p)->at[i];
	u64 sz = region_sz(r), sz_applied = 0, sz_passed = 0;
	/* Before cuts: both parts have it. */
	u32 nr = ctx->profile->frequency(ctx, r), allowed;
	int err;

	if (ctx->ops->apply_scheme) {
		if (esz_is_set(ctx, &s->quota) &&
		    state->charged_sz + sz > state->esz) {
			sz = region_align_down(state->esz - state->charged_sz,
					       ctx->min_region_sz);
			if (!sz || (sz < region_sz(r) && pass_split(p, i, sz)))
				goto stat;
		}
		err = damos_core_filter(ctx, p->target, i, s, &allowed);
		if (err && !p->err)
			p->err = err;
		if (err || !allowed)
			return;
		if (ctx->profile->filter_resizes)
			sz = region_sz(&pass_regions(p)->at[i]);
		tell_before_apply(p, s - ctx->schemes, i, nr);
		sz_applied = act(p, i, s, &sz_passed);
		tell_walk(p, i, s, sz_passed);
		esz_charge(ctx, &s->quota, sz, sz_applied);
		if (esz_full(ctx, &s->quota)) {
			state->charge_target_from = p->target + 1;
			state->charge_addr_from = pass_regions(p)->at[i].end;
		}
	}
	if (s->action != SCHEME_STAT)
		pass_regions(p)->at[i].age = 0;
stat:
	update_stat(&s->stat, sz, sz_applied, sz_passed);
}

/* All schemes, one region. */
static void apply_schemes(struct pass *p, u32 i)
{
	struct context *ctx = p->ctx;
	bool counts = ctx->profile->counts_snapshots;
	struct scheme *s;

	for (s = ctx->schemes; s < ctx->schemes + ctx->nr_schemes; s++) {
		const struct region *r;

		if (!due(ctx, s) || !s->wmarks.activated ||
		    esz_full(ctx, &s->quota) ||
		    skip_charged(p, i, &s->quota.state))
			continue;
		if (counts && s->max_nr_snapshots &&
		    s->max_nr_snapshots <= s->stat.nr_snapshots)
			continue;
		r = &pass_regions(p)->at[i];
		if (damos_in_pattern(ctx, r, &s->pattern) &&
		    scored_in(ctx, r, s))
			apply_scheme(p, i, s);
		if (counts && i + 1 == pass_regions(p)->nr)
			s->stat.nr_snapshots++;
	}
}

static bool alike(const struct region *l, const struct region *r, u64 limit)
{
	return l->end == r->start && l->age == r->age &&
	       l->last_nr_accesses == r->last_nr_accesses &&
	       l->nr_accesses == r->nr_accesses && r->end - l->start <= limit;
}

/* All regions of a target; @limit is how large they may become by merging. */
static int apply_target(struct context *ctx, u32 target, u64 limit)
{
	struct pass p = { .ctx = ctx, .target = target };
	struct regions *v = pass_regions(&p);
	u32 i, kept = 0;

	for (i = 0; i < v->nr; i++) {
		p.gap = i - kept;
		apply_schemes(&p, i);
		if (ctx->profile->remerges && kept &&
		    alike(&v->at[kept - 1], &v->at[i], limit))
			v->at[kept - 1].end = v->at[i].end;
		else if (kept++ != i)
			v->at[kept - 1] = v->at[i];
	}
	if (kept != v->nr) {
		v->nr = kept;
		ctx->regions_gen++;
	}
	return p.err;
}

/* A scheme's pass is over. */
static void finish_scheme(struct context *ctx, u32 scheme)
{
	const struct context_observer *observer = ctx->observer;
	struct scheme *s = &ctx->schemes[scheme];
	u64 interval = s->apply_interval_us ? s->apply_interval_us :
					      ctx->attrs.aggr_us;
	u32 i;

	if (ctx->walk) {
		s->walk_completed = true;
		for (i = 0; i < ctx->nr_schemes; i++)
			if (!ctx->schemes[i].walk_completed)
				break;
		if (i == ctx->nr_schemes) {
			for (i = 0; i < ctx->nr_schemes; i++)
				ctx->schemes[i].walk_completed = false;
			ctx->walk->done = true;
			ctx->walk = NULL;
		}
	}
	s->next_apply_sis = ctx->passed_sample_intervals +
			    attrs_ticks(&ctx->attrs, interval);
	s->has_last_applied = false;
	if (observer && observer->applied)
		observer->applied(ctx->observer_data, ctx, scheme, &s->stat);
}

int damos_apply(struct context *ctx)
{
	bool work = false;
	u64 limit;
	u32 i, t;
	int err = 0, next;

	for (i = 0; i < ctx->nr_schemes; i++) {
		if (!due(ctx, &ctx->schemes[i]) ||
		    !ctx->schemes[i].wmarks.activated)
			continue;
		work = true;
		next = esz_adjust(ctx, i);
		err = err ? err : next;
	}
	/* Those that are due and asleep stay due. */
	if (!work)
		return err;
	limit = size_limit(ctx);
	for (t = 0; t < ctx->nr_targets; t++) {
		if (ctx->profile->drops_dead_targets &&
		    ctx->ops->target_valid && !ctx->ops->target_valid(ctx, t)) {
			context_forget_charged(ctx, t);
			continue;
		}
		next = apply_target(ctx, t, limit);
		err = err ? err : next;
	}
	for (i = 0; i < ctx->nr_schemes; i++)
		if (due(ctx, &ctx->schemes[i]))
			finish_scheme(ctx, i);
	return err;
}

int damos_walk_start(struct context *ctx, struct damos_walk *walk)
{
	if (ctx->walk)
		return -EBUSY;
	walk->done = walk->cancelled = false;
	ctx->walk = walk;
	return 0;
}

void damos_walk_cancel(struct context *ctx)
{
	if (!ctx->walk)
		return;
	ctx->walk->done = ctx->walk->cancelled = true;
	ctx->walk = NULL;
}
