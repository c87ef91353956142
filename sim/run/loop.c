// SPDX-License-Identifier: GPL-2.0
/*
 * Time: the kdamond's ticks, the machine between them, and what happens to
 * both.
 *
 * As long as ticks do nothing but drain and credit, as many of them as fit are
 * played at once (span.h).  A tick that does more is the last of its span, and
 * nothing that is due comes later than it should: a span ends where something
 * is.
 */
#include <errno.h>

#include "run/dests.h"
#include "run/hotpath.h"
#include "run/loop.h"

#define PS_PER_S 1000000000000ULL
#define NEVER (~0ULL)

/* The machine's clock as the core counts it; never 0. */
static void set_jiffies(struct run *r, u64 at_ps)
{
	r->ctx.jiffies = 1 + at_ps / r->m.env.tick_ps;
	r->measure.now_us = at_ps / RUN_PS_PER_US;
}

/* When a sleeper wakes up: exponentially late, as timers and run queues go. */
static u64 wake_up(struct run *r, u64 from_ps, u64 sleep_us)
{
	u64 late_ps = (u64)r->s->machine.wakeup_us * RUN_PS_PER_US;
	u32 bits = luck_next(&r->luck) >> 32, doublings = 0;

	/* Median @wakeup_us: as many halvings of luck as there are. */
	while (bits && !(bits & 0x80000000u) && doublings < 16) {
		bits <<= 1;
		doublings++;
	}
	late_ps = late_ps * doublings +
		  ((u64)late_ps * (~bits & 0x7fffffffu) >> 31);
	return from_ps + sleep_us * RUN_PS_PER_US + late_ps +
	       faults_late_ps(&r->faults);
}

/* Events count while the kdamond looks, and at no other time. */
static void sync_armed(struct run *r)
{
	bool want =
		r->k.state == KDAMOND_READY || r->k.state == KDAMOND_SLEEPING;

	if (want && !r->set.armed)
		r->nr_blind = damon_events_arm(&r->set) +
			      substrate_nr_silent(&r->set);
	else if (!want && r->set.armed &&
		 (hotpath_disarms() || r->k.state == KDAMOND_ENDED))
		damon_events_disarm(&r->set);
	r->feed.tick.epoch = r->set.epoch;
	r->m.env.sampling.epoch = r->set.epoch;
}

static int play(struct run *r, struct span_job *job, struct span_result *result)
{
	int err = touch_until(&r->touch, job->end_ps);

	if (err)
		return err;
	job->env = &r->m.env;
	job->sample_ps = r->ctx.attrs.sample_us * RUN_PS_PER_US;
	job->cpu = r->m.cpu;
	job->nr_cpus = r->m.nr_cpus;
	job->tick = r->feed.tick;
	job->tick.stats = (struct damon_tick_stats){ 0 };
	err = span_play(r->pool, job, result);
	if (err)
		return err;
	r->m.now_ps = job->end_ps;
	r->stats.credited += job->tick.stats.credited;
	r->stats.absorbed += job->tick.stats.absorbed;
	for (int i = 0; i < DAMON_NR_LOSSES; i++)
		r->stats.lost[i] += job->tick.stats.lost[i];
	return 0;
}

/* Nobody drains until @to_ps. */
static int play_idle(struct run *r, u64 to_ps)
{
	struct span_job job = { .end_ps = to_ps };
	struct span_result result;
	int err = feed_begin(&r->feed, &r->ctx);

	return err ? err : play(r, &job, &result);
}

/* What the kdamond's work on memory took. */
static void spend(struct run *r)
{
	u64 spent_ps = r->memory.cost_ps;

	r->memory.cost_ps = 0;
	r->free_ps = r->m.now_ps + spent_ps;
	r->kdamond_ps += spent_ps;
	r->stalled_ps += spent_ps;
}

/* All of a tick that is more than draining. */
static void full_tick(struct run *r)
{
	u64 window = r->ctx.next_aggregation_sis;

	set_jiffies(r, r->m.now_ps);
	if (r->opt.before_tick)
		r->opt.before_tick(r->opt.observe_arg, r);
	/* What memory the host lacks for a split is not the run's to end. */
	if (kdamond_tick(&r->k))
		r->measure.err = -ENOMEM;
	if (window != r->ctx.next_aggregation_sis)
		r->nr_blind = damon_events_revive(&r->set) +
			      substrate_nr_silent(&r->set);
	machine_look(&r->m);
	spend(r);
	/* What was moved is there when the kdamond is done with it. */
	r->measure.now_us = r->free_ps / RUN_PS_PER_US;
	if (window != r->ctx.next_aggregation_sis)
		dests_look(r);
	sync_armed(r);
	if (r->opt.after_tick)
		r->opt.after_tick(r->opt.observe_arg, r);
}

static u64 sleep_us(const struct run *r)
{
	return r->ctx.attrs.sample_us;
}

/* Ticks from the next one on, until one does more or @limit_ps. */
static u32 plan_ticks(struct run *r, struct span_job *job, u64 limit_ps)
{
	u64 idle = kdamond_idle_ticks(&r->k);
	u32 nr = 0;

	while (r->wake_ps <= limit_ps && nr <= idle && nr < SPAN_TICKS_MAX) {
		job->tick_ps[nr++] = r->wake_ps;
		if (nr <= idle)
			r->wake_ps = wake_up(r, r->wake_ps, sleep_us(r));
	}
	job->nr_ticks = nr;
	job->end_ps = nr ? job->tick_ps[nr - 1] : limit_ps;
	return nr;
}

static int tick_span(struct run *r, u64 limit_ps)
{
	u64 idle = kdamond_idle_ticks(&r->k);
	struct span_job job = { .drains = r->set.nr != 0 };
	struct span_result result;
	u32 i, nr;
	int err = feed_begin(&r->feed, &r->ctx);

	if (err)
		return err;
	nr = plan_ticks(r, &job, limit_ps);
	err = play(r, &job, &result);
	for (i = 0; i < nr && !err; i++) {
		r->nr_ticks++;
		r->kdamond_ps += run_tick_ps(r, result.nr_drained[i]);
		if (i < idle) {
			feed_credit(&r->feed, &r->ctx, result.hits[i],
				    result.nr_hits[i]);
			kdamond_skip(&r->k, 1);
			continue;
		}
		r->hits = result.hits[i];
		r->nr_hits = result.nr_hits[i];
		full_tick(r);
		r->nr_hits = 0;
	}
	return err;
}

/* The kdamond sleeps without looking: paused, or all schemes asleep. */
static int blind_sleep(struct run *r, u64 limit_ps)
{
	int err = play_idle(r, r->wake_ps < limit_ps ? r->wake_ps : limit_ps);

	if (err || r->m.now_ps < r->wake_ps)
		return err;
	full_tick(r);
	if (r->k.state == KDAMOND_PAUSED || r->k.state == KDAMOND_INACTIVE)
		r->wake_ps = wake_up(r, r->free_ps, r->k.sleep_us);
	return 0;
}

/* One step of the kdamond, not beyond @limit_ps. */
static int step(struct run *r, u64 limit_ps)
{
	if (!r->started)
		return play_idle(r, limit_ps);
	switch (r->k.state) {
	case KDAMOND_READY:
		/* It is still at what it did last. */
		if (r->free_ps > r->m.now_ps && r->free_ps > limit_ps)
			return play_idle(r, limit_ps);
		if (r->free_ps < r->m.now_ps)
			r->free_ps = r->m.now_ps;
		set_jiffies(r, r->free_ps);
		kdamond_prepare(&r->k);
		sync_armed(r);
		r->wake_ps = wake_up(r, r->free_ps, r->k.sleep_us);
		return 0;
	case KDAMOND_SLEEPING:
		return tick_span(r, limit_ps);
	case KDAMOND_PAUSED:
	case KDAMOND_INACTIVE:
		return blind_sleep(r, limit_ps);
	default:
		return play_idle(r, limit_ps);
	}
}

static u64 min_u64(u64 a, u64 b)
{
	return a < b ? a : b;
}

static int loop_to(struct run *r, u64 end_ps)
{
	u64 limit_ps;
	int err = 0;

	while (r->m.now_ps < end_ps && !err) {
		limit_ps = min_u64(end_ps, machine_programs(&r->m));
		err = faults_strike(&r->faults, r);
		limit_ps = min_u64(limit_ps, faults_next_ps(&r->faults));
		while (r->m.now_ps < limit_ps && !err) {
			if (r->opt.before_step)
				r->opt.before_step(r->opt.observe_arg, r);
			err = step(r, limit_ps);
			if (r->opt.stop && *r->opt.stop)
				return RUN_STOPPED;
			if (r->opt.progress)
				r->opt.progress(r->opt.progress_arg, r);
			/* What a tick did may be the next thing due. */
			limit_ps =
				min_u64(limit_ps, faults_next_ps(&r->faults));
		}
	}
	return err;
}

int loop_until(struct run *r, u64 us)
{
	u64 at_us = us < r->s->duration_us ? us : r->s->duration_us;

	return loop_to(r, at_us * RUN_PS_PER_US);
}

int loop_run(struct run *r)
{
	int err = loop_until(r, r->s->duration_us);

	if (!err)
		machine_look(&r->m);
	return err ? err : r->measure.err;
}
