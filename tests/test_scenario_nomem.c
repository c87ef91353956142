// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation that reading a scenario makes fails once, overrides, presets
 * and commits included: the answer is -ENOMEM, nothing is kept, and what was to
 * be filled is untouched.
 *
 * Under a sanitizer this program has nothing to do, see support_nomem.h.
 */
#include <errno.h>

#include "run/scenario_schema.h"
#include "test_scenario.h"

#include "support_nomem.h"

#ifdef NOMEM_SKIPPED

int main(void)
{
	puts("scenario nomem: skipped, the allocator is the sanitizer's");
	return 0;
}

#else

static const char *const set[] = {
	"machine.nodes.3.size=2 MiB",
	"faults.1={fault: pause, at: 1 s, for: 1 s}",
	"kdamonds.0.contexts.0.intervals.sample_us=4 ms",
};

static u32 nr_survived;

/* The buffers of the file and of a stream are done without. */
static bool load_failing(const char *path, long nr)
{
	struct scenario s = { .seed = 4711 };
	struct config_error err;
	long left;
	int ret;

	nomem_begin(nr);
	ret = scenario_load(&s, path, set, 3, &err);
	if (!ret)
		scenario_fini(&s);
	left = nomem_end();
	ck_assert_msg(!left, "%ld: %ld left", nr, left);
	if (!nomem_failed) {
		ck_assert_msg(!ret, "%s: %s", err.file, err.text);
		return false;
	}
	if (!ret) {
		nr_survived++;
		return true;
	}
	ck_assert_msg(ret == -ENOMEM, "%ld: %d: %s", nr, ret, err.text);
	ck_assert_msg(strstr(err.text, "memory"), "%ld: %s", nr, err.text);
	ck_assert_uint_eq(s.seed, 4711);
	return true;
}

START_TEST(each_load)
{
	long nr = 0;

	while (load_failing(SCENARIO_MODELS "may-retarget-85.yaml", nr))
		nr++;
	ck_assert_uint_le(nr_survived, 2);
	ck_assert_int_gt(nr, 500);
}
END_TEST

START_TEST(each_commit)
{
	struct config cfg = { .nr_kdamonds = 4711 };
	struct config_error err;
	struct scenario s;
	long nr, left;
	int ret;

	nr_survived = 0;
	ck_assert_int_eq(scenario_load(&s,
				       SCENARIO_MODELS "may-retarget-85.yaml",
				       NULL, 0, &err),
			 0);
	for (nr = 0;; nr++) {
		nomem_begin(nr);
		ret = scenario_commit(&s, &s.config, s.faults, &cfg, &err);
		if (!ret)
			config_fini(&cfg);
		left = nomem_end();
		ck_assert_msg(!left, "%ld: %ld left", nr, left);
		if (!ret && !nomem_failed)
			break;
		if (!ret) {
			nr_survived++;
			cfg.nr_kdamonds = 4711;
			continue;
		}
		ck_assert_msg(ret == -ENOMEM, "%ld: %d: %s", nr, ret, err.text);
		ck_assert_uint_eq(cfg.nr_kdamonds, 4711);
	}
	ck_assert_uint_le(nr_survived, 1);
	ck_assert_int_gt(nr, 100);
	scenario_fini(&s);
}
END_TEST

/* Values so long that the tree has no room left for what leads to them. */
START_TEST(each_set)
{
	static const char *const paths[] = { "about", "faults.0.name" };
	static char value[20000];
	const struct config_node where = { .file = "--set 1" };
	struct config_error err;
	struct config_tree tree;
	long nr, left;
	int ret;

	memset(value, 'x', sizeof(value) - 1);
	for (nr = 0;; nr++) {
		nomem_begin(nr);
		config_error_init(&err, "file", NULL);
		ret = config_tree_init(&tree, "seed: 1", 7, &err);
		if (!ret) {
			ret = config_tree_set(&tree, &scenario_root_map,
					      paths[_i], value, &where, &err);
			config_tree_fini(&tree);
		}
		left = nomem_end();
		ck_assert_msg(!left, "%ld: %ld left", nr, left);
		if (!nomem_failed)
			break;
		ck_assert_msg(ret == -ENOMEM, "%ld: %d: %s", nr, ret, err.text);
	}
	ck_assert_int_eq(ret, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scenario nomem");
	TCase *tcase = tcase_create("all");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, each_load);
	tcase_add_test(tcase, each_commit);
	tcase_add_loop_test(tcase, each_set, 0, 2);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}

#endif
