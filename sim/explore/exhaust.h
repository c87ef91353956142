/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every execution of a scene, each but once as far as it matters.
 *
 * Two steps are independent if neither can notice whether the other came
 * before; executions that differ in the order of independent steps alone are
 * one.  While an execution is played, each step is held against the last one
 * that it depends on: where the other order was possible, it is noted to be
 * tried (dynamic partial-order reduction, Flanagan and Godefroid 2005); what
 * was tried from a state needs not be tried again until something dependent has
 * happened (sleep sets, Godefroid 1996).  An NMI is one piece for this as far
 * as its own CPU goes: what it interrupted is tried before it and behind it.
 *
 * Without reduction and with a bound, every execution with so many preemptions
 * at most is tried: a CPU is left although it could go on.
 *
 * Not here: limits of time (drive.h).
 */
#ifndef EXPLORE_EXHAUST_H
#define EXPLORE_EXHAUST_H

#include "explore/engine.h"

#define EXHAUST_NO_BOUND (~0u)

struct exhaust;

/**
 * exhaust_new() - begin with a scene.
 * @out:	untouched on failure
 * @bound:	preemptions at most, or EXHAUST_NO_BOUND
 *
 * Return: 0; -ENOMEM.
 */
int exhaust_new(struct exhaust **out, u32 bound);

/**
 * exhaust_free() - give it back.
 * @x:		NULL allowed
 */
void exhaust_free(struct exhaust *x);

/**
 * exhaust_drive() - have it decide the next execution.
 * @x:		after exhaust_new() or exhaust_next()
 * @e:		of the scene
 */
void exhaust_drive(struct exhaust *x, struct engine *e);

/**
 * exhaust_next() - the execution is over; prepare another one.
 * @x:		after its execution
 * @e:		that played it
 *
 * Return: false if there is none left.
 */
bool exhaust_next(struct exhaust *x, struct engine *e);

/**
 * exhaust_progress() - about how much of all is done, from 0 to 1.
 * @x:		between executions
 *
 * By the decisions that are nearest to the root, as if those behind each were
 * as many.
 */
double exhaust_progress(const struct exhaust *x);

#endif
