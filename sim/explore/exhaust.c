// SPDX-License-Identifier: GPL-2.0
/*
 * The tree of decisions.  A node is a turn: who could go on, who went on, who
 * is still to be tried there.  The way down is played again from the start for
 * each execution; a state is never stored.
 *
 * Not here: which other orders are worth trying (reduce.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explore/drive.h"
#include "explore/exhaust_internal.h"

int exhaust_new(struct exhaust **out, u32 bound)
{
	struct exhaust *x = calloc(1, sizeof(*x));

	if (!x)
		return -ENOMEM;
	x->bound = bound;
	*out = x;
	return 0;
}

void exhaust_free(struct exhaust *x)
{
	free(x);
}

static void step_done(struct engine *e, const struct engine_step *s)
{
	struct exhaust *x = e->driver_arg;

	if (x->bound != EXHAUST_NO_BOUND)
		return;
	exhaust_reduce(x, e, s);
	if (x->depth >= x->replay)
		exhaust_pass_sleep(x, e, s);
}

/*
 * An act that somebody was ready for is not possible any more: have it tried
 * before the step that took it away.  What an NMI stops goes on behind it.
 */
static void mind_disabled(struct exhaust *x, struct engine *e, u32 enabled)
{
	struct node *n;

	if (!x->depth || x->bound != EXHAUST_NO_BOUND)
		return;
	n = &x->node[x->depth - 1];
	n->backtrack |= n->enabled & ~enabled & ~(1u << n->agent) & ~e->stopped;
}

/* Leaving an agent that could go on is a preemption. */
static u32 preempts(struct exhaust *x, const struct node *n, u32 agent)
{
	const struct node *before = n - 1;

	if (n == x->node)
		return 0;
	return before->preemptions +
	       (agent != before->agent && n->enabled >> before->agent & 1);
}

static u32 new_node(struct exhaust *x, struct engine *e, struct node *n,
		    u32 enabled)
{
	u32 set = enabled & ~x->sleep, i;

	if (!set)
		return ENGINE_GIVE_UP;
	n->enabled = enabled;
	n->tried = 0;
	n->sleep = x->sleep;
	n->stopped = e->stopped;
	n->agent = drive_plain(e, set);
	n->backtrack = 1u << n->agent;
	n->choice = 0;
	n->nr_choices = 1;
	if (x->bound == EXHAUST_NO_BOUND)
		return n->agent;
	for (i = 0; i < ENGINE_AGENTS_MAX; i++)
		if (enabled >> i & 1 && preempts(x, n, i) <= x->bound)
			n->backtrack |= 1u << i;
	return n->agent;
}

static u32 pick(struct engine *e, u32 enabled)
{
	struct exhaust *x = e->driver_arg;
	struct node *n = &x->node[x->depth];
	u32 agent;

	mind_disabled(x, e, enabled);
	if (x->depth < x->replay) {
		agent = n->agent;
	} else {
		agent = new_node(x, e, n, enabled);
		if (agent == ENGINE_GIVE_UP)
			return agent;
	}
	n->preemptions = preempts(x, n, agent);
	x->depth++;
	return agent;
}

static u32 choose(struct engine *e, u32 nr)
{
	struct exhaust *x = e->driver_arg;
	struct node *n = &x->node[x->depth - 1];

	if (n->nr_choices == 1) {
		n->nr_choices = nr < 255 ? nr : 255;
		n->choice = 0;
	}
	return n->choice;
}

static const struct engine_driver driver = {
	.pick = pick,
	.choose = choose,
	.done = step_done,
};

void exhaust_drive(struct exhaust *x, struct engine *e)
{
	x->depth = 0;
	x->gen++;
	x->sleep = 0;
	memset(x->now, 0, sizeof(x->now));
	memset(x->cpu, 0, sizeof(x->cpu));
	e->driver = &driver;
	e->driver_arg = x;
}

bool exhaust_next(struct exhaust *x, struct engine *e)
{
	struct node *n;
	u32 left;

	if (e->end == ENGINE_COMPLETE)
		mind_disabled(x, e, 0);
	while (x->depth) {
		n = &x->node[x->depth - 1];
		if (n->choice + 1 < n->nr_choices) {
			n->choice++;
			break;
		}
		n->tried |= 1u << n->agent;
		left = n->backtrack & ~n->tried & ~n->sleep;
		if (left) {
			n->agent = __builtin_ctz(left);
			n->choice = 0;
			n->nr_choices = 1;
			break;
		}
		x->depth--;
	}
	x->replay = x->depth;
	return x->depth;
}

double exhaust_progress(const struct exhaust *x)
{
	double done = 0, share = 1;
	u32 i, nr, tried;

	for (i = 0; i < x->replay && share > 1e-9; i++) {
		const struct node *n = &x->node[i];

		nr = __builtin_popcount(n->backtrack & ~n->sleep);
		tried = __builtin_popcount(n->tried);
		if (nr < tried + 1)
			nr = tried + 1;
		done += share * tried / nr;
		share /= nr;
		done += share * n->choice / n->nr_choices;
		share /= n->nr_choices;
	}
	return done;
}
