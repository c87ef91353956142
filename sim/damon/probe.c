// SPDX-License-Identifier: GPL-2.0
/* Probes made, checked, changed, and what their counts come to; see probe.h. */
#include <stdlib.h>

#include <linux/errno.h>

#include "access.h"
#include "context.h"
#include "probe.h"

/* Of a window, so that no count of it wraps. */
#define PROBE_TICKS_MAX 255

const char *const probe_filter_type_name[NR_PROBE_FILTER_TYPES] = {
	[PROBE_FILTER_ANON] = "anon",
	[PROBE_FILTER_MEMCG] = "memcg",
	[PROBE_FILTER_HUGEPAGE_SZ] = "hugepage_size",
	[PROBE_FILTER_PGIDLE_UNSET] = "pgidle_unset",
};

const char *const probe_prep_name[NR_PROBE_PREPS] = {
	[PROBE_PREP_SET_PGIDLE] = "set_pgidle",
};

int probes_add(struct probes *v, u32 weight)
{
	if (v->nr == PROBES_MAX)
		return -EINVAL;
	v->at[v->nr++] = (struct probe){ .weight = weight };
	return 0;
}

int probe_add_filter(struct probe *p, const struct probe_filter *filter)
{
	struct probe_filter *grown;

	if (filter->type == PROBE_FILTER_HUGEPAGE_SZ &&
	    filter->hugepage_sz.max < filter->hugepage_sz.min)
		return -EINVAL;
	grown = realloc(p->filter, (p->nr_filters + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	p->filter = grown;
	p->filter[p->nr_filters++] = *filter;
	return 0;
}

int probe_add_prep(struct probe *p, enum probe_prep prep)
{
	enum probe_prep *grown;

	grown = realloc(p->prep, (p->nr_preps + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	p->prep = grown;
	p->prep[p->nr_preps++] = prep;
	return 0;
}

static void drop_from(struct probes *v, u32 nr)
{
	while (v->nr > nr) {
		v->nr--;
		free(v->at[v->nr].filter);
		free(v->at[v->nr].prep);
		v->at[v->nr] = (struct probe){ 0 };
	}
}

void probes_fini(struct probes *v)
{
	drop_from(v, 0);
}

static bool any_weight(const struct probes *v)
{
	u32 i;

	for (i = 0; i < v->nr; i++)
		if (v->at[i].weight)
			return true;
	return false;
}

int probes_check(const struct probes *v, const struct attrs *attrs)
{
	u64 sum = 0;
	u32 i;

	if (!any_weight(v))
		return 0;
	if (attrs_ticks(attrs, attrs->aggr_us) > PROBE_TICKS_MAX)
		return -EINVAL;
	for (i = 0; i < v->nr; i++)
		sum += (u64)v->at[i].weight * attrs_nr_samples(attrs);
	return sum > ~0u ? -EINVAL : 0;
}

static int commit_probe(struct probe *dst, const struct probe *src)
{
	u32 i;
	int err = 0;

	dst->weight = src->weight;
	dst->nr_preps = 0;
	for (i = 0; i < src->nr_preps && !err; i++)
		err = probe_add_prep(dst, src->prep[i]);
	dst->nr_filters = 0;
	for (i = 0; i < src->nr_filters && !err; i++)
		err = probe_add_filter(dst, &src->filter[i]);
	return err;
}

int probes_commit(struct probes *dst, const struct probes *src)
{
	u32 i;
	int err = 0;

	drop_from(dst, src->nr);
	for (i = 0; i < src->nr && !err; i++) {
		if (i == dst->nr)
			err = probes_add(dst, 0);
		if (!err)
			err = commit_probe(&dst->at[i], &src->at[i]);
	}
	return err;
}

bool probes_weighted(const struct context *ctx)
{
	return ctx->profile->has_probes && any_weight(&ctx->probes);
}

bool probes_have_preps(const struct context *ctx)
{
	u32 i;

	for (i = 0; ctx->profile->has_probes && i < ctx->probes.nr; i++)
		if (ctx->probes.at[i].nr_preps)
			return true;
	return false;
}

u32 probes_wsum(const struct probes *v, const struct region *r)
{
	u32 i, sum = 0;

	for (i = 0; i < v->nr; i++)
		sum += v->at[i].weight * r->probe_hits[i];
	return sum;
}

u32 probes_last_wsum(const struct probes *v, const struct region *r)
{
	u32 i, sum = 0;

	for (i = 0; i < v->nr; i++)
		sum += v->at[i].weight * r->last_probe_hits[i];
	return sum;
}

u32 probes_moving_wsum(const struct context *ctx, const struct region *r)
{
	u32 i, sum = 0;
	u8 hits;

	for (i = 0; i < ctx->probes.nr; i++) {
		hits = access_in_window(ctx, r->probe_hits[i],
					r->last_probe_hits[i]);
		sum += ctx->probes.at[i].weight * hits;
	}
	return sum;
}
