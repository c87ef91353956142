// SPDX-License-Identifier: GPL-2.0
/*
 * Opening a trace to be written, and the bytes of it.
 *
 * What a failure leaves behind is cut back to what makes a readable file, where
 * the output can be cut, and is told either way.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink_ops.h"
#include "source.h"

static const struct sink_ops *const formats[] = {
	&native_sink_ops,
	&perf_data_sink_ops,
};

#define NR_FORMATS (sizeof(formats) / sizeof(formats[0]))

#define LEVEL_DEFAULT 9

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), sz_end = strlen(end);

	return len > sz_end && !strcmp(text + len - sz_end, end);
}

/* NULL: as the path says, or the first. */
static const struct sink_ops *find_format(const char *name, const char *path)
{
	size_t i;

	for (i = 0; i < NR_FORMATS; i++)
		if (name ? !strcmp(formats[i]->name, name) :
			   ends_with(path, formats[i]->suffix))
			return formats[i];
	return name ? NULL : formats[0];
}

static int open_file(struct trace_sink *sink)
{
	struct stat st;

	sink->owns_fd = strcmp(sink->path, "-");
	sink->fd = STDOUT_FILENO;
	if (sink->owns_fd)
		sink->fd = open(sink->path,
				O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
					O_NOCTTY,
				0666);
	if (sink->fd < 0)
		return -errno;
	/* Somebody else's standard output may have something before. */
	sink->seekable =
		sink->owns_fd && !fstat(sink->fd, &st) && S_ISREG(st.st_mode);
	return 0;
}

/* The first failure stays. */
static int keep_failure(struct trace_sink *sink, int ret,
			struct trace_error *err)
{
	if (ret && !sink->err) {
		sink->err = ret;
		sink->error = *err;
		sink->error.offset = sink->sz_saved;
		if (sink->seekable &&
		    ftruncate(sink->fd, (off_t)sink->sz_saved))
			sink->seekable = false;
	}
	if (sink->err)
		*err = sink->error;
	return sink->err;
}

int trace_sink_open(struct trace_sink **out, const char *format,
		    const char *path, const struct trace_info *info,
		    struct trace_error *err)
{
	const struct sink_ops *ops = find_format(format, path);
	struct trace_sink *sink;
	int ret;

	*err = (struct trace_error){ 0 };
	if (!ops) {
		trace_fault(err, 0, "no format '%s' is written here", format);
		return -EINVAL;
	}
	sink = calloc(1, sizeof(*sink));
	if (!sink)
		return trace_system_fault(err, 0, "open", -ENOMEM);
	sink->ops = ops;
	sink->info = info;
	sink->path = path;
	sink->level = LEVEL_DEFAULT;
	ret = open_file(sink);
	if (ret) {
		trace_system_fault(err, 0, "open", ret);
		free(sink);
		return ret;
	}
	ret = ops->open(sink, err);
	if (!ret) {
		*out = sink;
		return 0;
	}
	keep_failure(sink, ret, err);
	trace_sink_close(sink, NULL, err);
	return ret;
}

void trace_sink_set_level(struct trace_sink *sink, int level)
{
	sink->level = level;
}

int trace_sink_write(struct trace_sink *sink, const struct trace_record *recs,
		     size_t nr, struct trace_error *err)
{
	if (sink->err || !nr)
		return keep_failure(sink, 0, err);
	return keep_failure(sink, sink->ops->write(sink, recs, nr, err), err);
}

u64 trace_sink_skipped(const struct trace_sink *sink)
{
	return sink->nr_skipped;
}

int trace_sink_close(struct trace_sink *sink, u64 *sz, struct trace_error *err)
{
	struct trace_error unsaid = { 0 };
	int ret = sink->ops->close(sink, &unsaid);

	ret = keep_failure(sink, ret, sink->err ? err : &unsaid);
	if (sink->owns_fd && close(sink->fd) && !ret)
		ret = trace_system_fault(&unsaid, sink->offset, "close",
					 -errno);
	if (ret)
		*err = sink->err ? sink->error : unsaid;
	if (sz)
		*sz = sink->offset;
	free(sink);
	return ret;
}

static int put_failed(struct trace_sink *sink, int ret, struct trace_error *err)
{
	trace_fault(err, sink->sz_saved,
		    "write failed: %s; saved are %llu records in %llu bytes",
		    strerror(-ret), sink->nr_saved, sink->sz_saved);
	return ret;
}

int sink_put(struct trace_sink *sink, const void *buf, size_t len,
	     struct trace_error *err)
{
	struct pollfd wait = { .fd = sink->fd, .events = POLLOUT };
	const char *p = buf;
	ssize_t ret;

	while (len) {
		ret = write(sink->fd, p, len);
		if (ret >= 0) {
			p += ret;
			len -= ret;
			sink->offset += ret;
		} else if (errno == EAGAIN) {
			poll(&wait, 1, -1);
		} else if (errno != EINTR) {
			return put_failed(sink, -errno, err);
		}
	}
	return 0;
}

int sink_put_at(struct trace_sink *sink, u64 offset, const void *buf,
		size_t len, struct trace_error *err)
{
	const char *p = buf;
	ssize_t ret;

	while (len) {
		ret = pwrite(sink->fd, p, len, (off_t)offset);
		if (ret < 0 && errno == EINTR)
			continue;
		if (ret < 0)
			return put_failed(sink, -errno, err);
		p += ret;
		len -= ret;
		offset += ret;
	}
	return 0;
}
