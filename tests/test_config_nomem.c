// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation that reading makes, libyaml's included, fails once: the
 * answer is -ENOMEM, nothing is kept, and the configuration is untouched.  One
 * of them, the buffer of the file, the C library does without.
 *
 * Under a sanitizer this program has nothing to do, see support_nomem.h.
 */
#include <errno.h>

#include "config/config_notes.h"
#include "test_config.h"

#include "support_nomem.h"

#ifdef NOMEM_SKIPPED

int main(void)
{
	puts("config nomem: skipped, the allocator is the sanitizer's");
	return 0;
}

#else

static u32 nr_survived;

/* With all that can be asked of it. */
static int load_all(struct config *cfg, const char *path,
		    struct config_error *err)
{
	struct config_faults all = { .nr = 0 };
	struct config_notes notes = { .nr = 0 };
	int ret = config_load_all(cfg, path, err, &all);

	if (!ret && config_notes(&notes, cfg)) {
		snprintf(err->text, sizeof(err->text), "out of memory");
		config_fini(cfg);
		cfg->nr_kdamonds = 4711;
		ret = -ENOMEM;
	}
	config_notes_fini(&notes);
	config_faults_fini(&all);
	return ret;
}

/* Reading with its @nr'th allocation failing; false when there was none. */
static bool load_failing(const char *path, bool all, long nr)
{
	struct config cfg = { .nr_kdamonds = 4711 };
	struct config_error err;
	long left;
	int ret;

	nomem_begin(nr);
	ret = all ? load_all(&cfg, path, &err) : config_load(&cfg, path, &err);
	if (!ret)
		config_fini(&cfg);
	left = nomem_end();
	ck_assert_msg(!left, "%ld: %ld left", nr, left);
	if (!nomem_failed) {
		ck_assert_int_eq(ret, 0);
		return false;
	}
	if (!ret) {
		nr_survived++;
		return true;
	}
	ck_assert_msg(ret == -ENOMEM, "%ld: %d: %s", nr, ret, err.text);
	ck_assert_msg(strstr(err.text, "memory"), "%ld: %s", nr, err.text);
	ck_assert_uint_eq(cfg.nr_kdamonds, 4711);
	return true;
}

START_TEST(each_allocation)
{
	static const char *const names[] = {
		CONFIG_DATA "tiering.yaml",
		CONFIG_DATA "interleave.yaml",
		CONFIG_DATA "every-key.json",
	};
	long nr = 0;

	nr_survived = 0;
	while (load_failing(names[_i / 2], _i & 1, nr))
		nr++;
	ck_assert_uint_le(nr_survived, 1);
	/* libyaml's for each token alone. */
	ck_assert_int_gt(nr, 100);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config nomem");
	TCase *tcase = tcase_create("all");

	tcase_add_loop_test(tcase, each_allocation, 0, 6);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}

#endif
