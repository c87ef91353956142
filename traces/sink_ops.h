/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What stands behind a trace_sink: a byte output and the format that writes it.
 *
 * Private to this folder.
 */
#ifndef SINK_OPS_H
#define SINK_OPS_H

#include "sink.h"

/**
 * struct sink_ops - one format.
 * @name:	what trace_sink_open() is asked for
 * @suffix:	how a file of it ends, with the dot
 * @open:	write the head; on failure @close is called too
 * @write:	see trace_sink_write()
 * @close:	write the rest, and free what @open made, also after a failure
 */
struct sink_ops {
	const char *name;
	const char *suffix;
	int (*open)(struct trace_sink *sink, struct trace_error *err);
	int (*write)(struct trace_sink *sink, const struct trace_record *recs,
		     size_t nr, struct trace_error *err);
	int (*close)(struct trace_sink *sink, struct trace_error *err);
};

/*
 * @offset:	bytes put so far
 * @sz_saved:	of those, what makes a readable file: the format moves it on
 * @nr_saved:	records in there
 * @nr_skipped:	records that the format has no place for
 * @err:	the first failure, which every later call returns
 * @error:	its text
 */
struct trace_sink {
	const struct sink_ops *ops;
	const struct trace_info *info;
	const char *path;
	int fd;
	bool owns_fd;
	bool seekable;
	int level;
	u64 offset;
	u64 sz_saved, nr_saved;
	u64 nr_skipped;
	int err;
	struct trace_error error;
	void *priv; /* the format's */
};

extern const struct sink_ops native_sink_ops;
extern const struct sink_ops perf_data_sink_ops;

/**
 * sink_put() - write all of @len bytes, at the end.
 *
 * Return: 0; -errno, with @err filled.
 */
int sink_put(struct trace_sink *sink, const void *buf, size_t len,
	     struct trace_error *err);

/* The same at @offset, which has been written before; needs @seekable. */
int sink_put_at(struct trace_sink *sink, u64 offset, const void *buf,
		size_t len, struct trace_error *err);

#endif
