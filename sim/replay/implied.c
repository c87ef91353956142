// SPDX-License-Identifier: GPL-2.0
/* Memory as a capture implies it, see implied.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "replay/implied.h"

#define BLOCK_BYTES (2ULL << 20)
#define BLOCK_PAGES (BLOCK_BYTES / PAGE_BYTES)

/* A page's state: its node in the low bits. */
#define PAGE_NODE 0x1f
#define PAGE_ACTIVE 0x40
#define PAGE_OUT 0x80

/* Far enough for any walk to end in one step. */
#define PAGES_FOR_EVER (1ULL << 52)

/**
 * struct implied_block - 2 MiB in which something happened.
 * @tgid:	whose
 * @addr:	where
 * @page:	state of each
 * @scheme:	of a page that is out: who took it
 * @young:	a bit for each: accessed since it was cleared
 */
struct implied_block {
	u32 tgid;
	u64 addr;
	u8 page[BLOCK_PAGES];
	u8 scheme[BLOCK_PAGES];
	u64 young[BLOCK_PAGES / 64];
};

void implied_init(struct implied *m, u32 nr_nodes, bool node_by_range,
		  u64 nr_total)
{
	*m = (struct implied){
		.nr_nodes = nr_nodes,
		.node_by_range = node_by_range,
		.nr_total = nr_total,
	};
}

void implied_fini(struct implied *m)
{
	u32 i;

	for (i = 0; i < m->nr_slots; i++)
		free(m->block[i]);
	free(m->block);
	*m = (struct implied){ 0 };
}

static u64 block_of(u64 addr)
{
	return addr & ~(BLOCK_BYTES - 1);
}

static u32 page_of(u64 addr)
{
	return addr / PAGE_BYTES % BLOCK_PAGES;
}

static const struct implied_area *find_area(const struct implied *m, u32 tgid)
{
	u32 i;

	for (i = 0; i < m->nr_areas; i++)
		if (m->area[i].tgid == tgid)
			return &m->area[i];
	return NULL;
}

/* The range that @addr lies in; or the next one; or NULL. */
static const struct range *find_range(const struct implied_area *area, u64 addr,
				      u32 *index)
{
	const struct range *range =
		area->nr_fixed ? area->fixed : area->space->range;
	u32 nr = area->nr_fixed ? area->nr_fixed : area->space->nr;
	u32 low = 0, high = nr;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (range[mid].end <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	*index = low;
	return low < nr ? &range[low] : NULL;
}

/* Where in the table the block is, or would be. */
static u32 slot_of(const struct implied *m, u32 tgid, u64 addr)
{
	u64 hash = (addr / BLOCK_BYTES + ((u64)tgid << 32)) *
		   0x9e3779b97f4a7c15ULL;
	u32 i = hash >> 32 & (m->nr_slots - 1);

	while (m->block[i] &&
	       (m->block[i]->addr != addr || m->block[i]->tgid != tgid))
		i = (i + 1) & (m->nr_slots - 1);
	return i;
}

static struct implied_block *find_block(const struct implied *m, u32 tgid,
					u64 addr)
{
	return m->nr_slots ? m->block[slot_of(m, tgid, block_of(addr))] : NULL;
}

static int grow(struct implied *m)
{
	struct implied_block **old = m->block, **fresh;
	u32 nr_old = m->nr_slots, nr = nr_old ? 2 * nr_old : 256, i;

	fresh = calloc(nr, sizeof(struct implied_block *));
	if (!fresh)
		return -ENOMEM;
	m->block = fresh;
	m->nr_slots = nr;
	for (i = 0; i < nr_old; i++)
		if (old[i])
			fresh[slot_of(m, old[i]->tgid, old[i]->addr)] = old[i];
	free(old);
	return 0;
}

/* Where a page lies that nothing has happened to. */
static u8 first_node(const struct implied *m, u64 addr, u32 range)
{
	if (m->node_by_range)
		return range < m->nr_nodes ? range : m->nr_nodes - 1;
	return addr / BLOCK_BYTES % m->nr_nodes;
}

/* The same for each page of a block, which may lie in several ranges. */
static void fill_nodes(const struct implied *m, struct implied_block *b)
{
	const struct implied_area *area = find_area(m, b->tgid);
	u64 addr = b->addr;
	u32 i, range;

	for (i = 0; i < BLOCK_PAGES; i++, addr += PAGE_BYTES) {
		find_range(area, addr, &range);
		b->page[i] = first_node(m, addr, range);
	}
}

static struct implied_block *need_block(struct implied *m, u32 tgid, u64 addr)
{
	struct implied_block *b = find_block(m, tgid, addr);

	if (b)
		return b;
	if (4 * (m->nr_blocks + 1) > 3 * m->nr_slots && grow(m)) {
		m->nr_untold++;
		return NULL;
	}
	b = calloc(1, sizeof(*b));
	if (!b) {
		m->nr_untold++;
		return NULL;
	}
	b->tgid = tgid;
	b->addr = block_of(addr);
	fill_nodes(m, b);
	m->block[slot_of(m, tgid, b->addr)] = b;
	m->nr_blocks++;
	return b;
}

static bool is_young(const struct implied_block *b, u32 page)
{
	return b->young[page / 64] >> page % 64 & 1;
}

/* How many pages from @page on are as it is, up to @max. */
static u64 alike(const struct implied_block *b, u32 page, u64 max)
{
	bool young = is_young(b, page);
	u64 nr = 1;

	while (nr < max && b->page[page + nr] == b->page[page] &&
	       is_young(b, page + nr) == young)
		nr++;
	return nr;
}

static void set_folio(struct folio *f, u64 start, u64 nr, u8 state, bool young)
{
	*f = (struct folio){
		.start = start,
		.sz = PAGE_BYTES,
		.nr = nr,
		.nid = state & PAGE_NODE,
		.anon = true,
		.active = state & PAGE_ACTIVE,
		.mapped = true,
		.young = young,
		.unknown = FOLIO_ANON | FOLIO_MEMCG | FOLIO_SZ,
	};
}

/* What is at @addr, and in which range. */
static enum mapped lookup(const struct implied *m, u32 tgid, u64 addr,
			  struct folio *f, const struct range **range)
{
	const struct implied_area *area = find_area(m, tgid);
	const struct implied_block *b;
	u64 start = addr & ~(PAGE_BYTES - 1), end;
	u32 index;

	*range = area ? find_range(area, addr, &index) : NULL;
	if (!*range || (*range)->start > addr) {
		set_folio(f, start,
			  *range ? ((*range)->start - start + PAGE_BYTES - 1) /
					   PAGE_BYTES :
				   PAGES_FOR_EVER,
			  0, false);
		return MAPPED_HOLE;
	}
	end = block_of(addr) + BLOCK_BYTES;
	/* The last block of the address space ends at 0. */
	if (end - 1 > (*range)->end - 1)
		end = (*range)->end;
	f->nr = (end - start + PAGE_BYTES - 1) / PAGE_BYTES;
	b = find_block(m, tgid, addr);
	if (!b) {
		set_folio(f, start, f->nr, first_node(m, addr, index), false);
		return MAPPED_FOLIO;
	}
	set_folio(f, start, alike(b, page_of(addr), f->nr),
		  b->page[page_of(addr)], is_young(b, page_of(addr)));
	return b->page[page_of(addr)] & PAGE_OUT ? MAPPED_ABSENT : MAPPED_FOLIO;
}

static bool implied_folio_at(void *data, u64 addr, struct folio *f)
{
	const struct range *range;

	return lookup(data, 0, addr, f, &range) == MAPPED_FOLIO;
}

static enum mapped implied_mapped_at(void *data, u32 tgid, u64 addr,
				     struct mapped_folio *f)
{
	const struct range *range;
	enum mapped what = lookup(data, tgid, addr, &f->folio, &range);

	f->vma_start = what == MAPPED_HOLE ? 0 : range->start;
	/* Anonymous memory is numbered by its address. */
	f->vma_pgoff = f->vma_start / PAGE_BYTES;
	return what;
}

/* One page after the other of a run; NULL where it cannot be remembered. */
static struct implied_block *run_page(struct implied *m, u32 tgid,
				      const struct folio *f, u64 i, u32 *page)
{
	u64 addr = f->start + i * PAGE_BYTES;

	*page = page_of(addr);
	return need_block(m, tgid, addr);
}

static void implied_clear_young(void *data, u32 tgid, const struct folio *f)
{
	struct implied_block *b;
	u32 page;
	u64 i;

	for (i = 0; i < f->nr; i++) {
		b = run_page(data, tgid, f, i, &page);
		if (b)
			b->young[page / 64] &= ~(1ULL << page % 64);
	}
}

static u64 implied_migrate(void *data, u32 tgid, const struct folio *f, s32 nid)
{
	struct implied_block *b;
	u64 i, sz = 0;
	u32 page;

	for (i = 0; i < f->nr; i++) {
		b = run_page(data, tgid, f, i, &page);
		if (!b)
			continue;
		b->page[page] = (b->page[page] & ~PAGE_NODE) | nid;
		sz += PAGE_BYTES;
	}
	return sz;
}

static u64 implied_pageout(void *data, u32 tgid, const struct folio *f)
{
	struct implied *m = data;
	struct implied_block *b;
	u64 i, sz = 0;
	u32 page;

	for (i = 0; i < f->nr; i++) {
		b = run_page(m, tgid, f, i, &page);
		if (!b)
			continue;
		b->page[page] |= PAGE_OUT;
		b->scheme[page] = m->scheme;
		b->young[page / 64] &= ~(1ULL << page % 64);
		sz += PAGE_BYTES;
	}
	return sz;
}

static void implied_set_active(void *data, u32 tgid, const struct folio *f,
			       bool active)
{
	struct implied_block *b;
	u32 page;
	u64 i;

	for (i = 0; i < f->nr; i++) {
		b = run_page(data, tgid, f, i, &page);
		if (b)
			b->page[page] = (b->page[page] & ~PAGE_ACTIVE) |
					(active ? PAGE_ACTIVE : 0);
	}
}

/* Pages of the target by node, those that are out, and the active ones. */
static void count_area(const struct implied *m, const struct implied_area *area,
		       u64 *nr, u64 *nr_out, u64 *nr_active)
{
	const struct range *range;
	struct folio f;
	enum mapped what;
	u64 addr = 0, next;

	for (;;) {
		what = lookup(m, area->tgid, addr, &f, &range);
		if (what == MAPPED_FOLIO) {
			nr[f.nid] += f.nr;
			*nr_active += f.active ? f.nr : 0;
		} else if (what == MAPPED_ABSENT) {
			*nr_out += f.nr;
		} else if (!range) {
			break;
		}
		next = f.start + f.nr * f.sz;
		if (next <= addr)
			break;
		addr = next;
	}
}

u64 implied_on_node(struct implied *m, u64 *nr)
{
	u64 nr_out = 0, nr_active = 0;
	u32 i;

	memset(nr, 0, m->nr_nodes * sizeof(*nr));
	for (i = 0; i < m->nr_areas; i++)
		count_area(m, &m->area[i], nr, &nr_out, &nr_active);
	return nr_out;
}

static void implied_totals(void *data, struct memory_totals *totals)
{
	u64 nr[IMPLIED_NODES_MAX] = { 0 }, nr_out = 0, nr_active = 0, used = 0;
	struct implied *m = data;
	u32 i;

	for (i = 0; i < m->nr_areas; i++)
		count_area(m, &m->area[i], nr, &nr_out, &nr_active);
	for (i = 0; i < m->nr_nodes; i++)
		used += nr[i];
	*totals = (struct memory_totals){
		.nr_pages = m->nr_total > used ? m->nr_total : used,
		.nr_active = nr_active,
		.nr_inactive = used - nr_active,
	};
	totals->nr_free = totals->nr_pages - used;
}

static bool implied_node(void *data, s32 nid, struct memory_node *node)
{
	u64 nr[IMPLIED_NODES_MAX], share;
	struct implied *m = data;

	if (nid < 0 || nid >= m->nr_nodes)
		return false;
	if (!node)
		return true;
	implied_on_node(m, nr);
	share = m->nr_total / m->nr_nodes;
	node->nr_pages = share > nr[nid] ? share : nr[nid];
	node->nr_free = node->nr_pages - nr[nid];
	return true;
}

/* All that is known to be there belongs to the root. */
static bool implied_memcg_pages(void *data, s32 nid, u32 memcg, u64 *nr)
{
	u64 on_node[IMPLIED_NODES_MAX];
	struct implied *m = data;

	if (memcg || nid < 0 || nid >= m->nr_nodes)
		return false;
	implied_on_node(m, on_node);
	*nr = on_node[nid];
	return true;
}

const struct memory_ops implied_ops = {
	.folio_at = implied_folio_at,
	.mapped_at = implied_mapped_at,
	.clear_young = implied_clear_young,
	.migrate = implied_migrate,
	.pageout = implied_pageout,
	.set_active = implied_set_active,
	.node = implied_node,
	.memcg_pages = implied_memcg_pages,
	.totals = implied_totals,
};

s32 implied_touch(struct implied *m, u32 tgid, u64 addr)
{
	const struct range *range;
	struct implied_block *b;
	enum mapped what;
	struct folio f;
	u32 page = page_of(addr);

	what = lookup(m, tgid, addr, &f, &range);
	if (what == MAPPED_HOLE)
		return -1;
	m->nr_samples[f.nid]++;
	b = need_block(m, tgid, addr);
	if (!b)
		return f.nid;
	if (what == MAPPED_ABSENT) {
		m->nr_refaults[b->scheme[page]]++;
		b->page[page] &= ~PAGE_OUT;
	}
	b->young[page / 64] |= 1ULL << page % 64;
	return f.nid;
}
