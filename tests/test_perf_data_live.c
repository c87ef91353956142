// SPDX-License-Identifier: GPL-2.0
/*
 * Captures that perf itself makes here and now: every sample has the time and
 * the address that perf script prints, in the same order.  Without a perf that
 * may record there is nothing to do.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support_check.h"
#include "trace.h"

/* Software events and page faults: that works in any machine. */
#define FAULTS "-e minor-faults -c 1 -d --phys-data --sample-cpu -T "
#define WORK "-- sh -c 'ls -lR /usr/include >&2'"

#define CHAINS "-d -e minor-faults -c 1 -g --call-graph dwarf,1024 "

static const char *const captures[] = {
	FAULTS "-o file ",
	FAULTS "-z -o file ",
	FAULTS "-z -o - ",
	"-a -g -d -e minor-faults -e context-switches -c 1 -o file ",
	"-a -d -e cpu-clock -e page-faults -F 2000 --sample-cpu -o - ",
	CHAINS "-o file ",
};

#define NR_CAPTURES ((int)(sizeof(captures) / sizeof(captures[0])))

static char dir[] = "/tmp/test_perf_data_live.XXXXXX";

static bool perf_records(void)
{
	return !system("perf record -q -e minor-faults -c 1 -d --phys-data -z "
		       "-o file -- true >log 2>&1 && perf script -i file "
		       "-F time,addr --ns >log 2>&1");
}

/* Return: false at the end of perf's list. */
static bool next_line(FILE *script, u64 *time_ns, u64 *addr)
{
	char line[512];
	unsigned long long s, ns, a;

	/* A callchain follows in lines of its own, and an empty one. */
	while (fgets(line, sizeof(line), script)) {
		if (sscanf(line, " %llu.%llu: %llx", &s, &ns, &a) != 3)
			continue;
		*time_ns = s * 1000000000 + ns;
		*addr = a;
		return true;
	}
	return false;
}

static void compare(struct trace_source *src, FILE *script, const char *how)
{
	struct trace_record recs[100];
	u64 time_ns, addr, nr = 0, latest = 0, nr_late = 0;
	struct trace_error err;
	long i, ret;

	while ((ret = trace_read(src, recs, 100, &err)) > 0) {
		for (i = 0; i < ret; i++) {
			if (recs[i].has & TRACE_HAS_TIME) {
				nr_late += recs[i].time_ns < latest;
				if (recs[i].time_ns > latest)
					latest = recs[i].time_ns;
			}
			if (recs[i].type != TRACE_SAMPLE)
				continue;
			ck_assert_msg(next_line(script, &time_ns, &addr),
				      "%s: more than perf's %llu", how, nr);
			ck_assert_msg(recs[i].time_ns == time_ns &&
					      recs[i].addr == addr,
				      "%s: sample %llu: %llu %llx, perf says "
				      "%llu %llx",
				      how, nr, recs[i].time_ns, recs[i].addr,
				      time_ns, addr);
			nr++;
		}
	}
	ck_assert_msg(!ret, "%s: %s", how, err.text);
	ck_assert_msg(!next_line(script, &time_ns, &addr),
		      "%s: perf has more than %llu", how, nr);
	ck_assert_msg(nr > 100, "%s: only %llu samples", how, nr);
	ck_assert(trace_counts(src)->nr_samples == nr);
	/* On a busy machine perf too leaves some behind their round. */
	ck_assert(trace_counts(src)->nr_late == nr_late);
}

START_TEST(as_perf_script)
{
	const char *how = captures[_i];
	struct trace_source *src;
	struct trace_error err;
	char command[512];
	FILE *script;

	snprintf(command, sizeof(command), "perf record -q %s" WORK " %s 2>log",
		 how, strstr(how, "-o - ") ? ">file" : ">/dev/null");
	ck_assert_int_eq(system(command), 0);
	ck_assert_int_eq(trace_open(&src, "file", &err), 0);
	script = popen("perf script -i file -F time,addr --ns 2>log", "r");
	ck_assert_ptr_nonnull(script);
	compare(src, script, how);
	pclose(script);
	trace_close(src);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("perf_data live");
	TCase *t = tcase_create("live");
	int failed;

	if (!mkdtemp(dir) || chdir(dir))
		return 1;
	if (!perf_records()) {
		puts("perf_data live: skipped, there is no perf that records");
		failed = 0;
	} else {
		tcase_set_timeout(t, 60);
		tcase_add_loop_test(t, as_perf_script, 0, NR_CAPTURES);
		suite_add_tcase(s, t);
		failed = support_run(s);
	}
	unlink("file");
	unlink("file.old");
	unlink("log");
	rmdir(dir);
	return failed;
}
