// SPDX-License-Identifier: GPL-2.0
/*
 * Walk a thread of a litmus test once for each way through its branches, with
 * what is loaded left open.
 *
 * A compare-and-exchange branches too: one that succeeds is ordered as its name
 * says, one that fails is a load that orders nothing (atomic_t.txt).  Full
 * ordering is a full fence before and one behind.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/litmus_path.h"

#define DECISIONS_MAX 16

/**
 * struct walk - one walk.
 * @taken:	decisions, of which the first @nr_fixed are given
 * @nr_taken:	how many were taken
 * @ctrl:	ops that branches so far depend on; @line: of the last branch
 * @before:	smp_mb__before_atomic() stands directly before
 * @after:	an atomic operation does; @missed: one that failed
 */
struct walk {
	const struct litmus_test *t;
	struct litmus_path *p;
	bool taken[DECISIONS_MAX];
	u32 nr_fixed;
	u32 nr_taken;
	u32 ctrl;
	bool before;
	bool after;
	bool missed;
	u32 line;
	char *error;
};

static int wrong(struct walk *w, int err, u32 line, const char *what)
{
	snprintf(w->error, LITMUS_ERROR_MAX, "%s:%u: %s", w->t->file, line,
		 what);
	return err;
}

static int add_node(struct walk *w, enum litmus_node_kind kind, s64 value,
		    u32 a, u32 b, u32 line)
{
	struct litmus_path *p = w->p;
	struct litmus_node *n;

	if (p->nr_nodes == LITMUS_PATH_NODES_MAX)
		return wrong(w, -E2BIG, line, "expected fewer terms");
	n = &p->node[p->nr_nodes];
	*n = (struct litmus_node){ .kind = kind, .value = value, .sz = 1 };
	n->arg[0] = a;
	n->arg[1] = b;
	if (kind == NODE_LOADED)
		n->deps = 1u << value;
	if (kind == NODE_UNARY || kind == NODE_BINARY) {
		n->deps = p->node[a].deps;
		n->sz += p->node[a].sz;
	}
	if (kind == NODE_BINARY) {
		n->deps |= p->node[b].deps;
		n->sz += p->node[b].sz;
	}
	if (n->sz > LITMUS_TERMS_MAX)
		return wrong(w, -E2BIG, line,
			     "expected a value of fewer terms");
	return p->nr_nodes++;
}

static int decide(struct walk *w, u32 line)
{
	if (w->nr_taken == DECISIONS_MAX)
		return wrong(w, -E2BIG, line, "expected fewer branches");
	if (w->nr_taken >= w->nr_fixed)
		w->taken[w->nr_taken] = false;
	w->line = line;
	return w->taken[w->nr_taken++];
}

static int assume(struct walk *w, u32 node, bool want, u32 line)
{
	struct litmus_path *p = w->p;

	if (p->nr_assumes == LITMUS_ASSUMES_MAX)
		return wrong(w, -E2BIG, line, "expected fewer branches");
	p->assume[p->nr_assumes].node = node;
	p->assume[p->nr_assumes++].want = want;
	return 0;
}

/* Index of the op, or what is wrong. */
static int add_op(struct walk *w, enum litmus_op_kind kind, u8 order, u32 addr,
		  u32 value, const struct litmus_expr *e)
{
	struct litmus_path *p = w->p;
	struct litmus_op *op;

	if (w->before && kind != OP_SWAP)
		return wrong(w, -EINVAL, e->line,
			     "expected an atomic operation directly behind "
			     "smp_mb__before_atomic()");
	if (p->nr_ops == LITMUS_OPS_MAX)
		return wrong(w, -E2BIG, e->line, "expected fewer accesses");
	op = &p->op[p->nr_ops];
	memset(op, 0, sizeof(*op));
	op->kind = kind;
	op->order = order;
	op->mute = e->access == ACCESS_OP;
	op->plain = e->plain;
	op->addr = addr;
	op->value = value;
	op->ctrl_deps = w->ctrl;
	op->line = e->line;
	if (kind != OP_FENCE) {
		op->addr_deps = p->node[addr].deps;
		op->deps = op->addr_deps;
	}
	if (litmus_writes(op))
		op->deps |= p->node[value].deps & ~(1u << p->nr_ops);
	w->after = kind == OP_SWAP;
	w->missed = false;
	return p->nr_ops++;
}

static int add_fence(struct walk *w, u8 fence, const struct litmus_expr *e)
{
	return add_op(w, OP_FENCE, fence, 0, 0, e);
}

/* A read-modify-write that stores node @value, which may hold what it loads. */
static int add_swap(struct walk *w, u32 addr, u32 value,
		    const struct litmus_expr *e)
{
	bool full = e->order == MEMORY_FULL;
	int op, fence;

	/* Whatever fence stands before it is as good as its own. */
	if (full && !w->before) {
		op = add_fence(w, MEMORY_MB, e);
		if (op < 0)
			return op;
	}
	op = add_op(w, OP_SWAP, full ? MEMORY_RELAXED : e->order, addr, value,
		    e);
	w->before = false;
	if (op < 0 || !full)
		return op;
	fence = add_fence(w, MEMORY_MB, e);
	w->after = true;
	return fence < 0 ? fence : op;
}

/* The number that the next swap has, behind the fence that it may need. */
static u32 next_swap(const struct walk *w, const struct litmus_expr *e)
{
	return w->p->nr_ops + (e->order == MEMORY_FULL && !w->before);
}

static int evaluate(struct walk *w, u32 expr);

static int walk_cmpxchg(struct walk *w, const struct litmus_expr *e, u32 addr,
			u32 expected)
{
	int value, op, old, same, hit;

	value = evaluate(w, e->arg[2]);
	if (value < 0)
		return value;
	hit = decide(w, e->line);
	if (hit < 0)
		return hit;
	if (hit) {
		op = add_swap(w, addr, value, e);
	} else {
		/* The fence before it belonged to an operation that is none. */
		if (w->before)
			w->p->nr_ops--;
		w->before = false;
		op = add_op(w, OP_LOAD, MEMORY_RELAXED, addr, 0, e);
		w->missed = true;
	}
	if (op < 0)
		return op;
	w->p->op[op].failed = !hit;
	old = add_node(w, NODE_LOADED, op, 0, 0, e->line);
	if (old < 0)
		return old;
	same = add_node(w, NODE_BINARY, LITMUS_SIGN2('=', '='), old, expected,
			e->line);
	if (same < 0)
		return same;
	op = assume(w, same, hit, e->line);
	return op ? op : old;
}

/* xchg() and what computes the new value from the old one. */
static int walk_swap(struct walk *w, const struct litmus_expr *e, u32 addr,
		     u32 arg)
{
	int old, new, zero, op;

	old = add_node(w, NODE_LOADED, next_swap(w, e), 0, 0, e->line);
	if (old < 0)
		return old;
	new = e->access == ACCESS_XCHG ?
		      (int)arg :
		      add_node(w, NODE_BINARY, e->minus ? '-' : '+', old, arg,
			       e->line);
	if (new < 0)
		return new;
	op = add_swap(w, addr, new, e);
	if (op < 0)
		return op;
	switch (e->access) {
	case ACCESS_OP_RETURN:
		return new;
	case ACCESS_OP_TEST:
	case ACCESS_OP_NEGATIVE:
		zero = add_node(w, NODE_NUM, 0, 0, 0, e->line);
		if (zero < 0)
			return zero;
		return add_node(w, NODE_BINARY,
				e->access == ACCESS_OP_TEST ?
					LITMUS_SIGN2('=', '=') :
					'<',
				new, zero, e->line);
	default:
		return old;
	}
}

static int walk_fence(struct walk *w, const struct litmus_expr *e)
{
	int op = 0;

	switch (e->access) {
	case ACCESS_FENCE:
	case ACCESS_BEFORE_ATOMIC:
		op = add_fence(w, e->order, e);
		w->before = e->access == ACCESS_BEFORE_ATOMIC;
		break;
	case ACCESS_AFTER_ATOMIC:
		if (!w->after && !w->missed)
			return wrong(w, -EINVAL, e->line,
				     "expected an atomic operation directly "
				     "before smp_mb__after_atomic()");
		if (w->after)
			op = add_fence(w, MEMORY_MB, e);
		break;
	default:
		break;
	}
	return op < 0 ? op : 0;
}

/* An access; the node of its value, or what is wrong. */
static int walk_access(struct walk *w, const struct litmus_expr *e)
{
	int addr, value = 0, op;

	if (!e->arg[0])
		return walk_fence(w, e);
	addr = evaluate(w, e->arg[0]);
	if (addr >= 0 && e->arg[1])
		value = evaluate(w, e->arg[1]);
	if (addr < 0 || value < 0)
		return addr < 0 ? addr : value;
	switch (e->access) {
	case ACCESS_LOAD:
		op = add_op(w, OP_LOAD, e->order, addr, 0, e);
		return op < 0 ? op :
				add_node(w, NODE_LOADED, op, 0, 0, e->line);
	case ACCESS_STORE:
	case ACCESS_STORE_MB:
		op = add_op(w, OP_STORE, e->order, addr, value, e);
		if (op >= 0 && e->access == ACCESS_STORE_MB)
			op = add_fence(w, MEMORY_MB, e);
		return op < 0 ? op : value;
	case ACCESS_CMPXCHG:
		return walk_cmpxchg(w, e, addr, value);
	default:
		return walk_swap(w, e, addr, value);
	}
}

static int evaluate(struct walk *w, u32 expr)
{
	const struct litmus_expr *e = &w->t->expr[expr];
	int a, b = 0;

	if (e->kind == EXPR_NUM)
		return add_node(w, NODE_NUM, e->value, 0, 0, e->line);
	if (e->kind == EXPR_REG)
		return w->p->reg[e->value];
	if (e->kind == EXPR_ACCESS)
		return walk_access(w, e);
	a = evaluate(w, e->arg[0]);
	if (a >= 0 && e->kind == EXPR_BINARY)
		b = evaluate(w, e->arg[1]);
	if (a < 0 || b < 0)
		return a < 0 ? a : b;
	return add_node(w, e->kind == EXPR_UNARY ? NODE_UNARY : NODE_BINARY,
			e->value, a, b, e->line);
}

static int walk_stmts(struct walk *w, u32 stmt)
{
	int node, way, err;

	for (; stmt; stmt = w->t->stmt[stmt].next) {
		const struct litmus_stmt *s = &w->t->stmt[stmt];
		u32 line = w->t->expr[s->expr].line;
		s64 value = 0;

		node = evaluate(w, s->expr);
		if (node < 0)
			return node;
		if (s->kind == STMT_ASSIGN)
			w->p->reg[s->reg] = node;
		if (s->kind != STMT_IF)
			continue;
		if (w->p->node[node].deps) {
			way = decide(w, line);
			err = way < 0 ? way : assume(w, node, way, line);
			if (err)
				return err;
			w->ctrl |= w->p->node[node].deps;
		} else {
			if (litmus_evaluate(w->p, node, NULL, &value))
				return wrong(w, -EINVAL, line,
					     "division by zero");
			way = !!value;
		}
		err = walk_stmts(w, way ? s->then : s->other);
		if (err)
			return err;
	}
	return 0;
}

/* One walk from the beginning. */
static int walk(struct walk *w, u32 thread)
{
	const struct litmus_thread *th = &w->t->thread[thread];
	int node, err;
	u32 i;

	w->nr_taken = w->ctrl = 0;
	w->before = w->after = w->missed = false;
	w->p->nr_ops = w->p->nr_nodes = w->p->nr_assumes = 0;
	for (i = 0; i < th->nr_regs; i++) {
		node = add_node(w, NODE_NUM, th->reg[i].init, 0, 0, 0);
		if (node < 0)
			return node;
		w->p->reg[i] = node;
	}
	err = walk_stmts(w, th->body);
	if (!err && w->before)
		return wrong(w, -EINVAL, w->p->op[w->p->nr_ops - 1].line,
			     "expected an atomic operation behind "
			     "smp_mb__before_atomic()");
	return err;
}

int litmus_paths_init(struct litmus_paths *p, const struct litmus_test *t,
		      u32 thread, char *error)
{
	struct walk w = { .t = t, .error = error };
	struct litmus_path *grown;
	int err;

	memset(p, 0, sizeof(*p));
	for (;;) {
		if (p->nr == LITMUS_PATHS_MAX)
			return wrong(&w, -E2BIG, w.line,
				     "expected fewer ways through the thread");
		grown = realloc(p->path, (p->nr + 1) * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		p->path = grown;
		w.p = &p->path[p->nr++];
		err = walk(&w, thread);
		if (err)
			return err;
		/* The next way: the last branch not yet taken is. */
		w.nr_fixed = w.nr_taken;
		while (w.nr_fixed && w.taken[w.nr_fixed - 1])
			w.nr_fixed--;
		if (!w.nr_fixed)
			return 0;
		w.taken[w.nr_fixed - 1] = true;
	}
}
