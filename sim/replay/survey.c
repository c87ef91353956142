// SPDX-License-Identifier: GPL-2.0
/* A look at the beginning of a capture, see survey.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "machine/cpus.h"
#include "replay/survey.h"
#include "replay/tally.h"

/* DAMON's own ratio of its default intervals, 100 ms to 5 ms; more is finer. */
#define TICKS_PER_AGGR 20

/*
 * A region counts one access a tick, however many it had.  With many samples a
 * tick all regions have one, with few a region has the less the smaller it
 * gets. Of 8 to 80, 40 told hot from warm best in captures of which both are
 * known.
 */
#define SAMPLES_PER_TICK 40

/* Aggregations wanted in a capture, and samples wanted in an aggregation. */
#define AGGRS_WANTED 60
#define SAMPLES_WANTED 1000

#define AGGR_US_MIN 10000ULL
#define AGGR_US_MAX 10000000ULL
#define SAMPLE_US_MIN 100ULL

/* The rate of each CPU in the window that is open. */
struct peak {
	struct {
		u64 window;
		u32 nr;
	} * cpu;
	u32 nr_cpus;
	u32 most;
};

static int peak_add(struct peak *p, const struct trace_record *rec)
{
	u64 window = rec->time_ns / SURVEY_PEAK_NS;
	u32 nr = rec->cpu + 1;
	void *grown;

	if (rec->cpu >= CPUS_MAX)
		return 0;
	if (nr > p->nr_cpus) {
		grown = realloc(p->cpu, nr * sizeof(*p->cpu));
		if (!grown)
			return -ENOMEM;
		p->cpu = grown;
		memset(&p->cpu[p->nr_cpus], 0,
		       (nr - p->nr_cpus) * sizeof(*p->cpu));
		p->nr_cpus = nr;
	}
	if (p->cpu[rec->cpu].window != window) {
		p->cpu[rec->cpu].window = window;
		p->cpu[rec->cpu].nr = 0;
	}
	if (++p->cpu[rec->cpu].nr > p->most)
		p->most = p->cpu[rec->cpu].nr;
	return 0;
}

/* Would the handler of a context of processes take it? */
static bool is_virt(const struct trace_record *rec,
		    const struct captured_rules *rules,
		    const struct damon_sampling *how)
{
	struct perf_sample_data data;
	struct damon_running who;
	struct damon_report report;

	captured_sample(rec, rules, &data, &who);
	return !damon_sample_check(&data, how, &who, &report);
}

int survey_take(struct survey *s, const struct trace_record *recs, size_t nr,
		const struct captured_rules *rules, u64 addr_end)
{
	struct damon_sampling virt = { .addr_end = addr_end };
	struct peak peak = { 0 };
	struct tally tally = { 0 };
	int err = 0;
	size_t i;

	*s = (struct survey){ .first_ns = ~0ULL };
	for (i = 0; i < nr && !err; i++) {
		const struct trace_record *rec = &recs[i];

		if (rec->type != TRACE_SAMPLE)
			continue;
		s->nr_samples++;
		s->has_tid |= rec->has & TRACE_HAS_TID;
		s->has_cpu |= rec->has & TRACE_HAS_CPU;
		if (rec->has & TRACE_HAS_TIME) {
			s->nr_timed++;
			if (rec->time_ns < s->first_ns)
				s->first_ns = rec->time_ns;
			if (rec->time_ns > s->last_ns)
				s->last_ns = rec->time_ns;
			err = peak_add(&peak, rec);
		}
		if (is_virt(rec, &rules[rec->event], &virt)) {
			s->nr_virt++;
			err = err ? err : tally_add(&tally, rec->pid);
		}
		s->nr_phys += rec->has & TRACE_HAS_PHYS_ADDR &&
			      !rules[rec->event].driver_only;
	}
	s->nr_of_pid = tally_top(&tally, &s->pid);
	s->peak_per_s = peak.most * (1000000000ULL / SURVEY_PEAK_NS);
	if (!s->nr_timed)
		s->first_ns = 0;
	tally_fini(&tally);
	free(peak.cpu);
	return err;
}

/* The next of 1, 2, 5, 10, 20, ... at or above @us. */
static u64 round_up_125(u64 us)
{
	static const u64 step[] = { 1, 2, 5 };
	u64 scale;
	int i;

	for (scale = 1; scale < 1ULL << 60; scale *= 10)
		for (i = 0; i < 3; i++)
			if (scale * step[i] >= us)
				return scale * step[i];
	return us;
}

static u64 clamp_u64(u64 value, u64 low, u64 high)
{
	return value < low ? low : value > high ? high : value;
}

void survey_choose(const struct survey *s, u64 duration_ns, u32 capacity,
		   struct survey_plan *plan)
{
	u64 nr = s->nr_of_pid ? s->nr_of_pid : s->nr_phys;
	u64 span_us = (s->last_ns - s->first_ns) / 1000 + 1;
	u64 enough_us, few_us, ring_us;

	*plan = (struct survey_plan){ .pid = s->pid };
	/*
	 * One process has the capture nearly to itself, or nothing else is
	 * known: its memory.  Many that share it are best told by the
	 * machine's.
	 */
	plan->phys = s->nr_phys && s->nr_of_pid * 2 < s->nr_phys;

	enough_us = nr ? span_us * SAMPLES_WANTED / nr : AGGR_US_MAX;
	plan->aggr_us = duration_ns / 1000 / AGGRS_WANTED;
	if (plan->aggr_us > 100000 && enough_us < 100000)
		plan->aggr_us = 100000;
	if (plan->aggr_us < enough_us)
		plan->aggr_us = clamp_u64(enough_us, 0, 4 * plan->aggr_us);
	plan->aggr_us = clamp_u64(round_up_125(plan->aggr_us), AGGR_US_MIN,
				  AGGR_US_MAX);

	plan->sample_us = plan->aggr_us / TICKS_PER_AGGR;
	few_us = nr ? span_us * SAMPLES_PER_TICK / nr : plan->sample_us;
	while (plan->sample_us > few_us && plan->sample_us > SAMPLE_US_MIN)
		plan->sample_us /= 2;
	/* At the highest rate seen a tick leaves half of the ring free. */
	ring_us = s->peak_per_s ? capacity / 2 * 1000000ULL / s->peak_per_s :
				  plan->sample_us;
	while (plan->sample_us > ring_us && plan->sample_us > SAMPLE_US_MIN)
		plan->sample_us /= 2;
	plan->aggr_us -= plan->aggr_us % plan->sample_us;
	plan->update_us = plan->aggr_us * 10;
}
