/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bytes of a capture: a window that moves forward over a file, a pipe or a
 * piece of memory.
 *
 * All but memory is read into one buffer of fixed size.  Mapping a file four
 * megabytes at a time instead saves 2 ns of 10 for a record of 64 bytes (Zen 4,
 * page cache in large folios) and nothing where the folios are small; but then
 * a file that somebody shortens meanwhile ends the program with SIGBUS.  Read,
 * it is a capture cut short.
 *
 * Not here: any knowledge of what the bytes are.  Private to this folder.
 */
#ifndef INPUT_H
#define INPUT_H

#include <linux/types.h>

/*
 * The most that input_fill() can be asked for: as far as a stream can be looked
 * at before a byte of it is given up.
 */
#define INPUT_SZ_PEEK (1u << 20)

#define INPUT_NO_LIMIT (~0ull)

enum input_kind {
	INPUT_MEMORY,
	INPUT_FILE,
	INPUT_STREAM,
};

/*
 * @cur, @end:	unread bytes at hand; the owner moves @cur forward itself
 * @end_offset:	where @end is, in bytes from the start of the input
 * @limit:	bytes at and after this offset are never shown
 * @size:	of the whole input, INPUT_NO_LIMIT while that is not known
 */
struct input {
	const u8 *cur, *end;
	u64 end_offset;
	u64 limit;
	u64 size;
	enum input_kind kind;
	bool regular;
	bool owns_fd;
	int fd;
	u64 base_offset; /* file: of the first byte */
	const u8 *mem; /* memory: all of it */
	u8 *buf; /* file and stream: INPUT_SZ_PEEK bytes */
};

/* Return: 0 or -errno.  "-" is standard input. */
int input_open(struct input *in, const char *path);

/* @buf stays the caller's and must live until input_close(). */
void input_open_memory(struct input *in, const void *buf, size_t len);

void input_close(struct input *in);

static inline size_t input_left(const struct input *in)
{
	return in->end - in->cur;
}

/* Of the next unread byte. */
static inline u64 input_offset(const struct input *in)
{
	return in->end_offset - input_left(in);
}

static inline bool input_seekable(const struct input *in)
{
	return in->kind != INPUT_STREAM;
}

/*
 * Have at least @need bytes at hand, at most INPUT_SZ_PEEK.
 * Return: 1; 0 if the input or the limit ends before that, with what there is
 * at hand; -errno.
 */
int input_fill(struct input *in, size_t need);

/*
 * Go forward.
 * Return: 1; 0 if the input or the limit ends before that; -errno.
 */
int input_skip(struct input *in, u64 nr);

/* Show nothing from @offset on, which is not before the next unread byte. */
void input_set_limit(struct input *in, u64 offset);

/*
 * Bytes from anywhere, without moving; of a stream, only such that are at hand.
 * Return: 1; 0 if the input does not hold them; -errno.
 */
int input_read_at(struct input *in, void *buf, size_t len, u64 offset);

#endif
