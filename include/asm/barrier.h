/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Twin: the C11 orders that the kernel's memory model gives these two names.
 * C11's are as strong on every machine that the compiler knows.
 */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

#define smp_load_acquire(p) __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, v) __atomic_store_n(p, v, __ATOMIC_RELEASE)

#endif
