// SPDX-License-Identifier: GPL-2.0
/*
 * Runs: what events see, when work is done, how rings fill, what is measured.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "run/run.h"
#include "support_check.h"
#include "support_rng.h"

/* One CPU that is sampled @rate times a second, and looked at as @tick says. */
static const char text_rate[] =
	"duration: 4 s\n"
	"machine:\n"
	"  pmu: ibs_zen5\n"
	"  cpus: 1\n"
	"  hz: 1000\n"
	"  clock_mhz: 4000\n"
	"  wakeup: 0\n"
	"  pmu_knobs: {nmi: 0}\n"
	"  nodes: [{name: dram, size: 1 GiB}]\n"
	"workloads:\n"
	"- {pattern: hotset, size: 64 MiB, hot: 100 %, hot_access: 100 %}\n"
	"kdamonds:\n"
	"- contexts:\n"
	"  - ops: paddr\n"
	"    targets: [{regions: [{start: 0, end: 1 GiB}]}]\n"
	"    intervals: {sample_us: 5 ms, aggr_us: 1 s, ops_update_us: 1 s}\n"
	"    nr_regions: {min: 10, max: 100}\n"
	"    sample_control:\n"
	"      perf_events:\n"
	"      - {type: 11, config: 0, freq: off, sample_period: 400000,\n"
	"         sample_phys_addr: on, exclude_kernel: off,\n"
	"         exclude_hv: off}\n";

static void load(struct scenario *s, const char *text, const char *const *set,
		 u32 nr)
{
	struct config_error err = { 0 };
	int ret = scenario_parse(s, text, strlen(text), "test", set, nr, &err);

	ck_assert_msg(!ret, "line %u: %s", err.line, err.text);
}

/* Share of the samples of memory that a region got something from. */
static double credited_share(u32 rate, u32 sample_us, u32 period_us)
{
	char period[128], sample[128], aggr[128], late[128];
	const char *set[] = { period, sample, aggr, late };
	struct run_options opt = { .nr_threads = 1 };
	struct damon_balance b;
	struct scenario s;
	static struct run r;
	char why[200];

	/* Whole multiples of 16 clocks, as IBS has them. */
	snprintf(period, sizeof(period),
		 "kdamonds.0.contexts.0.sample_control.perf_events.0."
		 "sample_period=%llu",
		 4000000000ULL / rate / 16 * 16);
	snprintf(sample, sizeof(sample),
		 "kdamonds.0.contexts.0.intervals.sample_us=%u us", sample_us);
	snprintf(aggr, sizeof(aggr),
		 "kdamonds.0.contexts.0.intervals.aggr_us=%u us",
		 20 * sample_us);
	snprintf(late, sizeof(late),
		 "faults=[{fault: late_wakeup, for: %u us}]",
		 period_us - sample_us);
	load(&s, text_rate, set, period_us > sample_us ? 4 : 3);
	ck_assert_int_eq(run_init(&r, &s, &opt, why, sizeof(why)), 0);
	ck_assert_int_eq(run_go(&r), 0);
	run_balance(&r, &b);
	ck_assert(damon_balance_holds(&b));
	run_fini(&r);
	scenario_fini(&s);
	return (double)(b.credited + b.absorbed) /
	       (b.raised - b.in_rings - b.lost[DAMON_LOST_NO_ADDR]);
}

/*
 * What 256 slots keep of a rate: all, or what fits between two looks.  A late
 * look costs nothing as long as it fits, however old a sample is by then.
 */
START_TEST(test_ring_arithmetic)
{
	static const u32 rates[] = { 1000, 4000, 5003, 13000 };
	static const struct {
		u32 sample_us;
		u32 period_us;
	} looks[] = {
		{ 5000, 5000 },	      { 5000, 5500 },	  { 5000, 20000 },
		{ 5000, 70000 },      { 100000, 100000 }, { 100000, 105000 },
		{ 1000000, 1000000 },
	};
	double fits, share;
	u32 i, j;

	for (i = 0; i < 4; i++) {
		for (j = 0; j < 7; j++) {
			fits = 256e6 / ((double)rates[i] * looks[j].period_us);
			/* Those that are no access take no slot. */
			share = credited_share(rates[i], looks[j].sample_us,
					       looks[j].period_us);
			ck_assert_msg(share <= 1, "%f", share);
			ck_assert_msg(share >= fmin(1, fits) - 0.03,
				      "rate %u, every %u us: %f of %f",
				      rates[i], looks[j].period_us, share,
				      fits);
			ck_assert_msg(share <= fmin(1, fits * 1.7) + 0.01,
				      "rate %u, every %u us: %f of %f",
				      rates[i], looks[j].period_us, share,
				      fits);
		}
	}
}
END_TEST

/* What the table has of a sort of op, and what the models say of such an op. */
static void same_as_models(const struct sampler_event *e,
			   const struct sampler_view *view, u32 slot,
			   const struct workload *w, const struct scenario *s,
			   u32 place)
{
	const struct workload_class *class = &w->classes[view->class[slot]];
	const struct sampler_shape *shape = &view->shape[slot][place];
	struct perf_sample_data data = { 0 };
	struct ibs_op_knobs knobs = e->knobs;
	struct op op = sampler_op(class, &s->machine, place);
	struct ibs_driver d;
	struct ibs_op unit;
	bool raises;

	op.vaddr = 0x7f1234567890;
	op.paddr = 0x123456789;
	ibs_op_init(&unit, e->part, &knobs);
	ibs_op_write_ctl(&unit, e->ctl | IBS_OP_CTL_EN |
					ibs_op_ctl_of_period(e->period));
	raises = ibs_op_retire(&unit, &op, 999999);
	ck_assert_int_eq(shape->raises, raises);
	if (!raises)
		return;
	ibs_driver_init_new(&d, e->part);
	ibs_driver_fill(&d, &unit.reg, &data);
	ck_assert_uint_eq(shape->flags, data.sample_flags);
	if (data.sample_flags & PERF_SAMPLE_DATA_SRC)
		ck_assert_uint_eq(shape->data_src, data.data_src.val);
	if (data.sample_flags & PERF_SAMPLE_ADDR)
		ck_assert_uint_eq(data.addr, op.vaddr);
	if (data.sample_flags & PERF_SAMPLE_PHYS_ADDR)
		ck_assert_uint_eq(data.phys_addr, op.paddr);
}

/* Both kinds of counting, with and without the filter of L3 misses. */
START_TEST(test_shapes_are_the_models)
{
	static const u64 configs[] = { 0, 1 << 19, 1 << 16,
				       (1 << 19) | (1 << 16) };
	struct damon_event_attr attr = { .type = 11,
					 .sample_period = 262144,
					 .sample_phys_addr = true };
	struct workload_params params = workload_params_default();
	const struct workload_kind *const *kind;
	struct sampler_event *e;
	const struct workload *list[1];
	struct workload w;
	struct scenario s;
	const char *why;
	u32 i, slot;

	load(&s, text_rate, NULL, 0);
	for (kind = workload_kinds; *kind; kind++) {
		params.sz = 64 << 20;
		if (workload_init(&w, *kind, &params, &why))
			continue;
		list[0] = &w;
		for (i = 0; i < 4; i++) {
			attr.config = configs[i];
			ck_assert_int_eq(
				sampler_event_new(&e, &attr, &s, list, 1), 0);
			for (slot = 0; slot < e->view[0].nr; slot++)
				same_as_models(e, &e->view[0], slot, &w, &s, 0);
			sampler_event_free(e);
		}
		workload_fini(&w);
	}
	scenario_fini(&s);
}
END_TEST

/* Sorts of ops are drawn as often as they are executed, or waited in. */
START_TEST(test_picks_by_share)
{
	struct damon_event_attr attr = { .type = 11, .sample_period = 262144 };
	struct workload_params params = workload_params_default();
	u32 count[WORKLOAD_CLASSES_MAX] = { 0 }, i, nr = 1 << 20;
	const struct workload *list[1];
	struct support_rng rng;
	struct sampler_event *e;
	struct workload w;
	struct scenario s;
	const char *why;

	load(&s, text_rate, NULL, 0);
	ck_assert_int_eq(workload_init(&w, workload_kind_find("memcpy"),
				       &params, &why),
			 0);
	list[0] = &w;
	ck_assert_int_eq(sampler_event_new(&e, &attr, &s, list, 1), 0);
	support_rng_init(&rng, 1);
	for (i = 0; i < nr; i++) {
		u32 slot = sampler_pick(&e->view[0], support_rng_u64(&rng));

		count[e->view[0].class[slot]]++;
	}
	for (i = 0; i < w.nr_classes; i++) {
		double share = (double)count[i] / nr;

		ck_assert_msg(fabs(share - w.classes[i].cycle_share) < 0.003,
			      "%s: %f of %f", w.classes[i].name, share,
			      w.classes[i].cycle_share);
	}
	sampler_event_free(e);
	workload_fini(&w);
	scenario_fini(&s);
}
END_TEST

/* At the clock that is said the work is done, and just before it was not. */
START_TEST(test_when_work_is_done)
{
	static struct run r;
	struct run_options opt = { .nr_threads = 1 };
	struct workload_thread *t, copy, before;
	struct support_rng rng;
	struct scenario s;
	char why[200];
	u64 units, at;
	u32 i;

	load(&s, text_rate, NULL, 0);
	ck_assert_int_eq(run_init(&r, &s, &opt, why, sizeof(why)), 0);
	t = &r.m.program[0].thread[0].t;
	support_rng_init(&rng, 7);
	for (i = 0; i < 2000; i++) {
		units = t->units + 1 + support_rng_below(&rng, 1u << (i % 24));
		at = t->w->kind->when(t, units);
		ck_assert_uint_ge(at, t->run_ps);
		copy = *t;
		t->w->kind->advance(&copy, at);
		ck_assert_uint_eq(copy.units, units);
		if (at > t->run_ps) {
			before = *t;
			t->w->kind->advance(&before, at - 1);
			ck_assert_uint_lt(before.units, units);
		}
		*t = copy;
	}
	run_fini(&r);
	scenario_fini(&s);
}
END_TEST

static struct measure_goal path(struct measure_point *p, u32 nr, u64 target)
{
	return (struct measure_goal){
		.target = target, .point = p, .nr = nr, .max = nr
	};
}

START_TEST(test_figures_of_a_path)
{
	struct measure_point p[1000];
	struct measure_figures f;
	struct measure_goal g = path(p, 1000, 7000);
	u32 i;

	/* Up in 10 steps of 200, then 6950 and 7050 in turn. */
	for (i = 0; i < 1000; i++) {
		p[i].at_us = (i + 1) * 1000000ULL;
		p[i].value = i < 10 ? 5000 + 200 * i : i % 2 ? 6950 : 7050;
	}
	measure_figures(&g, ~0ULL, &f);
	ck_assert(f.reached);
	ck_assert_uint_eq(f.windows, 11);
	ck_assert_uint_eq(f.reached_us, 11000000);
	ck_assert_uint_eq(f.left_us, 0);
	ck_assert_uint_eq(f.nr, 990);
	ck_assert_double_eq_tol(f.mean, 7000, 1e-9);
	ck_assert_double_eq_tol(f.stddev, 50, 0.1);
	ck_assert_double_eq_tol(f.overshoot, 50, 1e-9);
	ck_assert(f.has_drift);
	ck_assert(f.drift_per_hour[0] <= 0 && f.drift_per_hour[1] >= 0);

	/* It drifts by 36 an hour: one in each hundred steps. */
	for (i = 10; i < 1000; i++)
		p[i].value += i / 100;
	measure_figures(&g, ~0ULL, &f);
	ck_assert(f.drift_per_hour[0] > 20 && f.drift_per_hour[0] < 36);
	ck_assert(f.drift_per_hour[1] > 36 && f.drift_per_hour[1] < 52);

	/* Never near, and left again. */
	g.target = 9000;
	measure_figures(&g, ~0ULL, &f);
	ck_assert(!f.reached);
	ck_assert_uint_eq(f.nr, 0);
	g.target = 7000;
	p[500].value = 7300;
	measure_figures(&g, ~0ULL, &f);
	ck_assert_uint_eq(f.left_us, 501000000);
	ck_assert_double_eq_tol(f.overshoot, 300, 1e-9);
}
END_TEST

/* About as much as 12 uniform ones make a normal one. */
static double draw_normal(struct support_rng *rng)
{
	double sum = -6;
	u32 i;

	for (i = 0; i < 12; i++)
		sum += support_rng_below(rng, 1u << 24) / 16777216.0;
	return sum;
}

/*
 * What wanders and drifts nowhere is not said to drift more often than 95 %
 * allow, whether it wanders fast or slowly; and the interval is not so wide as
 * to say nothing.
 */
START_TEST(test_drift_is_not_claimed)
{
	static const double carried[] = { 0, 0.9, 0.97 };
	static const double widest[] = { 230, 1000, 4300 };
	static struct measure_point p[900];
	struct measure_goal g = path(p, 900, 7000);
	struct measure_figures f;
	struct support_rng rng;
	double x, carry = carried[_i], wide = 0;
	u32 i, j, nr_claimed = 0;

	support_rng_init(&rng, 1);
	for (i = 0; i < 400; i++) {
		x = 0;
		for (j = 0; j < 900; j++) {
			x = carry * x + draw_normal(&rng);
			p[j].at_us = (j + 1) * 1000000ULL;
			p[j].value = 7000 + 100 * x * sqrt(1 - carry * carry);
		}
		measure_figures(&g, 0, &f);
		nr_claimed +=
			f.drift_per_hour[0] > 0 || f.drift_per_hour[1] < 0;
		wide += (f.drift_per_hour[1] - f.drift_per_hour[0]) / 400;
	}
	ck_assert_msg(nr_claimed < 400 * 0.075, "%u of 400", nr_claimed);
	/* Independent points, a line through all of them: 189. */
	ck_assert_msg(wide < widest[_i], "%f", wide);
}
END_TEST

/* Seen from above, what is below the target is beyond it. */
START_TEST(test_overshoot_from_above)
{
	struct measure_point p[] = {
		{ 1, 9000 }, { 2, 7000 }, { 3, 6500 }, { 4, 7010 }
	};
	struct measure_goal g = path(p, 4, 7000);
	struct measure_figures f;

	measure_figures(&g, ~0ULL, &f);
	ck_assert_double_eq_tol(f.overshoot, 500, 1e-9);
	ck_assert(!f.has_drift);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("run");
	TCase *tc = tcase_create("run");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, test_ring_arithmetic);
	tcase_add_test(tc, test_shapes_are_the_models);
	tcase_add_test(tc, test_picks_by_share);
	tcase_add_test(tc, test_when_work_is_done);
	tcase_add_test(tc, test_figures_of_a_path);
	tcase_add_loop_test(tc, test_drift_is_not_claimed, 0, 3);
	tcase_add_test(tc, test_overshoot_from_above);
	suite_add_tcase(s, tc);
	return support_run(s);
}
