// SPDX-License-Identifier: GPL-2.0
/* The glue between the core and the machine, see run_ops.h. */
#include "damon/ops.h"
#include "damon/three_regions.h"
#include "machine/build_context.h"
#include "machine/filter.h"
#include "run/run_ops.h"

static struct run *run_of(const struct context *ctx)
{
	return ctx->ops_data;
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
	struct run *r = run_of(ctx);
	struct primitive *p = &r->primitive;
	u32 max = primitive_check(p, ctx, need_max), nr;

	if (p->kind != SCENARIO_PAGE_FAULT_RING)
		return max;
	nr = primitive_drain(p, ctx, &r->feed, &r->stats);
	r->kdamond_ps += run_tick_ps(r, nr) - run_tick_ps(r, 0);
	if (p->err)
		r->measure.err = p->err;
	return need_max ? context_max_nr_accesses(ctx) : 0;
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

void run_choose_ops(struct run *r)
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

void run_init_context(struct run *r)
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
