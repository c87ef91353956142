/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a context without perf events notices accesses: by the accessed bit of
 * one folio of each region, or by taking that folio's mapping away and waiting
 * for the fault.
 *
 * They are the baselines that hardware sampling is compared with.  Where the
 * folio is looked for is the core's draw (damon/probe_hits.h).
 *
 * A fault costs the thread that runs into it a look of its CPU at the page
 * table.  Its report goes to no ring: who faults is known at the check only and
 * not at the moment, there is one for a region and tick at most, and the drain
 * of that check would credit the same regions; so they are credited there.
 *
 * Left out: a fault that comes after its tick's check, since the mapping is
 * taken to be there again; a folio that cannot be locked or is on no list.
 *
 * Not here: when a bit is set (accessed.h), contexts with events (run.h).
 */
#ifndef PRIMITIVE_H
#define PRIMITIVE_H

#include <linux/types.h>

#include "run/accessed.h"
#include "run/scenario.h"

struct context;
struct machine;

/**
 * struct primitive - a way to notice accesses.
 * @kind:	which
 * @m:		machine
 * @bits:	accessed bits
 * @gone:	mappings that are gone, as if they were bits
 * @fault_ps:	what a fault costs its thread.  1 us is an assumption: entry,
 *		exit and a page table's change are some thousand cycles
 * @nr_faults:	that programs took
 */
struct primitive {
	enum scenario_primitive kind;
	struct machine *m;
	struct accessed bits;
	struct accessed gone;
	u64 fault_ps;
	u64 nr_faults;
};

void primitive_init(struct primitive *p, enum scenario_primitive kind,
		    struct machine *m, u64 seed);

void primitive_fini(struct primitive *p);

/* Before the tick's sleep, and after it: see struct context_ops. */
void primitive_prepare(struct primitive *p, struct context *ctx);
u32 primitive_check(struct primitive *p, struct context *ctx, bool need_max);

/**
 * primitive_young() - was a folio accessed, by its bit, since it was cleared?
 * @p:		primitive
 * @map:	page table
 * @vaddr:	in the folio
 */
bool primitive_young(struct primitive *p, const struct ram_map *map, u64 vaddr);

/* From now on it was not. */
void primitive_clear_young(struct primitive *p, const struct ram_map *map,
			   u64 vaddr);

#endif
