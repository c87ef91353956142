/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Loops that the compiler is to turn into vector code, for whatever processor
 * they run on.
 *
 * A function marked so is compiled several times, and the best that the
 * processor has is taken when the program starts.  All of them do the same
 * arithmetic on integers and on double precision, so the result does not depend
 * on which it was.
 *
 * Not with sanitizers, whose own start comes too late for that choice.
 */
#ifndef WIDE_H
#define WIDE_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
	!defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WIDE                                                             \
	__attribute__((optimize("O3"),                                   \
		       target_clones("arch=x86-64-v4", "arch=x86-64-v3", \
				     "default")))
#else
#define WIDE
#endif

#endif
