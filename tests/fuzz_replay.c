// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as a capture, replayed whole and reported: no crash, no leak, and
 * every sample that was read is accounted for.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "replay/replay.h"
#include "report/replay_json.h"
#include "report/replay_text.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz);

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz)
{
	struct replay_text how = { .cols = 30, .rows = 5, .nr_areas = 5 };
	struct replay_options opt = { .ring_capacity = 16,
				      .keep_going = true,
				      .phys = sz % 2 };
	struct damon_balance b;
	struct replay_error err;
	struct replay r;
	char path[32];
	FILE *null;
	int fd = memfd_create("capture", 0), ret;

	assert(fd >= 0 && write(fd, data, sz) == (ssize_t)sz);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	opt.path = path;
	ret = replay_run(&r, &opt, &err);
	if (ret) {
		assert(*err.text);
	} else {
		replay_balance(&r, &b);
		assert(damon_balance_holds(&b));
		assert(b.raised == trace_counts(r.src)->nr_samples);
		null = fopen("/dev/null", "w");
		assert(null && !replay_text(null, &r, &how));
		assert(!replay_json(null, &r, 10, 5));
		fclose(null);
	}
	replay_fini(&r);
	close(fd);
	return 0;
}
