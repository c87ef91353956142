/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of a shell that set-up scripts are written in.
 *
 * What is fatal, because it is not understood or too much, is -errno and in
 * the caller's error; what only fails is a status, as in a shell, and logged.
 */
#ifndef SYSFS_SHELL_H
#define SYSFS_SHELL_H

#include "sysfs/tree.h"

#define SHELL_MAX_COMMANDS (1u << 16)
#define SHELL_MAX_BYTES (1u << 24) /* of all words together */
#define SHELL_MAX_DEPTH 32
#define SHELL_MAX_PATH 4096

enum token_kind {
	TOKEN_WORD,
	TOKEN_END, /* of a command: new line, semicolon */
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_PIPE,
	TOKEN_INTO, /* > and >> */
};

struct token {
	enum token_kind kind;
	u32 line;
	const char *at;
	size_t sz;
	u32 fd; /* of TOKEN_INTO */
};

struct tokens {
	struct token *at;
	u32 nr;
};

struct words {
	char **at;
	u32 nr;
};

struct variable {
	char *name;
	char *value;
};

struct shell {
	const char *name; /* of the script */
	const struct sysfs_host *host;
	struct sysfs_log *log;
	struct config_error *err;
	struct sysfs_tree tree;
	struct variable *vars;
	u32 nr_vars;
	char cwd[SHELL_MAX_PATH];
	u64 at_us;
	u32 line; /* of the command that runs */
	u32 nr_commands;
	u32 nr_bytes;
	u32 depth;
	int status;
	bool ends_on_failure; /* set -e */
	bool has_ended;
};

/* shell.c: answers -EINVAL, with what was found and what was expected */
int shell_refuse(struct shell *sh, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Log what failed: status 1, -ENOMEM */
int shell_fail(struct shell *sh, const char *who, const char *what, int error);

/* tokens.c: of @at to @end; 0, -EINVAL, -ENOMEM */
int shell_tokens(struct shell *sh, const char *text, size_t sz,
		 struct tokens *tokens);

/* expand.c: append what a word means; without @splits it is one word */
int shell_expand(struct shell *sh, const struct token *token, bool splits,
		 struct words *words);
int shell_set(struct shell *sh, const char *name, size_t sz, const char *value);
const char *shell_get(const struct shell *sh, const char *name, size_t sz);
size_t shell_name_sz(const char *text, size_t sz);
void shell_words_fini(struct words *words);

/* arith.c: what is between $(( and )) */
int shell_arith(struct shell *sh, const char *text, size_t sz, s64 *out);

/* files.c: a path as a file, which is below the root or special */
int shell_resolve(struct shell *sh, const char *path,
		  char full[SHELL_MAX_PATH]);
int shell_cat(struct shell *sh, const char *path, FILE *out);
int shell_open(struct shell *sh, const char *who, const char *path);
int shell_write(struct shell *sh, const char *who, const char *path,
		const char *text, size_t sz, FILE *out);
int shell_chdir(struct shell *sh, const char *path);

/* commands.c: a status, or -errno */
int shell_command(struct shell *sh, char **argv, u32 argc, const char *in,
		  FILE *out);

#endif
