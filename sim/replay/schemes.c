// SPDX-License-Identifier: GPL-2.0
/* Schemes on implied memory, see schemes.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "damon/damos.h"
#include "replay/replay.h"
#include "replay/schemes.h"

/* A bin is at first a second of the capture. */
#define BIN_NS 1000000000ULL

static u32 at_least(u32 nr, s64 nid)
{
	return nid + 1 > nr ? nid + 1 : nr;
}

/* As many nodes as schemes and goals name. */
static u32 nodes_named(const struct context *ctx)
{
	u32 i, j, nr = 1;

	for (i = 0; i < ctx->nr_schemes; i++) {
		const struct scheme *s = &ctx->schemes[i];

		if (s->action == SCHEME_MIGRATE_HOT ||
		    s->action == SCHEME_MIGRATE_COLD) {
			/* To migrate there must be another one. */
			nr = at_least(nr, 1);
			nr = at_least(nr, s->target_nid);
			for (j = 0; j < s->nr_dests; j++)
				nr = at_least(nr, s->dest[j].nid);
		}
		for (j = 0; j < s->quota.nr_goals; j++)
			nr = at_least(nr, s->quota.goal[j].nid);
	}
	return nr;
}

/* Keep the regions that the configuration gave; targets move on from them. */
static int keep_fixed(struct replay *r)
{
	struct replay_schemes *s = &r->schemes;
	struct range *at;
	u64 nr = 0;
	u32 i, j;

	for (i = 0; i < r->ctx.nr_targets; i++)
		nr += r->ctx.targets[i].regions.nr;
	s->area = calloc(r->ctx.nr_targets + 1, sizeof(*s->area));
	s->fixed = at = calloc(nr + 1, sizeof(*at));
	if (!s->area || !at)
		return -ENOMEM;
	for (i = 0; i < r->ctx.nr_targets; i++) {
		const struct regions *v = &r->ctx.targets[i].regions;

		s->area[i] = (struct implied_area){
			.tgid = r->ctx.targets[i].tgid,
			.space = &r->target[i].space,
			.fixed = at,
			.nr_fixed = r->target[i].fixed ? v->nr : 0,
		};
		for (j = 0; j < v->nr; j++)
			*at++ = (struct range){
				v->at[j].start * r->ctx.addr_unit,
				v->at[j].end * r->ctx.addr_unit
			};
	}
	return 0;
}

int schemes_begin(struct replay *r)
{
	struct replay_schemes *s = &r->schemes;
	u32 nr_nodes = nodes_named(&r->ctx);
	bool by_range;
	int err;

	if (!r->ctx.nr_schemes && !r->ctx.probes.nr)
		return 0;
	err = keep_fixed(r);
	if (err)
		return err;
	by_range = r->sampling.phys && s->area[0].nr_fixed > 1;
	if (by_range)
		nr_nodes = at_least(nr_nodes, s->area[0].nr_fixed - 1);
	if (nr_nodes > IMPLIED_NODES_MAX ||
	    r->ctx.nr_schemes > IMPLIED_SCHEMES_MAX)
		return -EINVAL;
	s->scheme = calloc(r->ctx.nr_schemes + 1, sizeof(*s->scheme));
	if (!s->scheme)
		return -ENOMEM;
	implied_init(&s->memory, nr_nodes, by_range,
		     trace_info(r->src)->total_mem_bytes / PAGE_BYTES);
	s->memory.area = s->area;
	s->memory.nr_areas = r->ctx.nr_targets;
	s->bin_ns = BIN_NS;
	s->on = r->ctx.nr_schemes;
	r->ctx.memory = (struct memory){ &implied_ops, &s->memory };
	return 0;
}

void schemes_fini(struct replay *r)
{
	implied_fini(&r->schemes.memory);
	free(r->schemes.area);
	free(r->schemes.fixed);
	free(r->schemes.scheme);
	r->schemes = (struct replay_schemes){ 0 };
}

/* Twice as long bins, half as many. */
static void coarsen(struct replay_schemes *s)
{
	u32 i, n;

	for (i = 0; i < SCHEMES_BINS; i++) {
		for (n = 0; n < IMPLIED_NODES_MAX; n++)
			s->bin[i][n] = i < SCHEMES_BINS / 2 ?
					       s->bin[2 * i][n] +
						       s->bin[2 * i + 1][n] :
					       0;
	}
	s->bin_ns *= 2;
}

void schemes_touch(struct replay *r, const struct trace_record *rec)
{
	struct replay_schemes *s = &r->schemes;
	u64 at;
	s32 nid;

	nid = r->sampling.phys ? implied_touch(&s->memory, 0, rec->phys_addr) :
				 implied_touch(&s->memory, rec->pid, rec->addr);
	if (nid < 0)
		return;
	at = r->end_ns > r->begin_ns ? r->end_ns - r->begin_ns : 0;
	while (at / s->bin_ns >= SCHEMES_BINS)
		coarsen(s);
	s->bin[at / s->bin_ns][nid]++;
	s->nr_bins = at / s->bin_ns + 1;
}

void schemes_before_apply(struct replay *r, u32 scheme)
{
	r->schemes.memory.scheme = scheme;
}

void schemes_esz(struct replay *r, u32 scheme, u64 esz)
{
	struct replay_scheme *s = &r->schemes.scheme[scheme];

	/* What tuners say when there is no bound is no size. */
	if (esz >= ~0ULL / 10000) {
		s->nr_esz_open++;
		return;
	}
	s->nr_esz++;
	s->esz_sum += esz;
}

void schemes_applied(struct replay *r, u32 scheme)
{
	struct replay_scheme *s = &r->schemes.scheme[scheme];
	const struct scheme *of = &r->ctx.schemes[scheme];
	u32 t, i;

	s->nr_passes += of->wmarks.activated;
	/* Only while it is a question why nothing was done. */
	if (of->stat.nr_tried) {
		s->nr_matched++;
		return;
	}
	for (t = 0; t < r->ctx.nr_targets; t++) {
		const struct regions *v = &r->ctx.targets[t].regions;

		for (i = 0; i < v->nr; i++) {
			if (damos_in_pattern(&r->ctx, &v->at[i],
					     &of->pattern)) {
				s->nr_matched++;
				return;
			}
		}
	}
}
