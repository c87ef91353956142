// SPDX-License-Identifier: GPL-2.0
/* A machine's memory as schemes act upon it, see ram_ops.h. */
#include "run/ram_ops.h"
#include "run/ram_told.h"

#define PS_PER_S 1000000000000ull

void ram_ops_init(struct ram_ops *m, struct ram *ram)
{
	*m = (struct ram_ops){
		.ram = ram,
		.knobs = {
			.walk_ps = 40000,
			.migrate_ps = 3000000,
			.migrate_bytes_per_s = 4000000000ull,
			.pageout_ps = 3000000,
		},
	};
}

static void set_mark(struct ram_map *map, u32 which, u64 vaddr, bool value)
{
	u64 *mark = map->mark[which], i = ram_folio_nr(map, vaddr);

	if (!mark)
		return;
	if (value)
		mark[i / 64] |= 1ull << i % 64;
	else
		mark[i / 64] &= ~(1ull << i % 64);
}

/* The run's @i-th folio: whose it is, and where; NULL: not there any more. */
static struct ram_map *folio_of(const struct ram_ops *m, u32 tgid,
				const struct folio *f, u64 i, u64 *vaddr)
{
	u64 addr = f->start + i * f->sz;
	struct ram_map *map;

	if (!tgid)
		return ram_owner(m->ram, addr, &map, vaddr) ? map : NULL;
	*vaddr = addr;
	map = ram_find(m->ram, tgid, addr);
	return map && ram_translate(map, addr) != RAM_NOWHERE ? map : NULL;
}

static void ram_clear_young(void *data, u32 tgid, const struct folio *f)
{
	struct ram_ops *m = data;
	struct ram_map *map;
	u64 i, vaddr;

	for (i = 0; m->clear_young && i < f->nr; i++) {
		map = folio_of(m, tgid, f, i, &vaddr);
		if (map)
			m->clear_young(m->arg, map, vaddr);
	}
}

static bool is_full(const struct ram_node *node, u64 folio_bytes)
{
	return folio_bytes > RAM_PAGE_BYTES ? !node->nr_free_blocks :
					      !node->nr_free;
}

/* Physical ones: as many at once as are one behind the other in a map too. */
static u64 migrate_frames(struct ram_ops *m, const struct folio *f, s32 nid)
{
	u64 end = f->start + f->nr * f->sz, start, nr, moved = 0, vaddr;
	struct ram_map *map;

	while (end > f->start && !is_full(&m->ram->node[nid], f->sz)) {
		start = (end - 1) & ~(RAM_BLOCK_BYTES - 1);
		start = start > f->start ? start : f->start;
		nr = ram_run(m->ram, start, (end - start) / RAM_PAGE_BYTES,
			     &map, &vaddr);
		if (start + nr * RAM_PAGE_BYTES < end) {
			start = end - f->sz;
			nr = ram_run(m->ram, start, f->sz / RAM_PAGE_BYTES,
				     &map, &vaddr);
		}
		if (map)
			moved += ram_migrate(m->ram, map, vaddr,
					     nr * RAM_PAGE_BYTES / f->sz, nid);
		end = start;
	}
	return moved;
}

static u64 ram_migrate_run(void *data, u32 tgid, const struct folio *f, s32 nid)
{
	struct ram_ops *m = data;
	struct ram_map *map;
	u64 nr = 0, sz;

	if (nid < 0 || nid >= m->ram->nr_nodes)
		return 0;
	/* A kernel leaves them alone. */
	if (f->nid == nid)
		return f->nr * f->sz;
	if (!tgid) {
		nr = migrate_frames(m, f, nid);
	} else {
		map = ram_find(m->ram, tgid, f->start);
		if (map)
			nr = ram_migrate(m->ram, map, f->start, f->nr, nid);
	}
	sz = nr * f->sz;
	m->nr_migrated += nr;
	m->sz_migrated += sz;
	m->cost_ps += nr * m->knobs.migrate_ps +
		      (u64)((unsigned __int128)sz * PS_PER_S /
			    m->knobs.migrate_bytes_per_s);
	return sz;
}

static u64 ram_pageout(void *data, u32 tgid, const struct folio *f)
{
	struct ram_ops *m = data;
	struct ram_map *map;
	u64 i, nr = 0, vaddr;

	for (i = 0; i < f->nr; i++) {
		map = folio_of(m, tgid, f, i, &vaddr);
		if (!map)
			continue;
		if (ram_map_mark(map, RAM_OUT) ||
		    !ram_unmap(m->ram, map, vaddr, 1)) {
			m->nr_untold++;
			continue;
		}
		set_mark(map, RAM_OUT, vaddr, true);
		set_mark(map, RAM_ACTIVE, vaddr, false);
		nr++;
	}
	m->nr_paged_out += nr;
	m->cost_ps += nr * m->knobs.pageout_ps;
	return nr * f->sz;
}

static void ram_set_active(void *data, u32 tgid, const struct folio *f,
			   bool active)
{
	struct ram_ops *m = data;
	struct ram_map *map;
	u64 i, vaddr;

	for (i = 0; i < f->nr; i++) {
		map = folio_of(m, tgid, f, i, &vaddr);
		if (!map)
			continue;
		if (active && ram_map_mark(map, RAM_ACTIVE))
			m->nr_untold++;
		else
			set_mark(map, RAM_ACTIVE, vaddr, active);
	}
}

static bool ram_node_pages(void *data, s32 nid, struct memory_node *node)
{
	const struct ram_ops *m = data;

	if (nid < 0 || nid >= m->ram->nr_nodes || !m->ram->node[nid].sz)
		return false;
	if (node)
		*node = (struct memory_node){
			.nr_pages = m->ram->node[nid].sz / PAGE_BYTES,
			.nr_free = m->ram->node[nid].nr_free,
		};
	return true;
}

static bool ram_memcg_pages(void *data, s32 nid, u32 memcg, u64 *nr)
{
	const struct ram_ops *m = data;
	const struct ram_map *map;
	bool found = !memcg;
	u32 i;

	*nr = 0;
	if (nid < 0 || nid >= m->ram->nr_nodes)
		return false;
	for (i = 0; i < m->ram->nr_maps; i++) {
		map = m->ram->map[i];
		if (!map || map->memcg != memcg)
			continue;
		found = true;
		*nr += map->nr_pages[nid];
	}
	return found;
}

static u64 nr_active(const struct ram_map *map)
{
	u64 words = (map->sz / ram_folio_bytes(map) + 63) / 64, nr = 0, i;

	for (i = 0; map->mark[RAM_ACTIVE] && i < words; i++)
		nr += __builtin_popcountll(map->mark[RAM_ACTIVE][i]);
	return nr * (ram_folio_bytes(map) / PAGE_BYTES);
}

/* There is always memory: nobody waits for it. */
static void ram_totals(void *data, struct memory_totals *t)
{
	const struct ram_ops *m = data;
	const struct ram_map *map;
	u64 nr;
	u32 i, n;

	*t = (struct memory_totals){ 0 };
	for (n = 0; n < m->ram->nr_nodes; n++) {
		t->nr_pages += m->ram->node[n].sz / PAGE_BYTES;
		t->nr_free += m->ram->node[n].nr_free;
	}
	for (i = 0; i < m->ram->nr_maps; i++) {
		map = m->ram->map[i];
		if (!map)
			continue;
		nr = 0;
		for (n = 0; n < m->ram->nr_nodes; n++)
			nr += map->nr_pages[n];
		t->nr_huge += map->huge ? nr : 0;
		t->nr_active += nr_active(map);
	}
	t->nr_inactive = t->nr_pages - t->nr_free - t->nr_active;
}

const struct memory_ops ram_memory_ops = {
	.folio_at = ram_folio_at,
	.mapped_at = ram_mapped_at,
	.clear_young = ram_clear_young,
	.migrate = ram_migrate_run,
	.pageout = ram_pageout,
	.set_active = ram_set_active,
	.node = ram_node_pages,
	.memcg_pages = ram_memcg_pages,
	.totals = ram_totals,
};

int ram_ops_touch(struct ram_ops *m, struct ram_map *map, u64 vaddr)
{
	int err;

	if (ram_translate(map, vaddr) != RAM_NOWHERE)
		return 0;
	err = ram_fault(m->ram, map, vaddr);
	if (err)
		return err;
	m->nr_refaults += ram_marked(map, RAM_OUT, vaddr);
	set_mark(map, RAM_OUT, vaddr, false);
	return 0;
}
