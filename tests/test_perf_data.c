// SPDX-License-Identifier: GPL-2.0
/*
 * What was written is what is read: captures of chance, of either byte order,
 * as file and as stream, packed and not, with any fields in the samples.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support_check.h"
#include "support_perf_data.h"
#include "trace.h"

#define NR_SEEDS 600

static void choose_events(struct build *b)
{
	/* What all events must agree on, for their ids to be found. */
	const u64 head = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME |
			 PERF_SAMPLE_ADDR | PERF_SAMPLE_CPU |
			 PERF_SAMPLE_STREAM_ID;
	u64 same = build_random(b) & head, type;
	bool identifier = build_below(b, 2), plain = !build_below(b, 3);
	bool with_id = build_below(b, 3), trailers = build_below(b, 2);
	u32 i, k;

	if (build_below(b, 4))
		same |= PERF_SAMPLE_TIME;
	b->nr_events = 1 + build_below(b, 3);
	for (i = 0; i < b->nr_events; i++) {
		struct build_event *event = &b->events[i];

		type = build_random(b) & PERF_SAMPLE_KNOWN & ~head;
		if (build_below(b, 2))
			type &= build_random(b);
		type &= ~(u64)(PERF_SAMPLE_ID | PERF_SAMPLE_IDENTIFIER);
		type |= same;
		if (b->nr_events > 1 || with_id)
			type |= identifier ? PERF_SAMPLE_IDENTIFIER :
					     PERF_SAMPLE_ID;
		if (type & PERF_SAMPLE_WEIGHT)
			type &= ~(u64)PERF_SAMPLE_WEIGHT_STRUCT;
		if (plain)
			type &= ~(u64)(PERF_SAMPLE_CALLCHAIN |
				       PERF_SAMPLE_BRANCH_STACK |
				       PERF_SAMPLE_RAW | PERF_SAMPLE_REGS_USER |
				       PERF_SAMPLE_REGS_INTR |
				       PERF_SAMPLE_STACK_USER |
				       PERF_SAMPLE_AUX);
		*event = (struct build_event){
			.name = i ? "second" : "first",
			.type = build_below(b, 6),
			.config = build_below(b, 1u << 31),
			.period = build_random(b),
			.flags = build_random(b),
			.precise_ip = build_below(b, 4),
			.sample_type = type,
			.read_format = build_random(b) & PERF_FORMAT_KNOWN,
			.branch_type = build_random(b) & ~(1ull << 63),
			.regs_user = build_random(b),
			.regs_intr = build_random(b) & build_random(b),
		};
		/* The length does not tell which of two ways it was written. */
		if (type & PERF_SAMPLE_AUX)
			event->branch_type &= ~(u64)PERF_BRANCH_HW_INDEX;
		if (b->nr_events > 1 || with_id)
			event->nr_ids = 1 + build_below(b, 4);
		for (k = 0; k < event->nr_ids; k++)
			event->ids[k] = 1000 * i + k;
		event->flags &= ~PERF_ATTR_SAMPLE_ID_ALL;
		if (trailers)
			event->flags |= PERF_ATTR_SAMPLE_ID_ALL;
	}
}

static void build_by_chance(struct build *b, u64 seed)
{
	const u32 sizes[] = { 104, 112, 120, 128, 136, 200 };
	u32 i, nr;

	build_init(b, seed);
	b->big = build_below(b, 2);
	b->pipe = build_below(b, 2);
	b->packing = build_below(b, 3);
	b->sz_attr = sizes[build_below(b, 6)];
	choose_events(b);
	nr = 20 + build_below(b, 80);
	for (i = 0; i < nr; i++) {
		b->time_ns += build_below(b, 3);
		switch (build_below(b, 12)) {
		case 0:
		case 1:
			build_side_record(b);
			break;
		case 2:
			build_round(b);
			break;
		case 3:
			if (!build_below(b, 4))
				build_payload(b);
			break;
		default:
			build_sample(b, build_below(b, b->nr_events));
			break;
		}
	}
	build_finish(b);
}

static void same_record(const struct trace_record *got,
			const struct trace_record *want, u64 seed, size_t at)
{
	ck_assert_msg(!memcmp(got, want, sizeof(*got)),
		      "seed %llu record %zu: type %u/%u event %u/%u has %x/%x "
		      "mode %u/%u time %llu/%llu addr %llx/%llx phys "
		      "%llx/%llx src %llx/%llx nr %llx/%llx pid %x/%x tid "
		      "%x/%x cpu %x/%x weight %x/%x",
		      seed, at, got->type, want->type, got->event, want->event,
		      got->has, want->has, got->mode, want->mode, got->time_ns,
		      want->time_ns, got->addr, want->addr, got->phys_addr,
		      want->phys_addr, got->data_src, want->data_src, got->nr,
		      want->nr, got->pid, want->pid, got->tid, want->tid,
		      got->cpu, want->cpu, got->weight, want->weight);
}

static void same_info(const struct trace_info *info, const struct build *b)
{
	u32 i;

	ck_assert_str_eq(info->format,
			 b->pipe ? "perf.data (pipe)" : "perf.data");
	ck_assert_int_eq(info->byte_swapped,
			 b->big == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__));
	ck_assert_uint_eq(info->nr_events, b->nr_events);
	for (i = 0; i < b->nr_events; i++) {
		const struct trace_event *got = &info->events[i];
		const struct build_event *want = &b->events[i];

		ck_assert_uint_eq(got->type, want->type);
		ck_assert(got->config == want->config);
		ck_assert(got->period_or_freq == want->period);
		ck_assert(got->sample_type == want->sample_type);
		ck_assert_int_eq(got->freq, !!(want->flags & PERF_ATTR_FREQ));
		ck_assert_uint_eq(got->precise_ip, want->precise_ip);
	}
}

/* What only the features say, which a file's reader needs to seek for. */
static void same_features(const struct trace_info *info, const struct build *b)
{
	const char *const pmus[] = { "cpu", "software", "tracepoint",
				     "cpu", "cpu",	"breakpoint" };
	u32 i;

	ck_assert_str_eq(info->hostname, "host");
	ck_assert_str_eq(info->os_release, "6.18.0");
	ck_assert_str_eq(info->arch, b->big ? "s390x" : "x86_64");
	ck_assert_str_eq(info->cpu_desc, "a processor");
	ck_assert_str_eq(info->cpuid, "AuthenticAMD,25,17,1");
	ck_assert_str_eq(info->cmdline, "perf record");
	ck_assert_uint_eq(info->nr_cpus_online, 4);
	ck_assert(info->total_mem_bytes == 1ull << 30);
	ck_assert_int_eq(info->compressed, b->packing != PACK_NOT);
	for (i = 0; i < b->nr_events; i++) {
		ck_assert_str_eq(info->events[i].name, b->events[i].name);
		ck_assert_str_eq(info->events[i].pmu,
				 pmus[info->events[i].type]);
	}
}

static void same_counts(const struct trace_counts *got,
			const struct trace_counts *want)
{
	ck_assert(got->nr_records == want->nr_records);
	ck_assert(got->nr_samples == want->nr_samples);
	ck_assert(got->nr_lost == want->nr_lost);
	ck_assert(got->nr_lost_samples == want->nr_lost_samples);
	ck_assert(got->nr_throttle == want->nr_throttle);
	ck_assert(got->nr_unthrottle == want->nr_unthrottle);
	ck_assert(got->nr_skipped == want->nr_skipped);
	ck_assert(got->nr_late == 0);
	ck_assert(got->sz_read == want->sz_read);
}

static void read_back(struct build *b, struct trace_source *src, u64 seed,
		      bool features)
{
	struct trace_record recs[16];
	struct trace_error err;
	size_t nr = 0;
	long i, ret;

	same_info(trace_info(src), b);
	if (features)
		same_features(trace_info(src), b);
	for (;;) {
		size_t want = 1 + build_below(b, 16);

		ret = trace_read(src, recs, want, &err);
		ck_assert_msg(ret >= 0, "seed %llu at %llu: %s", seed,
			      err.offset, err.text);
		ck_assert(ret <= want);
		if (!ret)
			break;
		for (i = 0; i < ret; i++, nr++) {
			ck_assert_uint_lt(nr, b->nr_expected);
			same_record(&recs[i], &b->expected[nr], seed, nr);
		}
	}
	ck_assert_uint_eq(nr, b->nr_expected);
	same_counts(trace_counts(src), &b->counts);
	ck_assert_int_eq(trace_read(src, recs, 1, &err), 0);
}

START_TEST(read_as_written)
{
	u64 seed;

	for (seed = 0; seed < NR_SEEDS; seed++) {
		struct trace_source *src;
		struct trace_error err;
		struct build b;

		build_by_chance(&b, seed);
		ck_assert_msg(
			!trace_open_mem(&src, b.image.p, b.image.len, &err),
			"seed %llu at %llu: %s", seed, err.offset, err.text);
		ck_assert(!trace_can_reopen(src));
		read_back(&b, src, seed, true);
		trace_close(src);
		build_fini(&b);
	}
}
END_TEST

START_TEST(read_from_a_file)
{
	char path[] = "/tmp/test_perf_data.XXXXXX";
	u64 seed;
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	for (seed = 1000; seed < 1040; seed++) {
		struct trace_source *src;
		struct trace_error err;
		struct build b;

		build_by_chance(&b, seed);
		ck_assert_int_eq(ftruncate(fd, 0), 0);
		ck_assert_int_eq(pwrite(fd, b.image.p, b.image.len, 0),
				 b.image.len);
		ck_assert_int_eq(trace_open(&src, path, &err), 0);
		ck_assert(trace_can_reopen(src));
		read_back(&b, src, seed, true);
		trace_close(src);
		build_fini(&b);
	}
	close(fd);
	unlink(path);
}
END_TEST

struct writer {
	struct build *b;
	int fd;
	const char *path; /* or this, to be opened */
	u64 random;
};

static void *write_pieces(void *arg)
{
	struct writer *w = arg;
	struct bytes *image = &w->b->image;
	size_t done = 0;

	if (w->path)
		w->fd = open(w->path, O_WRONLY);
	while (done < image->len) {
		size_t len = 1 + (w->random = w->random * 69069 + 1) % 3000;

		if (len > image->len - done)
			len = image->len - done;
		if (write(w->fd, image->p + done, len) != len)
			break;
		done += len;
	}
	close(w->fd);
	return NULL;
}

/* The head of a file comes first, its features after all is said and done. */
START_TEST(read_from_a_pipe)
{
	u64 seed;

	for (seed = 2000; seed < 2080; seed++) {
		struct trace_source *src;
		struct trace_error err;
		struct writer w;
		pthread_t thread;
		struct build b;
		int ends[2];

		build_by_chance(&b, seed);
		ck_assert_int_eq(pipe(ends), 0);
		w = (struct writer){ .b = &b, .fd = ends[1], .random = seed };
		ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
		close(ends[0]);
		fcntl(STDIN_FILENO, F_SETFL, seed & 1 ? O_NONBLOCK : 0);
		ck_assert_int_eq(
			pthread_create(&thread, NULL, write_pieces, &w), 0);
		ck_assert_int_eq(trace_open(&src, "-", &err), 0);
		ck_assert(!trace_can_reopen(src));
		read_back(&b, src, seed, b.pipe);
		trace_close(src);
		pthread_join(thread, NULL);
		build_fini(&b);
	}
}
END_TEST

START_TEST(read_from_a_fifo)
{
	char path[] = "/tmp/test_perf_data.XXXXXX";
	struct trace_source *src;
	struct trace_error err;
	struct writer w;
	pthread_t thread;
	struct build b;

	ck_assert_ptr_nonnull(mkdtemp(path));
	ck_assert_int_eq(chdir(path), 0);
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	build_typical(&b, false, true, PACK_NOT);
	w = (struct writer){ .b = &b, .path = "fifo" };
	ck_assert_int_eq(pthread_create(&thread, NULL, write_pieces, &w), 0);
	ck_assert_int_eq(trace_open(&src, "fifo", &err), 0);
	read_back(&b, src, 0, false);
	trace_close(src);
	pthread_join(thread, NULL);
	build_fini(&b);
	unlink("fifo");
	rmdir(path);
}
END_TEST

/* A file may start behind something else that was read from the same input. */
START_TEST(read_from_the_middle)
{
	char path[] = "/tmp/test_perf_data.XXXXXX";
	struct trace_source *src;
	struct trace_error err;
	struct build b;
	int fd = mkstemp(path);

	unlink(path);
	build_typical(&b, false, false, PACK_COMPRESSED);
	ck_assert_int_eq(write(fd, "something else", 14), 14);
	ck_assert_int_eq(write(fd, b.image.p, b.image.len), b.image.len);
	ck_assert_int_eq(lseek(fd, 14, SEEK_SET), 14);
	ck_assert_int_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	close(fd);
	ck_assert_int_eq(trace_open(&src, "-", &err), 0);
	read_back(&b, src, 0, false);
	trace_close(src);
	build_fini(&b);
}
END_TEST

/*
 * More out of one compressed record than the buffer that it goes through; and
 * so much out of the last that zstd has taken all of it and given all but the
 * few bytes that the rest of the one before has the room of.
 */
START_TEST(packed_tightly)
{
	const size_t sz = _i ? 500000 : 256 << 10;
	static const u8 dull[56];
	struct trace_source *src;
	struct trace_error err;
	struct build b;

	build_init(&b, 1);
	b.packing = PACK_COMPRESSED;
	b.nr_events = 1;
	b.events[0].name = "event";
	b.events[0].sample_type = PERF_SAMPLE_TIME | PERF_SAMPLE_CPU;
	while (b.records.len < sz + 100) {
		if (b.counts.nr_records % 100 == 0) {
			b.time_ns++;
			build_sample(&b, 0);
		} else {
			build_record(&b, 40, 0, dull, sizeof(dull));
			b.counts.nr_skipped++;
		}
	}
	build_sample(&b, 0);
	build_pack_first(&b, b.records.len - sz);
	build_pack_first(&b, sz);
	build_finish(&b);
	ck_assert_int_eq(trace_open_mem(&src, b.image.p, b.image.len, &err), 0);
	read_back(&b, src, 0, true);
	trace_close(src);
	build_fini(&b);
}
END_TEST

/*
 * What ran before perf started: a record with a trailer that nobody filled,
 * which keeps its place in the file.
 */
START_TEST(made_up_by_perf)
{
	struct trace_record recs[3];
	struct trace_source *src;
	struct bytes body = { 0 };
	struct trace_error err;
	struct build b;

	build_init(&b, 1);
	b.nr_events = 1;
	b.events[0] = (struct build_event){
		.sample_type =
			PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU,
		.flags = PERF_ATTR_SAMPLE_ID_ALL,
	};
	build_sample(&b, 0);
	put_u32(&b, &body, 11);
	put_u32(&b, &body, 12);
	put_u64(&b, &body, 0x1000);
	put_u64(&b, &body, 0x2000);
	put_u64(&b, &body, 0);
	put_u64(&b, &body, 0x1234567812345678);
	put_u64(&b, &body, _i ? ~0ull : 0); /* time */
	put_u64(&b, &body, 3); /* cpu */
	build_record(&b, PERF_RECORD_MMAP, 2, body.p, body.len);
	b.time_ns++;
	build_sample(&b, 0);
	build_finish(&b);
	ck_assert_int_eq(trace_open_mem(&src, b.image.p, b.image.len, &err), 0);
	ck_assert_int_eq(trace_read(src, recs, 3, &err), 3);
	ck_assert_uint_eq(recs[1].type, TRACE_MMAP);
	ck_assert_uint_eq(recs[1].has, TRACE_HAS_TID | TRACE_HAS_ADDR);
	ck_assert(recs[1].time_ns == 0 && recs[1].cpu == 0);
	ck_assert(recs[1].pid == 11 && recs[1].tid == 12);
	ck_assert(recs[1].addr == 0x1000 && recs[1].nr == 0x2000);
	ck_assert(trace_counts(src)->nr_late == 0);
	trace_close(src);
	bytes_free(&body);
	build_fini(&b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("perf_data");
	TCase *t = tcase_create("read");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, read_as_written);
	tcase_add_loop_test(t, packed_tightly, 0, 2);
	tcase_add_loop_test(t, made_up_by_perf, 0, 2);
	tcase_add_test(t, read_from_a_file);
	tcase_add_test(t, read_from_a_pipe);
	tcase_add_test(t, read_from_a_fifo);
	tcase_add_test(t, read_from_the_middle);
	suite_add_tcase(s, t);
	return support_run(s);
}
