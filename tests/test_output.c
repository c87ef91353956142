// SPDX-License-Identifier: GPL-2.0
/*
 * The directory of results, driven by a replay that does not run; and the file
 * that all of it goes through.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "damon/profile.h"
#include "report/replay_output.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_outdir.h"

static struct replay r;
static struct replay_options opt;
static struct replay_output output;
static struct output_error err;
static const char *dir;

static void setup(void)
{
	dir = outdir_init();
	r = (struct replay){ .begin_ns = 1000000000ULL };
	opt = (struct replay_options){ 0 };
	context_init(&r.ctx, &profile_n, &support_idle_ops, &r.split, 1);
	support_target_is(&r.ctx, { 4096, 8192, 3, 0, 2 });
	r.ctx.observer = &observers_all;
	r.ctx.observer_data = &r.observers;
	ck_assert_int_eq(cpus_init(&r.cpus, 4), 0);
}

static void teardown(void)
{
	cpus_fini(&r.cpus);
	context_fini(&r.ctx);
	outdir_fini();
}

/* A tick of 100 ms, which is a window. */
static void tick(void)
{
	r.now_ns = (r.now_ns ? r.now_ns : r.begin_ns) + 100000000;
	opt.before_tick(opt.on_arg, &r);
	r.ctx.observer->aggregated(r.ctx.observer_data, &r.ctx, 0, 1,
				   r.ctx.targets[0].regions.at);
	r.nr_windows++;
	opt.after_tick(opt.on_arg, &r);
}

static u32 nr_snapshots(void)
{
	struct json_object *list = outdir_json("damon.data.json");
	u32 nr = json_object_array_length(
		outdir_get(json_object_array_get_idx(list, 0), "snapshots",
			   json_type_array));

	json_object_put(list);
	return nr;
}

static u32 nr_events(const char *name)
{
	struct json_object *all = outdir_json("trace.json"), *list;
	u32 nr = 0;
	size_t i;

	list = outdir_get(all, "traceEvents", json_type_array);
	for (i = 0; i < json_object_array_length(list); i++)
		nr += !strcmp(json_object_get_string(outdir_get(
				      json_object_array_get_idx(list, i),
				      "name", json_type_string)),
			      name);
	json_object_put(all);
	return nr;
}

/* All are told, and of what happened to the capture there is a mark. */
START_TEST(told)
{
	ck_assert_int_eq(replay_output_prepare(&output, dir, false, &opt, &err),
			 0);
	ck_assert_int_eq(opt.on_begin(opt.on_arg, &r), 0);
	tick();
	r.nr_ticks_blind++;
	tick();
	tick();
	r.throttled = 1;
	r.nr_ticks_blind++;
	tick();
	r.nr_ticks_blind++;
	tick();
	r.throttled = 0;
	tick();
	ck_assert_int_eq(replay_output_finish(&output, NULL, 0, 0, &err), 0);
	ck_assert_str_eq(err.text, "");
	ck_assert_uint_eq(nr_snapshots(), 6);
	ck_assert_uint_eq(nr_events("window"), 6);
	ck_assert_uint_eq(nr_events("records lost"), 1);
	ck_assert_uint_eq(nr_events("throttled"), 1);
	ck_assert_uint_eq(nr_events("let go"), 1);
	/* A second end is none. */
	ck_assert_int_eq(replay_output_finish(&output, NULL, 0, 0, &err), 0);
	ck_assert_uint_eq(nr_snapshots(), 6);
}
END_TEST

/* The capture is played again, for another process. */
START_TEST(second_pass)
{
	ck_assert_int_eq(replay_output_prepare(&output, dir, false, &opt, &err),
			 0);
	ck_assert_int_eq(opt.on_begin(opt.on_arg, &r), 0);
	tick();
	tick();
	r.observers = (struct observers){ 0 };
	r.nr_windows = 0;
	r.now_ns = 0;
	ck_assert_int_eq(opt.on_begin(opt.on_arg, &r), 0);
	tick();
	ck_assert_int_eq(replay_output_finish(&output, NULL, 0, 0, &err), 0);
	ck_assert_uint_eq(nr_snapshots(), 1);
	ck_assert_uint_eq(nr_events("window"), 1);
}
END_TEST

/* What an earlier run left goes when this one begins, and no sooner. */
START_TEST(force)
{
	static const char *const names[] = { "report.json", "mine" };
	char path[300];
	FILE *f;
	size_t sz;
	u32 i;

	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		f = fopen(path, "we");
		ck_assert_ptr_nonnull(f);
		fclose(f);
	}
	ck_assert_int_eq(replay_output_prepare(&output, dir, false, &opt, &err),
			 -ENOTEMPTY);
	ck_assert_ptr_nonnull(strstr(err.text, "--force"));
	ck_assert_int_eq(replay_output_prepare(&output, dir, true, &opt, &err),
			 0);
	free(outdir_read("report.json", &sz));
	ck_assert_uint_eq(sz, 0);
	ck_assert_int_eq(opt.on_begin(opt.on_arg, &r), 0);
	ck_assert_int_eq(replay_output_finish(&output, NULL, 0, 0, &err), 0);
	ck_assert_ptr_null(outdir_read("report.json", &sz));
	sz = 1;
	free(outdir_read("mine", &sz));
	ck_assert_uint_eq(sz, 0);
}
END_TEST

/* Where nothing can be: told at once, or when it begins. */
START_TEST(no_room)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/none/deeper", dir);
	ck_assert_int_eq(replay_output_prepare(&output, path, false, &opt,
					       &err),
			 -ENOENT);
	ck_assert_ptr_nonnull(strstr(err.text, path));
	snprintf(path, sizeof(path), "%s/trace.txt", dir);
	ck_assert_int_eq(mkdir(path, 0777), 0);
	ck_assert_int_eq(replay_output_prepare(&output, dir, true, &opt, &err),
			 0);
	ck_assert_int_eq(opt.on_begin(opt.on_arg, &r), -EISDIR);
	ck_assert_int_eq(replay_output_finish(&output, NULL, 0, 0, &err),
			 -EISDIR);
	ck_assert_ptr_nonnull(strstr(err.text, "trace.txt: Is a directory; "
					       "nothing of it is saved"));
	ck_assert_ptr_null(strstr(err.text, "trace.json"));
	ck_assert_int_eq(rmdir(path), 0);
	/* Standard input was no file of ours. */
	ck_assert_int_eq(lseek(STDIN_FILENO, 0, SEEK_CUR) < 0 && errno == EBADF,
			 0);
}
END_TEST

/* One piece may be longer than all room that there is. */
START_TEST(long_piece)
{
	const size_t sz = 700001;
	char *piece = malloc(sz + 1), *text;
	struct outfile f;
	size_t sz_read;
	u32 i;

	memset(piece, 'x', sz);
	piece[sz] = '\0';
	ck_assert_int_eq(outfile_open(&f, dir, "long"), 0);
	for (i = 0; i < 3; i++) {
		outfile_put(&f, "%u%s", i, piece);
		outfile_mark(&f);
	}
	ck_assert_int_eq(outfile_close(&f, "end"), 0);
	ck_assert_uint_eq(f.nr_marks, 3);
	text = outdir_read("long", &sz_read);
	ck_assert_uint_eq(sz_read, 3 * (sz + 1) + 3);
	for (i = 0; i < 3; i++)
		ck_assert(text[i * (sz + 1)] == '0' + (char)i &&
			  !memcmp(text + i * (sz + 1) + 1, piece, sz));
	ck_assert_str_eq(text + 3 * (sz + 1), "end");
	free(text);
	free(piece);
}
END_TEST

START_TEST(long_name)
{
	char name[600];
	struct outfile f;

	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	ck_assert_int_eq(outfile_open(&f, dir, name), -ENAMETOOLONG);
	outfile_put(&f, "lost");
	outfile_mark(&f);
	ck_assert_int_eq(outfile_close(&f, ""), -ENAMETOOLONG);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("output");
	TCase *tc = tcase_create("output");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, told);
	tcase_add_test(tc, second_pass);
	tcase_add_test(tc, force);
	tcase_add_test(tc, no_room);
	tcase_add_test(tc, long_piece);
	tcase_add_test(tc, long_name);
	return support_run(s);
}
