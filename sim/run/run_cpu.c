// SPDX-License-Identifier: GPL-2.0
/* A CPU played forward, see run_cpu.h. */
#include <math.h>

#include "run/run_part.h"

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
	if (c->nr_samplers == RUN_CPU_SAMPLERS_MAX) {
		s->error = true;
		return;
	}
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

	part_faults_held(&p);
	if (part_tells_all(&p) && c->sampler[0]->event->by_clock &&
	    !c->sampler[0]->event->by_freq)
		part_play_clocked(&p, c->sampler[0],
				  part_view(&p, c->sampler[0]));
	else
		part_play_stepped(&p);
	if (rt) {
		rt->t.w->kind->advance(&rt->t, p.run_ps);
		part_faults_past(&p);
	}
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
	if (!c->online)
		c->held.first = c->held.nr = 0;
	/* Offline there is no timer; it begins anew. */
	while (!c->online && c->next_tick_ps <= to_ps)
		c->next_tick_ps += env->tick_ps;
	c->now_ps = to_ps;
}
