/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Twin: exchange the object if it still holds @old; the value found there is
 * the result.  Acquire when it succeeds, no order when it fails.
 */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#define cmpxchg_acquire(ptr, old, new)                                   \
	({                                                               \
		__typeof__(*(ptr)) cmpxchg_found = (old);                \
                                                                         \
		__atomic_compare_exchange_n(ptr, &cmpxchg_found, new, 0, \
					    __ATOMIC_ACQUIRE,            \
					    __ATOMIC_RELAXED);           \
		cmpxchg_found;                                           \
	})

#endif
