/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Intel's sampling of retired events: which op gets a record, when a CPU is
 * interrupted for its records, and what Linux's driver makes of them.
 *
 * A counter that overflows arms an assist; the op that matches the event next
 * is recorded, so what comes right behind a sample hides.  Records go to a
 * buffer in memory.  Only the last of those that an interrupt finds reaches the
 * overflow handler of a kernel counter; the others go to a ring buffer that
 * such a counter does not have.
 *
 * Sources: the kernel's driver (arch/x86/events/intel/ds.c and core.c of Linux
 * 6.12) by its figures; what hardware does between overflow and record is known
 * from measurements only and is a knob.
 *
 * Left out: registers and branches in the record, but for their size; counters
 * that share a record; records of the format before Ice Lake.
 */
#ifndef PEBS_H
#define PEBS_H

#include <linux/perf_event.h>
#include <linux/types.h>

#include "op.h"

/* Events that have an address, by event select and mask (0xUUEE). */
#define PEBS_LOAD_LATENCY 0x1cdu
#define PEBS_STORE_SAMPLE 0x2cdu
#define PEBS_ALL_LOADS 0x81d0u
#define PEBS_ALL_STORES 0x82d0u
#define PEBS_L1_HIT 0x1d1u
#define PEBS_L2_HIT 0x2d1u
#define PEBS_L3_HIT 0x4d1u
#define PEBS_L1_MISS 0x8d1u
#define PEBS_L2_MISS 0x10d1u
#define PEBS_L3_MISS 0x20d1u
#define PEBS_FB_HIT 0x40d1u
#define PEBS_LOCAL_DRAM 0x1d3u
#define PEBS_REMOTE_DRAM 0x2d3u

/* Bytes of a CPU's buffer: 16 pages. */
#define PEBS_SZ_BUFFER 65536u

/* What an event asks for, as far as it decides about records. */
struct pebs_attr {
	u64 config; /* 0xUUEE in the low 16 bits */
	u64 config1; /* of PEBS_LOAD_LATENCY: least cycles, in the low 16 */
	u64 sample_period;
	bool freq; /* @sample_period is then the one in force */
	u32 wakeup_events;
	u32 precise_ip;
	bool exclude_kernel;
	bool exclude_user;
	bool needs_regs; /* general purpose registers in the record */
	bool not_large; /* asks for what cannot be kept for later */
};

/**
 * struct pebs_knobs - what the sources leave open.
 * @arm_max:		ops that match and pass unseen between the overflow and
 *			the record, 1 to so many
 * @nr_counters:	that can do it: the buffer keeps room for one record of
 *			each beyond its threshold
 */
struct pebs_knobs {
	u32 arm_max;
	u32 nr_counters;
};

extern const struct pebs_knobs pebs_knobs_default;

/* One record, of what the driver looks at. */
struct pebs_record {
	u64 ip;
	u64 address; /* 0: none */
	u64 source; /* the code of where data came from */
	u32 cache_cycles;
	u32 instr_cycles;
	u64 tsc;
};

/**
 * struct pebs - one event on one CPU.
 * @attr:	what was asked for
 * @knobs:	what is not known
 * @sz_record:	bytes
 * @large:	records are kept until there are many
 * @nr_max:	records at which the CPU is interrupted
 * @nr:		in the buffer
 * @last:	the one written last
 * @nr_lost:	that no overflow handler got
 */
struct pebs {
	struct pebs_attr attr;
	struct pebs_knobs knobs;
	u32 sz_record;
	bool large;
	u32 nr_max;
	u32 nr;
	struct pebs_record last;
	u64 nr_lost;
};

/**
 * pebs_init() - an event on a CPU.
 * @p:		storage
 * @attr:	what is asked for
 * @knobs:	&pebs_knobs_default
 *
 * Return: 0; -EINVAL for a period of 0; -EOPNOTSUPP for too high a precision.
 */
int pebs_init(struct pebs *p, const struct pebs_attr *attr,
	      const struct pebs_knobs *knobs);

/* Does the op count?  A guest's never does: the host's events sleep then. */
bool pebs_matches(const struct pebs *p, const struct op *op);

/**
 * pebs_next() - how many ops that match until one is recorded.
 * @p:		event
 * @luck:	32 random bits
 */
u64 pebs_next(const struct pebs *p, u32 luck);

/**
 * pebs_write() - the assist writes a record.
 * @p:		event
 * @op:		an op that matches
 * @tsc:	the clock of the record
 *
 * Return: true if the CPU is interrupted now.
 */
bool pebs_write(struct pebs *p, const struct op *op, u64 tsc);

/**
 * pebs_drain() - the driver empties the buffer.
 * @p:		event
 * @interrupt:	because of the interrupt; else because a task leaves the CPU or
 *		the event is switched off, and no handler is called
 * @data:	fields that the sample has are set, with their flags
 *
 * Return: true if the overflow handler is to be called with @data.
 */
bool pebs_drain(struct pebs *p, bool interrupt, struct perf_sample_data *data);

#endif
