// SPDX-License-Identifier: GPL-2.0
/* When faults begin and end, see faults.h. */
#include <errno.h>
#include <stdlib.h>

#include "run/fault_kinds.h"
#include "run/run.h"

#define NEVER (~0ULL)

static u64 ps_of(u64 us)
{
	return us >= NEVER / RUN_PS_PER_US ? NEVER : us * RUN_PS_PER_US;
}

int faults_init(struct faults *f, const struct scenario *s)
{
	u32 i;

	*f = (struct faults){ 0 };
	luck_init(&f->luck, s->seed, ~2ULL);
	f->fault = calloc(s->nr_faults + 1, sizeof(*f->fault));
	if (!f->fault)
		return -ENOMEM;
	f->nr = s->nr_faults;
	for (i = 0; i < f->nr; i++) {
		struct fault *fault = &f->fault[i];

		fault->spec = &s->faults[i];
		fault->next_ps = ps_of(fault->spec->at_us);
	}
	return 0;
}

void faults_fini(struct faults *f)
{
	u32 i;

	for (i = 0; i < f->nr; i++) {
		fault_free(&f->fault[i]);
	}
	free(f->fault);
	*f = (struct faults){ 0 };
}

u64 faults_next_ps(const struct faults *f)
{
	u64 next_ps = NEVER;
	u32 i;

	for (i = 0; i < f->nr; i++)
		if (f->fault[i].next_ps < next_ps)
			next_ps = f->fault[i].next_ps;
	return next_ps;
}

/* A storm is said by its rate, and each CPU is away for half of the time. */
static u64 every_us(const struct scenario_fault *spec)
{
	if (spec->kind == SCENARIO_FAULT_HOTPLUG_STORM)
		return 1000000 / spec->rate;
	return spec->every_us;
}

static u64 lasts_us(const struct scenario_fault *spec)
{
	if (spec->kind == SCENARIO_FAULT_HOTPLUG_STORM)
		return every_us(spec) / 2;
	return fault_kinds[spec->kind].for_is_its_own ? 0 : spec->for_us;
}

/* When what has begun ends: after its time, or when there is no more of it. */
static u64 end_of(const struct fault *f)
{
	const struct scenario_fault *spec = f->spec;
	u64 until_ps = ps_of(spec->until_us);
	u64 end_ps;

	if (lasts_us(spec))
		end_ps = f->began_ps + ps_of(lasts_us(spec));
	else
		end_ps = spec->until_us > spec->at_us ? until_ps : NEVER;
	if (spec->until_us > spec->at_us && until_ps < end_ps)
		end_ps = until_ps;
	return end_ps;
}

/* When it begins again; NEVER. */
static u64 again(const struct fault *f, u64 now_ps)
{
	const struct scenario_fault *spec = f->spec;
	u64 next_ps;

	if (!every_us(spec))
		return NEVER;
	next_ps = f->began_ps + ps_of(every_us(spec));
	while (next_ps <= now_ps)
		next_ps += ps_of(every_us(spec));
	return spec->until_us > spec->at_us &&
			       next_ps >= ps_of(spec->until_us) ?
		       NEVER :
		       next_ps;
}

static int turn(struct fault *f, struct run *r)
{
	const struct fault_kind *kind = &fault_kinds[f->spec->kind];
	u64 now_ps = r->m.now_ps;
	int err = 0;

	if (f->active) {
		f->active = false;
		err = kind->end ? kind->end(f, r) : 0;
		f->next_ps = again(f, now_ps);
		return err;
	}
	f->began_ps = now_ps;
	if (kind->begin) {
		f->nr++;
		err = kind->begin(f, r);
	}
	if (!kind->lasts) {
		f->next_ps = again(f, now_ps);
		return err;
	}
	f->active = true;
	f->next_ps = end_of(f);
	return err;
}

/* CPUs are asked at each sample only if a fault may want to know. */
static void mark_cpus(struct faults *f, struct run *r)
{
	u32 cpu, i;

	for (cpu = 0; cpu < r->m.nr_cpus; cpu++) {
		r->m.cpu[cpu].tampered = false;
		for (i = 0; i < f->nr; i++)
			r->m.cpu[cpu].tampered |=
				f->fault[i].active &&
				fault_kinds[f->fault[i].spec->kind].sample &&
				fault_is_on(&f->fault[i], cpu);
	}
}

int faults_strike(struct faults *f, struct run *r)
{
	bool any = false;
	u32 i;
	int err = 0;

	for (i = 0; i < f->nr && !err; i++) {
		while (f->fault[i].next_ps <= r->m.now_ps && !err) {
			err = turn(&f->fault[i], r);
			any = true;
		}
	}
	if (any)
		mark_cpus(f, r);
	return err;
}

u64 faults_late_ps(struct faults *f)
{
	u64 late_ps = 0;
	u32 i;

	for (i = 0; i < f->nr; i++) {
		struct fault *fault = &f->fault[i];

		if (!fault->active ||
		    fault->spec->kind != SCENARIO_FAULT_LATE_WAKEUP ||
		    luck_below(luck_next(&f->luck) >> 32, 1000000) >=
			    fault->spec->probability_ppm)
			continue;
		fault->nr++;
		late_ps += ps_of(fault->spec->for_us);
	}
	return late_ps;
}

bool faults_tamper(void *arg, struct run_cpu *c, u64 at_ps,
		   const struct sampler_event *event,
		   struct perf_sample_data *data, struct damon_running *who)
{
	const struct fault_sample sample = { at_ps, event, data, who };
	struct run *r = arg;
	u32 i;

	for (i = 0; i < r->faults.nr; i++) {
		struct fault *f = &r->faults.fault[i];
		u64 luck;

		if (!f->active || !fault_kinds[f->spec->kind].sample ||
		    !fault_is_on(f, c->nr))
			continue;
		luck = luck_next(&c->fault_luck);
		if (luck_below(luck >> 32, 1000000) >= f->spec->probability_ppm)
			continue;
		/* CPUs are played side by side. */
		__atomic_fetch_add(&f->nr, 1, __ATOMIC_RELAXED);
		if (!fault_kinds[f->spec->kind].sample(r, c, luck_mix(luck),
						       &sample))
			return false;
	}
	return true;
}

int faults_refuse(void *arg, u32 cpu)
{
	struct faults *f = arg;
	u32 i;

	for (i = 0; i < f->nr; i++) {
		struct fault *fault = &f->fault[i];

		if (!fault->active ||
		    fault->spec->kind != SCENARIO_FAULT_CREATE_REFUSED ||
		    !fault_is_on(fault, cpu) ||
		    luck_below(luck_next(&f->luck) >> 32, 1000000) >=
			    fault->spec->probability_ppm)
			continue;
		fault->nr++;
		return -(int)fault->spec->error;
	}
	return 0;
}
