// SPDX-License-Identifier: GPL-2.0
/*
 * Actions on physical memory: the walk over folios, and what is counted.
 */
#include <check.h>

#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

static struct support_damos d;

static const struct page one = { .state = PAGE_FOLIO };
static const struct page four = { .state = PAGE_FOLIO, .order = 2 };

static void setup(void)
{
	support_damos_init_memory(&d, &profile_n, OPS_PADDR, 4096);
}

static void teardown(void)
{
	support_damos_fini(&d);
}

/* Act on pages of which nothing else is known; bytes done. */
static u64 act(struct scheme *s, u64 start, u64 end, u64 *passed)
{
	const struct region r = { .start = start * P, .end = end * P };

	*passed = 0;
	return ops_paddr_apply(&d.ctx, 0, &r, s, passed) / P;
}

/* The same with a memory that tells one folio at a time: alike in all. */
static void both(enum scheme_action action, u64 start, u64 end, u64 done,
		 u64 passed)
{
	struct support_memory before = d.memory, after;
	struct scheme s = support_scheme(action);
	u64 sz;

	s.target_nid = 1;
	ck_assert_uint_eq(act(&s, start, end, &sz), done);
	ck_assert_uint_eq(sz, passed * P);
	after = d.memory;
	d.memory = before;
	d.memory.runs = !before.runs;
	s = support_scheme(action);
	s.target_nid = 1;
	ck_assert_uint_eq(act(&s, start, end, &sz), done);
	ck_assert_uint_eq(sz, passed * P);
	ck_assert(support_memory_same(&after, &d.memory));
}

START_TEST(surprise_35_a_walk_drifts_and_counts_whole_folios)
{
	/* 0-3 is a hole, then folios of four pages. */
	support_memory_fill(&d.memory, 0, 4, 16, &four);
	/*
	 * It begins in the middle of the first and goes on by four, so that it
	 * is in the middle of each: 6, 10, 14; 18 is beyond.  Twelve pages
	 * were asked for, and all pages of three folios are done.
	 */
	both(SCHEME_LRU_PRIO, 6, 18, 12, 12);
	/* One page asked for is four done; more than the region. */
	both(SCHEME_LRU_PRIO, 7, 8, 4, 4);
	/* The end is in the middle of the second folio: it counts, too. */
	both(SCHEME_LRU_PRIO, 4, 9, 8, 8);
	/* Holes are passed page by page. */
	both(SCHEME_LRU_PRIO, 0, 5, 4, 4);
	both(SCHEME_LRU_PRIO, 0, 4, 0, 0);
}
END_TEST

/* What sticks out of a region is not done again by the next one. */
START_TEST(last_folio_is_remembered)
{
	struct scheme s = support_scheme(SCHEME_LRU_DEPRIO);
	u64 passed;

	support_memory_fill(&d.memory, 0, 0, 16, &four);
	ck_assert_uint_eq(act(&s, 0, 2, &passed), 4);
	ck_assert(s.has_last_applied);
	ck_assert_uint_eq(s.last_applied, 0);
	/* Two pages of the same one by one, then the second. */
	ck_assert_uint_eq(act(&s, 2, 8, &passed), 4);
	ck_assert_uint_eq(s.last_applied, 4 * P);
	/* The first is not the last any more. */
	ck_assert_uint_eq(act(&s, 0, 4, &passed), 4);
	/* What the walk ended with was a hole: nothing to remember. */
	ck_assert_uint_eq(act(&s, 12, 18, &passed), 4);
	ck_assert(!s.has_last_applied);
	ck_assert_uint_eq(act(&s, 12, 16, &passed), 4);
	/* Passing over it leaves it as the last. */
	ck_assert_uint_eq(act(&s, 12, 16, &passed), 0);
	ck_assert_uint_eq(s.last_applied, 12 * P);
}
END_TEST

/* Also where a later walk comes to it from below, in the middle of a run. */
START_TEST(last_folio_is_remembered_within_a_run)
{
	struct scheme s;
	u64 passed;
	u32 runs;

	support_memory_fill(&d.memory, 0, 0, 32, &four);
	for (runs = 0; runs < 2; runs++) {
		d.memory.runs = runs;
		s = support_scheme(SCHEME_LRU_PRIO);
		ck_assert_uint_eq(act(&s, 8, 16, &passed), 8);
		ck_assert_uint_eq(s.last_applied, 12 * P);
		/* All but that one. */
		ck_assert_uint_eq(act(&s, 0, 32, &passed), 28);
		s = support_scheme(SCHEME_LRU_PRIO);
		ck_assert_uint_eq(act(&s, 8, 16, &passed), 8);
		/* Met in the middle of folios: two pages of it are passed. */
		ck_assert_uint_eq(act(&s, 2, 32, &passed), 28);
	}
}
END_TEST

START_TEST(older_cores_do_not_remember)
{
	struct scheme s = support_scheme(SCHEME_LRU_DEPRIO);
	u64 passed;

	d.ctx.profile = &profile_d;
	support_memory_fill(&d.memory, 0, 0, 16, &four);
	ck_assert_uint_eq(act(&s, 0, 2, &passed), 4);
	ck_assert_uint_eq(act(&s, 2, 6, &passed), 4);
	ck_assert_uint_eq(passed, 0);
}
END_TEST

START_TEST(a_pass_forgets_the_last_folio)
{
	struct scheme *s = support_damos_add(&d, SCHEME_LRU_DEPRIO);

	support_memory_fill(&d.memory, 0, 0, 16, &four);
	support_target_is(&d.ctx, { 0, 2 * P }, { 2 * P, 4 * P, 9 });
	ck_assert_int_eq(support_damos_pass(&d), 0);
	ck_assert_uint_eq(s->stat.nr_tried, 2);
	ck_assert_uint_eq(s->stat.sz_tried, 4 * P);
	ck_assert_uint_eq(s->stat.nr_applied, 1);
	ck_assert_uint_eq(s->stat.sz_applied, 4 * P);
	ck_assert(!s->has_last_applied);
}
END_TEST

START_TEST(each_action_does_its_own)
{
	static const struct page young = { .state = PAGE_FOLIO,
					   .young = true,
					   .nid = 1 };
	static const u64 done[NR_SCHEME_ACTIONS] = {
		[SCHEME_PAGEOUT] = 2,	   [SCHEME_LRU_PRIO] = 5,
		[SCHEME_LRU_DEPRIO] = 5,   [SCHEME_MIGRATE_HOT] = 2,
		[SCHEME_MIGRATE_COLD] = 2,
	};
	static const u64 passed[NR_SCHEME_ACTIONS] = {
		[SCHEME_PAGEOUT] = 2,	   [SCHEME_LRU_PRIO] = 5,
		[SCHEME_LRU_DEPRIO] = 5,   [SCHEME_MIGRATE_HOT] = 5,
		[SCHEME_MIGRATE_COLD] = 5,
	};
	u32 action;

	for (action = 0; action < NR_SCHEME_ACTIONS; action++) {
		support_memory_init(&d.memory, 2, 4096, action % 2);
		/* Two on node 0; three young ones are there already. */
		support_memory_fill(&d.memory, 0, 0, 2, &one);
		support_memory_fill(&d.memory, 0, 2, 3, &young);
		both(action, 0, 8, done[action], passed[action]);
		ck_assert_uint_eq(d.memory.page[0][0].active,
				  action == SCHEME_LRU_PRIO);
		ck_assert_uint_eq(d.memory.page[0][0].state == PAGE_HOLE,
				  action == SCHEME_PAGEOUT);
		ck_assert_uint_eq(d.memory.page[0][0].nid,
				  action == SCHEME_MIGRATE_HOT ||
					  action == SCHEME_MIGRATE_COLD);
		/* Reclaim asks who is young, and with that they are not. */
		ck_assert_uint_eq(d.memory.page[0][2].young,
				  action != SCHEME_PAGEOUT);
	}
}
END_TEST

/* A user who asks for young ones gets just that. */
START_TEST(reclaim_spares_the_young_unless_told)
{
	static const struct page young = { .state = PAGE_FOLIO, .young = true };
	struct filter filter = { .type = FILTER_YOUNG,
				 .matching = true,
				 .allow = true };
	struct scheme *s = support_damos_add(&d, SCHEME_PAGEOUT);
	u64 passed;

	support_memory_fill(&d.memory, 0, 0, 4, &young);
	support_memory_fill(&d.memory, 0, 4, 4, &one);
	ck_assert_int_eq(scheme_add_filter(s, &filter), 0);
	scheme_set_default_reject(s);
	ck_assert_uint_eq(act(s, 0, 8, &passed), 4);
	ck_assert_uint_eq(d.memory.page[0][0].state, PAGE_HOLE);
	ck_assert_uint_eq(d.memory.page[0][4].state, PAGE_FOLIO);
}
END_TEST

START_TEST(counting_needs_filters)
{
	struct filter filter = { .type = FILTER_ANON, .matching = true };
	struct scheme *s = support_damos_add(&d, SCHEME_STAT);
	u64 passed;

	support_memory_fill(&d.memory, 0, 0, 8, &four);
	ck_assert_uint_eq(act(s, 0, 8, &passed), 0);
	ck_assert_uint_eq(passed, 0);
	ck_assert(!s->has_last_applied);
	ck_assert_int_eq(scheme_add_filter(s, &filter), 0);
	ck_assert_uint_eq(act(s, 0, 8, &passed), 0);
	ck_assert_uint_eq(passed, 8 * P);
	ck_assert_uint_eq(s->last_applied, 4 * P);
	/* And where nothing that passed is counted. */
	d.ctx.profile = &profile_d;
	ck_assert_uint_eq(act(s, 0, 8, &passed), 0);
	ck_assert_uint_eq(passed, 0);
}
END_TEST

START_TEST(surprise_36_destinations_are_for_processes_only)
{
	struct scheme *s = support_damos_add(&d, SCHEME_MIGRATE_COLD);
	u64 passed;

	support_memory_fill(&d.memory, 0, 0, 8, &one);
	ck_assert_int_eq(scheme_add_dest(s, 1, 1), 0);
	ck_assert_uint_eq(act(s, 0, 8, &passed), 0);
	ck_assert_uint_eq(passed, 8 * P);
	s->has_last_applied = false;
	s->target_nid = 1;
	ck_assert_uint_eq(act(s, 0, 4, &passed), 4);
}
END_TEST

START_TEST(migration_needs_room_there)
{
	struct scheme *s = support_damos_add(&d, SCHEME_MIGRATE_HOT);
	u64 passed, i;

	support_memory_fill(&d.memory, 0, 0, 8, &one);
	s->target_nid = 1;
	d.memory.node[1].nr_free = 3;
	ck_assert_uint_eq(act(s, 0, 8, &passed), 3);
	ck_assert_uint_eq(passed, 8 * P);
	/* The last ones of a run get the room. */
	for (i = 0; i < 8; i++)
		ck_assert_int_eq(d.memory.page[0][i].nid, i >= 5);
	/* No such node, or one without memory. */
	s->has_last_applied = false;
	s->target_nid = 2;
	ck_assert_uint_eq(act(s, 0, 8, &passed), 0);
	s->has_last_applied = false;
	s->target_nid = -1;
	ck_assert_uint_eq(act(s, 0, 8, &passed), 0);
	ck_assert_uint_eq(passed, 8 * P);
}
END_TEST

/* Each stretch of one node is handed over by itself, its last folios first. */
START_TEST(migration_goes_node_by_node)
{
	static const struct page there = { .state = PAGE_FOLIO, .nid = 1 };
	struct scheme *s = support_damos_add(&d, SCHEME_MIGRATE_HOT);
	u64 passed, i;

	d.memory.runs = false;
	support_memory_fill(&d.memory, 0, 0, 4, &one);
	support_memory_fill(&d.memory, 0, 4, 2, &there);
	support_memory_fill(&d.memory, 0, 6, 4, &one);
	s->target_nid = 1;
	d.memory.node[1].nr_free = 5;
	ck_assert_uint_eq(act(s, 0, 10, &passed), 5);
	for (i = 0; i < 10; i++)
		ck_assert_int_eq(d.memory.page[0][i].nid, i < 6 || i == 9);
}
END_TEST

START_TEST(sizes_are_in_address_units)
{
	struct scheme *s = support_damos_add(&d, SCHEME_LRU_PRIO);
	const struct region r = { .start = 2, .end = 4 };
	u64 passed;

	support_memory_fill(&d.memory, 0, 0, 8, &one);
	ck_assert_int_eq(context_set_addr_unit(&d.ctx, 2 * P, true), 0);
	passed = 0;
	ck_assert_uint_eq(ops_paddr_apply(&d.ctx, 0, &r, s, &passed), 2);
	/* Half a unit each: nothing, one by one. */
	ck_assert_uint_eq(passed, 0);
	ck_assert(!d.memory.page[0][3].active);
	ck_assert(d.memory.page[0][4].active);
	ck_assert(d.memory.page[0][7].active);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ops_paddr");
	TCase *tc = tcase_create("ops_paddr");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, surprise_35_a_walk_drifts_and_counts_whole_folios);
	tcase_add_test(tc, last_folio_is_remembered);
	tcase_add_test(tc, last_folio_is_remembered_within_a_run);
	tcase_add_test(tc, older_cores_do_not_remember);
	tcase_add_test(tc, a_pass_forgets_the_last_folio);
	tcase_add_test(tc, each_action_does_its_own);
	tcase_add_test(tc, reclaim_spares_the_young_unless_told);
	tcase_add_test(tc, counting_needs_filters);
	tcase_add_test(tc, surprise_36_destinations_are_for_processes_only);
	tcase_add_test(tc, migration_needs_room_there);
	tcase_add_test(tc, migration_goes_node_by_node);
	tcase_add_test(tc, sizes_are_in_address_units);
	return support_run(s);
}
