// SPDX-License-Identifier: GPL-2.0
/*
 * Chrome's trace: every event has what its kind must have, in the order of
 * time, with the values that it was given; also on a disk that gets full.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "damon/profile.h"
#include "damon/scheme.h"
#include "report/chrome.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_outdir.h"

#define BEGIN_NS 5000000000ULL
#define WINDOW_NS 100000000ULL

static struct split_shared shared;
static struct context ctx;
static struct chrome chrome;
static const char *dir;

static void setup(void)
{
	struct scheme s;

	dir = outdir_init();
	shared = (struct split_shared){ 0 };
	context_init(&ctx, &profile_n, &support_idle_ops, &shared, 1);
	support_target_is(&ctx, { 4096, 8192 }, { 8192, 12288 });
	scheme_init(&s, SCHEME_MIGRATE_HOT);
	ck_assert_int_eq(context_add_scheme(&ctx, &s), 0);
}

static void teardown(void)
{
	context_fini(&ctx);
	outdir_fini();
}

/* A run of @nr windows in which all happens that can. */
static int run(u32 nr)
{
	struct damon_balance b = { 0 };
	struct scheme_stat stat = { 0 };
	struct goal goal = { .metric = GOAL_NODE_ELIGIBLE_MEM_BP, .nid = 1 };
	int err = chrome_open(&chrome, dir, &ctx, BEGIN_NS);
	u32 i;

	for (i = 1; i <= nr; i++) {
		chrome.now_ns = BEGIN_NS + i * WINDOW_NS;
		b.credited = 10 * i;
		b.absorbed = 20 * i;
		b.lost[DAMON_LOST_RING_FULL] = i / 2;
		stat.sz_applied = 4096 * i;
		goal.current_value = i;
		if (i % 3 == 0)
			chrome_instant(&chrome, "throttled");
		chrome_observer.esz(&chrome, &ctx, 0, 512 * i);
		chrome_observer.goal(&chrome, &ctx, 0, &goal);
		chrome_observer.applied(&chrome, &ctx, 0, &stat);
		chrome_observer.intervals_tuned(&chrome, &ctx, 5000 + i);
		chrome_window(&chrome, &ctx, &b, 200 + i);
	}
	return err;
}

static const char *text_of(struct json_object *e, const char *key)
{
	return json_object_get_string(outdir_get(e, key, json_type_string));
}

static double number_of(struct json_object *e, const char *key)
{
	struct json_object *value;

	ck_assert_msg(json_object_object_get_ex(e, key, &value), "no %s", key);
	ck_assert(json_object_is_type(value, json_type_int) ||
		  json_object_is_type(value, json_type_double));
	return json_object_get_double(value);
}

/* Must be what a viewer needs for its kind.  Return: its kind. */
static char is_event(struct json_object *e, double *last_us)
{
	const char *kind = text_of(e, "ph");
	struct json_object *args = NULL;

	ck_assert_uint_eq(strlen(kind), 1);
	ck_assert_ptr_nonnull(strchr("MXCi", *kind));
	ck_assert(*text_of(e, "name"));
	ck_assert_int_eq(number_of(e, "pid"), 1);
	if (*kind != 'i' || json_object_object_get_ex(e, "args", &args))
		args = outdir_get(e, "args", json_type_object);
	if (*kind != 'C')
		number_of(e, "tid");
	if (*kind == 'X') {
		ck_assert_double_ge(number_of(e, "dur"), 0);
		/* Slices of one row must not overlap. */
		ck_assert_double_eq(number_of(e, "ts"), *last_us);
		*last_us += number_of(e, "dur");
	}
	if (*kind == 'i')
		ck_assert_ptr_nonnull(strchr("gpt", *text_of(e, "s")));
	if (*kind == 'C') {
		ck_assert_int_gt(json_object_object_length(args), 0);
		json_object_object_foreach(args, key, value)
		{
			(void)key;
			ck_assert(json_object_is_type(value, json_type_int));
		}
	}
	if (*kind != 'M')
		ck_assert_double_ge(number_of(e, "ts"), 0);
	return *kind;
}

/* All that is in the file.  Return: events, those of @name counted apart. */
static u32 look(const char *name, u32 *nr_named, struct json_object **last)
{
	struct json_object *all = outdir_json("trace.json"), *list, *e;
	double last_us = 0;
	u32 i, nr;

	*nr_named = 0;
	if (!all)
		return 0;
	list = outdir_get(all, "traceEvents", json_type_array);
	nr = json_object_array_length(list);
	for (i = 0; i < nr; i++) {
		e = json_object_array_get_idx(list, i);
		is_event(e, &last_us);
		if (strcmp(text_of(e, "name"), name))
			continue;
		++*nr_named;
		if (!last)
			continue;
		json_object_put(*last);
		*last = json_object_get(e);
	}
	json_object_put(all);
	return nr;
}

/* The last counter of that name after 9 windows. */
static double counter(const char *name, const char *key)
{
	struct json_object *e = NULL;
	double value;
	u32 nr;

	look(name, &nr, &e);
	ck_assert_msg(e, "no %s", name);
	ck_assert_double_eq(number_of(e, "ts"), 9 * WINDOW_NS / 1000);
	value = number_of(outdir_get(e, "args", json_type_object), key);
	json_object_put(e);
	return value;
}

START_TEST(read_back)
{
	u32 nr;

	ctx.addr_unit = 2;
	ck_assert_int_eq(run(9), 0);
	ck_assert_int_eq(chrome_close(&chrome), 0);
	look("window", &nr, NULL);
	ck_assert_uint_eq(nr, 9);
	look("throttled", &nr, NULL);
	ck_assert_uint_eq(nr, 3);
	look("applied", &nr, NULL);
	ck_assert_uint_eq(nr, 9);
	ck_assert_double_eq(counter("samples", "credited"), 90);
	ck_assert_double_eq(counter("samples", "absorbed"), 180);
	ck_assert_double_eq(counter("samples", "ring_full"), 4);
	ck_assert_double_eq(counter("regions", "regions"), 2);
	ck_assert_double_eq(counter("fullest ring", "reports"), 209);
	ck_assert_double_eq(counter("quota of scheme 0", "bytes"), 9 * 1024);
	ck_assert_double_eq(counter("sample interval", "us"), 5009);
	ck_assert_double_eq(counter("goal of scheme 0: node_eligible_mem_bp of "
				    "node 1",
				    "value"),
			    9);
	ck_assert_double_eq(counter("scheme 0: migrate_hot", "applied_bytes"),
			    9 * 8192);
}
END_TEST

/* A run that ended before it began has a trace all the same. */
START_TEST(nothing)
{
	u32 nr;

	ck_assert_int_eq(run(0), 0);
	ck_assert_int_eq(chrome_close(&chrome), 0);
	look("thread_name", &nr, NULL);
	ck_assert_uint_eq(nr, 2);
}
END_TEST

START_TEST(disk_full)
{
	u32 nr, named, nr_all;
	int opened, err;
	size_t at, sz, i;

	run(40);
	ck_assert_int_eq(chrome_close(&chrome), 0);
	nr_all = look("window", &nr, NULL);
	free(outdir_read("trace.json", &sz));
	for (i = 0; i <= sz / 311 + 2; i++) {
		/* At last only a part of the tail fits, then all. */
		at = i <= sz / 311 ? i * 311 : sz - (sz / 311 + 2 - i);
		outdir_disk(at);
		opened = run(40);
		err = chrome_close(&chrome);
		outdir_disk(-1);
		ck_assert_int_eq(opened, 0);
		ck_assert_int_eq(err, at < sz ? -EFBIG : 0);
		nr = look("window", &named, NULL);
		ck_assert(at < sz ? nr < nr_all : nr == nr_all);
		/* Schemes have a mark and a counter in one. */
		ck_assert_uint_ge(nr, chrome.file.nr_marks);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("chrome");
	TCase *tc = tcase_create("chrome");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, read_back);
	tcase_add_test(tc, nothing);
	tcase_add_test(tc, disk_full);
	return support_run(s);
}
