// SPDX-License-Identifier: GPL-2.0
/* What a kernel makes of an event, see event_verdict.h. */
#include <errno.h>
#include <string.h>

#include <damon/event.h>

#include "event/event_verdict.h"
#include "ibs_driver.h"
#include "pebs.h"

#define TYPE_HARDWARE 0
#define TYPE_SOFTWARE 1
#define TYPE_RAW 4

/* kernel.perf_event_max_sample_rate */
#define FREQ_MAX 100000

static struct event_verdict refused(int error, const char *why)
{
	return (struct event_verdict){ .error = error, .why = why };
}

static struct event_verdict silent(const char *why)
{
	return (struct event_verdict){ .why = why };
}

static struct event_verdict ibs(const struct event_attr *a, const char *machine,
				bool is_6_12)
{
	enum ibs_part part = strstr(machine, "zen3") ? IBS_ZEN3 :
			     strstr(machine, "zen4") ? IBS_ZEN4 :
						       IBS_ZEN5;
	struct ibs_attr attr = {
		.config = a->config,
		.config1 = a->config1,
		.config2 = a->config2,
		.sample_period =
			a->has_freq ? a->sample_freq : a->sample_period,
		.freq = a->has_freq,
		.exclude_user = a->exclude_user,
		.exclude_kernel = a->exclude_kernel,
		.exclude_hv = a->exclude_hv,
		.exclude_host_guest_idle =
			a->exclude_host || a->exclude_guest || a->exclude_idle,
	};
	struct ibs_driver d;
	u64 period, ctl;
	int err;

	if (is_6_12)
		ibs_driver_init_6_12(&d, part);
	else
		ibs_driver_init_new(&d, part);
	if (!a->has_freq && !a->sample_period && !a->config)
		return refused(-EINVAL, "IBS wants a period or a frequency");
	if (a->precise_ip)
		return refused(-EOPNOTSUPP,
			       "IBS is as precise as it is: no p modifiers");
	err = ibs_driver_check(&d, &attr, &period, &ctl);
	if (err && attr.exclude_host_guest_idle)
		return refused(err, "IBS cannot leave out host, guest or idle");
	if (err && (a->exclude_user || a->exclude_kernel || a->exclude_hv) &&
	    !(d.has_sw_filter && a->config2 & 1))
		return refused(err, "IBS cannot leave out user or kernel, but "
				    "with swfilt, from 6.14 on");
	if (err && !a->has_freq &&
	    (a->sample_period < d.min_period ||
	     (a->sample_period & 0xf && !d.masks_period)))
		return refused(err, "IBS's period is a multiple of 16, at "
				    "least 144 (16 in 6.12)");
	if (err)
		return refused(err, "bits that this IBS has not");
	return (struct event_verdict){
		.samples = true,
		.vaddr = true,
		.paddr = true,
		.why = "each memory access that is tagged has both addresses, "
		       "but for those whose valid bits are clear",
	};
}

/* Does the core PMU's event have an address in its record? */
static bool has_address(u64 config)
{
	u32 select = config & 0xff;

	return select == 0xd0 || select == 0xd1 || select == 0xd2 ||
	       select == 0xd3 || select == 0xd4 || select == 0xcd;
}

static struct event_verdict core(const struct event_attr *a, bool intel)
{
	struct pebs_attr attr = {
		.config = a->config,
		.config1 = a->config1,
		.sample_period = a->has_freq ? 1 : a->sample_period,
		.freq = a->has_freq,
		.precise_ip = a->precise_ip,
	};
	struct event_verdict v = { .samples = true };
	struct pebs pebs;
	int err;

	if (!a->has_freq && !a->has_period)
		return silent("no period and no frequency: nothing is sampled");
	if (!intel && a->precise_ip)
		return a->type == TYPE_RAW && (a->config & 0xff) == 0x76 ?
			       refused(-EOPNOTSUPP,
				       "precise cycles are IBS's: ask for "
				       "ibs_op//") :
			       refused(-EOPNOTSUPP,
				       "AMD's core PMU is not precise: ask for "
				       "ibs_op//");
	if (!intel || !a->precise_ip || a->type == TYPE_HARDWARE ||
	    !has_address(a->config)) {
		v.why = "samples carry no address: all are lost";
		return v;
	}
	err = pebs_init(&pebs, &attr, &pebs_knobs_default);
	if (err)
		return refused(err, "more precision than the PMU has");
	v.vaddr = true;
	v.lossy = !a->has_freq;
	v.why = a->has_freq ?
			"PEBS: a virtual address for each; a physical "
			"one never reaches a handler" :
			"PEBS: with a period, and wakeup_events 0, records "
			"are kept and only the last of about a thousand "
			"reaches a handler: set wakeup_events 1";
	return v;
}

static struct event_verdict software(const struct event_attr *a)
{
	bool fault = a->config == 2 || a->config == 5 || a->config == 6;

	if (!a->has_freq && !a->has_period)
		return silent("no period and no frequency: nothing is sampled");
	return (struct event_verdict){
		.samples = true,
		.vaddr = fault,
		.why = fault ? "each fault has its virtual address" :
			       "samples carry no address: all are lost",
	};
}

struct event_verdict event_verdict(const struct event_attr *a,
				   const char *machine, bool is_6_12)
{
	struct damon_event_attr attr = {
		.freq = a->has_freq,
		.sample_freq = a->sample_freq,
		.sample_period = a->sample_period,
		.precise_ip = a->precise_ip,
	};

	if ((a->has_freq || a->has_period) &&
	    damon_event_attr_check(&attr, FREQ_MAX))
		return refused(-EINVAL,
			       "the substrate takes a frequency up to "
			       "perf_event_max_sample_rate, a period below "
			       "2^63, and neither of 0");
	if (a->type == TYPE_SOFTWARE)
		return software(a);
	if (a->pmu && !strcmp(a->pmu->name, "ibs_op"))
		return ibs(a, machine, is_6_12);
	if (a->pmu && !strncmp(a->pmu->name, "arm_spe", 7))
		return refused(-EINVAL,
			       a->has_freq ? "SPE has no frequency mode" :
					     "SPE wants an AUX buffer, which a "
					     "kernel counter has not");
	if (a->type == TYPE_HARDWARE || a->type == TYPE_RAW)
		return core(a, !strncmp(machine, "intel", 5) ||
				       (a->pmu && a->pmu->max_precise));
	return refused(-ENOENT, "no PMU that is known to sample memory");
}
