/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runs side by side: a row for each figure, a column for each run.
 *
 * Runs come as the JSON that `damonsim run` printed, so that they may be of
 * other machines and other days.  A figure that a run does not have is not 0:
 * its place stays empty.  Rows are in the order in which a run first has them;
 * what no run has, and causes of which none lost anything, have none.
 */
#ifndef COMPARE_H
#define COMPARE_H

#include <stdio.h>

#include <linux/types.h>

struct json_object;

/* What a figure is in. */
enum compare_unit {
	COMPARE_COUNT,
	COMPARE_SHARE,
	COMPARE_NUMBER,
	COMPARE_BP,
	COMPARE_PP, /* a difference of two of them, in bp too */
	COMPARE_BP_PER_HOUR,
	COMPARE_BYTES_PER_S,
	COMPARE_SECONDS,
	COMPARE_NS,
};

/**
 * struct compare_row - a figure.
 * @name:	of it
 * @unit:	of @value
 * @value:	by run
 * @has:	by run: it has that figure
 */
struct compare_row {
	char name[160];
	enum compare_unit unit;
	double *value;
	bool *has;
};

/**
 * struct compare_run - a run.
 * @path:	of its file; the caller's
 * @json:	what was in it
 */
struct compare_run {
	const char *path;
	struct json_object *json;
};

/**
 * struct compare - a table.
 * @run:	runs, in the order in which they were read
 * @nr_runs:	of them
 * @max_runs:	that there may be
 * @row:	figures
 * @nr_rows:	of them
 * @err:	-ENOMEM: figures are missing
 */
struct compare {
	struct compare_run *run;
	u32 nr_runs;
	u32 max_runs;
	struct compare_row *row;
	u32 nr_rows;
	int err;
};

struct compare_error {
	char text[600];
};

/* A table for up to @max_runs.  Return: 0; -ENOMEM. */
int compare_init(struct compare *c, u32 max_runs);

void compare_fini(struct compare *c);

/**
 * compare_read() - one more run.
 * @c:		table with room for it
 * @path:	its JSON, "-" for standard input; stays the caller's
 * @err:	filled on failure
 *
 * Return: 0; -EBADMSG for what no run printed; -ENOMEM; -errno of the system.
 */
int compare_read(struct compare *c, const char *path,
		 struct compare_error *err);

/**
 * compare_put() - a figure of a run; a failure is kept in @c->err.
 * @c:		table
 * @run:	index
 * @unit:	of @value, the same for all of that name
 * @value:	figure; NULL: it might have one, and has none
 * @fmt:	its name
 */
void compare_put(struct compare *c, u32 run, enum compare_unit unit,
		 const double *value, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* In compare_rows.c: all figures of a run that was read. */
void compare_take(struct compare *c, u32 run);

/* Print the table.  Return: 0; -ENOMEM; -EIO. */
int compare_text(FILE *f, const struct compare *c);
int compare_json(FILE *f, const struct compare *c);

#endif
