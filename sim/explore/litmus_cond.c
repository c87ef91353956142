// SPDX-License-Identifier: GPL-2.0
/*
 * Conditions on how a litmus test ends, and which registers and variables are
 * to be shown.
 */
#include <errno.h>
#include <string.h>

#include "explore/litmus_internal.h"

static int new_cond(struct litmus_parser *p, enum litmus_cond_kind kind, u32 a,
		    u32 b, u32 *out)
{
	struct litmus_test *t = p->t;

	if (t->nr_conds == LITMUS_NODES_MAX)
		return litmus_wrong(&p->lex, "a shorter condition");
	*out = t->nr_conds++;
	t->cond[*out] = (struct litmus_cond){ .kind = kind, .arg = { a, b } };
	return 0;
}

int litmus_watch(struct litmus_parser *p, struct litmus_place place)
{
	struct litmus_test *t = p->t;
	u32 i;

	for (i = 0; i < t->nr_watched; i++)
		if (t->watched[i].thread == place.thread &&
		    t->watched[i].index == place.index)
			return 0;
	if (t->nr_watched == LITMUS_WATCH_MAX)
		return litmus_wrong(&p->lex, "fewer registers and variables");
	t->watched[t->nr_watched++] = place;
	return 0;
}

/* 1:r0, x or [x] */
int litmus_parse_place(struct litmus_parser *p, struct litmus_place *place)
{
	struct litmus_test *t = p->t;
	struct litmus_token name;
	struct litmus_thread *th;
	bool bracket = false;
	s64 thread;
	int err, i;

	if (p->lex.now.kind == TOKEN_NUM) {
		thread = p->lex.now.value;
		if (thread >= t->nr_threads)
			return litmus_wrong(&p->lex, "a thread that is there");
		th = &t->thread[thread];
		err = litmus_next(&p->lex);
		if (!err)
			err = litmus_expect(&p->lex, ':',
					    "behind a thread's number");
		if (err)
			return err;
		i = p->lex.now.kind == TOKEN_NAME ?
			    litmus_find(th->reg, th->nr_regs, &p->lex.now) :
			    -1;
		if (i < 0)
			return litmus_wrong(&p->lex, "a name that the thread "
						     "declares");
		place->thread = thread;
		place->index = i;
		return litmus_next(&p->lex);
	}
	err = litmus_accept(&p->lex, '[', &bracket);
	if (!err)
		err = litmus_expect_name(&p->lex, &name,
					 "a register or a variable");
	if (err)
		return err;
	i = litmus_find(t->var, t->nr_vars, &name);
	if (i < 0)
		return litmus_wrong_at(&p->lex, name.line,
				       "'%.*s', expected a shared variable",
				       (int)(name.sz > 40 ? 40 : name.sz),
				       name.text);
	place->thread = LITMUS_THREADS_MAX;
	place->index = i;
	return bracket ? litmus_expect(&p->lex, ']', "behind the variable") : 0;
}

/* 3, -3, x or &x */
int litmus_parse_value(struct litmus_parser *p, s64 *value)
{
	bool minus, address;
	int err, i;

	err = litmus_accept(&p->lex, '-', &minus);
	if (err)
		return err;
	if (p->lex.now.kind == TOKEN_NUM) {
		*value = minus ? -p->lex.now.value : p->lex.now.value;
		return litmus_next(&p->lex);
	}
	if (minus)
		return litmus_wrong(&p->lex, "a number");
	err = litmus_accept(&p->lex, '&', &address);
	if (err)
		return err;
	if (p->lex.now.kind != TOKEN_NAME)
		return litmus_wrong(&p->lex, "a number or a variable");
	i = litmus_make(p, p->t->var, &p->t->nr_vars, LITMUS_VARS_MAX,
			&p->lex.now);
	if (i < 0)
		return i;
	*value = LITMUS_ADDR + i * LITMUS_VAR_SZ;
	return litmus_next(&p->lex);
}

static int parse_equal(struct litmus_parser *p, u32 *out)
{
	struct litmus_place place;
	bool was, differs = false;
	u32 nr_vars;
	s64 value;
	int err;

	err = litmus_parse_place(p, &place);
	if (!err)
		err = litmus_accept(&p->lex, LITMUS_SIGN2('=', '='), &was);
	if (!err && !was)
		err = litmus_accept(&p->lex, LITMUS_SIGN2('!', '='), &differs);
	if (!err && !was && !differs)
		err = litmus_expect(&p->lex, '=', "and a value");
	if (err)
		return err;
	nr_vars = p->t->nr_vars;
	err = litmus_parse_value(p, &value);
	if (!err && p->t->nr_vars != nr_vars)
		err = litmus_wrong(&p->lex, "a value: a number, or a variable "
					    "that is there");
	if (!err)
		err = litmus_watch(p, place);
	if (!err)
		err = new_cond(p, COND_EQUAL, 0, 0, out);
	if (err)
		return err;
	p->t->cond[*out].place = place;
	p->t->cond[*out].value = value;
	return differs ? new_cond(p, COND_NOT, *out, 0, out) : 0;
}

static int parse_level(struct litmus_parser *p, u32 level, u32 *out);

static int parse_primary(struct litmus_parser *p, u32 *out)
{
	const struct litmus_token *now = &p->lex.now;
	int err;

	if (litmus_is_name(now, "true") || litmus_is_name(now, "false")) {
		err = new_cond(
			p, litmus_is_name(now, "true") ? COND_TRUE : COND_FALSE,
			0, 0, out);
		return err ? err : litmus_next(&p->lex);
	}
	if (p->depth == LITMUS_DEPTH_MAX)
		return litmus_wrong(&p->lex, "less nesting");
	p->depth++;
	if (litmus_is(&p->lex, '~') || litmus_is_name(now, "not")) {
		err = litmus_next(&p->lex);
		if (!err)
			err = parse_primary(p, out);
		if (!err)
			err = new_cond(p, COND_NOT, *out, 0, out);
	} else if (litmus_is(&p->lex, '(')) {
		err = litmus_next(&p->lex);
		if (!err)
			err = parse_level(p, 0, out);
		if (!err)
			err = litmus_expect(&p->lex, ')',
					    "or /\\ or \\/ in a condition");
	} else {
		err = parse_equal(p, out);
	}
	p->depth--;
	return err;
}

/* Weakest first: =>, \/, /\ */
static int parse_level(struct litmus_parser *p, u32 level, u32 *out)
{
	static const struct {
		u32 sign;
		enum litmus_cond_kind kind;
	} levels[] = { { LITMUS_SIGN2('=', '>'), COND_IMPLIES },
		       { LITMUS_SIGN2('\\', '/'), COND_OR },
		       { LITMUS_SIGN2('/', '\\'), COND_AND } };
	u32 right;
	bool more;
	int err;

	if (level == sizeof(levels) / sizeof(levels[0]))
		return parse_primary(p, out);
	err = parse_level(p, level + 1, out);
	while (!err) {
		err = litmus_accept(&p->lex, levels[level].sign, &more);
		if (err || !more)
			break;
		err = parse_level(p, level + 1, &right);
		if (!err)
			err = new_cond(p, levels[level].kind, *out, right, out);
	}
	return err;
}

int litmus_parse_cond(struct litmus_parser *p, u32 *cond)
{
	p->depth = 0;
	return parse_level(p, 0, cond);
}

/* locations [0:r0; x;], filter (...), exists (...): what follows the threads */
int litmus_parse_end(struct litmus_parser *p)
{
	struct litmus_test *t = p->t;
	struct litmus_place place;
	bool was, more;
	int err = 0;

	while (!err) {
		if (litmus_is_name(&p->lex.now, "locations")) {
			err = litmus_next(&p->lex);
			if (!err)
				err = litmus_expect(&p->lex, '[',
						    "behind locations");
			while (!err && !litmus_is(&p->lex, ']')) {
				err = litmus_parse_place(p, &place);
				if (!err)
					err = litmus_watch(p, place);
				if (!err)
					err = litmus_accept(&p->lex, ';',
							    &more);
				if (!err && !more && !litmus_is(&p->lex, ']'))
					err = litmus_wrong(&p->lex,
							   "';' or ']'");
			}
			if (!err)
				err = litmus_next(&p->lex);
		} else if (litmus_is_name(&p->lex.now, "filter")) {
			err = litmus_next(&p->lex);
			if (!err)
				err = litmus_parse_cond(p, &t->filter);
		} else {
			break;
		}
	}
	if (err)
		return err;
	err = litmus_accept(&p->lex, '~', &was);
	if (err)
		return err;
	t->quantifier = was ? LITMUS_NOT_EXISTS : LITMUS_EXISTS;
	if (!was && litmus_is_name(&p->lex.now, "forall"))
		t->quantifier = LITMUS_FORALL;
	else if (!litmus_is_name(&p->lex.now, "exists"))
		return litmus_wrong(&p->lex, "exists, ~exists, forall, filter "
					     "or locations");
	return litmus_next(&p->lex);
}

bool litmus_holds(const struct litmus_test *t, u32 cond,
		  s64 (*value)(void *ctx, struct litmus_place place), void *ctx)
{
	const struct litmus_cond *c = &t->cond[cond];

	switch (c->kind) {
	case COND_TRUE:
		return true;
	case COND_FALSE:
		return false;
	case COND_NOT:
		return !litmus_holds(t, c->arg[0], value, ctx);
	case COND_AND:
		return litmus_holds(t, c->arg[0], value, ctx) &&
		       litmus_holds(t, c->arg[1], value, ctx);
	case COND_OR:
		return litmus_holds(t, c->arg[0], value, ctx) ||
		       litmus_holds(t, c->arg[1], value, ctx);
	case COND_IMPLIES:
		return !litmus_holds(t, c->arg[0], value, ctx) ||
		       litmus_holds(t, c->arg[1], value, ctx);
	case COND_EQUAL:
		return value(ctx, c->place) == c->value;
	}
	return false;
}
