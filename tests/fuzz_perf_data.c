// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as a capture: no crash, no leak, no endless loop; each record is
 * delivered once or skipped, and a fault stays a fault.
 *
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined \
 *	-fno-sanitize-recover=all -D_GNU_SOURCE -Itraces -Iinclude \
 *	tests/fuzz_perf_data.c traces/[a-z]*.c -lzstd -o fuzz_perf_data
 *   ./fuzz_perf_data -max_len=16384 found tests/corpus/perf_data/
 */
#include <assert.h>
#include <errno.h>

#include "trace.h"

/*
 * zstd makes of a few bytes more records than a run has time for, and rightly
 * so: there the run is given up.
 */
#define NR_RECORDS_MAX 200000

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz);

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz)
{
	static struct trace_record recs[1000];
	const struct trace_counts *counts;
	struct trace_source *src;
	struct trace_error err = { 0 };
	size_t batch = sz % 1000 + 1;
	u64 nr = 0, nr_late = 0, latest = 0;
	long ret, again, i;

	if (trace_open_mem(&src, data, sz, &err)) {
		assert(err.text[0]);
		return 0;
	}
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
		if (nr > NR_RECORDS_MAX || counts->nr_skipped > NR_RECORDS_MAX)
			goto close;
	}
	assert(ret == 0 || ret == -EBADMSG);
	assert(ret == 0 || err.text[0]);
	assert(nr + counts->nr_skipped == counts->nr_records);
	assert(nr_late == counts->nr_late);
	again = trace_read(src, recs, batch, &err);
	assert(again == ret);
close:
	trace_close(src);
	return 0;
}
