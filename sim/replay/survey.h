/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A look at the beginning of a capture, to choose what to monitor and how.
 *
 * What the choice goes by: a context monitors what the samples can tell of
 * (addresses of a process, or of the machine); an aggregation is as short as it
 * can be with enough samples in it to tell regions apart, so that there are
 * many of them; a tick is so short that no ring fills up.
 *
 * Not here: monitoring.
 */
#ifndef SURVEY_H
#define SURVEY_H

#include <linux/types.h>

#include "replay/captured.h"
#include "trace.h"

/* Records looked at, unless the capture ends before: 16 MiB of them. */
#define SURVEY_RECORDS (1u << 18)

/**
 * struct survey - what the beginning of a capture shows.
 * @nr_samples:	in all
 * @nr_virt:	with an address of a process
 * @nr_phys:	with a physical address
 * @nr_of_pid:	with an address of process @pid
 * @pid:	the process with most of those
 * @first_ns:	time of the first sample
 * @last_ns:	time of the last sample
 * @nr_timed:	samples that have a time
 * @peak_per_s:	highest rate of one CPU over SURVEY_PEAK_NS
 * @has_tid:	samples say whose they are
 * @has_cpu:	samples say which CPU
 */
struct survey {
	u64 nr_samples;
	u64 nr_virt;
	u64 nr_phys;
	u64 nr_of_pid;
	u32 pid;
	u64 first_ns;
	u64 last_ns;
	u64 nr_timed;
	u64 peak_per_s;
	bool has_tid;
	bool has_cpu;
};

#define SURVEY_PEAK_NS 10000000ULL

/**
 * survey_take() - look at records.
 * @s:		filled
 * @recs:	the first records of a capture, in the order of time
 * @nr:		how many
 * @rules:	by event
 * @addr_end:	first address that no process has
 *
 * Return: 0; -ENOMEM.
 */
int survey_take(struct survey *s, const struct trace_record *recs, size_t nr,
		const struct captured_rules *rules, u64 addr_end);

/**
 * struct survey_plan - what to monitor, and how.
 * @phys:	physical memory, else the memory of @pid
 * @pid:	whose
 * @sample_us:	sampling interval
 * @aggr_us:	aggregation interval, a multiple of it
 * @update_us:	how often the target's ranges are looked at again
 */
struct survey_plan {
	bool phys;
	u32 pid;
	u64 sample_us;
	u64 aggr_us;
	u64 update_us;
};

/**
 * survey_choose() - choose intervals, and what to monitor.
 * @s:		what the beginning shows
 * @duration_ns: of the whole capture, as far as it is known
 * @capacity:	slots of a ring
 * @plan:	filled
 */
void survey_choose(const struct survey *s, u64 duration_ns, u32 capacity,
		   struct survey_plan *plan);

#endif
