// SPDX-License-Identifier: GPL-2.0
/*
 * The hot path of include/damon, with the glue that a kernel has: a snapshot
 * that is rebuilt once a window, when merging and splitting have changed the
 * regions, and regions whose counters are credited.
 */
#include <stdlib.h>

#include <damon/tick.h>

#include "rival.h"

struct ours_region {
	u64 start;
	u64 end;
	u32 nr_accesses;
	u32 last_nr_accesses;
	u32 age;
};

struct ours {
	struct bench_shape shape;
	struct damon_ring **ring;
	struct ours_region *region;
	struct damon_snapshot snapshot;
	struct damon_tick tick;
	u32 nr_ticks;
	u32 max;
};

static void rebuild(struct ours *o)
{
	u32 per_target = o->shape.nr_regions / o->shape.nr_targets, i, t;

	damon_snapshot_reset(&o->snapshot, o->shape.nr_targets == 1);
	for (t = 0; t < o->shape.nr_targets; t++) {
		damon_snapshot_add_target(&o->snapshot, t + 1);
		for (i = 0; i < per_target; i++) {
			const struct ours_region *r =
				&o->region[t * per_target + i];

			damon_snapshot_add_region(&o->snapshot, r->start,
						  r->end, 1);
		}
	}
}

static void *ours_new(const struct bench_shape *shape)
{
	struct ours *o = bench_alloc(sizeof(*o));
	u32 per_target = shape->nr_regions / shape->nr_targets, i;

	o->shape = *shape;
	o->ring = bench_alloc(shape->nr_rings * sizeof(*o->ring));
	for (i = 0; i < shape->nr_rings; i++) {
		o->ring[i] = bench_alloc(damon_ring_size(BENCH_CAPACITY));
		damon_ring_init(o->ring[i], BENCH_CAPACITY);
	}
	o->region = bench_alloc(shape->nr_regions * sizeof(*o->region));
	for (i = 0; i < shape->nr_regions; i++) {
		o->region[i].start = i % per_target * shape->sz_region;
		o->region[i].end = o->region[i].start + shape->sz_region;
	}
	o->snapshot.start = bench_alloc(shape->nr_regions * sizeof(u64));
	o->snapshot.last = bench_alloc(shape->nr_regions * sizeof(u64));
	o->snapshot.regions_max = shape->nr_regions;
	o->snapshot.target =
		bench_alloc(shape->nr_targets * sizeof(*o->snapshot.target));
	o->snapshot.targets_max = shape->nr_targets;
	o->tick.snapshot = &o->snapshot;
	o->tick.credited = bench_alloc(shape->nr_regions * sizeof(bool));
	o->tick.hits = bench_alloc(shape->nr_regions * sizeof(u32));
	o->tick.epoch = 1;
	rebuild(o);
	return o;
}

static void ours_free(void *state)
{
	struct ours *o = state;
	u32 i;

	for (i = 0; i < o->shape.nr_rings; i++)
		free(o->ring[i]);
	free(o->ring);
	free(o->region);
	free(o->snapshot.start);
	free(o->snapshot.last);
	free(o->snapshot.target);
	free(o->tick.credited);
	free(o->tick.hits);
	free(o);
}

static u64 ours_push(void *state, const struct bench_sample *s, u32 nr)
{
	struct ours *o = state;
	struct damon_report report = { .epoch = 1, .flags = 1 };
	u64 accepted = 0;
	u32 i;

	for (i = 0; i < nr; i++) {
		report.addr = s[i].addr;
		report.tgid = s[i].tgid;
		report.tid = s[i].tid;
		accepted += !damon_ring_push(o->ring[s[i].cpu], &report);
	}
	return accepted;
}

static u64 ours_drain(void *state)
{
	struct ours *o = state;
	struct damon_report report[DAMON_TICK_BATCH];
	u64 taken = 0;
	u32 i, nr;

	for (i = 0; i < o->shape.nr_rings; i++) {
		do {
			nr = damon_ring_drain(o->ring[i], report,
					      DAMON_TICK_BATCH);
			__asm__ volatile("" : : "r"(report) : "memory");
			taken += nr;
		} while (nr == DAMON_TICK_BATCH);
	}
	return taken;
}

static u64 ours_match(void *state, const struct bench_sample *s, u32 nr)
{
	struct ours *o = state;
	struct damon_report report[DAMON_MATCH_LANES] = { 0 };
	struct damon_match m[DAMON_MATCH_LANES];
	u32 i, j, lanes;
	u64 sum = 0;

	for (i = 0; i < nr; i += lanes) {
		lanes = nr - i < DAMON_MATCH_LANES ? nr - i : DAMON_MATCH_LANES;
		for (j = 0; j < lanes; j++) {
			report[j].addr = s[i + j].addr;
			report[j].tgid = s[i + j].tgid;
		}
		lanes = damon_match(&o->snapshot, report, lanes, m);
		for (j = 0; j < lanes; j++)
			sum += m[j].region;
	}
	return sum;
}

/* Once a window all regions are looked at, and their counters begin anew. */
static void end_window(struct ours *o)
{
	u32 i, max = 0;

	for (i = 0; i < o->shape.nr_regions; i++) {
		struct ours_region *r = &o->region[i];

		max = r->nr_accesses > max ? r->nr_accesses : max;
		r->last_nr_accesses = r->nr_accesses;
		r->nr_accesses = 0;
	}
	o->max = max;
	rebuild(o);
}

static u64 ours_tick(void *state)
{
	struct ours *o = state;
	u64 taken = 0;
	u32 i;

	damon_tick_begin(&o->tick);
	for (i = 0; i < o->shape.nr_rings; i++)
		taken += damon_tick_drain(&o->tick, o->ring[i], i);
	for (i = 0; i < o->tick.nr_hits; i++)
		o->region[o->tick.hits[i]].nr_accesses++;
	if (++o->nr_ticks % BENCH_WINDOW_TICKS == 0)
		end_window(o);
	return taken;
}

const struct rival rival_ours = {
	.name = "damonsim",
	.summary = "the hot path of include/damon",
	.new = ours_new,
	.free = ours_free,
	.push = ours_push,
	.drain = ours_drain,
	.match = ours_match,
	.tick = ours_tick,
};
