/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of the litmus runner know of each other: the test as parsed
 * (litmus_parse.c, litmus_body.c, litmus_cond.c), the paths of a thread through
 * its branches (litmus_path.c), the orders of a path (litmus_order.c).
 */
#ifndef EXPLORE_LITMUS_INTERNAL_H
#define EXPLORE_LITMUS_INTERNAL_H

#include "explore/litmus.h"
#include "explore/litmus_lex.h"

#define LITMUS_THREADS_MAX MEMORY_CPUS_MAX
#define LITMUS_VARS_MAX 32
#define LITMUS_REGS_MAX 32
#define LITMUS_NODES_MAX 4096
#define LITMUS_OPS_MAX 24
#define LITMUS_PATHS_MAX 256
#define LITMUS_ORDERS_MAX 4096
#define LITMUS_DEPTH_MAX 32
#define LITMUS_WATCH_MAX 64

/* Where variables are, as far as values go: out of the reach of an int. */
#define LITMUS_ADDR (1ll << 40)
#define LITMUS_VAR_SZ 8

enum litmus_expr_kind {
	EXPR_NUM,
	EXPR_REG,
	EXPR_UNARY,
	EXPR_BINARY,
	EXPR_ACCESS,
};

enum litmus_access {
	ACCESS_LOAD,
	ACCESS_STORE,
	ACCESS_STORE_MB,
	ACCESS_XCHG,
	ACCESS_CMPXCHG,
	ACCESS_OP_RETURN,
	ACCESS_FETCH_OP,
	ACCESS_OP,
	ACCESS_OP_TEST,
	ACCESS_OP_NEGATIVE,
	ACCESS_FENCE,
	ACCESS_BEFORE_ATOMIC,
	ACCESS_AFTER_ATOMIC,
	ACCESS_NOTHING,
};

/**
 * struct litmus_expr - a node of a parsed expression; indices are of nodes.
 * @value:	of a number, or an operator
 * @access:	what sort, for EXPR_ACCESS
 * @order:	of the access; a fence's kind
 * @plain:	the access is unmarked
 * @minus:	the operation subtracts
 * @arg:	operands; of an access: address, value, new value
 */
struct litmus_expr {
	enum litmus_expr_kind kind;
	s64 value;
	enum litmus_access access;
	u8 order;
	bool plain;
	bool minus;
	u32 line;
	u32 arg[3];
};

enum litmus_stmt_kind { STMT_EXPR, STMT_ASSIGN, STMT_IF };

/**
 * struct litmus_stmt - a statement; 0 is none.
 * @expr:	what is evaluated
 * @reg:	that an assignment changes
 * @next:	what follows
 * @then:	first statement if @expr is not 0
 * @other:	first statement if it is
 */
struct litmus_stmt {
	enum litmus_stmt_kind kind;
	u32 expr;
	u32 reg;
	u32 next;
	u32 then;
	u32 other;
};

struct litmus_name {
	char name[32];
	s64 init;
};

struct litmus_thread {
	u32 nr_regs;
	struct litmus_name reg[LITMUS_REGS_MAX];
	u32 body;
};

enum litmus_cond_kind {
	COND_TRUE,
	COND_FALSE,
	COND_NOT,
	COND_AND,
	COND_OR,
	COND_IMPLIES,
	COND_EQUAL,
};

/* A register of a thread, or a variable: thread is LITMUS_THREADS_MAX. */
struct litmus_place {
	u32 thread;
	u32 index;
};

struct litmus_cond {
	enum litmus_cond_kind kind;
	u32 arg[2];
	struct litmus_place place;
	s64 value;
};

struct litmus_test {
	char file[128];
	char name[LITMUS_NAME_MAX];
	enum litmus_verdict said[LITMUS_MODELS];
	bool said_race[LITMUS_MODELS];
	u32 nr_vars;
	struct litmus_name var[LITMUS_VARS_MAX];
	u32 nr_threads;
	struct litmus_thread thread[LITMUS_THREADS_MAX];
	u32 nr_exprs;
	struct litmus_expr expr[LITMUS_NODES_MAX];
	u32 nr_stmts;
	struct litmus_stmt stmt[LITMUS_NODES_MAX];
	u32 nr_conds;
	struct litmus_cond cond[LITMUS_NODES_MAX];
	enum litmus_quantifier quantifier;
	u32 condition;
	u32 filter;
	char *condition_text;
	u32 nr_watched;
	struct litmus_place watched[LITMUS_WATCH_MAX];
};

/**
 * struct litmus_parser - a test that is being read.
 * @t:		the test
 * @lex:	the text; its error is the parser's
 * @thread:	whose body is being read
 * @depth:	how deep in brackets
 */
struct litmus_parser {
	struct litmus_test *t;
	struct litmus_lex lex;
	u32 thread;
	u32 depth;
};

/* The parts of the parser; each 0 or -EINVAL with the error said. */
int litmus_parse_body(struct litmus_parser *p, u32 *body);
int litmus_parse_expr(struct litmus_parser *p, u32 *expr);
int litmus_parse_call(struct litmus_parser *p, const struct litmus_token *name,
		      bool *known, u32 *expr);
int litmus_parse_cond(struct litmus_parser *p, u32 *cond);
int litmus_parse_value(struct litmus_parser *p, s64 *value);
int litmus_parse_place(struct litmus_parser *p, struct litmus_place *place);
int litmus_parse_end(struct litmus_parser *p);
int litmus_watch(struct litmus_parser *p, struct litmus_place place);
int litmus_new_expr(struct litmus_parser *p, u32 *out);

/* Name to index, or -1. */
int litmus_find(const struct litmus_name *names, u32 nr,
		const struct litmus_token *name);
/* Name to index, made if it is not there; -EINVAL without room. */
int litmus_make(struct litmus_parser *p, struct litmus_name *names, u32 *nr,
		u32 max, const struct litmus_token *name);

/* -EINVAL: division by zero, or a number that is too long. */
int litmus_value(enum litmus_expr_kind kind, s64 op, s64 a, s64 b, s64 *out);

bool litmus_holds(const struct litmus_test *t, u32 cond,
		  s64 (*value)(void *ctx, struct litmus_place place),
		  void *ctx);

#endif
