/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A machine as a scenario describes it: memory, CPUs with their sampling units,
 * and programs that run on them.
 *
 * The machine is stepped from outside: CPUs are played (span.h), and now and
 * then what was done is looked at (machine_look()), so that memory that is
 * asked for much becomes slower and programs with it.
 *
 * Not here: who monitors it (loop.h), what goes wrong (faults.h).
 */
#ifndef MACHINE_H
#define MACHINE_H

#include "machine/cpus.h"
#include "perf_limit.h"
#include "ram.h"
#include "run/run_cpu.h"
#include "run/scenario.h"
#include "run/substrate.h"
#include "tier.h"
#include "workload.h"

/**
 * struct program - a workload of the scenario.
 * @spec:	what the scenario says
 * @w:		pattern
 * @map:	page table of its memory
 * @thread:	threads
 * @nr_threads:	of @thread
 * @running:	they are on their CPUs
 * @done_bytes:	of work, by all threads, until the latest look
 * @ran_ps:	that it ran, in the machine's time
 */
struct program {
	const struct scenario_workload *spec;
	struct workload w;
	struct ram_map *map;
	struct run_thread *thread;
	u32 nr_threads;
	bool running;
	u64 done_bytes;
	u64 ran_ps;
};

/**
 * struct machine - all of it.
 * @s:		scenario, outlives it
 * @ram:	memory
 * @tier:	by node
 * @node_bytes:	that programs took from it or gave to it, all together
 * @program:	by workload of the scenario
 * @nr_programs: of them
 * @w:		the programs' patterns, for events
 * @cpus:	rings
 * @cpu:	CPUs
 * @nr_cpus:	of @cpu
 * @env:	what they read
 * @limit:	of perf
 * @substrate:	perf core for DAMON's events
 * @now_ps:	until when CPUs were played
 * @looked_ps:	when it was looked at last
 */
struct machine {
	const struct scenario *s;
	struct ram ram;
	struct tier tier[RAM_NODES_MAX];
	u64 node_bytes[RAM_NODES_MAX];
	struct program *program;
	u32 nr_programs;
	const struct workload **w;
	struct cpus cpus;
	struct run_cpu *cpu;
	u32 nr_cpus;
	struct run_env env;
	struct perf_limit limit;
	struct substrate substrate;
	u64 now_ps;
	u64 looked_ps;
};

/**
 * machine_init() - build it; nothing runs yet.
 * @m:		storage, not to be moved
 * @s:		a scenario that was checked
 * @why:	on failure: what could not be, a text that stays
 *
 * Return: 0; -EINVAL; -ENOMEM.
 */
int machine_init(struct machine *m, const struct scenario *s, const char **why);

void machine_fini(struct machine *m);

/**
 * machine_start(), machine_stop() - programs begin and end as the scenario
 * says.
 * @m:		machine, played until the time in question
 *
 * Return: when that changes next, ~0 for never.
 */
u64 machine_programs(struct machine *m);

/*
 * How long a line takes that is anywhere in a program's memory, by the share of
 * it that is on each node and how busy that is just now; 0 if nothing is there.
 */
double machine_line_ns(const struct machine *m, const struct program *p);

/* What happened since the last look: loads, paces, limits of perf. */
void machine_look(struct machine *m);

/* A CPU goes: its threads move to the next one that is there. */
void machine_offline(struct machine *m, u32 cpu);
void machine_online(struct machine *m, u32 cpu);

/* The program of a process, or NULL. */
struct program *machine_program(const struct machine *m, u32 tgid);

#endif
