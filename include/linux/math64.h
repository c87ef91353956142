/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Twin: 64-bit division that a 32-bit machine can do without the compiler's
 * library, which a kernel does not have.
 */
#ifndef _LINUX_MATH64_H
#define _LINUX_MATH64_H

#include <linux/types.h>

static inline u64 div64_u64_rem(u64 dividend, u64 divisor, u64 *remainder)
{
#if __SIZEOF_LONG__ == 8
	*remainder = dividend % divisor;
	return dividend / divisor;
#else
	u64 quotient = 0, rest = 0;
	int bit;

	for (bit = 63; bit >= 0; bit--) {
		bool carry = rest >> 63;

		rest = rest << 1 | (dividend >> bit & 1);
		if (carry || rest >= divisor) {
			rest -= divisor;
			quotient |= 1ULL << bit;
		}
	}
	*remainder = rest;
	return quotient;
#endif
}

#endif
