/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The targets' memory, as the capture tells of it.
 *
 * A kernel asks the process which ranges it has mapped.  Here the mappings that
 * the capture recorded stand for that, and the places where samples fell; and
 * from them the regions follow as in the kernel: all but the two great gaps.
 * Physical memory is known by its blocks in which samples fell.
 */
#ifndef TARGETS_H
#define TARGETS_H

#include <linux/types.h>

#include "damon/region.h"
#include "replay/replay.h"

/**
 * targets_add() - one more target.
 * @r:		replay with sampling, begin_ns and attributes set
 * @tgid:	its process, 0 for physical memory
 * @range:	what to monitor of it
 * @nr:		of @range; 0 to follow the capture
 *
 * Return: 0; -EINVAL for ranges that no target can have; -ENOMEM.
 */
int targets_add(struct replay *r, u32 tgid, const struct range *range, u32 nr);

/**
 * targets_news() - may this record tell something of the targets' memory?
 * @r:		replay
 * @rec:	any record
 *
 * Return: false only if targets_learn() would do nothing.
 */
static inline bool targets_news(const struct replay *r,
				const struct trace_record *rec)
{
	u64 addr = r->sampling.phys ? rec->phys_addr : rec->addr;
	const struct space *s = &r->target[0].space;

	/* Nearly always: where the sample before it was. */
	return r->ctx.nr_targets != 1 || rec->type != TRACE_SAMPLE ||
	       s->last >= s->nr || addr < s->range[s->last].start ||
	       addr >= s->range[s->last].end;
}

/**
 * targets_learn() - what a record tells of the targets' memory.
 * @r:		replay
 * @rec:	any record
 *
 * Return: 0; -ENOMEM.
 */
int targets_learn(struct replay *r, const struct trace_record *rec);

/**
 * targets_update() - fit regions to what has been learnt; an operation of the
 * context (struct context_ops).
 * @ctx:	its ops_data is the replay
 *
 * Return: 0; -EINVAL; -ENOMEM.
 */
int targets_update(struct context *ctx);

void targets_fini(struct replay *r);

#endif
