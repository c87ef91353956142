// SPDX-License-Identifier: GPL-2.0
/*
 * Opening a capture of any format.
 *
 * The first bytes decide: the name of a file says nothing about what a pipe
 * brings.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "source.h"

static const struct trace_ops *const formats[] = {
	&native_ops,
	&perf_data_ops,
	&perf_text_ops,
};

#define NR_FORMATS (sizeof(formats) / sizeof(formats[0]))

int trace_fault(struct trace_error *err, u64 offset, const char *fmt, ...)
{
	va_list args;

	err->offset = offset;
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return -EBADMSG;
}

int trace_system_fault(struct trace_error *err, u64 offset, const char *what,
		       int ret)
{
	trace_fault(err, offset, "%s: %s", what, strerror(-ret));
	return ret;
}

static int unknown_format(const u8 *head, size_t len, struct trace_error *err)
{
	char known[160] = "";
	char found[3 * TRACE_SZ_PROBE + 1] = "";
	size_t i, used = 0;

	for (i = 0; i < NR_FORMATS && used < sizeof(known); i++)
		used += snprintf(known + used, sizeof(known) - used, "%s%s",
				 i ? " or " : "", formats[i]->name);
	for (i = 0; i < len && i < 8; i++)
		snprintf(found + 3 * i, 4, " %02x", head[i]);
	if (!len)
		return trace_fault(err, 0,
				   "found an empty input, expected a capture: "
				   "%s",
				   known);
	return trace_fault(err, 0, "found%s, expected a capture: %s", found,
			   known);
}

/* The window of src->in is set. */
static int open_format(struct trace_source *src, struct trace_error *err)
{
	size_t i, len;
	int ret;

	ret = input_fill(&src->in, TRACE_SZ_PROBE);
	if (ret < 0)
		return trace_system_fault(err, 0, "read", ret);
	len = input_left(&src->in);
	for (i = 0; i < NR_FORMATS; i++) {
		if (!formats[i]->probe(src->in.cur, len))
			continue;
		src->ops = formats[i];
		return src->ops->open(src, err);
	}
	return unknown_format(src->in.cur, len, err);
}

static int open_source(struct trace_source **out, const char *path,
		       const void *buf, size_t len, struct trace_error *err)
{
	struct trace_source *src;
	int ret = 0;

	*err = (struct trace_error){ 0 };
	src = calloc(1, sizeof(*src));
	if (!src)
		return trace_system_fault(err, 0, "open", -ENOMEM);
	if (path)
		ret = input_open(&src->in, path);
	else
		input_open_memory(&src->in, buf, len);
	if (ret == -EISDIR) {
		ret = trace_fault(err, 0,
				  "found a directory, expected one file: a "
				  "capture made with --threads is a directory, "
				  "record it without");
		goto free;
	}
	if (ret) {
		trace_system_fault(err, 0, "open", ret);
		goto free;
	}
	ret = open_format(src, err);
	if (ret)
		goto close;
	*out = src;
	return 0;
close:
	if (src->ops)
		src->ops->close(src);
	input_close(&src->in);
free:
	free(src);
	return ret;
}

int trace_open(struct trace_source **out, const char *path,
	       struct trace_error *err)
{
	return open_source(out, path, NULL, 0, err);
}

int trace_open_mem(struct trace_source **out, const void *buf, size_t len,
		   struct trace_error *err)
{
	return open_source(out, NULL, buf, len, err);
}

void trace_set_span(struct trace_source *src, u64 first_ns, u64 last_ns)
{
	if (src->ops->set_span)
		src->ops->set_span(src, first_ns, last_ns);
}

long trace_read(struct trace_source *src, struct trace_record *recs, size_t nr,
		struct trace_error *err)
{
	long ret = src->ops->read(src, recs, nr, err);

	src->counts.sz_read = input_offset(&src->in);
	return ret;
}

const struct trace_info *trace_info(const struct trace_source *src)
{
	return &src->info;
}

const struct trace_counts *trace_counts(const struct trace_source *src)
{
	return &src->counts;
}

const char *trace_column(const struct trace_source *src, u32 nr, u64 *sz)
{
	return src->ops->column ? src->ops->column(src, nr, sz) : NULL;
}

bool trace_can_reopen(const struct trace_source *src)
{
	return src->in.regular;
}

void trace_close(struct trace_source *src)
{
	if (!src)
		return;
	src->ops->close(src);
	input_close(&src->in);
	free(src);
}
