/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An interleaving as a person reads it: a row for each step, a column for each
 * CPU.
 */
#ifndef EXPLORE_TABLE_H
#define EXPLORE_TABLE_H

#include <stdio.h>

#include "explore/trial.h"

/**
 * table_print() - play a trial once more and print it.
 * @t:		the trial; its property and message become what is seen now
 * @out:	where to
 * @all:	with plain accesses, too
 *
 * Return: true if it ended as the trial says; false if it did not, or turns
 * were not possible.
 */
bool table_print(struct trial *t, FILE *out, bool all);

#endif
