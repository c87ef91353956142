/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Twin, for code whose accesses the explorer owns: whole against an interrupt
 * on its CPU, and nothing for other CPUs: no order, and no whole exchange.
 */
#ifndef _ASM_LOCAL_H
#define _ASM_LOCAL_H

typedef struct {
	long counter;
} local_t;

long explore_local_cmpxchg(long *counter, long old, long next);
void explore_local_add(long *counter, long by);

#define local_read(l) __atomic_load_n(&(l)->counter, __ATOMIC_RELAXED)
#define local_set(l, i) __atomic_store_n(&(l)->counter, i, __ATOMIC_RELAXED)
#define local_inc(l) explore_local_add(&(l)->counter, 1)
#define local_dec(l) explore_local_add(&(l)->counter, -1)
#define local_cmpxchg(l, old, next) \
	explore_local_cmpxchg(&(l)->counter, old, next)

#endif
