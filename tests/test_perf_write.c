// SPDX-License-Identifier: GPL-2.0
/*
 * Records that are written as perf.data come back, but for what perf_write.c
 * says: to a file and through a pipe, whatever they hold; a writer that fails
 * or dies leaves what it wrote.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink.h"
#include "support_check.h"
#include "support_native.h"

#define NR 20000
#define NR_EVENTS 3u

#define FIELDS                                                               \
	(TRACE_HAS_TIME | TRACE_HAS_ADDR | TRACE_HAS_PHYS_ADDR |             \
	 TRACE_HAS_DATA_SRC | TRACE_HAS_IP | TRACE_HAS_TID | TRACE_HAS_CPU | \
	 TRACE_HAS_WEIGHT | TRACE_HAS_HW_VALID)
#define TRAILER (TRACE_HAS_TIME | TRACE_HAS_TID | TRACE_HAS_CPU)

static struct trace_record recs[NR], expected[NR], back[NR];
static u16 event_of[1024]; /* by the number that came back */

static const enum native_like likes[] = { LIKE_FAULTS, LIKE_IBS, LIKE_NOISE,
					  LIKE_RARE };

/* The second event is the one that has registers. */
static void info_init(struct trace_info *info)
{
	native_info_init(info, NR_EVENTS);
	strcpy(info->os_release, "6.1");
	strcpy(info->cpuid, "AuthenticAMD,25,17,1");
	strcpy(info->events[1].pmu, "ibs_op");
	info->events[1].type = 11;
	info->events[1].config1 = 5;
	info->events[1].precise_ip = 2;
	info->events[0].sample_type = 0;
}

/* Times go forward, as the order of equal ones is all that is kept. */
static void draw(enum native_like like, u64 seed)
{
	size_t i;

	native_draw(recs, NR, like, seed);
	for (i = 0; i < NR; i++) {
		recs[i].time_ns = 1000 + i / 2;
		recs[i].has &= FIELDS | TRACE_HAS_EXEC;
	}
}

/* What the format carries of a sample. */
static void expect_sample(struct trace_record *r, const struct trace_record *in)
{
	u32 has = in->has & FIELDS;

	if (in->event != 1)
		has &= ~TRACE_HAS_HW_VALID;
	if (!in->phys_addr)
		has &= ~TRACE_HAS_PHYS_ADDR;
	r->has = has;
	r->time_ns = has & TRACE_HAS_TIME ? in->time_ns : 0;
	r->addr = has & TRACE_HAS_ADDR ? in->addr : 0;
	r->phys_addr = has & TRACE_HAS_PHYS_ADDR ? in->phys_addr : 0;
	r->data_src = has & TRACE_HAS_DATA_SRC ? in->data_src : 0;
	r->ip = has & TRACE_HAS_IP ? in->ip : 0;
	r->pid = has & TRACE_HAS_TID ? in->pid : 0;
	r->tid = has & TRACE_HAS_TID ? in->tid : 0;
	r->cpu = has & TRACE_HAS_CPU ? in->cpu : 0;
	r->weight = has & TRACE_HAS_WEIGHT ? in->weight : 0;
}

/* And of another record. */
static void expect_side(struct trace_record *r, const struct trace_record *in)
{
	bool task = in->type >= TRACE_MMAP;
	char name[TRACE_SZ_COMM];

	r->has = in->has & TRAILER;
	r->time_ns = r->has & TRACE_HAS_TIME ? in->time_ns : 0;
	r->cpu = r->has & TRACE_HAS_CPU ? in->cpu : 0;
	if (task)
		r->has |= TRACE_HAS_TID;
	r->pid = r->has & TRACE_HAS_TID ? in->pid : 0;
	r->tid = r->has & TRACE_HAS_TID ? in->tid : 0;
	switch (in->type) {
	case TRACE_MMAP:
		r->has |= TRACE_HAS_ADDR;
		r->addr = in->addr;
		r->nr = in->nr;
		break;
	case TRACE_LOST:
	case TRACE_LOST_SAMPLES:
		r->nr = in->nr;
		break;
	case TRACE_FORK:
	case TRACE_EXIT:
		r->ppid = in->ppid;
		break;
	case TRACE_COMM:
		r->has |= in->has & TRACE_HAS_EXEC;
		trace_get_comm(in, name);
		if (!*name)
			snprintf(name, sizeof(name), ":%u", in->tid);
		trace_set_comm(r, name, sizeof(name));
		break;
	}
}

static size_t expect(void)
{
	size_t i, nr = 0;

	for (i = 0; i < NR; i++) {
		const struct trace_record *in = &recs[i];
		struct trace_record r = {
			.type = in->type,
			.event = in->event,
			.mode = in->mode & 7,
		};

		if (in->type >= TRACE_CPU_ONLINE)
			continue;
		if (r.mode > TRACE_MODE_GUEST_USER)
			r.mode = TRACE_MODE_UNKNOWN;
		if (in->type == TRACE_SAMPLE)
			expect_sample(&r, in);
		else
			expect_side(&r, in);
		expected[nr++] = r;
	}
	return nr;
}

/* The writer introduces processes that only samples tell of. */
static bool is_made_up(const struct trace_record *r)
{
	if (r->has & TRACE_HAS_TIME || r->mode != TRACE_MODE_USER)
		return false;
	return (r->type == TRACE_COMM && r->pid == r->tid) ||
	       (r->type == TRACE_MMAP && r->addr == 0x1000 &&
		r->nr == 0x7ffffffff000 - 0x1000);
}

static void write_all(const char *path, size_t batch, u64 *nr_skipped)
{
	struct trace_error err = { 0 };
	struct trace_sink *sink;
	struct trace_info info;
	size_t at, part;

	info_init(&info);
	ck_assert_int_eq(trace_sink_open(&sink, "perf.data", path, &info, &err),
			 0);
	for (at = 0; at < NR; at += part) {
		part = NR - at < batch ? NR - at : batch;
		ck_assert_msg(!trace_sink_write(sink, recs + at, part, &err),
			      "%s", err.text);
	}
	*nr_skipped = trace_sink_skipped(sink);
	ck_assert_int_eq(trace_sink_close(sink, NULL, &err), 0);
	native_info_fini(&info);
}

static void check_info(const struct trace_info *info)
{
	struct trace_info was;
	u32 i, k;

	info_init(&was);
	ck_assert_str_eq(info->hostname, was.hostname);
	ck_assert_str_eq(info->os_release, was.os_release);
	ck_assert_str_eq(info->arch, was.arch);
	ck_assert_str_eq(info->cpuid, was.cpuid);
	ck_assert_str_eq(info->cmdline, was.cmdline);
	ck_assert_uint_eq(info->nr_cpus_online, was.nr_cpus_online);
	ck_assert_uint_eq(info->total_mem_bytes, was.total_mem_bytes);
	ck_assert_uint_ge(info->nr_events, was.nr_events);
	for (i = 0; i < info->nr_events; i++) {
		const struct trace_event *e = &info->events[i], *f;

		for (k = 0; k < was.nr_events; k++)
			if (!strcmp(e->name, was.events[k].name))
				break;
		ck_assert_uint_lt(k, was.nr_events);
		/* The first kind of each keeps its number. */
		if (i < was.nr_events)
			ck_assert_uint_eq(k, i);
		event_of[i] = k;
		f = &was.events[k];
		ck_assert_str_eq(e->pmu, f->pmu);
		ck_assert_uint_eq(e->type, f->type);
		ck_assert_uint_eq(e->config, f->config);
		ck_assert_uint_eq(e->config1, f->config1);
		ck_assert_uint_eq(e->freq, f->freq);
		ck_assert_uint_eq(e->period_or_freq, f->period_or_freq);
		ck_assert_uint_eq(e->precise_ip, f->precise_ip);
	}
	native_info_fini(&was);
}

/* Without those that were made up; the rest keeps its event's old number. */
static size_t take_back(struct trace_source *src)
{
	struct trace_record some[1000];
	struct trace_error err;
	size_t nr = 0;
	long ret, i;

	while ((ret = trace_read(src, some, 1000, &err)) > 0)
		for (i = 0; i < ret; i++) {
			some[i].event = event_of[some[i].event];
			if (is_made_up(&some[i]))
				continue;
			ck_assert_uint_lt(nr, NR);
			back[nr++] = some[i];
		}
	ck_assert_msg(!ret, "%s", err.text);
	ck_assert_uint_eq(trace_counts(src)->nr_late, 0);
	return nr;
}

static void check_same(size_t nr_expected, size_t nr)
{
	size_t i, k = 0;

	for (i = 0; i < nr_expected; i++) {
		if (is_made_up(&expected[i]))
			continue;
		ck_assert_uint_lt(k, nr);
		ck_assert_msg(!memcmp(&expected[i], &back[k], sizeof(*back)),
			      "record %zu, type %u: has %#x, became %#x", i,
			      expected[i].type, expected[i].has, back[k].has);
		k++;
	}
	ck_assert_uint_eq(k, nr);
}

START_TEST(file)
{
	char path[] = "/tmp/damonsim-test-XXXXXX";
	struct trace_error err;
	struct trace_source *src;
	size_t nr;
	u64 nr_skipped;

	close(mkstemp(path));
	draw(likes[_i % 4], _i);
	write_all(path, 1 + _i * 777, &nr_skipped);
	nr = expect();
	ck_assert_uint_eq(nr_skipped, NR - nr);
	ck_assert_int_eq(trace_open(&src, path, &err), 0);
	ck_assert_str_eq(trace_info(src)->format, "perf.data");
	check_info(trace_info(src));
	check_same(nr, take_back(src));
	trace_close(src);
	unlink(path);
}
END_TEST

static struct {
	u8 *p;
	size_t len;
} image;

static void *slurp(void *path)
{
	int fd = open(path, O_RDONLY);
	ssize_t ret;

	image.p = malloc(NR * 300);
	image.len = 0;
	while ((ret = read(fd, image.p + image.len, 65536)) > 0)
		image.len += ret;
	close(fd);
	return NULL;
}

/*
 * Nothing that a record has is another one's, or gone; what it lacks is 0, and
 * its data source none.
 */
static void check_more(size_t nr_expected, size_t nr)
{
	size_t i, k = 0;

	for (i = 0; i < nr_expected; i++) {
		struct trace_record *b = &back[k], *e = &expected[i];

		if (is_made_up(e))
			continue;
		ck_assert_uint_lt(k, nr);
		ck_assert_uint_eq(e->type, b->type);
		if (e->type == TRACE_SAMPLE)
			ck_assert_uint_eq(e->has & ~b->has, 0);
		if (!(e->has & TRACE_HAS_TIME))
			b->time_ns = 0;
		if (b->has & ~e->has & TRACE_HAS_DATA_SRC) {
			ck_assert_uint_eq(b->data_src, 0x1e05080021);
			b->data_src = 0;
		}
		b->has = e->has;
		if (e->type == TRACE_SAMPLE)
			ck_assert_msg(!memcmp(e, b, sizeof(*b)), "record %zu",
				      i);
		k++;
	}
	ck_assert_uint_eq(k, nr);
}

START_TEST(stream)
{
	char dir[] = "/tmp/damonsim-test-XXXXXX", path[64];
	struct trace_error err;
	struct trace_source *src;
	pthread_t reader;
	size_t nr;
	u64 nr_skipped;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/fifo", dir);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	pthread_create(&reader, NULL, slurp, path);
	draw(likes[_i % 4], _i);
	write_all(path, 5000, &nr_skipped);
	pthread_join(reader, NULL);
	nr = expect();
	ck_assert_int_eq(trace_open_mem(&src, image.p, image.len, &err), 0);
	ck_assert_str_eq(trace_info(src)->format, "perf.data (pipe)");
	check_info(trace_info(src));
	check_more(nr, take_back(src));
	trace_close(src);
	free(image.p);
	unlink(path);
	rmdir(dir);
}
END_TEST

/* Written once more from what was read, it is the same file. */
START_TEST(again)
{
	char path[2][32];
	struct trace_error err;
	struct trace_source *src;
	struct trace_sink *sink;
	struct stat a, b;
	u64 nr_skipped;
	int i;
	long ret;

	for (i = 0; i < 2; i++) {
		strcpy(path[i], "/tmp/damonsim-test-XXXXXX");
		close(mkstemp(path[i]));
	}
	draw(likes[_i % 2], _i);
	write_all(path[0], 1000, &nr_skipped);
	ck_assert_int_eq(trace_open(&src, path[0], &err), 0);
	ck_assert_int_eq(trace_sink_open(&sink, "perf.data", path[1],
					 trace_info(src), &err),
			 0);
	while ((ret = trace_read(src, back, 1000, &err)) > 0)
		ck_assert_int_eq(trace_sink_write(sink, back, ret, &err), 0);
	ck_assert_int_eq(ret, 0);
	ck_assert_int_eq(trace_sink_close(sink, NULL, &err), 0);
	trace_close(src);
	stat(path[0], &a);
	stat(path[1], &b);
	ck_assert_int_lt(labs((long)(a.st_size - b.st_size)), 200000);
	ck_assert_int_eq(trace_open(&src, path[1], &err), 0);
	check_info(trace_info(src));
	check_same(expect(), take_back(src));
	trace_close(src);
	unlink(path[0]);
	unlink(path[1]);
}
END_TEST

static size_t count_readable(const char *path, int *end)
{
	struct trace_record some[1000];
	struct trace_error err;
	struct trace_source *src;
	size_t nr = 0;
	long ret;

	*end = trace_open(&src, path, &err);
	if (*end)
		return 0;
	while ((ret = trace_read(src, some, 1000, &err)) > 0)
		nr += ret;
	*end = ret;
	trace_close(src);
	return nr;
}

/*
 * A disk that is full at any point; what is left is a capture.  It has its end
 * if there is room, without which one of ibs_op cannot be read.
 */
#define SZ_END 100000
START_TEST(full_disk)
{
	char path[] = "/tmp/damonsim-test-XXXXXX";
	struct rlimit limit, was;
	struct trace_error err = { 0 };
	struct trace_sink *sink;
	struct trace_info info;
	bool ibs = _i % 2;
	size_t nr, saved = 0;
	int ret, end;

	close(mkstemp(path));
	draw(LIKE_FAULTS, 1);
	info_init(&info);
	if (!ibs)
		info.events[1].pmu[0] = '\0';
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	limit = was;
	limit.rlim_cur = _i * 50000;
	setrlimit(RLIMIT_FSIZE, &limit);
	ret = trace_sink_open(&sink, "perf.data", path, &info, &err);
	ck_assert_int_eq(ret, 0);
	ret = trace_sink_write(sink, recs, NR, &err);
	ck_assert_int_eq(trace_sink_close(sink, NULL, &err), ret);
	setrlimit(RLIMIT_FSIZE, &was);
	ck_assert_int_eq(ret, -EFBIG);
	native_info_fini(&info);
	ck_assert_ptr_nonnull(strstr(err.text, "saved are"));
	sscanf(strstr(err.text, "saved are"), "saved are %zu", &saved);
	nr = count_readable(path, &end);
	if (saved && (!ibs || err.offset + SZ_END < limit.rlim_cur)) {
		ck_assert_int_eq(end, 0);
		ck_assert_uint_ge(nr, saved);
	}
	if (_i > 10)
		ck_assert_uint_gt(saved, 0);
	unlink(path);
}
END_TEST

/* The writer is killed: what it had put is there. */
START_TEST(killed)
{
	char path[] = "/tmp/damonsim-test-XXXXXX";
	struct trace_error err;
	struct trace_sink *sink;
	struct trace_info info;
	int end;

	close(mkstemp(path));
	draw(LIKE_FAULTS, 1);
	info_init(&info);
	info.events[1].pmu[0] = '\0';
	ck_assert_int_eq(trace_sink_open(&sink, "perf.data", path, &info, &err),
			 0);
	ck_assert_int_eq(trace_sink_write(sink, recs, NR, &err), 0);
	ck_assert_uint_gt(count_readable(path, &end), NR / 2);
	ck_assert_int_eq(end, 0);
	ck_assert_int_eq(trace_sink_close(sink, NULL, &err), 0);
	ck_assert_uint_gt(count_readable(path, &end), NR - NR / 50);
	ck_assert_int_eq(end, 0);
	native_info_fini(&info);
	unlink(path);
}
END_TEST

START_TEST(nothing)
{
	char path[] = "/tmp/damonsim-test-XXXXXX";
	struct trace_info info = { .nr_events = 0 };
	struct trace_error err;
	struct trace_sink *sink;
	int end;

	close(mkstemp(path));
	ck_assert_int_eq(trace_sink_open(&sink, "perf.data", path, &info, &err),
			 0);
	ck_assert_int_eq(trace_sink_close(sink, NULL, &err), 0);
	ck_assert_uint_eq(count_readable(path, &end), 0);
	ck_assert_int_eq(end, 0);
	unlink(path);
}
END_TEST

/* An event that comes late: a file takes it, a stream says why not. */
START_TEST(late_event)
{
	char path[] = "/tmp/damonsim-test-XXXXXX";
	struct trace_error err;
	struct trace_source *src;
	struct trace_sink *sink;
	struct trace_info info;
	int ret;

	close(mkstemp(path));
	draw(LIKE_IBS, 1);
	info_init(&info);
	info.nr_events = 1;
	recs[0].event = 0;
	ck_assert_int_eq(trace_sink_open(&sink, "perf.data",
					 _i ? "/dev/null" : path, &info, &err),
			 0);
	ck_assert_int_eq(trace_sink_write(sink, recs, 1, &err), 0);
	info.nr_events = 3;
	ret = trace_sink_write(sink, recs, NR, &err);
	ck_assert_int_eq(ret, _i ? -EINVAL : 0);
	ck_assert_int_eq(trace_sink_close(sink, NULL, &err), ret);
	if (_i) {
		ck_assert_ptr_nonnull(strstr(err.text, "event 1"));
	} else {
		ck_assert_int_eq(trace_open(&src, path, &err), 0);
		ck_assert_uint_ge(trace_info(src)->nr_events, 3);
		trace_close(src);
	}
	native_info_fini(&info);
	unlink(path);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("perf_write");
	TCase *t = tcase_create("round trip");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, file, 0, 12);
	tcase_add_loop_test(t, stream, 0, 8);
	tcase_add_loop_test(t, again, 0, 2);
	suite_add_tcase(s, t);
	t = tcase_create("failures");
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, full_disk, 0, 24);
	tcase_add_test(t, killed);
	tcase_add_test(t, nothing);
	tcase_add_loop_test(t, late_event, 0, 2);
	suite_add_tcase(s, t);
	return support_run(s);
}
