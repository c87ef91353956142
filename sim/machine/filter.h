/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A context's sample filters: is a report wanted?
 *
 * The first filter that applies decides.  If none does, a report is wanted
 * unless the last filter allows: who lists what is wanted wants nothing else.
 */
#ifndef FILTER_H
#define FILTER_H

#include <damon/report.h>
#include <linux/types.h>

struct config_sample_control;

/**
 * filter_wants() - is the report of this CPU wanted?
 * @control:	struct config_sample_control with at least one filter
 * @report:	drained from the ring of @cpu
 * @cpu:	where it was raised
 */
bool filter_wants(void *control, const struct damon_report *report, u32 cpu);

#endif
