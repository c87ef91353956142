/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Linux's driver of IBS Op: which events it takes, and what it tells of a
 * sample.
 *
 * It fills only the fields of struct perf_sample_data that the sample has, and
 * sets their flags; the others stay as they are, which on a kernel's stack is
 * whatever was there.
 *
 * Source: arch/x86/events/amd/ibs.c of Linux 6.12 and of the 7.1 era, by their
 * rules; kernels differ, see struct ibs_driver.
 *
 * Left out: IBS Fetch, call chains, raw data in the sample (ibs_raw.h has it).
 */
#ifndef IBS_DRIVER_H
#define IBS_DRIVER_H

#include <linux/perf_event.h>
#include <linux/types.h>

#include "ibs_op.h"

/**
 * struct ibs_driver - a kernel's driver on a machine.
 * @caps:		of the unit
 * @part:		for its errata
 * @min_period:		least period: 0x10 in 6.12, 0x90 from 6.14 on
 * @masks_period:	the low four bits of a period are dropped silently, and
 *			not refused: from 6.14 on
 * @has_ld_lat:		the latency filter can be asked for: from 6.15 on
 * @has_sw_filter:	exclude_* can be asked for, with config2 bit 0: from
 *			6.14 on
 */
struct ibs_driver {
	u32 caps;
	enum ibs_part part;
	u32 min_period;
	bool masks_period;
	bool has_ld_lat;
	bool has_sw_filter;
};

/* What an event asks for, as far as the driver looks at it. */
struct ibs_attr {
	u64 config;
	u64 config1;
	u64 config2;
	u64 sample_period; /* or the frequency, with @freq */
	bool freq;
	bool exclude_user;
	bool exclude_kernel;
	bool exclude_hv;
	bool exclude_host_guest_idle; /* any of the three */
	bool branch_stack;
};

/* The driver of Linux 6.12, and the newest. */
void ibs_driver_init_6_12(struct ibs_driver *d, enum ibs_part part);
void ibs_driver_init_new(struct ibs_driver *d, enum ibs_part part);

/**
 * ibs_driver_check() - does the driver take the event?
 * @d:		driver
 * @attr:	what is asked for
 * @period:	set on success: the one to begin with
 * @ctl:	set on success: bits of the control register beside the period
 *
 * Return: 0; -EINVAL; -EOPNOTSUPP.
 */
int ibs_driver_check(const struct ibs_driver *d, const struct ibs_attr *attr,
		     u64 *period, u64 *ctl);

/**
 * ibs_driver_fill() - what the overflow handler gets of a sample.
 * @d:		driver
 * @raw:	registers
 * @data:	fields that the sample has are set, with their flags
 *
 * All of ADDR, PHYS_ADDR and DATA_SRC are taken to be asked for.
 */
void ibs_driver_fill(const struct ibs_driver *d, const struct ibs_raw *raw,
		     struct perf_sample_data *data);

/* Cycles that a load waited, for its weight; 0 for what has none. */
u32 ibs_driver_weight(const struct ibs_driver *d, const struct ibs_raw *raw);

#endif
