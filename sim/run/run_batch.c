// SPDX-License-Identifier: GPL-2.0
/*
 * One event that goes by the clock: when its samples are is known without
 * knowing what they are of, so many are worked out together, in vectors.
 */
#include "run/run_part.h"
#include "wide.h"

/* What follows from luck alone, of as many samples as there may be. */
WIDE static void draw_luck(struct part_drawn *d, struct luck luck,
			   const struct sampler_view *view,
			   const struct run_env *env, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		d->bits[i] = luck_at(&luck, i);
	for (i = 0; i < nr; i++)
		d->luck[i] = luck_more(d->bits[i]);
	for (i = 0; i < nr; i++)
		d->slot[i] = sampler_pick(view, d->bits[i] >> 32);
	for (i = 0; i < nr; i++)
		d->ret_ps[i] = view->ret_ps[d->slot[i]];
	for (i = 0; i < nr; i++)
		d->busy_ps[i] = env->nmi_ps[d->bits[i] % RUN_NMI_QUANTILES];
	for (i = 0; i < nr; i++)
		d->handler_ns[i] =
			env->handler_ns[d->bits[i] % RUN_NMI_QUANTILES];
	for (i = 0; i < nr; i++)
		d->class[i] = view->class[d->slot[i]];
}

/*
 * The samples of one event that goes by the clock, as long as there is room and
 * perf does not stop it.  A tick does nothing to it but to begin another count.
 * Return: how many.
 */
static u32 draw_batch(struct part *p, struct sampler *s,
		      const struct sampler_view *view, struct part_drawn *d)
{
	struct run_cpu *c = p->c;
	u64 end_ps = p->end_ps, next_tick_ps = c->next_tick_ps;
	u64 wall_ps = p->wall_ps, run_ps = p->run_ps, left = s->left;
	u64 busy_ps = 0, took_max_ns = c->took_max_ns;
	const u64 period_ps = s->event->period_ps;
	struct perf_took took = c->took;
	struct perf_throttle throttle = s->throttle;
	u64 most;
	u32 nr;

	/* There cannot be more than this in the time that is left. */
	most = end_ps > wall_ps ? (end_ps - wall_ps) / period_ps + 2 : 0;
	most = most < PART_BATCH ? most : PART_BATCH;
	draw_luck(d, c->luck, view, p->env, most);
	for (nr = 0; nr < most && !throttle.stopped; nr++) {
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
void part_play_clocked(struct part *p, struct sampler *s,
		       const struct sampler_view *view)
{
	struct run_cpu *c = p->c;
	struct part_drawn d;
	u32 nr;

	while (p->wall_ps < p->end_ps) {
		u64 stop_ps = p->end_ps, before;

		nr = draw_batch(p, s, view, &d);
		part_look_up(p, view, &p->rt->t, &d, nr);
		part_hand_over(p, s, view, &d, nr);
		if (s->throttle.stopped && nr)
			tell_throttled(p, d.at_ps[nr - 1], s, true);
		if (nr == PART_BATCH && !s->throttle.stopped)
			continue;
		if (s->throttle.stopped && c->next_tick_ps < stop_ps)
			stop_ps = c->next_tick_ps;
		before = p->wall_ps;
		pass(p, stop_ps);
		if (!s->throttle.stopped)
			s->left -= p->wall_ps - before;
		part_ticks(p,
			   p->wall_ps < p->end_ps ? p->wall_ps + 1 : p->end_ps);
	}
}
