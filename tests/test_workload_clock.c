// SPDX-License-Identifier: GPL-2.0
/*
 * A pattern's clock: a long step is many short ones and is draws on the way,
 * also when pace changes; when() is the clock at which it is done.
 */
#include <check.h>
#include <math.h>

#include <linux/errno.h>

#include "support_check.h"
#include "support_rng.h"
#include "support_workload.h"

#define SZ (8ULL << 20)
#define PAGES (SZ >> RAM_PAGE_SHIFT)
#define MS 1000000000ULL

#define NR_KINDS SUPPORT_WORKLOAD_KINDS

/* Each pattern with memory in order and without. */
#define NR_BOTH (2 * NR_KINDS)

static struct support_workload s;
static struct support_rng rng;

static void begin(int i)
{
	struct workload_params p = support_workload_params(SZ);

	p.phase_ms = 3;
	support_rng_init(&rng, i + 1);
	support_workload_begin(&s, support_workload_name[i / 2], &p, i % 2);
}

static u8 any_class(void)
{
	u8 class;

	do
		class = support_rng_below(&rng, s.w.nr_classes);
	while (!(s.w.classes[class].per_unit > 0));
	return class;
}

START_TEST(addresses_are_inside)
{
	u64 run_ps = 0, vaddr;
	u8 class;
	u32 i;

	begin(_i);
	for (i = 0; i < 100000; i++) {
		class = any_class();
		run_ps += support_rng_below(&rng, 1 * MS / 100);
		vaddr = support_workload_draw(&s.t, run_ps, class,
					      support_rng_u64(&rng));
		if (!s.w.classes[class].op.kind)
			continue;
		ck_assert_uint_ge(vaddr, SUPPORT_START);
		ck_assert_uint_le(vaddr + s.w.classes[class].op.width,
				  SUPPORT_START + SZ);
		if (s.w.classes[class].op.width)
			ck_assert_uint_eq(vaddr % s.w.classes[class].op.width,
					  0);
		ck_assert_uint_eq(s.t.run_ps, run_ps);
	}
	support_workload_end(&s);
}
END_TEST

static void change(struct workload_thread *t)
{
	t->pace.read_ps[0] = 21011;
	t->pace.core_ps = 8009;
	t->changed = true;
}

/* In one step, in many, and by draws; twice, the pace being another. */
START_TEST(a_step_is_many_steps)
{
	struct workload_thread one, many, drawn;
	u64 end_ps = 0, at_ps = 0, luck;
	u8 class;
	int phase;

	begin(_i);
	one = support_workload_again(&s);
	many = support_workload_again(&s);
	drawn = support_workload_again(&s);
	for (phase = 0; phase < 3; phase++) {
		end_ps += 17 * MS + 12345 * phase;
		s.w.kind->advance(&one, end_ps);
		while (at_ps < end_ps) {
			at_ps += support_rng_below(&rng, _i & 4 ? MS : 30000);
			at_ps = at_ps < end_ps ? at_ps : end_ps;
			s.w.kind->advance(&many, at_ps);
			if (support_rng_below(&rng, 8) && at_ps < end_ps)
				continue;
			support_workload_draw(&drawn, at_ps, any_class(), 7);
		}
		ck_assert_uint_gt(one.units, 0);
		ck_assert_uint_eq(one.units, many.units);
		ck_assert_uint_eq(one.units, drawn.units);
		ck_assert_uint_eq(one.run_ps, end_ps);
		ck_assert_uint_eq(many.run_ps, end_ps);
		ck_assert_uint_eq(drawn.run_ps, end_ps);
		luck = support_rng_u64(&rng);
		class = any_class();
		at_ps = end_ps;
		ck_assert_uint_eq(
			support_workload_draw(&one, end_ps, class, luck),
			support_workload_draw(&drawn, end_ps, class, luck));
		change(&one);
		change(&many);
		change(&drawn);
	}
	support_workload_end(&s);
}
END_TEST

/* As many draws at once as one wants; luck alone decides between equals. */
START_TEST(draws_in_batches)
{
	enum { NR = 300 };
	u64 run_ps[NR], luck[NR], together[NR], ps = 0;
	struct workload_thread t;
	u8 class[NR];
	u32 i;

	begin(_i);
	t = support_workload_again(&s);
	for (i = 0; i < NR; i++) {
		ps += support_rng_below(&rng, MS / 10);
		run_ps[i] = ps;
		class[i] = any_class();
		luck[i] = support_rng_u64(&rng);
	}
	s.w.kind->draw(&t, NR, run_ps, class, luck, together);
	for (i = 0; i < NR; i++)
		ck_assert_uint_eq(together[i],
				  support_workload_draw(&s.t, run_ps[i],
							class[i], luck[i]));
	ck_assert_uint_eq(t.units, s.t.units);
	support_workload_end(&s);
}
END_TEST

/*
 * Also at the end of a stretch of time with one pace, and when what was spent
 * on a unit is more than it takes from now on.
 */
START_TEST(when_is_the_least_clock)
{
	struct workload_thread t, before;
	u64 units, ps;
	u32 i;

	begin(_i);
	for (i = 0; i < 2000; i++) {
		units = s.t.units + 1 + support_rng_below(&rng, 1 << i % 18);
		ps = s.w.kind->when(&s.t, units);
		ck_assert_uint_ge(ps, s.t.run_ps);
		t = s.t;
		before = s.t;
		s.w.kind->advance(&t, ps);
		ck_assert_uint_ge(t.units, units);
		if (ps > s.t.run_ps) {
			s.w.kind->advance(&before, ps - 1);
			ck_assert_uint_lt(before.units, units);
		}
		if (i & 1)
			ps = (ps / (10 * MS) + 1) * 10 * MS -
			     support_rng_below(&rng, 20000);
		ps = ps > s.t.run_ps ? ps : s.t.run_ps;
		s.w.kind->advance(&s.t, ps);
		if (i % 8 == 5) {
			s.t.pace.core_ps = 3001;
			s.t.pace.read_ps[0] = i & 8 ? 1009 : 30011;
			s.t.pace.read_ps[1] = s.t.pace.read_ps[0];
			s.t.changed = true;
		}
	}
	support_workload_end(&s);
}
END_TEST

/*
 * Patterns in order by one draw at each unit of whole passes, the others by
 * many at one moment; 64 parts of the area, six deviations.
 */
START_TEST(draws_go_where_rate_says)
{
	enum { PARTS = 64, PART = SZ / PARTS };
	u64 nr[PARTS] = { 0 }, units, ps, at, i;
	double want, all;
	u8 class;

	begin(_i);
	s.w.kind->advance(&s.t, 300 * MS + 1);
	units = support_workload_in_order(&s.w) ? 2 * SZ / 64 : 300000;
	ps = s.t.run_ps;
	for (i = 0; i < units; i++) {
		class = support_workload_class(&s.w, "load_hit");
		if (support_rng_below(&rng, 6) <
		    support_workload_stores_of_6(&s.w))
			class = support_workload_class(&s.w, "store");
		at = support_workload_draw(&s.t, ps, class,
					   support_rng_u64(&rng));
		nr[(at - SUPPORT_START) / PART]++;
		if (support_workload_in_order(&s.w))
			ps = s.w.kind->when(&s.t, s.t.units + 1);
	}
	all = s.w.kind->rate(&s.t, SUPPORT_START, SZ);
	for (i = 0; i < PARTS; i++) {
		want = s.w.kind->rate(&s.t, SUPPORT_START + i * PART, PART) /
		       all * units;
		ck_assert_double_eq_tol(nr[i], want, 6 * sqrt(want) + 2);
	}
	support_workload_end(&s);
}
END_TEST

static void refused(const char *kind, struct workload_params p)
{
	struct workload w;
	const char *why = NULL;

	ck_assert_int_eq(workload_init(&w, workload_kind_find(kind), &p, &why),
			 -EINVAL);
	ck_assert_ptr_nonnull(why);
}

#define REFUSED(KIND, FIELD, VALUE)                                         \
	do {                                                                \
		struct workload_params wrong = support_workload_params(SZ); \
                                                                            \
		wrong.FIELD = VALUE;                                        \
		refused(KIND, wrong);                                       \
	} while (0)

START_TEST(what_cannot_be_is_refused)
{
	int i;

	for (i = 0; i < NR_KINDS; i++) {
		REFUSED(support_workload_name[i], nr_threads, 0);
		REFUSED(support_workload_name[i], sz, 4096);
		REFUSED(support_workload_name[i], sz, SZ + 64);
		REFUSED(support_workload_name[i], clock_mhz, 0);
	}
	REFUSED("memcpy", vec_bytes, 24);
	REFUSED("memcpy", nr_windows, 3);
	REFUSED("memcpy", nr_windows, 8);
	REFUSED("memcpy", sz, 3 * 4096);
	REFUSED("stream", vec_bytes, 128);
	REFUSED("scan", stride, 0);
	REFUSED("scan", stride, 96);
	REFUSED("scan", stride, 2 * SZ);
	REFUSED("zipf", zipf_theta_x1000, 2001);
	REFUSED("hotset", hot_pct, 0);
	REFUSED("hotset", hot_pct, 101);
	REFUSED("hotset", hot_access_pct, 101);
	REFUSED("phase", phase_ms, 0);
	REFUSED("cold", touch_bytes_per_s, 4095);
}
END_TEST

START_TEST(guests_and_huge_pages)
{
	struct workload_params p = support_workload_params(SZ);
	u32 i, j;

	for (j = 0; j < 4; j++) {
		p.guest = j & 1;
		p.huge = j >> 1;
		support_workload_begin(&s, support_workload_name[_i], &p,
				       false);
		for (i = 0; i < s.w.nr_classes; i++) {
			const struct op *op = &s.w.classes[i].op;

			ck_assert_int_eq(!!(op->flags & OP_GUEST), p.guest);
			ck_assert_uint_eq(op->page_order, p.huge ? 9 : 0);
		}
		support_workload_end(&s);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("workload_clock");
	TCase *tc = tcase_create("workload_clock");

	tcase_set_timeout(tc, 20);
	tcase_add_loop_test(tc, addresses_are_inside, 0, NR_BOTH);
	tcase_add_loop_test(tc, a_step_is_many_steps, 0, NR_BOTH);
	tcase_add_loop_test(tc, draws_in_batches, 0, NR_BOTH);
	tcase_add_loop_test(tc, when_is_the_least_clock, 0, NR_BOTH);
	tcase_add_loop_test(tc, draws_go_where_rate_says, 0, NR_BOTH);
	tcase_add_test(tc, what_cannot_be_is_refused);
	tcase_add_loop_test(tc, guests_and_huge_pages, 0, NR_KINDS);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
