/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The patterns by name, and two ways to go through memory that they share.
 */
#ifndef WORKLOAD_KINDS_H
#define WORKLOAD_KINDS_H

#include "workload.h"

/* Bytes of a cache line, the unit of most patterns' work. */
#define WORKLOAD_LINE 64u

/* From dispatch to retirement of an op that waits for nothing: assumption. */
#define WORKLOAD_RETIRE_CYCLES 30

/*
 * Lines that a core keeps on the way when it need not wait for one before it
 * asks for the next: what gives 13 GB/s at 110 ns, as single threads get.
 */
#define WORKLOAD_MLP_X16 (22 * 16)

extern const struct workload_kind workload_memcpy;
extern const struct workload_kind workload_chase;
extern const struct workload_kind workload_stream;
extern const struct workload_kind workload_triad;
extern const struct workload_kind workload_zipf;
extern const struct workload_kind workload_hotset;
extern const struct workload_kind workload_phase;
extern const struct workload_kind workload_scan;
extern const struct workload_kind workload_cold;
extern const struct workload_kind workload_trace;

/* One more sort of op, to be changed further. */
struct workload_class *workload_add_class(struct workload *w, const char *name,
					  u8 kind, u8 width, u8 source,
					  double per_unit, double cycle_share);

#endif
