/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One micro-op as a sampling unit sees it: what it did to memory, and what the
 * memory did.
 *
 * The vocabulary between workloads, caches and memory on the one side, which
 * fill it in, and PMUs on the other, which look at those fields that their
 * registers have.
 *
 * Not here: which ops are sampled (ibs_op.h, pebs.h).
 */
#ifndef OP_H
#define OP_H

#include <linux/types.h>

/* op.kind: bits; a load and a store in one is a read-modify-write. */
#define OP_LOAD (1u << 0)
#define OP_STORE (1u << 1)
#define OP_PREFETCH (1u << 2) /* by software; a load too */

/* op.flags */
#define OP_UNCACHED (1u << 0)
#define OP_WRITE_COMBINING (1u << 1)
#define OP_LOCKED (1u << 2)
#define OP_MISALIGNED (1u << 3)
#define OP_MISS_BUFFER (1u << 4) /* its line was already on the way */
#define OP_KERNEL (1u << 5) /* ran in the kernel */
#define OP_GUEST (1u << 6) /* ran in a guest: @vaddr is the guest's */
#define OP_NOT_TRANSLATED (1u << 7) /* faulted: @paddr is nothing */
#define OP_FLUSHED (1u << 8) /* never retires */
#define OP_MODIFIED (1u << 9) /* the line came modified from a cache */
#define OP_MICROCODE (1u << 10)
#define OP_IP_INVALID (1u << 11)

/* op.source: where the data of a load came from. */
enum op_source {
	OP_FROM_L1,
	OP_FROM_L2,
	OP_FROM_L3, /* of its own complex */
	OP_FROM_NEAR_CACHE, /* of another complex, same node */
	OP_FROM_FAR_CACHE, /* of another node */
	OP_FROM_DRAM,
	OP_FROM_REMOTE_DRAM,
	OP_FROM_CXL,
	OP_FROM_PMEM,
	OP_FROM_IO,
};

/* op.tlb: where the translation was found. */
enum op_tlb {
	OP_TLB_L1,
	OP_TLB_L2,
	OP_TLB_WALK,
};

/**
 * struct op - one micro-op.
 * @ip:			its instruction
 * @vaddr:		address as the program has it
 * @paddr:		the machine's own, also for a guest
 * @miss_cycles:	of a load that missed the first cache: until the data
 *			came
 * @tlb_cycles:		until the translation came
 * @tag_to_ret_cycles:	from dispatch until it retired
 * @comp_to_ret_cycles: from when it was done
 * @flags:		OP_*
 * @kind:		0: no access to memory; all but @ip, the two times and
 *			@flags mean nothing
 * @width:		bytes, a power of two, 0 if not known
 * @source:		enum op_source
 * @tlb:		enum op_tlb
 * @page_order:		of the mapping: 0 for 4 KiB, 9 for 2 MiB, 18 for 1 GiB
 * @nr_open_misses:	of the core, when this one missed
 */
struct op {
	u64 ip;
	u64 vaddr;
	u64 paddr;
	u16 miss_cycles;
	u16 tlb_cycles;
	u16 tag_to_ret_cycles;
	u16 comp_to_ret_cycles;
	u16 flags;
	u8 kind;
	u8 width;
	u8 source;
	u8 tlb;
	u8 page_order;
	u8 nr_open_misses;
};

#endif
