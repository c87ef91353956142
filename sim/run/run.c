// SPDX-License-Identifier: GPL-2.0
/* Building a run, and what is done to its monitor; see run.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "damon/context_commit.h"
#include "machine/build_context.h"
#include "run/loop.h"
#include "run/run_ops.h"

/* Where a process has its program and its stack, far from what it maps. */
#define PROGRAM_START 0x555555554000ULL
#define PROGRAM_BYTES (2ULL << 20)
#define STACK_START 0x7ffffffde000ULL
#define STACK_BYTES (132ULL << 10)

/*
 * What a drain takes the kdamond: a look at each ring, and each report.
 * Sources: bench.json's rows drain and match on the machine named there.
 */
#define RING_PS 20000ULL
#define REPORT_PS 15000ULL

static int fail(char *why, size_t sz, int err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static int fail(char *why, size_t sz, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sz, fmt, args);
	va_end(args);
	return err;
}

u64 run_tick_ps(const struct run *r, u32 nr_drained)
{
	return r->m.nr_cpus * RING_PS + nr_drained * REPORT_PS;
}

void run_mappings(const struct program *p, struct range map[3])
{
	map[0] = (struct range){ PROGRAM_START, PROGRAM_START + PROGRAM_BYTES };
	map[1] = (struct range){ p->map->start, p->map->start + p->map->sz };
	map[2] = (struct range){ STACK_START, STACK_START + STACK_BYTES };
}

static bool young(void *arg, struct ram_map *map, u64 vaddr)
{
	struct run *r = arg;

	return primitive_young(&r->primitive, map, vaddr);
}

static void clear_young(void *arg, struct ram_map *map, u64 vaddr)
{
	struct run *r = arg;

	primitive_clear_young(&r->primitive, map, vaddr);
}

static void init_memory(struct run *r)
{
	const struct scenario_machine *m = &r->s->machine;

	ram_ops_init(&r->memory, &r->m.ram);
	r->memory.knobs.walk_ps = (u64)m->walk_ns * 1000;
	r->memory.knobs.migrate_ps = (u64)m->migrate_folio_ns * 1000;
	r->memory.knobs.migrate_bytes_per_s = m->migrate_bytes_per_s;
	r->memory.ctx = &r->ctx;
	r->memory.young = young;
	r->memory.clear_young = clear_young;
	r->memory.arg = r;
	observers_add(&r->observers, &measure_observer, &r->measure);
	observers_add(&r->observers, &truth_observer, &r->truth);
}

int run_init(struct run *r, const struct scenario *s,
	     const struct run_options *opt, char *why, size_t sz)
{
	const char *what;
	int err;

	*r = (struct run){ .opt = *opt, .s = s };
	err = machine_init(&r->m, s, &what);
	if (err)
		return fail(why, sz, err, "%s", what);
	if (s->config.nr_kdamonds && s->config.kdamonds[0].nr_contexts)
		r->cfg = &s->config.kdamonds[0].contexts[0];
	if (r->cfg)
		r->files = &s->config;
	r->m.env.stepped = opt->stepped;
	luck_init(&r->luck, s->seed, ~0ULL);
	feed_init(&r->feed, &r->m.cpus, false);
	primitive_init(&r->primitive, s->primitive, &r->m, s->seed);
	r->primitive.fault_ps = (u64)s->machine.hint_fault_ns * 1000;
	substrate_set_init(&r->m.substrate, &r->set);
	err = span_pool_new(&r->pool, opt->nr_threads);
	if (err)
		fail(why, sz, err, "no thread: %s", strerror(-err));
	if (!err) {
		err = truth_init(&r->truth, &r->m, s->duration_us);
		if (err)
			fail(why, sz, err, "%s", strerror(-err));
	}
	init_memory(r);
	if (!err) {
		err = touch_init(&r->touch, &r->m, &r->memory, s->seed);
		if (err)
			fail(why, sz, err, "%s", strerror(-err));
		r->touch.major_ps = (u64)s->machine.major_fault_ns * 1000;
	}
	run_init_context(r);
	if (!err && r->cfg) {
		err = build_context(&r->ctx, r->cfg);
		if (err)
			fail(why, sz, err, "the kernel refuses the context: %s",
			     strerror(-err));
	}
	if (!err) {
		err = faults_init(&r->faults, s);
		if (err)
			fail(why, sz, err, "%s", strerror(-err));
	}
	if (!err && opt->observe) {
		err = opt->observe(opt->observe_arg, r);
		if (err)
			fail(why, sz, err, "%s", strerror(-err));
	}
	if (err)
		run_fini(r);
	return err;
}

int run_begin(struct run *r)
{
	r->m.env.tamper = faults_tamper;
	r->m.env.tamper_arg = r;
	r->m.substrate.refuse = faults_refuse;
	r->m.substrate.refuse_arg = &r->faults;
	machine_programs(&r->m);
	return faults_strike(&r->faults, r);
}

/* The context is built: the monitor starts, or the kernel says why not. */
static int start(struct run *r)
{
	int err = substrate_commit(&r->m.substrate, &r->set,
				   r->cfg->sample_control.events,
				   r->cfg->sample_control.nr_events);

	if (err)
		return err;
	run_choose_ops(r);
	err = kdamond_start(&r->k, &r->ctx);
	if (err)
		substrate_commit(&r->m.substrate, &r->set, NULL, 0);
	r->started = !err;
	r->free_ps = r->m.now_ps;
	return err;
}

int run_on(struct run *r, const struct config_context *cfg)
{
	const struct config_context *was = r->cfg;
	int err;

	/* Of the context before nothing stays; of what was found, all. */
	context_fini(&r->ctx);
	run_init_context(r);
	r->feed.built = false;
	err = build_context(&r->ctx, cfg);
	if (!err)
		err = context_check(&r->ctx);
	r->cfg = cfg;
	if (!err)
		err = start(r);
	if (err)
		r->cfg = was;
	return err;
}

void run_off(struct run *r)
{
	damon_events_disarm(&r->set);
	/* To have none cannot fail. */
	substrate_commit(&r->m.substrate, &r->set, NULL, 0);
	r->started = false;
}

/* Does anything of the run refer to it? */
static bool is_used(const struct run *r, const struct config *cfg)
{
	return cfg == r->files || r->cfg == &cfg->kdamonds[0].contexts[0];
}

static void discard(struct config *cfg)
{
	config_fini(cfg);
	free(cfg);
}

int run_keep(struct run *r, struct config *cfg)
{
	struct config **grown;
	u32 i, nr = 0;

	for (i = 0; i < r->nr_kept; i++) {
		if (is_used(r, r->kept[i]))
			r->kept[nr++] = r->kept[i];
		else
			discard(r->kept[i]);
	}
	r->nr_kept = nr;
	grown = realloc(r->kept, (nr + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	r->kept = grown;
	grown[r->nr_kept++] = cfg;
	return 0;
}

int run_go(struct run *r)
{
	int err = run_begin(r);

	if (!err && r->cfg)
		r->start_err = start(r);
	return err ? err : loop_run(r);
}

/* Is there a monitor that takes what is committed? */
static int check_running(const struct run *r)
{
	if (r->started && r->k.state != KDAMOND_ENDED)
		return 0;
	return r->started && r->s->config.profile != CONFIG_PROFILE_D ?
		       -ECANCELED :
		       -EINVAL;
}

int run_commit(struct run *r, const struct config_context *cfg)
{
	struct context next;
	int err = check_running(r);

	if (err)
		return err;
	context_init(&next, r->ctx.profile, r->ctx.ops, &r->split, 0);
	err = build_context(&next, cfg);
	if (!err)
		err = context_check(&next);
	if (!err)
		err = substrate_commit(&r->m.substrate, &r->set,
				       cfg->sample_control.events,
				       cfg->sample_control.nr_events);
	if (!err)
		err = context_commit(&r->ctx, &next);
	context_fini(&next);
	if (err)
		return err;
	r->cfg = cfg;
	run_choose_ops(r);
	return 0;
}

int run_commit_goals(struct run *r, const struct config_context *cfg)
{
	struct context next;
	int err = check_running(r);

	if (err)
		return err;
	context_init(&next, r->ctx.profile, r->ctx.ops, &r->split, 0);
	err = build_context(&next, cfg);
	if (!err)
		err = context_commit_goals(&r->ctx, &next);
	context_fini(&next);
	return err;
}

void run_balance(const struct run *r, struct damon_balance *b)
{
	u32 i;

	*b = (struct damon_balance){ 0 };
	for (i = 0; i < r->m.nr_cpus; i++) {
		const struct cpu *cpu = r->m.cpu[i].cpu;

		damon_balance_add_cpu(b, &cpu->stats,
				      damon_ring_pending(cpu->ring));
	}
	damon_balance_add_tick(b, &r->stats);
}

void run_fini(struct run *r)
{
	u32 i;

	faults_fini(&r->faults);
	if (r->set.ops)
		substrate_set_fini(&r->m.substrate, &r->set);
	span_pool_free(r->pool);
	primitive_fini(&r->primitive);
	touch_fini(&r->touch);
	feed_fini(&r->feed);
	if (r->ctx.profile)
		context_fini(&r->ctx);
	measure_fini(&r->measure);
	truth_fini(&r->truth);
	machine_fini(&r->m);
	for (i = 0; i < r->nr_kept; i++)
		discard(r->kept[i]);
	free(r->kept);
	*r = (struct run){ 0 };
}
