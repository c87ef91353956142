// SPDX-License-Identifier: GPL-2.0
/* What is where, see ram_told.h. */
#include "damon/context.h"
#include "run/ram_told.h"

/* How far a run goes if nobody knows where the walk ends. */
#define RUN_BYTES_MAX (1ull << 30)

static u64 min_u64(u64 a, u64 b)
{
	return a < b ? a : b;
}

/* Where the region ends that @addr lies in, or 0. */
static u64 region_end(const struct regions *v, u64 addr)
{
	u32 low = 0, high = v->nr;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (v->at[mid].end <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low < v->nr && v->at[low].start <= addr ? v->at[low].end : 0;
}

/* Where the walk that is at @addr ends at the latest. */
static u64 walk_end(const struct ram_ops *m, u32 tgid, u64 addr)
{
	const struct context *ctx = m->ctx;
	u64 unit, end;
	u32 i;

	for (i = 0; ctx && i < ctx->nr_targets; i++) {
		if (tgid && ctx->targets[i].tgid != tgid)
			continue;
		unit = tgid ? 1 : ctx->addr_unit;
		end = region_end(&ctx->targets[i].regions, addr / unit) * unit;
		if (end > addr)
			return end;
	}
	end = addr + RUN_BYTES_MAX;
	return end > addr ? end : ~0ull;
}

/* Does any scheme want to know? */
static bool wants_young(const struct ram_ops *m)
{
	const struct context *ctx = m->ctx;
	u32 i, j;

	if (!m->young || !ctx)
		return m->young;
	for (i = 0; i < ctx->probes.nr; i++)
		for (j = 0; j < ctx->probes.at[i].nr_filters; j++)
			if (ctx->probes.at[i].filter[j].type ==
			    PROBE_FILTER_PGIDLE_UNSET)
				return true;
	for (i = 0; i < ctx->nr_schemes; i++) {
		const struct scheme *s = &ctx->schemes[i];

		if (s->action == SCHEME_PAGEOUT && ctx->ops_id == OPS_PADDR)
			return true;
		for (j = 0; j < s->ops_filters.nr; j++)
			if (s->ops_filters.at[j].type == FILTER_YOUNG)
				return true;
	}
	return false;
}

/* Once for each folio: the answer may be luck. */
static bool is_young(struct ram_ops *m, struct ram_map *map, u64 vaddr)
{
	if (m->asked_map == map && m->asked_vaddr == vaddr) {
		m->asked_map = NULL;
		return m->asked_young;
	}
	return m->young(m->arg, map, vaddr);
}

/* Visits of a walk from @start to @end of what was told. */
static u64 nr_visits(const struct ram_ops *m, const struct ram_told *told,
		     u64 end)
{
	u64 nr = (end - told->start + told->sz - 1) / told->sz;
	u64 first, last;

	if (!m->knobs.pageblock_skip || told->tgid)
		return nr;
	/* Blocks that it comes to. */
	first = (told->start + RAM_BLOCK_BYTES - 1) >> RAM_BLOCK_SHIFT;
	last = (end + RAM_BLOCK_BYTES - 1) >> RAM_BLOCK_SHIFT;
	nr += last > first ? last - first : 0;
	/* Whole ones. */
	last = end >> RAM_BLOCK_SHIFT;
	if (told->hole && last > first)
		nr -= (last - first) * RAM_PAGES_PER_BLOCK;
	return nr;
}

/* The walk comes to @addr: it has not been beyond of what was told. */
static void take_back(struct ram_ops *m, u32 tgid, u64 addr)
{
	struct ram_told *told = &m->told;
	u64 nr;

	if (told->tgid == tgid && addr > told->start && addr < told->end) {
		nr = nr_visits(m, told, told->end) - nr_visits(m, told, addr);
		m->nr_walked -= min_u64(nr, m->nr_walked);
		m->cost_ps -= min_u64(nr * m->knobs.walk_ps, m->cost_ps);
	}
	told->end = 0;
}

static void charge(struct ram_ops *m, u32 tgid, u64 addr, u64 end, u64 sz,
		   bool hole)
{
	u64 nr;

	m->told = (struct ram_told){ tgid, addr, end, sz, hole };
	nr = nr_visits(m, &m->told, end);
	m->nr_walked += nr;
	m->cost_ps += nr * m->knobs.walk_ps;
}

static void set_hole(struct folio *f, u64 addr, u64 nr)
{
	*f = (struct folio){ .start = addr, .sz = PAGE_BYTES, .nr = nr };
}

/**
 * struct look - what all of a run is like.
 * @m:		memory
 * @asks:	accesses are of interest
 * @f:		first folio
 */
struct look {
	struct ram_ops *m;
	bool asks;
	struct folio *f;
};

static void look_begin(struct look *l, struct ram_map *map, u64 vaddr, s32 nid,
		       u64 start)
{
	*l->f = (struct folio){
		.start = start,
		.sz = ram_folio_bytes(map),
		.nr = 0,
		.nid = nid,
		.memcg = map->memcg,
		.anon = true,
		.active = ram_marked(map, RAM_ACTIVE, vaddr),
		.mapped = true,
		.young = l->asks && is_young(l->m, map, vaddr),
	};
	l->m->asked_map = NULL;
}

/*
 * How many of @nr folios of a map from @vaddr on are like the first one of the
 * run; it is one of them if @known.
 */
static u64 look_alike(struct look *l, struct ram_map *map, u64 vaddr, u64 nr,
		      bool known)
{
	struct ram_ops *m = l->m;
	u64 i, sz = ram_folio_bytes(map);
	bool young;

	if (l->f->sz != sz || l->f->memcg != map->memcg)
		return 0;
	if (!l->asks && !map->mark[RAM_ACTIVE])
		return l->f->active ? 0 : nr;
	for (i = known; i < nr; i++) {
		if (ram_marked(map, RAM_ACTIVE, vaddr + i * sz) != l->f->active)
			break;
		if (!l->asks)
			continue;
		young = m->young(m->arg, map, vaddr + i * sz);
		if (young == l->f->young)
			continue;
		m->asked_map = map;
		m->asked_vaddr = vaddr + i * sz;
		m->asked_young = young;
		break;
	}
	return i;
}

/*
 * Who has the folio at a physical address, and where; for how many folios, or
 * pages of a hole, that holds.
 * Where nothing is known of single pages, their order does not matter.
 */
static u64 next_pages(const struct look *l, u64 addr, u64 end,
		      struct ram_map **map, u64 *vaddr)
{
	const struct ram *ram = l->m->ram;
	u64 max = (end - addr + PAGE_BYTES - 1) / PAGE_BYTES;
	u64 nr = ram_run(ram, addr, max, map, vaddr);

	if (!*map)
		return nr;
	if (l->asks || (*map)->mark[RAM_ACTIVE])
		return (*map)->huge ? 1 : nr;
	if (!(*map)->huge)
		return ram_held(ram, addr, max, *map);
	max = (end - 1) / RAM_BLOCK_BYTES - addr / RAM_BLOCK_BYTES + 1;
	return ram_held_frames(ram, addr, max, *map);
}

bool ram_folio_at(void *data, u64 addr, struct folio *f)
{
	struct ram_ops *m = data;
	struct look l = { m, wants_young(m), f };
	u64 page = addr & ~(PAGE_BYTES - 1), end, at, vaddr, nr, like, step;
	struct ram_map *map;
	u32 nid = ram_nid(m->ram, addr);

	take_back(m, 0, addr);
	end = walk_end(m, 0, addr);
	nr = next_pages(&l, page, end, &map, &vaddr);
	if (!map) {
		set_hole(f, page, nr);
		charge(m, 0, page, page + nr * PAGE_BYTES, PAGE_BYTES, true);
		return false;
	}
	step = ram_folio_bytes(map) / PAGE_BYTES;
	/* A huge folio is a frame: its head is where both begin. */
	at = page & ~(step * PAGE_BYTES - 1);
	vaddr &= ~(step * PAGE_BYTES - 1);
	look_begin(&l, map, vaddr, nid, at);
	for (;;) {
		like = look_alike(&l, map, vaddr, nr, !f->nr);
		f->nr += like;
		at += like * f->sz;
		if (like < nr || at >= end || ram_nid(m->ram, at) != nid)
			break;
		nr = next_pages(&l, at, end, &map, &vaddr);
		if (!map)
			break;
	}
	/* A walk that meets it in its middle goes on in the middle. */
	charge(m, 0, addr, min_u64(addr + f->nr * f->sz, end), f->sz, false);
	return true;
}

/* Pages from @addr on to what @tgid has mapped. */
static u64 until_mapped(const struct ram_ops *m, u32 tgid, u64 addr, u64 end)
{
	const struct ram_map *map;
	u32 i;

	for (i = 0; i < m->ram->nr_maps; i++) {
		map = m->ram->map[i];
		if (map && map->tgid == tgid && map->start > addr)
			end = min_u64(end, map->start);
	}
	return (end - addr + PAGE_BYTES - 1) / PAGE_BYTES;
}

/*
 * How many folios from @vaddr on are on node @nid, or nowhere if that is
 * RAM_NODES_MAX: all in its block or, in one that is scattered, as many as are.
 */
static u64 on_node(const struct ram_ops *m, const struct ram_map *map,
		   u64 vaddr, u64 end, u32 nid)
{
	u64 entry = map->entry[(vaddr - map->start) >> RAM_BLOCK_SHIFT];
	u64 sz = ram_folio_bytes(map), nr = 0;

	end = min_u64(end, (vaddr | (RAM_BLOCK_BYTES - 1)) + 1);
	if (!(entry & 1))
		return ram_nid(m->ram, entry) == nid ?
			       (end - vaddr + sz - 1) / sz :
			       0;
	if (ram_table(entry) == &ram_absent)
		return nid == RAM_NODES_MAX ? (end - vaddr + sz - 1) / sz : 0;
	while (vaddr < end && ram_map_nid(m->ram, map, vaddr) == nid) {
		vaddr += sz;
		nr++;
	}
	return nr;
}

/* Folios that are mapped and not there: how many of them. */
static u64 absent(const struct ram_ops *m, const struct ram_map *map, u64 at,
		  u64 end)
{
	u64 nr, all = 0, sz = ram_folio_bytes(map);

	while (at < end) {
		nr = on_node(m, map, at, end, RAM_NODES_MAX);
		all += nr;
		at += nr * sz;
		if (!nr || at % RAM_BLOCK_BYTES)
			break;
	}
	return all;
}

enum mapped ram_mapped_at(void *data, u32 tgid, u64 addr,
			  struct mapped_folio *mf)
{
	struct ram_ops *m = data;
	struct look l = { m, wants_young(m), &mf->folio };
	struct ram_map *map = ram_find(m->ram, tgid, addr);
	u64 page = addr & ~(PAGE_BYTES - 1), end, at, nr, like, sz;
	u32 nid;

	take_back(m, tgid, addr);
	*mf = (struct mapped_folio){ 0 };
	end = walk_end(m, tgid, addr);
	if (!map) {
		nr = until_mapped(m, tgid, page, end);
		set_hole(&mf->folio, page, nr);
		/* Found in one step. */
		charge(m, tgid, page, page + nr * PAGE_BYTES, nr * PAGE_BYTES,
		       true);
		return MAPPED_HOLE;
	}
	mf->vma_start = map->start;
	/* Anonymous memory is numbered by its address. */
	mf->vma_pgoff = map->start / PAGE_BYTES;
	end = min_u64(end, map->start + map->sz);
	sz = ram_folio_bytes(map);
	at = addr & ~(sz - 1);
	nid = ram_map_nid(m->ram, map, addr);
	if (nid == RAM_NODES_MAX) {
		nr = absent(m, map, at, end) * sz / PAGE_BYTES;
		nr -= (page - at) / PAGE_BYTES;
		set_hole(&mf->folio, page, nr);
		charge(m, tgid, page, page + nr * PAGE_BYTES, sz, true);
		return MAPPED_ABSENT;
	}
	look_begin(&l, map, at, nid, at);
	do {
		nr = on_node(m, map, at, end, nid);
		like = look_alike(&l, map, at, nr, !mf->folio.nr);
		mf->folio.nr += like;
		at += like * sz;
	} while (nr && like == nr && at < end && !(at % RAM_BLOCK_BYTES));
	charge(m, tgid, addr, min_u64(addr + mf->folio.nr * sz, end), sz,
	       false);
	return MAPPED_FOLIO;
}
