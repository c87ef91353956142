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
 * table.  What becomes of it then is one of two:
 *
 *   page_fault		the region that was sampled is credited at the check,
 *			and so is another that has a part of the folio
 *   page_fault_ring	the thread reports it, in process context, into the
 *			ring of its CPU, as samples are; the check drains the
 *			rings (primitive_ring.c)
 *
 * Patterns tell whether a folio was accessed since its mapping went, and not
 * when: so the reports of a tick are made at its check, in an order by luck.
 * That is enough for what a ring does: between two drains it matters how many
 * there are, and which come when it is full.  No NMI can be told to come in
 * between one: a context has events or a primitive, never both, and the one
 * fault that does (nmi_nested) strikes samples.
 *
 * Left out: a fault that comes after its tick's check, since the mapping is
 * taken to be there again.  In life it waits for whoever comes, and a cold page
 * gives its region an access late; to play that each folio that is out would be
 * asked for at each tick, which are soon all there are, or patterns would have
 * to tell when a folio's next access is, which those in order could and those
 * by luck would have to draw and keep.  Left out too: a folio that cannot be
 * locked or is on no list.
 *
 * Not here: when a bit is set (accessed.h), contexts with events (run.h).
 */
#ifndef PRIMITIVE_H
#define PRIMITIVE_H

#include <linux/types.h>

#include "run/accessed.h"
#include "run/luck.h"
#include "run/scenario.h"

struct context;
struct damon_tick_stats;
struct feed;
struct machine;

/* A fault of this tick, to be reported: who took it, and where. */
struct primitive_hit {
	const struct ram_map *map;
	u64 vaddr;
	u32 thread;
};

/**
 * struct primitive - a way to notice accesses.
 * @kind:	which
 * @m:		machine
 * @bits:	accessed bits
 * @gone:	mappings that are gone, as if they were bits
 * @fault_ps:	what a fault costs its thread.  1 us is an assumption: entry,
 *		exit and a page table's change are some thousand cycles
 * @nr_faults:	that programs took
 * @luck:	in which order those of a tick are reported
 * @hit:	those of a tick
 * @nr_hits:	of @hit
 * @hits_max:	room
 * @err:	-ENOMEM: the host's memory was not enough for them
 */
struct primitive {
	enum scenario_primitive kind;
	struct machine *m;
	struct accessed bits;
	struct accessed gone;
	u64 fault_ps;
	u64 nr_faults;
	struct luck luck;
	struct primitive_hit *hit;
	u32 nr_hits;
	u32 hits_max;
	int err;
};

void primitive_init(struct primitive *p, enum scenario_primitive kind,
		    struct machine *m, u64 seed);

void primitive_fini(struct primitive *p);

/* Before the tick's sleep, and after it: see struct context_ops. */
void primitive_prepare(struct primitive *p, struct context *ctx);
u32 primitive_check(struct primitive *p, struct context *ctx, bool need_max);

/* primitive_ring.c: a fault to be reported.  Return: 0; -ENOMEM. */
int primitive_hit_add(struct primitive *p, const struct primitive_hit *hit);

/**
 * primitive_drain() - page_fault_ring, after primitive_check(): threads report,
 * and the kdamond drains.
 * @p:		primitive
 * @ctx:	context, is credited
 * @feed:	of it
 * @stats:	grows by what became of the reports
 *
 * Return: reports that were drained.
 */
u32 primitive_drain(struct primitive *p, struct context *ctx, struct feed *feed,
		    struct damon_tick_stats *stats);

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
