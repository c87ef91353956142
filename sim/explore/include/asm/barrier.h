/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Twin, for code whose accesses the explorer owns: the orders go to its memory
 * model by name.  Free-standing fences are for revisions that have them.
 */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

void explore_mb(void);
void explore_rmb(void);
void explore_wmb(void);

#define smp_load_acquire(p) __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, v) __atomic_store_n(p, v, __ATOMIC_RELEASE)
#define smp_mb() explore_mb()
#define smp_rmb() explore_rmb()
#define smp_wmb() explore_wmb()

#endif
