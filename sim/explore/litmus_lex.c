// SPDX-License-Identifier: GPL-2.0
/*
 * Text into words.
 *
 * Any bytes may come: everything is bounded by the end of the text, and a word
 * that cannot be one is named.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "explore/litmus.h"
#include "explore/litmus_lex.h"

int litmus_wrong_at(struct litmus_lex *l, u32 line, const char *fmt, ...)
{
	va_list args;
	int n;

	if (l->error[0])
		return -EINVAL;
	n = snprintf(l->error, LITMUS_ERROR_MAX, "%.120s:%u: ", l->file, line);
	va_start(args, fmt);
	vsnprintf(l->error + n, LITMUS_ERROR_MAX - n, fmt, args);
	va_end(args);
	return -EINVAL;
}

int litmus_wrong(struct litmus_lex *l, const char *expected)
{
	const struct litmus_token *t = &l->now;
	char found[24];
	u32 i, n = 0;

	if (t->kind == TOKEN_END)
		return litmus_wrong_at(l, t->line, "the end, expected %s",
				       expected);
	for (i = 0; i < t->sz && n + 1 < sizeof(found); i++)
		found[n++] =
			isprint((unsigned char)t->text[i]) ? t->text[i] : '?';
	found[n] = '\0';
	return litmus_wrong_at(l, t->line, "'%s', expected %s", found,
			       expected);
}

static bool at(const struct litmus_lex *l, const char *what)
{
	size_t n = strlen(what);

	return (size_t)(l->end - l->text) >= n && !memcmp(l->text, what, n);
}

/* Past a comment that ends with @close and may hold others of its kind. */
static int skip_comment(struct litmus_lex *l, const char *open,
			const char *close, bool nests)
{
	u32 depth = 0, line = l->line;

	while (l->text < l->end) {
		if (at(l, open) && (nests || !depth)) {
			depth++;
			l->text += 2;
		} else if (at(l, close)) {
			l->text += 2;
			if (!nests || !--depth)
				return 0;
		} else {
			l->line += *l->text++ == '\n';
		}
	}
	return litmus_wrong_at(l, line, "a comment without end, expected %s",
			       close);
}

static int skip_space(struct litmus_lex *l)
{
	int err = 0;

	while (l->text < l->end && !err) {
		if (isspace((unsigned char)*l->text)) {
			l->line += *l->text++ == '\n';
		} else if (at(l, "//")) {
			while (l->text < l->end && *l->text != '\n')
				l->text++;
		} else if (at(l, "/*")) {
			err = skip_comment(l, "/*", "*/", false);
		} else if (!l->in_thread && at(l, "(*")) {
			err = skip_comment(l, "(*", "*)", true);
		} else {
			break;
		}
	}
	return err;
}

static int number(struct litmus_lex *l)
{
	struct litmus_token *t = &l->now;
	u32 base = 10, digit;

	if (at(l, "0x") || at(l, "0X")) {
		base = 16;
		l->text += 2;
		if (l->text == l->end || !isxdigit((unsigned char)*l->text))
			return litmus_wrong_at(l, t->line,
					       "0x, expected digits");
	}
	for (; l->text < l->end && isalnum((unsigned char)*l->text);
	     l->text++) {
		char c = tolower((unsigned char)*l->text);

		digit = isdigit((unsigned char)c) ? c - '0' : c - 'a' + 10;
		if (digit >= base)
			break;
		t->value = t->value * base + digit;
		if (t->value > 0x7fffffff)
			return litmus_wrong_at(l, t->line,
					       "a number, expected one that "
					       "fits an int");
	}
	if (l->text < l->end &&
	    (isalnum((unsigned char)*l->text) || *l->text == '_'))
		return litmus_wrong_at(l, t->line,
				       "a number with letters, expected one "
				       "without");
	return 0;
}

int litmus_next(struct litmus_lex *l)
{
	static const char *const pairs[] = { "==",  "!=",  "<=", ">=",
					     "&&",  "||",  "<<", ">>",
					     "/\\", "\\/", "=>" };
	struct litmus_token *t = &l->now;
	u32 i;
	int err;

	l->last_end = t->text + t->sz;
	err = skip_space(l);
	if (err)
		return err;
	memset(t, 0, sizeof(*t));
	t->line = l->line;
	t->text = l->text;
	if (l->text == l->end) {
		t->kind = TOKEN_END;
	} else if (isdigit((unsigned char)*l->text)) {
		t->kind = TOKEN_NUM;
		err = number(l);
	} else if (isalpha((unsigned char)*l->text) || *l->text == '_') {
		t->kind = TOKEN_NAME;
		while (l->text < l->end &&
		       (isalnum((unsigned char)*l->text) || *l->text == '_'))
			l->text++;
	} else {
		t->kind = TOKEN_SIGN;
		t->sign = (unsigned char)*l->text;
		for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
			if (at(l, pairs[i]))
				break;
		if (i < sizeof(pairs) / sizeof(pairs[0])) {
			t->sign = LITMUS_SIGN2(pairs[i][0], pairs[i][1]);
			l->text++;
		}
		l->text++;
	}
	t->sz = l->text - t->text;
	return err;
}

int litmus_lex_begin(struct litmus_lex *l, const char *text, size_t sz,
		     const char *file, char *error)
{
	memset(l, 0, sizeof(*l));
	l->file = file;
	l->text = text;
	l->now.text = text;
	l->end = text + sz;
	l->line = 1;
	l->error = error;
	error[0] = '\0';
	return litmus_next(l);
}

int litmus_raw(struct litmus_lex *l, struct litmus_token *word)
{
	l->text = l->now.text;
	while (l->text < l->end && !isspace((unsigned char)*l->text))
		l->text++;
	*word = l->now;
	word->sz = l->text - word->text;
	return litmus_next(l);
}

bool litmus_is(const struct litmus_lex *l, u32 sign)
{
	return l->now.kind == TOKEN_SIGN && l->now.sign == sign;
}

bool litmus_is_name(const struct litmus_token *token, const char *name)
{
	return token->kind == TOKEN_NAME && token->sz == strlen(name) &&
	       !memcmp(token->text, name, token->sz);
}

int litmus_accept(struct litmus_lex *l, u32 sign, bool *was)
{
	*was = litmus_is(l, sign);
	return *was ? litmus_next(l) : 0;
}

int litmus_expect(struct litmus_lex *l, u32 sign, const char *where)
{
	char what[96];

	if (litmus_is(l, sign))
		return litmus_next(l);
	snprintf(what, sizeof(what), "'%c' %s", (char)sign, where);
	return litmus_wrong(l, what);
}

int litmus_expect_name(struct litmus_lex *l, struct litmus_token *name,
		       const char *what)
{
	if (l->now.kind != TOKEN_NAME)
		return litmus_wrong(l, what);
	*name = l->now;
	return litmus_next(l);
}
