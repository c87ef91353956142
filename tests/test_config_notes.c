// SPDX-License-Identifier: GPL-2.0
/*
 * Each rule of config_notes.c: one configuration that it speaks of, and one of
 * which it just does not.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "config/config_notes.h"
#include "support_check.h"

/* What the configuration is like apart from what a rule is about. */
struct sketch {
	const char *profile; /* "N" */
	const char *ops; /* "vaddr" */
	const char *targets; /* "{pid: 5}", or "" for paddr */
	const char *context; /* more keys of the context */
	const char *action; /* "migrate_hot" */
	const char *pattern; /* "{}" */
	const char *scheme; /* more keys of the scheme */
	bool no_nid; /* which is 1 otherwise */
};

static struct config_notes notes;

static void look(const struct sketch *k)
{
	struct config_error err = { 0 };
	struct config cfg;
	char text[2048];
	bool paddr = k->ops && !strcmp(k->ops, "paddr");

	snprintf(text, sizeof(text),
		 "profile: %s\nkdamonds:\n- contexts:\n  - ops: %s\n"
		 "    targets: [%s]\n%s    schemes:\n    - action: %s\n"
		 "%s      access_pattern: %s\n%s",
		 k->profile ? k->profile : "N", k->ops ? k->ops : "vaddr",
		 k->targets ? k->targets :
		 paddr	    ? "" :
			      "{pid: 5}",
		 k->context ? k->context : "",
		 k->action ? k->action : "migrate_hot",
		 k->no_nid ? "" : "      target_nid: 1\n",
		 k->pattern ? k->pattern : "{sz_bytes: {min: 4 KiB, max: max}}",
		 k->scheme ? k->scheme : "");
	ck_assert_msg(!config_parse(&cfg, text, strlen(text), "test", &err),
		      "%u:%u: %s\n%s", err.line, err.column, err.text, text);
	ck_assert_int_eq(config_notes(&notes, &cfg), 0);
	config_fini(&cfg);
}

#define EVENT "    sample_control: {perf_events: [{type: 9, "
#define WSUM "      filters: [{filter_type: probe_hits_wsum}]\n"
#define GOAL "{metric: some_mem_psi_us, target_value: 10}"

static const struct {
	struct sketch sketch;
	const char *place; /* how it ends; NULL: no note at all */
	enum config_weight weight;
} rule[] = {
	{ { 0 }, NULL, 0 },
	{ { .profile = "D", .action = "pageout" }, NULL, 0 },
	{ { .pattern = "{sz_bytes: {min: 0, max: 0}}" },
	  "access_pattern.sz_bytes",
	  CONFIG_IGNORED },
	{ { .pattern = "{nr_accesses: {min: 21 samples, max: 30 samples}}" },
	  "access_pattern.nr_accesses",
	  CONFIG_IGNORED },
	{ { .pattern = "{age: {min: 99 ms, max: max}}" },
	  "access_pattern.age",
	  CONFIG_SURPRISING },
	{ { .ops = "paddr", .action = "cold" }, "action", CONFIG_IGNORED },
	{ { .action = "lru_prio" }, "action", CONFIG_IGNORED },
	{ { .profile = "D" }, "action", CONFIG_IGNORED },
	{ { .profile = "D", .action = "collapse" }, "action", CONFIG_REFUSED },
	{ { .scheme = "      dests: [{id: 0, weight: 1}]\n" },
	  "target_nid",
	  CONFIG_IGNORED },
	{ { .ops = "paddr", .scheme = "      dests: [{id: 0, weight: 1}]\n" },
	  "dests",
	  CONFIG_IGNORED },
	{ { .action = "stat", .scheme = "      dests: [{id: 0, weight: 1}]\n" },
	  "dests",
	  CONFIG_IGNORED },
	{ { .scheme = "      filters: [{filter_type: addr, matching: true, "
		      "address_range: {start: 4096, end: 8193}}]\n" },
	  "filters[0]",
	  CONFIG_SURPRISING },
	{ { .action = "pageout",
	    .scheme =
		    "      filters: [{filter_type: anon, matching: true}]\n" },
	  "filters[0]",
	  CONFIG_IGNORED },
	{ { .profile = "D",
	    .ops = "paddr",
	    .scheme = "      filters: [{filter_type: anon, matching: true, "
		      "allow: true}]\n" },
	  "filters[0]",
	  CONFIG_REFUSED },
	{ { .profile = "D",
	    .ops = "paddr",
	    .scheme = "      quotas: {goals: [{metric: active_mem_bp, "
		      "target_value: 1}]}\n" },
	  "quotas.goals[0].metric",
	  CONFIG_REFUSED },
	{ { .scheme = "      quotas: {goals: [" GOAL ", " GOAL "]}\n" },
	  "quotas.goals",
	  CONFIG_SURPRISING },
	{ { .scheme = "      quotas: {goals: [" GOAL "]}\n" },
	  "quotas.goal_tuner",
	  CONFIG_SURPRISING },
	{ { .scheme = "      quotas: {goals: [" GOAL
		      "], goal_tuner: temporal}\n" },
	  "quotas.sz_bytes",
	  CONFIG_SURPRISING },
	{ { .profile = "D",
	    .scheme = "      quotas: {sz_bytes: 1 MiB, goals: [" GOAL
		      "], goal_tuner: temporal}\n" },
	  "quotas.goal_tuner",
	  CONFIG_REFUSED },
	{ { .profile = "D",
	    .scheme = "      quotas: {fail_charge_num: 1, "
		      "fail_charge_denom: 2}\n" },
	  "quotas.fail_charge_num",
	  CONFIG_REFUSED },
	{ { .scheme = "      quotas: {sz_bytes: 1 MiB}\n" },
	  "quotas.weights",
	  CONFIG_SURPRISING },
	{ { .scheme = "      quotas: {sz_bytes: 1 MiB, reset_interval_ms: "
		      "0 ns}\n" },
	  "quotas.reset_interval_ms",
	  CONFIG_SURPRISING },
	{ { .scheme = "      quotas: {sz_bytes: 4095 B}\n" },
	  "quotas.sz_bytes",
	  CONFIG_IGNORED },
	{ { .profile = "D", .scheme = "      quotas: {sz_bytes: 1 MiB}\n" },
	  "quotas",
	  CONFIG_SURPRISING },
	{ { .scheme = "      quotas: {sz_bytes: 1 MiB}\n" },
	  "quotas",
	  CONFIG_SURPRISING },
	{ { .scheme = "      watermarks: {metric: free_mem_rate, interval_us: "
		      "0 ns, high_permil: 50 %, mid_permil: 40 %, low_permil: "
		      "20 %}\n" },
	  "watermarks.interval_us",
	  CONFIG_SURPRISING },
	{ { .scheme = "      apply_interval_us: 1 ms\n" },
	  "apply_interval_us",
	  CONFIG_SURPRISING },
	{ { .profile = "D",
	    .action = "pageout",
	    .scheme = "      stats: {max_nr_snapshots: '1'}\n" },
	  "stats.max_nr_snapshots",
	  CONFIG_REFUSED },
	{ { .context = EVENT "sample_freq: 100001}]}\n" },
	  "sample_control.perf_events[0]",
	  CONFIG_REFUSED },
	{ { .ops = "paddr", .context = EVENT "sample_freq: 1}]}\n" },
	  "sample_control.perf_events[0]",
	  CONFIG_IGNORED },
	{ { .ops = "paddr",
	    .context = "    sample_control: {perf_events: [{type: 4, "
		       "sample_freq: 1, sample_phys_addr: true}]}\n" },
	  "sample_control.perf_events[0]",
	  CONFIG_IGNORED },
	{ { .context = EVENT "freq: false, sample_period: 1000, "
			     "wakeup_events: 0}]}\n" },
	  "sample_control.perf_events[0]",
	  CONFIG_SURPRISING },
	{ { .ops = "paddr",
	    .context = "    addr_unit: 2 B\n" EVENT
		       "sample_freq: 1, sample_phys_addr: true}]}\n" },
	  "addr_unit",
	  CONFIG_SURPRISING },
	{ { .context = "    sample_control: {primitives_enabled: {page_table: "
		       "true, page_fault: true}}\n" },
	  "sample_control.primitives_enabled.page_fault",
	  CONFIG_SURPRISING },
	{ { .context = "    intervals: {sample_us: 11 ms, aggr_us: 100 ms}\n" },
	  "intervals",
	  CONFIG_SURPRISING },
	{ { .profile = "D", .ops = "paddr", .context = "    addr_unit: 2 B\n" },
	  "addr_unit",
	  CONFIG_REFUSED },
	{ { .profile = "D", .ops = "paddr", .context = "    probes: [{}]\n" },
	  "probes",
	  CONFIG_REFUSED },
	{ { .profile = "M", .ops = "paddr", .context = "    probes: [{}]\n" },
	  "probes",
	  CONFIG_REFUSED },
	{ { .ops = "paddr", .context = "    probes: [{}]\n" }, NULL, 0 },
	{ { .context = "    probes: [{}]\n" }, "probes", CONFIG_IGNORED },
	{ { .ops = "paddr", .context = "    probes: [{weight: 1}]\n" },
	  "probes",
	  CONFIG_SURPRISING },
	{ { .ops = "paddr",
	    .context =
		    "    probes: [{}]\n    intervals: {aggr_us: 1280 ms}\n" },
	  "probes",
	  CONFIG_SURPRISING },
	{ { .ops = "paddr", .scheme = WSUM },
	  "schemes[0].filters",
	  CONFIG_SURPRISING },
	{ { .profile = "M", .ops = "paddr", .scheme = WSUM },
	  "filters[0]",
	  CONFIG_REFUSED },
	{ { .profile = "D", .ops = "paddr", .scheme = WSUM },
	  "filters[0]",
	  CONFIG_REFUSED },
	{ { .profile = "D", .context = "    pause: true\n" },
	  "pause",
	  CONFIG_REFUSED },
	{ { .pattern = "{age: {min: 0, max: 4294967296 s}}" },
	  "access_pattern.age",
	  CONFIG_SURPRISING },
	{ { .context = "    sample_control: {primitives_enabled: {page_table: "
		       "false}}\n" },
	  "sample_control",
	  CONFIG_IGNORED },
	{ { .targets = "{pid: 5, regions: [{start: 4096, end: 8193}]}" },
	  "targets[0].regions[0]",
	  CONFIG_SURPRISING },
	{ { .profile = "D", .targets = "{pid: 5}, {pid: 6, obsolete: true}" },
	  "targets[1].obsolete",
	  CONFIG_REFUSED },
	{ { .profile = "D",
	    .context = "    intervals: {intervals_goal: {access_bp: 4 %, "
		       "aggrs: 3, min_sample_us: 1 ms, max_sample_us: 1 "
		       "s}}\n" },
	  "intervals.intervals_goal",
	  CONFIG_REFUSED },
};

/*
 * What just is not spoken of: the next value, or the same on another kernel, in
 * another context, for another action.
 */
static const struct {
	struct sketch sketch;
	const char *place;
	enum config_weight weight;
} quiet[] = {
	{ { .pattern = "{sz_bytes: {min: 0, max: 4096}}" },
	  "access_pattern.sz_bytes",
	  CONFIG_IGNORED },
	{ { .pattern = "{nr_accesses: {min: 20 samples, max: 30 samples}}" },
	  "access_pattern.nr_accesses",
	  CONFIG_IGNORED },
	{ { .pattern = "{age: {min: 100 ms, max: max}}" },
	  "access_pattern.age",
	  CONFIG_SURPRISING },
	{ { .pattern = "{age: {min: 0, max: 429496729 s}}" },
	  "access_pattern.age",
	  CONFIG_SURPRISING },
	{ { .action = "cold" }, "action", CONFIG_IGNORED },
	{ { .ops = "paddr", .action = "lru_prio" }, "action", CONFIG_IGNORED },
	{ { .profile = "D", .ops = "paddr" }, "action", CONFIG_IGNORED },
	{ { .action = "collapse" }, "action", CONFIG_REFUSED },
	{ { .scheme = "      target_nid: null\n      dests: [{id: 0, weight: "
		      "1}]\n",
	    .no_nid = true },
	  "target_nid",
	  CONFIG_IGNORED },
	{ { .scheme = "      dests: [{id: 0, weight: 1}]\n" },
	  "dests",
	  CONFIG_IGNORED },
	{ { .scheme = "      filters: [{filter_type: addr, matching: true, "
		      "address_range: {start: 4096, end: 8192}}]\n" },
	  "filters[0]",
	  CONFIG_SURPRISING },
	{ { .scheme =
		    "      filters: [{filter_type: anon, matching: true}]\n" },
	  "filters[0]",
	  CONFIG_IGNORED },
	{ { .ops = "paddr",
	    .action = "pageout",
	    .scheme =
		    "      filters: [{filter_type: anon, matching: true}]\n" },
	  "filters[0]",
	  CONFIG_IGNORED },
	{ { .ops = "paddr",
	    .scheme = "      filters: [{filter_type: anon, matching: true, "
		      "allow: true}]\n" },
	  "filters[0]",
	  CONFIG_REFUSED },
	{ { .profile = "D",
	    .ops = "paddr",
	    .scheme =
		    "      filters: [{filter_type: anon, matching: true}]\n" },
	  "filters[0]",
	  CONFIG_REFUSED },
	{ { .profile = "D",
	    .ops = "paddr",
	    .scheme = "      quotas: {goals: [" GOAL "]}\n" },
	  "quotas.goals[0].metric",
	  CONFIG_REFUSED },
	{ { .scheme = "      quotas: {goals: [{metric: active_mem_bp, "
		      "target_value: 1}]}\n" },
	  "quotas.goals[0].metric",
	  CONFIG_REFUSED },
	{ { .scheme = "      quotas: {goals: [" GOAL "]}\n" },
	  "quotas.goals",
	  CONFIG_SURPRISING },
	{ { .scheme = "      quotas: {sz_bytes: 1 MiB, goals: [" GOAL
		      "], goal_tuner: temporal}\n" },
	  "quotas.goal_tuner",
	  CONFIG_SURPRISING },
	{ { .scheme = "      quotas: {sz_bytes: 1 MiB, goals: [" GOAL
		      "], goal_tuner: temporal}\n" },
	  "quotas.sz_bytes",
	  CONFIG_SURPRISING },
	{ { .scheme = "      quotas: {sz_bytes: 1 MiB, goals: [" GOAL
		      "], goal_tuner: temporal}\n" },
	  "quotas.goal_tuner",
	  CONFIG_REFUSED },
	{ { .scheme = "      quotas: {fail_charge_num: 1, "
		      "fail_charge_denom: 2}\n" },
	  "quotas.fail_charge_num",
	  CONFIG_REFUSED },
	{ { .scheme = "      quotas: {sz_bytes: 1 MiB, weights: {age_permil: "
		      "100 %}}\n" },
	  "quotas.weights",
	  CONFIG_SURPRISING },
	/* Without a quota nothing is chosen from. */
	{ { .scheme = "      quotas: {reset_interval_ms: 0 ns}\n" },
	  "quotas.weights",
	  CONFIG_SURPRISING },
	{ { .scheme = "      quotas: {sz_bytes: 1 MiB, reset_interval_ms: "
		      "1 ms}\n" },
	  "quotas.reset_interval_ms",
	  CONFIG_SURPRISING },
	{ { .scheme = "      quotas: {sz_bytes: 4096 B}\n" },
	  "quotas.sz_bytes",
	  CONFIG_IGNORED },
	{ { .action = "pageout",
	    .scheme = "      quotas: {sz_bytes: 1 MiB}\n" },
	  "quotas",
	  CONFIG_SURPRISING },
	{ { .scheme = "      quotas: {sz_bytes: 1 MiB, fail_charge_denom: "
		      "2}\n" },
	  "quotas",
	  CONFIG_SURPRISING },
	{ { .scheme = "      watermarks: {metric: free_mem_rate, interval_us: "
		      "1 s, high_permil: 50 %, mid_permil: 40 %, low_permil: "
		      "20 %}\n" },
	  "watermarks.interval_us",
	  CONFIG_SURPRISING },
	{ { .scheme = "      apply_interval_us: 5 ms\n" },
	  "apply_interval_us",
	  CONFIG_SURPRISING },
	{ { .scheme = "      stats: {max_nr_snapshots: '1'}\n" },
	  "stats.max_nr_snapshots",
	  CONFIG_REFUSED },
	{ { .context = EVENT "sample_freq: 100000}]}\n" },
	  "sample_control.perf_events[0]",
	  CONFIG_REFUSED },
	{ { .ops = "paddr",
	    .context = EVENT "sample_freq: 1, sample_phys_addr: true}]}\n" },
	  "sample_control.perf_events[0]",
	  CONFIG_IGNORED },
	{ { .context = "    sample_control: {perf_events: [{type: 4, "
		       "sample_freq: 1}]}\n" },
	  "sample_control.perf_events[0]",
	  CONFIG_IGNORED },
	{ { .context = EVENT "freq: false, sample_period: 1000}]}\n" },
	  "sample_control.perf_events[0]",
	  CONFIG_SURPRISING },
	{ { .context = EVENT "sample_freq: 1, wakeup_events: 0}]}\n" },
	  "sample_control.perf_events[0]",
	  CONFIG_SURPRISING },
	{ { .ops = "paddr", .context = "    addr_unit: 2 B\n" },
	  "addr_unit",
	  CONFIG_SURPRISING },
	{ { .ops = "paddr", .context = "    addr_unit: 2 B\n" },
	  "addr_unit",
	  CONFIG_REFUSED },
	{ { .context = "    sample_control: {primitives_enabled: {page_table: "
		       "true}}\n" },
	  "sample_control.primitives_enabled.page_fault",
	  CONFIG_SURPRISING },
	{ { .context = "    sample_control: {primitives_enabled: {page_table: "
		       "false}, perf_events: [{sample_freq: 1}]}\n" },
	  "sample_control",
	  CONFIG_IGNORED },
	{ { .context = "    intervals: {sample_us: 10 ms, aggr_us: 100 ms}\n" },
	  "intervals",
	  CONFIG_SURPRISING },
	{ { .context = "    pause: true\n" }, "pause", CONFIG_REFUSED },
	{ { .context = "    intervals: {intervals_goal: {access_bp: 4 %, "
		       "aggrs: 3, min_sample_us: 1 ms, max_sample_us: 1 "
		       "s}}\n" },
	  "intervals.intervals_goal",
	  CONFIG_REFUSED },
	{ { .targets = "{pid: 5, regions: [{start: 4096, end: 8192}]}" },
	  "targets[0].regions[0]",
	  CONFIG_SURPRISING },
	{ { .targets = "{pid: 5}, {pid: 6, obsolete: true}" },
	  "targets[1].obsolete",
	  CONFIG_REFUSED },
};

static bool ends(const char *text, const char *end)
{
	size_t len = strlen(text), sz = strlen(end);

	return len >= sz && !strcmp(text + len - sz, end) &&
	       (len == sz || text[len - sz - 1] == '.');
}

START_TEST(each_rule)
{
	u32 i;

	look(&rule[_i].sketch);
	if (!rule[_i].place)
		ck_assert_msg(!notes.nr, "%s: %s", notes.at[0].place,
			      notes.at[0].text);
	for (i = 0; rule[_i].place && i < notes.nr; i++)
		if (notes.at[i].weight == rule[_i].weight &&
		    ends(notes.at[i].place, rule[_i].place))
			break;
	ck_assert_msg(!rule[_i].place || i < notes.nr, "rule %d: no note on %s",
		      _i, rule[_i].place);
	config_notes_fini(&notes);
}
END_TEST

START_TEST(no_rule)
{
	u32 i;

	look(&quiet[_i].sketch);
	for (i = 0; i < notes.nr; i++)
		ck_assert_msg(notes.at[i].weight != quiet[_i].weight ||
				      !ends(notes.at[i].place, quiet[_i].place),
			      "%d: %s: %s", _i, notes.at[i].place,
			      notes.at[i].text);
	config_notes_fini(&notes);
}
END_TEST

#define KDAMOND(pid, more) \
	"- {contexts: [{ops: vaddr, targets: [{pid: " #pid "}]" more "}]}\n"
#define EVENTS ", sample_control: {perf_events: [{sample_freq: 1}]}"

/* What is not of one context. */
static const struct {
	const char *text;
	const char *place; /* of the first note; NULL: there is none */
	int error;
} whole[] = {
	/* Two contexts that both want the rings. */
	{ "kdamonds:\n" KDAMOND(5, EVENTS) KDAMOND(6, EVENTS), "kdamonds",
	  -EBUSY },
	{ "kdamonds:\n" KDAMOND(5, EVENTS) KDAMOND(6, ""), NULL, 0 },
	{ "profile: D\nkdamonds:\n- {refresh_ms: 1, contexts: [{ops: "
	  "paddr}]}\n",
	  "kdamonds[0].refresh_ms", -ENOENT },
	{ "kdamonds:\n- {refresh_ms: 1, contexts: [{ops: paddr}]}\n", NULL, 0 },
};

START_TEST(each_whole)
{
	struct config_error err = { 0 };
	struct config cfg;

	ck_assert_msg(!config_parse(&cfg, whole[_i].text,
				    strlen(whole[_i].text), "test", &err),
		      "%s", err.text);
	ck_assert_int_eq(config_notes(&notes, &cfg), 0);
	ck_assert_uint_eq(notes.nr, whole[_i].place != NULL);
	if (whole[_i].place) {
		ck_assert_str_eq(notes.at[0].place, whole[_i].place);
		ck_assert_int_eq(notes.at[0].weight, CONFIG_REFUSED);
		ck_assert_int_eq(notes.at[0].error, whole[_i].error);
	}
	config_notes_fini(&notes);
	config_fini(&cfg);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("config notes");
	TCase *tc = tcase_create("config notes");

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, each_rule, 0, sizeof(rule) / sizeof(*rule));
	tcase_add_loop_test(tc, no_rule, 0, sizeof(quiet) / sizeof(*quiet));
	tcase_add_loop_test(tc, each_whole, 0, sizeof(whole) / sizeof(*whole));
	return support_run(s);
}
