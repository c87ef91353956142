// SPDX-License-Identifier: GPL-2.0
/*
 * Page faults of a thread, for perf's software events.
 *
 * A sample of one is raised where the fault is handled, by the kernel in
 * process context: it takes no interrupt, and falls under no limit of perf's.
 */
#include "run/run_part.h"

u64 part_fault_ps(const struct part *p)
{
	const struct page_fault *next;

	if (!p->rt)
		return PART_NEVER;
	next = page_faults_next(&p->rt->ahead);
	if (!next)
		return PART_NEVER;
	return p->wall_ps +
	       (next->at_ps > p->run_ps ? next->at_ps - p->run_ps : 0);
}

/* Every event that counts it. */
static void count(const struct part *p, const struct page_fault *fault,
		  u64 at_ps)
{
	const struct damon_running who = {
		.tgid = fault->rt->tgid,
		.tid = fault->rt->tid,
	};
	struct perf_sample_data *data = &p->c->data;
	u32 i;

	for (i = 0; i < p->c->nr_samplers; i++) {
		struct sampler *s = p->c->sampler[i];

		if (s->error || !(s->event->faults & fault->kind))
			continue;
		s->count += 1ULL << SAMPLER_COUNT_SHIFT;
		if (!perf_sw_count(&s->sw, s->event->by_freq ? &s->freq : NULL,
				   at_ps / RUN_PS_PER_NS,
				   p->env->tick_ps / RUN_PS_PER_NS))
			continue;
		s->nr_samples++;
		/* perf has no flag for an address of 0. */
		data->sample_flags = fault->vaddr ? PERF_SAMPLE_ADDR : 0;
		if (fault->vaddr)
			data->addr = fault->vaddr;
		hand_over(p, at_ps, s, &who);
	}
}

void part_fault(struct part *p)
{
	struct page_faults *q = &p->rt->ahead;

	count(p, page_faults_next(q), p->wall_ps);
	page_faults_taken(q);
}

void part_faults_held(const struct part *p)
{
	struct page_faults *q = &p->c->held;
	const struct page_fault *next;

	while (unlikely((next = page_faults_next(q)) != NULL) &&
	       next->at_ps < p->end_ps) {
		count(p, next, next->at_ps);
		page_faults_taken(q);
	}
}

void part_faults_past(const struct part *p)
{
	struct page_faults *q = &p->rt->ahead;
	const struct page_fault *next;

	while (unlikely((next = page_faults_next(q)) != NULL) &&
	       next->at_ps < p->run_ps)
		page_faults_taken(q);
}
