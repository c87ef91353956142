/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Watermarks: schemes that sleep while there is neither too little memory nor
 * enough.
 */
#ifndef WMARKS_H
#define WMARKS_H

#include <linux/types.h>

struct context;

/**
 * wmarks_wait_us() - wake schemes, put them to sleep.
 * @ctx:	context, with memory if a scheme has watermarks
 * @last_us:	what it returned the last time if the context has slept since
 *		then, else 0; a sleep never gets longer, nor ends because all
 *		schemes have been dropped
 *
 * Return: 0 if the context is to monitor; else how long until it is worth
 * looking again, because all of its schemes sleep.
 */
u64 wmarks_wait_us(struct context *ctx, u64 last_us);

#endif
