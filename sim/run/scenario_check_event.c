// SPDX-License-Identifier: GPL-2.0
/*
 * What perf on this machine makes of an event.
 *
 * The drivers' own models are asked, so that no rule stands twice; here is said
 * which rule it was.  An in-kernel counter passes by the system call's limit on
 * frequencies: damon_event_attr_check() is what refuses it then.
 */
#include <linux/perf_event.h>

#include "config/config_check.h"
#include "ibs_driver.h"
#include "intel_event.h"
#include "pebs.h"
#include "perf_sw.h"
#include "run/scenario_schema.h"

/* perf_event_attr.type of raw core events, and the first that is handed out. */
#define TYPE_RAW 4
#define TYPE_DYNAMIC 6

static int refused(struct config_error *err, int error)
{
	err->error = error;
	return -EINVAL;
}

static bool is_ibs(enum scenario_pmu pmu)
{
	return pmu >= SCENARIO_PMU_IBS_ZEN3 && pmu <= SCENARIO_PMU_IBS_ZEN5;
}

static int explain_ibs(const struct ibs_driver *d, const struct ibs_attr *attr,
		       const struct config_node *node, struct config_error *err)
{
	bool excludes = attr->exclude_kernel || attr->exclude_hv;
	u64 period = attr->sample_period;

	if (excludes && !(d->has_sw_filter && attr->config2 & 1))
		return config_fault(
			err,
			place(node, attr->exclude_kernel ? "exclude_kernel" :
							   "exclude_hv"),
			"IBS cannot exclude the kernel or the hypervisor "
			"(EINVAL); expected exclude_kernel: off and "
			"exclude_hv: off%s",
			d->has_sw_filter ? ", or config2 1 to drop them later" :
					   "");
	if (!attr->freq && period & 0xf && !d->masks_period)
		return config_fault(err, place(node, "sample_period"),
				    "a period of %llu, which IBS of Linux 6.12 "
				    "refuses (EINVAL); expected a multiple of "
				    "16",
				    period);
	if (!attr->freq && (period & ~0xfull) < d->min_period)
		return config_fault(err, place(node, "sample_period"),
				    "a period of %llu, which IBS refuses "
				    "(EINVAL); expected at least %u",
				    period, d->min_period);
	return config_fault(err, place(node, "config"),
			    "config 0x%llx, config1 0x%llx, config2 0x%llx: "
			    "bits that this IBS has not (EINVAL); expected "
			    "them clear",
			    attr->config, attr->config1, attr->config2);
}

static int check_ibs(const struct scenario *s,
		     const struct config_perf_event *e,
		     const struct config_node *node, struct config_error *err)
{
	static const enum ibs_part parts[] = {
		[SCENARIO_PMU_IBS_ZEN3] = IBS_ZEN3,
		[SCENARIO_PMU_IBS_ZEN4] = IBS_ZEN4,
		[SCENARIO_PMU_IBS_ZEN5] = IBS_ZEN5,
	};
	bool old = s->machine.kernel == SCENARIO_KERNEL_6_12;
	struct ibs_attr attr = {
		.config = e->config,
		.config1 = e->config1,
		.config2 = e->config2,
		.sample_period = e->freq ? e->sample_freq : e->sample_period,
		.freq = e->freq,
		.exclude_kernel = e->exclude_kernel,
		.exclude_hv = e->exclude_hv,
	};
	struct ibs_driver d;
	u64 period, ctl;

	if (old)
		ibs_driver_init_6_12(&d, parts[s->machine.pmu]);
	else
		ibs_driver_init_new(&d, parts[s->machine.pmu]);
	if (e->sample_weight_struct && old) {
		config_fault(err, place(node, "sample_weight_struct"),
			     "IBS of Linux 6.12 has no weight of this kind "
			     "(EOPNOTSUPP); expected off");
		return refused(err, -EOPNOTSUPP);
	}
	if (!ibs_driver_check(&d, &attr, &period, &ctl))
		return 0;
	return explain_ibs(&d, &attr, node, err);
}

static bool has_address(u64 config)
{
	static const u32 events[] = {
		PEBS_LOAD_LATENCY, PEBS_STORE_SAMPLE, PEBS_ALL_LOADS,
		PEBS_ALL_STORES,   PEBS_L1_HIT,	      PEBS_L2_HIT,
		PEBS_L3_HIT,	   PEBS_L1_MISS,      PEBS_L2_MISS,
		PEBS_L3_MISS,	   PEBS_FB_HIT,	      PEBS_LOCAL_DRAM,
		PEBS_REMOTE_DRAM,
	};
	u32 i;

	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		if (config == events[i])
			return true;
	}
	return false;
}

static int check_pebs(const struct scenario *s,
		      const struct config_perf_event *e,
		      const struct config_node *node, struct config_error *err)
{
	const struct pebs_attr attr = {
		.config = e->config,
		.config1 = e->config1,
		.sample_period = e->freq ? 1 : e->sample_period,
		.freq = e->freq,
		.wakeup_events = e->wakeup_events,
		.precise_ip = e->precise_ip,
		.exclude_kernel = e->exclude_kernel,
	};
	const enum intel_core core =
		s->machine.pmu == SCENARIO_PMU_PEBS_SPR ? INTEL_SPR : INTEL_GNR;
	const char *why;
	struct pebs pebs;
	int ret;

	if (!has_address(e->config))
		return ignored(
			err,
			config_fault(err, place(node, "config"),
				     "event 0x%llx, whose samples have no "
				     "address; expected one of pebs.h such as "
				     "0x20d1",
				     e->config));
	ret = pebs_init(&pebs, &attr, &pebs_knobs_default);
	if (!ret) {
		ret = intel_event_check(core, e->config, e->config1,
					e->precise_ip,
					e->freq ? 0 : e->sample_period, &why);
		if (!ret)
			return 0;
		config_fault(err, place(node, "config"),
			     "event 0x%llx with precise_ip %u (%s): %s",
			     e->config, e->precise_ip,
			     ret == -ENODATA ? "ENODATA" : "EINVAL", why);
		return refused(err, ret);
	}
	config_fault(err, place(node, "precise_ip"),
		     "precise_ip %u, with which no record is written "
		     "(EOPNOTSUPP); expected 1 to 3",
		     e->precise_ip);
	return refused(err, ret);
}

static int check_software(const struct config_perf_event *e,
			  const struct config_node *node,
			  struct config_error *err)
{
	if (perf_sw_faults(e->config))
		return 0;
	if (e->config >= PERF_SW_NR) {
		config_fault(err, place(node, "config"),
			     "software event %llu (ENOENT); expected 2, 5 or 6 "
			     "for page faults",
			     e->config);
		return refused(err, -ENOENT);
	}
	return ignored(
		err, config_fault(err, place(node, "config"),
				  "software event %llu, whose samples have no "
				  "address; expected 2, 5 or 6 for page faults",
				  e->config));
}

int scenario_check_event(const struct scenario *s,
			 const struct config_perf_event *e,
			 const struct config_node *node,
			 struct config_error *err)
{
	bool ibs = is_ibs(s->machine.pmu);

	if (e->freq && e->sample_freq > s->machine.max_sample_rate)
		return config_fault(err, place(node, "sample_freq"),
				    "%llu samples a second (EINVAL); expected "
				    "at most max_sample_rate, %u",
				    e->sample_freq, s->machine.max_sample_rate);
	if (e->type == PERF_SW_TYPE)
		return check_software(e, node, err);
	if (s->machine.pmu == SCENARIO_PMU_NONE) {
		config_fault(err, node,
			     "a perf event on a machine that does not sample "
			     "(ENOENT); expected a machine with a pmu");
		return refused(err, -ENOENT);
	}
	if (ibs ? e->type < TYPE_DYNAMIC : e->type != TYPE_RAW) {
		config_fault(err, place(node, "type"),
			     "type %u is not the PMU that is simulated "
			     "(ENOENT); expected %s",
			     e->type,
			     ibs ? "that of ibs_op, 6 or above" :
				   "4, raw events of the core");
		return refused(err, -ENOENT);
	}
	return ibs ? check_ibs(s, e, node, err) : check_pebs(s, e, node, err);
}
