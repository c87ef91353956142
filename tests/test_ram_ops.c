// SPDX-License-Identifier: GPL-2.0
/*
 * A machine's memory as schemes act upon it: what it takes, as published, what
 * is counted, and what comes back.
 */
#include <check.h>

#include <linux/errno.h>

#include "run/ram_ops.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

#define MB2 RAM_BLOCK_BYTES
#define NODES 3
#define NODE_BLOCKS 8

static const struct ram_node_spec spec[NODES] = {
	{ MB2, NODE_BLOCKS *MB2 },
	{ (NODE_BLOCKS + 1) * MB2, NODE_BLOCKS *MB2 },
	{ 3 * NODE_BLOCKS * MB2, NODE_BLOCKS *MB2 },
};

static struct ram ram;
static struct ram_ops m;
static u64 nr_told; /* runs */

static bool folio_at(void *data, u64 addr, struct folio *f)
{
	nr_told++;
	return ram_memory_ops.folio_at(data, addr, f);
}

/* 549 GiB of which 8 are used: 144 million page frames at 40 ns. */
static u64 walk_of_published(bool skip, u64 *nr_asked)
{
	const struct ram_node_spec big = { 4ull << 30, 549ull << 30 };
	struct ram_policy policy = {
		.weight = { 1 },
		.nr_nodes = 1,
		.granule = MB2,
	};
	struct memory_ops counting_ops = ram_memory_ops;
	struct support_damos d;
	struct scheme *s;
	struct ram_map *map;
	u64 passed, cost;

	nr_told = 0;
	counting_ops.folio_at = folio_at;

	ck_assert_int_eq(ram_init(&ram, &big, 1), 0);
	ram_ops_init(&m, &ram);
	m.knobs.pageblock_skip = skip;
	ck_assert_int_eq(
		ram_map_add(&ram, 1, 0, 8ull << 30, false, &policy, &map), 0);
	support_damos_init(&d, &profile_n);
	d.ctx.ops_id = OPS_PADDR;
	d.ctx.memory = (struct memory){ &counting_ops, &m };
	ck_assert_int_eq(context_add_target(&d.ctx, 0), 0);
	ck_assert_int_eq(regions_add(&d.ctx.targets[0].regions, big.start,
				     big.start + big.sz),
			 0);
	m.ctx = &d.ctx;
	s = support_damos_add(&d, SCHEME_MIGRATE_HOT);
	ops_paddr_apply(&d.ctx, 0, &d.ctx.targets[0].regions.at[0], s, &passed);
	support_damos_fini(&d);
	ram_fini(&ram);
	cost = m.cost_ps;
	*nr_asked = nr_told;
	ck_assert_uint_eq(cost, m.nr_walked * 40000);
	return cost;
}

START_TEST(cost_of_a_walk_as_published)
{
	u64 nr_asked;

	ck_assert_uint_eq(walk_of_published(false, &nr_asked) / 40000,
			  (549ull << 30) / 4096);
	ck_assert_uint_le(nr_asked, 2);
	/* 281088 checks, and the pages of 8 GiB. */
	ck_assert_uint_eq(walk_of_published(true, &nr_asked) / 40000,
			  281088 + (8ull << 30) / 4096);
}
END_TEST

/* From the middle of a huge folio in its steps: the middle of each. */
START_TEST(cost_of_a_walk_from_a_middle)
{
	struct ram_policy policy = {
		.weight = { 1 },
		.nr_nodes = 1,
		.granule = MB2,
	};
	struct support_damos d;
	struct scheme *s;
	struct ram_map *map;
	u64 passed, start = spec[0].start + MB2 / 2, end = start + 2 * MB2;

	ck_assert_int_eq(ram_init(&ram, spec, NODES), 0);
	ram_ops_init(&m, &ram);
	ck_assert_int_eq(ram_map_add(&ram, 1, 0, 4 * MB2, true, &policy, &map),
			 0);
	support_damos_init(&d, &profile_n);
	d.ctx.ops_id = OPS_PADDR;
	d.ctx.memory = (struct memory){ &ram_memory_ops, &m };
	ck_assert_int_eq(context_add_target(&d.ctx, 0), 0);
	ck_assert_int_eq(regions_add(&d.ctx.targets[0].regions, start, end), 0);
	m.ctx = &d.ctx;
	s = support_damos_add(&d, SCHEME_LRU_PRIO);
	ck_assert_uint_eq(ops_paddr_apply(&d.ctx, 0,
					  &d.ctx.targets[0].regions.at[0], s,
					  &passed),
			  2 * MB2);
	ck_assert_uint_eq(m.nr_walked, 2);
	support_damos_fini(&d);
	ram_fini(&ram);
}
END_TEST

START_TEST(what_it_takes_to_move)
{
	struct ram_policy policy = {
		.weight = { 1 },
		.nr_nodes = 1,
		.granule = MB2,
	};
	struct ram_map *map;
	struct folio f = { .start = 0, .sz = 4096, .nr = 512 };

	ck_assert_int_eq(ram_init(&ram, spec, NODES), 0);
	ram_ops_init(&m, &ram);
	ck_assert_int_eq(ram_map_add(&ram, 1, 0, MB2, false, &policy, &map), 0);
	ck_assert_uint_eq(ram_memory_ops.migrate(&m, 1, &f, 1), MB2);
	/* 3 us each, and 2 MiB at 4 GB/s. */
	ck_assert_uint_eq(m.cost_ps, 512 * 3000000 + MB2 * 250);
	m.cost_ps = 0;
	f.nid = 1;
	ck_assert_uint_eq(ram_memory_ops.migrate(&m, 1, &f, 1), MB2);
	ck_assert_uint_eq(ram_memory_ops.migrate(&m, 1, &f, NODES), 0);
	ck_assert_uint_eq(ram_memory_ops.migrate(&m, 1, &f, -1), 0);
	ck_assert_uint_eq(m.cost_ps, 0);
	ram_fini(&ram);
}
END_TEST

START_TEST(paged_out_comes_back)
{
	struct ram_policy policy = {
		.weight = { 1 },
		.nr_nodes = 1,
		.granule = MB2,
		.lazy = true,
	};
	struct folio f = { .sz = 4096, .nr = 3, .start = 5 * 4096 };
	struct memory_totals t;
	struct memory_node node;
	struct ram_map *map;
	u64 nr;

	ck_assert_int_eq(ram_init(&ram, spec, NODES), 0);
	ram_ops_init(&m, &ram);
	ck_assert_int_eq(ram_map_add(&ram, 1, 0, MB2, false, &policy, &map), 0);
	map->memcg = 9;
	ck_assert_int_eq(ram_ops_touch(&m, map, MB2), -EINVAL);
	ck_assert_int_eq(ram_ops_touch(&m, map, 4096 * 5), 0);
	ck_assert_int_eq(ram_ops_touch(&m, map, 4096 * 6), 0);
	ck_assert_uint_eq(m.nr_refaults, 0);
	ram_memory_ops.set_active(&m, 1, &f, true);
	ram_memory_ops.totals(&m, &t);
	ck_assert_uint_eq(t.nr_active, 2);
	ck_assert_uint_eq(t.nr_inactive, 0);
	ck_assert_uint_eq(t.nr_pages, NODES * NODE_BLOCKS * 512);
	ck_assert_uint_eq(t.nr_free, t.nr_pages - 2);
	/* The third one is not there. */
	ck_assert_uint_eq(ram_memory_ops.pageout(&m, 1, &f), 2 * 4096);
	ck_assert_uint_eq(m.nr_paged_out, 2);
	ram_memory_ops.totals(&m, &t);
	ck_assert_uint_eq(t.nr_free, t.nr_pages);
	ck_assert_uint_eq(t.nr_active, 0);
	ck_assert_int_eq(ram_ops_touch(&m, map, 4096 * 5 + 9), 0);
	ck_assert_int_eq(ram_ops_touch(&m, map, 4096 * 5), 0);
	ck_assert_int_eq(ram_ops_touch(&m, map, 4096 * 7), 0);
	ck_assert_uint_eq(m.nr_refaults, 1);
	/* Gone for another reason. */
	ck_assert_uint_eq(ram_unmap(&ram, map, 4096 * 5, 1), 1);
	ck_assert_int_eq(ram_ops_touch(&m, map, 4096 * 5), 0);
	ck_assert_uint_eq(m.nr_refaults, 1);

	ck_assert(ram_memory_ops.node(&m, 0, &node));
	ck_assert_uint_eq(node.nr_pages, NODE_BLOCKS * 512);
	ck_assert_uint_eq(node.nr_free, NODE_BLOCKS * 512 - 2);
	ck_assert(!ram_memory_ops.node(&m, NODES, NULL));
	ck_assert(!ram_memory_ops.node(&m, -1, NULL));
	ck_assert(ram_memory_ops.memcg_pages(&m, 0, 9, &nr));
	ck_assert_uint_eq(nr, 2);
	ck_assert(ram_memory_ops.memcg_pages(&m, 1, 9, &nr));
	ck_assert_uint_eq(nr, 0);
	ck_assert(ram_memory_ops.memcg_pages(&m, 0, 0, &nr));
	ck_assert_uint_eq(nr, 0);
	ck_assert(!ram_memory_ops.memcg_pages(&m, 0, 8, &nr));
	ck_assert(!ram_memory_ops.memcg_pages(&m, NODES, 9, &nr));
	ram_fini(&ram);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ram_ops");
	TCase *tc = tcase_create("ram_ops");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, cost_of_a_walk_as_published);
	tcase_add_test(tc, cost_of_a_walk_from_a_middle);
	tcase_add_test(tc, what_it_takes_to_move);
	tcase_add_test(tc, paged_out_comes_back);
	return support_run(s);
}
