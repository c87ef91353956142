/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page faults in the order in which they are taken, for events that count them.
 *
 * Memory is there before a CPU is played (touch.h); when the fault was that
 * brought it is kept here until the CPU gets to it.  A thread has those that it
 * is going to run into, by its own clock, because how far it gets depends on
 * who else has its CPU; a CPU has those that hold it up, by the machine's.
 *
 * Kept only while somebody counts them.
 */
#ifndef PAGE_FAULTS_H
#define PAGE_FAULTS_H

#include <linux/types.h>

struct run_thread;

/**
 * struct page_fault - one.
 * @at_ps:	when
 * @vaddr:	the page; nobody says which byte of it was touched first
 * @rt:		who took it
 * @kind:	PERF_SW_MINOR, PERF_SW_MAJOR
 */
struct page_fault {
	u64 at_ps;
	u64 vaddr;
	const struct run_thread *rt;
	u32 kind;
};

/**
 * struct page_faults - those to come.
 * @at:		rising in time
 * @first:	the next one
 * @nr:		end of @at
 * @max:	room
 */
struct page_faults {
	struct page_fault *at;
	u32 first;
	u32 nr;
	u32 max;
};

/* One more, not before the others.  Return: 0; -ENOMEM. */
int page_faults_add(struct page_faults *q, const struct page_fault *fault);

void page_faults_fini(struct page_faults *q);

/* The next one, or NULL. */
static inline const struct page_fault *
page_faults_next(const struct page_faults *q)
{
	return q->first < q->nr ? &q->at[q->first] : NULL;
}

/* It was taken. */
static inline void page_faults_taken(struct page_faults *q)
{
	if (++q->first == q->nr)
		q->first = q->nr = 0;
}

#endif
