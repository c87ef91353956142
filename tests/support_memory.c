// SPDX-License-Identifier: GPL-2.0
/* An array of pages as a memory, see support_memory.h. */
#include <string.h>

#include "support_memory.h"

#define HUGE_ORDER 9

void support_memory_init(struct support_memory *m, u32 nr_nodes, u64 nr_pages,
			 bool runs)
{
	u32 i;

	memset(m, 0, sizeof(*m));
	m->runs = runs;
	for (i = 0; i < nr_nodes; i++)
		m->node[i] = (struct memory_node){ nr_pages, nr_pages };
}

void support_memory_fill(struct support_memory *m, u32 space, u32 first,
			 u32 nr_pages, const struct page *kind)
{
	u32 i;

	for (i = first; i < first + nr_pages; i++) {
		m->page[space][i] = *kind;
		m->page[space][i].vma = first;
		m->node[kind->nid].nr_free -= kind->state == PAGE_FOLIO;
	}
}

u64 support_memory_on(const struct support_memory *m, u32 space, s32 nid)
{
	u64 nr = 0;
	u32 i;

	for (i = 0; i < SUPPORT_PAGES; i++)
		nr += m->page[space][i].state == PAGE_FOLIO &&
		      m->page[space][i].nid == nid;
	return nr;
}

static bool same_page(const struct page *a, const struct page *b)
{
	return a->state == b->state && a->order == b->order &&
	       a->nid == b->nid && a->memcg == b->memcg && a->anon == b->anon &&
	       a->active == b->active && a->mapped == b->mapped &&
	       a->young == b->young && a->vma == b->vma;
}

bool support_memory_same(const struct support_memory *a,
			 const struct support_memory *b)
{
	u32 s, i;

	for (i = 0; i < SUPPORT_NODES; i++)
		if (a->node[i].nr_pages != b->node[i].nr_pages ||
		    a->node[i].nr_free != b->node[i].nr_free)
			return false;
	for (s = 0; s < SUPPORT_SPACES; s++)
		for (i = 0; i < SUPPORT_PAGES; i++)
			if (!same_page(&a->page[s][i], &b->page[s][i]))
				return false;
	return a->psi_us == b->psi_us;
}

u64 support_memory_move(struct support_memory *m, u32 space, u32 page, s32 nid)
{
	struct page *p = &m->page[space][page];
	u32 nr = 1u << p->order, i;

	if (nid < 0 || nid >= SUPPORT_NODES || m->node[nid].nr_free < nr)
		return 0;
	m->node[nid].nr_free -= nr;
	m->node[p->nid].nr_free += nr;
	for (i = 0; i < nr; i++)
		p[i].nid = nid;
	return nr * PAGE_BYTES;
}

u64 support_memory_reclaim(struct support_memory *m, u32 space, u32 page)
{
	struct page *p = &m->page[space][page];
	u32 nr = 1u << p->order, i;

	m->node[p->nid].nr_free += nr;
	for (i = 0; i < nr; i++)
		p[i] = (struct page){
			.state = space ? PAGE_ABSENT : PAGE_HOLE,
			.vma = p[i].vma,
		};
	return nr * PAGE_BYTES;
}

/* What is at @addr; beyond the array is a hole. */
static enum page_state tell(struct support_memory *m, u32 space, u64 addr,
			    struct folio *f, u32 *first)
{
	const struct page *pages = m->page[space < SUPPORT_SPACES ? space : 0];
	u64 at = addr / PAGE_BYTES;
	u32 step, i;
	const struct page *p;

	m->nr_told++;
	*f = (struct folio){ .start = addr, .sz = PAGE_BYTES, .nr = 1 };
	*first = 0;
	if (space >= SUPPORT_SPACES || at >= SUPPORT_PAGES)
		return PAGE_HOLE;
	p = &pages[at];
	*first = at;
	step = 1;
	if (p->state == PAGE_FOLIO) {
		step = 1u << p->order;
		*first = at & ~(step - 1);
		*f = (struct folio){
			.start = *first * PAGE_BYTES,
			.sz = step * PAGE_BYTES,
			.nr = 1,
			.nid = p->nid,
			.memcg = p->memcg,
			.anon = p->anon,
			.active = p->active,
			.mapped = p->mapped,
			.young = p->young,
		};
	}
	p = &pages[*first];
	for (i = *first + step;
	     m->runs && i < SUPPORT_PAGES && same_page(&pages[i], p); i += step)
		f->nr++;
	return p->state;
}

static bool folio_at(void *data, u64 addr, struct folio *f)
{
	u32 first;

	return tell(data, 0, addr, f, &first) == PAGE_FOLIO;
}

static enum mapped mapped_at(void *data, u32 tgid, u64 addr,
			     struct mapped_folio *f)
{
	struct support_memory *m = data;
	enum page_state state;
	u32 first;

	state = tell(m, tgid, addr, &f->folio, &first);
	if (state == PAGE_HOLE)
		return MAPPED_HOLE;
	f->vma_start = m->page[tgid][first].vma * PAGE_BYTES;
	/* As of a private mapping, and the heads of folios have one vma. */
	f->vma_pgoff = f->vma_start / PAGE_BYTES;
	return state == PAGE_FOLIO ? MAPPED_FOLIO : MAPPED_ABSENT;
}

/* First page of the run's @i-th folio. */
static u32 page_of(const struct folio *f, u64 i)
{
	return (f->start + i * f->sz) / PAGE_BYTES;
}

static void clear_young(void *data, u32 tgid, const struct folio *f)
{
	struct support_memory *m = data;
	u64 i, nr = f->nr * (f->sz / PAGE_BYTES);

	for (i = 0; i < nr; i++)
		m->page[tgid][page_of(f, 0) + i].young = false;
}

static void set_active(void *data, u32 tgid, const struct folio *f, bool active)
{
	struct support_memory *m = data;
	u64 i, nr = f->nr * (f->sz / PAGE_BYTES);

	for (i = 0; i < nr; i++)
		m->page[tgid][page_of(f, 0) + i].active = active;
}

static u64 migrate(void *data, u32 tgid, const struct folio *f, s32 nid)
{
	struct support_memory *m = data;
	u64 i, sz = 0;

	m->nr_migrations++;
	for (i = f->nr; i--;)
		sz += support_memory_move(m, tgid, page_of(f, i), nid);
	return sz;
}

static u64 pageout(void *data, u32 tgid, const struct folio *f)
{
	u64 i, sz = 0;

	for (i = 0; i < f->nr; i++)
		sz += support_memory_reclaim(data, tgid, page_of(f, i));
	return sz;
}

static bool node(void *data, s32 nid, struct memory_node *node)
{
	struct support_memory *m = data;

	if (nid < 0 || nid >= SUPPORT_NODES || !m->node[nid].nr_pages)
		return false;
	if (node)
		*node = m->node[nid];
	return true;
}

static bool memcg_pages(void *data, s32 nid, u32 memcg, u64 *nr)
{
	struct support_memory *m = data;
	u32 s, i;

	if (memcg >= SUPPORT_MEMCGS)
		return false;
	*nr = 0;
	for (s = 0; s < SUPPORT_SPACES; s++)
		for (i = 0; i < SUPPORT_PAGES; i++)
			*nr += m->page[s][i].state == PAGE_FOLIO &&
			       m->page[s][i].nid == nid &&
			       m->page[s][i].memcg == memcg;
	return true;
}

static void totals(void *data, struct memory_totals *t)
{
	struct support_memory *m = data;
	const struct page *p;
	u32 s, i;

	*t = (struct memory_totals){ .psi_some_us = m->psi_us };
	for (i = 0; i < SUPPORT_NODES; i++) {
		t->nr_pages += m->node[i].nr_pages;
		t->nr_free += m->node[i].nr_free;
	}
	for (s = 0; s < SUPPORT_SPACES; s++) {
		for (i = 0; i < SUPPORT_PAGES; i++) {
			p = &m->page[s][i];
			if (p->state != PAGE_FOLIO)
				continue;
			t->nr_active += p->active;
			t->nr_inactive += !p->active;
			t->nr_huge += p->order >= HUGE_ORDER;
		}
	}
}

const struct memory_ops support_memory_ops = {
	.folio_at = folio_at,
	.mapped_at = mapped_at,
	.clear_young = clear_young,
	.migrate = migrate,
	.pageout = pageout,
	.set_active = set_active,
	.node = node,
	.memcg_pages = memcg_pages,
	.totals = totals,
};
