/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events by name, as perf record -e takes them, and what they ask perf for.
 *
 *	PMU/TERM,TERM=VALUE,.../MODIFIERS	cpu/mem-loads,ldlat=30/pp
 *	NAME:MODIFIERS				mem_load_retired.l3_miss:pp
 *	rHEX:MODIFIERS				r20d1:pp
 *
 * A term is one of the PMU's, one of its events, or one of perf's own: config,
 * config1, config2, config3, period, freq, name.
 *
 * Left out: groups, several events in one, tracepoints, breakpoints, terms that
 * say what to write beside a sample (call-graph, time and so on).
 */
#ifndef EVENT_NAME_H
#define EVENT_NAME_H

#include <linux/types.h>

#include "event/pmu.h"

/**
 * struct event_attr - what is asked for; names are perf_event_attr's.
 * @pmu:	whose event it is, or NULL for one that perf knows itself
 * @has_period, @has_freq: it was said
 * @name:	that the user gave it, or ""
 */
struct event_attr {
	const struct pmu *pmu;
	u32 type;
	u64 config;
	u64 config1;
	u64 config2;
	u64 config3;
	u64 sample_period;
	u64 sample_freq;
	bool has_period;
	bool has_freq;
	u32 precise_ip;
	bool exclude_user;
	bool exclude_kernel;
	bool exclude_hv;
	bool exclude_host;
	bool exclude_guest;
	bool exclude_idle;
	bool pinned;
	bool exclusive;
	char name[PMU_NAME];
};

/* Where a name is wrong, from 0, and how. */
struct event_error {
	u32 at;
	char text[400];
};

/**
 * event_parse() - what a name asks for.
 * @attr:	filled on success
 * @pmus:	the machine's
 * @name:	as perf record -e takes it
 * @err:	filled on failure
 *
 * Return: 0; -EINVAL.
 */
int event_parse(struct event_attr *attr, const struct pmus *pmus,
		const char *name, struct event_error *err);

#endif
