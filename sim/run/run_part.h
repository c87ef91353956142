/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thread on a CPU for some time: what the two ways to play it have in common.
 *
 * Private to run_cpu.c, run_batch.c, run_step.c and run_fault.c.
 */
#ifndef RUN_PART_H
#define RUN_PART_H

#include "run/hotpath.h"
#include "run/run_cpu.h"

/* What is to come before anything else in a while. */
#define PART_NEVER (~0ULL)

/* Samples that are worked out together. */
#define PART_BATCH 96

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

/* Samples that were worked out but for their addresses. */
struct part_drawn {
	u64 at_ps[PART_BATCH];
	u64 run_ps[PART_BATCH];
	u64 bits[PART_BATCH];
	u64 luck[PART_BATCH];
	u64 vaddr[PART_BATCH];
	u64 paddr[PART_BATCH];
	const struct sampler_shape *shape[PART_BATCH];
	u32 slot[PART_BATCH];
	u32 ret_ps[PART_BATCH];
	u32 busy_ps[PART_BATCH];
	u32 handler_ns[PART_BATCH];
	u8 class[PART_BATCH];
};

/* What an event counts in a unit of the thread's work. */
static inline const struct sampler_view *part_view(const struct part *p,
						   const struct sampler *s)
{
	return p->rt ? &s->event->view[p->rt->program] : NULL;
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
	    !env->tamper(env->tamper_arg, c, at_ps, s->event, &c->data, &who))
		return;
	if (unlikely(env->logged))
		env->logged(env->logged_arg, c, at_ps, s->event, &c->data,
			    &who);
	hotpath_sample(at_ps, env->tick_ps);
	damon_handle_sample(c->cpu->ring, &c->cpu->stats, &c->data,
			    &env->sampling, &who);
}

/* Perf stopped the event, or lets it go on. */
static inline void tell_throttled(const struct part *p, u64 at_ps,
				  const struct sampler *s, bool stopped)
{
	if (unlikely(p->env->throttled))
		p->env->throttled(p->env->logged_arg, p->c, at_ps, s->event,
				  stopped);
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

static inline struct damon_running running(const struct part *p,
					   const struct sampler_view *view)
{
	return (struct damon_running){
		.tgid = p->rt->tgid,
		.tid = p->rt->tid,
		.guest = view->guest,
	};
}

/* Does a tick do more than to begin another count of samples? */
bool part_ticks_matter(const struct part *p);

/* A tick of the timer: who was stopped goes on. */
void part_tick(struct part *p);

/* All ticks before @end_ps. */
void part_ticks(struct part *p, u64 end_ps);

/* Where @d's samples went, and what they look like there. */
void part_look_up(const struct part *p, const struct sampler_view *view,
		  struct workload_thread *t, struct part_drawn *d, u32 nr);

/* They are filled in, one after the other, and the handler has its turn. */
void part_hand_over(struct part *p, struct sampler *s,
		    const struct sampler_view *view, const struct part_drawn *d,
		    u32 nr);

/* When the thread runs into its next page fault; PART_NEVER. */
u64 part_fault_ps(const struct part *p);

/* It does, just now. */
void part_fault(struct part *p);

/* Faults that kept the CPU busy until the part's end. */
void part_faults_held(const struct part *p);

/* Faults that nobody looked for are behind the thread. */
void part_faults_past(const struct part *p);

/* Is there one event, and does it tell of whatever it is that it counts? */
bool part_tells_all(const struct part *p);

/* To the part's end: one event that goes by the clock and tells all, or any. */
void part_play_clocked(struct part *p, struct sampler *s,
		       const struct sampler_view *view);
void part_play_stepped(struct part *p);

#endif
