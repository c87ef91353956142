// SPDX-License-Identifier: GPL-2.0
/* Perf's acts on a simulated machine, see substrate.h. */
#include <errno.h>
#include <stdlib.h>

#include "run/substrate.h"

/* What an event asks for is worked out once, for all CPUs. */
static int find_event(struct substrate *b, const struct damon_event_attr *attr,
		      const struct sampler_event **out)
{
	u32 i;
	int err;

	for (i = 0; i < b->nr_events; i++) {
		if (damon_event_attr_same(&b->event[i]->attr, attr)) {
			*out = b->event[i];
			return 0;
		}
	}
	if (b->nr_events == SUBSTRATE_EVENTS_MAX)
		return -ENOSPC;
	err = sampler_event_new(&b->event[b->nr_events], attr, b->scenario,
				b->workload, b->nr_workloads);
	if (!err)
		*out = b->event[b->nr_events++];
	return err;
}

/* Is this the allocation that fails? */
static bool no_memory(struct substrate *b)
{
	return b->fail_after && !--b->fail_after;
}

static int act_create(void *arg, const struct damon_event_attr *attr, u32 cpu,
		      void **handle)
{
	struct substrate *b = arg;
	const struct sampler_event *event;
	struct sampler *s;
	int err = b->refuse ? b->refuse(b->refuse_arg, cpu) : 0;

	if (!err && no_memory(b))
		err = -ENOMEM;
	if (!err)
		err = find_event(b, attr, &event);
	if (err) {
		b->nr_refused++;
		return err;
	}
	s = malloc(sizeof(*s));
	if (!s)
		return -ENOMEM;
	sampler_init(s, event, cpu);
	b->nr_created++;
	*handle = s;
	return 0;
}

/* A storm's comes from nowhere, and takes no unit. */
static bool is_made_here(const struct substrate *b, const struct sampler *s)
{
	u32 i;

	for (i = 0; i < b->nr_events; i++)
		if (b->event[i] == s->event)
			return true;
	return false;
}

/* The unit is one for each CPU; a second user of it gets nothing. */
static bool unit_is_free(const struct substrate *b, const struct sampler *s)
{
	const struct run_cpu *c = &b->cpu[s->cpu];
	u32 i;

	if (!sampler_event_has_unit(s->event))
		return true;
	if (b->taken[s->cpu])
		return false;
	for (i = 0; i < c->nr_samplers; i++)
		if (c->sampler[i] != s && !c->sampler[i]->error &&
		    s->event->unit == SAMPLER_IBS_OP &&
		    is_made_here(b, c->sampler[i]))
			return false;
	return true;
}

static void act_enable(void *arg, void *handle)
{
	struct substrate *b = arg;
	struct sampler *s = handle;

	s->error = !unit_is_free(b, s);
	b->nr_faulting += !s->enabled && s->event->faults;
	run_cpu_enable(&b->cpu[s->cpu], s);
}

/* Those that do not count are on no CPU: what they did is kept here. */
static void retire_counts(struct substrate *b, struct sampler *s)
{
	b->nr_samples += s->nr_samples;
	b->nr_throttled += s->nr_throttled;
	b->nr_pebs_lost += s->pebs.nr_lost;
	s->nr_samples = 0;
	s->nr_throttled = 0;
	s->pebs.nr_lost = 0;
}

static void stop(struct substrate *b, struct sampler *s)
{
	b->nr_faulting -= s->enabled && s->event->faults;
	run_cpu_disable(&b->cpu[s->cpu], s);
	retire_counts(b, s);
}

static void act_disable(void *arg, void *handle)
{
	struct sampler *s = handle;

	stop(arg, s);
	s->error = false;
}

static void act_release(void *arg, void *handle)
{
	stop(arg, handle);
	free(handle);
}

static bool act_alive(void *arg, void *handle)
{
	const struct sampler *s = handle;

	(void)arg;
	return !s->error;
}

/* There is one who acts, between spans: nobody to be kept out. */
static void act_lock(void *arg)
{
	(void)arg;
}

static const struct damon_event_ops acts = {
	.create = act_create,
	.enable = act_enable,
	.disable = act_disable,
	.release = act_release,
	.alive = act_alive,
	.lock = act_lock,
	.unlock = act_lock,
};

int substrate_init(struct substrate *b, const struct scenario *s,
		   const struct workload *const *w, u32 nr_w,
		   struct run_cpu *cpu)
{
	u32 i;

	*b = (struct substrate){
		.scenario = s,
		.workload = w,
		.nr_workloads = nr_w,
		.cpu = cpu,
		.nr_cpus = s->machine.nr_cpus,
	};
	b->online = calloc(b->nr_cpus, sizeof(*b->online));
	b->taken = calloc(b->nr_cpus, sizeof(*b->taken));
	if (!b->online || !b->taken) {
		substrate_fini(b);
		return -ENOMEM;
	}
	for (i = 0; i < b->nr_cpus; i++)
		b->online[i] = true;
	return 0;
}

void substrate_fini(struct substrate *b)
{
	u32 i;

	for (i = 0; i < b->nr_events; i++)
		sampler_event_free(b->event[i]);
	free(b->online);
	free(b->taken);
	*b = (struct substrate){ 0 };
}

void substrate_set_init(struct substrate *b, struct damon_events *set)
{
	*set = (struct damon_events){
		.ops = &acts,
		.arg = b,
		.owner = &b->owner,
		.online = b->online,
		.nr_cpus = b->nr_cpus,
		.freq_max = b->scenario->machine.max_sample_rate,
	};
}

static struct damon_event_attr attr_of(const struct config_perf_event *e)
{
	return (struct damon_event_attr){
		.type = e->type,
		.config = e->config,
		.config1 = e->config1,
		.config2 = e->config2,
		.sample_freq = e->sample_freq,
		.sample_period = e->sample_period,
		.wakeup_events = e->wakeup_events,
		.precise_ip = e->precise_ip,
		.sample_phys_addr = e->sample_phys_addr,
		.sample_weight_struct = e->sample_weight_struct,
		.exclude_kernel = e->exclude_kernel,
		.exclude_hv = e->exclude_hv,
		.freq = e->freq,
	};
}

static void event_free(struct damon_event *event)
{
	if (event)
		free(event->cpu);
	free(event);
}

static struct damon_event *event_new(const struct substrate *b,
				     const struct config_perf_event *from)
{
	struct damon_event *event = calloc(1, sizeof(*event));

	if (!event)
		return NULL;
	event->attr = attr_of(from);
	event->cpu = calloc(b->nr_cpus, sizeof(*event->cpu));
	if (event->cpu)
		return event;
	event_free(event);
	return NULL;
}

int substrate_commit(struct substrate *b, struct damon_events *set,
		     const struct config_perf_event *event, u32 nr)
{
	struct damon_event *next[DAMON_EVENTS_MAX] = { 0 };
	u32 i, have = nr;
	int err = 0;

	if (nr > DAMON_EVENTS_MAX)
		return -E2BIG;
	for (i = 0; i < nr; i++) {
		next[i] = no_memory(b) ? NULL : event_new(b, &event[i]);
		if (!next[i]) {
			err = -ENOMEM;
			break;
		}
	}
	if (!err)
		err = damon_events_commit(set, next, &have);
	for (i = 0; i < DAMON_EVENTS_MAX; i++)
		event_free(next[i]);
	return err;
}

u32 substrate_nr_silent(const struct damon_events *set)
{
	u32 i, cpu, nr = 0;

	for (i = 0; i < set->nr; i++) {
		for (cpu = 0; cpu < set->nr_cpus; cpu++) {
			const struct damon_event_cpu *c =
				&set->event[i]->cpu[cpu];

			nr += set->online[cpu] &&
			      c->state == DAMON_EVENT_ARMED &&
			      !set->ops->alive(set->arg, c->handle);
		}
	}
	return nr;
}

void substrate_set_fini(struct substrate *b, struct damon_events *set)
{
	damon_events_disarm(set);
	/* To have none cannot fail. */
	substrate_commit(b, set, NULL, 0);
}

void substrate_take_pmu(struct substrate *b, u32 cpu, bool taken)
{
	struct run_cpu *c = &b->cpu[cpu];
	u32 i;

	b->taken[cpu] = taken;
	/* Who counts is thrown off; giving it back does not heal that. */
	for (i = 0; taken && i < c->nr_samplers; i++)
		c->sampler[i]->error |=
			sampler_event_has_unit(c->sampler[i]->event);
}
