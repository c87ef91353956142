// SPDX-License-Identifier: GPL-2.0
/*
 * Probes: what hits, what is counted, what weights change in merging, ageing,
 * ticks and commits.
 */
#include <check.h>
#include <string.h>

#include <linux/errno.h>

#include "damon/context_commit.h"
#include "damon/kdamond.h"
#include "damon/merge.h"
#include "damon/split.h"
#include "damon/access.h"
#include "support_check.h"
#include "support_damon.h"
#include "support_damos.h"

static struct support_damos d, in;
static struct kdamond k;

static u32 check_accesses(struct context *ctx, bool need_max)
{
	support_damos_hear(&d, "check ");
	return need_max ? context_max_nr_accesses(ctx) : 0;
}

static void prepare(struct context *ctx)
{
	support_damos_hear(&d, "prepare ");
}

static void prep(struct context *ctx)
{
	support_damos_hear(&d, "prep ");
	probe_paddr_prep(ctx);
}

static u32 apply(struct context *ctx, bool need_max)
{
	support_damos_hear(&d, need_max ? "max " : "apply ");
	return probe_paddr_apply(ctx, need_max);
}

static void init(struct support_damos *s, const struct profile *profile)
{
	support_damos_init_memory(s, profile, OPS_PADDR, 100);
	s->ctx.attrs.sample_us = 10;
	s->ctx.attrs.aggr_us = 40;
	s->ctx.attrs.max_nr_regions = 4;
	s->ops.check_accesses = check_accesses;
	s->ops.prepare_access_checks = prepare;
	s->ops.prep_probes = prep;
	s->ops.apply_probes = apply;
}

static void setup(void)
{
	init(&d, &profile_n);
	init(&in, &profile_n);
}

static void teardown(void)
{
	context_fini(&d.ctx);
	context_fini(&in.ctx);
}

static struct region *region(u32 i)
{
	return &d.ctx.targets[0].regions.at[i];
}

/* A page at 0: anonymous, of group 1, not young. */
static void lay_page(void)
{
	const struct page kind = {
		.state = PAGE_FOLIO, .memcg = 1, .anon = true, .mapped = true
	};

	support_memory_fill(&d.memory, 0, 0, 1, &kind);
}

static struct probe *add(struct support_damos *s, u32 weight)
{
	ck_assert_int_eq(probes_add(&s->ctx.probes, weight), 0);
	return &s->ctx.probes.at[s->ctx.probes.nr - 1];
}

static void add_filter(struct probe *p, enum probe_filter_type type,
		       bool matching, bool allow)
{
	const struct probe_filter f = { .type = type,
					.matching = matching,
					.allow = allow };

	ck_assert_int_eq(probe_add_filter(p, &f), 0);
}

/* What the first probe counts in one look at the page at 0. */
static u32 look(void)
{
	u32 was = region(0)->probe_hits[0];

	d.ctx.samples.drawn = false;
	probe_paddr_apply(&d.ctx, false);
	return (u8)(region(0)->probe_hits[0] - was);
}

START_TEST(no_filter_hits_whatever_there_is)
{
	support_target_is(&d.ctx, { 0, P });
	add(&d, 0);
	ck_assert_uint_eq(look(), 1);
	lay_page();
	ck_assert_uint_eq(look(), 1);
	d.ctx.memory.ops = NULL;
	ck_assert_uint_eq(look(), 1);
}
END_TEST

/* matching, allow, is there: what of it. */
START_TEST(one_filter)
{
	bool there = _i & 4, matching = _i & 2, allow = _i & 1;

	support_target_is(&d.ctx, { 0, P });
	add_filter(add(&d, 0), PROBE_FILTER_ANON, matching, allow);
	if (there)
		lay_page();
	ck_assert_uint_eq(look(), (there == matching) == allow);
}
END_TEST

START_TEST(first_filter_that_matches_decides)
{
	struct probe *p = add(&d, 0);

	support_target_is(&d.ctx, { 0, P });
	lay_page();
	add_filter(p, PROBE_FILTER_HUGEPAGE_SZ, true, false); /* not so */
	add_filter(p, PROBE_FILTER_ANON, true, true);
	add_filter(p, PROBE_FILTER_ANON, true, false);
	ck_assert_uint_eq(look(), 1);
	p->filter[1].allow = false;
	ck_assert_uint_eq(look(), 0);
	/* None matches: the last one's word is turned round. */
	p->filter[1].matching = p->filter[2].matching = false;
	ck_assert_uint_eq(look(), 1);
	p->filter[2].allow = true;
	ck_assert_uint_eq(look(), 0);
}
END_TEST

START_TEST(groups_and_sizes)
{
	static const struct {
		enum probe_filter_type type;
		struct filter_bounds sz;
		u32 memcg, hit;
	} row[] = {
		{ PROBE_FILTER_MEMCG, { 0, 0 }, 1, 1 },
		{ PROBE_FILTER_MEMCG, { 0, 0 }, 2, 0 },
		{ PROBE_FILTER_HUGEPAGE_SZ, { P, P }, 0, 1 },
		{ PROBE_FILTER_HUGEPAGE_SZ, { 0, P - 1 }, 0, 0 },
		{ PROBE_FILTER_HUGEPAGE_SZ, { P + 1, 9 * P }, 0, 0 },
	};
	struct probe_filter f = { .type = row[_i].type,
				  .matching = true,
				  .allow = true };

	if (f.type == PROBE_FILTER_MEMCG)
		f.memcg = row[_i].memcg;
	else
		f.hugepage_sz = row[_i].sz;
	ck_assert_int_eq(probe_add_filter(add(&d, 0), &f), 0);
	support_target_is(&d.ctx, { 0, P });
	lay_page();
	ck_assert_uint_eq(look(), row[_i].hit);
}
END_TEST

/* A tail is of its head's size, and a size the wrong way round is refused. */
START_TEST(tails)
{
	const struct page kind = { .state = PAGE_FOLIO, .order = 2 };
	struct probe_filter f = { .type = PROBE_FILTER_HUGEPAGE_SZ,
				  .matching = true,
				  .allow = true,
				  .hugepage_sz = { 4 * P, 4 * P } };
	struct probe *p = add(&d, 0);

	ck_assert_int_eq(probe_add_filter(p, &f), 0);
	f.hugepage_sz.max--;
	ck_assert_int_eq(probe_add_filter(p, &f), -EINVAL);
	support_memory_fill(&d.memory, 0, 4, 4, &kind);
	support_target_is(&d.ctx, { 6 * P, 7 * P });
	ck_assert_uint_eq(look(), 1);
}
END_TEST

/* Addresses that are sampled are in units, folios in bytes. */
START_TEST(units)
{
	const struct page kind = { .state = PAGE_FOLIO, .anon = true };

	ck_assert_int_eq(context_set_addr_unit(&d.ctx, 512, true), 0);
	support_target_is(&d.ctx, { 40, 48 });
	add_filter(add(&d, 0), PROBE_FILTER_ANON, true, true);
	ck_assert_uint_eq(look(), 0);
	support_memory_fill(&d.memory, 0, 5, 1, &kind);
	ck_assert_uint_eq(look(), 1);
}
END_TEST

static bool unknown_at(void *data, u64 addr, struct folio *f)
{
	*f = (struct folio){ .start = addr & -P, .sz = P, .nr = 9, .anon = 1 };
	f->unknown = *(u32 *)data;
	return true;
}

/* What a memory does not know is as if nothing were there. */
START_TEST(what_is_not_known)
{
	static const u32 bit[] = { FOLIO_ANON, FOLIO_MEMCG, FOLIO_SZ };
	const struct memory_ops ops = { .folio_at = unknown_at };
	struct probe_filter f = { .type = _i, .matching = true, .allow = true };
	u32 unknown = 7 & ~bit[_i];

	if (_i == PROBE_FILTER_HUGEPAGE_SZ)
		f.hugepage_sz = (struct filter_bounds){ P, P };
	ck_assert_int_eq(probe_add_filter(add(&d, 0), &f), 0);
	support_target_is(&d.ctx, { 0, P });
	d.ctx.memory = (struct memory){ &ops, &unknown };
	ck_assert_uint_eq(look(), 1);
	unknown = bit[_i];
	ck_assert_uint_eq(look(), 0);
	d.ctx.probes.at[0].filter[0].matching = false;
	ck_assert_uint_eq(look(), 1);
}
END_TEST

START_TEST(preparation_makes_idle)
{
	struct probe *p = add(&d, 1);

	support_target_is(&d.ctx, { 0, P });
	lay_page();
	ck_assert_int_eq(probe_add_prep(p, PROBE_PREP_SET_PGIDLE), 0);
	add_filter(p, PROBE_FILTER_PGIDLE_UNSET, true, true);
	d.memory.page[0][0].young = true;
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	kdamond_prepare(&k);
	ck_assert(!d.memory.page[0][0].young);
	kdamond_tick(&k);
	ck_assert_uint_eq(region(0)->probe_hits[0], 0);
	kdamond_prepare(&k);
	d.memory.page[0][0].young = true;
	kdamond_tick(&k);
	/* Who looks does not make it old. */
	ck_assert(d.memory.page[0][0].young);
	ck_assert_uint_eq(region(0)->probe_hits[0], 1);
}
END_TEST

/* Only the folio of the sampled page, not those that are alike. */
START_TEST(preparation_is_of_one_folio)
{
	const struct page kind = { .state = PAGE_FOLIO, .young = true };
	u32 i, idle = 0;

	support_memory_fill(&d.memory, 0, 0, 8, &kind);
	support_target_is(&d.ctx, { 0, 8 * P });
	probe_add_prep(add(&d, 1), PROBE_PREP_SET_PGIDLE);
	probe_paddr_prep(&d.ctx);
	for (i = 0; i < 8; i++)
		idle += !d.memory.page[0][i].young;
	ck_assert_uint_eq(idle, 1);
	ck_assert(!d.memory.page[0][d.ctx.samples.addr[0] / P].young);
}
END_TEST

/* One address a tick, whoever asks first, within its region, one draw each. */
START_TEST(samples)
{
	struct rng rng = d.ctx.rng;
	u64 first;
	u32 i;

	support_target_is(&d.ctx, { 0, P }, { 2 * P, 9 * P });
	support_target_is(&d.ctx, { P, 2 * P });
	add(&d, 1);
	for (i = 0; i < 50; i++) {
		d.ctx.samples.drawn = false;
		probe_paddr_prep(&d.ctx);
		first = d.ctx.samples.addr[0];
		probe_paddr_apply(&d.ctx, false);
		ck_assert_uint_eq(first, rng_range(&rng, 0, P));
		ck_assert_uint_eq(d.ctx.samples.addr[0], first);
		ck_assert_uint_eq(d.ctx.samples.addr[1],
				  rng_range(&rng, 2 * P, 9 * P));
		ck_assert_uint_eq(d.ctx.samples.addr[2],
				  rng_range(&rng, P, 2 * P));
	}
	/* Where there are other regions, there are other addresses. */
	ck_assert_int_eq(context_split_region(&d.ctx, 0, 1, 3 * P), 0);
	probe_paddr_apply(&d.ctx, false);
	ck_assert(d.ctx.samples.addr[2] >= 5 * P &&
		  d.ctx.samples.addr[2] < 9 * P);
}
END_TEST

/* 8 bits, unless weights forbid windows of more ticks than that. */
START_TEST(surprise_44_hits_wrap)
{
	u32 i;

	support_target_is(&d.ctx, { 0, P });
	add(&d, 0);
	d.ctx.attrs.aggr_us = 3000;
	d.ctx.next_aggregation_sis = 300;
	ck_assert_int_eq(context_check(&d.ctx), 0);
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	for (i = 0; i < 300; i++) {
		ck_assert_uint_eq(region(0)->probe_hits[0], i % 256);
		kdamond_prepare(&k);
		kdamond_tick(&k);
	}
	ck_assert_uint_eq(region(0)->last_probe_hits[0], 300 - 256);
	ck_assert_uint_eq(region(0)->probe_hits[0], 0);
	d.ctx.probes.at[0].weight = 1;
	ck_assert_int_eq(context_check(&d.ctx), -EINVAL);
}
END_TEST

START_TEST(surprise_44_weights_forbid_it)
{
	static const struct {
		u64 sample_us, aggr_us;
		u32 weight, other;
		int err;
	} row[] = {
		{ 10, 2550, 1, 0, 0 },
		{ 10, 2559, 1, 0, 0 },
		{ 10, 2560, 1, 0, -EINVAL },
		{ 10, 2560, 0, 1, -EINVAL },
		{ 10, 2560, 0, 0, 0 },
		{ 0, 256, 1, 0, -EINVAL },
		{ 10, 2550, 16843009, 0, 0 }, /* times 255 is 2^32 - 1 */
		{ 10, 2550, 16843009, 1, -EINVAL },
		{ 10, 2550, 16843010, 0, -EINVAL },
		{ 10, 10, ~0u, 0, 0 },
		{ 10, 10, ~0u, 1, -EINVAL },
		{ 10, 10, ~0u, ~0u, -EINVAL },
		/* No tick counts as one. */
		{ 0, 0, ~0u, 0, 0 },
		{ 0, 0, ~0u, 1, -EINVAL },
	};

	support_target_is(&in.ctx, { 0, P });
	in.ctx.attrs.sample_us = row[_i].sample_us;
	in.ctx.attrs.aggr_us = row[_i].aggr_us;
	add(&in, row[_i].weight);
	add(&in, row[_i].other);
	ck_assert_int_eq(probes_check(&in.ctx.probes, &in.ctx.attrs),
			 row[_i].err);
	ck_assert_int_eq(context_check(&in.ctx), row[_i].err);
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), row[_i].err);
	ck_assert_uint_eq(d.ctx.probes.nr, row[_i].err ? 0 : 2);
	ck_assert(!d.ctx.maybe_corrupted);
	/* Other cores have no such rule, and no probes. */
	in.ctx.profile = &profile_m;
	ck_assert_int_eq(context_check(&in.ctx), 0);
}
END_TEST

static void tick_heard(const char *expected)
{
	d.heard[0] = 0;
	kdamond_prepare(&k);
	support_damos_hear(&d, "sleep ");
	kdamond_tick(&k);
	ck_assert_str_eq(d.heard, expected);
}

START_TEST(order_within_a_tick)
{
	u32 i;

	support_target_is(&d.ctx, { 0, P });
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	tick_heard("prepare sleep check ");
	add(&d, 0);
	tick_heard("prepare sleep check apply ");
	/* Whichever has one. */
	probe_add_prep(add(&d, 0), PROBE_PREP_SET_PGIDLE);
	tick_heard("prepare prep sleep check apply ");
	tick_heard("prepare prep sleep check apply "); /* a window ends */
	d.ctx.probes.at[1].weight = 1;
	for (i = 0; i < 3; i++)
		tick_heard("prep sleep apply ");
	tick_heard("prep sleep max ");
	/* Operations that have no idea of it. */
	d.ops.prep_probes = NULL;
	d.ops.apply_probes = NULL;
	tick_heard("sleep ");
	d.ctx.probes.at[1].weight = 0;
	tick_heard("prepare sleep check ");
}
END_TEST

/* That a tick goes by weights is decided when it begins. */
START_TEST(weights_are_latched)
{
	support_target_is(&d.ctx, { 0, P });
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	add(&d, 0);
	kdamond_prepare(&k);
	d.heard[0] = 0;
	d.ctx.probes.at[0].weight = 1;
	kdamond_tick(&k);
	ck_assert_str_eq(d.heard, "check apply ");
	tick_heard("sleep apply ");
}
END_TEST

START_TEST(older_cores_have_none)
{
	static const struct profile *const old[] = { &profile_m, &profile_d };

	d.ctx.profile = old[_i];
	support_target_is(&d.ctx, { 0, P }, { P, 2 * P });
	probe_add_prep(add(&d, 1), PROBE_PREP_SET_PGIDLE);
	region(0)->probe_hits[0] = 200;
	ck_assert(!probes_weighted(&d.ctx) && !probes_have_preps(&d.ctx));
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	tick_heard("prepare sleep check ");
	/* By accesses these are alike. */
	merge_regions(&d.ctx, 0, ~0ULL);
	ck_assert_uint_eq(d.ctx.targets[0].regions.nr, 1);
	/* Nor does a commit bring any. */
	add(&in, 3);
	in.ctx.profile = old[_i];
	in.ctx.probes.at[0].weight = 1;
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), 0);
	ck_assert_uint_eq(d.ctx.probes.at[0].nr_preps, 1);
}
END_TEST

/* Neither ticks nor windows are passed over: each draws. */
START_TEST(no_tick_is_skipped)
{
	support_target_is(&d.ctx, { 0, P });
	d.ops.prepare_access_checks = NULL;
	d.ctx.next_ops_update_sis = 1000;
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	kdamond_prepare(&k);
	ck_assert_uint_gt(kdamond_idle_ticks(&k), 0);
	add(&d, 0);
	ck_assert_uint_eq(kdamond_idle_ticks(&k), 0);
}
END_TEST

/* The threshold is a tenth of the greatest sum, its ceiling the window. */
START_TEST(threshold_is_a_tenth_of_the_greatest_sum)
{
	u32 i;

	support_target_is(&d.ctx, { 0, P }, { P, 2 * P }, { 2 * P, 3 * P });
	d.ctx.attrs.min_nr_regions = 3;
	d.ctx.attrs.max_nr_regions = 3;
	add(&d, 10);
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	for (i = 0; i < 4; i++) {
		kdamond_prepare(&k);
		if (i == 3) {
			k.sz_limit = ~0ULL;
			/* One hit each is still to come. */
			region(0)->probe_hits[0] = 9; /* 100 */
			region(1)->probe_hits[0] = 8; /* 90: alike */
			region(2)->probe_hits[0] = 6; /* 70: not */
			/* Accesses do not matter. */
			region(1)->nr_accesses = 1000;
		}
		kdamond_tick(&k);
	}
	/* Cut again by min_nr_regions: into what the merge left. */
	ck_assert_uint_eq(region(0)->last_probe_hits[0], 9);
	ck_assert_uint_eq(region(1)->last_probe_hits[0], 9);
	ck_assert_uint_eq(region(2)->last_probe_hits[0], 7);
}
END_TEST

START_TEST(merged_hits)
{
	support_target_is(&d.ctx, { 0, P, 10, 1, 5 }, { P, 4 * P, 20, 2, 9 });
	memcpy(region(0)->probe_hits, (u8[]){ 10, 255, 0, 1 }, 4);
	memcpy(region(1)->probe_hits, (u8[]){ 20, 254, 3, 0 }, 4);
	memcpy(region(0)->last_probe_hits, (u8[]){ 1, 2, 3, 4 }, 4);
	memcpy(region(1)->last_probe_hits, (u8[]){ 5, 6, 7, 8 }, 4);
	merge_regions(&d.ctx, 10, ~0ULL);
	ck_assert_uint_eq(d.ctx.targets[0].regions.nr, 1);
	ck_assert_mem_eq(region(0)->probe_hits, ((u8[]){ 17, 254, 2, 0 }), 4);
	/* Of the last window, the left one's. */
	ck_assert_mem_eq(region(0)->last_probe_hits, ((u8[]){ 1, 2, 3, 4 }), 4);
}
END_TEST

/* hits and weights, this window and the last one: the age from 7 on */
START_TEST(ages_go_by_sums)
{
	static const struct {
		u8 now[2], last[2];
		u32 weight[2], age;
	} row[] = {
		{ { 3, 0 }, { 2, 0 }, { 10, 0 }, 8 },
		{ { 4, 0 }, { 2, 0 }, { 10, 0 }, 0 },
		{ { 0, 1 }, { 1, 0 }, { 10, 10 }, 8 }, /* another one */
		{ { 1, 0 }, { 0, 0 }, { 1, 0 }, 0 }, /* from nothing */
		{ { 0, 0 }, { 1, 0 }, { 1, 0 }, 0 },
		{ { 0, 9 }, { 0, 0 }, { 1, 0 }, 8 }, /* without weight */
		/* A sum that wraps to nothing is nothing. */
		{ { 2, 0 }, { 0, 0 }, { 1u << 31, 0 }, 8 },
	};

	support_target_is(&d.ctx, { 0, P, 100, 0, 7 });
	add(&d, row[_i].weight[0]);
	add(&d, row[_i].weight[1]);
	memcpy(region(0)->probe_hits, row[_i].now, 2);
	memcpy(region(0)->last_probe_hits, row[_i].last, 2);
	merge_regions(&d.ctx, 10, ~0ULL);
	ck_assert_uint_eq(region(0)->age, row[_i].age);
}
END_TEST

/* With no more weights it is accesses again. */
START_TEST(merges_go_by_sums_or_by_accesses)
{
	bool weight = _i & 1, hits = _i & 2, accesses = _i & 4;

	support_target_is(&d.ctx, { 0, P }, { P, 2 * P, accesses });
	add(&d, weight);
	region(0)->probe_hits[0] = hits;
	merge_regions(&d.ctx, 0, ~0ULL);
	ck_assert_uint_eq(d.ctx.targets[0].regions.nr,
			  1 + (weight ? hits : accesses));
}
END_TEST

START_TEST(cut_parts_keep_hits)
{
	u32 i, j;

	d.ctx.attrs.max_nr_regions = 100;
	support_target_is(&d.ctx, { 0, 64 * P });
	memcpy(region(0)->probe_hits, (u8[]){ 1, 2, 3, 4 }, 4);
	memcpy(region(0)->last_probe_hits, (u8[]){ 5, 6, 7, 8 }, 4);
	ck_assert_int_eq(split_regions(&d.ctx), 0);
	ck_assert_int_eq(context_split_region(&d.ctx, 0, 0, P), 0);
	ck_assert_uint_eq(d.ctx.targets[0].regions.nr, 3);
	for (i = 0; i < 3; i++)
		for (j = 0; j < 4; j++) {
			ck_assert_uint_eq(region(i)->probe_hits[j], j + 1);
			ck_assert_uint_eq(region(i)->last_probe_hits[j], j + 5);
		}
}
END_TEST

/* As accesses are, in 8 bits: samples of section 3.6 of accesses' vectors. */
START_TEST(other_intervals)
{
	static const struct {
		u64 s, a, to_s, to_a;
		u8 hits, expected;
	} row[] = {
		{ 10, 1000, 100, 10000, 15, 15 },
		{ 5000, 100000, 7000, 140000, 13, 13 },
		{ 5000, 100000, 3000, 100000, 13, 21 },
		{ 10, 100, 1, 1000, 15, (u8)1500 }, /* wraps */
	};
	const struct attrs from = { .sample_us = row[_i].s,
				    .aggr_us = row[_i].a };
	const struct attrs to = { .sample_us = row[_i].to_s,
				  .aggr_us = row[_i].to_a };
	struct region r = { .probe_hits = { row[_i].hits, 0, 0, row[_i].hits },
			    .last_probe_hits = { 0, row[_i].hits } };
	struct region mid = r;

	attrs_rescale(&r, &from, &to, false);
	ck_assert_uint_eq(r.probe_hits[0], row[_i].expected);
	ck_assert_uint_eq(r.probe_hits[3], row[_i].expected);
	ck_assert_uint_eq(r.last_probe_hits[1], row[_i].expected);
	attrs_rescale(&mid, &from, &to, true);
	ck_assert_uint_eq(mid.probe_hits[0], 0);
	ck_assert_uint_eq(mid.last_probe_hits[1], row[_i].expected);
}
END_TEST

/* Window 20, last 10, now 3, 5 ticks left: 5, as of accesses; then 8 bits. */
START_TEST(moving_sums)
{
	struct region r = { .probe_hits = { 3, 250, 9 },
			    .last_probe_hits = { 10, 40, 200 } };

	d.ctx.attrs.aggr_us = 200;
	d.ctx.next_aggregation_sis = 20;
	d.ctx.passed_sample_intervals = 15;
	add(&d, 1);
	ck_assert_uint_eq(probes_moving_wsum(&d.ctx, &r), 5);
	add(&d, 1000);
	ck_assert_uint_eq(probes_moving_wsum(&d.ctx, &r), 5 + 1000 * 4);
	d.ctx.passed_sample_intervals = 20;
	ck_assert_uint_eq(probes_moving_wsum(&d.ctx, &r), 3 + 1000 * 250);
	d.ctx.next_aggregation_sis = 40;
	ck_assert_uint_eq(probes_moving_wsum(&d.ctx, &r), 10 + 1000 * 40);
}
END_TEST

/* Both bounds are in; the filter is the core's, and asked of the region. */
START_TEST(filter_by_sum)
{
	struct filter f = { .type = FILTER_PROBE_HITS_WSUM,
			    .matching = true,
			    .allow = true };
	struct scheme *s;
	u32 allowed, i;

	ck_assert(filter_is_core(f.type));
	add(&d, 3);
	support_target_is(&d.ctx, { 0, P }, { P, 2 * P }, { 2 * P, 3 * P },
			  { 3 * P, 4 * P });
	s = support_damos_add(&d, SCHEME_STAT);
	f.wsum = (struct filter_bounds){ 4, 3 };
	ck_assert_int_eq(scheme_add_filter(s, &f), -EINVAL);
	f.wsum = (struct filter_bounds){ 3, 6 };
	ck_assert_int_eq(scheme_add_filter(s, &f), 0);
	scheme_set_default_reject(s);
	for (i = 0; i < 4; i++) {
		region(i)->probe_hits[0] = i;
		damos_core_filter(&d.ctx, 0, i, s, &allowed);
		ck_assert_uint_eq(allowed, i == 1 || i == 2);
		ck_assert(s->core_filters_allowed == (i == 1 || i == 2));
	}
	s->core_filters.at[0].matching = false;
	damos_core_filter(&d.ctx, 0, 3, s, &allowed);
	ck_assert_uint_eq(allowed, 1);
}
END_TEST

START_TEST(windows_begin_anew)
{
	u32 i;

	support_target_is(&d.ctx, { 0, P });
	add(&d, 0);
	add_filter(add(&d, 0), PROBE_FILTER_ANON, true, true);
	ck_assert_int_eq(kdamond_start(&k, &d.ctx), 0);
	for (i = 0; i < 4; i++) {
		kdamond_prepare(&k);
		kdamond_tick(&k);
	}
	ck_assert_mem_eq(region(0)->last_probe_hits, ((u8[]){ 4, 0, 0, 0 }), 4);
	ck_assert_mem_eq(region(0)->probe_hits, ((u8[]){ 0, 0, 0, 0 }), 4);
}
END_TEST

START_TEST(commit)
{
	struct probe *p;

	support_target_is(&d.ctx, { 0, P });
	p = add(&d, 0);
	add_filter(p, PROBE_FILTER_ANON, true, true);
	add_filter(p, PROBE_FILTER_ANON, true, false);
	probe_add_prep(p, PROBE_PREP_SET_PGIDLE);
	add(&d, 9);
	region(0)->probe_hits[0] = 77;
	add_filter(add(&in, 5), PROBE_FILTER_MEMCG, false, true);
	in.ctx.probes.at[0].filter[0].memcg = 8;
	support_target_is(&in.ctx, { 0, P });
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), 0);
	ck_assert_uint_eq(d.ctx.probes.nr, 1);
	p = &d.ctx.probes.at[0];
	ck_assert_uint_eq(p->weight, 5);
	ck_assert_uint_eq(p->nr_preps, 0);
	ck_assert_uint_eq(p->nr_filters, 1);
	ck_assert_uint_eq(p->filter[0].type, PROBE_FILTER_MEMCG);
	ck_assert(!p->filter[0].matching && p->filter[0].allow);
	ck_assert_uint_eq(p->filter[0].memcg, 8);
	/* What was counted stays where the intervals do. */
	ck_assert_uint_eq(region(0)->probe_hits[0], 77);
	add(&in, 1);
	probe_add_prep(add(&in, 2), PROBE_PREP_SET_PGIDLE);
	ck_assert_int_eq(context_commit(&d.ctx, &in.ctx), 0);
	ck_assert_uint_eq(d.ctx.probes.nr, 3);
	ck_assert_uint_eq(d.ctx.probes.at[2].nr_preps, 1);
	ck_assert_uint_eq(d.ctx.probes.at[2].weight, 2);
}
END_TEST

START_TEST(four_at_most)
{
	u32 i;

	for (i = 0; i < PROBES_MAX; i++)
		add(&d, 0);
	ck_assert_int_eq(probes_add(&d.ctx.probes, 0), -EINVAL);
	ck_assert_uint_eq(d.ctx.probes.nr, PROBES_MAX);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("probe");
	TCase *tc = tcase_create("probe");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, no_filter_hits_whatever_there_is);
	tcase_add_loop_test(tc, one_filter, 0, 8);
	tcase_add_test(tc, first_filter_that_matches_decides);
	tcase_add_loop_test(tc, groups_and_sizes, 0, 5);
	tcase_add_test(tc, tails);
	tcase_add_test(tc, units);
	tcase_add_loop_test(tc, what_is_not_known, 0, 3);
	tcase_add_test(tc, preparation_makes_idle);
	tcase_add_test(tc, preparation_is_of_one_folio);
	tcase_add_test(tc, samples);
	tcase_add_test(tc, surprise_44_hits_wrap);
	tcase_add_loop_test(tc, surprise_44_weights_forbid_it, 0, 14);
	tcase_add_test(tc, order_within_a_tick);
	tcase_add_test(tc, weights_are_latched);
	tcase_add_loop_test(tc, older_cores_have_none, 0, 2);
	tcase_add_test(tc, no_tick_is_skipped);
	tcase_add_test(tc, threshold_is_a_tenth_of_the_greatest_sum);
	tcase_add_test(tc, merged_hits);
	tcase_add_loop_test(tc, ages_go_by_sums, 0, 7);
	tcase_add_loop_test(tc, merges_go_by_sums_or_by_accesses, 0, 8);
	tcase_add_test(tc, cut_parts_keep_hits);
	tcase_add_loop_test(tc, other_intervals, 0, 4);
	tcase_add_test(tc, moving_sums);
	tcase_add_test(tc, filter_by_sum);
	tcase_add_test(tc, windows_begin_anew);
	tcase_add_test(tc, commit);
	tcase_add_test(tc, four_at_most);
	return support_run(s);
}
