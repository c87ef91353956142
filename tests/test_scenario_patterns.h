/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Patterns that the reader of scenarios can ask about, whatever patterns there
 * are: what uses which parameter is given here.
 */
#ifndef TEST_SCENARIO_PATTERNS_H
#define TEST_SCENARIO_PATTERNS_H

#include <string.h>

#include "run/scenario.h"

#define WEAK __attribute__((weak))

#define PATTERN(called, has)                                   \
	static const struct workload_kind pattern_##called = { \
		.name = #called, .uses = has                   \
	}

PATTERN(memcpy, WORKLOAD_USES_MEMCPY);
PATTERN(chase, WORKLOAD_USES_STRIDE);
PATTERN(zipf,
	WORKLOAD_USES_ZIPF | WORKLOAD_USES_READ_PCT | WORKLOAD_USES_SHARED);
PATTERN(hotset,
	WORKLOAD_USES_HOT | WORKLOAD_USES_READ_PCT | WORKLOAD_USES_SHARED);
PATTERN(cold, WORKLOAD_USES_TOUCH);

WEAK const struct workload_kind *const workload_kinds[] = {
	&pattern_memcpy, &pattern_chase, &pattern_zipf,
	&pattern_hotset, &pattern_cold,	 NULL,
};

WEAK const struct workload_kind *workload_kind_find(const char *name)
{
	const struct workload_kind *const *kind;

	for (kind = workload_kinds; *kind; kind++) {
		if (!strcmp((*kind)->name, name))
			return *kind;
	}
	return NULL;
}

WEAK int workload_init(struct workload *w, const struct workload_kind *kind,
		       const struct workload_params *params, const char **why)
{
	return 0;
}

WEAK void workload_fini(struct workload *w)
{
}

#endif
