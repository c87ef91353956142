// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation that reading makes, libyaml's included, fails once: the
 * answer is -ENOMEM, nothing is kept, and the configuration is untouched.  One
 * of them, the buffer of the file, the C library does without.
 *
 * The allocator's own names are taken over here.  AddressSanitizer does the
 * same, so there this program has nothing to do; that all is freed is counted
 * here instead.
 */
#include <errno.h>

#include "test_config.h"

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer) || \
	defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)

int main(void)
{
	puts("config nomem: skipped, the allocator is the sanitizer's");
	return 0;
}

#else

void *__libc_malloc(size_t sz);
void *__libc_calloc(size_t nr, size_t sz);
void *__libc_realloc(void *mem, size_t sz);
void __libc_free(void *mem);

static bool counting;
static long nr_left; /* until one fails */
static long nr_live; /* made since, and not freed */
static bool has_failed;
static u32 nr_survived;

static bool fails(void)
{
	if (!counting || nr_left-- > 0)
		return false;
	has_failed = true;
	/* Once: what follows has memory again. */
	nr_left = 1l << 40;
	errno = ENOMEM;
	return true;
}

static void *made(void *mem)
{
	if (counting && mem)
		nr_live++;
	return mem;
}

void *malloc(size_t sz)
{
	return fails() ? NULL : made(__libc_malloc(sz));
}

void *calloc(size_t nr, size_t sz)
{
	return fails() ? NULL : made(__libc_calloc(nr, sz));
}

void *realloc(void *mem, size_t sz)
{
	if (fails())
		return NULL;
	return mem ? __libc_realloc(mem, sz) : made(__libc_realloc(mem, sz));
}

void free(void *mem)
{
	if (counting && mem)
		nr_live--;
	__libc_free(mem);
}

/* Reading with its @nr'th allocation failing; false when there was none. */
static bool load_failing(const char *path, long nr)
{
	struct config cfg = { .nr_kdamonds = 4711 };
	struct config_error err;
	int ret;

	nr_left = nr;
	nr_live = 0;
	has_failed = false;
	counting = true;
	ret = config_load(&cfg, path, &err);
	if (!ret)
		config_fini(&cfg);
	counting = false;
	ck_assert_msg(!nr_live, "%ld: %ld left", nr, nr_live);
	if (!has_failed) {
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
	while (load_failing(names[_i], nr))
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

	tcase_add_loop_test(tcase, each_allocation, 0, 3);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}

#endif
