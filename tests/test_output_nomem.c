// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation that writing results makes, zlib's included, fails once:
 * what is on the disk is whole, as much as is told, and nothing is kept.
 *
 * Under a sanitizer this program has nothing to do, see support_nomem.h.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "damon/profile.h"
#include "report/chrome.h"
#include "report/ftrace.h"
#include "report/records.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_outdir.h"

#include "support_nomem.h"

#ifdef NOMEM_SKIPPED

int main(void)
{
	puts("output nomem: skipped, the allocator is the sanitizer's");
	return 0;
}

#else

#define NR_WINDOWS 700

static struct split_shared shared;
static struct context ctx;
static struct cpus cpus;
static const char *dir;

static void setup(void)
{
	struct cpu *cpu;

	dir = outdir_init();
	shared = (struct split_shared){ 0 };
	context_init(&ctx, &profile_n, &support_idle_ops, &shared, 1);
	support_target_is(&ctx, { 4096, 8192, 1 }, { 8192, 12288, 2 });
	support_target_is(&ctx, { 4096, 8192, 3 });
	ck_assert_int_eq(cpus_init(&cpus, 4), 0);
	ck_assert_int_eq(cpus_get(&cpus, 3, &cpu), 0);
	local_inc(&cpu->stats.lost[DAMON_LOST_RING_FULL]);
}

static void teardown(void)
{
	cpus_fini(&cpus);
	context_fini(&ctx);
	outdir_fini();
}

static void tell(const struct context_observer *o, void *data)
{
	u32 t, i;

	for (t = 0; t < ctx.nr_targets; t++) {
		struct regions *v = &ctx.targets[t].regions;

		for (i = 0; i < v->nr; i++)
			o->aggregated(data, &ctx, t, v->nr, &v->at[i]);
	}
}

/* Each returns its first error; @saved is of what it tells. */
static int write_records(u64 *saved)
{
	struct records v;
	int err = records_open(&v, dir, &ctx, 0), next;
	u32 i;

	for (i = 0; i < NR_WINDOWS && !err; i++) {
		v.end_ns += 5;
		tell(&records_observer, &v);
	}
	next = records_close(&v, saved);
	err = err ? err : next;
	next = records_compress(dir);
	return err ? err : next;
}

static int write_ftrace(u64 *saved)
{
	const struct damon_tick_stats tick = { 0 };
	struct ftrace t;
	int err = ftrace_open(&t, dir), next;
	u32 i;

	for (i = 0; i < NR_WINDOWS; i++) {
		tell(&ftrace_observer, &t);
		ftrace_losses(&t, &cpus, &tick);
	}
	next = ftrace_close(&t, saved);
	return err ? err : next;
}

static int write_chrome(u64 *saved)
{
	const struct damon_balance b = { 0 };
	struct chrome c;
	int err = chrome_open(&c, dir, &ctx, 0), next;
	u32 i;

	for (i = 0; i < NR_WINDOWS; i++) {
		c.now_ns += 5;
		chrome_window(&c, &ctx, &b, 1);
	}
	next = chrome_close(&c);
	*saved = c.file.nr_marks;
	return err ? err : next;
}

static u64 read_records(void)
{
	struct json_object *list = outdir_json("damon.data.json");
	u64 nr = 0;
	size_t i;

	for (i = 0; list && i < json_object_array_length(list); i++)
		nr += json_object_array_length(
			outdir_get(json_object_array_get_idx(list, i),
				   "snapshots", json_type_array));
	json_object_put(list);
	return nr;
}

static u64 read_ftrace(void)
{
	size_t sz = 0;
	char *text = outdir_read("trace.txt", &sz), *p;
	u64 nr = 0;

	for (p = text; p && *p; p = strchr(p, '\n') + 1)
		nr += *p != '#';
	free(text);
	return nr;
}

static u64 read_chrome(void)
{
	struct json_object *all = outdir_json("trace.json");
	u64 nr = 0;

	if (all)
		nr = json_object_array_length(
			outdir_get(all, "traceEvents", json_type_array));
	json_object_put(all);
	return nr;
}

static const struct {
	int (*write)(u64 *saved);
	u64 (*read)(void);
	const char *name;
} forms[] = {
	{ write_records, read_records, "damon.data.json" },
	{ write_ftrace, read_ftrace, "trace.txt" },
	{ write_chrome, read_chrome, "trace.json" },
};

START_TEST(each_allocation)
{
	u64 saved, found, whole;
	char path[300];
	long nr, left;
	int err;

	snprintf(path, sizeof(path), "%s/%s", dir, forms[_i].name);
	ck_assert_int_eq(forms[_i].write(&whole), 0);
	ck_assert_uint_gt(whole, NR_WINDOWS);
	for (nr = 0;; nr++) {
		saved = 0;
		ck_assert_int_eq(remove(path), 0);
		nomem_begin(nr);
		err = forms[_i].write(&saved);
		left = nomem_end();
		ck_assert_msg(!left, "%ld: %ld left", nr, left);
		found = forms[_i].read();
		ck_assert_msg(found == saved, "%ld: %llu, told %llu", nr, found,
			      saved);
		if (!nomem_failed)
			break;
		fclose(fopen(path, "a"));
		/* The C library's buffers it does without. */
		ck_assert_msg(err ? err == -ENOMEM : saved == whole,
			      "%ld: error %d, %llu of %llu", nr, err, saved,
			      whole);
	}
	ck_assert_int_eq(err, 0);
	ck_assert_uint_eq(saved, whole);
	ck_assert_int_gt(nr, 2);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("output nomem");
	TCase *tc = tcase_create("output nomem");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, each_allocation, 0, 3);
	return support_run(s);
}

#endif
