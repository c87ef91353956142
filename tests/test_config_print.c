// SPDX-License-Identifier: GPL-2.0
/*
 * What is printed is read back as it was: random configurations, and the
 * files.  The configurations are drawn and compared field by field, without
 * the tables by which they are printed and read: a key that the tables lack
 * is missed here.
 */
#include "test_config.h"
#include "test_config_draw.h"

/* Where the two configurations differ, for the message. */
static const char *differs;

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

#define SAME(field)                         \
	do {                                \
		if (a->field != b->field) { \
			differs = #field;   \
			return false;       \
		}                           \
	} while (0)

#define SAME_TEXT(field)                              \
	do {                                          \
		if (!same_text(a->field, b->field)) { \
			differs = #field;             \
			return false;                 \
		}                                     \
	} while (0)

#define SAME_LIST(field, nr_field, same)                         \
	do {                                                     \
		u32 i_;                                          \
		SAME(nr_field);                                  \
		for (i_ = 0; i_ < a->nr_field; i_++) {           \
			if (!same(&a->field[i_], &b->field[i_])) \
				return false;                    \
		}                                                \
	} while (0)

static bool same_region(const struct config_region *a,
			const struct config_region *b)
{
	SAME(start);
	SAME(end);
	return true;
}

static bool same_target(const struct config_target *a,
			const struct config_target *b)
{
	SAME(pid);
	SAME(obsolete);
	SAME_LIST(regions, nr_regions, same_region);
	return true;
}

static bool same_sample_filter(const struct config_sample_filter *a,
			       const struct config_sample_filter *b)
{
	SAME(type);
	SAME(matching);
	SAME(allow);
	SAME_TEXT(cpumask);
	SAME_TEXT(tid_arr);
	return true;
}

static bool same_event(const struct config_perf_event *a,
		       const struct config_perf_event *b)
{
	SAME(type);
	SAME(config);
	SAME(config1);
	SAME(config2);
	SAME(sample_phys_addr);
	SAME(sample_weight_struct);
	SAME(freq);
	SAME(sample_freq);
	SAME(sample_period);
	SAME(wakeup_events);
	SAME(precise_ip);
	SAME(exclude_kernel);
	SAME(exclude_hv);
	return true;
}

static bool same_dest(const struct config_dest *a, const struct config_dest *b)
{
	SAME(id);
	SAME(weight);
	return true;
}

static bool same_goal(const struct config_goal *a, const struct config_goal *b)
{
	SAME(metric);
	SAME(nid);
	SAME_TEXT(memcg_path);
	SAME(target_value);
	SAME(current_value);
	return true;
}

static bool same_filter(const struct config_filter *a,
			const struct config_filter *b)
{
	SAME(type);
	SAME(matching);
	SAME(allow);
	SAME_TEXT(memcg_path);
	SAME(addr.start);
	SAME(addr.end);
	SAME(target_idx);
	SAME(hugepage_sz.min);
	SAME(hugepage_sz.max);
	SAME(wsum.min);
	SAME(wsum.max);
	return true;
}

static bool same_probe_filter(const struct config_probe_filter *a,
			      const struct config_probe_filter *b)
{
	SAME(type);
	SAME(matching);
	SAME(allow);
	SAME_TEXT(memcg_path);
	SAME(hugepage_sz.min);
	SAME(hugepage_sz.max);
	return true;
}

static bool same_prep(const struct config_prep *a, const struct config_prep *b)
{
	SAME(action);
	return true;
}

static bool same_probe(const struct config_probe *a,
		       const struct config_probe *b)
{
	SAME(weight);
	SAME_LIST(preps, nr_preps, same_prep);
	SAME_LIST(filters, nr_filters, same_probe_filter);
	return true;
}

static bool same_scheme(const struct config_scheme *a,
			const struct config_scheme *b)
{
	SAME(action);
	SAME_LIST(dests, nr_dests, same_dest);
	SAME(target_nid);
	SAME(pattern.sz.min);
	SAME(pattern.sz.max);
	SAME(pattern.nr_accesses.unit);
	SAME(pattern.nr_accesses.min);
	SAME(pattern.nr_accesses.max);
	SAME(pattern.age.unit);
	SAME(pattern.age.min);
	SAME(pattern.age.max);
	SAME(apply_interval_us);
	SAME(quotas.time_ms);
	SAME(quotas.sz_bytes);
	SAME(quotas.reset_interval_ms);
	SAME(quotas.fail_charge_num);
	SAME(quotas.fail_charge_denom);
	SAME_LIST(quotas.goals, quotas.nr_goals, same_goal);
	SAME(quotas.goal_tuner);
	SAME(quotas.effective_sz_bytes);
	SAME(quotas.weights.sz_permil);
	SAME(quotas.weights.nr_accesses_permil);
	SAME(quotas.weights.age_permil);
	SAME(wmarks.metric);
	SAME(wmarks.interval_us);
	SAME(wmarks.high_permil);
	SAME(wmarks.mid_permil);
	SAME(wmarks.low_permil);
	SAME_LIST(filters, nr_filters, same_filter);
	SAME(stats.nr_tried);
	SAME(stats.sz_tried);
	SAME(stats.nr_applied);
	SAME(stats.sz_applied);
	SAME(stats.sz_ops_filter_passed);
	SAME(stats.qt_exceeds);
	SAME(stats.nr_snapshots);
	SAME(stats.max_nr_snapshots);
	return true;
}

static bool same_context(const struct config_context *a,
			 const struct config_context *b)
{
	SAME(ops);
	SAME(addr_unit);
	SAME_LIST(targets, nr_targets, same_target);
	SAME(intervals.sample_us);
	SAME(intervals.aggr_us);
	SAME(intervals.ops_update_us);
	SAME(intervals.goal.access_bp);
	SAME(intervals.goal.aggrs);
	SAME(intervals.goal.min_sample_us);
	SAME(intervals.goal.max_sample_us);
	SAME(nr_regions.min);
	SAME(nr_regions.max);
	SAME_LIST(probes, nr_probes, same_probe);
	SAME(sample_control.primitives.page_table);
	SAME(sample_control.primitives.page_fault);
	SAME_LIST(sample_control.filters, sample_control.nr_filters,
		  same_sample_filter);
	SAME_LIST(sample_control.events, sample_control.nr_events, same_event);
	SAME(pause);
	SAME_LIST(schemes, nr_schemes, same_scheme);
	return true;
}

static bool same_kdamond(const struct config_kdamond *a,
			 const struct config_kdamond *b)
{
	SAME(on);
	SAME(pid);
	SAME(refresh_ms);
	SAME_LIST(contexts, nr_contexts, same_context);
	return true;
}

static bool same_config(const struct config *a, const struct config *b)
{
	SAME(profile);
	SAME_LIST(kdamonds, nr_kdamonds, same_kdamond);
	return true;
}

static void print_and_read(struct config *cfg, int nr)
{
	struct config again;
	struct config_error err;
	char *text;
	size_t sz;

	text = print_whole(cfg, &sz);
	ck_assert_msg(!config_parse(&again, text, sz, "print", &err),
		      "%d: line %u column %u: %s\n%s", nr, err.line, err.column,
		      err.text, text);
	ck_assert_msg(same_config(cfg, &again), "%d: %s differs\n%s", nr,
		      differs, text);
	free(text);
	config_fini(&again);
}

START_TEST(random_configurations)
{
	struct config cfg;
	int i;

	for (i = 0; i < 500; i++) {
		draw_seed(_i, i);
		draw_config(&cfg);
		print_and_read(&cfg, i);
		config_fini(&cfg);
	}
}
END_TEST

START_TEST(files)
{
	static const char *const names[] = {
		CONFIG_DATA "tiering.yaml",
		CONFIG_DATA "interleave.yaml",
		CONFIG_DATA "minimal.yaml",
	};
	struct config cfg;

	load_or_fail(&cfg, names[_i]);
	print_and_read(&cfg, _i);
	config_fini(&cfg);
}
END_TEST

START_TEST(full_disk)
{
	FILE *file = fopen("/dev/full", "w");
	struct config cfg;

	ck_assert(file);
	load_or_fail(&cfg, CONFIG_DATA "minimal.yaml");
	ck_assert_int_ne(config_print(file, &cfg), 0);
	config_fini(&cfg);
	fclose(file);
}
END_TEST

/* damo's own spelling, where it is exact. */
START_TEST(spelling)
{
	static const char *const lines[] = {
		"      - start: '4,294,967,296'\n",
		"      sample_us: 5 ms\n",
		"      ops_update_us: 1 s\n",
		"        access_bp: 0 %\n",
		"        aggrs: '0'\n",
		"        min_sample_us: 0 ns\n",
		"      max: '1,000'\n",
		"    addr_unit: 1 B\n",
		"    probes: []\n",
		"          min: 4.000 KiB\n",
		"          max: max\n",
		"          min: 5 %\n",
		"        sz_bytes: 512.000 MiB\n",
		"          target_value: '7,000'\n",
		"          nr_accesses_permil: 100 %\n",
		"        damon_target_idx: null\n",
		"- state: 'off'\n",
		"      - filter_type: addr\n",
	};
	static const char *const lines_interleave[] = {
		"          max: 18446744073709551615 samples\n",
		"          max: 4,000 aggr_intervals\n",
		"        hugepage_size: ['2.000 MiB', '1024.000 MiB']\n",
	};
	static const char defaults[] =
		"kdamonds: [{contexts: [{ops: paddr, schemes: [{}]}]}]";
	struct config_error err;
	struct config cfg;
	char *text;
	size_t sz;
	u32 i;

	load_or_fail(&cfg, CONFIG_DATA "tiering.yaml");
	text = print_whole(&cfg, &sz);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		ck_assert_msg(strstr(text, lines[i]), "%s", lines[i]);
	free(text);
	config_fini(&cfg);

	load_or_fail(&cfg, CONFIG_DATA "interleave.yaml");
	text = print_whole(&cfg, &sz);
	for (i = 0; i < 3; i++)
		ck_assert_msg(strstr(text, lines_interleave[i]), "%s",
			      lines_interleave[i]);
	free(text);
	config_fini(&cfg);

	ck_assert(!config_parse(&cfg, defaults, strlen(defaults), "", &err));
	text = print_whole(&cfg, &sz);
	ck_assert(strstr(text, "        reset_interval_ms: max\n"));
	free(text);
	config_fini(&cfg);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config print");
	TCase *tcase = tcase_create("all");

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, random_configurations, 0, 4);
	tcase_add_loop_test(tcase, files, 0, 3);
	tcase_add_test(tcase, full_disk);
	tcase_add_test(tcase, spelling);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
