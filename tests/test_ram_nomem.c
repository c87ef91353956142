// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation of a machine's memory fails once: what was asked for is
 * refused or done in part, what is told of that is true, nothing is lost, and
 * it goes on.
 */
#include <stdio.h>

#include <check.h>

#include "run/ram_ops.h"
#include "support_check.h"
#include "support_nomem.h"

#ifdef NOMEM_SKIPPED

int main(void)
{
	puts("ram nomem: skipped, the allocator is the sanitizer's");
	return 0;
}

#else

#define MB2 RAM_BLOCK_BYTES
#define NODES 2
#define NODE_BLOCKS 10
#define SZ (4 * MB2)

static const struct ram_node_spec spec[NODES] = {
	{ 0, NODE_BLOCKS *MB2 },
	{ 64 * MB2, NODE_BLOCKS *MB2 },
};

static struct ram ram;
static struct ram_ops m;
static u32 nr_told; /* how often it was said that something is not done */

/* While allocations are counted Check may not make any. */
#define check(what)                                \
	do {                                       \
		if (!(what))                       \
			ck_abort_msg("%s", #what); \
	} while (0)

/* Each page that is there is owned, and what is not owned is free. */
static void look(void)
{
	u64 nr[NODES] = { 0 }, free[NODES] = { 0 }, addr, vaddr, back;
	struct ram_map *map, *owner;
	u32 i, n;

	for (i = 0; i < ram.nr_maps; i++) {
		map = ram.map[i];
		for (n = 0; map && n < NODES; n++)
			nr[n] += map->nr_pages[n];
		for (vaddr = 0; map && vaddr < map->sz; vaddr += 4096) {
			addr = ram_translate(map, map->start + vaddr);
			check(addr == RAM_NOWHERE ||
			      (ram_owner(&ram, addr, &owner, &back) &&
			       owner == map && back == map->start + vaddr));
		}
	}
	for (n = 0; n < NODES; n++) {
		for (addr = 0; addr < spec[n].sz; addr += 4096)
			free[n] += !ram_owner(&ram, spec[n].start + addr,
					      &owner, &back);
		check(free[n] == ram.node[n].nr_free);
		check(free[n] == NODE_BLOCKS * 512 - nr[n]);
	}
}

/* Until it is there; a failure leaves nothing behind. */
static struct ram_map *add(u32 tgid, bool huge, const struct ram_policy *policy)
{
	struct ram_map *map = NULL;
	int err;

	while ((err = ram_map_add(&ram, tgid, 0, SZ, huge, policy, &map))) {
		check(err == -ENOMEM);
		check(!map);
		nr_told++;
		look();
	}
	return map;
}

/* Until all of it is there: there is room. */
static void migrate(struct ram_map *map, u64 vaddr, u64 nr, s32 nid)
{
	struct folio f = {
		.start = vaddr,
		.sz = ram_folio_bytes(map),
		.nr = nr,
		.nid = -1,
	};
	u64 i;

	for (;;) {
		ram_memory_ops.migrate(&m, map->tgid, &f, nid);
		look();
		for (i = 0; i < nr; i++)
			if (ram_map_nid(&ram, map, vaddr + i * f.sz) != nid)
				break;
		if (i == nr)
			break;
		nr_told++;
	}
}

static void act(struct ram_map *map, u64 vaddr, u64 nr)
{
	struct folio f = { .start = vaddr, .sz = 4096, .nr = nr };
	u64 was = m.nr_untold;

	if (ram_memory_ops.pageout(&m, map->tgid, &f) != nr * 4096)
		ram_memory_ops.pageout(&m, map->tgid, &f);
	check(ram_translate(map, vaddr) == RAM_NOWHERE);
	look();
	nr_told += m.nr_untold != was;
	while (ram_ops_touch(&m, map, vaddr))
		nr_told++;
	was = m.nr_untold;
	ram_memory_ops.set_active(&m, map->tgid, &f, true);
	nr_told += m.nr_untold != was;
	look();
}

/* Returns how often it was told that there was no memory. */
static u32 run(void)
{
	struct ram_policy policy = {
		.weight = { 1, 1 },
		.nr_nodes = NODES,
		.granule = MB2,
		.scattered = true,
	};
	struct ram_map *map;

	nr_told = 0;
	while (ram_init(&ram, spec, NODES))
		nr_told++;
	ram_ops_init(&m, &ram);
	map = add(1, false, &policy);
	migrate(map, 4096, 1000, 1);
	policy.scattered = false;
	add(2, true, &policy);
	ram_map_del(&ram, map);
	policy.granule = 4096;
	map = add(3, false, &policy);
	migrate(map, 0, SZ / 4096 / 2, 0);
	act(map, 17 * 4096, 3);
	act(map, MB2, 600);
	policy.granule = MB2;
	policy.weight[1] = 0;
	ram_map_del(&ram, map);
	map = add(1, false, &policy);
	/* Of a block in order the middle. */
	migrate(map, MB2 + 8192, 5, 1);
	act(map, 3 * MB2 + 8192, 1);
	return nr_told;
}

START_TEST(each_allocation_may_fail)
{
	u32 told;
	long at;

	for (at = 0;; at++) {
		nomem_begin(at);
		told = run();
		ram_fini(&ram);
		ck_assert_int_eq(nomem_end(), 0);
		ck_assert_uint_eq(told, nomem_failed);
		if (!nomem_failed)
			break;
	}
	ck_assert_int_gt(at, 30);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ram_nomem");
	TCase *tc = tcase_create("ram_nomem");

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, each_allocation_may_fail);
	return support_run(s);
}

#endif
