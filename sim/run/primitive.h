/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a context without perf events notices accesses: by the accessed bit of
 * one page of each region, or by taking that page's mapping away and waiting
 * for the fault.
 *
 * They are the baselines that hardware sampling is compared with.  A page's bit
 * is set when its translation is loaded, not when it is used: what stays in a
 * TLB after the bit was cleared does not set it again.
 *
 * Not here: contexts with events (run.h).
 */
#ifndef PRIMITIVE_H
#define PRIMITIVE_H

#include <linux/types.h>

#include "run/luck.h"
#include "run/scenario.h"

struct context;
struct machine;

/**
 * struct primitive - what is kept from prepare to check.
 * @kind:	which
 * @m:		machine
 * @luck:	for patterns that are random
 * @addr:	page of each region, in the order of targets
 * @max:	room in @addr
 * @nr_faults:	that programs took for it, with page faults
 */
struct primitive {
	enum scenario_primitive kind;
	struct machine *m;
	struct luck luck;
	u64 *addr;
	u32 max;
	u64 nr_faults;
};

void primitive_init(struct primitive *p, enum scenario_primitive kind,
		    struct machine *m, u64 seed);

void primitive_fini(struct primitive *p);

/* Before the tick's sleep, and after it: see struct context_ops. */
void primitive_prepare(struct primitive *p, struct context *ctx);
u32 primitive_check(struct primitive *p, struct context *ctx, bool need_max);

/**
 * primitive_young() - was a page accessed since clear_young?  For filters.
 * @p:		primitive
 * @tgid:	whose page
 * @vaddr:	where
 */
bool primitive_young(struct primitive *p, u32 tgid, u64 vaddr);

#endif
