/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fibers: stacks that are switched between by hand.
 *
 * An exploration switches some twenty times a microsecond, so a switch saves
 * what a function call has to keep and nothing else: no signal mask, no system
 * call.  A fiber never ends by returning; it switches away for good.
 *
 * Not here: who runs next (engine.h).
 */
#ifndef EXPLORE_FIBER_H
#define EXPLORE_FIBER_H

#include <linux/types.h>

/**
 * struct fiber - a stack, and where it stands.
 * @sp:		its stack pointer while it does not run
 * @stack:	lowest usable byte; below is a page that faults
 * @sz:		bytes
 * @entry:	what it was started with
 * @arg:	handed to it
 */
struct fiber {
	void *sp;
	void *stack;
	size_t sz;
	void (*entry)(void *arg);
	void *arg;
};

/**
 * fiber_init() - give a fiber a stack.
 * @f:		storage of the caller
 *
 * Return: 0 or -ENOMEM.
 */
int fiber_init(struct fiber *f);

/**
 * fiber_adopt() - make a fiber of the thread that calls, on its own stack.
 * @f:		storage of the caller; needs no fiber_fini()
 */
void fiber_adopt(struct fiber *f);

/**
 * fiber_fini() - take the stack back.
 * @f:		not running; zeroed or after fiber_init()
 */
void fiber_fini(struct fiber *f);

/**
 * fiber_start() - have the next switch to a fiber enter a function.
 * @f:		not running; what it did before is forgotten
 * @entry:	must not return
 * @arg:	handed to it
 */
void fiber_start(struct fiber *f, void (*entry)(void *arg), void *arg);

/**
 * fiber_switch() - leave one fiber and go on with another.
 * @from:	the one that runs
 * @to:		another, started or left by a switch
 */
void fiber_switch(struct fiber *from, struct fiber *to);

#endif
