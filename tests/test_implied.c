// SPDX-License-Identifier: GPL-2.0
/*
 * The memory that a capture implies against one that keeps every page apart:
 * whatever is done, both are the same page by page, and no page is lost.
 */
#include <check.h>
#include <string.h>

#include "replay/implied.h"
#include "support_check.h"

#define PAGES 4096u /* 8 blocks */
#define TGID 7

/* What is known of a page, kept the plain way. */
struct page {
	bool there;
	bool out;
	bool active;
	bool young;
	u8 nid;
	u8 scheme;
};

static struct page model[PAGES];
static struct range range[2];
static struct space space;
static struct implied_area area;
static struct implied m;
static u64 luck;

static u64 draw(u64 below)
{
	luck ^= luck << 13;
	luck ^= luck >> 7;
	luck ^= luck << 17;
	return (luck >> 11) % below;
}

static void begin(bool fixed, u32 nr_nodes)
{
	u64 i;

	/* In the middle of blocks, with a hole between. */
	range[0] = (struct range){ 100 * PAGE_BYTES, 1700 * PAGE_BYTES };
	range[1] = (struct range){ 1800 * PAGE_BYTES, 4000 * PAGE_BYTES };
	space = (struct space){ .range = range, .nr = 2 };
	area = (struct implied_area){ .tgid = fixed ? 0 : TGID,
				      .space = &space,
				      .fixed = range,
				      .nr_fixed = fixed ? 2 : 0 };
	implied_init(&m, nr_nodes, fixed, 1 << 20);
	m.area = &area;
	m.nr_areas = 1;
	for (i = 0; i < PAGES; i++)
		model[i] = (struct page){
			.there = (i >= 100 && i < 1700) ||
				 (i >= 1800 && i < 4000),
			.nid = fixed ? i >= 1800 : i / 512 % nr_nodes,
		};
	luck = 88172645463325252ULL;
}

/* A run that begins at a page, as walks are told it; 0 pages: a hole. */
static u64 run_at(u32 i, struct folio *f)
{
	struct mapped_folio mapped;
	enum mapped what;

	if (!area.tgid)
		return implied_ops.folio_at(&m, i * PAGE_BYTES, f) ? f->nr : 0;
	what = implied_ops.mapped_at(&m, TGID, i * PAGE_BYTES, &mapped);
	*f = mapped.folio;
	ck_assert_int_eq(what == MAPPED_HOLE, !model[i].there);
	if (what != MAPPED_HOLE)
		ck_assert_uint_eq(mapped.vma_pgoff,
				  mapped.vma_start / PAGE_BYTES);
	return what == MAPPED_FOLIO ? f->nr : 0;
}

/* What runs say of each page, from one to the next or page by page. */
static void compare(bool each)
{
	struct folio f;
	u64 nr, j;
	u64 i;

	for (i = 0; i < PAGES; i += each ? 1 : f.nr) {
		nr = run_at(i, &f);
		ck_assert_uint_ge(f.nr, 1);
		ck_assert_int_eq(nr != 0, model[i].there && !model[i].out);
		for (j = 0; j < (each ? 1 : f.nr) && i + j < PAGES; j++) {
			const struct page *p = &model[i + j];

			ck_assert_int_eq(nr != 0, p->there && !p->out);
			if (!nr)
				continue;
			ck_assert_int_eq(f.nid, p->nid);
			ck_assert_int_eq(f.active, p->active);
			ck_assert_int_eq(f.young, p->young);
		}
	}
}

/* Something to a run of pages, to both. */
static void act(u32 nr_nodes)
{
	u32 i = draw(PAGES), what = draw(6), nid = draw(nr_nodes);
	struct folio f;
	u64 nr, j;

	if (what == 5) {
		s32 on = implied_touch(&m, area.tgid, i * PAGE_BYTES + 5);

		ck_assert_int_eq(on, model[i].there ? model[i].nid : -1);
		model[i].young = model[i].there;
		model[i].out = false;
		return;
	}
	nr = run_at(i, &f);
	if (!nr)
		return;
	f.nr = nr = 1 + draw(nr);
	m.scheme = draw(3);
	switch (what) {
	case 0:
		ck_assert_uint_eq(implied_ops.migrate(&m, area.tgid, &f, nid),
				  nr * PAGE_BYTES);
		break;
	case 1:
		ck_assert_uint_eq(implied_ops.pageout(&m, area.tgid, &f),
				  nr * PAGE_BYTES);
		break;
	case 2:
		implied_ops.clear_young(&m, area.tgid, &f);
		break;
	default:
		implied_ops.set_active(&m, area.tgid, &f, what == 3);
	}
	for (j = i; j < i + nr; j++) {
		struct page *p = &model[j];

		p->nid = what == 0 ? nid : p->nid;
		p->out |= what == 1;
		p->young &= what != 1 && what != 2;
		p->active = what > 2 ? what == 3 : p->active;
	}
}

static void compare_totals(u32 nr_nodes)
{
	u64 nr[IMPLIED_NODES_MAX], want[IMPLIED_NODES_MAX] = { 0 }, out = 0;
	struct memory_totals totals;
	u64 active = 0, all = 0;
	u64 i;

	for (i = 0; i < PAGES; i++) {
		out += model[i].there && model[i].out;
		if (!model[i].there || model[i].out)
			continue;
		want[model[i].nid]++;
		active += model[i].active;
		all++;
	}
	ck_assert_uint_eq(implied_on_node(&m, nr), out);
	for (i = 0; i < nr_nodes; i++)
		ck_assert_uint_eq(nr[i], want[i]);
	/* 1600 and 2200 pages, wherever they are. */
	ck_assert_uint_eq(all + out, 3800);
	implied_ops.totals(&m, &totals);
	ck_assert_uint_eq(totals.nr_active, active);
	ck_assert_uint_eq(totals.nr_inactive, all - active);
	ck_assert_uint_eq(totals.nr_pages, 1 << 20);
	ck_assert_uint_eq(totals.nr_free, (1 << 20) - all);
}

START_TEST(same_as_page_by_page)
{
	bool fixed = _i & 1;
	u32 nr_nodes = fixed ? 2 : 1 + _i / 2, round, i;

	begin(fixed, nr_nodes);
	compare(true);
	for (round = 0; round < 8; round++) {
		for (i = 0; i < 100; i++)
			act(nr_nodes);
		compare(false);
		compare_totals(nr_nodes);
	}
	compare(true);
	implied_fini(&m);
}
END_TEST

/* A sample on a page that is out: who took it is told, once. */
START_TEST(refaults_are_the_takers)
{
	struct folio f;

	begin(false, 1);
	run_at(200, &f);
	f.nr = 10;
	m.scheme = 2;
	implied_ops.pageout(&m, TGID, &f);
	implied_touch(&m, TGID, 203 * PAGE_BYTES);
	implied_touch(&m, TGID, 203 * PAGE_BYTES);
	implied_touch(&m, TGID, 300 * PAGE_BYTES);
	ck_assert_uint_eq(m.nr_refaults[2], 1);
	ck_assert_uint_eq(m.nr_refaults[0], 0);
	ck_assert_uint_eq(m.nr_samples[0], 3);
	ck_assert_int_eq(implied_touch(&m, TGID + 1, 203 * PAGE_BYTES), -1);
	implied_fini(&m);
}
END_TEST

START_TEST(nodes)
{
	struct memory_node node;
	u64 nr;

	begin(true, 2);
	ck_assert(implied_ops.node(&m, 1, NULL));
	ck_assert(!implied_ops.node(&m, 2, NULL));
	ck_assert(!implied_ops.node(&m, -1, NULL));
	ck_assert(implied_ops.node(&m, 1, &node));
	ck_assert_uint_eq(node.nr_pages, 1 << 19);
	ck_assert_uint_eq(node.nr_pages - node.nr_free, 2200);
	ck_assert(implied_ops.memcg_pages(&m, 0, 0, &nr));
	ck_assert_uint_eq(nr, 1600);
	ck_assert_msg(!implied_ops.memcg_pages(&m, 0, 9, &nr), "no such group");
	implied_fini(&m);
}
END_TEST

/* What no capture tells: probes are not to take it for known. */
START_TEST(what_is_assumed)
{
	struct folio f;

	begin(true, 1);
	ck_assert(implied_ops.folio_at(&m, 100 * PAGE_BYTES, &f));
	ck_assert_uint_eq(f.unknown, FOLIO_ANON | FOLIO_MEMCG | FOLIO_SZ);
	implied_fini(&m);
}
END_TEST

/* What is learnt of the space later is there from then on. */
START_TEST(space_grows)
{
	struct folio f;

	begin(false, 1);
	space.nr = 1;
	model[2000].there = false;
	ck_assert_uint_eq(run_at(2000, &f), 0);
	space.nr = 2;
	model[2000].there = true;
	ck_assert_uint_ne(run_at(2000, &f), 0);
	implied_fini(&m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("implied");
	TCase *tc = tcase_create("implied");

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, same_as_page_by_page, 0, 6);
	tcase_add_test(tc, refaults_are_the_takers);
	tcase_add_test(tc, nodes);
	tcase_add_test(tc, what_is_assumed);
	tcase_add_test(tc, space_grows);
	return support_run(s);
}
