/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ways to decide an execution, beside trying all of them (exhaust.h).
 *
 *	walk	each turn at random
 *	pct	agents have priorities, which change at d - 1 turns drawn before
 *		(Burckhardt et al. 2010): a bug that needs d orderings is found
 *		with a probability of at least 1 / (n k^(d-1)) in each
 *		execution, n agents, k turns
 *	bytes	by a string of bytes, so that anybody's fuzzer can drive it
 *	again	turns that are known
 */
#ifndef EXPLORE_DRIVE_H
#define EXPLORE_DRIVE_H

#include "explore/engine.h"

#define DRIVE_PCT_MAX 16

/**
 * struct drive - state of a driver.
 * @seed:	of the next execution (walk, pct)
 * @depth:	d (pct)
 * @turns:	k: how long an execution is about (pct)
 * @bytes:	what decides (bytes)
 * @nr_bytes:	how many
 * @turn:	what is known (again)
 * @nr_turns:	how many
 * @missed:	turns that were not possible (again)
 */
struct drive {
	u64 seed;
	u32 depth;
	u32 turns;
	const u8 *bytes;
	size_t nr_bytes;
	const struct engine_turn *turn;
	u32 nr_turns;
	u32 missed;
	/* Of the execution under way. */
	u64 random;
	size_t at;
	u32 change[DRIVE_PCT_MAX];
	u64 priority[ENGINE_AGENTS_MAX];
};

/* Have @d decide the next execution of @e, in one of the ways. */
void drive_walk(struct drive *d, struct engine *e);
void drive_pct(struct drive *d, struct engine *e);
void drive_bytes(struct drive *d, struct engine *e);
void drive_again(struct drive *d, struct engine *e);

/**
 * drive_plain() - who goes on where nothing else is said.
 * @e:		inside
 * @enabled:	who can
 *
 * Return: whoever acts; else the first process context; else the first NMI;
 * else the first queue.
 */
u32 drive_plain(const struct engine *e, u32 enabled);

#endif
