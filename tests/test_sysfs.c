// SPDX-License-Identifier: GPL-2.0
/*
 * DAMON's files: defaults, limits, the errors of writes, what each profile has,
 * and the states of a kdamond.
 */
#include "test_sysfs.h"

static void show_one(const char *setup, const char *path, const char *value)
{
	char text[2048], out[256];

	snprintf(text, sizeof(text), "%s%scat %s\n", ONE, setup, path);
	snprintf(out, sizeof(out), "%s\n", value);
	says(text, out);
}

#define EVENTS C "monitoring_attrs/sample/perf_events/"
#define EVENT "echo 1 > " EVENTS "nr_perf_events\n"
#define SCHEMES C "schemes/"
#define SCHEME "echo 1 > " SCHEMES "nr_schemes\n"
#define GOAL SCHEME "echo 1 > " SCHEMES "0/quotas/goals/nr_goals\n"
#define TARGET "echo 1 > " C "targets/nr_targets\n"

START_TEST(defaults)
{
	static const struct {
		const char *setup, *path, *value;
	} rows[] = {
		{ "", D "nr_kdamonds", "1" },
		{ "", D "0/state", "off" },
		{ "", D "0/pid", "-1" },
		{ "", D "0/refresh_ms", "0" },
		{ "", C "operations", "vaddr" },
		{ "", C "avail_operations", "vaddr\nfvaddr\npaddr" },
		{ "", C "addr_unit", "1" },
		{ "", C "pause", "N" },
		{ "", C "monitoring_attrs/intervals/sample_us", "5000" },
		{ "", C "monitoring_attrs/intervals/aggr_us", "100000" },
		{ "", C "monitoring_attrs/intervals/update_us", "60000000" },
		{ "", C "monitoring_attrs/nr_regions/min", "10" },
		{ "", C "monitoring_attrs/nr_regions/max", "1000" },
		{ "", C "monitoring_attrs/probes/nr_probes", "0" },
		{ EVENT, EVENTS "0/type", "0x0" },
		{ EVENT, EVENTS "0/freq", "1" },
		{ EVENT, EVENTS "0/sample_freq", "0" },
		{ EVENT, EVENTS "0/wakeup_events", "1" },
		{ EVENT, EVENTS "0/precise_ip", "2" },
		{ EVENT, EVENTS "0/exclude_kernel", "1" },
		{ EVENT, EVENTS "0/exclude_hv", "1" },
		{ EVENT, EVENTS "0/sample_phys_addr", "0" },
		{ TARGET, C "targets/0/pid_target", "0" },
		{ SCHEME, SCHEMES "0/action", "stat" },
		{ SCHEME, SCHEMES "0/target_nid", "-1" },
		{ SCHEME, SCHEMES "0/access_pattern/sz/max", "0" },
		{ SCHEME, SCHEMES "0/quotas/goal_tuner", "consist" },
		{ SCHEME, SCHEMES "0/watermarks/metric", "none" },
		{ GOAL, SCHEMES "0/quotas/goals/0/target_metric",
		  "user_input" },
		{ GOAL, SCHEMES "0/quotas/goals/0/path", "" },
	};

	show_one(rows[_i].setup, rows[_i].path, rows[_i].value);
}
END_TEST

/* What a write comes to, by profile. */
static void store_one(enum config_profile profile, const char *setup,
		      const char *path, const char *value, int error)
{
	struct ran r = { .host.profile = profile };
	char text[2048];

	snprintf(text, sizeof(text), "%s%sprintf '%%s' '%s' > %s\n", ONE, setup,
		 value, path);
	run(&r, text);
	ck_assert_msg(!r.ret, "%s: %s", text, r.err.text);
	ck_assert_msg(r.log.nr == (error != 0), "%s: %u failed", text,
		      r.log.nr);
	if (error) {
		ck_assert_msg(r.log.at[0].error == error, "%s",
			      r.log.at[0].text);
		ck_assert(strstr(r.log.at[0].text, strerrorname_np(-error)));
		ck_assert_int_eq(r.log.status, 1);
	}
	ran_fini(&r);
}

#define S_US C "monitoring_attrs/intervals/sample_us"
#define FILTER(dir) SCHEME "echo 1 > " SCHEMES "0/" dir "/nr_filters\n"

START_TEST(writes)
{
	static const struct {
		const char *setup, *path, *value;
		int error, error_d;
	} rows[] = {
		{ "", S_US, "0x10", 0, 0 },
		{ "", S_US, "+7\n", 0, 0 },
		{ "", S_US, "08", -EINVAL, -EINVAL },
		{ "", S_US, "-1", -EINVAL, -EINVAL },
		{ "", S_US, " 1", -EINVAL, -EINVAL },
		{ "", S_US, "1 ", -EINVAL, -EINVAL },
		{ "", S_US, "1\n\n", -EINVAL, -EINVAL },
		{ "", S_US, "18446744073709551615", 0, 0 },
		{ "", S_US, "18446744073709551616", -ERANGE, -ERANGE },
		{ "", D "0/refresh_ms", "4294967296", -ERANGE, -ENOENT },
		{ "", D "0/pid", "1", -EACCES, -EACCES },
		{ "", D "0", "1", -EISDIR, -EISDIR },
		{ "", D "1/state", "on", -ENOENT, -ENOENT },
		{ "", D "00/state", "on", -ENOENT, -ENOENT },
		{ "", D "0/state/x", "on", -ENOTDIR, -ENOTDIR },
		{ "", D "nr_kdamonds", "-1", -EINVAL, -EINVAL },
		{ "", D "nr_kdamonds", "3000000000", -ERANGE, -ERANGE },
		{ "", D "0/contexts/nr_contexts", "2", -EINVAL, -EINVAL },
		{ "", C "operations", "paddr\n", 0, 0 },
		{ "", C "operations", "padd", -EINVAL, -EINVAL },
		{ "", C "operations", "paddr ", -EINVAL, -EINVAL },
		{ "", C "addr_unit", "0", -EINVAL, -ENOENT },
		{ "", C "pause", "oN", 0, -ENOENT },
		{ "", C "pause", "o", -EINVAL, -ENOENT },
		{ "", C "monitoring_attrs/probes/nr_probes", "5", -EINVAL,
		  -ENOENT },
		{ "", EVENTS "nr_perf_events", "64", 0, -ENOENT },
		{ "", EVENTS "nr_perf_events", "65", -EINVAL, -ENOENT },
		{ TARGET, C "targets/0/pid_target", "x", -EINVAL, -EINVAL },
		{ TARGET, C "targets/0/pid_target", "2147483648", -EINVAL,
		  -EINVAL },
		{ TARGET, C "targets/0/obsolete_target", "Y", 0, -ENOENT },
		{ SCHEME, SCHEMES "0/action", "collapse", 0, -EINVAL },
		{ SCHEME, SCHEMES "0/target_nid", "-2147483648", 0, 0 },
		{ SCHEME, SCHEMES "0/target_nid", "-2147483649", -ERANGE,
		  -ERANGE },
		{ SCHEME, SCHEMES "0/quotas/bytes", "99999999999999999999",
		  -EINVAL, -EINVAL },
		{ SCHEME, SCHEMES "0/quotas/effective_bytes", "1", -EACCES,
		  -EACCES },
		{ SCHEME, SCHEMES "0/quotas/goal_tuner", "temporal", 0,
		  -ENOENT },
		{ SCHEME, SCHEMES "0/dests/nr_dests", "1", 0, -ENOENT },
		{ GOAL, SCHEMES "0/quotas/goals/0/target_metric",
		  "node_eligible_mem_bp", 0, -EINVAL },
		{ FILTER("filters"), SCHEMES "0/filters/0/type", "addr", 0, 0 },
		{ FILTER("filters"), SCHEMES "0/filters/0/type", "unmapped", 0,
		  -EINVAL },
		{ FILTER("filters"), SCHEMES "0/filters/0/allow", "1", 0,
		  -ENOENT },
	};

	store_one(CONFIG_PROFILE_N, rows[_i].setup, rows[_i].path,
		  rows[_i].value, rows[_i].error);
	store_one(CONFIG_PROFILE_D, rows[_i].setup, rows[_i].path,
		  rows[_i].value, rows[_i].error_d);
}
END_TEST

/* Core types here, the others there. */
START_TEST(layers_of_filters)
{
	store_one(CONFIG_PROFILE_N, FILTER("core_filters"),
		  SCHEMES "0/core_filters/0/type", "young", -EINVAL);
	store_one(CONFIG_PROFILE_N, FILTER("core_filters"),
		  SCHEMES "0/core_filters/0/type", "target", 0);
	store_one(CONFIG_PROFILE_N, FILTER("ops_filters"),
		  SCHEMES "0/ops_filters/0/type", "addr", -EINVAL);
	store_one(CONFIG_PROFILE_N, FILTER("ops_filters"),
		  SCHEMES "0/ops_filters/0/type", "young", 0);
}
END_TEST

/* Writing the same number makes all anew. */
START_TEST(count_again)
{
	says(ONE "echo 7 > " S_US "\necho 1 > " D "0/contexts/nr_contexts\n"
		 "cat " S_US "\n",
	     "5000\n");
}
END_TEST

/* One letter a word to the state; errors as they come. */
static void states(enum config_profile profile, const char *more,
		   const char *words, const int *errors)
{
	struct ran r = { .host.profile = profile };
	char text[2048] = ONE;
	char *at = text + strlen(text);
	u32 i, nr = 0;

	at += sprintf(at, "%s", more);
	for (; *words; words++)
		at += sprintf(at, "echo %s > " D "%c/state\n",
			      *words == 'o' || *words == '1' ? "on" :
			      *words == 'f'		     ? "off" :
			      *words == 'c'		     ? "commit" :
			      *words == 't' ? "update_tuned_intervals" :
			      *words == 'r' ? "update_schemes_tried_regions" :
					      "ON",
			      *words == '1' ? '1' : '0');
	run(&r, text);
	ck_assert_msg(!r.ret, "%s", r.err.text);
	for (i = 0; errors[i] <= 0; i++) {
		if (!errors[i])
			continue;
		ck_assert_msg(nr < r.log.nr, "%s", text);
		ck_assert_msg(r.log.at[nr].error == errors[i], "%s: %s", text,
			      r.log.at[nr].text);
		nr++;
	}
	ck_assert_msg(nr == r.log.nr, "%s: %s", text, r.log.at[nr].text);
	ran_fini(&r);
}

#define STATES(profile, more, words, ...) \
	states(profile, more, words, (const int[]){ __VA_ARGS__, 1 })

START_TEST(state_words)
{
	STATES(CONFIG_PROFILE_N, "", "fcoocffcx", -EINVAL, -EINVAL, 0, -EBUSY,
	       0, 0, 0, -ECANCELED, -EINVAL);
	STATES(CONFIG_PROFILE_D, "", "fcoocffcx", -EINVAL, -EINVAL, 0, -EBUSY,
	       0, 0, -EPERM, -EINVAL, -EINVAL);
	STATES(CONFIG_PROFILE_N, "", "otr", 0, 0, -EOPNOTSUPP);
	STATES(CONFIG_PROFILE_D, "", "ot", 0, -EINVAL);
	STATES(CONFIG_PROFILE_N, "echo 0 > " D "0/contexts/nr_contexts\n", "o",
	       -EINVAL);
	/* Events have one owner, until it is off. */
	STATES(CONFIG_PROFILE_N,
	       "echo 2 > " D "nr_kdamonds\n"
	       "for k in 0 1; do\n"
	       "  echo 1 > " D "$k/contexts/nr_contexts\n"
	       "  echo 1 > " D "$k/contexts/0/monitoring_attrs/sample/"
	       "perf_events/nr_perf_events\n"
	       "done\n",
	       "o1f1o", 0, -EBUSY, 0, 0, -EBUSY);
	/* More targets than physical memory has. */
	STATES(CONFIG_PROFILE_N,
	       "echo paddr > " C "operations; echo 2 > " C
	       "targets/nr_targets\n",
	       "o", -EINVAL);
	STATES(CONFIG_PROFILE_N,
	       FILTER("filters") "echo addr > " SCHEMES "0/filters/0/type\n"
				 "echo 1 > " SCHEMES "0/filters/0/addr_start\n",
	       "o", -ENOMEM);
}
END_TEST

/* The count cannot change while one runs, and the caller's no is the file's. */
START_TEST(running)
{
	struct ran r = { 0 };

	run(&r, ONE "echo on > " D "0/state\necho 1 > " D "nr_kdamonds\n"
		    "cat " D "0/state\n");
	ck_assert_uint_eq(r.log.nr, 1);
	ck_assert_int_eq(r.log.at[0].error, -EBUSY);
	ck_assert_str_eq(r.out, "on\n");
	ran_fini(&r);

	r.answer = -ENODEV;
	run(&r, ONE "sleep 1.5\necho on > " D "0/state\ncat " D "0/state\n");
	ck_assert_uint_eq(r.nr_actions, 1);
	ck_assert_uint_eq(r.log.nr, 1);
	ck_assert_int_eq(r.log.at[0].error, -ENODEV);
	ck_assert_uint_eq(r.log.at[0].at_us, 1500000);
	ck_assert_uint_eq(r.actions[0].at_us, 1500000);
	ck_assert_uint_eq(r.actions[0].line, 4);
	ck_assert_str_eq(r.out, "off\n");
	ran_fini(&r);
}
END_TEST

static void fill(struct ran *r, const struct sysfs_action *action)
{
	struct config_kdamond *kdamond = action->cfg->kdamonds;
	struct config_context *ctx = kdamond->contexts;

	kdamond->pid = 42;
	ctx->intervals.sample_us = 77;
	ctx->intervals.ops_update_us = 78;
	ctx->schemes[0].stats.nr_tried = 79;
	ctx->schemes[0].quotas.effective_sz_bytes = 80;
}

/* Each update brings its own results, and no others. */
START_TEST(results)
{
	static const char cats[] =
		"cat " D "0/pid " S_US " " SCHEMES "0/stats/nr_tried " SCHEMES
		"0/quotas/effective_bytes " C
		"monitoring_attrs/intervals/update_us\n";
	static const struct {
		const char *word, *out;
	} rows[] = {
		{ "commit", "42\n5000\n0\n0\n60000000\n" },
		{ "update_schemes_stats", "42\n5000\n79\n0\n60000000\n" },
		{ "update_schemes_effective_quotas",
		  "42\n5000\n0\n80\n60000000\n" },
		{ "update_tuned_intervals", "42\n77\n0\n0\n60000000\n" },
	};
	struct ran r = { .look = fill };
	char text[2048];

	snprintf(text, sizeof(text),
		 ONE SCHEME "echo on > " D "0/state\necho %s > " D
			    "0/state\n%s",
		 rows[_i].word, cats);
	run(&r, text);
	ck_assert_msg(!r.ret && !r.log.nr, "%s", r.err.text);
	ck_assert_str_eq(r.out, rows[_i].out);
	ran_fini(&r);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sysfs");
	TCase *tcase = tcase_create("all");

	tcase_add_loop_test(tcase, defaults, 0, 30);
	tcase_add_loop_test(tcase, writes, 0, 41);
	tcase_add_test(tcase, layers_of_filters);
	tcase_add_test(tcase, count_again);
	tcase_add_test(tcase, state_words);
	tcase_add_test(tcase, running);
	tcase_add_loop_test(tcase, results, 0, 4);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
