/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory as an array of pages, for tests of what schemes do to it.
 *
 * Each page says what it is part of.  There is one physical space and one for
 * each process; all of them take their pages from the same nodes.  A memory
 * tells either one folio at a time or as many as are alike: whoever walks it
 * must come to the same end.
 *
 * Nothing here asserts: programs without Check use it too.
 */
#ifndef SUPPORT_MEMORY_H
#define SUPPORT_MEMORY_H

#include "damon/memory.h"

#define SUPPORT_SPACES 4 /* 0 is physical, the others are named by tgid */
#define SUPPORT_NODES 4
#define SUPPORT_PAGES 8192 /* of a space: four huge pages and some more */
#define SUPPORT_MEMCGS 3

enum page_state {
	PAGE_HOLE,
	PAGE_ABSENT, /* mapped, and nothing in memory */
	PAGE_FOLIO,
};

struct page {
	enum page_state state;
	u8 order; /* of the folio, which is aligned to its size */
	s8 nid;
	u8 memcg;
	bool anon;
	bool active;
	bool mapped;
	bool young;
	u32 vma; /* first page of the mapping */
};

/**
 * struct support_memory - all of it.
 * @page:	spaces
 * @node:	nodes; one without pages is none
 * @psi_us:	pressure so far
 * @runs:	tell as many folios at once as are alike
 * @nr_told:	how often somebody asked what is where
 * @nr_migrations: calls
 */
struct support_memory {
	struct page page[SUPPORT_SPACES][SUPPORT_PAGES];
	struct memory_node node[SUPPORT_NODES];
	u64 psi_us;
	bool runs;
	u64 nr_told;
	u64 nr_migrations;
};

extern const struct memory_ops support_memory_ops;

/* Empty, with @nr_pages on each of the first @nr_nodes nodes. */
void support_memory_init(struct support_memory *m, u32 nr_nodes, u64 nr_pages,
			 bool runs);

/**
 * support_memory_fill() - lay folios of a kind.
 * @m:		memory
 * @space:	0 or a tgid
 * @first:	page, a multiple of a folio's
 * @nr_pages:	likewise
 * @kind:	what each page is; a new mapping begins at @first.  Those of
 *		PAGE_FOLIO are taken from what the node has free.
 */
void support_memory_fill(struct support_memory *m, u32 space, u32 first,
			 u32 nr_pages, const struct page *kind);

/* Pages of a space that are on a node. */
u64 support_memory_on(const struct support_memory *m, u32 space, s32 nid);

/* Are both the same, whatever they tell at once? */
bool support_memory_same(const struct support_memory *a,
			 const struct support_memory *b);

/*
 * What happens to one folio, wherever it is: for those who walk by themselves.
 * The page is its first one.  Migration and reclaim return how many bytes.
 */
u64 support_memory_move(struct support_memory *m, u32 space, u32 page, s32 nid);
u64 support_memory_reclaim(struct support_memory *m, u32 space, u32 page);

/* First page of the folio of a page. */
static inline u32 support_memory_head(const struct support_memory *m, u32 space,
				      u32 page)
{
	return page & ~((1u << m->page[space][page].order) - 1);
}

#endif
