/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is where, told in runs, and what the walk costs: the questions of
 * ram_memory_ops.
 *
 * Not here: doing something to it (ram_ops.c).
 */
#ifndef RAM_TOLD_H
#define RAM_TOLD_H

#include "run/ram_ops.h"

/* Uses of struct ram_map's bits: on the active list; was paged out. */
#define RAM_ACTIVE 0
#define RAM_OUT 1

static inline u64 ram_folio_nr(const struct ram_map *map, u64 vaddr)
{
	return (vaddr - map->start) / ram_folio_bytes(map);
}

static inline bool ram_marked(const struct ram_map *map, u32 which, u64 vaddr)
{
	const u64 *mark = map->mark[which];
	u64 i = ram_folio_nr(map, vaddr);

	return mark && mark[i / 64] >> i % 64 & 1;
}

/* See struct memory_ops. */
bool ram_folio_at(void *data, u64 addr, struct folio *f);
enum mapped ram_mapped_at(void *data, u32 tgid, u64 addr,
			  struct mapped_folio *f);

#endif
