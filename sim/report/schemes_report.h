/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the schemes of a replay would have done: for people, and for programs.
 *
 * A scheme that did nothing is the usual question, so it is said why.
 */
#ifndef SCHEMES_REPORT_H
#define SCHEMES_REPORT_H

#include <stdio.h>

struct json_object;
struct replay;

/* Nothing is printed for a replay without schemes. */
void schemes_text(FILE *f, const struct replay *r);

/* Adds "schemes" and "goals", and if there are schemes, "nodes". */
void schemes_json(struct json_object *o, const struct replay *r);

#endif
