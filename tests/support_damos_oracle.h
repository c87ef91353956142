/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A second opinion on a pass of schemes.
 *
 * Regions are linked one by one, as a kernel has them, and cut where they
 * stand; folios are visited one by one; where cores differ it asks for their
 * names and not for struct profile.  Written from the description of DAMON's
 * rules.  What a user says of schemes it reads from the context; what a pass
 * leaves behind is its own, and is compared.
 */
#ifndef SUPPORT_DAMOS_ORACLE_H
#define SUPPORT_DAMOS_ORACLE_H

#include "damon/context.h"
#include "support_memory.h"

#define SLOW_TARGETS 4
#define SLOW_SCHEMES 8
#define SLOW_GOALS 4

struct slow_region {
	u64 start, end;
	u32 nr, last, age, sum_bp;
	u8 hits[4], last_hits[4];
	struct slow_region *prev, *next;
};

/* What the kdamond keeps of a scheme. */
struct slow_scheme {
	u64 next_apply;
	u64 esz, esz_bp, total_sz, total_ns, charged, from;
	s32 resume_target; /* -1 for none, -2 for one that is gone */
	u64 resume_addr;
	u32 min_score;
	u64 goal_now[SLOW_GOALS], goal_psi[SLOW_GOALS];
	struct scheme_stat stat;
	bool core_allowed;
	s64 last_space, last_head; /* folio that was last; -1 for none */
};

struct slow {
	const struct context *ctx; /* what a user says, and clocks */
	struct support_memory *memory;
	struct slow_region *first[SLOW_TARGETS];
	struct slow_scheme scheme[SLOW_SCHEMES];
	u64 jiffies;
	char heard[1 << 16]; /* as slow_hear() writes it */
	u32 nr_heard;
};

/* What an action takes in this world, in jiffies. */
static inline u64 slow_takes(u64 start)
{
	return start / PAGE_BYTES % 7 == 3;
}

void slow_hear(char *heard, u32 *nr, u32 max, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Take what is kept of schemes from the context. */
void slow_take_state(struct slow *o);

/* Take regions and clocks from the context, and do a pass. */
void slow_pass(struct slow *o);

/* What differs, or NULL. */
const char *slow_differs(const struct slow *o);

void slow_fini(struct slow *o);

/* The operations: bytes or units done; and a goal's metric. */
u64 slow_act(struct slow *o, u32 target, u64 start, u64 end, u32 scheme,
	     u64 *passed);
u64 slow_measure(struct slow *o, u32 scheme, u32 goal);

/* For the metric that wants to know who is meant. */
bool slow_in_pattern(struct slow *o, const struct slow_region *r, u32 scheme);

/* From here on: what its own files share. */

static inline const struct scheme *slow_user(const struct slow *o, u32 i)
{
	return &o->ctx->schemes[i];
}

static inline u64 slow_sz(const struct slow_region *r)
{
	return r->end - r->start;
}

static inline u64 slow_down(u64 x, u64 step)
{
	return x - x % step;
}

static inline u64 slow_ticks(const struct slow *o, u64 us)
{
	u64 sample_us = o->ctx->attrs.sample_us;

	return us / (sample_us ? sample_us : 1);
}

static inline u32 slow_window(const struct slow *o)
{
	u64 nr = slow_ticks(o, o->ctx->attrs.aggr_us);

	return nr ? nr : 1;
}

/* Accesses of a window's length that ends now. */
u32 slow_frequency(struct slow *o, const struct slow_region *r);
s64 slow_score(struct slow *o, const struct slow_region *r, u32 i);

/* Of the quota: is there one, is it used up, and its window at this pass. */
bool slow_limited(struct slow *o, u32 i);
bool slow_full(struct slow *o, u32 i);
void slow_adjust(struct slow *o, u32 i);

/* May it act here?  By the way, addresses of filters cut the region. */
bool slow_core_lets(struct slow *o, u32 target, struct slow_region *r, u32 i);

void slow_take_regions(struct slow *o);
void slow_say(struct slow *o, const char *what, u64 a, u64 b, u64 c, u64 d,
	      u64 e, u64 f);

/* Cut @r: it keeps @left. */
void slow_cut(struct slow_region *r, u64 left);

/* Which core, by its letter. */
static inline char slow_core(const struct slow *o)
{
	return o->ctx->profile->name[0];
}

#endif
