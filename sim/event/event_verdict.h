/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a kernel makes of an event if DAMON asks for it: refused, silent, or
 * sampled, and then with which addresses.
 *
 * The drivers' own models are asked (ibs_driver.h, pebs.h), and the substrate's
 * own check (damon_event_attr_check()); what is here is in words.
 */
#ifndef EVENT_VERDICT_H
#define EVENT_VERDICT_H

#include <linux/types.h>

#include "event/event_name.h"

/**
 * struct event_verdict - the kernel's answer.
 * @error:	of making the event, -errno; 0: it is made
 * @samples:	it raises samples at all
 * @vaddr:	with virtual addresses
 * @paddr:	with physical ones
 * @lossy:	most of the samples never reach a handler
 * @why:	in words
 */
struct event_verdict {
	int error;
	bool samples;
	bool vaddr;
	bool paddr;
	bool lossy;
	const char *why;
};

/**
 * event_verdict() - what a kernel makes of it.
 * @attr:	of event_parse(), with period or frequency
 * @pmus:	the machine's
 * @machine:	a machine that is compiled in, or ""
 * @is_6_12:	of Linux 6.12; else of the newest
 */
struct event_verdict event_verdict(const struct event_attr *attr,
				   const struct pmus *pmus, const char *machine,
				   bool is_6_12);

/* As many as a context has. */
#define EVENT_FITS_MAX 64

/**
 * event_fits() - is there a counter for it beside those that were made before?
 * @list:	events in the order in which they are made, none refused
 * @nr:		of @list, EVENT_FITS_MAX at most; it is about the last
 * @machine:	as above
 *
 * If there is none the kernel makes the event nevertheless, and puts it into an
 * error state of which it tells nobody: it is pinned, as all of DAMON's.
 */
bool event_fits(const struct event_attr *list, u32 nr, const char *machine);

#endif
