// SPDX-License-Identifier: GPL-2.0
/*
 * Actions on a process's memory.
 *
 * Most are a madvise() of the region, which is done in full or, if any of it is
 * not mapped, counts as not done.  Migration walks what is mapped.
 */
#include "context.h"
#include "ops.h"

#define HUGE_BYTES (2ULL << 20)

static u32 target_tgid(const struct context *ctx, u32 target)
{
	return ctx->targets[target].tgid;
}

/* Bytes from @addr to the end of what was found there, or to @end. */
static u64 next_addr(const struct mapped_folio *m, u64 addr, u64 end)
{
	const struct folio *f = &m->folio;
	u64 next = f->start + f->nr * f->sz;

	return next < end && next > addr ? next : end;
}

static u64 advise(struct context *ctx, u32 target, const struct region *r,
		  const struct scheme *s)
{
	const struct memory *memory = &ctx->memory;
	u64 start = region_align_up(r->start, PAGE_BYTES), addr;
	u64 sz = region_align_up(region_sz(r), PAGE_BYTES), end = start + sz;
	u32 tgid = target_tgid(ctx, target);
	struct mapped_folio m;
	bool whole = true;

	for (addr = start; addr < end; addr = next_addr(&m, addr, end)) {
		switch (memory->ops->mapped_at(memory->data, tgid, addr, &m)) {
		case MAPPED_HOLE:
			whole = false;
			break;
		case MAPPED_FOLIO:
			if (next_addr(&m, addr, end) == end)
				m.folio.nr =
					(end - 1 - m.folio.start) / m.folio.sz +
					1;
			if (s->action == SCHEME_PAGEOUT)
				memory->ops->pageout(memory->data, tgid,
						     &m.folio);
			else if (s->action == SCHEME_COLD)
				memory->ops->set_active(memory->data, tgid,
							&m.folio, false);
			break;
		case MAPPED_ABSENT:
			break;
		}
	}
	return whole ? sz : 0;
}

/* The walk's next run of folios from *@addr on; false at the end. */
static bool next_mapped(struct context *ctx, u32 tgid, u64 *addr, u64 end,
			struct mapped_folio *m)
{
	const struct memory *memory = &ctx->memory;
	struct folio *f = &m->folio;
	u64 nr;

	for (; *addr < end; *addr = next_addr(m, *addr, end)) {
		if (memory->ops->mapped_at(memory->data, tgid, *addr, m) !=
		    MAPPED_FOLIO)
			continue;
		nr = (end - *addr - 1) / f->sz + 1;
		f->nr = nr < f->nr ? nr : f->nr;
		/* A huge mapping is one step to its end. */
		*addr = f->sz < HUGE_BYTES ? *addr + f->nr * f->sz :
					     f->start + f->nr * f->sz;
		return true;
	}
	return false;
}

/* Node of the folio of number @index, and for how many it stays that one. */
static u32 interleave(const struct scheme *s, u64 index, u64 *nr)
{
	u32 weights = 0, i, rest;

	for (i = 0; i < s->nr_dests; i++)
		weights += s->dest[i].weight;
	if (!weights) {
		*nr = 0;
		return 0;
	}
	rest = index % weights;
	for (i = 0; rest >= s->dest[i].weight; i++)
		rest -= s->dest[i].weight;
	*nr = s->dest[i].weight - rest;
	return i;
}

/* Collect a run in parts, each for where its number in the mapping sends it. */
static void collect_for_dests(struct context *ctx, const struct scheme *s,
			      const struct mapped_folio *m)
{
	struct folio part = m->folio;
	u32 order = __builtin_ctzll(part.sz / PAGE_BYTES), dest;
	u64 left = part.nr, nr, index;

	for (; left; left -= nr, part.start += nr * part.sz) {
		index = (m->vma_pgoff >> order) +
			(part.start - m->vma_start) / part.sz;
		dest = interleave(s, index, &nr);
		if (!nr)
			return;
		nr = nr < left ? nr : left;
		part.nr = nr;
		if ((u32)part.nid != s->dest[dest].nid)
			(void)ops_collect(ctx, &part, dest);
	}
}

static u64 migrate(struct context *ctx, u32 tgid, const struct region *r,
		   const struct scheme *s)
{
	u64 addr = r->start, sz = 0;
	struct mapped_folio m;
	u32 i;

	ctx->runs.nr = 0;
	while (next_mapped(ctx, tgid, &addr, r->end, &m)) {
		if (!ops_filter_folios(ctx, tgid, s, &m.folio, false))
			continue;
		if (s->nr_dests)
			collect_for_dests(ctx, s, &m);
		else if (m.folio.nid != s->target_nid)
			(void)ops_collect(ctx, &m.folio, 0);
	}
	if (!s->nr_dests)
		return ops_migrate_collected(ctx, tgid, 0, s->target_nid);
	for (i = 0; i < s->nr_dests; i++)
		sz += ops_migrate_collected(ctx, tgid, i, s->dest[i].nid);
	return sz;
}

static void count(struct context *ctx, u32 tgid, const struct region *r,
		  struct scheme *s, u64 *sz_passed)
{
	u64 addr = r->start;
	struct mapped_folio m;

	if (!s->ops_filters.nr)
		return;
	while (next_mapped(ctx, tgid, &addr, r->end, &m)) {
		if (s->has_last_applied && m.folio.start == s->last_applied)
			continue;
		if (ops_filter_folios(ctx, tgid, s, &m.folio, false))
			*sz_passed += m.folio.nr * m.folio.sz;
		s->last_applied = m.folio.start + (m.folio.nr - 1) * m.folio.sz;
		s->has_last_applied = true;
	}
}

u64 ops_vaddr_apply(struct context *ctx, u32 target, const struct region *r,
		    struct scheme *s, u64 *sz_passed)
{
	u32 tgid = target_tgid(ctx, target);

	switch (s->action) {
	case SCHEME_WILLNEED:
	case SCHEME_COLD:
	case SCHEME_PAGEOUT:
	case SCHEME_HUGEPAGE:
	case SCHEME_NOHUGEPAGE:
		return advise(ctx, target, r, s);
	case SCHEME_COLLAPSE:
		return ctx->profile->vaddr_migrates ?
			       advise(ctx, target, r, s) :
			       0;
	case SCHEME_MIGRATE_HOT:
	case SCHEME_MIGRATE_COLD:
		return ctx->profile->vaddr_migrates ? migrate(ctx, tgid, r, s) :
						      0;
	case SCHEME_STAT:
		if (ctx->profile->vaddr_migrates)
			count(ctx, tgid, r, s, sz_passed);
		return 0;
	default:
		return 0;
	}
}
