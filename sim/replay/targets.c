// SPDX-License-Identifier: GPL-2.0
/* The targets' memory, as the capture tells of it; see targets.h. */
#include <errno.h>
#include <stdlib.h>

#include "damon/three_regions.h"
#include "replay/replay.h"
#include "replay/targets.h"

/* A sample of a process stands for 64 KiB: small next to the two great gaps. */
#define BLOCK_VIRT (64ULL << 10)
#define RANGES_VIRT 4096

/* Physical memory comes in blocks of 128 MiB on x86 (memory hotplug). */
#define BLOCK_PHYS (128ULL << 20)
#define RANGES_PHYS 64

/* The architectures' limits: 52 bits physical on x86-64 and arm64. */
#define PHYS_END (1ULL << 52)

int targets_add(struct replay *r, u32 tgid, const struct range *range, u32 nr)
{
	u32 i = r->ctx.nr_targets;
	struct replay_target *grown;
	int err;

	grown = realloc(r->target, (i + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	r->target = grown;
	grown[i] = (struct replay_target){ .fixed = nr };
	err = context_add_target(&r->ctx, tgid);
	if (err)
		return err;
	heat_init(&grown[i].heat, r->begin_ns, r->ctx.attrs.aggr_us * 1000);
	if (r->sampling.phys)
		space_init(&grown[i].space, BLOCK_PHYS, RANGES_PHYS, PHYS_END);
	else
		space_init(&grown[i].space, BLOCK_VIRT, RANGES_VIRT,
			   r->sampling.addr_end);
	return nr ? context_set_regions(&r->ctx, i, range, nr) : 0;
}

/* What a record tells one target; *@start and *@end are set if it does. */
static bool target_told(const struct replay *r, u32 target,
			const struct trace_record *rec, u64 *start, u64 *end)
{
	u64 block = r->target[target].space.sz_block;
	u64 addr = r->sampling.phys ? rec->phys_addr : rec->addr;

	if (!r->sampling.phys && rec->pid != r->ctx.targets[target].tgid)
		return false;
	switch (rec->type) {
	case TRACE_SAMPLE:
		if (r->sampling.phys ? !(rec->has & TRACE_HAS_PHYS_ADDR) :
				       !addr || addr >= r->sampling.addr_end)
			return false;
		*start = addr & ~(block - 1);
		*end = *start + block;
		return true;
	case TRACE_MMAP:
		*start = rec->addr;
		*end = rec->addr + rec->nr;
		return !r->sampling.phys && *end > *start;
	case TRACE_COMM:
		*start = *end = 0;
		return !r->sampling.phys && rec->has & TRACE_HAS_EXEC;
	default:
		return false;
	}
}

int targets_learn(struct replay *r, const struct trace_record *rec)
{
	u64 start, end;
	u32 i;
	int err = 0;

	for (i = 0; i < r->ctx.nr_targets && !err; i++)
		if (!r->target[i].fixed && target_told(r, i, rec, &start, &end))
			err = end ? space_add(&r->target[i].space, start, end) :
				    space_clear(&r->target[i].space);
	return err;
}

static int target_update(struct replay *r, u32 target)
{
	struct replay_target *t = &r->target[target];
	struct range three[3];
	int (*set)(struct context * ctx, u32 target, const struct range *range,
		   u32 nr) = r->ctx.targets[target].regions.nr ?
				     context_set_regions :
				     context_set_areas;

	if (t->fixed || !t->space.changed)
		return 0;
	t->space.changed = false;
	if (!r->sampling.phys &&
	    !three_regions(three, t->space.range, t->space.nr))
		return set(&r->ctx, target, three, 3);
	return context_set_regions(&r->ctx, target, t->space.range,
				   t->space.nr);
}

int targets_update(struct context *ctx)
{
	struct replay *r = ctx->ops_data;
	u32 i;
	int err = 0;

	for (i = 0; i < ctx->nr_targets && !err; i++)
		err = target_update(r, i);
	return err;
}

void targets_fini(struct replay *r)
{
	u32 i;

	for (i = 0; r->target && i < r->ctx.nr_targets; i++) {
		space_fini(&r->target[i].space);
		heat_fini(&r->target[i].heat);
		free(r->target[i].building.region);
		free(r->target[i].latest.region);
	}
	free(r->target);
	r->target = NULL;
}
