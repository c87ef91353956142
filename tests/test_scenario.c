// SPDX-License-Identifier: GPL-2.0
/*
 * Scenarios into structs: what the file says, what it leaves out, what a preset
 * says, what overrides both.
 */
#include <errno.h>

#include "ibs_op.h"
#include "pebs.h"
#include "perf_limit.h"
#include "test_scenario.h"

#define LEAST             \
	"duration: 3 s\n" \
	"machine: {nodes: [{size: 1 GiB}, {size: 2 GiB, cxl: true}]}\n"

START_TEST(left_out)
{
	const struct scenario_machine *m;
	struct scenario s;

	parse_or_fail(&s, LEAST, NULL, 0);
	m = &s.machine;
	ck_assert_ptr_null(s.about);
	ck_assert_uint_eq(s.seed, 1);
	ck_assert_uint_eq(s.duration_us, 3000000);
	ck_assert_uint_eq(s.settle_us, CONFIG_NO_BOUND);
	ck_assert_int_eq(s.primitive, SCENARIO_ACCESSED_BIT);
	ck_assert_uint_eq(s.nr_workloads, 0);
	ck_assert_uint_eq(s.nr_faults, 0);
	ck_assert_uint_eq(s.config.nr_kdamonds, 0);
	ck_assert_int_eq(s.config.profile, CONFIG_PROFILE_N);
	ck_assert_int_eq(m->pmu, SCENARIO_PMU_NONE);
	ck_assert_int_eq(m->kernel, SCENARIO_KERNEL_NEW);
	ck_assert_uint_eq(m->nr_cpus, 4);
	ck_assert_uint_eq(m->hz, 1000);
	ck_assert_uint_eq(m->ring_capacity, 256);
	ck_assert_uint_eq(m->pmu_knobs.nmi_median_ns, 2000);
	ck_assert_uint_eq(m->nr_nodes, 2);
	ck_assert_str_eq(m->nodes[0].name, "node0");
	ck_assert_str_eq(m->nodes[1].name, "node1");
	ck_assert_uint_eq(m->nodes[0].start, 0);
	ck_assert_uint_eq(m->nodes[1].start, 1 << 30);
	ck_assert_uint_eq(m->nodes[0].latency_ns, tier_dram.latency_ps / 1000);
	ck_assert_uint_eq(m->nodes[1].latency_ns, tier_cxl.latency_ps / 1000);
	ck_assert_uint_eq(m->nodes[1].read_bytes_per_s,
			  tier_cxl.read_bytes_per_s);
	ck_assert_uint_eq(m->nodes[1].write_bytes_per_s,
			  tier_cxl.write_bytes_per_s);
	ck_assert_uint_eq(m->nodes[0].knee_pct, tier_dram.knee_pct);
	scenario_fini(&s);
	ck_assert_ptr_null(s.machine.nodes);
}
END_TEST

static const char whole[] =
	"about: all of it\n"
	"seed: 42\n"
	"duration: 1 m\n"
	"settle: 30 s\n"
	"primitive: page_fault\n"
	"machine:\n"
	"  pmu: pebs_gnr\n"
	"  kernel: 6.12\n"
	"  cpus: 8192\n"
	"  clock_mhz: 3700\n"
	"  hz: 250\n"
	"  max_sample_rate: 50000\n"
	"  cpu_time_max: 10 %\n"
	"  ring_capacity: 1024\n"
	"  l2: 2 MiB\n"
	"  l3: 3 MiB\n"
	"  tlb_entries: 512\n"
	"  idle: 0.5 %\n"
	"  wakeup: 70 us\n"
	"  walk: 41 ns\n"
	"  migrate_folio: 2.5 us\n"
	"  migrate_rate: 3 GB/s\n"
	"  pmu_knobs: {invalid_paddr: 0.001 %, restart_max: 7, nmi: 1 us,\n"
	"    stores_pass_l3: on, cxl_as_dram: on, arm_max: 9, nmi_sigma: "
	"0.25}\n"
	"  nodes:\n"
	"  - {name: far, start: 4 GiB, size: 4 GiB, latency: 300 ns,\n"
	"     read: 30 GB/s, write: 20 GB/s, knee: 60 %}\n"
	"  - {size: 2 GiB}\n"
	"workloads:\n"
	"- {pattern: memcpy, threads: 3, size: 64 MiB, vector: 32, windows: "
	"2,\n"
	"   nt_threshold: 1 MiB, place: [{node: 0, weight: 3}, {node: 1}]}\n"
	"- {pattern: zipf, pid: 77, size: 2 MiB, shared: on, guest: on,\n"
	"   huge: on, start: 100 TiB, at: 1 s, until: 2 s, first_cpu: 5,\n"
	"   scattered: on, granule: 4 MiB, read: 50 %, theta: 1.2}\n"
	"- {pattern: hotset, size: 8 KiB, hot: 20 %, hot_access: 80 %}\n"
	"- {pattern: scan, size: 8 KiB, stride: 128}\n"
	"- {pattern: cold, size: 12 KiB, touch: 1 MB/s}\n"
	"faults:\n"
	"- {fault: cpu_offline, at: 5 s, for: 1 s, cpu: 3}\n"
	"- {fault: stale_addr, name: old, at: 2 s, probability: 1 %}\n"
	"- {fault: create_refused, until: 3 s, error: ENODEV}\n"
	"- {fault: hotplug_storm, rate: 5}\n"
	"- {fault: kdamond_stall, at: 1 s, every: 10 s, for: 100 ms}\n"
	"- {fault: throttle, value: 1000}\n"
	"- {fault: commit, at: 9 s, set: [profile=M,\n"
	"   kdamonds.0.contexts.0.nr_regions.max=50]}\n"
	"profile: D\n"
	"kdamonds:\n"
	"- contexts:\n"
	"  - ops: vaddr\n"
	"    targets: [{pid: 77}]\n";

/* clang-format off */
START_TEST(all_said)
{
	struct scenario s;
	const struct scenario_machine *m = &s.machine;
	const struct scenario_workload *w;
	const struct scenario_fault *f;

	parse_or_fail(&s, whole, NULL, 0);
	ck_assert_str_eq(s.about, "all of it");
	ck_assert_uint_eq(s.seed, 42);
	ck_assert_uint_eq(s.duration_us, 60000000);
	ck_assert_uint_eq(s.settle_us, 30000000);
	ck_assert_int_eq(s.primitive, SCENARIO_PAGE_FAULT);
	ck_assert_int_eq(m->pmu, SCENARIO_PMU_PEBS_GNR);
	ck_assert_int_eq(m->kernel, SCENARIO_KERNEL_6_12);
	ck_assert_uint_eq(m->nr_cpus, 8192);
	ck_assert_uint_eq(m->clock_mhz, 3700);
	ck_assert_uint_eq(m->hz, 250);
	ck_assert_uint_eq(m->max_sample_rate, 50000);
	ck_assert_uint_eq(m->cpu_time_max_percent, 10);
	ck_assert_uint_eq(m->ring_capacity, 1024);
	ck_assert_uint_eq(m->l2_bytes, 2 << 20);
	ck_assert_uint_eq(m->l3_bytes, 3 << 20);
	ck_assert_uint_eq(m->tlb_entries, 512);
	ck_assert_uint_eq(m->idle_sample_ppm, 5000);
	ck_assert_uint_eq(m->wakeup_us, 70);
	ck_assert_uint_eq(m->walk_ns, 41);
	ck_assert_uint_eq(m->migrate_folio_ns, 2500);
	ck_assert_uint_eq(m->migrate_bytes_per_s, 3000000000);
	ck_assert_uint_eq(m->pmu_knobs.invalid_paddr_ppm, 10);
	ck_assert_uint_eq(m->pmu_knobs.restart_max, 7);
	ck_assert(m->pmu_knobs.stores_pass_l3 && m->pmu_knobs.cxl_as_dram);
	ck_assert_uint_eq(m->pmu_knobs.arm_max, 9);
	ck_assert_uint_eq(m->pmu_knobs.nmi_median_ns, 1000);
	ck_assert_uint_eq(m->pmu_knobs.nmi_sigma_x1000, 250);
	ck_assert_str_eq(m->nodes[0].name, "far");
	ck_assert_uint_eq(m->nodes[0].latency_ns, 300);
	ck_assert_uint_eq(m->nodes[0].read_bytes_per_s, 30000000000);
	ck_assert_uint_eq(m->nodes[0].write_bytes_per_s, 20000000000);
	ck_assert_uint_eq(m->nodes[0].knee_pct, 60);
	ck_assert_uint_eq(m->nodes[1].start, 8ull << 30);

	ck_assert_uint_eq(s.nr_workloads, 5);
	w = &s.workloads[0];
	ck_assert_str_eq(w->kind, "memcpy");
	ck_assert_uint_eq(w->pid, 1000);
	ck_assert_uint_eq(w->params.nr_threads, 3);
	ck_assert_uint_eq(w->params.vec_bytes, 32);
	ck_assert_uint_eq(w->params.nr_windows, 2);
	ck_assert_uint_eq(w->params.nt_threshold, 1 << 20);
	ck_assert_uint_eq(w->granule, 4096);
	ck_assert_uint_eq(w->nr_place, 2);
	ck_assert_uint_eq(w->place[0].weight, 3);
	ck_assert_uint_eq(w->place[1].nid, 1);
	ck_assert_uint_eq(w->place[1].weight, 1);
	ck_assert_uint_eq(w->start_us, 0);
	ck_assert_uint_eq(w->stop_us, CONFIG_NO_BOUND);
	ck_assert_uint_eq(w->start, 0x7f0000000000);
	w = &s.workloads[1];
	ck_assert_uint_eq(w->pid, 77);
	ck_assert_uint_eq(w->start, 100ull << 40);
	ck_assert(w->params.shared && w->params.guest && w->params.huge);
	ck_assert(w->scattered);
	ck_assert_uint_eq(w->start_us, 1000000);
	ck_assert_uint_eq(w->stop_us, 2000000);
	ck_assert_uint_eq(w->first_cpu, 5);
	ck_assert_uint_eq(w->granule, 4 << 20);
	ck_assert_uint_eq(w->params.read_pct, 50);
	ck_assert_uint_eq(w->params.zipf_theta_x1000, 1200);
	w = &s.workloads[2];
	/* Behind the one before, and by its place. */
	ck_assert_uint_eq(w->start, (100ull << 40) + (1 << 30));
	ck_assert_uint_eq(w->pid, 3000);
	ck_assert_uint_eq(w->params.hot_pct, 20);
	ck_assert_uint_eq(w->params.hot_access_pct, 80);
	ck_assert_uint_eq(s.workloads[3].params.stride, 128);
	ck_assert_uint_eq(s.workloads[4].params.touch_bytes_per_s, 1000000);

	ck_assert_uint_eq(s.nr_faults, 7);
	f = &s.faults[0];
	ck_assert_str_eq(f->name, "cpu_offline");
	ck_assert_int_eq(f->kind, SCENARIO_FAULT_CPU_OFFLINE);
	ck_assert_uint_eq(f->at_us, 5000000);
	ck_assert_uint_eq(f->until_us, f->at_us);
	ck_assert_uint_eq(f->for_us, 1000000);
	ck_assert_int_eq(f->cpu, 3);
	f = &s.faults[1];
	ck_assert_str_eq(f->name, "old");
	ck_assert_uint_eq(f->probability_ppm, 10000);
	ck_assert_uint_eq(f->until_us, s.duration_us);
	ck_assert_int_eq(f->cpu, CONFIG_NO_ID);
	f = &s.faults[2];
	ck_assert_uint_eq(f->probability_ppm, 1000000);
	ck_assert_uint_eq(f->until_us, 3000000);
	ck_assert_uint_eq(f->error, ENODEV);
	ck_assert_uint_eq(s.faults[3].rate, 5);
	ck_assert_uint_eq(s.faults[3].until_us, s.duration_us);
	ck_assert_uint_eq(s.faults[4].every_us, 10000000);
	ck_assert_uint_eq(s.faults[4].until_us, s.duration_us);
	ck_assert_uint_eq(s.faults[5].value, 1000);
	ck_assert_uint_eq(s.faults[5].until_us, 0);
	ck_assert_uint_eq(s.faults[6].nr_set, 2);
	ck_assert_str_eq(s.faults[6].set[0].text, "profile=M");

	ck_assert_int_eq(s.config.profile, CONFIG_PROFILE_D);
	ck_assert_uint_eq(s.config.nr_kdamonds, 1);
	ck_assert_int_eq(s.config.kdamonds[0].contexts[0].targets[0].pid, 77);
	scenario_fini(&s);
}
END_TEST
/* clang-format on */

/* Written twice, since a table wants constants. */
START_TEST(defaults)
{
	const struct scenario_pmu_knobs *k;
	static const char *const set[] = {
		"workloads.0={pattern: chase, size: 256 MiB}",
	};
	const struct workload_params params = workload_params_default();
	const struct workload_params *w;
	struct scenario s;

	parse_or_fail(&s, LEAST, set, 1);
	w = &s.workloads[0].params;
	ck_assert_uint_eq(w->nr_threads, params.nr_threads);
	ck_assert(w->shared == params.shared && w->guest == params.guest);
	ck_assert(w->huge == params.huge);
	ck_assert_uint_eq(w->read_pct, params.read_pct);
	ck_assert_uint_eq(w->vec_bytes, params.vec_bytes);
	ck_assert_uint_eq(w->nr_windows, params.nr_windows);
	ck_assert_uint_eq(w->nt_threshold, params.nt_threshold);
	ck_assert_uint_eq(w->stride, params.stride);
	ck_assert_uint_eq(w->zipf_theta_x1000, params.zipf_theta_x1000);
	ck_assert_uint_eq(w->hot_pct, params.hot_pct);
	ck_assert_uint_eq(w->hot_access_pct, params.hot_access_pct);
	ck_assert_uint_eq(w->phase_ms, params.phase_ms);
	ck_assert_uint_eq(w->touch_bytes_per_s, params.touch_bytes_per_s);
	k = &s.machine.pmu_knobs;
	ck_assert_uint_eq(k->invalid_paddr_ppm,
			  ibs_op_knobs_default.invalid_paddr_ppm);
	ck_assert_uint_eq(k->restart_max, ibs_op_knobs_default.restart_max);
	ck_assert(k->stores_pass_l3 == ibs_op_knobs_default.stores_pass_l3);
	ck_assert(k->cxl_as_dram == ibs_op_knobs_default.cxl_as_dram);
	ck_assert_uint_eq(k->arm_max, pebs_knobs_default.arm_max);
	ck_assert_uint_eq(s.machine.max_sample_rate, PERF_LIMIT_RATE_DEFAULT);
	ck_assert_uint_eq(s.machine.cpu_time_max_percent,
			  PERF_LIMIT_PERCENT_DEFAULT);
	scenario_fini(&s);
}
END_TEST

/* What a commit asks for is the same but for what it sets. */
START_TEST(commits)
{
	struct config_error err;
	struct scenario s;
	struct config cfg;

	parse_or_fail(&s, whole, NULL, 0);
	ck_assert_int_eq(
		scenario_commit(&s, &s.config, &s.faults[6], &cfg, &err), 0);
	ck_assert_int_eq(cfg.profile, CONFIG_PROFILE_M);
	ck_assert_uint_eq(cfg.kdamonds[0].contexts[0].nr_regions.max, 50);
	ck_assert_int_eq(cfg.kdamonds[0].contexts[0].targets[0].pid, 77);
	ck_assert_uint_eq(s.config.kdamonds[0].contexts[0].nr_regions.max,
			  1000);
	config_fini(&cfg);
	scenario_fini(&s);
}
END_TEST

START_TEST(presets)
{
	static const struct {
		const char *name;
		enum scenario_pmu pmu;
		u32 nr_cpus;
		u32 clock_mhz;
		u32 nr_nodes;
	} of[] = {
		{ "turin", SCENARIO_PMU_IBS_ZEN5, 132, 3700, 2 },
		{ "granite_rapids", SCENARIO_PMU_PEBS_GNR, 144, 3500, 2 },
		{ "epyc", SCENARIO_PMU_IBS_ZEN4, 128, 3700, 3 },
		{ "small", SCENARIO_PMU_IBS_ZEN4, 4, 3000, 2 },
	};
	const struct scenario_machine *m;
	struct scenario s;
	char text[128];

	snprintf(text, sizeof(text),
		 "duration: 1\nmachine: {preset: %s, ring_capacity: 8}\n",
		 of[_i].name);
	parse_or_fail(&s, text, NULL, 0);
	m = &s.machine;
	ck_assert_str_eq(m->preset, of[_i].name);
	ck_assert_int_eq(m->pmu, of[_i].pmu);
	ck_assert_uint_eq(m->nr_cpus, of[_i].nr_cpus);
	ck_assert_uint_eq(m->clock_mhz, of[_i].clock_mhz);
	ck_assert_uint_eq(m->nr_nodes, of[_i].nr_nodes);
	ck_assert(m->nodes[m->nr_nodes - 1].cxl);
	ck_assert(!m->nodes[0].cxl);
	ck_assert_uint_eq(m->ring_capacity, 8);
	scenario_fini(&s);
}
END_TEST

/* The file's word is above the preset's, and an override above both. */
START_TEST(overrides)
{
	static const char text[] =
		"duration: 1 s\n"
		"machine: {preset: turin, clock_mhz: 1000, hz: 100}\n";
	static const char *const set[] = {
		"machine.hz=250",
		"machine.nodes.1.size=6 GiB",
		"machine.nodes.2={size: 2 GiB}",
		"machine.pmu_knobs.arm_max=2",
		"machine.preset=small",
		"seed=9",
		"workloads.0.pattern=chase",
		"workloads.0.size=8 KiB",
		"about=a = b",
	};
	struct scenario s;

	parse_or_fail(&s, text, set, sizeof(set) / sizeof(set[0]));
	ck_assert_str_eq(s.machine.preset, "small");
	ck_assert_uint_eq(s.machine.nr_cpus, 4);
	ck_assert_uint_eq(s.machine.clock_mhz, 1000);
	ck_assert_uint_eq(s.machine.hz, 250);
	ck_assert_uint_eq(s.machine.nr_nodes, 3);
	ck_assert_uint_eq(s.machine.nodes[0].sz, 1 << 30);
	ck_assert_uint_eq(s.machine.nodes[1].sz, 6ull << 30);
	ck_assert(s.machine.nodes[1].cxl);
	ck_assert_uint_eq(s.machine.nodes[2].start, 7ull << 30);
	ck_assert_uint_eq(s.machine.pmu_knobs.arm_max, 2);
	ck_assert_uint_eq(s.seed, 9);
	ck_assert_str_eq(s.workloads[0].kind, "chase");
	ck_assert_str_eq(s.about, "a = b");
	scenario_fini(&s);
}
END_TEST

/* Each bound's last value, which is still in it. */
START_TEST(as_far_as_it_goes)
{
	static const char text[] =
		"duration: 10\n"
		"settle: 9\n"
		"machine:\n"
		"  pmu: ibs_zen5\n"
		"  max_sample_rate: 4000\n"
		"  nodes:\n"
		"  - {size: 2 MiB, start: 4503599623176192}\n"
		"  - {size: 2 MiB}\n"
		"  - {size: 64 TiB, start: 0}\n"
		"  - {size: 2 MiB}\n"
		"workloads:\n"
		"- {pattern: memcpy, size: 35180077121536, start: 96 TiB,\n"
		"   pid: 4194303, place: [{node: 2}], first_cpu: 3, at: 9}\n"
		"faults:\n"
		"- {fault: page_zero, at: 9, until: 9, cpu: 3}\n"
		"- {fault: hotplug_storm, rate: 500000}\n"
		"- {fault: pause, for: 5, every: 5}\n"
		"kdamonds:\n"
		"- contexts:\n"
		"  - ops: paddr\n"
		"    targets:\n"
		"    - regions:\n"
		"      - {start: 0, end: 64 TiB}\n"
		"      - {start: 64 TiB, end: 70368746274816}\n"
		"      - {start: 4503599623176192, end: 4503599627370496}\n"
		"    sample_control:\n"
		"      perf_events:\n"
		"      - {type: 6, sample_freq: 4000, exclude_kernel: off,\n"
		"         exclude_hv: off}\n";
	struct scenario s;

	parse_or_fail(&s, text, NULL, 0);
	ck_assert_uint_eq(s.machine.nodes[1].start + s.machine.nodes[1].sz,
			  1ull << 52);
	ck_assert_uint_eq(s.workloads[0].start + s.workloads[0].params.sz,
			  0x7fff00000000);
	ck_assert_uint_eq(s.faults[0].until_us, 9);
	scenario_fini(&s);
}
END_TEST

/* Areas and numbers of threads that touch and do not meet. */
START_TEST(side_by_side)
{
	static const char text[] =
		LEAST "workloads:\n"
		      "- {pattern: chase, size: 8 KiB, threads: 2,\n"
		      "   start: 100 TiB, pid: 10}\n"
		      "- {pattern: chase, size: 16 KiB, pid: 12,\n"
		      "   start: 0x640000004000}\n"
		      "- {pattern: chase, size: 16 KiB, pid: 9,\n"
		      "   start: 0x63ffffffc000}\n"
		      /* What is left of the node. */
		      "- {pattern: chase, size: 1073692672, start: 97 TiB}\n";
	static const char *const set[] = {
		"machine.nodes.1.start=4503597479886848",
	};
	struct scenario s;

	parse_or_fail(&s, text, set, 1);
	ck_assert_uint_eq(s.machine.nodes[1].start + s.machine.nodes[1].sz,
			  1ull << 52);
	ck_assert_uint_eq(s.workloads[1].start, s.workloads[0].start + 16384);
	ck_assert_uint_eq(s.workloads[2].start, s.workloads[0].start - 16384);
	scenario_fini(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scenario");
	TCase *tcase = tcase_create("all");

	tcase_add_test(tcase, left_out);
	tcase_add_test(tcase, all_said);
	tcase_add_test(tcase, defaults);
	tcase_add_test(tcase, as_far_as_it_goes);
	tcase_add_test(tcase, side_by_side);
	tcase_add_test(tcase, commits);
	tcase_add_loop_test(tcase, presets, 0, 4);
	tcase_add_test(tcase, overrides);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
