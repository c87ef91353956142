// SPDX-License-Identifier: GPL-2.0
/* Building and stepping a machine, see machine.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "run/machine.h"

#define PS_PER_S 1000000000000ULL
#define PS_PER_US 1000000ULL

/* How long a thread keeps a CPU that it shares. */
#define SLICE_PS (4 * 1000 * PS_PER_US)

/* Where processes map: below the stack of a 47-bit address space. */
#define ARENA_START 0x7f0000000000ULL

/* Virtual addresses between two areas: more than they round up to. */
#define ARENA_GAP (1ULL << 30)

/* First address that no process has. */
#define TASK_SIZE 0x7ffffffff000ULL

static int init_memory(struct machine *m, const char **why)
{
	const struct scenario_machine *sm = &m->s->machine;
	struct ram_node_spec spec[RAM_NODES_MAX];
	u64 end = 0;
	u32 i;
	int err;

	for (i = 0; i < sm->nr_nodes; i++) {
		const struct scenario_node *n = &sm->nodes[i];
		struct tier_spec tier = {
			.latency_ps = n->latency_ns * 1000,
			.read_bytes_per_s = n->read_bytes_per_s,
			.write_bytes_per_s = n->write_bytes_per_s,
			.knee_pct = n->knee_pct,
		};

		spec[i].start = n->start == CONFIG_NO_BOUND ? end : n->start;
		spec[i].sz = n->sz;
		end = spec[i].start + n->sz;
		*why = "a node's memory cannot be as it is said";
		err = tier_init(&m->tier[i], &tier);
		if (err)
			return err;
	}
	*why = "the nodes' memory cannot lie as it is said";
	return ram_init(&m->ram, spec, sm->nr_nodes);
}

static int init_cpus(struct machine *m)
{
	const struct scenario_machine *sm = &m->s->machine;
	struct cpu *cpu;
	u32 i;
	int err = cpus_init(&m->cpus, sm->ring_capacity);

	if (err)
		return err;
	m->nr_cpus = sm->nr_cpus;
	m->cpu = calloc(m->nr_cpus, sizeof(*m->cpu));
	if (!m->cpu)
		return -ENOMEM;
	for (i = 0; i < m->nr_cpus && !err; i++) {
		err = cpus_get(&m->cpus, i, &cpu);
		if (!err)
			run_cpu_init(&m->cpu[i], i, cpu, m->s->seed, &m->env);
	}
	return err;
}

static void init_env(struct machine *m)
{
	const struct scenario_machine *sm = &m->s->machine;

	perf_limit_init(&m->limit, sm->hz, sm->max_sample_rate,
			sm->cpu_time_max_percent);
	m->env = (struct run_env){
		.ram = &m->ram,
		.limit = &m->limit,
		.sampling = { .addr_end = TASK_SIZE },
		.tick_ps = PS_PER_S / sm->hz,
		.slice_ps = SLICE_PS,
		.idle_ppm = sm->idle_sample_ppm,
		.invalid_paddr_ppm = sm->pmu_knobs.invalid_paddr_ppm,
	};
	run_env_nmi(&m->env, sm->pmu_knobs.nmi_median_ns,
		    sm->pmu_knobs.nmi_sigma_x1000,
		    sm->pmu_knobs.nmi_handler_pct);
}

/* What the machine decides of a pattern's parameters. */
static struct workload_params params_of(const struct machine *m,
					const struct scenario_workload *spec)
{
	const struct scenario_machine *sm = &m->s->machine;
	struct workload_params p = spec->params;

	p.trace = spec->trace;
	p.l2_bytes = sm->l2_bytes;
	p.l3_bytes = sm->l3_bytes;
	p.tlb_bytes = (u64)sm->tlb_entries
		      << (p.huge ? RAM_BLOCK_SHIFT : RAM_PAGE_SHIFT);
	p.clock_mhz = sm->clock_mhz;
	return p;
}

static u64 round_up(u64 sz)
{
	return (sz + RAM_BLOCK_BYTES - 1) & ~(RAM_BLOCK_BYTES - 1);
}

/* All of the program's memory. */
static u64 program_bytes(const struct program *p)
{
	const struct workload_params *params = &p->w.params;

	return round_up(params->shared ? params->sz :
					 params->sz * params->nr_threads);
}

static int lay(struct machine *m, struct program *p, u64 start)
{
	const struct scenario_workload *spec = p->spec;
	struct ram_policy policy = {
		.nr_nodes = m->ram.nr_nodes,
		.granule = spec->granule,
		.scattered = spec->scattered,
		.seed = m->s->seed + spec->pid,
		.lazy = !strcmp(spec->kind, "cold"),
		.strict = spec->nr_place != 0,
	};
	u32 i;

	for (i = 0; i < spec->nr_place; i++)
		policy.weight[spec->place[i].nid] = spec->place[i].weight;
	if (!spec->nr_place)
		policy.weight[0] = 1;
	return ram_map_add(&m->ram, spec->pid, start, program_bytes(p),
			   p->w.params.huge, &policy, &p->map);
}

static void place_threads(struct machine *m, struct program *p)
{
	const struct workload_params *params = &p->w.params;
	u64 start;
	u32 i;

	for (i = 0; i < p->nr_threads; i++) {
		struct run_thread *rt = &p->thread[i];

		start = p->map->start + (params->shared ? 0 : i * params->sz);
		*rt = (struct run_thread){
			.program = p - m->program,
			.tgid = p->spec->pid,
			.tid = p->spec->pid + i,
			.cpu = (p->spec->first_cpu + i) % m->nr_cpus,
		};
		workload_thread_init(&rt->t, &p->w, i, &m->ram, p->map, start,
				     params->sz);
	}
}

static int init_program(struct machine *m, u32 i, u64 *next_start,
			const char **why)
{
	struct program *p = &m->program[i];
	struct workload_params params;
	const struct workload_kind *kind;
	u64 start;
	int err;

	p->spec = &m->s->workloads[i];
	kind = workload_kind_find(p->spec->kind);
	*why = "there is no such pattern";
	if (!kind)
		return -EINVAL;
	params = params_of(m, p->spec);
	err = workload_init(&p->w, kind, &params, why);
	if (err)
		return err;
	m->w[i] = &p->w;
	start = p->spec->start == CONFIG_NO_BOUND ? *next_start :
						    p->spec->start;
	*why = "its memory does not fit, or overlaps";
	err = lay(m, p, start);
	if (err)
		return err;
	*next_start = start + round_up(p->map->sz) + ARENA_GAP;
	p->nr_threads = params.nr_threads;
	p->thread = calloc(p->nr_threads, sizeof(*p->thread));
	if (!p->thread)
		return -ENOMEM;
	place_threads(m, p);
	return 0;
}

int machine_init(struct machine *m, const struct scenario *s, const char **why)
{
	u64 next_start = ARENA_START;
	u32 i;
	int err;

	*m = (struct machine){ .s = s };
	*why = "out of memory";
	init_env(m);
	err = init_memory(m, why);
	if (!err)
		err = init_cpus(m);
	m->nr_programs = s->nr_workloads;
	m->program = calloc(m->nr_programs + 1, sizeof(*m->program));
	m->w = calloc(m->nr_programs + 1, sizeof(*m->w));
	if (!err && (!m->program || !m->w))
		err = -ENOMEM;
	for (i = 0; i < m->nr_programs && !err; i++)
		err = init_program(m, i, &next_start, why);
	if (!err)
		err = substrate_init(&m->substrate, s, m->w, m->nr_programs,
				     m->cpu);
	if (err) {
		if (err == -ENOMEM)
			*why = "out of memory";
		machine_fini(m);
		return err;
	}
	machine_look(m);
	return 0;
}

void machine_fini(struct machine *m)
{
	u32 i, j;

	substrate_fini(&m->substrate);
	for (i = 0; m->program && i < m->nr_programs; i++) {
		for (j = 0;
		     m->program[i].thread && j < m->program[i].nr_threads; j++)
			page_faults_fini(&m->program[i].thread[j].ahead);
		free(m->program[i].thread);
		if (m->program[i].w.kind)
			workload_fini(&m->program[i].w);
	}
	for (i = 0; m->cpu && i < m->nr_cpus; i++) {
		page_faults_fini(&m->cpu[i].held);
		free(m->cpu[i].thread);
	}
	free(m->program);
	free(m->w);
	free(m->cpu);
	cpus_fini(&m->cpus);
	ram_fini(&m->ram);
	*m = (struct machine){ 0 };
}

/* The CPU that a thread runs on if it wants to run on @cpu. */
static u32 online_from(const struct machine *m, u32 cpu)
{
	u32 i;

	for (i = 0; i < m->nr_cpus; i++)
		if (m->cpu[(cpu + i) % m->nr_cpus].online)
			return (cpu + i) % m->nr_cpus;
	return cpu;
}

/* Who runs where, anew: in the order of programs and threads. */
static int place_all(struct machine *m)
{
	struct run_thread **grown;
	u32 i, j;

	for (i = 0; i < m->nr_cpus; i++)
		m->cpu[i].nr_threads = 0;
	for (i = 0; i < m->nr_programs; i++) {
		struct program *p = &m->program[i];

		for (j = 0; p->running && j < p->nr_threads; j++) {
			struct run_cpu *c =
				&m->cpu[online_from(m, p->thread[j].cpu)];

			grown = realloc(c->thread,
					(c->nr_threads + 1) * sizeof(*grown));
			if (!grown)
				return -ENOMEM;
			c->thread = grown;
			c->thread[c->nr_threads++] = &p->thread[j];
		}
	}
	return 0;
}

u64 machine_programs(struct machine *m)
{
	u64 next_ps = ~0ULL, start_ps, stop_ps;
	bool changed = false, running;
	u32 i;

	for (i = 0; i < m->nr_programs; i++) {
		struct program *p = &m->program[i];

		start_ps = p->spec->start_us * PS_PER_US;
		stop_ps = p->spec->stop_us == CONFIG_NO_BOUND ?
				  ~0ULL :
				  p->spec->stop_us * PS_PER_US;
		running = m->now_ps >= start_ps && m->now_ps < stop_ps;
		changed |= running != p->running;
		p->running = running;
		if (m->now_ps < start_ps && start_ps < next_ps)
			next_ps = start_ps;
		else if (running && stop_ps < next_ps)
			next_ps = stop_ps;
	}
	if (changed)
		place_all(m);
	return next_ps;
}

void machine_offline(struct machine *m, u32 cpu)
{
	m->cpu[cpu].online = false;
	place_all(m);
}

void machine_online(struct machine *m, u32 cpu)
{
	m->cpu[cpu].online = true;
	place_all(m);
}

struct program *machine_program(const struct machine *m, u32 tgid)
{
	u32 i;

	for (i = 0; i < m->nr_programs; i++)
		if (m->program[i].spec->pid == tgid)
			return &m->program[i];
	return NULL;
}
