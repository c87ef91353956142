// SPDX-License-Identifier: GPL-2.0
/*
 * A machine's memory as schemes see it: the runs that are told are what is
 * there page by page, are as long as they can be, and whoever is told one folio
 * at a time does the same, at the same cost.
 */
#include <check.h>
#include <string.h>

#include <linux/errno.h>

#include "run/ram_ops.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"
#include "support_rng.h"

#define MB2 RAM_BLOCK_BYTES
#define NODES 3
#define NODE_BLOCKS 8
#define PROCS 3
#define PROC_BLOCKS 5
#define PROC_PAGES (PROC_BLOCKS * RAM_PAGES_PER_BLOCK)
#define PHYS_END (20 * NODE_BLOCKS * MB2)
#define VIRT_START (3 * MB2)
#define VIRT_END (VIRT_START + PROC_BLOCKS * MB2)

static const struct ram_node_spec spec[NODES] = {
	{ MB2, NODE_BLOCKS *MB2 },
	/* Right behind the first, and behind a gap. */
	{ (NODE_BLOCKS + 1) * MB2, NODE_BLOCKS *MB2 },
	{ 3 * NODE_BLOCKS * MB2, NODE_BLOCKS *MB2 },
};

/**
 * struct world - a machine with programs.
 * @ram:	memory
 * @m:		as schemes see it
 * @young:	pages that were accessed, by process
 * @nr_asked:	how often somebody asked what is where
 * @nr_young:	how often it was asked whether that was accessed
 * @one:	only one folio is told at once
 */
struct world {
	struct ram ram;
	struct ram_ops m;
	bool young[PROCS][PROC_PAGES];
	u64 nr_asked;
	u64 nr_young;
	bool one;
};

static struct world world[2];

/* Of each page, each time: too often for what Check does for an assertion. */
#define check(what)                                \
	do {                                       \
		if (!(what))                       \
			ck_abort_msg("%s", #what); \
	} while (0)

static bool *young_of(void *arg, const struct ram_map *map, u64 vaddr)
{
	struct world *w = arg;

	return &w->young[map->tgid - 1][(vaddr - map->start) / PAGE_BYTES];
}

static bool young(void *arg, struct ram_map *map, u64 vaddr)
{
	((struct world *)arg)->nr_young++;
	return *young_of(arg, map, vaddr);
}

static void clear_young(void *arg, struct ram_map *map, u64 vaddr)
{
	*young_of(arg, map, vaddr) = false;
}

static bool folio_at(void *data, u64 addr, struct folio *f)
{
	struct world *w = data;
	bool is = ram_memory_ops.folio_at(&w->m, addr, f);

	w->nr_asked++;
	f->nr = w->one ? 1 : f->nr;
	return is;
}

static enum mapped mapped_at(void *data, u32 tgid, u64 addr,
			     struct mapped_folio *f)
{
	struct world *w = data;
	enum mapped is = ram_memory_ops.mapped_at(&w->m, tgid, addr, f);

	w->nr_asked++;
	/* Tables of which there is nothing are passed over by one step. */
	if (w->one && is != MAPPED_HOLE &&
	    (is == MAPPED_FOLIO || !ram_find(&w->ram, tgid, addr)->huge))
		f->folio.nr = 1;
	return is;
}

static void op_clear_young(void *data, u32 tgid, const struct folio *f)
{
	ram_memory_ops.clear_young(&((struct world *)data)->m, tgid, f);
}

static u64 op_migrate(void *data, u32 tgid, const struct folio *f, s32 nid)
{
	return ram_memory_ops.migrate(&((struct world *)data)->m, tgid, f, nid);
}

static u64 op_pageout(void *data, u32 tgid, const struct folio *f)
{
	return ram_memory_ops.pageout(&((struct world *)data)->m, tgid, f);
}

static void op_set_active(void *data, u32 tgid, const struct folio *f,
			  bool active)
{
	ram_memory_ops.set_active(&((struct world *)data)->m, tgid, f, active);
}

static bool op_node(void *data, s32 nid, struct memory_node *node)
{
	return ram_memory_ops.node(&((struct world *)data)->m, nid, node);
}

/* What the core sees: the same, and told as the world says. */
static const struct memory_ops world_ops = {
	.folio_at = folio_at,
	.mapped_at = mapped_at,
	.clear_young = op_clear_young,
	.migrate = op_migrate,
	.pageout = op_pageout,
	.set_active = op_set_active,
	.node = op_node,
};

/* A part of a process's memory as a run, of whole folios. */
static struct folio draw_run(const struct ram_map *map, struct support_rng *rng)
{
	u64 sz = ram_folio_bytes(map), nr = map->sz / sz;
	u64 i = support_rng_below(rng, nr);

	return (struct folio){
		.start = map->start + i * sz,
		.sz = sz,
		.nr = 1 + support_rng_below(rng, nr - i),
		.nid = -1,
	};
}

static void build_process(struct world *w, u32 tgid, struct support_rng *rng)
{
	struct ram_policy policy = {
		.nr_nodes = NODES,
		.scattered = support_rng_below(rng, 2),
		.seed = support_rng_u64(rng),
		.granule = MB2,
	};
	bool huge = support_rng_below(rng, 2);
	struct ram_map *map;
	u32 i;

	if (!huge && support_rng_below(rng, 2))
		policy.granule = 4096 << support_rng_below(rng, 6);
	for (i = 0; i < NODES; i++)
		policy.weight[i] = support_rng_below(rng, 3) + !i;
	ck_assert_int_eq(ram_map_add(&w->ram, tgid, VIRT_START,
				     PROC_BLOCKS * MB2, huge, &policy, &map),
			 0);
	map->memcg = support_rng_below(rng, 2);
	for (i = 0; i < PROC_PAGES; i++)
		w->young[tgid - 1][i] = support_rng_below(rng, 4) == 0;
	for (i = 0; i < 3; i++) {
		struct folio f = draw_run(map, rng);

		f.nr = 1 + f.nr / 4;
		switch (support_rng_below(rng, 4)) {
		case 0:
			ram_memory_ops.set_active(&w->m, tgid, &f, true);
			break;
		case 1:
			ram_memory_ops.pageout(&w->m, tgid, &f);
			break;
		case 2:
			ram_memory_ops.migrate(&w->m, tgid, &f,
					       support_rng_below(rng, NODES));
			break;
		}
	}
}

static void build(struct world *w, u64 seed, bool one)
{
	struct support_rng rng;
	u32 tgid;

	support_rng_init(&rng, seed);
	memset(w, 0, sizeof(*w));
	w->one = one;
	ck_assert_int_eq(ram_init(&w->ram, spec, NODES), 0);
	ram_ops_init(&w->m, &w->ram);
	w->m.arg = w;
	w->m.clear_young = clear_young;
	if (support_rng_below(&rng, 2))
		w->m.young = young;
	for (tgid = 1; tgid <= PROCS; tgid++)
		build_process(w, tgid, &rng);
	w->m.nr_walked = 0;
	w->m.cost_ps = 0;
}

static bool marked(const struct ram_map *map, u64 vaddr)
{
	u64 i = (vaddr - map->start) / ram_folio_bytes(map);

	return map->mark[0] && map->mark[0][i / 64] >> i % 64 & 1;
}

/* The folio of a page of a map, alone. */
static struct folio folio_of(struct world *w, const struct ram_map *map,
			     u64 vaddr, u64 start)
{
	u64 sz = ram_folio_bytes(map), head = vaddr & ~(sz - 1);

	return (struct folio){
		.start = start & ~(sz - 1),
		.sz = sz,
		.nr = 1,
		.nid = ram_map_nid(&w->ram, map, vaddr),
		.memcg = map->memcg,
		.anon = true,
		.active = marked(map, head),
		.mapped = true,
		.young = w->m.young && *young_of(w, map, head),
	};
}

static struct folio hole(u64 addr)
{
	return (struct folio){ .start = addr, .sz = PAGE_BYTES, .nr = 1 };
}

static bool alike(const struct folio *a, const struct folio *b)
{
	return a->sz == b->sz && a->nid == b->nid && a->memcg == b->memcg &&
	       a->anon == b->anon && a->active == b->active &&
	       a->mapped == b->mapped && a->young == b->young;
}

/* What is at a physical address, looked up page by page. */
static struct folio phys_page(struct world *w, u64 addr)
{
	struct ram_map *map;
	u64 vaddr;

	return ram_owner(&w->ram, addr, &map, &vaddr) ?
		       folio_of(w, map, vaddr, addr) :
		       hole(addr);
}

static enum mapped virt_page(struct world *w, u32 tgid, u64 addr,
			     struct folio *f)
{
	struct ram_map *map = ram_find(&w->ram, tgid, addr);

	*f = hole(addr);
	if (!map)
		return MAPPED_HOLE;
	if (ram_translate(map, addr) == RAM_NOWHERE)
		return MAPPED_ABSENT;
	*f = folio_of(w, map, addr, addr);
	return MAPPED_FOLIO;
}

START_TEST(runs_are_what_is_there)
{
	struct world *w = &world[0];
	struct folio f, g, last = { 0 };
	bool is, was = false;
	u64 addr, i;

	build(w, _i, false);
	for (addr = 0; addr < PHYS_END; addr = f.start + f.nr * f.sz) {
		is = ram_memory_ops.folio_at(&w->m, addr, &f);
		check(f.start == addr);
		for (i = 0; i < f.nr; i++) {
			g = phys_page(w, addr + i * f.sz);
			check(is == (g.nid || g.mapped));
			check(alike(&f, &g));
		}
		/* Two runs side by side are not alike. */
		check(!is || !was || !alike(&f, &last));
		last = f;
		was = is;
		/* From a folio's middle the folio is told. */
		g = f;
		ram_memory_ops.folio_at(&w->m, addr + (f.nr * f.sz - 1), &g);
		check(!is || g.start == addr + (f.nr - 1) * f.sz);
	}
	ram_fini(&w->ram);
}
END_TEST

START_TEST(runs_are_what_is_mapped)
{
	struct world *w = &world[0];
	enum mapped is, was;
	struct mapped_folio m;
	struct folio g, last = { 0 };
	u64 addr, i;
	u32 tgid;

	build(w, _i, false);
	for (tgid = 1; tgid <= PROCS + 1; tgid++) {
		was = MAPPED_HOLE;
		for (addr = 0; addr < VIRT_END + 3 * MB2;
		     addr = m.folio.start + m.folio.nr * m.folio.sz) {
			is = ram_memory_ops.mapped_at(&w->m, tgid, addr, &m);
			check(m.folio.start == addr);
			check(m.vma_start ==
			      (is == MAPPED_HOLE ? 0 : VIRT_START));
			check(m.vma_pgoff == m.vma_start / PAGE_BYTES);
			for (i = 0; i < m.folio.nr && i < 2 * PROC_PAGES; i++) {
				check(virt_page(w, tgid, addr + i * m.folio.sz,
						&g) == is);
				check(alike(&m.folio, &g));
			}
			check(!addr || is != was ||
			      (is == MAPPED_FOLIO && !alike(&m.folio, &last)));
			last = m.folio;
			was = is;
		}
	}
	ram_fini(&w->ram);
}
END_TEST

/* What can be told of a world by its processes; where frames are is luck. */
static void check_same(struct world *a, struct world *b)
{
	struct memory_totals s, t;
	struct folio f, g;
	u64 addr;
	u32 tgid;

	check(!memcmp(a->young, b->young, sizeof(a->young)));
	for (tgid = 1; tgid <= PROCS; tgid++)
		for (addr = VIRT_START; addr < VIRT_END; addr += PAGE_BYTES) {
			check(virt_page(a, tgid, addr, &f) ==
			      virt_page(b, tgid, addr, &g));
			check(alike(&f, &g));
		}
	ram_memory_ops.totals(&a->m, &s);
	ram_memory_ops.totals(&b->m, &t);
	ck_assert_mem_eq(&s, &t, sizeof(s));
	ck_assert_uint_eq(a->m.nr_migrated, b->m.nr_migrated);
	ck_assert_uint_eq(a->m.sz_migrated, b->m.sz_migrated);
	ck_assert_uint_eq(a->m.nr_paged_out, b->m.nr_paged_out);
	ck_assert_uint_eq(a->m.nr_walked, b->m.nr_walked);
}

/* One scheme on one region; bytes done. */
static u64 act(struct world *w, struct support_rng rng, u64 *passed)
{
	static const enum scheme_action actions[] = {
		SCHEME_MIGRATE_HOT, SCHEME_MIGRATE_COLD, SCHEME_PAGEOUT,
		SCHEME_LRU_PRIO,    SCHEME_LRU_DEPRIO,	 SCHEME_STAT,
	};
	bool phys = support_rng_below(&rng, 2);
	struct filter filter = { .matching = support_rng_below(&rng, 2),
				 .allow = support_rng_below(&rng, 2) };
	struct support_damos d;
	struct scheme *s;
	struct region *r;
	u64 start, end, sz;
	u32 tgid = 1 + support_rng_below(&rng, PROCS);

	start = support_rng_below(&rng, 4 * PROC_PAGES) * PAGE_BYTES;
	end = start +
	      (1 + support_rng_below(&rng, 2 * PROC_PAGES)) * PAGE_BYTES;
	support_damos_init(&d, &profile_n);
	d.ctx.ops_id = phys ? OPS_PADDR : OPS_VADDR;
	d.ctx.memory = (struct memory){ &world_ops, w };
	ck_assert_int_eq(context_add_target(&d.ctx, phys ? 0 : tgid), 0);
	ck_assert_int_eq(regions_add(&d.ctx.targets[0].regions, start, end), 0);
	s = support_damos_add(&d, actions[support_rng_below(&rng, 6)]);
	s->target_nid = support_rng_below(&rng, NODES);
	filter.type = (const enum filter_type[]){
		FILTER_ACTIVE,
		FILTER_YOUNG,
		FILTER_MEMCG,
		FILTER_ANON,
	}[support_rng_below(&rng, 4)];
	filter.memcg = support_rng_below(&rng, 2);
	if (support_rng_below(&rng, 2))
		ck_assert_int_eq(scheme_add_filter(s, &filter), 0);
	w->m.ctx = &d.ctx;
	r = &d.ctx.targets[0].regions.at[0];
	*passed = 0;
	sz = phys ? ops_paddr_apply(&d.ctx, 0, r, s, passed) :
		    ops_vaddr_apply(&d.ctx, 0, r, s, passed);
	w->m.ctx = NULL;
	support_damos_fini(&d);
	return sz;
}

START_TEST(one_by_one_is_the_same)
{
	struct support_rng rng;
	u64 passed[2], sz[2];
	u32 i;

	build(&world[0], _i, false);
	build(&world[1], _i, true);
	check_same(&world[0], &world[1]);
	support_rng_init(&rng, _i);
	for (i = 0; i < 2; i++)
		sz[i] = act(&world[i], rng, &passed[i]);
	ck_assert_uint_eq(sz[0], sz[1]);
	ck_assert_uint_eq(passed[0], passed[1]);
	check_same(&world[0], &world[1]);
	ck_assert_uint_eq(world[0].m.cost_ps, world[1].m.cost_ps);
	ck_assert_uint_le(world[0].nr_asked, world[1].nr_asked);
	ram_fini(&world[0].ram);
	ram_fini(&world[1].ram);
}
END_TEST

/* As often as there are folios: the answer may be luck. */
START_TEST(young_is_asked_once)
{
	struct world *w = &world[0];
	u64 addr, nr_folios = 0;
	struct folio f;

	build(w, _i, false);
	w->m.young = young;
	for (addr = 0; addr < PHYS_END; addr = f.start + f.nr * f.sz)
		if (ram_memory_ops.folio_at(&w->m, addr, &f))
			nr_folios += f.nr;
	ck_assert_uint_eq(w->nr_young, nr_folios);
	ram_fini(&w->ram);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ram_runs");
	TCase *tc = tcase_create("ram_runs");

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, runs_are_what_is_there, 0, 40);
	tcase_add_loop_test(tc, runs_are_what_is_mapped, 0, 40);
	tcase_add_loop_test(tc, young_is_asked_once, 0, 10);
	tcase_add_loop_test(tc, one_by_one_is_the_same, 0, 400);
	return support_run(s);
}
