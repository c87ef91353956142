/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Building the monitor that a replay feeds.
 *
 * Not here: the loop over the capture (replay.c).
 */
#ifndef SETUP_H
#define SETUP_H

#include <stddef.h>

#include <linux/types.h>

struct replay;
struct trace_record;

/**
 * setup_rules() - have a rule for each event that the capture knows of by now.
 * @r:		replay with an open capture
 *
 * Return: 0; -ENOMEM.
 */
int setup_rules(struct replay *r);

/**
 * setup_begin() - choose, build the context and start the kdamond.
 * @r:		replay with an open capture, all else of it zero
 * @recs:	the capture's first records
 * @nr:		how many; 0 is a capture without records
 * @why:	filled on failure where strerror() would not do
 * @len:	of @why
 *
 * Return: 0; -errno.
 */
int setup_begin(struct replay *r, const struct trace_record *recs, size_t nr,
		char *why, size_t len);

#endif
