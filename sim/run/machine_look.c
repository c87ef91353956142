// SPDX-License-Identifier: GPL-2.0
/*
 * What crosses CPUs, looked at now and then: how much programs asked of nodes,
 * how fast that lets them be, and how long interrupts took.
 */
#include "run/machine.h"

double machine_line_ns(const struct machine *m, const struct program *p)
{
	double sum = 0;
	u64 pages = 0;
	u32 i;

	for (i = 0; i < m->ram.nr_nodes; i++) {
		sum += m->tier[i].loaded_ps / 1e3 * p->map->nr_pages[i];
		pages += p->map->nr_pages[i];
	}
	return pages ? sum / pages : 0;
}

/* What a program asked of each node since the last look. */
static void look_at_program(struct machine *m, struct program *p,
			    u64 *read_bytes, u64 *write_bytes)
{
	u64 units = 0, pages = 0, bytes;
	u32 i;

	for (i = 0; i < p->nr_threads; i++) {
		struct run_thread *rt = &p->thread[i];

		units += rt->t.units - rt->units_seen;
		rt->units_seen = rt->t.units;
	}
	p->done_bytes += units * p->w.unit_bytes;
	for (i = 0; i < m->ram.nr_nodes; i++)
		pages += p->map->nr_pages[i];
	for (i = 0; i < m->ram.nr_nodes && pages; i++) {
		bytes = (unsigned __int128)units * p->w.cost.read_bytes *
			p->map->nr_pages[i] / pages;
		read_bytes[i] += bytes;
		m->node_bytes[i] += bytes;
		bytes = (unsigned __int128)units * p->w.cost.write_bytes *
			p->map->nr_pages[i] / pages;
		write_bytes[i] += bytes;
		m->node_bytes[i] += bytes;
	}
}

static void set_pace(const struct machine *m, struct program *p)
{
	struct workload_pace pace = { .core_ps = p->w.cost.core_ps };
	u32 i;

	for (i = 0; i < m->ram.nr_nodes; i++) {
		pace.read_ps[i] = tier_read_ps(
			&m->tier[i], p->w.cost.read_bytes, p->w.cost.mlp_x16);
		pace.write_ps[i] = tier_write_ps(
			&m->tier[i], p->w.cost.write_bytes, p->w.cost.mlp_x16);
	}
	for (i = 0; i < p->nr_threads; i++) {
		p->thread[i].t.pace = pace;
		p->thread[i].t.changed = true;
	}
}

/* Interrupts that take too long lower the limits, in the order of CPUs. */
static void look_at_interrupts(struct machine *m)
{
	u32 i;

	for (i = 0; i < m->nr_cpus; i++) {
		perf_limit_lower(&m->limit, m->cpu[i].took_max_ns);
		m->cpu[i].took_max_ns = 0;
	}
}

void machine_look(struct machine *m)
{
	u64 read_bytes[RAM_NODES_MAX] = { 0 };
	u64 write_bytes[RAM_NODES_MAX] = { 0 };
	u64 ns = (m->now_ps - m->looked_ps) / 1000;
	u32 i;

	for (i = 0; i < m->nr_programs; i++)
		look_at_program(m, &m->program[i], read_bytes, write_bytes);
	for (i = 0; ns && i < m->ram.nr_nodes; i++)
		tier_step(&m->tier[i], read_bytes[i], write_bytes[i], ns);
	for (i = 0; i < m->nr_programs; i++) {
		set_pace(m, &m->program[i]);
		if (m->program[i].running)
			m->program[i].ran_ps += m->now_ps - m->looked_ps;
	}
	m->looked_ps = m->now_ps;
	look_at_interrupts(m);
}
