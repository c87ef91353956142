// SPDX-License-Identifier: GPL-2.0
/*
 * Every key of a scenario: its place, its default, its bounds.
 *
 * The tables are those of config_schema.h, and the kdamonds: part is its own.
 * Sources of the defaults: those of the models that they go to (ibs_op.h,
 * pebs.h, perf_limit.h, workload.h; tests/test_scenario.c holds them against
 * each other); 256 slots a ring and 40 ns a page walked as published for the
 * first version of the substrate; the rest is of the order that machines have,
 * and a knob.
 * docs/SCENARIO.md says what each means and is checked against these tables.
 */
#include <errno.h>
#include <limits.h>

#include <damon/ring.h>

#include "config/config_table.h"
#include "run/scenario_schema.h"

#define MAX_CPUS 8192
#define MAX_MHZ 10000
#define MAX_THREADS 65536
#define ONE_PPM 1000000u

/* clang-format off */

static const char *const primitive_words[] = {
	"accessed_bit", "page_fault", "page_fault_ring", NULL
};
static const char *const pmu_words[] = {
	"none", "ibs_zen3", "ibs_zen4", "ibs_zen5", "pebs_spr", "pebs_gnr", NULL
};
static const char *const kernel_words[] = { "new", "6.12", NULL };
static const char *const fault_words[] = {
	"stale_addr", "garbage_addr", "kernel_addr", "guest_addr", "page_zero",
	"no_sample", "nmi_nested", "nmi_storm", "cpu_offline", "hotplug_storm",
	"create_refused", "pmu_taken", "throttle", "no_memory", "kdamond_stall",
	"pause", "deactivate", "commit", "commit_goals", "second_context",
	"late_wakeup", NULL
};
static const char *const error_words[] = {
	"EPERM", "ENOENT", "ENOMEM", "EACCES", "EBUSY", "ENODEV", "EINVAL",
	"EMFILE", "ENOSPC", "EOPNOTSUPP", NULL
};
static const u32 error_values[] = {
	EPERM, ENOENT, ENOMEM, EACCES, EBUSY, ENODEV, EINVAL, EMFILE, ENOSPC,
	EOPNOTSUPP
};

static const struct config_key node_keys[] = {
	{ "name", TEXT(scenario_node, name) },
	{ "start", NUMBER(scenario_node, start, BYTES),
	  .def = CONFIG_NO_BOUND },
	{ "size", NUMBER(scenario_node, sz, BYTES), .flags = CONFIG_REQUIRED,
	  .min = 1 },
	{ "cxl", BOOL(scenario_node, cxl) },
	{ "latency", NUMBER(scenario_node, latency_ns, NS), .min = 1,
	  .max = 1000000 },
	{ "read", NUMBER(scenario_node, read_bytes_per_s, RATE), .min = 1 },
	{ "write", NUMBER(scenario_node, write_bytes_per_s, RATE), .min = 1 },
	{ "knee", NUMBER(scenario_node, knee_pct, PERCENT), .min = 1,
	  .max = 100 },
	{ 0 }
};
static const struct config_map node_map = {
	"a node", sizeof(struct scenario_node), node_keys, scenario_check_node
};

static const struct config_key knob_keys[] = {
	{ "invalid_paddr",
	  NUMBER(scenario_pmu_knobs, invalid_paddr_ppm, PPM), .max = ONE_PPM },
	{ "restart_max", NUMBER(scenario_pmu_knobs, restart_max, COUNT),
	  .def = 128 },
	{ "stores_pass_l3", BOOL(scenario_pmu_knobs, stores_pass_l3) },
	{ "cxl_as_dram", BOOL(scenario_pmu_knobs, cxl_as_dram) },
	{ "arm_max", NUMBER(scenario_pmu_knobs, arm_max, COUNT), .def = 4,
	  .min = 1 },
	{ "nmi", NUMBER(scenario_pmu_knobs, nmi_median_ns, NS), .def = 2000,
	  .max = 1000000000 },
	{ "nmi_sigma", NUMBER(scenario_pmu_knobs, nmi_sigma_x1000, MILLI),
	  .def = 400, .max = 5000 },
	{ "nmi_handler", NUMBER(scenario_pmu_knobs, nmi_handler_pct, PERCENT),
	  .def = 75, .max = 100 },
	{ 0 }
};
static const struct config_map knobs_map = {
	"pmu_knobs", sizeof(struct scenario_pmu_knobs), knob_keys, NULL
};

static const struct config_key machine_keys[] = {
	{ "preset", TEXT(scenario_machine, preset) },
	{ "pmu", WORD(scenario_machine, pmu, pmu) },
	{ "kernel", WORD(scenario_machine, kernel, kernel) },
	{ "cpus", NUMBER(scenario_machine, nr_cpus, COUNT), .def = 4, .min = 1,
	  .max = MAX_CPUS },
	{ "clock_mhz", NUMBER(scenario_machine, clock_mhz, COUNT), .def = 3000,
	  .min = 100, .max = MAX_MHZ },
	{ "hz", NUMBER(scenario_machine, hz, COUNT), .def = 1000 },
	{ "max_sample_rate", NUMBER(scenario_machine, max_sample_rate, COUNT),
	  .def = 100000, .min = 1, .max = SCENARIO_MAX_SAMPLE_RATE },
	{ "cpu_time_max",
	  NUMBER(scenario_machine, cpu_time_max_percent, PERCENT), .def = 25,
	  .max = 100 },
	{ "ring_capacity", NUMBER(scenario_machine, ring_capacity, COUNT),
	  .def = 256, .min = 1, .max = DAMON_RING_CAPACITY_MAX },
	{ "l2", NUMBER(scenario_machine, l2_bytes, BYTES), .def = 1 << 20 },
	{ "l3", NUMBER(scenario_machine, l3_bytes, BYTES), .def = 4 << 20 },
	{ "tlb_entries", NUMBER(scenario_machine, tlb_entries, COUNT),
	  .def = 2048 },
	{ "idle", NUMBER(scenario_machine, idle_sample_ppm, PPM), .def = 1000,
	  .max = ONE_PPM },
	{ "wakeup", NUMBER(scenario_machine, wakeup_us, US), .def = 50,
	  .max = 60000000 },
	{ "walk", NUMBER(scenario_machine, walk_ns, NS), .def = 40,
	  .max = 1000000000 },
	{ "migrate_folio", NUMBER(scenario_machine, migrate_folio_ns, NS),
	  .def = 3000, .max = 1000000000 },
	{ "hint_fault", NUMBER(scenario_machine, hint_fault_ns, NS),
	  .def = 1000, .max = 1000000000 },
	{ "major_fault", NUMBER(scenario_machine, major_fault_ns, NS),
	  .def = 100000, .max = 1000000000 },
	{ "migrate_rate", NUMBER(scenario_machine, migrate_bytes_per_s, RATE),
	  .def = 4000000000ull, .min = 1 },
	{ "pmu_knobs", MAP(scenario_machine, pmu_knobs, knobs) },
	{ "nodes", LIST(scenario_machine, nodes, nr_nodes, node),
	  .flags = CONFIG_REQUIRED, .min = 1, .max = RAM_NODES_MAX },
	{ 0 }
};
static const struct config_map machine_map = {
	"the machine", sizeof(struct scenario_machine), machine_keys,
	scenario_check_machine
};

static const struct config_key place_keys[] = {
	{ "node", NUMBER(scenario_place, nid, COUNT),
	  .flags = CONFIG_REQUIRED },
	{ "weight", NUMBER(scenario_place, weight, COUNT), .def = 1,
	  .max = 1000000 },
	{ 0 }
};
static const struct config_map place_map = {
	"a place", sizeof(struct scenario_place), place_keys, NULL
};

static const struct config_key workload_keys[] = {
	{ "pattern", TEXT(scenario_workload, kind), .flags = CONFIG_REQUIRED },
	{ "pid", NUMBER(scenario_workload, pid, COUNT), .min = 1,
	  .max = 1 << 22 },
	{ "threads", NUMBER(scenario_workload, params.nr_threads, COUNT),
	  .def = 1, .min = 1, .max = MAX_THREADS },
	{ "size", NUMBER(scenario_workload, params.sz, BYTES),
	  .flags = CONFIG_REQUIRED, .min = 1 },
	{ "shared", BOOL(scenario_workload, params.shared) },
	{ "guest", BOOL(scenario_workload, params.guest) },
	{ "huge", BOOL(scenario_workload, params.huge) },
	{ "start", NUMBER(scenario_workload, start, BYTES),
	  .def = CONFIG_NO_BOUND },
	{ "at", NUMBER(scenario_workload, start_us, US), .max = MAX_US },
	{ "until", NUMBER(scenario_workload, stop_us, US),
	  .def = CONFIG_NO_BOUND, .max = MAX_US },
	{ "first_cpu", NUMBER(scenario_workload, first_cpu, COUNT) },
	{ "scattered", BOOL(scenario_workload, scattered) },
	{ "granule", NUMBER(scenario_workload, granule, BYTES), .min = 1 },
	{ "place", LIST(scenario_workload, place, nr_place, place),
	  .max = RAM_NODES_MAX },
	{ "read", NUMBER(scenario_workload, params.read_pct, PERCENT),
	  .def = 67, .max = 100 },
	{ "vector", NUMBER(scenario_workload, params.vec_bytes, BYTES),
	  .def = 64 },
	{ "windows", NUMBER(scenario_workload, params.nr_windows, COUNT) },
	{ "nt_threshold", NUMBER(scenario_workload, params.nt_threshold, BYTES),
	  .def = 24 << 20 },
	{ "stride", NUMBER(scenario_workload, params.stride, BYTES),
	  .def = 256, .min = 1 },
	{ "theta", NUMBER(scenario_workload, params.zipf_theta_x1000, MILLI),
	  .def = 990, .max = 2000 },
	{ "hot", NUMBER(scenario_workload, params.hot_pct, PERCENT), .def = 10,
	  .max = 100 },
	{ "hot_access",
	  NUMBER(scenario_workload, params.hot_access_pct, PERCENT),
	  .def = 90, .max = 100 },
	{ "phase", NUMBER(scenario_workload, params.phase_ms, MS), .def = 10000,
	  .min = 1 },
	{ "touch", NUMBER(scenario_workload, params.touch_bytes_per_s, RATE),
	  .def = 1ull << 30 },
	{ "trace", TEXT(scenario_workload, trace) },
	{ 0 }
};
static const struct config_map workload_map = {
	"a workload", sizeof(struct scenario_workload), workload_keys,
	scenario_check_workload
};

static const struct config_key set_keys[] = {
	{ "set", TEXT(scenario_set, text) },
	{ 0 }
};
static const struct config_map set_map = {
	"set", sizeof(struct scenario_set), set_keys, NULL
};

static const struct config_key fault_keys[] = {
	{ "fault", WORD(scenario_fault, kind, fault),
	  .flags = CONFIG_REQUIRED },
	{ "name", TEXT(scenario_fault, name) },
	{ "at", NUMBER(scenario_fault, at_us, US), .max = MAX_US },
	{ "until", NUMBER(scenario_fault, until_us, US),
	  .def = CONFIG_NO_BOUND, .max = MAX_US },
	{ "every", NUMBER(scenario_fault, every_us, US), .max = MAX_US },
	{ "for", NUMBER(scenario_fault, for_us, US), .max = MAX_US },
	{ "cpu", ID(scenario_fault, cpu) },
	{ "probability", NUMBER(scenario_fault, probability_ppm, PPM),
	  .def = ONE_PPM, .min = 1, .max = ONE_PPM },
	{ "rate", NUMBER(scenario_fault, rate, COUNT), .min = 1,
	  .max = SCENARIO_MAX_SAMPLE_RATE },
	{ "value", NUMBER(scenario_fault, value, COUNT), .min = 1 },
	{ "error", WORD(scenario_fault, error, error), .values = error_values,
	  .def = EBUSY },
	{ "set", LIST(scenario_fault, set, nr_set, set),
	  .flags = CONFIG_PLAIN },
	{ 0 }
};
static const struct config_map fault_map = {
	"a fault", sizeof(struct scenario_fault), fault_keys,
	scenario_check_fault
};

static const struct config_key root_keys[] = {
	{ "about", TEXT(scenario, about) },
	{ "seed", NUMBER(scenario, seed, COUNT), .def = 1 },
	{ "duration", NUMBER(scenario, duration_us, US),
	  .flags = CONFIG_REQUIRED, .min = 1, .max = MAX_US },
	{ "settle", NUMBER(scenario, settle_us, US), .def = CONFIG_NO_BOUND,
	  .max = MAX_US },
	{ "primitive", WORD(scenario, primitive, primitive) },
	{ "machine", MAP(scenario, machine, machine),
	  .flags = CONFIG_REQUIRED },
	{ "workloads", LIST(scenario, workloads, nr_workloads, workload) },
	{ "faults", LIST(scenario, faults, nr_faults, fault) },
	{ "profile", WORD(scenario, config.profile, config_profile) },
	{ "kdamonds",
	  LIST(scenario, config.kdamonds, config.nr_kdamonds, config_kdamond) },
	{ 0 }
};
const struct config_map scenario_root_map = {
	"the scenario", sizeof(struct scenario), root_keys, scenario_check
};

/* clang-format on */

#define FOR SCENARIO_HAS_FOR
#define CPU SCENARIO_HAS_CPU
#define EVERY SCENARIO_HAS_EVERY
#define RATE SCENARIO_HAS_RATE
#define VALUE SCENARIO_HAS_VALUE
#define SET SCENARIO_HAS_SET
#define LUCK SCENARIO_HAS_PROBABILITY
#define SAMPLE (CPU | LUCK | FOR | EVERY)

const struct scenario_fault_rule scenario_fault_rules[] = {
	[SCENARIO_FAULT_STALE_ADDR] = { SAMPLE, 0 },
	[SCENARIO_FAULT_GARBAGE_ADDR] = { SAMPLE, 0 },
	[SCENARIO_FAULT_KERNEL_ADDR] = { SAMPLE, 0 },
	[SCENARIO_FAULT_GUEST_ADDR] = { SAMPLE, 0 },
	[SCENARIO_FAULT_PAGE_ZERO] = { SAMPLE, 0 },
	[SCENARIO_FAULT_NO_SAMPLE] = { SAMPLE, 0 },
	[SCENARIO_FAULT_NMI_NESTED] = { SAMPLE, 0 },
	[SCENARIO_FAULT_NMI_STORM] = { FOR | EVERY | CPU | RATE, FOR | RATE },
	[SCENARIO_FAULT_CPU_OFFLINE] = { FOR | EVERY | CPU, FOR },
	[SCENARIO_FAULT_HOTPLUG_STORM] = { CPU | RATE, RATE },
	[SCENARIO_FAULT_CREATE_REFUSED] = { SAMPLE | SCENARIO_HAS_ERROR, 0 },
	[SCENARIO_FAULT_PMU_TAKEN] = { FOR | EVERY | CPU, FOR },
	[SCENARIO_FAULT_THROTTLE] = { EVERY | VALUE, VALUE },
	[SCENARIO_FAULT_NO_MEMORY] = { EVERY | VALUE, VALUE },
	[SCENARIO_FAULT_KDAMOND_STALL] = { FOR | EVERY, FOR },
	[SCENARIO_FAULT_PAUSE] = { FOR | EVERY, FOR },
	[SCENARIO_FAULT_DEACTIVATE] = { FOR | EVERY, FOR },
	[SCENARIO_FAULT_COMMIT] = { EVERY | SET, SET },
	[SCENARIO_FAULT_COMMIT_GOALS] = { EVERY | SET, SET },
	[SCENARIO_FAULT_SECOND_CONTEXT] = { EVERY, 0 },
	[SCENARIO_FAULT_LATE_WAKEUP] = { FOR | LUCK, FOR },
};

const char *scenario_fault_name(enum scenario_fault_kind kind)
{
	return fault_words[kind];
}
