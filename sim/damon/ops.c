// SPDX-License-Identifier: GPL-2.0
/* What both kinds of operations have in common, see ops.h. */
#include <stdlib.h>

#include <linux/errno.h>

#include "context.h"
#include "ops.h"

/* Whoever asks makes it old. */
static bool young(struct context *ctx, u32 tgid, struct folio *f)
{
	bool was = f->young;

	if (was)
		ctx->memory.ops->clear_young(ctx->memory.data, tgid, f);
	f->young = false;
	return was;
}

static bool filter_matches(struct context *ctx, u32 tgid,
			   const struct filter *filter, struct folio *f)
{
	bool is;

	switch (filter->type) {
	case FILTER_ANON:
		is = f->anon;
		break;
	case FILTER_ACTIVE:
		is = f->active;
		break;
	case FILTER_MEMCG:
		is = f->memcg == filter->memcg;
		break;
	case FILTER_YOUNG:
		is = young(ctx, tgid, f);
		break;
	case FILTER_HUGEPAGE_SZ:
		is = filter->hugepage_sz.min <= f->sz &&
		     f->sz <= filter->hugepage_sz.max;
		break;
	case FILTER_UNMAPPED:
		is = !f->mapped;
		break;
	default:
		is = false;
	}
	return is == filter->matching;
}

bool ops_filter_folios(struct context *ctx, u32 tgid, const struct scheme *s,
		       struct folio *f, bool reject_young)
{
	u32 i;

	if (s->core_filters_allowed)
		return true;
	for (i = 0; i < s->ops_filters.nr; i++)
		if (filter_matches(ctx, tgid, &s->ops_filters.at[i], f))
			return s->ops_filters.at[i].allow;
	if (ctx->profile->core_filters_hit_folios)
		for (i = 0; i < s->core_filters.nr; i++)
			if (!s->core_filters.at[i].matching)
				return false;
	if (reject_young && young(ctx, tgid, f))
		return false;
	return !s->ops_filters.default_reject;
}

int ops_collect(struct context *ctx, const struct folio *f, u32 dest)
{
	struct folio_runs *runs = &ctx->runs;
	u32 max = runs->max ? 2 * runs->max : 64;
	struct folio_run *grown;

	if (runs->nr == runs->max) {
		grown = realloc(runs->at, max * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		runs->at = grown;
		runs->max = max;
	}
	runs->at[runs->nr++] = (struct folio_run){ *f, dest };
	return 0;
}

/* The first run for @dest at or after @i. */
static u32 next_run(const struct folio_runs *runs, u32 i, u32 dest)
{
	while (i < runs->nr && runs->at[i].dest != dest)
		i++;
	return i;
}

u64 ops_migrate_collected(struct context *ctx, u32 tgid, u32 dest, s32 nid)
{
	const struct memory *memory = &ctx->memory;
	const struct folio_runs *runs = &ctx->runs;
	u32 i, begin, end;
	u64 sz = 0;
	s32 from;

	if (!memory->ops->node(memory->data, nid, NULL))
		return 0;
	begin = next_run(runs, 0, dest);
	for (; begin < runs->nr; begin = end) {
		from = runs->at[begin].folio.nid;
		end = begin;
		while (end < runs->nr && runs->at[end].folio.nid == from)
			end = next_run(runs, end + 1, dest);
		for (i = end; i > begin && from != nid; i--)
			if (runs->at[i - 1].dest == dest)
				sz += memory->ops->migrate(
					memory->data, tgid,
					&runs->at[i - 1].folio, nid);
	}
	return sz;
}
