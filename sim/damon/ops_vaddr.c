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

/* Let *@addr go on to the next run of folios; false at the end. */
static bool find_mapped(struct context *ctx, u32 tgid, u64 *addr, u64 end,
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
		return true;
	}
	return false;
}

/*
 * Where the walk is after @nr folios of a run that it met at @addr: a huge
 * mapping is one step to its end, others are as many pages as they have.
 */
static u64 walked(const struct folio *f, u64 addr, u64 nr)
{
	return (f->sz < HUGE_BYTES || !nr ? addr : f->start) + nr * f->sz;
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

/*
 * Collect a run in parts, each for where its number in the mapping sends it.
 * That number is of the address at which the walk meets the folio.
 */
static void collect_for_dests(struct context *ctx, const struct scheme *s,
			      const struct mapped_folio *m, u64 addr)
{
	const struct folio *f = &m->folio;
	u32 order = __builtin_ctzll(f->sz / PAGE_BYTES), dest;
	struct folio part = *f;
	u64 done, nr, index;

	for (done = 0; done < f->nr; done += nr) {
		index = (m->vma_pgoff >> order) +
			(walked(f, addr, done) - m->vma_start) / f->sz;
		dest = interleave(s, index, &nr);
		if (!nr)
			return;
		/* The first may be met in its middle. */
		if (!done)
			nr = 1;
		nr = nr < f->nr - done ? nr : f->nr - done;
		part.start = f->start + done * f->sz;
		part.nr = nr;
		if ((u32)part.nid != s->dest[dest].nid)
			(void)ops_collect(ctx, &part, dest);
	}
}

static u64 migrate(struct context *ctx, u32 tgid, const struct region *r,
		   const struct scheme *s)
{
	u64 addr, sz = 0;
	struct mapped_folio m;
	u32 i;

	ctx->runs.nr = 0;
	for (addr = r->start; find_mapped(ctx, tgid, &addr, r->end, &m);
	     addr = walked(&m.folio, addr, m.folio.nr)) {
		if (!ops_filter_folios(ctx, tgid, s, &m.folio, false))
			continue;
		if (s->nr_dests)
			collect_for_dests(ctx, s, &m, addr);
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
	struct mapped_folio m;
	struct folio *f = &m.folio;
	u64 addr = r->start;

	if (!s->ops_filters.nr)
		return;
	while (find_mapped(ctx, tgid, &addr, r->end, &m)) {
		/* Each one is the last until the next: it can only be here. */
		if (s->has_last_applied && s->last_applied_tgid == tgid &&
		    s->last_applied == f->start) {
			/* It was counted; page by page to its end. */
			addr = f->start + f->sz;
			continue;
		}
		addr = walked(f, addr, f->nr);
		if (ops_filter_folios(ctx, tgid, s, f, false))
			*sz_passed += f->nr * f->sz;
		s->last_applied = f->start + (f->nr - 1) * f->sz;
		s->last_applied_tgid = tgid;
		s->has_last_applied = true;
	}
}

u64 ops_vaddr_apply(struct context *ctx, u32 target, const struct region *r,
		    struct scheme *s, u64 *sz_passed)
{
	u32 tgid = target_tgid(ctx, target);

	if (!ctx->memory.ops)
		return 0;
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
