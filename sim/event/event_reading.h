/* SPDX-License-Identifier: GPL-2.0 */
/* A name that is being read: what event_name.c and event_terms.c share. */
#ifndef EVENT_READING_H
#define EVENT_READING_H

#include "event/event_name.h"

struct reading {
	struct event_attr *attr;
	const struct pmus *pmus;
	const char *name;
	struct event_error *err;
};

/* What is wrong, from @at in the name.  Return: -EINVAL. */
int reading_wrong(struct reading *r, const char *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Keep the nearer one to @word of two names. */
void reading_nearer(const char *word, const char *name, u32 *best,
		    const char **nearest);

/*
 * Terms between commas, from @text to @end; @depth: 0 in the name itself.
 * Return: 0; -EINVAL.
 */
int reading_terms(struct reading *r, const char *text, const char *end,
		  u32 depth);

#endif
