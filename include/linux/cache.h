/* SPDX-License-Identifier: GPL-2.0 */
/* Twin: the line size that x86-64 and most arm64 machines have. */
#ifndef _LINUX_CACHE_H
#define _LINUX_CACHE_H

#define SMP_CACHE_BYTES 64
#define ____cacheline_aligned_in_smp __attribute__((aligned(SMP_CACHE_BYTES)))

#endif
