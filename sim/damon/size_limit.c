// SPDX-License-Identifier: GPL-2.0
/*
 * The upper bound of a region's size.
 */
#include <linux/errno.h>
#include <linux/overflow.h>

#include "context.h"
#include "size_limit.h"

u64 size_limit(const struct context *ctx)
{
	u64 sz = 0;
	u32 i;

	for (i = 0; i < ctx->nr_targets; i++)
		sz += regions_sz(&ctx->targets[i].regions);
	sz /= ctx->attrs.min_nr_regions;
	return sz > ctx->min_region_sz ? sz : ctx->min_region_sz;
}

/* How many regions there are going to be; saturates. */
static u64 count_pieces(const struct regions *v, u64 limit)
{
	u64 nr = 0;
	u32 i;

	for (i = 0; i < v->nr; i++) {
		if (check_add_overflow(nr, (region_sz(&v->at[i]) - 1) / limit,
				       &nr))
			return ~0ULL;
	}
	return check_add_overflow(nr, v->nr, &nr) ? ~0ULL : nr;
}

static int cut_target(struct context *ctx, struct regions *v, u64 limit)
{
	struct region r;
	u64 nr, end;
	u32 i;
	int err;

	nr = count_pieces(v, limit);
	if (nr == v->nr)
		return 0;
	err = regions_reserve(&ctx->spare, nr);
	if (err)
		return err;
	ctx->spare.nr = 0;
	for (i = 0; i < v->nr; i++) {
		r = v->at[i];
		end = r.end;
		while (end - r.start > limit) {
			r.end = r.start + limit;
			regions_push(&ctx->spare, &r);
			r.start = r.end;
		}
		r.end = end;
		regions_push(&ctx->spare, &r);
	}
	regions_swap(v, &ctx->spare);
	ctx->regions_gen++;
	return 0;
}

int size_limit_apply(struct context *ctx, u64 *limit)
{
	int err = 0;
	u32 i;

	*limit = region_align_up(size_limit(ctx), ctx->min_region_sz);
	for (i = 0; i < ctx->nr_targets && !err; i++)
		err = cut_target(ctx, &ctx->targets[i].regions, *limit);
	return err;
}
