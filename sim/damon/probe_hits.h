/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which address of a region stands for it in a tick, and what probes find
 * there.
 *
 * One address is drawn for each region and tick: by the check of accesses that
 * comes first, if it needs one, and else by the first probe to look.  So
 * whoever looks at the same tick looks at the same address.
 *
 * Not here: what a probe is (probe.h).
 */
#ifndef PROBE_HITS_H
#define PROBE_HITS_H

#include <linux/types.h>

struct context;

/**
 * struct probe_samples - an address of each region.
 * @addr:	in the order of targets and addresses, in address units
 * @max:	room in @addr
 * @gen:	context.regions_gen of which they are
 * @drawn:	they are of this tick
 */
struct probe_samples {
	u64 *addr;
	u64 max;
	u64 gen;
	bool drawn;
};

/**
 * probe_draw_samples() - draw this tick's addresses, unless they have been.
 * @ctx:	context
 *
 * For operations that sample addresses themselves, in their
 * prepare_access_checks(): whatever the core, it is one draw a region, in the
 * order of targets and addresses, by its own rule (profile.random).
 *
 * Return: 0; -ENOMEM, and nothing is drawn.
 */
int probe_draw_samples(struct context *ctx);

/**
 * probe_paddr_prep() - prep_probes() of physical addresses.
 * @ctx:	context
 */
void probe_paddr_prep(struct context *ctx);

/**
 * probe_paddr_apply() - apply_probes() of physical addresses.
 * @ctx:	context; without memory nothing is anywhere
 * @need_max:	all windows end: find the greatest weighted sum
 *
 * Where there is no memory for addresses a tick counts nothing.
 *
 * Return: the maximum; 0 if not @need_max.
 */
u32 probe_paddr_apply(struct context *ctx, bool need_max);

#endif
