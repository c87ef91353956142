// SPDX-License-Identifier: GPL-2.0
/*
 * Random machines with random programs, monitors and faults: what must hold in
 * any run, and the same result however it is played.
 *
 * usage: prop_run [--seed N] [--runs N]     (1, 150)
 *
 * What is checked of each:
 *   raised = credited + absorbed + every loss + what is in the rings
 *   what the handlers were called for is what the units raised, but for faults
 *     that call a handler themselves
 *   each frame is free or held once, before and after
 *   regions are sorted and do not overlap
 *   one thread, three, and one sample after the other: the same bytes
 *
 * A failure is shrunk (faults, programs, time, CPUs) and printed as a scenario
 * that fails.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/run_json.h"
#include "run/run.h"
#include "support_rng.h"

#define FAULTS_MAX 4
#define PROGRAMS_MAX 3
#define TEXT_MAX 8192

/* What a scenario is drawn from; 0 of something is less of it. */
struct draw {
	u64 seed;
	u32 cpus;
	u32 ms;
	u32 hz;
	u32 ring;
	u32 pmu; /* 0 IBS by clock, 1 IBS by ops, 2 PEBS, 3 none */
	bool phys;
	u32 nr_programs;
	u32 program[PROGRAMS_MAX];
	u32 nr_faults;
	u32 fault[FAULTS_MAX];
	u32 luck;
	bool scheme;
	u32 sample_us;
};

static const char *const patterns[] = { "memcpy", "chase",  "stream", "triad",
					"zipf",	  "hotset", "phase",  "scan" };

static const char *const faults[] = {
	"{fault: stale_addr, probability: 30 %, at: 50 ms}",
	"{fault: garbage_addr, probability: 20 %}",
	"{fault: kernel_addr, probability: 20 %, cpu: 0}",
	"{fault: guest_addr, probability: 20 %}",
	"{fault: page_zero, probability: 10 %}",
	"{fault: no_sample, probability: 5 %}",
	"{fault: nmi_nested, probability: 30 %}",
	"{fault: nmi_storm, rate: 30000, at: 100 ms, for: 120 ms}",
	"{fault: cpu_offline, at: 60 ms, for: 90 ms}",
	"{fault: hotplug_storm, rate: 40}",
	"{fault: create_refused, probability: 2 %, error: EINVAL}",
	"{fault: pmu_taken, at: 120 ms, for: 50 ms}",
	"{fault: throttle, value: 2000, at: 100 ms}",
	"{fault: no_memory, value: 3}",
	"{fault: kdamond_stall, at: 70 ms, for: 150 ms}",
	"{fault: pause, at: 80 ms, for: 100 ms}",
	"{fault: second_context, at: 90 ms}",
	"{fault: late_wakeup, for: 2 ms, probability: 30 %}",
	"{fault: commit, at: 110 ms, set: "
	"[kdamonds.0.contexts.0.intervals.sample_us=2 ms]}",
	"{fault: commit, at: 130 ms, every: 70 ms, set: "
	"['kdamonds.0.contexts.0.sample_control.perf_events=[]']}",
	"{fault: commit_goals, at: 95 ms, every: 20 ms, set: "
	"[kdamonds.0.contexts.0.nr_regions.max=500]}",
	"{fault: deactivate, at: 75 ms, for: 60 ms}",
};

#define NR(a) (sizeof(a) / sizeof(*(a)))

static const char anywhere[] = "cpu_offline hotplug_storm kdamond_stall pause "
			       "late_wakeup commit commit_goals deactivate";

/* "{fault: pause, at" is "pause". */
static const char *name_of(u32 fault)
{
	static char name[32];

	sscanf(faults[fault], "{fault: %31[a-z_]", name);
	return name;
}

static struct draw draw_from(u64 seed)
{
	static const u32 hz[] = { 100, 250, 1000 };
	struct support_rng rng;
	struct draw d = { .seed = seed };
	u32 i;

	support_rng_init(&rng, seed);
	d.cpus = 1 + support_rng_below(&rng, 6);
	d.ms = 150 + support_rng_below(&rng, 250);
	d.hz = hz[support_rng_below(&rng, 3)];
	d.ring = 1u << support_rng_below(&rng, 9);
	d.pmu = support_rng_below(&rng, 4);
	d.phys = d.pmu < 2 && support_rng_below(&rng, 2);
	d.nr_programs = 1 + support_rng_below(&rng, PROGRAMS_MAX);
	for (i = 0; i < PROGRAMS_MAX; i++)
		d.program[i] = support_rng_below(&rng, NR(patterns));
	d.nr_faults = support_rng_below(&rng, FAULTS_MAX + 1);
	for (i = 0; i < FAULTS_MAX; i++) {
		d.fault[i] = support_rng_below(&rng, NR(faults));
		/* Without a unit to sample there is less to go wrong. */
		while (d.pmu == 3 && !strstr(anywhere, name_of(d.fault[i])))
			d.fault[i] = (d.fault[i] + 1) % NR(faults);
	}
	d.luck = support_rng_below(&rng, 1u << 16);
	d.scheme = support_rng_below(&rng, 2);
	d.sample_us = 1000 << support_rng_below(&rng, 4);
	return d;
}

/* Append to a text that has room for it. */
static void add(char *text, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void add(char *text, const char *fmt, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(text + used, TEXT_MAX - used, fmt, args) >=
	    (int)(TEXT_MAX - used))
		abort();
	va_end(args);
}

static void add_machine(char *text, const struct draw *d)
{
	static const char *const pmu[] = { "ibs_zen4", "ibs_zen5", "pebs_gnr",
					   "none" };

	add(text,
	    "seed: %llu\nduration: %u ms\nmachine:\n  pmu: %s\n  cpus: %u\n"
	    "  hz: %u\n  ring_capacity: %u\n  clock_mhz: 3000\n  nodes:\n"
	    "  - {name: dram, size: 256 MiB}\n"
	    "  - {name: cxl, size: 512 MiB, cxl: on}\n",
	    d->seed, d->ms, pmu[d->pmu], d->cpus, d->hz, d->ring);
}

static void add_programs(char *text, const struct draw *d)
{
	u32 i;

	add(text, "workloads:\n");
	for (i = 0; i < d->nr_programs; i++)
		add(text,
		    "- {pattern: %s, threads: %u, size: %u MiB, huge: %s, "
		    "guest: %s, scattered: %s, first_cpu: %u, "
		    "place: [{node: 0}, {node: 1, weight: %u}]}\n",
		    patterns[d->program[i]], 1 + (d->luck >> i) % 3,
		    16u << ((d->luck >> (2 * i)) & 1),
		    d->luck >> (i + 3) & 1 ? "on" : "off",
		    d->luck >> (i + 5) & 1 ? "on" : "off",
		    d->luck >> (i + 7) & 1 ? "on" : "off",
		    (d->luck >> (i + 9)) % d->cpus, 1 + (d->luck >> i) % 3);
}

static void add_event(char *text, const struct draw *d)
{
	if (d->pmu == 3)
		return;
	add(text, "    sample_control:\n      perf_events:\n");
	if (d->pmu == 2) {
		add(text, "      - {type: 4, config: 0x81d0, freq: on, "
			  "sample_freq: 4000, precise_ip: 2, "
			  "wakeup_events: 1, exclude_hv: off}\n");
		return;
	}
	add(text,
	    "      - {type: 11, config: %s, freq: off, "
	    "sample_period: %u, sample_phys_addr: %s, "
	    "exclude_kernel: off, exclude_hv: off}\n",
	    d->pmu ? "0x80000" : "0", 32768u << (d->luck & 3),
	    d->phys ? "on" : "off");
}

static void add_monitor(char *text, const struct draw *d)
{
	add(text, "kdamonds:\n- contexts:\n  - ops: %s\n    targets:\n",
	    d->phys ? "paddr" : "vaddr");
	if (d->phys)
		add(text, "    - regions:\n      - {start: 0, end: 700 MiB}\n");
	else
		add(text, "    - {pid: 1000}\n");
	add(text,
	    "    intervals: {sample_us: %u us, aggr_us: %u us, "
	    "ops_update_us: 60 ms}\n    nr_regions: {min: 10, max: 100}\n",
	    d->sample_us, d->sample_us * (5 + d->luck % 16));
	add_event(text, d);
	if (d->scheme)
		add(text, "    schemes:\n"
			  "    - action: migrate_hot\n"
			  "      target_nid: 0\n"
			  "      quotas: {sz_bytes: 4 MiB, "
			  "reset_interval_ms: 20 ms}\n");
}

static void write_scenario(char *text, const struct draw *d)
{
	u32 i;

	*text = '\0';
	add_machine(text, d);
	add_programs(text, d);
	add_monitor(text, d);
	if (d->nr_faults)
		add(text, "faults:\n");
	for (i = 0; i < d->nr_faults; i++)
		add(text, "- %s\n", faults[d->fault[i]]);
}

/* The scenario was refused: that is no failure to be made smaller. */
static bool refused;

static u64 nr_raised_all, nr_runs_all, nr_started_all;

/* Frames of a node that somebody holds, counted by asking for each. */
static u64 held_pages(struct run *r, u32 nid)
{
	const struct ram_node *n = &r->m.ram.node[nid];
	struct ram_map *map;
	u64 at, vaddr, nr = 0;

	for (at = n->start; at < n->start + n->sz; at += RAM_PAGE_BYTES) {
		if (!ram_owner(&r->m.ram, at, &map, &vaddr))
			continue;
		if (ram_translate(map, vaddr) != at)
			return ~0ULL;
		nr++;
	}
	return nr;
}

/* Do handlers see what the units raise? */
static bool calls_itself(const struct draw *d)
{
	u32 i;

	for (i = 0; i < d->nr_faults; i++)
		if (strstr(faults[d->fault[i]], "nmi_nested"))
			return true;
	return false;
}

static u64 units_raised(const struct run *r)
{
	u64 nr = r->m.substrate.nr_samples;
	u32 i, j;

	for (i = 0; i < r->m.nr_cpus; i++)
		for (j = 0; j < r->m.cpu[i].nr_samplers; j++)
			nr += r->m.cpu[i].sampler[j]->nr_samples;
	return nr;
}

static const char *fault_of(struct run *r, const struct draw *d)
{
	struct damon_balance b;
	u32 t, i;

	run_balance(r, &b);
	nr_raised_all += b.raised;
	if (!damon_balance_holds(&b))
		return "samples are not accounted for";
	if (!calls_itself(d) && b.raised != units_raised(r))
		return "handlers were called for other samples than were "
		       "raised";
	for (i = 0; i < r->m.ram.nr_nodes; i++)
		if (held_pages(r, i) !=
		    (r->m.ram.node[i].sz >> RAM_PAGE_SHIFT) -
			    r->m.ram.node[i].nr_free)
			return "frames are not held by who they lead to";
	for (t = 0; t < r->ctx.nr_targets; t++) {
		const struct regions *v = &r->ctx.targets[t].regions;

		for (i = 0; i < v->nr; i++)
			if (v->at[i].start >= v->at[i].end ||
			    (i && v->at[i - 1].end > v->at[i].start))
				return "regions are not in order";
	}
	return NULL;
}

/* Run once.  Return: what does not hold, or NULL; *@json is the result. */
static const char *run_once(const struct draw *d, u32 threads, bool stepped,
			    char **json)
{
	static char text[TEXT_MAX], why[512];
	struct run_options opt = { .nr_threads = threads, .stepped = stepped };
	struct config_error err = { 0 };
	const char *found;
	struct scenario s;
	static struct run r;
	size_t sz;
	FILE *f;
	int ret;

	*json = NULL;
	write_scenario(text, d);
	refused = true;
	if (scenario_parse(&s, text, strlen(text), "drawn", NULL, 0, &err)) {
		snprintf(why, sizeof(why), "line %u: %s", err.line, err.text);
		return why;
	}
	ret = run_init(&r, &s, &opt, why, sizeof(why));
	if (ret) {
		scenario_fini(&s);
		return why;
	}
	refused = false;
	ret = run_go(&r);
	found = ret ? "the run failed" : fault_of(&r, d);
	nr_started_all += r.started;
	nr_runs_all++;
	f = open_memstream(json, &sz);
	if (!f || run_json(f, &r, -1, true))
		abort();
	fclose(f);
	run_fini(&r);
	scenario_fini(&s);
	return found;
}

static const char *check(const struct draw *d)
{
	char *one, *three, *steps;
	const char *found = run_once(d, 1, false, &one);

	if (found) {
		free(one);
		return found;
	}
	found = run_once(d, 3, false, &three);
	if (!found && strcmp(one, three))
		found = "three threads have another result than one";
	free(three);
	if (!found) {
		found = run_once(d, 1, true, &steps);
		if (!found && strcmp(one, steps))
			found = "step by step there is another result";
		free(steps);
	}
	free(one);
	return found;
}

/* Less of @d in one way; false if there is no such way. */
static bool smaller(struct draw *d, u32 way)
{
	u32 i;

	if (way < FAULTS_MAX) {
		if (way >= d->nr_faults)
			return false;
		for (i = way; i + 1 < d->nr_faults; i++)
			d->fault[i] = d->fault[i + 1];
		d->nr_faults--;
		return true;
	}
	switch (way - FAULTS_MAX) {
	case 0:
		d->ms /= 2;
		return d->ms >= 10;
	case 1:
		return d->nr_programs > 1 && d->nr_programs--;
	case 2:
		return d->cpus > 1 && d->cpus--;
	case 3:
		if (!d->scheme)
			return false;
		d->scheme = false;
		return true;
	default:
		return false;
	}
}

static struct draw shrink(struct draw d)
{
	struct draw less;
	bool again = true;
	u32 way;

	while (again) {
		again = false;
		for (way = 0; way < FAULTS_MAX + 4; way++) {
			less = d;
			if (!smaller(&less, way) || !check(&less) || refused)
				continue;
			d = less;
			again = true;
		}
	}
	return d;
}

int main(int argc, char **argv)
{
	u64 seed = 1, runs = 150, i;
	char text[TEXT_MAX];
	struct draw d;
	int a;

	for (a = 1; a + 1 < argc; a += 2) {
		if (!strcmp(argv[a], "--seed"))
			seed = strtoull(argv[a + 1], NULL, 0);
		else if (!strcmp(argv[a], "--runs"))
			runs = strtoull(argv[a + 1], NULL, 0);
	}
	for (i = 0; i < runs; i++) {
		d = draw_from(seed + i);
		if (!check(&d))
			continue;
		d = shrink(d);
		write_scenario(text, &d);
		printf("prop_run: seed %llu: %s; the least that does it:\n%s",
		       seed + i, check(&d), text);
		return 1;
	}
	printf("prop_run: %llu scenarios from seed %llu, %llu runs of which "
	       "%llu monitored, %llu samples: all hold\n",
	       runs, seed, nr_runs_all, nr_started_all, nr_raised_all);
	return nr_raised_all && nr_started_all ? 0 : 1;
}
