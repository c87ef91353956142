// SPDX-License-Identifier: GPL-2.0
/* Metrics of goals, see goal.h. */
#include <damon/quota.h>

#include "context.h"
#include "damos.h"
#include "goal.h"

static u64 bp(u64 part, u64 whole)
{
	return __damon_mult_frac(part, 10000, whole);
}

static u64 psi_us(struct context *ctx, struct goal *goal)
{
	struct memory_totals totals = { 0 };
	u64 last = goal->last_psi_us;

	ctx->memory.ops->totals(ctx->memory.data, &totals);
	goal->last_psi_us = totals.psi_some_us;
	/* Nothing to compare with: as if it were just as wanted. */
	if (last == GOAL_PSI_UNKNOWN)
		return goal->target_value;
	return totals.psi_some_us - last;
}

/* Of a node's pages, those in use (by a group), or all others. */
static u64 node_mem_bp(struct context *ctx, const struct goal *goal,
		       bool of_memcg, bool used)
{
	const struct memory_ops *ops = ctx->memory.ops;
	struct memory_node node;
	u64 nr;

	if (!ops->node(ctx->memory.data, goal->nid, &node))
		return used ? 0 : 10000;
	if (of_memcg) {
		if (!ops->memcg_pages(ctx->memory.data, goal->nid, goal->memcg,
				      &nr))
			return used ? 0 : 10000;
	} else {
		nr = node.nr_pages - node.nr_free;
	}
	if (!node.nr_pages || node.nr_pages < nr)
		return used ? 10000 : 0;
	return bp(used ? nr : node.nr_pages - nr, node.nr_pages);
}

static u64 lru_bp(struct context *ctx, bool active)
{
	struct memory_totals totals = { 0 };
	u64 all;

	ctx->memory.ops->totals(ctx->memory.data, &totals);
	all = totals.nr_active + totals.nr_inactive;
	return (active ? totals.nr_active : totals.nr_inactive) * 10000 /
	       (all ? all : 1);
}

static u64 huge_bp(struct context *ctx)
{
	struct memory_totals totals = { 0 };

	ctx->memory.ops->totals(ctx->memory.data, &totals);
	if (totals.nr_pages <= totals.nr_free)
		return 10000;
	return bp(totals.nr_huge, totals.nr_pages - totals.nr_free);
}

/* Bytes of folios in [@start, @end), and of those on @nid. */
static void count_on_node(struct context *ctx, u64 start, u64 end, s32 nid,
			  u64 *total, u64 *on_node)
{
	u64 addr = start, next, sz;
	struct folio f;

	while (addr < end) {
		if (!ctx->memory.ops->folio_at(ctx->memory.data, addr, &f)) {
			next = (addr & ~(PAGE_BYTES - 1)) + f.nr * PAGE_BYTES;
		} else {
			next = f.start + f.nr * f.sz;
			sz = (next < end ? next : end) - addr;
			*total += sz;
			if (f.nid == nid)
				*on_node += sz;
		}
		/* The end of the address space. */
		if (next <= addr)
			break;
		addr = next;
	}
}

/* Of the memory that the scheme's pattern means, how much is on a node. */
static u64 node_eligible_mem_bp(struct context *ctx, const struct scheme *s,
				const struct goal *goal)
{
	u64 total = 0, on_node = 0;
	u32 t, i;

	if (ctx->ops_id != OPS_PADDR ||
	    !ctx->memory.ops->node(ctx->memory.data, goal->nid, NULL))
		return 0;
	for (t = 0; t < ctx->nr_targets; t++) {
		const struct regions *v = &ctx->targets[t].regions;

		for (i = 0; i < v->nr; i++) {
			if (damos_in_pattern(ctx, &v->at[i], &s->pattern))
				count_on_node(ctx,
					      v->at[i].start * ctx->addr_unit,
					      v->at[i].end * ctx->addr_unit,
					      goal->nid, &total, &on_node);
		}
	}
	return total ? bp(on_node, total) : 0;
}

static u64 measure(struct context *ctx, const struct scheme *s,
		   struct goal *goal)
{
	switch (goal->metric) {
	case GOAL_SOME_MEM_PSI_US:
		return psi_us(ctx, goal);
	case GOAL_NODE_MEM_USED_BP:
		return node_mem_bp(ctx, goal, false, true);
	case GOAL_NODE_MEM_FREE_BP:
		return node_mem_bp(ctx, goal, false, false);
	case GOAL_NODE_MEMCG_USED_BP:
		return node_mem_bp(ctx, goal, true, true);
	case GOAL_NODE_MEMCG_FREE_BP:
		return node_mem_bp(ctx, goal, true, false);
	case GOAL_ACTIVE_MEM_BP:
		return lru_bp(ctx, true);
	case GOAL_INACTIVE_MEM_BP:
		return lru_bp(ctx, false);
	case GOAL_NODE_ELIGIBLE_MEM_BP:
		return node_eligible_mem_bp(ctx, s, goal);
	case GOAL_HUGEPAGE_MEM_BP:
		return huge_bp(ctx);
	default:
		return goal->current_value;
	}
}

void goal_measure(struct context *ctx, const struct scheme *s,
		  struct goal *goal)
{
	const struct context_observer *observer = ctx->observer;

	if (ctx->memory.ops || goal->metric == GOAL_USER_INPUT)
		goal->current_value = measure(ctx, s, goal);
	if (observer && observer->goal)
		observer->goal(ctx->observer_data, ctx, s - ctx->schemes, goal);
}
