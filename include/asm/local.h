/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Twin: a counter that one CPU writes, whole against an interrupt on that CPU
 * and not against other CPUs.  On x86 that is one instruction without a lock
 * prefix, as in the kernel; elsewhere, and where a sanitizer has to see it, an
 * atomic operation, which is stronger.
 */
#ifndef _ASM_LOCAL_H
#define _ASM_LOCAL_H

typedef struct {
	long counter;
} local_t;

#define local_read(l) __atomic_load_n(&(l)->counter, __ATOMIC_RELAXED)
#define local_set(l, i) __atomic_store_n(&(l)->counter, i, __ATOMIC_RELAXED)

#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define local_inc(l) asm volatile("incq %0" : "+m"((l)->counter))
#define __local_cmpxchg(p, old, new)         \
	asm volatile("cmpxchgq %2, %1"       \
		     : "+a"(old), "+m"(*(p)) \
		     : "r"(new)              \
		     : "memory")
#else
#define local_inc(l) \
	((void)__atomic_fetch_add(&(l)->counter, 1, __ATOMIC_RELAXED))
#define __local_cmpxchg(p, old, new)                                     \
	__atomic_compare_exchange_n(p, &(old), new, 0, __ATOMIC_RELAXED, \
				    __ATOMIC_RELAXED)
#endif

/* Stores @new if *@l is @old; returns what was there before. */
static inline long local_cmpxchg(local_t *l, long old, long new)
{
	__local_cmpxchg(&l->counter, old, new);
	return old;
}

#endif
