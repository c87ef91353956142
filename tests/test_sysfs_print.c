// SPDX-License-Identifier: GPL-2.0
/*
 * Configuration, script, configuration: the same, for random ones and for the
 * scripts of the published set-ups.
 */
#include "test_config.h"
#include "test_config_draw.h"
#include "test_sysfs.h"

#define MODELS "models/scenarios/"

/* What files cannot say is not asked of them. */
static void settle(struct config_kdamond *kdamond)
{
	struct config_context *ctx = kdamond->contexts;
	struct config_sample_control *control = &ctx->sample_control;
	struct config_core_pattern core;
	struct config_pattern *pattern;
	u64 max_nr_snapshots;
	u32 i;

	kdamond->on = true;
	kdamond->pid = CONFIG_NO_ID;
	control->primitives = (struct config_primitives){ .page_table = true };
	for (i = 0; i < control->nr_filters; i++) {
		free(control->filters[i].cpumask);
		free(control->filters[i].tid_arr);
	}
	free(control->filters);
	control->filters = NULL;
	control->nr_filters = 0;
	for (i = 0; i < ctx->nr_schemes; i++) {
		pattern = &ctx->schemes[i].pattern;
		config_pattern_to_core(pattern, &ctx->intervals, &core);
		pattern->nr_accesses =
			(struct config_bounds){ CONFIG_UNIT_SAMPLES,
						core.min_nr_accesses,
						core.max_nr_accesses };
		pattern->age =
			(struct config_bounds){ CONFIG_UNIT_AGGR_INTERVALS,
						core.min_age, core.max_age };
		ctx->schemes[i].quotas.effective_sz_bytes = 0;
		max_nr_snapshots = ctx->schemes[i].stats.max_nr_snapshots;
		ctx->schemes[i].stats =
			(struct config_stats){ .max_nr_snapshots =
						       max_nr_snapshots };
	}
}

/* Types of filters, and preparations, whose files are not known. */
static void settle_filters(struct config_context *ctx)
{
	struct config_probe_filter *probe_filter;
	struct config_filter *filter;
	u32 i, j;

	for (i = 0; i < ctx->nr_schemes; i++)
		for (j = 0; j < ctx->schemes[i].nr_filters; j++) {
			filter = &ctx->schemes[i].filters[j];
			if (filter->type > CONFIG_FILTER_TARGET)
				*filter = (struct config_filter){
					.target_idx = CONFIG_NO_ID
				};
		}
	for (i = 0; i < ctx->nr_probes; i++) {
		free(ctx->probes[i].preps);
		ctx->probes[i].preps = NULL;
		ctx->probes[i].nr_preps = 0;
		for (j = 0; j < ctx->probes[i].nr_filters; j++) {
			probe_filter = &ctx->probes[i].filters[j];
			if (probe_filter->type > CONFIG_PROBE_MEMCG)
				*probe_filter =
					(struct config_probe_filter){ 0 };
		}
	}
}

static void compare(struct ran *r, const struct sysfs_action *action)
{
	const struct config *all = r->arg;
	struct config one = *all;
	size_t sz, same = 0;
	char *a, *b;

	ck_assert_uint_lt(action->kdamond, all->nr_kdamonds);
	one.kdamonds = &all->kdamonds[action->kdamond];
	one.nr_kdamonds = 1;
	a = print_whole(&one, &sz);
	b = print_whole(action->cfg, &sz);
	while (a[same] && a[same] == b[same])
		same++;
	/* What stands around the first difference. */
	ck_assert_msg(a[same] == b[same], "%.200s\n%.200s",
		      a + (same > 100 ? same - 100 : 0),
		      b + (same > 100 ? same - 100 : 0));
	free(a);
	free(b);
}

START_TEST(random_configurations)
{
	struct config_sample_control *control;
	struct ran r = { .look = compare };
	struct config cfg;
	char *text;
	size_t sz;
	FILE *file;
	u32 i, k;

	for (i = 0; i < 300; i++) {
		draw_seed(_i, i);
		draw_config(&cfg);
		cfg.profile = flip() ? CONFIG_PROFILE_N : CONFIG_PROFILE_M;
		for (k = 0; k < cfg.nr_kdamonds; k++) {
			settle(&cfg.kdamonds[k]);
			settle_filters(cfg.kdamonds[k].contexts);
		}
		/* Events have one owner. */
		control = &cfg.kdamonds[cfg.nr_kdamonds - 1]
				   .contexts->sample_control;
		if (cfg.nr_kdamonds > 1) {
			free(control->events);
			control->events = NULL;
			control->nr_events = 0;
		}
		file = open_memstream(&text, &sz);
		ck_assert(file);
		ck_assert_int_eq(sysfs_print(file, &cfg), 0);
		fclose(file);
		r.host.profile = cfg.profile;
		r.arg = &cfg;
		run(&r, text);
		ck_assert_msg(!r.ret, "%u: %s\n%s", r.err.line, r.err.text,
			      text);
		ck_assert_msg(!r.log.nr, "%s", r.log.at[0].text);
		ck_assert_uint_eq(r.nr_actions, cfg.nr_kdamonds);
		ran_fini(&r);
		free(text);
		config_fini(&cfg);
	}
}
END_TEST

#define EVENT_IN_PADDR                                \
	"{ops: paddr, sample_control: {perf_events: " \
	"[{type: 4, sample_freq: 1}]}}"

/* What 6.12 has no file for is not left out. */
START_TEST(not_in_d)
{
	static const char *const contexts[] = {
		"{ops: paddr, addr_unit: 2}",
		"{ops: paddr, pause: true}",
		"{ops: paddr, schemes: [{action: stat}]}",
		"{ops: paddr, schemes: [{action: collapse}]}",
		"{ops: paddr, schemes: [{dests: [{id: 0, weight: 0}]}]}",
		EVENT_IN_PADDR,
	};
	struct config_error err;
	char text[256], *out;
	struct config cfg;
	size_t sz;
	FILE *file;
	int ret;

	snprintf(text, sizeof(text),
		 "{profile: D, kdamonds: [{contexts: [%s]}]}", contexts[_i]);
	ck_assert_msg(!config_parse(&cfg, text, strlen(text), "", &err), "%s",
		      err.text);
	file = open_memstream(&out, &sz);
	ck_assert(file);
	ret = sysfs_print(file, &cfg);
	fclose(file);
	ck_assert_msg(ret == (_i == 2 ? 0 : -EOPNOTSUPP), "%s: %d", text, ret);
	free(out);
	config_fini(&cfg);
}
END_TEST

/* The values that were published, of each. */
static void look_at_a(struct ran *r, const struct sysfs_action *action)
{
	const struct config_context *ctx = action->cfg->kdamonds->contexts;
	const struct config_perf_event *event = ctx->sample_control.events;
	const struct config_scheme *scheme;
	u32 i;

	ck_assert_int_eq(ctx->ops, CONFIG_OPS_PADDR);
	ck_assert_uint_eq(ctx->nr_targets, 1);
	ck_assert_uint_eq(ctx->targets[0].nr_regions, 2);
	ck_assert_uint_eq(ctx->targets[0].regions[1].end, 416ull << 30);
	ck_assert_uint_eq(ctx->sample_control.nr_events, 1);
	ck_assert_uint_eq(event->config, 0);
	ck_assert(!event->freq && !event->exclude_kernel && !event->exclude_hv);
	ck_assert(event->sample_phys_addr);
	ck_assert_uint_eq(event->sample_period, 262144);
	ck_assert_uint_eq(ctx->nr_schemes, 2);
	for (i = 0; i < 2; i++) {
		scheme = &ctx->schemes[i];
		ck_assert_int_eq(scheme->action, CONFIG_MIGRATE_HOT);
		ck_assert_int_eq(scheme->target_nid, i);
		ck_assert_int_eq(scheme->quotas.goals[0].metric,
				 CONFIG_NODE_ELIGIBLE_MEM_BP);
		ck_assert_uint_eq(scheme->quotas.goals[0].target_value,
				  i ? 3000 : 7000);
		ck_assert_uint_eq(scheme->quotas.sz_bytes, 2ull << 30);
		ck_assert_uint_eq(scheme->nr_filters, 1);
		ck_assert_int_eq(scheme->filters[0].type, CONFIG_FILTER_ADDR);
		ck_assert_uint_eq(scheme->filters[0].addr.start,
				  i ? 0 : 160ull << 30);
		ck_assert_uint_eq(scheme->filters[0].addr.end,
				  i ? 160ull << 30 : 416ull << 30);
	}
}

static void look_at_b(struct ran *r, const struct sysfs_action *action)
{
	const struct config_context *ctx = action->cfg->kdamonds->contexts;
	const struct config_perf_event *event = ctx->sample_control.events;

	ck_assert_int_eq(ctx->ops, CONFIG_OPS_VADDR);
	ck_assert_int_eq(ctx->targets[0].pid, 1000);
	ck_assert_uint_eq(event->type, 4);
	ck_assert_uint_eq(event->config, 0x20d1);
	ck_assert_uint_eq(event->sample_freq, 5003);
	ck_assert_uint_eq(event->precise_ip, 2);
	ck_assert(event->freq && !event->sample_phys_addr);
	ck_assert_uint_eq(ctx->nr_schemes, 1);
	ck_assert_uint_eq(ctx->schemes[0].nr_dests, 2);
	ck_assert_uint_eq(ctx->schemes[0].dests[0].weight, 7);
	ck_assert_uint_eq(ctx->schemes[0].dests[1].weight, 3);
	ck_assert_uint_eq(ctx->schemes[0].pattern.sz.max, CONFIG_NO_BOUND);
}

START_TEST(published)
{
	struct ran r = { .look = _i ? look_at_b : look_at_a };

	r.host.act = ran_act;
	r.host.arg = &r;
	r.ret = sysfs_run(_i ? MODELS "config-b.sh" : MODELS "config-a.sh",
			  &r.host, &r.log, &r.err);
	ck_assert_msg(!r.ret, "%u: %s", r.err.line, r.err.text);
	ck_assert_msg(!r.log.nr, "%s", r.log.at[0].text);
	ck_assert_uint_eq(r.nr_actions, 1);
	ck_assert_int_eq(r.actions[0].verb, SYSFS_ON);
	ran_fini(&r);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sysfs print");
	TCase *tcase = tcase_create("all");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, random_configurations, 0, 4);
	tcase_add_loop_test(tcase, not_in_d, 0, 6);
	tcase_add_loop_test(tcase, published, 0, 2);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
