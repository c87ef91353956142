// SPDX-License-Identifier: GPL-2.0
/* Moving folios between nodes, see ram.h. */
#include <linux/errno.h>

#include "ram_frame.h"

/* All of a block in order.  Return: 0; -ENOSPC. */
static int move_block(struct ram *ram, struct ram_map *map, u64 block, u32 nid)
{
	u64 old = map->entry[block];
	int err;

	err = ram_place_block(ram, map, block, nid);
	if (err)
		return err;
	map->nr_pages[ram_nid(ram, old)] -= RAM_PAGES_PER_BLOCK;
	ram_frame_give(ram, old);
	return 0;
}

/* A page of a block with a table.  Return: 0; -ENOSPC; -ENOMEM. */
static int move_page(struct ram *ram, struct ram_map *map, u64 page, u32 nid)
{
	struct ram_table *table = ram_table_of(map, page / RAM_PAGES_PER_BLOCK);
	u64 old = table->page[page % RAM_PAGES_PER_BLOCK];
	int err;

	err = ram_place_page(ram, map, page, nid, false);
	if (err)
		return err;
	table->nr--;
	table->on[ram_nid(ram, old)]--;
	map->nr_pages[ram_nid(ram, old)]--;
	ram_page_give(ram, old);
	return 0;
}

/*
 * Pages @first to @end of one block, the last ones first, adding to *@nr.
 * Return: 0; -ENOSPC; -ENOMEM.
 */
static int move_in_block(struct ram *ram, struct ram_map *map, u64 first,
			 u64 end, u32 nid, u64 *nr)
{
	u64 block = first / RAM_PAGES_PER_BLOCK, paddr;
	const struct ram_table *table;
	int err = 0;

	if (ram_block_compact(map, block)) {
		if (ram_nid(ram, map->entry[block]) == nid)
			return 0;
		if (end - first == RAM_PAGES_PER_BLOCK &&
		    !move_block(ram, map, block, nid)) {
			*nr += RAM_PAGES_PER_BLOCK;
			return 0;
		}
		/* It would be broken in vain. */
		if (map->huge || !ram->node[nid].nr_free)
			return -ENOSPC;
		err = ram_table_need(ram, map, block);
		if (err)
			return err;
	}
	table = ram_table(map->entry[block]);
	while (end > first) {
		paddr = table->page[--end % RAM_PAGES_PER_BLOCK];
		if (paddr == RAM_NOWHERE || ram_nid(ram, paddr) == nid)
			continue;
		err = move_page(ram, map, end, nid);
		if (err)
			break;
		++*nr;
	}
	/* Also after a failure: what was broken above may be whole again. */
	if (!ram_block_absent(map, block))
		ram_table_join(ram, map, block);
	return err;
}

u64 ram_migrate(struct ram *ram, struct ram_map *map, u64 vaddr, u64 nr_folios,
		s32 nid)
{
	u64 step = map->huge ? RAM_PAGES_PER_BLOCK : 1, nr = 0;
	u64 first, end, from;

	if (vaddr - map->start >= map->sz || nid < 0 || nid >= ram->nr_nodes)
		return 0;
	first = (vaddr - map->start) / ram_folio_bytes(map) * step;
	end = map->sz >> RAM_PAGE_SHIFT;
	if (nr_folios < (end - first) / step)
		end = first + nr_folios * step;
	while (end > first) {
		from = (end - 1) & ~(RAM_PAGES_PER_BLOCK - 1ull);
		from = from > first ? from : first;
		if (move_in_block(ram, map, from, end, nid, &nr))
			break;
		end = from;
	}
	return nr / step;
}
