/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The law of conservation, printed: what was raised and what became of it.
 */
#ifndef BALANCE_H
#define BALANCE_H

#include <stdio.h>

#include <damon/stats.h>

struct json_object;

/* For people. */
void balance_text(FILE *f, const struct damon_balance *b);

/* For programs.  Return: an object, or NULL without memory. */
struct json_object *balance_json(const struct damon_balance *b);

#endif
