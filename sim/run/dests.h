/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How memory lies on the nodes that a scheme names with weights.
 *
 * Such a scheme has no goal that a kernel would evaluate; what it is to come to
 * are its weights. So each node's share of what its targets have on all of
 * these nodes is taken as a path to the node's share of the weights, once a
 * window.
 *
 * What is not hot stays where it is, and counts: the share comes to the weights
 * only as far as memory matches the scheme.
 *
 * Left out: physical contexts, whose migrations pass by weights.
 */
#ifndef DESTS_H
#define DESTS_H

struct run;

/* A window is over. */
void dests_look(struct run *r);

#endif
