// SPDX-License-Identifier: GPL-2.0
/*
 * Patterns that go through memory in order: how long a pass takes where nodes
 * differ, line by line, and where they are when.
 */
#include <check.h>

#include "support_check.h"
#include "support_workload.h"

#define SZ (6ULL << 20)

/* What a pattern is known to do, in this test's own words. */
struct streams {
	const char *name;
	u32 reads;
	u32 writes;
	u32 step;
	bool swaps;
};

static const struct streams cases[] = {
	{ .name = "memcpy", 1, 1, 64, true },
	{ .name = "stream", 1, 0, 64, false },
	{ .name = "triad", 2, 1, 64, false },
	{ .name = "scan", 1, 0, 256, false },
};
#define NR_CASES ((int)(sizeof(cases) / sizeof(cases[0])))

static struct support_workload s;

/* Mean cost of a line in each block, as its pages are on nodes. */
static void block_costs(const u64 *node_ps, u64 *cost)
{
	u64 block, page, sum;

	for (block = 0; block < s.map->nr_blocks; block++) {
		for (sum = 0, page = 0; page < RAM_PAGES_PER_BLOCK; page++)
			sum += node_ps[ram_map_nid(
				&s.ram, s.map,
				s.map->start + block * RAM_BLOCK_BYTES +
					page * RAM_PAGE_BYTES)];
		cost[block] = sum / RAM_PAGES_PER_BLOCK;
	}
}

/* Line by line through two passes, each at its time and in its place. */
START_TEST(each_line_takes_its_nodes_time)
{
	const struct streams *c = &cases[_i / 2];
	u64 read[SZ / RAM_BLOCK_BYTES], write[SZ / RAM_BLOCK_BYTES];
	struct workload_params p = support_workload_params(SZ);
	u32 nr = c->reads + c->writes, pass, i, part;
	u64 offset, line, lines, unit_ps, at, now_ps = 0, units = 0;
	u8 load, store = 0;

	support_workload_begin(&s, c->name, &p, _i % 2);
	block_costs(s.t.pace.read_ps, read);
	block_costs(s.t.pace.write_ps, write);
	load = support_workload_class(&s.w, "load_hit");
	if (c->writes)
		store = support_workload_class(&s.w, "store");
	lines = SZ / nr / c->step;
	for (pass = 0; pass < 2; pass++) {
		for (line = 0; line < lines; line++) {
			for (unit_ps = 0, i = 0; i < nr; i++) {
				part = c->swaps ? (i + pass) % nr : i;
				offset = part * (SZ / nr) + line * c->step;
				unit_ps +=
					(i < c->reads ? read :
							write)[offset /
							       RAM_BLOCK_BYTES];
			}
			if (unit_ps < s.t.pace.core_ps)
				unit_ps = s.t.pace.core_ps;
			if (line % 61 == 0) {
				ck_assert_uint_eq(s.w.kind->when(&s.t, units),
						  now_ps);
				s.w.kind->advance(&s.t, now_ps);
				ck_assert_uint_eq(s.t.units, units);
			}
			/* A copy's order in a block is its own test's. */
			for (i = 0; i < nr && !c->swaps; i++) {
				at = support_workload_draw(
					&s.t,
					now_ps + (line & 1) * (unit_ps - 1),
					i < c->reads ? load : store,
					i ? ~0ULL << 32 : 0);
				ck_assert_uint_eq(at, SUPPORT_START +
							      i * (SZ / nr) +
							      line * c->step);
			}
			now_ps += unit_ps;
			units++;
		}
	}
	support_workload_end(&s);
}
END_TEST

/* Reads and writes of a line each, as the kernels have them. */
START_TEST(what_a_unit_costs)
{
	const struct streams *c = &cases[_i];
	struct workload_params p = support_workload_params(SZ);

	support_workload_begin(&s, c->name, &p, false);
	ck_assert_uint_eq(s.w.unit_bytes, 64 * (c->reads + c->writes));
	ck_assert_uint_eq(s.w.cost.read_bytes, 64 * c->reads);
	/* Past the caches a store is one line, else it is read first. */
	ck_assert_uint_eq(s.w.cost.write_bytes,
			  64 * c->writes * (c->swaps ? 1 : 2));
	support_workload_end(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("workload_seq");
	TCase *tc = tcase_create("workload_seq");

	tcase_set_timeout(tc, 20);
	tcase_add_loop_test(tc, each_line_takes_its_nodes_time, 0,
			    2 * NR_CASES);
	tcase_add_loop_test(tc, what_a_unit_costs, 0, NR_CASES);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
