// SPDX-License-Identifier: GPL-2.0
/*
 * The body of a litmus test's thread: declarations, assignments, accesses, if
 * and else.
 *
 * Declarations hold to the end of the thread, wherever they stand; a name has
 * one meaning in it.
 */
#include <errno.h>
#include <string.h>

#include "explore/litmus_internal.h"

static int new_stmt(struct litmus_parser *p, enum litmus_stmt_kind kind,
		    u32 *out)
{
	struct litmus_test *t = p->t;

	if (t->nr_stmts == LITMUS_NODES_MAX)
		return litmus_wrong(&p->lex, "fewer statements");
	*out = t->nr_stmts++;
	memset(&t->stmt[*out], 0, sizeof(t->stmt[0]));
	t->stmt[*out].kind = kind;
	return 0;
}

static bool is_type(const struct litmus_token *t)
{
	static const char *const types[] = {
		"int", "long", "unsigned", "atomic_t", "intptr_t", "uintptr_t"
	};
	u32 i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (litmus_is_name(t, types[i]))
			return true;
	return false;
}

/* reg = expr, at the equals sign. */
static int parse_assign(struct litmus_parser *p, u32 reg, u32 *first)
{
	u32 expr = 0;
	int err = litmus_expect(&p->lex, '=', "and a value");

	if (!err)
		err = litmus_parse_expr(p, &expr);
	if (!err)
		err = new_stmt(p, STMT_ASSIGN, first);
	if (err)
		return err;
	p->t->stmt[*first].reg = reg;
	p->t->stmt[*first].expr = expr;
	return 0;
}

/* int r0, *r1 = x, r2; */
static int parse_declaration(struct litmus_parser *p, u32 *first)
{
	struct litmus_thread *thread = &p->t->thread[p->thread];
	struct litmus_token name;
	u32 last = 0, one;
	bool more;
	int err = 0, reg;

	while (!err && is_type(&p->lex.now))
		err = litmus_next(&p->lex);
	if (err)
		return err;
	do {
		do
			err = litmus_accept(&p->lex, '*', &more);
		while (!err && more);
		if (!err)
			err = litmus_expect_name(&p->lex, &name,
						 "a name to declare");
		if (err)
			return err;
		if (litmus_find(p->t->var, p->t->nr_vars, &name) >= 0)
			return litmus_wrong_at(&p->lex, name.line,
					       "a shared variable's name, "
					       "expected another");
		reg = litmus_make(p, thread->reg, &thread->nr_regs,
				  LITMUS_REGS_MAX, &name);
		if (reg < 0)
			return reg;
		if (litmus_is(&p->lex, '=')) {
			err = parse_assign(p, reg, &one);
			if (err)
				return err;
			if (last)
				p->t->stmt[last].next = one;
			else
				*first = one;
			last = one;
		}
		err = litmus_accept(&p->lex, ',', &more);
	} while (!err && more);
	return err ? err :
		     litmus_expect(&p->lex, ';', "behind the declaration");
}

static int parse_stmt(struct litmus_parser *p, u32 *first);

static int parse_if(struct litmus_parser *p, u32 *first)
{
	u32 expr = 0, then = 0, other = 0;
	int err;

	err = litmus_expect(&p->lex, '(', "behind if");
	if (!err)
		err = litmus_parse_expr(p, &expr);
	if (!err)
		err = litmus_expect(&p->lex, ')', "behind the condition");
	if (!err)
		err = parse_stmt(p, &then);
	if (!err && litmus_is_name(&p->lex.now, "else")) {
		err = litmus_next(&p->lex);
		if (!err)
			err = parse_stmt(p, &other);
	}
	if (!err)
		err = new_stmt(p, STMT_IF, first);
	if (err)
		return err;
	p->t->stmt[*first].expr = expr;
	p->t->stmt[*first].then = then;
	p->t->stmt[*first].other = other;
	return 0;
}

/* *x = expr, behind the asterisk. */
static int parse_plain_store(struct litmus_parser *p, u32 line, u32 *first)
{
	u32 arg[2] = { 0 }, expr = 0, star;
	struct litmus_expr *e;
	int err;

	/* Read as the expression *x, whose access becomes the store. */
	err = litmus_parse_expr(p, &star);
	if (err)
		return err;
	e = &p->t->expr[star];
	if (e->kind != EXPR_ACCESS || !e->plain)
		return litmus_wrong(&p->lex, "a statement");
	arg[0] = e->arg[0];
	err = litmus_expect(&p->lex, '=', "and a value");
	if (!err)
		err = litmus_parse_expr(p, &arg[1]);
	if (!err)
		err = litmus_expect(&p->lex, ';', "behind the statement");
	if (!err)
		err = litmus_new_expr(p, &expr);
	if (!err)
		err = new_stmt(p, STMT_EXPR, first);
	if (err)
		return err;
	e = &p->t->expr[expr];
	e->kind = EXPR_ACCESS;
	e->access = ACCESS_STORE;
	e->order = MEMORY_RELAXED;
	e->plain = true;
	e->line = line;
	memcpy(e->arg, arg, sizeof(arg));
	p->t->stmt[*first].expr = expr;
	return 0;
}

static int parse_simple(struct litmus_parser *p, u32 *first)
{
	struct litmus_thread *thread = &p->t->thread[p->thread];
	struct litmus_token name = p->lex.now;
	bool known;
	u32 expr = 0;
	int err, reg;

	err = litmus_next(&p->lex);
	if (err)
		return err;
	if (is_type(&name))
		return parse_declaration(p, first);
	if (litmus_is_name(&name, "if"))
		return parse_if(p, first);
	if (litmus_is_name(&name, "while") || litmus_is_name(&name, "for") ||
	    litmus_is_name(&name, "do") || litmus_is_name(&name, "goto"))
		return litmus_wrong_at(&p->lex, name.line,
				       "'%.*s', expected a statement without "
				       "loops",
				       (int)name.sz, name.text);
	reg = litmus_find(thread->reg, thread->nr_regs, &name);
	if (reg >= 0) {
		err = parse_assign(p, reg, first);
	} else {
		err = litmus_parse_call(p, &name, &known, &expr);
		if (!err && !known)
			return litmus_wrong_at(
				&p->lex, name.line,
				"'%.*s', expected a declaration, "
				"a declared name, an access or "
				"a fence",
				(int)(name.sz > 40 ? 40 : name.sz), name.text);
		if (!err)
			err = new_stmt(p, STMT_EXPR, first);
		if (!err)
			p->t->stmt[*first].expr = expr;
	}
	return err ? err : litmus_expect(&p->lex, ';', "behind the statement");
}

/* Statements up to a closing brace, which is left to be read. */
static int parse_list(struct litmus_parser *p, u32 *first)
{
	u32 last = 0, one;
	int err = 0;

	*first = 0;
	while (!err && !litmus_is(&p->lex, '}')) {
		one = 0;
		err = parse_stmt(p, &one);
		if (err || !one)
			continue;
		if (last)
			p->t->stmt[last].next = one;
		else
			*first = one;
		last = one;
		/* A declaration or a block may have brought several. */
		while (p->t->stmt[last].next)
			last = p->t->stmt[last].next;
	}
	return err;
}

static int parse_stmt(struct litmus_parser *p, u32 *first)
{
	u32 line = p->lex.now.line;
	bool was;
	int err;

	if (p->depth == LITMUS_DEPTH_MAX)
		return litmus_wrong(&p->lex, "less nesting");
	p->depth++;
	*first = 0;
	if (p->lex.now.kind == TOKEN_NAME) {
		err = parse_simple(p, first);
	} else if (litmus_is(&p->lex, '*')) {
		err = parse_plain_store(p, line, first);
	} else if (litmus_is(&p->lex, '{')) {
		err = litmus_next(&p->lex);
		if (!err)
			err = parse_list(p, first);
		if (!err)
			err = litmus_expect(&p->lex, '}', "to end the block");
	} else {
		err = litmus_accept(&p->lex, ';', &was);
		if (!err && !was)
			err = litmus_wrong(&p->lex, "a statement or '}'");
	}
	p->depth--;
	return err;
}

int litmus_parse_body(struct litmus_parser *p, u32 *body)
{
	int err;

	p->lex.in_thread = true;
	err = litmus_expect(&p->lex, '{', "to begin the thread");
	if (!err)
		err = parse_list(p, body);
	p->lex.in_thread = false;
	return err ? err : litmus_expect(&p->lex, '}', "to end the thread");
}
