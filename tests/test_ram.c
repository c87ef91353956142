// SPDX-License-Identifier: GPL-2.0
/*
 * A machine's memory against an array of pages: whatever is mapped, touched,
 * taken away and moved, both agree on what is where, and no frame is lost or
 * held twice.
 */
#include <check.h>
#include <string.h>

#include <linux/errno.h>

#include "ram.h"
#include "support_check.h"
#include "support_rng.h"

#define NODES 3
#define BLOCK_PAGES RAM_PAGES_PER_BLOCK
#define NODE_BLOCKS 6
#define MAPS 3
#define MAP_BLOCKS 5
#define MAP_PAGES (MAP_BLOCKS * BLOCK_PAGES)

static const struct ram_node_spec spec[NODES] = {
	{ 64ull << 30, NODE_BLOCKS *RAM_BLOCK_BYTES },
	{ 0, NODE_BLOCKS *RAM_BLOCK_BYTES },
	{ NODE_BLOCKS * RAM_BLOCK_BYTES, NODE_BLOCKS *RAM_BLOCK_BYTES },
};

/* What is known: the node of each page, NODES for none. */
struct area {
	struct ram_map *map;
	u8 nid[MAP_PAGES];
};

static struct ram ram;
static struct area area[MAPS];

/* Who holds each page of memory, found from the page tables: 0 for nobody. */
static u32 held[NODES][NODE_BLOCKS * BLOCK_PAGES];

static u64 addr_of(const struct area *a, u32 page)
{
	return a->map->start + page * RAM_PAGE_BYTES;
}

/* Of each page, each time: too often for what Check does for an assertion. */
#define check(what)                                \
	do {                                       \
		if (!(what))                       \
			ck_abort_msg("%s", #what); \
	} while (0)

static void look_at_page(u32 m, u32 page, u32 *nr)
{
	const struct area *a = &area[m];
	u64 vaddr = addr_of(a, page), paddr = ram_translate(a->map, vaddr + 7);
	u32 nid = ram_map_nid(&ram, a->map, vaddr);
	struct ram_map *map;
	u64 back, i;

	check(nid == (a->nid[page] == NODES ? RAM_NODES_MAX : a->nid[page]));
	if (a->nid[page] == NODES) {
		check(paddr == RAM_NOWHERE);
		return;
	}
	check(paddr % RAM_PAGE_BYTES == 7);
	nr[nid]++;
	i = (paddr - spec[nid].start) / RAM_PAGE_BYTES;
	check(held[nid][i] == 0);
	held[nid][i] = 1 + m * MAP_PAGES + page;
	check(ram_owner(&ram, paddr, &map, &back));
	check(map == a->map);
	check(back == vaddr + 7);
}

/* In order in a frame of its own, which is kept as one word and no other is. */
static void look_at_block(const struct area *a, u32 block)
{
	u64 first = ram_translate(a->map, addr_of(a, block * BLOCK_PAGES));
	bool order = first != RAM_NOWHERE && !(first % RAM_BLOCK_BYTES);
	u32 i;

	for (i = 1; order && i < BLOCK_PAGES; i++)
		order = ram_translate(a->map,
				      addr_of(a, block * BLOCK_PAGES + i)) ==
			first + i * RAM_PAGE_BYTES;
	check(order || !a->map->huge || first == RAM_NOWHERE);
	check(order == !(a->map->entry[block] & 1));
	for (i = 0; i < BLOCK_PAGES; i++)
		if (a->nid[block * BLOCK_PAGES + i] != NODES)
			return;
	check(ram_table(a->map->entry[block]) == &ram_absent);
}

static void look_at_memory(void)
{
	struct ram_map *map;
	u64 vaddr, at;
	u32 n, b, i, nr, nr_blocks, nr_free;

	for (n = 0; n < NODES; n++) {
		nr_free = 0;
		nr_blocks = 0;
		for (b = 0; b < NODE_BLOCKS; b++) {
			nr = 0;
			for (i = b * BLOCK_PAGES; i < (b + 1) * BLOCK_PAGES;
			     i++) {
				nr += !held[n][i];
				at = spec[n].start + i * RAM_PAGE_BYTES;
				check(!held[n][i] ==
				      !ram_owner(&ram, at, &map, &vaddr));
			}
			nr_free += nr;
			nr_blocks += nr == BLOCK_PAGES;
		}
		check(ram.node[n].nr_free == nr_free);
		check(ram.node[n].nr_free_blocks == nr_blocks);
	}
	check(!ram_owner(&ram, 2ull << 30, &map, &vaddr));
}

static void look(void)
{
	u32 m, i, nr[RAM_NODES_MAX];

	memset(held, 0, sizeof(held));
	for (m = 0; m < MAPS; m++) {
		if (!area[m].map)
			continue;
		memset(nr, 0, sizeof(nr));
		for (i = 0; i < MAP_PAGES; i++)
			look_at_page(m, i, nr);
		for (i = 0; i < RAM_NODES_MAX; i++)
			check(area[m].map->nr_pages[i] == nr[i]);
		for (i = 0; i < MAP_BLOCKS; i++)
			look_at_block(&area[m], i);
	}
	look_at_memory();
}

/* Pages, or whole frames of 2 MiB, that a node has free. */
static u32 room(u32 nid, bool huge)
{
	u32 nr = 0, b, i;

	for (b = 0; b < NODE_BLOCKS; b++) {
		for (i = 0; i < BLOCK_PAGES; i++) {
			if (held[nid][b * BLOCK_PAGES + i]) {
				if (huge)
					break;
				continue;
			}
			nr += !huge;
		}
		nr += huge && i == BLOCK_PAGES;
	}
	return nr;
}

static u32 step_of(const struct area *a)
{
	return a->map->huge ? BLOCK_PAGES : 1;
}

static void set_folio(struct area *a, u32 page, u8 nid)
{
	memset(&a->nid[page], nid, step_of(a));
}

/* The first folio of some, and how many; also beyond the end. */
static u32 draw_folios(const struct area *a, struct support_rng *rng, u32 *page)
{
	u32 step = step_of(a), nr;

	*page = support_rng_below(rng, MAP_PAGES / step) * step;
	switch (support_rng_below(rng, 4)) {
	case 0:
		return 1;
	case 1: /* A block */
		*page &= ~(BLOCK_PAGES - 1);
		return BLOCK_PAGES / step;
	case 2:
		return 1 + support_rng_below(rng, 4 * BLOCK_PAGES / step);
	default:
		nr = 1 + support_rng_below(rng, 40);
		return nr;
	}
}

static u32 end_of(u32 page, u32 step, u32 nr)
{
	u32 end = page + nr * step;

	return end < MAP_PAGES ? end : MAP_PAGES;
}

static void migrate(struct area *a, struct support_rng *rng)
{
	u32 nid = support_rng_below(rng, NODES), step = step_of(a), page, nr;
	u32 left = room(nid, a->map->huge), moved = 0, i;

	nr = draw_folios(a, rng, &page);
	for (i = end_of(page, step, nr); left && i > page;) {
		i -= step;
		if (a->nid[i] == NODES || a->nid[i] == nid)
			continue;
		set_folio(a, i, nid);
		moved++;
		left--;
	}
	ck_assert_uint_eq(
		ram_migrate(&ram, a->map,
			    addr_of(a, page) + support_rng_below(rng, 4096), nr,
			    nid),
		moved);
}

static void unmap(struct area *a, struct support_rng *rng)
{
	u32 step = step_of(a), page, nr, gone = 0, i;

	nr = draw_folios(a, rng, &page);
	for (i = page; i < end_of(page, step, nr); i += step) {
		gone += a->nid[i] != NODES;
		set_folio(a, i, NODES);
	}
	ck_assert_uint_eq(ram_unmap(&ram, a->map, addr_of(a, page), nr), gone);
}

/*
 * It does not matter here which node the policy prefers, but the page may not
 * be elsewhere if that one has room; see test_ram_lay.c.
 */
static void fault(struct area *a, struct support_rng *rng)
{
	u32 step = step_of(a), page, nr, i, n, nid;
	int err;

	nr = draw_folios(a, rng, &page);
	for (i = page; i < end_of(page, step, nr); i += step) {
		bool was = a->nid[i] != NODES;
		bool fits = false;

		for (n = 0; n < NODES; n++)
			fits |= ram.node[n].nr_free_blocks ||
				(!a->map->huge && ram.node[n].nr_free);
		err = ram_fault(&ram, a->map, addr_of(a, i));
		if (was) {
			check(!err);
			continue;
		}
		if (a->map->policy.strict && err) {
			check(err == -ENOMEM);
			continue;
		}
		check(err == (fits ? 0 : -ENOMEM));
		if (err)
			continue;
		nid = ram_map_nid(&ram, a->map, addr_of(a, i));
		check(nid < NODES);
		set_folio(a, i, nid);
	}
}

static void add(struct area *a, u32 tgid, struct support_rng *rng)
{
	struct ram_policy policy = {
		.nr_nodes = 1 + support_rng_below(rng, NODES),
		.scattered = support_rng_below(rng, 2),
		.seed = support_rng_u64(rng),
		.lazy = support_rng_below(rng, 2),
		.strict = support_rng_below(rng, 2),
	};
	bool huge = support_rng_below(rng, 2);
	u32 i;
	int err;

	for (i = 0; i < policy.nr_nodes; i++)
		policy.weight[i] = 1 + support_rng_below(rng, 4);
	policy.granule =
		huge || support_rng_below(rng, 2) ?
			RAM_BLOCK_BYTES :
			(1 + support_rng_below(rng, 5)) * RAM_PAGE_BYTES;
	err = ram_map_add(&ram, tgid, 7 * RAM_BLOCK_BYTES,
			  MAP_BLOCKS * RAM_BLOCK_BYTES, huge, &policy, &a->map);
	ck_assert(!err || err == -ENOMEM);
	for (i = 0; !err && i < MAP_PAGES; i++) {
		u32 nid = ram_map_nid(&ram, a->map, addr_of(a, i));

		ck_assert_int_eq(nid == RAM_NODES_MAX, policy.lazy);
		a->nid[i] = policy.lazy ? NODES : nid;
	}
}

static void step(struct support_rng *rng)
{
	u32 m = support_rng_below(rng, MAPS);
	struct area *a = &area[m];

	if (!a->map) {
		add(a, m, rng);
		return;
	}
	switch (support_rng_below(rng, 16)) {
	case 0:
		ram_map_del(&ram, a->map);
		a->map = NULL;
		return;
	case 1:
	case 2:
		unmap(a, rng);
		return;
	case 3:
	case 4:
	case 5:
		fault(a, rng);
		return;
	default:
		migrate(a, rng);
	}
}

START_TEST(agrees_with_an_array)
{
	struct support_rng rng;
	u32 i;

	support_rng_init(&rng, _i);
	memset(area, 0, sizeof(area));
	ck_assert_int_eq(ram_init(&ram, spec, NODES), 0);
	look();
	for (i = 0; i < 150; i++) {
		step(&rng);
		look();
	}
	ram_fini(&ram);
}
END_TEST

/* In order, in pieces of any size, from either end. */
START_TEST(moved_in_order_is_in_order)
{
	struct ram_policy policy = {
		.weight = { 1 },
		.nr_nodes = 1,
		.granule = RAM_BLOCK_BYTES,
		.scattered = true,
		.seed = 5,
	};
	u32 piece = (const u32[]){ 1, 3, 64, 512, 700 }[_i % 5], page, nr;
	bool up = _i < 5;
	static struct area a;

	ck_assert_int_eq(ram_init(&ram, spec, NODES), 0);
	ck_assert_int_eq(ram_map_add(&ram, 1, 0, 5 * RAM_BLOCK_BYTES, false,
				     &policy, &a.map),
			 0);
	ck_assert(a.map->entry[2] & 1);
	for (page = 0; page < MAP_PAGES; page += nr) {
		nr = piece < MAP_PAGES - page ? piece : MAP_PAGES - page;
		ck_assert_uint_eq(
			ram_migrate(&ram, a.map,
				    addr_of(&a,
					    up ? page : MAP_PAGES - page - nr),
				    nr, 1),
			nr);
	}
	for (page = 0; page < MAP_BLOCKS; page++) {
		ck_assert(!(a.map->entry[page] & 1));
		look_at_block(&a, page);
	}
	ram_fini(&ram);
}
END_TEST

START_TEST(refuses_what_makes_no_sense)
{
	const struct ram_node_spec bad[][2] = {
		{ { 0, 2 * RAM_BLOCK_BYTES },
		  { RAM_BLOCK_BYTES, RAM_BLOCK_BYTES } },
		{ { 4096, RAM_BLOCK_BYTES } },
		{ { 0, RAM_BLOCK_BYTES + 4096 } },
		{ { ~0ull << RAM_BLOCK_SHIFT, RAM_BLOCK_BYTES } },
	};
	struct ram_policy policy = {
		.weight = { 1, 1 },
		.nr_nodes = 2,
		.granule = RAM_BLOCK_BYTES,
	};
	struct ram_map *map = NULL;
	u32 i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_int_eq(ram_init(&ram, bad[i], 2), -EINVAL);
	ck_assert_int_eq(ram_init(&ram, spec, 0), -EINVAL);
	ck_assert_int_eq(ram_init(&ram, spec, RAM_NODES_MAX + 1), -EINVAL);

	ck_assert_int_eq(ram_init(&ram, spec, NODES), 0);
#define ADD(start, sz, huge) \
	ram_map_add(&ram, 1, start, sz, huge, &policy, &map)
	ck_assert_int_eq(ADD(4096, RAM_BLOCK_BYTES, false), -EINVAL);
	ck_assert_int_eq(ADD(0, 4096, false), -EINVAL);
	ck_assert_int_eq(ADD(0, 0, false), -EINVAL);
	ck_assert_int_eq(ADD(~0ull << RAM_BLOCK_SHIFT, 2 * RAM_BLOCK_BYTES,
			     false),
			 -EINVAL);
	policy.granule = 4096;
	ck_assert_int_eq(ADD(0, RAM_BLOCK_BYTES, true), -EINVAL);
	policy.granule = 0;
	ck_assert_int_eq(ADD(0, RAM_BLOCK_BYTES, false), -EINVAL);
	policy.granule = RAM_BLOCK_BYTES;
	policy.nr_nodes = NODES + 1;
	ck_assert_int_eq(ADD(0, RAM_BLOCK_BYTES, false), -EINVAL);
	policy.nr_nodes = 2;
	policy.weight[0] = policy.weight[1] = 0;
	ck_assert_int_eq(ADD(0, RAM_BLOCK_BYTES, false), -EINVAL);
	policy.weight[0] = 1;
	ck_assert_ptr_null(map);
	ck_assert_int_eq(ADD(0, 2 * RAM_BLOCK_BYTES, false), 0);
	ck_assert_int_eq(ADD(RAM_BLOCK_BYTES, RAM_BLOCK_BYTES, false), -EEXIST);
#undef ADD
	ck_assert_int_eq(ram_fault(&ram, map, map->sz), -EINVAL);
	ck_assert_uint_eq(ram_migrate(&ram, map, 0, 1, -1), 0);
	ck_assert_uint_eq(ram_migrate(&ram, map, 0, 1, NODES), 0);
	ck_assert_uint_eq(ram_translate(map, map->sz), RAM_NOWHERE);
	ck_assert_ptr_eq(ram_find(&ram, 1, map->sz - 1), map);
	ck_assert_ptr_null(ram_find(&ram, 1, map->sz));
	ck_assert_ptr_null(ram_find(&ram, 2, 0));
	ram_fini(&ram);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ram");
	TCase *tc = tcase_create("ram");

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, agrees_with_an_array, 0, 30);
	tcase_add_loop_test(tc, moved_in_order_is_in_order, 0, 10);
	tcase_add_test(tc, refuses_what_makes_no_sense);
	return support_run(s);
}
