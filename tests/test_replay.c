// SPDX-License-Identifier: GPL-2.0
/*
 * Replays of captures that are made up, so that it is known what DAMON is to
 * find, and of those that no monitor should swallow.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "perf_abi.h"
#include "replay/replay.h"
#include "report/areas.h"
#include "report/replay_json.h"
#include "report/replay_text.h"
#include "support_check.h"
#include "support_perf_data.h"
#include "support_rng.h"

#define PAGE 4096ULL
#define MS 1000000ULL
#define ARENA 0x7f1200000000ULL

/* A capture under construction, and where it is put. */
struct made {
	struct build b;
	char path[64];
};

static void made_init(struct made *m, u64 sample_type)
{
	build_init(&m->b, 1);
	m->b.nr_events = 1;
	m->b.no_features = true;
	m->b.packing = PACK_NOT;
	m->b.pipe = false;
	m->b.big = false;
	m->b.events[0] = (struct build_event){ .name = "made",
					       .type = 1,
					       .period = 1,
					       .sample_type = sample_type };
	strcpy(m->path, "/tmp/test_replay.XXXXXX");
	close(mkstemp(m->path));
}

static void made_fini(struct made *m)
{
	unlink(m->path);
	build_fini(&m->b);
}

static void made_write(struct made *m, size_t cut)
{
	FILE *f = fopen(m->path, "w");

	build_pack(&m->b);
	build_finish(&m->b);
	ck_assert_uint_eq(fwrite(m->b.image.p, 1, m->b.image.len - cut, f),
			  m->b.image.len - cut);
	fclose(f);
}

#define WHOLE                                                    \
	(PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_ADDR | \
	 PERF_SAMPLE_CPU | PERF_SAMPLE_PHYS_ADDR)

static void made_sample(struct made *m, u64 time_ns, u32 pid, u64 addr, u32 cpu,
			u64 phys_addr)
{
	struct bytes body = { 0 };
	u64 type = m->b.events[0].sample_type;

	if (type & PERF_SAMPLE_TID) {
		put_u32(&m->b, &body, pid);
		put_u32(&m->b, &body, pid);
	}
	if (type & PERF_SAMPLE_TIME)
		put_u64(&m->b, &body, time_ns);
	if (type & PERF_SAMPLE_ADDR)
		put_u64(&m->b, &body, addr);
	if (type & PERF_SAMPLE_CPU) {
		put_u32(&m->b, &body, cpu);
		put_u32(&m->b, &body, 0);
	}
	if (type & PERF_SAMPLE_PHYS_ADDR)
		put_u64(&m->b, &body, phys_addr);
	build_record(&m->b, PERF_RECORD_SAMPLE, TRACE_MODE_USER, body.p,
		     body.len);
	bytes_free(&body);
}

/* @nr samples 20 us apart: nine of ten in the hot 16 pages of 256. */
static void made_hot(struct made *m, u32 nr, u64 hot, u32 pid, u64 from_ns)
{
	struct support_rng rng;
	u32 i;

	support_rng_init(&rng, 7);
	for (i = 0; i < nr; i++) {
		u64 page = support_rng_below(&rng, 10) ?
				   hot + support_rng_below(&rng, 16) :
				   support_rng_below(&rng, 256);

		made_sample(m, from_ns + i * 20000ULL, pid, ARENA + page * PAGE,
			    i % 4, page * PAGE);
	}
}

static const struct replay_options plain = { .ring_capacity = 256, .seed = 1 };

static int run(struct replay *r, const struct made *m,
	       const struct replay_options *opt, struct replay_error *err)
{
	struct replay_options o = *opt;

	o.path = m->path;
	return replay_run(r, &o, err);
}

static void expect_balance(const struct replay *r, unsigned long raised)
{
	struct damon_balance b;

	replay_balance(r, &b);
	ck_assert(damon_balance_holds(&b));
	ck_assert_uint_eq(b.raised, raised);
	ck_assert_uint_eq(b.in_rings, 0);
}

START_TEST(hot_memory_is_found)
{
	struct replay_error err;
	struct area *area;
	struct replay r;
	struct made m;
	u32 nr;

	made_init(&m, WHOLE);
	made_hot(&m, 50000, 100, 42, MS);
	made_write(&m, 0);
	ck_assert_int_eq(run(&r, &m, &plain, &err), 0);
	expect_balance(&r, 50000);
	ck_assert_uint_eq(r.ctx.targets[0].tgid, 42);
	ck_assert_int_eq(areas_find(&r.target[0].heat, &area, &nr), 0);
	ck_assert_uint_gt(nr, 0);
	ck_assert_uint_ge(area[0].start, ARENA + 98 * PAGE);
	ck_assert_uint_lt(area[0].last, ARENA + 118 * PAGE);
	ck_assert_double_gt(area[0].mean_bp, 5000);
	free(area);
	replay_fini(&r);
	made_fini(&m);
}
END_TEST

START_TEST(physical_memory_too)
{
	struct replay_options opt = plain;
	struct replay_error err;
	struct area *area;
	struct replay r;
	struct made m;
	u32 nr;

	opt.phys = true;
	made_init(&m, WHOLE);
	made_hot(&m, 50000, 200, 42, MS);
	made_write(&m, 0);
	ck_assert_int_eq(run(&r, &m, &opt, &err), 0);
	expect_balance(&r, 50000);
	ck_assert_int_eq(areas_find(&r.target[0].heat, &area, &nr), 0);
	ck_assert_uint_ge(area[0].start, 198 * PAGE);
	ck_assert_uint_lt(area[0].last, 218 * PAGE);
	free(area);
	replay_fini(&r);

	/* What a driver gave is nothing: all of it is of the other space. */
	opt.driver_phys = true;
	ck_assert_int_ne(run(&r, &m, &opt, &err), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "no sample has a physical"));
	replay_fini(&r);
	made_fini(&m);
}
END_TEST

/*
 * A probe that asks for accesses finds them, where nothing else looks for them
 * any more; of what a capture does not tell it finds nothing.  Samples that
 * nobody reads stay in the rings, or are lost by name.
 */
START_TEST(probes)
{
	static const char config[] =
		"kdamonds:\n- contexts:\n  - ops: paddr\n"
		"    targets: [{regions: [{start: 0, end: 1M}]}]\n"
		"    probes:\n"
		"    - weight: 1\n"
		"      preps: [{prep_action: set_pgidle}]\n"
		"      filters: [{filter_type: pgidle_unset, allow: true}]\n"
		"    - filters: [{filter_type: anon, allow: true}]\n"
		"    - filters: [{filter_type: anon, matching: false, "
		"allow: true}]\n";
	struct replay_options opt = plain;
	struct damon_balance b;
	char path[] = "/tmp/test_replay.XXXXXX";
	const struct region *at;
	struct replay_error err;
	u64 hot = 0, cold = 0;
	struct replay r;
	struct made m;
	u32 i;
	int fd;

	fd = mkstemp(path);
	ck_assert_int_eq(write(fd, config, strlen(config)), strlen(config));
	close(fd);
	opt.config_path = path;
	made_init(&m, WHOLE);
	made_hot(&m, 50000, 100, 42, MS);
	made_write(&m, 0);
	ck_assert_msg(!run(&r, &m, &opt, &err), "%s", err.text);
	replay_balance(&r, &b);
	ck_assert(damon_balance_holds(&b));
	/* As many as the rings of four CPUs hold, and no more. */
	ck_assert_uint_eq(b.raised, 50000);
	ck_assert_uint_eq(b.in_rings, 4 * 256);
	at = r.ctx.targets[0].regions.at;
	for (i = 0; i < r.ctx.targets[0].regions.nr; i++) {
		ck_assert_uint_eq(at[i].last_nr_accesses, 0);
		ck_assert_uint_eq(at[i].last_probe_hits[1], 0);
		ck_assert_uint_eq(at[i].last_probe_hits[2], 20);
		if (at[i].start >= 100 * PAGE && at[i].end <= 116 * PAGE)
			hot = at[i].last_probe_hits[0] > hot ?
				      at[i].last_probe_hits[0] :
				      hot;
		if (at[i].start >= 130 * PAGE)
			cold = at[i].last_probe_hits[0] > cold ?
				       at[i].last_probe_hits[0] :
				       cold;
	}
	ck_assert_uint_ge(hot, 18);
	ck_assert_uint_lt(cold, 10);
	replay_fini(&r);
	made_fini(&m);
	unlink(path);
}
END_TEST

/* The beginning is one process's, the whole is another's. */
START_TEST(the_whole_capture_decides)
{
	struct replay_error err;
	struct replay r;
	struct made m;

	made_init(&m, WHOLE);
	made_hot(&m, SURVEY_RECORDS + 1000, 0, 7, MS);
	made_hot(&m, SURVEY_RECORDS + 3000, 0, 8,
		 MS + (SURVEY_RECORDS + 1000) * 20000ULL);
	made_write(&m, 0);
	ck_assert_int_eq(run(&r, &m, &plain, &err), 0);
	ck_assert_uint_eq(r.ctx.targets[0].tgid, 8);
	expect_balance(&r, 2 * SURVEY_RECORDS + 4000);
	replay_fini(&r);
	made_fini(&m);
}
END_TEST

START_TEST(same_seed_same_result)
{
	struct replay_options opt = plain;
	struct replay_error err;
	char *text[3];
	size_t sz;
	struct made m;
	int i;

	made_init(&m, WHOLE);
	made_hot(&m, 30000, 60, 42, MS);
	made_write(&m, 0);
	for (i = 0; i < 3; i++) {
		FILE *f = open_memstream(&text[i], &sz);
		struct replay r;

		opt.seed = i == 2 ? 99 : 5;
		ck_assert_int_eq(run(&r, &m, &opt, &err), 0);
		ck_assert_int_eq(replay_json(f, &r, 40, 10), 0);
		fclose(f);
		replay_fini(&r);
	}
	ck_assert_str_eq(text[0], text[1]);
	ck_assert_str_ne(text[0], text[2]);
	for (i = 0; i < 3; i++)
		free(text[i]);
	made_fini(&m);
}
END_TEST

static u64 json_u64(struct json_object *o, const char *a, const char *b)
{
	struct json_object *x;

	ck_assert_msg(json_object_object_get_ex(o, a, &x), "%s", a);
	ck_assert_msg(json_object_object_get_ex(x, b, &x), "%s", b);
	return json_object_get_uint64(x);
}

START_TEST(json_says_what_others_rely_on)
{
	struct json_object *o, *c, *x, *lost;
	struct replay_error err;
	char *text = NULL;
	struct replay r;
	struct made m;
	u64 sum = 0;
	size_t sz;
	FILE *f;

	made_init(&m, WHOLE);
	made_hot(&m, 10000, 60, 42, MS);
	made_hot(&m, 300, 60, 43, 202 * MS);
	made_write(&m, 0);
	ck_assert_int_eq(run(&r, &m, &plain, &err), 0);
	f = open_memstream(&text, &sz);
	ck_assert_int_eq(replay_json(f, &r, 40, 10), 0);
	fclose(f);
	o = json_tokener_parse(text);
	ck_assert_ptr_nonnull(o);
	ck_assert_uint_eq(json_u64(o, "conservation", "raised"), 10300);
	ck_assert_uint_eq(json_u64(o, "capture", "samples"), 10300);
	json_object_object_get_ex(o, "conservation", &c);
	json_object_object_get_ex(c, "holds", &x);
	ck_assert(json_object_get_boolean(x));
	ck_assert(json_object_object_get_ex(c, "lost", &lost));
	json_object_object_foreach(lost, name, nr)
	{
		ck_assert_uint_gt(strlen(name), 0);
		sum += json_object_get_uint64(nr);
	}
	ck_assert_uint_eq(json_u64(c, "lost", "no_target"), 300);
	ck_assert_uint_eq(sum + json_u64(o, "conservation", "credited") +
				  json_u64(o, "conservation", "absorbed"),
			  10300);
	json_object_put(o);
	free(text);
	replay_fini(&r);
	made_fini(&m);
}
END_TEST

/* A ring of 4 slots, a burst of 100 within one tick: 96 are dropped, named. */
START_TEST(a_full_ring_drops_and_says_so)
{
	struct replay_options opt = plain;
	struct replay_text how = { .cols = 20, .rows = 4, .nr_areas = 3 };
	struct damon_balance b;
	struct replay_error err;
	char *text = NULL;
	struct replay r;
	struct made m;
	size_t sz;
	FILE *f;
	u32 i;

	opt.ring_capacity = 4;
	made_init(&m, WHOLE);
	for (i = 0; i < 100; i++)
		made_sample(&m, MS + i, 42, ARENA, 3, 0);
	made_write(&m, 0);
	ck_assert_int_eq(run(&r, &m, &opt, &err), 0);
	replay_balance(&r, &b);
	ck_assert_uint_eq(b.lost[DAMON_LOST_RING_FULL], 96);
	ck_assert_uint_eq(b.credited, 1);
	ck_assert_uint_eq(b.absorbed, 3);
	expect_balance(&r, 100);
	f = open_memstream(&text, &sz);
	ck_assert_int_eq(replay_text(f, &r, &how), 0);
	fclose(f);
	ck_assert_ptr_nonnull(strstr(text, "96  ring_full:"));
	ck_assert_ptr_nonnull(strstr(text, ": holds"));
	free(text);
	replay_fini(&r);
	made_fini(&m);
}
END_TEST

START_TEST(damage_is_told_and_what_came_before_is_kept)
{
	struct replay_options opt = plain;
	struct replay_error err;
	struct replay r;
	struct made m;

	made_init(&m, WHOLE);
	made_hot(&m, 1000, 60, 42, MS);
	made_write(&m, 20);
	ck_assert_int_eq(run(&r, &m, &opt, &err), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(err.text, "offset "));
	ck_assert_ptr_nonnull(strstr(err.text, "--keep-going"));
	replay_fini(&r);
	opt.keep_going = true;
	ck_assert_int_eq(run(&r, &m, &opt, &err), 0);
	ck_assert_ptr_nonnull(strstr(r.damage, "offset "));
	expect_balance(&r, 999);
	replay_fini(&r);
	made_fini(&m);
}
END_TEST

START_TEST(a_clock_that_leaps_is_damage)
{
	struct replay_error err;
	struct replay r;
	struct made m;

	made_init(&m, WHOLE);
	made_hot(&m, 100, 60, 42, MS);
	made_sample(&m, 1ULL << 62, 42, ARENA, 0, 0);
	made_write(&m, 0);
	ck_assert_int_eq(run(&r, &m, &plain, &err), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(err.text, "clock"));
	replay_fini(&r);
	made_fini(&m);
}
END_TEST

/* A day between two samples costs no day's windows, and ages go on. */
START_TEST(a_long_silence_is_passed_over)
{
	struct replay_error err;
	struct replay r;
	struct made m;
	u64 day = 86399 * 1000 * MS, i;
	u32 age = 0;

	made_init(&m, WHOLE);
	made_hot(&m, 5000, 60, 42, MS);
	for (i = 1; i < 400; i++)
		made_sample(&m, i * day, 42, ARENA, 0, 0);
	made_write(&m, 0);
	ck_assert_msg(run(&r, &m, &plain, &err) == 0, "%s", err.text);
	expect_balance(&r, 5399);
	ck_assert_uint_ge(r.nr_windows,
			  398 * (day / (r.ctx.attrs.aggr_us * 1000)));
	for (i = 0; i < r.target[0].latest.nr; i++)
		if (r.target[0].latest.region[i].age > age)
			age = r.target[0].latest.region[i].age;
	ck_assert_uint_gt(age, day / (r.ctx.attrs.aggr_us * 1000));
	replay_fini(&r);
	made_fini(&m);
}
END_TEST

START_TEST(a_cpu_that_cannot_be_is_damage)
{
	struct replay_error err;
	struct replay r;
	struct made m;

	made_init(&m, WHOLE);
	made_sample(&m, MS, 42, ARENA, 1u << 31, 0);
	made_write(&m, 0);
	ck_assert_int_eq(run(&r, &m, &plain, &err), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(err.text, "CPU 2147483648"));
	replay_fini(&r);
	made_fini(&m);
}
END_TEST

/* Fields that a capture may lack: it is replayed with what there is. */
START_TEST(captures_may_lack_fields)
{
	static const u64 types[] = {
		PERF_SAMPLE_ADDR,
		PERF_SAMPLE_TIME,
		PERF_SAMPLE_TID | PERF_SAMPLE_ADDR,
		PERF_SAMPLE_TIME | PERF_SAMPLE_PHYS_ADDR,
		PERF_SAMPLE_TID | PERF_SAMPLE_TIME,
		0,
	};
	struct replay_error err;
	struct replay r;
	struct made m;

	made_init(&m, types[_i]);
	made_hot(&m, 500, 60, 42, MS);
	made_write(&m, 0);
	ck_assert_msg(run(&r, &m, &plain, &err) == 0, "%s", err.text);
	expect_balance(&r, 500);
	ck_assert_uint_eq(r.nr_untimed, types[_i] & PERF_SAMPLE_TIME ? 0 : 500);
	replay_fini(&r);
	made_fini(&m);
}
END_TEST

/* A capture without any sample is a capture. */
START_TEST(nothing_is_something)
{
	struct replay_text how = { .cols = 20, .rows = 4, .nr_areas = 3 };
	struct replay_error err;
	char *text = NULL;
	struct replay r;
	struct made m;
	size_t sz;
	FILE *f;

	made_init(&m, WHOLE);
	made_write(&m, 0);
	ck_assert_msg(run(&r, &m, &plain, &err) == 0, "%s", err.text);
	expect_balance(&r, 0);
	f = open_memstream(&text, &sz);
	ck_assert_int_eq(replay_text(f, &r, &how), 0);
	ck_assert_int_eq(replay_json(f, &r, 10, 10), 0);
	fclose(f);
	ck_assert_ptr_nonnull(strstr(text, "no access was credited"));
	free(text);
	replay_fini(&r);
	made_fini(&m);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("replay");
	TCase *tc = tcase_create("replay");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, hot_memory_is_found);
	tcase_add_test(tc, physical_memory_too);
	tcase_add_test(tc, probes);
	tcase_add_test(tc, the_whole_capture_decides);
	tcase_add_test(tc, same_seed_same_result);
	tcase_add_test(tc, json_says_what_others_rely_on);
	tcase_add_test(tc, a_full_ring_drops_and_says_so);
	tcase_add_test(tc, damage_is_told_and_what_came_before_is_kept);
	tcase_add_test(tc, a_clock_that_leaps_is_damage);
	tcase_add_test(tc, a_long_silence_is_passed_over);
	tcase_add_test(tc, a_cpu_that_cannot_be_is_damage);
	tcase_add_loop_test(tc, captures_may_lack_fields, 0, 6);
	tcase_add_test(tc, nothing_is_something);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
