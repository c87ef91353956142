// SPDX-License-Identifier: GPL-2.0
/* Accessed bits and page faults, see primitive.h. */
#include <errno.h>
#include <stdlib.h>

#include "damon/context.h"
#include "run/machine.h"
#include "run/primitive.h"

void primitive_init(struct primitive *p, enum scenario_primitive kind,
		    struct machine *m, u64 seed)
{
	*p = (struct primitive){
		.kind = kind,
		.m = m,
		.fault_ps = 1000000,
	};
	accessed_init(&p->bits, m, seed);
	accessed_init(&p->gone, m, ~seed);
	luck_init(&p->luck, seed, ~3ULL);
}

void primitive_fini(struct primitive *p)
{
	accessed_fini(&p->bits);
	accessed_fini(&p->gone);
	free(p->hit);
	*p = (struct primitive){ 0 };
}

/* What is at a region's address; NULL: nothing is in memory there. */
static struct ram_map *sampled(const struct primitive *p,
			       const struct context *ctx, u32 tgid, u64 addr,
			       u64 *vaddr)
{
	struct ram_map *map;

	*vaddr = addr * ctx->addr_unit;
	if (ctx->ops_id == OPS_PADDR)
		return ram_owner(&p->m->ram, *vaddr, &map, vaddr) ? map : NULL;
	map = ram_find(&p->m->ram, tgid, *vaddr);
	return map && ram_translate(map, *vaddr) != RAM_NOWHERE ? map : NULL;
}

void primitive_prepare(struct primitive *p, struct context *ctx)
{
	struct accessed *which =
		p->kind == SCENARIO_ACCESSED_BIT ? &p->bits : &p->gone;
	struct ram_map *map;
	u64 vaddr, at = 0;
	u32 i, j;

	if (probe_draw_samples(ctx))
		return;
	for (i = 0; i < ctx->nr_targets; i++) {
		const struct target *t = &ctx->targets[i];

		for (j = 0; j < t->regions.nr; j++) {
			map = sampled(p, ctx, t->tgid, ctx->samples.addr[at++],
				      &vaddr);
			if (map)
				accessed_clear(which, map, vaddr);
		}
	}
}

/* The thread's CPU is busy with the fault. */
static void fault(struct primitive *p, const struct ram_map *map, u32 thread)
{
	const struct program *prog = machine_program(p->m, map->tgid);
	struct run_cpu *c = &p->m->cpu[prog->thread[thread].cpu];

	if (c->busy_ps < p->m->now_ps)
		c->busy_ps = p->m->now_ps;
	c->busy_ps += p->fault_ps;
	p->nr_faults++;
}

/* Was the folio accessed, as far as the primitive can tell here and now? */
static bool seen(struct primitive *p, const struct ram_map *map, u64 vaddr)
{
	struct primitive_hit hit = { .map = map, .vaddr = vaddr };

	if (p->kind == SCENARIO_ACCESSED_BIT)
		return accessed_young(&p->bits, map, vaddr);
	hit.thread = accessed_by(&p->gone, map, vaddr);
	if (hit.thread == ~0u)
		return false;
	fault(p, map, hit.thread);
	if (p->kind == SCENARIO_PAGE_FAULT)
		return true;
	if (primitive_hit_add(p, &hit))
		p->err = -ENOMEM;
	return false;
}

u32 primitive_check(struct primitive *p, struct context *ctx, bool need_max)
{
	const struct probe_samples *s = &ctx->samples;
	struct ram_map *map, *last = NULL;
	u64 vaddr, folio, last_folio = 0, at = 0;
	bool known = s->drawn && s->gen == ctx->regions_gen, was = false;
	u32 i, j;

	for (i = 0; known && i < ctx->nr_targets; i++) {
		const struct target *t = &ctx->targets[i];

		for (j = 0; j < t->regions.nr; j++) {
			map = sampled(p, ctx, t->tgid, s->addr[at++], &vaddr);
			if (!map)
				continue;
			folio = vaddr & ~(ram_folio_bytes(map) - 1);
			/* Two regions of one folio: one look, one fault. */
			if (map != last || folio != last_folio)
				was = seen(p, map, vaddr);
			last = map;
			last_folio = folio;
			if (was)
				context_credit(ctx, i, j);
		}
	}
	return need_max ? context_max_nr_accesses(ctx) : 0;
}

bool primitive_young(struct primitive *p, const struct ram_map *map, u64 vaddr)
{
	return accessed_young(&p->bits, map, vaddr);
}

void primitive_clear_young(struct primitive *p, const struct ram_map *map,
			   u64 vaddr)
{
	accessed_clear(&p->bits, map, vaddr);
}
