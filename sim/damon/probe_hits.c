// SPDX-License-Identifier: GPL-2.0
/* Hits, counted on memory; see probe_hits.h. */
#include <stdlib.h>

#include <linux/errno.h>

#include "context.h"
#include "probe_hits.h"

int probe_draw_samples(struct context *ctx)
{
	struct probe_samples *s = &ctx->samples;
	u64 nr = context_nr_regions(ctx), *grown;
	u32 i, j, at = 0;

	if (s->drawn && s->gen == ctx->regions_gen)
		return 0;
	if (nr > s->max) {
		grown = realloc(s->addr, 2 * nr * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		s->addr = grown;
		s->max = 2 * nr;
	}
	for (i = 0; i < ctx->nr_targets; i++) {
		const struct regions *v = &ctx->targets[i].regions;

		for (j = 0; j < v->nr; j++)
			s->addr[at++] = ctx->profile->random(
				&ctx->rng, v->at[j].start, v->at[j].end);
	}
	s->gen = ctx->regions_gen;
	s->drawn = true;
	return 0;
}

/* The folio at a sampled address; false: there is none. */
static bool sampled_folio(const struct context *ctx, u64 addr, struct folio *f)
{
	const struct memory *memory = &ctx->memory;

	if (!memory->ops ||
	    !memory->ops->folio_at(memory->data, addr * ctx->addr_unit, f))
		return false;
	/* Of a run, this one. */
	f->start = addr * ctx->addr_unit & ~(f->sz - 1);
	f->nr = 1;
	return true;
}

void probe_paddr_prep(struct context *ctx)
{
	u64 nr = context_nr_regions(ctx), i;
	struct folio f;

	if (probe_draw_samples(ctx))
		return;
	for (i = 0; i < nr; i++)
		/* There is one preparation: several are as one. */
		if (sampled_folio(ctx, ctx->samples.addr[i], &f))
			ctx->memory.ops->clear_young(ctx->memory.data, 0, &f);
}

/* @f: NULL if there is none */
static bool filter_means(const struct probe_filter *filter,
			 const struct folio *f)
{
	bool is = false;

	switch (filter->type) {
	case PROBE_FILTER_ANON:
		is = f && !(f->unknown & FOLIO_ANON) && f->anon;
		break;
	case PROBE_FILTER_MEMCG:
		is = f && !(f->unknown & FOLIO_MEMCG) &&
		     f->memcg == filter->memcg;
		break;
	case PROBE_FILTER_HUGEPAGE_SZ:
		is = f && !(f->unknown & FOLIO_SZ) &&
		     filter->hugepage_sz.min <= f->sz &&
		     f->sz <= filter->hugepage_sz.max;
		break;
	case PROBE_FILTER_PGIDLE_UNSET:
		is = f && f->young;
		break;
	default:
		break;
	}
	return is == filter->matching;
}

/* Who is not meant by any is what the last one does not say. */
static bool hits(const struct probe *p, const struct folio *f)
{
	u32 i;

	for (i = 0; i < p->nr_filters; i++)
		if (filter_means(&p->filter[i], f))
			return p->filter[i].allow;
	return !p->nr_filters || !p->filter[p->nr_filters - 1].allow;
}

static void probe_region(const struct context *ctx, struct region *r, u64 addr)
{
	struct folio f;
	bool found = sampled_folio(ctx, addr, &f);
	u32 i;

	for (i = 0; i < ctx->probes.nr; i++)
		if (hits(&ctx->probes.at[i], found ? &f : NULL))
			r->probe_hits[i]++;
}

u32 probe_paddr_apply(struct context *ctx, bool need_max)
{
	u32 i, j, at = 0, sum, max = 0;
	bool drawn = !probe_draw_samples(ctx);

	for (i = 0; i < ctx->nr_targets; i++) {
		struct regions *v = &ctx->targets[i].regions;

		for (j = 0; j < v->nr; j++) {
			if (drawn)
				probe_region(ctx, &v->at[j],
					     ctx->samples.addr[at++]);
			sum = need_max ? probes_wsum(&ctx->probes, &v->at[j]) :
					 0;
			max = sum > max ? sum : max;
		}
	}
	return max;
}
