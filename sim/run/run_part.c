// SPDX-License-Identifier: GPL-2.0
/* What the two ways to play a part have in common, see run_part.h. */
#include "run/run_part.h"

/* A tick of the timer: who was stopped goes on. */
void part_tick(struct part *p)
{
	struct run_cpu *c = p->c;
	u64 at_ps = c->next_tick_ps;
	u32 i;

	c->next_tick_ps += p->env->tick_ps;
	c->tick_seq++;
	for (i = 0; i < c->nr_samplers; i++) {
		struct sampler *s = c->sampler[i];

		if (perf_limit_tick(&s->throttle)) {
			sampler_reload(s, luck_next(&c->luck) >> 32);
			tell_throttled(p, at_ps, s, false);
		}
		if (s->event->by_freq &&
		    perf_freq_tick(&s->freq, s->count >> SAMPLER_COUNT_SHIFT,
				   p->env->tick_ps / RUN_PS_PER_NS) &&
		    sampler_event_has_unit(s->event))
			sampler_reload(s, luck_next(&c->luck) >> 32);
	}
}

/* Does a tick do more than to begin another count of samples? */
bool part_ticks_matter(const struct part *p)
{
	const struct run_cpu *c = p->c;
	u32 i;

	for (i = 0; i < c->nr_samplers; i++) {
		const struct sampler *s = c->sampler[i];

		/* Where nothing is counted no period is changed. */
		if (s->throttle.stopped ||
		    (s->event->by_freq && (p->rt || s->event->by_clock)))
			return true;
	}
	return false;
}

/* All ticks before @end_ps. */
void part_ticks(struct part *p, u64 end_ps)
{
	struct run_cpu *c = p->c;
	u64 nr;

	while (c->next_tick_ps < end_ps && part_ticks_matter(p))
		part_tick(p);
	if (c->next_tick_ps >= end_ps)
		return;
	nr = (end_ps - 1 - c->next_tick_ps) / p->env->tick_ps + 1;
	c->next_tick_ps += nr * p->env->tick_ps;
	c->tick_seq += nr;
}

/* Where @d's samples went, and what they look like there. */
void part_look_up(const struct part *p, const struct sampler_view *view,
		  struct workload_thread *t, struct part_drawn *d, u32 nr)
{
	u32 i, place;

	t->w->kind->draw(t, nr, d->run_ps, d->class, d->luck, d->vaddr);
	/* Apart: no address waits for another's. */
	for (i = 0; i < nr; i++) {
		d->paddr[i] = ram_translate(t->map, d->vaddr[i]);
		place = place_of(p->env->ram, d->paddr[i]);
		d->shape[i] = &view->shape[d->slot[i]][place];
	}
}

void part_hand_over(struct part *p, struct sampler *s,
		    const struct sampler_view *view, const struct part_drawn *d,
		    u32 nr)
{
	struct damon_running who = running(p, view);
	u32 i;

	for (i = 0; i < nr; i++) {
		fill(p, d->shape[i], d->vaddr[i], d->paddr[i], d->luck[i]);
		hand_over(p, d->at_ps[i], s, &who);
	}
}

/* Is there one event, and does it tell of whatever it is that it counts? */
bool part_tells_all(const struct part *p)
{
	const struct run_cpu *c = p->c;
	const struct sampler_view *view;

	if (!p->rt || c->nr_samplers != 1 || c->sampler[0]->error ||
	    c->sampler[0]->event->unit == SAMPLER_CLOCK || p->env->stepped)
		return false;
	view = part_view(p, c->sampler[0]);
	return view->tells_all && view->nr;
}
