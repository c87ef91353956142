// SPDX-License-Identifier: GPL-2.0
/*
 * Every rule of a scenario, broken once: the line, what is said, and what a
 * kernel would have answered.
 *
 * The faulty line carries the mark "#!"; without a mark the fault is of the
 * file as a whole, or of an override.
 */
#include <errno.h>

#include "test_scenario.h"

#define HEAD "duration: 10 s\n"
#define NODES "  nodes: [{size: 1 GiB}, {size: 1 GiB}]\n"
#define MACHINE HEAD "machine:\n" NODES "  "
#define NODE HEAD "machine:\n  nodes:\n  - size: 1 GiB\n  - "
#define NONE HEAD "machine:\n" NODES
#define WORKLOAD NONE "workloads:\n- "
#define CHASE WORKLOAD "pattern: chase\n  size: 1 MiB\n  "
#define TWO \
	CHASE "pid: 100\n  threads: 5\n  start: 100 TiB\n- pattern: chase\n  "
#define IBS HEAD "machine:\n  pmu: ibs_zen5\n" NODES
#define FAULT IBS "faults:\n- "
#define CTX "kdamonds:\n- contexts:\n  - "
#define PADDR CTX "ops: paddr\n    "
#define TARGET PADDR "targets:\n    - regions:\n      - "
#define GOAL                                                         \
	"schemes:\n    - action: migrate_hot\n      target_nid: 0\n" \
	"      quotas:\n        goals:\n        - "
#define EVENT PADDR "sample_control:\n      perf_events:\n      - "
#define OP                                              \
	EVENT "type: 11\n        exclude_kernel: off\n" \
	      "        exclude_hv: off\n        freq: off\n        "
#define OLD HEAD "machine:\n  pmu: ibs_zen4\n  kernel: 6.12\n" NODES
#define PEBS HEAD "machine:\n  pmu: pebs_spr\n" NODES
#define RAW EVENT "type: 4\n        sample_freq: 4000\n        "

/* clang-format off */
static const struct {
	const char *text;
	const char *says;
	int error; /* 0: a kernel would take it */
} faults[] = {
	/* What it is */
	{ "", "empty; expected a mapping", EINVAL },
	{ "[] #!\n", "the scenario is a list", EINVAL },
	{ "hello #!\n", "expected a mapping with the keys duration", EINVAL },
	{ "duration: 1 #!\n", "no key \"machine\"", EINVAL },
	{ "machine: {nodes: [{size: 1 GiB}]} #!\n", "no key \"duration\"",
	  EINVAL },
	{ NONE "nodes: 1 #!\n", "unknown key \"nodes\" in the scenario",
	  EINVAL },
	{ "duration: 0 #!\n" "machine:\n" NODES, "at least 1 us", EINVAL },
	{ "duration: 20 GB #!\n" "machine:\n" NODES, "no known unit", EINVAL },
	{ NONE "seed: -1 #!\n", "is negative", EINVAL },
	{ NONE "settle: 10 s #!\n", "before the end of the run", EINVAL },
	{ NONE "primitive: luck #!\n", "expected accessed_bit, page_fault",
	  EINVAL },

	/* The machine */
	{ HEAD "machine: {cpus: 4} #!\n", "no key \"nodes\"", EINVAL },
	{ HEAD "machine: small #!\n", "expected a mapping", EINVAL },
	{ HEAD "machine:\n  nodes: [] #!\n", "at least 1", EINVAL },
	{ HEAD "machine:\n  preset: big #!\n",
	  "expected turin, granite_rapids, epyc, small", EINVAL },
	{ HEAD "machine:\n  preset: [small] #!\n", "expected text or null",
	  EINVAL },
	{ MACHINE "cpus: 8193 #!\n", "at most 8,192", EINVAL },
	{ MACHINE "cpus: 0 #!\n", "at least 1", EINVAL },
	{ MACHINE "preset: turin\n  cpus: 133 #!\n",
	  "133 CPUs of a turin, which has 132", EINVAL },
	{ MACHINE "preset: granite_rapids\n  cpus: 145 #!\n",
	  "at most these", EINVAL },
	{ MACHINE "pmu: spe #!\n", "expected none, ibs_zen3", EINVAL },
	{ MACHINE "kernel: 6.1 #!\n", "expected new, 6.12", EINVAL },
	{ MACHINE "hz: 1024 #!\n", "expected 100, 250, 300 or 1000", EINVAL },
	{ MACHINE "hz: 0 #!\n", "expected 100, 250, 300 or 1000", EINVAL },
	{ MACHINE "clock_mhz: 99 #!\n", "at least 100", EINVAL },
	{ MACHINE "cpu_time_max: 101 % #!\n", "at most 100 %", EINVAL },
	{ MACHINE "max_sample_rate: 0 #!\n", "at least 1", EINVAL },
	{ MACHINE "ring_capacity: 255 #!\n", "(EINVAL); expected a power of "
	  "two", EINVAL },
	{ MACHINE "ring_capacity: 134217728 #!\n", "at most 67,108,864",
	  EINVAL },
	{ MACHINE "idle: 101 % #!\n", "at most 100 %", EINVAL },
	{ MACHINE "migrate_rate: 0 #!\n", "at least 1", EINVAL },
	{ MACHINE "pmu_knobs: {invalid_paddr: 200 %} #!\n", "at most 100 %",
	  EINVAL },
	{ MACHINE "pmu_knobs: {arm_max: 0} #!\n", "at least 1", EINVAL },
	{ NODE "size: 1 MiB #!\n", "expected a multiple of 2 MiB", EINVAL },
	{ NODE "size: 0 #!\n", "too small", EINVAL },
	{ NODE "size: 8 PiB #!\n", "at most 4 PiB", EINVAL },
	{ NODE "size: 2 MiB\n    start: 1 MiB #!\n",
	  "expected a multiple of 2 MiB", EINVAL },
	{ NODE "size: 2 MiB\n    start: 4 PiB #!\n", "an end at 4 PiB at most",
	  EINVAL },
	{ NODE "size: 4 PiB #!\n", "node 1 would end above 4 PiB", EINVAL },
	{ NODE "size: 2 MiB\n    start: 1022 MiB #!\n",
	  "has addresses of node 0", EINVAL },
	{ NODE "size: 2 MiB\n    name: node0 #!\n", "are both called node0",
	  EINVAL },
	{ NODE "{size: 2 MiB, latency: 0} #!\n", "at least 1 ns", EINVAL },
	{ NODE "{size: 2 MiB, latency: 0.5 ns} #!\n", "finer than", EINVAL },
	{ NODE "{size: 2 MiB, read: 0} #!\n", "at least 1 B/s", EINVAL },
	{ NODE "{size: 2 MiB, write: 5 GB} #!\n", "no known unit (B/s",
	  EINVAL },
	{ NODE "{size: 2 MiB, knee: 101} #!\n", "at most 100 %", EINVAL },
	{ NODE "{cxl: on} #!\n", "no key \"size\"", EINVAL },

	/* Workloads */
	{ WORKLOAD "size: 4096 #!\n", "no key \"pattern\"", EINVAL },
	{ WORKLOAD "pattern: null #!\n  size: 4096\n",
	  "a workload without a pattern", EINVAL },
	{ WORKLOAD "pattern: chase #!\n", "no key \"size\"", EINVAL },
	{ WORKLOAD "size: 4096\n  pattern: chess #!\n",
	  "no pattern is called \"chess\"; expected memcpy, chase", EINVAL },
	{ CHASE "theta: 1 #!\n", "theta, which pattern chase does not use",
	  EINVAL },
	{ CHASE "vector: 64 #!\n", "which pattern chase does not use", EINVAL },
	{ CHASE "windows: 4 #!\n", "which pattern chase does not use", EINVAL },
	{ CHASE "nt_threshold: 4 #!\n", "which pattern chase does not use",
	  EINVAL },
	{ CHASE "stride: 64 #!\n", "which pattern chase does not use", EINVAL },
	{ CHASE "read: 1 % #!\n", "which pattern chase does not use", EINVAL },
	{ WORKLOAD "{pattern: memcpy, size: 8192, shared: on} #!\n",
	  "shared, which pattern memcpy does not use", EINVAL },
	{ CHASE "hot: 1 % #!\n", "which pattern chase does not use", EINVAL },
	{ CHASE "hot_access: 1 % #!\n", "which pattern chase does not use",
	  EINVAL },
	{ CHASE "phase: 1 s #!\n", "which pattern chase does not use", EINVAL },
	{ CHASE "touch: 1 GB/s #!\n", "which pattern chase does not use",
	  EINVAL },
	{ CHASE "trace: a #!\n", "which pattern chase does not use", EINVAL },
	{ WORKLOAD "{pattern: zipf, size: 4096, stride: 64} #!\n",
	  "stride, which pattern zipf does not use", EINVAL },
	{ CHASE "threads: 0 #!\n", "at least 1", EINVAL },
	{ CHASE "threads: 65537 #!\n", "at most 65,536", EINVAL },
	{ WORKLOAD "pattern: chase\n  size: 4097 #!\n",
	  "expected whole folios of 4096", EINVAL },
	{ WORKLOAD "pattern: chase\n  huge: on\n  size: 1 MiB #!\n",
	  "expected whole folios of 2097152", EINVAL },
	{ WORKLOAD "pattern: chase\n  threads: 2\n  size: 64 TiB #!\n",
	  "less than 32 TiB", EINVAL },
	{ CHASE "start: 1 #!\n", "expected a multiple of 4096", EINVAL },
	{ CHASE "start: 0x7fff00000000 #!\n", "to 0x7fff00000000", EINVAL },
	{ CHASE "start: 0x5ffffffff000 #!\n", "from 0x600000000000", EINVAL },
	{ CHASE "start: 0x7ffeffff0000 #!\n", "to 0x7fff00000000", EINVAL },
	{ CHASE "granule: 1000 #!\n", "expected whole folios", EINVAL },
	{ CHASE "at: 2 s\n  until: 2 s #!\n", "expected an end behind",
	  EINVAL },
	{ CHASE "at: 10 s #!\n", "before the end of the run", EINVAL },
	{ CHASE "first_cpu: 4 #!\n", "CPU 4 of 4", EINVAL },
	{ CHASE "place: [{node: 2}] #!\n", "node 2 of 2", EINVAL },
	{ CHASE "place: [{weight: 2}] #!\n", "no key \"node\"", EINVAL },
	{ CHASE "place:\n  - node: 0\n  - node: 0 #!\n", "a second time",
	  EINVAL },
	{ CHASE "place: [{node: 1, weight: 0}] #!\n", "places without weight",
	  EINVAL },
	{ WORKLOAD "pattern: chase\n  size: 2 GiB #!\n",
	  "would lie on node 0 (node0), which has 1073741824", EINVAL },
	{ WORKLOAD "pattern: chase\n"
	  "  place: [{node: 0}, {node: 1, weight: 3}]\n"
	  "  size: 1536 MiB #!\n", "would lie on node 1", EINVAL },
	{ CHASE "pid: 1\n- pattern: chase\n  size: 1 GiB #!\n",
	  "at first 1074790400 bytes", EINVAL },
	{ CHASE "threads: 2\n  pid: 4194303 #!\n",
	  "expected them below 4194304", EINVAL },
	{ TWO "size: 4096\n  pid: 104 #!\n", "and its threads meet those of "
	  "pid 100", EINVAL },
	{ TWO "size: 4096\n  start: 0x640000400000 #!\n",
	  "has addresses of pid 100's", EINVAL },
	{ CHASE "start: 0x7ffefff00000\n- size: 4096 #!\n  pattern: chase\n",
	  "would end above 0x7fff00000000", EINVAL },

	{ WORKLOAD "pattern: scan #!\n  size: 8192\n  stride: 100\n",
	  "(a stride is a multiple of a line)", EINVAL },
	{ WORKLOAD "pattern: scan #!\n  size: 4096\n", "two pages or more",
	  EINVAL },
	{ WORKLOAD "pattern: memcpy #!\n  size: 8192\n  vector: 48\n",
	  "16, 32 or 64 bytes", EINVAL },

	/* Faults */
	{ FAULT "at: 1 s #!\n", "no key \"fault\"", EINVAL },
	{ FAULT "fault: bug #!\n", "expected stale_addr, garbage_addr",
	  EINVAL },
	{ FAULT "fault: pause #!\n", "a fault pause has no key \"for\"",
	  EINVAL },
	{ FAULT "fault: pause\n  for: 0 #!\n", "lasts for no time", EINVAL },
	{ FAULT "fault: throttle #!\n", "no key \"value\"", EINVAL },
	{ FAULT "fault: throttle\n  value: 0 #!\n", "at least 1", EINVAL },
	{ FAULT "fault: throttle\n  value: 1,000,000,001 #!\n",
	  "at most 1000000000", EINVAL },
	{ FAULT "fault: commit #!\n", "no key \"set\"", EINVAL },
	{ FAULT "fault: commit\n  set: [] #!\n", "changes nothing", EINVAL },
	{ FAULT "fault: commit\n  set: [null] #!\n", "null in set", EINVAL },
	{ FAULT "fault: commit\n  set: [[]] #!\n", "expected text or null",
	  EINVAL },
	{ FAULT "fault: commit\n  set: profile=D #!\n", "expected a list",
	  EINVAL },
	{ FAULT "fault: nmi_storm #!\n  for: 1\n", "no key \"rate\"",
	  EINVAL },
	{ FAULT "{fault: pause, for: 1 s, cpu: 1} #!\n",
	  "cpu, which a fault pause does not use", EINVAL },
	{ FAULT "{fault: pause, for: 1 s, error: EBUSY} #!\n",
	  "error, which a fault pause does not use", EINVAL },
	{ FAULT "{fault: pause, for: 1 s, probability: 1 %} #!\n",
	  "probability, which a fault pause does not use", EINVAL },
	{ FAULT "{fault: pause, for: 1 s, rate: 1} #!\n",
	  "rate, which a fault pause does not use", EINVAL },
	{ FAULT "{fault: pause, for: 1 s, value: 1} #!\n",
	  "value, which a fault pause does not use", EINVAL },
	{ FAULT "{fault: pause, for: 1 s, set: []} #!\n",
	  "set, which a fault pause does not use", EINVAL },
	{ FAULT "{fault: throttle, value: 1, for: 1 s} #!\n",
	  "for, which a fault throttle does not use", EINVAL },
	{ FAULT "{fault: hotplug_storm, rate: 1, every: 1 s} #!\n",
	  "every, which a fault hotplug_storm does not use", EINVAL },
	{ FAULT "{fault: hotplug_storm, rate: 500001} #!\n",
	  "expected at most 500000", EINVAL },
	{ FAULT "{fault: create_refused, error: EIO} #!\n",
	  "expected EPERM, ENOENT", EINVAL },
	{ FAULT "{fault: create_refused, probability: 0} #!\n",
	  "at least 0.0001 %", EINVAL },
	{ FAULT "{fault: pause, for: 1 s, at: 2 s, until: 1 s} #!\n",
	  "not before the beginning", EINVAL },
	{ FAULT "{fault: pause, for: 2 s, every: 1 s} #!\n",
	  "its end before it comes again", EINVAL },
	{ FAULT "{fault: stale_addr, every: 1 s} #!\n", "that never ends",
	  EINVAL },
	{ FAULT "{fault: pause, for: 1 s, at: 10 s} #!\n",
	  "before the end of the run", EINVAL },
	{ FAULT "{fault: cpu_offline, for: 1 s, cpu: 4} #!\n", "CPU 4 of 4",
	  EINVAL },
	{ NONE "faults: [{fault: stale_addr}] #!\n", "does not sample",
	  EINVAL },
	{ NONE "faults:\n- {fault: commit, set: [profiles=D]} #!\n"
	  "kdamonds: [{contexts: [{ops: paddr}]}]\n", "expected profile?",
	  EINVAL },
	{ NONE "faults:\n- {fault: commit, set: [profile]} #!\n"
	  "kdamonds: [{contexts: [{ops: paddr}]}]\n", "expected path=value",
	  EINVAL },
	{ NONE "faults:\n- {fault: commit, set: [kdamonds=]} #!\n"
	  "kdamonds: [{contexts: [{ops: paddr}]}]\n", "expected a list",
	  EINVAL },
	{ NONE "faults:\n- fault: commit\n"
	  "  set: ['kdamonds.0.contexts.0.schemes.0={action: migrate_hot,"
	  " target_nid: 2}'] #!\n"
	  "kdamonds: [{contexts: [{ops: paddr}]}]\n", "node 2 of 2", 0 },

	/* The kdamonds: part, by its own rules and the machine's */
	{ NONE "profile: X #!\n", "expected N, M, D", EINVAL },
	{ NONE "kdamonds: [{contexts: [{}]}] #!\n", "no key \"ops\"", EINVAL },
	{ NONE PADDR GOAL "{metric: user_input, target_value: 0} #!\n",
	  "which the kernel ignores", 0 },
	{ NONE PADDR GOAL
	  "{metric: node_mem_used_bp, nid: 2, target_value: 1} #!\n",
	  "node 2 of 2", 0 },
	{ NONE PADDR "schemes: [{action: migrate_hot, target_nid: 2}] #!\n",
	  "node 2 of 2", 0 },
	{ NONE PADDR "schemes: [{action: migrate_hot, target_nid: 0,"
	  " dests: [{id: 7, weight: 1}]}] #!\n", "node 7 of 2", 0 },
	{ NONE TARGET "{start: 0, end: 3 GiB} #!\n", "has no memory", 0 },
	{ NONE TARGET "{start: 2 GiB, end: 3 GiB} #!\n", "has no memory", 0 },
	{ HEAD "machine:\n  nodes:\n  - {size: 2 MiB}\n"
	  "  - {size: 2 MiB, start: 6 MiB}\n"
	  TARGET "{start: 0, end: 8 MiB} #!\n", "has no memory", 0 },
	{ NONE PADDR "addr_unit: 4096\n    targets:\n    - regions:\n"
	  "      - {start: 0, end: 524289} #!\n", "has no memory", 0 },
	{ NONE PADDR "addr_unit: 4096\n    targets:\n    - regions:\n"
	  "      - {start: 4 PiB, end: 5 PiB} #!\n", "has no memory", 0 },
	{ CHASE "pid: 5\n" CTX "ops: vaddr\n    targets:\n    - pid: 6 #!\n",
	  "pid 6 is no workload's: no such process (EINVAL)", EINVAL },
	{ NONE PADDR "pause: off\n- contexts: [{ops: paddr}] #!\n",
	  "2 kdamonds, of which one is simulated", 0 },

	/* Events */
	{ NONE EVENT "sample_freq: 4000 #!\n", "does not sample (ENOENT)",
	  ENOENT },
	{ IBS EVENT "sample_freq: 4000\n        type: 4 #!\n",
	  "expected that of ibs_op", ENOENT },
	{ PEBS EVENT "sample_freq: 4000\n        type: 11 #!\n",
	  "expected 4, raw events", ENOENT },
	{ IBS EVENT "type: 11\n        sample_freq: 100001 #!\n",
	  "(EINVAL); expected at most max_sample_rate, 100000", EINVAL },
	{ IBS EVENT "type: 11\n        freq: off\n        sample_period: 16\n"
	  "        exclude_hv: off\n        exclude_kernel: on #!\n",
	  "IBS cannot exclude the kernel", EINVAL },
	{ IBS EVENT "type: 11\n        freq: off\n        sample_period: 16\n"
	  "        exclude_kernel: off\n        exclude_hv: on #!\n",
	  "or config2 1", EINVAL },
	{ OLD EVENT "type: 11\n        freq: off\n        sample_period: 16\n"
	  "        config2: 1\n        exclude_kernel: on #!\n",
	  "IBS cannot exclude the kernel", EINVAL },
	{ OLD OP "sample_period: 262145 #!\n",
	  "which IBS of Linux 6.12 refuses (EINVAL); expected a multiple of "
	  "16", EINVAL },
	{ IBS OP "sample_period: 128 #!\n", "(EINVAL); expected at least 144",
	  EINVAL },
	{ OLD OP "sample_period: 262144\n        config: 0x100000000 #!\n",
	  "bits that this IBS has not (EINVAL)", EINVAL },
	{ OLD OP "sample_period: 262144\n        sample_weight_struct: on #!\n",
	  "(EOPNOTSUPP)", EOPNOTSUPP },
	{ PEBS RAW "config: 0xc0 #!\n", "whose samples have no address", 0 },
	{ PEBS RAW "config: 0x20d1\n        precise_ip: 0 #!\n",
	  "(EOPNOTSUPP)", EOPNOTSUPP },
};
/* clang-format on */

static u32 marked_line(const char *text)
{
	const char *mark = strstr(text, "#!");
	u32 line = 1;

	if (!mark)
		return 0;
	for (; text < mark; text++)
		line += *text == '\n';
	return line;
}

START_TEST(says_where_and_what)
{
	const char *text = faults[_i].text;
	u32 line = marked_line(text);
	struct scenario s = { .seed = 4711 };
	struct config_error err;
	int ret;

	ret = scenario_parse(&s, text, strlen(text), "fault.yaml", NULL, 0,
			     &err);
	ck_assert_msg(ret == -EINVAL, "%d: %d\n%s", _i, ret, text);
	ck_assert_msg(err.line == line, "%d: line %u, not %u: %s\n%s", _i,
		      err.line, line, err.text, text);
	ck_assert_msg(strstr(err.text, faults[_i].says),
		      "%d: \"%s\", not \"%s\"\n%s", _i, err.text,
		      faults[_i].says, text);
	ck_assert_msg(strstr(err.text, "expected"), "%s", err.text);
	ck_assert_msg(err.error == -faults[_i].error, "%d: %d: %s\n%s", _i,
		      err.error, err.text, text);
	ck_assert_str_eq(err.file, "fault.yaml");
	/* Untouched. */
	ck_assert_uint_eq(s.seed, 4711);
}
END_TEST

/* An override is told by its number, and so is what it breaks. */
START_TEST(overrides)
{
	static const struct {
		const char *set;
		const char *says;
	} wrong[] = {
		{ "seed", "expected path=value" },
		{ "", "expected path=value" },
		{ "=5", "unknown key \"\" in the scenario" },
		{ "machine.cpu=5", "expected cpus?" },
		{ "machine.cpus=x", "is no number" },
		{ "machine.cpus=[", "expected YAML or JSON" },
		{ "machine.preset=huge", "expected turin" },
		{ "machine.nodes.0.size=1", "expected a multiple of 2 MiB" },
		{ "machine.nodes.3.size=1", "an index from 0 to 2" },
		{ "faults.0.fault=pause", "has no key \"for\"" },
		{ "faults.0.set.0.x=1", "an entry of set has no keys" },
		{ "settle=11 s", "before the end of the run" },
	};
	char path[300];
	const char *set[] = { "seed=2", NULL };
	struct config_error err;
	struct scenario s;
	u32 i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		set[1] = wrong[i].set;
		ck_assert_int_eq(scenario_parse(&s, NONE, strlen(NONE), "file",
						set, 2, &err),
				 -EINVAL);
		ck_assert_msg(strstr(err.text, wrong[i].says), "%s: %s",
			      wrong[i].set, err.text);
		ck_assert_msg(!strcmp(err.file, "--set 2"), "%s: %s: %s",
			      wrong[i].set, err.file, err.text);
		ck_assert_uint_eq(err.line, 0);
	}
	/* As long as a path may be, and longer by one. */
	for (i = 255; i <= 256; i++) {
		memset(path, 'x', sizeof(path));
		strcpy(path + i, "=1");
		set[1] = path;
		ck_assert_int_eq(scenario_parse(&s, NONE, strlen(NONE), "file",
						set, 2, &err),
				 -EINVAL);
		ck_assert_ptr_nonnull(
			strstr(err.text, i == 255 ? "unknown key" :
						    "expected path=value"));
	}
}
END_TEST

/* What a preset says is told at the preset. */
START_TEST(preset_line)
{
	static const char text[] =
		"duration: 1\nmachine:\n  cpus: 2\n  preset: epyc\n"
		"workloads: [{pattern: chase, size: 4096, first_cpu: 2}]\n"
		"kdamonds: [{contexts: [{ops: paddr, sample_control: "
		"{perf_events: [{type: 4, sample_freq: 1}]}}]}]\n";
	static const char over[] =
		"duration: 1\nmachine:\n  preset: small\n  nodes: 5\n";
	struct config_error err;
	struct scenario s;

	ck_assert_int_eq(scenario_parse(&s, text, strlen(text), "file", NULL, 0,
					&err),
			 -EINVAL);
	ck_assert_uint_eq(err.line, 5);
	ck_assert(strstr(err.text, "CPU 2 of 2"));
	ck_assert_int_eq(scenario_parse(&s, over, strlen(over), "file", NULL, 0,
					&err),
			 -EINVAL);
	ck_assert_uint_eq(err.line, 4);
}
END_TEST

START_TEST(no_file)
{
	struct config_error err;
	struct scenario s;

	ck_assert_int_eq(scenario_load(&s, "/nowhere", NULL, 0, &err), -ENOENT);
	ck_assert(strstr(err.text, "cannot be opened"));
	ck_assert_str_eq(err.file, "/nowhere");
	ck_assert_int_eq(scenario_load(&s, "/", NULL, 0, &err), -EISDIR);
	ck_assert(strstr(err.text, "cannot be read"));
	ck_assert_int_eq(scenario_load(&s, "/dev/zero", NULL, 0, &err), -EFBIG);
}
END_TEST

/* What cannot be read as a commit says so, without a line of the file. */
START_TEST(commit_alone)
{
	static const char text[] = IBS PADDR "pause: off\n";
	struct scenario_set set = { "kdamonds.0.contexts.0.ops=vaddr" };
	struct scenario_fault fault = { .name = "retarget",
					.set = &set,
					.nr_set = 1 };
	struct config cfg = { .nr_kdamonds = 4711 };
	struct config_error err;
	struct scenario s;

	parse_or_fail(&s, text, NULL, 0);
	ck_assert_int_eq(scenario_commit(&s, &s.config, &fault, &cfg, &err),
			 -EINVAL);
	ck_assert_str_eq(err.file, "retarget");
	ck_assert_uint_eq(err.line, 0);
	ck_assert(strstr(err.text, "no target for virtual addresses"));
	ck_assert_uint_eq(cfg.nr_kdamonds, 4711);
	scenario_fini(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scenario faults");
	TCase *tcase = tcase_create("all");

	tcase_add_loop_test(tcase, says_where_and_what, 0,
			    sizeof(faults) / sizeof(faults[0]));
	tcase_add_test(tcase, overrides);
	tcase_add_test(tcase, preset_line);
	tcase_add_test(tcase, no_file);
	tcase_add_test(tcase, commit_alone);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
