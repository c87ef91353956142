// SPDX-License-Identifier: GPL-2.0
/*
 * The match against bsearch() of the C library, on snapshots up to 100,000
 * regions; the suites do the small ones and the odd cases.
 *
 * usage: prop_match [N]     N reports a snapshot (20,000)
 */
#include <stdio.h>
#include <stdlib.h>

#include <damon/match.h>

#include "support_rng.h"

#define REGIONS_MAX 100000
#define TARGETS 3

static u64 starts[REGIONS_MAX], lasts[REGIONS_MAX];
static struct damon_snapshot_target targets[TARGETS];

static int in_region(const void *key, const void *element)
{
	u64 addr = *(const u64 *)key;
	u32 i = (const u64 *)element - starts;

	return addr < starts[i] ? -1 : addr > lasts[i];
}

/* Regions of a few pages, a third of them behind a hole. */
static void build(struct damon_snapshot *s, u32 nr, struct support_rng *rng)
{
	u32 t, i;
	u64 at;

	damon_snapshot_reset(s, false);
	for (t = 0; t < TARGETS; t++) {
		damon_snapshot_add_target(s, 100 + t);
		at = support_rng_below(rng, 1000);
		for (i = 0; i < nr / TARGETS; i++) {
			u64 start = at + (support_rng_below(rng, 3) ?
						  0 :
						  support_rng_below(rng, 9));

			at = start + 1 + support_rng_below(rng, 9);
			if (damon_snapshot_add_region(s, start, at, 4096))
				abort();
		}
	}
}

/* Index of the region that holds the byte, by the library; ~0 if none does. */
static u32 by_library(const struct damon_snapshot *s,
		      const struct damon_report *report)
{
	u32 t = report->tgid - 100;
	const u64 *at;

	if (t >= TARGETS || !s->target[t].nr)
		return ~0u;
	at = bsearch(&report->addr, &starts[s->target[t].first],
		     s->target[t].nr, sizeof(u64), in_region);
	return at ? at - starts : ~0u;
}

static int compare(const struct damon_snapshot *s, u64 nr,
		   struct support_rng *rng)
{
	struct damon_report report[DAMON_MATCH_LANES];
	struct damon_match m[DAMON_MATCH_LANES];
	u32 i, did, lanes, want;

	for (; nr; nr -= did) {
		lanes = nr < DAMON_MATCH_LANES ? nr : DAMON_MATCH_LANES;
		for (i = 0; i < lanes; i++)
			report[i] = (struct damon_report){
				.addr = support_rng_below(
					rng, 4096ULL * 3 * s->nr_regions + 1),
				.tgid = 100 +
					support_rng_below(
						rng, nr % 2 ? 1 : TARGETS + 1),
			};
		did = damon_match(s, report, lanes, m);
		for (i = 0; i < did; i++) {
			want = by_library(s, &report[i]);
			if ((m[i].loss ? ~0u : m[i].region) == want)
				continue;
			printf("prop_match: %llu of process %u: found %u (%d), "
			       "expected %u\n",
			       report[i].addr, report[i].tgid, m[i].region,
			       m[i].loss, want);
			return 1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const u32 sizes[] = { 3,	   6,	  30,	 96,	300,
				     3000, 30000, 99999, 65536, 1023 };
	u64 nr = argc > 1 ? strtoull(argv[1], NULL, 10) : 20000;
	struct damon_snapshot s = { .start = starts,
				    .last = lasts,
				    .target = targets,
				    .regions_max = REGIONS_MAX,
				    .targets_max = TARGETS };
	struct support_rng rng;
	u32 round;

	support_rng_init(&rng, 1);
	for (round = 0; round < 50; round++) {
		build(&s, sizes[round % 10], &rng);
		if (compare(&s, nr, &rng))
			return 1;
	}
	printf("prop_match: %u snapshots, %llu reports each, as the library "
	       "finds them\n",
	       round, nr);
	return 0;
}
