// SPDX-License-Identifier: GPL-2.0
/* See listed_regions.h. */
#include <stdlib.h>

#include "listed_regions.h"

/* Allocated in an order that has nothing to do with addresses. */
static void shuffle(struct listed_region **at, u32 nr)
{
	u64 x = 88172645463325252ULL;
	u32 i, j;

	for (i = nr; i > 1; i--) {
		struct listed_region *r = at[i - 1];

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		j = x % i;
		at[i - 1] = at[j];
		at[j] = r;
	}
}

struct listed_target *listed_new(const struct bench_shape *shape)
{
	struct listed_target *target =
		bench_alloc(shape->nr_targets * sizeof(*target));
	struct listed_region **at = bench_alloc(shape->nr_regions *
						sizeof(*at)),
			     *r;
	u32 per_target = shape->nr_regions / shape->nr_targets, t, i;

	for (i = 0; i < shape->nr_regions; i++)
		at[i] = bench_alloc(sizeof(**at));
	shuffle(at, shape->nr_regions);
	for (t = 0; t < shape->nr_targets; t++) {
		target[t].tgid = t + 1;
		target[t].nr_regions = per_target;
		target[t].first = at[t * per_target];
		for (i = 0; i < per_target; i++) {
			r = at[t * per_target + i];
			r->start = i * shape->sz_region;
			r->end = r->start + shape->sz_region;
			r->next = i + 1 < per_target ?
					  at[t * per_target + i + 1] :
					  NULL;
			r->prev = i ? at[t * per_target + i - 1] : NULL;
		}
	}
	/* What does not divide by the targets belongs to none. */
	for (i = t * per_target; i < shape->nr_regions; i++)
		free(at[i]);
	free(at);
	return target;
}

void listed_free(struct listed_target *target, u32 nr_targets)
{
	struct listed_region *r, *next;
	u32 t;

	for (t = 0; t < nr_targets; t++)
		for (r = target[t].first; r; r = next) {
			next = r->next;
			free(r);
		}
	free(target);
}

u32 listed_end_window(struct listed_target *target, u32 nr_targets)
{
	struct listed_region *r;
	u32 t, max = 0;

	for (t = 0; t < nr_targets; t++)
		for (r = target[t].first; r; r = r->next) {
			max = r->nr_accesses > max ? r->nr_accesses : max;
			r->last_nr_accesses = r->nr_accesses;
			r->nr_accesses = 0;
		}
	return max;
}
