// SPDX-License-Identifier: GPL-2.0
/*
 * The tree of decisions.  A node is a turn: who could go on, who went on, who
 * is still to be tried there.  The way down is played again from the start for
 * each execution; a state is never stored.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explore/drive.h"
#include "explore/exhaust.h"

#define WORDS (MEMORY_SZ / 8)
#define NEVER 0

/* Times are numbers of turns, from 1. */
struct times {
	u16 at[ENGINE_AGENTS_MAX];
};

struct node {
	u32 enabled;
	u32 backtrack;
	u32 tried;
	u32 sleep;
	u32 stopped;
	u8 agent;
	u8 choice;
	u8 nr_choices;
	u8 preemptions;
	struct times before; /* what the step came after, itself included */
};

/* Who touched a word or an object last. */
struct touched {
	u32 gen;
	u16 write;
	u8 writer;
	u32 readers;
	u16 read[ENGINE_AGENTS_MAX];
};

struct exhaust {
	u32 bound;
	u32 depth; /* turns of this execution */
	u32 replay; /* of which so many are decided */
	u32 gen;
	u32 sleep; /* of the node to come */
	struct times now[ENGINE_AGENTS_MAX];
	struct {
		u16 turn; /* last step there */
		u8 agent;
	} cpu[MEMORY_CPUS_MAX];
	u16 strike[ENGINE_ACTORS_MAX]; /* turn of an NMI's first step */
	struct touched word[WORDS];
	struct touched object[ENGINE_OBJECTS_MAX];
	struct node node[ENGINE_STEPS_MAX + 1];
};

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

static struct touched *fresh(struct exhaust *x, struct touched *t)
{
	if (t->gen != x->gen) {
		t->gen = x->gen;
		t->write = NEVER;
		t->readers = 0;
	}
	return t;
}

/* Which words does an act depend on, and does it change them? */
static bool footprint(const struct engine *e, const struct engine_op *op,
		      u32 *first, u32 *last)
{
	bool tso = e->memory->model == MEMORY_TSO;

	*first = 1;
	*last = 0;
	if (op->kind > ENGINE_SWAP && op->kind != ENGINE_FLUSH)
		return false;
	if (op->kind <= ENGINE_WRITE && !e->races_pass)
		return false;
	/* It goes to the queue; the flush is what others see. */
	if (tso && op->kind == ENGINE_STORE)
		return false;
	*first = op->off / 8;
	*last = (op->off + op->sz - 1) / 8;
	return op->kind != ENGINE_READ && op->kind != ENGINE_LOAD;
}

static u32 cpu_of(const struct engine *e, u32 agent)
{
	return engine_is_queue(agent) ? MEMORY_CPUS_MAX + agent :
					e->actor[agent].cpu;
}

static bool depends(const struct engine *e, u32 a, const struct engine_op *p,
		    u32 b, const struct engine_op *q)
{
	u32 p_first, p_last, q_first, q_last;
	u32 p_reads = p->reads, q_reads = q->reads;
	bool p_writes, q_writes;

	if (cpu_of(e, a) == cpu_of(e, b))
		return true;
	if (!engine_is_queue(a))
		p_reads |= 1u << e->actor[a].cpu;
	if (!engine_is_queue(b))
		q_reads |= 1u << e->actor[b].cpu;
	if (p->writes & (q_reads | q->writes) || q->writes & p_reads)
		return true;
	p_writes = footprint(e, p, &p_first, &p_last);
	q_writes = footprint(e, q, &q_first, &q_last);
	return (p_writes || q_writes) && p_first <= q_last && q_first <= p_last;
}

/*
 * @agent's step depends on that of turn @turn, and nothing orders them: have
 * the other order tried.
 */
static void reverse(struct exhaust *x, struct engine *e, u32 agent, u32 turn,
		    bool enables)
{
	struct node *n = &x->node[turn - 1];
	u32 i;

	if (n->enabled >> agent & 1) {
		n->backtrack |= 1u << agent;
	} else if (n->stopped >> agent & 1) {
		/* What stands on top of it has to go on first. */
		for (i = 0; i < e->nr_actors; i++)
			if (e->actor[i].nmi && n->enabled >> i & 1 &&
			    e->actor[i].cpu == e->actor[agent].cpu)
				n->backtrack |= 1u << i;
	} else if (!engine_is_queue(agent) &&
		   n->enabled >> (ENGINE_ACTORS_MAX + e->actor[agent].cpu) &
			   1) {
		/* It waits for its own stores. */
		n->backtrack |= 1u << (ENGINE_ACTORS_MAX + e->actor[agent].cpu);
	} else if (!enables) {
		n->backtrack |= n->enabled;
	}
}

/* The step @turn by @other came before @agent's, which depends on it. */
static void follow(struct exhaust *x, struct engine *e, u32 agent, u32 other,
		   u32 turn, bool object, bool enables)
{
	if (other == agent || x->now[agent].at[other] >= turn)
		return;
	if (object && !engine_is_queue(other) && e->actor[other].nmi)
		turn = x->strike[other];
	reverse(x, e, agent, turn, enables);
}

static void look_at(struct exhaust *x, struct engine *e, u32 agent,
		    struct touched *t, bool writes, bool object, bool reads)
{
	u32 readers;

	fresh(x, t);
	if (t->write)
		follow(x, e, agent, t->writer, t->write, object,
		       object && reads);
	for (readers = writes ? t->readers : 0; readers; readers &= readers - 1)
		follow(x, e, agent, __builtin_ctz(readers),
		       t->read[__builtin_ctz(readers)], object, false);
}

static void join(struct times *to, const struct times *from)
{
	u32 i;

	for (i = 0; i < ENGINE_AGENTS_MAX; i++)
		if (from->at[i] > to->at[i])
			to->at[i] = from->at[i];
}

static void join_turn(struct exhaust *x, u32 agent, u32 turn)
{
	if (turn)
		join(&x->now[agent], &x->node[turn - 1].before);
}

static void learn(struct exhaust *x, u32 agent, struct touched *t, bool writes)
{
	u32 readers;

	join_turn(x, agent, t->write);
	for (readers = writes ? t->readers : 0; readers; readers &= readers - 1)
		join_turn(x, agent, t->read[__builtin_ctz(readers)]);
	if (writes) {
		t->write = x->depth;
		t->writer = agent;
		t->readers = 0;
	} else {
		t->readers |= 1u << agent;
		t->read[agent] = x->depth;
	}
}

/* The order on one CPU: an NMI against what it interrupts. */
static void own_cpu(struct exhaust *x, struct engine *e, u32 agent,
		    const struct engine_op *op)
{
	u32 cpu = e->actor[agent].cpu, other = x->cpu[cpu].agent;
	u32 turn = x->cpu[cpu].turn;

	if (op->kind == ENGINE_STRIKE)
		x->strike[agent] = x->depth;
	if (turn && other != agent && x->now[agent].at[other] < turn) {
		if (op->kind == ENGINE_STRIKE)
			reverse(x, e, agent,
				e->actor[other].nmi &&
						x->node[turn - 1].stopped >>
								other &
							1 ?
					x->strike[other] :
					turn,
				true);
		else if (e->actor[other].nmi)
			reverse(x, e, agent, x->strike[other], true);
	}
	join_turn(x, agent, turn);
	x->cpu[cpu].turn = x->depth;
	x->cpu[cpu].agent = agent;
}

static void reduce(struct exhaust *x, struct engine *e,
		   const struct engine_step *s)
{
	u32 agent = s->agent, first, last, i, objects;
	u32 both = s->op.reads | s->op.writes;
	bool writes = footprint(e, &s->op, &first, &last);

	for (i = first; i <= last; i++)
		look_at(x, e, agent, &x->word[i], writes, false, false);
	for (objects = both; objects; objects &= objects - 1) {
		i = __builtin_ctz(objects);
		look_at(x, e, agent, &x->object[i], s->op.writes >> i & 1, true,
			s->op.ready);
	}
	if (!engine_is_queue(agent))
		own_cpu(x, e, agent, &s->op);
	else
		join_turn(x, agent, e->memory->flushed_tag);
	e->memory->tag = x->depth;
	for (i = first; i <= last; i++)
		learn(x, agent, &x->word[i], writes);
	for (objects = both; objects; objects &= objects - 1) {
		i = __builtin_ctz(objects);
		learn(x, agent, &x->object[i], s->op.writes >> i & 1);
	}
	x->now[agent].at[agent] = x->depth;
	x->node[x->depth - 1].before = x->now[agent];
}

/* Who needs not be tried in the state that this step leads to? */
static void pass_sleep(struct exhaust *x, struct engine *e,
		       const struct engine_step *s)
{
	struct node *n = &x->node[x->depth - 1];
	u32 candidates = (n->sleep | n->tried) & ~(1u << s->agent), i;
	struct engine_op op;

	x->sleep = 0;
	for (; candidates; candidates &= candidates - 1) {
		i = __builtin_ctz(candidates);
		if (!depends(e, i, engine_op_of(e, i, &op), s->agent, &s->op))
			x->sleep |= 1u << i;
	}
}

static void step_done(struct engine *e, const struct engine_step *s)
{
	struct exhaust *x = e->driver_arg;

	if (x->bound != EXHAUST_NO_BOUND)
		return;
	reduce(x, e, s);
	if (x->depth >= x->replay)
		pass_sleep(x, e, s);
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
