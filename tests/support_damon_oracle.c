// SPDX-License-Identifier: GPL-2.0
/*
 * The second opinion on merges and splits, on linked lists.
 *
 * Written from the description of DAMON's rules, one region at a time, without
 * a look at how the core does it.
 */
#include <stdlib.h>

#include <check.h>

#include "support_damon.h"

typedef unsigned __int128 u128;

static struct oracle_region *new_region(u64 start, u64 end)
{
	struct oracle_region *r = calloc(1, sizeof(*r));

	ck_assert_ptr_nonnull(r);
	r->start = start;
	r->end = end;
	return r;
}

void oracle_init(struct oracle *o, const struct context *ctx)
{
	struct oracle_region **link;
	const struct region *from;
	u32 i, j;

	*o = (struct oracle){ .nr_targets = ctx->nr_targets };
	ck_assert_uint_le(o->nr_targets, ORACLE_TARGETS_MAX);
	for (i = 0; i < o->nr_targets; i++) {
		link = &o->first[i];
		for (j = 0; j < ctx->targets[i].regions.nr; j++) {
			from = &ctx->targets[i].regions.at[j];
			*link = new_region(from->start, from->end);
			(*link)->nr = from->nr_accesses;
			(*link)->last = from->last_nr_accesses;
			(*link)->age = from->age;
			link = &(*link)->next;
		}
	}
}

void oracle_fini(struct oracle *o)
{
	struct oracle_region *r;
	u32 i;

	for (i = 0; i < o->nr_targets; i++) {
		while ((r = o->first[i])) {
			o->first[i] = r->next;
			free(r);
		}
	}
}

/* Plain comparisons: an assertion of Check costs a write each. */
static bool same(const struct oracle_region *r, const struct regions *v)
{
	u32 j;

	for (j = 0; r && j < v->nr; r = r->next, j++) {
		if (v->at[j].start != r->start || v->at[j].end != r->end ||
		    v->at[j].nr_accesses != r->nr ||
		    v->at[j].last_nr_accesses != r->last ||
		    v->at[j].age != r->age)
			return false;
	}
	return !r && j == v->nr;
}

void oracle_compare(const struct oracle *o, const struct context *ctx)
{
	u32 i;

	ck_assert_uint_eq(o->nr_targets, ctx->nr_targets);
	for (i = 0; i < o->nr_targets; i++)
		ck_assert(same(o->first[i], &ctx->targets[i].regions));
}

static u64 count(const struct oracle *o)
{
	const struct oracle_region *r;
	u64 nr = 0;
	u32 i;

	for (i = 0; i < o->nr_targets; i++) {
		for (r = o->first[i]; r; r = r->next)
			nr++;
	}
	return nr;
}

static void merge_pass(struct oracle_region *first, s64 threshold, u64 sz_limit,
		       bool count_ages)
{
	struct oracle_region *prev = NULL, *r, *next;
	u128 sz_l, sz_r;

	for (r = first; r; r = next) {
		next = r->next;
		if (count_ages) {
			if (llabs((s64)r->nr - r->last) > threshold)
				r->age = 0;
			else if ((r->nr == 0) != (r->last == 0))
				r->age = 0;
			else
				r->age += 1;
		}
		if (prev && prev->end == r->start &&
		    llabs((s64)r->nr - prev->nr) <= threshold &&
		    (u128)(prev->end - prev->start) + (r->end - r->start) <=
			    sz_limit) {
			sz_l = prev->end - prev->start;
			sz_r = r->end - r->start;
			prev->nr = (prev->nr * sz_l + r->nr * sz_r) /
				   (sz_l + sz_r);
			prev->age = (prev->age * sz_l + r->age * sz_r) /
				    (sz_l + sz_r);
			prev->end = r->end;
			prev->next = next;
			free(r);
		} else {
			prev = r;
		}
	}
}

void oracle_merge(struct oracle *o, u32 threshold, u64 sz_limit, u32 window,
		  u64 max_nr_regions)
{
	bool count_ages = true;
	u32 i;

	do {
		for (i = 0; i < o->nr_targets; i++)
			merge_pass(o->first[i], threshold, sz_limit,
				   count_ages);
		count_ages = false;
		if (count(o) <= max_nr_regions || window <= threshold)
			return;
		if (threshold < window / 2)
			threshold = threshold * 2 > 1 ? threshold * 2 : 1;
		else
			threshold = window;
	} while (true);
}

static struct oracle_region *split_at(struct oracle_region *r, u64 sz)
{
	struct oracle_region *right = new_region(r->start + sz, r->end);

	right->nr = r->nr;
	right->last = r->last;
	right->age = r->age;
	right->next = r->next;
	r->next = right;
	r->end = right->start;
	return right;
}

static u64 draw(struct rng *rng, u64 sz, u64 min_sz)
{
	u64 part = (u64)((u128)rng_range(rng, 1, 10) * sz / 10);

	return part - part % min_sz;
}

void oracle_split(struct oracle *o, struct rng *rng,
		  struct split_shared *shared, u64 min_sz, u64 max_nr_regions)
{
	u64 total = count(o), index = 0, step, offset, part, cur;
	struct oracle_region *r, *next;
	int pieces = 2, tries;
	u32 i;

	if (total < max_nr_regions && total > max_nr_regions / 2) {
		step = max_nr_regions / (max_nr_regions - total);
		offset = shared->rotation % step;
		shared->rotation++;
		for (i = 0; i < o->nr_targets; i++) {
			for (r = o->first[i]; r; r = next) {
				next = r->next;
				if (index++ % step != offset)
					continue;
				if (r->end - r->start < 2 * min_sz)
					continue;
				part = draw(rng, r->end - r->start, min_sz);
				if (part && part < r->end - r->start)
					split_at(r, part);
			}
		}
	} else if (total < max_nr_regions) {
		if (shared->last_nr_regions == total &&
		    total < max_nr_regions / 3)
			pieces = 3;
		for (i = 0; i < o->nr_targets; i++) {
			for (r = o->first[i]; r; r = next) {
				next = r->next;
				cur = r->end - r->start;
				for (tries = pieces - 1;
				     tries && cur > 2 * min_sz; tries--) {
					part = draw(rng, cur, min_sz);
					if (!part || part >= cur)
						continue;
					split_at(r, part);
					cur = part;
				}
			}
		}
	}
	shared->last_nr_regions = total;
}

u64 oracle_size_limit_apply(struct oracle *o, u64 min_sz, u64 min_nr_regions)
{
	struct oracle_region *r;
	u128 total = 0;
	u64 limit;
	u32 i;

	for (i = 0; i < o->nr_targets; i++) {
		for (r = o->first[i]; r; r = r->next)
			total += r->end - r->start;
	}
	limit = total / min_nr_regions;
	if (limit < min_sz)
		limit = min_sz;
	limit = (limit + min_sz - 1) / min_sz * min_sz;
	for (i = 0; i < o->nr_targets; i++) {
		for (r = o->first[i]; r; r = r->next) {
			if (r->end - r->start > limit)
				split_at(r, limit);
		}
	}
	return limit;
}
