// SPDX-License-Identifier: GPL-2.0
/*
 * Text as perf script prints it becomes the records that it was printed of:
 * for any choice of fields, any comm, cut at any byte, in any input.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support_check.h"
#include "support_perf_text.h"

static struct trace_record back[4000];
static u32 nr_events;

/* Return: how many came; *@ret how it ended. */
static size_t read_text(const char *p, size_t len, long *ret,
			struct trace_error *err)
{
	struct trace_source *src;
	size_t nr = 0, batch = 1 + len % 7;

	*err = (struct trace_error){ 0 };
	*ret = trace_open_mem(&src, p, len, err);
	if (*ret)
		return 0;
	ck_assert_str_eq(trace_info(src)->format, "perf script");
	while ((*ret = trace_read(src, back + nr, batch, err)) > 0) {
		nr += *ret;
		ck_assert_uint_lt(nr, 3900);
	}
	ck_assert_uint_eq(nr + trace_counts(src)->nr_skipped,
			  trace_counts(src)->nr_records);
	nr_events = trace_info(src)->nr_events;
	trace_close(src);
	return nr;
}

static void check_same(const struct text *t, size_t nr)
{
	size_t i;

	for (i = 0; i < nr && i < t->nr_expected; i++) {
		struct trace_record b = back[i];

		b.event = 0; /* their order is chance */
		ck_assert_msg(
			!memcmp(&b, &t->expected[i], sizeof(b)),
			"record %zu, line %u: has %#x, became %#x\n%.200s", i,
			t->line_of[i] + 1, t->expected[i].has, b.has, t->p);
	}
}

static void draw(struct text *t, u64 seed, u32 nr)
{
	u32 i;

	text_init(t, seed);
	text_draw_fields(t);
	for (i = 0; i < nr; i++)
		text_sample(t);
	for (i = 0; i < nr / 10 && !t->fields.misc; i++) {
		text_side(t);
		text_sample(t);
	}
}

START_TEST(any_fields)
{
	struct trace_error err;
	struct text t;
	size_t nr;
	long ret;

	draw(&t, _i, 200);
	nr = read_text(t.p, t.len, &ret, &err);
	check_same(&t, nr);
	ck_assert_msg(!ret, "%s\n%.300s", err.text, t.p);
	ck_assert_uint_eq(nr, t.nr_expected);
	text_fini(&t);
}
END_TEST

START_TEST(line_ends)
{
	struct trace_error err;
	struct text t;
	size_t nr, i, len = 0;
	char *crlf;
	long ret;

	draw(&t, _i, 50);
	crlf = malloc(2 * t.len);
	for (i = 0; i < t.len; i++) {
		if (t.p[i] == '\n')
			crlf[len++] = '\r';
		crlf[len++] = t.p[i];
	}
	nr = read_text(crlf, len, &ret, &err);
	check_same(&t, nr);
	ck_assert_int_eq(ret, 0);
	ck_assert_uint_eq(nr, t.nr_expected);
	free(crlf);
	text_fini(&t);
}
END_TEST

static u64 line_in(const struct trace_error *err)
{
	unsigned long long line = 0;

	ck_assert_int_eq(sscanf(err->text, "line %llu:", &line), 1);
	return line;
}

/* Cut at every byte: a fault in the line that is cut, never a half number. */
START_TEST(every_prefix)
{
	struct trace_error err;
	struct text t;
	size_t len, nr, i, line = 1, line_at = 0;
	long ret;

	draw(&t, _i, 12);
	for (len = 1; len < t.len; len++) {
		if (t.p[len - 1] == '\n') {
			line++;
			line_at = len;
		}
		nr = read_text(t.p, len, &ret, &err);
		if (len == line_at) {
			/* Too few lines may leave a number open. */
			ck_assert_msg(!ret || strstr(err.text, "may be"), "%s",
				      err.text);
			continue;
		}
		ck_assert_int_eq(ret, -EBADMSG);
		if (strstr(err.text, "may be"))
			continue;
		ck_assert_uint_eq(line_in(&err), line);
		if (nr)
			ck_assert_uint_eq(err.offset, line_at);
		/* And all whole ones are there. */
		for (i = 0; i < t.nr_expected && t.line_of[i] < line; i++)
			;
		ck_assert_uint_ge(nr + !nr, i ? 1 : 0);
		if (nr)
			ck_assert_uint_ge(nr, i);
		if (!t.fields.chain)
			check_same(&t, i < nr ? i : nr);
	}
	text_fini(&t);
}
END_TEST

/* By way of a file and of a pipe, longer than the window. */
START_TEST(inputs)
{
	char path[] = "/tmp/damonsim-test-XXXXXX", command[64];
	struct trace_error err;
	struct trace_source *src;
	struct text t;
	size_t nr = 0, i;
	long ret;
	FILE *f;

	text_init(&t, 7);
	t.fields = (struct text_fields){ .comm = true,
					 .tid = true,
					 .time = true,
					 .event = true,
					 .addr = true,
					 .ip = true,
					 .sym = true,
					 .dso = true,
					 .sz_tid = 5 };
	for (i = 0; i < 30000; i++)
		text_sample(&t);
	ck_assert_uint_gt(t.len, 2u << 20);
	close(mkstemp(path));
	f = fopen(path, "w");
	ck_assert_uint_eq(fwrite(t.p, 1, t.len, f), t.len);
	fclose(f);
	if (_i) {
		snprintf(command, sizeof(command), "cat %s", path);
		f = popen(command, "r");
		dup2(fileno(f), STDIN_FILENO);
	}
	ck_assert_int_eq(trace_open(&src, _i ? "-" : path, &err), 0);
	while ((ret = trace_read(src, back, 2000, &err)) > 0) {
		for (i = 0; i < ret; i++) {
			back[i].event = 0;
			ck_assert(!memcmp(&back[i], &t.expected[nr + i],
					  sizeof(*back)));
		}
		nr += ret;
	}
	ck_assert_int_eq(ret, 0);
	ck_assert_uint_eq(nr, t.nr_expected);
	ck_assert_uint_eq(trace_counts(src)->sz_read, t.len);
	trace_close(src);
	if (_i)
		pclose(f);
	unlink(path);
	text_fini(&t);
}
END_TEST

#define ONE \
	"  ls     7 [000]     1.000000: f:     7f0000001000 ffffffff81000000"

/* A line as long as can be, and one that is longer. */
START_TEST(long_line)
{
	struct trace_error err;
	size_t nr, len = 0, sz = _i ? (1u << 20) + 100 : 1000000;
	char *p = malloc(sz + 1000);
	long ret;

	len += sprintf(p, "%s\n", ONE);
	len += sprintf(p + len, "%s ", ONE);
	memset(p + len, 'x', sz);
	len += sz;
	len += sprintf(p + len, " (dso)\n%s\n", ONE);
	nr = read_text(p, len, &ret, &err);
	ck_assert_int_eq(ret, _i ? -EBADMSG : 0);
	ck_assert_uint_eq(nr, _i ? 1 : 3);
	ck_assert_uint_eq(back[nr - 1].addr, 0x7f0000001000);
	if (_i)
		ck_assert_uint_eq(line_in(&err), 2);
	free(p);
}
END_TEST

static const struct {
	const char *text;
	size_t len; /* 0: as the string has it */
	u32 nr; /* records before the fault */
	const char *error;
} faults[] = {
	{ "hello\n", 0, 0, "line 1: found 'hello', expected a line" },
	{ "# comment\n\nhello\n", 0, 0, "line 3: found 'hello'" },
	{ ONE "\nhello\n", 0, 1, "line 2: found 'hello'" },
	{ ONE "\n" ONE, 0, 1, "line 2: found the end of the input" },
	{ ONE "\nab\0cd\n", sizeof(ONE "\nab\0cd\n") - 1, 1,
	  "line 2: found a byte of 0" },
	{ ONE "\n\n\tffffffff81000000 x\n", 0, 1,
	  "line 3: found a callchain, expected its sample" },
	{ ONE "\n\thello\n", 0, 1, "line 2: found 'hello', expected an entry" },
	{ ONE "\n ls 7 [000] 1.000000: PERF_RECORD_COMM: x\n", 0, 1,
	  "line 2: found a PERF_RECORD_COMM, expected its fields" },
	{ ONE "\n ls 7 [000] 1.000000: PERF_RECORD_FORK(7:7)\n", 0, 1,
	  "line 2: found a PERF_RECORD_FORK" },
	{ ONE "\n ls 7 [000] 1.000000: PERF_RECORD_MMAP 7/7: [7(0x1)\n", 0, 1,
	  "line 2: found a PERF_RECORD_MMAP" },
	{ ONE "\n ls 7 [000] 1.000000: PERF_RECORD_LOST 7\n", 0, 1,
	  "line 2: found a PERF_RECORD_LOST" },
	/* Blanks gone: nobody knows what is what. */
	{ "ls 7 [000] 1.000000: f: 7f0000001000 ffffffff81000000\n", 0, 0,
	  "line 1: found numbers in other columns" },
	{ "     1.000000:             1000\n", 0, 0,
	  "line 1: found one number" },
	{ "     1.000000:     12345abcd\n", 0, 0, "other columns" },
	/* Was it cc1's address, or an address and an instruction? */
	{ "             cc1     7f0000001000\n", 0, 0, "found one number" },
	{ "\x1b[1mred\n", 0, 0, "expected a capture: " },
	{ " \xff\xfe\xfd\n", 0, 0, "line 1: found '...'" },
	{ "99999999999999999999.000000: f: 1\n", 0, 0, "line 1: " },
};

#define NR_FAULTS (sizeof(faults) / sizeof(faults[0]))

START_TEST(fault)
{
	size_t len = faults[_i].len ? faults[_i].len : strlen(faults[_i].text);
	struct trace_error err;
	size_t nr;
	long ret;

	nr = read_text(faults[_i].text, len, &ret, &err);
	ck_assert_int_eq(ret, -EBADMSG);
	ck_assert_uint_eq(nr, faults[_i].nr);
	ck_assert_msg(strstr(err.text, faults[_i].error), "%s", err.text);
}
END_TEST

/* Only threads are printed: the process is known from what came before. */
START_TEST(process_of_thread)
{
	static const char text[] =
		"  x     7 [000]     1.000000: PERF_RECORD_FORK(5:7):(5:5)\n"
		"  x     7 [000]     1.000001: f:     7f0000001000\n"
		"  x     8 [000]     1.000002: f:     7f0000001000\n"
		"  x     8 [000]     1.000003: PERF_RECORD_COMM: a:b:6/8\n"
		"  x     8 [000]     1.000004: f:     7f0000001000\n";
	struct trace_error err;
	long ret;

	ck_assert_uint_eq(read_text(text, sizeof(text) - 1, &ret, &err), 5);
	ck_assert_int_eq(ret, 0);
	/* No event but that of the samples. */
	ck_assert_uint_eq(nr_events, 1);
	ck_assert_uint_eq(back[1].pid, 5);
	ck_assert_uint_eq(back[1].tid, 7);
	ck_assert_uint_eq(back[2].pid, 8);
	ck_assert_uint_eq(back[4].pid, 6);
}
END_TEST

START_TEST(header)
{
	static const char text[] = "# ========\n"
				   "# hostname : h\n"
				   "# os release : 6.1\n"
				   "# arch : x86_64\n"
				   "# nrcpus online : 4\n"
				   "# cpudesc : a processor\n"
				   "# cpuid : AuthenticAMD,25,17,1\n"
				   "# total memory : 1024 kB\n"
				   "# cmdline : perf record\n"
				   "#\n" ONE "\n";
	const struct trace_info *info;
	struct trace_source *src;
	struct trace_error err;

	ck_assert_int_eq(trace_open_mem(&src, text, sizeof(text) - 1, &err), 0);
	info = trace_info(src);
	ck_assert_str_eq(info->hostname, "h");
	ck_assert_str_eq(info->os_release, "6.1");
	ck_assert_str_eq(info->arch, "x86_64");
	ck_assert_str_eq(info->cpu_desc, "a processor");
	ck_assert_str_eq(info->cpuid, "AuthenticAMD,25,17,1");
	ck_assert_str_eq(info->cmdline, "perf record");
	ck_assert_uint_eq(info->nr_cpus_online, 4);
	ck_assert_uint_eq(info->total_mem_bytes, 1 << 20);
	trace_close(src);
}
END_TEST

static const struct {
	const char *name;
	u32 type;
	u64 config;
	const char *pmu;
	u8 precise_ip;
} names[] = {
	{ "page-faults:u", 1, 2, "software", 0 },
	{ "cpu-clock/freq=49/", 1, 0, "software", 0 },
	{ "cycles:upp", 0, 0, "cpu", 2 },
	{ "cycles:P", 0, 0, "cpu", 3 },
	{ "cpu/mem-loads,ldlat=30/P", 4, 0, "cpu", 3 },
	{ "ibs_op//", 4, 0, "ibs_op", 0 },
	{ "sched:sched_pp", 4, 0, "", 0 },
	{ "sched:upp_x", 4, 0, "", 0 },
};

START_TEST(event_name)
{
	const struct trace_event *e;
	struct trace_source *src;
	struct trace_error err;
	char text[128];

	sprintf(text, "     7     1.000000: %s:     7f0000001000\n",
		names[_i].name);
	ck_assert_int_eq(trace_open_mem(&src, text, strlen(text), &err), 0);
	ck_assert_uint_eq(trace_info(src)->nr_events, 1);
	e = trace_info(src)->events;
	ck_assert_str_eq(e->name, names[_i].name);
	ck_assert_uint_eq(e->type, names[_i].type);
	ck_assert_uint_eq(e->config, names[_i].config);
	ck_assert_str_eq(e->pmu, names[_i].pmu);
	ck_assert_uint_eq(e->precise_ip, names[_i].precise_ip);
	trace_close(src);
}
END_TEST

/* As a perf of 6.1 printed it. */
START_TEST(golden)
{
	static const char text[] =
		"              ls 31168 17662.464647:          1 page-faults:"
		"     7ffcf3e5aea9 [unknown] ([stack])      1e05080021 |OP N/A"
		"|LVL N/A or N/A|SNP N/A|TLB N/A|LCK N/A|BLK  N/A"
		"               0 ffffffff81b75d98 _copy_to_user+0x28 "
		"([kernel.kallsyms])        1258cb108\n"
		"  [kernel.kallsyms][ffffffff817554ea]\n"
		"            :102   102 [001]     1.000005:       1000 "
		"ibs_op//:"
		"     7f0000000140800000002a9b4a02 |OP LOAD|LVL LFB/MAB or L3 "
		"or "
		"Remote RAM (2 hops) or Remote Cache (2 hops) or I/O|"
		"              15           401005 [unknown] "
		"(/tmp/perf-100.map)         1000140\n"
		"PERF_RECORD_FINISHED_ROUND\n"
		"ls 31174     7fbd83641910\n"
		"\t           1ba07\n"
		"\t           1ab78\n"
		"\n";
	struct trace_error err;
	long ret;

	ck_assert_uint_eq(read_text(text, sizeof(text) - 1, &ret, &err), 3);
	ck_assert_msg(!ret, "%s", err.text);
	ck_assert_uint_eq(back[0].addr, 0x7ffcf3e5aea9);
	ck_assert_uint_eq(back[0].data_src, 0x1e05080021);
	ck_assert_uint_eq(back[0].ip, 0xffffffff81b75d98);
	ck_assert_uint_eq(back[0].phys_addr, 0x1258cb108);
	ck_assert_uint_eq(back[0].time_ns, 17662464647000);
	ck_assert_uint_eq(back[0].mode, TRACE_MODE_KERNEL);
	ck_assert_uint_eq(back[1].addr, 0x7f0000000140);
	ck_assert_uint_eq(back[1].data_src, 0x800000002a9b4a02);
	ck_assert_uint_eq(back[1].weight, 15);
	ck_assert_uint_eq(back[1].ip, 0x401005);
	ck_assert_uint_eq(back[1].phys_addr, 0x1000140);
	ck_assert_uint_eq(back[2].addr, 0x7fbd83641910);
	ck_assert_uint_eq(back[2].has & TRACE_HAS_IP, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("perf_text");
	TCase *t = tcase_create("round trip");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, any_fields, 0, 120);
	tcase_add_loop_test(t, line_ends, 0, 10);
	tcase_add_loop_test(t, every_prefix, 0, 10);
	tcase_add_loop_test(t, inputs, 0, 2);
	tcase_add_test(t, golden);
	suite_add_tcase(s, t);
	t = tcase_create("lines");
	tcase_add_loop_test(t, long_line, 0, 2);
	tcase_add_loop_test(t, fault, 0, NR_FAULTS);
	tcase_add_test(t, process_of_thread);
	tcase_add_test(t, header);
	tcase_add_loop_test(t, event_name, 0, sizeof(names) / sizeof(names[0]));
	suite_add_tcase(s, t);
	return support_run(s);
}
