/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What each kind of fault does.
 */
#ifndef FAULT_KINDS_H
#define FAULT_KINDS_H

#include "run/faults.h"

/**
 * struct fault_sample - a sample that is about to be handed over.
 * @at_ps:	when
 * @event:	of which
 * @data:	what there is of it
 * @who:	ran
 */
struct fault_sample {
	u64 at_ps;
	const struct sampler_event *event;
	struct perf_sample_data *data;
	struct damon_running *who;
};

/**
 * struct fault_kind - one kind.
 * @lasts:	it goes on until it ends, else it is over at once
 * @for_is_its_own: its duration says something else than when it ends
 * @begin:	0; -ENOMEM.  Optional
 * @end:	likewise
 * @sample:	called for each sample that it strikes: change it; false to hand
 *		over nothing
 */
struct fault_kind {
	bool lasts;
	bool for_is_its_own;
	int (*begin)(struct fault *f, struct run *r);
	int (*end)(struct fault *f, struct run *r);
	bool (*sample)(struct run *r, struct run_cpu *c, u64 luck,
		       const struct fault_sample *s);
};

/* By enum scenario_fault_kind. */
extern const struct fault_kind fault_kinds[];

/* Does it concern this CPU? */
static inline bool fault_is_on(const struct fault *f, u32 cpu)
{
	return f->spec->cpu == CONFIG_NO_ID || f->spec->cpu == (s32)cpu;
}

/* fault_commit.c */
int fault_commit(struct fault *f, struct run *r);

/* What it holds. */
void fault_free(struct fault *f);

#endif
