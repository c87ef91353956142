// SPDX-License-Identifier: GPL-2.0
/* Worlds made at random, see support_damos_draw.h. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "damon/ops.h"
#include "support_damos_draw.h"
#include "support_damos_oracle.h"

static u64 below(struct support_rng *rng, u64 n)
{
	return support_rng_below(rng, n);
}

static bool one_in(struct support_rng *rng, u32 n)
{
	return below(rng, n) == 0;
}

static u64 act(struct context *ctx, u32 target, const struct region *r,
	       struct scheme *s, u64 *sz_passed)
{
	u64 sz = ctx->ops_id == OPS_PADDR ?
			 ops_paddr_apply(ctx, target, r, s, sz_passed) :
			 ops_vaddr_apply(ctx, target, r, s, sz_passed);

	ctx->jiffies += slow_takes(r->start);
	return sz;
}

static u32 no_accesses(struct context *ctx, bool need_max)
{
	return need_max ? context_max_nr_accesses(ctx) : 0;
}

static void hear(struct world *w, const char *what, u64 a, u64 b, u64 c, u64 d,
		 u64 e, u64 f)
{
	slow_hear(w->heard, &w->nr_heard, sizeof(w->heard),
		  "%s %llu %llu %llu %llu %llu %llu\n", what, a, b, c, d, e, f);
}

static void hear_before(void *data, const struct context *ctx, u32 scheme,
			u32 target, u32 nr_regions, const struct region *r,
			u32 nr_accesses)
{
	hear(data, "before", scheme, target, nr_regions, r->start, r->end,
	     nr_accesses);
}

static void hear_esz(void *data, const struct context *ctx, u32 scheme, u64 esz)
{
	hear(data, "esz", scheme, esz, 0, 0, 0, 0);
}

static void hear_applied(void *data, const struct context *ctx, u32 scheme,
			 const struct scheme_stat *stat)
{
	hear(data, "stat", scheme, stat->nr_tried, stat->sz_applied,
	     stat->nr_snapshots, 0, 0);
}

static const struct context_observer observer = {
	.before_apply = hear_before,
	.esz = hear_esz,
	.applied = hear_applied,
};

static void draw_space(struct support_memory *m, u32 space,
		       struct support_rng *rng)
{
	struct page kind = { 0 };
	u32 at = 0, nr, sz;

	while (at < WORLD_PAGES) {
		kind.state = one_in(rng, 5)	     ? PAGE_HOLE :
			     space && one_in(rng, 6) ? PAGE_ABSENT :
						       PAGE_FOLIO;
		kind.order = 0;
		if (kind.state == PAGE_FOLIO)
			kind.order = one_in(rng, 12) ? 9 :
				     one_in(rng, 2)  ? below(rng, 5) :
						       0;
		kind.nid = below(rng, 3);
		kind.memcg = below(rng, SUPPORT_MEMCGS);
		kind.anon = one_in(rng, 2);
		kind.active = one_in(rng, 2);
		kind.mapped = !one_in(rng, 3);
		kind.young = one_in(rng, 3);
		sz = 1u << kind.order;
		at = (at + sz - 1) & ~(sz - 1);
		nr = sz * (1 + below(rng, sz > 16 ? 2 : 40));
		if (at + nr > WORLD_PAGES)
			break;
		support_memory_fill(m, space, at, nr, &kind);
		at += nr;
	}
}

/* A node has what is used, and some or no room. */
static void draw_memory(struct support_memory *m, struct support_rng *rng,
			bool runs)
{
	u32 i;

	support_memory_init(m, SUPPORT_NODES - 1, 0, runs);
	for (i = 0; i < SUPPORT_SPACES; i++)
		draw_space(m, i, rng);
	for (i = 0; i < SUPPORT_NODES - 1; i++) {
		u64 used = -m->node[i].nr_free;

		m->node[i].nr_free =
			one_in(rng, 3) ? below(rng, 100) : WORLD_PAGES;
		m->node[i].nr_pages = used + m->node[i].nr_free;
	}
}

void world_disturb(struct support_memory *m, struct support_rng *rng)
{
	u32 space = below(rng, SUPPORT_SPACES), page = below(rng, WORLD_PAGES);
	u32 nr = below(rng, 200), i, head;
	bool young = one_in(rng, 2);

	m->psi_us += below(rng, 1000);
	head = support_memory_head(m, space, page);
	/* Whole folios. */
	for (i = head; i < WORLD_PAGES; i++) {
		if (i > page + nr && support_memory_head(m, space, i) == i)
			break;
		if (m->page[space][i].state == PAGE_FOLIO)
			m->page[space][i].young = young;
	}
}

void world_credit(struct context *ctx, struct support_rng *rng)
{
	u32 t, i;

	for (t = 0; t < ctx->nr_targets; t++)
		for (i = 0; i < ctx->targets[t].regions.nr; i++)
			if (below(rng, 8) < i * 7919 % 11)
				context_credit(ctx, t, i);
}

static void draw_probe(struct probe *p, struct support_rng *rng)
{
	u32 nr = below(rng, 4), err = 0;
	struct probe_filter f;

	for (; nr; nr--) {
		f = (struct probe_filter){
			.type = below(rng, NR_PROBE_FILTER_TYPES)
		};
		f.matching = one_in(rng, 2);
		f.allow = one_in(rng, 2);
		if (f.type == PROBE_FILTER_MEMCG) {
			f.memcg = below(rng, SUPPORT_MEMCGS);
		} else if (f.type == PROBE_FILTER_HUGEPAGE_SZ) {
			f.hugepage_sz.min = PAGE_BYTES << below(rng, 4);
			f.hugepage_sz.max = f.hugepage_sz.min << below(rng, 8);
		}
		err |= probe_add_filter(p, &f);
	}
	if (one_in(rng, 3))
		err |= probe_add_prep(p, PROBE_PREP_SET_PGIDLE);
	if (err)
		abort();
}

void world_draw_probes(struct context *ctx, struct support_rng *rng)
{
	u32 nr = below(rng, PROBES_MAX + 1);
	bool weights = one_in(rng, 2);

	for (; ctx->profile->has_probes && nr; nr--) {
		if (probes_add(&ctx->probes, weights ? below(rng, 4) : 0))
			abort();
		draw_probe(&ctx->probes.at[ctx->probes.nr - 1], rng);
	}
}

void world_draw_pattern(const struct context *ctx, struct scheme_pattern *p,
			struct support_rng *rng)
{
	*p = (struct scheme_pattern){
		.max_sz = ~0ULL,
		.max_nr_accesses = ~0u,
		.max_age = ~0u,
	};
	if (one_in(rng, 4))
		p->min_sz = below(rng, 20) * ctx->min_region_sz;
	if (one_in(rng, 4))
		p->max_sz = below(rng, 200) * ctx->min_region_sz;
	if (one_in(rng, 3))
		p->min_nr_accesses = below(rng, 6);
	if (one_in(rng, 3))
		p->max_nr_accesses = below(rng, 6);
	if (one_in(rng, 4))
		p->min_age = below(rng, 4);
	if (one_in(rng, 6))
		p->max_age = below(rng, 10);
}

void world_draw_limits(struct quota_limits *l, struct support_rng *rng)
{
	*l = (struct quota_limits){ 0 };
	l->reset_interval_ms = below(rng, 60);
	l->tuner = one_in(rng, 3) ? TUNER_TEMPORAL : TUNER_CONSIST;
	l->weight_sz = below(rng, 1000);
	l->weight_nr_accesses = below(rng, 3);
	l->weight_age = below(rng, 3);
	l->fail_charge_num = below(rng, 3);
	l->fail_charge_denom = one_in(rng, 3) ? 1 + below(rng, 3) : 0;
	if (one_in(rng, 2)) {
		l->sz = below(rng, 400) * PAGE_BYTES;
		l->sz += below(rng, 2);
	}
	if (one_in(rng, 4))
		l->time_ms = below(rng, 5);
}

static struct goal draw_goal(struct support_rng *rng)
{
	struct goal goal = { 0 };

	goal.metric = below(rng, NR_GOAL_METRICS);
	goal.target_value = 1 + below(rng, 12000);
	goal.current_value = below(rng, 20000);
	goal.nid = (s32)below(rng, 5) - 1;
	goal.memcg = below(rng, SUPPORT_MEMCGS + 1);
	return goal;
}

static struct filter draw_filter(const struct context *ctx,
				 struct support_rng *rng)
{
	struct filter f = { 0 };
	u64 top = WORLD_PAGES * PAGE_BYTES / ctx->addr_unit;

	f.type = below(rng, NR_FILTER_TYPES);
	if (f.type == FILTER_PROBE_HITS_WSUM && !ctx->profile->has_probes)
		f.type = FILTER_ADDR;
	f.matching = one_in(rng, 2);
	/* Cores without "allow" have none that allows. */
	f.allow = one_in(rng, 2) && ctx->profile->name[0] != 'D';
	if (f.type == FILTER_ADDR) {
		f.addr.min = below(rng, top);
		f.addr.max = f.addr.min + below(rng, top);
	} else if (f.type == FILTER_HUGEPAGE_SZ) {
		f.hugepage_sz.min = PAGE_BYTES << below(rng, 4);
		f.hugepage_sz.max = f.hugepage_sz.min << below(rng, 8);
	} else if (f.type == FILTER_PROBE_HITS_WSUM) {
		f.wsum.min = below(rng, 20);
		f.wsum.max = f.wsum.min + below(rng, 20);
	} else if (f.type == FILTER_TARGET) {
		f.target = (s32)below(rng, 4) - 1;
	} else if (f.type == FILTER_MEMCG) {
		f.memcg = below(rng, SUPPORT_MEMCGS);
	}
	return f;
}

void world_draw_schemes(struct context *ctx, struct support_rng *rng)
{
	u32 nr = 1 + below(rng, 4), i, nid, err = 0;
	struct goal goal;
	struct filter f;
	struct scheme s;

	while (nr--) {
		scheme_init(&s, below(rng, NR_SCHEME_ACTIONS));
		world_draw_pattern(ctx, &s.pattern, rng);
		world_draw_limits(&s.quota.limits, rng);
		if (one_in(rng, 2))
			s.apply_interval_us = below(rng, 12) * 1000;
		s.target_nid = (s32)below(rng, 5) - 1;
		s.max_nr_snapshots = one_in(rng, 5) ? below(rng, 30) : 0;
		for (i = one_in(rng, 2) ? below(rng, 4) : 0; i; i--) {
			goal = draw_goal(rng);
			/* That one is for physical addresses. */
			if (goal.metric == GOAL_NODE_ELIGIBLE_MEM_BP &&
			    ctx->ops_id != OPS_PADDR)
				goal.metric = GOAL_USER_INPUT;
			err |= scheme_add_goal(&s, &goal);
		}
		for (i = one_in(rng, 2) ? below(rng, 5) : 0; i; i--) {
			f = draw_filter(ctx, rng);
			err |= scheme_add_filter(&s, &f);
		}
		for (i = one_in(rng, 3) ? below(rng, 4) : 0; i; i--) {
			nid = below(rng, 4);
			err |= scheme_add_dest(&s, nid, below(rng, 4));
		}
		err |= context_add_scheme(ctx, &s);
	}
	if (err)
		abort();
}

void world_draw_targets(struct context *ctx, struct support_rng *rng)
{
	u64 least = ctx->min_region_sz, top, at;
	u32 nr = 1 + below(rng, 3), t;
	struct regions *v;
	bool phys = ctx->ops_id == OPS_PADDR;

	/* A bit more than there is. */
	top = (WORLD_PAGES + 100) * PAGE_BYTES / ctx->addr_unit;
	for (t = 0; t < nr; t++) {
		if (context_add_target(ctx, phys ? 0 : 1 + t))
			abort();
		v = &ctx->targets[ctx->nr_targets - 1].regions;
		at = below(rng, 20) * least;
		while (at < top && v->nr < 40) {
			u64 end = at + (1 + below(rng, 100)) * least;

			if (regions_add(v, at, end))
				abort();
			at = end +
			     (one_in(rng, 4) ? below(rng, 50) : 0) * least;
		}
	}
}

struct attrs world_draw_attrs(struct support_rng *rng)
{
	struct attrs attrs = { .sample_us = 1000 };

	attrs.aggr_us = 1000 * (1 + below(rng, 10));
	attrs.aggr_us += 500 * below(rng, 2);
	attrs.ops_update_us = 1000 * (1 + below(rng, 50));
	attrs.min_nr_regions = 3 + below(rng, 10);
	attrs.max_nr_regions = attrs.min_nr_regions + below(rng, 200);
	return attrs;
}

void world_draw(struct world *w, struct support_rng *rng, bool runs)
{
	static const struct profile *const profile[] = { &profile_n, &profile_m,
							 &profile_d };
	static const u32 units[] = { 1, 1, 512, 8192 };
	struct context *ctx = &w->ctx;
	bool phys;
	u32 core;

	memset(w, 0, offsetof(struct world, memory));
	w->nr_heard = 0;
	w->ops = (struct context_ops){
		.check_accesses = no_accesses,
		.prep_probes = probe_paddr_prep,
		.apply_probes = probe_paddr_apply,
		.apply_scheme = act,
	};
	core = below(rng, 3);
	context_init(ctx, profile[core], &w->ops, &w->shared,
		     support_rng_u64(rng));
	phys = one_in(rng, 2);
	ctx->ops_id = phys ? OPS_PADDR : OPS_VADDR;
	if (!one_in(rng, 4))
		w->ops.scheme_score = phys ? score_paddr : score_vaddr;
	if (phys && context_set_addr_unit(ctx, units[below(rng, 4)], true))
		abort();
	ctx->attrs = world_draw_attrs(rng);
	draw_memory(&w->memory, rng, runs);
	ctx->memory = (struct memory){ &support_memory_ops, &w->memory };
	ctx->jiffies = 1 + below(rng, 1000);
	ctx->observer = &observer;
	ctx->observer_data = w;
	world_draw_targets(ctx, rng);
	world_draw_probes(ctx, rng);
	world_draw_schemes(ctx, rng);
}

void world_fini(struct world *w)
{
	context_fini(&w->ctx);
}
