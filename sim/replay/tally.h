/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Samples by process: a hash table from process to count.
 *
 * Not here: what is counted.
 */
#ifndef TALLY_H
#define TALLY_H

#include <linux/types.h>

/* More processes than a kernel has ids for (4,194,304) are not told apart. */
#define TALLY_MAX (1u << 23)

struct tally_slot {
	u64 nr; /* 0: free */
	u32 pid;
};

/**
 * struct tally - counts by process.
 * @slot:	table
 * @nr_slots:	a power of two, or 0
 * @nr_used:	processes seen
 * @last:	slot that was counted last
 */
struct tally {
	struct tally_slot *slot;
	u32 nr_slots;
	u32 nr_used;
	u32 last;
};

void tally_fini(struct tally *t);

/* tally_add() for another process than last time. */
int tally_find_and_add(struct tally *t, u32 pid);

/**
 * tally_add() - one more of @pid.
 * @t:		tally, all zero at first
 * @pid:	process
 *
 * Return: 0; -ENOMEM; -E2BIG for more processes than there can be.
 */
static inline int tally_add(struct tally *t, u32 pid)
{
	if (t->nr_slots && t->slot[t->last].pid == pid && t->slot[t->last].nr) {
		t->slot[t->last].nr++;
		return 0;
	}
	return tally_find_and_add(t, pid);
}

/**
 * tally_top() - the process with the highest count.
 * @t:		tally
 * @pid:	set if there is one; of equals the lowest number
 *
 * Return: its count; 0 if there is none.
 */
u64 tally_top(const struct tally *t, u32 *pid);

#endif
