// SPDX-License-Identifier: GPL-2.0
/*
 * The orders in which a path's accesses may happen.
 *
 * The memories let a load read a stale value and a store come early in its
 * cell's order, which is all that later loads and stores can do ahead of others
 * but for one thing: a store that goes before an earlier load can be read by
 * another CPU that decides what this load reads.  So each order is tried in
 * which some do.  An order in which two neighbours stand the wrong way round
 * and are not such a store and such a load is left out: what it brings, the
 * same order with these two exchanged brings as well.
 *
 * What stays in place (source: the kernel's tools/memory-model/Documentation,
 * explanation.txt, "preserved program order"): what depends on a load by
 * address, by value, and stores by a branch; what stands behind an acquire or
 * before a release; what a fence separates; accesses to one variable.  A branch
 * does not hold back an unmarked store: a compiler may move it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/litmus_path.h"

int litmus_evaluate(const struct litmus_path *p, u32 node, const s64 *loaded,
		    s64 *out)
{
	const struct litmus_node *n = &p->node[node];
	s64 a, b = 0;
	int err;

	if (n->kind == NODE_NUM) {
		*out = n->value;
		return 0;
	}
	if (n->kind == NODE_LOADED) {
		*out = loaded[n->value];
		return 0;
	}
	err = litmus_evaluate(p, n->arg[0], loaded, &a);
	if (!err && n->kind == NODE_BINARY)
		err = litmus_evaluate(p, n->arg[1], loaded, &b);
	if (err)
		return err;
	return litmus_value(n->kind == NODE_UNARY ? EXPR_UNARY : EXPR_BINARY,
			    n->value, a, b, out);
}

/*
 * Do they go to one variable?  Of what is not known before it runs, an order is
 * given up when it turns out that they do (litmus_exec.c).
 */
static bool meet(const struct litmus_path *p, const struct litmus_op *a,
		 const struct litmus_op *b)
{
	s64 x, y;

	if (a->addr_deps || b->addr_deps)
		return false;
	return litmus_evaluate(p, a->addr, NULL, &x) ||
	       litmus_evaluate(p, b->addr, NULL, &y) || x == y;
}

static bool fence_orders(u8 fence, const struct litmus_op *op)
{
	if (fence == MEMORY_MB)
		return true;
	if (op->kind == OP_FENCE)
		return op->order == fence || op->order == MEMORY_MB;
	if (fence == MEMORY_RMB)
		return litmus_reads(op) && !op->mute;
	return litmus_writes(op);
}

/* Does op @i stay before the later op @j? */
static bool stays(const struct litmus_path *p, u32 i, u32 j)
{
	const struct litmus_op *a = &p->op[i], *b = &p->op[j];

	if (a->kind == OP_FENCE)
		return fence_orders(a->order, b);
	if (b->kind == OP_FENCE)
		return fence_orders(b->order, a);
	if ((litmus_reads(a) && a->order == MEMORY_ACQUIRE) ||
	    (litmus_writes(b) && b->order == MEMORY_RELEASE))
		return true;
	if (b->deps & 1u << i)
		return true;
	if (litmus_writes(b) && !b->plain && b->ctrl_deps & 1u << i)
		return true;
	return meet(p, a, b);
}

/**
 * struct ordering - orders of one path, as they are found.
 * @before:	by op, which must have happened
 * @now:	the order so far
 * @done:	which have happened
 */
struct ordering {
	struct litmus_paths *paths;
	const struct litmus_path *path;
	u32 before[LITMUS_OPS_MAX];
	struct litmus_order now;
	u32 done;
	u32 steps;
};

static int note(struct ordering *o)
{
	struct litmus_paths *p = o->paths;
	struct litmus_order *grown;

	if (p->nr_orders == LITMUS_ORDERS_MAX)
		return -E2BIG;
	if (!(p->nr_orders & (p->nr_orders - 1))) {
		grown = realloc(p->order,
				(p->nr_orders ? 2 * p->nr_orders : 1) *
					sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		p->order = grown;
	}
	p->order[p->nr_orders++] = o->now;
	return 0;
}

static int extend(struct ordering *o, u32 nr)
{
	const struct litmus_op *ops = o->path->op;
	int err = 0;
	u32 i, last;

	if (nr == o->path->nr_ops)
		return note(o);
	if (++o->steps > 1u << 20)
		return -E2BIG;
	for (i = 0; i < o->path->nr_ops && !err; i++) {
		if (o->done & 1u << i || o->before[i] & ~o->done)
			continue;
		last = nr ? o->now.op[nr - 1] : 0;
		if (nr && last > i &&
		    !(litmus_writes(&ops[last]) && litmus_reads(&ops[i])))
			continue;
		o->now.op[nr] = i;
		o->done |= 1u << i;
		err = extend(o, nr + 1);
		o->done &= ~(1u << i);
	}
	return err;
}

static int order_path(struct litmus_paths *p, u32 path, bool weak)
{
	struct ordering o = { .paths = p, .path = &p->path[path] };
	u32 i, j;

	p->first[path] = p->nr_orders;
	for (j = 0; j < o.path->nr_ops; j++)
		for (i = 0; i < j; i++)
			if (!weak || stays(o.path, i, j))
				o.before[j] |= 1u << i;
	return extend(&o, 0);
}

int litmus_orders(struct litmus_paths *p, const struct litmus_test *t,
		  bool weak, char *error)
{
	int err = 0;
	u32 i;

	p->nr_orders = 0;
	for (i = 0; i < p->nr && !err; i++)
		err = order_path(p, i, weak);
	p->first[p->nr] = p->nr_orders;
	if (err == -E2BIG)
		snprintf(error, LITMUS_ERROR_MAX,
			 "%s: a thread has more than %u orders, expected fewer "
			 "accesses that are independent",
			 t->file, LITMUS_ORDERS_MAX);
	return err;
}

void litmus_paths_fini(struct litmus_paths *p)
{
	free(p->path);
	free(p->order);
	memset(p, 0, sizeof(*p));
}
