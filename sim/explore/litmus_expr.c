// SPDX-License-Identifier: GPL-2.0
/*
 * Expressions of a litmus test: C's operators with C's precedence, on ints that
 * wrap around and on addresses of variables.
 *
 * What would be undefined in C and depends on the machine is none of a litmus
 * test's business: shifts count modulo 32, and division by zero is an error.
 * Both sides of && and || are evaluated, so the right one may access nothing.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "explore/litmus_internal.h"

#define TWO LITMUS_SIGN2

int litmus_new_expr(struct litmus_parser *p, u32 *out)
{
	struct litmus_test *t = p->t;

	if (t->nr_exprs == LITMUS_NODES_MAX)
		return litmus_wrong_at(&p->lex, p->lex.now.line,
				       "expected at most %u terms",
				       LITMUS_NODES_MAX);
	*out = t->nr_exprs++;
	memset(&t->expr[*out], 0, sizeof(t->expr[0]));
	t->expr[*out].line = p->lex.now.line;
	return 0;
}

static bool is_int(s64 v)
{
	return v >= INT32_MIN && v <= INT32_MAX;
}

static int divide(s64 op, s64 a, s64 b, s64 *out)
{
	if (!b)
		return -EINVAL;
	/* The one quotient that does not fit wraps around like the rest. */
	if (b == -1)
		*out = op == '/' ? (s64)(0 - (u64)a) : 0;
	else
		*out = op == '/' ? a / b : a % b;
	return 0;
}

static int compute(s64 op, s64 a, s64 b, s64 *out)
{
	switch (op) {
	case '+':
		*out = (u64)a + (u64)b;
		return 0;
	case '-':
		*out = (u64)a - (u64)b;
		return 0;
	case '*':
		*out = (u64)a * (u64)b;
		return 0;
	case '/':
	case '%':
		return divide(op, a, b, out);
	case '&':
		*out = a & b;
		return 0;
	case '|':
		*out = a | b;
		return 0;
	case '^':
		*out = a ^ b;
		return 0;
	case TWO('<', '<'):
		*out = (u64)a << (b & 31);
		return 0;
	case TWO('>', '>'):
		*out = a >> (b & 31);
		return 0;
	case TWO('=', '='):
		*out = a == b;
		return 0;
	case TWO('!', '='):
		*out = a != b;
		return 0;
	case '<':
		*out = a < b;
		return 0;
	case '>':
		*out = a > b;
		return 0;
	case TWO('<', '='):
		*out = a <= b;
		return 0;
	case TWO('>', '='):
		*out = a >= b;
		return 0;
	case TWO('&', '&'):
		*out = a && b;
		return 0;
	case TWO('|', '|'):
		*out = a || b;
		return 0;
	}
	return -EINVAL;
}

int litmus_value(enum litmus_expr_kind kind, s64 op, s64 a, s64 b, s64 *out)
{
	int err = 0;

	if (kind == EXPR_UNARY)
		*out = op == '-' ? (s64)(0 - (u64)a) : op == '~' ? ~a : !a;
	else
		err = compute(op, a, b, out);
	if (!err && is_int(a) && is_int(b))
		*out = (s32)*out;
	return err;
}

static u32 precedence(const struct litmus_lex *l)
{
	static const struct {
		u32 sign;
		u32 level;
	} signs[] = {
		{ TWO('|', '|'), 1 }, { TWO('&', '&'), 2 },
		{ '|', 3 },	      { '^', 4 },
		{ '&', 5 },	      { TWO('=', '='), 6 },
		{ TWO('!', '='), 6 }, { '<', 7 },
		{ '>', 7 },	      { TWO('<', '='), 7 },
		{ TWO('>', '='), 7 }, { TWO('<', '<'), 8 },
		{ TWO('>', '>'), 8 }, { '+', 9 },
		{ '-', 9 },	      { '*', 10 },
		{ '/', 10 },	      { '%', 10 },
	};
	u32 i;

	if (l->now.kind == TOKEN_SIGN)
		for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
			if (signs[i].sign == l->now.sign)
				return signs[i].level;
	return 0;
}

static int parse_name(struct litmus_parser *p, u32 *out)
{
	struct litmus_thread *thread = &p->t->thread[p->thread];
	struct litmus_token name = p->lex.now;
	struct litmus_expr *e;
	int err, index;
	bool known;

	err = litmus_next(&p->lex);
	if (!err)
		err = litmus_parse_call(p, &name, &known, out);
	if (err || known)
		return err;
	if (litmus_is(&p->lex, '('))
		return litmus_wrong_at(&p->lex, name.line,
				       "%.*s(), expected an access, a fence or "
				       "an atomic operation without locks",
				       (int)(name.sz > 40 ? 40 : name.sz),
				       name.text);
	err = litmus_new_expr(p, out);
	if (err)
		return err;
	e = &p->t->expr[*out];
	index = litmus_find(thread->reg, thread->nr_regs, &name);
	if (index >= 0) {
		e->kind = EXPR_REG;
		e->value = index;
		return 0;
	}
	index = litmus_find(p->t->var, p->t->nr_vars, &name);
	if (index < 0)
		return litmus_wrong_at(&p->lex, name.line,
				       "'%.*s', expected a declared variable",
				       (int)(name.sz > 40 ? 40 : name.sz),
				       name.text);
	e->value = LITMUS_ADDR + index * LITMUS_VAR_SZ;
	return 0;
}

static int parse_binary(struct litmus_parser *p, u32 level, u32 *out);

static int parse_unary(struct litmus_parser *p, u32 *out)
{
	struct litmus_token sign = p->lex.now;
	struct litmus_expr *e;
	u32 arg = 0;
	int err;

	if (sign.kind == TOKEN_NUM) {
		err = litmus_new_expr(p, out);
		if (err)
			return err;
		p->t->expr[*out].value = sign.value;
		return litmus_next(&p->lex);
	}
	if (sign.kind == TOKEN_NAME)
		return parse_name(p, out);
	if (sign.kind != TOKEN_SIGN || !strchr("(*-!~", (int)sign.sign) ||
	    !sign.sign)
		return litmus_wrong(&p->lex, "an expression");
	err = litmus_next(&p->lex);
	if (err)
		return err;
	if (sign.sign == '(') {
		err = parse_binary(p, 1, out);
		return err ? err :
			     litmus_expect(&p->lex, ')', "to end what ( began");
	}
	if (p->depth == LITMUS_DEPTH_MAX)
		return litmus_wrong(&p->lex, "less nesting");
	p->depth++;
	err = parse_unary(p, &arg);
	p->depth--;
	if (!err)
		err = litmus_new_expr(p, out);
	if (err)
		return err;
	e = &p->t->expr[*out];
	e->kind = sign.sign == '*' ? EXPR_ACCESS : EXPR_UNARY;
	e->access = ACCESS_LOAD;
	e->order = MEMORY_RELAXED;
	e->plain = sign.sign == '*';
	e->value = sign.sign;
	e->line = sign.line;
	e->arg[0] = arg;
	return 0;
}

/* Operators of @level and above; what binds tighter is read first. */
static int parse_binary(struct litmus_parser *p, u32 level, u32 *out)
{
	struct litmus_token sign;
	struct litmus_expr *e;
	u32 arg = 0, left, at, accesses;
	int err;

	if (p->depth == LITMUS_DEPTH_MAX)
		return litmus_wrong(&p->lex, "less nesting");
	p->depth++;
	err = parse_unary(p, out);
	while (!err && (at = precedence(&p->lex)) >= level) {
		sign = p->lex.now;
		accesses = p->t->nr_exprs;
		err = litmus_next(&p->lex);
		if (!err)
			err = parse_binary(p, at + 1, &arg);
		for (; !err && at <= 2 && accesses < p->t->nr_exprs; accesses++)
			if (p->t->expr[accesses].kind == EXPR_ACCESS)
				err = litmus_wrong_at(
					&p->lex, sign.line,
					"an access behind && or ||, expected "
					"an if for it");
		if (err)
			break;
		left = *out;
		err = litmus_new_expr(p, out);
		if (err)
			break;
		e = &p->t->expr[*out];
		e->kind = EXPR_BINARY;
		e->value = sign.sign;
		e->line = sign.line;
		e->arg[0] = left;
		e->arg[1] = arg;
	}
	p->depth--;
	return err;
}

int litmus_parse_expr(struct litmus_parser *p, u32 *expr)
{
	return parse_binary(p, 1, expr);
}
