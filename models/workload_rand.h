/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Going through memory by luck: each unit of work is an access to a page that
 * does not depend on the one before.
 *
 * How long a unit takes depends on where the pages are that are likely, so now
 * and then some are drawn as the pattern draws them and looked up; with whose
 * luck and how often follows from the thread's own clock alone, so that a long
 * step is the same as many short ones.
 */
#ifndef WORKLOAD_RAND_H
#define WORKLOAD_RAND_H

#include "workload_kinds.h"

/**
 * struct workload_rand - a pattern.
 * @page:	page of an access, an index below the area's pages, by luck;
 *		@run_ps is the thread's clock
 * @sum:	accesses' share of a stretch of pages [from, to)
 * @pages:	of a thread's area
 * @hot_pages:	of them, that are hot
 * @hot_access:	accesses' share of those
 * @phase_ps:	until they are others, 0: they stay
 * @theta:	of Zipf's law
 * @h_x0:	its integral where the first rank begins, given its own mass
 * @h_n:	likewise, at the last rank's end
 * @zipf_near:	what is drawn so near to a rank is taken without a look
 * @norm:	one by the difference
 * @multiplier:	of ranks, to spread them over pages
 * @inverse:	back from pages to ranks
 * @touch_pages_per_s: that are accessed for the first time
 */
struct workload_rand {
	u64 (*page)(const struct workload_rand *r, u64 run_ps, u64 luck);
	double (*sum)(const struct workload_rand *r, u64 run_ps, u64 from,
		      u64 to);
	u64 pages;
	u64 hot_pages;
	u64 phase_ps;
	double hot_access;
	double theta;
	double h_x0;
	double h_n;
	double zipf_near;
	double norm;
	u64 touch_pages_per_s;
	u64 multiplier;
	u64 inverse;
};

/**
 * workload_rand_new() - what all of them begin with.
 * @w:		workload with its parameters
 * @miss_share:	of accesses that memory answers; else a cache does
 * @chained:	each waits for the one before
 * Return: the pattern's data, kept in @w->data; NULL without memory.
 */
struct workload_rand *workload_rand_new(struct workload *w, double miss_share,
					bool chained);

void workload_rand_fini(struct workload *w);
void workload_rand_begin(struct workload_thread *t);
void workload_rand_advance(struct workload_thread *t, u64 run_ps);
u64 workload_rand_when(const struct workload_thread *t, u64 units);
void workload_rand_draw(struct workload_thread *t, u32 nr, const u64 *run_ps,
			const u8 *class, const u64 *luck, u64 *vaddr);
bool workload_rand_touched(const struct workload_thread *t, u64 vaddr,
			   u64 luck);
double workload_rand_rate(const struct workload_thread *t, u64 vaddr, u64 sz);

#endif
