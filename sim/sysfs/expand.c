// SPDX-License-Identifier: GPL-2.0
/*
 * What a word means: quotes, variables, $(( )), $(cat FILE) and $(pwd).
 *
 * A variable that is not set ends the run, though a shell would take it as
 * empty: of a path that is shorter than meant nothing good can come.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sysfs/shell.h"

struct expand {
	struct shell *sh;
	struct words *words;
	const char *at;
	const char *end;
	FILE *file; /* the word so far */
	char *text;
	size_t sz;
	bool splits;
	bool is_there; /* a word, if only an empty one */
};

size_t shell_name_sz(const char *text, size_t sz)
{
	size_t i;

	for (i = 0; i < sz; i++)
		if (text[i] != '_' && !isalpha((u8)text[i]) &&
		    !(i && isdigit((u8)text[i])))
			break;
	return i;
}

const char *shell_get(const struct shell *sh, const char *name, size_t sz)
{
	u32 i;

	for (i = 0; i < sh->nr_vars; i++)
		if (strlen(sh->vars[i].name) == sz &&
		    !memcmp(sh->vars[i].name, name, sz))
			return sh->vars[i].value;
	return NULL;
}

int shell_set(struct shell *sh, const char *name, size_t sz, const char *value)
{
	char *copy = strdup(value);
	struct variable *vars;
	u32 i;

	if (!copy)
		return -ENOMEM;
	for (i = 0; i < sh->nr_vars; i++)
		if (strlen(sh->vars[i].name) == sz &&
		    !memcmp(sh->vars[i].name, name, sz))
			break;
	if (i < sh->nr_vars) {
		free(sh->vars[i].value);
		sh->vars[i].value = copy;
		return 0;
	}
	vars = reallocarray(sh->vars, i + 1, sizeof(*vars));
	if (vars) {
		sh->vars = vars;
		vars[i] = (struct variable){ strndup(name, sz), copy };
		if (vars[i].name) {
			sh->nr_vars++;
			return 0;
		}
	}
	free(copy);
	return -ENOMEM;
}

void shell_words_fini(struct words *words)
{
	u32 i;

	for (i = 0; i < words->nr; i++)
		free(words->at[i]);
	free(words->at);
	*words = (struct words){ 0 };
}

static int finish_word(struct expand *x)
{
	struct words *words = x->words;
	char *text;
	char **at;

	if (fflush(x->file))
		return -ENOMEM;
	if (!x->is_there)
		return 0;
	at = reallocarray(words->at, words->nr + 1, sizeof(*at));
	if (!at)
		return -ENOMEM;
	words->at = at;
	text = strndup(x->text, x->sz);
	if (!text)
		return -ENOMEM;
	at[words->nr++] = text;
	rewind(x->file);
	x->is_there = false;
	return 0;
}

static int put(struct expand *x, char c)
{
	x->is_there = true;
	fputc(c, x->file);
	if (++x->sh->nr_bytes > SHELL_MAX_BYTES)
		return shell_refuse(x->sh, "words of more than %u bytes",
				    SHELL_MAX_BYTES);
	return 0;
}

static int put_value(struct expand *x, const char *value, bool splits)
{
	int err = 0;

	for (; *value && !err; value++)
		err = splits && strchr(" \t\n", *value) ? finish_word(x) :
							  put(x, *value);
	return err;
}

/* $(cat FILE) and $(pwd), and nothing else of the kind. */
static int put_command(struct expand *x, const char *text, size_t sz,
		       bool splits)
{
	struct shell *sh = x->sh;
	struct tokens tokens = { 0 };
	struct words words = { 0 };
	u32 line = sh->line;
	char *said = NULL;
	size_t sz_said;
	FILE *file = NULL;
	bool is_pwd;
	u32 i;
	int err;

	if (++sh->depth > SHELL_MAX_DEPTH)
		return shell_refuse(sh, "$( ) in one another");
	err = shell_tokens(sh, text, sz, &tokens);
	sh->line = line;
	for (i = 0; i < tokens.nr && !err; i++)
		err = tokens.at[i].kind == TOKEN_WORD ?
			      shell_expand(sh, &tokens.at[i], true, &words) :
			      -EINVAL;
	is_pwd = !err && words.nr == 1 && !strcmp(words.at[0], "pwd");
	if (is_pwd || (!err && words.nr == 2 && !strcmp(words.at[0], "cat")))
		file = open_memstream(&said, &sz_said);
	else if (!err || err == -EINVAL)
		err = sh->err->text[0] ?
			      err :
			      shell_refuse(sh,
					   "found $(%.*s), "
					   "expected $(cat FILE) or $(pwd)",
					   (int)(sz > 80 ? 80 : sz), text);
	if (file) {
		if (is_pwd)
			fputs(sh->cwd, file);
		else
			err = shell_cat(sh, words.at[1], file);
		if (fclose(file))
			err = -ENOMEM;
		while (sz_said && said[sz_said - 1] == '\n')
			said[--sz_said] = '\0';
		if (err >= 0)
			err = put_value(x, said, splits);
	}
	free(said);
	shell_words_fini(&words);
	free(tokens.at);
	sh->depth--;
	return err;
}

/* Behind $(, to the ) that closes it. */
static const char *find_close(const char *at, const char *end)
{
	u32 nr_open = 1;

	for (; at < end; at++) {
		nr_open += *at == '(';
		nr_open -= *at == ')';
		if (!nr_open)
			return at;
		if (*at == '\'' || *at == '"' || *at == '\\')
			return NULL;
	}
	return NULL;
}

static int put_parens(struct expand *x, bool splits)
{
	const char *from = x->at + 1;
	const char *to = find_close(from, x->end);
	char number[32];
	s64 value;
	int err;

	if (!to)
		return shell_refuse(x->sh, "quotes in $( ), expected none");
	x->at = to + 1;
	if (*from != '(')
		return put_command(x, from, to - from, splits);
	if (to[-1] != ')')
		return shell_refuse(x->sh, "a $(( that is not closed");
	err = shell_arith(x->sh, from + 1, to - 1 - (from + 1), &value);
	if (err)
		return err;
	snprintf(number, sizeof(number), "%lld", (long long)value);
	return put_value(x, number, splits);
}

static int put_dollar(struct expand *x, bool splits)
{
	bool braces = ++x->at < x->end && *x->at == '{';
	const char *value;
	char number[16];
	size_t sz;

	if (x->at < x->end && *x->at == '(')
		return put_parens(x, splits);
	if (x->at < x->end && *x->at == '?') {
		x->at++;
		snprintf(number, sizeof(number), "%d", x->sh->status);
		return put_value(x, number, splits);
	}
	x->at += braces;
	sz = shell_name_sz(x->at, x->end - x->at);
	if (!sz || (braces && x->at[sz] != '}'))
		return shell_refuse(x->sh,
				    "found \"$%.*s\", expected a "
				    "variable, $(( )) or $(cat FILE)",
				    (int)(x->end - x->at > 40 ? 40 :
								x->end - x->at),
				    x->at);
	value = shell_get(x->sh, x->at, sz);
	if (!value)
		return shell_refuse(x->sh, "%.*s is not set", (int)sz, x->at);
	x->at += sz + braces;
	return put_value(x, value, splits);
}

static int put_single(struct expand *x)
{
	int err = 0;

	for (x->at++; *x->at != '\'' && !err; x->at++)
		err = put(x, *x->at);
	x->at++;
	x->is_there = true;
	return err;
}

static int put_double(struct expand *x)
{
	int err = 0;

	x->is_there = true;
	for (x->at++; *x->at != '"' && !err;) {
		if (*x->at == '$') {
			err = put_dollar(x, false);
			continue;
		}
		if (*x->at == '`')
			return shell_refuse(x->sh, "found a backquote");
		if (*x->at == '\\' && strchr("$`\"\\\n", x->at[1]) &&
		    *++x->at == '\n') {
			x->at++;
			continue;
		}
		err = put(x, *x->at++);
	}
	x->at++;
	return err;
}

static int put_some(struct expand *x, bool is_first)
{
	switch (*x->at) {
	case '\'':
		return put_single(x);
	case '"':
		return put_double(x);
	case '$':
		return put_dollar(x, x->splits);
	case '\\':
		x->at += 2;
		return x->at[-1] == '\n' ? 0 : put(x, x->at[-1]);
	case '~':
		if (!is_first)
			break;
		/* fallthrough */
	case '*':
	case '?':
	case '[':
	case '{':
	case '`':
		return shell_refuse(x->sh,
				    "found \"%c\", expected it in "
				    "quotes: patterns, tests and groups "
				    "are not understood",
				    *x->at);
	default:
		break;
	}
	return put(x, *x->at++);
}

int shell_expand(struct shell *sh, const struct token *token, bool splits,
		 struct words *words)
{
	struct expand x = {
		.sh = sh,
		.words = words,
		.at = token->at,
		.end = token->at + token->sz,
		.splits = splits,
		.is_there = !splits,
	};
	int err = 0;

	x.file = open_memstream(&x.text, &x.sz);
	if (!x.file)
		return -ENOMEM;
	while (x.at < x.end && !err)
		err = put_some(&x, x.at == token->at);
	if (!err)
		err = finish_word(&x);
	fclose(x.file);
	free(x.text);
	return err;
}
