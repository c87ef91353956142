// SPDX-License-Identifier: GPL-2.0
/*
 * The truth of machines: programs whose hot part is known, monitors that know
 * it, and what is looked at.
 */
#include <check.h>

#include "damon/profile.h"
#include "run/truth.h"
#include "support_check.h"
#include "support_damon.h"

#define MB2 RAM_BLOCK_BYTES
#define BLOCKS 40
#define PID 7
#define START (1ull << 40)
#define WINDOW_PS 100000000000ULL

static const double NONE = 1e-9;

static struct machine m;
static struct program program;
static struct run_thread thread;
static struct truth truth;
static struct split_shared shared;
static struct context ctx;

/* It begins in @nr blocks, of which a tenth is hot. */
static void start_program(u64 nr)
{
	struct workload_params params = workload_params_default();
	const char *why;

	params.nr_threads = 1;
	params.sz = nr * MB2;
	params.huge = true;
	params.hot_pct = 10;
	params.hot_access_pct = 90;
	ck_assert_int_eq(workload_init(&program.w, workload_kind_find("hotset"),
				       &params, &why),
			 0);
	workload_thread_init(&thread.t, &program.w, 0, &m.ram, program.map,
			     START, nr * MB2);
}

/* A machine with that program, whose frames are in any order. */
static void setup(void)
{
	const struct ram_node_spec node = { 8 * MB2, 2 * BLOCKS * MB2 };
	struct ram_policy policy = { .weight = { 1 },
				     .nr_nodes = 1,
				     .granule = MB2,
				     .scattered = true,
				     .seed = 3 };
	static struct scenario_workload spec;

	m = (struct machine){ .program = &program, .nr_programs = 1 };
	spec = (struct scenario_workload){ .pid = PID };
	program = (struct program){ .spec = &spec,
				    .thread = &thread,
				    .nr_threads = 1 };
	ck_assert_int_eq(ram_init(&m.ram, &node, 1), 0);
	ck_assert_int_eq(ram_map_add(&m.ram, PID, START, BLOCKS * MB2, true,
				     &policy, &program.map),
			 0);
	start_program(BLOCKS);
	shared = (struct split_shared){ 0 };
	context_init(&ctx, &profile_n, &support_idle_ops, &shared, 1);
	ck_assert_int_eq(truth_init(&truth, &m, 100 * WINDOW_PS / 1000000), 0);
}

static void teardown(void)
{
	truth_fini(&truth);
	context_fini(&ctx);
	workload_fini(&program.w);
	ram_fini(&m.ram);
}

/* A window in which the program works, and all regions are told. */
static void window(void)
{
	u32 t, i;

	m.now_ps += WINDOW_PS;
	thread.t.units += 1000;
	for (t = 0; t < ctx.nr_targets; t++) {
		struct regions *v = &ctx.targets[t].regions;

		for (i = 0; i < v->nr; i++)
			truth_observer.aggregated(&truth, &ctx, t, v->nr,
						  &v->at[i]);
	}
}

static bool is_hot(u64 vaddr)
{
	const struct workload_kind *kind = program.w.kind;

	/* Nine tenths of the accesses are a tenth of the blocks'. */
	return kind->rate(&thread.t, vaddr, MB2) * BLOCKS > 2 * 64.0;
}

static struct truth_figures result(void)
{
	struct truth_figures f;

	ck_assert_int_eq(truth_figures(&truth, &f), 0);
	return f;
}

/* A monitor that knows all, of either kind. */
START_TEST(all_known)
{
	bool phys = _i;
	u64 row[2 * BLOCKS + 8][5] = { 0 };
	struct truth_figures f;
	struct ram_map *map;
	u64 vaddr, nr = 0;
	u64 begin = phys ? m.ram.node[0].start : START;
	u32 nr_blocks = phys ? 2 * BLOCKS : BLOCKS, i;

	for (i = 0; i < nr_blocks; i++) {
		vaddr = begin + i * MB2;
		if (phys && !ram_owner(&m.ram, begin + i * MB2, &map, &vaddr))
			continue;
		row[nr][0] = begin + i * MB2;
		row[nr][1] = row[nr][0] + MB2;
		row[nr++][2] = is_hot(vaddr) ? 18 : 2;
	}
	support_add_target(&ctx, row, nr);
	ctx.ops_id = phys ? OPS_PADDR : OPS_VADDR;
	ctx.targets[0].tgid = phys ? 0 : PID;
	for (i = 0; i < 100; i++)
		window();
	f = result();
	ck_assert_uint_ge(truth.nr_windows, TRUTH_WINDOWS / 2);
	ck_assert_uint_le(truth.nr_windows, TRUTH_WINDOWS + 1);
	ck_assert_uint_eq(f.nr_blocks, BLOCKS);
	ck_assert_uint_eq(f.nr_left, 0);
	ck_assert_uint_eq(f.nr_hot, BLOCKS / 10);
	ck_assert_double_eq(f.precision, 1);
	ck_assert_double_eq(f.recall, 1);
	ck_assert_double_eq_tol(f.rank_correlation, 1, NONE);
	/* A unit of work is one line; all of them were somewhere. */
	for (i = 0; i < BLOCKS; i++)
		f.precision += truth.block[i].rate / truth.block[i].nr;
	ck_assert_double_eq_tol(f.precision - 1, 64 * 1000 * 10, 1);
	ck_assert_double_eq_tol(truth.block[0].seen / truth.block[0].nr,
				is_hot(START) ? 0.9 : 0.1, NONE);
}
END_TEST

/* Half is not monitored, and a process that nobody has is no matter. */
START_TEST(not_judged)
{
	struct truth_figures f;

	ctx.ops_id = OPS_VADDR;
	support_target_is(&ctx, { START, START + BLOCKS * MB2, 20 });
	ctx.targets[0].tgid = PID + 1;
	window();
	f = result();
	ck_assert_uint_eq(f.nr_blocks, 0);
	ck_assert_uint_eq(f.nr_left, BLOCKS);
	ck_assert(!f.has_precision && !f.has_recall && !f.has_rank);
	support_target_is(&ctx, { START, START + BLOCKS / 2 * MB2, 20 });
	ctx.targets[1].tgid = PID;
	truth.next_ps = 0;
	window();
	f = result();
	ck_assert_uint_eq(f.nr_blocks, BLOCKS / 2);
	ck_assert_uint_eq(f.nr_left, BLOCKS / 2);
	ck_assert_uint_eq(f.nr_found, BLOCKS / 2);
	ck_assert(!f.has_rank);
}
END_TEST

/* A block that is in several regions has the mean of what they say. */
START_TEST(divided)
{
	ctx.ops_id = OPS_VADDR;
	support_target_is(&ctx, { START, START + MB2 / 4, 20 },
			  { START + MB2 / 4, START + MB2, 0 });
	ctx.targets[0].tgid = PID;
	window();
	ck_assert_uint_eq(truth.block[0].nr, 1);
	ck_assert_double_eq_tol(truth.block[0].seen, 0.25, NONE);
}
END_TEST

static double rate_of(u32 first, u32 end)
{
	double sum = 0;
	u32 i;

	for (i = first; i < end; i++)
		sum += truth.block[i].rate / truth.block[i].nr;
	return sum;
}

/* Two threads, one of which does thrice the work, apart or in one memory. */
START_TEST(threads)
{
	bool shared_memory = _i;
	static struct run_thread two[2];
	u64 sz = BLOCKS * MB2 / (shared_memory ? 1 : 2);
	u32 i;

	program.thread = two;
	program.nr_threads = 2;
	workload_fini(&program.w);
	truth_fini(&truth);
	start_program(sz / MB2);
	program.w.params.shared = shared_memory;
	for (i = 0; i < 2; i++)
		workload_thread_init(&two[i].t, &program.w, i, &m.ram,
				     program.map,
				     START + (shared_memory ? 0 : i * sz), sz);
	ck_assert_int_eq(truth_init(&truth, &m, 1), 0);
	ctx.ops_id = OPS_VADDR;
	support_target_is(&ctx, { START, START + BLOCKS * MB2, 20 });
	ctx.targets[0].tgid = PID;
	two[0].t.units = 1000;
	two[1].t.units = 3000;
	window();
	if (shared_memory) {
		ck_assert_double_eq_tol(rate_of(0, BLOCKS), 64 * 4000 * 10, 1);
	} else {
		ck_assert_double_eq_tol(rate_of(0, BLOCKS / 2), 64 * 1000 * 10,
					1);
		ck_assert_double_eq_tol(rate_of(BLOCKS / 2, BLOCKS),
					64 * 3000 * 10, 1);
	}
}
END_TEST

/* Each has its own work, of the window alone. */
START_TEST(two_programs)
{
	const u64 other = START + 2 * BLOCKS * MB2;
	struct ram_policy policy = { .weight = { 1 },
				     .nr_nodes = 1,
				     .granule = MB2 };
	struct scenario_workload spec = { .pid = PID + 1 };
	struct program both[2] = { program, program };
	struct run_thread late = thread;

	both[1].spec = &spec;
	both[1].thread = &late;
	ck_assert_int_eq(ram_map_add(&m.ram, PID + 1, other, BLOCKS / 2 * MB2,
				     true, &policy, &both[1].map),
			 0);
	workload_thread_init(&late.t, &program.w, 0, &m.ram, both[1].map, other,
			     BLOCKS * MB2);
	m.program = both;
	m.nr_programs = 2;
	truth_fini(&truth);
	ck_assert_int_eq(truth_init(&truth, &m, 1), 0);
	ck_assert_uint_eq(truth.nr_blocks, BLOCKS + BLOCKS / 2);
	ctx.ops_id = OPS_VADDR;
	support_target_is(&ctx, { START, START + BLOCKS * MB2, 20 });
	support_target_is(&ctx, { other, other + BLOCKS / 2 * MB2, 10 });
	ctx.targets[0].tgid = PID;
	ctx.targets[1].tgid = PID + 1;
	/* Before the window that is looked at. */
	truth.next_ps = 2 * WINDOW_PS;
	late.t.units = 77777;
	window();
	ck_assert_uint_eq(truth.nr_windows, 0);
	late.t.units += 5000;
	window();
	ck_assert_uint_eq(truth.nr_windows, 1);
	ck_assert_double_eq_tol(rate_of(0, BLOCKS), 64 * 1000 * 10, 1);
	ck_assert_double_eq_tol(truth.block[BLOCKS].rate,
				5 * truth.block[0].rate, 1);
	ck_assert_double_eq_tol(truth.block[0].seen, 1, NONE);
	ck_assert_double_eq_tol(truth.block[BLOCKS].seen, 0.5, NONE);
}
END_TEST

/* Of much memory every n-th block is looked at, the others are no matter. */
START_TEST(many_blocks)
{
	const u64 nr = 3 * TRUTH_BLOCKS - 5;
	const struct ram_node_spec node = { MB2, nr * MB2 };
	struct ram_policy policy = { .weight = { 1 },
				     .nr_nodes = 1,
				     .granule = MB2 };
	struct truth_figures f;
	u32 i;

	truth_fini(&truth);
	workload_fini(&program.w);
	ram_fini(&m.ram);
	ck_assert_int_eq(ram_init(&m.ram, &node, 1), 0);
	ck_assert_int_eq(ram_map_add(&m.ram, PID, START, nr * MB2, true,
				     &policy, &program.map),
			 0);
	start_program(nr);
	ck_assert_int_eq(truth_init(&truth, &m, 1), 0);
	ck_assert_uint_eq(truth.step, 3);
	ck_assert_uint_eq(truth.nr_blocks, (nr + 2) / 3);
	ctx.ops_id = OPS_VADDR;
	support_target_is(&ctx, { START, START + nr / 10 * MB2, 20 },
			  { START + nr / 10 * MB2, START + nr * MB2, 1 });
	ctx.targets[0].tgid = PID;
	window();
	f = result();
	ck_assert_uint_eq(f.nr_blocks, truth.nr_blocks);
	for (i = 0; i < truth.nr_blocks; i++)
		ck_assert_double_eq_tol(truth.block[i].seen,
					3 * i < nr / 10 ? 1 : 0.05, NONE);
	/* The hot tenth comes first. */
	ck_assert_double_ge(f.precision, 0.99);
	ck_assert_double_ge(f.recall, 0.99);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("truth machine");
	TCase *tc = tcase_create("truth machine");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, all_known, 0, 2);
	tcase_add_test(tc, not_judged);
	tcase_add_test(tc, divided);
	tcase_add_loop_test(tc, threads, 0, 2);
	tcase_add_test(tc, two_programs);
	tcase_add_test(tc, many_blocks);
	suite_add_tcase(s, tc);
	return support_run(s);
}
