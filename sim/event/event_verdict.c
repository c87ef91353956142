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

/* Which generation: by name, else by what its files say that it has. */
static enum ibs_part part_of(const struct pmu *pmu, const char *machine)
{
	if (strstr(machine, "zen3"))
		return IBS_ZEN3;
	if (strstr(machine, "zen4"))
		return IBS_ZEN4;
	if (*machine || !pmu || pmu_format(pmu, "ldlat"))
		return IBS_ZEN5;
	return pmu_format(pmu, "l3missonly") ? IBS_ZEN4 : IBS_ZEN3;
}

static struct event_verdict ibs(const struct event_attr *a, const char *machine,
				bool is_6_12)
{
	enum ibs_part part = part_of(a->pmu, machine);
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

/* Does the record of Intel's event have an address?  By select and mask. */
static bool has_address(u64 config)
{
	static const u16 exact[] = { 0x11d0, 0x21d0, 0x41d0, 0x81d0, 0x12d0,
				     0x42d0, 0x82d0, 0x1cd,  0x2cd };
	u32 select = config & 0xff, i;

	for (i = 0; i < sizeof(exact) / sizeof(*exact); i++)
		if ((config & 0xffff) == exact[i])
			return true;
	return select >= 0xd1 && select <= 0xd4;
}

/* AMD's core PMU hands what is to be precise on to IBS, or refuses it. */
static struct event_verdict amd_precise(const struct event_attr *a,
					const char *machine, bool is_6_12)
{
	struct event_attr op = *a;
	bool cycles =
		a->type == TYPE_HARDWARE ? a->config == 0 : a->config == 0x76;

	if (a->precise_ip > 2 ||
	    (!cycles && !(a->type == TYPE_RAW && a->config == 0xc1)))
		return refused(-EOPNOTSUPP,
			       "AMD's core PMU is precise for cycles and ops "
			       "only, which it hands on to IBS");
	op.pmu = NULL;
	op.config = cycles ? 0 : 1 << 19;
	op.config1 = 0;
	op.config2 = 0;
	return ibs(&op, *machine ? machine : "zen5", is_6_12);
}

static struct event_verdict intel_precise(const struct event_attr *a,
					  const char *machine)
{
	struct pebs_attr attr = {
		.config = a->config,
		.config1 = a->config1,
		.sample_period = a->has_freq ? 1 : a->sample_period,
		.freq = a->has_freq,
		.precise_ip = a->precise_ip,
	};
	struct event_verdict v = { .samples = true, .vaddr = true };
	struct pebs pebs;
	int err;

	if (a->pmu && a->precise_ip > a->pmu->max_precise)
		return refused(-EOPNOTSUPP, "more precision than the PMU has");
	if (!a->has_freq && !a->has_period)
		return refused(-EINVAL, "precise, and nothing is sampled");
	if ((a->config & 0xffff) == PEBS_LOAD_LATENCY &&
	    strstr(machine, "sapphire"))
		return refused(-ENODATA, "load latency wants mem-loads-aux as "
					 "its leader there");
	err = pebs_init(&pebs, &attr, &pebs_knobs_default);
	if (err)
		return refused(err, "more precision than the PMU has");
	v.lossy = !a->has_freq;
	v.why = a->has_freq ?
			"PEBS: a virtual address for each; a physical "
			"one never reaches a handler" :
			"PEBS: with a period, and wakeup_events 0, records "
			"are kept and only the last of about a thousand "
			"reaches a handler: set wakeup_events 1";
	return v;
}

static struct event_verdict core(const struct event_attr *a,
				 const char *machine, bool intel, bool is_6_12)
{
	if (a->precise_ip && !intel)
		return amd_precise(a, machine, is_6_12);
	if (a->precise_ip && a->type == TYPE_RAW && has_address(a->config))
		return intel_precise(a, machine);
	if (!a->has_freq && !a->has_period)
		return a->precise_ip ?
			       refused(-EINVAL,
				       "precise, and nothing is sampled") :
			       silent("no period and no frequency: nothing is "
				      "sampled");
	return (struct event_verdict){
		.samples = true,
		.why = "samples carry no address: all are lost",
	};
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
		return core(a, machine,
			    !strncmp(machine, "intel", 5) ||
				    (a->pmu && a->pmu->max_precise),
			    is_6_12);
	return refused(-ENOENT, "no PMU that is known to sample memory");
}
