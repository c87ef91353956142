// SPDX-License-Identifier: GPL-2.0
/*
 * All faults of a configuration at once: each with its line, and with what a
 * kernel makes of it.
 *
 * Lines with a fault carry the mark "#!".
 */
#include <errno.h>

#include "config/config_notes.h"
#include "test_config.h"

#define CONTEXT "kdamonds:\n- contexts:\n  - "
#define PADDR CONTEXT "ops: paddr\n    "
#define VADDR CONTEXT "ops: vaddr\n    targets: [{pid: 1}]\n    "
#define SCHEME PADDR "schemes:\n    - "
#define GOAL SCHEME "quotas:\n        goals:\n        - "
#define FILTER SCHEME "filters:\n      - "
#define EVENT PADDR "sample_control:\n      perf_events:\n      - "
#define RANGE "{filter_type: addr, address_range: "
#define WMARKS SCHEME "watermarks: {metric: free_mem_rate, "

/* clang-format off */
static const struct {
	const char *text;
	enum config_weight weight;
	int error;
} alone[] = {
	/* What a kernel refuses when it is applied */
	{ PADDR "intervals: {sample_us: 2 s} #!\n", CONFIG_REFUSED, -EINVAL },
	{ PADDR "intervals: {sample_us: 1 ms, intervals_goal: {aggrs: 1, "
	  "min_sample_us: 2 ms, max_sample_us: 9 ms}} #!\n",
	  CONFIG_REFUSED, -EINVAL },
	{ PADDR "intervals: {intervals_goal: {aggrs: 1, min_sample_us: 2 s, "
	  "max_sample_us: 1 ms}} #!\n", CONFIG_REFUSED, -EINVAL },
	{ PADDR "nr_regions: {min: 2} #!\n", CONFIG_REFUSED, -EINVAL },
	{ PADDR "nr_regions: {min: 11, max: 10} #!\n", CONFIG_REFUSED,
	  -EINVAL },
	{ PADDR "probes: [{weight: 214748365}] #!\n", CONFIG_REFUSED,
	  -EINVAL },
	{ FILTER "{filter_type: probe_hits_wsum, probe_hits_wsum_range: "
	  "[2, 1]} #!\n", CONFIG_REFUSED, -ENOMEM },
	{ PADDR "addr_unit: 0 #!\n", CONFIG_REFUSED, -EINVAL },
	{ PADDR "addr_unit: 3 #!\n", CONFIG_REFUSED, -EINVAL },
	{ PADDR "targets:\n    - {}\n    - {} #!\n", CONFIG_REFUSED, -EINVAL },
	{ CONTEXT "ops: vaddr\n    targets: [{}] #!\n", CONFIG_REFUSED,
	  -EINVAL },
	{ PADDR "targets: [{regions: [{start: 4096, end: 4096}]}] #!\n",
	  CONFIG_REFUSED, -EINVAL },
	{ PADDR "targets: [{regions: [{start: 0, end: 4097}, "
	  "{start: 4097, end: 8192}]}] #!\n", CONFIG_REFUSED, -EINVAL },
	{ VADDR "schemes: [{quotas: {goals: [{metric: node_eligible_mem_bp, "
	  "nid: 0, target_value: 1}]}}] #!\n", CONFIG_REFUSED, -EINVAL },
	{ EVENT "{freq: on, sample_freq: 0} #!\n", CONFIG_REFUSED, -EINVAL },
	{ EVENT "{freq: off, sample_period: 0} #!\n", CONFIG_REFUSED,
	  -EINVAL },
	{ EVENT "{sample_freq: 1, precise_ip: 4} #!\n", CONFIG_REFUSED,
	  -EINVAL },
	{ CONTEXT "ops: paddr #!\n  - ops: paddr\n", CONFIG_REFUSED, -EINVAL },

	/* By a word that says less */
	{ FILTER "filter_type: memcg #!\n", CONFIG_REFUSED, -ENOMEM },
	{ FILTER RANGE "{start: 2, end: 1}} #!\n", CONFIG_REFUSED, -ENOMEM },
	{ FILTER "{filter_type: hugepage_size, hugepage_size: [2, 1]} #!\n",
	  CONFIG_REFUSED, -ENOMEM },
	{ GOAL "{metric: node_memcg_used_bp, nid: 0, target_value: 1} #!\n",
	  CONFIG_REFUSED, -ENOMEM },

	/* What it takes, and does nothing for */
	{ GOAL "target_value: 0 #!\n", CONFIG_IGNORED, 0 },
	{ SCHEME "access_pattern: {sz_bytes: {min: 2, max: 1}} #!\n",
	  CONFIG_IGNORED, 0 },
	{ SCHEME "access_pattern: {age: {min: 2 s, max: 1 s}} #!\n",
	  CONFIG_IGNORED, 0 },
	{ SCHEME "action: migrate_hot #!\n", CONFIG_IGNORED, 0 },
	{ VADDR "schemes: [{action: migrate_hot}] #!\n", CONFIG_IGNORED, 0 },
	{ VADDR "schemes: [{action: migrate_hot, dests: "
	  "[{id: 0, weight: 0}]}] #!\n", CONFIG_IGNORED, 0 },
	{ FILTER "filter_type: addr #!\n", CONFIG_IGNORED, 0 },
	{ FILTER RANGE "{start: 1, end: 1}} #!\n", CONFIG_IGNORED, 0 },
	{ FILTER "{filter_type: hugepage_size, hugepage_size: [0, 0]} #!\n",
	  CONFIG_IGNORED, 0 },
	{ FILTER "{filter_type: target, damon_target_idx: 0} #!\n",
	  CONFIG_IGNORED, 0 },
	{ CONTEXT "ops: vaddr #!\n", CONFIG_IGNORED, 0 },

	/* What it takes for something else */
	{ GOAL "{metric: node_mem_used_bp, target_value: 1} #!\n",
	  CONFIG_SURPRISING, 0 },
	{ FILTER "filter_type: target #!\n", CONFIG_SURPRISING, 0 },
	{ WMARKS "high_permil: 1, mid_permil: 2} #!\n", CONFIG_SURPRISING, 0 },
	{ WMARKS "high_permil: 1, low_permil: 1} #!\n", CONFIG_SURPRISING, 0 },
};
/* clang-format on */

static struct config cfg;
static struct config_faults faults;
static struct config_error err;

static int parse_all(const char *text)
{
	faults = (struct config_faults){ 0 };
	return config_parse_all(&cfg, text, strlen(text), "all", &err, &faults);
}

static void done(void)
{
	config_faults_fini(&faults);
	config_fini(&cfg);
}

/* Is there a mark on this line? */
static bool is_marked(const char *text, u32 line)
{
	const char *end, *mark;

	while (--line)
		text = strchr(text, '\n') + 1;
	end = strchr(text, '\n');
	mark = strstr(text, "#!");
	return mark && mark < end;
}

/* The one that is kept, and the one that ends it, are the same. */
START_TEST(says_how_bad)
{
	const char *text = alone[_i].text;
	struct config unread;

	ck_assert_msg(!parse_all(text), "%s%s", text, err.text);
	ck_assert_msg(faults.nr == 1, "%s%u faults", text, faults.nr);
	ck_assert_msg(is_marked(text, faults.at[0].line), "%sline %u", text,
		      faults.at[0].line);
	ck_assert_msg(faults.at[0].weight == alone[_i].weight &&
			      faults.at[0].error == alone[_i].error,
		      "%s: weight %d, error %d", text, faults.at[0].weight,
		      faults.at[0].error);
	ck_assert_int_eq(config_parse(&unread, text, strlen(text), "", &err),
			 -EINVAL);
	ck_assert_str_eq(err.text, faults.at[0].text);
	ck_assert_uint_eq(err.line, faults.at[0].line);
	ck_assert_uint_eq(err.column, faults.at[0].column);
	done();
}
END_TEST

/* What is no fault is none among faults. */
START_TEST(all_at_once)
{
	/* clang-format off */
	static const char text[] =
		"kdamonds:\n"
		"- contexts:\n"
		"  - ops: vaddr\n"
		"    targets:\n"
		"    - pid: 1\n"
		"      regions:\n"
		"      - {start: 2, end: 1} #!\n"
		"      - {start: 4096, end: 8192}\n"
		"    - {regions: []} #!\n"
		"    - pid: 3\n"
		"      regions:\n"
		"      - {start: 8192, end: 12288}\n"
		"      - {start: 0, end: 4096} #!\n"
		"    intervals:\n"
		"      sample_us: 1 s #!\n"
		"      aggr_us: 1 ms\n"
		"    nr_regions: {min: 1, max: 5} #!\n"
		"    schemes:\n"
		"    - action: migrate_hot #!\n"
		"      filters:\n"
		"      - {filter_type: anon}\n"
		"      - {filter_type: memcg} #!\n"
		"      - filter_type: target\n"
		"        damon_target_idx: 3 #!\n"
		"    - action: stat\n"
		"    - quotas:\n"
		"        goals:\n"
		"        - target_value: 0 #!\n"
		"        - target_value: 1\n"
		"        - metric: node_eligible_mem_bp #!\n"
		"          target_value: 1\n"
		"          nid: 0\n"
		"        - metric: node_eligible_mem_bp #!\n"
		"          target_value: 1\n"
		"          nid: 1\n";
	/* clang-format on */
	u32 lines = 0, i, j;
	const char *at;

	ck_assert_msg(!parse_all(text), "%s", err.text);
	for (at = text; (at = strchr(at, '\n')); at++)
		lines++;
	for (i = 1; i <= lines; i++) {
		for (j = 0; j < faults.nr && faults.at[j].line != i; j++)
			;
		/* nr_regions.min has its default, which is above max. */
		ck_assert_msg(is_marked(text, i) == (j < faults.nr),
			      "line %u: %s", i,
			      j < faults.nr ? faults.at[j].text : "no fault");
	}
	done();
}
END_TEST

START_TEST(too_many)
{
	char text[8192] = GOAL "target_value: 0\n";
	u32 i;

	for (i = 1; i < CONFIG_FAULTS_MAX + 36; i++)
		strcat(text, "        - target_value: 0\n");
	ck_assert_int_eq(parse_all(text), 0);
	ck_assert_uint_eq(faults.nr, CONFIG_FAULTS_MAX);
	ck_assert_uint_eq(faults.nr_more, 36);
	done();
}
END_TEST

/* What cannot be understood ends it, also behind what is kept. */
START_TEST(not_understood)
{
	static const char text[] = PADDR "nr_regions: {min: 1}\n"
					 "    schemes: [{acton: stat}] #!\n";

	ck_assert_int_eq(parse_all(text), -EINVAL);
	ck_assert(is_marked(text, err.line));
	config_faults_fini(&faults);
}
END_TEST

/* clang-format off */
static const struct {
	const char *place;
	u32 line, column;
} places[] = {
	{ "", 1, 1 },
	{ "kdamonds", 2, 1 },
	{ "kdamonds[0]", 2, 3 },
	{ "kdamonds[0].contexts[0].ops", 3, 10 },
	{ "kdamonds[0].contexts[0].schemes[1].action", 6, 15 },
	{ "kdamonds[0].contexts[0].schemes[1].quotas.goals[0].metric", 8, 17 },
	/* What is not there is where it would be. */
	{ "kdamonds[0].contexts[0].schemes[0].quotas.goals", 5, 7 },
	{ "kdamonds[0].contexts[0].schemes[2].action", 5, 5 },
	{ "kdamonds[0].contexts[0].ops.no", 3, 10 },
	{ "kdamonds.contexts", 2, 1 },
	{ "no", 1, 1 },
};
/* clang-format on */

START_TEST(where)
{
	static const char text[] = "kdamonds:\n"
				   "- contexts:\n"
				   "  - ops: paddr\n"
				   "    schemes:\n"
				   "    - action: stat\n"
				   "    - action: stat\n"
				   "      quotas:\n"
				   "        goals: [{target_value: 1}]\n";
	u32 line, column;

	ck_assert_msg(!parse_all(text), "%s", err.text);
	config_where(&faults, places[_i].place, &line, &column);
	ck_assert_msg(line == places[_i].line, "%s: line %u", places[_i].place,
		      line);
	ck_assert_msg(column == places[_i].column, "%s: column %u",
		      places[_i].place, column);
	done();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config check");
	TCase *tc = tcase_create("config check");

	tcase_add_loop_test(tc, says_how_bad, 0,
			    sizeof(alone) / sizeof(alone[0]));
	tcase_add_test(tc, all_at_once);
	tcase_add_test(tc, too_many);
	tcase_add_test(tc, not_understood);
	tcase_add_loop_test(tc, where, 0, sizeof(places) / sizeof(places[0]));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
