/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records of a trace to another, all or some: what convert and cut do.
 *
 * What was read before a fault or a signal is written, and the output is ended
 * properly, so that nothing that was read is lost.
 */
#ifndef TRACE_COPY_H
#define TRACE_COPY_H

#include "trace.h"
#include "trace/select.h"

/**
 * struct copy - from where to where.
 * @in:		path of the input, "-" for standard input
 * @out:	path of the output, "-" for standard output
 * @format:	see trace_sink_open()
 * @level:	of zstd; 0 for the format's own choice
 * @select:	what is wanted
 * @stop:	nonzero once it is to end early
 * @progress:	called now and then, may be NULL
 */
struct copy {
	const char *in, *out, *format;
	int level;
	struct select *select;
	const volatile int *stop;
	void (*progress)(void *arg, u64 nr_read, u64 sz_read);
	void *progress_arg;

	/* What came of it. */
	u64 nr_read, nr_written;
	u64 nr_skipped; /* of nr_written: the output's format has no place */
	u64 sz_read, sz_written;
	bool interrupted;
	char error[512]; /* "" if all went well */
};

/* Return: 0; -errno, with c->error filled. */
int copy_run(struct copy *c);

/**
 * copy_open() - open a trace of which only some records are wanted.
 * @out:	set on success only
 * @path:	file, or "-"
 * @select:	its ends that are counted from the first record are set
 * @err:	filled on failure
 *
 * Return: as trace_open().
 */
int copy_open(struct trace_source **out, const char *path,
	      struct select *select, struct trace_error *err);

#endif
