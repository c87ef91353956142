// SPDX-License-Identifier: GPL-2.0
/* Records of a trace to another, see copy.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "sink.h"
#include "trace/copy.h"

/* Records at once: they stay in a core's second cache. */
#define BATCH 2048

static int fail(struct copy *c, int ret, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The first one is what is told. */
static int fail(struct copy *c, int ret, const char *fmt, ...)
{
	va_list args;

	if (*c->error)
		return ret;
	va_start(args, fmt);
	vsnprintf(c->error, sizeof(c->error), fmt, args);
	va_end(args);
	return ret;
}

/* Set ends that are counted from the first record that has a time. */
static void set_begin(struct select *s, const struct trace_record *recs,
		      size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!(recs[i].has & TRACE_HAS_TIME))
			continue;
		select_set_begin(s, recs[i].time_ns);
		return;
	}
}

int copy_open(struct trace_source **out, const char *path,
	      struct select *select, struct trace_error *err)
{
	struct trace_record rec;
	struct trace_source *src;
	int ret = trace_open(&src, path, err);

	if (ret)
		return ret;
	/* From the beginning: look at it, and begin again. */
	if ((select->relative_first || select->relative_last) &&
	    strcmp(path, "-") && trace_can_reopen(src)) {
		while ((select->relative_first || select->relative_last) &&
		       trace_read(src, &rec, 1, err) > 0)
			set_begin(select, &rec, 1);
		trace_close(src);
		ret = trace_open(&src, path, err);
		if (ret)
			return ret;
	}
	if (select->has_time && !select->relative_first &&
	    !select->relative_last)
		trace_set_span(src, select->time.first, select->time.last);
	*out = src;
	return 0;
}

/* Writing would destroy what is still to be read. */
static bool is_same_file(const char *a, const char *b)
{
	struct stat x, y;

	return strcmp(a, "-") && strcmp(b, "-") && !stat(a, &x) &&
	       !stat(b, &y) && S_ISREG(x.st_mode) && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/* What the output says of itself; events may become more meanwhile. */
static void take_info(struct trace_info *to, const struct trace_source *src)
{
	const struct trace_info *info = trace_info(src);

	*to = *info;
	if (!*to->origin)
		snprintf(to->origin, sizeof(to->origin), "%s", info->format);
}

static int copy_records(struct copy *c, struct trace_source *src,
			struct trace_sink *sink, struct trace_info *info)
{
	static struct trace_record recs[BATCH];
	struct trace_error err = { 0 };
	long nr;
	int ret;

	while ((nr = trace_read(src, recs, BATCH, &err)) > 0) {
		c->nr_read += nr;
		c->sz_read = trace_counts(src)->sz_read;
		info->events = trace_info(src)->events;
		info->nr_events = trace_info(src)->nr_events;
		if (c->select->relative_first || c->select->relative_last)
			set_begin(c->select, recs, nr);
		nr = select_keep(c->select, recs, nr);
		ret = trace_sink_write(sink, recs, nr, &err);
		if (ret)
			return fail(c, ret, "%s: %s", c->out, err.text);
		c->nr_written += nr;
		if (c->progress)
			c->progress(c->progress_arg, c->nr_read, c->sz_read);
		c->interrupted = c->stop && *c->stop;
		if (c->interrupted)
			return 0;
	}
	c->sz_read = trace_counts(src)->sz_read;
	if (nr < 0)
		return fail(c, nr,
			    "%s: offset %llu: %s; %llu records before that "
			    "are in %s",
			    c->in, err.offset, err.text, c->nr_written, c->out);
	return 0;
}

static int copy_to(struct copy *c, struct trace_source *src)
{
	struct trace_error err = { 0 };
	struct trace_sink *sink;
	struct trace_info info;
	int ret, last;

	take_info(&info, src);
	ret = trace_sink_open(&sink, c->format, c->out, &info, &err);
	if (ret)
		return fail(c, ret, "%s: %s", c->out, err.text);
	if (c->level)
		trace_sink_set_level(sink, c->level);
	ret = copy_records(c, src, sink, &info);
	c->nr_skipped = trace_sink_skipped(sink);
	last = trace_sink_close(sink, &c->sz_written, &err);
	if (last)
		return fail(c, last, "%s: %s", c->out, err.text);
	return ret;
}

int copy_run(struct copy *c)
{
	struct trace_source *src;
	struct trace_error err = { 0 };
	int ret;

	*c->error = '\0';
	if (is_same_file(c->in, c->out))
		return fail(c, -EINVAL,
			    "%s is the input too: give the output another name",
			    c->out);
	ret = copy_open(&src, c->in, c->select, &err);
	if (ret == -EBADMSG)
		return fail(c, ret, "%s: offset %llu: %s", c->in, err.offset,
			    err.text);
	if (ret)
		return fail(c, ret, "%s: %s", c->in, strerror(-ret));
	ret = copy_to(c, src);
	trace_close(src);
	return ret;
}
