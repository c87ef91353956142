// SPDX-License-Identifier: GPL-2.0
/*
 * What depends on what, and which other orders it makes worth trying.
 *
 * Each step has a footprint: words of memory and objects, read or changed.  It
 * is held against the last step that touched the same; if nothing orders the
 * two, the other order is noted at the turn where it was possible.
 *
 * Plain accesses have no footprint: where they are not ordered by others they
 * race, and a race is a violation; unless races are let pass.
 */
#include "explore/exhaust_internal.h"

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
 * What has to go on before turn @turn, so that @agent's step comes before it,
 * too: the first since then that the step comes behind, and that does not come
 * behind the turn itself; @agent, if there is none.  It has to be the first: an
 * agent that sleeps is not tried again, and what it would have led to is lost
 * where something else must come before it (Abdulla et al. 2014).
 */
static u32 first_of(const struct exhaust *x, u32 agent, u32 turn)
{
	u32 other = x->node[turn - 1].agent, i;

	for (i = turn; i + 1 < x->depth; i++) {
		const struct node *n = &x->node[i];

		if (x->behind.at[n->agent] > i && n->before.at[other] < turn)
			return n->agent;
	}
	return agent;
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

	agent = first_of(x, agent, turn);

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

/* All that a step comes behind. */
static void look_back(struct exhaust *x, struct engine *e, u32 agent,
		      struct touched *t, bool writes)
{
	u32 readers;

	fresh(x, t);
	if (t->write)
		join(&x->behind, &x->node[t->write - 1].before);
	for (readers = writes ? t->readers : 0; readers; readers &= readers - 1)
		join(&x->behind,
		     &x->node[t->read[__builtin_ctz(readers)] - 1].before);
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

void exhaust_reduce(struct exhaust *x, struct engine *e,
		    const struct engine_step *s)
{
	u32 agent = s->agent, first, last, i, objects;
	u32 both = s->op.reads | s->op.writes;
	bool writes = footprint(e, &s->op, &first, &last);

	x->behind = x->now[agent];
	for (i = first; i <= last; i++)
		look_back(x, e, agent, &x->word[i], writes);
	for (objects = both; objects; objects &= objects - 1) {
		i = __builtin_ctz(objects);
		look_back(x, e, agent, &x->object[i], s->op.writes >> i & 1);
	}
	if (!engine_is_queue(agent) && x->cpu[e->actor[agent].cpu].turn)
		join(&x->behind,
		     &x->node[x->cpu[e->actor[agent].cpu].turn - 1].before);
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
void exhaust_pass_sleep(struct exhaust *x, struct engine *e,
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
