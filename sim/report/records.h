/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What DAMON concluded, in the form that damo records it in: a list with one
 * record for each target, and in that a snapshot for each window.
 *
 * Snapshots of the first target go to the file as they come, those of the
 * others to files beside it until the end, because the form keeps a target's
 * together.  Each snapshot has a line to itself.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include "damon/context.h"
#include "report/outfile.h"

/**
 * struct records_target - the record of one target.
 * @file:	where it goes
 * @window_ns:	when the window began
 * @begun:	the record's own head is there: it says the intervals that the
 *		first window had
 * @head:	which mark of the first target's file is not a snapshot's but
 *		where this record begins
 */
struct records_target {
	struct outfile file;
	u64 window_ns;
	bool begun;
	u64 head;
};

/**
 * struct records - one set of records.
 * @target:	by target; the file of the first is the one that stays
 * @nr:		of @target
 * @dir:	directory
 * @attrs:	of the context at first, for what never had a window
 * @begin_ns:	when the window that is told of began
 * @told_ns:	when it ends
 * @end_ns:	when the window ended: the caller's to set before the context is
 *		ticked
 * @err:	why a target has no record
 *
 * A target is known by its index: one that a commit puts in the place of
 * another goes on in its record.
 */
struct records {
	struct records_target *target;
	u32 nr;
	const char *dir;
	struct attrs attrs;
	u64 begin_ns;
	u64 told_ns;
	u64 end_ns;
	int err;
};

/* Its data is a struct records. */
extern const struct context_observer records_observer;

/**
 * records_open() - begin DIR/damon.data.json.
 * @v:		storage
 * @dir:	directory
 * @ctx:	context with its targets
 * @begin_ns:	when its first window begins
 *
 * Return: 0; -ENOMEM; -errno.
 */
int records_open(struct records *v, const char *dir, const struct context *ctx,
		 u64 begin_ns);

/**
 * records_close() - put the targets together.
 * @v:		records
 * @nr_saved:	set: snapshots that are in the file, of all targets
 *
 * Return: 0; -errno: then what is there is whole as far as it goes.
 */
int records_close(struct records *v, u64 *nr_saved);

/**
 * records_compress() - write DIR/damon.data, what is in DIR/damon.data.json,
 * compressed.
 * @dir:	directory
 *
 * Return: 0; -errno: then there is no such file.
 */
int records_compress(const char *dir);

#endif
