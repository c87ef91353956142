// SPDX-License-Identifier: GPL-2.0
/*
 * Whole numbers of 64 bits that wrap, as a shell counts: parentheses, unary
 * - + ~, * / %, + -, << >>, &, ^, |, and variables by their name.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sysfs/shell.h"

struct arith {
	struct shell *sh;
	const char *at;
	const char *end;
	u32 depth;
};

static const struct {
	const char *sign;
	int level;
} signs[] = {
	{ "|", 1 }, { "^", 2 }, { "&", 3 }, { "<<", 4 }, { ">>", 4 },
	{ "+", 5 }, { "-", 5 }, { "*", 6 }, { "/", 6 },	 { "%", 6 },
};

static int parse(struct arith *a, int level, s64 *out);

static void skip(struct arith *a)
{
	while (a->at < a->end && strchr(" \t\n", *a->at))
		a->at++;
}

static int parse_number(struct arith *a, const char *text, size_t sz, s64 *out)
{
	char copy[32];
	char *end;

	if (!sz || sz >= sizeof(copy))
		return shell_refuse(a->sh, "a number of %zu digits", sz);
	memcpy(copy, text, sz);
	copy[sz] = '\0';
	errno = 0;
	*out = strtoull(copy, &end, 0);
	if (*end || end == copy || errno || strchr(" \t\n", copy[0]))
		return shell_refuse(a->sh, "found \"%s\", expected a number",
				    copy);
	return 0;
}

/* NAME, $NAME or ${NAME}. */
static int parse_name(struct arith *a, s64 *out)
{
	bool dollar = *a->at == '$';
	bool brace = dollar && a->at + 1 < a->end && a->at[1] == '{';
	const char *value;
	size_t sz;

	a->at += dollar + brace;
	sz = shell_name_sz(a->at, a->end - a->at);
	if (!sz || (brace && (a->at + sz >= a->end || a->at[sz] != '}')))
		return shell_refuse(a->sh, "found $ in $(( )), expected $NAME "
					   "or ${NAME}");
	value = shell_get(a->sh, a->at, sz);
	if (!value)
		return shell_refuse(a->sh, "%.*s is not set", (int)sz, a->at);
	a->at += sz + brace;
	return parse_number(a, value, strlen(value), out);
}

static int parse_one(struct arith *a, s64 *out)
{
	const char *from;
	char c;
	int err;

	skip(a);
	if (a->at >= a->end)
		return shell_refuse(a->sh, "$(( )) ends, expected a number");
	c = *a->at;
	if (c == '-' || c == '+' || c == '~' || c == '(') {
		a->at++;
		err = parse(a, c == '(' ? 1 : 7, out);
		if (err || c == '+')
			return err;
		if (c == '-')
			*out = -(u64)*out;
		if (c == '~')
			*out = ~*out;
		if (c != '(')
			return 0;
		skip(a);
		if (a->at >= a->end || *a->at != ')')
			return shell_refuse(a->sh, "a ( that is not closed");
		a->at++;
		return 0;
	}
	if (c == '$' || shell_name_sz(a->at, a->end - a->at))
		return parse_name(a, out);
	for (from = a->at; a->at < a->end; a->at++)
		if (!strchr("0123456789abcdefABCDEFxX", *a->at))
			break;
	if (from == a->at)
		return shell_refuse(a->sh, "found \"%c\", expected a number",
				    c);
	return parse_number(a, from, a->at - from, out);
}

static int apply(struct arith *a, char sign, s64 right, s64 *out)
{
	u64 x = *out, y = right;

	if ((sign == '/' || sign == '%') && !right)
		return shell_refuse(a->sh, "division by 0");
	/* The one quotient that does not fit wraps. */
	if ((sign == '/' || sign == '%') && right == -1)
		*out = sign == '/' ? -x : 0;
	else if (sign == '/')
		*out /= right;
	else if (sign == '%')
		*out %= right;
	else if (sign == '*')
		*out = x * y;
	else if (sign == '+')
		*out = x + y;
	else if (sign == '-')
		*out = x - y;
	else if (sign == '<')
		*out = x << (y & 63);
	else if (sign == '>')
		*out >>= y & 63;
	else if (sign == '&')
		*out = x & y;
	else if (sign == '^')
		*out = x ^ y;
	else
		*out = x | y;
	return 0;
}

/* The sign that comes next, if it binds at least as strongly; or -1. */
static int find_sign(struct arith *a, int level)
{
	size_t sz;
	u32 i;

	skip(a);
	for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		sz = strlen(signs[i].sign);
		if (signs[i].level >= level && sz <= a->end - a->at &&
		    !memcmp(a->at, signs[i].sign, sz))
			return i;
	}
	return -1;
}

static int parse(struct arith *a, int level, s64 *out)
{
	s64 right;
	int err, i;

	if (++a->depth > SHELL_MAX_DEPTH * 8)
		return shell_refuse(a->sh, "arithmetic in too many levels");
	err = parse_one(a, out);
	while (!err && (i = find_sign(a, level)) >= 0) {
		a->at += strlen(signs[i].sign);
		err = parse(a, signs[i].level + 1, &right);
		if (!err)
			err = apply(a, signs[i].sign[0], right, out);
	}
	a->depth--;
	return err;
}

int shell_arith(struct shell *sh, const char *text, size_t sz, s64 *out)
{
	struct arith a = { .sh = sh, .at = text, .end = text + sz };
	int err = parse(&a, 1, out);

	skip(&a);
	if (!err && a.at != a.end)
		return shell_refuse(sh,
				    "found \"%c\" in $(( )), expected one "
				    "of + - * / %% << >> & ^ |",
				    *a.at);
	return err;
}
