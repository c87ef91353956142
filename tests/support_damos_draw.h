/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Contexts with schemes, and the memory they act on, made at random.
 *
 * The same draws make the same world, whether its memory tells folios one by
 * one or in runs.
 */
#ifndef SUPPORT_DAMOS_DRAW_H
#define SUPPORT_DAMOS_DRAW_H

#include "damon/context.h"
#include "support_memory.h"
#include "support_rng.h"

#define WORLD_PAGES 2048 /* that are more than holes, of each space */

/**
 * struct world - a context and its memory.
 * @heard:	what observers were told, as the second opinion writes it
 */
struct world {
	struct split_shared shared;
	struct context_ops ops;
	struct context ctx;
	struct support_memory memory;
	char heard[1 << 16];
	u32 nr_heard;
};

void world_draw(struct world *w, struct support_rng *rng, bool runs);
void world_fini(struct world *w);

/* What else goes on: pages are accessed, pressure rises. */
void world_disturb(struct support_memory *m, struct support_rng *rng);

/* Accesses of a tick: some regions more than others. */
void world_credit(struct context *ctx, struct support_rng *rng);

/* Schemes for a context that has none; targets for one that has none. */
void world_draw_schemes(struct context *ctx, struct support_rng *rng);
void world_draw_targets(struct context *ctx, struct support_rng *rng);

/* Probes for a context that has none, if its core can have any. */
void world_draw_probes(struct context *ctx, struct support_rng *rng);

/* Intervals and bounds that a kernel takes. */
struct attrs world_draw_attrs(struct support_rng *rng);

/* Limits of a quota, and who is meant. */
void world_draw_limits(struct quota_limits *l, struct support_rng *rng);
void world_draw_pattern(const struct context *ctx, struct scheme_pattern *p,
			struct support_rng *rng);

#endif
