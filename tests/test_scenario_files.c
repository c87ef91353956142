// SPDX-License-Identifier: GPL-2.0
/*
 * Every scenario that is shipped can be read, says what it shows, and a kernel
 * would take its kdamonds: part; what it would do else than it seems to is not
 * in there by mistake.  The published ones are as published.
 */
#include <dirent.h>
#include <errno.h>

#include "config/config_notes.h"
#include "test_scenario.h"

static void load(struct scenario *s, const char *name)
{
	struct config_error err;
	char path[512];

	snprintf(path, sizeof(path), SCENARIO_MODELS "%s", name);
	ck_assert_msg(!scenario_load(s, path, NULL, 0, &err), "%s:%u:%u: %s",
		      err.file, err.line, err.column, err.text);
}

/* What is ignored is what these are about. */
static bool is_about_ignored(const char *name)
{
	return !strcmp(name, "pebs-paddr.yaml") ||
	       !strcmp(name, "virtual-event-in-paddr.yaml");
}

START_TEST(all)
{
	DIR *dir = opendir(SCENARIO_MODELS);
	struct config_notes notes;
	const struct dirent *entry;
	struct scenario s;
	u32 i, nr = 0;

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		/* Scripts that set a scenario's monitor up stand beside it. */
		if (strstr(entry->d_name, ".sh"))
			continue;
		ck_assert_msg(strstr(entry->d_name, ".yaml"), "%s",
			      entry->d_name);
		load(&s, entry->d_name);
		ck_assert_msg(s.about && strlen(s.about) > 20, "%s",
			      entry->d_name);
		ck_assert_uint_ge(s.nr_workloads, 1);
		ck_assert_uint_eq(s.config.nr_kdamonds, 1);
		ck_assert_int_eq(config_notes(&notes, &s.config), 0);
		for (i = 0; i < notes.nr; i++)
			ck_assert_msg(notes.at[i].weight != CONFIG_REFUSED &&
					      (notes.at[i].weight !=
						       CONFIG_IGNORED ||
					       is_about_ignored(entry->d_name)),
				      "%s: %s: %s", entry->d_name,
				      notes.at[i].place, notes.at[i].text);
		config_notes_fini(&notes);
		scenario_fini(&s);
		nr++;
	}
	closedir(dir);
	ck_assert_uint_ge(nr, 35);
}
END_TEST

START_TEST(config_a)
{
	const struct config_perf_event *event;
	const struct config_context *ctx;
	struct scenario s;

	load(&s, "config-a.yaml");
	ck_assert_uint_eq(s.duration_us, 7 * 3600 * 1000000ull);
	ck_assert_uint_eq(s.machine.nr_cpus, 132);
	ck_assert_int_eq(s.machine.pmu, SCENARIO_PMU_IBS_ZEN5);
	ck_assert_str_eq(s.workloads[0].kind, "memcpy");
	ck_assert_uint_eq(s.workloads[0].params.nr_threads, 32);
	ck_assert_uint_eq(s.workloads[0].params.sz, 4ull << 30);
	ck_assert(s.workloads[0].params.guest);
	ck_assert(s.workloads[0].params.huge && s.workloads[0].scattered);
	ctx = s.config.kdamonds[0].contexts;
	ck_assert_int_eq(ctx->ops, CONFIG_OPS_PADDR);
	ck_assert_uint_eq(ctx->targets[0].nr_regions, 2);
	ck_assert_uint_eq(ctx->nr_schemes, 2);
	ck_assert_int_eq(ctx->schemes[1].action, CONFIG_MIGRATE_HOT);
	ck_assert_int_eq(ctx->schemes[1].quotas.goals[0].metric,
			 CONFIG_NODE_ELIGIBLE_MEM_BP);
	event = ctx->sample_control.events;
	ck_assert(!event->freq && event->sample_phys_addr);
	ck_assert(!event->exclude_kernel && !event->exclude_hv);
	ck_assert_uint_eq(event->config, 0);
	ck_assert_uint_eq(event->sample_period, 262144);
	scenario_fini(&s);
}
END_TEST

START_TEST(config_b)
{
	const struct config_perf_event *event;
	const struct config_context *ctx;
	struct scenario s;

	load(&s, "config-b.yaml");
	ck_assert_uint_eq(s.machine.nr_cpus, 144);
	ck_assert_int_eq(s.machine.pmu, SCENARIO_PMU_PEBS_GNR);
	ck_assert_uint_eq(s.workloads[0].params.nr_threads, 32);
	ck_assert_uint_eq(s.workloads[0].params.sz, 4ull << 30);
	ck_assert(!s.workloads[0].params.guest);
	ctx = s.config.kdamonds[0].contexts;
	ck_assert_int_eq(ctx->ops, CONFIG_OPS_VADDR);
	ck_assert_uint_eq(ctx->nr_schemes, 1);
	ck_assert_uint_eq(ctx->schemes[0].nr_dests, 2);
	event = ctx->sample_control.events;
	ck_assert_uint_eq(event->type, 4);
	ck_assert_uint_eq(event->config, 0x20d1);
	ck_assert(event->freq);
	ck_assert_uint_eq(event->sample_freq, 5003);
	ck_assert_uint_eq(event->precise_ip, 2);
	ck_assert_uint_eq(event->wakeup_events, 1);
	scenario_fini(&s);
}
END_TEST

START_TEST(may)
{
	static const char *const names[] = { "may-cold-70.yaml",
					     "may-retarget-85.yaml" };
	const struct config_context *ctx;
	struct config_error err;
	struct scenario s;
	struct config cfg;
	u32 i;

	load(&s, names[_i]);
	ck_assert_uint_eq(s.machine.ring_capacity, 256);
	ck_assert_uint_eq(s.workloads[0].params.nr_threads *
				  s.workloads[0].params.sz,
			  32ull << 30);
	ck_assert_uint_eq(s.workloads[0].nr_place, 2);
	ck_assert_uint_eq(s.workloads[0].place[0].weight,
			  s.workloads[0].place[1].weight);
	ck_assert(s.machine.nodes[s.workloads[0].place[1].nid].cxl);
	ctx = s.config.kdamonds[0].contexts;
	ck_assert_uint_eq(ctx->nr_schemes, 2);
	for (i = 0; i < 2; i++) {
		const struct config_quotas *q = &ctx->schemes[i].quotas;

		ck_assert_uint_eq(q->sz_bytes, 512 << 20);
		ck_assert_uint_eq(q->reset_interval_ms, 1000);
		ck_assert_int_eq(q->goal_tuner, CONFIG_TEMPORAL);
		ck_assert_uint_eq(q->goals[0].target_value, i ? 3000 : 7000);
	}
	ck_assert_uint_eq(s.nr_faults, _i);
	if (_i) {
		ck_assert_int_eq(scenario_commit(&s, &s.config, s.faults, &cfg,
						 &err),
				 0);
		ctx = cfg.kdamonds[0].contexts;
		ck_assert_uint_eq(ctx->schemes[0].quotas.goals[0].target_value,
				  8500);
		ck_assert_uint_eq(ctx->schemes[1].quotas.goals[0].target_value,
				  1500);
		config_fini(&cfg);
	}
	scenario_fini(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scenario files");
	TCase *tcase = tcase_create("all");

	tcase_add_test(tcase, all);
	tcase_add_test(tcase, config_a);
	tcase_add_test(tcase, config_b);
	tcase_add_loop_test(tcase, may, 0, 2);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
