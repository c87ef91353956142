/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The loop of a run, from its begin to its end.
 */
#ifndef LOOP_H
#define LOOP_H

#include "run/run.h"

/**
 * loop_until() - run until the machine's time is @us, or the run's end.
 * Return: as loop_run().
 */
int loop_until(struct run *r, u64 us);

/**
 * loop_run() - run.
 * @r:		built, its monitor started or not
 *
 * Return: 0; RUN_STOPPED; -ENOMEM.
 */
int loop_run(struct run *r);

#endif
