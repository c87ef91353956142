// SPDX-License-Identifier: GPL-2.0
/* What a kernel makes of an event, see event_verdict.h. */
#include <errno.h>
#include <string.h>

#include <damon/event.h>

#include "event/event_verdict.h"
#include "ibs_driver.h"
#include "intel_event.h"
#include "perf_sw.h"

#define TYPE_HARDWARE 0
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

static enum intel_core core_of(const struct pmu *pmu)
{
	if (pmu && !strcmp(pmu->name, "cpu_atom"))
		return INTEL_GRT;
	return pmu && pmu_event(pmu, "mem-loads-aux") ? INTEL_SPR : INTEL_GNR;
}

static bool is_intel(const struct event_attr *a, const char *machine)
{
	return !strncmp(machine, "intel", 5) || (a->pmu && a->pmu->max_precise);
}

/* A core's own event, by its own numbers. */
static bool is_raw(const struct event_attr *a)
{
	return a->type == TYPE_RAW ||
	       (a->pmu && pmu_is_core(a->pmu) && a->type == a->pmu->type);
}

static struct event_verdict intel_precise(const struct event_attr *a)
{
	struct event_verdict v = { .samples = true };
	enum intel_core core = core_of(a->pmu);
	const char *why;
	int err;

	if (a->pmu && a->precise_ip > a->pmu->max_precise)
		return refused(-EOPNOTSUPP, "more precision than the PMU has");
	if (!a->has_freq && !a->has_period)
		return refused(-EINVAL, "precise, and nothing is sampled");
	err = intel_event_check(core, a->config, a->config1, a->precise_ip,
				a->has_freq ? 0 : a->sample_period, &why);
	if (err)
		return refused(err, why);
	v.why = "samples carry no address: all are lost";
	if (!intel_has_address(core, a->config))
		return v;
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

static struct event_verdict core(const struct event_attr *a,
				 const char *machine, bool is_6_12)
{
	if (a->precise_ip && !is_intel(a, machine))
		return amd_precise(a, machine, is_6_12);
	if (a->precise_ip && is_raw(a))
		return intel_precise(a);
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
	bool fault = perf_sw_faults(a->config);

	if (a->config >= PERF_SW_NR)
		return refused(-ENOENT, "no software event of this number");
	if (!a->has_freq && !a->has_period)
		return silent("no period and no frequency: nothing is sampled");
	return (struct event_verdict){
		.samples = true,
		.vaddr = fault,
		.why = !fault	   ? "samples carry no address: all are lost" :
		       a->has_freq ? "page faults, with the address of each" :
				     "each page fault, with its address, "
				     "whatever the period: DAMON asks for "
				     "PERF_SAMPLE_PERIOD",
	};
}

/* On the CPUs that have its PMU, if it has one. */
static struct event_verdict on_its_cpus(const struct event_attr *a,
					const char *machine, bool is_6_12)
{
	if (a->type == PERF_SW_TYPE)
		return software(a);
	if (a->pmu && !strcmp(a->pmu->name, "ibs_op"))
		return ibs(a, machine, is_6_12);
	if (a->pmu && !strncmp(a->pmu->name, "arm_spe", 7))
		return refused(-EINVAL,
			       a->has_freq ? "SPE has no frequency mode" :
					     "SPE wants an AUX buffer, which a "
					     "kernel counter has not");
	if (a->type == TYPE_HARDWARE || is_raw(a))
		return core(a, machine, is_6_12);
	return refused(-ENOENT, "no PMU that is known to sample memory");
}

struct event_verdict event_verdict(const struct event_attr *a,
				   const struct pmus *pmus, const char *machine,
				   bool is_6_12)
{
	struct event_verdict v;
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
	v = on_its_cpus(a, machine, is_6_12);
	/* All CPUs are asked, and one that refuses is enough. */
	if (!v.error && a->pmu && a->type != TYPE_HARDWARE &&
	    pmus_elsewhere(pmus, a->pmu))
		return refused(-ENOENT,
			       "CPUs of the other sort do not know it, and "
			       "DAMON's event is on all CPUs or on none "
			       "(ENODEV in the posted design)");
	return v;
}

/* Which unit counts it, and on which of its counters; 0: it takes none. */
static u32 counters_of(const struct event_attr *a, const char *machine,
		       const char **unit)
{
	bool core = a->type == TYPE_HARDWARE || is_raw(a);

	*unit = a->pmu ? a->pmu->name : "cpu";
	if (!strcmp(*unit, "ibs_op"))
		return 1;
	if (!core)
		return 0;
	if (is_intel(a, machine))
		return intel_counters(core_of(a->pmu), a->config,
				      a->precise_ip);
	if (!a->precise_ip)
		return 0;
	*unit = "ibs_op";
	return 1;
}

/* A counter for event @i, others moving over.  @seen: counters looked at. */
static bool seat(const u32 *counters, s32 *holder, u32 i, u32 *seen)
{
	u32 c;

	for (c = 0; c < 32; c++) {
		if (!(counters[i] & ~*seen & 1u << c))
			continue;
		*seen |= 1u << c;
		if (holder[c] < 0 || seat(counters, holder, holder[c], seen)) {
			holder[c] = i;
			return true;
		}
	}
	return false;
}

bool event_fits(const struct event_attr *list, u32 nr, const char *machine)
{
	u32 counters[EVENT_FITS_MAX], i, seen;
	const char *unit, *last_unit;
	s32 holder[32];
	bool fits = true;

	memset(holder, 0xff, sizeof(holder));
	if (!counters_of(&list[nr - 1], machine, &last_unit))
		return true;
	for (i = 0; i < nr; i++) {
		counters[i] = counters_of(&list[i], machine, &unit);
		if (!counters[i] || strcmp(unit, last_unit) != 0)
			continue;
		seen = 0;
		/* Who comes too late takes nothing from those before. */
		fits = seat(counters, holder, i, &seen);
	}
	return fits;
}
