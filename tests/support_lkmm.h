/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A second opinion on the kernel's memory model: its axioms, asked of every
 * guess of who reads from whom and in which order stores stand.
 */
#ifndef SUPPORT_LKMM_H
#define SUPPORT_LKMM_H

#include <linux/types.h>

#define LKMM_EVENTS_MAX 14
#define LKMM_VARS 3
#define LKMM_STATES_MAX 4096

/* A relation: by event, the set of events it goes to. */
struct lkmm_rel {
	u32 to[LKMM_EVENTS_MAX];
};

struct lkmm_event {
	u32 thread;
	bool load;
	bool acquire;
	bool release;
	u32 var;
	u32 value;
	int swap;
};

/**
 * struct lkmm_test - a test, as events and as text.
 * @po, @addr, @data, @ctrl, @mb, @rmb, @wmb, @rmw: what is given of it
 * @rf, @rank: what is guessed: by load, its store or -1; by store, its place
 * @state:	ends that the axioms allow, and how many executions end so
 */
struct lkmm_test {
	char text[4096];
	u32 nr_threads;
	u32 nr;
	struct lkmm_event e[LKMM_EVENTS_MAX];
	struct lkmm_rel po, addr, data, ctrl, mb, rmb, wmb, rmw;
	int rf[LKMM_EVENTS_MAX];
	u32 rank[LKMM_EVENTS_MAX];
	u32 nr_states;
	struct {
		char text[192];
		u64 nr;
	} state[LKMM_STATES_MAX];
};

/**
 * lkmm_states() - find all ends that the axioms allow.
 * @d:		events and what is given of them; ends are added to it
 */
void lkmm_states(struct lkmm_test *d);

#endif
