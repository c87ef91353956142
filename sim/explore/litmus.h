/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Litmus tests in the kernel's format, run against the memories of memory.h.
 *
 * A litmus test is a handful of accesses on a few CPUs and a question: can it
 * end like this?  The kernel's memory model documentation answers it for a set
 * of them; a model that answers otherwise is not the kernel's.  So a file says
 * in a comment what it expects:
 *
 *	Result: Never | Sometimes | Always [DATARACE]		weak
 *	Result(tso): ...	Result(sc): ...
 *
 * All executions are enumerated: every interleaving, every store that a load
 * may read, every place that a store may have; for tso every moment at which a
 * queued store may leave its queue; for weak also every order of a thread's
 * accesses that lets a store go before an earlier load, which memory.h leaves
 * out.  Two executions that agree in which store each load reads and in the
 * order of the stores to each variable are one, so the numbers are those that
 * herd7 prints.
 *
 * What is understood: int variables and pointers to them, marked and plain
 * accesses, fences, exchanges, atomic operations, if and else, arithmetic.
 * Not here: locks, synchronize_rcu(), SRCU, loops, arrays.
 */
#ifndef EXPLORE_LITMUS_H
#define EXPLORE_LITMUS_H

#include <stdio.h>

#include <linux/types.h>

#include "explore/memory.h"

#define LITMUS_MODELS 3
#define LITMUS_NAME_MAX 96
#define LITMUS_ERROR_MAX 256
#define LITMUS_SZ_MAX (64u << 10)

enum litmus_verdict {
	LITMUS_NEVER,
	LITMUS_SOMETIMES,
	LITMUS_ALWAYS,
	LITMUS_UNSAID,
};

enum litmus_quantifier { LITMUS_EXISTS, LITMUS_NOT_EXISTS, LITMUS_FORALL };

/**
 * struct litmus_state - one way in which it ends.
 * @text:	registers and variables with their values
 * @nr:		how many executions end so
 * @holds:	the condition does
 */
struct litmus_state {
	char *text;
	u64 nr;
	bool holds;
};

/**
 * struct litmus_result - what was found.
 * @name:	of the test
 * @model:	which memory
 * @quantifier:	of the condition
 * @condition:	as it stands in the file, without the quantifier
 * @verdict:	does the condition hold at the end: in no execution, some, all
 * @said:	what the file says for @model, or LITMUS_UNSAID
 * @race:	plain accesses race in some execution
 * @said_race:	the file says so
 * @nr_runs:	schedules that were played to find the executions
 * @nr:		different executions
 * @nr_positive: of them, those that end with the condition true
 * @nr_states:	different ends
 * @state:	the ends, sorted by text
 * @error:	what is wrong, with file and line, if it failed
 */
struct litmus_result {
	char name[LITMUS_NAME_MAX];
	enum memory_model model;
	enum litmus_quantifier quantifier;
	char *condition;
	enum litmus_verdict verdict;
	enum litmus_verdict said;
	bool race;
	bool said_race;
	u64 nr_runs;
	u64 nr;
	u64 nr_positive;
	u32 nr_states;
	struct litmus_state *state;
	char error[LITMUS_ERROR_MAX];
};

struct litmus_test;

/**
 * litmus_parse() - read a litmus test.
 * @out:	the test; untouched on failure
 * @text:	@sz bytes, which need not end in a zero
 * @sz:		at most LITMUS_SZ_MAX
 * @file:	name for messages
 * @error:	LITMUS_ERROR_MAX bytes; file, line and what was expected
 *
 * Return: 0; -EINVAL; -ENOMEM.
 */
int litmus_parse(struct litmus_test **out, const char *text, size_t sz,
		 const char *file, char *error);

/**
 * litmus_free() - give a test back.
 * @t:		NULL allowed
 */
void litmus_free(struct litmus_test *t);

/**
 * litmus_enumerate() - find all executions of a test.
 * @t:		a test
 * @model:	which memory
 * @max_runs:	schedules to play at most; 0 for what a minute allows
 * @out:	what was found; litmus_result_fini() in any case
 *
 * Return: 0; -EINVAL if an execution does what it must not (@out->error says
 * where and what); -E2BIG if there are too many; -ENOMEM.
 */
int litmus_enumerate(const struct litmus_test *t, enum memory_model model,
		     u64 max_runs, struct litmus_result *out);

/**
 * litmus_run() - read a file and find all its executions.
 * @path:	of the file, - for standard input
 * @model:	which memory
 * @out:	what was found; litmus_result_fini() in any case
 *
 * Return: as litmus_parse() and litmus_enumerate(), or what opening or reading
 * the file failed with; @out->error is set if it is not 0.
 */
int litmus_run(const char *path, enum memory_model model,
	       struct litmus_result *out);

/**
 * litmus_result_fini() - give back what a result holds.
 * @r:		may be all zero
 */
void litmus_result_fini(struct litmus_result *r);

/**
 * litmus_as_said() - is it what the file says?
 * @r:		of a run that did not fail
 *
 * Return: true also if the file says nothing for this model.
 */
bool litmus_as_said(const struct litmus_result *r);

/**
 * litmus_print() - a result in herd7's words.
 * @r:		of a run that did not fail
 * @to:		where to
 */
void litmus_print(const struct litmus_result *r, FILE *to);

const char *litmus_verdict_name(enum litmus_verdict verdict);

#endif
