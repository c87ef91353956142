// SPDX-License-Identifier: GPL-2.0
/*
 * The moving window: where its bytes come from, and how it goes forward.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input.h"

/*
 * What is asked for at a time, measured: of a file in the page cache 1 MiB is
 * 7% of the whole time better than 256 KiB; what a pipe brought is in the cache
 * still, and stays there if the buffer leaves it room.
 */
#define SZ_READ_FILE INPUT_SZ_PEEK
#define SZ_READ_STREAM (256u << 10)

/* Where a window without bytes is: sums with NULL are undefined. */
static const u8 nowhere;

int input_open(struct input *in, const char *path)
{
	struct stat st;
	off_t at;
	int ret;

	*in = (struct input){ .limit = INPUT_NO_LIMIT };
	in->owns_fd = strcmp(path, "-");
	in->fd = in->owns_fd ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) :
			       STDIN_FILENO;
	if (in->fd < 0) {
		in->owns_fd = false;
		return -errno;
	}
	if (fstat(in->fd, &st)) {
		ret = -errno;
		goto close;
	}
	ret = -EISDIR;
	if (S_ISDIR(st.st_mode))
		goto close;
	in->regular = S_ISREG(st.st_mode);
	in->kind = INPUT_STREAM;
	in->size = INPUT_NO_LIMIT;
	at = in->regular ? lseek(in->fd, 0, SEEK_CUR) : -1;
	/* A size of zero says nothing about the files of proc. */
	if (at >= 0 && at < st.st_size) {
		in->kind = INPUT_FILE;
		in->base_offset = at;
		in->size = st.st_size - at;
		posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	} else {
		/* Half the cost of reading a pipe; it works without. */
		fcntl(in->fd, F_SETPIPE_SZ, (int)INPUT_SZ_PEEK);
	}
	in->buf = malloc(INPUT_SZ_PEEK);
	in->cur = in->end = in->buf;
	if (in->buf)
		return 0;
	ret = -ENOMEM;
close:
	input_close(in);
	return ret;
}

void input_open_memory(struct input *in, const void *buf, size_t len)
{
	if (!len)
		buf = &nowhere;
	*in = (struct input){
		.kind = INPUT_MEMORY,
		.fd = -1,
		.mem = buf,
		.cur = buf,
		.end = (const u8 *)buf + len,
		.end_offset = len,
		.size = len,
		.limit = INPUT_NO_LIMIT,
	};
}

void input_close(struct input *in)
{
	free(in->buf);
	in->buf = NULL;
	if (in->owns_fd)
		close(in->fd);
	in->owns_fd = false;
}

/* Return: bytes read, 0 at the end, -errno. */
static ssize_t read_some(struct input *in, u8 *to, size_t len, u64 offset)
{
	struct pollfd wait = { .fd = in->fd, .events = POLLIN };
	ssize_t ret;

	for (;;) {
		if (in->kind == INPUT_FILE)
			ret = pread(in->fd, to, len, in->base_offset + offset);
		else
			ret = read(in->fd, to, len);
		if (ret >= 0)
			return ret;
		/* Whoever gave us this end of the pipe may have set it so. */
		if (errno == EAGAIN)
			poll(&wait, 1, -1);
		else if (errno != EINTR)
			return -errno;
	}
}

int input_fill(struct input *in, size_t need)
{
	size_t have = input_left(in);
	u32 sz_read = in->kind == INPUT_FILE ? SZ_READ_FILE : SZ_READ_STREAM;

	if (have >= need)
		return 1;
	if (in->kind == INPUT_MEMORY)
		return 0;
	memmove(in->buf, in->cur, have);
	in->cur = in->buf;
	in->end = in->buf + have;
	while (have < need) {
		u64 room = INPUT_SZ_PEEK - have;
		ssize_t ret;

		if (room > sz_read)
			room = sz_read;
		if (room > in->limit - in->end_offset)
			room = in->limit - in->end_offset;
		if (!room)
			return 0;
		ret = read_some(in, in->buf + have, room, in->end_offset);
		if (ret <= 0)
			return ret;
		have += ret;
		in->end += ret;
		in->end_offset += ret;
	}
	return 1;
}

int input_skip(struct input *in, u64 nr)
{
	u64 end = in->size < in->limit ? in->size : in->limit;
	int ret;

	if (input_offset(in) > end || nr > end - input_offset(in))
		return 0;
	while (nr > input_left(in)) {
		nr -= input_left(in);
		in->cur = in->end;
		if (in->kind == INPUT_FILE) {
			in->end_offset += nr;
			return 1;
		}
		ret = input_fill(in, 1);
		if (ret <= 0)
			return ret;
	}
	in->cur += nr;
	return 1;
}

void input_set_limit(struct input *in, u64 offset)
{
	in->limit = offset;
	if (in->end_offset > offset) {
		in->end -= in->end_offset - offset;
		in->end_offset = offset;
	}
}

int input_read_at(struct input *in, void *buf, size_t len, u64 offset)
{
	u64 first = input_offset(in);
	size_t done = 0;
	ssize_t ret;

	switch (in->kind) {
	case INPUT_MEMORY:
		if (offset > in->size || len > in->size - offset)
			return 0;
		memcpy(buf, in->mem + offset, len);
		return 1;
	case INPUT_STREAM:
		if (offset < first || offset > in->end_offset ||
		    len > in->end_offset - offset)
			return 0;
		memcpy(buf, in->cur + (offset - first), len);
		return 1;
	case INPUT_FILE:
		break;
	}
	if (offset > in->size || len > in->size - offset)
		return 0;
	for (; done < len; done += ret) {
		ret = read_some(in, (u8 *)buf + done, len - done,
				offset + done);
		if (ret <= 0)
			return ret;
	}
	return 1;
}
