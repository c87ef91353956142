// SPDX-License-Identifier: GPL-2.0
/* The floor: what the measuring itself costs. */
#include <stdlib.h>

#include "rival.h"

struct nothing {
	u64 nr;
};

static void *nothing_new(const struct bench_shape *shape)
{
	return bench_alloc(sizeof(struct nothing));
}

/* Looks at each sample, as anybody must. */
static u64 nothing_push(void *state, const struct bench_sample *s, u32 nr)
{
	struct nothing *n = state;
	u64 sum = 0;
	u32 i;

	for (i = 0; i < nr; i++)
		__asm__ volatile("" : "+r"(sum) : "r"(s[i].addr));
	n->nr += nr;
	return nr;
}

static u64 nothing_drain(void *state)
{
	struct nothing *n = state;
	u64 nr = n->nr;

	n->nr = 0;
	return nr;
}

static u64 nothing_match(void *state, const struct bench_sample *s, u32 nr)
{
	return nothing_push(state, s, nr);
}

const struct rival rival_nothing = {
	.name = "nothing",
	.summary = "the floor: samples are looked at and forgotten",
	.new = nothing_new,
	.free = free,
	.push = nothing_push,
	.drain = nothing_drain,
	.match = nothing_match,
	.tick = nothing_drain,
};
