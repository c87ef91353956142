// SPDX-License-Identifier: GPL-2.0
/*
 * Random splits.
 *
 * The left part gets a tenth to nine tenths.  A second cut goes to the left
 * part again, so pieces get small towards low addresses: the kernel's bias.
 */
#include <linux/errno.h>

#include "context.h"
#include "split.h"

#define PIECES_MAX 3

/* Where to cut @sz addresses; 0 or @sz is nowhere. */
static u64 draw_cut(struct context *ctx, u64 sz)
{
	u64 cut = rng_range(&ctx->rng, 1, 10) * sz / 10;

	cut = region_align_down(cut, ctx->min_region_sz);
	return cut < sz ? cut : sz;
}

/* Write @r in parts that end at @cut, which are @nr and descend. */
static void push_pieces(struct regions *out, const struct region *r,
			const u64 *cut, u32 nr)
{
	struct region piece = *r;

	while (nr) {
		piece.end = r->start + cut[--nr];
		regions_push(out, &piece);
		piece.start = piece.end;
	}
	piece.end = r->end;
	regions_push(out, &piece);
}

/* All regions, each in up to @nr_pieces. */
static void split_all(struct context *ctx, const struct regions *v, u32 pieces)
{
	u64 cut[PIECES_MAX - 1], sz, at;
	u32 i, attempt, nr;

	for (i = 0; i < v->nr; i++) {
		sz = region_sz(&v->at[i]);
		nr = 0;
		for (attempt = 1;
		     attempt < pieces && sz > 2 * ctx->min_region_sz;
		     attempt++) {
			at = draw_cut(ctx, sz);
			if (at && at != sz)
				sz = cut[nr++] = at;
		}
		push_pieces(&ctx->spare, &v->at[i], cut, nr);
	}
}

/* Every @step-th region of the context in two; the target's first is @index. */
static void split_some(struct context *ctx, const struct regions *v, u64 index,
		       u64 step, u64 offset)
{
	u64 sz, at;
	u32 i;

	for (i = 0; i < v->nr; i++, index++) {
		sz = region_sz(&v->at[i]);
		at = 0;
		/* Not >, as where all are split. */
		if (index % step == offset && sz >= 2 * ctx->min_region_sz)
			at = draw_cut(ctx, sz);
		push_pieces(&ctx->spare, &v->at[i], &at, at && at != sz);
	}
}

static int split_targets(struct context *ctx, u32 nr_pieces, u64 step,
			 u64 offset)
{
	struct regions *v;
	u64 index = 0;
	u32 i, nr;
	int err;

	for (i = 0; i < ctx->nr_targets; i++) {
		v = &ctx->targets[i].regions;
		nr = v->nr;
		err = regions_reserve(&ctx->spare, (u64)nr * nr_pieces);
		if (err)
			return err;
		ctx->spare.nr = 0;
		if (step)
			split_some(ctx, v, index, step, offset);
		else
			split_all(ctx, v, nr_pieces);
		if (ctx->spare.nr != nr) {
			regions_swap(v, &ctx->spare);
			ctx->regions_gen++;
		}
		index += nr;
	}
	return 0;
}

/* No more regions than the last time: look closer. */
static u32 nr_pieces(u64 nr, u64 last_nr, u64 max)
{
	return nr == last_nr && nr < max / 3 ? 3 : 2;
}

int split_regions(struct context *ctx)
{
	u64 nr = context_nr_regions(ctx), max = ctx->attrs.max_nr_regions;
	struct split_shared *shared = ctx->split;
	u64 last_nr = shared->last_nr_regions, step;

	shared->last_nr_regions = nr;
	if (nr >= max)
		return 0;
	if (nr > max / 2) {
		step = max / (max - nr);
		return split_targets(ctx, 2, step, shared->rotation++ % step);
	}
	return split_targets(ctx, nr_pieces(nr, last_nr, max), 0, 0);
}

int split_regions_up_to_half(struct context *ctx)
{
	u64 nr = context_nr_regions(ctx), max = ctx->attrs.max_nr_regions;
	u64 last_nr = ctx->split->last_nr_regions;

	if (nr > max / 2)
		return 0;
	ctx->split->last_nr_regions = nr;
	return split_targets(ctx, nr_pieces(nr, last_nr, max), 0, 0);
}
