/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of a machine: nodes of physical frames, and page tables of
 * processes that hold them.
 *
 * Everything is kept in blocks of 2 MiB.  A block whose pages lie in one frame
 * of 2 MiB in order is one word, whatever its folios' size; a block that is
 * scattered has a word for each of its 512 pages, and so have frames the way
 * back.  So a terabyte in good order costs a few megabytes, and the address of
 * a page is one load away, or two.  What is moved in order ends in order: a
 * block has on each node a frame in which its pages find their old places, as
 * long as nobody else needs them.
 *
 * Who holds what is exact: each frame is free or has one owner, counts are of
 * pages.  Luck comes in as a seed.  Addresses of frames are handed out lowest
 * first.
 *
 * Nothing may be moved while others translate.  What a frame was given for it
 * keeps: nothing is moved to make room for a huge folio.
 *
 * Left out: folios of sizes between, splitting a huge one, file memory, pages
 * in two page tables, reserves below which a kernel begins to reclaim,
 * compaction.
 */
#ifndef RAM_H
#define RAM_H

#include <linux/types.h>

#define RAM_PAGE_SHIFT 12
#define RAM_BLOCK_SHIFT 21
#define RAM_PAGES_PER_BLOCK 512u
#define RAM_PAGE_BYTES (1ull << RAM_PAGE_SHIFT)
#define RAM_BLOCK_BYTES (1ull << RAM_BLOCK_SHIFT)
#define RAM_NODES_MAX 16
#define RAM_MARKS 2

/* Not the address of any page, and still that when an offset is or-ed in. */
#define RAM_NOWHERE (~0ull)

struct ram_frame;

/**
 * struct ram_node_spec - where a node's memory is.
 * @start:	physical address, bytes, a multiple of 2 MiB
 * @sz:		bytes, likewise; 0: a node without memory
 */
struct ram_node_spec {
	u64 start;
	u64 sz;
};

/**
 * struct ram_node - a node's frames.
 * @start, @sz:	see struct ram_node_spec
 * @nr_free:	pages that nobody holds
 * @nr_free_blocks: frames of 2 MiB of which nobody holds any
 * @frame:	each frame of 2 MiB, see ram_frame.h
 * @free:	a bit for each: nobody holds any of it
 * @partial:	a bit for each: some of its pages are held, and some are not
 * @free_hint:	no word of @free before this one has a bit
 * @partial_hint: likewise
 */
struct ram_node {
	u64 start;
	u64 sz;
	u64 nr_free;
	u64 nr_free_blocks;
	struct ram_frame *frame;
	u64 *free;
	u64 *partial;
	u32 free_hint;
	u32 partial_hint;
};

/**
 * struct ram - a machine's memory.
 * @node:	by number
 * @nr_nodes:	how many, at most RAM_NODES_MAX
 * @map:	page tables; NULL where one was taken away
 * @nr_maps:	of @map
 */
struct ram {
	struct ram_node node[RAM_NODES_MAX];
	u32 nr_nodes;
	struct ram_map **map;
	u32 nr_maps;
};

/**
 * struct ram_policy - where pages come from.
 * @weight:	of each node: granules go round by weighted interleave.  Of as
 *		many granules as the weights' sum (divided by what divides all
 *		of them) each node has exactly its weight
 * @nr_nodes:	of @weight
 * @granule:	bytes that go to one node in turn: a multiple of 4 KiB, and of
 *		2 MiB if the folios are huge
 * @scattered:	what is laid at once lies in random order within its node, as
 *		the memory of a virtual machine that runs for a while; what is
 *		touched later comes as it comes
 * @seed:	of that
 * @lazy:	nothing is there until it is touched, see ram_fault()
 * @strict:	a node that is full means -ENOMEM; else the next one is taken
 */
struct ram_policy {
	u32 weight[RAM_NODES_MAX];
	u32 nr_nodes;
	u64 granule;
	bool scattered;
	u64 seed;
	bool lazy;
	bool strict;
};

/**
 * struct ram_table - where the pages of a scattered block are.
 * @page:	physical address of each, or RAM_NOWHERE
 * @nr:		how many are somewhere
 * @on:		of those, by node
 * @home:	by node, 1 + frame in which they find their places, or 0
 */
struct ram_table {
	u64 page[RAM_PAGES_PER_BLOCK];
	u32 nr;
	u16 on[RAM_NODES_MAX];
	u32 home[RAM_NODES_MAX];
};

/* In place of a table: of a block of which nothing is there. */
extern const struct ram_table ram_absent;

/**
 * struct ram_map - page table of one process over one area.
 * @tgid:	whose
 * @start:	virtual address, a multiple of 2 MiB
 * @sz:		bytes, likewise
 * @huge:	its folios are 2 MiB; else 4 KiB
 * @entry:	of each block, the physical address of its frame, or 1 + address
 *		of its struct ram_table
 * @nr_blocks:	of @entry
 * @nr_pages:	that are there, by node
 * @policy:	where pages come from
 * @stride:	of the interleave, see ram_lay.c
 * @nr_turn:	likewise
 * @index:	in struct ram
 * @memcg:	group that it is charged to; the caller's
 * @mark:	bits of the caller's, one for each folio, see ram_map_mark()
 */
struct ram_map {
	u32 tgid;
	u64 start;
	u64 sz;
	bool huge;
	u64 *entry;
	u64 nr_blocks;
	u64 nr_pages[RAM_NODES_MAX];
	struct ram_policy policy;
	u32 stride;
	u32 nr_turn;
	u32 index;
	u32 memcg;
	u64 *mark[RAM_MARKS];
};

/**
 * ram_init() - memory nobody holds any of.
 * @ram:	storage
 * @spec:	nodes, in the order of their numbers, at any addresses
 * @nr:		of them
 *
 * Return: 0; -EINVAL: none or too many, not a multiple of 2 MiB, overlap, past
 * the end of the address space; -ENOMEM.  Nothing is to be freed on failure.
 */
int ram_init(struct ram *ram, const struct ram_node_spec *spec, u32 nr);

/* With all its maps. */
void ram_fini(struct ram *ram);

/**
 * ram_map_add() - a process has an area.
 * @ram:	memory
 * @tgid:	whose
 * @start:	virtual address, a multiple of 2 MiB
 * @sz:		bytes, likewise, not 0
 * @huge:	folios of 2 MiB
 * @policy:	where its pages come from
 * @out:	the page table, @ram's; untouched on failure
 *
 * Return: 0; -EINVAL: the area or the policy makes no sense; -EEXIST: the
 * process has something there; -ENOMEM: there are not that many frames, or no
 * memory of the host.  On failure nothing is held.
 */
int ram_map_add(struct ram *ram, u32 tgid, u64 start, u64 sz, bool huge,
		const struct ram_policy *policy, struct ram_map **out);

/* Its frames are free again. */
void ram_map_del(struct ram *ram, struct ram_map *map);

/* The area of @tgid that @vaddr lies in, or NULL. */
struct ram_map *ram_find(const struct ram *ram, u32 tgid, u64 vaddr);

/**
 * ram_fault() - give a folio that is not there.
 * @ram:	memory
 * @map:	of it
 * @vaddr:	address in it
 *
 * Return: 0, also if it was there; -EINVAL: not in the area; -ENOMEM: no frame.
 */
int ram_fault(struct ram *ram, struct ram_map *map, u64 vaddr);

/**
 * ram_unmap() - take folios away.
 * @ram:	memory
 * @map:	of it
 * @vaddr:	address in the first one
 * @nr_folios:	how many; those past the area's end are none
 *
 * Return: how many were there and are gone.  Fewer than there were only if the
 * host has no memory for what is left of a block.
 */
u64 ram_unmap(struct ram *ram, struct ram_map *map, u64 vaddr, u64 nr_folios);

/**
 * ram_migrate() - move folios to a node.
 * @ram:	memory
 * @map:	of it
 * @vaddr:	address in the first one
 * @nr_folios:	how many; those past the area's end are none
 * @nid:	where to
 *
 * The last ones first, until there is no room.  Those that are there already or
 * nowhere stay and do not count.  The frames they leave are free.
 *
 * Return: how many were moved.
 */
u64 ram_migrate(struct ram *ram, struct ram_map *map, u64 vaddr, u64 nr_folios,
		s32 nid);

/**
 * ram_owner() - who holds a page of memory?
 * @ram:	memory
 * @paddr:	physical address
 * @map:	filled if somebody does
 * @vaddr:	likewise, where it translates to @paddr
 *
 * Return: false if nobody does, or there is no memory.
 */
bool ram_owner(const struct ram *ram, u64 paddr, struct ram_map **map,
	       u64 *vaddr);

/**
 * ram_run() - who holds a page and those behind it?
 * @ram:	memory
 * @paddr:	physical address, in a page
 * @max:	pages that are asked for, not 0
 * @map:	filled if somebody holds it; else NULL
 * @vaddr:	likewise, where the page begins
 *
 * Return: of how many pages the answer holds, at least 1 and at most @max: all
 * of them are free or no memory, or are one behind the other in @map too.  Not
 * always as many as it could be; across no end of a node.
 */
u64 ram_run(const struct ram *ram, u64 paddr, u64 max, struct ram_map **map,
	    u64 *vaddr);

/**
 * ram_held() - how many pages are a map's, in any order?
 * @ram:	memory
 * @paddr:	physical address, in a page that is @map's
 * @max:	pages that are asked for, not 0
 * @map:	whose
 *
 * Return: how many from there on, at least 1 and at most @max, and not always
 * as many as it could be.
 */
u64 ram_held(const struct ram *ram, u64 paddr, u64 max,
	     const struct ram_map *map);

/**
 * ram_held_frames() - how many frames of 2 MiB are a map's blocks, in any
 * order?
 * @ram:	memory
 * @paddr:	physical address, in a frame that is a block of @map
 * @max:	frames that are asked for
 * @map:	whose
 *
 * Return: how many from that frame on, across no end of a node.
 */
u64 ram_held_frames(const struct ram *ram, u64 paddr, u64 max,
		    const struct ram_map *map);

/* There are bits of that sort, all 0 at first.  Return: 0; -ENOMEM. */
int ram_map_mark(struct ram_map *map, u32 which);

/* What of the host's memory it takes, bytes; for tests and reports. */
u64 ram_footprint(const struct ram *ram);

static inline const struct ram_table *ram_table(u64 entry)
{
	return (const struct ram_table *)(unsigned long)(entry - 1);
}

/**
 * ram_translate() - where a page is.
 * @map:	page table
 * @vaddr:	virtual address
 *
 * Return: physical address of that byte; RAM_NOWHERE if it is nowhere, or not
 * in the area.
 */
static inline u64 ram_translate(const struct ram_map *map, u64 vaddr)
{
	u64 offset = vaddr - map->start, entry;

	if (offset >= map->sz)
		return RAM_NOWHERE;
	entry = map->entry[offset >> RAM_BLOCK_SHIFT];
	if (!(entry & 1))
		return entry | (offset & (RAM_BLOCK_BYTES - 1));
	return ram_table(entry)->page[offset >> RAM_PAGE_SHIFT &
				      (RAM_PAGES_PER_BLOCK - 1)] |
	       (offset & (RAM_PAGE_BYTES - 1));
}

/* Node of a physical address, RAM_NODES_MAX if there is no memory. */
static inline u32 ram_nid(const struct ram *ram, u64 paddr)
{
	u32 i;

	for (i = 0; i < ram->nr_nodes; i++)
		if (paddr - ram->node[i].start < ram->node[i].sz)
			return i;
	return RAM_NODES_MAX;
}

/* Node of a virtual address, RAM_NODES_MAX if nothing is there. */
static inline u32 ram_map_nid(const struct ram *ram, const struct ram_map *map,
			      u64 vaddr)
{
	return ram_nid(ram, ram_translate(map, vaddr));
}

/* Bytes of a map's folios. */
static inline u64 ram_folio_bytes(const struct ram_map *map)
{
	return map->huge ? RAM_BLOCK_BYTES : RAM_PAGE_BYTES;
}

#endif
