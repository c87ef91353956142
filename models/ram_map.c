// SPDX-License-Identifier: GPL-2.0
/*
 * Page tables: what is where, see ram.h.
 *
 * Here alone a block becomes a table and a table a block; forward and back
 * always change together.
 *
 * Not here: who gets what at first (ram_lay.c), moving (ram_migrate.c).
 */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>

#include "ram_frame.h"

const struct ram_table ram_absent = {
	.page = { [0 ... RAM_PAGES_PER_BLOCK - 1] = RAM_NOWHERE },
};

static u64 entry_of(const struct ram_table *table)
{
	return (unsigned long)table + 1ull;
}

/* Physical addresses that nothing is or-ed into. */
#define PADDR_MAX (1ull << 52)

static bool spec_ok(const struct ram_node_spec *spec, u32 nr)
{
	u32 i, j;

	if (!nr || nr > RAM_NODES_MAX)
		return false;
	for (i = 0; i < nr; i++) {
		if ((spec[i].start | spec[i].sz) & (RAM_BLOCK_BYTES - 1) ||
		    spec[i].start > PADDR_MAX ||
		    spec[i].sz > PADDR_MAX - spec[i].start)
			return false;
		for (j = 0; j < i; j++)
			if (spec[i].sz && spec[j].sz &&
			    spec[i].start < spec[j].start + spec[j].sz &&
			    spec[j].start < spec[i].start + spec[i].sz)
				return false;
	}
	return true;
}

int ram_init(struct ram *ram, const struct ram_node_spec *spec, u32 nr)
{
	u32 i;
	int err;

	*ram = (struct ram){ 0 };
	if (!spec_ok(spec, nr))
		return -EINVAL;
	for (i = 0; i < nr; i++) {
		ram->node[i].start = spec[i].start;
		ram->node[i].sz = spec[i].sz;
		err = ram_frames_init(&ram->node[i]);
		if (err)
			goto undo;
		ram->nr_nodes++;
	}
	return 0;
undo:
	ram_fini(ram);
	return err;
}

/* Of the whole memory, or of a map whose frames were given back. */
static void free_map(struct ram_map *map)
{
	u64 b;
	u32 i;

	for (b = 0; b < map->nr_blocks; b++)
		if (!ram_block_compact(map, b))
			ram_table_drop(map, b);
	for (i = 0; i < RAM_MARKS; i++)
		free(map->mark[i]);
	free(map->entry);
	free(map);
}

void ram_fini(struct ram *ram)
{
	u32 i;

	for (i = 0; i < ram->nr_maps; i++)
		if (ram->map[i])
			free_map(ram->map[i]);
	free(ram->map);
	for (i = 0; i < ram->nr_nodes; i++)
		ram_frames_fini(&ram->node[i]);
	*ram = (struct ram){ 0 };
}

/* Where a new map stands, which is there then. */
static int find_index(struct ram *ram, u32 *index)
{
	struct ram_map **grown;
	u32 i;

	for (i = 0; i < ram->nr_maps && ram->map[i]; i++)
		;
	*index = i;
	if (i < ram->nr_maps)
		return 0;
	/* An owner has 16 bits for it. */
	if (i >= 0xffff)
		return -ENOMEM;
	grown = realloc(ram->map, (i + 1) * sizeof(struct ram_map *));
	if (!grown)
		return -ENOMEM;
	ram->map = grown;
	ram->map[ram->nr_maps++] = NULL;
	return 0;
}

static int check_area(const struct ram *ram, u32 tgid, u64 start, u64 sz)
{
	const struct ram_map *map;
	u32 i;

	if (!sz || (start | sz) & (RAM_BLOCK_BYTES - 1) || start + sz < start ||
	    sz >> RAM_PAGE_SHIFT >> RAM_OWNER_SHIFT)
		return -EINVAL;
	for (i = 0; i < ram->nr_maps; i++) {
		map = ram->map[i];
		if (map && map->tgid == tgid && map->start < start + sz &&
		    start < map->start + map->sz)
			return -EEXIST;
	}
	return 0;
}

int ram_map_add(struct ram *ram, u32 tgid, u64 start, u64 sz, bool huge,
		const struct ram_policy *policy, struct ram_map **out)
{
	struct ram_map *map;
	u64 b;
	int err;

	err = check_area(ram, tgid, start, sz);
	if (err)
		return err;
	map = calloc(1, sizeof(*map));
	if (!map)
		return -ENOMEM;
	map->tgid = tgid;
	map->start = start;
	map->sz = sz;
	map->huge = huge;
	map->policy = *policy;
	err = ram_lay_init(ram, map);
	if (err)
		goto free_map;
	err = find_index(ram, &map->index);
	if (err)
		goto free_map;
	err = -ENOMEM;
	map->entry = malloc((sz >> RAM_BLOCK_SHIFT) * sizeof(*map->entry));
	if (!map->entry)
		goto free_map;
	map->nr_blocks = sz >> RAM_BLOCK_SHIFT;
	for (b = 0; b < map->nr_blocks; b++)
		map->entry[b] = entry_of(&ram_absent);
	ram->map[map->index] = map;
	if (!policy->lazy) {
		err = ram_lay(ram, map);
		if (err) {
			ram_map_del(ram, map);
			return err;
		}
	}
	*out = map;
	return 0;
free_map:
	free(map);
	return err;
}

static void give_block(struct ram *ram, struct ram_map *map, u64 block)
{
	u64 paddr = map->entry[block];

	map->nr_pages[ram_nid(ram, paddr)] -= RAM_PAGES_PER_BLOCK;
	ram_frame_give(ram, paddr);
	map->entry[block] = entry_of(&ram_absent);
}

/* The block has a table, and the page is there. */
static void give_page(struct ram *ram, struct ram_map *map, u64 page)
{
	struct ram_table *table = ram_table_of(map, page / RAM_PAGES_PER_BLOCK);
	u64 *paddr = &table->page[page % RAM_PAGES_PER_BLOCK];

	map->nr_pages[ram_nid(ram, *paddr)]--;
	table->on[ram_nid(ram, *paddr)]--;
	ram_page_give(ram, *paddr);
	*paddr = RAM_NOWHERE;
	if (!--table->nr)
		ram_table_drop(map, page / RAM_PAGES_PER_BLOCK);
}

void ram_map_del(struct ram *ram, struct ram_map *map)
{
	u64 b, i;

	for (b = 0; b < map->nr_blocks; b++) {
		if (ram_block_compact(map, b)) {
			give_block(ram, map, b);
			continue;
		}
		for (i = 0; i < RAM_PAGES_PER_BLOCK; i++)
			if (ram_table(map->entry[b])->page[i] != RAM_NOWHERE)
				give_page(ram, map,
					  b * RAM_PAGES_PER_BLOCK + i);
	}
	ram->map[map->index] = NULL;
	free_map(map);
}

int ram_map_mark(struct ram_map *map, u32 which)
{
	u64 nr = map->sz / ram_folio_bytes(map);

	if (!map->mark[which])
		map->mark[which] = calloc((nr + 63) / 64, sizeof(u64));
	return map->mark[which] ? 0 : -ENOMEM;
}

struct ram_map *ram_find(const struct ram *ram, u32 tgid, u64 vaddr)
{
	u32 i;

	for (i = 0; i < ram->nr_maps; i++)
		if (ram->map[i] && ram->map[i]->tgid == tgid &&
		    vaddr - ram->map[i]->start < ram->map[i]->sz)
			return ram->map[i];
	return NULL;
}

/* The block has a table from now on.  Return: 0; -ENOMEM. */
int ram_table_need(struct ram *ram, struct ram_map *map, u64 block)
{
	u64 paddr = map->entry[block];
	struct ram_table *table;
	u32 i;

	if (!ram_block_compact(map, block) && !ram_block_absent(map, block))
		return 0;
	table = malloc(sizeof(*table));
	if (!table)
		return -ENOMEM;
	*table = ram_absent;
	if (ram_block_compact(map, block)) {
		if (ram_frame_break(ram, paddr)) {
			free(table);
			return -ENOMEM;
		}
		for (i = 0; i < RAM_PAGES_PER_BLOCK; i++)
			table->page[i] = paddr + ((u64)i << RAM_PAGE_SHIFT);
		table->nr = RAM_PAGES_PER_BLOCK;
		table->on[ram_nid(ram, paddr)] = RAM_PAGES_PER_BLOCK;
	}
	map->entry[block] = entry_of(table);
	return 0;
}

void ram_table_drop(struct ram_map *map, u64 block)
{
	if (!ram_block_absent(map, block))
		free(ram_table_of(map, block));
	map->entry[block] = entry_of(&ram_absent);
}

/* If it is in order it needs no table. */
void ram_table_join(struct ram *ram, struct ram_map *map, u64 block)
{
	const struct ram_table *table = ram_table_of(map, block);
	u64 paddr = table->page[0];
	u32 i;

	if (table->nr < RAM_PAGES_PER_BLOCK || paddr & (RAM_BLOCK_BYTES - 1))
		return;
	/* From the end, which is where what goes on in order is not yet. */
	for (i = RAM_PAGES_PER_BLOCK - 1; i; i--)
		if (table->page[i] != paddr + ((u64)i << RAM_PAGE_SHIFT))
			return;
	ram_frame_join(ram, paddr,
		       ram_owner_of(map, block * RAM_PAGES_PER_BLOCK));
	ram_table_drop(map, block);
	map->entry[block] = paddr;
}

/* A block of which nothing is there gets a frame.  Return: 0; -ENOSPC. */
int ram_place_block(struct ram *ram, struct ram_map *map, u64 block, u32 nid)
{
	u64 owner = ram_owner_of(map, block * RAM_PAGES_PER_BLOCK), paddr;

	if (ram_frame_take(ram, nid, owner, &paddr))
		return -ENOSPC;
	map->entry[block] = paddr;
	map->nr_pages[nid] += RAM_PAGES_PER_BLOCK;
	return 0;
}

/*
 * A page that is nowhere, in a block with a table, gets one.  A block that is
 * in order then still has it, see ram_table_join().  Return: as
 * ram_page_take().
 */
int ram_place_page(struct ram *ram, struct ram_map *map, u64 page, u32 nid,
		   bool packed)
{
	struct ram_table *table = ram_table_of(map, page / RAM_PAGES_PER_BLOCK);
	u32 index = page % RAM_PAGES_PER_BLOCK;
	int err;

	err = ram_page_take(ram, nid, packed ? NULL : &table->home[nid], index,
			    ram_owner_of(map, page), &table->page[index]);
	if (err)
		return err;
	table->nr++;
	table->on[nid]++;
	map->nr_pages[nid]++;
	return 0;
}

u64 ram_unmap(struct ram *ram, struct ram_map *map, u64 vaddr, u64 nr_folios)
{
	u64 step = map->huge ? RAM_PAGES_PER_BLOCK : 1, nr = 0, page, end, b;

	if (vaddr - map->start >= map->sz)
		return 0;
	page = (vaddr - map->start) / ram_folio_bytes(map) * step;
	end = map->sz >> RAM_PAGE_SHIFT;
	if (nr_folios < (end - page) / step)
		end = page + nr_folios * step;
	for (; page < end; page++) {
		b = page / RAM_PAGES_PER_BLOCK;
		if (ram_block_compact(map, b) &&
		    !(page % RAM_PAGES_PER_BLOCK) &&
		    end - page >= RAM_PAGES_PER_BLOCK) {
			give_block(ram, map, b);
			nr += RAM_PAGES_PER_BLOCK / step;
		}
		if (ram_block_absent(map, b)) {
			page |= RAM_PAGES_PER_BLOCK - 1;
			continue;
		}
		if (ram_table_need(ram, map, b))
			break;
		if (ram_table(map->entry[b])
			    ->page[page % RAM_PAGES_PER_BLOCK] == RAM_NOWHERE)
			continue;
		give_page(ram, map, page);
		nr++;
	}
	return nr;
}
