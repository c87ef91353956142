// SPDX-License-Identifier: GPL-2.0
/*
 * Probes over random worlds: each tick of a kdamond against a second opinion.
 *
 * That one knows pages and not folios, adds with 128 bits, and keeps what each
 * region counted in a list that it merges by moving its tail.  Cuts it does not
 * make: what comes of them must lie within a region of its own and have all of
 * its counts.
 *
 * usage: prop_probe [--seed N] [--runs N]     (1, 300)
 *
 * A failure names the seed of its world: that one alone is --seed N --runs 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "damon/kdamond.h"
#include "support_damos_draw.h"
#include "support_damos_oracle.h"

#define TICKS 60
#define REGIONS 4096

typedef unsigned __int128 u128;

struct known {
	u32 target;
	u64 start, end;
	u32 nr, last, age;
	u8 hits[PROBES_MAX], last_hits[PROBES_MAX];
};

static struct world world;
static struct known known[REGIONS];
static u32 nr_known;
static u64 nr_ticks, nr_windows, nr_weighted, nr_hits;

static void take(const struct context *ctx)
{
	u32 t, i;

	nr_known = 0;
	for (t = 0; t < ctx->nr_targets; t++) {
		for (i = 0; i < ctx->targets[t].regions.nr; i++) {
			const struct region *r = &ctx->targets[t].regions.at[i];
			struct known *k = &known[nr_known++];

			if (nr_known == REGIONS)
				abort();
			*k = (struct known){ .target = t,
					     .start = r->start,
					     .end = r->end,
					     .nr = r->nr_accesses,
					     .last = r->last_nr_accesses,
					     .age = r->age };
			memcpy(k->hits, r->probe_hits, PROBES_MAX);
			memcpy(k->last_hits, r->last_probe_hits, PROBES_MAX);
		}
	}
}

/* The page at a byte of physical memory, or NULL. */
static struct page *page_at(u64 byte)
{
	u64 nr = byte / PAGE_BYTES;

	if (nr >= SUPPORT_PAGES || world.memory.page[0][nr].state != PAGE_FOLIO)
		return NULL;
	return &world.memory.page[0][nr];
}

static bool is_of_type(const struct probe_filter *f, const struct page *p)
{
	if (!p)
		return false;
	if (f->type == PROBE_FILTER_ANON)
		return p->anon;
	if (f->type == PROBE_FILTER_MEMCG)
		return p->memcg == f->memcg;
	if (f->type == PROBE_FILTER_PGIDLE_UNSET)
		return p->young;
	return PAGE_BYTES << p->order >= f->hugepage_sz.min &&
	       PAGE_BYTES << p->order <= f->hugepage_sz.max;
}

static bool passes(const struct probe *probe, const struct page *p)
{
	bool pass = true;
	u32 i;

	for (i = 0; i < probe->nr_filters; i++) {
		const struct probe_filter *f = &probe->filter[i];

		if (is_of_type(f, p) != f->matching) {
			pass = !f->allow;
			continue;
		}
		pass = f->allow;
		break;
	}
	return pass;
}

/* Weighted, as the core adds: modulo 2^32. */
static u32 sum(const struct probes *v, const u8 *hits)
{
	u128 all = 0;
	u32 i;

	for (i = 0; i < v->nr; i++)
		all += (u128)v->at[i].weight * hits[i];
	return all % ((u128)1 << 32);
}

static u32 distance(u32 a, u32 b)
{
	return a < b ? b - a : a - b;
}

static u32 mean(u64 a, u64 sz_a, u64 b, u64 sz_b)
{
	return ((u128)a * sz_a + (u128)b * sz_b) / ((u128)sz_a + sz_b);
}

/* The tail moves up by one. */
static void join(u32 i)
{
	struct known *l = &known[i], *r = &known[i + 1];
	u64 sz_l = l->end - l->start, sz_r = r->end - r->start;
	u32 j;

	l->nr = mean(l->nr, sz_l, r->nr, sz_r);
	l->age = mean(l->age, sz_l, r->age, sz_r);
	for (j = 0; j < PROBES_MAX; j++)
		l->hits[j] = mean(l->hits[j], sz_l, r->hits[j], sz_r);
	l->end = r->end;
	nr_known--;
	memmove(r, r + 1, (nr_known - i - 1) * sizeof(*r));
}

/* A window ends: ages, then merges, looser each time. */
static void merge(const struct context *ctx, bool weighted, u64 sz_limit)
{
	u32 window = ctx->attrs.aggr_us / ctx->attrs.sample_us;
	const struct probes *v = &ctx->probes;
	u32 i, max = 0, threshold;

	for (i = 0; i < nr_known; i++) {
		u32 now = weighted ? sum(v, known[i].hits) : known[i].nr;

		max = now > max ? now : max;
	}
	threshold = max / 10;
	for (i = 0; i < nr_known; i++) {
		struct known *k = &known[i];
		u32 now = weighted ? sum(v, k->hits) : k->nr;
		u32 last = weighted ? sum(v, k->last_hits) : k->last;

		if (distance(now, last) > threshold ||
		    (now == 0) != (last == 0))
			k->age = 0;
		else
			k->age++;
	}
	for (;;) {
		for (i = 0; i + 1 < nr_known;) {
			struct known *l = &known[i], *r = l + 1;
			u32 a = weighted ? sum(v, l->hits) : l->nr;
			u32 b = weighted ? sum(v, r->hits) : r->nr;

			if (l->target == r->target && l->end == r->start &&
			    distance(a, b) <= threshold &&
			    r->end - l->start <= sz_limit)
				join(i);
			else
				i++;
		}
		if (nr_known <= ctx->attrs.max_nr_regions ||
		    threshold >= window)
			break;
		if (threshold >= window / 2)
			threshold = window;
		else
			threshold = threshold ? 2 * threshold : 1;
	}
}

static const char *differs(const struct known *k, const struct region *r)
{
	if (k->nr != r->nr_accesses || k->last != r->last_nr_accesses)
		return "accesses";
	if (k->age != r->age)
		return "the age";
	if (memcmp(k->hits, r->probe_hits, PROBES_MAX))
		return "hits";
	if (memcmp(k->last_hits, r->last_probe_hits, PROBES_MAX))
		return "hits of the last window";
	return NULL;
}

/* Each region lies in one that is known, and together they are those. */
static const char *all_differ(const struct context *ctx)
{
	u32 t, i, at = 0;
	u64 next = nr_known ? known[0].start : 0;
	const char *what;

	for (t = 0; t < ctx->nr_targets; t++) {
		for (i = 0; i < ctx->targets[t].regions.nr; i++) {
			const struct region *r = &ctx->targets[t].regions.at[i];

			if (at == nr_known || known[at].target != t ||
			    r->start != next || r->end > known[at].end)
				return "the layout";
			what = differs(&known[at], r);
			if (what)
				return what;
			next = r->end;
			if (next == known[at].end && ++at < nr_known)
				next = known[at].start;
		}
	}
	return at == nr_known ? NULL : "the layout";
}

static void count_hits(const struct context *ctx, struct rng *rng)
{
	u32 i, j;

	for (i = 0; i < nr_known; i++) {
		u64 addr = rng_range(rng, known[i].start, known[i].end);
		const struct page *p = page_at(addr * ctx->addr_unit);

		for (j = 0; j < ctx->probes.nr; j++) {
			bool hit = passes(&ctx->probes.at[j], p);

			known[i].hits[j] += hit;
			nr_hits += hit;
		}
	}
}

/* Before the sleep: sampled folios are not young any more. */
static const char *prepared(const struct context *ctx, struct rng rng)
{
	bool preps = false;
	struct page *p;
	u32 i, j, head;

	for (i = 0; i < ctx->probes.nr; i++)
		preps = preps || ctx->probes.at[i].nr_preps;
	for (i = 0; i < nr_known && preps; i++) {
		u64 addr = rng_range(&rng, known[i].start, known[i].end) *
			   ctx->addr_unit;

		if (!page_at(addr))
			continue;
		head = support_memory_head(&world.memory, 0, addr / PAGE_BYTES);
		for (j = 0; j < 1u << world.memory.page[0][head].order; j++) {
			p = &world.memory.page[0][head + j];
			if (p->young)
				return "what was to be idle";
		}
	}
	return NULL;
}

static const char *one_tick(struct kdamond *k, struct support_rng *luck)
{
	struct context *ctx = k->ctx;
	struct rng rng = ctx->rng;
	u64 limit = k->sz_limit;
	bool weighted = false, ends;
	const char *what;
	u32 i;

	take(ctx);
	kdamond_prepare(k);
	what = prepared(ctx, rng);
	if (what)
		return what;
	world_disturb(&world.memory, luck);
	world_credit(ctx, luck);
	take(ctx);
	if (ctx->probes.nr)
		count_hits(ctx, &rng);
	for (i = 0; i < ctx->probes.nr; i++)
		weighted = weighted || ctx->probes.at[i].weight;
	ends = ctx->passed_sample_intervals + 1 >= ctx->next_aggregation_sis;
	if (ends) {
		merge(ctx, weighted, limit);
		for (i = 0; i < nr_known; i++) {
			known[i].last = known[i].nr;
			known[i].nr = 0;
			memcpy(known[i].last_hits, known[i].hits, PROBES_MAX);
			memset(known[i].hits, 0, PROBES_MAX);
		}
		nr_windows++;
		nr_weighted += weighted;
	}
	if (kdamond_tick(k))
		return "an error";
	nr_ticks++;
	if (!ends && memcmp(&rng, &ctx->rng, sizeof(rng)))
		return "draws";
	return all_differ(ctx);
}

static const char *ticks_agree(u64 seed)
{
	struct context *ctx = &world.ctx;
	struct support_rng rng;
	const char *what = NULL;
	struct kdamond k;
	u32 i;

	support_rng_init(&rng, seed);
	world_draw(&world, &rng, seed % 2);
	if (ctx->ops_id != OPS_PADDR)
		goto out;
	context_drop_schemes(ctx, 0);
	ctx->profile = &profile_n;
	probes_fini(&ctx->probes);
	world_draw_probes(ctx, &rng);
	if (seed % 3 == 0)
		ctx->attrs.aggr_us = 200 * ctx->attrs.sample_us;
	if (kdamond_start(&k, ctx))
		what = "the start";
	for (i = 0; i < (seed % 3 ? TICKS : 450) && !what; i++)
		what = one_tick(&k, &rng);
	if (what)
		printf("prop_probe: seed %llu, tick %u: %s\n", seed, i, what);
out:
	world_fini(&world);
	return what;
}

int main(int argc, char **argv)
{
	u64 seed = 1, runs = 300, i;

	for (i = 1; i + 1 < (u64)argc; i += 2) {
		if (!strcmp(argv[i], "--seed"))
			seed = strtoull(argv[i + 1], NULL, 10);
		else if (!strcmp(argv[i], "--runs"))
			runs = strtoull(argv[i + 1], NULL, 10);
		else
			break;
	}
	if (i < (u64)argc) {
		fprintf(stderr, "usage: prop_probe [--seed N] [--runs N]\n");
		return 2;
	}
	for (i = 0; i < runs; i++)
		if (ticks_agree(seed + i))
			return 1;
	printf("prop_probe: %llu ticks as by the second opinion; %llu windows, "
	       "%llu of them by weights; %llu hits\n",
	       nr_ticks, nr_windows, nr_weighted, nr_hits);
	return 0;
}
