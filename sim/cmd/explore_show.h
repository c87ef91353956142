/* SPDX-License-Identifier: GPL-2.0 */
/* What damonsim explore prints and stores. */
#ifndef EXPLORE_SHOW_H
#define EXPLORE_SHOW_H

#include "explore/suite.h"

/**
 * struct explore_show - how, and what is said at the end.
 * @suite:	what is looked at
 * @dir:	where violations are stored; NULL: here
 * @plain:	plain accesses in tables, too
 * @json:	one object at the end, and nothing else
 * @quiet:	violations only
 * @seed:	of all chance
 * @begun:	when, by explore_now()
 * @failed:	file that could not be written
 * @error:	its errno
 */
struct explore_show {
	const struct suite *suite;
	const char *dir;
	bool plain;
	bool json;
	bool quiet;
	u64 seed;
	double begun;
	u32 nr_done;
	char failed[512];
	int error;
};

/* Before the first scene. */
void explore_show_head(const struct explore_show *s);
/* One scene is done; @arg is the struct explore_show. */
void explore_show_item(void *arg, const struct suite_item *item);
/* All are done: tables, files, the sum.  Return: 0; -1 with @failed set. */
int explore_show_end(struct explore_show *s);
/* A stored interleaving.  Return: false if it did not go as it says. */
bool explore_show_replay(const struct explore_show *s, struct trial *t);
/* Scenes, verbs, properties. */
void explore_show_list(void);
/* A time as a person says it; valid until the next call. */
const char *explore_show_time(double seconds);

#endif
