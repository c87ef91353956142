// SPDX-License-Identifier: GPL-2.0
/* Scores of regions, in the kernel's 32-bit integers; see score.h. */
#include "context.h"
#include "score.h"

#define SUBSCORE_MAX 100
#define AGE_LOG_MAX 32

static u32 bit_length(u32 x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

u32 score_hot(const struct context *ctx, const struct region *r,
	      const struct quota_limits *limits)
{
	u32 nr_max = attrs_nr_samples(&ctx->attrs);
	u32 nr = ctx->profile->frequency(ctx, r);
	u32 frequency = nr / nr_max * SUBSCORE_MAX +
			nr % nr_max * SUBSCORE_MAX / nr_max;
	u32 age_s = r->age * ctx->attrs.aggr_us / 1000000;
	s32 age_log = bit_length(age_s), hot;
	u32 age, sum, weights;

	if (!frequency)
		age_log = -age_log;
	age = (age_log + AGE_LOG_MAX) * SUBSCORE_MAX / AGE_LOG_MAX / 2;

	sum = limits->weight_nr_accesses * frequency + limits->weight_age * age;
	weights = limits->weight_nr_accesses + limits->weight_age;
	if (weights)
		sum /= weights;
	/* From here on signed, as the kernel has it; it wraps alike. */
	hot = (s32)(sum * SCORE_MAX) / SUBSCORE_MAX;
	if (hot > SCORE_MAX)
		return SCORE_MAX;
	return hot < 0 ? 0 : hot;
}

static u32 score_cold(const struct context *ctx, const struct region *r,
		      const struct scheme *s)
{
	return SCORE_MAX - score_hot(ctx, r, &s->quota.limits);
}

u32 score_paddr(const struct context *ctx, const struct region *r,
		const struct scheme *s)
{
	switch (s->action) {
	case SCHEME_PAGEOUT:
	case SCHEME_LRU_DEPRIO:
	case SCHEME_MIGRATE_COLD:
		return score_cold(ctx, r, s);
	case SCHEME_LRU_PRIO:
	case SCHEME_MIGRATE_HOT:
		return score_hot(ctx, r, &s->quota.limits);
	default:
		return SCORE_MAX;
	}
}

u32 score_vaddr(const struct context *ctx, const struct region *r,
		const struct scheme *s)
{
	switch (s->action) {
	case SCHEME_PAGEOUT:
		return score_cold(ctx, r, s);
	case SCHEME_MIGRATE_HOT:
		return ctx->profile->vaddr_migrates ?
			       score_hot(ctx, r, &s->quota.limits) :
			       SCORE_MAX;
	case SCHEME_MIGRATE_COLD:
		return ctx->profile->vaddr_migrates ? score_cold(ctx, r, s) :
						      SCORE_MAX;
	default:
		return SCORE_MAX;
	}
}
