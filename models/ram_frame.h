/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames of physical memory: taking them, giving them back, and the way from
 * one to who holds it.
 *
 * A frame is of 2 MiB.  Somebody holds all of it, as one block of a map in
 * order; or its pages are held one by one, then it has a struct ram_pages.
 *
 * An owner is one number: map and page of it.  Here it is opaque but for that
 * of a whole frame, which is the one of its first page, a multiple of 512.
 *
 * Not here: page tables (ram_map.c).  For the files of struct ram alone.
 */
#ifndef RAM_FRAME_H
#define RAM_FRAME_H

#include "ram.h"

#define RAM_OWNER_SHIFT 48

/**
 * struct ram_frame - who holds a frame.
 * @owner:	0: nobody; even: of all of it; odd: 1 + address of its struct
 *		ram_pages
 * @nr_used:	pages that are held
 */
struct ram_frame {
	u64 owner;
	u32 nr_used;
};

/**
 * struct ram_pages - who holds the pages of a frame.
 * @used:	a bit for each
 * @owner:	of each, 0 for nobody
 */
struct ram_pages {
	u64 used[RAM_PAGES_PER_BLOCK / 64];
	u64 owner[RAM_PAGES_PER_BLOCK];
};

static inline u64 ram_owner_of(const struct ram_map *map, u64 page)
{
	return ((u64)map->index + 1) << RAM_OWNER_SHIFT | page;
}

static inline struct ram_pages *ram_pages(const struct ram_frame *frame)
{
	return (struct ram_pages *)(unsigned long)(frame->owner - 1);
}

static inline u32 ram_page_of(u64 addr)
{
	return addr >> RAM_PAGE_SHIFT & (RAM_PAGES_PER_BLOCK - 1);
}

int ram_frames_init(struct ram_node *node);
void ram_frames_fini(struct ram_node *node);

/* The frame that @paddr is in, which is memory. */
struct ram_frame *ram_frame_at(const struct ram *ram, u64 paddr);

/* The lowest free frame of a node.  Return: 0; -ENOSPC. */
int ram_frame_take(struct ram *ram, u32 nid, u64 owner, u64 *paddr);
void ram_frame_give(struct ram *ram, u64 paddr);

/* From now on its pages have owners of their own.  Return: 0; -ENOMEM. */
int ram_frame_break(struct ram *ram, u64 paddr);

/* All pages are @owner's, in order; they are one again. */
void ram_frame_join(struct ram *ram, u64 paddr, u64 owner);

/**
 * ram_page_take() - a page.
 * @ram:	memory
 * @nid:	node
 * @home:	1 + number of the frame in which page @index is wanted, or 0;
 *		set if a frame was begun.  NULL: pack pages as tightly as can be
 * @index:	among the frame's 512 pages
 * @owner:	who
 * @paddr:	filled
 *
 * With a home: there; else at its place in a free frame; else any.  Packed: any
 * page of a frame that was begun; else the first one of a free frame.
 *
 * Return: 0; -ENOSPC: the node is full; -ENOMEM.
 */
int ram_page_take(struct ram *ram, u32 nid, u32 *home, u32 index, u64 owner,
		  u64 *paddr);
void ram_page_give(struct ram *ram, u64 paddr);

/* A page, or a frame, that is held has another owner now. */
void ram_page_set_owner(struct ram *ram, u64 paddr, u64 owner);

/* Inside of the page tables. */
int ram_table_need(struct ram *ram, struct ram_map *map, u64 block);
void ram_table_drop(struct ram_map *map, u64 block);
void ram_table_join(struct ram *ram, struct ram_map *map, u64 block);
int ram_place_block(struct ram *ram, struct ram_map *map, u64 block, u32 nid);
int ram_place_page(struct ram *ram, struct ram_map *map, u64 page, u32 nid,
		   bool packed);

static inline struct ram_table *ram_table_of(const struct ram_map *map,
					     u64 block)
{
	return (struct ram_table *)(unsigned long)(map->entry[block] - 1);
}

static inline bool ram_block_compact(const struct ram_map *map, u64 block)
{
	return !(map->entry[block] & 1);
}

static inline bool ram_block_absent(const struct ram_map *map, u64 block)
{
	return ram_table(map->entry[block]) == &ram_absent;
}

/* The policy: checked and made ready; where a page goes; all pages laid. */
int ram_lay_init(const struct ram *ram, struct ram_map *map);
u32 ram_lay_nid(const struct ram_map *map, u64 page);
bool ram_lay_packed(const struct ram_map *map);
int ram_lay(struct ram *ram, struct ram_map *map);

#endif
