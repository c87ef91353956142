// SPDX-License-Identifier: GPL-2.0
/* A script cut into words and operators; words as they stand. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sysfs/shell.h"

struct scan {
	struct shell *sh;
	const char *at;
	const char *end;
	u32 line;
};

static char look(const struct scan *s, size_t ahead)
{
	return ahead < s->end - s->at ? s->at[ahead] : '\0';
}

static void step(struct scan *s)
{
	if (*s->at++ == '\n')
		s->line++;
}

static int scan_single(struct scan *s)
{
	for (step(s); look(s, 0) && look(s, 0) != '\'';)
		step(s);
	if (!look(s, 0))
		return shell_refuse(s->sh, "a ' that is not closed");
	step(s);
	return 0;
}

static int scan_dollar(struct scan *s);

static int scan_double(struct scan *s)
{
	int err = 0;

	for (step(s); look(s, 0) && look(s, 0) != '"' && !err;) {
		if (look(s, 0) == '$') {
			err = scan_dollar(s);
			continue;
		}
		if (look(s, 0) == '\\' && look(s, 1))
			step(s);
		step(s);
	}
	if (err)
		return err;
	if (!look(s, 0))
		return shell_refuse(s->sh, "a \" that is not closed");
	step(s);
	return 0;
}

/* One character of a word, or all that stands in quotes. */
static int scan_some(struct scan *s)
{
	switch (look(s, 0)) {
	case '\'':
		return scan_single(s);
	case '"':
		return scan_double(s);
	case '$':
		return scan_dollar(s);
	case '\\':
		if (!look(s, 1))
			return shell_refuse(s->sh,
					    "a \\ with nothing behind it");
		step(s);
		break;
	default:
		break;
	}
	step(s);
	return 0;
}

/* $( ) and ${ } to the end, whatever they hold. */
static int scan_dollar(struct scan *s)
{
	u32 nr_open = 0;
	char c;
	int err = 0;

	step(s);
	if (look(s, 0) == '{') {
		while (look(s, 0) && look(s, 0) != '}')
			step(s);
		if (!look(s, 0))
			return shell_refuse(s->sh, "a ${ that is not closed");
		step(s);
		return 0;
	}
	if (look(s, 0) != '(')
		return 0;
	if (++s->sh->depth > SHELL_MAX_DEPTH)
		return shell_refuse(s->sh,
				    "$( ) in one another, expected at "
				    "most %d",
				    SHELL_MAX_DEPTH);
	do {
		c = look(s, 0);
		if (!c)
			err = shell_refuse(s->sh, "a $( that is not closed");
		nr_open += c == '(';
		nr_open -= c == ')';
		if (!err)
			err = scan_some(s);
	} while (!err && nr_open);
	s->sh->depth--;
	return err;
}

static int scan_word(struct scan *s)
{
	int err = 0;

	while (!err && look(s, 0) && !strchr(" \t\n;&|<>()", look(s, 0)))
		err = scan_some(s);
	return err;
}

static int scan_operator(struct scan *s, struct token *token)
{
	char c = look(s, 0), next = look(s, 1);

	token->sz = 1;
	if (c == '\n' || (c == ';' && next != ';')) {
		token->kind = TOKEN_END;
	} else if (c == '&' && next == '&') {
		token->kind = TOKEN_AND;
		token->sz = 2;
	} else if (c == '|' && next == '|') {
		token->kind = TOKEN_OR;
		token->sz = 2;
	} else if (c == '|' && next != '&') {
		token->kind = TOKEN_PIPE;
	} else if (c == '>' && next != '&' && next != '|' && next != '(') {
		token->kind = TOKEN_INTO;
		token->sz = next == '>' ? 2 : 1;
		token->fd = 1;
	} else {
		return shell_refuse(
			s->sh, "found \"%c\", expected ; && || | > or >>", c);
	}
	while (s->at < token->at + token->sz)
		step(s);
	return 0;
}

static int add(struct tokens *tokens, const struct token *token)
{
	struct token *at = tokens->at;

	/* Doubled at each power of two. */
	if (!(tokens->nr & (tokens->nr - 1))) {
		at = reallocarray(at, tokens->nr ? 2 * tokens->nr : 1,
				  sizeof(*at));
		if (!at)
			return -ENOMEM;
		tokens->at = at;
	}
	at[tokens->nr++] = *token;
	return 0;
}

static int scan_token(struct scan *s, struct tokens *tokens)
{
	struct token token = { .line = s->line, .at = s->at };
	u32 fd;
	int err;

	s->sh->line = s->line;
	if (strchr("\n;&|<>()", look(s, 0))) {
		err = scan_operator(s, &token);
	} else if ((look(s, 0) == '1' || look(s, 0) == '2') &&
		   look(s, 1) == '>') {
		fd = look(s, 0) - '0';
		step(s);
		token.at = s->at;
		err = scan_operator(s, &token);
		token.fd = fd;
	} else {
		err = scan_word(s);
		token.sz = s->at - token.at;
	}
	return err ? err : add(tokens, &token);
}

int shell_tokens(struct shell *sh, const char *text, size_t sz,
		 struct tokens *tokens)
{
	struct scan s = { sh, text, text + sz, 1 };
	int err = 0;

	if (memchr(text, '\0', sz))
		return shell_refuse(sh, "found a byte of 0, expected text");
	while (!err && look(&s, 0)) {
		if (look(&s, 0) == ' ' || look(&s, 0) == '\t') {
			step(&s);
		} else if (look(&s, 0) == '\\' && look(&s, 1) == '\n') {
			step(&s);
			step(&s);
		} else if (look(&s, 0) == '#') {
			while (look(&s, 0) && look(&s, 0) != '\n')
				step(&s);
		} else {
			err = scan_token(&s, tokens);
		}
	}
	return err;
}
