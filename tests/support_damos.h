/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A context with schemes, for tests of one pass or of a few windows.
 *
 * What the schemes act on is either memory (support_memory.h), by the rules of
 * the operations, or nothing: then what is asked for is written down and the
 * test says how much of it was done.
 */
#ifndef SUPPORT_DAMOS_H
#define SUPPORT_DAMOS_H

#include "damon/context.h"
#include "damon/damos.h"
#include "damon/esz.h"
#include "damon/ops.h"
#include "support_memory.h"

/* Addresses in tests are pages. */
#define P PAGE_BYTES

/**
 * struct support_damos - a context and what is around it.
 * @ctx:	context; its ops_data is this
 * @ops:	of @ctx, to be changed before anything runs
 * @heard:	"scheme:target start-end" in pages for each action, or
 *		what an observer was told
 * @done_percent: how much of it is done; above 100, more than was asked for
 * @passed:	what the filters let pass, of each
 * @takes_jiffies: how long an action takes
 * @dead_target: is not valid any more; -1 for none
 */
struct support_damos {
	struct split_shared shared;
	struct context ctx;
	struct context_ops ops;
	struct support_memory memory;
	char heard[4000];
	u32 done_percent;
	u64 passed;
	u64 takes_jiffies;
	s32 dead_target;
};

/* No memory: actions are written down. */
void support_damos_init(struct support_damos *d, const struct profile *profile);

/* With memory, one or two nodes of @nr_pages, and the actions of @id. */
void support_damos_init_memory(struct support_damos *d,
			       const struct profile *profile, enum ops_id id,
			       u64 nr_pages);

void support_damos_fini(struct support_damos *d);

/* A scheme that means every region. */
struct scheme support_scheme(enum scheme_action action);

/* Add that, due at once; nowhere kept. */
struct scheme *support_damos_add(struct support_damos *d,
				 enum scheme_action action);

/* Add @text to what was heard. */
void support_damos_hear(struct support_damos *d, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* One pass, for which all schemes are due; what was heard before is gone. */
int support_damos_pass(struct support_damos *d);

/* Pass after the quota's window is over. */
int support_damos_next_window(struct support_damos *d);

#endif
