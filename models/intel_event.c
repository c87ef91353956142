// SPDX-License-Identifier: GPL-2.0
/* Precise events of Intel's cores, see intel_event.h. */
#include <linux/errno.h>

#include "intel_event.h"

#define EVENT_MASK 0xffffULL
#define LDLAT_MAX 0xffffULL

/* Load and store latency, by core: 0xUUEE. */
#define GLC_LOADS 0x01cdu
#define GLC_STORES 0x02cdu
#define GRT_LOADS 0x05d0u
#define GRT_STORES 0x06d0u
#define INSTRUCTIONS 0x00c0u

bool intel_has_address(enum intel_core core, u64 config)
{
	static const u16 glc[] = { 0x11d0, 0x21d0, 0x41d0, 0x81d0, 0x12d0,
				   0x42d0, 0x82d0, 0x01cd, 0x02cd };
	static const u16 grt[] = { 0x21d0, 0x41d0, 0x81d0, 0x82d0, 0x05d0,
				   0x06d0, 0x02d1, 0x04d1, 0x80d1 };
	const u16 *known = core == INTEL_GRT ? grt : glc;
	u32 i;

	for (i = 0; i < sizeof(glc) / sizeof(*glc); i++)
		if ((config & EVENT_MASK) == known[i])
			return true;
	return core != INTEL_GRT && (config & 0xff) >= 0xd1 &&
	       (config & 0xff) <= 0xd4;
}

static u32 general_counters(enum intel_core core, u32 event)
{
	if (core == INTEL_GRT)
		return event == GRT_LOADS ? 0x3 : 0x3f;
	if (event == GLC_LOADS || (event & 0xff) == (INSTRUCTIONS & 0xff))
		return 0xfe;
	if (event == GLC_STORES)
		return 0x1;
	return (event & 0xff) >= 0xd0 && (event & 0xff) <= 0xd4 ? 0xf : 0xff;
}

u32 intel_counters(enum intel_core core, u64 config, u32 precise_ip)
{
	u32 event = config & EVENT_MASK;
	u32 counters = general_counters(core, event);

	if (precise_ip != 3)
		return counters;
	/* Counter 0, and of instructions the fixed one, told as bit 31. */
	if (event == INSTRUCTIONS)
		return core == INTEL_GRT ? 1u << 31 | 1 : 1u << 31;
	return core == INTEL_GRT ? 1 : counters & 1;
}

int intel_event_check(enum intel_core core, u64 config, u64 config1,
		      u32 precise_ip, u64 period, const char **why)
{
	u32 event = config & EVENT_MASK;
	u32 loads = core == INTEL_GRT ? GRT_LOADS : GLC_LOADS;

	if (precise_ip == 3 && period && period < INTEL_PDIST_PERIOD_MIN) {
		*why = "with precise_ip 3 no period is below 128; a frequency "
		       "keeps to that by itself";
		return -EINVAL;
	}
	if (event == loads && config1 > LDLAT_MAX) {
		*why = "ldlat has 16 bits";
		return -EINVAL;
	}
	if (core == INTEL_SPR && event == GLC_LOADS) {
		*why = "load latency wants mem-loads-aux as its leader there";
		return -ENODATA;
	}
	if (!intel_counters(core, config, precise_ip)) {
		*why = "precise_ip 3 has counter 0 only, on which this event "
		       "does not fit; precise_ip 2 does";
		return -EINVAL;
	}
	return 0;
}
