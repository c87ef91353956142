// SPDX-License-Identifier: GPL-2.0
/* Frames of physical memory, see ram_frame.h. */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>

#include "ram_frame.h"

static u64 nr_frames(const struct ram_node *node)
{
	return node->sz >> RAM_BLOCK_SHIFT;
}

static u64 nr_words(const struct ram_node *node)
{
	return (nr_frames(node) + 63) / 64;
}

static struct ram_node *node_at(const struct ram *ram, u64 paddr)
{
	return (struct ram_node *)&ram->node[ram_nid(ram, paddr)];
}

static u64 frame_nr(const struct ram_node *node, u64 paddr)
{
	return (paddr - node->start) >> RAM_BLOCK_SHIFT;
}

static u64 frame_paddr(const struct ram_node *node, u64 nr)
{
	return node->start + (nr << RAM_BLOCK_SHIFT);
}

struct ram_frame *ram_frame_at(const struct ram *ram, u64 paddr)
{
	const struct ram_node *node = node_at(ram, paddr);

	return &node->frame[frame_nr(node, paddr)];
}

static void set_bit(u64 *map, u32 *hint, u64 nr)
{
	map[nr / 64] |= 1ull << nr % 64;
	if (*hint > nr / 64)
		*hint = nr / 64;
}

static void clear_bit(u64 *map, u64 nr)
{
	map[nr / 64] &= ~(1ull << nr % 64);
}

/* The lowest one; false if there is none. */
static bool find_bit(const u64 *map, u32 *hint, u64 nr, u64 *found)
{
	while (*hint < nr && !map[*hint])
		++*hint;
	if (*hint >= nr)
		return false;
	*found = *hint * 64ull + __builtin_ctzll(map[*hint]);
	return true;
}

int ram_frames_init(struct ram_node *node)
{
	u64 i;

	/* One word more, so that a node without memory is no special case. */
	node->frame = calloc(nr_frames(node) + 1, sizeof(*node->frame));
	node->free = calloc(nr_words(node) + 1, sizeof(*node->free));
	node->partial = calloc(nr_words(node) + 1, sizeof(*node->partial));
	if (!node->frame || !node->free || !node->partial) {
		ram_frames_fini(node);
		return -ENOMEM;
	}
	for (i = 0; i < nr_frames(node); i++)
		node->free[i / 64] |= 1ull << i % 64;
	node->nr_free_blocks = nr_frames(node);
	node->nr_free = nr_frames(node) * RAM_PAGES_PER_BLOCK;
	return 0;
}

void ram_frames_fini(struct ram_node *node)
{
	u64 i;

	for (i = 0; node->frame && i < nr_frames(node); i++)
		if (node->frame[i].owner & 1)
			free(ram_pages(&node->frame[i]));
	free(node->frame);
	free(node->free);
	free(node->partial);
	*node = (struct ram_node){ 0 };
}

static void begin(struct ram_node *node, u64 nr, u64 owner)
{
	clear_bit(node->free, nr);
	node->nr_free_blocks--;
	node->frame[nr].owner = owner;
}

static void end(struct ram_node *node, u64 nr)
{
	set_bit(node->free, &node->free_hint, nr);
	node->nr_free_blocks++;
	node->frame[nr] = (struct ram_frame){ 0 };
}

int ram_frame_take(struct ram *ram, u32 nid, u64 owner, u64 *paddr)
{
	struct ram_node *node = &ram->node[nid];
	u64 nr;

	if (!find_bit(node->free, &node->free_hint, nr_words(node), &nr))
		return -ENOSPC;
	begin(node, nr, owner);
	node->frame[nr].nr_used = RAM_PAGES_PER_BLOCK;
	node->nr_free -= RAM_PAGES_PER_BLOCK;
	*paddr = frame_paddr(node, nr);
	return 0;
}

void ram_frame_give(struct ram *ram, u64 paddr)
{
	struct ram_node *node = node_at(ram, paddr);

	end(node, frame_nr(node, paddr));
	node->nr_free += RAM_PAGES_PER_BLOCK;
}

int ram_frame_break(struct ram *ram, u64 paddr)
{
	struct ram_frame *frame = ram_frame_at(ram, paddr);
	struct ram_pages *pages = malloc(sizeof(*pages));
	u32 i;

	if (!pages)
		return -ENOMEM;
	memset(pages->used, 0xff, sizeof(pages->used));
	for (i = 0; i < RAM_PAGES_PER_BLOCK; i++)
		pages->owner[i] = frame->owner + i;
	frame->owner = (unsigned long)pages + 1ull;
	return 0;
}

void ram_frame_join(struct ram *ram, u64 paddr, u64 owner)
{
	struct ram_frame *frame = ram_frame_at(ram, paddr);

	free(ram_pages(frame));
	frame->owner = owner;
}

static bool is_used(const struct ram_pages *pages, u32 i)
{
	return pages->used[i / 64] >> i % 64 & 1;
}

static u32 lowest_unused(const struct ram_pages *pages)
{
	u32 i = 0;

	while (!~pages->used[i])
		i++;
	return 64 * i + __builtin_ctzll(~pages->used[i]);
}

static int begin_pages(struct ram_node *node, u64 nr)
{
	struct ram_pages *pages = calloc(1, sizeof(*pages));

	if (!pages)
		return -ENOMEM;
	begin(node, nr, (unsigned long)pages + 1ull);
	set_bit(node->partial, &node->partial_hint, nr);
	return 0;
}

/* Has that frame been begun, and its page is unused? */
static bool has_place(const struct ram_node *node, u32 home, u32 index)
{
	const struct ram_frame *frame = &node->frame[home - 1];

	return frame->owner & 1 && !is_used(ram_pages(frame), index);
}

/*
 * Which frame a page comes from, *@home and @index as for ram_page_take();
 * there is a free page.  Return: 0; -ENOMEM.
 */
static int pick_frame(struct ram_node *node, u32 *home, u32 index, u64 *nr)
{
	u64 words = nr_words(node);
	int err;

	if (home && *home && has_place(node, *home, index)) {
		*nr = *home - 1;
		return 0;
	}
	if (!home && find_bit(node->partial, &node->partial_hint, words, nr))
		return 0;
	if (!find_bit(node->free, &node->free_hint, words, nr)) {
		/* So one of these has it. */
		find_bit(node->partial, &node->partial_hint, words, nr);
		return 0;
	}
	err = begin_pages(node, *nr);
	if (!err && home)
		*home = *nr + 1;
	return err;
}

int ram_page_take(struct ram *ram, u32 nid, u32 *home, u32 index, u64 owner,
		  u64 *paddr)
{
	struct ram_node *node = &ram->node[nid];
	struct ram_pages *pages;
	u64 nr = 0;
	int err;

	if (!node->nr_free)
		return -ENOSPC;
	err = pick_frame(node, home, index, &nr);
	if (err)
		return err;
	pages = ram_pages(&node->frame[nr]);
	if (!home || is_used(pages, index))
		index = lowest_unused(pages);
	pages->used[index / 64] |= 1ull << index % 64;
	pages->owner[index] = owner;
	if (++node->frame[nr].nr_used == RAM_PAGES_PER_BLOCK)
		clear_bit(node->partial, nr);
	node->nr_free--;
	*paddr = frame_paddr(node, nr) + ((u64)index << RAM_PAGE_SHIFT);
	return 0;
}

void ram_page_give(struct ram *ram, u64 paddr)
{
	struct ram_node *node = node_at(ram, paddr);
	u64 nr = frame_nr(node, paddr);
	struct ram_frame *frame = &node->frame[nr];
	u32 i = ram_page_of(paddr);

	ram_pages(frame)->used[i / 64] &= ~(1ull << i % 64);
	ram_pages(frame)->owner[i] = 0;
	node->nr_free++;
	if (--frame->nr_used) {
		set_bit(node->partial, &node->partial_hint, nr);
		return;
	}
	clear_bit(node->partial, nr);
	free(ram_pages(frame));
	end(node, nr);
}

void ram_page_set_owner(struct ram *ram, u64 paddr, u64 owner)
{
	struct ram_frame *frame = ram_frame_at(ram, paddr);

	if (frame->owner & 1)
		ram_pages(frame)->owner[ram_page_of(paddr)] = owner;
	else
		frame->owner = owner;
}
