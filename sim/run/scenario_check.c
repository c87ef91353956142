// SPDX-License-Identifier: GPL-2.0
/*
 * What cannot be together in a scenario: the machine, and the whole.
 *
 * Every rule says what it found, at the line that can be changed, and what was
 * expected; nothing is made to fit.  What the file leaves out, and other values
 * decide, gets its value here.
 *
 * Not here: workloads, faults and the kdamonds: part (scenario_check_*.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_check.h"
#include "run/scenario_schema.h"

/* What x86 can address. */
#define MAX_PADDR (1ull << 52)

int scenario_check_node(void *obj, const struct config_node *node,
			struct config_error *err)
{
	struct scenario_node *n = obj;
	const struct tier_spec *tier = n->cxl ? &tier_cxl : &tier_dram;

	if (n->sz % RAM_BLOCK_BYTES || n->sz > MAX_PADDR)
		return config_fault(err, place(node, "size"),
				    "a node of %llu bytes; expected a multiple "
				    "of 2 MiB, at most 4 PiB",
				    n->sz);
	if (n->start != CONFIG_NO_BOUND &&
	    (n->start % RAM_BLOCK_BYTES || n->start > MAX_PADDR - n->sz))
		return config_fault(err, place(node, "start"),
				    "a node at %llu; expected a multiple of "
				    "2 MiB, and an end at 4 PiB at most",
				    n->start);
	if (!n->latency_ns)
		n->latency_ns = tier->latency_ps / 1000;
	if (!n->read_bytes_per_s)
		n->read_bytes_per_s = tier->read_bytes_per_s;
	if (!n->write_bytes_per_s)
		n->write_bytes_per_s = tier->write_bytes_per_s;
	if (!n->knee_pct)
		n->knee_pct = tier->knee_pct;
	return 0;
}

static int check_numbers(const struct scenario_machine *m,
			 const struct config_node *node,
			 struct config_error *err)
{
	u32 max_cpus = scenario_preset_cpus(m->preset);

	if (max_cpus && m->nr_cpus > max_cpus)
		return config_fault(err, place(node, "cpus"),
				    "%u CPUs of a %s, which has %u; expected "
				    "at most these, or a machine without "
				    "preset",
				    m->nr_cpus, m->preset, max_cpus);
	if (m->hz != 100 && m->hz != 250 && m->hz != 300 && m->hz != 1000)
		return config_fault(err, place(node, "hz"),
				    "%u timer ticks a second, with which no "
				    "kernel is built; expected 100, 250, 300 "
				    "or 1000",
				    m->hz);
	if (m->ring_capacity & (m->ring_capacity - 1))
		return config_fault(err, place(node, "ring_capacity"),
				    "rings of %u slots, which the substrate "
				    "refuses (EINVAL); expected a power of two",
				    m->ring_capacity);
	return 0;
}

/* The name and the place that the file leaves out. */
static int complete_node(struct scenario_machine *m, u32 i,
			 const struct config_node *node,
			 struct config_error *err)
{
	struct scenario_node *n = &m->nodes[i];

	if (!n->name && asprintf(&n->name, "node%u", i) < 0) {
		n->name = NULL;
		return config_nomem(err);
	}
	if (n->start != CONFIG_NO_BOUND)
		return 0;
	n->start = i ? n[-1].start + n[-1].sz : 0;
	if (n->start <= MAX_PADDR - n->sz)
		return 0;
	return config_fault(err, node,
			    "node %u would end above 4 PiB; expected less "
			    "memory, or a lower start of the one before",
			    i);
}

static bool overlap(u64 a, u64 sz_a, u64 b, u64 sz_b)
{
	return a < b + sz_b && b < a + sz_a;
}

int scenario_check_machine(void *obj, const struct config_node *node,
			   struct config_error *err)
{
	struct scenario_machine *m = obj;
	const struct config_node *list = config_node_get(node, "nodes");
	const struct config_node *item = list ? list->first : NULL;
	int ret = check_numbers(m, node, err);
	u32 i, j;

	for (i = 0; i < m->nr_nodes && !ret; i++, item = item->next) {
		const struct scenario_node *n = &m->nodes[i];

		ret = complete_node(m, i, item, err);
		for (j = 0; j < i && !ret; j++) {
			const struct scenario_node *o = &m->nodes[j];

			if (overlap(n->start, n->sz, o->start, o->sz))
				ret = config_fault(
					err, place(item, "start"),
					"node %u (%s) has addresses of node "
					"%u (%s); expected nodes apart",
					i, n->name, j, o->name);
			else if (!strcmp(n->name, o->name))
				ret = config_fault(
					err, place(item, "name"),
					"nodes %u and %u are both called %s; "
					"expected a name of its own",
					j, i, n->name);
		}
	}
	return ret;
}

int scenario_check(void *obj, const struct config_node *node,
		   struct config_error *err)
{
	struct scenario *s = obj;
	int ret;

	if (s->settle_us != CONFIG_NO_BOUND && s->settle_us >= s->duration_us)
		return config_fault(err, place(node, "settle"),
				    "settled at %llu us of %llu us; expected a "
				    "time before the end of the run",
				    s->settle_us, s->duration_us);
	ret = scenario_check_workloads(s, config_node_get(node, "workloads"),
				       err);
	if (!ret)
		ret = scenario_check_config(s, &s->config, node, err);
	if (!ret)
		ret = scenario_check_faults(s, config_node_get(node, "faults"),
					    err);
	return ret;
}
