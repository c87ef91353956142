/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The loop of a run, from its begin to its end.
 */
#ifndef LOOP_H
#define LOOP_H

#include "run/run.h"

/**
 * loop_run() - run.
 * @r:		built, its monitor started or not
 *
 * Return: 0; RUN_STOPPED; -ENOMEM.
 */
int loop_run(struct run *r);

#endif
