/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words of a litmus test.
 *
 * Comments are C's everywhere, and around the threads also (* ... *), which
 * inside a thread would be an expression.
 */
#ifndef EXPLORE_LITMUS_LEX_H
#define EXPLORE_LITMUS_LEX_H

#include <linux/types.h>

enum litmus_token_kind { TOKEN_END, TOKEN_NAME, TOKEN_NUM, TOKEN_SIGN };

/* Signs are their characters; of two characters, the first in the low byte. */
#define LITMUS_SIGN2(a, b) ((a) | (b) << 8)

/**
 * struct litmus_token - a word.
 * @text:	its first character
 * @sz:		how many characters
 * @value:	of a number
 * @sign:	which
 */
struct litmus_token {
	enum litmus_token_kind kind;
	const char *text;
	u32 sz;
	u32 line;
	u32 sign;
	s64 value;
};

/**
 * struct litmus_lex - where the reading is.
 * @in_thread:	(* is no comment
 * @now:	the word that is read next
 * @last_end:	where the one before it ended
 * @error:	what is wrong; empty as long as nothing is
 */
struct litmus_lex {
	const char *file;
	const char *text;
	const char *end;
	u32 line;
	bool in_thread;
	struct litmus_token now;
	const char *last_end;
	char *error;
};

/* Each 0, or -EINVAL with the error said. */
int litmus_lex_begin(struct litmus_lex *l, const char *text, size_t sz,
		     const char *file, char *error);
int litmus_next(struct litmus_lex *l);
int litmus_expect(struct litmus_lex *l, u32 sign, const char *where);
int litmus_expect_name(struct litmus_lex *l, struct litmus_token *name,
		       const char *what);

/* A word up to the next white space, whatever is in it. */
int litmus_raw(struct litmus_lex *l, struct litmus_token *word);

/* Say that something else was expected.  Returns -EINVAL. */
int litmus_wrong(struct litmus_lex *l, const char *expected);
int litmus_wrong_at(struct litmus_lex *l, u32 line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

bool litmus_is(const struct litmus_lex *l, u32 sign);
bool litmus_is_name(const struct litmus_token *token, const char *name);

/* Read on if the next word is this sign. */
int litmus_accept(struct litmus_lex *l, u32 sign, bool *was);

#endif
