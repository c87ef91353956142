/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Probes: questions about memory that are asked of one address of each region
 * in each tick, beside or instead of whether it was accessed.
 *
 * How often one was answered with yes is counted in the region, in 8 bits that
 * wrap.  Once any probe has a weight the weighted sum of the counts takes the
 * place of nr_accesses where regions are merged and aged, nothing looks for
 * accesses any more, and a window may have no more ticks than 8 bits hold.
 *
 * Rules and names are those of the development tree after v7.2.  Of the
 * preparations, and of the filter that goes with them, a series of September
 * 2026 ("data access as a data attribute") says what they do.
 *
 * Not here: counting (probe_hits.h), when (kdamond.h).
 */
#ifndef PROBE_H
#define PROBE_H

#include <linux/types.h>

#include "region.h"
#include "scheme.h"

struct attrs;
struct context;

enum probe_filter_type {
	PROBE_FILTER_ANON,
	PROBE_FILTER_MEMCG,
	PROBE_FILTER_HUGEPAGE_SZ,
	PROBE_FILTER_PGIDLE_UNSET, /* accessed since it was last set idle */
	NR_PROBE_FILTER_TYPES,
};

/**
 * struct probe_filter - what is asked of a folio.
 * @type:	what is looked at
 * @matching:	are those meant that are of that type, or those that are not?
 *		What is not there, or not known, is never of the type
 * @allow:	who is meant is a hit, or is none
 * @memcg:	PROBE_FILTER_MEMCG: group
 * @hugepage_sz: PROBE_FILTER_HUGEPAGE_SZ: bytes, both included
 */
struct probe_filter {
	enum probe_filter_type type;
	bool matching;
	bool allow;
	union {
		u32 memcg;
		struct filter_bounds hugepage_sz;
	};
};

/* What is done to a sampled folio before the tick's sleep. */
enum probe_prep {
	PROBE_PREP_SET_PGIDLE, /* it has not been accessed from now on */
	NR_PROBE_PREPS,
};

/**
 * struct probe - one question.
 * @weight:	of a hit; 0: it is counted and nothing more
 * @filter:	asked in turn until one means the folio; none means each
 * @nr_filters:	of @filter
 * @prep:	done in turn
 * @nr_preps:	of @prep
 */
struct probe {
	u32 weight;
	struct probe_filter *filter;
	u32 nr_filters;
	enum probe_prep *prep;
	u32 nr_preps;
};

/* All zero is none. */
struct probes {
	struct probe at[PROBES_MAX];
	u32 nr;
};

/* As users know them; indexed by their enumerations. */
extern const char *const probe_filter_type_name[NR_PROBE_FILTER_TYPES];
extern const char *const probe_prep_name[NR_PROBE_PREPS];

/* One more without filters.  Return: 0; -EINVAL: there are PROBES_MAX. */
int probes_add(struct probes *v, u32 weight);

/**
 * probe_add_filter() - one more, behind the others.
 * Return: 0; -EINVAL for sizes the wrong way round; -ENOMEM.
 */
int probe_add_filter(struct probe *p, const struct probe_filter *filter);

/* Likewise.  Return: 0; -ENOMEM. */
int probe_add_prep(struct probe *p, enum probe_prep prep);

void probes_fini(struct probes *v);

/**
 * probes_check() - can sums of hits be told apart in these intervals?
 * @v:		probes
 * @attrs:	intervals that they are for
 *
 * Return: 0; -EINVAL if there is a weight, and a window has more ticks than 8
 * bits hold, or more hits, weighted, than 32.
 */
int probes_check(const struct probes *v, const struct attrs *attrs);

/**
 * probes_commit() - let @dst be what @src is; counts stay.
 * Return: 0; -EINVAL, -ENOMEM: then @dst is partly the one, partly the other.
 */
int probes_commit(struct probes *dst, const struct probes *src);

/* Does the context go by weights, and no more by accesses? */
bool probes_weighted(const struct context *ctx);

/* Has any probe of the context something to prepare? */
bool probes_have_preps(const struct context *ctx);

/* Weighted sums of the unfinished and of the last window, modulo 2^32. */
u32 probes_wsum(const struct probes *v, const struct region *r);
u32 probes_last_wsum(const struct probes *v, const struct region *r);

/**
 * probes_moving_wsum() - weighted sum of the hits in the last window's length.
 * @ctx:	context of @r
 * @r:		region
 *
 * Each count is taken as access_moving_sum() takes accesses, and cut to 8 bits.
 */
u32 probes_moving_wsum(const struct context *ctx, const struct region *r);

#endif
