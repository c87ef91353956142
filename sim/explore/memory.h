/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that several CPUs share, as a memory model has it.
 *
 *	sc	one memory, one order of all accesses
 *	tso	each CPU's stores wait in a queue of its own, as on x86
 *	weak	stores are seen in different orders, loads read stale values,
 *		as far as the kernel's memory model allows
 *
 * Marked accesses (READ_ONCE() and stronger) go through here with their values;
 * where a model leaves it open which store a load reads, it says how many there
 * are, and the caller chooses.  Plain accesses happen in the bytes themselves:
 * they are checked for races, and where there is none, there is no choice.
 *
 * Weak is the model of views: the stores to a cell stand in the order in which
 * all CPUs agree (coherence); each CPU has a view, the least store that it may
 * still read of each cell; a released store carries the view of who stored it,
 * an acquiring load takes that view over; a full fence joins the view of all
 * full fences before it.  A store need not be the last of its cell, only behind
 * the view.  What this leaves out of the kernel's model: a marked load that
 * reads a store which comes later in program order than itself, on the way
 * round other CPUs (load buffering); litmus.h has it, by trying program orders.
 *
 * A cell is what was accessed at once: an offset and a size.  Cells that
 * overlap know each other.
 *
 * Not here: who accesses when (engine.h), what is done with the values.
 */
#ifndef EXPLORE_MEMORY_H
#define EXPLORE_MEMORY_H

#include <linux/types.h>

#define MEMORY_SZ (32u << 10)
#define MEMORY_CPUS_MAX 8
#define MEMORY_CELLS_MAX 2048
#define MEMORY_MARKED_MAX 128
#define MEMORY_MESSAGES_MAX 1024
#define MEMORY_CELL_MESSAGES_MAX 32
#define MEMORY_BUFFER_MAX 32
#define MEMORY_OVERLAPS_MAX 16

enum memory_model { MEMORY_SC, MEMORY_TSO, MEMORY_WEAK };

enum memory_order {
	MEMORY_RELAXED,
	MEMORY_ACQUIRE,
	MEMORY_RELEASE,
	MEMORY_FULL,
};

/* Fences: the kernel's smp_mb(), smp_rmb(), smp_wmb(). */
enum memory_fence { MEMORY_MB, MEMORY_RMB, MEMORY_WMB };

/* What has happened before, as a count of each CPU's releases. */
struct memory_clock {
	u16 at[MEMORY_CPUS_MAX];
};

/* By index of a marked cell: rank of the least store that may be read. */
struct memory_view {
	u32 rank[MEMORY_MARKED_MAX];
};

/**
 * struct memory_message - one store, as others see it.
 * @value:	what was stored
 * @rank:	its place in the cell's coherence order
 * @cpu:	whose it is
 * @carries:	@clock and @view say what an acquiring load takes over
 * @attached:	belongs behind the one before it, with nothing in between
 * @everywhere:	what full fences before it have brought to all CPUs, if @fenced
 */
struct memory_message {
	u64 value;
	u32 rank;
	u8 cpu;
	bool carries;
	bool attached;
	bool fenced;
	struct memory_clock clock;
	struct memory_view view;
	struct memory_view everywhere;
};

/**
 * struct memory_cell - bytes that are accessed at once.
 * @off:	offset of its first byte
 * @sz:		1, 2, 4 or 8
 * @nr_over:	how many other cells share bytes with it
 * @over:	which
 * @marked:	index in views, or -1 as long as it had no marked access
 * @gen:	execution that the rest belongs to
 * @plain_cpu:	who last stored plainly
 * @plain_at:	when by its clock; 0 if nobody did
 * @stored:	by CPU, last marked store
 * @loaded:	by CPU, last plain load
 * @peeked:	by CPU, last marked load
 * @dirty:	stored plainly since its last message
 * @nr:		how many messages
 * @message:	indices of them, in coherence order
 */
struct memory_cell {
	u16 off;
	u8 sz;
	u8 nr_over;
	u16 over[MEMORY_OVERLAPS_MAX];
	s16 marked;
	u32 gen;
	u8 plain_cpu;
	u16 plain_at;
	u16 stored[MEMORY_CPUS_MAX];
	u16 loaded[MEMORY_CPUS_MAX];
	u16 peeked[MEMORY_CPUS_MAX];
	bool dirty;
	u8 nr;
	u16 message[MEMORY_CELL_MESSAGES_MAX];
};

/* A store that waits in its CPU's queue. */
struct memory_buffered {
	u16 cell;
	u16 tag;
	bool carries;
	u64 value;
	struct memory_clock clock;
};

/**
 * struct memory_cpu - what one CPU knows.
 * @clock:	what happened before
 * @view:	what it may still read
 * @acquired:	what its relaxed loads could have taken over; an acquiring
 *		fence does
 * @released:	what its next stores carry, since its last releasing fence
 * @own:	its own stores
 * @everywhere:	what full fences have brought to all CPUs, as far as it knows;
 *		@heard: the same, had its relaxed loads been acquires
 * @fenced:	@released holds something
 * @nr:		stores in its queue (tso)
 * @first:	the oldest
 * @buffer:	the queue
 */
struct memory_cpu {
	struct memory_clock clock;
	struct memory_view view;
	struct memory_clock acquired_clock;
	struct memory_view acquired;
	struct memory_clock released_clock;
	struct memory_view released;
	struct memory_view own;
	struct memory_view everywhere;
	struct memory_view heard;
	bool fenced;
	u32 nr;
	u32 first;
	struct memory_buffered buffer[MEMORY_BUFFER_MAX];
};

/**
 * struct memory - the bytes, and the orders in them.
 * @base:	MEMORY_SZ bytes; hold the last store of each cell
 * @model:	which
 * @nr_cpus:	how many share it
 * @gen:	number of the execution
 * @used:	bytes from @base on that the next execution has to find zeroed
 * @tag:	the caller's, goes with the next queued store
 * @flushed_tag: of the last one that left a queue
 * @fences:	there was a full fence
 * @full:	message is -ENOSPC: more than there is room for
 */
struct memory {
	unsigned char *base;
	enum memory_model model;
	u32 nr_cpus;
	u32 gen;
	u32 used;
	u16 tag;
	u16 flushed_tag;
	bool full;
	u32 nr_cells;
	u32 nr_marked;
	u32 nr_messages;
	bool fences;
	struct memory_clock full_clock;
	struct memory_view full_view;
	/* A queued store that its own CPU is just reading plainly. */
	bool overlaid;
	u16 overlay_cell;
	u64 overlay_was;
	struct memory_cpu cpu[MEMORY_CPUS_MAX];
	struct memory_cell cell[MEMORY_CELLS_MAX];
	struct memory_message message[MEMORY_MESSAGES_MAX];
	u16 at[MEMORY_SZ][4];
};

/**
 * memory_new() - make a memory of zeroes.
 * @out:	the memory; untouched on failure
 * @model:	which
 * @nr_cpus:	1 to MEMORY_CPUS_MAX
 *
 * Return: 0; -EINVAL; -ENOMEM.
 */
int memory_new(struct memory **out, enum memory_model model, u32 nr_cpus);

/**
 * memory_free() - give it back.
 * @m:		NULL allowed
 */
void memory_free(struct memory *m);

/**
 * memory_begin() - begin an execution: bytes zeroed, no orders.
 * @m:		keeps its cells, so that the same offsets are the same cells
 */
void memory_begin(struct memory *m);

/**
 * memory_cell() - the cell of an access.
 * @m:		memory
 * @off:	offset of the first byte
 * @sz:		1, 2, 4 or 8 bytes
 *
 * Return: its index, the same in every execution; -ENOSPC: there are too many.
 */
int memory_cell(struct memory *m, u32 off, u32 sz);

/**
 * memory_plain() - a plain access is about to happen in the bytes.
 * @m:		memory
 * @cpu:	whose
 * @cell:	of the access
 * @store:	it stores
 *
 * Return: false if another CPU's access to the same bytes is not ordered with
 * it: a data race.
 */
bool memory_plain(struct memory *m, u32 cpu, u32 cell, bool store);

/**
 * memory_load_choices() - how many stores a marked load may read.
 * @m:		memory
 * @cpu:	whose
 * @cell:	of the load
 *
 * Return: 1 or more; 0 is the latest in coherence order, 1 the one before it.
 */
u32 memory_load_choices(struct memory *m, u32 cpu, u32 cell);

/**
 * memory_load() - a marked load.
 * @m:		memory
 * @cpu:	whose
 * @cell:	of the load
 * @order:	MEMORY_RELAXED, MEMORY_ACQUIRE or MEMORY_FULL
 * @choice:	below memory_load_choices()
 * @race:	set if a plain store of another CPU is not ordered with it
 *
 * Return: the value.
 */
u64 memory_load(struct memory *m, u32 cpu, u32 cell, enum memory_order order,
		u32 choice, bool *race);

/**
 * memory_store_choices() - how many places in coherence order a store may have.
 * @m:		memory
 * @cpu:	whose
 * @cell:	of the store
 *
 * Return: 1 or more; 0 is behind all others.
 */
u32 memory_store_choices(struct memory *m, u32 cpu, u32 cell);

/**
 * memory_release_choices() - the same for a store that releases.
 * @m:		memory
 * @cpu:	whose
 * @cell:	of the store
 *
 * Return: 1 or more: behind what was read before it.
 */
u32 memory_release_choices(struct memory *m, u32 cpu, u32 cell);

/**
 * memory_store() - a marked store.
 * @m:		memory
 * @cpu:	whose
 * @cell:	of the store
 * @order:	MEMORY_RELAXED, MEMORY_RELEASE or MEMORY_FULL
 * @choice:	below memory_store_choices()
 * @value:	what to store
 * @race:	set if a plain access of another CPU is not ordered with it
 *
 * With tso it waits in the queue; the caller sees to it that there is room.
 */
void memory_store(struct memory *m, u32 cpu, u32 cell, enum memory_order order,
		  u32 choice, u64 value, bool *race);

/**
 * memory_peek() - the value of a store that a load may read.
 * @m:		memory
 * @cell:	of the load
 * @choice:	below memory_load_choices()
 */
u64 memory_peek(struct memory *m, u32 cell, u32 choice);

/**
 * memory_may_swap() - may a read-modify-write read this store?
 * @m:		memory
 * @cpu:	whose it is
 * @cell:	of the access
 * @choice:	below memory_load_choices(); 0 always may
 *
 * Return: false if another one has stored behind it, or this one has to.
 */
bool memory_may_swap(struct memory *m, u32 cpu, u32 cell, u32 choice);

/**
 * memory_swap() - the storing half of a read-modify-write.
 * @m:		memory; with tso the queue of @cpu is empty
 * @cpu:	whose
 * @cell:	just read with memory_load() and a choice that may be swapped
 * @order:	any; what of it is acquiring was the load's
 * @value:	what to store, directly behind what was read
 */
void memory_swap(struct memory *m, u32 cpu, u32 cell, enum memory_order order,
		 u64 value);

/**
 * memory_fence() - a fence.
 * @m:		memory; for MEMORY_MB with tso the queue of @cpu is empty
 * @cpu:	whose
 * @fence:	which
 */
void memory_fence(struct memory *m, u32 cpu, enum memory_fence fence);

/**
 * memory_sync() - one CPU learns all that another knows: a lock handed over,
 * an interrupt sent and answered, a stop of the machine.
 * @m:		memory; with tso both queues are empty
 * @from:	who knows
 * @to:		who learns
 */
void memory_sync(struct memory *m, u32 from, u32 to);

/* What a CPU knew at a moment, kept aside by a lock. */
struct memory_known {
	struct memory_clock clock;
	struct memory_view view;
};

/**
 * memory_leave() - keep what a CPU knows with an object, joined.
 * @m:		memory
 * @cpu:	who leaves it
 * @k:		zeroed before the first
 */
void memory_leave(struct memory *m, u32 cpu, struct memory_known *k);

/**
 * memory_take() - learn what was left with an object.
 * @m:		memory
 * @cpu:	who learns
 * @k:		from memory_leave()
 */
void memory_take(struct memory *m, u32 cpu, const struct memory_known *k);

/**
 * memory_queued() - how many stores wait in a CPU's queue (tso).
 * @m:		memory
 * @cpu:	whose
 */
static inline u32 memory_queued(const struct memory *m, u32 cpu)
{
	return m->cpu[cpu].nr;
}

/**
 * memory_next() - the cell that the queue's oldest store goes to.
 * @m:		memory
 * @cpu:	whose queue, not empty
 */
static inline u32 memory_next(const struct memory *m, u32 cpu)
{
	return m->cpu[cpu].buffer[m->cpu[cpu].first].cell;
}

/**
 * memory_flush() - the queue's oldest store becomes visible to all.
 * @m:		memory
 * @cpu:	whose queue, not empty
 */
void memory_flush(struct memory *m, u32 cpu);

void memory_unlay(struct memory *m);

/**
 * memory_settle() - the plain access that memory_plain() announced is over.
 * @m:		memory
 */
static inline void memory_settle(struct memory *m)
{
	if (m->overlaid)
		memory_unlay(m);
}

#endif
