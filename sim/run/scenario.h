/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a scenario file says, as plain structs: a machine, what it runs, who
 * monitors it, and what goes wrong when.
 *
 * The file is YAML.  Its kdamonds: part has exactly the structure that damo
 * reads and writes and is read by the same tables (config/config.h); events of
 * a context stand there under sample_control.perf_events.  Every other key is
 * one of the tables of scenario_schema.c, with its default and its bounds;
 * nothing is clamped.
 *
 * Not here: what cannot be together (scenario_check.c), building a machine of
 * it (machine.h).
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <linux/types.h>

#include "config/config.h"
#include "tier.h"
#include "workload.h"

/* Which sampling unit the CPUs have. */
enum scenario_pmu {
	SCENARIO_PMU_NONE,
	SCENARIO_PMU_IBS_ZEN3,
	SCENARIO_PMU_IBS_ZEN4,
	SCENARIO_PMU_IBS_ZEN5,
	SCENARIO_PMU_PEBS_SPR, /* Sapphire Rapids */
	SCENARIO_PMU_PEBS_GNR, /* Granite Rapids */
};

/* Whose perf core: what differs between kernels outside of DAMON. */
enum scenario_kernel {
	SCENARIO_KERNEL_NEW,
	SCENARIO_KERNEL_6_12,
};

/* How a context without perf events notices accesses. */
enum scenario_primitive {
	SCENARIO_ACCESSED_BIT,
	SCENARIO_PAGE_FAULT,
	SCENARIO_PAGE_FAULT_RING,
};

/**
 * struct scenario_node - a NUMA node.
 * @name:	for reports, never NULL
 * @start:	physical address, a multiple of 2 MiB; without the key behind
 *		the node before, the first at 0
 * @sz:		bytes
 * @cxl:	its defaults are those of a CXL card, and IBS tells it so
 * @latency_ns, @read_bytes_per_s, @write_bytes_per_s, @knee_pct: struct
 *		tier_spec
 */
struct scenario_node {
	char *name;
	u64 start;
	u64 sz;
	bool cxl;
	u64 latency_ns;
	u64 read_bytes_per_s;
	u64 write_bytes_per_s;
	u32 knee_pct;
};

/**
 * struct scenario_pmu_knobs - what is not known of PMUs, or differs.
 * @invalid_paddr_ppm, @restart_max, @stores_pass_l3, @cxl_as_dram: struct
 *		ibs_op_knobs
 * @arm_max:	struct pebs_knobs
 * @nmi_median_ns: of the time that an interrupt takes until the PMU counts
 *		again
 * @nmi_sigma_x1000: its spread: sigma of the logarithm, in thousandths
 * @nmi_handler_pct: of that, what perf measures as its handler's: not the entry
 *		and the exit.  Assumption
 */
struct scenario_pmu_knobs {
	u32 invalid_paddr_ppm;
	u32 restart_max;
	bool stores_pass_l3;
	bool cxl_as_dram;
	u32 arm_max;
	u32 nmi_median_ns;
	u32 nmi_sigma_x1000;
	u32 nmi_handler_pct;
};

/**
 * struct scenario_machine - the hardware and its kernel.
 * @preset:	whose values these are where the file has none, or NULL
 * @pmu:	sampling unit
 * @kernel:	perf core
 * @nr_cpus:	at most 8192
 * @clock_mhz:	of each
 * @hz:		timer ticks a second: 100, 250, 300 or 1000
 * @max_sample_rate: kernel.perf_event_max_sample_rate
 * @cpu_time_max_percent: kernel.perf_cpu_time_max_percent
 * @ring_capacity: slots of each CPU's ring, a power of two
 * @l2_bytes, @l3_bytes, @tlb_entries: caches, of a core; pages of either size
 * @idle_sample_ppm: share of time in which a CPU without threads does run
 *		something of the kernel's
 * @wakeup_us:	how late a sleeper wakes up, median
 * @walk_ns, @migrate_folio_ns, @migrate_bytes_per_s: what the kdamond's work on
 *		memory costs, see ram_ops.h
 * @hint_fault_ns: see struct primitive
 * @major_fault_ns: see struct touch
 * @nodes:	at least one
 */
struct scenario_machine {
	char *preset;
	enum scenario_pmu pmu;
	enum scenario_kernel kernel;
	u32 nr_cpus;
	u32 clock_mhz;
	u32 hz;
	u32 max_sample_rate;
	u32 cpu_time_max_percent;
	u32 ring_capacity;
	u64 l2_bytes;
	u64 l3_bytes;
	u32 tlb_entries;
	u32 idle_sample_ppm;
	u32 wakeup_us;
	u32 walk_ns;
	u32 migrate_folio_ns;
	u32 hint_fault_ns;
	u32 major_fault_ns;
	u64 migrate_bytes_per_s;
	struct scenario_pmu_knobs pmu_knobs;
	struct scenario_node *nodes;
	u32 nr_nodes;
};

/* How much of a workload's memory lies on a node at first. */
struct scenario_place {
	u32 nid;
	u32 weight;
};

/**
 * struct scenario_workload - a program.
 * @kind:	name of its pattern
 * @pid:	of the process and its first thread; the others have the numbers
 *		behind it; without the key 1000 times its place in the file,
 *		from 1
 * @start:	virtual address of its memory; without the key behind the one
 *		before, in whole GiB
 * @start_us, @stop_us: when it runs; CONFIG_NO_BOUND: to the end
 * @first_cpu:	thread i runs on CPU first_cpu + i, modulo the number of CPUs;
 *		of several on a CPU each runs for a slice in turn
 * @scattered:	frames of a node in random order
 * @granule:	bytes that go to one node in turn; without the key a folio
 * @place:	nodes at first, each once; none: all on node 0
 * @params:	struct workload_params, but for what the machine decides
 * @trace:	file whose samples are its accesses
 */
struct scenario_workload {
	char *kind;
	u32 pid;
	u64 start;
	u64 start_us;
	u64 stop_us;
	u32 first_cpu;
	bool scattered;
	u64 granule;
	struct scenario_place *place;
	u32 nr_place;
	struct workload_params params;
	char *trace;
};

/* What can go wrong, or be done to a running machine. */
enum scenario_fault_kind {
	SCENARIO_FAULT_STALE_ADDR, /* address flags clear, stale values */
	SCENARIO_FAULT_GARBAGE_ADDR, /* address flag set, any value */
	SCENARIO_FAULT_KERNEL_ADDR,
	SCENARIO_FAULT_GUEST_ADDR,
	SCENARIO_FAULT_PAGE_ZERO, /* physical page 0, flag set */
	SCENARIO_FAULT_NO_SAMPLE, /* the handler is called without data */
	SCENARIO_FAULT_NMI_NESTED, /* a process-context report under way */
	SCENARIO_FAULT_NMI_STORM, /* @rate samples a second more */
	SCENARIO_FAULT_CPU_OFFLINE, /* for @for_us, then online again */
	SCENARIO_FAULT_HOTPLUG_STORM, /* off and on, @rate a second */
	SCENARIO_FAULT_CREATE_REFUSED, /* with @error */
	SCENARIO_FAULT_PMU_TAKEN, /* by another user, for @for_us */
	SCENARIO_FAULT_THROTTLE, /* the limits are lowered to @value a second */
	SCENARIO_FAULT_NO_MEMORY, /* the @value-th allocation from now fails */
	SCENARIO_FAULT_KDAMOND_STALL, /* for @for_us */
	SCENARIO_FAULT_PAUSE, /* for @for_us */
	SCENARIO_FAULT_DEACTIVATE, /* watermarks, for @for_us */
	SCENARIO_FAULT_COMMIT, /* the context becomes what @set makes of it */
	SCENARIO_FAULT_COMMIT_GOALS, /* of that, the goals only */
	SCENARIO_FAULT_SECOND_CONTEXT, /* asks for the substrate */
	SCENARIO_FAULT_LATE_WAKEUP, /* by @for_us */
};

/**
 * struct scenario_fault - one of them.
 * @name:	as reports call it, never NULL
 * @kind:	what
 * @at_us:	simulated time of the first
 * @until_us:	no more of it from then on; equal to @at_us for once.  Without
 *		the key those that strike by luck, and those that come again,
 *		go on to the end, and others happen once
 * @every_us:	again and again, 0: not
 * @for_us:	how long each lasts; 0: until @until_us
 * @cpu:	on which, CONFIG_NO_ID: all, or the one that luck chooses
 * @probability_ppm: of each sample, create or wake-up that it can strike
 * @rate:	per second
 * @value:	see the kind
 * @error:	errno, positive
 * @set:	of commits: "path=value" to be applied to the kdamonds: part as
 *		the commit before left it
 * @nr_set:	of them
 */
struct scenario_set {
	char *text;
};

struct scenario_fault {
	char *name;
	enum scenario_fault_kind kind;
	u64 at_us;
	u64 until_us;
	u64 every_us;
	u64 for_us;
	s32 cpu;
	u32 probability_ppm;
	u64 rate;
	u64 value;
	u32 error;
	struct scenario_set *set;
	u32 nr_set;
};

/**
 * struct scenario - all of it.
 * @about:	what it shows
 * @seed:	of all luck
 * @duration_us: simulated
 * @settle_us:	from when on means and spreads are taken; CONFIG_NO_BOUND: from
 *		when the goal was reached
 * @kdamond_primitive: how a context without events notices accesses
 * @machine, @workloads, @faults: see above
 * @config:	the kdamonds: part; nr_kdamonds may be 0 if it comes from
 *		elsewhere
 */
struct scenario {
	char *about;
	u64 seed;
	u64 duration_us;
	u64 settle_us;
	enum scenario_primitive primitive;
	struct scenario_machine machine;
	struct scenario_workload *workloads;
	u32 nr_workloads;
	struct scenario_fault *faults;
	u32 nr_faults;
	struct config config;
};

/**
 * scenario_load() - read a scenario.
 * @s:		filled on success, then for scenario_fini()
 * @path:	file, or "-" for standard input
 * @set:	"path=value" to be put in place of what the file says, e.g.
 *		"machine.cpus=16" or
 *		"kdamonds.0.contexts.0.intervals.sample_us=1 ms"
 * @nr_set:	of @set
 * @err:	filled on failure; a value of @set is said to stand in
 *		"--set N", from 1, without a line
 *
 * Return: 0; -EINVAL; -EFBIG; -ENOMEM; -errno of the system.
 */
int scenario_load(struct scenario *s, const char *path, const char *const *set,
		  u32 nr_set, struct config_error *err);

/* The same for a text that @name calls. */
int scenario_parse(struct scenario *s, const char *text, size_t sz,
		   const char *name, const char *const *set, u32 nr_set,
		   struct config_error *err);

void scenario_fini(struct scenario *s);

/* Does it write a configuration, all of it or its goals? */
static inline bool scenario_is_commit(const struct scenario_fault *f)
{
	return f->kind == SCENARIO_FAULT_COMMIT ||
	       f->kind == SCENARIO_FAULT_COMMIT_GOALS;
}

/* The commit that comes first, or first after @prev; NULL if there is none. */
const struct scenario_fault *
scenario_next_commit(const struct scenario *s,
		     const struct scenario_fault *prev);

/**
 * scenario_commit() - the configuration that a commit fault asks for.
 * @s:		scenario, for the machine
 * @from:	what was written before: the scenario's configuration, or what
 *		the commit before made of it
 * @fault:	of it
 * @cfg:	filled on success: @from with @fault->set
 * @err:	filled on failure
 *
 * scenario_load() has tried all of them, in the order of
 * scenario_next_commit(), if there was a kdamonds: part.
 *
 * Return: as scenario_load().
 */
int scenario_commit(const struct scenario *s, const struct config *from,
		    const struct scenario_fault *fault, struct config *cfg,
		    struct config_error *err);

/* The name of a kind of fault, as files and reports have it. */
const char *scenario_fault_name(enum scenario_fault_kind kind);

#endif
