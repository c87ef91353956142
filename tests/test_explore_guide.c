// SPDX-License-Identifier: GPL-2.0
/* The guided strategy: a corpus on disk, which the next search begins with. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "explore/explore.h"
#include "support_check.h"
#include "support_outdir.h"

#define TEXT                                                                 \
	"ring 2 / cpu0: push; push / cpu1: push / nmi0: push / kd0: drain; " \
	"drain"

static int look(const char *corpus, u64 executions, u64 seed,
		struct explore_result *r)
{
	const struct explore_options o = {
		.model = MEMORY_WEAK,
		.strategy = EXPLORE_GUIDED,
		.seed = seed,
		.executions = executions,
		.corpus = corpus,
	};
	struct scene_error err;

	return explore_scene(TEXT, &o, r, &err);
}

static u32 nr_files(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *entry;
	u32 nr = 0;

	ck_assert_ptr_nonnull(d);
	while ((entry = readdir(d)))
		nr += entry->d_name[0] != '.';
	closedir(d);
	return nr;
}

/* The test's own folder in the one that goes with the test. */
static void remove_all(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *entry;
	char file[800];

	ck_assert_ptr_nonnull(d);
	while ((entry = readdir(d))) {
		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		unlink(file);
	}
	closedir(d);
	ck_assert_int_eq(rmdir(path), 0);
}

START_TEST(the_next_search_begins_where_the_last_one_ended)
{
	char path[512];
	struct explore_result first, next, fresh;
	u32 files;

	snprintf(path, sizeof(path), "%s/corpus", outdir_init());
	ck_assert_int_eq(look(path, 3000, 1, &first), 0);
	ck_assert_uint_gt(first.covered, 50);
	files = nr_files(path);
	ck_assert_uint_gt(files, 5);
	ck_assert_uint_le(files, first.covered);
	/* What is kept is all that the coverage came from. */
	ck_assert_int_eq(look(path, files, 99, &next), 0);
	ck_assert_uint_eq(next.covered, first.covered);
	ck_assert_uint_eq(nr_files(path), files);
	ck_assert_int_eq(look(NULL, files, 99, &fresh), 0);
	ck_assert_uint_lt(fresh.covered, first.covered);
	remove_all(path);
	outdir_fini();
}
END_TEST

START_TEST(same_corpus_same_search)
{
	struct explore_result a, b;
	char path[512];

	snprintf(path, sizeof(path), "%s/a", outdir_init());
	ck_assert_int_eq(look(path, 500, 5, &a), 0);
	remove_all(path);
	snprintf(path, sizeof(path), "%s/b", outdir_init());
	ck_assert_int_eq(look(path, 500, 5, &b), 0);
	remove_all(path);
	ck_assert_uint_eq(a.steps, b.steps);
	ck_assert_uint_eq(a.covered, b.covered);
	outdir_fini();
}
END_TEST

/* Anything may lie there: bytes of any length are an execution. */
START_TEST(any_bytes_are_a_corpus)
{
	char path[512], file[600];
	struct explore_result r;
	u32 i, k;

	snprintf(path, sizeof(path), "%s/c", outdir_init());
	ck_assert_int_eq(mkdir(path, 0777), 0);
	for (i = 0; i < 4; i++) {
		FILE *f;

		snprintf(file, sizeof(file), "%s/%u", path, i);
		f = fopen(file, "w");
		ck_assert_ptr_nonnull(f);
		for (k = 0; k < i * i * 200; k++)
			fputc(k * 37 + i, f);
		fclose(f);
	}
	ck_assert_int_eq(look(path, 300, 1, &r), 0);
	ck_assert_uint_eq(r.executions, 300);
	remove_all(path);
	outdir_fini();
}
END_TEST

START_TEST(what_is_no_folder_is_refused)
{
	struct explore_result r;
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/file", outdir_init());
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fclose(f);
	ck_assert_int_eq(look(path, 10, 1, &r), -EIO);
	ck_assert_int_eq(look("/nowhere/at/all", 10, 1, &r), -EIO);
	outdir_fini();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("explore_guide");
	TCase *tc = tcase_create("explore_guide");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, the_next_search_begins_where_the_last_one_ended);
	tcase_add_test(tc, same_corpus_same_search);
	tcase_add_test(tc, any_bytes_are_a_corpus);
	tcase_add_test(tc, what_is_no_folder_is_refused);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
