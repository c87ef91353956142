// SPDX-License-Identifier: GPL-2.0
/*
 * The second opinion on what actions do and goals measure, a folio at a time.
 */
#include "support_damos_oracle.h"

typedef unsigned __int128 u128;

static struct page *page_at(struct slow *o, u32 space, u64 addr)
{
	u64 n = addr / PAGE_BYTES;
	struct page *p;

	if (n >= SUPPORT_PAGES)
		return NULL;
	p = &o->memory->page[space][n];
	return p->state == PAGE_FOLIO ? p : NULL;
}

static u32 head_of(struct slow *o, u32 space, u64 addr)
{
	return support_memory_head(o->memory, space, addr / PAGE_BYTES);
}

/* Who asks whether a folio was accessed makes it old. */
static bool ask_young(struct slow *o, u32 space, u32 head)
{
	struct page *p = &o->memory->page[space][head];
	bool young = p->young;
	u32 i;

	for (i = 0; i < 1u << p->order; i++)
		p[i].young = false;
	return young;
}

static bool passes(struct slow *o, u32 space, u32 head, u32 scheme,
		   bool spare_young)
{
	const struct filters *v = &slow_user(o, scheme)->ops_filters;
	const struct filters *core = &slow_user(o, scheme)->core_filters;
	const struct page *p = &o->memory->page[space][head];
	u64 sz = PAGE_BYTES << p->order;
	u32 i;

	if (o->scheme[scheme].core_allowed)
		return true;
	for (i = 0; i < v->nr; i++) {
		const struct filter *f = &v->at[i];
		bool is = false;

		if (f->type == FILTER_ANON)
			is = p->anon;
		if (f->type == FILTER_ACTIVE)
			is = p->active;
		if (f->type == FILTER_UNMAPPED)
			is = !p->mapped;
		if (f->type == FILTER_MEMCG)
			is = p->memcg == f->memcg;
		if (f->type == FILTER_HUGEPAGE_SZ)
			is = f->hugepage_sz.min <= sz &&
			     sz <= f->hugepage_sz.max;
		if (f->type == FILTER_YOUNG)
			is = ask_young(o, space, head);
		if (is == f->matching)
			return f->allow;
	}
	/* To it these are filters like others, of a type that nothing is of. */
	for (i = 0; slow_core(o) == 'D' && i < core->nr; i++)
		if (!core->at[i].matching)
			return false;
	if (spare_young && ask_young(o, space, head))
		return false;
	return !v->nr || !v->at[v->nr - 1].allow;
}

static void set_active(struct slow *o, u32 space, u32 head, bool active)
{
	struct page *p = &o->memory->page[space][head];
	u32 i;

	for (i = 0; i < 1u << p->order; i++)
		p[i].active = active;
}

/* Folios to be migrated, in the order in which they were met. */
static u32 list[SUPPORT_PAGES];
static u32 nr_list;

static u64 migrate(struct slow *o, u32 space, s32 nid)
{
	u32 begin, end, i;
	u64 sz = 0;

	if (nid < 0 || nid >= SUPPORT_NODES || !o->memory->node[nid].nr_pages)
		return 0;
	for (begin = 0; begin < nr_list; begin = end) {
		s32 from = o->memory->page[space][list[begin]].nid;

		for (end = begin + 1; end < nr_list; end++)
			if (o->memory->page[space][list[end]].nid != from)
				break;
		for (i = end; i > begin && from != nid; i--)
			sz += support_memory_move(o->memory, space, list[i - 1],
						  nid);
	}
	return sz;
}

static bool has_young(const struct scheme *s)
{
	u32 i;

	for (i = 0; i < s->ops_filters.nr; i++)
		if (s->ops_filters.at[i].type == FILTER_YOUNG)
			return true;
	return false;
}

static u64 act_phys(struct slow *o, u64 start, u64 end, u32 i, u64 *passed)
{
	const struct scheme *s = slow_user(o, i);
	struct slow_scheme *kept = &o->scheme[i];
	u64 unit = o->ctx->addr_unit, addr = start * unit, done = 0, sz;
	bool old = slow_core(o) == 'D';
	s64 head = -1;

	nr_list = 0;
	if (s->action != SCHEME_PAGEOUT && s->action != SCHEME_LRU_PRIO &&
	    s->action != SCHEME_LRU_DEPRIO && s->action != SCHEME_MIGRATE_HOT &&
	    s->action != SCHEME_MIGRATE_COLD &&
	    (s->action != SCHEME_STAT || !s->ops_filters.nr || old))
		return 0;
	while (addr < end * unit) {
		if (!page_at(o, 0, addr)) {
			head = -1;
			addr += PAGE_BYTES;
			continue;
		}
		head = head_of(o, 0, addr);
		if (!old && kept->last_space == 0 && kept->last_head == head) {
			addr += PAGE_BYTES;
			continue;
		}
		sz = PAGE_BYTES << o->memory->page[0][head].order;
		if (passes(o, 0, head, i,
			   s->action == SCHEME_PAGEOUT && !has_young(s))) {
			*passed += old ? 0 : sz / unit;
			if (s->action == SCHEME_PAGEOUT)
				done += support_memory_reclaim(o->memory, 0,
							       head);
			else if (s->action == SCHEME_MIGRATE_HOT ||
				 s->action == SCHEME_MIGRATE_COLD)
				list[nr_list++] = head;
			else if (s->action != SCHEME_STAT) {
				set_active(o, 0, head,
					   s->action == SCHEME_LRU_PRIO);
				done += sz;
			}
		}
		addr += sz;
	}
	kept->last_space = head < 0 ? -1 : 0;
	kept->last_head = head;
	if (s->action == SCHEME_MIGRATE_HOT || s->action == SCHEME_MIGRATE_COLD)
		done = migrate(o, 0, s->target_nid);
	return done / unit;
}

static u64 advise(struct slow *o, u32 space, u64 start, u64 end, u32 i)
{
	u64 addr;
	bool whole = true;

	for (addr = start; addr < end; addr += PAGE_BYTES) {
		struct page *p = page_at(o, space, addr);

		if (addr / PAGE_BYTES >= SUPPORT_PAGES ||
		    o->memory->page[space][addr / PAGE_BYTES].state ==
			    PAGE_HOLE)
			whole = false;
		if (p && slow_user(o, i)->action == SCHEME_PAGEOUT)
			support_memory_reclaim(o->memory, space,
					       head_of(o, space, addr));
		else if (p && slow_user(o, i)->action == SCHEME_COLD)
			set_active(o, space, head_of(o, space, addr), false);
	}
	return whole ? end - start : 0;
}

/* To which of the destinations; -1 if to none. */
static s32 dest_of(const struct scheme *s, const struct page *p, u64 addr)
{
	u64 pgoff = p->vma, index, weights = 0, x, seen = 0;
	u32 i;

	for (i = 0; i < s->nr_dests; i++)
		weights += s->dest[i].weight;
	if (!weights)
		return -1;
	index = (pgoff >> p->order) +
		((addr / PAGE_BYTES - p->vma) >> p->order);
	x = index % weights;
	for (i = 0; i < s->nr_dests; i++) {
		seen += s->dest[i].weight;
		if (x < seen)
			return i;
	}
	return -1;
}

/* List what a process has in [@start, @end), for one destination or all. */
static void list_virt(struct slow *o, u32 space, u64 start, u64 end, u32 i,
		      bool filter, s32 dest)
{
	static bool in[SUPPORT_PAGES];
	const struct scheme *s = slow_user(o, i);
	struct page *p;
	u64 addr, sz;
	u32 head;
	s32 nid, to;

	nr_list = 0;
	for (addr = start; addr < end;) {
		p = page_at(o, space, addr);
		if (!p) {
			addr += PAGE_BYTES;
			continue;
		}
		head = head_of(o, space, addr);
		/* Filters change what they ask about, so once. */
		if (filter)
			in[addr / PAGE_BYTES] =
				passes(o, space, head, i, false);
		if (in[addr / PAGE_BYTES]) {
			to = dest < 0 ? -1 : dest_of(s, p, addr);
			nid = dest < 0 ? s->target_nid :
			      to < 0   ? p->nid :
					 (s32)s->dest[to].nid;
			/* Where it is now was decided before the first went. */
			if (to == dest && p->nid != nid)
				list[nr_list++] = head;
		}
		sz = PAGE_BYTES << p->order;
		addr = p->order < 9 ? addr + sz : head * PAGE_BYTES + sz;
	}
}

static u64 act_virt(struct slow *o, u32 space, u64 start, u64 end, u32 i,
		    u64 *passed)
{
	/* Lists of all destinations are made before any folio is moved. */
	static u32 lists[8][SUPPORT_PAGES], nr[8];
	const struct scheme *s = slow_user(o, i);
	struct slow_scheme *kept = &o->scheme[i];
	bool old = slow_core(o) == 'D';
	u64 addr, done = 0, sz;
	u32 d, n, head;

	switch (s->action) {
	case SCHEME_WILLNEED:
	case SCHEME_COLD:
	case SCHEME_PAGEOUT:
	case SCHEME_HUGEPAGE:
	case SCHEME_NOHUGEPAGE:
		return advise(o, space, start, end, i);
	case SCHEME_COLLAPSE:
		return old ? 0 : advise(o, space, start, end, i);
	case SCHEME_STAT:
		if (old || !s->ops_filters.nr)
			return 0;
		for (addr = start; addr < end;) {
			struct page *p = page_at(o, space, addr);

			if (!p) {
				addr += PAGE_BYTES;
				continue;
			}
			head = head_of(o, space, addr);
			if (kept->last_space == space &&
			    kept->last_head == head) {
				addr += PAGE_BYTES;
				continue;
			}
			sz = PAGE_BYTES << p->order;
			if (passes(o, space, head, i, false))
				*passed += sz;
			kept->last_space = space;
			kept->last_head = head;
			addr = p->order < 9 ? addr + sz :
					      head * PAGE_BYTES + sz;
		}
		return 0;
	case SCHEME_MIGRATE_HOT:
	case SCHEME_MIGRATE_COLD:
		break;
	default:
		return 0;
	}
	if (old)
		return 0;
	if (!s->nr_dests) {
		list_virt(o, space, start, end, i, true, -1);
		return migrate(o, space, s->target_nid);
	}
	for (d = 0; d < s->nr_dests; d++) {
		list_virt(o, space, start, end, i, d == 0, d);
		nr[d] = nr_list;
		for (n = 0; n < nr_list; n++)
			lists[d][n] = list[n];
	}
	for (d = 0; d < s->nr_dests; d++) {
		nr_list = nr[d];
		for (n = 0; n < nr_list; n++)
			list[n] = lists[d][n];
		done += migrate(o, space, s->dest[d].nid);
	}
	return done;
}

u64 slow_act(struct slow *o, u32 target, u64 start, u64 end, u32 i, u64 *passed)
{
	if (o->ctx->ops_id == OPS_PADDR)
		return act_phys(o, start, end, i, passed);
	return act_virt(o, o->ctx->targets[target].tgid, start, end, i, passed);
}

static u64 eligible_bp(struct slow *o, u32 i, s32 nid)
{
	u64 unit = o->ctx->addr_unit, addr, all = 0, on_node = 0;
	const struct slow_region *r;
	const struct page *p;
	u32 t;

	if (o->ctx->ops_id != OPS_PADDR || nid < 0 || nid >= SUPPORT_NODES ||
	    !o->memory->node[nid].nr_pages)
		return 0;
	for (t = 0; t < o->ctx->nr_targets; t++) {
		for (r = o->first[t]; r; r = r->next) {
			if (!slow_in_pattern(o, r, i))
				continue;
			/* In steps that no bound is inside of. */
			for (addr = r->start * unit; addr < r->end * unit;
			     addr += 512) {
				p = page_at(o, 0, addr);
				all += p ? 512 : 0;
				on_node += p && p->nid == nid ? 512 : 0;
			}
		}
	}
	return all ? (u128)on_node * 10000 / all : 0;
}

u64 slow_measure(struct slow *o, u32 i, u32 g)
{
	const struct goal *goal = &slow_user(o, i)->quota.goal[g];
	struct support_memory *m = o->memory;
	u64 last = o->scheme[i].goal_psi[g], pages = 0, used = 0, free = 0;
	u64 active = 0, inactive = 0, huge = 0, group = 0;
	bool there = goal->nid >= 0 && goal->nid < SUPPORT_NODES &&
		     m->node[goal->nid].nr_pages;
	u32 s, n;

	for (s = 0; s < SUPPORT_SPACES; s++) {
		for (n = 0; n < SUPPORT_PAGES; n++) {
			const struct page *p = &m->page[s][n];

			if (p->state != PAGE_FOLIO)
				continue;
			active += p->active;
			inactive += !p->active;
			huge += p->order >= 9;
			group += p->nid == goal->nid && p->memcg == goal->memcg;
			used += p->nid == goal->nid;
		}
	}
	for (n = 0; n < SUPPORT_NODES; n++) {
		pages += m->node[n].nr_pages;
		free += m->node[n].nr_free;
	}
	switch (goal->metric) {
	case GOAL_SOME_MEM_PSI_US:
		o->scheme[i].goal_psi[g] = m->psi_us;
		return last == GOAL_PSI_UNKNOWN ? goal->target_value :
						  m->psi_us - last;
	case GOAL_NODE_MEM_USED_BP:
		return there ? used * 10000 / m->node[goal->nid].nr_pages : 0;
	case GOAL_NODE_MEM_FREE_BP:
		return there ? m->node[goal->nid].nr_free * 10000 /
				       m->node[goal->nid].nr_pages :
			       10000;
	case GOAL_NODE_MEMCG_USED_BP:
	case GOAL_NODE_MEMCG_FREE_BP:
		if (!there || goal->memcg >= SUPPORT_MEMCGS)
			return goal->metric == GOAL_NODE_MEMCG_USED_BP ? 0 :
									 10000;
		if (goal->metric == GOAL_NODE_MEMCG_FREE_BP)
			group = m->node[goal->nid].nr_pages - group;
		return group * 10000 / m->node[goal->nid].nr_pages;
	case GOAL_ACTIVE_MEM_BP:
		return active * 10000 /
		       (active + inactive ? active + inactive : 1);
	case GOAL_INACTIVE_MEM_BP:
		return inactive * 10000 /
		       (active + inactive ? active + inactive : 1);
	case GOAL_HUGEPAGE_MEM_BP:
		return pages > free ? huge * 10000 / (pages - free) : 10000;
	case GOAL_NODE_ELIGIBLE_MEM_BP:
		return eligible_bp(o, i, goal->nid);
	default:
		return goal->current_value;
	}
}
