// SPDX-License-Identifier: GPL-2.0
/* Lists, pipes, loops and assignments of a script; see shell.h and sysfs.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_schema.h"
#include "sysfs/shell.h"

/* One command of a pipe, expanded. */
struct simple {
	struct words argv;
	struct words into; /* at most one */
};

static int run_list(struct shell *sh, const struct token *from,
		    const struct token *to);

int shell_refuse(struct shell *sh, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(sh->err->text, sizeof(sh->err->text), format, args);
	va_end(args);
	sh->err->line = sh->line;
	return -EINVAL;
}

int shell_fail(struct shell *sh, const char *who, const char *what, int error)
{
	struct sysfs_log *log = sh->log;
	struct sysfs_failure *at = log->at;

	if (!(log->nr & (log->nr - 1))) {
		at = reallocarray(at, log->nr ? 2 * log->nr : 1, sizeof(*at));
		if (!at)
			return -ENOMEM;
		log->at = at;
	}
	at += log->nr++;
	*at = (struct sysfs_failure){
		.line = sh->line,
		.error = error,
		.at_us = sh->at_us,
	};
	snprintf(at->text, sizeof(at->text), "%.80s:%u: %s: %.200s: %s (%s)",
		 sh->name, sh->line, who, what, strerror(-error),
		 strerrorname_np(-error));
	return 1;
}

static bool is_word(const struct token *token, const char *word)
{
	return token->kind == TOKEN_WORD && token->sz == strlen(word) &&
	       !memcmp(token->at, word, token->sz);
}

/* 2> /dev/null is of no effect: what failed is in the log. */
static int add_into(struct shell *sh, struct simple *cmd,
		    const struct token *token, bool has_target)
{
	struct words target = { 0 };
	int err;

	if (!has_target)
		return shell_refuse(sh, "found nothing behind >");
	if (token->fd == 1) {
		if (cmd->into.nr)
			return shell_refuse(sh, "more than one >");
		return shell_expand(sh, token + 1, false, &cmd->into);
	}
	err = shell_expand(sh, token + 1, false, &target);
	if (!err && strcmp(target.at[0], "/dev/null"))
		err = shell_refuse(sh, "2> is understood for /dev/null only");
	shell_words_fini(&target);
	return err;
}

/* The size of the name of what is assigned to; 0: this is no assignment. */
static size_t assigned_sz(const struct token *token)
{
	size_t sz = shell_name_sz(token->at, token->sz);

	return sz < token->sz && token->at[sz] == '=' ? sz : 0;
}

static int assign(struct shell *sh, const struct token *from,
		  const struct token *to)
{
	struct words words = { 0 };
	struct token value;
	size_t sz;
	int err = 0;

	for (; from < to && !err; from++) {
		sz = from->kind == TOKEN_WORD ? assigned_sz(from) : 0;
		if (!sz)
			return shell_refuse(
				sh,
				"found \"%.*s\" behind an "
				"assignment, expected ; or the "
				"end of the line",
				(int)(from->sz > 40 ? 40 : from->sz), from->at);
		value = *from;
		value.at += sz + 1;
		value.sz -= sz + 1;
		err = shell_expand(sh, &value, false, &words);
		if (!err)
			err = shell_set(sh, from->at, sz, words.at[0]);
		shell_words_fini(&words);
	}
	sh->status = 0;
	return err;
}

static int run_expanded(struct shell *sh, const struct simple *cmd,
			const char *in, FILE *out)
{
	const char *path = cmd->into.nr ? cmd->into.at[0] : NULL;
	const char *who = cmd->argv.at[0];
	char *said = NULL;
	size_t sz;
	FILE *file;
	int ret, ret_write = 0;

	if (!path)
		return shell_command(sh, cmd->argv.at, cmd->argv.nr, in, out);
	ret = shell_open(sh, who, path);
	if (ret)
		return ret;
	file = open_memstream(&said, &sz);
	if (!file)
		return -ENOMEM;
	ret = shell_command(sh, cmd->argv.at, cmd->argv.nr, in, file);
	if (fclose(file))
		ret = -ENOMEM;
	if (ret >= 0)
		ret_write = shell_write(sh, who, path, said, sz, out);
	free(said);
	return ret_write ? ret_write : ret;
}

static int run_simple(struct shell *sh, const struct token *from,
		      const struct token *to, const char *in, FILE *out)
{
	struct simple cmd = { 0 };
	int err = 0;

	/* Behind the last | there may be nothing at all. */
	if (from == to)
		return shell_refuse(sh, "found no command, expected one");
	sh->line = from->line;
	if (++sh->nr_commands > SHELL_MAX_COMMANDS)
		return shell_refuse(sh, "more than %u commands",
				    SHELL_MAX_COMMANDS);
	if (from->kind == TOKEN_WORD && assigned_sz(from))
		return assign(sh, from, to);
	for (; from < to && !err; from++) {
		if (from->kind == TOKEN_WORD) {
			err = shell_expand(sh, from, true, &cmd.argv);
			continue;
		}
		err = add_into(sh, &cmd, from,
			       from + 1 < to && from[1].kind == TOKEN_WORD);
		from++;
	}
	if (!err && !cmd.argv.nr)
		err = shell_refuse(sh, "found no command, expected one");
	if (!err)
		err = run_expanded(sh, &cmd, in, out);
	shell_words_fini(&cmd.argv);
	shell_words_fini(&cmd.into);
	if (err < 0)
		return err;
	sh->status = err;
	return 0;
}

/* What one says the next is given whole; the last one's status counts. */
static int run_pipe(struct shell *sh, const struct token *from,
		    const struct token *to)
{
	const struct token *end;
	char *in = NULL, *said;
	FILE *out;
	size_t sz;
	int err = 0;

	do {
		for (end = from; end < to && end->kind != TOKEN_PIPE;)
			end++;
		said = NULL;
		out = open_memstream(&said, &sz);
		if (!out) {
			err = -ENOMEM;
			break;
		}
		err = run_simple(sh, from, end, in ? in : "", out);
		if (fclose(out))
			err = err ? err : -ENOMEM;
		free(in);
		in = said;
		from = end + 1;
	} while (!err && end < to);
	if (!err && in && sh->host->out)
		fputs(in, sh->host->out);
	free(in);
	return err;
}

/* Pipes with && and || between; *@at is left behind it. */
static int run_and_or(struct shell *sh, const struct token **at,
		      const struct token *to)
{
	enum token_kind before = TOKEN_END;
	const struct token *from, *end;
	bool ran = false;
	int err = 0;

	for (from = *at; !err && !sh->has_ended; from = end + 1) {
		/* The line goes on behind && and ||. */
		while (before != TOKEN_END && from < to &&
		       from->kind == TOKEN_END && *from->at == '\n')
			from++;
		for (end = from; end < to && end->kind != TOKEN_END &&
				 end->kind != TOKEN_AND &&
				 end->kind != TOKEN_OR;)
			end++;
		if (from == end)
			return shell_refuse(sh, "found no command, expected "
						"one");
		ran = before == TOKEN_END ||
		      (before == TOKEN_AND) == !sh->status;
		if (ran)
			err = run_pipe(sh, from, end);
		*at = end;
		if (end == to || end->kind == TOKEN_END)
			break;
		before = end->kind;
	}
	/* Only the last of them ends the script. */
	if (!err && ran && sh->status && sh->ends_on_failure)
		sh->has_ended = true;
	return err;
}

/* The done of the loop that begins at @from. */
static const struct token *find_done(const struct token *from,
				     const struct token *to)
{
	bool is_first = true;
	u32 nr_open = 0;

	for (; from < to; from++) {
		if (is_first && is_word(from, "for"))
			nr_open++;
		if (is_first && is_word(from, "done") && !--nr_open)
			return from;
		is_first = from->kind == TOKEN_END ||
			   (is_first && is_word(from, "do"));
	}
	return NULL;
}

static int run_for(struct shell *sh, const struct token **at,
		   const struct token *to)
{
	const struct token *from = *at, *name = from + 1, *body;
	const struct token *done = find_done(from, to);
	struct words words = { 0 };
	int err = 0;
	u32 i;

	sh->line = from->line;
	if (!done || done - from < 5 || name->kind != TOKEN_WORD ||
	    shell_name_sz(name->at, name->sz) != name->sz ||
	    !is_word(name + 1, "in"))
		return shell_refuse(sh, "expected for NAME in WORDS; do "
					"COMMANDS; done");
	if (++sh->depth > SHELL_MAX_DEPTH)
		return shell_refuse(sh, "loops in one another");
	for (body = name + 2; body->kind == TOKEN_WORD && !err; body++)
		err = shell_expand(sh, body, true, &words);
	while (body < done && body->kind == TOKEN_END)
		body++;
	if (!err && !is_word(body, "do"))
		err = shell_refuse(sh, "a for without do");
	if (!err && done + 1 < to && done[1].kind != TOKEN_END)
		err = shell_refuse(sh, "expected a new line behind done");
	for (i = 0; i < words.nr && !err && !sh->has_ended; i++) {
		err = shell_set(sh, name->at, name->sz, words.at[i]);
		if (!err)
			err = run_list(sh, body + 1, done);
	}
	shell_words_fini(&words);
	sh->depth--;
	*at = done + 1;
	return err;
}

static int run_list(struct shell *sh, const struct token *from,
		    const struct token *to)
{
	int err = 0;

	/* A loop of nothing takes time as well. */
	if (++sh->nr_commands > SHELL_MAX_COMMANDS)
		return shell_refuse(sh, "more than %u commands",
				    SHELL_MAX_COMMANDS);
	while (from < to && !err && !sh->has_ended) {
		if (from->kind == TOKEN_END) {
			from++;
			continue;
		}
		sh->line = from->line;
		err = is_word(from, "for") ? run_for(sh, &from, to) :
					     run_and_or(sh, &from, to);
	}
	return err;
}

static int set_vars(struct shell *sh)
{
	const char *const *var;
	size_t sz;
	int err = 0;

	for (var = sh->host->vars; var && *var && !err; var++) {
		sz = strcspn(*var, "=");
		if (!(*var)[sz])
			return shell_refuse(sh,
					    "found \"%.100s\", expected "
					    "NAME=value",
					    *var);
		err = shell_set(sh, *var, sz, *var + sz + 1);
	}
	return err;
}

int sysfs_run_text(const char *text, size_t sz, const char *name,
		   const struct sysfs_host *host, struct sysfs_log *log,
		   struct config_error *err)
{
	struct shell sh = {
		.name = name, .host = host, .log = log, .err = err, .cwd = "/"
	};
	struct tokens tokens = { 0 };
	u32 i;
	int ret;

	*log = (struct sysfs_log){ 0 };
	config_error_init(err, name, NULL);
	ret = sysfs_tree_init(&sh.tree, host);
	if (ret)
		return ret;
	ret = set_vars(&sh);
	if (!ret)
		ret = shell_tokens(&sh, text, sz, &tokens);
	if (!ret && tokens.nr)
		ret = run_list(&sh, tokens.at, tokens.at + tokens.nr);
	if (ret == -ENOMEM)
		snprintf(err->text, sizeof(err->text), "out of memory");
	log->end_us = sh.at_us;
	log->status = sh.status;
	for (i = 0; i < sh.nr_vars; i++) {
		free(sh.vars[i].name);
		free(sh.vars[i].value);
	}
	free(sh.vars);
	free(tokens.at);
	sysfs_tree_fini(&sh.tree);
	return ret;
}

int sysfs_run(const char *path, const struct sysfs_host *host,
	      struct sysfs_log *log, struct config_error *err)
{
	char *text;
	size_t sz;
	int ret;

	*log = (struct sysfs_log){ 0 };
	config_error_init(err, path, NULL);
	ret = config_read_file(path, &text, &sz, err);
	if (ret)
		return ret;
	ret = sysfs_run_text(text, sz, path, host, log, err);
	free(text);
	return ret;
}

void sysfs_log_fini(struct sysfs_log *log)
{
	free(log->at);
	*log = (struct sysfs_log){ 0 };
}
