// SPDX-License-Identifier: GPL-2.0
/* See outfile.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/outfile.h"

/* Written at once. */
#define SZ_WRITE (256u << 10)

int outfile_open(struct outfile *f, const char *dir, const char *name)
{
	*f = (struct outfile){ .fd = -1 };
	if (snprintf(f->path, sizeof(f->path), "%s/%s", dir, name) >=
	    (int)sizeof(f->path))
		return f->err = -ENAMETOOLONG;
	f->fd = open(f->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (f->fd < 0)
		f->err = -errno;
	return f->err;
}

/* Return: 0; -errno.  *@done is how far it came. */
static int write_all(int fd, const char *buf, size_t len, size_t *done)
{
	ssize_t n;

	for (*done = 0; *done < len; *done += n) {
		n = write(fd, buf + *done, len - *done);
		if (n < 0 && errno == EINTR)
			n = 0;
		if (n < 0)
			return -errno;
	}
	return 0;
}

/* Write up to the last mark; on failure go back to one that can be the last. */
static void flush(struct outfile *f)
{
	size_t len = f->nr_held ? f->mark[f->nr_held - 1] : 0, done;
	u32 nr;

	if (f->err || !len)
		return;
	f->err = write_all(f->fd, f->buf, len, &done);
	for (nr = f->nr_held; nr; nr--)
		if (f->mark[nr - 1] + OUTFILE_SZ_TAIL <= done)
			break;
	if (nr) {
		f->safe = f->written + f->mark[nr - 1];
		f->nr_safe = f->nr_marks + nr;
	}
	f->written = f->err ? f->safe : f->written + len;
	f->nr_marks = f->err ? f->nr_safe : f->nr_marks + f->nr_held;
	f->nr_held = 0;
	f->len -= len;
	memmove(f->buf, f->buf + len, f->len);
}

static bool reserve(struct outfile *f, size_t len)
{
	size_t max = f->max ? f->max : SZ_WRITE;
	char *grown;

	while (f->len + len > max)
		max *= 2;
	if (max == f->max)
		return true;
	grown = realloc(f->buf, max);
	if (!grown) {
		f->err = -ENOMEM;
		return false;
	}
	f->buf = grown;
	f->max = max;
	return true;
}

void outfile_put(struct outfile *f, const char *fmt, ...)
{
	va_list args;
	int len;

	if (f->err || !reserve(f, 512))
		return;
	va_start(args, fmt);
	len = vsnprintf(f->buf + f->len, f->max - f->len, fmt, args);
	va_end(args);
	if (len >= (int)(f->max - f->len)) {
		if (!reserve(f, len + 1))
			return;
		va_start(args, fmt);
		vsnprintf(f->buf + f->len, f->max - f->len, fmt, args);
		va_end(args);
	}
	f->len += len;
}

void outfile_mark(struct outfile *f)
{
	u32 max = f->max_held ? 2 * f->max_held : 1024;
	size_t *grown;

	if (f->err)
		return;
	if (f->nr_held == f->max_held) {
		grown = realloc(f->mark, max * sizeof(*grown));
		if (!grown) {
			f->err = -ENOMEM;
			return;
		}
		f->mark = grown;
		f->max_held = max;
	}
	f->mark[f->nr_held++] = f->len;
	if (f->len >= SZ_WRITE)
		flush(f);
}

/* Over what may stand there, and only then shorter: that asks for no room. */
static int end_with(struct outfile *f, const char *tail)
{
	size_t len = strlen(tail), done;
	int err;

	if (lseek(f->fd, f->written, SEEK_SET) < 0)
		return -errno;
	err = write_all(f->fd, tail, len, &done);
	if (!err && ftruncate(f->fd, f->written + len))
		err = -errno;
	return err;
}

int outfile_close(struct outfile *f, const char *tail)
{
	int err;

	if (f->fd < 0)
		return f->err;
	flush(f);
	err = end_with(f, tail);
	if (err && f->written != f->safe) {
		f->written = f->safe;
		f->nr_marks = f->nr_safe;
		end_with(f, tail);
	}
	f->err = f->err ? f->err : err;
	/* An empty file would only look like a result. */
	if (f->err && !f->written)
		unlink(f->path);
	if (close(f->fd) && !f->err)
		f->err = -errno;
	f->fd = -1;
	free(f->buf);
	free(f->mark);
	f->buf = NULL;
	f->mark = NULL;
	return f->err;
}
