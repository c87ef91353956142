// SPDX-License-Identifier: GPL-2.0
/* Building a run, and the glue between kdamond and substrate; see run.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "damon/context_commit.h"
#include "damon/ops.h"
#include "damon/three_regions.h"
#include "machine/build_context.h"
#include "machine/filter.h"
#include "run/loop.h"
#include "run/run.h"

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

static struct run *run_of(const struct context *ctx)
{
	return ctx->ops_data;
}

void run_mappings(const struct program *p, struct range map[3])
{
	map[0] = (struct range){ PROGRAM_START, PROGRAM_START + PROGRAM_BYTES };
	map[1] = (struct range){ p->map->start, p->map->start + p->map->sz };
	map[2] = (struct range){ STACK_START, STACK_START + STACK_BYTES };
}

/* What a process has mapped, as the kernel would find it. */
static int update_target(struct run *r, u32 target)
{
	u32 tgid = r->ctx.targets[target].tgid;
	const struct program *p = machine_program(&r->m, tgid);
	struct range map[3], three[3];
	int err;

	if (!p)
		return 0;
	run_mappings(p, map);
	err = three_regions(three, map, 3);
	if (err)
		return 0;
	if (r->ctx.targets[target].regions.nr)
		return context_set_regions(&r->ctx, target, three, 3);
	return context_set_areas(&r->ctx, target, three, 3);
}

/* Virtual: what is monitored follows the process, unless it was said. */
static int op_update(struct context *ctx)
{
	struct run *r = run_of(ctx);
	u32 i;
	int err = 0;

	if (ctx->ops_id != OPS_VADDR)
		return 0;
	for (i = 0; i < ctx->nr_targets && !err; i++)
		err = update_target(r, i);
	return err;
}

static int op_init(struct context *ctx)
{
	struct run *r = run_of(ctx);
	u32 i;
	int err = 0;

	if (ctx->ops_id != OPS_VADDR)
		return 0;
	for (i = 0; i < ctx->nr_targets && !err; i++)
		if (!ctx->targets[i].regions.nr)
			err = update_target(r, i);
	return err;
}

static u32 op_check_reports(struct context *ctx, bool need_max)
{
	struct run *r = run_of(ctx);

	feed_credit(&r->feed, ctx, r->hits, r->nr_hits);
	return need_max ? context_max_nr_accesses(ctx) : 0;
}

static void op_prepare(struct context *ctx)
{
	primitive_prepare(&run_of(ctx)->primitive, ctx);
}

static u32 op_check(struct context *ctx, bool need_max)
{
	return primitive_check(&run_of(ctx)->primitive, ctx, need_max);
}

/* Probes look at physical memory only. */
static void op_prep_probes(struct context *ctx)
{
	if (ctx->ops_id == OPS_PADDR)
		probe_paddr_prep(ctx);
}

static u32 op_apply_probes(struct context *ctx, bool need_max)
{
	return ctx->ops_id == OPS_PADDR ? probe_paddr_apply(ctx, need_max) : 0;
}

static u32 op_score(const struct context *ctx, const struct region *r,
		    const struct scheme *s)
{
	return ctx->ops_id == OPS_PADDR ? score_paddr(ctx, r, s) :
					  score_vaddr(ctx, r, s);
}

static bool op_target_valid(struct context *ctx, u32 target)
{
	const struct program *p =
		machine_program(&run_of(ctx)->m, ctx->targets[target].tgid);

	return ctx->ops_id == OPS_PADDR || (p && p->running);
}

static u64 op_apply(struct context *ctx, u32 target, const struct region *r,
		    struct scheme *s, u64 *sz_passed)
{
	if (ctx->ops_id == OPS_PADDR)
		return ops_paddr_apply(ctx, target, r, s, sz_passed);
	return ops_vaddr_apply(ctx, target, r, s, sz_passed);
}

/* Physical memory is always there; processes end. */
static const struct context_ops ops_reports_phys = {
	.init = op_init,
	.check_accesses = op_check_reports,
	.prep_probes = op_prep_probes,
	.apply_probes = op_apply_probes,
	.apply_scheme = op_apply,
	.scheme_score = op_score,
};

static const struct context_ops ops_reports_virt = {
	.init = op_init,
	.check_accesses = op_check_reports,
	.prep_probes = op_prep_probes,
	.apply_probes = op_apply_probes,
	.update = op_update,
	.apply_scheme = op_apply,
	.scheme_score = op_score,
};

static const struct context_ops ops_primitive = {
	.init = op_init,
	.prepare_access_checks = op_prepare,
	.check_accesses = op_check,
	.prep_probes = op_prep_probes,
	.apply_probes = op_apply_probes,
	.update = op_update,
	.target_valid = op_target_valid,
	.apply_scheme = op_apply,
	.scheme_score = op_score,
};

/* How accesses are noticed follows from whether there are events. */
static void choose_ops(struct run *r)
{
	bool phys = r->ctx.ops_id == OPS_PADDR;

	if (!r->set.nr)
		r->ctx.ops = &ops_primitive;
	else
		r->ctx.ops = phys ? &ops_reports_phys : &ops_reports_virt;
	r->feed.phys = phys;
	r->m.env.sampling.phys = phys;
	r->feed.tick.filter = NULL;
	if (r->cfg->sample_control.nr_filters) {
		r->feed.tick.filter = filter_wants;
		r->feed.tick.filter_arg = (void *)&r->cfg->sample_control;
	}
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

/* What every context of the run has, before it is told what to do. */
static void init_context(struct run *r)
{
	context_init(&r->ctx, build_profile(r->s->config.profile),
		     &ops_primitive, &r->split, r->s->seed);
	r->ctx.ops_data = r;
	r->ctx.hz = r->s->machine.hz;
	r->ctx.jiffies = 1 + r->m.now_ps / r->m.env.tick_ps;
	r->ctx.observer = &observers_all;
	r->ctx.observer_data = &r->observers;
	r->ctx.memory = (struct memory){ &ram_memory_ops, &r->memory };
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
	struct config_error fault = { 0 };
	const char *what;
	int err;

	*r = (struct run){ .opt = *opt, .s = s };
	err = machine_init(&r->m, s, &what);
	if (err)
		return fail(why, sz, err, "%s", what);
	if (s->config.nr_kdamonds && s->config.kdamonds[0].nr_contexts)
		r->cfg = &s->config.kdamonds[0].contexts[0];
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
	init_context(r);
	if (!err && r->cfg) {
		err = build_context(&r->ctx, r->cfg);
		if (err)
			fail(why, sz, err, "the kernel refuses the context: %s",
			     strerror(-err));
	}
	if (!err) {
		err = faults_init(&r->faults, s, &fault);
		if (err)
			fail(why, sz, err, "%s:%u:%u: %s", fault.file,
			     fault.line, fault.column, fault.text);
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
	choose_ops(r);
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
	init_context(r);
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

int run_keep(struct run *r, struct config *cfg)
{
	struct config **grown =
		realloc(r->kept, (r->nr_kept + 1) * sizeof(*grown));

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

int run_commit(struct run *r, const struct config_context *cfg)
{
	struct context next;
	int err;

	context_init(&next, r->ctx.profile, &ops_primitive, &r->split, 0);
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
	choose_ops(r);
	return 0;
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
	for (i = 0; i < r->nr_kept; i++) {
		config_fini(r->kept[i]);
		free(r->kept[i]);
	}
	free(r->kept);
	*r = (struct run){ 0 };
}
