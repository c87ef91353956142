/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What DAMON concluded, in the form that damo records it in: a list with one
 * record for each target, and in that a snapshot for each window.
 *
 * Snapshots of the first target go to the file as they come, those of the
 * others to files beside it until the end, because the form keeps a target's
 * together.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include "damon/context.h"
#include "report/outfile.h"

/**
 * struct records - one set of records.
 * @file:	by target; the first is the one that stays
 * @nr:		of @file
 * @window_ns:	when the window began, by target
 * @end_ns:	when it ended: the caller's to set before the context is ticked
 * @nr_snapshots: of the first target
 * @dir:	where they are
 */
struct records {
	struct outfile *file;
	u32 nr;
	u64 *window_ns;
	u64 end_ns;
	u64 nr_snapshots;
	char dir[400];
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
 * records_close() - put the targets together, and write DIR/damon.data, the
 * same compressed.
 * @v:		records
 * @nr_saved:	set: snapshots of the first target that are in the file
 *
 * Return: 0; -errno: then what is there is whole as far as it goes.
 */
int records_close(struct records *v, u64 *nr_saved);

#endif
