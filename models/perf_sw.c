// SPDX-License-Identifier: GPL-2.0
/* Software events as perf counts them, see perf_sw.h. */
#include "perf_sw.h"

bool perf_sw_count(struct perf_sw *sw, struct perf_freq *freq, u64 now_ns,
		   u64 tick_ns)
{
	u64 period = sw->last_period;

	if (!freq)
		return true;
	if (++sw->left < 0)
		return false;
	/* It is set by the period before; this one's turn is the next. */
	sw->left -= period;
	sw->last_period = freq->period;
	perf_freq_overflow(freq, now_ns, sw->last_period, tick_ns);
	return true;
}

u32 perf_sw_faults(u64 config)
{
	switch (config) {
	case PERF_SW_PAGE_FAULTS:
		return PERF_SW_MINOR | PERF_SW_MAJOR;
	case PERF_SW_MINOR_FAULTS:
		return PERF_SW_MINOR;
	case PERF_SW_MAJOR_FAULTS:
		return PERF_SW_MAJOR;
	default:
		return 0;
	}
}
