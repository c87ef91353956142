// SPDX-License-Identifier: GPL-2.0
/*
 * What this machine makes of a configuration that a kernel could take: memory,
 * nodes and processes that it has not.
 *
 * As in config_check.c, each fault says what a kernel does about it.
 */
#include "config/config_check.h"
#include "run/scenario_schema.h"

/* Is all of [@start, @end) some node's memory? */
static bool has_memory(const struct scenario_machine *m, u64 start, u64 end)
{
	u32 i = 0;

	while (start < end && i < m->nr_nodes) {
		const struct scenario_node *n = &m->nodes[i++];

		if (start < n->start || start - n->start >= n->sz)
			continue;
		start = n->start + n->sz;
		i = 0;
	}
	return start >= end;
}

static int check_regions(const struct scenario *s,
			 const struct config_context *ctx,
			 const struct config_target *target,
			 const struct config_node *list,
			 struct config_error *err)
{
	u64 start, end;
	u32 i;

	for (i = 0; i < target->nr_regions; i++) {
		const struct config_region *r = &target->regions[i];

		if (!__builtin_mul_overflow(r->start, ctx->addr_unit, &start) &&
		    !__builtin_mul_overflow(r->end, ctx->addr_unit, &end) &&
		    has_memory(&s->machine, start, end))
			continue;
		return ignored(err,
			       config_fault(err, config_node_item(list, i),
					    "a region from %llu to %llu, in "
					    "units of %llu, where the machine "
					    "has no memory; expected it within "
					    "its nodes",
					    r->start, r->end, ctx->addr_unit));
	}
	return 0;
}

static int check_targets(const struct scenario *s,
			 const struct config_context *ctx,
			 const struct config_node *node,
			 struct config_error *err)
{
	const struct config_node *list = config_node_get(node, "targets");
	const struct config_node *item;
	int ret = 0;
	u32 i, j;

	for (i = 0; i < ctx->nr_targets && !ret; i++) {
		const struct config_target *t = &ctx->targets[i];

		item = config_node_item(list, i);
		if (ctx->ops == CONFIG_OPS_PADDR) {
			ret = check_regions(s, ctx, t,
					    config_node_get(item, "regions"),
					    err);
			continue;
		}
		for (j = 0; j < s->nr_workloads; j++) {
			if (s->workloads[j].pid == (u32)t->pid)
				break;
		}
		if (j == s->nr_workloads)
			ret = config_fault(
				err, place(item, "pid"),
				"pid %d is no workload's: no such process "
				"(EINVAL); expected the pid of one",
				t->pid);
	}
	return ret;
}

static int check_nid(const struct scenario *s, s64 nid,
		     const struct config_node *node, struct config_error *err)
{
	if (nid < s->machine.nr_nodes)
		return 0;
	return ignored(err,
		       config_fault(err, node,
				    "node %lld of %u; expected one that the "
				    "machine has",
				    nid, s->machine.nr_nodes));
}

static int check_scheme(const struct scenario *s,
			const struct config_scheme *scheme,
			const struct config_node *node,
			struct config_error *err)
{
	const struct config_node *list = config_node_get(node, "dests");
	const struct config_quotas *quotas = &scheme->quotas;
	int ret;
	u32 i;

	ret = check_nid(s, scheme->target_nid, place(node, "target_nid"), err);
	for (i = 0; i < scheme->nr_dests && !ret; i++)
		ret = check_nid(s, scheme->dests[i].id,
				place(config_node_item(list, i), "id"), err);
	list = config_node_get(config_node_get(node, "quotas"), "goals");
	for (i = 0; i < quotas->nr_goals && !ret; i++)
		ret = check_nid(s, quotas->goals[i].nid,
				place(config_node_item(list, i), "nid"), err);
	return ret;
}

static int check_context(const struct scenario *s,
			 const struct config_context *ctx,
			 const struct config_node *node,
			 struct config_error *err)
{
	const struct config_node *list;
	int ret;
	u32 i;

	ret = check_targets(s, ctx, node, err);
	list = config_node_get(config_node_get(node, "sample_control"),
			       "perf_events");
	for (i = 0; i < ctx->sample_control.nr_events && !ret; i++)
		ret = scenario_check_event(s, &ctx->sample_control.events[i],
					   config_node_item(list, i), err);
	list = config_node_get(node, "schemes");
	for (i = 0; i < ctx->nr_schemes && !ret; i++)
		ret = check_scheme(s, &ctx->schemes[i],
				   config_node_item(list, i), err);
	return ret;
}

int scenario_check_config(const struct scenario *s, const struct config *cfg,
			  const struct config_node *node,
			  struct config_error *err)
{
	const struct config_node *list = config_node_get(node, "kdamonds");
	const struct config_node *contexts;

	if (!cfg->nr_kdamonds)
		return 0;
	if (cfg->nr_kdamonds > 1)
		return ignored(err, config_fault(err, config_node_item(list, 1),
						 "%u kdamonds, of which one is "
						 "simulated; expected one, or "
						 "the fault second_context",
						 cfg->nr_kdamonds));
	contexts = config_node_get(config_node_item(list, 0), "contexts");
	return check_context(s, cfg->kdamonds[0].contexts,
			     config_node_item(contexts, 0), err);
}
