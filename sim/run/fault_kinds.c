// SPDX-License-Identifier: GPL-2.0
/*
 * What each kind of fault does, see fault_kinds.h.
 *
 * What a kernel answers to what is done to it is kept as the fault's result:
 * that a second context is told -EBUSY is what the run is about.
 */
#include <errno.h>
#include <stdlib.h>

#include "run/fault_kinds.h"
#include "run/run.h"

/* How often sleeping schemes look at the watermarks. */
#define WMARK_INTERVAL_US 100000

/* A kernel's direct mapping of memory, on x86-64. */
#define KERNEL_START 0xffff888000000000ULL

static bool stale_addr(struct run *r, struct run_cpu *c, u64 luck,
		       const struct fault_sample *s)
{
	s->data->sample_flags &= ~(PERF_SAMPLE_ADDR | PERF_SAMPLE_PHYS_ADDR);
	return true;
}

static bool garbage_addr(struct run *r, struct run_cpu *c, u64 luck,
			 const struct fault_sample *s)
{
	s->data->addr = luck;
	s->data->phys_addr = luck_mix(luck);
	return true;
}

static bool kernel_addr(struct run *r, struct run_cpu *c, u64 luck,
			const struct fault_sample *s)
{
	s->data->sample_flags |= PERF_SAMPLE_ADDR;
	s->data->addr = KERNEL_START | luck >> 24;
	return true;
}

static bool guest_addr(struct run *r, struct run_cpu *c, u64 luck,
		       const struct fault_sample *s)
{
	s->data->sample_flags |= PERF_SAMPLE_ADDR;
	s->data->sample_flags &= ~(u64)PERF_SAMPLE_PHYS_ADDR;
	s->who->guest = true;
	return true;
}

static bool page_zero(struct run *r, struct run_cpu *c, u64 luck,
		      const struct fault_sample *s)
{
	s->data->sample_flags |= PERF_SAMPLE_PHYS_ADDR;
	s->data->phys_addr = luck & (RAM_PAGE_BYTES - 1);
	return true;
}

static bool no_sample(struct run *r, struct run_cpu *c, u64 luck,
		      const struct fault_sample *s)
{
	damon_handle_sample(c->cpu->ring, &c->cpu->stats, NULL,
			    &r->m.env.sampling, s->who);
	return false;
}

/* Raised here, and so nobody else tells of it. */
static void tell(const struct run *r, struct run_cpu *c,
		 const struct fault_sample *s)
{
	const struct run_env *env = &r->m.env;

	if (env->logged)
		env->logged(env->logged_arg, c, s->at_ps, s->event, s->data,
			    s->who);
}

/*
 * A report of the CPU's own context is under way: it has taken its slot, the
 * interrupt pushes, then it goes on.
 */
static bool nmi_nested(struct run *r, struct run_cpu *c, u64 luck,
		       const struct fault_sample *s)
{
	struct damon_ring *ring = c->cpu->ring;
	struct damon_report report;
	struct damon_report *slot;
	enum damon_loss loss;
	u32 index;

	local_inc(&c->cpu->stats.raised);
	tell(r, c, s);
	loss = damon_sample_check(s->data, &r->m.env.sampling, s->who, &report);
	if (!loss)
		loss = __damon_ring_take(ring, &index);
	if (loss) {
		local_inc(&c->cpu->stats.lost[loss]);
		return true;
	}
	tell(r, c, s);
	damon_handle_sample(ring, &c->cpu->stats, s->data, &r->m.env.sampling,
			    s->who);
	slot = &ring->slot[index & ring->mask];
	report.seq = slot->seq;
	*slot = report;
	smp_store_release(&slot->seq, index + 1);
	return false;
}

/* The CPU that a fault strikes: the one that was said, or one by luck. */
static u32 choose_cpu(struct fault *f, struct run *r)
{
	if (f->spec->cpu != CONFIG_NO_ID)
		return f->spec->cpu;
	return luck_below(luck_next(&r->faults.luck) >> 32, r->m.nr_cpus);
}

static u32 nr_online(const struct run *r)
{
	u32 i, nr = 0;

	for (i = 0; i < r->m.nr_cpus; i++)
		nr += r->m.cpu[i].online;
	return nr;
}

static int cpu_offline(struct fault *f, struct run *r)
{
	f->cpu = choose_cpu(f, r);
	/* The last one cannot go, and one that is away neither. */
	f->result = nr_online(r) > 1 ? 0 : -EBUSY;
	if (f->result || !r->m.cpu[f->cpu].online) {
		f->cpu = CPUS_MAX;
		return 0;
	}
	damon_events_offline(&r->set, f->cpu);
	machine_offline(&r->m, f->cpu);
	return 0;
}

static int cpu_online(struct fault *f, struct run *r)
{
	if (f->cpu == CPUS_MAX)
		return 0;
	machine_online(&r->m, f->cpu);
	damon_events_online(&r->set, f->cpu);
	return 0;
}

static void each_cpu(struct fault *f, struct run *r,
		     void (*act)(struct fault *f, struct run *r, u32 cpu))
{
	u32 i;

	for (i = 0; i < r->m.nr_cpus; i++)
		if (fault_is_on(f, i))
			act(f, r, i);
}

static void take_pmu(struct fault *f, struct run *r, u32 cpu)
{
	substrate_take_pmu(&r->m.substrate, cpu, true);
}

static void give_pmu(struct fault *f, struct run *r, u32 cpu)
{
	substrate_take_pmu(&r->m.substrate, cpu, false);
}

static int pmu_taken(struct fault *f, struct run *r)
{
	each_cpu(f, r, take_pmu);
	return 0;
}

static int pmu_given(struct fault *f, struct run *r)
{
	each_cpu(f, r, give_pmu);
	return 0;
}

/* One more event, as the context's first but that many times a second. */
static void storm_on(struct fault *f, struct run *r, u32 cpu)
{
	struct sampler *s = &f->storm[cpu];

	sampler_init(s, f->storm_event, cpu);
	run_cpu_enable(&r->m.cpu[cpu], s);
	if (s->error)
		f->result = -ENOSPC;
}

static void storm_off(struct fault *f, struct run *r, u32 cpu)
{
	run_cpu_disable(&r->m.cpu[cpu], &f->storm[cpu]);
	r->m.substrate.nr_samples += f->storm[cpu].nr_samples;
	r->m.substrate.nr_throttled += f->storm[cpu].nr_throttled;
}

static int nmi_storm(struct fault *f, struct run *r)
{
	struct sampler_event *e;
	u32 i = 0;

	f->result = -ENOENT;
	/* More of the first that comes from a unit: others raise no NMI. */
	while (i < r->m.substrate.nr_events &&
	       !sampler_event_has_unit(r->m.substrate.event[i]))
		i++;
	if (i == r->m.substrate.nr_events)
		return 0;
	e = malloc(sizeof(*e));
	f->storm = calloc(r->m.nr_cpus, sizeof(*f->storm));
	if (!e || !f->storm) {
		free(e);
		return -ENOMEM;
	}
	*e = *r->m.substrate.event[i];
	e->by_clock = true;
	e->by_freq = false;
	e->period_ps = 1000000000000ULL / f->spec->rate;
	f->storm_event = e;
	f->result = 0;
	each_cpu(f, r, storm_on);
	return 0;
}

static int nmi_calm(struct fault *f, struct run *r)
{
	if (f->storm_event)
		each_cpu(f, r, storm_off);
	fault_free(f);
	return 0;
}

void fault_free(struct fault *f)
{
	free(f->wmarks);
	f->wmarks = NULL;
	f->nr_wmarks = 0;
	free(f->storm);
	free(f->storm_event);
	f->storm = NULL;
	f->storm_event = NULL;
}

static int throttle(struct fault *f, struct run *r)
{
	f->result = perf_limit_write(&r->m.limit, f->spec->value);
	return 0;
}

static int kdamond_stall(struct fault *f, struct run *r)
{
	u64 until_ps = r->m.now_ps + f->spec->for_us * RUN_PS_PER_US;

	if (r->wake_ps < until_ps)
		r->wake_ps = until_ps;
	if (r->free_ps < until_ps)
		r->free_ps = until_ps;
	return 0;
}

static int pause_begin(struct fault *f, struct run *r)
{
	r->ctx.pause = true;
	return 0;
}

static int pause_end(struct fault *f, struct run *r)
{
	r->ctx.pause = false;
	return 0;
}

/* Free memory is always above a high mark of 0. */
static int deactivate(struct fault *f, struct run *r)
{
	u32 i;

	f->wmarks = calloc(r->ctx.nr_schemes + 1, sizeof(*f->wmarks));
	if (!f->wmarks)
		return -ENOMEM;
	f->nr_wmarks = r->ctx.nr_schemes;
	for (i = 0; i < f->nr_wmarks; i++) {
		f->wmarks[i] = r->ctx.schemes[i].wmarks;
		r->ctx.schemes[i].wmarks = (struct wmarks){
			.metric = WMARK_FREE_MEM_RATE,
			.interval_us = WMARK_INTERVAL_US,
			.activated = true,
		};
	}
	return 0;
}

static int activate(struct fault *f, struct run *r)
{
	u32 i;

	for (i = 0; i < f->nr_wmarks && i < r->ctx.nr_schemes; i++) {
		r->ctx.schemes[i].wmarks = f->wmarks[i];
		r->ctx.schemes[i].wmarks.activated = true;
	}
	free(f->wmarks);
	f->wmarks = NULL;
	f->nr_wmarks = 0;
	return 0;
}

/* Another context that wants what this one has. */
static int second_context(struct fault *f, struct run *r)
{
	const struct config_context *c = r->cfg;
	struct damon_events set;

	substrate_set_init(&r->m.substrate, &set);
	f->result = substrate_commit(&r->m.substrate, &set,
				     c ? c->sample_control.events : NULL,
				     c ? c->sample_control.nr_events : 0);
	substrate_set_fini(&r->m.substrate, &set);
	return 0;
}

static int no_memory(struct fault *f, struct run *r)
{
	r->m.substrate.fail_after = f->spec->value;
	return 0;
}

const struct fault_kind fault_kinds[] = {
	[SCENARIO_FAULT_STALE_ADDR] = { .lasts = true, .sample = stale_addr },
	[SCENARIO_FAULT_GARBAGE_ADDR] = { .lasts = true,
					  .sample = garbage_addr },
	[SCENARIO_FAULT_KERNEL_ADDR] = { .lasts = true, .sample = kernel_addr },
	[SCENARIO_FAULT_GUEST_ADDR] = { .lasts = true, .sample = guest_addr },
	[SCENARIO_FAULT_PAGE_ZERO] = { .lasts = true, .sample = page_zero },
	[SCENARIO_FAULT_NO_SAMPLE] = { .lasts = true, .sample = no_sample },
	[SCENARIO_FAULT_NMI_NESTED] = { .lasts = true, .sample = nmi_nested },
	[SCENARIO_FAULT_NMI_STORM] = { .lasts = true,
				       .begin = nmi_storm,
				       .end = nmi_calm },
	[SCENARIO_FAULT_CPU_OFFLINE] = { .lasts = true,
					 .begin = cpu_offline,
					 .end = cpu_online },
	[SCENARIO_FAULT_HOTPLUG_STORM] = { .lasts = true,
					   .begin = cpu_offline,
					   .end = cpu_online },
	[SCENARIO_FAULT_CREATE_REFUSED] = { .lasts = true },
	[SCENARIO_FAULT_PMU_TAKEN] = { .lasts = true,
				       .begin = pmu_taken,
				       .end = pmu_given },
	[SCENARIO_FAULT_THROTTLE] = { .begin = throttle },
	[SCENARIO_FAULT_NO_MEMORY] = { .begin = no_memory },
	[SCENARIO_FAULT_KDAMOND_STALL] = { .begin = kdamond_stall },
	[SCENARIO_FAULT_PAUSE] = { .lasts = true,
				   .begin = pause_begin,
				   .end = pause_end },
	[SCENARIO_FAULT_DEACTIVATE] = { .lasts = true,
					.begin = deactivate,
					.end = activate },
	[SCENARIO_FAULT_COMMIT] = { .begin = fault_commit },
	[SCENARIO_FAULT_COMMIT_GOALS] = { .begin = fault_commit },
	[SCENARIO_FAULT_SECOND_CONTEXT] = { .begin = second_context },
	[SCENARIO_FAULT_LATE_WAKEUP] = { .lasts = true,
					 .for_is_its_own = true },
};
