// SPDX-License-Identifier: GPL-2.0
/* DAMON's estimate against the truth, see truth.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "run/truth.h"

#define PS_PER_US 1000000ULL

static u64 blocks_of(const struct truth *t, const struct program *p)
{
	u64 nr = p->map->sz >> RAM_BLOCK_SHIFT;

	return (nr + t->step - 1) / t->step;
}

int truth_init(struct truth *t, const struct machine *m, u64 duration_us)
{
	u64 nr = 0;
	u32 i;

	*t = (struct truth){
		.m = m,
		.every_ps = duration_us * PS_PER_US / TRUTH_WINDOWS,
	};
	for (i = 0; i < m->nr_programs; i++) {
		nr += m->program[i].map->sz >> RAM_BLOCK_SHIFT;
		t->nr_units += m->program[i].nr_threads;
	}
	t->step = nr / TRUTH_BLOCKS + 1;
	for (i = 0; i < m->nr_programs; i++)
		t->nr_blocks += blocks_of(t, &m->program[i]);
	t->block = calloc(t->nr_blocks + 1, sizeof(*t->block));
	t->units = calloc(t->nr_units + 1, sizeof(*t->units));
	if (t->block && t->units)
		return 0;
	truth_fini(t);
	return -ENOMEM;
}

void truth_fini(struct truth *t)
{
	free(t->block);
	free(t->units);
	*t = (struct truth){ 0 };
}

/* Another window begins. */
static void mark(struct truth *t)
{
	u32 i, j, at = 0;

	for (i = 0; i < t->m->nr_programs; i++)
		for (j = 0; j < t->m->program[i].nr_threads; j++)
			t->units[at++] = t->m->program[i].thread[j].t.units;
	t->begin_ps = t->m->now_ps;
}

/* Bytes of a block that a program's threads accessed in the window. */
static double truth_of(const struct program *p, const u64 *units, u64 vaddr)
{
	double sum = 0, rate = 0;
	u32 i;

	for (i = 0; i < p->nr_threads; i++) {
		const struct workload_thread *w = &p->thread[i].t;

		/* Of another's memory it accesses nothing. */
		if (w->start + w->sz <= vaddr ||
		    w->start >= vaddr + RAM_BLOCK_BYTES)
			continue;
		if (!i || !p->w.params.shared)
			rate = p->w.kind->rate(w, vaddr, RAM_BLOCK_BYTES);
		sum += rate * (w->units - units[i]);
	}
	return sum;
}

/* The region that holds an address, or NULL. */
static const struct region *region_of(const struct regions *v, u64 addr)
{
	u32 low = 0, high = v->nr, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (v->at[mid].end <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low < v->nr && v->at[low].start <= addr ? &v->at[low] : NULL;
}

/* What DAMON found at a byte of a program.  Return: false for nothing. */
static bool asked(const struct context *ctx, const struct program *p, u64 vaddr,
		  u32 *nr_accesses)
{
	bool phys = ctx->ops_id == OPS_PADDR;
	u64 addr = phys ? ram_translate(p->map, vaddr) : vaddr;
	const struct region *r = NULL;
	u32 i;

	if (addr == RAM_NOWHERE)
		return false;
	for (i = 0; i < ctx->nr_targets && !r; i++)
		if (phys || ctx->targets[i].tgid == p->spec->pid)
			r = region_of(&ctx->targets[i].regions,
				      addr / ctx->addr_unit);
	if (r)
		*nr_accesses = r->nr_accesses;
	return r;
}

static void look_at_block(const struct truth *t, const struct context *ctx,
			  const struct program *p, const u64 *units, u64 vaddr,
			  struct truth_block *b)
{
	double window_s = (t->m->now_ps - t->begin_ps) / 1e12;
	u32 i, nr_accesses, nr = 0, sum = 0;

	for (i = 0; i < TRUTH_PROBES; i++) {
		if (!asked(ctx, p, vaddr + i * (RAM_BLOCK_BYTES / TRUTH_PROBES),
			   &nr_accesses))
			continue;
		sum += nr_accesses;
		nr++;
	}
	if (!nr)
		return;
	b->nr++;
	b->seen += (double)sum / nr / attrs_nr_samples(&ctx->attrs);
	b->rate += truth_of(p, units, vaddr) / window_s;
}

static void look(struct truth *t, const struct context *ctx)
{
	struct truth_block *b = t->block;
	const u64 *units = t->units;
	u32 i;
	u64 j;

	for (i = 0; i < t->m->nr_programs; i++) {
		const struct program *p = &t->m->program[i];

		for (j = 0; j < blocks_of(t, p); j++)
			look_at_block(t, ctx, p, units,
				      p->map->start +
					      (j * t->step << RAM_BLOCK_SHIFT),
				      b++);
		units += p->nr_threads;
	}
	t->nr_windows++;
}

/* The first region that has something to tell stands for the window. */
static bool is_first(const struct context *ctx, u32 target,
		     const struct region *r)
{
	u32 i;

	for (i = 0; i < target; i++)
		if (ctx->targets[i].regions.nr)
			return false;
	return r == ctx->targets[target].regions.at;
}

static void truth_aggregated(void *data, const struct context *ctx, u32 target,
			     u32 nr_regions, const struct region *r)
{
	struct truth *t = data;

	if (!is_first(ctx, target, r))
		return;
	if (t->m->now_ps >= t->next_ps && t->m->now_ps > t->begin_ps) {
		look(t, ctx);
		t->next_ps = t->m->now_ps + t->every_ps;
	}
	mark(t);
}

const struct context_observer truth_observer = {
	.aggregated = truth_aggregated,
};

static double max_of(const double *v, u32 nr)
{
	double max = 0;
	u32 i;

	for (i = 0; i < nr; i++)
		max = v[i] > max ? v[i] : max;
	return max;
}

static int by_value(const void *a, const void *b, void *arg)
{
	const double *v = arg, x = v[*(const u32 *)a], y = v[*(const u32 *)b];

	return (x > y) - (x < y);
}

/* Ranks from 1; equal values share theirs. */
static void rank(const double *v, u32 nr, u32 *order, double *out)
{
	u32 i, j, first;

	for (i = 0; i < nr; i++)
		order[i] = i;
	qsort_r(order, nr, sizeof(*order), by_value, (void *)v);
	for (first = 0; first < nr; first = i) {
		for (i = first; i < nr && v[order[i]] == v[order[first]]; i++)
			;
		for (j = first; j < i; j++)
			out[order[j]] = (first + 1 + i) / 2.0;
	}
}

/* Return: false if one of them is the same everywhere. */
static bool correlate(const double *a, const double *b, u32 nr, double *out)
{
	/* The mean of ranks from 1. */
	double mean = (nr + 1) / 2.0, aa = 0, bb = 0, ab = 0;
	u32 i;

	for (i = 0; i < nr; i++) {
		aa += (a[i] - mean) * (a[i] - mean);
		bb += (b[i] - mean) * (b[i] - mean);
		ab += (a[i] - mean) * (b[i] - mean);
	}
	if (aa == 0 || bb == 0)
		return false;
	*out = ab / sqrt(aa * bb);
	return true;
}

int truth_compare(const double *rate, const double *seen, u32 nr,
		  struct truth_figures *out)
{
	double half_rate = max_of(rate, nr) / 2;
	double half_seen = max_of(seen, nr) / 2;
	double *ranks = calloc(2 * (size_t)nr + 1, sizeof(*ranks));
	u32 *order = calloc((size_t)nr + 1, sizeof(*order));
	u32 i, both = 0;

	*out = (struct truth_figures){ .nr_blocks = nr };
	if (!ranks || !order) {
		free(ranks);
		free(order);
		return -ENOMEM;
	}
	for (i = 0; i < nr; i++) {
		out->nr_hot += rate[i] > half_rate;
		out->nr_found += seen[i] > half_seen;
		both += rate[i] > half_rate && seen[i] > half_seen;
	}
	out->has_precision = out->nr_found;
	out->has_recall = out->nr_hot;
	out->precision = out->nr_found ? (double)both / out->nr_found : 0;
	out->recall = out->nr_hot ? (double)both / out->nr_hot : 0;
	rank(rate, nr, order, ranks);
	rank(seen, nr, order, ranks + nr);
	out->has_rank =
		correlate(ranks, ranks + nr, nr, &out->rank_correlation);
	free(ranks);
	free(order);
	return 0;
}

int truth_figures(const struct truth *t, struct truth_figures *out)
{
	double *both = calloc(2 * (size_t)t->nr_blocks + 1, sizeof(*both));
	double *seen = both + t->nr_blocks;
	u32 i, nr = 0;
	int err;

	*out = (struct truth_figures){ 0 };
	if (!both)
		return -ENOMEM;
	for (i = 0; i < t->nr_blocks; i++) {
		const struct truth_block *b = &t->block[i];

		if (!b->nr)
			continue;
		both[nr] = b->rate / b->nr;
		seen[nr++] = b->seen / b->nr;
	}
	err = truth_compare(both, seen, nr, out);
	out->nr_left = t->nr_blocks - nr;
	free(both);
	return err;
}
