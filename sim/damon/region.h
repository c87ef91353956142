/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A region is a piece of address space that is taken to be accessed evenly; a
 * target's regions stand sorted in one array.
 *
 * The kernel links them; an array is read in order by everything that looks at
 * all regions, and is what the hot path's snapshot is copied from.  What
 * changes many regions at once builds the new array beside the old one, in one
 * pass, in a spare that the caller keeps, and swaps the two.  An index is good
 * until the layout changes, a pointer into the array likewise.
 *
 * Regions of a target never overlap; holes between them are legal.  Addresses
 * are in the context's address units.
 *
 * Not here: which regions there should be (three_regions.h, split.h, merge.h).
 */
#ifndef REGION_H
#define REGION_H

#include <assert.h>

#include <linux/build_bug.h>
#include <linux/types.h>

/* The smallest region of a context that counts in bytes: a page. */
#define REGION_SZ_MIN 4096ULL

/*
 * Bound of an array: half a gigabyte of regions, far above what a monitor can
 * visit in an interval.  Without it, sizes that wrap around could ask for all
 * of the machine's memory.
 */
#define REGIONS_NR_MAX (1u << 24)

/* Probes of a context, at most; see probe.h. */
#define PROBES_MAX 4

/**
 * struct region - one region and what is known of it.
 * @start:		first address
 * @end:		exclusive
 * @nr_accesses:	ticks of the unfinished window that saw an access
 * @last_nr_accesses:	@nr_accesses of the last finished window
 * @age:		windows for which that has not changed much
 * @moving_sum_bp:	of cores that keep one
 * @probe_hits:		ticks of the unfinished window at which a probe hit,
 *			modulo 2^8
 * @last_probe_hits:	likewise of the last finished window
 */
struct region {
	u64 start;
	u64 end;
	u32 nr_accesses;
	u32 last_nr_accesses;
	u32 age;
	u32 moving_sum_bp;
	u8 probe_hits[PROBES_MAX];
	u8 last_probe_hits[PROBES_MAX];
};
static_assert(sizeof(struct region) == 40, "no holes");

/**
 * struct regions - a growing array of regions.
 * @at:		sorted by address
 * @nr:		how many
 * @max:	room in @at
 *
 * All zero is an empty array.
 */
struct regions {
	struct region *at;
	u32 nr;
	u32 max;
};

/**
 * struct range - a piece of address space with nothing known of it.
 * @start:	first address
 * @end:	exclusive
 */
struct range {
	u64 start;
	u64 end;
};

static inline u64 region_sz(const struct region *r)
{
	return r->end - r->start;
}

/* @align is a power of two. */
static inline u64 region_align_down(u64 addr, u64 align)
{
	return addr & ~(align - 1);
}

/* Wraps to 0 above the last multiple. */
static inline u64 region_align_up(u64 addr, u64 align)
{
	return region_align_down(addr + align - 1, align);
}

/**
 * regions_reserve() - make room.
 * @v:		array
 * @nr:		how many regions it must be able to hold
 *
 * Return: 0; -ENOMEM, with @v as it was.
 */
int regions_reserve(struct regions *v, u64 nr);

/* Append where room has been reserved. */
static inline void regions_push(struct regions *v, const struct region *r)
{
	assert(v->nr < v->max);
	v->at[v->nr++] = *r;
}

/**
 * regions_add() - append a region of which nothing is known.
 * @v:		array
 * @start:	at or above the end of the last region
 * @end:	above @start
 *
 * Return: 0; -EINVAL if out of order or empty; -ENOMEM.
 */
int regions_add(struct regions *v, u64 start, u64 end);

/**
 * regions_split_at() - cut a region in two; both keep all counters.
 * @v:		array
 * @index:	which region
 * @sz:		size of the left part
 *
 * Return: 0; -EINVAL if a part were empty; -ENOMEM.
 */
int regions_split_at(struct regions *v, u32 index, u64 sz);

/* Let @v have the regions of @spare and @spare those of @v. */
void regions_swap(struct regions *v, struct regions *spare);

/* Sum of all sizes, modulo 2^64. */
u64 regions_sz(const struct regions *v);

/* True if the bounds of both are the same, whatever the counters. */
bool regions_same_layout(const struct regions *a, const struct regions *b);

void regions_fini(struct regions *v);

#endif
