// SPDX-License-Identifier: GPL-2.0
/* A context with schemes, see support_damos.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support_damos.h"

void support_damos_hear(struct support_damos *d, const char *format, ...)
{
	size_t at = strlen(d->heard);
	va_list args;

	va_start(args, format);
	vsnprintf(d->heard + at, sizeof(d->heard) - at, format, args);
	va_end(args);
}

static u32 nothing_accessed(struct context *ctx, bool need_max)
{
	return need_max ? context_max_nr_accesses(ctx) : 0;
}

static u64 write_down(struct context *ctx, u32 target, const struct region *r,
		      struct scheme *s, u64 *sz_passed)
{
	struct support_damos *d = ctx->ops_data;

	support_damos_hear(d, "%u:%u %llu-%llu\n", (u32)(s - ctx->schemes),
			   target, r->start / P, r->end / P);
	ctx->jiffies += d->takes_jiffies;
	*sz_passed = d->passed;
	return region_sz(r) * d->done_percent / 100;
}

void support_damos_init(struct support_damos *d, const struct profile *profile)
{
	memset(d, 0, sizeof(*d));
	d->ops = (struct context_ops){
		.check_accesses = nothing_accessed,
		.apply_scheme = write_down,
	};
	d->done_percent = 100;
	d->dead_target = -1;
	context_init(&d->ctx, profile, &d->ops, &d->shared, 1);
	d->ctx.ops_id = OPS_PADDR;
	d->ctx.ops_data = d;
	/* Not the first moment, so that a window can be before it. */
	d->ctx.jiffies = 1000;
	/* Whoever looks at regions sees those that the test gave. */
	d->ctx.attrs.min_nr_regions = 3;
}

void support_damos_init_memory(struct support_damos *d,
			       const struct profile *profile, enum ops_id id,
			       u64 nr_pages)
{
	support_damos_init(d, profile);
	support_memory_init(&d->memory, 2, nr_pages, true);
	d->ctx.ops_id = id;
	d->ctx.memory = (struct memory){ &support_memory_ops, &d->memory };
	if (id == OPS_PADDR) {
		d->ops.apply_scheme = ops_paddr_apply;
		d->ops.scheme_score = score_paddr;
	} else {
		d->ops.apply_scheme = ops_vaddr_apply;
		d->ops.scheme_score = score_vaddr;
	}
}

void support_damos_fini(struct support_damos *d)
{
	context_fini(&d->ctx);
}

struct scheme support_scheme(enum scheme_action action)
{
	struct scheme s;

	scheme_init(&s, action);
	s.pattern = (struct scheme_pattern){
		.max_sz = ~0ULL,
		.max_nr_accesses = ~0u,
		.max_age = ~0u,
	};
	return s;
}

struct scheme *support_damos_add(struct support_damos *d,
				 enum scheme_action action)
{
	struct scheme s = support_scheme(action);

	if (context_add_scheme(&d->ctx, &s))
		abort();
	return &d->ctx.schemes[d->ctx.nr_schemes - 1];
}

int support_damos_pass(struct support_damos *d)
{
	u32 i;

	d->heard[0] = 0;
	for (i = 0; i < d->ctx.nr_schemes; i++)
		d->ctx.schemes[i].next_apply_sis =
			d->ctx.passed_sample_intervals;
	return damos_apply(&d->ctx);
}

int support_damos_next_window(struct support_damos *d)
{
	u64 ms = 0;
	u32 i;

	for (i = 0; i < d->ctx.nr_schemes; i++) {
		struct quota *q = &d->ctx.schemes[i].quota;

		if (q->limits.reset_interval_ms > ms)
			ms = q->limits.reset_interval_ms;
	}
	d->ctx.jiffies += esz_ms_to_jiffies(&d->ctx, ms);
	return support_damos_pass(d);
}
