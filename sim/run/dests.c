// SPDX-License-Identifier: GPL-2.0
/* Shares of weighted destinations, see dests.h. */
#include "run/dests.h"
#include "run/run.h"

#define ONE_BP 10000

/* Of all targets, on a node. */
static u64 pages_on(const struct run *r, u32 nid)
{
	const struct program *p;
	u64 nr = 0;
	u32 i;

	for (i = 0; i < r->ctx.nr_targets; i++) {
		p = machine_program(&r->m, r->ctx.targets[i].tgid);
		nr += p ? p->map->nr_pages[nid] : 0;
	}
	return nr;
}

static void look_at_scheme(struct run *r, u32 scheme)
{
	const struct scheme *s = &r->ctx.schemes[scheme];
	u64 weight[RAM_NODES_MAX] = { 0 }, pages[RAM_NODES_MAX] = { 0 };
	u64 all_weight = 0, all_pages = 0;
	u32 i, nid;

	for (i = 0; i < s->nr_dests; i++) {
		nid = s->dest[i].nid;
		if (nid >= r->m.ram.nr_nodes)
			continue;
		weight[nid] += s->dest[i].weight;
		all_weight += s->dest[i].weight;
	}
	for (nid = 0; nid < r->m.ram.nr_nodes; nid++) {
		pages[nid] = weight[nid] ? pages_on(r, nid) : 0;
		all_pages += pages[nid];
	}
	for (nid = 0; nid < r->m.ram.nr_nodes && all_pages; nid++) {
		const struct measure_goal what = {
			.scheme = scheme,
			.of_dests = true,
			.nid = nid,
			.target = weight[nid] * ONE_BP / (all_weight ?: 1),
		};

		if (weight[nid])
			measure_add(&r->measure, &what,
				    pages[nid] * ONE_BP / all_pages);
	}
}

void dests_look(struct run *r)
{
	u32 i;

	if (r->ctx.ops_id == OPS_PADDR)
		return;
	for (i = 0; i < r->ctx.nr_schemes; i++)
		if (r->ctx.schemes[i].nr_dests)
			look_at_scheme(r, i);
}
