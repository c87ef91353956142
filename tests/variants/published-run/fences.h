/* SPDX-License-Identifier: GPL-2.0 */
/* What the posted design takes from the kernel and ours does not. */
#ifndef _PUBLISHED_FENCES_H
#define _PUBLISHED_FENCES_H

#include <asm/barrier.h>
#include <asm/local.h>

#ifndef smp_mb
#define smp_mb() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)
#endif

#ifndef local_dec
#define local_dec(l) local_set(l, local_read(l) - 1)
#endif

#endif
