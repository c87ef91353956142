/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What Linux's driver refuses of precise events on Intel's cores, and on which
 * counters the others fit.
 *
 * Sources: arch/x86/events/intel/core.c, ds.c and arch/x86/events/core.c of
 * Linux 6.12 by their figures: constraints of Golden Cove and Gracemont, their
 * shortest period, the load-latency event that wants another before it.
 *
 * Left out: fixed counters but for what is said; counters that a hypervisor or
 * the watchdog keeps; constraints of events without an address.
 */
#ifndef INTEL_EVENT_H
#define INTEL_EVENT_H

#include <linux/types.h>

/**
 * enum intel_core - what the driver takes apart.
 * @INTEL_SPR:	Golden Cove whose load latency wants an event before it:
 *		Sapphire Rapids, and the big cores of Alder Lake
 * @INTEL_GNR:	Redwood Cove, Granite Rapids
 * @INTEL_GRT:	Gracemont, the small cores of Alder Lake
 */
enum intel_core {
	INTEL_SPR,
	INTEL_GNR,
	INTEL_GRT,
};

/* With the most precise events (precise_ip 3) no period is shorter. */
#define INTEL_PDIST_PERIOD_MIN 128

/* A record has the address of its access, by config's low 16 bits. */
bool intel_has_address(enum intel_core core, u64 config);

/* Counters that an event fits on, as bits; 0: on none. */
u32 intel_counters(enum intel_core core, u64 config, u32 precise_ip);

/**
 * intel_event_check() - what the driver says to an event by itself.
 * @core:	of the CPU
 * @config, @config1, @precise_ip: as asked
 * @period:	fixed; 0: by frequency
 * @why:	set on failure: which rule, a text that stays
 *
 * It is asked by who wants PERF_SAMPLE_DATA_SRC, as DAMON does.
 *
 * Return: 0; -EINVAL; -ENODATA.
 */
int intel_event_check(enum intel_core core, u64 config, u64 config1,
		      u32 precise_ip, u64 period, const char **why);

/* Of a period by frequency: what goes into the counter. */
static inline u64 intel_period(u32 precise_ip, u64 period)
{
	return precise_ip == 3 && period < INTEL_PDIST_PERIOD_MIN ?
		       INTEL_PDIST_PERIOD_MIN :
		       period;
}

#endif
