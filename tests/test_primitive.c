// SPDX-License-Identifier: GPL-2.0
/*
 * Accessed bits and page faults: what a TLB hides, what a huge folio blurs, and
 * what a fault costs.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "run/run.h"
#include "support_check.h"
#include "support_rng.h"

#define PAGES 1024u
#define ENTRIES 128u

static const char text_machine[] =
	"duration: 2 s\n"
	"machine:\n"
	"  cpus: 2\n"
	"  wakeup: 0\n"
	"  tlb_entries: 128\n"
	"  nodes: [{name: dram, size: 1 GiB}]\n"
	"workloads:\n"
	"- {pattern: hotset, size: 4 MiB}\n"
	"kdamonds:\n"
	"- contexts:\n"
	"  - ops: paddr\n"
	"    targets: [{regions: [{start: 0, end: 1 GiB}]}]\n"
	"    intervals: {sample_us: 5 ms, aggr_us: 100 ms, ops_update_us: 1 "
	"s}\n"
	"    nr_regions: {min: 10, max: 100}\n";

static struct scenario s;
static struct run r;

static void setup_run(const char *const *set, u32 nr)
{
	struct run_options opt = { .nr_threads = 1 };
	struct config_error err = { 0 };
	char why[200];
	int ret = scenario_parse(&s, text_machine, strlen(text_machine), "test",
				 set, nr, &err);

	ck_assert_msg(!ret, "line %u: %s", err.line, err.text);
	ret = run_init(&r, &s, &opt, why, sizeof(why));
	ck_assert_msg(!ret, "%s", why);
}

static void teardown_run(void)
{
	run_fini(&r);
	scenario_fini(&s);
}

/* An LRU, as slow and as plain as can be. */
struct lru {
	u64 used[PAGES];
	u64 clock;
	bool in[PAGES];
	bool bit[PAGES];
	u32 nr;
};

static void lru_access(struct lru *l, u32 page)
{
	u32 i, oldest = PAGES;

	l->used[page] = ++l->clock;
	if (l->in[page])
		return;
	l->in[page] = true;
	l->bit[page] = true;
	if (++l->nr <= ENTRIES)
		return;
	for (i = 0; i < PAGES; i++)
		if (l->in[i] &&
		    (oldest == PAGES || l->used[i] < l->used[oldest]))
			oldest = i;
	l->in[oldest] = false;
	l->nr--;
}

/* Bits that are set @units after all were cleared, and by hot and cold page. */
static void compare_with_lru(u64 units, double *want, double *got)
{
	struct program *p = &r.m.program[0];
	struct workload_thread *t = &p->thread[0].t, copy = *t;
	struct support_rng rng;
	static struct lru lru;
	u64 run_ps = 0, luck, vaddr, i;
	u32 round, page;
	u8 class = 0;

	support_rng_init(&rng, units);
	lru = (struct lru){ 0 };
	*want = *got = 0;
	for (round = 0; round < 200; round++) {
		r.m.now_ps++;
		for (page = 0; page < PAGES; page++)
			primitive_clear_young(&r.primitive, p->map,
					      t->start + page * 4096ull);
		/* At first until the LRU is as it stays. */
		for (i = 0; i < (round ? units : 20000); i++) {
			luck = support_rng_u64(&rng);
			p->w.kind->draw(&copy, 1, &run_ps, &class, &luck,
					&vaddr);
			lru_access(&lru, (vaddr - t->start) / 4096);
		}
		t->units += units;
		for (page = 0; round && page < PAGES; page++) {
			*want += lru.bit[page];
			*got += primitive_young(&r.primitive, p->map,
						t->start + page * 4096ull);
		}
		memset(lru.bit, 0, sizeof(lru.bit));
	}
}

static const char *const spread[][2] = {
	{ "workloads.0.pattern=chase", "" },
	{ "workloads.0.hot=10 %", "workloads.0.hot_access=90 %" },
	{ "workloads.0.hot=50 %", "workloads.0.hot_access=95 %" },
	{ "workloads.0.pattern=zipf", "workloads.0.theta=0.99" },
};

START_TEST(test_random_accesses_as_an_lru_has_them)
{
	const u64 units[] = { 50, 300, 2000 };
	double want, got;
	u32 i;

	setup_run(spread[_i], *spread[_i][1] ? 2 : 1);
	for (i = 0; i < 3; i++) {
		compare_with_lru(units[i], &want, &got);
		ck_assert_msg(fabs(got - want) < 0.07 * want,
			      "%llu units: %.0f bits, not %.0f",
			      (unsigned long long)units[i], got, want);
	}
	teardown_run();
}
END_TEST

/* Asked again and later, a bit that was set is set. */
START_TEST(test_a_bit_stays_until_it_is_cleared)
{
	struct workload_thread *t;
	const struct ram_map *map;
	bool was, is;
	u32 page, i;

	setup_run(NULL, 0);
	t = &r.m.program[0].thread[0].t;
	map = r.m.program[0].map;
	ck_assert(!primitive_young(&r.primitive, map, t->start));
	for (page = 0; page < PAGES; page++) {
		u64 vaddr = t->start + page * 4096ull;

		primitive_clear_young(&r.primitive, map, vaddr);
		ck_assert(!primitive_young(&r.primitive, map, vaddr));
		for (i = 0, was = false; i < 50; i++) {
			t->units += 100;
			r.m.now_ps++;
			is = primitive_young(&r.primitive, map, vaddr);
			ck_assert(is || !was);
			ck_assert_int_eq(is, primitive_young(&r.primitive, map,
							     vaddr));
			was = is;
		}
	}
	teardown_run();
}
END_TEST

/* Moments beyond those that are kept: a page long idle is not forgotten. */
START_TEST(test_old_moments)
{
	const char *const set[] = { "workloads.0.pattern=stream" };
	struct workload_thread *t;
	const struct ram_map *map;
	u32 i;

	setup_run(set, 1);
	t = &r.m.program[0].thread[0].t;
	map = r.m.program[0].map;
	primitive_clear_young(&r.primitive, map, t->start + 4096);
	for (i = 0; i < 5000; i++) {
		r.m.now_ps++;
		/* The first page only, then all: it is at its end again. */
		if (i == 2500)
			t->units += 40;
		if (i == 4999)
			t->units += 1024 * 64;
		primitive_clear_young(&r.primitive, map, t->start);
		if (i < 4999)
			ck_assert(!primitive_young(&r.primitive, map,
						   t->start + 4096));
	}
	t->units += 1024 * 64;
	ck_assert(primitive_young(&r.primitive, map, t->start + 4096));
	teardown_run();
}
END_TEST

static u32 most_accesses(void)
{
	u32 i, max = 0;

	ck_assert_int_eq(run_go(&r), 0);
	for (i = 0; i < r.ctx.targets[0].regions.nr; i++)
		max = max > r.ctx.targets[0].regions.at[i].last_nr_accesses ?
			      max :
			      r.ctx.targets[0].regions.at[i].last_nr_accesses;
	return max;
}

static const struct {
	const char *set[4];
	u32 nr;
	bool seen;
} blind[] = {
	/* Whatever stays in the TLB is not seen, in order or not. */
	{ { "workloads.0.pattern=stream", "machine.tlb_entries=1024" },
	  2,
	  false },
	{ { "workloads.0.pattern=stream", "machine.tlb_entries=1023" },
	  2,
	  true },
	{ { "machine.tlb_entries=1024" }, 1, false },
	{ { "workloads.0.hot_access=0 %", "workloads.0.size=256 MiB" },
	  2,
	  true },
	{ { "workloads.0.size=256 MiB", "workloads.0.huge=on" }, 2, false },
	{ { "workloads.0.size=512 MiB", "workloads.0.huge=on",
	    "workloads.0.hot_access=0 %" },
	  3,
	  true },
	/* A fault is seen in any case. */
	{ { "workloads.0.size=128 MiB", "workloads.0.huge=on",
	    "primitive=page_fault" },
	  3,
	  true },
	{ { "workloads.0.pattern=stream", "machine.tlb_entries=1024",
	    "primitive=page_fault", "workloads.0.size=64 MiB" },
	  4,
	  true },
};

START_TEST(test_what_a_tlb_hides)
{
	u32 most;

	setup_run(blind[_i].set, blind[_i].nr);
	/* Only the program's memory, so that what is drawn hits it. */
	r.ctx.targets[0].regions.at[0].end = 2 << 20;
	if (r.m.program[0].map->sz > 2 << 20)
		r.ctx.targets[0].regions.at[0].end = r.m.program[0].map->sz;
	most = most_accesses();
	ck_assert_msg(!most == !blind[_i].seen, "%u", most);
	teardown_run();
}
END_TEST

/* What each fault takes, the program lacks. */
START_TEST(test_faults_cost_time)
{
	const char *const set[] = { "workloads.0.size=64 MiB",
				    "primitive=page_fault" };
	u64 lost_ps, units[2];
	u32 i;

	for (i = 0; i < 2; i++) {
		setup_run(set, 2);
		r.primitive.fault_ps = i ? 100000000 : 0;
		ck_assert_int_eq(run_go(&r), 0);
		ck_assert_uint_gt(r.primitive.nr_faults, 100);
		units[i] = r.m.program[0].thread[0].t.run_ps;
		lost_ps = i ? r.primitive.nr_faults * r.primitive.fault_ps : 0;
		ck_assert_uint_le(s.duration_us * RUN_PS_PER_US - units[i],
				  lost_ps);
		if (i)
			ck_assert_uint_ge(units[0] - units[1],
					  lost_ps - r.primitive.fault_ps * 20);
		teardown_run();
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("primitive");
	TCase *tc = tcase_create("primitive");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, test_random_accesses_as_an_lru_has_them, 0,
			    sizeof(spread) / sizeof(*spread));
	tcase_add_test(tc, test_a_bit_stays_until_it_is_cleared);
	tcase_add_test(tc, test_old_moments);
	tcase_add_loop_test(tc, test_what_a_tlb_hides, 0,
			    sizeof(blind) / sizeof(*blind));
	tcase_add_test(tc, test_faults_cost_time);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
