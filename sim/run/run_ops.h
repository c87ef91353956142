/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The operations by which DAMON's core reaches the machine of a run: reports
 * that were drained, the primitive, processes and their memory.
 *
 * Not here: what is done to memory (ram_ops.h).
 */
#ifndef RUN_OPS_H
#define RUN_OPS_H

#include "run/run.h"

/* A context of the run, before it is told what to do. */
void run_init_context(struct run *r);

/* How accesses are noticed follows from whether there are events. */
void run_choose_ops(struct run *r);

#endif
