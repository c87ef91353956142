// SPDX-License-Identifier: GPL-2.0
/*
 * Actions on a process's memory: advice, migration by weight, counting.
 */
#include <check.h>

#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

static struct support_damos d;

static const struct page one = { .state = PAGE_FOLIO, .mapped = true };
static const struct page absent = { .state = PAGE_ABSENT };

static void setup(void)
{
	support_damos_init_memory(&d, &profile_n, OPS_VADDR, 8192);
	support_target_is(&d.ctx, { 0, 4096 * P });
	support_target_is(&d.ctx, { 0, 4096 * P });
	d.ctx.targets[0].tgid = 1;
	d.ctx.targets[1].tgid = 2;
}

static void teardown(void)
{
	support_damos_fini(&d);
}

static u64 act(struct scheme *s, u32 target, u64 start, u64 end, u64 *passed)
{
	const struct region r = { .start = start * P, .end = end * P };

	*passed = 0;
	return ops_vaddr_apply(&d.ctx, target, &r, s, passed) / P;
}

START_TEST(advice_is_all_or_nothing)
{
	static const enum scheme_action action[] = {
		SCHEME_WILLNEED, SCHEME_COLD,	    SCHEME_PAGEOUT,
		SCHEME_HUGEPAGE, SCHEME_NOHUGEPAGE, SCHEME_COLLAPSE
	};
	struct scheme s;
	u64 passed;
	u32 i;

	for (i = 0; i < 6; i++) {
		support_memory_init(&d.memory, 1, 100, i % 2);
		support_memory_fill(&d.memory, 1, 0, 8, &one);
		support_memory_fill(&d.memory, 1, 8, 8, &absent);
		s = support_scheme(action[i]);
		ck_assert_uint_eq(act(&s, 0, 4, 12, &passed), 8);
		ck_assert_uint_eq(act(&s, 0, 4, 17, &passed), 0);
		ck_assert_uint_eq(passed, 0);
		/* Reclaimed is absent; neither is what was not asked for. */
		ck_assert_int_eq(d.memory.page[1][4].state,
				 action[i] == SCHEME_PAGEOUT ? PAGE_ABSENT :
							       PAGE_FOLIO);
		ck_assert_int_eq(d.memory.page[1][3].state, PAGE_FOLIO);
	}
}
END_TEST

START_TEST(some_actions_are_for_physical_memory)
{
	struct scheme s = support_scheme(SCHEME_LRU_PRIO);
	u64 passed;

	support_memory_fill(&d.memory, 1, 0, 8, &one);
	ck_assert_uint_eq(act(&s, 0, 0, 8, &passed), 0);
	s = support_scheme(SCHEME_LRU_DEPRIO);
	ck_assert_uint_eq(act(&s, 0, 0, 8, &passed), 0);
	/* And some came with newer cores. */
	d.ctx.profile = &profile_d;
	s = support_scheme(SCHEME_MIGRATE_HOT);
	s.target_nid = 1;
	ck_assert_uint_eq(act(&s, 0, 0, 8, &passed), 0);
	s = support_scheme(SCHEME_COLLAPSE);
	ck_assert_uint_eq(act(&s, 0, 0, 8, &passed), 0);
}
END_TEST

START_TEST(surprise_36_a_process_has_destinations_or_a_node)
{
	struct scheme *s = support_damos_add(&d, SCHEME_MIGRATE_HOT);
	u64 passed, i;

	support_memory_fill(&d.memory, 1, 0, 12, &one);
	s->target_nid = 1;
	ck_assert_uint_eq(act(s, 0, 0, 3, &passed), 3);
	/* Migration never tells what passed. */
	ck_assert_uint_eq(passed, 0);
	/* Three to node 0, where they are; one to node 1; and so on. */
	ck_assert_int_eq(scheme_add_dest(s, 0, 3), 0);
	ck_assert_int_eq(scheme_add_dest(s, 1, 1), 0);
	ck_assert_uint_eq(act(s, 0, 3, 12, &passed), 3);
	for (i = 3; i < 12; i++)
		ck_assert_int_eq(d.memory.page[1][i].nid, i % 4 == 3);
	/* No weight at all: nowhere. */
	s->dest[0].weight = s->dest[1].weight = 0;
	ck_assert_uint_eq(act(s, 0, 3, 12, &passed), 0);
}
END_TEST

/* Destinations go by the place in the mapping, counted in folios. */
START_TEST(destination_is_by_place_in_the_mapping)
{
	static const struct page four = { .state = PAGE_FOLIO,
					  .order = 2,
					  .mapped = true };
	struct scheme *s = support_damos_add(&d, SCHEME_MIGRATE_HOT);
	u64 passed, i;

	/* A mapping that begins in the middle of a folio, at page 6. */
	support_memory_fill(&d.memory, 1, 4, 16, &four);
	for (i = 4; i < 20; i++)
		d.memory.page[1][i].vma = 6;
	ck_assert_int_eq(scheme_add_dest(s, 0, 1), 0);
	ck_assert_int_eq(scheme_add_dest(s, 1, 1), 0);
	/*
	 * The walk is at 6, 10, 14 and 18, where the mapping has 0, 1, 2 and 3
	 * folios behind; its first page is 6, which is in folio 1 of the file.
	 */
	ck_assert_uint_eq(act(s, 0, 6, 20, &passed), 8);
	ck_assert_int_eq(d.memory.page[1][4].nid, 1);
	ck_assert_int_eq(d.memory.page[1][8].nid, 0);
	ck_assert_int_eq(d.memory.page[1][12].nid, 1);
	ck_assert_int_eq(d.memory.page[1][16].nid, 0);
}
END_TEST

START_TEST(huge_pages_are_one_step)
{
	static const struct page huge = { .state = PAGE_FOLIO,
					  .order = 9,
					  .mapped = true };
	struct scheme *s = support_damos_add(&d, SCHEME_MIGRATE_COLD);
	u64 passed;

	support_memory_fill(&d.memory, 1, 512, 1536, &huge);
	s->target_nid = 1;
	/* From the middle of one to the begin of another: no drift. */
	ck_assert_uint_eq(act(s, 0, 700, 1024, &passed), 512);
	ck_assert_int_eq(d.memory.page[1][512].nid, 1);
	ck_assert_int_eq(d.memory.page[1][1024].nid, 0);
	ck_assert_uint_eq(act(s, 0, 700, 1025, &passed), 512);
	ck_assert_int_eq(d.memory.page[1][1024].nid, 1);
}
END_TEST

/* The first one by where the walk is, the next ones by where they begin. */
START_TEST(destination_of_huge_pages)
{
	static const struct page huge = { .state = PAGE_FOLIO,
					  .order = 9,
					  .mapped = true };
	struct scheme *s = support_damos_add(&d, SCHEME_MIGRATE_HOT);
	u64 passed;
	u32 i, n;

	ck_assert_int_eq(scheme_add_dest(s, 0, 2), 0);
	ck_assert_int_eq(scheme_add_dest(s, 1, 2), 0);
	for (i = 0; i < 2; i++) {
		support_memory_init(&d.memory, 2, 8192, i);
		support_memory_fill(&d.memory, 1, 512, 1536, &huge);
		support_memory_fill(&d.memory, 2, 512, 1536, &huge);
		/* The mapping begins 100 pages into the first one. */
		for (n = 512; n < 2048; n++)
			d.memory.page[1][n].vma = 612;
		/* 612 is in file page 1; 1150 is one more, 1536 is one more. */
		act(s, 0, 1150, 2048, &passed);
		ck_assert_int_eq(d.memory.page[1][512].nid, 0);
		ck_assert_int_eq(d.memory.page[1][1024].nid, 1);
		ck_assert_int_eq(d.memory.page[1][1536].nid, 1);
		/* Met before the first whole one of the mapping. */
		act(s, 0, 1030, 2048, &passed);
		ck_assert_int_eq(d.memory.page[1][1024].nid, 0);
		ck_assert_int_eq(d.memory.page[1][1536].nid, 1);
	}
}
END_TEST

static void count_pages(bool runs)
{
	struct filter filter = { .type = FILTER_ANON, .matching = true };
	struct scheme *s = support_damos_add(&d, SCHEME_STAT);
	u64 passed;

	d.memory.runs = runs;
	support_memory_fill(&d.memory, 1, 0, 12, &one);
	support_memory_fill(&d.memory, 2, 0, 12, &one);
	ck_assert_uint_eq(act(s, 0, 0, 8, &passed), 0);
	ck_assert_uint_eq(passed, 0);
	ck_assert_int_eq(scheme_add_filter(s, &filter), 0);
	ck_assert_uint_eq(act(s, 0, 0, 8, &passed), 0);
	ck_assert_uint_eq(passed, 8 * P);
	/* Only the one that was the last is known. */
	act(s, 0, 7, 12, &passed);
	ck_assert_uint_eq(passed, 4 * P);
	/* When the walk comes back to it, others have been the last. */
	act(s, 0, 0, 12, &passed);
	ck_assert_uint_eq(passed, 12 * P);
	/* In another process there is another one at that place. */
	act(s, 1, 11, 12, &passed);
	ck_assert_uint_eq(passed, 1 * P);
}

START_TEST(what_passes_is_counted)
{
	count_pages(true);
	context_drop_schemes(&d.ctx, 0);
	support_memory_init(&d.memory, 2, 8192, false);
	count_pages(false);
}
END_TEST

/* A folio that was counted is passed to its end, page by page. */
START_TEST(counting_ends_what_it_knows)
{
	static const struct page four = { .state = PAGE_FOLIO, .order = 2 };
	struct filter filter = { .type = FILTER_ANON, .matching = true };
	struct scheme *s = support_damos_add(&d, SCHEME_STAT);
	u64 passed;
	u32 i;

	ck_assert_int_eq(scheme_add_filter(s, &filter), 0);
	support_memory_fill(&d.memory, 1, 0, 16, &four);
	for (i = 0; i < 2; i++) {
		d.memory.runs = i;
		s->has_last_applied = false;
		act(s, 0, 0, 2, &passed);
		ck_assert_uint_eq(passed, 4 * P);
		/* From 2 to 4 by pages, then folios at 4 and at 8. */
		act(s, 0, 2, 9, &passed);
		ck_assert_uint_eq(passed, 8 * P);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ops_vaddr");
	TCase *tc = tcase_create("ops_vaddr");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, advice_is_all_or_nothing);
	tcase_add_test(tc, some_actions_are_for_physical_memory);
	tcase_add_test(tc, surprise_36_a_process_has_destinations_or_a_node);
	tcase_add_test(tc, destination_is_by_place_in_the_mapping);
	tcase_add_test(tc, huge_pages_are_one_step);
	tcase_add_test(tc, destination_of_huge_pages);
	tcase_add_test(tc, what_passes_is_counted);
	tcase_add_test(tc, counting_ends_what_it_knows);
	return support_run(s);
}
