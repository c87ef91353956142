/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A machine's memory as schemes see it, and what it takes the kdamond to look
 * at it and to move it.
 *
 * Runs are told as long as folios are alike, but not past the region that is
 * being walked: so it is known how many of them the walk visits, which is what
 * it costs.  Without a context to know regions of, a run ends after a gigabyte.
 *
 * All memory is anonymous, mapped once, and on a list.  What was paged out
 * comes back when it is touched, see ram_ops_touch().
 *
 * Not here: frames and page tables (ram.h), which folios are visited
 * (damon/ops_paddr.c, damon/ops_vaddr.c), whether one was accessed: @young.
 *
 * Left out: time that reading back from swap takes, locks, folios that cannot
 * be isolated.
 */
#ifndef RAM_OPS_H
#define RAM_OPS_H

#include <linux/types.h>

#include "damon/memory.h"
#include "ram.h"

struct context;

/**
 * struct ram_ops_knobs - what the kdamond's work takes.
 * @walk_ps:	a visit: each folio, each page of a hole in physical memory,
 *		each page that is mapped and not there; once for what is not
 *		mapped.  40 ns: a walk over 549 GB, 144 million page frames,
 *		was published to take 5.6 s
 * @pageblock_skip: blocks of 2 MiB in which nothing is are passed over by a
 *		visit, which then each block takes; proposed, not in a kernel
 * @migrate_ps:	a folio, whatever its size: isolating, unmapping, flushing TLBs,
 *		mapping.  3 us is an assumption
 * @migrate_bytes_per_s: copying.  4 GB/s, one thread reading from or writing to
 *		the slower memory, is an assumption
 * @pageout_ps:	a folio that is reclaimed; as @migrate_ps
 */
struct ram_ops_knobs {
	u64 walk_ps;
	bool pageblock_skip;
	u64 migrate_ps;
	u64 migrate_bytes_per_s;
	u64 pageout_ps;
};

/* What was told last: to take back what the walk did not visit of it. */
struct ram_told {
	u32 tgid;
	u64 start;
	u64 end;
	u64 sz;
	bool hole;
};

/**
 * struct ram_ops - memory for struct memory.
 * @ram:	the machine's
 * @knobs:	may be changed at any time
 * @ctx:	whose regions are walked, or NULL; set by the caller
 * @young:	was the folio at @vaddr accessed since it was cleared?  NULL:
 *		no.  With @ctx it is asked only while some scheme of it wants
 *		to know
 * @clear_young: from now on it was not.  NULL: nothing is to be done
 * @arg:	of both
 * @cost_ps:	time that the kdamond spent; the caller takes it and puts 0
 * @nr_walked:	visits
 * @nr_migrated: folios
 * @sz_migrated: bytes
 * @nr_paged_out: folios
 * @nr_refaults: of them, that came back
 * @nr_untold:	folios to which nothing was done for want of the host's memory
 * @told:	see there
 * @asked_map:	of whose folio @young was asked last and not told; or NULL
 * @asked_vaddr: which
 * @asked_young: the answer
 */
struct ram_ops {
	struct ram *ram;
	struct ram_ops_knobs knobs;
	const struct context *ctx;
	bool (*young)(void *arg, struct ram_map *map, u64 vaddr);
	void (*clear_young)(void *arg, struct ram_map *map, u64 vaddr);
	void *arg;
	u64 cost_ps;
	u64 nr_walked;
	u64 nr_migrated;
	u64 sz_migrated;
	u64 nr_paged_out;
	u64 nr_refaults;
	u64 nr_untold;
	struct ram_told told;
	const struct ram_map *asked_map;
	u64 asked_vaddr;
	bool asked_young;
};

/* @data is a struct ram_ops. */
extern const struct memory_ops ram_memory_ops;

/* With the knobs above. */
void ram_ops_init(struct ram_ops *m, struct ram *ram);

/**
 * ram_ops_touch() - a program accesses a page.
 * @m:		memory
 * @map:	of it
 * @vaddr:	where
 *
 * What is not there comes, and is inactive.
 *
 * Return: 0; -EINVAL: not in @map; -ENOMEM: there is no frame.
 */
int ram_ops_touch(struct ram_ops *m, struct ram_map *map, u64 vaddr);

#endif
