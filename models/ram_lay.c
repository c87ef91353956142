// SPDX-License-Identifier: GPL-2.0
/*
 * Where pages come from when they are first needed, see struct ram_policy.
 *
 * Weighted interleave: granule i goes where the number i * stride modulo the
 * sum of weights falls among the weights laid end to end.  The stride has no
 * divisor in common with the sum, so that each turn meets each number once and
 * shares are exact; it is near the golden section of the sum, so that shares
 * are nearly exact in parts of a turn too.  A kernel lays a turn node by node:
 * its shares are the same and its stripes longer.
 *
 * Granules below a block are packed: the next page of a node, as an allocator
 * gives them out that was never used.
 *
 * Scattered memory is laid in order first and then shuffled within its nodes,
 * so that it is as dense as any.
 */
#include <linux/errno.h>

#include "ram_frame.h"

/* Partners that a page's shuffle tries, far from each other on other nodes. */
#define TRIES_MAX 64

/* Folios that the shuffle looks ahead. */
#define AHEAD 16

static u64 gcd(u64 a, u64 b)
{
	u64 rest;

	while (b) {
		rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

int ram_lay_init(const struct ram *ram, struct ram_map *map)
{
	struct ram_policy *policy = &map->policy;
	u32 i, nr_used = 0;
	u64 sum = 0, all = 0;

	if (!policy->nr_nodes || policy->nr_nodes > ram->nr_nodes)
		return -EINVAL;
	if (!policy->granule ||
	    policy->granule &
		    ((map->huge ? RAM_BLOCK_BYTES : RAM_PAGE_BYTES) - 1))
		return -EINVAL;
	for (i = 0; i < policy->nr_nodes; i++) {
		all = gcd(all, policy->weight[i]);
		sum += policy->weight[i];
		nr_used += !!policy->weight[i];
	}
	if (!sum || sum / all > ~0u)
		return -EINVAL;
	/* With one node there are no turns. */
	if (nr_used == 1)
		policy->granule = RAM_BLOCK_BYTES;
	for (i = 0; i < policy->nr_nodes; i++)
		policy->weight[i] /= all;
	map->nr_turn = sum / all;
	map->stride = map->nr_turn * 0.6180339887498949;
	while (gcd(map->stride, map->nr_turn) != 1)
		map->stride++;
	return 0;
}

u32 ram_lay_nid(const struct ram_map *map, u64 page)
{
	u64 granule = (page << RAM_PAGE_SHIFT) / map->policy.granule;
	u64 at = granule % map->nr_turn * map->stride % map->nr_turn;
	u32 nid = 0;

	while (at >= map->policy.weight[nid])
		at -= map->policy.weight[nid++];
	return nid;
}

bool ram_lay_packed(const struct ram_map *map)
{
	return map->policy.granule & (RAM_BLOCK_BYTES - 1);
}

static int fault_on(struct ram *ram, struct ram_map *map, u64 page, u32 nid)
{
	u64 block = page / RAM_PAGES_PER_BLOCK;
	int err;

	if (map->huge)
		return ram_place_block(ram, map, block, nid);
	err = ram_table_need(ram, map, block);
	if (err)
		return err;
	err = ram_place_page(ram, map, page, nid, ram_lay_packed(map));
	if (!err)
		ram_table_join(ram, map, block);
	else if (!ram_table(map->entry[block])->nr)
		ram_table_drop(map, block);
	return err;
}

int ram_fault(struct ram *ram, struct ram_map *map, u64 vaddr)
{
	u64 page = (vaddr - map->start) >> RAM_PAGE_SHIFT;
	u32 nid, i;
	int err;

	if (vaddr - map->start >= map->sz)
		return -EINVAL;
	if (ram_translate(map, vaddr) != RAM_NOWHERE)
		return 0;
	nid = ram_lay_nid(map, page);
	for (i = 0; i < ram->nr_nodes; i++) {
		err = fault_on(ram, map, page, (nid + i) % ram->nr_nodes);
		if (err != -ENOSPC)
			return err;
		if (map->policy.strict)
			break;
	}
	return -ENOMEM;
}

/* Number @i of a sequence (Steele, Lea, Flood 2014). */
static u64 splitmix(u64 seed, u64 i)
{
	u64 z = seed + i * 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/* Where the frame of folio @i is written down. */
static u64 *word_of(const struct ram_map *map, u64 i)
{
	if (map->huge)
		return &map->entry[i];
	return &ram_table_of(map, i / RAM_PAGES_PER_BLOCK)
			->page[i % RAM_PAGES_PER_BLOCK];
}

/* With whom folio @i changes if they are on one node: itself, or one before. */
static u64 *partner_of(const struct ram_map *map, u64 i, u32 tries)
{
	return word_of(map, splitmix(map->policy.seed, i * TRIES_MAX + tries) %
				    (i + 1));
}

/* Fisher and Yates, each node by itself. */
static void shuffle_words(struct ram *ram, struct ram_map *map, u64 nr)
{
	u64 i, old, *a, *b;
	u32 nid, tries;

	for (i = nr - 1; i; i--) {
		/* Far away: let it come while others are done. */
		if (i > AHEAD) {
			__builtin_prefetch(partner_of(map, i - AHEAD, 0));
			__builtin_prefetch(partner_of(map, i - AHEAD, 1));
		}
		a = word_of(map, i);
		nid = ram_nid(ram, *a);
		for (tries = 0; tries < TRIES_MAX; tries++) {
			b = partner_of(map, i, tries);
			if (ram_nid(ram, *b) != nid)
				continue;
			old = *a;
			*a = *b;
			*b = old;
			break;
		}
	}
}

/* Then the way back is put right. */
static int shuffle(struct ram *ram, struct ram_map *map)
{
	u64 step = map->huge ? RAM_PAGES_PER_BLOCK : 1;
	u64 nr = (map->sz >> RAM_PAGE_SHIFT) / step, i, b;

	for (b = 0; !map->huge && b < map->nr_blocks; b++)
		if (ram_table_need(ram, map, b))
			return -ENOMEM;
	shuffle_words(ram, map, nr);
	for (i = 0; i < nr; i++)
		ram_page_set_owner(ram, *word_of(map, i),
				   ram_owner_of(map, i * step));
	for (b = 0; !map->huge && b < map->nr_blocks; b++)
		ram_table_join(ram, map, b);
	return 0;
}

int ram_lay(struct ram *ram, struct ram_map *map)
{
	u64 b, i, vaddr = map->start;
	int err;

	for (b = 0; b < map->nr_blocks; b++, vaddr += RAM_BLOCK_BYTES) {
		if (!ram_lay_packed(map) &&
		    !ram_place_block(ram, map, b,
				     ram_lay_nid(map, b * RAM_PAGES_PER_BLOCK)))
			continue;
		for (i = 0; i < (map->huge ? 1 : RAM_PAGES_PER_BLOCK); i++) {
			err = ram_fault(ram, map,
					vaddr + (i << RAM_PAGE_SHIFT));
			if (err)
				return err;
		}
	}
	return map->policy.scattered ? shuffle(ram, map) : 0;
}
