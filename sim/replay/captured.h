/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a captured sample back to what an overflow handler was handed.
 *
 * perf's file does not say which fields the driver had filled; the core wrote
 * something in all that were asked for.  What it writes where the driver gave
 * nothing is known, and is taken back here:
 *
 *   address	0.  A PEBS event sets the flag always, so there it stays set.
 *   physical	a page table walk of the address.  A kernel's handler does not
 *		get that; by default it is believed all the same, because it is
 *		what the capture knows (captured_rules.driver_only says not to).
 *
 * Where raw IBS registers were captured, the hardware's own valid bits decide.
 *
 * Not here: reading the capture (traces), judging the sample (damon/sample.h).
 */
#ifndef CAPTURED_H
#define CAPTURED_H

#include <damon/sample.h>
#include <linux/perf_event.h>

#include "trace.h"

/**
 * struct captured_rules - how to read the samples of one event.
 * @addr_always: the driver sets the flag of the address in every sample
 * @driver_only: physical addresses only where the driver had supplied them
 */
struct captured_rules {
	bool addr_always;
	bool driver_only;
};

/**
 * captured_rules_for() - rules for an event of a capture.
 * @info:	the capture
 * @event:	one of its events
 * @driver_only: see struct captured_rules
 */
struct captured_rules captured_rules_for(const struct trace_info *info,
					 const struct trace_event *event,
					 bool driver_only);

/**
 * captured_sample() - what the handler was handed.
 * @rec:	a TRACE_SAMPLE
 * @rules:	of its event
 * @data:	filled
 * @who:	filled
 */
static inline void captured_sample(const struct trace_record *rec,
				   const struct captured_rules *rules,
				   struct perf_sample_data *data,
				   struct damon_running *who)
{
	bool hw = rec->has & TRACE_HAS_HW_VALID;
	u64 flags = 0;

	if (rec->has & TRACE_HAS_ADDR &&
	    (rec->addr || hw || rules->addr_always))
		flags |= PERF_SAMPLE_ADDR;
	if (rec->has & TRACE_HAS_PHYS_ADDR && (hw || !rules->driver_only))
		flags |= PERF_SAMPLE_PHYS_ADDR;
	if (rec->has & TRACE_HAS_DATA_SRC)
		flags |= PERF_SAMPLE_DATA_SRC;
	data->sample_flags = flags;
	data->addr = rec->addr;
	data->phys_addr = rec->phys_addr;
	data->data_src.val = rec->data_src;

	who->tgid = rec->pid;
	who->tid = rec->tid;
	who->guest = rec->mode == TRACE_MODE_GUEST_KERNEL ||
		     rec->mode == TRACE_MODE_GUEST_USER;
}

#endif
