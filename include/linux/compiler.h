/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Twin: READ_ONCE() and WRITE_ONCE() make one access of the object's size that
 * is no data race.  The kernel promises a volatile access; a relaxed atomic one
 * promises as much and is what ThreadSanitizer understands.  The rest means
 * what it means in the kernel.
 */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#define READ_ONCE(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, val) __atomic_store_n(&(x), (val), __ATOMIC_RELAXED)

/* Nothing is known of the variable's value from here on. */
#define OPTIMIZER_HIDE_VAR(var) __asm__("" : "=r"(var) : "0"(var))

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#endif
