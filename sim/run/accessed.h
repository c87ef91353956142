/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The accessed bits of a machine's page tables.
 *
 * A bit is set when a translation is loaded, not when it is used: what stays in
 * a TLB after the bit was cleared does not set it again.  A folio has one, also
 * if it is 2 MiB.  No bit is kept: a folio has the moment at which its bit was
 * cleared, and whether it was set since follows from its program's pattern.
 * The luck of patterns that are random is the folio's and the moment's own, so
 * who asks twice is told the same, and what is set stays set.
 *
 * In order, a pass goes through more pages than the TLB has or it does not: in
 * the one case each pass loads each translation when it comes to the folio's
 * begin, in the other none does.  At random, the TLB is an LRU by Che's
 * approximation (Che, Tung, Wang, IEEE JSAC 20, 2002): a folio that is accessed
 * with rate r stays for T units of work, T being such that the sum of
 * 1 - exp(-r T) over folios is the TLB's size; it is loaded by an access that
 * comes more than T after the one before.
 *
 * Left out: what switching between processes and migrating flush, other users
 * of the TLB, that moments long ago are known less exactly: of those a clear
 * counts as done at the next one that is kept.
 */
#ifndef ACCESSED_H
#define ACCESSED_H

#include <linux/types.h>

#include "ram.h"

struct machine;
struct program;
struct workload_thread;

/**
 * struct accessed - the bits.
 * @m:		machine
 * @seed:	of luck
 * @nr_threads:	of all programs
 * @when:	moments, from 1 on, that are kept, in order
 * @units:	what each thread had done at each of them
 * @nr:		of @when
 * @latest:	moment that was begun last
 * @latest_ps:	the machine's time then
 * @mark:	by map: the moment of each folio, 0: it was never cleared
 * @nr_maps:	of @mark
 * @stays:	by program: T, see above
 * @stays_at:	by program: second of its first thread's clock when that was
 * 		found, and 1
 * @nr_untold:	that were not cleared for want of the host's memory
 */
struct accessed {
	const struct machine *m;
	u64 seed;
	u32 nr_threads;
	u32 *when;
	u64 *units;
	u32 nr;
	u32 latest;
	u64 latest_ps;
	u32 **mark;
	u32 nr_maps;
	double *stays;
	u64 *stays_at;
	u64 nr_untold;
};

/* @m is built later, but before anything else is called. */
void accessed_init(struct accessed *a, const struct machine *m, u64 seed);

void accessed_fini(struct accessed *a);

/**
 * accessed_clear() - a folio's bit is 0 now.
 * @a:		bits
 * @map:	page table
 * @vaddr:	in the folio
 *
 * Return: 0; -ENOMEM, and the bit stays as it was.
 */
int accessed_clear(struct accessed *a, const struct ram_map *map, u64 vaddr);

/* Is the folio's bit set? */
bool accessed_young(struct accessed *a, const struct ram_map *map, u64 vaddr);

/**
 * accessed_by() - whoever accessed a folio since its bit was cleared.
 * @a:		bits
 * @map:	page table
 * @vaddr:	in the folio
 *
 * Through the TLB or not: what a mapping that is gone would have caught.
 *
 * Return: index of a thread of the program; ~0: nobody did.
 */
u32 accessed_by(struct accessed *a, const struct ram_map *map, u64 vaddr);

#endif
