// SPDX-License-Identifier: GPL-2.0
/*
 * Page faults of a tick as reports in the rings, see primitive.h.
 *
 * What a sample's handler looks at is filled in as the fault's handler knows
 * it, with the addresses of both spaces; whether it read or wrote is not said.
 */
#include <errno.h>
#include <stdlib.h>

#include "machine/feed.h"
#include "run/hotpath.h"
#include "run/machine.h"
#include "run/primitive.h"

int primitive_hit_add(struct primitive *p, const struct primitive_hit *hit)
{
	struct primitive_hit *grown;
	u32 max = p->hits_max ? 2 * p->hits_max : 64;

	if (p->nr_hits == p->hits_max) {
		grown = realloc(p->hit, max * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		p->hit = grown;
		p->hits_max = max;
	}
	p->hit[p->nr_hits++] = *hit;
	return 0;
}

/* Whoever comes first comes first. */
static void shuffle(struct primitive *p)
{
	struct primitive_hit keep;
	u32 i, j;

	for (i = p->nr_hits; i > 1; i--) {
		j = luck_below(luck_next(&p->luck) >> 32, i);
		keep = p->hit[i - 1];
		p->hit[i - 1] = p->hit[j];
		p->hit[j] = keep;
	}
}

static void report(struct primitive *p, const struct primitive_hit *hit)
{
	const struct program *prog = machine_program(p->m, hit->map->tgid);
	const struct run_thread *rt = &prog->thread[hit->thread];
	struct cpu *cpu = p->m->cpu[rt->cpu].cpu;
	const struct damon_running who = { .tgid = rt->tgid, .tid = rt->tid };
	const struct perf_sample_data data = {
		.sample_flags = PERF_SAMPLE_ADDR | PERF_SAMPLE_PHYS_ADDR,
		.addr = hit->vaddr,
		.phys_addr = ram_translate(hit->map, hit->vaddr),
	};

	hotpath_sample(p->m->now_ps, p->m->env.tick_ps);
	damon_handle_sample(cpu->ring, &cpu->stats, &data, &p->m->env.sampling,
			    &who);
}

static void stats_add(struct damon_tick_stats *sum,
		      const struct damon_tick_stats *more)
{
	int i;

	sum->credited += more->credited;
	sum->absorbed += more->absorbed;
	for (i = 0; i < DAMON_NR_LOSSES; i++)
		sum->lost[i] += more->lost[i];
}

u32 primitive_drain(struct primitive *p, struct context *ctx, struct feed *feed,
		    struct damon_tick_stats *stats)
{
	u32 i, nr, all = 0;

	shuffle(p);
	for (i = 0; i < p->nr_hits; i++)
		report(p, &p->hit[i]);
	p->nr_hits = 0;
	if (feed_begin(feed, ctx))
		return 0;
	feed->tick.stats = (struct damon_tick_stats){ 0 };
	for (i = 0; i < p->m->nr_cpus; i++) {
		struct run_cpu *c = &p->m->cpu[i];

		hotpath_drain(p->m->now_ps, p->m->env.tick_ps,
			      ctx->attrs.sample_us * RUN_PS_PER_US, c->online);
		nr = damon_tick_drain(&feed->tick, c->cpu->ring, i);
		c->cpu->nr_drains += nr != 0;
		c->cpu->drained += nr;
		c->cpu->fill_max =
			nr > c->cpu->fill_max ? nr : c->cpu->fill_max;
		all += nr;
	}
	feed_credit(feed, ctx, feed->tick.hits, feed->tick.nr_hits);
	stats_add(stats, &feed->tick.stats);
	return all;
}
