// SPDX-License-Identifier: GPL-2.0
/*
 * What one step of a litmus test does to a memory.
 *
 * The memory knows acquire and release; what depends on a load without either,
 * by address, by value or by a branch, comes behind what this load saw all the
 * same (preserved program order).  So a load notes what it could have taken
 * over had it been an acquire, and for a step that depends on it, for this step
 * alone, that is taken over.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "explore/litmus_exec.h"
#include "explore/memory_internal.h"

static void join(struct litmus_exec *x, struct litmus_known *to,
		 const struct litmus_known *from)
{
	memory_join_clock(x->m, &to->clock, &from->clock);
	if (x->model != MEMORY_WEAK)
		return;
	memory_join_view(x->m, &to->view, &from->view);
	memory_join_view(x->m, &to->everywhere, &from->everywhere);
}

static void take(struct litmus_exec *x, struct litmus_known *to,
		 const struct memory_message *msg)
{
	bool weak = x->model == MEMORY_WEAK;

	if (msg->carries)
		memory_join_clock(x->m, &to->clock, &msg->clock);
	if (weak && msg->carries)
		memory_join_view(x->m, &to->view, &msg->view);
	if (weak && msg->fenced) {
		memory_join_view(x->m, &to->view, &msg->everywhere);
		memory_join_view(x->m, &to->everywhere, &msg->everywhere);
	}
}

/* What a CPU knows, kept while it is told more for one step. */
static void keep(struct litmus_exec *x, u32 cpu, struct litmus_known *kept)
{
	const struct memory_cpu *p = &x->m->cpu[cpu];

	kept->clock = p->clock;
	memcpy(kept->view.rank, p->view.rank,
	       x->m->nr_marked * sizeof(p->view.rank[0]));
	memcpy(kept->everywhere.rank, p->everywhere.rank,
	       x->m->nr_marked * sizeof(p->view.rank[0]));
}

static void tell(struct litmus_exec *x, u32 cpu, u32 deps)
{
	struct memory_cpu *p = &x->m->cpu[cpu];
	struct litmus_cpu *c = &x->cpu[cpu];

	for (; deps; deps &= deps - 1) {
		u32 i = __builtin_ctz(deps);

		memory_join_clock(x->m, &p->clock, &c->known[i].clock);
		if (x->model != MEMORY_WEAK)
			continue;
		memory_join_view(x->m, &p->view, &c->known[i].view);
		memory_join_view(x->m, &p->everywhere, &c->known[i].everywhere);
	}
}

/* As before, but for its own time and for what it saw of the step's cell. */
static void forget(struct litmus_exec *x, u32 cpu, u32 cell,
		   const struct litmus_known *kept, u32 nr_marked)
{
	struct memory_cpu *p = &x->m->cpu[cpu];
	s16 marked = x->m->cell[cell].marked;
	u32 rank = marked >= 0 ? p->view.rank[marked] : 0;
	u16 now = p->clock.at[cpu];

	p->clock = kept->clock;
	p->clock.at[cpu] = now;
	if (x->model != MEMORY_WEAK)
		return;
	memcpy(p->view.rank, kept->view.rank, nr_marked * sizeof(rank));
	memcpy(p->everywhere.rank, kept->everywhere.rank,
	       nr_marked * sizeof(rank));
	if (marked >= 0)
		p->view.rank[marked] = rank;
}

u32 litmus_cell(struct litmus_exec *x, u32 var)
{
	return memory_cell(x->m, var * LITMUS_VAR_SZ, LITMUS_VAR_SZ);
}

/* Which store a load reads; a swap's, only one that it may be put behind. */
static u32 choose_load(struct litmus_exec *x, u32 cpu, u32 cell, bool swap)
{
	u32 n = memory_load_choices(x->m, cpu, cell), i, nr = 0;
	u32 open[MEMORY_MARKED_MAX];

	if (!swap)
		return litmus_choose(x, n);
	for (i = 0; i < n && nr < MEMORY_MARKED_MAX; i++)
		if (memory_may_swap(x->m, cpu, cell, i))
			open[nr++] = i;
	return open[litmus_choose(x, nr)];
}

/* The store that a load reads, and what that store carries. */
static const struct memory_message *find_message(struct litmus_exec *x, u32 cpu,
						 u32 var, u32 cell, u32 choice,
						 u16 *from)
{
	const struct memory_cell *m = &x->m->cell[cell];
	const struct litmus_cpu *c = &x->cpu[cpu];
	u32 i;

	if (x->model == MEMORY_WEAK) {
		if (m->gen != x->m->gen || m->nr <= choice)
			return NULL;
		i = m->message[m->nr - 1 - choice];
		*from = x->writer[i];
		return &x->m->message[i];
	}
	for (i = c->nr_queued; i--;) {
		s64 addr;

		litmus_evaluate(c->path, c->path->op[c->queue[i]].addr,
				c->loaded, &addr);
		if (addr != LITMUS_ADDR + var * LITMUS_VAR_SZ)
			continue;
		*from = litmus_writer(cpu, c->queue[i]);
		return NULL;
	}
	*from = x->nr_stores[var] ? x->stores[var][x->nr_stores[var] - 1] : 0;
	return m->gen == x->m->gen && m->nr ? &x->m->message[m->message[0]] :
					      NULL;
}

/* What those that depend on op @i know from it. */
static void note_known(struct litmus_exec *x, u32 cpu, u32 i, u32 cell,
		       const struct memory_message *msg)
{
	struct litmus_cpu *c = &x->cpu[cpu];
	const struct litmus_op *op = &c->path->op[i];
	u32 deps = op->kind == OP_LOAD ? op->addr_deps : op->deps, own;
	s16 marked = x->m->cell[cell].marked;

	for (; deps; deps &= deps - 1)
		join(x, &c->known[i], &c->known[__builtin_ctz(deps)]);
	if (!litmus_reads(op))
		return;
	own = c->from[i] ? c->from[i] - 1 - cpu * LITMUS_OPS_MAX :
			   LITMUS_OPS_MAX;
	if (own < LITMUS_OPS_MAX)
		join(x, &c->known[i], &c->known[own]);
	if (msg && msg->cpu != cpu)
		take(x, &c->known[i], msg);
	if (msg && marked >= 0 && x->model == MEMORY_WEAK &&
	    c->known[i].view.rank[marked] < msg->rank)
		c->known[i].view.rank[marked] = msg->rank;
}

/*
 * Earlier loads of the same variable that read another store than this one, of
 * another CPU, came before it in time: so what is behind it is behind them.
 */
static u32 overtaken(const struct litmus_cpu *c, u32 cpu, u32 i, u32 var)
{
	u32 left, loads = 0;
	u16 from = c->from[i];

	if (!from || (from - 1) / LITMUS_OPS_MAX == cpu)
		return 0;
	for (left = c->done & ((1u << i) - 1); left; left &= left - 1) {
		u32 j = __builtin_ctz(left);

		if (litmus_reads(&c->path->op[j]) && c->var[j] == var &&
		    c->from[j] != from)
			loads |= 1u << j;
	}
	return loads;
}

static void step_load(struct litmus_exec *x, u32 cpu, u32 i, u32 var, u32 cell)
{
	struct litmus_cpu *c = &x->cpu[cpu];
	const struct litmus_op *op = &c->path->op[i];
	const struct memory_message *msg;
	bool swap = op->kind == OP_SWAP;
	bool acquire = op->order == MEMORY_ACQUIRE;
	u32 choice, before;

	choice = choose_load(x, cpu, cell, swap);
	msg = find_message(x, cpu, var, cell, choice, &c->from[i]);
	c->loaded[i] = memory_load(x->m, cpu, cell,
				   acquire ? MEMORY_ACQUIRE : MEMORY_RELAXED,
				   choice, &x->race);
	note_known(x, cpu, i, cell, msg);
	before = overtaken(c, cpu, i, var);
	if (acquire)
		tell(x, cpu, before);
	for (; before; before &= before - 1)
		join(x, &c->known[i], &c->known[__builtin_ctz(before)]);
}

static int step_store(struct litmus_exec *x, u32 cpu, u32 i, u32 var, u32 cell)
{
	struct litmus_cpu *c = &x->cpu[cpu];
	const struct litmus_op *op = &c->path->op[i];
	bool release = op->order == MEMORY_RELEASE;
	enum memory_order order = release ? MEMORY_RELEASE : MEMORY_RELAXED;
	u32 nr_messages, n;
	s64 value;

	if (litmus_evaluate(c->path, op->value, c->loaded, &value)) {
		snprintf(x->error, LITMUS_ERROR_MAX, "%s:%u: division by zero",
			 x->t->file, op->line);
		return -EINVAL;
	}
	if (op->kind == OP_SWAP) {
		memory_swap(x->m, cpu, cell, order, value);
	} else {
		n = release ? memory_release_choices(x->m, cpu, cell) :
			      memory_store_choices(x->m, cpu, cell);
		memory_store(x->m, cpu, cell, order, litmus_choose(x, n), value,
			     &x->race);
		note_known(x, cpu, i, cell, NULL);
	}
	nr_messages = x->m->nr_messages;
	if (x->model == MEMORY_TSO && op->kind == OP_STORE)
		c->queue[c->nr_queued++] = i;
	else if (x->model == MEMORY_WEAK && nr_messages)
		x->writer[nr_messages - 1] = litmus_writer(cpu, i);
	else
		x->stores[var][x->nr_stores[var]++] = litmus_writer(cpu, i);
	return 0;
}

int litmus_step(struct litmus_exec *x, u32 cpu, u32 var)
{
	struct litmus_cpu *c = &x->cpu[cpu];
	u32 i = c->order->op[c->at], deps, cell, nr_marked;
	const struct litmus_op *op = &c->path->op[i];
	struct litmus_known kept;
	int err = 0;

	if (op->kind == OP_FENCE) {
		memory_fence(x->m, cpu, op->order);
		return 0;
	}
	cell = litmus_cell(x, var);
	if (op->plain)
		x->race |= !memory_ordered(x->m, cpu, cell, true,
					   op->kind == OP_STORE);
	/* Of an unmarked access only the address has to be there in time. */
	deps = op->kind == OP_LOAD || op->plain ? op->addr_deps :
						  op->deps | op->ctrl_deps;
	nr_marked = x->m->nr_marked;
	keep(x, cpu, &kept);
	tell(x, cpu, deps);
	if (op->kind == OP_SWAP && op->order == MEMORY_RELEASE)
		memory_tell_seen(x->m, cpu);
	if (litmus_reads(op))
		step_load(x, cpu, i, var, cell);
	if (litmus_writes(op))
		err = step_store(x, cpu, i, var, cell);
	if (!litmus_reads(op) || op->order != MEMORY_ACQUIRE)
		forget(x, cpu, cell, &kept, nr_marked);
	return err;
}

void litmus_flush(struct litmus_exec *x, u32 cpu)
{
	struct litmus_cpu *c = &x->cpu[cpu];
	u32 i = c->queue[0], var = memory_next(x->m, cpu);

	/* Cells were made in the order of variables. */
	memory_flush(x->m, cpu);
	memmove(c->queue, c->queue + 1, --c->nr_queued * sizeof(c->queue[0]));
	x->stores[var][x->nr_stores[var]++] = litmus_writer(cpu, i);
}

s64 litmus_final(struct litmus_exec *x, struct litmus_place place)
{
	const struct litmus_cpu *c;
	s64 value = 0;

	if (place.thread == LITMUS_THREADS_MAX) {
		memcpy(&value, x->m->base + place.index * LITMUS_VAR_SZ,
		       sizeof(value));
		return value;
	}
	c = &x->cpu[place.thread];
	if (litmus_evaluate(c->path, c->path->reg[place.index], c->loaded,
			    &value))
		return 0;
	return value;
}

u32 litmus_coherence(struct litmus_exec *x, u32 var, u16 *out)
{
	const struct memory_cell *m = &x->m->cell[litmus_cell(x, var)];
	u32 i;

	if (x->model != MEMORY_WEAK) {
		memcpy(out, x->stores[var],
		       x->nr_stores[var] * sizeof(x->stores[0][0]));
		return x->nr_stores[var];
	}
	if (m->gen != x->m->gen)
		return 0;
	for (i = 0; i < m->nr; i++)
		out[i] = x->writer[m->message[i]];
	return m->nr;
}
