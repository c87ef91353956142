// SPDX-License-Identifier: GPL-2.0
/*
 * Captures larger than what is looked at at a time: several windows of a file,
 * a pipe many times its size, payload that is passed over, a file that becomes
 * shorter while it is read.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support_check.h"
#include "support_perf_data.h"

/* A record is 24 bytes, so that windows end inside one. */
#define NR_BEFORE 300000
#define NR_AFTER 1000
#define SZ_PAYLOAD (13u << 20)

static void build_large(struct build *b, bool pipe)
{
	static const u8 payload[SZ_PAYLOAD] = { 0xff };
	u32 i;

	build_init(b, 1);
	b->pipe = pipe;
	b->nr_events = 1;
	b->events[0].sample_type = PERF_SAMPLE_TIME | PERF_SAMPLE_ADDR;
	for (i = 0; i < NR_BEFORE + NR_AFTER; i++) {
		if (i == NR_BEFORE) {
			put_u64(b, &b->data,
				16ull << 48 | PERF_RECORD_AUXTRACE);
			put_u64(b, &b->data, SZ_PAYLOAD);
			bytes_add(&b->data, payload, SZ_PAYLOAD);
		}
		put_u64(b, &b->data, 24ull << 48 | PERF_RECORD_SAMPLE);
		put_u64(b, &b->data, i);
		put_u64(b, &b->data, ~(u64)i);
		if (i % 4096 == 0)
			build_round(b);
	}
	build_finish(b);
}

/* Check's assertions are a system call each.  Return: as trace_read(). */
static long read_rest(struct trace_source *src, u64 *nr,
		      struct trace_error *err)
{
	static struct trace_record recs[1000];
	long ret, i;

	while ((ret = trace_read(src, recs, 1000, err)) > 0)
		for (i = 0; i < ret; i++, ++*nr)
			if (recs[i].time_ns != *nr || recs[i].addr != ~*nr)
				ck_abort_msg("record %llu", *nr);
	return ret;
}

static int write_file(const struct build *b, char *path)
{
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, b->image.p, b->image.len), b->image.len);
	return fd;
}

START_TEST(many_windows)
{
	char path[] = "/tmp/test_perf_data_input.XXXXXX";
	struct trace_source *src;
	struct trace_error err;
	struct build b;
	u64 nr = 0;
	int fd;

	build_large(&b, _i);
	fd = write_file(&b, path);
	ck_assert_int_eq(trace_open(&src, path, &err), 0);
	unlink(path);
	ck_assert_msg(!read_rest(src, &nr, &err), "%s", err.text);
	ck_assert(nr == NR_BEFORE + NR_AFTER);
	trace_close(src);
	close(fd);
	build_fini(&b);
}
END_TEST

struct writer {
	struct bytes *image;
	int fd;
};

static void *write_all(void *arg)
{
	struct writer *w = arg;
	size_t done = 0;
	ssize_t ret;

	while (done < w->image->len) {
		ret = write(w->fd, w->image->p + done, w->image->len - done);
		if (ret <= 0)
			break;
		done += ret;
	}
	close(w->fd);
	return NULL;
}

START_TEST(many_buffers)
{
	struct trace_source *src;
	struct trace_error err;
	struct writer w;
	pthread_t thread;
	struct build b;
	u64 nr = 0;
	int ends[2];

	build_large(&b, _i & 1);
	if (_i & 2) /* in the payload */
		b.image.len -= NR_AFTER * 24 + (1 << 20);
	ck_assert_int_eq(pipe(ends), 0);
	w = (struct writer){ .image = &b.image, .fd = ends[1] };
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	ck_assert_int_eq(pthread_create(&thread, NULL, write_all, &w), 0);
	ck_assert_int_eq(trace_open(&src, "-", &err), 0);
	if (_i & 2) {
		ck_assert_int_eq(read_rest(src, &nr, &err), -EBADMSG);
		ck_assert_ptr_nonnull(strstr(err.text, "to pass over"));
		ck_assert(nr == NR_BEFORE);
	} else {
		ck_assert_msg(!read_rest(src, &nr, &err), "%s", err.text);
		ck_assert(nr == NR_BEFORE + NR_AFTER);
	}
	trace_close(src);
	/* What stands behind the data nobody reads. */
	close(STDIN_FILENO);
	pthread_join(thread, NULL);
	build_fini(&b);
}
END_TEST

/* Between two windows: then it is a capture cut short. */
START_TEST(file_becomes_shorter)
{
	char path[] = "/tmp/test_perf_data_input.XXXXXX";
	static struct trace_record recs[1000];
	struct trace_source *src;
	struct trace_error err;
	struct build b;
	u64 nr = 0;
	int fd;

	build_large(&b, _i);
	fd = write_file(&b, path);
	ck_assert_int_eq(trace_open(&src, path, &err), 0);
	unlink(path);
	nr = trace_read(src, recs, 1000, &err);
	ck_assert(nr > 0);
	ck_assert_int_eq(ftruncate(fd, 5000000), 0);
	ck_assert_int_eq(read_rest(src, &nr, &err), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(err.text, "the end of the "));
	ck_assert(nr > 5000000 / 24 - 100 && nr < 5000000 / 24);
	trace_close(src);
	close(fd);
	build_fini(&b);
}
END_TEST

/* Whatever is still held then is freed. */
START_TEST(closed_early)
{
	static struct trace_record recs[1000];
	struct trace_source *src;
	struct trace_error err;
	struct build b;
	int i;

	build_large(&b, false);
	ck_assert_int_eq(trace_open_mem(&src, b.image.p, b.image.len, &err), 0);
	for (i = 0; i < _i; i++)
		ck_assert(trace_read(src, recs, 1000, &err) > 0);
	trace_close(src);
	build_fini(&b);
}
END_TEST

/* Where the attributes of a file in a pipe would have to be kept too long. */
START_TEST(file_in_a_pipe_with_a_long_head)
{
	struct bytes moved = { 0 };
	struct trace_source *src;
	struct trace_error err;
	struct writer w;
	pthread_t thread;
	struct build b;
	u64 nr = 0;
	int ends[2];
	u32 i, gap = _i ? 1 << 20 : 500000;

	build_init(&b, 1);
	b.nr_events = 1;
	b.no_features = true;
	b.events[0].sample_type = PERF_SAMPLE_TIME | PERF_SAMPLE_ADDR;
	for (i = 0; i < 10; i++) {
		put_u64(&b, &b.data, 24ull << 48 | PERF_RECORD_SAMPLE);
		put_u64(&b, &b.data, i);
		put_u64(&b, &b.data, ~(u64)i);
	}
	build_finish(&b);
	poke_u64(&b, 40, b.data_at + gap);
	bytes_add(&moved, b.image.p, b.data_at);
	for (i = 0; i < gap; i++)
		bytes_add(&moved, "\xff", 1);
	bytes_add(&moved, b.image.p + b.data_at, b.image.len - b.data_at);
	ck_assert_int_eq(pipe(ends), 0);
	w = (struct writer){ .image = &moved, .fd = ends[1] };
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	ck_assert_int_eq(pthread_create(&thread, NULL, write_all, &w), 0);
	if (_i) {
		ck_assert_int_eq(trace_open(&src, "-", &err), -EBADMSG);
		ck_assert_ptr_nonnull(strstr(err.text, "cannot be read twice"));
	} else {
		ck_assert_int_eq(trace_open(&src, "-", &err), 0);
		ck_assert_int_eq(read_rest(src, &nr, &err), 0);
		ck_assert(nr == 10);
		trace_close(src);
	}
	close(STDIN_FILENO);
	pthread_join(thread, NULL);
	bytes_free(&moved);
	build_fini(&b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("perf_data input");
	TCase *t = tcase_create("input");

	/* A reader that has enough is no reason for a writer to die. */
	signal(SIGPIPE, SIG_IGN);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, many_windows, 0, 2);
	tcase_add_loop_test(t, many_buffers, 0, 4);
	tcase_add_loop_test(t, file_becomes_shorter, 0, 2);
	tcase_add_loop_test(t, closed_early, 0, 8);
	tcase_add_loop_test(t, file_in_a_pipe_with_a_long_head, 0, 2);
	suite_add_tcase(s, t);
	return support_run(s);
}
