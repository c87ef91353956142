/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One kind of memory of a machine: how long a line takes from it, and how that
 * grows when many want lines.
 *
 * A node's memory answers after its idle latency until its bandwidth is nearly
 * used up; from a knee on requests wait for each other.  The latency that is in
 * force is that of the load in the time before, so that a machine can be
 * stepped by threads that do not know of each other.
 *
 * Source: idle latencies and bandwidths of DRAM and CXL as published for such
 * machines, see tier_dram and tier_cxl in tier.c; the shape of the knee is that
 * of a queue with one server and is a knob.
 *
 * Left out: channels, banks, the mix of reads and writes on a bidirectional
 * link, prefetchers of the controller.
 */
#ifndef TIER_H
#define TIER_H

#include <linux/types.h>

/**
 * struct tier_spec - what a node's memory is.
 * @latency_ps:		of one line, nobody else asking
 * @read_bytes_per_s:	most that it can deliver
 * @write_bytes_per_s:	most that it can take
 * @knee_pct:		share of that up to which nobody waits
 */
struct tier_spec {
	u64 latency_ps;
	u64 read_bytes_per_s;
	u64 write_bytes_per_s;
	u32 knee_pct;
};

/**
 * struct tier - a node's memory, under load.
 * @spec:	what it is
 * @loaded_ps:	latency in force
 * @busy_ppm:	share of its bandwidth that was used in the last step, may be
 *		above 1000000 if more was asked for than there is
 */
struct tier {
	struct tier_spec spec;
	u64 loaded_ps;
	u32 busy_ppm;
};

/* Local DDR5 of a server's socket, and one CXL card, as published. */
extern const struct tier_spec tier_dram;
extern const struct tier_spec tier_cxl;

/* Return: 0; -EINVAL for a value of 0, or a knee above 100. */
int tier_init(struct tier *t, const struct tier_spec *spec);

/**
 * tier_step() - some time has passed.
 * @t:			memory
 * @read_bytes:		that were asked for in it
 * @write_bytes:	likewise
 * @ns:			how long it was, not 0
 *
 * Moves the latency a part of the way to what that load means, so that threads
 * which slow down when it grows do not swing.
 */
void tier_step(struct tier *t, u64 read_bytes, u64 write_bytes, u64 ns);

/**
 * tier_read_ps(), tier_write_ps() - how long a thread is at @bytes of this
 * memory.
 * @t:		memory
 * @bytes:	that it wants, whole lines
 * @mlp_x16:	sixteenths of lines that it keeps on the way at once, at least
 *		16; a chain of pointers has 16
 *
 * The longer of what latency allows the thread and of its share of the
 * bandwidth when more is wanted than there is.
 */
u64 tier_read_ps(const struct tier *t, u64 bytes, u32 mlp_x16);
u64 tier_write_ps(const struct tier *t, u64 bytes, u32 mlp_x16);

#endif
