/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What stands behind a trace_source: a byte input and the format that reads it.
 *
 * trace.c owns the object and asks each format in turn whether the first bytes
 * are its own, so that a format is one row in a table and one file that names
 * nothing of the others.
 *
 * Private to this folder.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "input.h"
#include "trace.h"

/* As many of the first bytes as a format may ask for to know itself. */
#define TRACE_SZ_PROBE 16

/**
 * struct trace_ops - one format.
 * @name:	what to call it, with the mark that it is known by
 * @probe:	is it this one?  @head holds @len bytes, fewer than
 *		TRACE_SZ_PROBE only if the input is that short
 * @open:	read the head of the capture, fill src->info; on failure
 *		@close is called too
 * @read:	see trace_read(); the format answers again at each later call
 *		what ended it
 * @set_span:	see trace_set_span(); NULL if the format cannot make use of it
 * @column:	see trace_column(); NULL if the format has none
 * @close:	free what @open made, also if it failed half way
 */
struct trace_ops {
	const char *name;
	bool (*probe)(const u8 *head, size_t len);
	int (*open)(struct trace_source *src, struct trace_error *err);
	long (*read)(struct trace_source *src, struct trace_record *recs,
		     size_t nr, struct trace_error *err);
	void (*set_span)(struct trace_source *src, u64 first_ns, u64 last_ns);
	const char *(*column)(const struct trace_source *src, u32 nr, u64 *sz);
	void (*close)(struct trace_source *src);
};

struct trace_source {
	const struct trace_ops *ops;
	struct input in;
	struct trace_info info;
	struct trace_counts counts;
	void *priv; /* the format's */
};

extern const struct trace_ops perf_data_ops;
extern const struct trace_ops native_ops;
extern const struct trace_ops perf_text_ops;

/*
 * Describe a fault of the input at @offset, "found X, expected Y".
 * Return: -EBADMSG, so that a reader can return the call.
 */
int trace_fault(struct trace_error *err, u64 offset, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The same for a failure of the system, "@what: text of @ret".  Return: @ret */
int trace_system_fault(struct trace_error *err, u64 offset, const char *what,
		       int ret);

#endif
