/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thread of a litmus test without its branches: each way through them is a
 * path of accesses, with what has to be true for it to be taken, and registers
 * are expressions of what was loaded.  So what depends on what is known before
 * anything runs.
 */
#ifndef EXPLORE_LITMUS_PATH_H
#define EXPLORE_LITMUS_PATH_H

#include "explore/litmus_internal.h"

#define LITMUS_PATH_NODES_MAX 512
#define LITMUS_ASSUMES_MAX 32
/* Terms of one value, so that evaluating it stays short. */
#define LITMUS_TERMS_MAX 128

enum litmus_node_kind { NODE_NUM, NODE_LOADED, NODE_UNARY, NODE_BINARY };

/**
 * struct litmus_node - a term of a value.
 * @value:	the number, the op that loaded, or the operator
 * @deps:	ops whose loaded values are in it
 * @sz:		how many terms
 */
struct litmus_node {
	enum litmus_node_kind kind;
	u16 arg[2];
	u32 deps;
	u32 sz;
	s64 value;
};

enum litmus_op_kind { OP_LOAD, OP_STORE, OP_SWAP, OP_FENCE };

/**
 * struct litmus_op - one step of a thread.
 * @order:	of the access, or which fence
 * @plain:	unmarked
 * @mute:	an atomic operation that returns nothing
 * @failed:	a compare-and-exchange that found something else
 * @addr:	node
 * @value:	node; what is stored
 * @deps:	ops that its address and value depend on
 * @addr_deps:	ops that its address depends on
 * @ctrl_deps:	ops that branches before it depend on
 */
struct litmus_op {
	enum litmus_op_kind kind;
	u8 order;
	bool plain;
	bool mute;
	bool failed;
	u16 addr;
	u16 value;
	u32 deps;
	u32 addr_deps;
	u32 ctrl_deps;
	u32 line;
};

/* What a branch has to find for the path to be this one. */
struct litmus_assume {
	u16 node;
	bool want;
};

struct litmus_path {
	u32 nr_ops;
	struct litmus_op op[LITMUS_OPS_MAX];
	u32 nr_nodes;
	struct litmus_node node[LITMUS_PATH_NODES_MAX];
	u32 nr_assumes;
	struct litmus_assume assume[LITMUS_ASSUMES_MAX];
	u16 reg[LITMUS_REGS_MAX];
};

/* An order in which a path's ops may happen. */
struct litmus_order {
	u8 op[LITMUS_OPS_MAX];
};

/**
 * struct litmus_paths - all ways through a thread.
 * @path:	the paths
 * @order:	orders of all paths, behind each other
 * @first:	by path, its first order; one more at the end
 */
struct litmus_paths {
	u32 nr;
	struct litmus_path *path;
	u32 nr_orders;
	struct litmus_order *order;
	u32 first[LITMUS_PATHS_MAX + 1];
};

static inline bool litmus_reads(const struct litmus_op *op)
{
	return op->kind == OP_LOAD || op->kind == OP_SWAP;
}

static inline bool litmus_writes(const struct litmus_op *op)
{
	return op->kind == OP_STORE || op->kind == OP_SWAP;
}

/* 0; -EINVAL or -E2BIG with @error said; -ENOMEM. */
int litmus_paths_init(struct litmus_paths *p, const struct litmus_test *t,
		      u32 thread, char *error);
/* Program orders only, or all that the kernel's model allows. */
int litmus_orders(struct litmus_paths *p, const struct litmus_test *t,
		  bool weak, char *error);
void litmus_paths_fini(struct litmus_paths *p);

/* -EINVAL: division by zero. */
int litmus_evaluate(const struct litmus_path *p, u32 node, const s64 *loaded,
		    s64 *out);

#endif
