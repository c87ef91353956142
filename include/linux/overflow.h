/* SPDX-License-Identifier: GPL-2.0 */
/* Twin: true if the result does not fit in *@d, which has its low bits. */
#ifndef _LINUX_OVERFLOW_H
#define _LINUX_OVERFLOW_H

#define check_mul_overflow(a, b, d) __builtin_mul_overflow(a, b, d)
#define check_add_overflow(a, b, d) __builtin_add_overflow(a, b, d)

#endif
