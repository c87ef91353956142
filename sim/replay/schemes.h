/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the schemes of a replay do to the memory that the capture implies, and
 * what the capture shows of it afterwards.
 *
 * Not here: printing (report/).
 */
#ifndef SCHEMES_H
#define SCHEMES_H

#include "damon/context.h"
#include "replay/implied.h"
#include "trace.h"

struct replay;

/* Parts that the time is divided into, to see how things change. */
#define SCHEMES_BINS 16

/**
 * struct replay_scheme - one scheme.
 * @nr_passes:	how often it was due and awake
 * @nr_matched:	passes in which a region fit its pattern
 * @nr_esz:	quota windows with a size of their own
 * @esz_sum:	of those sizes, as a mean is wanted; saturated ones left out
 * @nr_esz_open: of those windows, without a bound
 */
struct replay_scheme {
	u64 nr_passes;
	u64 nr_matched;
	u64 nr_esz;
	double esz_sum;
	u64 nr_esz_open;
};

/**
 * struct replay_schemes - all of them.
 * @on:		there are any
 * @memory:	what they act upon
 * @area:	by target
 * @fixed:	regions of the configuration, for @area
 * @scheme:	by scheme
 * @bin_ns:	how long a bin is
 * @nr_bins:	in use
 * @bin:	samples by time and node
 */
struct replay_schemes {
	bool on;
	struct implied memory;
	struct implied_area *area;
	struct range *fixed;
	struct replay_scheme *scheme;
	u64 bin_ns;
	u32 nr_bins;
	u64 bin[SCHEMES_BINS][IMPLIED_NODES_MAX];
};

/**
 * schemes_begin() - give the context its memory, if it has schemes.
 * @r:		replay whose context has targets and schemes
 *
 * Return: 0; -EINVAL for more schemes or nodes than can be told apart; -ENOMEM.
 */
int schemes_begin(struct replay *r);

void schemes_fini(struct replay *r);

/* A sample that the handler took. */
void schemes_touch(struct replay *r, const struct trace_record *rec);

/* What the context's observer is told. */
void schemes_before_apply(struct replay *r, u32 scheme);
void schemes_esz(struct replay *r, u32 scheme, u64 esz);
void schemes_applied(struct replay *r, u32 scheme);

#endif
