/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file that is written bit by bit and whole at any time.
 *
 * What is put is held back until it makes sense together (outfile_mark()).  If
 * the disk fills, the file ends at the last such place behind which there is
 * room for its tail: what was written already is written over, since a full
 * disk gives nothing new.
 */
#ifndef OUTFILE_H
#define OUTFILE_H

#include <stddef.h>

#include <linux/types.h>

/* A tail is never longer. */
#define OUTFILE_SZ_TAIL 256

/**
 * struct outfile - the file.
 * @path:	as it was opened
 * @fd:		-1 when closed
 * @buf:	what is not in the file yet
 * @len:	of it
 * @max:	room in @buf
 * @written:	bytes in the file, up to a mark
 * @nr_marks:	in the file
 * @safe:	the last mark in the file that has room for a tail behind it
 * @nr_safe:	marks up to there
 * @mark:	where each is in @buf
 * @nr_held:	of @mark
 * @max_held:	room in @mark
 * @err:	what ended it, -errno; 0 while all is well
 */
struct outfile {
	char path[512];
	int fd;
	char *buf;
	size_t len;
	size_t max;
	u64 written;
	u64 nr_marks;
	u64 safe;
	u64 nr_safe;
	size_t *mark;
	u32 nr_held;
	u32 max_held;
	int err;
};

/**
 * outfile_open() - begin a file.
 * @f:		storage
 * @dir:	directory that it is in
 * @name:	its name there
 *
 * Return: 0; -errno.
 */
int outfile_open(struct outfile *f, const char *dir, const char *name);

/* Put text; errors are remembered. */
void outfile_put(struct outfile *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What was put so far makes sense. */
void outfile_mark(struct outfile *f);

/**
 * outfile_close() - write what is held back, and the tail.
 * @f:		file
 * @tail:	what a whole file ends with, "" for nothing
 *
 * Return: 0; -errno of the first failure: then the file ends with a mark and
 * the tail, and @f->nr_marks says with which one; with none there is no file.
 */
int outfile_close(struct outfile *f, const char *tail);

#endif
