/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The machine's memory as schemes see it: folios, nodes, and what can be done
 * to them.
 *
 * A table of operations, so that memory may be a model, what a capture implies,
 * or a test's array.  Neighbours that are alike are told at once, as a run: a
 * walk over a terabyte of equal pages is one question and not 268 million, and
 * visits the same folios as a walk one by one.
 *
 * Not here: which folios are visited (ops_paddr.c, ops_vaddr.c).
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <linux/types.h>

#define PAGE_BYTES 4096ULL

/* A memcg that no folio is of: of a filter whose group is gone. */
#define MEMCG_NONE (~0u)

/* What a memory may not know of a folio; it then tells what it assumes. */
#define FOLIO_ANON (1u << 0)
#define FOLIO_MEMCG (1u << 1)
#define FOLIO_SZ (1u << 2)

/**
 * struct folio - a run of folios that are alike, one behind the other.
 * @start:	address of the first one, bytes, a multiple of @sz
 * @sz:		bytes of each, a power of two, at least PAGE_BYTES
 * @nr:		how many from @start on, at least 1
 * @nid:	node that all are on
 * @memcg:	group that all are charged to, 0 for the root
 * @anon:	anonymous memory
 * @active:	on the active list
 * @mapped:	in some page table
 * @young:	accessed since that was last cleared
 * @unknown:	what is assumed here and not known
 *
 * If nothing is there, a hole: @start is what was asked for and @sz is
 * PAGE_BYTES; nothing is in the @nr pages from there on.
 */
struct folio {
	u64 start;
	u64 sz;
	u64 nr;
	s32 nid;
	u32 memcg;
	bool anon;
	bool active;
	bool mapped;
	bool young;
	u8 unknown;
};

/* What is at a virtual address. */
enum mapped {
	MAPPED_HOLE, /* no mapping */
	MAPPED_ABSENT, /* a mapping, and nothing in memory */
	MAPPED_FOLIO,
};

/*
 * A run of folios as it is mapped, and the mapping that it lies in.  Where
 * nothing is, @folio is a hole.
 */
struct mapped_folio {
	struct folio folio; /* @start is a virtual address */
	u64 vma_start;
	u64 vma_pgoff; /* in pages */
};

/* Pages of a node. */
struct memory_node {
	u64 nr_pages;
	u64 nr_free;
};

/* Pages of the whole machine; what a model does not have is 0. */
struct memory_totals {
	u64 nr_pages;
	u64 nr_free;
	u64 nr_active;
	u64 nr_inactive;
	u64 nr_huge; /* in transparent huge pages */
	u64 psi_some_us; /* time so far in which somebody waited for memory */
};

/**
 * struct memory_ops - what a memory can do.
 * @folio_at:	what is at a physical address; false: a hole
 * @mapped_at:	what @tgid has mapped at a virtual address
 * @clear_young: these have not been accessed from now on
 * @migrate:	to node @nid, allocating there and nowhere else, as many as
 *		there is room for, the last ones first if there is not.
 *		Return: bytes that are now there
 * @pageout:	Return: bytes that were reclaimed
 * @set_active: move to the active or the inactive list
 * @node:	false: there is no such node, or it is without memory.  With
 *		NULL only that is asked
 * @memcg_pages: pages of the group that are on the node's lists; false: the
 *		group is gone
 * @totals:	of all nodes
 *
 * @data is struct memory's.  @tgid is 0 for physical addresses.  A run that is
 * handed in has the caller's end: never more than it was told.
 */
struct memory_ops {
	bool (*folio_at)(void *data, u64 addr, struct folio *f);
	enum mapped (*mapped_at)(void *data, u32 tgid, u64 addr,
				 struct mapped_folio *f);
	void (*clear_young)(void *data, u32 tgid, const struct folio *f);
	u64 (*migrate)(void *data, u32 tgid, const struct folio *f, s32 nid);
	u64 (*pageout)(void *data, u32 tgid, const struct folio *f);
	void (*set_active)(void *data, u32 tgid, const struct folio *f,
			   bool active);
	bool (*node)(void *data, s32 nid, struct memory_node *node);
	bool (*memcg_pages)(void *data, s32 nid, u32 memcg, u64 *nr);
	void (*totals)(void *data, struct memory_totals *totals);
};

struct memory {
	const struct memory_ops *ops;
	void *data;
};

#endif
