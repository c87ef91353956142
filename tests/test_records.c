// SPDX-License-Identifier: GPL-2.0
/*
 * damo's records: every key that its reader takes, for windows made at random;
 * and a disk that gets full at each place, which must leave a whole file with
 * as much as was told.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "damon/profile.h"
#include "report/records.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_outdir.h"

#define BEGIN_NS 1000000000ULL
#define WINDOW_NS 100000000ULL

/* A window of one target is never longer, in bytes of text. */
#define SZ_WINDOW 2500

static struct split_shared shared;
static struct context ctx;
static struct records records;
static const char *dir;

static void setup(void)
{
	dir = outdir_init();
	shared = (struct split_shared){ 0 };
	context_init(&ctx, &profile_n, &support_idle_ops, &shared, 1);
}

static void teardown(void)
{
	context_fini(&ctx);
	outdir_fini();
}

static void targets(u32 nr, u64 seed)
{
	const struct support_shape shape = { .nr_targets = nr,
					     .nr_regions = 8,
					     .nr_accesses_max = 20,
					     .region_sz_max = 1 << 20,
					     .hole_percent = 30 };
	struct rng rng;

	rng_init(&rng, seed);
	support_random_targets(&ctx, &rng, &shape);
}

/* Windows of all targets.  Return: snapshots that there are in them. */
static u64 windows(u32 nr)
{
	u64 nr_snapshots = 0;
	u32 w, t, i;

	for (w = 0; w < nr; w++) {
		records.end_ns = BEGIN_NS + (w + 1) * WINDOW_NS;
		for (t = 0; t < ctx.nr_targets; t++) {
			struct regions *v = &ctx.targets[t].regions;

			for (i = 0; i < v->nr; i++)
				records_observer.aggregated(&records, &ctx, t,
							    v->nr, &v->at[i]);
			nr_snapshots += v->nr != 0;
		}
	}
	return nr_snapshots;
}

/* "12,345" as damo reads it. */
static u64 number(struct json_object *o, const char *key)
{
	const char *text =
		json_object_get_string(outdir_get(o, key, json_type_string));
	u64 nr = 0;

	ck_assert(*text);
	for (; *text; text++) {
		ck_assert_msg(strchr("0123456789,", *text), "%s", text);
		if (*text != ',')
			nr = 10 * nr + *text - '0';
	}
	return nr;
}

static void is_null(struct json_object *o, const char *key)
{
	struct json_object *value;

	ck_assert_msg(json_object_object_get_ex(o, key, &value), "no %s", key);
	ck_assert_ptr_null(value);
}

static void is_region(struct json_object *o, const struct region *r)
{
	ck_assert_int_eq(json_object_object_length(o), 6);
	ck_assert_uint_eq(number(o, "start"), r->start * ctx.addr_unit);
	ck_assert_uint_eq(number(o, "end"), r->end * ctx.addr_unit);
	ck_assert_uint_eq(
		json_object_get_int(outdir_get(outdir_get(o, "nr_accesses",
							  json_type_object),
					       "samples", json_type_int)),
		r->nr_accesses);
	is_null(outdir_get(o, "nr_accesses", json_type_object), "percent");
	ck_assert_uint_eq(number(outdir_get(o, "age", json_type_object),
				 "aggr_intervals"),
			  r->age);
	is_null(outdir_get(o, "age", json_type_object), "usec");
	ck_assert_int_eq(json_object_array_length(
				 outdir_get(o, "probe_hits", json_type_array)),
			 0);
	ck_assert_str_eq(json_object_get_string(outdir_get(
				 o, "sz_filter_passed", json_type_string)),
			 "0 B");
}

static void is_snapshot(struct json_object *o, u32 target, u32 window)
{
	const struct regions *v = &ctx.targets[target].regions;
	struct json_object *regions = outdir_get(o, "regions", json_type_array);
	u32 i;

	ck_assert_int_eq(json_object_object_length(o), 6);
	ck_assert_uint_eq(number(o, "start_time"),
			  BEGIN_NS + window * WINDOW_NS);
	ck_assert_uint_eq(number(o, "end_time"),
			  BEGIN_NS + (window + 1) * WINDOW_NS);
	ck_assert_uint_eq(json_object_array_length(regions), v->nr);
	for (i = 0; i < v->nr; i++)
		is_region(json_object_array_get_idx(regions, i), &v->at[i]);
	ck_assert_uint_eq(number(o, "total_bytes"),
			  regions_sz(v) * ctx.addr_unit);
	is_null(o, "damos_stats");
	is_null(o, "sample_interval_us");
}

static void is_intervals(struct json_object *o)
{
	struct json_object *goal =
		outdir_get(o, "intervals_goal", json_type_object);

	ck_assert_uint_eq(number(o, "sample_us"), ctx.attrs.sample_us);
	ck_assert_uint_eq(number(o, "aggr_us"), ctx.attrs.aggr_us);
	ck_assert_uint_eq(number(o, "ops_update_us"), ctx.attrs.ops_update_us);
	ck_assert_str_eq(json_object_get_string(outdir_get(goal, "access_bp",
							   json_type_string)),
			 "0.000000");
	ck_assert_uint_eq(number(goal, "aggrs"), 0);
	ck_assert_uint_eq(number(goal, "min_sample_us"), 0);
	ck_assert_uint_eq(number(goal, "max_sample_us"), 0);
}

/* Return: snapshots in it. */
static u64 is_record(struct json_object *o, u32 target)
{
	struct json_object *snapshots =
		outdir_get(o, "snapshots", json_type_array);
	size_t i, nr = json_object_array_length(snapshots);

	ck_assert_int_eq(json_object_object_length(o), 8);
	ck_assert_int_eq(json_object_get_int(
				 outdir_get(o, "kdamond_idx", json_type_int)),
			 0);
	ck_assert_int_eq(json_object_get_int(
				 outdir_get(o, "context_idx", json_type_int)),
			 0);
	is_intervals(outdir_get(o, "intervals", json_type_object));
	is_null(o, "scheme_idx");
	ck_assert_uint_eq(
		json_object_get_int(outdir_get(o, "target_id", json_type_int)),
		target);
	ck_assert_int_eq(json_object_array_length(outdir_get(
				 o, "scheme_filters", json_type_array)),
			 0);
	ck_assert_str_eq(json_object_get_string(outdir_get(o, "data_source",
							   json_type_string)),
			 "unknown");
	for (i = 0; i < nr; i++)
		is_snapshot(json_object_array_get_idx(snapshots, i), target, i);
	return nr;
}

/* All that is in the file.  Return: snapshots. */
static u64 look(u32 *nr_records)
{
	struct json_object *list = outdir_json("damon.data.json");
	u64 nr = 0;
	u32 i;

	*nr_records = 0;
	if (!list)
		return 0;
	ck_assert(json_object_is_type(list, json_type_array));
	*nr_records = json_object_array_length(list);
	for (i = 0; i < *nr_records; i++)
		nr += is_record(json_object_array_get_idx(list, i), i);
	json_object_put(list);
	return nr;
}

/* Every key of damo's, in bytes whatever the unit; and nothing beside it. */
START_TEST(read_back)
{
	static const u32 nr_windows[] = { 0, 1, 2, 30 };
	u64 nr, saved;
	u32 nr_records;

	ctx.addr_unit = _i & 1 ? 16 : 1;
	targets(1 + _i % 3, _i);
	ck_assert_int_eq(records_open(&records, dir, &ctx, BEGIN_NS), 0);
	nr = windows(nr_windows[_i % 4]);
	ck_assert_int_eq(records_close(&records, &saved), 0);
	ck_assert_uint_eq(saved, nr);
	ck_assert_uint_eq(look(&nr_records), nr);
	ck_assert_uint_eq(nr_records, ctx.nr_targets);
	ck_assert_ptr_null(outdir_read(".damon.data.target1", &(size_t){ 0 }));
}
END_TEST

START_TEST(compressed)
{
	uLongf sz_out = 1 << 20;
	size_t sz, sz_packed;
	char *text, *packed, *out = malloc(sz_out);
	u64 saved;
	int err;

	targets(2, 3);
	ck_assert_int_eq(records_open(&records, dir, &ctx, BEGIN_NS), 0);
	windows(30);
	ck_assert_int_eq(records_close(&records, &saved), 0);
	ck_assert_int_eq(records_compress(dir), 0);
	text = outdir_read("damon.data.json", &sz);
	packed = outdir_read("damon.data", &sz_packed);
	ck_assert_ptr_nonnull(packed);
	ck_assert_int_eq(uncompress((Bytef *)out, &sz_out, (Bytef *)packed,
				    sz_packed),
			 Z_OK);
	ck_assert_uint_eq(sz_out, sz);
	ck_assert_int_eq(memcmp(out, text, sz), 0);

	/* An old one goes if there cannot be a new one. */
	outdir_disk(100);
	err = records_compress(dir);
	outdir_disk(-1);
	ck_assert_int_eq(err, -EFBIG);
	ck_assert_ptr_null(outdir_read("damon.data", &sz_packed));
	free(text);
	free(packed);
	free(out);
}
END_TEST

/*
 * The disk ends at each place in turn.  Windows are few, so that most places
 * are inside of one; and many, so that some is written before the end.  Nothing
 * is asserted meanwhile: Check has files of its own.
 */
static struct json_object *snapshot(struct json_object *list, u32 target,
				    u32 nr, u32 nr_all)
{
	struct json_object *all =
		outdir_get(json_object_array_get_idx(list, target), "snapshots",
			   json_type_array);

	ck_assert_uint_eq(json_object_array_length(all), nr_all);
	return json_object_array_get_idx(all, nr);
}

/* A commit may bring a target, and other intervals before the first window. */
START_TEST(come_later)
{
	struct json_object *list, *o;
	u64 saved;
	u32 w;

	support_target_is(&ctx, { 4096, 8192, 1 });
	ck_assert_int_eq(records_open(&records, dir, &ctx, BEGIN_NS), 0);
	ctx.attrs.aggr_us = 200000;
	for (w = 1; w <= 3; w++) {
		records.end_ns = BEGIN_NS + w * WINDOW_NS;
		if (w == 3) {
			support_target_is(&ctx, { 8192, 12288, 2 });
			records_observer.aggregated(&records, &ctx, 1, 1,
						    ctx.targets[1].regions.at);
		}
		records_observer.aggregated(&records, &ctx, 0, 1,
					    ctx.targets[0].regions.at);
	}
	ck_assert_int_eq(records_close(&records, &saved), 0);
	ck_assert_uint_eq(saved, 4);
	list = outdir_json("damon.data.json");
	ck_assert_uint_eq(json_object_array_length(list), 2);
	for (w = 0; w < 2; w++) {
		o = outdir_get(json_object_array_get_idx(list, w), "intervals",
			       json_type_object);
		ck_assert_uint_eq(number(o, "aggr_us"), 200000);
	}
	o = snapshot(list, 0, 2, 3);
	ck_assert_uint_eq(number(o, "end_time"), BEGIN_NS + 3 * WINDOW_NS);
	o = snapshot(list, 1, 0, 1);
	ck_assert_uint_eq(number(o, "start_time"), BEGIN_NS + 2 * WINDOW_NS);
	ck_assert_uint_eq(number(o, "end_time"), BEGIN_NS + 3 * WINDOW_NS);
	json_object_put(list);
}
END_TEST

START_TEST(disk_full)
{
	bool many = _i >= 6;
	u32 nr_windows = many ? 250 : 6, nr_records, nr_targets;
	u64 nr, saved, found;
	size_t sz, sz_left, at, step, i;
	char *text;
	int opened, err;

	targets(1 + _i % 3, 7 + _i);
	nr_targets = ctx.nr_targets;
	ck_assert_int_eq(records_open(&records, dir, &ctx, BEGIN_NS), 0);
	nr = windows(nr_windows);
	ck_assert_int_eq(records_close(&records, &saved), 0);
	ck_assert_uint_eq(saved, nr);
	text = outdir_read("damon.data.json", &sz);
	free(text);
	step = many ? sz / 12 + 1 : 499 + _i;
	for (i = 0; i <= sz / step + 2; i++) {
		/* At last only a part of the tail fits, then all. */
		at = i <= sz / step ? i * step : sz - (sz / step + 2 - i);
		outdir_disk(at);
		opened = records_open(&records, dir, &ctx, BEGIN_NS);
		windows(nr_windows);
		err = records_close(&records, &saved);
		outdir_disk(-1);
		ck_assert_int_eq(opened, 0);
		ck_assert_int_eq(err, at < sz ? -EFBIG : 0);
		found = look(&nr_records);
		ck_assert_msg(found == saved, "%zu of %zu: %llu, told %llu", at,
			      sz, found, saved);
		ck_assert_uint_le(nr_records, nr_targets);
		/* As much as there is room for, but for a window. */
		text = outdir_read("damon.data.json", &sz_left);
		ck_assert_uint_gt((text ? sz_left : 0) + SZ_WINDOW,
				  at < sz ? at : sz);
		free(text);
		ck_assert_ptr_null(
			outdir_read(".damon.data.target1", &(size_t){ 0 }));
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("records");
	TCase *tc = tcase_create("records");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, read_back, 0, 24);
	tcase_add_test(tc, compressed);
	tcase_add_test(tc, come_later);
	tcase_add_loop_test(tc, disk_full, 0, 8);
	return support_run(s);
}
