// SPDX-License-Identifier: GPL-2.0
/* A context's sample filters, see filter.h. */
#include "config/config.h"
#include "machine/filter.h"

static bool filter_matches(const struct config_sample_filter *f,
			   const struct damon_report *report, u32 cpu)
{
	switch (f->type) {
	case CONFIG_SAMPLE_CPUMASK:
		return config_cpumask_has(f->cpumask, cpu);
	case CONFIG_SAMPLE_THREADS:
		return config_tids_have(f->tid_arr, report->tid);
	case CONFIG_SAMPLE_WRITE:
		return report->flags & DAMON_REPORT_WRITE;
	}
	return false;
}

bool filter_wants(void *control, const struct damon_report *report, u32 cpu)
{
	const struct config_sample_control *c = control;
	u32 i;

	for (i = 0; i < c->nr_filters; i++) {
		const struct config_sample_filter *f = &c->filters[i];

		if (filter_matches(f, report, cpu) == f->matching)
			return f->allow;
	}
	return !c->filters[c->nr_filters - 1].allow;
}
