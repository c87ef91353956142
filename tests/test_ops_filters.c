// SPDX-License-Identifier: GPL-2.0
/*
 * Filters of the operations: first that decides, default, side effects.
 */
#include <check.h>

#include <linux/errno.h>

#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

static struct support_damos d;
static struct scheme *s;

static void setup(void)
{
	support_damos_init_memory(&d, &profile_n, OPS_PADDR, 4096);
	s = support_damos_add(&d, SCHEME_STAT);
}

static void teardown(void)
{
	support_damos_fini(&d);
}

static void add(struct filter f)
{
	ck_assert_int_eq(scheme_add_filter(s, &f), 0);
	scheme_set_default_reject(s);
}

static bool passes(struct folio f)
{
	return ops_filter_folios(&d.ctx, 0, s, &f, false);
}

#define FOLIO(...) ((struct folio){ .nr = 1, __VA_ARGS__ })

static void only(struct filter f)
{
	context_drop_schemes(&d.ctx, 0);
	s = support_damos_add(&d, SCHEME_STAT);
	add(f);
}

START_TEST(each_type_looks_at_its_own)
{
	struct filter f = { .matching = true, .allow = true };

	f.type = FILTER_ANON;
	only(f);
	ck_assert(passes(FOLIO(.anon = true)));
	ck_assert(!passes(FOLIO()));
	f.type = FILTER_ACTIVE;
	only(f);
	ck_assert(passes(FOLIO(.active = true)));
	ck_assert(!passes(FOLIO()));
	f.type = FILTER_YOUNG;
	only(f);
	ck_assert(passes(FOLIO(.young = true)));
	ck_assert(!passes(FOLIO()));
	f.type = FILTER_UNMAPPED;
	only(f);
	ck_assert(passes(FOLIO()));
	ck_assert(!passes(FOLIO(.mapped = true)));
	f.type = FILTER_MEMCG;
	f.memcg = 2;
	only(f);
	ck_assert(passes(FOLIO(.memcg = 2)));
	ck_assert(!passes(FOLIO(.memcg = 1)));
	f.type = FILTER_HUGEPAGE_SZ;
	f.hugepage_sz = (struct filter_bounds){ 4 * P, 16 * P };
	only(f);
	ck_assert(!passes(FOLIO(.sz = 2 * P)));
	ck_assert(passes(FOLIO(.sz = 4 * P)));
	ck_assert(passes(FOLIO(.sz = 16 * P)));
	ck_assert(!passes(FOLIO(.sz = 32 * P)));
}
END_TEST

/* Both switches, with what each lets pass of anonymous and of other folios. */
START_TEST(matching_and_allow)
{
	static const struct {
		bool matching, allow, anon, other;
	} row[] = {
		{ true, true, true, false },
		{ true, false, false, true },
		{ false, true, false, true },
		{ false, false, true, false },
	};
	u32 i;

	for (i = 0; i < 4; i++) {
		only((struct filter){ .type = FILTER_ANON,
				      .matching = row[i].matching,
				      .allow = row[i].allow });
		ck_assert(passes(FOLIO(.anon = true)) == row[i].anon);
		ck_assert(passes(FOLIO()) == row[i].other);
	}
}
END_TEST

START_TEST(first_that_matches_decides)
{
	add((struct filter){
		.type = FILTER_ANON, .matching = true, .allow = true });
	add((struct filter){ .type = FILTER_ACTIVE, .matching = true });
	ck_assert(passes(FOLIO(.anon = true, .active = true)));
	ck_assert(!passes(FOLIO(.active = true)));
	/* The last one rejects, so what nobody speaks of passes. */
	ck_assert(passes(FOLIO()));
}
END_TEST

START_TEST(the_last_one_makes_the_default)
{
	add((struct filter){ .type = FILTER_ACTIVE, .matching = true });
	add((struct filter){
		.type = FILTER_ANON, .matching = true, .allow = true });
	ck_assert(!passes(FOLIO()));
	ck_assert(s->ops_filters.default_reject);
	ck_assert(!s->core_filters.default_reject);
}
END_TEST

/* A filter of the core that allows lets pass what these would keep out. */
START_TEST(allowed_by_the_core_is_not_asked)
{
	add((struct filter){ .type = FILTER_ANON, .matching = false });
	ck_assert(!passes(FOLIO()));
	s->core_filters_allowed = true;
	ck_assert(passes(FOLIO()));
	/* Nor is the one that reclaim adds. */
	ck_assert(ops_filter_folios(&d.ctx, 0, s,
				    &FOLIO(.young = true, .anon = true), true));
}
END_TEST

/* Who asks whether it was accessed makes it old for who asks next. */
START_TEST(the_second_to_ask_finds_it_old)
{
	static const struct page young = { .state = PAGE_FOLIO, .young = true };
	struct folio f = FOLIO(.sz = P, .young = true);

	support_memory_fill(&d.memory, 0, 0, 1, &young);
	add((struct filter){ .type = FILTER_YOUNG, .matching = false });
	add((struct filter){ .type = FILTER_YOUNG, .matching = true });
	ck_assert(ops_filter_folios(&d.ctx, 0, s, &f, false));
	ck_assert(!f.young);
	ck_assert(!d.memory.page[0][0].young);
}
END_TEST

START_TEST(bounds_are_checked)
{
	struct filter f = { .type = FILTER_ADDR,
			    .addr = { .min = 2, .max = 1 } };

	ck_assert_int_eq(scheme_add_filter(s, &f), -EINVAL);
	f.addr.max = 2;
	ck_assert_int_eq(scheme_add_filter(s, &f), 0);
	f.type = FILTER_HUGEPAGE_SZ;
	f.hugepage_sz = (struct filter_bounds){ 2, 1 };
	ck_assert_int_eq(scheme_add_filter(s, &f), -EINVAL);
	ck_assert_uint_eq(s->core_filters.nr, 1);
	ck_assert_uint_eq(s->ops_filters.nr, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ops_filters");
	TCase *tc = tcase_create("ops_filters");

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, each_type_looks_at_its_own);
	tcase_add_test(tc, matching_and_allow);
	tcase_add_test(tc, first_that_matches_decides);
	tcase_add_test(tc, the_last_one_makes_the_default);
	tcase_add_test(tc, allowed_by_the_core_is_not_asked);
	tcase_add_test(tc, the_second_to_ask_finds_it_old);
	tcase_add_test(tc, bounds_are_checked);
	return support_run(suite);
}
