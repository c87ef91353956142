/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the actions of schemes do to memory, by the rules of the kernel's
 * operations: by physical address, and by virtual address.
 *
 * Not here: memory itself (memory.h), how accesses are noticed.
 */
#ifndef OPS_H
#define OPS_H

#include <linux/types.h>

#include "scheme.h"

struct context;
struct region;

/**
 * ops_paddr_apply(), ops_vaddr_apply() - see context_ops.apply_scheme().
 * @ctx:	context; without memory nothing is done
 * @target:	index
 * @r:		region of it
 * @s:		scheme of the context
 * @sz_passed:	what the filters let pass, whole folios
 *
 * Return: what was done, in address units; more than the region where a folio
 * sticks out of it.
 */
u64 ops_paddr_apply(struct context *ctx, u32 target, const struct region *r,
		    struct scheme *s, u64 *sz_passed);
u64 ops_vaddr_apply(struct context *ctx, u32 target, const struct region *r,
		    struct scheme *s, u64 *sz_passed);

/**
 * ops_filter_folios() - do a scheme's filters let a run of folios pass?
 * @ctx:	context
 * @tgid:	whose memory, 0 for physical
 * @s:		scheme; where the core has let the region pass by name, all pass
 * @f:		run; a filter that asks whether it was accessed clears that,
 *		here too: the next one to ask finds it old
 * @reject_young: as if there were one more filter, which keeps out what was
 *		accessed
 */
bool ops_filter_folios(struct context *ctx, u32 tgid, const struct scheme *s,
		       struct folio *f, bool reject_young);

/**
 * ops_collect() - keep a run to be migrated.
 * @ctx:	context
 * @f:		run
 * @dest:	a number that stands for where to
 *
 * Return: 0; -ENOMEM, and it is not kept.
 */
int ops_collect(struct context *ctx, const struct folio *f, u32 dest);

/**
 * ops_migrate_collected() - migrate what was collected for one destination.
 * @ctx:	context
 * @tgid:	whose memory, 0 for physical
 * @dest:	as it was collected
 * @nid:	to which node; one that is none takes nothing
 *
 * Neighbours in the collection that are on one node go together, the last of
 * them first: that is who gets the room if it is scarce.
 *
 * Return: bytes.
 */
u64 ops_migrate_collected(struct context *ctx, u32 tgid, u32 dest, s32 nid);

#endif
