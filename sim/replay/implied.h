/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory that a capture implies, for schemes to act upon.
 *
 * A capture tells which addresses are in use and which are accessed.  The rest
 * is assumed, as little as will do:
 *
 *   pages	of 4 KiB; one is there where the target's memory is known to be,
 *		or where the configuration gives the target regions
 *   nodes	of physical memory, if the configuration gives several regions:
 *		the n-th of them is node n.  Else the nodes that schemes and
 *		goals name, from 0 to the highest: blocks of 2 MiB lie on them
 *		in turn, the start that the published runs begin with
 *   moved	to another node, a page keeps its address, also a physical one,
 *		because that is how the capture goes on naming it
 *   room	as much as is wanted, on every node
 *   paged out	until a sample falls on the page: then it is back where it was,
 *		and the scheme that took it is told
 *   accessed	each page on which a sample fell, until somebody clears that
 *
 * A capture does not tell whether a page is anonymous, of which group, or part
 * of a larger folio.  Schemes find it anonymous, of the root and small; probes,
 * which are about nothing else, find what is not known: no match.
 *
 * State is kept for blocks in which something happened, so that it grows with
 * what was touched or acted upon, not with the capture.
 *
 * Not here: what schemes do (damon/ops.h), the report of it.
 */
#ifndef IMPLIED_H
#define IMPLIED_H

#include <linux/types.h>

#include "damon/memory.h"
#include "damon/region.h"
#include "replay/space.h"

#define IMPLIED_NODES_MAX 32
#define IMPLIED_SCHEMES_MAX 255

struct implied_block;

/**
 * struct implied_area - the memory of one target.
 * @tgid:	its process, 0 for physical memory
 * @space:	what is known to be in use; read at each question
 * @fixed:	used in place of @space if there are any
 * @nr_fixed:	of @fixed
 */
struct implied_area {
	u32 tgid;
	const struct space *space;
	const struct range *fixed;
	u32 nr_fixed;
};

/**
 * struct implied - the memory of a machine.
 * @area:	by target; the caller's
 * @nr_areas:	of @area
 * @nr_nodes:	at least 1
 * @node_by_range: node n is the n-th of the only target's @fixed
 * @scheme:	who acts just now: what is paged out is noted as its
 * @nr_total:	pages of the whole machine, 0 if the capture does not say
 * @block:	hash table of blocks
 * @nr_blocks:	in use
 * @nr_slots:	of @block, a power of two or 0
 * @nr_samples:	on each node
 * @nr_refaults: samples on pages that were out, by who had taken them
 * @nr_untold:	changes there was no memory to remember
 */
struct implied {
	struct implied_area *area;
	u32 nr_areas;
	u32 nr_nodes;
	bool node_by_range;
	u32 scheme;
	u64 nr_total;
	struct implied_block **block;
	u32 nr_blocks;
	u32 nr_slots;
	u64 nr_samples[IMPLIED_NODES_MAX];
	u64 nr_refaults[IMPLIED_SCHEMES_MAX + 1];
	u64 nr_untold;
};

/* Its data is a struct implied. */
extern const struct memory_ops implied_ops;

/**
 * implied_init() - memory in which nothing has happened.
 * @m:		storage
 * @nr_nodes:	at most IMPLIED_NODES_MAX; see struct implied
 * @node_by_range: likewise
 * @nr_total:	pages, 0 if not known
 */
void implied_init(struct implied *m, u32 nr_nodes, bool node_by_range,
		  u64 nr_total);

void implied_fini(struct implied *m);

/**
 * implied_touch() - a sample fell here.
 * @m:		memory
 * @tgid:	whose, 0 for physical
 * @addr:	bytes
 *
 * Return: the node that it fell on; -1 where there is no memory of a target.
 */
s32 implied_touch(struct implied *m, u32 tgid, u64 addr);

/**
 * implied_on_node() - pages that are in memory, by node.
 * @m:		memory
 * @nr:		nr_nodes of them are filled
 *
 * Return: pages that are paged out.
 */
u64 implied_on_node(struct implied *m, u64 *nr);

#endif
