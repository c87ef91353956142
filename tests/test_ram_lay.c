// SPDX-License-Identifier: GPL-2.0
/*
 * Where pages come from: shares are exact, full nodes are passed over or not as
 * was said, scattered memory is scattered, and what all of it takes.
 */
#include <check.h>
#include <string.h>

#include <linux/errno.h>

#include "ram.h"
#include "support_check.h"
#include "support_rng.h"

#define MB2 RAM_BLOCK_BYTES
#define GB (1ull << 30)
#define NODES 4

static struct ram ram;

static void setup_sz(u64 sz)
{
	struct ram_node_spec spec[NODES];
	u32 i;

	for (i = 0; i < NODES; i++)
		spec[i] = (struct ram_node_spec){ i * (sz + MB2), sz };
	ck_assert_int_eq(ram_init(&ram, spec, NODES), 0);
}

/* Of each turn exactly, and of less than a turn nearly. */
START_TEST(shares_are_exact)
{
	struct ram_policy policy = { .nr_nodes = NODES };
	u32 sum = 0, i, turn, nr[RAM_NODES_MAX], got[RAM_NODES_MAX];
	struct support_rng rng;
	struct ram_map *map;
	u64 vaddr;

	support_rng_init(&rng, _i);
	setup_sz(256 * MB2);
	policy.granule = (1 + support_rng_below(&rng, 4)) * RAM_PAGE_BYTES;
	for (i = 0; i < NODES; i++)
		policy.weight[i] = support_rng_below(&rng, 40);
	policy.weight[support_rng_below(&rng, NODES)]++;
	memcpy(nr, policy.weight, sizeof(nr));
	for (i = 0; i < NODES; i++)
		sum += nr[i];
	ck_assert_int_eq(ram_map_add(&ram, 1, 64 * MB2, 64 * MB2, false,
				     &policy, &map),
			 0);
	vaddr = map->start;
	for (turn = 0; turn < 8; turn++) {
		memset(got, 0, sizeof(got));
		for (i = 0; i < sum; i++, vaddr += policy.granule) {
			got[ram_map_nid(&ram, map, vaddr)]++;
			ck_assert_uint_eq(
				ram_map_nid(&ram, map, vaddr),
				ram_map_nid(&ram, map,
					    vaddr + policy.granule - 1));
		}
		for (i = 0; i < NODES; i++)
			ck_assert_uint_eq(got[i], nr[i]);
	}
	ram_fini(&ram);
}
END_TEST

/* Half and half, however it is said, is one and the other. */
START_TEST(stripes_are_short)
{
	struct ram_policy policy = {
		.weight = { 50, 50 },
		.nr_nodes = 2,
		.granule = 4096,
	};
	struct ram_map *map;
	u64 vaddr;

	setup_sz(8 * MB2);
	ck_assert_int_eq(ram_map_add(&ram, 1, 0, 4 * MB2, false, &policy, &map),
			 0);
	for (vaddr = 0; vaddr < map->sz; vaddr += 4096)
		ck_assert_uint_eq(ram_map_nid(&ram, map, vaddr),
				  vaddr / 4096 % 2);
	/* Packed: as much as was needed was begun, and no more. */
	ck_assert_uint_eq(ram.node[0].nr_free_blocks, 6);
	ck_assert_uint_eq(ram.node[1].nr_free_blocks, 6);
	ram_fini(&ram);
}
END_TEST

/* What is touched later lies where it would have been laid at once. */
START_TEST(lazy_is_eager)
{
	struct ram_policy policy = {
		.weight = { 3, 0, 1, 2 },
		.nr_nodes = NODES,
		.granule = (const u64[]){ 4096, 3 * 4096, MB2 }[_i % 3],
	};
	bool huge = _i == 5;
	struct ram_map *eager, *lazy;
	struct support_rng rng;
	u64 vaddr, step;
	u32 i;

	setup_sz(16 * MB2);
	support_rng_init(&rng, _i);
	ck_assert_int_eq(
		ram_map_add(&ram, 1, 0, 4 * MB2, huge, &policy, &eager), 0);
	policy.lazy = true;
	ck_assert_int_eq(ram_map_add(&ram, 2, 0, 4 * MB2, huge, &policy, &lazy),
			 0);
	for (i = 0; i < 1000; i++) {
		vaddr = support_rng_below(&rng, 4 * MB2);
		ck_assert_int_eq(ram_fault(&ram, lazy, vaddr), 0);
		ck_assert_uint_eq(ram_map_nid(&ram, lazy, vaddr),
				  ram_map_nid(&ram, eager, vaddr));
	}
	/* In order it is in order; the frames of a block are its own. */
	step = ram_folio_bytes(lazy);
	for (vaddr = 0; vaddr < 4 * MB2; vaddr += step)
		ck_assert_int_eq(ram_fault(&ram, lazy, vaddr), 0);
	for (i = 0; policy.granule == MB2 && i < 4; i++)
		ck_assert(!(lazy->entry[i] & 1));
	ram_fini(&ram);
}
END_TEST

START_TEST(full_nodes)
{
	struct ram_policy policy = {
		.weight = { 0, 0, 0, 1 },
		.nr_nodes = NODES,
		.granule = MB2,
		.strict = true,
	};
	struct ram_map *map = NULL;
	u64 nr_free[NODES];
	u32 i;

	setup_sz(4 * MB2);
	ck_assert_int_eq(ram_map_add(&ram, 1, 0, 5 * MB2, _i, &policy, &map),
			 -ENOMEM);
	ck_assert_ptr_null(map);
	for (i = 0; i < NODES; i++)
		ck_assert_uint_eq(ram.node[i].nr_free, 4 * 512);
	policy.strict = false;
	ck_assert_int_eq(ram_map_add(&ram, 1, 0, 6 * MB2, _i, &policy, &map),
			 0);
	/* The next one to the last is the first. */
	ck_assert_uint_eq(map->nr_pages[3], 4 * 512);
	ck_assert_uint_eq(map->nr_pages[0], 2 * 512);
	for (i = 0; i < NODES; i++)
		nr_free[i] = ram.node[i].nr_free;
	ck_assert_int_eq(ram_map_add(&ram, 2, 0, 11 * MB2, _i, &policy, &map),
			 -ENOMEM);
	for (i = 0; i < NODES; i++)
		ck_assert_uint_eq(ram.node[i].nr_free, nr_free[i]);
	ck_assert_int_eq(ram_map_add(&ram, 2, 0, 10 * MB2, _i, &policy, &map),
			 0);
	ram_fini(&ram);
}
END_TEST

START_TEST(scattered_is_scattered)
{
	struct ram_policy policy = {
		.weight = { 2, 1 },
		.nr_nodes = 2,
		.granule = MB2,
		.scattered = true,
		.seed = 1,
	};
	bool huge = _i;
	struct ram_map *map, *same, *other;
	u64 step = huge ? MB2 : 4096, sz = huge ? 600 * MB2 : 12 * MB2;
	u64 nr = sz / step, vaddr, nr_next = 0, nr_same = 0, nr_other = 0;

	setup_sz(4096 * MB2);
	ck_assert_int_eq(ram_map_add(&ram, 1, 0, sz, huge, &policy, &map), 0);
	/* As dense as any. */
	ck_assert_uint_eq(ram.node[0].nr_free_blocks, 4096 - sz / MB2 * 2 / 3);
	ck_assert_uint_eq(ram.node[1].nr_free_blocks, 4096 - sz / MB2 / 3);
	ck_assert_int_eq(ram_map_add(&ram, 2, 0, sz, huge, &policy, &same), 0);
	policy.seed = 2;
	ck_assert_int_eq(ram_map_add(&ram, 3, 0, sz, huge, &policy, &other), 0);
	for (vaddr = 0; vaddr < sz; vaddr += step) {
		u32 nid = ram_map_nid(&ram, map, vaddr);
		u64 base = nid * (4097 * MB2);
		u64 paddr = ram_translate(map, vaddr);
		u64 more = (nid ? 1 : 2) * sz / 3;

		nr_next += ram_translate(map, vaddr + step) == paddr + step;
		nr_same += ram_translate(same, vaddr) == paddr + more;
		nr_other += ram_translate(other, vaddr) == paddr + 2 * more;
		ck_assert_uint_lt(paddr - base, more);
	}
	ck_assert_uint_lt(nr_next, nr / 50);
	ck_assert_uint_lt(nr_other, nr / 50);
	ck_assert_uint_eq(nr_same, nr);
	ram_fini(&ram);
}
END_TEST

/* 700 MB for 128 GiB in pages that are scattered, 20 MB for those in order. */
START_TEST(takes_little)
{
	struct ram_policy policy = {
		.weight = { 3, 1 },
		.nr_nodes = 2,
		.granule = MB2,
	};
	struct ram_map *map;

	setup_sz(64 * GB);
	ck_assert_int_eq(ram_map_add(&ram, 1, 0, 64 * GB, false, &policy, &map),
			 0);
	ck_assert_uint_le(ram_footprint(&ram), 10000000);
	ram_map_del(&ram, map);
	policy.scattered = true;
	ck_assert_int_eq(ram_map_add(&ram, 1, 0, 2 * GB, false, &policy, &map),
			 0);
	ck_assert_uint_le(ram_footprint(&ram), 700000000 * 2 / 128 + 5000000);
	ck_assert_uint_ge(ram_footprint(&ram), 2 * GB / 4096 * 16);
	/* In order again, nothing of it is left. */
	ck_assert_uint_eq(ram_migrate(&ram, map, 0, ~0ull, 3), 2 * GB / 4096);
	ck_assert_uint_le(ram_footprint(&ram), 5000000);
	ram_fini(&ram);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ram_lay");
	TCase *tc = tcase_create("ram_lay");

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, shares_are_exact, 0, 20);
	tcase_add_test(tc, stripes_are_short);
	tcase_add_loop_test(tc, lazy_is_eager, 0, 6);
	tcase_add_loop_test(tc, full_nodes, 0, 2);
	tcase_add_loop_test(tc, scattered_is_scattered, 0, 2);
	tcase_add_test(tc, takes_little);
	return support_run(s);
}
