// SPDX-License-Identifier: GPL-2.0
/* Contexts made at random, and regions checked. */
#include <check.h>

#include "support_damon.h"

static u32 nothing_accessed(struct context *ctx, bool need_max)
{
	return need_max ? context_max_nr_accesses(ctx) : 0;
}

const struct context_ops support_idle_ops = {
	.check_accesses = nothing_accessed,
};

void support_add_target(struct context *ctx, const u64 (*row)[5], u32 nr)
{
	struct regions *v;
	u32 i;

	ck_assert_int_eq(context_add_target(ctx, ctx->nr_targets), 0);
	v = &ctx->targets[ctx->nr_targets - 1].regions;
	for (i = 0; i < nr; i++) {
		ck_assert_int_eq(regions_add(v, row[i][0], row[i][1]), 0);
		v->at[i].nr_accesses = row[i][2];
		v->at[i].last_nr_accesses = row[i][3];
		v->at[i].age = row[i][4];
	}
}

void support_expect(const struct context *ctx, u32 target, const u64 (*row)[5],
		    u32 nr)
{
	const struct regions *v = &ctx->targets[target].regions;
	u32 i;

	ck_assert_uint_eq(v->nr, nr);
	for (i = 0; i < nr; i++) {
		ck_assert_uint_eq(v->at[i].start, row[i][0]);
		ck_assert_uint_eq(v->at[i].end, row[i][1]);
		ck_assert_uint_eq(v->at[i].nr_accesses, row[i][2]);
		ck_assert_uint_eq(v->at[i].last_nr_accesses, row[i][3]);
		ck_assert_uint_eq(v->at[i].age, row[i][4]);
	}
}

void support_random_targets(struct context *ctx, struct rng *rng,
			    const struct support_shape *shape)
{
	u64 unit = shape->unaligned ? 1 : ctx->min_region_sz;
	u64 sz_max = shape->region_sz_max * ctx->min_region_sz / unit;
	struct regions *v;
	u64 start, end;
	u32 i, j, nr;

	for (i = 0; i < shape->nr_targets; i++) {
		ck_assert_int_eq(context_add_target(ctx, i), 0);
		v = &ctx->targets[i].regions;
		nr = rng_range(rng, 0, shape->nr_regions + 1);
		end = rng_range(rng, 0, 16) * unit;
		for (j = 0; j < nr; j++) {
			start = end;
			if (rng_range(rng, 0, 100) < shape->hole_percent)
				start += rng_range(rng, 1, 16) * unit;
			end = start + rng_range(rng, 1, sz_max + 1) * unit;
			if (regions_add(v, start, end))
				ck_abort();
			v->at[j].nr_accesses =
				rng_range(rng, 0, shape->nr_accesses_max + 1);
			v->at[j].last_nr_accesses =
				rng_range(rng, 0, shape->nr_accesses_max + 1);
			v->at[j].age = rng_range(rng, 0, 1000);
		}
	}
}

void support_check_layout(const struct context *ctx)
{
	const struct regions *v;
	bool good = true;
	u64 end;
	u32 i, j;

	for (i = 0; i < ctx->nr_targets; i++) {
		v = &ctx->targets[i].regions;
		good = good && v->nr <= v->max;
		end = 0;
		for (j = 0; j < v->nr; j++) {
			good = good && v->at[j].start >= end &&
			       v->at[j].start < v->at[j].end;
			end = v->at[j].end;
		}
	}
	ck_assert(good);
}

u64 support_total_sz(const struct context *ctx)
{
	u64 sz = 0;
	u32 i, j;

	for (i = 0; i < ctx->nr_targets; i++) {
		for (j = 0; j < ctx->targets[i].regions.nr; j++)
			sz += ctx->targets[i].regions.at[j].end -
			      ctx->targets[i].regions.at[j].start;
	}
	return sz;
}
