// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as a litmus test: no crash, no leak; what is refused says where and
 * what was expected; what is accepted is run for a while under each model.
 *
 *   make O=build build/fuzz/fuzz_litmus
 *   build/fuzz/fuzz_litmus -max_len=2048 -dict=tests/fuzz_litmus.dict \
 *	found tests/corpus/litmus
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "explore/litmus.h"

#define RUNS 500

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz);

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz)
{
	char error[LITMUS_ERROR_MAX];
	struct litmus_test *t = NULL;
	struct litmus_result r;
	u64 sum;
	u32 model, i;
	int err;

	err = litmus_parse(&t, (const char *)data, sz, "fuzz", error);
	if (err) {
		assert(err == -EINVAL && !t);
		assert(!strncmp(error, "fuzz:", 5) &&
		       strstr(error, "expected"));
		return 0;
	}
	for (model = 0; model < LITMUS_MODELS; model++) {
		err = litmus_enumerate(t, model, RUNS, &r);
		assert(!err || ((err == -EINVAL || err == -E2BIG) &&
				!strncmp(r.error, "fuzz", 4)));
		for (sum = 0, i = 0; i < r.nr_states; i++)
			sum += r.state[i].nr;
		assert(err || sum == r.nr);
		litmus_result_fini(&r);
	}
	litmus_free(t);
	return 0;
}
