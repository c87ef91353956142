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
	*p = (struct primitive){ .kind = kind, .m = m };
	luck_init(&p->luck, seed, ~1ULL);
}

void primitive_fini(struct primitive *p)
{
	free(p->addr);
	*p = (struct primitive){ 0 };
}

static int reserve(struct primitive *p, u64 nr)
{
	u64 *grown;

	if (nr <= p->max)
		return 0;
	grown = realloc(p->addr, 2 * nr * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	p->addr = grown;
	p->max = 2 * nr;
	return 0;
}

/* What is done now is looked at by the next check. */
static void mark_threads(struct primitive *p)
{
	u32 i, j;

	for (i = 0; i < p->m->nr_programs; i++)
		for (j = 0; j < p->m->program[i].nr_threads; j++)
			workload_mark(&p->m->program[i].thread[j].t);
}

void primitive_prepare(struct primitive *p, struct context *ctx)
{
	u64 nr = 0;
	u32 i, j;

	if (reserve(p, context_nr_regions(ctx)))
		return;
	for (i = 0; i < ctx->nr_targets; i++) {
		struct regions *v = &ctx->targets[i].regions;

		for (j = 0; j < v->nr; j++)
			p->addr[nr++] = rng_range(&ctx->rng, v->at[j].start,
						  v->at[j].end);
	}
	mark_threads(p);
}

/*
 * Does an access to the page load its translation?  What the TLB holds when the
 * bit is cleared stays there, and does not set it again.  A program whose
 * memory the TLB reaches keeps all of its translations there.
 */
static bool loads_translation(const struct program *p)
{
	const struct workload_params *params = &p->w.params;
	u64 bytes =
		params->shared ? params->sz : params->sz * params->nr_threads;

	return (params->shared ? bytes : params->sz) > params->tlb_bytes;
}

static bool touched(struct primitive *p, const struct program *prog, u64 vaddr)
{
	u32 i;

	for (i = 0; prog->running && i < prog->nr_threads; i++) {
		const struct workload_thread *t = &prog->thread[i].t;

		if (vaddr - t->start < t->sz &&
		    t->w->kind->touched(t, vaddr & ~(RAM_PAGE_BYTES - 1),
					luck_next(&p->luck)))
			return true;
	}
	return false;
}

/* Was the page accessed, as far as the primitive can tell? */
static bool seen(struct primitive *p, u32 tgid, u64 addr, bool phys)
{
	const struct program *prog;
	struct ram_map *map;
	u64 vaddr = addr;

	if (phys) {
		if (!ram_owner(&p->m->ram, addr, &map, &vaddr))
			return false;
		tgid = map->tgid;
	}
	prog = machine_program(p->m, tgid);
	if (!prog || !touched(p, prog, vaddr))
		return false;
	if (p->kind == SCENARIO_PAGE_FAULT) {
		p->nr_faults++;
		return true;
	}
	return loads_translation(prog);
}

u32 primitive_check(struct primitive *p, struct context *ctx, bool need_max)
{
	bool phys = ctx->ops_id == OPS_PADDR;
	u64 nr = 0;
	u32 i, j;

	for (i = 0; i < ctx->nr_targets; i++) {
		struct target *t = &ctx->targets[i];

		/* Regions that came since: there was no memory to look. */
		for (j = 0; j < t->regions.nr && nr < p->max; j++, nr++)
			if (seen(p, t->tgid, p->addr[nr] * ctx->addr_unit,
				 phys))
				context_credit(ctx, i, j);
	}
	return need_max ? context_max_nr_accesses(ctx) : 0;
}

bool primitive_young(struct primitive *p, u32 tgid, u64 vaddr)
{
	const struct program *prog = machine_program(p->m, tgid);

	return prog && touched(p, prog, vaddr);
}
