// SPDX-License-Identifier: GPL-2.0
/*
 * A litmus test as text: the frame of it.  "C name", what variables hold at
 * first, the threads, the condition; and in comments what is expected.
 *
 * Not here: what stands in a thread (litmus_body.c), what is asked of its end
 * (litmus_cond.c).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/litmus_internal.h"

int litmus_find(const struct litmus_name *names, u32 nr,
		const struct litmus_token *name)
{
	u32 i;

	for (i = 0; i < nr; i++)
		if (strlen(names[i].name) == name->sz &&
		    !memcmp(names[i].name, name->text, name->sz))
			return i;
	return -1;
}

int litmus_make(struct litmus_parser *p, struct litmus_name *names, u32 *nr,
		u32 max, const struct litmus_token *name)
{
	int i = litmus_find(names, *nr, name);

	if (i >= 0)
		return i;
	if (*nr == max)
		return litmus_wrong_at(&p->lex, name->line,
				       "expected at most %u names", max);
	if (name->sz >= sizeof(names[0].name))
		return litmus_wrong_at(&p->lex, name->line,
				       "expected a name below %zu letters",
				       sizeof(names[0].name));
	memset(&names[*nr], 0, sizeof(names[0]));
	memcpy(names[*nr].name, name->text, name->sz);
	return (*nr)++;
}

/* What a comment says after "Result:", "Result(tso):" or "Result(sc):". */
static int find_said(struct litmus_parser *p, const char *text, size_t sz)
{
	static const char *const keys[LITMUS_MODELS] = {
		[MEMORY_SC] = "Result(sc):",
		[MEMORY_TSO] = "Result(tso):",
		[MEMORY_WEAK] = "Result:",
	};
	u32 model, v, line;
	const char *at, *end;
	size_t n;

	for (model = 0; model < LITMUS_MODELS; model++) {
		p->t->said[model] = LITMUS_UNSAID;
		at = memmem(text, sz, keys[model], strlen(keys[model]));
		if (!at)
			continue;
		for (line = 1, end = text; end < at; end++)
			line += *end == '\n';
		at += strlen(keys[model]);
		while (at < text + sz && (*at == ' ' || *at == '\t'))
			at++;
		end = memchr(at, '\n', text + sz - at);
		end = end ? end : text + sz;
		for (v = LITMUS_NEVER; v < LITMUS_UNSAID; v++) {
			n = strlen(litmus_verdict_name(v));
			if ((size_t)(end - at) >= n &&
			    !memcmp(at, litmus_verdict_name(v), n))
				break;
		}
		if (v == LITMUS_UNSAID)
			return litmus_wrong_at(&p->lex, line,
					       "%s, expected Never, Sometimes "
					       "or Always behind it",
					       keys[model]);
		p->t->said[model] = v;
		p->t->said_race[model] = memmem(at, end - at, "DATARACE", 8);
	}
	return 0;
}

static int parse_name(struct litmus_parser *p)
{
	struct litmus_token word;
	int err;

	if (!litmus_is_name(&p->lex.now, "C"))
		return litmus_wrong(&p->lex, "C and the test's name");
	err = litmus_next(&p->lex);
	if (err)
		return err;
	if (p->lex.now.kind == TOKEN_END)
		return litmus_wrong(&p->lex, "the test's name");
	err = litmus_raw(&p->lex, &word);
	if (err)
		return err;
	if (word.sz >= LITMUS_NAME_MAX)
		return litmus_wrong_at(&p->lex, word.line,
				       "expected a name below %u letters",
				       LITMUS_NAME_MAX);
	for (u32 i = 0; i < word.sz; i++)
		if (word.text[i] <= ' ' || word.text[i] > '~')
			return litmus_wrong_at(&p->lex, word.line,
					       "expected a name of letters");
	memcpy(p->t->name, word.text, word.sz);
	return 0;
}

static bool is_type(const struct litmus_token *t)
{
	return litmus_is_name(t, "int") || litmus_is_name(t, "long") ||
	       litmus_is_name(t, "unsigned") || litmus_is_name(t, "intptr_t") ||
	       litmus_is_name(t, "uintptr_t") || litmus_is_name(t, "atomic_t");
}

static int skip_type(struct litmus_parser *p)
{
	int err = 0;

	while (!err && (is_type(&p->lex.now) || litmus_is(&p->lex, '*')))
		err = litmus_next(&p->lex);
	return err;
}

/* int *x = &y; 0:r1 = 5; x = ATOMIC_INIT(1); */
static int parse_init(struct litmus_parser *p)
{
	struct litmus_token name;
	struct litmus_name *var;
	s64 thread = -1, value = 0;
	bool was, wraps;
	int err, i;

	err = skip_type(p);
	if (!err && p->lex.now.kind == TOKEN_NUM) {
		thread = p->lex.now.value;
		if (thread >= LITMUS_THREADS_MAX)
			return litmus_wrong(&p->lex, "a thread below 8");
		err = litmus_next(&p->lex);
		if (!err)
			err = litmus_expect(&p->lex, ':',
					    "behind a thread's number");
	}
	if (!err)
		err = litmus_expect_name(&p->lex, &name, "a variable");
	if (err)
		return err;
	if (thread >= 0)
		i = litmus_make(p, p->t->thread[thread].reg,
				&p->t->thread[thread].nr_regs, LITMUS_REGS_MAX,
				&name);
	else
		i = litmus_make(p, p->t->var, &p->t->nr_vars, LITMUS_VARS_MAX,
				&name);
	if (i < 0)
		return i;
	var = thread >= 0 ? &p->t->thread[thread].reg[i] : &p->t->var[i];
	err = litmus_accept(&p->lex, '=', &was);
	if (err || !was)
		return err;
	wraps = litmus_is_name(&p->lex.now, "ATOMIC_INIT");
	if (wraps) {
		err = litmus_next(&p->lex);
		if (!err)
			err = litmus_expect(&p->lex, '(', "behind ATOMIC_INIT");
	}
	if (!err)
		err = litmus_parse_value(p, &value);
	if (!err && wraps)
		err = litmus_expect(&p->lex, ')', "behind the value");
	var->init = value;
	return err;
}

static int parse_inits(struct litmus_parser *p)
{
	bool was;
	int err = litmus_expect(&p->lex, '{', "before the first values");

	while (!err && !litmus_is(&p->lex, '}')) {
		err = litmus_accept(&p->lex, ';', &was);
		if (!err && !was)
			err = parse_init(p);
		if (!err && !was && !litmus_is(&p->lex, ';') &&
		    !litmus_is(&p->lex, '}'))
			err = litmus_wrong(&p->lex, "';' or '}'");
	}
	return err ? err :
		     litmus_expect(&p->lex, '}', "behind the first values");
}

/* (int *x, int **p): shared variables, by address. */
static int parse_params(struct litmus_parser *p)
{
	struct litmus_token name;
	bool more = true;
	int err, i;

	err = litmus_expect(&p->lex, '(', "behind the thread's name");
	if (!err && litmus_is(&p->lex, ')'))
		return litmus_next(&p->lex);
	while (!err && more) {
		if (!is_type(&p->lex.now))
			return litmus_wrong(&p->lex, "int or atomic_t");
		while (!err && is_type(&p->lex.now))
			err = litmus_next(&p->lex);
		if (!err)
			err = litmus_expect(&p->lex, '*',
					    "since variables are shared by "
					    "address");
		if (!err)
			err = skip_type(p);
		if (!err)
			err = litmus_expect_name(&p->lex, &name, "a variable");
		if (err)
			return err;
		i = litmus_make(p, p->t->var, &p->t->nr_vars, LITMUS_VARS_MAX,
				&name);
		if (i < 0)
			return i;
		err = litmus_accept(&p->lex, ',', &more);
	}
	return err ? err : litmus_expect(&p->lex, ')', "behind the parameters");
}

static int parse_threads(struct litmus_parser *p)
{
	struct litmus_test *t = p->t;
	char name[16];
	int err = 0;

	do {
		snprintf(name, sizeof(name), "P%u", t->nr_threads);
		if (!litmus_is_name(&p->lex.now, name))
			break;
		if (t->nr_threads == LITMUS_THREADS_MAX)
			return litmus_wrong(&p->lex, "at most 8 threads");
		p->thread = t->nr_threads++;
		err = litmus_next(&p->lex);
		if (!err)
			err = parse_params(p);
		if (!err)
			err = litmus_parse_body(p, &t->thread[p->thread].body);
	} while (!err);
	if (!err && !t->nr_threads)
		return litmus_wrong(&p->lex, "P0");
	return err;
}

static int parse_all(struct litmus_parser *p)
{
	struct litmus_test *t = p->t;
	const char *from;
	size_t sz;
	int err;

	err = parse_name(p);
	if (!err)
		err = parse_inits(p);
	if (!err)
		err = parse_threads(p);
	if (!err)
		err = litmus_parse_end(p);
	if (err)
		return err;
	from = p->lex.now.text;
	err = litmus_parse_cond(p, &t->condition);
	if (err)
		return err;
	if (p->lex.now.kind != TOKEN_END)
		return litmus_wrong(&p->lex, "the end, /\\ or \\/");
	/* What stands behind it is white space and comments. */
	sz = p->lex.last_end - from;
	t->condition_text = strndup(from, sz);
	return t->condition_text ? 0 : -ENOMEM;
}

int litmus_parse(struct litmus_test **out, const char *text, size_t sz,
		 const char *file, char *error)
{
	struct litmus_parser p = { 0 };
	struct litmus_test *t;
	int err;

	error[0] = '\0';
	if (sz > LITMUS_SZ_MAX) {
		snprintf(error, LITMUS_ERROR_MAX,
			 "%.120s:1: expected at most %u bytes", file,
			 LITMUS_SZ_MAX);
		return -EINVAL;
	}
	t = calloc(1, sizeof(*t));
	if (!t)
		return -ENOMEM;
	snprintf(t->file, sizeof(t->file), "%s", file);
	p.t = t;
	/* Index 0 is nothing. */
	t->nr_exprs = 1;
	t->nr_stmts = 1;
	t->nr_conds = 1;
	err = litmus_lex_begin(&p.lex, text, sz, t->file, error);
	if (!err)
		err = parse_all(&p);
	if (!err)
		err = find_said(&p, text, sz);
	if (err) {
		litmus_free(t);
		return err;
	}
	*out = t;
	return 0;
}

void litmus_free(struct litmus_test *t)
{
	if (!t)
		return;
	free(t->condition_text);
	free(t);
}
