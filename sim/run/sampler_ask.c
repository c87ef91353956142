// SPDX-License-Identifier: GPL-2.0
/*
 * What an event asks for, as the drivers of a machine's units take it: which
 * unit, how it counts, what it begins with; see sampler.h.
 */
#include <errno.h>

#include "intel_event.h"
#include "run/sampler.h"

/* perf_event_attr.type of the core PMU's own numbers. */
#define TYPE_RAW 4

/* Types of PMUs that have no fixed one begin here in sysfs. */
#define TYPE_DYNAMIC 6

#define PS_PER_NS 1000ULL
#define PS_PER_S 1000000000000ULL

/* The bits of an IBS control register that let only some ops pass. */
#define CTL_CNT_CTL (1ULL << 19)

/* In ops the count begins at 1 to 127. */
#define IBS_RANDOM_OPS 127

static bool is_ibs(enum scenario_pmu pmu)
{
	return pmu >= SCENARIO_PMU_IBS_ZEN3 && pmu <= SCENARIO_PMU_IBS_ZEN5;
}

static int init_ibs(struct sampler_event *e, const struct scenario *s)
{
	const struct damon_event_attr *a = &e->attr;
	const struct scenario_pmu_knobs *k = &s->machine.pmu_knobs;
	struct ibs_attr attr = {
		.config = a->config,
		.config1 = a->config1,
		.config2 = a->config2,
		.sample_period = a->freq ? a->sample_freq : a->sample_period,
		.freq = a->freq,
		.exclude_kernel = a->exclude_kernel,
		.exclude_hv = a->exclude_hv,
	};
	struct ibs_driver d;
	int err;

	e->unit = SAMPLER_IBS_OP;
	e->part = s->machine.pmu == SCENARIO_PMU_IBS_ZEN3 ? IBS_ZEN3 :
		  s->machine.pmu == SCENARIO_PMU_IBS_ZEN4 ? IBS_ZEN4 :
							    IBS_ZEN5;
	e->knobs = (struct ibs_op_knobs){
		.invalid_paddr_ppm = k->invalid_paddr_ppm,
		.restart_max = k->restart_max,
		.stores_pass_l3 = k->stores_pass_l3,
		.cxl_as_dram = k->cxl_as_dram,
	};
	if (s->machine.kernel == SCENARIO_KERNEL_6_12)
		ibs_driver_init_6_12(&d, e->part);
	else
		ibs_driver_init_new(&d, e->part);
	/* A weight of the kind that IBS has not. */
	if (a->sample_weight_struct &&
	    s->machine.kernel == SCENARIO_KERNEL_6_12)
		return -EOPNOTSUPP;
	err = ibs_driver_check(&d, &attr, &e->period, &e->ctl);
	e->by_clock = !(e->ctl & CTL_CNT_CTL);
	e->random_ops = e->by_clock ? 0 : IBS_RANDOM_OPS;
	return err;
}

static int init_pebs(struct sampler_event *e, const struct scenario *s)
{
	const struct damon_event_attr *a = &e->attr;
	struct pebs_knobs knobs = pebs_knobs_default;
	struct pebs_attr attr = {
		.config = a->config,
		.config1 = a->config1,
		.freq = a->freq,
		.wakeup_events = a->wakeup_events,
		.precise_ip = a->precise_ip,
		.exclude_kernel = a->exclude_kernel,
	};
	const char *why;
	int err;

	e->unit = SAMPLER_PEBS;
	if (a->freq && !a->sample_freq)
		return -EINVAL;
	/* Where the driver begins to look for the period. */
	e->period = a->freq ?
			    (256000 + a->sample_freq - 1) / a->sample_freq - 1 :
			    a->sample_period;
	e->period = e->period ? e->period : 1;
	attr.sample_period = e->period;
	err = intel_event_check(
		s->machine.pmu == SCENARIO_PMU_PEBS_SPR ? INTEL_SPR : INTEL_GNR,
		a->config, a->config1, a->precise_ip,
		a->freq ? 0 : a->sample_period, &why);
	if (err)
		return err;
	knobs.arm_max = s->machine.pmu_knobs.arm_max;
	return pebs_init(&e->pebs, &attr, &knobs);
}

static int init_software(struct sampler_event *e)
{
	const struct damon_event_attr *a = &e->attr;
	bool clock = a->config == PERF_SW_CPU_CLOCK ||
		     a->config == PERF_SW_TASK_CLOCK;

	if (a->config >= PERF_SW_NR)
		return -ENOENT;
	e->unit = clock ? SAMPLER_CLOCK : SAMPLER_FAULTS;
	e->faults = perf_sw_faults(a->config);
	/* Where the look for the period begins. */
	e->period = 1;
	if (!clock)
		return 0;
	/* A timer's rate is what it is set to: nothing to be adjusted. */
	e->by_clock = true;
	e->by_freq = false;
	e->period_ps = a->freq ? PS_PER_S / a->sample_freq :
				 a->sample_period * PS_PER_NS;
	if (e->period_ps < PERF_SW_CLOCK_MIN_NS * PS_PER_NS)
		e->period_ps = PERF_SW_CLOCK_MIN_NS * PS_PER_NS;
	return 0;
}

int sampler_event_ask(struct sampler_event *e, const struct scenario *s)
{
	const enum scenario_pmu pmu = s->machine.pmu;
	const u32 type = e->attr.type;
	int err = -ENOENT;

	e->by_freq = e->attr.freq;
	if (type == PERF_SW_TYPE)
		err = init_software(e);
	else if (is_ibs(pmu) && type >= TYPE_DYNAMIC)
		err = init_ibs(e, s);
	else if ((pmu == SCENARIO_PMU_PEBS_SPR ||
		  pmu == SCENARIO_PMU_PEBS_GNR) &&
		 type == TYPE_RAW)
		err = init_pebs(e, s);
	if (!e->period_ps)
		e->period_ps = e->period * 1000000ULL / s->machine.clock_mhz;
	return err;
}
