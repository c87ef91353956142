/* SPDX-License-Identifier: GPL-2.0 */
/*
 * AMD's sampling of micro-ops: which op is tagged, what its registers then say.
 *
 * One unit for each hardware thread, one sample deep: it counts clocks or
 * dispatched ops up to MaxCnt, tags an op, and when that retires latches all
 * registers and raises an NMI.  Until software writes the control register
 * again nothing more is tagged.
 *
 * Registers are built as the hardware has them, with what earlier samples left
 * where a valid bit is clear, because it is there that drivers go wrong.
 *
 * Sources: AMD's manuals by way of the kernel's driver and perf's document on
 * IBS; what those do not say is a knob of struct ibs_op_knobs.
 *
 * Left out: IBS Fetch; chicken bits of first-generation parts; the wrong
 * registers after C6 on Zen 3.
 */
#ifndef IBS_OP_H
#define IBS_OP_H

#include <linux/types.h>

#include "ibs_raw.h"
#include "op.h"

/* Capabilities beside those of ibs_raw.h, CPUID 8000_001B EAX. */
#define IBS_CAPS_AVAIL (1u << 0)
#define IBS_CAPS_OP_SAM (1u << 2)
#define IBS_CAPS_RD_WR_OP_CNT (1u << 3)
#define IBS_CAPS_OP_CNT (1u << 4)
#define IBS_CAPS_OP_CNT_EXT (1u << 6)
#define IBS_CAPS_RIP_INVALID_CHK (1u << 7)
#define IBS_CAPS_OP_LD_LAT (1u << 12)

/* As the parts report them. */
#define IBS_CAPS_ZEN3 0x3ffu
#define IBS_CAPS_ZEN4_PART 0xbffu
#define IBS_CAPS_ZEN5_PART 0x81bffu

enum ibs_part {
	IBS_ZEN3,
	IBS_ZEN4,
	IBS_ZEN5,
};

/**
 * struct ibs_op_knobs - what the sources leave open.
 * @invalid_paddr_ppm:	loads and stores whose physical address is not valid,
 *			beside those that were never translated
 * @restart_max:	after an op that the filters refused the counter goes on
 *			from anywhere below this; 0: from 0
 * @stores_pass_l3:	a store that bypasses the caches passes L3MissOnly
 * @cxl_as_dram:	memory on CXL is told as DRAM
 */
struct ibs_op_knobs {
	u32 invalid_paddr_ppm;
	u32 restart_max;
	bool stores_pass_l3;
	bool cxl_as_dram;
};

extern const struct ibs_op_knobs ibs_op_knobs_default;

/**
 * struct ibs_op - a unit.
 * @part:	generation, for its errata
 * @caps:	what it can do
 * @knobs:	what is not known of it
 * @ctl:	control register as last written
 * @reg:	all registers as last latched
 */
struct ibs_op {
	enum ibs_part part;
	u32 caps;
	struct ibs_op_knobs knobs;
	u64 ctl;
	struct ibs_raw reg;
};

void ibs_op_init(struct ibs_op *unit, enum ibs_part part,
		 const struct ibs_op_knobs *knobs);

/**
 * ibs_op_write_ctl() - software writes the control register.
 * @unit:	unit
 * @ctl:	IBS_OP_CTL_EN to count; the current count is where it begins
 */
void ibs_op_write_ctl(struct ibs_op *unit, u64 ctl);

/**
 * ibs_op_next() - how far it is to the op that is going to be tagged.
 * @unit:	unit, counting
 * @luck:	32 random bits
 *
 * In clocks or in ops, as the control register has it.  An op that is never
 * tagged because the unit is off or holds a sample is infinitely far.
 *
 * Return: at least 1; ~0 if there is none.
 */
u64 ibs_op_next(struct ibs_op *unit, u32 luck);

/**
 * ibs_op_retire() - the tagged op is through.
 * @unit:	unit
 * @op:		the op
 * @luck:	32 random bits
 *
 * Return: true if there is a sample and an NMI; false if the op was flushed or
 * the filters refused it: then the unit counts again.
 */
bool ibs_op_retire(struct ibs_op *unit, const struct op *op, u32 luck);

/* The control register for a period: IBS_OP_CTL_EN is the caller's to set. */
u64 ibs_op_ctl_of_period(u64 period);

#endif
