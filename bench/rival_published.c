// SPDX-License-Identifier: GPL-2.0
/*
 * The posted design of 29 May 2026: its ring (tests/variants/published), a
 * snapshot of pointers to all regions built in each tick, an age check of each
 * report, a binary search through the pointers, and a pass over all regions for
 * those that were not accessed.
 */
#include <stdlib.h>

#include "listed_regions.h"
#include "published/ring.h"
#include "rival.h"

/* Jiffies of a 5 ms interval at 250 Hz. */
#define SAMPLE_JIFFIES 2

struct lookup {
	struct listed_region **region;
	u32 nr;
};

struct published {
	struct bench_shape shape;
	struct published_cpu *cpu;
	struct listed_target *target;
	struct lookup *lookup;
	struct listed_region **flat;
	volatile unsigned long jiffies;
	u32 nr_ticks;
	u32 max;
};

static void *published_new(const struct bench_shape *shape)
{
	struct published *p = bench_alloc(sizeof(*p));

	p->shape = *shape;
	p->cpu = bench_alloc(shape->nr_rings * sizeof(*p->cpu));
	p->target = listed_new(shape);
	p->lookup = bench_alloc(shape->nr_targets * sizeof(*p->lookup));
	p->flat = bench_alloc(shape->nr_regions * sizeof(*p->flat));
	p->jiffies = 1000;
	return p;
}

static void published_free(void *state)
{
	struct published *p = state;

	listed_free(p->target, p->shape.nr_targets);
	free(p->cpu);
	free(p->lookup);
	free(p->flat);
	free(p);
}

static u64 published_push_all(void *state, const struct bench_sample *s, u32 nr)
{
	struct published *p = state;
	struct published_report report = { .size = BENCH_PAGE };
	u64 accepted = 0;
	u32 i;

	for (i = 0; i < nr; i++) {
		report.paddr = s[i].addr;
		report.vaddr = s[i].addr;
		report.cpu = s[i].cpu;
		report.tid = s[i].tid;
		report.tgid = s[i].tgid;
		accepted +=
			published_push(&p->cpu[s[i].cpu], &report, &p->jiffies);
	}
	return accepted;
}

static void take(void *arg, const struct published_report *r)
{
	struct published_report copy = *r;

	__asm__ volatile("" : : "r"(&copy) : "memory");
}

static u64 published_drain_all(void *state)
{
	struct published *p = state;
	u64 nr = 0;
	u32 i;

	for (i = 0; i < p->shape.nr_rings; i++)
		nr += published_drain(&p->cpu[i], take, NULL);
	return nr;
}

/* Two passes: count, then fill. */
static void build(struct published *p)
{
	struct listed_region *r;
	u32 t, nr = 0, filled = 0;

	for (t = 0; t < p->shape.nr_targets; t++)
		nr += p->target[t].nr_regions;
	__asm__ volatile("" : : "r"(nr));
	for (t = 0; t < p->shape.nr_targets; t++) {
		p->lookup[t].region = &p->flat[filled];
		p->lookup[t].nr = 0;
		for (r = p->target[t].first; r; r = r->next) {
			p->flat[filled++] = r;
			p->lookup[t].nr++;
		}
	}
}

static struct listed_region *find(const struct lookup *l, u64 addr)
{
	u32 low = 0, high = l->nr;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (addr < l->region[mid]->start)
			high = mid;
		else if (addr >= l->region[mid]->end)
			low = mid + 1;
		else
			return l->region[mid];
	}
	return NULL;
}

static void credit(void *arg, const struct published_report *report)
{
	struct published *p = arg;
	bool phys = p->shape.nr_targets == 1;
	struct listed_region *r;
	u64 addr;
	u32 t;

	if ((long)(report->report_jiffies - (p->jiffies - SAMPLE_JIFFIES)) < 0)
		return;
	for (t = 0; t < p->shape.nr_targets; t++) {
		if (!phys && p->target[t].tgid != report->tgid)
			continue;
		addr = phys ? report->paddr : report->vaddr;
		r = find(&p->lookup[t], addr);
		if (!r || addr + report->size > r->end || r->access_reported)
			continue;
		listed_tick_region(r, true);
		r->access_reported = true;
	}
}

/* Those that were not accessed, which moves their sums on as well. */
static u32 zero_pass(struct published *p)
{
	struct listed_region *r;
	u32 t, max = 0;

	for (t = 0; t < p->shape.nr_targets; t++)
		for (r = p->target[t].first; r; r = r->next) {
			if (r->access_reported)
				r->access_reported = false;
			else
				listed_tick_region(r, false);
			max = r->nr_accesses > max ? r->nr_accesses : max;
		}
	return max;
}

static u64 published_match(void *state, const struct bench_sample *s, u32 nr)
{
	struct published *p = state;
	bool phys = p->shape.nr_targets == 1;
	struct listed_region *r;
	u64 sum = 0;
	u32 i, t;

	if (!p->lookup->nr)
		build(p);
	for (i = 0; i < nr; i++)
		for (t = 0; t < p->shape.nr_targets; t++) {
			if (!phys && p->target[t].tgid != s[i].tgid)
				continue;
			r = find(&p->lookup[t], s[i].addr);
			sum += r ? r->start : 0;
		}
	return sum;
}

static u64 published_tick(void *state)
{
	struct published *p = state;
	u64 nr = 0;
	u32 i;

	build(p);
	for (i = 0; i < p->shape.nr_rings; i++)
		nr += published_drain(&p->cpu[i], credit, p);
	p->max = zero_pass(p);
	if (++p->nr_ticks % BENCH_WINDOW_TICKS == 0)
		listed_end_window(p->target, p->shape.nr_targets);
	return nr;
}

const struct rival rival_published = {
	.name = "published",
	.summary = "the posted design of 29 May 2026",
	.new = published_new,
	.free = published_free,
	.push = published_push_all,
	.drain = published_drain_all,
	.match = published_match,
	.tick = published_tick,
};
