// SPDX-License-Identifier: GPL-2.0
/* A CPU played forward, see run_cpu.h. */
#include <math.h>

#include "run/run_cpu.h"
#include "wide.h"

/* Samples that are worked out together. */
#define BATCH 96

/* What is to come before anything else in a while. */
#define NEVER (~0ULL)

/**
 * struct part - a thread on a CPU for some time.
 * @env:	environment
 * @c:		CPU
 * @rt:		thread, or NULL
 * @wall_ps:	until when it was played
 * @run_ps:	the thread's clock then
 * @end_ps:	where the part ends
 */
struct part {
	const struct run_env *env;
	struct run_cpu *c;
	struct run_thread *rt;
	u64 wall_ps;
	u64 run_ps;
	u64 end_ps;
};

/* One sample that was worked out but for its addresses. */
struct drawn {
	u64 at_ps[BATCH];
	u64 run_ps[BATCH];
	u64 bits[BATCH];
	u64 luck[BATCH];
	u64 vaddr[BATCH];
	u64 paddr[BATCH];
	const struct sampler_shape *shape[BATCH];
	u32 slot[BATCH];
	u32 ret_ps[BATCH];
	u32 busy_ps[BATCH];
	u32 handler_ns[BATCH];
	u8 class[BATCH];
};

void run_env_nmi(struct run_env *env, u32 median_ns, u32 sigma_x1000,
		 u32 handler_pct)
{
	double lo, hi, mid, x;
	u32 i, step;

	for (i = 0; i < RUN_NMI_QUANTILES; i++) {
		/* The normal distribution's quantile, by bisection. */
		x = (i + 0.5) / RUN_NMI_QUANTILES;
		lo = -8;
		hi = 8;
		for (step = 0; step < 60; step++) {
			mid = (lo + hi) / 2;
			if (0.5 * erfc(-mid / sqrt(2)) < x)
				lo = mid;
			else
				hi = mid;
		}
		env->nmi_ps[i] = median_ns * RUN_PS_PER_NS *
				 exp(lo * sigma_x1000 / 1000);
		env->handler_ns[i] =
			(u64)env->nmi_ps[i] * handler_pct / 100 / RUN_PS_PER_NS;
	}
}

void run_cpu_init(struct run_cpu *c, u32 nr, struct cpu *cpu, u64 seed,
		  const struct run_env *env)
{
	*c = (struct run_cpu){
		.nr = nr,
		.online = true,
		.cpu = cpu,
		.tick_seq = 1,
	};
	luck_init(&c->luck, seed, nr);
	luck_init(&c->fault_luck, ~seed, nr);
	/* Ticks of CPUs are skewed, or all would look at once. */
	c->next_tick_ps = env->tick_ps + env->tick_ps / 2 * (nr % 64) / 64;
}

void run_cpu_enable(struct run_cpu *c, struct sampler *s)
{
	if (s->enabled)
		return;
	s->enabled = true;
	sampler_reload(s, luck_next(&c->luck) >> 32);
	c->sampler[c->nr_samplers++] = s;
}

void run_cpu_disable(struct run_cpu *c, struct sampler *s)
{
	u32 i;

	if (!s->enabled)
		return;
	s->enabled = false;
	pebs_drain(&s->pebs, false, &c->data);
	for (i = 0; c->sampler[i] != s; i++)
		;
	for (c->nr_samplers--; i < c->nr_samplers; i++)
		c->sampler[i] = c->sampler[i + 1];
}

/* The handler's turn. */
static __always_inline void hand_over(const struct part *p, u64 at_ps,
				      const struct sampler *s,
				      const struct damon_running *running)
{
	const struct run_env *env = p->env;
	struct damon_running who = *running;
	struct run_cpu *c = p->c;

	if (unlikely(c->tampered) &&
	    !env->tamper(env->tamper_arg, c, at_ps, &c->data, &who))
		return;
	if (unlikely(env->logged))
		env->logged(env->logged_arg, c, at_ps, s->event, &c->data,
			    &who);
	damon_handle_sample(c->cpu->ring, &c->cpu->stats, &c->data,
			    &env->sampling, &who);
}

/* How long the interrupt takes, and what it does to the average. */
static inline u32 interrupt(const struct part *p, u64 luck)
{
	struct run_cpu *c = p->c;
	u32 which = luck % RUN_NMI_QUANTILES;
	u32 nmi_ps = p->env->nmi_ps[which];
	u64 avg;

	c->nmi_ps += nmi_ps;
	avg = perf_took_add(&c->took, p->env->handler_ns[which]);
	if (unlikely(avg > c->took_max_ns))
		c->took_max_ns = avg;
	return nmi_ps;
}

/* Where a page is, without a branch that depends on it. */
static inline u32 place_of(const struct ram *ram, u64 paddr)
{
	u32 place = SAMPLER_NOWHERE, i;

	for (i = 0; i < ram->nr_nodes; i++) {
		u32 here = -(u32)(paddr - ram->node[i].start < ram->node[i].sz);

		place = (i & here) | (place & ~here);
	}
	return place;
}

/*
 * Fill in what the sample has; the rest stays as it is.  Return: false if there
 * is no sample.
 */
static inline bool fill(const struct part *p, const struct sampler_shape *shape,
			u64 vaddr, u64 paddr, u64 luck)
{
	struct perf_sample_data *data = &p->c->data;
	u64 has = shape->addr;

	if (unlikely(!shape->raises))
		return false;
	data->sample_flags = shape->flags;
	data->addr = (vaddr & has) | (data->addr & ~has);
	has = shape->phys_addr;
	if (unlikely(p->env->invalid_paddr_ppm) &&
	    luck_below(luck >> 32, 1000000) < p->env->invalid_paddr_ppm) {
		data->sample_flags &= ~(u64)PERF_SAMPLE_PHYS_ADDR;
		has = 0;
	}
	data->phys_addr = (paddr & has) | (data->phys_addr & ~has);
	has = shape->has_data_src;
	data->data_src.val =
		(shape->data_src & has) | (data->data_src.val & ~has);
	return true;
}

static struct damon_running running(const struct part *p,
				    const struct sampler_view *view)
{
	return (struct damon_running){
		.tgid = p->rt->tgid,
		.tid = p->rt->tid,
		.guest = view->guest,
	};
}

/* A tick of the timer: who was stopped goes on. */
static void timer_tick(struct part *p)
{
	struct run_cpu *c = p->c;
	u32 i;

	c->next_tick_ps += p->env->tick_ps;
	c->tick_seq++;
	for (i = 0; i < c->nr_samplers; i++) {
		struct sampler *s = c->sampler[i];

		if (perf_limit_tick(&s->throttle))
			sampler_reload(s, luck_next(&c->luck) >> 32);
		if (s->event->attr.freq &&
		    perf_freq_tick(&s->freq, s->count >> SAMPLER_COUNT_SHIFT,
				   p->env->tick_ps / RUN_PS_PER_NS))
			sampler_reload(s, luck_next(&c->luck) >> 32);
	}
}

/* Does a tick do more than to begin another count of samples? */
static bool ticks_matter(const struct part *p)
{
	const struct run_cpu *c = p->c;
	u32 i;

	for (i = 0; i < c->nr_samplers; i++) {
		const struct sampler *s = c->sampler[i];

		/* Where nothing is counted no period is changed. */
		if (s->throttle.stopped ||
		    (s->event->attr.freq && (p->rt || s->event->by_clock)))
			return true;
	}
	return false;
}

/* All ticks before @end_ps. */
static void timer_ticks(struct part *p, u64 end_ps)
{
	struct run_cpu *c = p->c;
	u64 nr;

	while (c->next_tick_ps < end_ps && ticks_matter(p))
		timer_tick(p);
	if (c->next_tick_ps >= end_ps)
		return;
	nr = (end_ps - 1 - c->next_tick_ps) / p->env->tick_ps + 1;
	c->next_tick_ps += nr * p->env->tick_ps;
	c->tick_seq += nr;
}

/* What follows from luck alone, of as many samples as there may be. */
WIDE static void draw_luck(struct drawn *d, struct luck luck,
			   const struct sampler_view *view,
			   const struct run_env *env)
{
	u32 i;

	for (i = 0; i < BATCH; i++)
		d->bits[i] = luck_at(&luck, i);
	for (i = 0; i < BATCH; i++)
		d->luck[i] = luck_more(d->bits[i]);
	for (i = 0; i < BATCH; i++)
		d->slot[i] = sampler_pick(view, d->bits[i] >> 32);
	for (i = 0; i < BATCH; i++)
		d->ret_ps[i] = view->ret_ps[d->slot[i]];
	for (i = 0; i < BATCH; i++)
		d->busy_ps[i] = env->nmi_ps[d->bits[i] % RUN_NMI_QUANTILES];
	for (i = 0; i < BATCH; i++)
		d->handler_ns[i] =
			env->handler_ns[d->bits[i] % RUN_NMI_QUANTILES];
	for (i = 0; i < BATCH; i++)
		d->class[i] = view->class[d->slot[i]];
}

/*
 * The samples of one event that goes by the clock, as long as there is room and
 * perf does not stop it.  A tick does nothing to it but to begin another count.
 * Return: how many.
 */
static u32 draw_batch(struct part *p, struct sampler *s,
		      const struct sampler_view *view, struct drawn *d)
{
	struct run_cpu *c = p->c;
	u64 end_ps = p->end_ps, next_tick_ps = c->next_tick_ps;
	u64 wall_ps = p->wall_ps, run_ps = p->run_ps, left = s->left;
	u64 busy_ps = 0, took_max_ns = c->took_max_ns;
	const u64 period_ps = s->event->period_ps;
	struct perf_took took = c->took;
	struct perf_throttle throttle = s->throttle;
	u32 nr;

	draw_luck(d, c->luck, view, p->env);
	for (nr = 0; nr < BATCH && !throttle.stopped; nr++) {
		u64 avg_ns;

		if (wall_ps + left >= end_ps)
			break;
		wall_ps += left;
		run_ps += left;
		left = period_ps;
		while (next_tick_ps <= wall_ps) {
			next_tick_ps += p->env->tick_ps;
			c->tick_seq++;
		}
		d->at_ps[nr] = wall_ps;
		d->run_ps[nr] = run_ps;
		run_ps += d->ret_ps[nr];
		wall_ps += d->ret_ps[nr] + d->busy_ps[nr];
		busy_ps += d->busy_ps[nr];
		avg_ns = perf_took_add(&took, d->handler_ns[nr]);
		took_max_ns = avg_ns > took_max_ns ? avg_ns : took_max_ns;
		perf_limit_overflow(p->env->limit, &throttle, c->tick_seq);
	}
	p->wall_ps = wall_ps;
	p->run_ps = run_ps;
	s->left = left;
	s->nr_samples += nr;
	s->nr_throttled += throttle.stopped && nr;
	s->throttle = throttle;
	c->next_tick_ps = next_tick_ps;
	luck_skip(&c->luck, nr);
	c->took = took;
	c->took_max_ns = took_max_ns;
	c->nmi_ps += busy_ps;
	return nr;
}

/* All time that is left until @end_ps passes without a sample. */
static void pass(struct part *p, u64 end_ps)
{
	if (end_ps > p->wall_ps) {
		p->run_ps += end_ps - p->wall_ps;
		p->wall_ps = end_ps;
	}
}

/* One event that goes by the clock, none of its ops being filtered. */
static void play_clocked(struct part *p, struct sampler *s,
			 const struct sampler_view *view)
{
	struct damon_running who = running(p, view);
	struct workload_thread *t = &p->rt->t;
	struct run_cpu *c = p->c;
	struct drawn d;
	u32 nr, i, place;

	while (p->wall_ps < p->end_ps) {
		u64 stop_ps = p->end_ps, before;

		nr = draw_batch(p, s, view, &d);
		t->w->kind->draw(t, nr, d.run_ps, d.class, d.luck, d.vaddr);
		/* Apart: no address waits for another's. */
		for (i = 0; i < nr; i++) {
			d.paddr[i] = ram_translate(t->map, d.vaddr[i]);
			place = place_of(p->env->ram, d.paddr[i]);
			d.shape[i] = &view->shape[d.slot[i]][place];
		}
		for (i = 0; i < nr; i++) {
			fill(p, d.shape[i], d.vaddr[i], d.paddr[i], d.luck[i]);
			hand_over(p, d.at_ps[i], s, &who);
		}
		if (nr == BATCH && !s->throttle.stopped)
			continue;
		if (s->throttle.stopped && c->next_tick_ps < stop_ps)
			stop_ps = c->next_tick_ps;
		before = p->wall_ps;
		pass(p, stop_ps);
		if (!s->throttle.stopped)
			s->left -= p->wall_ps - before;
		timer_ticks(p, p->wall_ps < p->end_ps ? p->wall_ps + 1 :
							p->end_ps);
	}
}

/* What an event counts in a unit of the thread's work. */
static const struct sampler_view *view_of(const struct part *p,
					  const struct sampler *s)
{
	return p->rt ? &s->event->view[p->rt->program] : NULL;
}

/* When the event fires if nothing comes between; NEVER. */
static u64 fires_at(const struct part *p, const struct sampler *s)
{
	const struct sampler_view *view = view_of(p, s);
	u64 units, run_ps;

	if (s->error || s->throttle.stopped)
		return NEVER;
	if (s->event->by_clock) {
		if (p->rt)
			return p->wall_ps + s->left;
		if (!p->env->idle_ppm)
			return NEVER;
		return p->wall_ps +
		       (unsigned __int128)s->left * 1000000 / p->env->idle_ppm;
	}
	if (!view || !view->per_unit || !view->nr)
		return NEVER;
	units = (s->left + view->per_unit - 1) / view->per_unit;
	run_ps = p->rt->t.w->kind->when(&p->rt->t, p->rt->t.units + units);
	return p->wall_ps + run_ps - p->run_ps;
}

/* Time passes until @to_ps, and is counted. */
static void step_to(struct part *p, u64 to_ps)
{
	u64 ran_ps = to_ps > p->wall_ps ? to_ps - p->wall_ps : 0;
	u64 units = 0;
	u32 i;

	p->wall_ps += ran_ps;
	if (p->rt) {
		u64 before = p->rt->t.units;

		p->run_ps += ran_ps;
		p->rt->t.w->kind->advance(&p->rt->t, p->run_ps);
		units = p->rt->t.units - before;
	} else {
		ran_ps = (unsigned __int128)ran_ps * p->env->idle_ppm / 1000000;
	}
	for (i = 0; i < p->c->nr_samplers; i++) {
		struct sampler *s = p->c->sampler[i];
		const struct sampler_view *view = view_of(p, s);
		u64 counted = s->event->by_clock ?
				      ran_ps :
				      units * (view ? view->per_unit : 0);

		s->count += counted;
		if (!s->throttle.stopped)
			s->left -= counted < s->left ? counted : s->left;
	}
}

/* The period that perf wants after this sample. */
static void adjust_freq(const struct part *p, struct sampler *s, u64 at_ps)
{
	if (s->event->attr.freq)
		perf_freq_overflow(&s->freq, at_ps / RUN_PS_PER_NS,
				   s->freq.period,
				   p->env->tick_ps / RUN_PS_PER_NS);
}

/* A CPU without threads: what runs there touches no memory of a program. */
static void sample_idle(struct part *p, struct sampler *s)
{
	const struct damon_running nobody = { 0 };
	struct run_cpu *c = p->c;
	u64 luck = luck_next(&c->luck);
	u64 at_ps = p->wall_ps;

	p->wall_ps += interrupt(p, luck);
	adjust_freq(p, s, at_ps);
	sampler_reload(s, luck >> 32);
	s->nr_throttled +=
		perf_limit_overflow(p->env->limit, &s->throttle, c->tick_seq);
	s->nr_samples++;
	c->data.sample_flags = 0;
	hand_over(p, at_ps, s, &nobody);
}

/* PEBS: the record goes to a buffer first.  Return: there is an interrupt. */
static bool record(struct part *p, struct sampler *s,
		   const struct sampler_view *view, u32 slot, u64 vaddr)
{
	struct op op = { .vaddr = vaddr };

	/* Its address alone is looked at; what it was is the shape's. */
	if (!pebs_write(&s->pebs, &op, p->wall_ps / RUN_PS_PER_NS))
		return false;
	s->pebs.nr_lost += s->pebs.nr - 1;
	s->pebs.nr = 0;
	return true;
}

/* The event fires now. */
static void sample(struct part *p, struct sampler *s)
{
	const struct sampler_view *view = view_of(p, s);
	struct workload_thread *t = &p->rt->t;
	struct run_cpu *c = p->c;
	u64 luck = luck_next(&c->luck), more = luck_more(luck);
	u64 at_ps = p->wall_ps, vaddr, paddr;
	u32 slot = sampler_pick(view, luck >> 32);
	u8 class = view->class[slot];
	struct damon_running who = running(p, view);

	t->w->kind->draw(t, 1, &p->run_ps, &class, &more, &vaddr);
	paddr = ram_translate(t->map, vaddr);
	if (!fill(p, &view->shape[slot][place_of(p->env->ram, paddr)], vaddr,
		  paddr, more)) {
		/* IBS goes on from anywhere; what is not counted goes on. */
		sampler_reload(s, luck >> 32);
		return;
	}
	if (s->event->unit == SAMPLER_PEBS &&
	    !record(p, s, view, slot, vaddr)) {
		sampler_reload(s, luck >> 32);
		return;
	}
	if (s->event->by_clock) {
		p->run_ps += view->ret_ps[slot];
		p->wall_ps += view->ret_ps[slot];
	}
	p->wall_ps += interrupt(p, luck);
	adjust_freq(p, s, at_ps);
	sampler_reload(s, luck >> 32);
	s->nr_throttled +=
		perf_limit_overflow(p->env->limit, &s->throttle, c->tick_seq);
	s->nr_samples++;
	hand_over(p, at_ps, s, &who);
}

/* Any events, one sample after the other. */
static void play_stepped(struct part *p)
{
	struct run_cpu *c = p->c;

	while (p->wall_ps < p->end_ps) {
		struct sampler *first = NULL;
		u64 at_ps = p->end_ps, fires;
		u32 i;

		for (i = 0; i < c->nr_samplers; i++) {
			fires = fires_at(p, c->sampler[i]);
			if (fires < at_ps) {
				at_ps = fires;
				first = c->sampler[i];
			}
		}
		if (c->next_tick_ps <= at_ps && c->next_tick_ps < p->end_ps &&
		    ticks_matter(p)) {
			step_to(p, c->next_tick_ps);
			timer_tick(p);
			continue;
		}
		timer_ticks(p, at_ps < p->end_ps ? at_ps + 1 : at_ps);
		step_to(p, at_ps);
		if (!first)
			continue;
		if (p->rt)
			sample(p, first);
		else
			sample_idle(p, first);
	}
}

static bool can_batch(const struct part *p)
{
	const struct run_cpu *c = p->c;
	const struct sampler *s = c->sampler[0];

	return p->rt && c->nr_samplers == 1 && s->event->by_clock &&
	       !s->event->attr.freq && !s->error && !p->env->stepped &&
	       view_of(p, s)->tells_all && view_of(p, s)->nr;
}

/* A thread, or none, until @end_ps. */
static void play_part(const struct run_env *env, struct run_cpu *c,
		      struct run_thread *rt, u64 end_ps)
{
	struct part p = {
		.env = env,
		.c = c,
		.rt = rt,
		.wall_ps = c->now_ps > c->busy_ps ? c->now_ps : c->busy_ps,
		.run_ps = rt ? rt->t.run_ps : 0,
		.end_ps = end_ps,
	};

	if (can_batch(&p))
		play_clocked(&p, c->sampler[0], view_of(&p, c->sampler[0]));
	else
		play_stepped(&p);
	if (rt)
		rt->t.w->kind->advance(&rt->t, p.run_ps);
	c->busy_ps = p.wall_ps;
	c->now_ps = end_ps;
}

void run_cpu_play(const struct run_env *env, struct run_cpu *c, u64 to_ps)
{
	while (c->now_ps < to_ps && c->online) {
		struct run_thread *rt = NULL;
		u64 end_ps = to_ps, slice;

		if (c->nr_threads > 1) {
			slice = c->now_ps / env->slice_ps;
			rt = c->thread[slice % c->nr_threads];
			slice = (slice + 1) * env->slice_ps;
			end_ps = slice < to_ps ? slice : to_ps;
		} else if (c->nr_threads) {
			rt = c->thread[0];
		}
		play_part(env, c, rt, end_ps);
	}
	/* Offline there is no timer; it begins anew. */
	while (!c->online && c->next_tick_ps <= to_ps)
		c->next_tick_ps += env->tick_ps;
	c->now_ps = to_ps;
}
