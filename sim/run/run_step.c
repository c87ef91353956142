// SPDX-License-Identifier: GPL-2.0
/*
 * Any events on a CPU, one sample after the other: those that count, those
 * whose period changes, those that share a CPU.
 */
#include "run/run_part.h"

/* When the event fires if nothing comes between; PART_NEVER. */
static u64 fires_at(const struct part *p, const struct sampler *s)
{
	const struct sampler_view *view = part_view(p, s);
	u64 units, run_ps;

	if (s->error || s->throttle.stopped)
		return PART_NEVER;
	if (s->event->by_clock) {
		if (p->rt)
			return p->wall_ps + s->left;
		/* A timer wakes who sleeps. */
		if (s->event->unit == SAMPLER_CLOCK)
			return p->wall_ps + s->left;
		if (!p->env->idle_ppm)
			return PART_NEVER;
		return p->wall_ps +
		       (unsigned __int128)s->left * 1000000 / p->env->idle_ppm;
	}
	if (!view || !view->per_unit || !view->nr)
		return PART_NEVER;
	units = (s->left + view->per_unit - 1) / view->per_unit;
	run_ps = p->rt->t.w->kind->when(&p->rt->t, p->rt->t.units + units);
	return p->wall_ps + run_ps - p->run_ps;
}

/* Time passes until @to_ps, and is counted. */
static void step_to(struct part *p, u64 to_ps)
{
	u64 ran_ps = to_ps > p->wall_ps ? to_ps - p->wall_ps : 0;
	u64 units = 0, wall_ps = ran_ps;
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
		const struct sampler_view *view = part_view(p, s);
		u64 counted = units * (view ? view->per_unit : 0);

		if (s->event->by_clock)
			counted = s->event->unit == SAMPLER_CLOCK ? wall_ps :
								    ran_ps;

		s->count += counted;
		if (!s->throttle.stopped)
			s->left -= counted < s->left ? counted : s->left;
	}
}

/* The period that perf wants after this sample. */
static void adjust_freq(const struct part *p, struct sampler *s, u64 at_ps)
{
	if (s->event->by_freq)
		perf_freq_overflow(&s->freq, at_ps / RUN_PS_PER_NS,
				   s->freq.period,
				   p->env->tick_ps / RUN_PS_PER_NS);
}

/* One more; perf may have had enough of them. */
static void count_sample(const struct part *p, struct sampler *s, u64 at_ps)
{
	s->nr_samples++;
	if (!perf_limit_overflow(p->env->limit, &s->throttle, p->c->tick_seq))
		return;
	s->nr_throttled++;
	tell_throttled(p, at_ps, s, true);
}

/* Time that it takes; of a timer's, which is no NMI, nobody takes note. */
static u32 interrupted(const struct part *p, const struct sampler *s, u64 luck)
{
	return s->event->unit == SAMPLER_CLOCK ? 0 : interrupt(p, luck);
}

/* A CPU without threads: what runs there touches no memory of a program. */
static void sample_idle(struct part *p, struct sampler *s)
{
	const struct damon_running nobody = { 0 };
	struct run_cpu *c = p->c;
	u64 luck = luck_next(&c->luck);
	u64 at_ps = p->wall_ps;

	p->wall_ps += interrupted(p, s, luck);
	adjust_freq(p, s, at_ps);
	sampler_reload(s, luck >> 32);
	count_sample(p, s, at_ps);
	c->data.sample_flags = 0;
	hand_over(p, at_ps, s, &nobody);
}

/*
 * PEBS: the record goes to a buffer first, and only the last of those that are
 * in there reaches a handler.  Return: there is an interrupt.
 */
static bool record(struct part *p, struct sampler *s)
{
	struct op op = { 0 };

	/* Nothing of it is looked at: what it was is the shape's to say. */
	if (!pebs_write(&s->pebs, &op, p->wall_ps / RUN_PS_PER_NS))
		return false;
	s->pebs.nr_lost += s->pebs.nr - 1;
	s->pebs.nr = 0;
	return true;
}

/**
 * struct later - samples whose addresses are looked up together, because each
 * is a miss of the caches and none depends on another.
 * @on:		when nothing else depends on them either
 * @nr:		of @d
 * @from:	the thread, before all of them
 * @d:		samples
 */
struct later {
	bool on;
	u32 nr;
	struct workload_thread from;
	struct part_drawn d;
};

static void flush(struct part *p, struct later *l)
{
	struct sampler *s = p->c->sampler[0];

	if (!l->nr)
		return;
	part_look_up(p, part_view(p, s), &l->from, &l->d, l->nr);
	part_hand_over(p, s, part_view(p, s), &l->d, l->nr);
	l->nr = 0;
}

/* One more; the thread is at it. */
static void put_off(struct part *p, struct later *l,
		    const struct sampler_view *view, u32 slot, u64 at_ps,
		    u64 run_ps, u64 more)
{
	l->d.at_ps[l->nr] = at_ps;
	l->d.run_ps[l->nr] = run_ps;
	l->d.luck[l->nr] = more;
	l->d.slot[l->nr] = slot;
	l->d.class[l->nr] = view->class[slot];
	if (++l->nr < PART_BATCH)
		return;
	flush(p, l);
	l->from = p->rt->t;
}

/*
 * The sample's place, at once.  Return: false if there is none: IBS goes on
 * from anywhere then, and what is not counted goes on.
 */
static bool look_now(struct part *p, const struct sampler_view *view, u32 slot,
		     u64 more)
{
	struct workload_thread *t = &p->rt->t;
	u8 class = view->class[slot];
	u64 vaddr, paddr;

	t->w->kind->draw(t, 1, &p->run_ps, &class, &more, &vaddr);
	paddr = ram_translate(t->map, vaddr);
	return fill(p, &view->shape[slot][place_of(p->env->ram, paddr)], vaddr,
		    paddr, more);
}

/* The event fires now. */
static void sample(struct part *p, struct sampler *s, struct later *l)
{
	const struct sampler_view *view = part_view(p, s);
	struct run_cpu *c = p->c;
	u64 luck = luck_next(&c->luck), more = luck_more(luck);
	u64 at_ps = p->wall_ps, run_ps = p->run_ps;
	u32 slot = sampler_pick(view, luck >> 32);
	struct damon_running who = running(p, view);

	if ((!l->on && !look_now(p, view, slot, more)) ||
	    (s->event->unit == SAMPLER_PEBS && !record(p, s))) {
		sampler_reload(s, luck >> 32);
		return;
	}
	if (s->event->by_clock) {
		p->run_ps += view->ret_ps[slot];
		p->wall_ps += view->ret_ps[slot];
	}
	p->wall_ps += interrupted(p, s, luck);
	adjust_freq(p, s, at_ps);
	sampler_reload(s, luck >> 32);
	count_sample(p, s, at_ps);
	if (l->on)
		put_off(p, l, view, slot, at_ps, run_ps, more);
	else
		hand_over(p, at_ps, s, &who);
}

/* Any events, one sample after the other. */
void part_play_stepped(struct part *p)
{
	struct run_cpu *c = p->c;
	struct later later;

	later.on = part_tells_all(p);
	later.nr = 0;
	if (later.on)
		later.from = p->rt->t;

	while (p->wall_ps < p->end_ps) {
		struct sampler *first = NULL;
		u64 at_ps = p->end_ps, fires, fault_ps = part_fault_ps(p);
		bool faults;
		u32 i;

		for (i = 0; i < c->nr_samplers; i++) {
			fires = fires_at(p, c->sampler[i]);
			if (fires < at_ps) {
				at_ps = fires;
				first = c->sampler[i];
			}
		}
		faults = fault_ps < at_ps;
		at_ps = faults ? fault_ps : at_ps;
		if (c->next_tick_ps <= at_ps && c->next_tick_ps < p->end_ps &&
		    part_ticks_matter(p)) {
			step_to(p, c->next_tick_ps);
			part_tick(p);
			continue;
		}
		part_ticks(p, at_ps < p->end_ps ? at_ps + 1 : at_ps);
		step_to(p, at_ps);
		if (faults)
			part_fault(p);
		else if (!first)
			continue;
		else if (p->rt)
			sample(p, first, &later);
		else
			sample_idle(p, first);
	}
	flush(p, &later);
}
