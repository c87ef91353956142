// SPDX-License-Identifier: GPL-2.0
/* From a captured sample back to the handler's input, see captured.h. */
#include <string.h>

#include "replay/captured.h"

#define PERF_TYPE_RAW 4

struct captured_rules captured_rules_for(const struct trace_info *info,
					 const struct trace_event *event,
					 bool driver_only)
{
	/* Intel's core PMUs: "cpu", and on hybrids "cpu_core", "cpu_atom". */
	bool core_pmu = !strncmp(event->pmu, "cpu", 3) ||
			(!event->pmu[0] && event->type == PERF_TYPE_RAW);
	/* On AMD's a precise event is handed on to IBS. */
	bool amd = !strncmp(info->cpuid, "AuthenticAMD", 12);

	return (struct captured_rules){
		.addr_always = core_pmu && event->precise_ip && !amd,
		.driver_only = driver_only,
	};
}
