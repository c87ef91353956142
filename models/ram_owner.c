// SPDX-License-Identifier: GPL-2.0
/*
 * The way back, from a frame to who holds it, see ram.h.
 *
 * Not here: what keeps it true (ram_map.c, ram_migrate.c).
 */
#include "ram_frame.h"

/* Owner of a page, 0 for nobody; of a frame that is memory. */
static u64 owner_at(const struct ram_frame *frame, u32 i)
{
	if (!(frame->owner & 1))
		return frame->owner ? frame->owner + i : 0;
	return ram_pages(frame)->owner[i];
}

static void tell(const struct ram *ram, u64 owner, struct ram_map **map,
		 u64 *vaddr)
{
	u64 page = owner & ((1ull << RAM_OWNER_SHIFT) - 1);

	*map = ram->map[(owner >> RAM_OWNER_SHIFT) - 1];
	*vaddr = (*map)->start + (page << RAM_PAGE_SHIFT);
}

bool ram_owner(const struct ram *ram, u64 paddr, struct ram_map **map,
	       u64 *vaddr)
{
	u64 owner;

	if (ram_nid(ram, paddr) == RAM_NODES_MAX)
		return false;
	owner = owner_at(ram_frame_at(ram, paddr), ram_page_of(paddr));
	if (!owner)
		return false;
	tell(ram, owner, map, vaddr);
	*vaddr += paddr & (RAM_PAGE_BYTES - 1);
	return true;
}

/* Pages up to where a node begins. */
static u64 until_memory(const struct ram *ram, u64 paddr, u64 max)
{
	u64 nr;
	u32 i;

	for (i = 0; i < ram->nr_nodes; i++) {
		nr = (ram->node[i].start - paddr + RAM_PAGE_BYTES - 1) >>
		     RAM_PAGE_SHIFT;
		if (ram->node[i].sz && ram->node[i].start > paddr && nr < max)
			max = nr;
	}
	return max;
}

/* Free pages from here on: the rest of the frame, and frames behind it. */
static u64 free_from(const struct ram_frame *frame, u32 i, u64 max)
{
	u64 nr = 0;

	while (nr < max && !owner_at(frame, i)) {
		if (!frame->owner) {
			nr += RAM_PAGES_PER_BLOCK - i;
			i = RAM_PAGES_PER_BLOCK;
		} else {
			nr++;
			i++;
		}
		if (i == RAM_PAGES_PER_BLOCK) {
			frame++;
			i = 0;
		}
	}
	return nr < max ? nr : max;
}

u64 ram_run(const struct ram *ram, u64 paddr, u64 max, struct ram_map **map,
	    u64 *vaddr)
{
	const struct ram_frame *frame;
	u32 nid = ram_nid(ram, paddr), i = ram_page_of(paddr);
	u64 left, owner;

	*map = NULL;
	if (nid == RAM_NODES_MAX)
		return until_memory(ram, paddr, max);
	left = (ram->node[nid].start + ram->node[nid].sz - paddr +
		RAM_PAGE_BYTES - 1) >>
	       RAM_PAGE_SHIFT;
	max = max < left ? max : left;
	frame = ram_frame_at(ram, paddr);
	owner = owner_at(frame, i);
	if (!owner)
		return free_from(frame, i, max);
	tell(ram, owner, map, vaddr);
	if (frame->owner & 1)
		return 1;
	left = RAM_PAGES_PER_BLOCK - i;
	return max < left ? max : left;
}

u64 ram_held(const struct ram *ram, u64 paddr, u64 max,
	     const struct ram_map *map)
{
	const struct ram_frame *frame = ram_frame_at(ram, paddr);
	u32 i = ram_page_of(paddr), first = i;
	const u64 *owner;

	if (max > RAM_PAGES_PER_BLOCK - i)
		max = RAM_PAGES_PER_BLOCK - i;
	if (!(frame->owner & 1))
		return max;
	owner = ram_pages(frame)->owner;
	while (i - first < max && owner[i] >> RAM_OWNER_SHIFT == map->index + 1)
		i++;
	return i - first;
}

u64 ram_footprint(const struct ram *ram)
{
	u64 sz = ram->nr_maps * sizeof(struct ram_map *), b, nr;
	const struct ram_map *map;
	u32 i;

	for (i = 0; i < ram->nr_nodes; i++) {
		nr = ram->node[i].sz >> RAM_BLOCK_SHIFT;
		sz += nr * sizeof(struct ram_frame) + nr / 4;
		for (b = 0; b < nr; b++)
			if (ram->node[i].frame[b].owner & 1)
				sz += sizeof(struct ram_pages);
	}
	for (i = 0; i < ram->nr_maps; i++) {
		map = ram->map[i];
		if (!map)
			continue;
		sz += sizeof(*map) + map->nr_blocks * sizeof(u64);
		for (b = 0; b < RAM_MARKS; b++)
			if (map->mark[b])
				sz += map->sz / ram_folio_bytes(map) / 8;
		for (b = 0; b < map->nr_blocks; b++)
			if (!ram_block_compact(map, b) &&
			    !ram_block_absent(map, b))
				sz += sizeof(struct ram_table);
	}
	return sz;
}

u64 ram_held_frames(const struct ram *ram, u64 paddr, u64 max,
		    const struct ram_map *map)
{
	u64 start = paddr & ~(RAM_BLOCK_BYTES - 1), nr = 0, left;
	const struct ram_frame *frame = ram_frame_at(ram, start);
	u32 nid = ram_nid(ram, start);

	left = (ram->node[nid].start + ram->node[nid].sz - start) >>
	       RAM_BLOCK_SHIFT;
	max = max < left ? max : left;
	while (nr < max && !(frame[nr].owner & 1) &&
	       frame[nr].owner >> RAM_OWNER_SHIFT == map->index + 1)
		nr++;
	return nr;
}
