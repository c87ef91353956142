// SPDX-License-Identifier: GPL-2.0
/*
 * What configuration files say: two whole ones value by value, the defaults,
 * JSON, and the conversion to what the core counts in.
 */
#include <errno.h>

#include "test_config.h"

START_TEST(tiering)
{
	struct config cfg;
	const struct config_context *ctx;
	const struct config_scheme *scheme;
	const struct config_perf_event *event;

	load_or_fail(&cfg, CONFIG_DATA "tiering.yaml");
	ck_assert_uint_eq(cfg.profile, CONFIG_PROFILE_N);
	ck_assert_uint_eq(cfg.nr_kdamonds, 1);
	ck_assert(!cfg.kdamonds[0].on);
	ck_assert_int_eq(cfg.kdamonds[0].pid, CONFIG_NO_ID);
	ck_assert_uint_eq(cfg.kdamonds[0].refresh_ms, 0);
	ck_assert_uint_eq(cfg.kdamonds[0].nr_contexts, 1);
	ctx = &cfg.kdamonds[0].contexts[0];
	ck_assert_uint_eq(ctx->ops, CONFIG_OPS_PADDR);
	ck_assert_uint_eq(ctx->addr_unit, 1);
	ck_assert_uint_eq(config_min_region_sz(ctx), 4096);
	ck_assert(!ctx->pause);

	ck_assert_uint_eq(ctx->nr_targets, 1);
	ck_assert_int_eq(ctx->targets[0].pid, CONFIG_NO_ID);
	ck_assert(!ctx->targets[0].obsolete);
	ck_assert_uint_eq(ctx->targets[0].nr_regions, 2);
	ck_assert_uint_eq(ctx->targets[0].regions[0].start, 4294967296);
	ck_assert_uint_eq(ctx->targets[0].regions[0].end, 73014444032);
	ck_assert_uint_eq(ctx->targets[0].regions[1].start, 73014444032);
	ck_assert_uint_eq(ctx->targets[0].regions[1].end, 141733920768);

	ck_assert_uint_eq(ctx->intervals.sample_us, 5000);
	ck_assert_uint_eq(ctx->intervals.aggr_us, 100000);
	ck_assert_uint_eq(ctx->intervals.ops_update_us, 1000000);
	ck_assert_uint_eq(ctx->intervals.goal.aggrs, 0);
	ck_assert_uint_eq(ctx->nr_regions.min, 10);
	ck_assert_uint_eq(ctx->nr_regions.max, 1000);

	ck_assert(ctx->sample_control.primitives.page_table);
	ck_assert(!ctx->sample_control.primitives.page_fault);
	ck_assert_uint_eq(ctx->sample_control.nr_filters, 0);
	ck_assert_uint_eq(ctx->sample_control.nr_events, 1);
	event = &ctx->sample_control.events[0];
	ck_assert_uint_eq(event->type, 11);
	ck_assert_uint_eq(event->config, 0);
	ck_assert(event->sample_phys_addr);
	ck_assert(!event->sample_weight_struct);
	ck_assert(!event->freq);
	ck_assert_uint_eq(event->sample_period, 262144);
	ck_assert_uint_eq(event->wakeup_events, 1);
	ck_assert_uint_eq(event->precise_ip, 2);
	ck_assert(!event->exclude_kernel);
	ck_assert(!event->exclude_hv);

	ck_assert_uint_eq(ctx->nr_schemes, 2);
	scheme = &ctx->schemes[0];
	ck_assert_uint_eq(scheme->action, CONFIG_MIGRATE_HOT);
	ck_assert_uint_eq(scheme->nr_dests, 0);
	ck_assert_int_eq(scheme->target_nid, 0);
	ck_assert_uint_eq(scheme->pattern.sz.min, 4096);
	ck_assert_uint_eq(scheme->pattern.sz.max, CONFIG_NO_BOUND);
	ck_assert_uint_eq(scheme->pattern.nr_accesses.unit, CONFIG_UNIT_PPM);
	ck_assert_uint_eq(scheme->pattern.nr_accesses.min, 50000);
	ck_assert_uint_eq(scheme->pattern.nr_accesses.max, 1000000);
	ck_assert_uint_eq(scheme->pattern.age.unit, CONFIG_UNIT_US);
	ck_assert_uint_eq(scheme->pattern.age.min, 0);
	ck_assert_uint_eq(scheme->pattern.age.max, CONFIG_NO_BOUND);
	ck_assert_uint_eq(scheme->apply_interval_us, 0);
	ck_assert_uint_eq(scheme->quotas.time_ms, 0);
	ck_assert_uint_eq(scheme->quotas.sz_bytes, 512 << 20);
	ck_assert_uint_eq(scheme->quotas.reset_interval_ms, 1000);
	ck_assert_uint_eq(scheme->quotas.nr_goals, 1);
	ck_assert_uint_eq(scheme->quotas.goals[0].metric,
			  CONFIG_NODE_ELIGIBLE_MEM_BP);
	ck_assert_int_eq(scheme->quotas.goals[0].nid, 0);
	ck_assert_ptr_null(scheme->quotas.goals[0].memcg_path);
	ck_assert_uint_eq(scheme->quotas.goals[0].target_value, 7000);
	ck_assert_uint_eq(scheme->quotas.goal_tuner, CONFIG_TEMPORAL);
	ck_assert_uint_eq(scheme->quotas.weights.sz_permil, 0);
	ck_assert_uint_eq(scheme->quotas.weights.nr_accesses_permil, 1000);
	ck_assert_uint_eq(scheme->wmarks.metric, CONFIG_WMARK_NONE);
	ck_assert_uint_eq(scheme->nr_filters, 1);
	ck_assert_uint_eq(scheme->filters[0].type, CONFIG_FILTER_ADDR);
	ck_assert(scheme->filters[0].matching);
	ck_assert(scheme->filters[0].allow);
	ck_assert_uint_eq(scheme->filters[0].addr.start, 73014444032);
	ck_assert_uint_eq(scheme->filters[0].addr.end, 141733920768);
	ck_assert_int_eq(scheme->filters[0].target_idx, CONFIG_NO_ID);

	scheme = &ctx->schemes[1];
	ck_assert_int_eq(scheme->target_nid, 1);
	ck_assert_uint_eq(scheme->quotas.goals[0].target_value, 3000);
	ck_assert_uint_eq(scheme->pattern.age.max, CONFIG_NO_BOUND);
	config_fini(&cfg);
	ck_assert_ptr_null(cfg.kdamonds);
}
END_TEST

START_TEST(interleave)
{
	struct config cfg;
	const struct config_context *ctx;
	const struct config_sample_control *control;
	const struct config_scheme *scheme;
	const struct config_goal *goals;

	load_or_fail(&cfg, CONFIG_DATA "interleave.yaml");
	ctx = &cfg.kdamonds[0].contexts[0];
	ck_assert_uint_eq(ctx->ops, CONFIG_OPS_VADDR);
	ck_assert_int_eq(ctx->targets[0].pid, 4242);
	ck_assert_uint_eq(ctx->targets[0].nr_regions, 0);
	ck_assert_uint_eq(ctx->intervals.sample_us, 10000);
	ck_assert_uint_eq(ctx->intervals.aggr_us, 200000);
	ck_assert_uint_eq(ctx->intervals.ops_update_us, 60500000);
	ck_assert_uint_eq(ctx->nr_regions.max, 10000);

	control = &ctx->sample_control;
	ck_assert(!control->primitives.page_table);
	ck_assert_uint_eq(control->nr_filters, 3);
	ck_assert_uint_eq(control->filters[0].type, CONFIG_SAMPLE_CPUMASK);
	ck_assert_str_eq(control->filters[0].cpumask, "1,0000ffff");
	ck_assert_ptr_null(control->filters[0].tid_arr);
	ck_assert_str_eq(control->filters[1].tid_arr, "4242,999999999");
	ck_assert_uint_eq(control->filters[2].type, CONFIG_SAMPLE_WRITE);
	ck_assert(control->filters[2].matching);
	ck_assert(!control->filters[2].allow);
	ck_assert_uint_eq(control->events[0].config, 0x20d1);
	ck_assert(control->events[0].freq);
	ck_assert_uint_eq(control->events[0].sample_freq, 5003);
	ck_assert(control->events[0].exclude_kernel);

	scheme = &ctx->schemes[0];
	ck_assert_uint_eq(scheme->nr_dests, 2);
	ck_assert_uint_eq(scheme->dests[0].weight, 7);
	ck_assert_uint_eq(scheme->dests[1].id, 1);
	ck_assert_int_eq(scheme->target_nid, CONFIG_NO_ID);
	ck_assert_uint_eq(scheme->pattern.nr_accesses.unit,
			  CONFIG_UNIT_SAMPLES);
	ck_assert_uint_eq(scheme->pattern.nr_accesses.min, 3);
	ck_assert_uint_eq(scheme->pattern.nr_accesses.max, CONFIG_NO_BOUND);
	ck_assert_uint_eq(scheme->pattern.age.unit, CONFIG_UNIT_AGGR_INTERVALS);
	ck_assert_uint_eq(scheme->pattern.age.max, 4000);
	ck_assert_uint_eq(scheme->apply_interval_us, 1500000);
	ck_assert_uint_eq(scheme->quotas.time_ms, 100);
	ck_assert_uint_eq(scheme->quotas.sz_bytes, 1 << 30);
	goals = scheme->quotas.goals;
	ck_assert_uint_eq(goals[0].target_value, 1000);
	ck_assert_uint_eq(goals[0].current_value, 12);
	ck_assert_uint_eq(goals[1].target_value, 10000);
	ck_assert_str_eq(goals[2].memcg_path, "/a b/it's");
	ck_assert_uint_eq(goals[2].target_value, 9950);
	ck_assert_uint_eq(scheme->wmarks.metric, CONFIG_WMARK_FREE_MEM_RATE);
	ck_assert_uint_eq(scheme->wmarks.mid_permil, 400);
	ck_assert_uint_eq(scheme->nr_filters, 4);
	ck_assert_str_eq(scheme->filters[1].memcg_path, "/work/load");
	ck_assert_int_eq(scheme->filters[2].target_idx, 0);
	ck_assert_uint_eq(scheme->filters[3].hugepage_sz.min, 2 << 20);
	ck_assert_uint_eq(scheme->filters[3].hugepage_sz.max, 1 << 30);
	config_fini(&cfg);
}
END_TEST

START_TEST(probes)
{
	static const char text[] =
		"kdamonds:\n- contexts:\n  - ops: paddr\n    probes:\n"
		"    - {}\n"
		"    - weight: 1,000\n"
		"      preps: [{prep_action: set_pgidle}]\n"
		"      filters:\n"
		"      - {filter_type: pgidle_unset, allow: true}\n"
		"      - {filter_type: memcg, matching: false, memcg_path: "
		"/a,\n"
		"         hugepage_size: [1, 2]}\n"
		"      - {filter_type: hugepage_size, hugepage_size: [2M, "
		"max]}\n"
		"    schemes:\n"
		"    - filters:\n"
		"      - {filter_type: probe_hits_wsum,\n"
		"         probe_hits_wsum_range: ['1,000', 0x7d0]}\n"
		"      - {filter_type: anon, probe_hits_wsum_range: [1, 2]}\n";
	const struct config_probe *p;
	const struct config_filter *f;
	struct config_error err;
	struct config cfg;

	ck_assert_msg(!config_parse(&cfg, text, strlen(text), "probes", &err),
		      "%u: %s", err.line, err.text);
	p = cfg.kdamonds[0].contexts[0].probes;
	ck_assert_uint_eq(cfg.kdamonds[0].contexts[0].nr_probes, 2);
	ck_assert_uint_eq(p[0].weight, 0);
	ck_assert_uint_eq(p[0].nr_preps + p[0].nr_filters, 0);
	ck_assert_uint_eq(p[1].weight, 1000);
	ck_assert_uint_eq(p[1].nr_preps, 1);
	ck_assert_uint_eq(p[1].preps[0].action, CONFIG_PREP_SET_PGIDLE);
	ck_assert_uint_eq(p[1].nr_filters, 3);
	ck_assert_uint_eq(p[1].filters[0].type, CONFIG_PROBE_PGIDLE_UNSET);
	ck_assert(p[1].filters[0].matching && p[1].filters[0].allow);
	ck_assert(!p[1].filters[1].matching && !p[1].filters[1].allow);
	ck_assert_str_eq(p[1].filters[1].memcg_path, "/a");
	/* Of another type: it is of no use and not kept. */
	ck_assert_uint_eq(p[1].filters[1].hugepage_sz.max, 0);
	ck_assert_uint_eq(p[1].filters[2].hugepage_sz.min, 2 << 20);
	ck_assert_uint_eq(p[1].filters[2].hugepage_sz.max, CONFIG_NO_BOUND);
	f = cfg.kdamonds[0].contexts[0].schemes[0].filters;
	ck_assert_uint_eq(f[0].type, CONFIG_FILTER_PROBE_HITS_WSUM);
	ck_assert_uint_eq(f[0].wsum.min, 1000);
	ck_assert_uint_eq(f[0].wsum.max, 2000);
	ck_assert_uint_eq(f[1].wsum.max, 0);
	config_fini(&cfg);
}
END_TEST

START_TEST(defaults)
{
	struct config cfg;
	struct config_error err;
	static const char text[] =
		"kdamonds: [{contexts: [{ops: paddr, schemes: ["
		"{target_nid: -1}]}]}]";
	const struct config_context *ctx;
	const struct config_scheme *scheme;

	ck_assert_int_eq(config_parse(&cfg, text, strlen(text), "text", &err),
			 0);
	ctx = &cfg.kdamonds[0].contexts[0];
	ck_assert_int_eq(cfg.kdamonds[0].pid, CONFIG_NO_ID);
	ck_assert_uint_eq(ctx->addr_unit, 1);
	ck_assert_uint_eq(ctx->intervals.sample_us, 5000);
	ck_assert_uint_eq(ctx->intervals.aggr_us, 100000);
	ck_assert_uint_eq(ctx->intervals.ops_update_us, 1000000);
	ck_assert_uint_eq(ctx->nr_regions.min, 10);
	ck_assert_uint_eq(ctx->nr_regions.max, 1000);
	ck_assert(ctx->sample_control.primitives.page_table);
	scheme = &ctx->schemes[0];
	ck_assert_uint_eq(scheme->action, CONFIG_STAT);
	ck_assert_int_eq(scheme->target_nid, CONFIG_NO_ID);
	ck_assert_uint_eq(scheme->pattern.sz.max, CONFIG_NO_BOUND);
	ck_assert_uint_eq(scheme->pattern.nr_accesses.unit, CONFIG_UNIT_PPM);
	ck_assert_uint_eq(scheme->pattern.nr_accesses.max, CONFIG_NO_BOUND);
	ck_assert_uint_eq(scheme->pattern.age.unit, CONFIG_UNIT_US);
	/* "max", in milliseconds whose nanoseconds fit as well. */
	ck_assert_uint_eq(scheme->quotas.reset_interval_ms,
			  CONFIG_NO_BOUND / 1000000);
	config_fini(&cfg);
}
END_TEST

START_TEST(json_is_yaml)
{
	struct config yaml, json;
	char *yaml_text, *json_text;
	size_t sz;

	load_or_fail(&yaml, CONFIG_DATA "tiering.yaml");
	load_or_fail(&json, CONFIG_DATA "tiering.json");
	yaml_text = print_whole(&yaml, &sz);
	json_text = print_whole(&json, &sz);
	ck_assert_str_eq(yaml_text, json_text);
	free(yaml_text);
	free(json_text);
	config_fini(&yaml);
	config_fini(&json);
}
END_TEST

/* What the documentation shows is what the program reads. */
START_TEST(documented)
{
	struct config cfg;
	struct config_error err;
	char *begin, *end, *doc;
	size_t sz;

	doc = read_whole("docs/CONFIG.md", &sz);
	begin = strstr(doc, "```yaml\n");
	ck_assert(begin);
	begin += strlen("```yaml\n");
	end = strstr(begin, "```");
	ck_assert(end);
	ck_assert_msg(!config_parse(&cfg, begin, end - begin, "doc", &err),
		      "%u: %s", err.line, err.text);
	config_fini(&cfg);
	free(doc);
}
END_TEST

START_TEST(standard_input)
{
	struct config cfg;

	ck_assert(freopen(CONFIG_DATA "minimal.yaml", "r", stdin));
	load_or_fail(&cfg, "-");
	ck_assert_uint_eq(cfg.nr_kdamonds, 1);
	config_fini(&cfg);
}
END_TEST

START_TEST(unreadable)
{
	struct config cfg = { .nr_kdamonds = 4711 };
	struct config_error err;

	ck_assert_int_eq(config_load(&cfg, "no/such.yaml", &err), -ENOENT);
	ck_assert_str_eq(err.file, "no/such.yaml");
	ck_assert_uint_eq(err.line, 0);
	ck_assert_int_eq(config_load(&cfg, CONFIG_DATA, &err), -EISDIR);
	ck_assert(strstr(err.text, "directory"));
	/* Untouched. */
	ck_assert_uint_eq(cfg.nr_kdamonds, 4711);
}
END_TEST

static struct config_core_pattern to_core(enum config_unit unit, u64 min,
					  u64 max, u64 sample_us, u64 aggr_us)
{
	struct config_intervals intervals = { .sample_us = sample_us,
					      .aggr_us = aggr_us };
	struct config_pattern pattern = {
		.sz = { 1, 2 },
		.nr_accesses = { unit, min, max },
		.age = { unit == CONFIG_UNIT_PPM ? CONFIG_UNIT_US :
						   CONFIG_UNIT_AGGR_INTERVALS,
			 min, max },
	};
	struct config_core_pattern core;

	config_pattern_to_core(&pattern, &intervals, &core);
	ck_assert_uint_eq(core.min_sz, 1);
	ck_assert_uint_eq(core.max_sz, 2);
	return core;
}

START_TEST(core_units)
{
	struct config_core_pattern core;

	/* 5 % and 100 % of 20; 0.05 s and 1 s of 0.1 s. */
	core = to_core(CONFIG_UNIT_PPM, 50000, 1000000, 5000, 100000);
	ck_assert_uint_eq(core.min_nr_accesses, 1);
	ck_assert_uint_eq(core.max_nr_accesses, 20);
	ck_assert_uint_eq(core.min_age, 0);
	ck_assert_uint_eq(core.max_age, 10);
	/* 99 % of 100/7, as damo divides: 14.14 and not 0.99 * 14. */
	core = to_core(CONFIG_UNIT_PPM, 990000, CONFIG_NO_BOUND, 7000, 100000);
	ck_assert_uint_eq(core.min_nr_accesses, 14);
	ck_assert_uint_eq(core.max_nr_accesses, ~0u);
	ck_assert_uint_eq(core.max_age, ~0u);
	core = to_core(CONFIG_UNIT_SAMPLES, 3, CONFIG_NO_BOUND, 5000, 100000);
	ck_assert_uint_eq(core.min_nr_accesses, 3);
	ck_assert_uint_eq(core.max_nr_accesses, ~0u);
	ck_assert_uint_eq(core.min_age, 3);
	ck_assert_uint_eq(core.max_age, ~0u);
	/* Products above 64 bits, quotients above 32, and no division by 0. */
	core = to_core(CONFIG_UNIT_PPM, CONFIG_NO_BOUND / 2,
		       CONFIG_NO_BOUND - 1, 1, CONFIG_NO_BOUND / 1000);
	ck_assert_uint_eq(core.min_nr_accesses, ~0u);
	ck_assert_uint_eq(core.min_age, 500);
	core = to_core(CONFIG_UNIT_PPM, 1000000, 1000000, 0, 0);
	ck_assert_uint_eq(core.max_nr_accesses, 0);
	ck_assert_uint_eq(core.max_age, 1000000);
}
END_TEST

START_TEST(smallest_region)
{
	struct config_context ctx = { .ops = CONFIG_OPS_PADDR, .addr_unit = 1 };

	ck_assert_uint_eq(config_min_region_sz(&ctx), 4096);
	ctx.addr_unit = 8;
	ck_assert_uint_eq(config_min_region_sz(&ctx), 512);
	ctx.addr_unit = 4096;
	ck_assert_uint_eq(config_min_region_sz(&ctx), 1);
	ctx.addr_unit = 1 << 20;
	ck_assert_uint_eq(config_min_region_sz(&ctx), 1);
	ctx.ops = CONFIG_OPS_VADDR;
	ck_assert_uint_eq(config_min_region_sz(&ctx), 4096);
}
END_TEST

START_TEST(masks)
{
	u32 cpu;

	for (cpu = 0; cpu < 200; cpu++) {
		ck_assert_int_eq(config_cpumask_has("f0", cpu),
				 cpu >= 4 && cpu < 8);
		ck_assert_int_eq(config_cpumask_has("1,80000000,1", cpu),
				 cpu == 0 || cpu == 63 || cpu == 64);
		ck_assert_int_eq(config_cpumask_has("3,0", cpu),
				 cpu == 32 || cpu == 33);
	}
	ck_assert(!config_cpumask_has("ffffffff", ~0u));
	ck_assert(config_tids_have("12,34,5", 12));
	ck_assert(config_tids_have("12,34,5", 34));
	ck_assert(config_tids_have("12,34,5", 5));
	ck_assert(!config_tids_have("12,34,5", 1));
	ck_assert(!config_tids_have("12", 34));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config read");
	TCase *tcase = tcase_create("all");

	tcase_add_test(tcase, tiering);
	tcase_add_test(tcase, probes);
	tcase_add_test(tcase, interleave);
	tcase_add_test(tcase, defaults);
	tcase_add_test(tcase, json_is_yaml);
	tcase_add_test(tcase, documented);
	tcase_add_test(tcase, standard_input);
	tcase_add_test(tcase, unreadable);
	tcase_add_test(tcase, core_units);
	tcase_add_test(tcase, smallest_region);
	tcase_add_test(tcase, masks);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
