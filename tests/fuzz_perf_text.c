// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as text of perf script: no crash, no leak, no endless loop; each
 * record is delivered once or skipped, a fault names its line and stays.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "trace.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz);

/* A fault is in a line that the text has. */
static void check_fault(const struct trace_error *err, const u8 *data,
			size_t sz)
{
	unsigned long long line = 0, nr_lines = 1;
	size_t i;

	for (i = 0; i < sz; i++)
		nr_lines += data[i] == '\n';
	assert(err->offset <= sz);
	assert(sscanf(err->text, "line %llu: ", &line) == 1);
	assert(line && line <= nr_lines);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz)
{
	static struct trace_record recs[1000];
	const struct trace_counts *counts;
	struct trace_error err = { 0 };
	struct trace_source *src;
	size_t batch = sz % 1000 + 1;
	u64 nr = 0, nr_late = 0, latest = 0;
	long ret, i;

	if (trace_open_mem(&src, data, sz, &err)) {
		assert(err.text[0]);
		return 0;
	}
	if (strcmp(trace_info(src)->format, "perf script"))
		goto close;
	counts = trace_counts(src);
	while ((ret = trace_read(src, recs, batch, &err)) > 0) {
		assert(ret <= batch);
		for (i = 0; i < ret; i++) {
			assert(recs[i].type < TRACE_NR_TYPES);
			assert(recs[i].event < trace_info(src)->nr_events);
			if (!(recs[i].has & TRACE_HAS_TIME))
				assert(!recs[i].time_ns);
			else if (recs[i].time_ns < latest)
				nr_late++;
			else
				latest = recs[i].time_ns;
		}
		nr += ret;
	}
	assert(ret == 0 || ret == -EBADMSG);
	if (ret)
		check_fault(&err, data, sz);
	assert(nr + counts->nr_skipped == counts->nr_records);
	assert(nr_late == counts->nr_late);
	assert(trace_read(src, recs, batch, &err) == ret);
close:
	trace_close(src);
	return 0;
}
