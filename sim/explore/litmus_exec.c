// SPDX-License-Identifier: GPL-2.0
/*
 * Who goes next in an execution of a litmus test, and what was not tried yet.
 *
 * Not here: what a step does (litmus_step.c).
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "explore/litmus_exec.h"

/* A step: the op of a CPU, or, above those, the flush of one's queue. */
#define FLUSH LITMUS_THREADS_MAX

enum touch { TOUCH_NOTHING, TOUCH_READ, TOUCH_WRITE, TOUCH_FENCE };

/* What a step touches, by which two can be told apart. */
struct footprint {
	u32 cpu;
	enum touch touch;
	u32 var;
};

static bool independent(const struct footprint *a, const struct footprint *b)
{
	if (a->cpu == b->cpu)
		return false;
	if (a->touch == TOUCH_NOTHING || b->touch == TOUCH_NOTHING)
		return true;
	if (a->touch == TOUCH_FENCE || b->touch == TOUCH_FENCE)
		return a->touch != b->touch;
	return a->var != b->var ||
	       (a->touch == TOUCH_READ && b->touch == TOUCH_READ);
}

static const struct litmus_op *next_op(const struct litmus_cpu *c)
{
	return c->at < c->path->nr_ops ? &c->path->op[c->order->op[c->at]] :
					 NULL;
}

/*
 * The variable at an address; -1 if this execution is none because a branch
 * that comes before was not looked at yet, and it is not to be taken.
 */
static int variable(struct litmus_exec *x, u32 cpu, const struct litmus_op *op,
		    u32 *var)
{
	struct litmus_cpu *c = &x->cpu[cpu];
	s64 addr;
	u32 i;

	if (!litmus_evaluate(c->path, op->addr, c->loaded, &addr) &&
	    addr >= LITMUS_ADDR && !(addr % LITMUS_VAR_SZ) &&
	    (addr - LITMUS_ADDR) / LITMUS_VAR_SZ < x->t->nr_vars) {
		*var = (addr - LITMUS_ADDR) / LITMUS_VAR_SZ;
		return 0;
	}
	for (i = 0; i < c->path->nr_assumes; i++)
		if (c->path->node[c->path->assume[i].node].deps & ~c->done)
			return LITMUS_ABANDONED;
	snprintf(x->error, LITMUS_ERROR_MAX,
		 "%s:%u: an access by what is not the address of a variable",
		 x->t->file, op->line);
	return -EINVAL;
}

/* What CPU's next op touches; false if it cannot happen now. */
static bool look_at(struct litmus_exec *x, u32 cpu, struct footprint *f,
		    int *err)
{
	const struct litmus_op *op = next_op(&x->cpu[cpu]);
	bool tso = x->model == MEMORY_TSO;

	if (!op)
		return false;
	f->cpu = cpu;
	f->var = 0;
	/* What waits for the queue on x86: a full fence, a locked access. */
	if (tso && memory_queued(x->m, cpu) &&
	    (op->kind == OP_SWAP || op->failed ||
	     (op->kind == OP_FENCE && op->order == MEMORY_MB)))
		return false;
	if (op->kind == OP_FENCE) {
		f->touch = TOUCH_FENCE;
		return true;
	}
	*err = variable(x, cpu, op, &f->var);
	if (op->kind == OP_LOAD)
		f->touch = TOUCH_READ;
	else
		f->touch = tso && op->kind == OP_STORE ? TOUCH_NOTHING :
							 TOUCH_WRITE;
	return true;
}

/* Is what branches have to find still possible, as far as it is known? */
static int check_branches(struct litmus_exec *x, const struct litmus_cpu *c,
			  u32 just)
{
	const struct litmus_path *p = c->path;
	u32 i, deps;
	s64 value;

	for (i = 0; i < p->nr_assumes; i++) {
		deps = p->node[p->assume[i].node].deps;
		if (!(deps & 1u << just) || deps & ~c->done)
			continue;
		if (litmus_evaluate(p, p->assume[i].node, c->loaded, &value)) {
			snprintf(x->error, LITMUS_ERROR_MAX,
				 "%s:%u: division by zero", x->t->file,
				 p->op[just].line);
			return -EINVAL;
		}
		if (!!value != p->assume[i].want)
			return LITMUS_ABANDONED;
	}
	return 0;
}

/* Did an access to the same variable, which comes later, happen already? */
static bool too_late(const struct litmus_cpu *c, u32 op, u32 var)
{
	u32 left;

	for (left = c->done >> op; left; left &= left - 1) {
		u32 i = op + __builtin_ctz(left);

		if (c->path->op[i].kind != OP_FENCE && c->var[i] == var)
			return true;
	}
	return false;
}

static int step(struct litmus_exec *x, u32 cpu, u32 var)
{
	struct litmus_cpu *c = &x->cpu[cpu];
	u32 op = c->order->op[c->at];
	int err;

	if (c->path->op[op].kind != OP_FENCE && too_late(c, op, var))
		return LITMUS_ABANDONED;
	c->var[op] = var;
	err = litmus_step(x, cpu, var);
	if (err)
		return err;
	c->at++;
	c->done |= 1u << op;
	return litmus_reads(&c->path->op[op]) ? check_branches(x, c, op) : 0;
}

/* Fences that only their own CPU notices wait for nobody. */
static int pass_fences(struct litmus_exec *x)
{
	const struct litmus_op *op;
	int err = 0;
	u32 i;

	for (i = 0; i < x->t->nr_threads && !err; i++)
		while (!err && (op = next_op(&x->cpu[i])) &&
		       op->kind == OP_FENCE && op->order != MEMORY_MB)
			err = step(x, i, 0);
	return err;
}

static struct litmus_choice *push(struct litmus_exec *x)
{
	/* An op is at most a step, a value and a flush. */
	static_assert(3 * LITMUS_THREADS_MAX * LITMUS_OPS_MAX <=
			      LITMUS_STACK_MAX,
		      "room on the stack");
	assert(x->nr_choices < LITMUS_STACK_MAX);
	x->depth++;
	return &x->choice[x->nr_choices++];
}

u32 litmus_choose(struct litmus_exec *x, u32 nr)
{
	if (nr < 2)
		return 0;
	if (x->depth < x->nr_choices)
		return x->choice[x->depth++].taken;
	*push(x) = (struct litmus_choice){ .nr = nr };
	return 0;
}

static u32 lowest(u32 set)
{
	return __builtin_ctz(set);
}

/* Choose one of the steps @ready; keep asleep what it does not touch. */
static int schedule(struct litmus_exec *x, u32 ready, const struct footprint *f,
		    u32 *out)
{
	u32 open = ready & ~x->asleep, done = 0, sleep = 0, i;
	struct litmus_choice *c;

	if (!open)
		return LITMUS_ABANDONED;
	if (!(open & (open - 1))) {
		*out = lowest(open);
	} else if (x->depth < x->nr_choices) {
		c = &x->choice[x->depth++];
		*out = c->taken;
		done = c->done;
	} else {
		c = push(x);
		*out = lowest(open);
		*c = (struct litmus_choice){ .schedule = true, .taken = *out };
		c->left = open & ~(1u << *out);
	}
	for (i = 0; i < 2 * LITMUS_THREADS_MAX; i++)
		if ((x->asleep | done) & 1u << i &&
		    independent(&f[i], &f[*out]))
			sleep |= 1u << i;
	x->asleep = sleep;
	return 0;
}

bool litmus_advance(struct litmus_exec *x)
{
	struct litmus_choice *c;

	for (; x->nr_choices; x->nr_choices--) {
		c = &x->choice[x->nr_choices - 1];
		if (!c->schedule) {
			if (++c->taken < c->nr)
				return true;
		} else if (c->left) {
			c->done |= 1u << c->taken;
			c->taken = lowest(c->left);
			c->left &= ~(1u << c->taken);
			return true;
		}
	}
	return false;
}

static void begin(struct litmus_exec *x)
{
	u32 i;
	s64 v;

	memory_begin(x->m);
	x->m->used = x->t->nr_vars * LITMUS_VAR_SZ;
	memset(x->writer, 0, sizeof(x->writer));
	for (i = 0; i < x->t->nr_vars; i++) {
		v = x->t->var[i].init;
		memcpy(x->m->base + i * LITMUS_VAR_SZ, &v, sizeof(v));
		x->nr_stores[i] = 0;
	}
	for (i = 0; i < x->t->nr_threads; i++) {
		struct litmus_cpu *c = &x->cpu[i];

		c->at = 0;
		c->done = 0;
		c->nr_queued = 0;
		memset(c->known, 0, c->path->nr_ops * sizeof(c->known[0]));
	}
	x->depth = 0;
	x->asleep = 0;
}

int litmus_play(struct litmus_exec *x)
{
	struct footprint f[2 * LITMUS_THREADS_MAX] = { 0 };
	u32 ready, who, i;
	int err;

	begin(x);
	for (;;) {
		err = pass_fences(x);
		ready = 0;
		for (i = 0; i < x->t->nr_threads && !err; i++) {
			if (look_at(x, i, &f[i], &err))
				ready |= 1u << i;
			if (!memory_queued(x->m, i))
				continue;
			ready |= 1u << (FLUSH + i);
			f[FLUSH + i].cpu = i;
			f[FLUSH + i].touch = TOUCH_WRITE;
			f[FLUSH + i].var = memory_next(x->m, i);
		}
		if (err || !ready)
			break;
		err = schedule(x, ready, f, &who);
		if (err)
			break;
		if (who >= FLUSH)
			litmus_flush(x, who - FLUSH);
		else
			err = step(x, who, f[who].var);
		if (err)
			break;
	}
	if (!err && x->m->full) {
		snprintf(x->error, LITMUS_ERROR_MAX,
			 "%s: expected fewer stores to one variable",
			 x->t->file);
		return -E2BIG;
	}
	return err ? err : LITMUS_ENDED;
}
