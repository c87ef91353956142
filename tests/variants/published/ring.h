/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ring of the posted series of 29 May 2026, written from its description:
 * a head, a tail, a busy count against nesting, and a pending flag for the
 * consumer.  Here to be measured and to be broken; not what is shipped.
 *
 * Its weaknesses are kept: the flag is set without an order to the head, a push
 * that interrupts a push is dropped, one slot stays empty, the consumer's tail
 * is read on every push, and only flagged rings of online CPUs are looked at.
 */
#ifndef PUBLISHED_RING_H
#define PUBLISHED_RING_H

#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/local.h>

#define PUBLISHED_RING_SLOTS 256u
#define PUBLISHED_RING_MASK (PUBLISHED_RING_SLOTS - 1)

struct published_report {
	unsigned long paddr;
	unsigned long vaddr;
	unsigned long size;
	u32 cpu;
	u32 tid;
	u32 tgid;
	bool is_write;
	unsigned long report_jiffies;
};

struct published_ring {
	u32 head ____cacheline_aligned_in_smp;
	u32 tail ____cacheline_aligned_in_smp;
	struct published_report
		slot[PUBLISHED_RING_SLOTS] ____cacheline_aligned_in_smp;
};

/* What a CPU has: the ring, and two words beside it. */
struct published_cpu {
	struct published_ring ring;
	local_t busy ____cacheline_aligned_in_smp;
	unsigned long pending;
};

/* False: dropped, whatever the reason. */
static inline bool published_push(struct published_cpu *cpu,
				  const struct published_report *report,
				  const volatile unsigned long *jiffies)
{
	struct published_ring *ring = &cpu->ring;
	struct published_report *slot;
	bool pushed = false;
	u32 head, next;

	local_inc(&cpu->busy);
	if (local_read(&cpu->busy) != 1)
		goto out;
	head = ring->head;
	next = (head + 1) & PUBLISHED_RING_MASK;
	if (next == READ_ONCE(ring->tail))
		goto out;
	slot = &ring->slot[head];
	*slot = *report;
	slot->report_jiffies = *jiffies;
	/* On x86 a write barrier keeps the compiler in order, no more. */
	__asm__ volatile("" ::: "memory");
	WRITE_ONCE(ring->head, next);
	WRITE_ONCE(cpu->pending, 1);
	pushed = true;
out:
	local_set(&cpu->busy, local_read(&cpu->busy) - 1);
	return pushed;
}

/**
 * published_drain() - hand each report of a CPU to @fn, if it is flagged.
 * Return: how many.
 */
static inline u32 published_drain(struct published_cpu *cpu,
				  void (*fn)(void *arg,
					     const struct published_report *r),
				  void *arg)
{
	struct published_ring *ring = &cpu->ring;
	u32 head, tail, nr = 0;

	if (!READ_ONCE(cpu->pending))
		return 0;
	WRITE_ONCE(cpu->pending, 0);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	head = READ_ONCE(ring->head);
	__asm__ volatile("" ::: "memory");
	for (tail = ring->tail; tail != head;
	     tail = (tail + 1) & PUBLISHED_RING_MASK, nr++)
		fn(arg, &ring->slot[tail]);
	WRITE_ONCE(ring->tail, tail);
	return nr;
}

#endif
