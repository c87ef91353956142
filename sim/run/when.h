/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When a thread will have done so much work: what advance() of a pattern does,
 * backwards, for events that count.
 */
#ifndef WHEN_H
#define WHEN_H

#include <linux/types.h>

#include "workload.h"

/**
 * when_units() - the thread's clock when it will have done @units.
 * @t:		thread; not changed
 * @units:	all of its work
 *
 * Return: a clock at which it has, not below the thread's own, and not so far
 * above the least one that a quarter of a unit could be done meanwhile; ~0 if
 * that is not reached within a day.
 */
u64 when_units(const struct workload_thread *t, u64 units);

#endif
