/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where records go: the other half of trace.h.
 *
 * A format that can be written is one row in sink.c's table and one file that
 * names nothing of the others, as for reading.  Records come in the order that
 * trace_read() delivers; a sink streams, its memory does not grow with what is
 * written.
 */
#ifndef SINK_H
#define SINK_H

#include <stddef.h>

#include "trace.h"

struct trace_sink;

/**
 * trace_sink_open() - begin a trace file.
 * @out:	set on success only
 * @format:	"native", "perf.data"; NULL to have it follow from how @path
 *		ends
 * @path:	file, replaced if it is there; "-" for standard output
 * @info:	of the records to come; stays the caller's, lives until
 *		trace_sink_close(), and may get more events meanwhile
 * @err:	filled on failure
 *
 * Return: 0; -EINVAL for a format that nobody here writes; -errno of the
 * system.
 */
int trace_sink_open(struct trace_sink **out, const char *format,
		    const char *path, const struct trace_info *info,
		    struct trace_error *err);

/* How hard to pack, 1 to 22 as zstd's; before anything is written. */
void trace_sink_set_level(struct trace_sink *sink, int level);

/**
 * trace_sink_write() - append records.
 * @sink:	from trace_sink_open()
 * @recs:	in the order of time
 * @nr:		how many
 * @err:	filled on failure: offset is how many bytes of the file are good
 *
 * Return: 0; -errno of the system, and again at each later call.  What was
 * written before stays readable.
 */
int trace_sink_write(struct trace_sink *sink, const struct trace_record *recs,
		     size_t nr, struct trace_error *err);

/* Records so far that the format has no place for, and that were left out. */
u64 trace_sink_skipped(const struct trace_sink *sink);

/**
 * trace_sink_close() - write what is held back, and free the sink.
 * @sink:	from trace_sink_open()
 * @sz:		set to how many bytes were written, if not NULL
 * @err:	filled on failure, as for trace_sink_write()
 *
 * Return: 0; -errno: then the file ends with the last whole block, and the
 * error says how many records that saved.
 */
int trace_sink_close(struct trace_sink *sink, u64 *sz, struct trace_error *err);

#endif
