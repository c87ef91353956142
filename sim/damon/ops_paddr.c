// SPDX-License-Identifier: GPL-2.0
/*
 * Actions on physical memory.
 *
 * The walk goes on from the address it is at by the size of the folio there,
 * not from the folio's begin: one that begins in the middle of a large folio
 * stays in the middle of all that follow.  A folio counts whole, also what of
 * it lies outside of the region.
 */
#include "context.h"
#include "ops.h"

/**
 * struct walk - a walk over the folios of a region.
 * @ctx:	context
 * @s:		scheme, for its last folio
 * @addr:	where it is, bytes
 * @end:	where it ends, exclusive
 * @last:	start of the folio that was seen last
 * @has_last:	there was one where the walk has come to
 */
struct walk {
	struct context *ctx;
	struct scheme *s;
	u64 addr;
	u64 end;
	u64 last;
	bool has_last;
};

static void walk_begin(struct walk *w, struct context *ctx, struct scheme *s,
		       const struct region *r)
{
	*w = (struct walk){
		.ctx = ctx,
		.s = s,
		.addr = r->start * ctx->addr_unit,
		.end = r->end * ctx->addr_unit,
	};
}

static u64 min_u64(u64 a, u64 b)
{
	return a < b ? a : b;
}

/* How many steps of @step bytes are left. */
static u64 steps_left(const struct walk *w, u64 step)
{
	return (w->end - w->addr - 1) / step + 1;
}

/* The next run of folios that are to be looked at; false at the end. */
static bool walk_next(struct walk *w, struct folio *f)
{
	const struct memory *memory = &w->ctx->memory;
	bool known = w->ctx->profile->remembers_folio && w->s->has_last_applied;
	u64 last = w->s->last_applied, nr;

	while (w->addr < w->end) {
		w->has_last = memory->ops->folio_at(memory->data, w->addr, f);
		if (!w->has_last) {
			nr = min_u64(f->nr, steps_left(w, PAGE_BYTES));
			w->addr += nr * PAGE_BYTES;
			continue;
		}
		w->last = f->start;
		if (known && f->start == last) {
			/* It was done; a page further it still is. */
			w->addr += PAGE_BYTES;
			continue;
		}
		nr = min_u64(f->nr, steps_left(w, f->sz));
		if (known && last > f->start)
			nr = min_u64(nr, (last - f->start + f->sz - 1) / f->sz);
		f->nr = nr;
		w->addr += nr * f->sz;
		w->last = f->start + (nr - 1) * f->sz;
		return true;
	}
	w->s->last_applied = w->last;
	w->s->has_last_applied = w->has_last;
	return false;
}

static u64 in_units(const struct context *ctx, const struct folio *f)
{
	return f->nr * (f->sz / ctx->addr_unit);
}

static u64 migrate(struct walk *w, u64 *sz_passed)
{
	struct folio f;

	w->ctx->runs.nr = 0;
	while (walk_next(w, &f)) {
		if (!ops_filter_folios(w->ctx, 0, w->s, &f, false))
			continue;
		*sz_passed += in_units(w->ctx, &f);
		/* What there is no memory to remember is left where it is. */
		(void)ops_collect(w->ctx, &f, 0);
	}
	return ops_migrate_collected(w->ctx, 0, 0, w->s->target_nid) /
	       w->ctx->addr_unit;
}

static bool has_young_filter(const struct scheme *s)
{
	u32 i;

	for (i = 0; i < s->ops_filters.nr; i++)
		if (s->ops_filters.at[i].type == FILTER_YOUNG)
			return true;
	return false;
}

static u64 pageout(struct walk *w, u64 *sz_passed)
{
	const struct memory *memory = &w->ctx->memory;
	bool reject_young = !has_young_filter(w->s);
	struct folio f;
	u64 sz = 0;

	while (walk_next(w, &f)) {
		if (!ops_filter_folios(w->ctx, 0, w->s, &f, reject_young))
			continue;
		*sz_passed += in_units(w->ctx, &f);
		sz += memory->ops->pageout(memory->data, 0, &f);
	}
	return sz / w->ctx->addr_unit;
}

static u64 set_active(struct walk *w, bool active, u64 *sz_passed)
{
	const struct memory *memory = &w->ctx->memory;
	struct folio f;
	u64 sz = 0;

	while (walk_next(w, &f)) {
		if (!ops_filter_folios(w->ctx, 0, w->s, &f, false))
			continue;
		*sz_passed += in_units(w->ctx, &f);
		memory->ops->set_active(memory->data, 0, &f, active);
		sz += f.nr * f.sz;
	}
	return sz / w->ctx->addr_unit;
}

static void count(struct walk *w, u64 *sz_passed)
{
	struct folio f;

	/* Without filters there is nothing to find out. */
	if (!w->s->ops_filters.nr || !w->ctx->profile->counts_passed)
		return;
	while (walk_next(w, &f))
		if (ops_filter_folios(w->ctx, 0, w->s, &f, false))
			*sz_passed += in_units(w->ctx, &f);
}

u64 ops_paddr_apply(struct context *ctx, u32 target, const struct region *r,
		    struct scheme *s, u64 *sz_passed)
{
	u64 sz = 0, passed = 0;
	struct walk w;

	if (!ctx->memory.ops)
		return 0;
	walk_begin(&w, ctx, s, r);
	switch (s->action) {
	case SCHEME_PAGEOUT:
		sz = pageout(&w, &passed);
		break;
	case SCHEME_LRU_PRIO:
	case SCHEME_LRU_DEPRIO:
		sz = set_active(&w, s->action == SCHEME_LRU_PRIO, &passed);
		break;
	case SCHEME_MIGRATE_HOT:
	case SCHEME_MIGRATE_COLD:
		sz = migrate(&w, &passed);
		break;
	case SCHEME_STAT:
		count(&w, &passed);
		break;
	default:
		break;
	}
	*sz_passed = ctx->profile->counts_passed ? passed : 0;
	return sz;
}
